"""Pictures worked out from a snapshot: what a list of thousands shows, once and not with every key. Pure.

`Keeper` follows a database: it sorts everything once a minute, and in between puts only what changed in its place.
"""

from __future__ import annotations

from bisect import bisect_left

from taskterm.core import query
from taskterm.core.dates import to_utc_text
from taskterm.core.lean import datetime
from taskterm.core.model import STATES, Task
from taskterm.core.query_order import SortKey, ordered
from taskterm.core.snapshot import Counts, Snapshot, counts, is_overdue, order_key, shown_state
from taskterm.tui import task_rows
from taskterm.tui.picture import Listed, Picture, Section
from taskterm.tui.widgets.bits import urgency_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
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


def filtered(picture: Picture, asked: query.Query, fitting: frozenset[int] | None) -> Picture:
    """A picture of everything, as far as a query lets it through: `fitting` are the ids that query.select answers.

    What is listed keeps the order of everything, which is not sorted again.
    """
    chosen = picture._replace(visible=fitting, query=asked.text, sort=asked.sort)
    at = to_utc_text(picture.now)
    if picture.listed is None:
        found = chosen._replace(listed=None, counts=counts(picture.snapshot, at, fitting))
        return found._replace(listed=task_rows.listed(found))
    if fitting is None and not asked.sort:
        return chosen
    sections = picture.listed.sections if fitting is None else _through(picture, picture.listed, fitting)
    if fitting is not None:
        chosen = chosen._replace(counts=_counted(picture, sections, len(fitting), at))
    if asked.sort:
        sections = _sorted(picture, sections, asked.sort, at)
    return chosen._replace(listed=picture.listed._replace(sections=sections))


def _through(picture: Picture, listed: Listed, fitting: frozenset[int]) -> tuple[Section, ...]:
    """The sections with what fits; cancelled tasks, which everything does not list, are a section of their own."""
    tasks, sections = picture.snapshot.tasks, []
    for section in listed.sections:
        ids = tuple([task_id for task_id in section.ids if task_id in fitting])
        if ids:
            today = tuple([task_id for task_id in section.today if task_id in fitting])
            sections.append(Section(section.state, ids, len(ids), today))
    gone = [tasks[task_id] for task_id in fitting if tasks[task_id].status == "cancelled"]
    if gone:
        gone.sort(key=lambda task: (task.completed_at or "", task.id), reverse=True)
        sections.append(task_rows.section(picture, "cancelled", gone))
    return tuple(sections)


def _counted(picture: Picture, sections: Iterable[Section], total: int, at: str) -> Counts:
    tasks = picture.snapshot.tasks
    size = dict.fromkeys(STATES, 0) | {section.state: section.size for section in sections}
    ended = size["done"] + size["cancelled"]
    late = sum(
        [
            is_overdue(tasks[i], at)
            for section in sections
            if section.state not in ("done", "cancelled")
            for i in section.ids
        ]
    )
    return Counts(size["running"], size["failed"], size["ready"], late, size["blocked"], total - ended, total)


def _sorted(picture: Picture, sections: Iterable[Section], sort: tuple[SortKey, ...], at: str) -> tuple[Section, ...]:
    """One section in the order that is asked for, and behind it those of what has ended."""
    tasks = picture.snapshot.tasks
    is_open: list[Task] = []
    ended = []
    for section in sections:
        members = [tasks[task_id] for task_id in section.ids]
        if section.state in ("done", "cancelled"):
            ended.append(task_rows.section(picture, section.state, ordered(members, sort, at)))
        else:
            is_open += members
    flat = (task_rows.section(picture, "", ordered(is_open, sort, at)),) if is_open else ()
    return (*flat, *ended)


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
