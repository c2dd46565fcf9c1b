"""Which tasks a diagram shows: everything that hangs together, or what lies around single tasks."""

from __future__ import annotations

from itertools import pairwise

from taskterm.core import graph
from taskterm.core.diagram.layers import components
from taskterm.core.lean import NamedTuple
from taskterm.core.model import OPEN
from taskterm.core.tree import minutes_left
from taskterm.core.urgency import urgency
from taskterm.core.zone import epoch_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from taskterm.core.lean import datetime
    from taskterm.core.snapshot import Snapshot

    Edge = tuple[int, int]

COMFORT = 30
"""A neighbourhood without a given depth grows step by step as long as it has at most this many tasks."""


class Picture(NamedTuple):
    """What is drawn. `ids` are in the order of their connected parts, the largest first, the more urgent first among
    equals; `parts` are the same ids by part.

    `critical` are the edges of each part's critical path. `alone` are tasks that were asked for and have no edge to
    another one. For a neighbourhood, `roots` are those that it belongs to, `before` and `after` count the neighbours of
    a task that are left out, and `depth` is how many steps are shown where more steps would show more (else None).
    """

    ids: tuple[int, ...]
    edges: tuple[Edge, ...]
    parts: tuple[tuple[int, ...], ...]
    critical: frozenset[Edge]
    alone: tuple[int, ...] = ()
    roots: frozenset[int] = frozenset()
    before: Mapping[int, int] = {}
    after: Mapping[int, int] = {}
    depth: int | None = None


def urgency_at(snapshot: Snapshot, now: datetime) -> Callable[[int], float]:
    """Answers how urgent a task is at a time."""
    seconds = now.timestamp()
    return lambda task_id: urgency(snapshot.tasks[task_id], seconds, epoch_of)


def is_open(snapshot: Snapshot, task_id: int) -> bool:
    """Whether a task is neither done nor cancelled."""
    return snapshot.tasks[task_id].status in OPEN


def whole(
    snapshot: Snapshot, ids: Iterable[int], urgent: Callable[[int], float], keep: Collection[int] = ()
) -> Picture:
    """These tasks and the dependencies among them; those without any are `alone`, except for those to `keep`."""
    inside = set(ids)
    edges = _edges(snapshot, inside)
    joined = {node for edge in edges for node in edge} | inside.intersection(keep)
    alone = tuple(sorted(inside - joined))
    return _picture(snapshot, joined, edges, urgent)._replace(alone=alone)


def around(
    snapshot: Snapshot,
    roots: Collection[int],
    allowed: Callable[[int], bool],
    depth: int | None,
    urgent: Callable[[int], float],
) -> Picture:
    """The roots, what they wait for and what waits for them, up to `depth` steps each way.

    Only what is `allowed` is followed and counted; `urgent` is as from `urgency_at`. Without a depth the neighbourhood
    grows until nothing is left, or the next step would make it larger than COMFORT; the direct neighbours are always
    there.
    """
    inside = set(roots)
    before = after = set(roots)
    steps = 0
    while True:
        before = {p for i in before for p in snapshot.predecessors(i) if allowed(p)}
        after = {s for i in after for s in snapshot.successors(i) if allowed(s)}
        found = (before | after) - inside
        if not found or steps == depth or (depth is None and steps and len(inside) + len(found) > COMFORT):
            break
        inside |= found
        steps += 1
    edges = _edges(snapshot, inside)
    hidden_before = {i: n for i in inside if (n := _outside(snapshot.predecessors(i), inside, allowed))}
    hidden_after = {i: n for i in inside if (n := _outside(snapshot.successors(i), inside, allowed))}
    picture = _picture(snapshot, inside, edges, urgent)
    return picture._replace(
        roots=frozenset(roots),
        before=hidden_before,
        after=hidden_after,
        depth=steps if found else None,
        critical=_critical(snapshot, _connected(snapshot, roots)) & frozenset(edges),
    )


def _outside(near: Iterable[int], inside: Collection[int], allowed: Callable[[int], bool]) -> int:
    return sum(1 for i in near if i not in inside and allowed(i))


def _edges(snapshot: Snapshot, inside: Collection[int]) -> list[Edge]:
    return [(p, s) for s in sorted(inside) for p in snapshot.predecessors(s) if p in inside]


def _picture(snapshot: Snapshot, ids: Collection[int], edges: list[Edge], urgent: Callable[[int], float]) -> Picture:
    order = sorted(ids)
    number = {node: at for at, node in enumerate(order)}
    parts = [
        tuple(order[at] for at in part) for part in components(len(order), [(number[u], number[v]) for u, v in edges])
    ]
    parts.sort(key=lambda part: (-len(part), -max(urgent(i) for i in part), part))
    critical = frozenset(edge for part in parts for edge in _critical(snapshot, part))
    return Picture(tuple(i for part in parts for i in part), tuple(edges), tuple(parts), critical)


def _critical(snapshot: Snapshot, ids: Iterable[int]) -> frozenset[Edge]:
    """The edges of the critical path of the open ones among these tasks."""
    left = sorted(i for i in ids if is_open(snapshot, i))
    return frozenset(pairwise(graph.critical_path(left, snapshot.predecessors, lambda i: minutes_left(snapshot, i))))


def _connected(snapshot: Snapshot, roots: Iterable[int]) -> set[int]:
    """The roots and every open task that any chain of open tasks joins with one of them."""
    seen = set(roots)
    stack = list(seen)
    while stack:
        node = stack.pop()
        for near in (*snapshot.predecessors(node), *snapshot.successors(node)):
            if near not in seen and is_open(snapshot, near):
                seen.add(near)
                stack.append(near)
    return seen


def stub_before(task_id: int) -> int:
    """The node that stands for the predecessors of a task that are left out. (Ids are positive, so these are free.)"""
    return -2 * task_id


def stub_after(task_id: int) -> int:
    """The node that stands for the successors of a task that are left out."""
    return -2 * task_id - 1


def nodes_and_edges(picture: Picture) -> tuple[list[int], list[Edge]]:
    """What to lay out: the tasks of a picture with a node for each count of what is left out."""
    nodes, edges = [], list(picture.edges)
    for task_id in picture.ids:
        nodes.append(task_id)
        if task_id in picture.before:
            nodes.append(stub_before(task_id))
            edges.append((stub_before(task_id), task_id))
        if task_id in picture.after:
            nodes.append(stub_after(task_id))
            edges.append((task_id, stub_after(task_id)))
    return nodes, edges
