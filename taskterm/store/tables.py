"""The schema, and the only one: every table, index and CHECK of the file. Read this to learn what is kept.

`make sql` compiles it into `_sql.py`; nothing else at run time imports this module, because SQLModel costs 300 ms.
Times are UTC text with a Z, states are lower-case text. There are no triggers and no cascades: a command lists
every row it deletes, or undo could not bring it back.
"""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from taskterm.core import model

REVISION = 2
"""Schema revision of this program; in the file it is `PRAGMA user_version`."""
MIN_READER = 1
"""Oldest revision a program must know to read this file."""
MIN_WRITER = 1
"""Oldest revision a program must know to write this file."""
APPLICATION_ID = 0x54415354
"""`PRAGMA application_id`: the letters TAST, so that `file` and other tools can tell whose file it is."""


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """The CHECK that a column holds one of these texts (or NULL)."""
    quoted = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f'"{column}" IN ({quoted})', name=f"known_{column}")


def utc(*columns: str) -> tuple[CheckConstraint, ...]:
    """The CHECKs that columns hold UTC text (or NULL)."""
    return tuple(CheckConstraint(f"{c} LIKE '____-__-__T__:__:__Z'", name=f"utc_{c}") for c in columns)


class Meta(SQLModel, table=True):
    """Facts about the file: `database_uuid`, `min_reader`, `min_writer`, `created_at`."""

    key: str = Field(primary_key=True)
    value: str


class Counter(SQLModel, table=True):
    """The last number given out for `task`, `step`, `comment`, `run`, `attempt`, `workflow`, `operation`."""

    name: str = Field(primary_key=True)
    value: int


class Task(SQLModel, table=True):
    __table_args__ = (
        one_of("status", model.STATUSES),
        one_of("priority", model.PRIORITIES),
        CheckConstraint("length(title) > 0", name="titled"),
        CheckConstraint("\"column\" IS NULL OR status = 'doing'", name="column_only_while_doing"),
        *utc("due", "scheduled", "wait", "created_at", "modified_at", "started_at", "completed_at"),
        Index("task_next", "status", "open_predecessors"),
        Index(
            "task_ready",  # all that it takes to find the most urgent of the tasks that can start
            *("status", "open_predecessors", "wait"),
            *("priority", "inherited_urgency", "due", "inherited_due", "created_at"),
            sqlite_where=text("status = 'todo' AND open_predecessors = 0"),
        ),
        Index("task_workflow", "workflow_id"),
    )
    id: int = Field(primary_key=True)
    uuid: str = Field(unique=True)
    title: str
    notes: str = Field(sa_column_kwargs={"server_default": ""})
    status: str
    column: str | None
    priority: str | None
    project: str | None
    assignee: str | None
    due: str | None
    scheduled: str | None
    wait: str | None
    estimate_minutes: int | None
    recurrence: str | None
    workflow_id: int | None = Field(foreign_key="workflow.id")
    workflow_key: str | None
    extra: str | None
    created_at: str
    created_by: str
    modified_at: str
    modified_by: str
    started_at: str | None
    started_by: str | None
    completed_at: str | None
    completed_by: str | None
    open_predecessors: int = Field(sa_column_kwargs={"server_default": text("0")})
    inherited_urgency: float = Field(sa_column_kwargs={"server_default": text("0")})
    inherited_due: str | None
    run_state: str | None


class TaskTag(SQLModel, table=True):
    __tablename__ = "task_tag"
    __table_args__ = (Index("task_tag_tag", "tag"),)
    task_id: int = Field(primary_key=True, foreign_key="task.id")
    tag: str = Field(primary_key=True)


class Dependency(SQLModel, table=True):
    """Finish-to-start: the successor can start when the predecessor is done or cancelled."""

    __table_args__ = (
        CheckConstraint("predecessor_id <> successor_id", name="no_loop"),
        Index("dependency_successor", "successor_id"),
    )
    predecessor_id: int = Field(primary_key=True, foreign_key="task.id")
    successor_id: int = Field(primary_key=True, foreign_key="task.id")


class Step(SQLModel, table=True):
    __table_args__ = (
        CheckConstraint("length(run) > 0", name="has_command"),
        Index("step_task", "task_id", "position"),
    )
    id: int = Field(primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    position: int
    name: str
    run: str
    shell: str | None
    cwd: str | None
    env: str | None
    timeout_seconds: float | None
    retries: int
    backoff_seconds: float
    condition: str | None
    continue_on_error: int
    interactive: int
    host: str | None
    repeatable: int
    trusts: str | None


class Comment(SQLModel, table=True):
    __table_args__ = (*utc("created_at"), Index("comment_task", "task_id"))
    id: int = Field(primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    text: str
    created_at: str
    created_by: str


class BoardColumn(SQLModel, table=True):
    __tablename__ = "board_column"
    __table_args__ = (one_of("kind", ("blocked", "ready", "stage", "done")),)
    key: str = Field(primary_key=True)
    name: str
    position: int
    kind: str
    wip_limit: int | None


class View(SQLModel, table=True):
    name: str = Field(primary_key=True)
    query: str
    position: int
    created_by: str


class Workflow(SQLModel, table=True):
    """One started workflow; its tasks point here."""

    __table_args__ = (*utc("created_at"),)
    id: int = Field(primary_key=True)
    uuid: str = Field(unique=True)
    name: str
    params: str
    source: str | None
    created_at: str
    created_by: str


class Template(SQLModel, table=True):
    """A workflow file kept in the database, as its text."""

    name: str = Field(primary_key=True)
    text: str
    created_at: str
    created_by: str


class Run(SQLModel, table=True):
    __table_args__ = (
        one_of("state", model.RUN_STATES),
        *utc("created_at", "started_at", "ended_at"),
        Index("run_state", "state"),
    )
    id: int = Field(primary_key=True)
    uuid: str = Field(unique=True)
    title: str
    task_id: int | None = Field(foreign_key="task.id")
    workflow_id: int | None = Field(foreign_key="workflow.id")
    state: str
    jobs: int
    force: int
    created_at: str
    created_by: str
    started_at: str | None
    ended_at: str | None
    host: str | None
    boot_id: str | None
    pid: int | None
    pid_started: str | None
    user: str | None
    fence: int
    stop_requested_by: str | None


class RunTask(SQLModel, table=True):
    """The partial unique index is the claim: of all runs that want a task, one holds it at a time."""

    __tablename__ = "run_task"
    __table_args__ = (
        one_of("state", model.RUN_TASK_STATES),
        *utc("started_at", "ended_at"),
        Index("run_task_task", "task_id"),
        Index("run_task_claim", "task_id", unique=True, sqlite_where=text("state = 'running'")),
    )
    run_id: int = Field(primary_key=True, foreign_key="run.id")
    task_id: int = Field(primary_key=True, foreign_key="task.id")
    position: int
    state: str
    started_at: str | None
    ended_at: str | None
    duration_ms: int | None
    reason: str | None


class Attempt(SQLModel, table=True):
    """Of one step, one attempt can be running; the step may be deleted later, the evidence stays."""

    __table_args__ = (
        one_of("state", model.ATTEMPT_STATES),
        *utc("started_at", "ended_at"),
        UniqueConstraint("run_id", "step_id", "number"),
        Index("attempt_task", "task_id"),
        Index("attempt_claim", "step_id", unique=True, sqlite_where=text("state = 'running'")),
    )
    id: int = Field(primary_key=True)
    run_id: int = Field(foreign_key="run.id")
    task_id: int = Field(foreign_key="task.id")
    step_id: int | None
    number: int
    name: str
    command: str
    state: str
    started_at: str
    host: str
    fence: int
    ended_at: str | None
    duration_ms: int | None
    exit_code: int | None
    log_path: str | None
    log_bytes: int | None
    log_lines: int | None


class Lease(SQLModel, table=True):
    """A running supervisor counts up here. Observers time it on their own clock; hosts' clocks are never compared."""

    run_id: int = Field(primary_key=True, foreign_key="run.id")
    fence: int
    counter: int


class Log(SQLModel, table=True):
    """Output of a finished attempt: zlib-compressed bytes, and per line the milliseconds since the attempt began."""

    attempt_id: int = Field(primary_key=True, foreign_key="attempt.id")
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    times: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    dropped_bytes: int


class Operation(SQLModel, table=True):
    """The journal: one row per user action. `id` is given under the write lock, so its order is commit order."""

    __table_args__ = (
        one_of("kind", ("user", "system")),
        *utc("at"),
        Index("operation_actor", "actor", "kind"),
    )
    id: int = Field(primary_key=True)
    uuid: str = Field(unique=True)
    at: str
    actor: str
    host: str
    verb: str
    kind: str
    args: str
    revision: int
    undoes: int | None
    redoes: int | None
    undone_by: int | None
    touched: str


class Change(SQLModel, table=True):
    """One row that an operation touched: its fields before and after, as JSON objects (an insert has no before).

    `row_key` is the primary key as a JSON array. `task_id` is the task whose history tells it, if there is one.
    """

    __table_args__ = (Index("change_row", "table", "row_key"), Index("change_task", "task_id"))
    operation_id: int = Field(primary_key=True, foreign_key="operation.id")
    seq: int = Field(primary_key=True)
    table: str
    row_key: str
    task_id: int | None
    before: str | None
    after: str | None
