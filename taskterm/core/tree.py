"""The dependency tree as lines: what comes before and after a task, each shared node in full once."""

from __future__ import annotations

from taskterm.core import graph
from taskterm.core.lean import NamedTuple
from taskterm.core.model import OPEN
from taskterm.core.snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence


HINDRANCES = 8


class Branch(NamedTuple):
    """One three-cell step of a line's prefix. `kind`: `tee`, `corner`, `pipe` or `blank`. A pipe is as critical as the
    branch that it goes on from, so that the critical path is one heavy stroke."""

    kind: str
    critical: bool


class TreeLine(NamedTuple):
    """One line. `reference` marks a task that is shown in full further above and is not expanded again.

    `critical` is true when the edge to this line lies on the critical path of the tree. `below` counts the lines that
    would follow under it and were left out. `hinders` marks a task from elsewhere that the one above it waits for too.
    """

    task_id: int
    branches: tuple[Branch, ...]
    reference: bool
    critical: bool
    below: int = 0
    hinders: bool = False


def minutes_left(snapshot: Snapshot, task_id: int) -> float:
    """Planned minutes of work left in a task: its estimate (one minute if it has none), 0.0 when it is not open."""
    task = snapshot.tasks[task_id]
    if task.status not in ("todo", "doing"):
        return 0.0
    return float(task.estimate_minutes or 1)


def longest_path(snapshot: Snapshot, task_ids: Iterable[int]) -> tuple[int, ...]:
    """The critical path through the open tasks among these, first task first; empty when nothing is open."""
    open_ids = sorted(i for i in task_ids if snapshot.tasks[i].status in OPEN)
    return graph.critical_path(open_ids, snapshot.predecessors, lambda i: minutes_left(snapshot, i))


def critical_tasks(snapshot: Snapshot, task_ids: Iterable[int]) -> frozenset[int]:
    """The open tasks among these that lie on the critical path; empty when nothing is open."""
    return frozenset(longest_path(snapshot, task_ids))


def before(snapshot: Snapshot, root: int) -> list[TreeLine]:
    """Everything the root waits for, nearest first, without the root itself."""
    return _around(snapshot, root, snapshot.predecessors)


def blockers(snapshot: Snapshot, root: int) -> list[TreeLine]:
    """Every open task that the root waits for, nearest first; the critical branch is the longest open chain."""

    def waits_for(task_id: int) -> Iterable[int]:
        found = (p for p in snapshot.predecessors(task_id) if p in snapshot.tasks)
        return (p for p in found if snapshot.tasks[p].status in OPEN)

    return _around(snapshot, root, waits_for)


def after(snapshot: Snapshot, root: int) -> list[TreeLine]:
    """Everything that waits for the root, nearest first, without the root itself."""
    return _around(snapshot, root, snapshot.successors)


def after_with_hindrances(snapshot: Snapshot, root: int) -> list[TreeLine]:
    """The same, and last below each task (at most `HINDRANCES`) what else it waits for: open tasks that stand neither
    before nor after the root. Each is a line without others below it."""
    downstream = graph.reachable(root, snapshot.successors)
    known = {root, *downstream, *graph.reachable(root, snapshot.predecessors)}

    def hindrances(task_id: int) -> list[int]:
        return [i for i in snapshot.open_blocker_ids(task_id) if i not in known][:HINDRANCES]

    path = longest_path(snapshot, {root, *downstream})
    return _lines(root, snapshot.successors, {root}, _edges(path), hindrances)


def forest(snapshot: Snapshot, task_ids: Iterable[int], limit: int | None = None) -> list[TreeLine]:
    """All of these tasks, from those without predecessors down to what they release.

    The roots that hold up most of the others come first, those which nothing is linked to last. Each group of linked
    tasks has its own critical path. No further root is begun once there are `limit` lines.
    """
    inside = set(task_ids)
    before = {i: [p for p in snapshot.predecessors(i) if p in inside] for i in sorted(inside)}
    after = {i: [s for s in snapshot.successors(i) if s in inside] for i in before}
    open_ids = [i for i in before if snapshot.tasks[i].status in OPEN]
    held = graph.reach_counts(open_ids, after.__getitem__)
    roots = [i for i in before if not before[i]]
    roots.sort(key=lambda i: (-held.get(i, 0), not after[i], i))
    paths = graph.critical_paths(open_ids, before.__getitem__, lambda i: minutes_left(snapshot, i))
    heads = {path[0] for path in paths if len(path) > 1}
    critical = frozenset(edge for path in paths for edge in _edges(path))
    shown: set[int] = set()
    lines: list[TreeLine] = []
    for root in roots:
        if limit is not None and len(lines) >= limit:
            break
        lines.append(TreeLine(root, (), False, root in heads))
        shown.add(root)
        lines += _lines(root, after.__getitem__, shown, critical)
    return lines


def shallow(lines: Iterable[TreeLine], depth: int) -> list[TreeLine]:
    """The lines that lie at most `depth` steps below the first ones; `below` says how many others hang there."""
    found: list[TreeLine] = []
    top = None
    for line in lines:
        top = len(line.branches) if top is None else min(top, len(line.branches))
        if len(line.branches) - top < depth:
            found.append(line)
        else:
            found[-1] = found[-1]._replace(below=found[-1].below + 1)
    return found


def _around(snapshot: Snapshot, root: int, neighbours: Callable[[int], Iterable[int]]) -> list[TreeLine]:
    """Everything on one side of the root, with the critical path of that side."""
    path = longest_path(snapshot, {root, *graph.reachable(root, neighbours)})
    return _lines(root, neighbours, {root}, _edges(path))


def _edges(path: Sequence[int]) -> frozenset[tuple[int, int]]:
    """The dependencies of a path, in both directions."""
    return frozenset(edge for i in range(len(path) - 1) for edge in ((path[i], path[i + 1]), (path[i + 1], path[i])))


def _lines(
    root: int,
    neighbours: Callable[[int], Iterable[int]],
    shown: set[int],
    critical: Collection[tuple[int, int]],
    hindrances: Callable[[int], list[int]] | None = None,
) -> list[TreeLine]:
    lines: list[TreeLine] = []
    # A stack of (task, prefix of its children) and not recursion: chains of thousands are real.
    stack: list[tuple[int, tuple[Branch, ...], bool, bool, bool]] = []

    def push_children(task_id: int, prefix: tuple[Branch, ...]) -> None:
        children = sorted(neighbours(task_id), key=lambda i: ((task_id, i) not in critical, i))
        others = hindrances(task_id) if hindrances is not None and task_id != root else []
        for index, other in enumerate(reversed(others)):
            stack.append((other, prefix, index == 0, False, True))
        for index in range(len(children) - 1, -1, -1):
            child = children[index]
            is_last = index == len(children) - 1 and not others
            stack.append((child, prefix, is_last, (task_id, child) in critical, False))

    push_children(root, ())
    while stack:
        task_id, prefix, is_last, edge_critical, hinders = stack.pop()
        branches = (*prefix, Branch("corner" if is_last else "tee", edge_critical))
        reference = task_id in shown
        lines.append(TreeLine(task_id, branches, reference, edge_critical, 0, hinders))
        shown.add(task_id)
        if not reference and not hinders:
            push_children(task_id, (*prefix, Branch("blank" if is_last else "pipe", edge_critical)))
    return lines
