"""What the diagram view shows: which tasks, laid out in which form. Pure, and run by the worker.

Up to `WHOLE` tasks with dependencies are all shown, finished ones as long as something open hangs together with them.
More are shown as the neighbourhood of one task, or as an overview. A picture that has the same nodes and edges as the
one before keeps its layout, so that nothing on the screen moves when only states have changed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from taskterm.core.diagram import Arrangement, Box, Layout, Size, Spacing, arrange, set_out
from taskterm.core.diagram import tasks as choice
from taskterm.core.diagram.canvas import Canvas, Span
from taskterm.core.diagram.layers import components
from taskterm.core.diagram.nodes import BOX_WIDTH, Nodes, Style
from taskterm.core.diagram.overview import overview
from taskterm.core.diagram.tasks import Picture
from taskterm.core.forecast import Outlook, outlook
from taskterm.core.model import OPEN
from taskterm.core.snapshot import Snapshot, shown_state
from taskterm.core.zone import to_utc_text
from taskterm.tui import teaching_rows
from taskterm.tui.diagram_overview import Signs, lay_signs, note
from taskterm.tui.glyphs import PLAIN, UNICODE

Edge = tuple[int, int]

WHOLE = 300
"""More tasks than this are not drawn at once, unless they all are direct neighbours of one."""
ZOOMS = ("boxes", "compact", "dots")
COMPACT_WIDTH = 30
LEAST_WIDTH = 40
"""Cells for words, before it is known how many there are."""
DOTS = Spacing(1, 5, 1)


class Drawable(Protocol):
    """Something with nodes on cells, of which any window can be drawn."""

    def window(
        self, x: int, y: int, width: int, height: int, name: Callable[[Sequence[int]], str] | None = None
    ) -> list[list[Span]]:
        """The rows of a window; `name` labels lines that it cuts."""
        ...

    def node_at(self, x: int, y: int) -> int | None:
        """The node on a cell, or None."""
        ...


class Wanted(NamedTuple):
    """What shall be drawn. `centre` is a task that has to be in it (None: whichever is most urgent), `depth` the steps
    around it (None: all, or as far as is comfortable). `form` is `tasks` or `overview`; the parts of an overview stand
    side by side as far as `width` cells reach."""

    snapshot: Snapshot
    now: datetime
    centre: int | None = None
    depth: int | None = None
    form: str = "tasks"
    zoom: str = "boxes"
    ascii_only: bool = False
    width: int = 0


class Drawn(NamedTuple):
    """A picture with its places. `kind` is `whole`, `near` or `overview`; `total` counts the tasks that have
    dependencies. `width` and `height` are those of the drawing in cells."""

    wanted: Wanted
    kind: str
    centre: int | None
    total: int
    picture: Picture
    boxes: Mapping[int, Box]
    width: int
    height: int
    drawing: Drawable
    layout: Layout | None
    arranged: Sequence[Arrangement]
    sizes: Mapping[int, Size]
    seen: Outlook
    critical: frozenset[int]


def draw(wanted: Wanted, known: Drawn | None = None) -> Drawn:
    """The picture that is wanted; whatever of `known` still fits is used again."""
    snapshot, urgent = wanted.snapshot, choice.urgency_at(wanted.snapshot, wanted.now)
    joined = _joined(snapshot)
    centre = wanted.centre if wanted.centre in snapshot.tasks else _most_urgent(snapshot, joined, urgent)
    if wanted.form == "overview":
        return _draw_overview(wanted, centre, joined, urgent)
    ids = _whole(snapshot, joined, centre) if wanted.depth is None else None
    if centre is None or ids is not None:
        keep = () if centre is None else (centre,)
        kind, picture = "whole", choice.whole(snapshot, ids or (), urgent, keep)
    else:
        kind = "near"
        picture = choice.around(snapshot, (centre,), lambda i: _is_shown(snapshot, i), wanted.depth, urgent)
    return _laid_out(wanted, known, kind, centre, len(joined), picture)


def _joined(snapshot: Snapshot) -> set[int]:
    """Every task with a dependency."""
    return {successor for successor, near in snapshot.before.items() if near}.union(*snapshot.before.values())


def _is_shown(snapshot: Snapshot, task_id: int) -> bool:
    return snapshot.tasks[task_id].status != "cancelled"


def _most_urgent(snapshot: Snapshot, ids: Iterable[int], urgent: Callable[[int], float]) -> int | None:
    among = [i for i in ids if snapshot.tasks[i].status in OPEN] or list(ids) or list(snapshot.tasks)
    return min(among, key=lambda i: (-urgent(i), i), default=None)


def _whole(snapshot: Snapshot, joined: Collection[int], centre: int | None) -> set[int] | None:
    """All that hangs together with something open, or with the centre; None where that is too much.

    Where finished tasks make it too much, only those stay that something open waits for directly.
    """
    alone = {centre} if centre is not None and (centre not in joined or not _is_shown(snapshot, centre)) else set()
    if len(joined) <= WHOLE:
        order = sorted(i for i in joined if _is_shown(snapshot, i))
        number = {task_id: at for at, task_id in enumerate(order)}
        pairs = [(number[p], number[s]) for s in order for p in snapshot.predecessors(s) if p in number]
        parts = [[order[at] for at in part] for part in components(len(order), pairs)]
        return alone.union(
            *(p for p in parts if centre in p or any(snapshot.tasks[i].status in OPEN for i in p)),
        )
    ids = {i for i in joined if snapshot.tasks[i].status in OPEN}
    if len(ids) > WHOLE:
        return None
    ids |= {p for i in ids for p in snapshot.predecessors(i) if _is_shown(snapshot, p)}
    return ids | alone if len(ids) <= WHOLE and (centre in ids or alone) else None


def _laid_out(
    wanted: Wanted, known: Drawn | None, kind: str, centre: int | None, total: int, picture: Picture
) -> Drawn:
    snapshot, now = wanted.snapshot, wanted.now
    ids, edges = choice.nodes_and_edges(picture)
    if not ids:
        return _empty(wanted, picture)
    nodes = Nodes(snapshot, picture, now, style(wanted.zoom, wanted.ascii_only))
    sizes = {node: nodes.size(node) for node in ids}
    same = (
        known is not None
        and known.layout is not None
        and known.boxes.keys() == sizes.keys()
        and known.layout.lines.keys() == set(edges)
    )
    arranged = known.arranged if same and known is not None else arrange(ids, edges)
    old = known.wanted if known is not None else wanted
    if same and known is not None and (known.sizes, old.ascii_only) == (sizes, wanted.ascii_only):
        layout, drawing = known.layout, known.drawing
    else:
        layout = set_out(arranged, sizes, strong=picture.critical, spacing=DOTS if wanted.zoom == "dots" else None)
        drawing = Canvas(layout, nodes.look, ascii_only=wanted.ascii_only)
    assert layout is not None
    return Drawn(
        wanted,
        kind,
        centre,
        total,
        picture,
        layout.boxes,
        layout.width,
        layout.height,
        drawing,
        layout,
        arranged,
        sizes,
        outlook(snapshot, picture.ids, now),
        frozenset(i for edge in picture.critical for i in edge),
    )


def _empty(wanted: Wanted, picture: Picture) -> Drawn:
    """No task at all: what belongs here, and how it comes about."""
    glyphs = PLAIN if wanted.ascii_only else UNICODE
    signs = Signs(note(teaching_rows.rows(teaching_rows.DIAGRAM, max(wanted.width, LEAST_WIDTH), 0, glyphs)))
    size = signs.places.width, signs.places.height
    return Drawn(wanted, "whole", None, 0, picture, {}, *size, signs, None, (), {}, Outlook(), frozenset())


def _draw_overview(wanted: Wanted, centre: int | None, joined: set[int], urgent: Callable[[int], float]) -> Drawn:
    snapshot, at = wanted.snapshot, to_utc_text(wanted.now)
    finished = len(joined) <= WHOLE
    wide = {i for i in joined if snapshot.tasks[i].status in OPEN or (finished and _is_shown(snapshot, i))}
    if centre is not None:
        wide.add(centre)
    picture = choice.whole(snapshot, wide, urgent)
    parts = overview(picture.parts, picture.edges, lambda i: shown_state(snapshot.tasks[i], at), urgent)
    alone = sum(task.status in OPEN for task in snapshot.tasks.values()) - sum(
        snapshot.tasks[i].status in OPEN for i in picture.ids
    )
    signs = Signs(lay_signs(parts, alone, centre, wanted.width, wanted.ascii_only))
    critical = frozenset(i for edge in picture.critical for i in edge)
    boxes, size = signs.places.boxes, (signs.places.width, signs.places.height)
    return Drawn(
        wanted, "overview", centre, len(joined), picture, boxes, *size, signs, None, (), {}, Outlook(), critical
    )


def style(zoom: str, ascii_only: bool) -> Style:
    """How nodes look at a zoom level."""
    return Style(zoom, BOX_WIDTH if zoom == "boxes" else COMPACT_WIDTH, ascii_only, "#")


def steps_shown(drawn: Drawn) -> int:
    """How many steps away from the centre the farthest task that is drawn stands, at least one."""
    near: dict[int, list[int]] = {}
    for u, v in drawn.picture.edges:
        near.setdefault(u, []).append(v)
        near.setdefault(v, []).append(u)
    seen, ring, steps = {drawn.centre}, [drawn.centre], 0
    while ring:
        ring = list({n for i in ring if i is not None for n in near.get(i, ()) if n not in seen})
        seen.update(ring)
        steps += bool(ring)
    return max(steps, 1)
