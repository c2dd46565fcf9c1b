"""The small map of a diagram: one sign for each cell with tasks in it, the window on a ground of its own. Pure."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from textual.geometry import Region

from taskterm.core.diagram import Box
from taskterm.core.model import STATES
from taskterm.tui.rows import Row, Span
from taskterm.tui.theme import STATE_ROLE

CHOSEN = "chosen"
FILLED, EMPTY, HERE = ("■", "#"), ("□", "o"), ("◆", "@")
"""Something happens or happened, nothing yet, and the selection; each with its ASCII sign."""


class Map(NamedTuple):
    """`marks` gives the state of what stands in a cell: of several tasks that which needs a look first."""

    width: int
    height: int
    across: float
    down: float
    marks: Mapping[tuple[int, int], str]


def make(boxes: Mapping[int, Box], extent: tuple[int, int], state: Callable[[int], str], room: tuple[int, int]) -> Map:
    """A map of a drawing of this extent in at most `room` columns and rows."""
    width, height = min(room[0], max(extent[0], 1)), min(room[1], max(extent[1], 1))
    across, down = max(extent[0], 1) / width, max(extent[1], 1) / height
    rank = {name: at for at, name in enumerate(STATES)}
    marks: dict[tuple[int, int], str] = {}
    for node, box in boxes.items():
        if node > 0:
            at = int((box.x + box.width / 2) / across), int((box.y + box.height / 2) / down)
            found = state(node)
            if at not in marks or rank[found] < rank[marks[at]]:
                marks[at] = found
    return Map(width, height, across, down, marks)


def rows(drawn: Map, window: Region, chosen: Box | None, *, ascii_only: bool) -> list[Row]:
    """The lines of the map, with the window and the selection."""
    first, top = int(max(window.x, 0) / drawn.across), int(max(window.y, 0) / drawn.down)
    last = int(max(window.right - 1, 0) / drawn.across)
    bottom = int(max(window.bottom - 1, 0) / drawn.down)
    here = None
    if chosen is not None:
        here = int((chosen.x + chosen.width / 2) / drawn.across), int((chosen.y + chosen.height / 2) / drawn.down)
    found = []
    for y in range(drawn.height):
        spans = []
        for x in range(drawn.width):
            on = "select" if first <= x <= last and top <= y <= bottom else None
            state = drawn.marks.get((x, y))
            if (x, y) == here:
                spans.append(Span(HERE[ascii_only], "accent", True, on=on))
            elif state is None:
                spans.append(Span(" ", on=on))
            else:
                sign = EMPTY if state in ("ready", "blocked", "waiting") else FILLED
                spans.append(Span(sign[ascii_only], STATE_ROLE[state], on=on))
        found.append(Row(spans))
    return found


def cell_of(drawn: Map, x: int, y: int) -> tuple[int, int]:
    """The cell of the drawing that a cell of the map stands for."""
    return int((x + 0.5) * drawn.across), int((y + 0.5) * drawn.down)
