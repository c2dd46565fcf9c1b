"""The order inside each layer that makes edges cross little: sweeps that sort by neighbours, then swaps of neighbours.

Sugiyama, Tagawa and Toda (1981): a layer is sorted by the barycentre of what each item is joined with in the layer
before, left to right and back, as long as the number of crossings falls. Crossings of two layers are counted as
inversions (Barth, Jünger and Mutzel, 2002).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskterm.core.diagram.layers import Layered

SWEEPS = 24
"""At most this many pairs of sweeps from one start."""

WORK = 16_000
"""Sweeps stop when they have looked at about this many joins: a bound on time, whatever the graph."""


def arrange(graph: Layered) -> list[list[int]]:
    """The items of each layer in order. Among equals, items of smaller number come first."""
    layers: list[list[int]] = [[] for _ in range(max(graph.layer, default=-1) + 1)]
    joins = sum(map(len, graph.after)) or 1
    starts = [_walk(graph, layers, graph.before), _walk(graph, layers, graph.after), _shuffled(graph, layers)]
    best, fewest = starts[0], crossings(graph, starts[0])
    left = WORK // joins + 6
    for start in starts:
        if not fewest or left <= 0:
            break
        found, count, used = _swept(graph, start, left)
        left -= used
        if count < fewest:
            best, fewest = found, count
    if fewest:
        _swap(graph, best, joins)
    _settle(graph, best)
    return best


def crossings(graph: Layered, layers: Sequence[Sequence[int]]) -> int:
    """How many pairs of joins cross in this order."""
    place = _places(graph, layers)
    return sum(_inversions(graph, layer, place) for layer in layers)


def _inversions(graph: Layered, layer: Sequence[int], place: Sequence[int]) -> int:
    from bisect import bisect_right

    total = 0
    seen: list[int] = []
    for item in layer:
        ends = sorted([place[other] for other in graph.after[item]])
        size = len(seen)
        if size:
            for end in ends:
                total += size - bisect_right(seen, end)
        seen += ends
        seen.sort()  # two sorted runs: nearly free
    return total


def _places(graph: Layered, layers: Sequence[Sequence[int]]) -> list[int]:
    place = [0] * len(graph.layer)
    for layer in layers:
        for at, item in enumerate(layer):
            place[item] = at
    return place


def _walk(graph: Layered, layers: Sequence[Sequence[int]], back: Sequence[Sequence[int]]) -> list[list[int]]:
    """A first order: depth first from the items that have nothing behind them, so that relatives stand near."""
    other = graph.after if back is graph.before else graph.before
    found: list[list[int]] = [[] for _ in layers]
    seen = [False] * len(graph.layer)
    stack = [item for item in reversed(range(len(seen))) if not back[item]]
    while stack:
        item = stack.pop()
        if not seen[item]:
            seen[item] = True
            found[graph.layer[item]].append(item)
            stack += [near for near in reversed(other[item]) if not seen[near]]
    return found


def _shuffled(graph: Layered, layers: Sequence[Sequence[int]]) -> list[list[int]]:
    """An order without any pattern, the same every time (a linear congruence, no clock, no seed)."""
    found: list[list[int]] = [[] for _ in layers]
    for item, layer in enumerate(graph.layer):
        found[layer].append(item)
    for layer_items in found:
        layer_items.sort(key=lambda item: (item * 7919 + 12_345) % 10_007)
    return found


def _swept(graph: Layered, start: list[list[int]], budget: int) -> tuple[list[list[int]], int, int]:
    """Sweeps there and back while that helps: (best order, its crossings, sweeps made)."""
    layers = [list(layer) for layer in start]
    place = _places(graph, layers)
    best, fewest = [list(layer) for layer in layers], crossings(graph, layers)
    stale = used = 0
    while fewest and stale < 4 and used < min(budget, SWEEPS):
        right = used % 2 == 0
        near = graph.before if right else graph.after
        for layer in layers[1:] if right else reversed(layers[:-1]):
            _sort(layer, near, place, used % 4 > 1)
        used += 1
        count = sum(_inversions(graph, layer, place) for layer in layers)
        if count < fewest:
            best, fewest, stale = [list(layer) for layer in layers], count, 0
        else:
            stale += 1
    return best, fewest, used


def _sort(layer: list[int], near: Sequence[Sequence[int]], place: list[int], flip: bool) -> None:
    """Sorts a layer by the mean place of its neighbours; what has none stays where it is. `flip` turns equals round."""
    key: dict[int, float] = {}
    fixed: list[tuple[int, int]] = []
    for at, item in enumerate(layer):
        others = near[item]
        if others:
            key[item] = sum([place[other] for other in others]) / len(others)
        else:
            fixed.append((at, item))
    moving = [item for item in layer if item in key]
    if flip:
        moving.reverse()
    moving.sort(key=key.__getitem__)
    for at, item in fixed:
        moving.insert(at, item)
    layer[:] = moving
    for at, item in enumerate(layer):
        place[item] = at


def _swap(graph: Layered, layers: list[list[int]], joins: int) -> None:
    """Swaps neighbours in a layer wherever that saves a crossing, on both sides together."""
    place = _places(graph, layers)
    rounds = max(1, min(8, WORK // joins))
    dirty = set(range(len(layers)))
    for _ in range(rounds):
        changed: set[int] = set()
        for number in sorted(dirty):
            layer = layers[number]
            ends = [
                (sorted([place[i] for i in graph.before[item]]), sorted([place[i] for i in graph.after[item]]))
                for item in layer
            ]
            for at in range(len(layer) - 1):
                if _gain(ends[at], ends[at + 1]) > 0:
                    layer[at], layer[at + 1] = layer[at + 1], layer[at]
                    ends[at], ends[at + 1] = ends[at + 1], ends[at]
                    changed |= {number - 1, number, number + 1}
            for at, item in enumerate(layer):
                place[item] = at
        dirty = {number for number in changed if 0 <= number < len(layers)}
        if not dirty:
            break


def _settle(graph: Layered, layers: list[list[int]]) -> None:
    """Puts the smaller number first wherever two neighbours in a layer may change places without a crossing more."""
    place = _places(graph, layers)
    for layer in layers:
        ends = {
            item: (sorted([place[i] for i in graph.before[item]]), sorted([place[i] for i in graph.after[item]]))
            for item in layer
        }
        for end in range(len(layer) - 1, 0, -1):
            swapped = False
            for at in range(end):
                a, b = layer[at], layer[at + 1]
                if b < a < graph.size and not _gain(ends[a], ends[b]):
                    layer[at], layer[at + 1], swapped = b, a, True
            if not swapped:
                break
        for at, item in enumerate(layer):
            place[item] = at


def _gain(upper: tuple[list[int], list[int]], lower: tuple[list[int], list[int]]) -> int:
    """How many crossings two neighbours lose when they change places."""
    gain = 0
    for ours, theirs in zip(upper, lower, strict=True):
        if ours and theirs and ours[-1] > theirs[0]:
            for a in ours:
                for b in theirs:
                    gain += (a > b) - (a < b)
        else:  # already apart: a swap can only lose
            gain -= len(ours) * len(theirs) - bool(ours and theirs and ours[-1] == theirs[0])
    return gain
