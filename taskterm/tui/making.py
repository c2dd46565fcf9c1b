"""Pictures worked out from a snapshot: what a list of thousands shows, once and not with every key. Pure.

`Keeper` follows a database: it sorts everything once a minute, and in between puts only what changed in its place.
"""

from __future__ import annotations

from bisect import bisect_left, insort

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
    from typing import Any

SORTED_SECONDS = 60
"""So long an order stays good: due dates and waits move it slowly."""
FEW = 500
"""From so many changes on everything is sorted anew."""


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


class Keeper:
    """The newest picture of everything, kept for one database by whoever watches it."""

    def __init__(self) -> None:
        self._snapshot = Snapshot(operation=-1)
        self._sorted_at: datetime | None = None
        self._places: dict[int, tuple[str, tuple[Any, ...]]] = {}  # by task: its state, and its key in that order
        self._orders: dict[str, list[tuple[Any, ...]]] = {}  # by state: keys, which end with the id
        self._late: set[int] = set()

    def follow(self, snapshot: Snapshot, now: datetime, *, anew: bool = False) -> Picture:
        """The picture of another snapshot: as `whole` makes it, at most SORTED_SECONDS old in its order.

        `anew` sorts everything: the clock has moved something.
        """
        before, after = self._snapshot.tasks, snapshot.tasks
        since = self._sorted_at
        changed = [task for task_id, task in after.items() if before.get(task_id) is not task]
        gone = before.keys() - after.keys()
        fresh = since is not None and abs((now - since).total_seconds()) < SORTED_SECONDS
        if since is None or anew or not fresh or since.date() != now.date() or len(changed) + len(gone) > FEW:
            since = now
            self._sort(snapshot, now)
        else:
            for task_id in (*gone, *(task.id for task in changed)):
                self._take_out(task_id)
            place = _placer(since)
            for task in changed:
                state, key = place(task)
                self._places[task.id] = (state, key)
                insort(self._orders[state], key)
                if is_overdue(task, to_utc_text(since)):
                    self._late.add(task.id)
        self._snapshot = snapshot
        return self._picture(now)

    def _sort(self, snapshot: Snapshot, now: datetime) -> None:
        self._sorted_at, at, place = now, to_utc_text(now), _placer(now)
        self._places = {task.id: place(task) for task in snapshot.tasks.values()}
        self._orders = {state: [] for state in STATES}
        for state, key in self._places.values():
            self._orders[state].append(key)
        for order in self._orders.values():
            order.sort()
        self._late = {task.id for task in snapshot.tasks.values() if is_overdue(task, at)}

    def _take_out(self, task_id: int) -> None:
        self._late.discard(task_id)
        found = self._places.pop(task_id, None)
        if found is not None:
            state, key = found
            del self._orders[state][bisect_left(self._orders[state], key)]

    def _picture(self, now: datetime) -> Picture:
        snapshot, orders = self._snapshot, self._orders
        sections: list[Section] = []
        for state, order in orders.items():
            if not order or state == "cancelled":
                continue
            keys = reversed(order) if state == "done" else order
            ids = tuple([key[1] for key in keys])
            today: tuple[int, ...] = ()
            if state == "done":
                begin, end = task_rows.local_day(now)
                first, last = bisect_left(order, (begin,)), bisect_left(order, (end, len(ids) and max(ids) + 1))
                today = tuple([key[1] for key in reversed(order[first:last])])
            sections.append(Section(state, ids, len(ids), today))
        size = {state: len(order) for state, order in orders.items()}
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
        listed = Listed(tuple(sections), total, max(snapshot.tasks, default=0))
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
