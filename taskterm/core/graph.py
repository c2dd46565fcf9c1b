"""The dependency graph: cycles with their path, order, reachability, the critical path. Works on plain neighbours.

Functions take `neighbours`, a callable from a task id to ids, so that a store can answer edge by edge and a
snapshot from memory; nothing here knows what a task is.
"""

from __future__ import annotations

from taskterm.core.errors import ClosesCycle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Neighbours = Callable[[int], Iterable[int]]


def path_between(start: int, goal: int, neighbours: Neighbours) -> tuple[int, ...] | None:
    """The shortest path from `start` to `goal` with both ends, or None; breadth first, O(nodes + edges)."""
    came_from: dict[int, int | None] = {start: None}
    frontier = [start]
    while frontier:
        following: list[int] = []
        for node in frontier:
            if node == goal:
                return _walk_back(goal, came_from)
            for near in neighbours(node):
                if near not in came_from:
                    came_from[near] = node
                    following.append(near)
        frontier = following
    return None


def _walk_back(node: int | None, came_from: Mapping[int, int | None]) -> tuple[int, ...]:
    path: list[int] = []
    while node is not None:
        path.append(node)
        node = came_from[node]
    return tuple(reversed(path))


def refuse_cycle(predecessor: int, successor: int, successors: Neighbours) -> None:
    """Raise ClosesCycle with its path if predecessor → successor would close one."""
    back = path_between(successor, predecessor, successors)
    if back is not None:
        raise ClosesCycle((predecessor, *back))


def reachable(start: int, neighbours: Neighbours) -> set[int]:
    """Every node that can be reached from `start`, without `start` itself (unless it lies on a cycle)."""
    seen: set[int] = set()
    stack = list(neighbours(start))
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack.extend(neighbours(node))
    return seen


def topological_order(nodes: Iterable[int], predecessors: Neighbours) -> list[int]:
    """The nodes with every predecessor before its successors; among equals the order given. Raises ClosesCycle.

    Predecessors outside `nodes` are ignored. Kahn's algorithm with a stable queue.
    """
    import heapq

    given = list(dict.fromkeys(nodes))
    rank = {node: index for index, node in enumerate(given)}
    waits: dict[int, int] = {}
    releases: dict[int, list[int]] = {node: [] for node in given}
    for node in given:
        inside = [p for p in predecessors(node) if p in rank]
        waits[node] = len(inside)
        for predecessor in inside:
            releases[predecessor].append(node)
    free = [rank[node] for node in given if not waits[node]]
    heapq.heapify(free)
    order: list[int] = []
    while free:
        node = given[heapq.heappop(free)]
        order.append(node)
        for successor in releases[node]:
            waits[successor] -= 1
            if not waits[successor]:
                heapq.heappush(free, rank[successor])
    if len(order) < len(given):
        raise ClosesCycle(_some_cycle([n for n in given if waits[n] > 0], predecessors))
    return order


def _some_cycle(nodes: list[int], predecessors: Neighbours) -> tuple[int, ...]:
    inside = set(nodes)
    path: list[int] = []
    node = nodes[0]
    while node not in path:
        path.append(node)
        node = next(p for p in predecessors(node) if p in inside)
    loop = path[path.index(node) :]
    return (loop[0], *reversed(loop))


def critical_path(nodes: Iterable[int], predecessors: Neighbours, minutes: Callable[[int], float]) -> tuple[int, ...]:
    """The chain with the longest sum of durations, from its first task to its last; empty for no nodes.

    Critical path method (Kelley and Walker, 1959), forward pass only. `minutes` gives a task's duration.
    """
    finish: dict[int, float] = {}
    longest: dict[int, int | None] = {}
    for node in topological_order(nodes, predecessors):
        inside = [p for p in predecessors(node) if p in finish]
        last = max(inside, key=lambda p: (finish[p], -p), default=None)
        longest[node] = last
        finish[node] = minutes(node) + (finish[last] if last is not None else 0.0)
    if not finish:
        return ()
    return _walk_back(max(finish, key=lambda n: (finish[n], -n)), longest)


def critical_paths(
    nodes: Iterable[int], predecessors: Neighbours, minutes: Callable[[int], float]
) -> list[tuple[int, ...]]:
    """The critical path of each group of linked nodes by itself, in the order of the groups' first nodes."""
    given = list(dict.fromkeys(nodes))
    inside = set(given)
    near: dict[int, list[int]] = {node: [] for node in given}
    for node in given:
        for predecessor in predecessors(node):
            if predecessor in inside:
                near[node].append(predecessor)
                near[predecessor].append(node)
    group: dict[int, int] = {}
    for first in given:
        if first not in group:
            group[first] = first
            stack = [first]
            while stack:
                for other in near[stack.pop()]:
                    if other not in group:
                        group[other] = first
                        stack.append(other)
    members: dict[int, list[int]] = {}
    for node in given:
        members.setdefault(group[node], []).append(node)
    return [critical_path(group_nodes, predecessors, minutes) for group_nodes in members.values()]


def reach_counts(nodes: Iterable[int], neighbours: Neighbours) -> dict[int, int]:
    """For each node, how many of the others can be reached from it over these nodes alone; the graph has no cycle.

    From the ends of the graph backwards, each set kept as the bits of a whole number and only until the nodes in
    front of it have taken it over: ten thousand nodes take some milliseconds.
    """
    counts = dict.fromkeys(nodes, 0)
    pairs = ((node, other) for node in counts for other in neighbours(node) if other in counts)
    return counts | reach_counts_of(*fronts(pairs))


def fronts(edges: Iterable[tuple[int, int]]) -> tuple[dict[int, list[int]], dict[int, int]]:
    """For each node that an edge leads to, the nodes it comes from; for each of those, how many edges leave it."""
    front: dict[int, list[int]] = {}
    leaving: dict[int, int] = {}
    for node, other in edges:
        if other in front:
            front[other].append(node)
        else:
            front[other] = [node]
        leaving[node] = leaving[node] + 1 if node in leaving else 1
    return front, leaving


def reach_counts_of(front: Mapping[int, list[int]], leaving: Mapping[int, int]) -> dict[int, int]:
    """`reach_counts` of the nodes that have edges, from what `fronts` answers."""
    left = dict(leaving)  # how many of its neighbours have not been counted yet
    counts: dict[int, int] = {}
    reach: dict[int, int] = {}
    ready = [node for node in front if node not in left]
    bits = 0
    while ready:
        node = ready.pop()
        found = reach.pop(node, 0)
        counts[node] = found.bit_count()
        if node not in front:
            continue
        if not (reach or found):
            bits = 0  # nobody remembers the earlier ones
        found |= 1 << bits
        bits += 1
        for other in front[node]:
            reach[other] = reach.get(other, 0) | found
            left[other] -= 1
            if not left[other]:
                ready.append(other)
    return counts


def slack(nodes: Iterable[int], predecessors: Neighbours, minutes: Callable[[int], float]) -> dict[int, float]:
    """Total float per node in minutes: how long it may slip before the last finish slips (CPM, both passes)."""
    order = topological_order(nodes, predecessors)
    start: dict[int, float] = {}
    for node in order:
        start[node] = max((start[p] + minutes(p) for p in predecessors(node) if p in start), default=0.0)
    end = max((start[n] + minutes(n) for n in order), default=0.0)
    latest: dict[int, float] = dict.fromkeys(order, end)
    for node in reversed(order):
        for predecessor in predecessors(node):
            if predecessor in latest:
                latest[predecessor] = min(latest[predecessor], latest[node] - minutes(node))
    return {node: latest[node] - minutes(node) - start[node] for node in order}
