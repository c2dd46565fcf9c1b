"""Where each item stands across the flow: long edges straight, others short, nothing nearer than its room allows.

Brandes and Köpf, "Fast and simple horizontal coordinate assignment" (2001): items are joined to blocks that stand in
one line, four times (from the left and from the right, preferring the upper and the lower), and the four places are
averaged. Blocks are set by longest paths over what has to keep apart, which is simpler than the classes of the original
and free of their known fault. A last pass straightens the bends of a cell or two that averaging leaves.
"""

from __future__ import annotations

from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskterm.core.diagram.layers import Layered

    Pair = tuple[int, int]


def place(
    graph: Layered, layers: Sequence[Sequence[int]], room: Sequence[Pair], strong: frozenset[Pair], gap: int
) -> list[int]:
    """The line of each item's port across the flow, from 0 upwards.

    `room` is how many cells an item takes before and behind its port, `gap` how many stay free between two items,
    `strong` are joins that should be straight before all others.
    """
    conflicts = _conflicts(graph, layers, strong)
    found: list[list[int]] = []
    for right_to_left in (False, True):
        for low_first in (True, False):
            found.append(_variant(graph, layers, room, strong, gap, conflicts, right_to_left, low_first))
    spans = [max(at) - min(at) for at in found]
    narrowest = found[spans.index(min(spans))]
    low, high = min(narrowest), max(narrowest)
    for number, at in enumerate(found):
        shift = low - min(at) if number % 2 == 0 else high - max(at)
        if shift:
            found[number] = [value + shift for value in at]
    middle = []
    for values in zip(*found, strict=True):
        _, a, b, _ = sorted(values)
        middle.append((a + b) // 2)
    _straighten(graph, layers, room, strong, gap, middle)
    first = min(at - before for at, (before, _) in zip(middle, room, strict=True))
    return [at - first for at in middle]


def _conflicts(graph: Layered, layers: Sequence[Sequence[int]], strong: frozenset[Pair]) -> set[Pair]:
    """Joins that may not be made straight: those that cross or meet a strong one, and those that cross the inside of a
    long edge (type 1 conflicts) without being strong."""
    place = [0] * len(graph.layer)
    for layer in layers:
        for at, item in enumerate(layer):
            place[item] = at
    found: set[Pair] = set()
    for left, right in pairwise(layers):
        found.update(_across_inner(graph, left, right, place) - strong)
        for item in right:
            for other in graph.before[item]:
                if (other, item) in strong:
                    found.update(_across(graph, right, place, place[other], place[item]) - strong)
    return found


def _across(graph: Layered, right: Sequence[int], place: Sequence[int], start: int, end: int) -> set[Pair]:
    """The joins to the layer `right` that cross the one between these places, or share an end with it."""
    return {
        (other, item)
        for item in right
        for other in graph.before[item]
        if (place[other] - start) * (place[item] - end) <= 0
    }


def _across_inner(graph: Layered, left: Sequence[int], right: Sequence[int], place: Sequence[int]) -> set[Pair]:
    """The joins between two layers that cross a join of two waypoints of one line."""
    inner = []  # for each item to the right that continues a long edge: (its place, the place it comes from)
    for at, item in enumerate(right):
        if graph.chain[item] >= 0:
            inner += [(at, place[u]) for u in graph.before[item] if graph.chain[u] == graph.chain[item]]
    found: set[Pair] = set()
    start = low = 0
    for end, high in (*inner, (len(right) - 1, len(left) - 1)) if inner else ():
        for item in right[start : end + 1]:
            same = graph.chain[item]
            for other in graph.before[item]:
                if not low <= place[other] <= high and (same < 0 or graph.chain[other] != same):
                    found.add((other, item))
        start, low = end + 1, max(low, high)
    return found


def _variant(
    graph: Layered,
    layers: Sequence[Sequence[int]],
    room: Sequence[Pair],
    strong: frozenset[Pair],
    gap: int,
    conflicts: set[Pair],
    right_to_left: bool,
    low_first: bool,
) -> list[int]:
    ordered = [layer if low_first else layer[::-1] for layer in (layers[::-1] if right_to_left else layers)]
    near = graph.after if right_to_left else graph.before
    root = _blocks(len(graph.layer), ordered, near, strong, conflicts, right_to_left)
    sides = room if low_first else [(high, low) for low, high in room]
    at = _compact(ordered, root, sides, gap)
    return at if low_first else [-value for value in at]


def _blocks(
    size: int,
    ordered: Sequence[Sequence[int]],
    near: Sequence[Sequence[int]],
    strong: frozenset[Pair],
    conflicts: set[Pair],
    turned: bool,
) -> list[int]:
    """The root of each item's block: items of one block stand in one line."""
    place = [0] * size
    for layer in ordered:
        for at, item in enumerate(layer):
            place[item] = at
    root = list(range(size))
    for layer in ordered:
        taken = -1
        used: set[int] = set()
        for item in layer:
            others = near[item]
            if not others:
                continue
            ranked = sorted(others, key=place.__getitem__)
            half = (len(ranked) - 1) // 2
            tried = ranked[half : len(ranked) // 2 + 1]
            if strong:
                wanted = [o for o in ranked if ((item, o) if turned else (o, item)) in strong]
                tried = wanted[:1] or tried
            for other in tried:
                pair = (item, other) if turned else (other, item)
                if taken < place[other] and pair not in conflicts and other not in used:
                    root[item] = root[other]
                    used.add(other)
                    taken = place[other]
                    break
    return root


def _compact(ordered: Sequence[Sequence[int]], root: Sequence[int], room: Sequence[Pair], gap: int) -> list[int]:
    """The nearest place of each block that keeps all apart, then as near to its followers as they allow."""
    after: dict[int, dict[int, int]] = {}
    waits: dict[int, int] = dict.fromkeys(root, 0)
    for layer in ordered:
        previous = -1
        for item in layer:
            if previous >= 0:
                apart = room[previous][1] + room[item][0] + gap + 1
                a, b = root[previous], root[item]
                known = after.setdefault(a, {})
                if b not in known:
                    waits[b] += 1
                    known[b] = apart
                elif apart > known[b]:
                    known[b] = apart
            previous = item
    queue = [block for block, count in waits.items() if not count]
    at: dict[int, int] = dict.fromkeys(queue, 0)
    for block in queue:  # grows while it is walked
        here = at[block]
        for other, apart in after.get(block, {}).items():
            if at.get(other, -1) < here + apart:
                at[other] = here + apart
            waits[other] -= 1
            if not waits[other]:
                queue.append(other)
    for block in reversed(queue):
        followers = after.get(block)
        if followers:
            at[block] = max(at[block], min(at[other] - apart for other, apart in followers.items()))
    return [at[block] for block in root]


def _straighten(
    graph: Layered,
    layers: Sequence[Sequence[int]],
    room: Sequence[Pair],
    strong: frozenset[Pair],
    gap: int,
    at: list[int],
) -> None:
    """Moves groups of items that stand in one line to where more of their joins are straight, or these get shorter."""
    low, high = _bounds(layers, room, gap)
    size = len(at)
    for _ in range(4):
        changed = False
        seen = [False] * size
        for start in range(size):
            if seen[start]:
                continue
            group = _straight_group(graph, at, start, seen)
            least, most = -(10**9), 10**9
            for item in group:
                before, behind = low[item], high[item]
                if before >= 0:
                    least = max(least, at[before] + room[before][1] + room[item][0] + gap + 1 - at[item])
                if behind >= 0:
                    most = min(most, at[behind] - room[behind][0] - room[item][1] - gap - 1 - at[item])
            move = _best_move(graph, at, group, strong, least, most)
            if move:
                changed = True
                for item in group:
                    at[item] += move
        if not changed:
            break


def _bounds(layers: Sequence[Sequence[int]], room: Sequence[Pair], gap: int) -> tuple[list[int], list[int]]:
    """The neighbours of every item in its layer, before and behind it; -1 for none."""
    low, high = [-1] * len(room), [-1] * len(room)
    for layer in layers:
        for a, b in pairwise(layer):
            low[b], high[a] = a, b
    return low, high


def _straight_group(graph: Layered, at: Sequence[int], start: int, seen: list[bool]) -> list[int]:
    """The items that straight joins hold together with this one."""
    seen[start] = True
    group = [start]
    for item in group:  # grows while it is walked
        for near in (graph.before[item], graph.after[item]):
            for other in near:
                if at[other] == at[item] and not seen[other]:
                    seen[other] = True
                    group.append(other)
    return group


def _best_move(
    graph: Layered, at: Sequence[int], group: Sequence[int], strong: frozenset[Pair], least: int, most: int
) -> int:
    """The move between `least` and `most` after which the joins of the group cost least; 0 where none is better.

    A join costs its length; a kink of a cell or two costs four more, any bend of a strong one eight.
    """
    members = set(group)
    pulls: list[tuple[int, bool]] = []  # (move that makes a join straight, whether it is strong)
    for item in group:
        here = at[item]
        pulls += [(at[other] - here, (other, item) in strong) for other in graph.before[item] if other not in members]
        pulls += [(at[other] - here, (item, other) in strong) for other in graph.after[item] if other not in members]
    if not pulls:
        return 0
    ranked = sorted([move for move, _ in pulls])
    tried = {ranked[len(ranked) // 2], ranked[(len(ranked) - 1) // 2]}
    tried.update(move for move, is_strong in pulls if is_strong or -3 < move < 3)
    best, cheapest = 0, _cost(pulls, 0)
    for move in sorted({min(max(move, least), most) for move in tried}, key=abs):
        cost = _cost(pulls, move)
        if cost < cheapest:
            best, cheapest = move, cost
    return best


def _cost(pulls: Sequence[tuple[int, bool]], move: int) -> int:
    total = 0
    for wanted, is_strong in pulls:
        length = abs(wanted - move)
        if length:
            total += length + (8 if is_strong else 4 if length < 3 else 0)
    return total
