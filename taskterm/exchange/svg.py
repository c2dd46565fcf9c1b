"""Tasks and their dependencies as an SVG picture, in the same layout as in the terminal, for light and dark pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from xml.sax.saxutils import escape as escape_xml

from taskterm.core.diagram import Box, Layout, Size, layout
from taskterm.core.diagram.canvas import Look, Span
from taskterm.core.diagram.nodes import BOX_HEIGHT, BOX_WIDTH, Nodes, Style
from taskterm.core.diagram.tasks import Picture, urgency_at, whole
from taskterm.core.display import ISOLATE, POP_ISOLATE, cells, visible
from taskterm.core.palette import DARK, LIGHT
from taskterm.core.snapshot import Snapshot

CELL_X, CELL_Y = 8, 17
"""Pixels of a cell. A monospaced letter of FONT_SIZE is 0.6 times as wide as it is high, a little less than a cell."""

FONT_SIZE, MARGIN, BEND = 13, 16, 6
ALONE_COLUMNS = 5
"""How many tasks without dependencies stand side by side below the diagram, at least."""

_ROLES = ("bg", "surface", "line2", "text", "soft", "mute", "accent", "run", "ready", "warn", "fail", "done", "t_fail")


def render(snapshot: Snapshot, ids: Collection[int], now: datetime) -> str:
    """A whole SVG document, well-formed whatever titles hold; ends in a newline.

    Colours follow the reader's `prefers-color-scheme`. Each node carries its whole title for a tooltip.
    """
    picture = whole(snapshot, ids, urgency_at(snapshot, now))
    nodes = Nodes(snapshot, picture, now, Style())
    drawn = layout(
        picture.ids, picture.edges, dict.fromkeys(picture.ids, Size(BOX_WIDTH, BOX_HEIGHT)), strong=picture.critical
    )
    boxes = {**drawn.boxes, **_alone(drawn, picture.alone)}
    right = max((box.x + box.width for box in boxes.values()), default=0)
    bottom = max((box.y + box.height for box in boxes.values()), default=0)
    width = max(right, drawn.width) * CELL_X + 2 * MARGIN
    height = max(bottom, drawn.height) * CELL_Y + 2 * MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-label="Tasks and what they wait for">',
        f"<style>{_style()}</style>",
        _marker("head", "line2") + _marker("head-critical", "text"),
        f'<rect class="page" width="{width}" height="{height}"/>',
        f'<g transform="translate({MARGIN} {MARGIN})">',
        *_edges(drawn, picture),
        *(line for node, box in boxes.items() for line in _node(snapshot.tasks[node].title, box, nodes.look(node))),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _alone(drawn: Layout, ids: Collection[int]) -> Mapping[int, Box]:
    """Places for tasks without dependencies: rows below the diagram, about as wide as it is."""
    columns = max((drawn.width + 5) // (BOX_WIDTH + 5), ALONE_COLUMNS)
    top = drawn.height + 2 if drawn.boxes else 0
    return {
        node: Box(at % columns * (BOX_WIDTH + 5), top + at // columns * (BOX_HEIGHT + 1), BOX_WIDTH, BOX_HEIGHT, 0)
        for at, node in enumerate(ids)
    }


def _style() -> str:
    rules = [f".{role}{{fill:var(--{role})}}" for role in _ROLES if role not in ("bg", "surface", "t_fail")]
    rules += [f".b-{role}{{stroke:var(--{role})}}" for role in ("line2", "run", "fail", "accent")]
    return (
        f":root{{{_variables(LIGHT)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}"
        ".page{fill:var(--bg)}"
        f"text{{font:{FONT_SIZE}px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:var(--text);"
        "white-space:pre}"
        ".strong{font-weight:600}"
        ".box{fill:var(--surface);stroke-width:1.2}.dashed{stroke-dasharray:4 3}.tinted{fill:var(--t_fail)}"
        ".edge{fill:none;stroke:var(--line2);stroke-width:1.3;marker-end:url(#head)}"
        ".critical{stroke:var(--text);stroke-width:2.6;marker-end:url(#head-critical)}" + "".join(rules)
    )


def _variables(colours: Mapping[str, str]) -> str:
    return ";".join(f"--{role}:{colours[role]}" for role in _ROLES)


def _marker(name: str, role: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path class="{role}" d="M0 0.5 8 4 0 7.5z"/></marker>'
    )


def _edges(drawn: Layout, picture: Picture) -> Iterator[str]:
    """One path for each edge, those of the critical path last, so that they lie on top."""
    for edge in sorted(drawn.lines, key=lambda edge: edge in picture.critical):
        corners = [(_x(x), _y(y)) for x, y in drawn.lines[edge]]
        # From the border of one box to the border of the other, half a cell further than the cells of the line.
        corners[0] = (corners[0][0] - CELL_X, corners[0][1])
        corners[-1] = (corners[-1][0] + CELL_X - 1, corners[-1][1])
        name = "edge critical" if edge in picture.critical else "edge"
        yield f'<path class="{name}" d="{_path(corners)}"><title>{edge[0]} → {edge[1]}</title></path>'


def _path(corners: list[tuple[float, float]]) -> str:
    """The corners as a path whose bends are round."""
    found = [f"M{corners[0][0]:g} {corners[0][1]:g}"]
    for (ax, ay), (bx, by), (cx, cy) in zip(corners, corners[1:], corners[2:], strict=False):
        length = min(abs(bx - ax) + abs(by - ay), abs(cx - bx) + abs(cy - by))
        radius = min(BEND, length / 2)
        if not radius:
            continue
        found.append(f"L{_toward(bx, ax, radius):g} {_toward(by, ay, radius):g}")
        found.append(f"Q{bx:g} {by:g} {_toward(bx, cx, radius):g} {_toward(by, cy, radius):g}")
    return "".join(found) + f"L{corners[-1][0]:g} {corners[-1][1]:g}"


def _toward(start: float, end: float, by: float) -> float:
    return start + (by if end > start else -by if end < start else 0)


def _node(title: str, box: Box, look: Look) -> Iterator[str]:
    yield f"<g><title>{escape(visible(title))}</title>"
    kind = "box" + (" dashed" if look.border == "dashed" else "") + (" tinted" if look.ground == "t_fail" else "")
    yield (
        f'<rect class="{kind} b-{look.role}" x="{_x(box.x):g}" y="{_y(box.y):g}" rx="5" '
        f'width="{(box.width - 1) * CELL_X}" height="{(box.height - 1) * CELL_Y}"/>'
    )
    for index, line in enumerate(look.lines):
        row = "".join(_spans(line, box.x + 2))
        if row:
            yield f'<text y="{_y(box.y + 1 + index) + 4.5:g}">{row}</text>'
    yield "</g>"


def _spans(line: tuple[Span, ...], column: int) -> Iterator[str]:
    """Each piece at its own cell, so that a font that is a little wider or narrower moves nothing."""
    for span in line:
        if span.text.strip():
            name = " ".join(name for name in (span.role, "strong" if span.strong else "") if name)
            yield (
                f'<tspan x="{column * CELL_X}"' + (f' class="{name}"' if name else "") + f">{escape(span.text)}</tspan>"
            )
        column += cells(span.text)


def _x(column: int) -> float:
    return (column + 0.5) * CELL_X


def _y(row: int) -> float:
    return (row + 0.5) * CELL_Y


def escape(text: str) -> str:
    """Harmless text for XML: markup as entities, nothing that XML has no character for."""
    plain = "".join(char for char in text if char not in (ISOLATE, POP_ISOLATE, "\ufffe", "\uffff"))
    return escape_xml(plain, {'"': "&quot;"})
