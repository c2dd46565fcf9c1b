"""The dependency tree as lines: what comes before and after a task, each shared node in full once."""

from __future__ import annotations

from taskterm.core import graph
from taskterm.core.lean import NamedTuple
from taskterm.core.snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Branch(NamedTuple):
    """One three-cell step of a line's prefix. `kind`: `tee`, `corner`, `pipe` or `blank`. A pipe is as critical as the
    branch that it goes on from, so that the critical path is one heavy stroke."""

    kind: str
    critical: bool


class TreeLine(NamedTuple):
    """One line. `reference` marks a task that is shown in full further above and is not expanded again.

    `critical` is true when the edge to this line lies on the critical path of the tree.
    """

    task_id: int
    branches: tuple[Branch, ...]
    reference: bool
    critical: bool


def minutes_left(snapshot: Snapshot, task_id: int) -> float:
    """Planned minutes of work left in a task: its estimate (one minute if it has none), 0.0 when it is not open."""
    task = snapshot.tasks[task_id]
    if task.status not in ("todo", "doing"):
        return 0.0
    return float(task.estimate_minutes or 1)


def critical_tasks(snapshot: Snapshot, task_ids: Iterable[int]) -> frozenset[int]:
    """The open tasks among these that lie on the critical path; empty when nothing is open."""
    open_ids = sorted(i for i in task_ids if snapshot.tasks[i].status in ("todo", "doing"))
    path = graph.critical_path(open_ids, snapshot.predecessors, lambda i: minutes_left(snapshot, i))
    return frozenset(path)


def before(snapshot: Snapshot, root: int) -> list[TreeLine]:
    """Everything the root waits for, nearest first, without the root itself."""
    return _lines(snapshot, root, snapshot.predecessors, {root})


def after(snapshot: Snapshot, root: int) -> list[TreeLine]:
    """Everything that waits for the root, nearest first, without the root itself."""
    return _lines(snapshot, root, snapshot.successors, {root})


def forest(snapshot: Snapshot, task_ids: Iterable[int]) -> list[TreeLine]:
    """All of these tasks, from those without predecessors down to what they release."""
    inside = set(task_ids)
    roots = [i for i in sorted(inside) if not any(p in inside for p in snapshot.predecessors(i))]
    shown: set[int] = set()
    lines: list[TreeLine] = []
    critical = critical_tasks(snapshot, inside)
    for root in roots:
        lines.append(TreeLine(root, (), False, root in critical))
        shown.add(root)
        lines += _lines(snapshot, root, lambda i: (s for s in snapshot.successors(i) if s in inside), shown)
    return lines


def _lines(
    snapshot: Snapshot, root: int, neighbours: Callable[[int], Iterable[int]], shown: set[int]
) -> list[TreeLine]:
    critical = critical_tasks(snapshot, {root, *graph.reachable(root, neighbours)})
    lines: list[TreeLine] = []
    # A stack of (task, prefix of its children) and not recursion: chains of thousands are real.
    stack: list[tuple[int, tuple[Branch, ...], bool, bool]] = []

    def push_children(task_id: int, prefix: tuple[Branch, ...]) -> None:
        children = sorted(neighbours(task_id), key=lambda i: (i not in critical, i))
        on_path = task_id in critical
        for index in range(len(children) - 1, -1, -1):
            child = children[index]
            stack.append((child, prefix, index == len(children) - 1, on_path and child in critical))

    push_children(root, ())
    while stack:
        task_id, prefix, is_last, edge_critical = stack.pop()
        branches = (*prefix, Branch("corner" if is_last else "tee", edge_critical))
        reference = task_id in shown
        lines.append(TreeLine(task_id, branches, reference, edge_critical))
        if not reference:
            shown.add(task_id)
            push_children(task_id, (*prefix, Branch("blank" if is_last else "pipe", edge_critical)))
    return lines
