"""Walking through a diagram: along its lines, within a layer, and (where there are no lines) to whatever lies there.

Pure. Nodes below zero stand for tasks that are left out and are never walked to.
"""

from collections.abc import Callable, Iterable, Mapping

from taskterm.core.diagram import Box, Layout, Part
from taskterm.tui.diagram_overview import Signs
from taskterm.tui.diagram_scope import Drawn


def step(drawn: Drawn, node: int, direction: str, preferred: int | None = None) -> int | None:
    """The node that lies `left`, `right`, `up` or `down` of a node; None where there is none.

    Left and right follow lines: to `preferred` if a line leads there, else to the critical one, else to the nearest.
    """
    if node not in drawn.boxes:
        return None
    if isinstance(drawn.drawing, Signs):
        return drawn.drawing.step(node, direction)
    if drawn.layout is None:
        return None
    if direction in ("up", "down"):
        return _in_layer(drawn.layout, node, direction) or _above_or_below(drawn.boxes, node, direction)
    edges = drawn.picture.edges
    near = [v for u, v in edges if u == node] if direction == "right" else [u for u, v in edges if v == node]
    if preferred in near:
        return preferred
    pairs = {n: (node, n) if direction == "right" else (n, node) for n in near}
    middle = _middle(drawn.boxes[node])[1]

    def rank(other: int) -> tuple[bool, int, int]:
        return pairs[other] not in drawn.picture.critical, abs(_middle(drawn.boxes[other])[1] - middle), other

    return min(near, key=rank, default=None)


def leads_out(drawn: Drawn, node: int, direction: str) -> bool:
    """Whether tasks that are left out lie to the left or right of a node."""
    counts = drawn.picture.after if direction == "right" else drawn.picture.before
    return direction in ("left", "right") and node in counts


def edge_of(drawn: Drawn, node: int, last: bool) -> int | None:
    """The node in the first (or last) layer of a node's part that lies nearest to its row."""
    if drawn.layout is None or node not in drawn.boxes:
        return None
    part = part_of(drawn, node)
    layers = [tasks for layer in part.layers if (tasks := [i for i in layer if i > 0])] if part is not None else []
    row = _middle(drawn.boxes[node])[1]
    return min(layers[-1 if last else 0], key=lambda i: abs(_middle(drawn.boxes[i])[1] - row)) if layers else None


def part_of(drawn: Drawn, node: int | None) -> Part | None:
    """The connected part that a node belongs to."""
    parts = drawn.layout.parts if drawn.layout is not None else ()
    return next((part for part in parts if any(node in layer for layer in part.layers)), None)


def nearest_to(boxes: Mapping[int, Box], x: int, y: int) -> int | None:
    """The task whose box is nearest to a cell."""
    return _least(boxes, (i for i in boxes if i > 0), lambda bx, by: abs(bx - x) + 3 * abs(by - y))


def _middle(box: Box) -> tuple[int, int]:
    return box.x + box.width // 2, box.y + box.height // 2


def _in_layer(layout: Layout, node: int, direction: str) -> int | None:
    for part in layout.parts:
        for layer in part.layers:
            if node in layer:
                tasks = [i for i in layer if i > 0]
                at = tasks.index(node) + (1 if direction == "down" else -1)
                return tasks[at] if 0 <= at < len(tasks) else None
    return None


def _above_or_below(boxes: Mapping[int, Box], node: int, direction: str) -> int | None:
    """The nearest task above or below; what lies straight there comes before what lies askew."""
    x, y = _middle(boxes[node])
    sign = 1 if direction == "down" else -1
    among = [i for i, box in boxes.items() if i > 0 and (_middle(box)[1] - y) * sign > 0]
    return _least(boxes, among, lambda bx, by: 3 * abs(by - y) + abs(bx - x))


def _least(boxes: Mapping[int, Box], among: Iterable[int], distance: Callable[[int, int], int]) -> int | None:
    return min(among, key=lambda i: (distance(*_middle(boxes[i])), i), default=None)
