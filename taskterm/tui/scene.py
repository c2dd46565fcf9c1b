"""The board as pieces: heads, cards, lane heads, slots and the lifted card of one moment, and what is where. Pure.

A piece is a few rows at a place. Only what is in view is made, whatever the number of cards.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from taskterm.core.lanes import name_of
from taskterm.core.model import Task
from taskterm.tui import cards, drag, spaces
from taskterm.tui.grid import Grid, Spot
from taskterm.tui.rows import Row, Span, fit_spans, gap, spread, width_of
from taskterm.tui.spaces import Fill, HeightOf, Place
from taskterm.tui.text import visible

TALL = 24
"""From this height on there is room for blank rows around the heads and for titles of two lines."""


class Scene(NamedTuple):
    """Everything the drawing of the board depends on."""

    sheet: cards.Sheet
    grid: Grid
    places: tuple[Place, ...]
    first: Mapping[tuple[str, str], int]  # by the keys of lane and column: index of the first card in view
    top: int  # number of the first lane in view
    folded: frozenset[str]  # keys of the lanes of which only the head is shown
    spot: Spot  # of the cursor
    width: int
    height: int
    held: drag.Drag | None = None
    drop: drag.Drop | None = None
    note: str = ""  # what an empty board says
    chosen: bool = False  # a filter chooses the cards


class Band(NamedTuple):
    """A lane in view: the row of its head, the first row of its cards, the first row below, its cells by place."""

    lane: int
    head: int
    body: int
    end: int
    fills: tuple[Fill, ...]


class Piece(NamedTuple):
    """Rows at a place; or, where there are none, the card of a task, which whoever draws may have drawn before."""

    x: int
    y: int
    width: int
    rows: tuple[Row, ...] = ()
    task: Task | None = None
    selected: bool = False


def body(height: int) -> int:
    """The first row of the cards: below head and rule, with a blank row around them where there is room."""
    return 4 if height >= TALL else 2


def room_of(scene: Scene) -> int:
    """Rows that a cell has for its cards: all there are, or with swimlanes so many that another lane is seen too."""
    rows = scene.height - body(scene.height)
    return max(min(rows - 3, max(rows * 6 // 10, 8)), 3) if scene.grid.by else rows


def height_of(scene: Scene, spot: Spot, width: int) -> HeightOf:
    """The heights of the cards of a cell."""
    cell, sheet, tasks = scene.grid.cell(spot), scene.sheet, scene.sheet.snapshot.tasks
    return lambda index: cards.height(sheet, tasks[cell[index]], width)


def filled(scene: Scene, lane: int, place: Place) -> Fill:
    """The cards of a cell that are in view."""
    spot = Spot(lane, place.column)
    first = scene.first.get((scene.grid.lanes[lane].key, scene.grid.columns[place.column].key), 0)
    held = scene.held
    hole = None
    if held is not None and held.elsewhere and held.target[:2] == spot[:2]:
        hole = (max(held.target.card, first), drag.SLOT)
    return spaces.fill(height_of(scene, spot, place.width), len(scene.grid.cell(spot)), first, room_of(scene), hole)


def bands(scene: Scene) -> list[Band]:
    """The lanes in view, from the top."""
    found: list[Band] = []
    y = body(scene.height)
    for lane in range(scene.top, len(scene.grid.lanes)):
        if y >= scene.height:
            break
        found.append(_band(scene, lane, y))
        y = found[-1].end
    return found


def _band(scene: Scene, lane: int, y: int) -> Band:
    if not scene.grid.by:
        fills = tuple([filled(scene, lane, place) for place in scene.places])
        return Band(lane, y, y, scene.height, fills)
    if scene.grid.lanes[lane].key in scene.folded:
        return Band(lane, y, y + 1, y + 2, ())
    fills = tuple([filled(scene, lane, place) for place in scene.places])
    used = max([fill.end + (2 if fill.below else 0) for fill in fills])
    return Band(lane, y, y + 1, y + 1 + max(used, 1), fills)


def lane_rows(scene: Scene, lane: int) -> int:
    """Rows of a lane with its head, without the blank one below it."""
    return _band(scene, lane, 0).end - 1


def hit(scene: Scene, x: int, y: int) -> Spot | None:
    """What is at a cell of the screen: lane, column and card; of a head the first cell below, None outside."""
    place = next((p for p in scene.places if p.x <= x < p.x + p.width), None)
    found = bands(scene)
    if place is None or not found:
        return None
    band = next((band for band in found if y < band.end), found[-1])
    if band.fills:
        fill = band.fills[scene.places.index(place)]
        for slot in fill.slots:
            if slot.y <= y - band.body < slot.y + slot.height:
                return Spot(band.lane, place.column, slot.card)
    return Spot(band.lane, place.column)


def lane_at(scene: Scene, y: int) -> int | None:
    """The lane whose head is in a row."""
    return next((band.lane for band in bands(scene) if band.head == y), None) if scene.grid.by else None


def pieces(scene: Scene) -> Iterator[Piece]:
    """Everything in view; what comes later covers what came before."""
    drawn = bands(scene)
    for index, place in enumerate(scene.places):
        above = drawn[0].fills[index].above if drawn and not scene.grid.by else 0
        yield from _head(scene, place, above)
    for band in drawn:
        if scene.grid.by:
            yield Piece(0, band.head, scene.width, (_lane_head(scene, band.lane),))
        for place, fill in zip(scene.places, band.fills, strict=False):
            yield from _cell(scene, band, place, fill)
    yield from _lanes_below(scene, drawn)
    if scene.note:
        line = fit_spans([gap(3), Span(scene.note, "soft")], scene.width, scene.sheet.glyphs.ellipsis)
        yield Piece(0, body(scene.height), scene.width, (Row(tuple(spread(line, [], scene.width))),))
    if scene.held is not None:
        yield from _lifted(scene, scene.held, _slot_row(scene, drawn))


def _head(scene: Scene, place: Place, above: int) -> Iterator[Piece]:
    glyphs, grid = scene.sheet.glyphs, scene.grid
    column, size = grid.columns[place.column], grid.sizes[place.column]
    held = grid.held[place.column]
    limit = f" / {column.wip_limit}" if column.wip_limit and held == size else ""
    right: list[Span] = []
    if above:
        right = [Span(f"{glyphs.more_up} {above}", "mute"), gap(1)]
    if full := grid.fill(place.column):
        right.append(Span(full if limit else f"{held} / {column.wip_limit} {full}", "warn"))
    elif column.kind == "done" and not above:
        right.append(Span("today", "mute"))
    lit = place.column == (scene.held.target.column if scene.held else scene.spot.column)
    left = [Span(visible(column.name), "text" if lit else "soft", bold=True), Span(f" {size}{limit}", "mute")]
    if full and width_of(left) + 1 + width_of(right) > place.width:  # the numbers say the rest
        right[-1] = right[-1]._replace(text=right[-1].text.removesuffix(" limit"))
    row = Row(tuple(spread(left, right, place.width, glyphs.ellipsis)))
    at = body(scene.height) // 2
    yield Piece(place.x, at - 1, place.width, (row,))
    rule = Span((glyphs.heavy if lit else glyphs.rule) * place.width, "accent" if lit else "line2")
    yield Piece(place.x, at, place.width, (Row((rule,)),))


def _lane_head(scene: Scene, lane: int) -> Row:
    """`▌@ana 12   Blocked 3 · Ready 2`, the word for folding at the right where the cursor is."""
    of, glyphs = scene.grid.lanes[lane], scene.sheet.glyphs
    here, folded = lane == scene.spot.lane, of.key in scene.folded
    counts = f" {glyphs.dot} ".join(
        f"{visible(column.name)} {len(cell)}" for column, cell in zip(scene.grid.columns, of.cells, strict=True) if cell
    )
    left = [
        Span(glyphs.cursor, "accent") if here and folded else gap(1),
        Span(visible(name_of(of.key, scene.grid.by)), "text" if here else "soft", True),
        Span(f" {of.size}", "mute"),
        gap(3),
        Span(counts, "mute"),
    ]
    fold = glyphs.keys.said("{fold} unfold" if folded else "{fold} fold", "board").strip()
    right = [Span(fold, "mute"), gap(1)] if here or folded else []
    if lane == scene.top > 0:
        words = f"{glyphs.more_up} {lane} more lane{'' if lane == 1 else 's'}"
        right = [Span(words, "mute"), gap(3 if right else 1), *right]
    return Row(tuple(spread(left, right, scene.width, glyphs.ellipsis)))


def _lanes_below(scene: Scene, drawn: list[Band]) -> Iterator[Piece]:
    """The last line, where there are more lanes."""
    more = len(scene.grid.lanes) - 1 - drawn[-1].lane if scene.grid.by and drawn else 0
    if more > 0:
        words = f"{scene.sheet.glyphs.more_down} {more} more lane{'' if more == 1 else 's'}"
        row = Row(tuple(spread([gap(3), Span(words, "mute")], [], scene.width)))
        yield Piece(0, scene.height - 1, scene.width, (row,))


def _cell(scene: Scene, band: Band, place: Place, fill: Fill) -> Iterator[Piece]:
    spot, glyphs, tasks = Spot(band.lane, place.column), scene.sheet.glyphs, scene.sheet.snapshot.tasks
    cell = scene.grid.cell(spot)
    held = scene.held
    for slot in fill.slots:
        task = tasks[cell[slot.card]]
        y = band.body + slot.y
        if held is not None and held.task_id == task.id:
            gone = [gap(1), Span(f"#{task.id} lifted", "mute")]
            yield Piece(place.x, y, place.width, drag.box(place.width, slot.height, [gone], "line2", glyphs))
        else:
            chosen = held is None and spot._replace(card=slot.card) == scene.spot
            yield Piece(place.x, y, place.width, task=task, selected=chosen)
    if fill.hole is not None and scene.drop is not None:
        yield Piece(place.x, band.body + fill.hole, place.width, drag.slot(scene.drop, place.width, glyphs))
    row = _below(scene, spot, fill, place.width)
    if row is not None:
        yield Piece(place.x, band.body + fill.end, place.width, (row,))


def _below(scene: Scene, spot: Spot, fill: Fill, width: int) -> Row | None:
    """The line below the cards: how many are out of view, what Done does not show, or what an empty column is for."""
    column, glyphs = scene.grid.columns[spot.column], scene.sheet.glyphs
    if fill.below:
        words = f"{glyphs.more_down} {fill.below} more"
    elif scene.grid.by or fill.hole is not None:
        return None
    elif column.kind == "done" and scene.grid.before:
        words = scene.grid.before
    elif not fill.slots and not scene.note:
        words = "nothing fits" if scene.chosen else glyphs.keys.said(EMPTY[column.kind])
    else:
        return None
    return Row(tuple(spread(fit_spans([gap(2), Span(words, "mute")], width, glyphs.ellipsis), [], width)))


EMPTY = {
    "blocked": "nothing waits",
    "ready": "nothing can start",
    "stage": "{right} moves a card here",
    "done": "nothing done today",
}
"""What an empty column says, by its kind."""


def _slot_row(scene: Scene, drawn: list[Band]) -> int | None:
    """The first row of the box that says what the drop does, None while there is none."""
    found = [band.body + fill.hole for band in drawn for fill in band.fills if fill.hole is not None]
    return found[0] if found and scene.drop is not None else None


def _lifted(scene: Scene, held: drag.Drag, slot: int | None) -> Iterator[Piece]:
    """The card in the hand, its upper edge under the mouse, its shadow, and the line that says what a drop would do.

    It gives way to the words of the `slot` that it would cover: it hangs from their last line, or stands above them.
    """
    task = scene.sheet.snapshot.tasks[held.task_id]
    width = next((p.width for p in scene.places if p.column == held.source.column), scene.places[0].width)
    drawn = cards.card(scene.sheet, task, width, selected=True).rows
    x = min(max(held.at[0] - width // 2, 0), max(scene.width - width - 1, 0))
    y = min(max(held.at[1], 0), max(scene.height - len(drawn) - 2, 0))
    if slot is not None and slot - len(drawn) < y < slot + drag.SLOT - 1:
        if slot + drag.SLOT - 1 + len(drawn) < scene.height - 1:
            y = slot + drag.SLOT - 1
        else:
            y = max(slot - len(drawn), 0)
    shadow = Row((gap(width),), on="shadow")
    yield Piece(x + 1, y + 1, width, (shadow,) * len(drawn))
    yield Piece(x, y, width, drawn)
    row = drag.consequence(task, scene.drop, scene.grid.columns, scene.width, scene.sheet.glyphs)
    filled_up = Row((*row.spans, gap(scene.width - width_of(row.spans))))
    yield Piece(0, scene.height - 1, scene.width, (filled_up,))
