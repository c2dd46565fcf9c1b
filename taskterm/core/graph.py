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
