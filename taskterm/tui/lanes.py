"""The board as geometry: which columns fit, which cards of each are in view and where. Pure, in terminal cells."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from taskterm.core import dates
from taskterm.core.model import Task
from taskterm.core.snapshot import Snapshot, Stage, board
from taskterm.tui.widgets.bits import urgency_at

MARGIN = 1
GUTTER = 2
NARROWEST = 20


class Lane(NamedTuple):
    """One board column: its cards in order, and how many done ones of earlier days it does not show."""

    stage: Stage
    tasks: tuple[Task, ...]
    earlier: int = 0

    @property
    def key(self) -> str:
        """The column's key."""
        return self.stage.column.key


class Place(NamedTuple):
    """Where a visible column stands: its number on the board, left edge and width."""

    lane: int
    x: int
    width: int


class Slot(NamedTuple):
    """Where a card stands in its column: its number in the column, top row and height in rows."""

    card: int
    y: int
    height: int


class Fill(NamedTuple):
    """What a column shows in its room: the cards in view and how many are above and below."""

    slots: tuple[Slot, ...]
    above: int
    below: int
    end: int  # first free row after the last card and its gap
    hole: int | None = None  # first row of the room that was left before a card


def lanes_of(snapshot: Snapshot, now: datetime, shows: Callable[[int], bool]) -> tuple[Lane, ...]:
    """The board of the tasks that `shows` lets through. Done holds what was completed today."""
    midnight = dates.to_utc_text(now.replace(hour=0, minute=0, second=0, microsecond=0))
    wanted: list[Task] = []
    earlier = 0
    for task in snapshot.tasks.values():
        if shows(task.id):
            # What was done long ago is most of an old database; it need not be sorted to be counted.
            if task.status == "done" and (task.completed_at or "") < midnight:
                earlier += 1
            else:
                wanted.append(task)
    stages = board(snapshot.columns, wanted, dates.to_utc_text(now), urgency_at(now))
    return tuple(Lane(stage, stage.tasks, earlier if stage.column.kind == "done" else 0) for stage in stages)


def columns_that_fit(width: int, count: int) -> int:
    """How many columns of at least NARROWEST cells stand side by side, at least one."""
    return max(1, min(count, (width - 2 * MARGIN + GUTTER) // (NARROWEST + GUTTER)))


def places(width: int, first: int, shown: int) -> tuple[Place, ...]:
    """`shown` columns from number `first` on, as wide as the room allows; the odd cells go to the left ones."""
    room = width - 2 * MARGIN - GUTTER * (shown - 1)
    x, found = MARGIN, []
    for index in range(shown):
        cells = max(room // shown + (1 if index < room % shown else 0), 4)
        found.append(Place(first + index, x, cells))
        x += cells + GUTTER
    return tuple(found)


def window(first: int, shown: int, count: int, focus: int) -> int:
    """The first visible column, moved no further than needed to have column `focus` in view."""
    return max(0, min(max(min(first, focus), focus - shown + 1), count - shown))


def scrolled(heights: Sequence[int], first: int, cursor: int, room: int) -> int:
    """The first visible card, moved no further than needed to have the card `cursor` wholly in view."""
    first = min(first, cursor, max(len(heights) - 1, 0))
    while first < cursor:
        used = sum(heights[first : cursor + 1]) + cursor - first
        if used + (2 if cursor + 1 < len(heights) else 0) <= room:
            break
        first += 1
    return max(first, 0)


def fill(heights: Sequence[int], first: int, room: int, hole: tuple[int, int] | None = None) -> Fill:
    """The cards from number `first` on that fit in `room` rows, one blank row between two.

    The last two rows stay free for `▼ n more` when there is more. `hole` = (index, rows) leaves room before a card,
    or after the last one.
    """
    y, opened = 0, None
    slots: list[Slot] = []
    for index in range(first, len(heights) + 1):
        if hole is not None and hole[0] == index:
            opened = y
            y += hole[1] + 1
        if index == len(heights):
            break
        last = index == len(heights) - 1
        if y + heights[index] > room - (0 if last else 2) and slots:
            break
        slots.append(Slot(index, y, heights[index]))
        y += heights[index] + 1
    return Fill(tuple(slots), first, len(heights) - first - len(slots), y, opened)
