"""The layout of a dependency diagram: a pure function from nodes, edges and sizes to rectangles and lines of cells.

    layers.py  who stands in which layer ─▶ order.py  few crossings ─▶ place.py  straight ─▶ routes.py  the lines

`canvas.py` draws any window of a layout as text, `tasks.py` says what stands in the nodes of tasks. The terminal, the
screen and the SVG all draw this one layout. Every line is of one source or of one target, or joins all of some sources
with all of some targets; so whoever follows it from a box reaches nothing but what the graph says.
"""

from __future__ import annotations

from itertools import pairwise

from taskterm.core.diagram import layers, order, place, routes
from taskterm.core.lean import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    Edge = tuple[int, int]
    Point = tuple[int, int]


class Size(NamedTuple):
    """Cells of a node. Lines leave and reach it `port` cells from its first one across the flow; -1 is its middle.
    Where its layer is longer than it is, it stands at the beginning, or `at_end`."""

    width: int
    height: int
    port: int = -1
    at_end: bool = False


class Box(NamedTuple):
    """Where a node stands: its left upper cell, its size, and the number of its layer within its part."""

    x: int
    y: int
    width: int
    height: int
    layer: int


class Part(NamedTuple):
    """A connected part: its node ids by layer, each layer in order, where each layer begins along the flow, and the
    rectangle of cells that it takes."""

    layers: tuple[tuple[int, ...], ...]
    starts: tuple[int, ...]
    x: int
    y: int
    width: int
    height: int


class Layout(NamedTuple):
    """A drawn-up diagram. `lines` gives for each edge the corners of its line: from the cell beside the source to the
    cell beside the target, where the arrow head stands. `flow` is `right` or `down`."""

    flow: str
    width: int
    height: int
    boxes: Mapping[int, Box]
    lines: Mapping[Edge, tuple[Point, ...]]
    parts: tuple[Part, ...]


class Arrangement(NamedTuple):
    """Layers and their order, before sizes are known: the costly half of a layout, the same for every zoom."""

    ids: tuple[int, ...]
    graph: layers.Layered
    order: list[list[int]]


class Spacing(NamedTuple):
    """Free cells: between neighbours of a layer, between layers, and from one track of lines to the next."""

    across: int
    along: int
    track: int


RIGHT = Spacing(1, 5, 2)
DOWN = Spacing(2, 2, 1)
DOWN_ASCII = Spacing(2, 3, 2)
PART_GAP = 1
"""Free rows between two connected parts."""


def arrange(ids: Sequence[int], edges: Iterable[Edge]) -> list[Arrangement]:
    """Layers and order of every connected part, in the order in which their first ids are given.

    Edges to ids that are not given are left out. Raises ClosesCycle where edges form a circle.
    """
    number = {node: at for at, node in enumerate(dict.fromkeys(ids))}
    names = list(number)
    pairs = list(dict.fromkeys((number[u], number[v]) for u, v in edges if u in number and v in number))
    found = []
    of_part = [0] * len(names)
    parts = layers.components(len(names), pairs)
    within = [0] * len(names)
    for at, part in enumerate(parts):
        for index, node in enumerate(part):
            of_part[node], within[node] = at, index
    split: list[list[Edge]] = [[] for _ in parts]
    for u, v in pairs:
        split[of_part[u]].append((within[u], within[v]))
    for part, inside in zip(parts, split, strict=True):
        graph = layers.lead_through(len(part), inside, layers.assign(len(part), inside))
        found.append(Arrangement(tuple(names[node] for node in part), graph, order.arrange(graph)))
    return found


def layout(
    ids: Sequence[int],
    edges: Iterable[Edge],
    size: Mapping[int, Size],
    *,
    flow: str = "right",
    spacing: Spacing | None = None,
    strong: Collection[Edge] = (),
) -> Layout:
    """The layout of a graph; see `arrange` for its arguments and `set_out` for the others."""
    return set_out(arrange(ids, edges), size, flow=flow, spacing=spacing, strong=strong)


def set_out(
    arrangements: Iterable[Arrangement],
    size: Mapping[int, Size],
    *,
    flow: str = "right",
    spacing: Spacing | None = None,
    strong: Collection[Edge] = (),
) -> Layout:
    """The parts with sizes, one under another. `strong` are edges that should be straight before all others."""
    room = spacing or (RIGHT if flow == "right" else DOWN)
    boxes: dict[int, Box] = {}
    lines: dict[Edge, tuple[Point, ...]] = {}
    parts: list[Part] = []
    width = height = 0
    wanted = frozenset(strong)
    for arrangement in arrangements:
        part = _Part(arrangement, size, flow == "right", room, wanted)
        top = height + PART_GAP if parts else 0
        for node, (x, y, w, h, layer) in part.boxes.items():
            boxes[node] = Box(x, y + top, w, h, layer)
        for edge, corners in part.lines.items():
            lines[edge] = tuple((x, y + top) for x, y in corners)
        ids = arrangement.ids
        by_layer = tuple(tuple(ids[i] for i in items if i < len(ids)) for items in arrangement.order)
        parts.append(Part(by_layer, tuple(part.starts), 0, top, part.width, part.height))
        width, height = max(width, part.width), top + part.height
    return Layout(flow, width, height, boxes, lines, tuple(parts))


class _Part:
    """One connected part, set out from (0, 0). Works along and across the flow; x and y come last."""

    def __init__(
        self, arrangement: Arrangement, size: Mapping[int, Size], right: bool, spacing: Spacing, strong: frozenset[Edge]
    ) -> None:
        self._arrangement = arrangement
        self._right = right
        self._spacing = spacing
        graph, ids = arrangement.graph, arrangement.ids
        self._long, room = [], []
        self._at_end = {item for item in range(graph.size) if size[ids[item]].at_end}
        for item in range(len(graph.layer)):
            w, h, port, _ = size[ids[item]] if item < graph.size else (1, 1, 0, False)
            along, across = (w, h) if right else (h, w)
            before = (across - 1) // 2 if port < 0 else port
            self._long.append(along)
            room.append((before, across - 1 - before))
        joins = {pair for u, v in graph.paths if (ids[u], ids[v]) in strong for pair in self._joins(u, v)}
        self._at = place.place(graph, arrangement.order, room, frozenset(joins), spacing.across)
        self._room = room
        self._set_along()
        self._build()

    def _joins(self, u: int, v: int) -> list[Edge]:
        path = self._arrangement.graph.paths[u, v]
        return list(pairwise(path))

    def _set_along(self) -> None:
        """Where each layer begins and ends along the flow, and the tracks between it and the next."""
        graph, order_of = self._arrangement.graph, self._arrangement.order
        spread = 1 if self._spacing.track > 1 else 2
        step = 1 if self._right else 2  # columns are narrower than rows are high
        self._hops: dict[Edge, routes.Hops] = {}
        self.starts: list[int] = []
        self._first_track: list[int] = []
        self._ends: list[int] = []
        position, lowest = 0, 0
        for items in order_of:
            length = max(self._long[item] for item in items)
            tracks, hops = routes.route(graph, items, self._at, spread, step)
            self._hops.update(hops)
            self.starts.append(position)
            self._ends.append(position + length)
            free = self._spacing.along - (self._spacing.track * (tracks - 1) + 3)
            self._first_track.append(position + length + 1 + max(free, 0) // 2)
            position += length + self._spacing.along + max(-free, 0)
            lowest = min([lowest, *(row for way in hops.values() for _, row in way)])
        if lowest < 0:  # a line that had to go round the outside
            self._at = [at - lowest for at in self._at]
            self._hops = {pair: tuple((t, row - lowest) for t, row in way) for pair, way in self._hops.items()}

    def _build(self) -> None:
        graph, ids = self._arrangement.graph, self._arrangement.ids
        raw: dict[int, tuple[int, int, int, int]] = {}
        for item in range(graph.size):
            layer = graph.layer[item]
            start = self._ends[layer] - self._long[item] if item in self._at_end else self.starts[layer]
            before, behind = self._room[item]
            raw[item] = (start, self._at[item] - before, self._long[item], before + behind + 1)
        self.boxes = {
            ids[item]: (*((a, b, c, d) if self._right else (b, a, d, c)), graph.layer[item])
            for item, (a, b, c, d) in raw.items()
        }
        self.lines: dict[Edge, tuple[Point, ...]] = {}
        far = [a + c for a, _, c, _ in raw.values()]
        deep = [b + d for _, b, _, d in raw.values()] + [at + 1 for at in self._at]
        for (u, v), path in graph.paths.items():
            row = self._at[u]
            corners = [(raw[u][0] + raw[u][2], row)]
            for pair in pairwise(path):
                first = self._first_track[graph.layer[pair[0]]]
                for track, goes_on in self._hops[pair]:
                    along = first + track * self._spacing.track
                    corners += [(along, row), (along, goes_on)]
                    row = goes_on
                    deep.append(row + 1)
            corners.append((raw[v][0] - 1, row))
            self.lines[ids[u], ids[v]] = tuple(corners if self._right else [(b, a) for a, b in corners])
        size = (max(far, default=0), max(deep, default=0))
        self.width, self.height = size if self._right else size[::-1]
