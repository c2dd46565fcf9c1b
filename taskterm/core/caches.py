"""The derived facts that are kept beside the truth: which tasks a set of changes moves, and what they must hold then.

`open_predecessors`, `inherited_urgency` and `inherited_due` of a task follow from its neighbours; `run_state` from
its newest run. The store calls this after applying changes, in the same transaction, and writes what it answers.
"""

from __future__ import annotations

from taskterm.core.model import OPEN, Change, Task, Update

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from taskterm.core.port import Reader

_COUNTED = ("status",)
_INHERITED = ("status", "priority", "due")


class Moved:
    """Which tasks a set of changes may have moved, and how."""

    def __init__(self) -> None:
        self.recount: dict[int, None] = {}  # whose predecessors, or the status of one, changed
        self.reinherit: dict[int, None] = {}  # whose successors, or what they pass on, changed
        self.ran: dict[int, None] = {}  # whose parts in runs changed
        self.status: dict[int, None] = {}  # whose own status changed: their successors are counted again
        self.passing: dict[int, None] = {}  # who passes on something else: their predecessors inherit again

    def note(self, change: Change) -> None:
        """Takes one change into account."""
        row = change.key if isinstance(change, Update) else change.row
        if change.table == "dependency":
            self.recount[row["successor_id"]] = None
            self.reinherit[row["predecessor_id"]] = None
        elif change.table == "task_tag":
            if row["tag"] == "next":  # the only one that adds to the urgency
                self.passing[row["task_id"]] = None
        elif change.table == "run_task":
            self.ran[row["task_id"]] = None
        elif change.table == "task" and isinstance(change, Update):
            # A task that comes or goes has no neighbours then, but those whose own rows come or go with it.
            if any(name in change.after for name in _COUNTED):
                self.status[row["id"]] = None
            if any(name in change.after for name in _INHERITED):
                self.passing[row["id"]] = None


def moved_by(changes: Iterable[Change]) -> Moved:
    """Which tasks these changes move."""
    moved = Moved()
    for change in changes:
        moved.note(change)
    return moved


def recompute(reader: Reader, moved: Moved) -> dict[int, dict[str, Any]]:
    """The cache fields that are no longer right, by task id; the reader must see the changes already."""
    found: dict[int, dict[str, Any]] = {}
    seen: dict[int, Task | None] = {}

    def current(task_id: int) -> Task | None:
        if task_id not in seen:
            seen[task_id] = reader.task(task_id)
        return seen[task_id]

    def put(task: Task, **values: Any) -> None:
        seen[task.id] = task._replace(**values)
        found.setdefault(task.id, {}).update(values)

    for task_id in dict.fromkeys((*moved.recount, *(s for t in moved.status for s in reader.successors(t)))):
        task = current(task_id)
        if task is not None:
            blockers = (current(p) for p in reader.predecessors(task_id))
            count = sum(1 for b in blockers if b is not None and b.status in OPEN)
            if count != task.open_predecessors:
                put(task, open_predecessors=count)
    queue = list(dict.fromkeys((*moved.reinherit, *(p for t in moved.passing for p in reader.predecessors(t)))))
    if queue:
        from taskterm.core.urgency import inherit
    while queue:
        task = current(queue.pop())
        if task is None:
            continue
        successors = (current(s) for s in reader.successors(task.id))
        passed = inherit(s for s in successors if s is not None and s.status in OPEN)
        if passed != (task.inherited_urgency, task.inherited_due):
            put(task, inherited_urgency=passed[0], inherited_due=passed[1])
            queue += reader.predecessors(task.id)
    for task_id in moved.ran:
        task = current(task_id)
        if task is not None:
            parts = reader.task_runs(task_id)
            state = parts[0].state if parts else None
            if state != task.run_state:
                put(task, run_state=state)
    return found
