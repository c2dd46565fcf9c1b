"""Every fixed statement, written once and typed, by name. Read with tables.py, it is the documentation of the database.

`make sql` compiles these into `_sql.py`. A record's columns come in the order of its NamedTuple in core/model.py.
"""

from typing import Any

from sqlalchemy import (
    Executable,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal_column,
    not_,
    null,
    or_,
    update,
)
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression
from sqlmodel import SQLModel, col, select

from taskterm.core import model, sentences
from taskterm.store import tables as t

_ACTOR_UNDOABLE = (
    t.Operation.actor == bindparam("actor"),
    t.Operation.kind == "user",
    t.Operation.undoes == None,  # noqa: E711
    t.Operation.redoes == None,  # noqa: E711
)
_ADDING = or_(*(t.Operation.verb == verb for verb in sentences.ADDING))
_TOLD = [
    case((_ADDING, literal_column("'{}'")), else_=t.Operation.args) if name == "args" else getattr(t.Operation, name)
    for name in model.Operation._fields
]
"""An operation as far as its sentence goes."""
_OPEN = or_(*(t.Task.status == status for status in model.OPEN))
_READY = (
    t.Task.status == "todo",
    t.Task.open_predecessors == 0,
    or_(t.Task.wait == None, t.Task.wait <= bindparam("now")),  # type: ignore[operator]  # noqa: E711
)
_STATUS: Any = UnaryExpression(t.Task.status, operator=operators.custom_op("+"))  # type: ignore[arg-type]
_BEGUN = or_(
    t.Task.status == "doing",
    # Without the index on the status: few have run, and they are found by their ids.
    and_(_STATUS == "todo", t.Task.id.in_(select(t.RunTask.task_id)), t.Task.run_state != None),  # type: ignore[union-attr]  # noqa: E711
)
"""Open tasks that somebody is at, or that have had a part in a run."""
_MOST = or_(*(status == _STATUS for status in model.OPEN))
"""Open tasks, without the index: most tasks are open, and one by one they would be looked up at twice the price."""
_TASK = SQLModel.metadata.tables["task"]
_PLAIN = (_STATUS == "todo", t.Task.run_state == None)  # noqa: E711
"""What makes a task one of model.Plain."""
_ASKED = (
    *model.PlainFields._fields,
    *("status", "column", "run_state", "project", "scheduled", "recurrence", "workflow_id", "workflow_key"),
    *("modified_at", "started_at", "completed_at", "completed_by"),
)
"""What a query looks at, but for the notes, which are long."""


def _narrow(columns: tuple[str, ...], *which: Any) -> Any:
    """Tasks with these columns alone, the others NULL and no tags: the rows still make records, and cost half."""
    chosen = (column if column.name in columns else null().label(column.name) for column in _TASK.columns)
    return select(*chosen, literal_column("''").label("tags")).where(*which)


def _weights(*which: Any) -> Any:
    """Tasks with what decides how urgent they are, as core.urgency.Weighed."""
    return select(
        *(t.Task.id, t.Task.priority, t.Task.inherited_urgency, t.Task.due, t.Task.inherited_due, t.Task.created_at)
    ).where(*which)


_AHEAD = t.Task.wait > bindparam("now")  # type: ignore[operator]
_NOT_AHEAD = or_(t.Task.wait == None, t.Task.wait <= bindparam("now"))  # type: ignore[operator]  # noqa: E711

_LIVE = and_(*(t.Run.state != state for state in model.RUN_ENDED))


def _closure(name: str, come_from: Any, go_to: Any, *, open_only: bool = False) -> Any:
    """The ids of all tasks that lie in one direction of the task `id`, over open tasks alone if `open_only`."""

    def further(step: Any) -> Any:
        if open_only:
            return step.join(t.Task, t.Task.id == go_to).where(_OPEN)
        return step

    nearest = further(select(go_to.label("id")).where(come_from == bindparam("id"))).cte(name, recursive=True)
    return nearest.union(further(select(go_to).join(nearest, come_from == nearest.c.id)))


_PREDECESSOR, _SUCCESSOR = t.Dependency.predecessor_id, t.Dependency.successor_id
_UPSTREAM = _closure("upstream", _SUCCESSOR, _PREDECESSOR)
_DOWNSTREAM = _closure("downstream", _PREDECESSOR, _SUCCESSOR)
_OPEN_UPSTREAM = _closure("open_upstream", _SUCCESSOR, _PREDECESSOR, open_only=True)
_OPEN_DOWNSTREAM = _closure("open_downstream", _PREDECESSOR, _SUCCESSOR, open_only=True)


def _members(closure: Any) -> Any:
    """The tasks of a closure."""
    return select(t.Task).where(t.Task.id.in_(select(closure.c.id))).order_by(t.Task.id)  # type: ignore[union-attr]


def _edges_into(closure: Any) -> Any:
    """The dependencies of the task `id` itself, and of those in the closure, by whoever waits."""
    inside = _SUCCESSOR.in_(select(closure.c.id))  # type: ignore[attr-defined]
    waits = or_(t.Dependency.successor_id == bindparam("id"), inside)
    return select(_PREDECESSOR, _SUCCESSOR).where(waits).order_by(_PREDECESSOR, _SUCCESSOR)


_RECENT_RUNS = select(t.Run.id).order_by(t.Run.id.desc()).limit(bindparam("limit"))  # type: ignore[union-attr]


def _titles(*which: Any) -> Any:
    """Id and title of tasks of a kind whose id begins as typed, in the order of the index, so that no sort waits."""
    typed = cast(t.Task.id, String).like(bindparam("begins"))
    order = (t.Task.status, t.Task.open_predecessors, t.Task.id)
    return select(t.Task.id, t.Task.title).where(*which, typed).order_by(*order).limit(bindparam("limit"))


QUERIES: dict[str, Executable] = {
    # ── the file itself
    "meta": select(t.Meta.key, t.Meta.value),
    "meta_put": insert(t.Meta),
    "counter_up": update(t.Counter).where(t.Counter.name == bindparam("counter")).values(value=t.Counter.value + 1),
    "counter": select(t.Counter.value).where(t.Counter.name == bindparam("counter")),
    "counter_raise": update(t.Counter)
    .where(t.Counter.name == bindparam("counter"), t.Counter.value < bindparam("number"))  # type: ignore[arg-type]
    .values(value=bindparam("number")),
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
    # ── what lies before and after a task, however far
    "tasks_upstream": _members(_UPSTREAM),
    "tasks_downstream": _members(_DOWNSTREAM),
    "tasks_open_upstream": _members(_OPEN_UPSTREAM),
    "edges_upstream": _edges_into(_UPSTREAM),
    "edges_downstream": _edges_into(_DOWNSTREAM),
    "edges_open_upstream": _edges_into(_OPEN_UPSTREAM),
    "count_open_downstream": select(func.count()).select_from(_OPEN_DOWNSTREAM),
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
    "ready_tasks": select(t.Task).where(*_READY).order_by(t.Task.id),
    # ── the board: what decides where an open card stands, and how urgent it is
    "board_cards": select(
        *(t.Task.id, t.Task.priority, t.Task.inherited_urgency, t.Task.due, t.Task.inherited_due, t.Task.created_at),
        *(t.Task.status, t.Task.column, t.Task.open_predecessors, t.Task.wait, t.Task.run_state),
    ).where(_OPEN),
    "count_done": select(func.count()).select_from(t.Task).where(t.Task.status == "done"),
    "done_newest": select(t.Task)
    .where(t.Task.status == "done")
    .order_by(t.Task.completed_at.desc(), t.Task.id.desc())  # type: ignore[union-attr]
    .limit(bindparam("limit")),
    "plain_tasks": select(*(_TASK.c[name] for name in model.PlainFields._fields)).where(*_PLAIN),
    "begun_tasks": _narrow(_ASKED, _BEGUN),
    "open_rows": _narrow(_ASKED, _MOST),
    "open_rows_noted": _narrow((*_ASKED, "notes"), _MOST),
    "all_rows": _narrow(_ASKED),
    "all_rows_noted": _narrow((*_ASKED, "notes")),
    "ready_weights": select(
        *(t.Task.id, t.Task.priority, t.Task.inherited_urgency, t.Task.due, t.Task.inherited_due, t.Task.created_at)
    ).where(*_READY),
    # ── the first picture of the screen: how many tasks of a kind there are, and what decides which come first
    "status_counts": select(t.Task.status, func.count()).group_by(t.Task.status),
    "blocked_counts": select(
        func.coalesce(t.Task.wait > bindparam("now"), False),  # type: ignore[operator]
        func.count(),
        func.sum(func.coalesce(t.Task.due < bindparam("now"), False)),  # type: ignore[operator]
    )
    .where(t.Task.status == "todo", t.Task.open_predecessors > 0)
    .group_by(func.coalesce(t.Task.wait > bindparam("now"), False)),  # type: ignore[operator]
    "blocked_weights": _weights(t.Task.status == "todo", t.Task.open_predecessors > 0, _NOT_AHEAD),
    "waiting_weights": _weights(t.Task.status == "todo", t.Task.open_predecessors == 0, _AHEAD),
    "waiting_blocked_weights": _weights(t.Task.status == "todo", t.Task.open_predecessors > 0, _AHEAD),
    "done_within": select(t.Task.id)
    .where(t.Task.status == "done", t.Task.completed_at >= bindparam("begin"), t.Task.completed_at <= bindparam("end"))
    .order_by(t.Task.completed_at.desc(), t.Task.id.desc()),  # type: ignore[union-attr]
    "last_task": select(func.max(t.Task.id)),
    "begun": select(t.Task.id).where(_BEGUN),
    "with_tag": select(t.TaskTag.task_id).where(t.TaskTag.tag == bindparam("tag")),
    "step_counts": select(t.Step.task_id, func.count()).group_by(t.Step.task_id),
    "all_tasks": select(t.Task).order_by(t.Task.id),
    "all_tags": select(t.TaskTag.task_id, t.TaskTag.tag).order_by(t.TaskTag.task_id, t.TaskTag.tag),
    "all_dependencies": select(t.Dependency.predecessor_id, t.Dependency.successor_id).order_by(
        t.Dependency.predecessor_id, t.Dependency.successor_id
    ),
    "all_steps": select(t.Step).order_by(t.Step.task_id, t.Step.position, t.Step.id),
    "all_comments": select(t.Comment).order_by(t.Comment.id),
    "views": select(t.View).order_by(t.View.position, t.View.name),
    "workflows": select(t.Workflow).order_by(t.Workflow.id),
    "workflow_progress": select(t.Task.workflow_id, func.count(), func.count(case((not_(_OPEN), 1))))
    .where(t.Task.workflow_id != None)  # noqa: E711
    .group_by(t.Task.workflow_id),
    "workflow_by_uuid": select(t.Workflow.id).where(t.Workflow.uuid == bindparam("uuid")),
    "workflow": select(t.Workflow).where(t.Workflow.id == bindparam("id")),
    "templates": select(t.Template).order_by(t.Template.name),
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
    "operations_newest": select(*_TOLD)
    .where(t.Operation.id < bindparam("before"))
    .order_by(t.Operation.id.desc())  # type: ignore[union-attr]
    .limit(bindparam("limit")),
    "operations_of_task": select(*_TOLD)
    .where(
        t.Operation.id.in_(select(t.Change.operation_id).where(t.Change.task_id == bindparam("task_id"))),  # type: ignore[union-attr]
        t.Operation.id < bindparam("before"),
    )
    .order_by(t.Operation.id.desc())  # type: ignore[union-attr]
    .limit(bindparam("limit")),
    "operation_tasks": select(t.Change.operation_id, t.Change.task_id)
    .where(
        t.Change.operation_id >= bindparam("first"),
        t.Change.operation_id <= bindparam("last"),
        t.Change.task_id != None,  # noqa: E711
    )
    .distinct(),
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
    "changes_first": select(t.Change.table, t.Change.row_key, t.Change.before, t.Change.after)
    .where(t.Change.operation_id == bindparam("id"))
    .order_by(t.Change.seq)
    .limit(bindparam("limit")),
    "changes_of_task": select(t.Change.table, t.Change.row_key, t.Change.before, t.Change.after)
    # (coalesce: by the task, not by the operation, which may be an import of thousands)
    .where(func.coalesce(t.Change.operation_id, 0) == bindparam("id"), t.Change.task_id == bindparam("task_id"))
    .order_by(t.Change.seq)
    .limit(bindparam("limit")),
    "count_changed": select(func.count())
    .select_from(t.Change)
    # (coalesce: by the operation, not by the index that holds all changes of the table there ever were)
    .where(t.Change.operation_id == bindparam("id"), func.coalesce(t.Change.table, "") == bindparam("table")),
    "last_change": select(func.max(t.Change.operation_id)).where(
        t.Change.table == bindparam("table"), t.Change.row_key == bindparam("key")
    ),
    # (a key of a JSON object: inside of a value its quotes would be escaped)
    "last_set": select(func.max(t.Change.operation_id)).where(
        t.Change.table == bindparam("table"),
        t.Change.row_key == bindparam("key"),
        col(t.Change.after).like(bindparam("field")),
    ),
    # ── what a shell completes
    "complete_doing": _titles(t.Task.status == "doing"),
    "complete_ready": _titles(t.Task.status == "todo", t.Task.open_predecessors == 0),
    "complete_blocked": _titles(t.Task.status == "todo", t.Task.open_predecessors > 0),
    "complete_done": _titles(t.Task.status == "done"),
    "complete_cancelled": _titles(t.Task.status == "cancelled"),
    "complete_projects": select(t.Task.project).where(t.Task.project != None).distinct(),  # noqa: E711
    "complete_people": select(t.Task.assignee).where(t.Task.assignee != None).distinct(),  # noqa: E711
    "complete_tags": select(t.TaskTag.tag).distinct().order_by(t.TaskTag.tag),
    "complete_steps": select(t.Step.id, t.Step.name).order_by(t.Step.id.desc()).limit(bindparam("limit")),
    "complete_runs": select(t.Run.id, t.Run.title).order_by(t.Run.id.desc()).limit(bindparam("limit")),
    "complete_operations": select(t.Operation.id, t.Operation.verb)
    .where(*_ACTOR_UNDOABLE, t.Operation.undone_by == None)  # noqa: E711
    .order_by(t.Operation.id.desc())
    .limit(bindparam("limit")),
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
