"""Every fixed statement, written once and typed, by name. Read with tables.py, it is the documentation of the database.

`make sql` compiles these into `_sql.py`. A record's columns come in the order of its NamedTuple in core/model.py.
"""

from typing import Any

from sqlalchemy import Executable, Table, and_, bindparam, delete, func, insert, or_, update
from sqlmodel import SQLModel, select

from taskterm.core import model
from taskterm.store import tables as t

_ACTOR_UNDOABLE = (
    t.Operation.actor == bindparam("actor"),
    t.Operation.kind == "user",
    t.Operation.undoes == None,  # noqa: E711
    t.Operation.redoes == None,  # noqa: E711
)
_OPEN = or_(*(t.Task.status == status for status in model.OPEN))
_LIVE = and_(*(t.Run.state != state for state in model.RUN_ENDED))
_RECENT_RUNS = select(t.Run.id).order_by(t.Run.id.desc()).limit(bindparam("limit"))  # type: ignore[union-attr]

QUERIES: dict[str, Executable] = {
    # ── the file itself
    "meta": select(t.Meta.key, t.Meta.value),
    "meta_put": insert(t.Meta),
    "counter_up": update(t.Counter).where(t.Counter.name == bindparam("counter")).values(value=t.Counter.value + 1),
    "counter": select(t.Counter.value).where(t.Counter.name == bindparam("counter")),
    "counter_put": insert(t.Counter),
    # ── one task and its neighbours
    "task": select(t.Task).where(t.Task.id == bindparam("id")),
    "task_by_uuid": select(t.Task).where(t.Task.uuid == bindparam("uuid")),
    "task_titles": select(t.Task.id, t.Task.title, t.Task.status),
    "tags": select(t.TaskTag.tag).where(t.TaskTag.task_id == bindparam("id")).order_by(t.TaskTag.tag),
    "predecessors": select(t.Dependency.predecessor_id)
    .where(t.Dependency.successor_id == bindparam("id"))
    .order_by(t.Dependency.predecessor_id),
    "successors": select(t.Dependency.successor_id)
    .where(t.Dependency.predecessor_id == bindparam("id"))
    .order_by(t.Dependency.successor_id),
    "open_predecessors": select(func.count())
    .select_from(t.Dependency)
    .join(t.Task, t.Task.id == t.Dependency.predecessor_id)  # type: ignore[arg-type]
    .where(t.Dependency.successor_id == bindparam("id"), _OPEN),
    "workflow_tasks": select(t.Task.id).where(t.Task.workflow_id == bindparam("id")).order_by(t.Task.id),
    "steps": select(t.Step).where(t.Step.task_id == bindparam("id")).order_by(t.Step.position, t.Step.id),
    "step": select(t.Step).where(t.Step.id == bindparam("id")),
    "comments": select(t.Comment).where(t.Comment.task_id == bindparam("id")).order_by(t.Comment.id),
    "columns": select(t.BoardColumn).order_by(t.BoardColumn.position, t.BoardColumn.key),
    "column_put": insert(t.BoardColumn),
    "count_in_column": select(func.count()).select_from(t.Task).where(t.Task.column == bindparam("key")),
    "task_caches": update(t.Task)
    .where(t.Task.id == bindparam("task_id"))
    .values({name: bindparam(name) for name in model.CACHES}),
    "task_stamp": update(t.Task)
    .where(t.Task.id == bindparam("task_id"))
    .values(modified_at=bindparam("modified_at"), modified_by=bindparam("modified_by")),
    # ── lists
    "open_tasks": select(t.Task).where(_OPEN).order_by(t.Task.id),
    "ready_tasks": select(t.Task)
    .where(
        t.Task.status == "todo",
        t.Task.open_predecessors == 0,
        or_(t.Task.wait == None, t.Task.wait <= bindparam("now")),  # type: ignore[operator]  # noqa: E711
    )
    .order_by(t.Task.id),
    "all_tasks": select(t.Task).order_by(t.Task.id),
    "all_tags": select(t.TaskTag.task_id, t.TaskTag.tag).order_by(t.TaskTag.task_id, t.TaskTag.tag),
    "all_dependencies": select(t.Dependency.predecessor_id, t.Dependency.successor_id).order_by(
        t.Dependency.predecessor_id, t.Dependency.successor_id
    ),
    "all_steps": select(t.Step).order_by(t.Step.task_id, t.Step.position, t.Step.id),
    "all_comments": select(t.Comment).order_by(t.Comment.id),
    "workflows": select(t.Workflow).order_by(t.Workflow.id),
    "workflow": select(t.Workflow).where(t.Workflow.id == bindparam("id")),
    # ── runs
    "run": select(t.Run).where(t.Run.id == bindparam("id")),
    "live_runs": select(t.Run).where(_LIVE).order_by(t.Run.id),
    "recent_runs": select(t.Run).where(t.Run.id.in_(_RECENT_RUNS)).order_by(t.Run.id),  # type: ignore[union-attr]
    "run_tasks": select(t.RunTask)
    .where(t.RunTask.run_id == bindparam("id"))
    .order_by(t.RunTask.position, t.RunTask.task_id),
    "recent_run_tasks": select(t.RunTask)
    .where(t.RunTask.run_id.in_(_RECENT_RUNS))  # type: ignore[attr-defined]
    .order_by(t.RunTask.run_id, t.RunTask.position, t.RunTask.task_id),
    "task_runs": select(t.RunTask).where(t.RunTask.task_id == bindparam("id")).order_by(t.RunTask.run_id.desc()),  # type: ignore[attr-defined]
    "newest_runs": select(t.RunTask.task_id, func.max(t.RunTask.run_id)).group_by(t.RunTask.task_id),
    "attempt": select(t.Attempt).where(t.Attempt.id == bindparam("id")),
    "attempts": select(t.Attempt).where(t.Attempt.run_id == bindparam("id")).order_by(t.Attempt.id),
    "attempts_of_task": select(t.Attempt)
    .where(t.Attempt.run_id == bindparam("id"), t.Attempt.task_id == bindparam("task_id"))
    .order_by(t.Attempt.id),
    "recent_attempts": select(t.Attempt)
    .where(t.Attempt.run_id.in_(_RECENT_RUNS))  # type: ignore[attr-defined]
    .order_by(t.Attempt.id),
    "lease": select(t.Lease.fence, t.Lease.counter).where(t.Lease.run_id == bindparam("id")),
    "lease_put": insert(t.Lease),
    "lease_up": update(t.Lease)
    .where(t.Lease.run_id == bindparam("id"))
    .values(fence=bindparam("new_fence"), counter=t.Lease.counter + 1),
    "log": select(t.Log.data, t.Log.times, t.Log.dropped_bytes).where(t.Log.attempt_id == bindparam("id")),
    "log_put": insert(t.Log),
    "log_delete": delete(t.Log).where(t.Log.attempt_id == bindparam("id")),  # type: ignore[arg-type]
    # ── the journal
    "operation_put": insert(t.Operation),
    "operation": select(t.Operation).where(t.Operation.id == bindparam("id")),
    "operation_by_uuid": select(t.Operation).where(t.Operation.uuid == bindparam("uuid")),
    "operation_last": select(func.max(t.Operation.id)),
    "operations_after": select(t.Operation.id, t.Operation.touched)
    .where(t.Operation.id > bindparam("id"))
    .order_by(t.Operation.id),
    "operations_newest": select(t.Operation).order_by(t.Operation.id.desc()).limit(bindparam("limit")),  # type: ignore[union-attr]
    "operations_of_task": select(t.Operation)
    .where(t.Operation.id.in_(select(t.Change.operation_id).where(t.Change.task_id == bindparam("task_id"))))  # type: ignore[union-attr]
    .order_by(t.Operation.id.desc())  # type: ignore[union-attr]
    .limit(bindparam("limit")),
    "operation_undone": update(t.Operation)
    .where(t.Operation.id == bindparam("operation_id"))
    .values(undone_by=bindparam("by")),
    "last_undoable": select(t.Operation)
    .where(*_ACTOR_UNDOABLE, t.Operation.undone_by == None)  # noqa: E711
    .order_by(t.Operation.id.desc())  # type: ignore[union-attr]
    .limit(1),
    "last_undone": select(t.Operation)
    .where(*_ACTOR_UNDOABLE, t.Operation.undone_by != None)  # noqa: E711
    .order_by(t.Operation.undone_by.desc())  # type: ignore[union-attr]
    .limit(1),
    "change_put": insert(t.Change),
    "changes": select(t.Change.table, t.Change.row_key, t.Change.before, t.Change.after)
    .where(t.Change.operation_id == bindparam("id"))
    .order_by(t.Change.seq),
    "last_change": select(func.max(t.Change.operation_id)).where(
        t.Change.table == bindparam("table"), t.Change.row_key == bindparam("key")
    ),
}


def journalled() -> dict[str, Table]:
    """The tables whose rows commands change, by name."""
    return {name: SQLModel.metadata.tables[name] for name in model.KEYS}


def row_statements(table: Table) -> dict[str, Any]:
    """Insert, select and delete of one row by its key, for any journalled table."""
    key = and_(*(table.c[name] == bindparam(name) for name in model.KEYS[table.name]))
    return {
        f"insert_{table.name}": insert(table),
        f"select_{table.name}": select(table).where(key),
        f"delete_{table.name}": delete(table).where(key),
    }


def referring_statements() -> dict[str, Any]:
    """For every reference, the keys of the rows that hold it."""
    found: dict[str, Any] = {}
    for target, places in model.REFERENCES.items():
        for name, column in places:
            table = SQLModel.metadata.tables[name]
            keys = [table.c[key] for key in model.KEYS[name]]
            found[f"refer_{target}_{name}_{column}"] = select(*keys).where(table.c[column] == bindparam("value"))
    return found
