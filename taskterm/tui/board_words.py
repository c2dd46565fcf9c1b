"""What the board says of itself outside its columns: which columns are out of view, how many cards it has. Pure."""

from taskterm.tui.context_rows import COUNTS_HERE
from taskterm.tui.grid import Grid
from taskterm.tui.picture import Picture
from taskterm.tui.rows import Row, Span, gap
from taskterm.tui.text import visible
from taskterm.tui.theme import Glyphs


def outside(grid: Grid, first: int, shown: int, glyphs: Glyphs) -> Row:
    """`◀ Blocked 9` left and `Done 4 ▶` right of the counts: the columns to both sides of those in view."""
    left: list[Span] = []
    for number in range(first):
        left += [gap(3) if left else Span(f" {glyphs.more_left} ", "soft"), *_named(grid, number)]
    right: list[Span] = []
    for number in range(first + shown, len(grid.columns)):
        right += [*([gap(3)] if right else []), *_named(grid, number)]
    return Row([*left, COUNTS_HERE, *right, *([Span(f" {glyphs.more_right}", "soft")] if right else [])])


def _named(grid: Grid, number: int) -> list[Span]:
    return [Span(visible(grid.columns[number].name), "soft"), Span(f" {grid.sizes[number]}", "mute")]


def note(picture: Picture, grid: Grid, glyphs: Glyphs) -> str:
    """What an empty board says: that the filter lets nothing through, or how the first card comes."""
    if grid.cards or not picture.whole:
        return ""
    if picture.visible is not None:
        return f"no card fits {visible(picture.query)}; esc shows all of them"
    if any(task.status != "cancelled" for task in picture.snapshot.tasks.values()):
        return ""  # what is done was done before today, which the column says
    words = "no cards yet; {add} adds a task, {workflow} starts a workflow: cards stand where the graph puts them,"
    return glyphs.keys.said(f"{words} {{right}} moves them on")


def status(grid: Grid) -> str:
    """`30 cards`, `30 cards in 4 lanes`."""
    cards = f"{grid.cards} card{'' if grid.cards == 1 else 's'}"
    if not grid.by:
        return cards
    return f"{cards} in {len(grid.lanes)} lane{'' if len(grid.lanes) == 1 else 's'}"
