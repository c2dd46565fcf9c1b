"""Pictures worked out from a snapshot: what a list of thousands shows, once and not with every key. Pure.

`Keeper` follows a database: it sorts everything once a minute, and in between puts only what changed in its place.
"""

from __future__ import annotations

from bisect import bisect_left

from taskterm.core import query
from taskterm.core.dates import to_utc_text
from taskterm.core.lean import datetime
from taskterm.core.model import STATES, Task
from taskterm.core.snapshot import Counts, Snapshot, counts, is_overdue, order_key, shown_state
from taskterm.tui import task_rows
from taskterm.tui.picture import Listed, Picture, Section
from taskterm.tui.widgets.bits import urgency_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

SORTED_SECONDS = 60
"""So long an order stays good: due dates and waits move it slowly."""
FEW = 500
"""From so many changes on everything is sorted anew."""
INFINITE = float("inf")


def whole(snapshot: Snapshot, now: datetime) -> Picture:
    """The picture of everything, without a filter."""
    picture = Picture(snapshot, now, counts=counts(snapshot, to_utc_text(now)))
    return picture._replace(listed=task_rows.listed(picture))


def filtered(picture: Picture, asked: query.Query) -> Picture:
    """A picture of everything, as far as a query lets it through."""
    at = to_utc_text(picture.now)
    fitting = query.select(asked, picture.snapshot, at)
    chosen = picture._replace(
        visible=fitting, query=asked.text, sort=asked.sort, counts=counts(picture.snapshot, at, fitting), listed=None
    )
    return chosen._replace(listed=task_rows.listed(chosen))


class Order:
    """The tasks of one state in their order: sort keys, which end with the id, and the ids beside them."""

    __slots__ = ("ids", "keys")

    def __init__(self, keys: list[tuple[Any, ...]]) -> None:
        keys.sort()
        self.keys = keys
        self.ids = [key[1] for key in keys]

    def put(self, key: tuple[Any, ...]) -> None:
        """One more, in its place."""
        place = bisect_left(self.keys, key)
        self.keys.insert(place, key)
        self.ids.insert(place, key[1])

    def take_out(self, key: tuple[Any, ...]) -> None:
        """One less."""
        place = bisect_left(self.keys, key)
        del self.keys[place], self.ids[place]

    def between(self, first: str, last: str) -> list[int]:
        """The ids of those whose keys begin with a text from `first` to `last`."""
        return self.ids[bisect_left(self.keys, (first,)) : bisect_left(self.keys, (last, INFINITE))]


class Keeper:
    """The newest picture of everything, kept for one database by whoever watches it."""

    def __init__(self) -> None:
        self._snapshot = Snapshot(operation=-1)
        self._sorted_at: datetime | None = None
        self._places: dict[int, tuple[str, tuple[Any, ...]]] = {}  # by task: its state, and its key in that order
        self._orders: dict[str, Order] = {}
        self._late: set[int] = set()
        self._largest = 0

    def follow(
        self, snapshot: Snapshot, now: datetime, touched: Collection[int] | None = None, *, anew: bool = False
    ) -> Picture:
        """The picture of another snapshot: as `whole` makes it, at most SORTED_SECONDS old in its order.

        No task but those `touched` differs from the snapshot before; without them all are looked through. With them
        the work is that of what changed, however many there are. `anew` sorts everything: the clock has moved
        something.
        """
        since = self._sorted_at
        ids = self._different(snapshot) if touched is None else touched
        fresh = since is not None and abs((now - since).total_seconds()) < SORTED_SECONDS
        if since is None or anew or not fresh or since.date() != now.date() or len(ids) > FEW:
            self._sort(snapshot, now)
        else:
            self._move(snapshot, ids, since)
        self._snapshot = snapshot
        return self._picture(now)

    def _different(self, snapshot: Snapshot) -> list[int]:
        before, after = self._snapshot.tasks, snapshot.tasks
        changed = [task_id for task_id, task in after.items() if before.get(task_id) is not task]
        return [*(before.keys() - after.keys()), *changed]

    def _sort(self, snapshot: Snapshot, now: datetime) -> None:
        self._sorted_at, at, place = now, to_utc_text(now), _placer(now)
        self._places = {task.id: place(task) for task in snapshot.tasks.values()}
        keys: dict[str, list[tuple[Any, ...]]] = {state: [] for state in STATES}
        for state, key in self._places.values():
            keys[state].append(key)
        self._orders = {state: Order(some) for state, some in keys.items()}
        self._late = {task.id for task in snapshot.tasks.values() if is_overdue(task, at)}
        self._largest = max(snapshot.tasks, default=0)

    def _move(self, snapshot: Snapshot, ids: Collection[int], since: datetime) -> None:
        """These tasks out of their places and into those that they have now."""
        at, place, tasks = to_utc_text(since), _placer(since), snapshot.tasks
        for task_id in ids:
            self._late.discard(task_id)
            found = self._places.pop(task_id, None)
            if found is not None:
                self._orders[found[0]].take_out(found[1])
            task = tasks.get(task_id)
            if task is not None:
                state, key = self._places[task_id] = place(task)
                self._orders[state].put(key)
                if is_overdue(task, at):
                    self._late.add(task_id)
        self._largest = max(self._largest, max(ids, default=0))
        if self._largest not in tasks:
            self._largest = max(tasks, default=0)

    def _picture(self, now: datetime) -> Picture:
        snapshot, orders = self._snapshot, self._orders
        sections: list[Section] = []
        for state, order in orders.items():
            if not order.ids or state == "cancelled":
                continue
            today: tuple[int, ...] = ()
            if state == "done":
                today = tuple(reversed(order.between(*task_rows.local_day(now))))
            ids = tuple(reversed(order.ids) if state == "done" else order.ids)
            sections.append(Section(state, ids, len(ids), today))
        size = {state: len(order.ids) for state, order in orders.items()}
        total = len(snapshot.tasks)
        found = Counts(
            size["running"],
            size["failed"],
            size["ready"],
            len(self._late),
            size["blocked"],
            total - size["done"] - size["cancelled"],
            total,
        )
        listed = Listed(tuple(sections), total, self._largest)
        return Picture(snapshot, now, listed=listed, counts=found)


def _placer(now: datetime) -> Any:
    """A function that answers the state of a task and its key in the order of that state."""
    at, urgency = to_utc_text(now), urgency_at(now)

    def place(task: Task) -> tuple[str, tuple[Any, ...]]:
        state = shown_state(task, at)
        if state in ("done", "cancelled"):
            return state, (task.completed_at or "", task.id)
        return state, order_key(task, urgency)

    return place
