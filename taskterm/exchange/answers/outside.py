"""Shapes of the journal, of saved queries, of preferences, and of what goes in and out."""

from typing import Any, Literal

from sqlmodel import Field

from taskterm.exchange.answers.base import Answer, Count, Number, Seconds, TaskId, Utc, Uuid, Who
from taskterm.exchange.answers.tasks import Change, Task

# ── the journal


class FieldChanges(Answer):
    """A row that an operation made (before is null), changed (only what differs) or removed (after is null)."""

    table: str = Field(description="task, step, dependency, …")
    key: dict[str, int | str] = Field(description="primary key of the row")
    before: dict[str, Any] | None = Field(description="field values before")
    after: dict[str, Any] | None = Field(description="field values after")


class Operation(Answer):
    """One action in the journal."""

    id: Number = Field(description="number of the operation, in the order of commits")
    uuid: Uuid
    at: Utc
    actor: Who
    host: str = Field(description="the machine it was done on")
    verb: str = Field(description="the command")
    kind: Literal["user", "system"] = Field(description="user can be undone, system is evidence of runs")
    args: dict[str, Any] = Field(description="what the command was given")
    undoes: Number | None = Field(description="the operation that it took back")
    redoes: Number | None = Field(description="the operation that it brought back")
    undone_by: Number | None = Field(description="the operation that took it back")
    changes: list[FieldChanges] = Field(description="in the order in which they were applied")


# ── saved queries


class View(Answer):
    """A saved query."""

    name: str = Field(description="as in view:NAME")
    query: str = Field(description="as it was typed")
    created_by: Who


class SavedView(Change):
    """A query that was saved."""

    view: View = Field(description="as it is saved now")
    replaced: str | None = Field(description="the query that had this name before")


class RemovedViews(Change):
    """Saved queries that were removed."""

    removed: list[str] = Field(description="their names")


# ── preferences


class Setting(Answer):
    """A preference and where its value is from."""

    key: str = Field(description="as in config get KEY")
    value: str | int | bool | None = Field(description="what counts now")
    source: str = Field(description="an option, an environment variable, the file, or default")


class Settings(Answer):
    """All preferences."""

    file: str = Field(description="where they are kept")
    keys: list[Setting] = Field(description="every preference that there is")
    problems: list[str] = Field(description="what is wrong with the file, as sentences")


class SettingWritten(Answer):
    """A preference as the file has it now."""

    key: str = Field(description="as in config get KEY")
    value: str | int | bool | None = Field(description="null where it was taken out")
    file: str = Field(description="where it is kept")


class ConfigFile(Answer):
    """Where the preferences are kept."""

    file: str = Field(description="its path")
    exists: bool = Field(description="false as long as everything is at its default")


# ── in and out


class Differs(Answer):
    """A task that the file has otherwise and that was left as it is."""

    id: TaskId
    fields: list[str] = Field(description="what differs")


class ImportCounts(Answer):
    """How many tasks of the file met which fate."""

    added: Count = Field(description="are new")
    updated: Count = Field(description="took the values of the file")
    same: Count = Field(description="are here already, as in the file")
    differ: Count = Field(description="are here already, otherwise, and were left as they are")
    lost_links: Count = Field(description="links to tasks that are neither in the file nor here")


class Imported(Change):
    """What an import brought, or would bring (`dry_run`)."""

    file: str = Field(description="the file as it was named")
    format: Literal["taskwarrior", "csv", "json"] = Field(description="what it was read as")
    dry_run: bool = Field(description="true where nothing was written")
    added: list[TaskId] = Field(description="empty for a dry run, as they have no ids yet")
    updated: list[TaskId] = Field(description="tasks that took the values of the file")
    differ: list[Differs] = Field(description="tasks that were left as they are")
    counts: ImportCounts = Field(description="in figures, for a dry run too")
    warnings: list[str] = Field(description="what could not be taken over, as sentences")


class Exported(Answer):
    """What an export wrote into a file."""

    file: str = Field(description="the file as it was named")
    format: Literal["taskwarrior", "csv", "json", "mermaid", "dot", "svg"] = Field(description="what it holds")
    tasks: Count = Field(description="how many")
    left_out: list[str] = Field(description="what the format has no place for, as phrases")


class ExportedStep(Answer):
    """A step; fields that are not there are at their default."""

    name: str = Field(description="what the step is called")
    run: str = Field(description="the shell command")
    last_exit_code: int | None = Field(description="in the task's newest run")
    shell: str | None = Field(default=None, description="program that gets the command with -c")
    cwd: str | None = Field(default=None, description="folder it runs in")
    env: dict[str, str] | None = Field(default=None, description="added to the environment")
    timeout_seconds: Seconds | None = None
    retries: Count = Field(default=0, description="further tries after the first")
    backoff_seconds: Seconds = 1.0
    condition: str | None = Field(default=None, description="a shell command; the step is skipped where it fails")
    continue_on_error: bool = Field(default=False, description="later steps run even if it fails")
    interactive: bool = Field(default=False, description="it wants a terminal")
    host: str | None = Field(default=None, description="where it runs")
    repeatable: bool = Field(default=False, description="safe to run twice")
    trusts: list[str] | None = Field(default=None, description="scripts whose content belongs to the approval")


class ExportedComment(Answer):
    """What somebody said."""

    text: str = Field(description="may have several lines")
    created_at: Utc
    created_by: Who


class ExportedTask(Task):
    """A task object with all that belongs to it."""

    notes: str = Field(description="Markdown; empty where there are none")
    recurrence: str | None = Field(description="the rule of RFC 5545 after which it repeats")
    steps: list[ExportedStep] = Field(description="in their order")  # type: ignore[assignment]
    comments: list[ExportedComment] = Field(description="oldest first")
    created_by: Who
    modified_by: Who
    started_by: Who | None
    completed_by: Who | None
    extra: dict[str, Any] | None = Field(description="attributes of an import that have no field here")


class Everything(Answer):
    """A whole database, or the tasks that a query chose (then without views, templates, runs and history)."""

    taskterm: Literal[1] = Field(description="version of this document")
    exported_at: Utc
    tasks: list[ExportedTask] = Field(description="by id")
    columns: list[dict[str, Any]] = Field(description="of the board, from left to right")
    workflows: list[dict[str, Any]] = Field(description="those the tasks came from")
    views: list[dict[str, Any]] | None = Field(default=None, description="saved queries")
    templates: list[dict[str, Any]] | None = Field(default=None, description="workflow files kept in the database")
    runs: list[dict[str, Any]] | None = Field(default=None, description="each with its tasks and attempts, no logs")
    history: list[dict[str, Any]] | None = Field(
        default=None, description="operations with their changes, oldest first"
    )
