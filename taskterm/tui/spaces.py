"""The board as geometry: which columns fit, which cards of a cell are in view and where. Pure, in terminal cells.

Nothing here looks at more cards than fit on the screen: a cell is its number of cards and a function that answers the
height of one.
"""

from collections.abc import Callable
from typing import NamedTuple

HeightOf = Callable[[int], int]
"""The rows of card number so-and-so of a cell."""

MARGIN = 1
GUTTER = 2
NARROWEST = 20


class Place(NamedTuple):
    """Where a visible column stands: its number on the board, left edge and width."""

    column: int
    x: int
    width: int


class Slot(NamedTuple):
    """Where a card stands in its cell: its number there, top row and height in rows."""

    card: int
    y: int
    height: int


class Fill(NamedTuple):
    """What a cell shows in its room: the cards in view and how many are above and below."""

    slots: tuple[Slot, ...]
    above: int
    below: int
    end: int  # first free row after the last card and its gap
    hole: int | None = None  # first row of the room that was left before a card


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


def scrolled(height: HeightOf, count: int, first: int, cursor: int, room: int) -> int:
    """The first visible card, moved no further than needed to have the card `cursor` wholly in view."""
    first = max(0, min(first, cursor, count - 1))
    if count <= 0 or cursor == first:
        return first
    used = height(cursor) + (2 if cursor + 1 < count else 0)
    found = cursor
    while found > first:
        used += height(found - 1) + 1
        if used > room:
            break
        found -= 1
    return found


def fill(height: HeightOf, count: int, first: int, room: int, hole: tuple[int, int] | None = None) -> Fill:
    """The cards from number `first` on that fit in `room` rows, one blank row between two.

    The last two rows stay free for `▼ n more` when there is more. `hole` = (index, rows) leaves room before a card,
    or after the last one.
    """
    y, opened = 0, None
    slots: list[Slot] = []
    for index in range(first, count + 1):
        if hole is not None and hole[0] == index:
            opened = y
            y += hole[1] + 1
        if index == count:
            break
        rows = height(index)
        if y + rows > room - (0 if index == count - 1 else 2) and slots:
            break
        slots.append(Slot(index, y, rows))
        y += rows + 1
    return Fill(tuple(slots), first, count - first - len(slots), y, opened)
