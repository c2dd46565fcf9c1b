"""What the board holds: the ids of its cards by column, and by swimlane where it has any. Pure.

The orders are those of the list, which are worked out once for a picture (making.py): a board of ten thousand cards is
only put together here.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from taskterm.core import dates
from taskterm.core.foresee import held_in
from taskterm.core.lanes import Lane, lanes
from taskterm.core.model import Column
from taskterm.core.snapshot import column_of, fill_of
from taskterm.core.zone import day_start
from taskterm.tui import task_rows
from taskterm.tui.picture import Picture, Section


class Spot(NamedTuple):
    """A place on the board: the numbers of a lane and a column, and of a card in that cell (-1: none)."""

    lane: int
    column: int
    card: int = -1


class Grid(NamedTuple):
    """The board. Without swimlanes (`by` is empty) it is one lane. `before` says what Done does not show."""

    columns: tuple[Column, ...] = ()
    lanes: tuple[Lane, ...] = ()
    sizes: tuple[int, ...] = ()  # cards of each column
    held: tuple[int, ...] = ()  # the same without a filter, for what is limited
    by: str = ""
    before: str = ""

    @property
    def keys(self) -> tuple[list[str], list[str]]:
        """The keys of its columns and of its lanes, in their order."""
        return [column.key for column in self.columns], [lane.key for lane in self.lanes]

    @property
    def cards(self) -> int:
        """How many cards there are."""
        return sum(self.sizes)

    def cell(self, spot: Spot) -> tuple[int, ...]:
        """The ids of the cards in a cell, from the top."""
        return self.lanes[spot.lane].cells[spot.column]

    def task(self, spot: Spot) -> int | None:
        """The id of the card at a spot."""
        cell = self.cell(spot)
        return cell[spot.card] if 0 <= spot.card < len(cell) else None

    def find(self, task_id: int | None) -> Spot | None:
        """Where a task stands."""
        for lane, of in enumerate(self.lanes):
            for column, cell in enumerate(of.cells):
                if task_id in cell:
                    return Spot(lane, column, cell.index(task_id))
        return None

    def fill(self, column: int) -> str:
        """How a column stands to its limit: '', 'full' or 'over limit'."""
        return fill_of(self.columns[column], self.held[column])


def grid_of(picture: Picture, by: str = "") -> Grid:
    """The board of a picture. Done holds what was finished today."""
    listed = picture.listed
    if listed is None or picture.sort:
        listed = task_rows.listed(picture._replace(sort=()))
    columns = picture.snapshot.columns
    cells: list[list[int]] = [[] for _ in columns]
    before = ""
    for section in listed.sections:
        if section.state == "done":
            before = _before(picture, section)
        for number, ids in _placed(picture, section).items():
            cells[number] += ids
    found = tuple([tuple(cell) for cell in cells])
    sizes = tuple([len(cell) for cell in cells])
    made = lanes(found, picture.snapshot.tasks, by) if by else ()
    held = sizes if picture.visible is None else _held(picture, sizes)
    return Grid(columns, made or (Lane("", found),), sizes, held, by if made else "", before)


def _placed(picture: Picture, section: Section) -> dict[int, Sequence[int]]:
    """The ids of a section by the number of their column; cancelled tasks stand in none."""
    columns, tasks = picture.snapshot.columns, picture.snapshot.tasks
    if section.state in ("ready", "blocked", "waiting", "done"):
        kind = "blocked" if section.state == "waiting" else section.state
        ids = section.today if section.state == "done" else section.ids
        return {number: ids for number, column in enumerate(columns) if column.kind == kind}
    at, numbers = dates.to_utc_text(picture.now), {column.key: number for number, column in enumerate(columns)}
    found: dict[int, list[int]] = {}
    for task_id in section.ids:
        key = column_of(tasks[task_id], at, columns)
        if key is not None:
            found.setdefault(numbers[key], []).append(task_id)
    return dict(found)


def _held(picture: Picture, sizes: Sequence[int]) -> tuple[int, ...]:
    """The sizes that limits count, which know of no filter."""
    return tuple(
        [
            held_in(picture.snapshot, column.key) if column.wip_limit else size
            for column, size in zip(picture.snapshot.columns, sizes, strict=True)
        ]
    )


def _before(picture: Picture, done: Section) -> str:
    """`31 this week` where days before today belong to it, else `21 earlier`; nothing where there are none."""
    earlier = done.size - len(done.today)
    if earlier <= 0 or len(done.ids) < done.size:
        return f"{earlier} earlier" if earlier > 0 else ""
    tasks, day = picture.snapshot.tasks, picture.now.date()
    monday = dates.to_utc_text(day_start(day - timedelta(days=day.weekday()), picture.now.tzinfo))
    # The ids stand newest first, so that those since Monday are the first ones.
    week = bisect_left(range(done.size), True, key=lambda i: (tasks[done.ids[i]].completed_at or "") < monday)
    return f"{week} this week" if week > len(done.today) else f"{earlier} earlier"
