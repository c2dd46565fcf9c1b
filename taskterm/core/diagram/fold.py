"""Folds a diagram that is wider than the place for it: bands of whole layers, each cut line labelled with its ends."""

from __future__ import annotations

from itertools import pairwise

from taskterm.core.lean import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from taskterm.core.diagram import Layout, Part

    Ends = Mapping[int, Sequence[int]]


class Band(NamedTuple):
    """Layers `first` … `last` (from 0) of a part, which lie in the cells from `x` on. `left` gives by row the nodes
    that a line comes from which was cut there, `right` those that a cut line goes to."""

    first: int
    last: int
    x: int
    width: int
    left: Ends
    right: Ends


def bands(layout: Layout, part: Part, width: int, label: Callable[[Sequence[int]], int]) -> list[Band]:
    """A part of a diagram that flows right in bands of at most `width` cells, or of one layer where even that is wider.

    `label` answers how many cells the names of some nodes take beside a band.
    """
    count = len(part.layers)
    cuts = _cuts(layout, part)
    margins_left = [max((label(ids) for ids in left.values()), default=0) for left, _ in cuts]
    margins_right = [max((label(ids) for ids in right.values()), default=0) for _, right in cuts]
    starts = [part.x + start for start in part.starts]
    found: list[Band] = []
    first = 0
    while first < count:
        # A band that is not the first begins with the cell before its layer: the arrow heads, or lines that go on.
        x = starts[first] - (1 if first else 0)
        last = first
        while last + 1 < count:
            after = last + 2
            end = starts[after] if after < count else part.x + part.width
            margin = margins_left[first] + (margins_right[after] if after < count else 0)
            if end - x + margin > width:
                break
            last += 1
        end = starts[last + 1] if last + 1 < count else part.x + part.width
        right: Ends = cuts[last + 1][1] if last + 1 < count else {}
        found.append(Band(first, last, x, end - x, cuts[first][0], right))
        first = last + 1
    return found


def _cuts(layout: Layout, part: Part) -> list[tuple[dict[int, list[int]], dict[int, list[int]]]]:
    """For the cell before each layer: by row the sources, and the targets, of the lines there."""
    inside = {node for layer in part.layers for node in layer}
    found: list[tuple[dict[int, list[int]], dict[int, list[int]]]] = [({}, {}) for _ in part.layers]
    for (source, target), corners in layout.lines.items():
        if source not in inside:
            continue
        layer = layout.boxes[source].layer + 1
        for (ax, y), (bx, other_y) in pairwise(corners):
            if y != other_y:
                continue
            while layer <= layout.boxes[target].layer and ax <= part.x + part.starts[layer] - 1 <= bx:
                left, right = found[layer]
                if source not in left.setdefault(y, []):
                    left[y].append(source)
                if target not in right.setdefault(y, []):
                    right[y].append(target)
                layer += 1
    return found
