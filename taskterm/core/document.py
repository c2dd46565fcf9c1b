"""The shape in which a task leaves the program as JSON; scripts rely on it, so fields are only ever added."""

from __future__ import annotations

from taskterm.core.lean import datetime
from taskterm.core.model import Step, Task
from taskterm.core.snapshot import Snapshot, column_of, is_failed, state_of
from taskterm.core.urgency import urgency
from taskterm.core.zone import epoch_of, to_utc_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def task_object(snapshot: Snapshot, task: Task, now: datetime) -> dict[str, Any]:
    """The task as plain data: times in UTC, ids as numbers, None where there is no value.

    `state` is derived (waiting, blocked, ready, doing, done, cancelled), `column` the key of the board column the
    card stands in. A step's `last_exit_code` belongs to the task's newest run, None where it has not ended in it.
    """
    at = to_utc_text(now)
    workflow = snapshot.workflows.get(task.workflow_id or 0)
    return {
        "id": task.id,
        "uuid": task.uuid,
        "title": task.title,
        "status": task.status,
        "state": state_of(task, at),
        "column": column_of(task, at, snapshot.columns),
        "priority": task.priority,
        "project": task.project,
        "tags": list(task.tags),
        "assignee": task.assignee,
        "due": task.due,
        "scheduled": task.scheduled,
        "wait": task.wait,
        "estimate_minutes": task.estimate_minutes,
        "predecessors": list(snapshot.predecessors(task.id)),
        "successors": list(snapshot.successors(task.id)),
        "urgency": round(urgency(task, now.timestamp(), epoch_of), 2),
        "failed": is_failed(task),
        "steps": [_step(snapshot, step) for step in snapshot.steps(task.id)],
        "created_at": task.created_at,
        "modified_at": task.modified_at,
        "started_at": task.started_at,
        "completed_at": task.completed_at,
        "workflow": {"id": workflow.id, "name": workflow.name, "key": task.workflow_key} if workflow else None,
    }


def _step(snapshot: Snapshot, step: Step) -> dict[str, Any]:
    part = snapshot.last_part(step.task_id)
    tries = [attempt for attempt in part.attempts if attempt.step_id == step.id] if part else []
    return {"name": step.name, "run": step.run, "last_exit_code": tries[-1].exit_code if tries else None}
