"""Layers of a diagram: who stands in which, and how edges that pass several layers are led through them.

A layer is everything that stands side by side. An edge that passes layers gets a waypoint in each of them, so that all
later parts only ever look at two neighbouring layers. Long edges that leave one node share their waypoints, and so do
long edges that reach one node: a line of the drawing is always of one source or of one target.
"""

from __future__ import annotations

from itertools import pairwise

from taskterm.core import graph
from taskterm.core.lean import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Pair = tuple[int, int]


class Layered(NamedTuple):
    """A graph whose edges join neighbouring layers only. Items 0 … `size` - 1 are the nodes, the others waypoints.

    `layer` is the layer of each item, `chain` the number of the line that a waypoint belongs to (-1 for nodes);
    `before` and `after` are the items joined in the layer to the left and to the right; `paths` gives for every edge
    the items that it passes, its two ends included.
    """

    size: int
    layer: list[int]
    chain: list[int]
    before: list[list[int]]
    after: list[list[int]]
    paths: dict[Pair, tuple[int, ...]]


def components(count: int, edges: Sequence[Pair]) -> list[list[int]]:
    """The connected parts of the nodes 0 … `count` - 1, each in ascending order, by their smallest node."""
    near: list[list[int]] = [[] for _ in range(count)]
    for u, v in edges:
        near[u].append(v)
        near[v].append(u)
    seen = [False] * count
    found: list[list[int]] = []
    for start in range(count):
        if seen[start]:
            continue
        seen[start] = True
        part = [start]
        for node in part:  # grows while it is walked
            for other in near[node]:
                if not seen[other]:
                    seen[other] = True
                    part.append(other)
        found.append(sorted(part))
    return found


def earliest(count: int, edges: Sequence[Pair]) -> list[int]:
    """The layer of each node, from 0, as far left as its predecessors allow (longest path layering).

    Raises ClosesCycle for a graph that has a cycle.
    """
    before: list[list[int]] = [[] for _ in range(count)]
    for u, v in edges:
        before[v].append(u)
    layer = [0] * count
    for v in graph.topological_order(range(count), before.__getitem__):
        layer[v] = max((layer[u] + 1 for u in before[v]), default=0)
    return layer


def assign(count: int, edges: Sequence[Pair]) -> list[int]:
    """The layer of each node, from 0: the earliest, then drawn together so that edges pass few layers.

    A node moves right where more edges leave it than reach it, and back left in the other case, as long as the edges
    together get no longer. Raises ClosesCycle for a graph that has a cycle.
    """
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for u, v in edges:
        before[v].append(u)
        after[u].append(v)
    layer = earliest(count, edges)
    order = sorted(range(count), key=layer.__getitem__)
    for ties in (True, False):
        moved = list(layer)
        for v in reversed(order):
            gain = len(after[v]) - len(before[v])
            if after[v] and (gain > 0 or (ties and gain == 0)):
                moved[v] = min(moved[w] for w in after[v]) - 1
        for v in order:
            if before[v] and len(before[v]) >= len(after[v]):
                moved[v] = max(moved[u] for u in before[v]) + 1
        if _length(edges, moved) < _length(edges, layer):
            layer = moved
    first = min(layer, default=0)
    return [value - first for value in layer]


def _length(edges: Sequence[Pair], layer: Sequence[int]) -> int:
    return sum(layer[v] - layer[u] for u, v in edges)


def lead_through(count: int, edges: Sequence[Pair], layer: Sequence[int]) -> Layered:
    """The graph with waypoints: one line of them for each bundle of long edges that share a source or a target."""
    layers, chain = list(layer), [-1] * count
    joined: dict[Pair, None] = {}
    paths: dict[Pair, tuple[int, ...]] = {}
    for number, (node, out, others) in enumerate(_bundles(count, edges, layer)):
        # Waypoints by their layer; a bundle of one source grows to the right, one of one target to the left.
        first = layer[node] + 1 if out else min(layer[i] for i in others) + 1
        last = max(layer[i] for i in others) - 1 if out else layer[node] - 1
        line = {at: len(layers) + at - first for at in range(first, last + 1)}
        layers += range(first, last + 1)
        chain += [number] * len(line)
        for other in others:
            if out:
                path = (node, *(line[at] for at in range(first, layer[other])), other)
                paths[node, other] = path
            else:
                path = (other, *(line[at] for at in range(layer[other] + 1, last + 1)), node)
                paths[other, node] = path
            joined.update(dict.fromkeys(pairwise(path)))
    before: list[list[int]] = [[] for _ in layers]
    after: list[list[int]] = [[] for _ in layers]
    for edge in edges:
        if edge not in paths:
            paths[edge] = edge
            joined[edge] = None
    for u, v in joined:
        after[u].append(v)
        before[v].append(u)
    return Layered(count, layers, chain, before, after, paths)


def _bundles(count: int, edges: Sequence[Pair], layer: Sequence[int]) -> list[tuple[int, bool, list[int]]]:
    """Groups of long edges as (shared end, whether that end is their source, the other ends), largest first."""
    groups: dict[tuple[bool, int], dict[int, None]] = {}
    for u, v in edges:
        if layer[v] - layer[u] > 1:
            groups.setdefault((True, u), {})[v] = None
            groups.setdefault((False, v), {})[u] = None
    found: list[tuple[int, bool, list[int]]] = []
    waiting = sorted(groups, key=lambda key: -len(groups[key]))
    while waiting:
        # Lengths only shrink, so the first whose length still holds is the largest.
        key = waiting.pop(0)
        members = groups[key]
        if waiting and members and len(members) < len(groups[waiting[0]]):
            at = next((i for i, k in enumerate(waiting) if len(groups[k]) <= len(members)), len(waiting))
            waiting.insert(at, key)
            continue
        out, node = key
        if members:
            found.append((node, out, list(members)))
        for other in members:
            groups[not out, other].pop(node, None)
        groups[key] = {}
    return found
