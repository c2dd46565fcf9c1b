"""The diagram as lines of text: the form that fits the terminal, folded where none does, and the overview."""

from __future__ import annotations

from taskterm.cli.session import Session
from taskterm.cli.text import cells, fit, pad
from taskterm.core import dates
from taskterm.core.diagram import DOWN_ASCII, Arrangement, Layout, Size, arrange, set_out
from taskterm.core.diagram.canvas import Canvas, Span, Stroke
from taskterm.core.diagram.fold import Band, bands
from taskterm.core.diagram.nodes import BOX_WIDTH, Nodes, Style
from taskterm.core.diagram.overview import Overview, overview
from taskterm.core.diagram.tasks import Picture, nodes_and_edges, urgency_at
from taskterm.core.display import STATE_ROLES, visible
from taskterm.core.lean import NamedTuple
from taskterm.core.snapshot import Snapshot, shown_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

NARROW_BOX = 18
LINES = (30, 20)
"""How wide a compact node may be: at first, and where that does not fit."""

FORMS = (
    ("right", "boxes", BOX_WIDTH),
    ("right", "compact", LINES[0]),
    ("down", "boxes", BOX_WIDTH),
    ("down", "boxes", NARROW_BOX),
    ("right", "compact", LINES[1]),
    ("down", "compact", LINES[0]),
    ("down", "compact", LINES[1]),
)
"""Direction, zoom and width of a node, in the order in which they are tried."""

CRITICAL = Stroke("text", True, 1)
LIGHT = Stroke()


class Drawing(NamedTuple):
    """A layout and what its nodes look like."""

    layout: Layout
    nodes: Nodes


def draw(
    session: Session, snapshot: Snapshot, picture: Picture, width: int | None, size: str | None, direction: str | None
) -> list[str]:
    """The lines of a diagram that is at most `width` cells wide (None: as wide as it gets)."""
    drawing = laid_out(session, snapshot, picture, width, size, direction)
    layout = drawing.layout
    canvas = Canvas(
        layout,
        drawing.nodes.look,
        lambda edge: CRITICAL if edge in picture.critical else LIGHT,
        ascii_only=session.ascii,
    )
    if width is None or layout.width <= width:
        return [_painted(session, row) for row in canvas.window(0, 0, layout.width, layout.height)]
    if layout.flow == "right":
        return _folded(session, canvas, width)
    lines = [_painted(session, row) for row in canvas.window(0, 0, width, layout.height)]
    more = f"{layout.width - width} cells wider than the terminal; whole in a file with: taskterm graph -o FILE"
    return [*lines, "", session.paint(more, "mute")]


def laid_out(
    session: Session, snapshot: Snapshot, picture: Picture, width: int | None, size: str | None, direction: str | None
) -> Drawing:
    """The first form that fits `width`; where none does, the narrowest that can be folded, or else the narrowest."""
    ids, edges = nodes_and_edges(picture)
    arranged = arrange(ids, edges)
    forms = [form for form in FORMS if direction in (None, form[0]) and size in (None, form[1])]
    for form in forms:
        nodes, sizes = _nodes(session, snapshot, picture, form, ids)
        if width is None or _least(arranged, sizes, form[0]) <= width:
            layout = _set_out(session, arranged, sizes, form[0], picture)
            if width is None or layout.width <= width:
                return Drawing(layout, nodes)
    last = ([form for form in forms if form[0] == "right"] or forms)[-1]
    nodes, sizes = _nodes(session, snapshot, picture, last, ids)
    return Drawing(_set_out(session, arranged, sizes, last[0], picture), nodes)


def _nodes(
    session: Session, snapshot: Snapshot, picture: Picture, form: tuple[str, str, int], ids: Sequence[int]
) -> tuple[Nodes, dict[int, Size]]:
    flow, zoom, width = form
    style = Style(zoom, width, session.ascii, down=flow == "down")
    nodes = Nodes(snapshot, picture, session.now, style, picture.roots)
    return nodes, {node: nodes.size(node) for node in ids}


def _set_out(
    session: Session, arranged: Sequence[Arrangement], sizes: dict[int, Size], flow: str, picture: Picture
) -> Layout:
    spacing = DOWN_ASCII if flow == "down" and session.ascii else None
    return set_out(arranged, sizes, flow=flow, spacing=spacing, strong=picture.critical)


def _least(arranged: Sequence[Arrangement], sizes: dict[int, Size], flow: str) -> int:
    """A width that no layout of these nodes can be below."""
    found = 0
    for part in arranged:
        widths = [[sizes[part.ids[i]].width for i in layer if i < len(part.ids)] for layer in part.order]
        if flow == "right":
            found = max(found, sum(max(layer, default=1) for layer in widths) + 5 * (len(widths) - 1))
        else:
            found = max(found, *(sum(layer) + 2 * (len(layer) - 1) for layer in widths))
    return found


def _painted(session: Session, row: Sequence[Span]) -> str:
    """One row of a window, without the blanks at its end."""
    spans = list(row)
    while spans and not spans[-1].text.strip():
        spans.pop()
    if spans:
        spans[-1] = spans[-1]._replace(text=spans[-1].text.rstrip())
    return "".join(session.paint(span.text, span.role, span.strong) for span in spans)


def _folded(session: Session, canvas: Canvas, width: int) -> list[str]:
    """Bands of layers, one under another; where lines are cut, the ids at their other ends stand beside them."""
    lines: list[str] = []
    for part in canvas.layout.parts:
        found = bands(canvas.layout, part, width, lambda ids: cells(_names(ids)) + 1)
        for band in found:
            if lines:
                lines.append("")
            if len(found) > 1:
                layers = (
                    f"layer {band.first + 1}"
                    if band.first == band.last
                    else f"layers {band.first + 1} to {band.last + 1}"
                )
                lines += [session.paint(f"{layers} of {len(part.layers)}", "mute"), ""]
            lines += _band(session, canvas, band, part.y, part.height)
    return lines


def _band(session: Session, canvas: Canvas, band: Band, top: int, height: int) -> list[str]:
    margin = max((cells(_names(ids)) + 1 for ids in band.left.values()), default=0)
    lines: list[str] = []
    for y, row in enumerate(canvas.window(band.x, top, band.width, height), top):
        right = _names(band.right[y]) if y in band.right else ""
        left = pad(_names(band.left[y]) + " ", margin, right=True) if y in band.left else " " * margin
        if right:
            drawn = "".join(session.paint(span.text, span.role, span.strong) for span in row)
            line = session.paint(left, "mute") + drawn + session.paint(f" {right}", "mute")
        else:
            line = session.paint(left, "mute") + _painted(session, row)
        blank = not right and y not in band.left and not any(span.text.strip() for span in row)
        if not blank or (lines and lines[-1]):
            lines.append("" if blank else line)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _names(ids: Sequence[int]) -> str:
    """The ids at the other ends of a cut line: two at most, then how many more. What is only counted has none."""
    shown = [str(i) for i in ids if i > 0]
    return " ".join(shown[:2]) + (f" +{len(shown) - 2}" if len(shown) > 2 else "")


# ── the overview
ROWS = 8
"""Signs of one layer that are shown; of more, the last row counts the rest."""
PARTS = 6
"""Connected parts that are shown; the rest is counted."""


def draw_overview(session: Session, snapshot: Snapshot, picture: Picture, width: int | None) -> list[str]:
    """The largest connected parts as columns of state signs, and how to see one of them."""
    at = dates.to_utc_text(session.now)
    found = overview(
        picture.parts[:PARTS],
        picture.edges,
        lambda i: shown_state(snapshot.tasks[i], at),
        urgency_at(snapshot, session.now),
    )
    lines: list[str] = []
    for part in found:
        lines += [*([""] if lines else []), *_part(session, snapshot, part, at, width)]
    rest = picture.parts[PARTS:]
    if rest:
        count = sum(map(len, rest))
        lines += ["", session.paint(f"and {len(rest)} smaller parts with {count} tasks", "mute")]
    if found:
        around = f"see what lies around a task with: taskterm graph {found[0].first}"
        lines += [
            "",
            session.paint(around, "mute"),
            session.paint("or choose with: taskterm graph project:NAME", "mute"),
        ]
    return lines


def _part(session: Session, snapshot: Snapshot, part: Overview, at: str, width: int | None) -> list[str]:
    layers = len(part.columns)
    first = snapshot.tasks[part.first]
    head = f"{part.size} tasks in {layers} layers"
    lines, used = [session.paint(head, strong=True)], len(head)
    for state, count in part.counts.items():
        words = f" {count} {state}"
        if width and used + len(words) + 3 > width:
            lines.append("")
            used = 0
        elif lines[-1]:
            lines[-1] += "  "
        lines[-1] += session.paint(session.glyph(state), STATE_ROLES.get(state, "mute")) + words
        used += len(words) + 3
    label = f"most urgent: {first.id} {visible(first.title)}"
    lines.append(session.paint(fit(label, width) if width else label, "mute"))
    column = max(len(str(layers)), *(len(f"+{len(c.ids)}") for c in part.columns)) + 2
    per_line = max((width or column * layers) // column, 1)
    for start in range(0, layers, per_line):
        chosen = part.columns[start : start + per_line]
        lines.append("")
        lines.append(session.paint("".join(pad(str(c.layer + 1), column, right=True) for c in chosen), "mute"))
        for row in range(min(ROWS, max(len(c.ids) for c in chosen))):
            line, blanks = "", ""
            for c in chosen:
                text, role = "", ""
                if row < len(c.ids):
                    if row == ROWS - 1 and len(c.ids) > ROWS:
                        text, role = f"+{len(c.ids) - ROWS + 1}", "mute"
                    else:
                        state = shown_state(snapshot.tasks[c.ids[row]], at)
                        text, role = session.glyph(state), STATE_ROLES.get(state, "mute")
                blanks += " " * (column - len(text))
                if text:
                    line += blanks + session.paint(text, role)
                    blanks = ""
            lines.append(line)
    return lines
