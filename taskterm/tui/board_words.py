"""What the board says of itself outside its columns: which columns are out of view, how many cards it has. Pure."""

from taskterm.tui.grid import Grid
from taskterm.tui.rows import Row, Span, gap
from taskterm.tui.text import visible
from taskterm.tui.theme import Glyphs


def outside(grid: Grid, first: int, shown: int, glyphs: Glyphs) -> Row:
    """`◀ Blocked 9   Done 4 ▶`: the columns to the left and to the right of those in view."""
    spans: list[Span] = []
    for column, size in zip(grid.columns[:first], grid.sizes[:first], strict=True):
        spans += [Span(f" {glyphs.more_left} {visible(column.name)}", "soft"), Span(f" {size}", "mute"), gap(2)]
    for column, size in zip(grid.columns[first + shown :], grid.sizes[first + shown :], strict=True):
        spans += [Span(f" {visible(column.name)}", "soft"), Span(f" {size}", "mute")]
        spans += [Span(f" {glyphs.more_right}", "soft"), gap(2)]
    return Row(spans)


def status(grid: Grid) -> str:
    """`30 cards`, `30 cards in 4 lanes`."""
    cards = f"{grid.cards} card{'' if grid.cards == 1 else 's'}"
    if not grid.by:
        return cards
    return f"{cards} in {len(grid.lanes)} lane{'' if len(grid.lanes) == 1 else 's'}"
