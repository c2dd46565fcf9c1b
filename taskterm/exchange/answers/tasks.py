"""Shapes of tasks, and of what a command changed about them."""

from typing import Literal

from sqlmodel import Field

from taskterm.exchange.answers.base import (
    Answer,
    Assignee,
    Count,
    Number,
    State,
    Status,
    TaskId,
    Title,
    Utc,
    Uuid,
    Who,
)


class TaskStep(Answer):
    """A step as far as a task object tells it."""

    name: str = Field(description="what the step is called")
    run: str = Field(description="the shell command")
    last_exit_code: int | None = Field(
        description="in the task's newest run, -N for an end by signal N; null while it has not ended there"
    )


class TaskWorkflow(Answer):
    """The started workflow that a task came from."""

    id: Number = Field(description="number of the workflow")
    name: str = Field(description="its name in the workflow file")
    key: str | None = Field(description="key of the task in the workflow file")


class Task(Answer):
    """A task object."""

    id: TaskId
    uuid: Uuid
    title: Title
    status: Status = Field(description="what people set; the state is derived from it")
    state: State = Field(description="derived: waiting (wait lies ahead), blocked (an open predecessor), ready, …")
    column: str | None = Field(description="key of the board column that shows it; null for cancelled tasks")
    priority: Literal["H", "M", "L"] | None = Field(description="high, medium, low")
    project: str | None = Field(description="dotted: site.web lies in site")
    tags: list[str] = Field(description="without the +")
    assignee: Assignee | None
    due: Utc | None
    scheduled: Utc | None
    wait: Utc | None
    estimate_minutes: Count | None = Field(description="working time in minutes; a day has 480")
    predecessors: list[TaskId] = Field(description="what it waits for, ended tasks too")
    successors: list[TaskId] = Field(description="what waits for it, ended tasks too")
    urgency: float = Field(description="higher is sooner; two decimals, depends on the time of asking")
    failed: bool = Field(description="it is open and its last run did not succeed")
    steps: list[TaskStep] = Field(description="in their order")
    created_at: Utc
    modified_at: Utc
    started_at: Utc | None
    completed_at: Utc | None
    workflow: TaskWorkflow | None = Field(description="null for tasks that came from none")


class Comment(Answer):
    """Something said about a task."""

    id: Number = Field(description="number of the comment")
    task_id: TaskId
    text: str = Field(description="may have several lines")
    created_at: Utc
    created_by: Who


class Details(Task):
    """Everything about a task."""

    notes: str = Field(description="Markdown; empty where there are none")
    recurrence: str | None = Field(description="the rule of RFC 5545 after which it repeats")
    comments: list[Comment] = Field(description="oldest first")


class Notes(Answer):
    """The notes of a task."""

    id: TaskId
    notes: str = Field(description="Markdown; empty where there are none")


class Change(Answer):
    """What a command changed."""

    operation: Number | None = Field(description="number in the history, for undo; null where nothing was changed")
    tasks: list[Task] = Field(description="the tasks it was about, as they are now; deleted ones are not there")
    released: list[TaskId] = Field(description="tasks that became ready by it")
    notes: list[str] = Field(description="sentences for people, as on stderr")
    created: list[TaskId] = Field(description="tasks that it made beside them: the next ones of tasks that repeat")


class Again(Change):
    """What undo or redo changed."""

    undoes: Number | None = Field(description="the operation that was taken back")
    redoes: Number | None = Field(description="the operation that was brought back")


class SketchedTask(Answer):
    """A task of a sketch."""

    id: TaskId | None = Field(description="null for a new task with --dry-run")
    title: Title
    new: bool = Field(description="false for a task that was there before")
    after: list[Count] = Field(description="what comes right before it in the sketch, as places in this list from 0")


class Sketched(Change):
    """What a sketch made, or with --dry-run would make."""

    sketch: list[SketchedTask] = Field(description="in the order of their first mention")
