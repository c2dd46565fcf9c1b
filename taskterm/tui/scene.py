"""The board as rows: heads, cards, slots and the lifted card of one moment, and what is under the mouse. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from taskterm.tui import cards, drag, lanes
from taskterm.tui.lanes import Lane, Place
from taskterm.tui.widgets.lines import Row, Span, gap, spread

TALL = 24
"""From this height on there is room for blank rows around the heads and for titles of two lines."""


class Scene(NamedTuple):
    """Everything the drawing of the board depends on."""

    sheet: cards.Sheet
    lanes: tuple[Lane, ...]
    places: tuple[Place, ...]
    heights: Mapping[str, Sequence[int]]  # by column: rows of each of its cards
    first: Mapping[str, int]  # by column: index of the first card in view
    focus: int  # number of the column with the cursor
    task: int | None  # under the cursor
    width: int
    height: int
    held: drag.Drag | None = None


def body(height: int) -> int:
    """The first row of the cards: below head and rule, with a blank row around them where there is room."""
    return 4 if height >= TALL else 2


def shown(scene: Scene, place: Place) -> lanes.Fill:
    """The cards of a column that are in view."""
    lane = scene.lanes[place.lane]
    first = scene.first.get(lane.key, 0)
    hole = None
    if scene.held is not None and scene.held.target == place.lane != scene.held.source:
        hole = (max(scene.held.before, first), drag.SLOT)
    return lanes.fill(scene.heights.get(lane.key, ()), first, scene.height - body(scene.height), hole)


def hit(scene: Scene, x: int, y: int) -> tuple[int | None, int | None]:
    """What is at a cell: (number of the column, index of the card); None where there is none."""
    for place in scene.places:
        if place.x <= x < place.x + place.width:
            for slot in shown(scene, place).slots:
                if slot.y <= y - body(scene.height) < slot.y + slot.height:
                    return place.lane, slot.card
            return place.lane, None
    return None, None


def rows(scene: Scene) -> list[Row]:
    """All rows of the board, from the top."""
    columns = [_column(scene, place) for place in scene.places]
    found = []
    for y in range(scene.height):
        spans: list[Span] = []
        x = 0
        for place, column in zip(scene.places, columns, strict=True):
            row = column[y]
            spans.append(gap(place.x - x))
            spans += [span if span.on or not row.on else span.upon(row.on) for span in row.spans]
            x = place.x + place.width
        found.append(Row(spans))
    return found


def lifted(scene: Scene) -> tuple[int, int, list[Row]]:
    """The card in the hand as (x, y, its rows): its upper edge is under the mouse."""
    assert scene.held is not None
    task = scene.sheet.snapshot.tasks[scene.held.task_id]
    width = next((p.width for p in scene.places if p.lane == scene.held.source), scene.places[0].width)
    drawn = cards.card(scene.sheet, task, width, selected=True).rows
    x = min(max(scene.held.at[0] - width // 2, 0), max(scene.width - width - 1, 0))
    return x, min(max(scene.held.at[1], 0), max(scene.height - len(drawn) - 1, 0)), list(drawn)


def consequence(scene: Scene) -> Row:
    """The line above the footer while a card is held."""
    assert scene.held is not None
    source, target = scene.lanes[scene.held.source].stage, scene.lanes[scene.held.target].stage
    task = scene.sheet.snapshot.tasks[scene.held.task_id]
    return drag.consequence(scene.sheet.snapshot, task, source, target, scene.width, scene.sheet.glyphs)


def _column(scene: Scene, place: Place) -> list[Row]:
    """All rows of a column, each exactly as wide as the column."""
    lane, top, glyphs = scene.lanes[place.lane], body(scene.height), scene.sheet.glyphs
    found = [Row([gap(place.width)])] * scene.height
    fill = shown(scene, place)
    _put(found, top // 2 - 1, [_head(scene, place, fill.above)])
    lit = place.lane == (scene.held.target if scene.held else scene.focus)
    rule = Span((glyphs.heavy if lit else glyphs.rule) * place.width, "accent" if lit else "line2")
    _put(found, top // 2, [Row([rule])])
    for slot in fill.slots:
        task = lane.tasks[slot.card]
        if scene.held is not None and scene.held.task_id == task.id:
            gone = [gap(1), Span(f"#{task.id} lifted", "mute")]
            drawn = drag.box(place.width, slot.height, [gone], "line2", glyphs)
        else:
            selected = scene.held is None and task.id == scene.task
            drawn = list(cards.card(scene.sheet, task, place.width, selected=selected).rows)
        _put(found, top + slot.y, drawn)
    if fill.hole is not None and scene.held is not None:
        source = scene.lanes[scene.held.source].stage
        _put(found, top + fill.hole, drag.slot(source, lane.stage, place.width, glyphs))
    _put(found, top + fill.end, _more(scene, lane, fill, place.width))
    return found


def _put(rows: list[Row], y: int, drawn: list[Row]) -> None:
    for offset, row in enumerate(drawn):
        if y + offset < len(rows):
            rows[y + offset] = row


def _head(scene: Scene, place: Place, above: int) -> Row:
    lane, glyphs = scene.lanes[place.lane], scene.sheet.glyphs
    column = lane.stage.column
    count = f" {len(lane.tasks)} / {column.wip_limit}" if column.wip_limit else f" {len(lane.tasks)}"
    right: list[Span] = []
    if above:
        right = [Span(f"{glyphs.more_up} {above}", "mute"), gap(1)]
    if lane.stage.limit_state:
        right.append(Span(lane.stage.limit_state, "warn"))
    elif column.kind == "done" and not above:
        right.append(Span("today", "mute"))
    name = Span(column.name, "text" if place.lane == scene.focus else "soft", bold=True)
    return Row(spread([name, Span(count, "mute")], right, place.width, glyphs.ellipsis))


def _more(scene: Scene, lane: Lane, fill: lanes.Fill, width: int) -> list[Row]:
    """The line below the cards: how many are out of view, or how many were done before today."""
    if fill.below:
        words = f"{scene.sheet.glyphs.more_down} {fill.below} more"
    elif lane.earlier:
        words = f"{lane.earlier} earlier"
    else:
        return []
    return [Row(spread([gap(2), Span(words, "mute")], [], width))]
