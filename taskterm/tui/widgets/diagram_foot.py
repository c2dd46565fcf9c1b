"""The widget below the diagram: the strip about the selected task, and the map where the drawing does not fit."""

from typing import ClassVar

from textual import events
from textual.geometry import Region
from textual.message import Message

from taskterm.tui import diagram_map, diagram_strip
from taskterm.tui.diagram_scope import Drawn
from taskterm.tui.diagram_strip import Facts
from taskterm.tui.rows import BLANK, Row, Span, fit_spans, gap, width_of
from taskterm.tui.widgets.bits import state_at
from taskterm.tui.widgets.canvas import Canvas

MAP_WIDTH = 28
NARROW_MAP = 20


def height_for(rows: int) -> int:
    """How many rows the strip takes of those that the view has."""
    return 8 if rows >= 30 else 4 if rows >= 16 else 2 if rows >= 10 else 0


def layers_in_view(drawn: Drawn, window: Region, selected: int | None) -> str:
    """`layers 2-6 of 8` of the part with the selected task; where none of that is in view, how much of all is."""
    parts = drawn.layout.parts if drawn.layout is not None else ()
    for part in parts:
        ids = [node for layer in part.layers for node in layer]
        if selected in ids:
            boxes = [drawn.boxes[node] for node in ids]
            seen = {b.layer for b in boxes if window.overlaps(Region(b.x, b.y, b.width, b.height))}
            if seen:
                return f"layers {min(seen) + 1}-{max(seen) + 1} of {len(part.layers)}"
    share = min(window.right, drawn.width) - max(window.x, 0), min(window.bottom, drawn.height) - max(window.y, 0)
    part_seen = max(share[0], 0) * max(share[1], 0) / max(drawn.width * drawn.height, 1)
    return f"{max(round(part_seen * 100), 1)}% in view"


class DiagramFoot(Canvas):
    """Paints only when what it says has changed. A press on the map posts `Aimed`."""

    DEFAULT_CSS = "DiagramFoot { height: 4; background: $surface; }"
    GROUND: ClassVar[str] = "surface"

    class Aimed(Message):
        """The middle of the window shall be at this cell of the drawing."""

        def __init__(self, x: int, y: int) -> None:
            super().__init__()
            self.x = x
            self.y = y

        def can_replace(self, message: Message) -> bool:
            """Only where the mouse ended up matters."""
            return isinstance(message, DiagramFoot.Aimed)

    def __init__(self) -> None:
        super().__init__()
        self._facts: Facts | None = None
        self._window: Region | None = None
        self._map: diagram_map.Map | None = None
        self._made_for: tuple[Drawn, tuple[int, int]] | None = None
        self._map_at = (0, 0)
        self._aiming = False
        self._shown: list[Row] = []

    def show(self, facts: Facts, window: Region | None) -> None:
        """Speak about this; `window` is the part of the drawing in view, None where all of it is."""
        self._facts, self._window = facts, window
        before = self._shown
        if self.rows(self.size.width, self.size.height) != before:
            self.redraw()

    def rows(self, width: int, height: int) -> list[Row]:
        """The facts on the left, the map on the right."""
        facts = self._facts
        if facts is None or height < 1:
            return []
        chart = self._chart(facts, width, height)
        wide = width_of(chart[-1].spans) + 1 if chart else 0
        told = diagram_strip.lines(facts, width - wide, height, self.glyphs)
        if chart:
            told += [BLANK] * (height - len(told))
            top = height - len(chart)
            for at, row in enumerate(chart, top):
                left = fit_spans(told[at].spans, width - wide - 1, self.glyphs.ellipsis)
                told[at] = Row([*left, gap(width - wide - width_of(left)), *row.spans])
            self._map_at = (width - wide + 1, top + (2 if self._tall(height) else 0))
        self._shown = told
        return told

    def _tall(self, height: int) -> bool:
        return height >= diagram_strip.TALL

    def _chart(self, facts: Facts, width: int, height: int) -> list[Row]:
        """The map, on a tall strip framed and with a title; all lines of one width. None where everything fits."""
        if self._window is None or width < 60 or height < 3:
            self._map = None
            return []
        tall = self._tall(height)
        room = (MAP_WIDTH if width >= 100 else NARROW_MAP, height - 4 if tall else height)
        self._map = self._made(facts, room)
        chosen = facts.drawn.boxes.get(facts.selected or 0)
        glyphs = self.glyphs
        chart = diagram_map.rows(self._map, self._window, chosen, ascii_only=glyphs.name == "ascii")
        if not tall:
            return [Row([gap(1), *row.spans]) for row in chart]
        inner = self._map.width
        box = glyphs.box
        title = fit_spans(
            [Span(layers_in_view(facts.drawn, self._window, facts.selected), "mute")], inner + 2, glyphs.ellipsis
        )
        return [
            Row([gap(inner + 2 - width_of(title)), *title]),
            Row([Span(f"{box[0]}{box[4] * inner}{box[1]}", "line2")]),
            *(Row([Span(box[5], "line2"), *row.spans, Span(box[5], "line2")]) for row in chart),
            Row([Span(f"{box[2]}{box[4] * inner}{box[3]}", "line2")]),
        ]

    def _made(self, facts: Facts, room: tuple[int, int]) -> diagram_map.Map:
        """The map itself, made once for a picture."""
        known = self._made_for
        if self._map is not None and known is not None and known == (facts.drawn, room):
            return self._map
        tasks, now = facts.picture.snapshot.tasks, facts.picture.now
        self._made_for = (facts.drawn, room)
        return diagram_map.make(
            facts.drawn.boxes,
            (facts.drawn.width, facts.drawn.height),
            lambda node: state_at(tasks[node], now),
            room,
        )

    # the mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A press on the map moves the window there; it may go on as a drag."""
        if self._map is not None and event.x >= self._map_at[0] - 1:
            self._aiming = True
            self.capture_mouse()
            self._aim(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The window goes with the mouse."""
        if self._aiming:
            self._aim(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go."""
        self._aiming = False
        self.release_mouse()

    def _aim(self, event: events.MouseEvent) -> None:
        if self._map is not None:
            x, y = event.x - self._map_at[0], event.y - self._map_at[1]
            self.post_message(self.Aimed(*diagram_map.cell_of(self._map, x, y)))
