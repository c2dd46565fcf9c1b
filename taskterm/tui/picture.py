"""`Picture`: what every view is shown, one consistent state of the world; and what a list of it holds. Pure."""

from __future__ import annotations

from taskterm.core.lean import NamedTuple, datetime
from taskterm.core.query_order import SortKey
from taskterm.core.snapshot import Counts, Snapshot


class Section(NamedTuple):
    """Tasks that a list shows under one head, as ids in their order; `state` is empty in an order of its own.

    `size` is how many there are: of the first picture only the first ids are known. `today` are the ids of those
    that were finished on this local day.
    """

    state: str
    ids: tuple[int, ...]
    size: int
    today: tuple[int, ...] = ()


class Listed(NamedTuple):
    """What the list shows of a picture. `total` tasks there are, `largest_id` is the highest number of one."""

    sections: tuple[Section, ...]
    total: int
    largest_id: int


class Picture(NamedTuple):
    """One consistent state of the world. `now` is an aware local time; `visible` are the ids a filter lets through.

    `listed` and `counts` follow from the rest and are worked out once; without them, whoever needs them does it. A
    picture that is not `whole` knows the tasks of the first screen alone, and its `counts` are those of all.
    """

    snapshot: Snapshot
    now: datetime
    visible: frozenset[int] | None = None  # None: no filter
    query: str = ""  # the filter as it was typed
    sort: tuple[SortKey, ...] = ()  # the order that the filter asks for; empty: each view has its own
    listed: Listed | None = None
    counts: Counts | None = None
    marked: frozenset[int] = frozenset()  # the tasks that the next action is about
    whole: bool = True

    def shows(self, task_id: int) -> bool:
        """Whether the filter lets this task through."""
        return self.visible is None or task_id in self.visible

    def only(self, visible: frozenset[int] | None) -> Picture:
        """The same with other tasks let through; what follows from them is still to be worked out."""
        return self._replace(visible=visible, listed=None, counts=None)
