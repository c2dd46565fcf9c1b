"""How nodes and lines of the diagram are lit: the selection, the path it waits on, what a filter leaves out. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from taskterm.core.diagram.canvas import Look, Span, Stroke
from taskterm.core.diagram.nodes import Nodes
from taskterm.core.model import OPEN
from taskterm.core.snapshot import Snapshot, shown_state
from taskterm.core.zone import to_utc_text
from taskterm.tui.diagram_scope import Drawn, style
from taskterm.tui.glyphs import PLAIN, UNICODE
from taskterm.tui.theme import STATE_ROLE, Glyphs

Edge = tuple[int, int]

CRITICAL = Stroke("text", True, 1)
LIGHT = Stroke()
QUIET = Stroke("line", False, -1)
REFUSED = Stroke("fail", True, 5)


class Path(NamedTuple):
    """What is lit with the selection: `kind` is `before` (what it waits for), `after` (what waits for it) or ``."""

    kind: str = ""
    tasks: frozenset[int] = frozenset()
    edges: frozenset[Edge] = frozenset()


class Lights(NamedTuple):
    """What the looks depend on beside the tasks themselves. `visible` are the ids a filter lets through (None: all),
    `refused` a path that a link would close to a circle."""

    selected: int | None = None
    linking: int | None = None
    visible: frozenset[int] | None = None
    critical_only: bool = False
    path: Path = Path()
    marked: frozenset[int] = frozenset()
    refused: frozenset[Edge] = frozenset()


def path_of(snapshot: Snapshot, drawn: Drawn, selected: int | None) -> Path:
    """The open chain that blocks the selected task; of one that nothing blocks, the open chain that waits for it."""
    if selected not in drawn.boxes or selected is None or not _is_open(snapshot, selected):
        return Path()
    for kind, near in (("before", snapshot.predecessors), ("after", snapshot.successors)):
        tasks, stack = {selected}, [selected]
        edges: set[Edge] = set()
        while stack:
            here = stack.pop()
            for other in near(here):
                if other not in drawn.boxes or not _is_open(snapshot, other):
                    continue
                edges.add((other, here) if kind == "before" else (here, other))
                if other not in tasks:
                    tasks.add(other)
                    stack.append(other)
        if edges:
            return Path(kind, frozenset(tasks), frozenset(edges))
    return Path()


def _is_open(snapshot: Snapshot, task_id: int) -> bool:
    task = snapshot.tasks.get(task_id)
    return task is not None and task.status in OPEN


def stroke_of(drawn: Drawn, lights: Lights) -> Callable[[Edge], Stroke]:
    """How each line is drawn."""
    critical, path = drawn.picture.critical, lights.path

    def stroke(edge: Edge) -> Stroke:
        if edge in lights.refused:
            return REFUSED
        heavy = edge in critical
        if edge in path.edges and not lights.critical_only:
            return Stroke("accent", heavy, 4 if heavy else 3)
        if heavy:
            return CRITICAL
        quiet = lights.critical_only or _is_quiet(lights, edge[0]) or _is_quiet(lights, edge[1])
        return QUIET if quiet else LIGHT

    return stroke


def _is_quiet(lights: Lights, node: int) -> bool:
    return node > 0 and lights.visible is not None and node not in lights.visible


def look_of(snapshot: Snapshot, drawn: Drawn, now: datetime, lights: Lights) -> Callable[[int], Look]:
    """What stands in each node."""
    picture = drawn.picture
    chosen = [i for i in (lights.selected, lights.linking) if i is not None]
    nodes = Nodes(snapshot, picture, now, style(drawn.wanted.zoom, drawn.wanted.ascii_only), chosen)

    marked = Span((PLAIN if drawn.wanted.ascii_only else UNICODE).marked, "accent", True)

    def look(node: int) -> Look:
        found = nodes.look(node)
        if node in lights.marked:
            found = _marked(found, marked)
        if node < 0 or node in chosen:
            if node == lights.selected and found.border:
                return found._replace(ground=found.ground or "select")
            return found
        if _is_quiet(lights, node) or (lights.critical_only and node not in drawn.critical):
            return _quiet(found)
        if node in lights.path.tasks and found.role == "line2":
            return found._replace(role="accent")
        return found

    return look


def _marked(look: Look, sign: Span) -> Look:
    """With the sign in the blank before the number, or, where there is no number, in the first cell that is blank."""
    first, *rest = look.lines
    numbered = next((at for at, span in enumerate(first) if span.text.startswith(" ") and span.text.strip()), None)
    blank = next((at for at, span in enumerate(first) if span.text == " "), None)
    at = blank if numbered is None else numbered
    if at is None:
        first = (*first, sign)
    else:
        first = (*first[:at], sign, first[at]._replace(text=first[at].text[1:]), *first[at + 1 :])
    return look._replace(lines=(first, *rest), ground=look.ground or "t_acc")


def _quiet(look: Look) -> Look:
    """Without hue, weight and tint: there, but not what is looked for."""
    lines = tuple(tuple(span._replace(role="mute", strong=False, ground="") for span in line) for line in look.lines)
    return Look(look.border, "line" if look.border else look.role, lines)


def sign_of(
    snapshot: Snapshot, drawn: Drawn, now: datetime, lights: Lights, glyphs: Glyphs
) -> Callable[[int], tuple[Span, ...]]:
    """The two cells of each task in the overview."""
    at = to_utc_text(now)
    bar, blank = Span(glyphs.cursor, "accent", True, "select"), Span(" ")

    def sign(node: int) -> tuple[Span, ...]:
        task = snapshot.tasks[node]
        state = shown_state(task, at)
        if node == lights.selected:
            return bar, Span(glyphs.state[state], STATE_ROLE[state], True, "select")
        if _is_quiet(lights, node) or (lights.critical_only and node not in drawn.critical):
            return blank, Span(glyphs.state[state], "line2")
        lit = node in lights.path.tasks
        if node in lights.marked:
            return Span(glyphs.marked, "accent", True), Span(glyphs.state[state], STATE_ROLE[state], True)
        return blank, Span(glyphs.state[state], "accent" if lit else STATE_ROLE[state], lit)

    return sign
