"""The records: what a task, a step, a run is. Immutable, and free of any behaviour that a rule could hide in.

Times are UTC text (`2026-11-23T05:31:04Z`), which sorts as time does; absent values are None. Records are
NamedTuples because a dataclass costs seven milliseconds at import, and every quick command imports this.
"""

from __future__ import annotations

from taskterm.core.lean import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

STATUSES = ("todo", "doing", "done", "cancelled")
OPEN = ("todo", "doing")
PRIORITIES = ("H", "M", "L")

# Derived states, in the order in which lists show them. `running` and `failed` come from a task's last run.
STATES = ("running", "failed", "doing", "ready", "blocked", "waiting", "done", "cancelled")


class Task(NamedTuple):
    """One node of the graph. `column` is the board stage of a `doing` task and None otherwise.

    `open_predecessors`, `inherited_urgency` and `inherited_due` are caches which the store keeps in the same
    transaction as the change that moves them; `core.urgency` and `core.graph` define what they must hold.
    """

    id: int
    uuid: str
    title: str
    notes: str = ""
    status: str = "todo"
    column: str | None = None
    priority: str | None = None
    project: str | None = None
    assignee: str | None = None
    due: str | None = None
    scheduled: str | None = None
    wait: str | None = None
    estimate_minutes: int | None = None
    recurrence: str | None = None
    workflow_id: int | None = None
    workflow_key: str | None = None
    extra: str | None = None  # JSON object: attributes of an import that TaskTerm has no field for
    created_at: str = ""
    created_by: str = ""
    modified_at: str = ""
    modified_by: str = ""
    started_at: str | None = None
    started_by: str | None = None
    completed_at: str | None = None
    completed_by: str | None = None
    open_predecessors: int = 0
    inherited_urgency: float = 0.0
    inherited_due: str | None = None
    run_state: str | None = None  # cache: state of the task's part in its newest run (see RUN_TASK_STATES)
    tags: tuple[str, ...] = ()


class PlainFields(NamedTuple):
    """What differs from one plain task to another; see Plain."""

    id: int
    title: str
    priority: str | None
    assignee: str | None
    due: str | None
    wait: str | None
    estimate_minutes: int | None
    created_at: str
    open_predecessors: int
    inherited_urgency: float
    inherited_due: str | None


class Plain(PlainFields):
    """A task to do that has not begun and never run, as far as lists show it or sort by it.

    It stands in for a Task, under whose names it has everything they ask for, where thousands are read to be shown
    once: a third of the fields is read in half the time.
    """

    __slots__ = ()
    status = "todo"
    started_at = None
    run_state = None
    tags = ()


class Step(NamedTuple):
    """One shell command of a task; `position` orders the steps of a task, starting at 1."""

    id: int
    task_id: int
    position: int
    name: str
    run: str
    shell: str | None = None  # program that gets the text with -c; None is /bin/sh
    cwd: str | None = None  # absolute; None is the home of whoever runs it
    env: str | None = None  # JSON object of names and values added to the environment
    timeout_seconds: float | None = None
    retries: int = 0
    backoff_seconds: float = 1.0  # before the first retry; doubled for each further one
    condition: str | None = None  # shell text; a non-zero exit skips the step
    continue_on_error: int = 0
    interactive: int = 0
    host: str | None = None  # None: the host of the run; 'any'; or a host's name
    repeatable: int = 0  # safe to run twice
    trusts: str | None = None  # JSON array of script paths whose content belongs to the approval


class Comment(NamedTuple):
    """What somebody said about a task, and when."""

    id: int
    task_id: int
    text: str
    created_at: str
    created_by: str


class Column(NamedTuple):
    """A board stage. `kind` is `blocked`, `ready`, `stage` (tasks in progress) or `done`."""

    key: str
    name: str
    position: int
    kind: str
    wip_limit: int | None = None


class Workflow(NamedTuple):
    """A workflow file or template that was started; `params` is a JSON object of names and values."""

    id: int
    uuid: str
    name: str
    params: str
    source: str | None
    created_at: str
    created_by: str


# planned: not begun · running · waiting: only people can move it · then the four ends
RUN_STATES = ("planned", "running", "waiting", "succeeded", "failed", "stopped", "lost")
RUN_ENDED = ("succeeded", "failed", "stopped", "lost")
# person: waits for somebody to say done · untrusted: a command is not approved where it would run
RUN_TASK_STATES = ("planned", "running", "person", "untrusted", "succeeded", "failed", "skipped", "stopped", "lost")
ATTEMPT_STATES = ("running", "succeeded", "failed", "timeout", "skipped", "stopped", "lost")


class Run(NamedTuple):
    """One execution: of a task, of a task with what it needs, or of a workflow. Evidence, never edited by hand.

    The owner of a live run is `host`, `boot_id`, `pid` and `pid_started` together; `fence` grows with each owner,
    and every write of an owner must match it.
    """

    id: int
    uuid: str
    title: str
    task_id: int | None
    workflow_id: int | None
    state: str
    jobs: int
    force: int
    created_at: str
    created_by: str
    started_at: str | None = None
    ended_at: str | None = None
    host: str | None = None
    boot_id: str | None = None
    pid: int | None = None
    pid_started: str | None = None
    user: str | None = None
    fence: int = 0
    stop_requested_by: str | None = None


class RunTask(NamedTuple):
    """A task's part in a run."""

    run_id: int
    task_id: int
    position: int  # in the order in which the plan would run them
    state: str
    started_at: str | None = None
    ended_at: str | None = None
    duration_ms: int | None = None
    reason: str | None = None  # why it failed or was skipped, as one phrase


class Attempt(NamedTuple):
    """One try of one step. Name and command are copies: the step may be edited later, evidence may not."""

    id: int
    run_id: int
    task_id: int
    step_id: int | None
    number: int  # 1 is the first try
    name: str
    command: str
    state: str
    started_at: str
    host: str
    fence: int
    ended_at: str | None = None
    duration_ms: int | None = None
    exit_code: int | None = None  # -N: ended by signal N
    log_path: str | None = None  # on `host`
    log_bytes: int | None = None
    log_lines: int | None = None


class Operation(NamedTuple):
    """One user action in the journal. `kind` is `user` (can be undone) or `system` (cannot)."""

    id: int
    uuid: str
    at: str
    actor: str
    host: str
    verb: str
    kind: str
    args: str  # JSON object
    revision: int  # schema revision that its changes are written in
    undoes: int | None = None
    redoes: int | None = None
    undone_by: int | None = None
    touched: str = "{}"  # JSON object: ids by `task`, `run`, …, names by `view`; what a live reader must read again


class View(NamedTuple):
    """A saved query."""

    name: str
    query: str
    position: int
    created_by: str


# ── changes: what a command answers, as plain data ─────────────────────────────────────────────────────────────────


class Insert(NamedTuple):
    """A new row of `table` with these fields."""

    table: str
    row: Mapping[str, Any]


class Update(NamedTuple):
    """Fields of one row, before and after. `key` is the primary key as a mapping of column to value."""

    table: str
    key: Mapping[str, Any]
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class Delete(NamedTuple):
    """One row that goes; the whole row is kept, so that it can come back."""

    table: str
    row: Mapping[str, Any]


Change = Insert | Update | Delete


class Outcome(NamedTuple):
    """What a command decided: the changes to apply, and what to tell the user.

    `task_ids` names the tasks the answer is about, `released` those which became ready, `notes` are sentences,
    `created` what a caller cannot know beforehand (ids by key). `undoes` and `redoes` name the operation meant.
    """

    changes: tuple[Change, ...] = ()
    task_ids: tuple[int, ...] = ()
    released: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    created: Mapping[str, Any] = {}
    undoes: int | None = None
    redoes: int | None = None


KEYS: dict[str, tuple[str, ...]] = {
    "task": ("id",),
    "task_tag": ("task_id", "tag"),
    "dependency": ("predecessor_id", "successor_id"),
    "step": ("id",),
    "comment": ("id",),
    "board_column": ("key",),
    "view": ("name",),
    "workflow": ("id",),
    "template": ("name",),
    "run": ("id",),
    "run_task": ("run_id", "task_id"),
    "attempt": ("id",),
}
"""Primary key columns of every journalled table."""

STAMPS = ("modified_at", "modified_by")
"""Columns of `task` that say when its journal last grew; derived from the journal and not written into it."""

CACHES = ("open_predecessors", "inherited_urgency", "inherited_due", "run_state")
"""Columns of `task` that are computed from other rows and therefore never journalled."""

REFERENCES: dict[str, tuple[tuple[str, str], ...]] = {
    "task": (
        ("task_tag", "task_id"),
        ("dependency", "predecessor_id"),
        ("dependency", "successor_id"),
        ("step", "task_id"),
        ("comment", "task_id"),
        ("run", "task_id"),
        ("run_task", "task_id"),
        ("attempt", "task_id"),
    ),
    "workflow": (("task", "workflow_id"), ("run", "workflow_id")),
    "run": (("run_task", "run_id"), ("attempt", "run_id")),
    "board_column": (("task", "column"),),
}
"""Who refers to a table's key: (table, column). A row that is referred to cannot vanish alone."""
