"""Shapes of steps, runs, plans, workflows and trust."""

from typing import Literal

from sqlmodel import Field

from taskterm.exchange.answers.base import (
    Answer,
    Count,
    Hash,
    Milliseconds,
    Number,
    Seconds,
    TaskId,
    Title,
    Utc,
    Uuid,
    Who,
)
from taskterm.exchange.answers.tasks import Task

RunState = Literal["planned", "running", "waiting", "succeeded", "failed", "stopped", "lost"]
PartState = Literal["planned", "running", "person", "untrusted", "succeeded", "failed", "skipped", "stopped", "lost"]
AttemptState = Literal["running", "succeeded", "failed", "timeout", "skipped", "stopped", "lost"]


class Step(Answer):
    """A shell command of a task."""

    id: Number = Field(description="number of the step")
    task_id: TaskId
    position: Number = Field(description="orders the steps of a task")
    name: str = Field(description="what the step is called")
    run: str = Field(description="the shell command")
    shell: str | None = Field(description="program that gets the command with -c; null is /bin/sh")
    cwd: str | None = Field(description="folder it runs in; null is the home of who runs it")
    env: dict[str, str] = Field(description="added to the environment")
    timeout_seconds: Seconds | None
    retries: Count = Field(description="further tries after the first")
    backoff_seconds: Seconds
    condition: str | None = Field(description="a shell command; the step is skipped where it fails")
    continue_on_error: bool = Field(description="later steps run even if it fails")
    interactive: bool = Field(description="it wants a terminal")
    host: str | None = Field(description="null is the host of the run; any; or a host's name")
    repeatable: bool = Field(description="safe to run twice")
    trusts: list[str] = Field(description="scripts whose content belongs to the approval")


class RunPart(Answer):
    """A task's part in a run."""

    id: TaskId
    title: Title | None
    state: PartState = Field(description="person: waits for somebody; untrusted: a command is not approved there")
    reason: str | None = Field(description="why it failed or was skipped, as one phrase")
    started_at: Utc | None
    ended_at: Utc | None
    duration_ms: Milliseconds | None


class Attempt(Answer):
    """One try of one step; name and command as they were then."""

    id: Number = Field(description="number of the attempt")
    task: TaskId
    step: Number | None = Field(description="number of the step; null where it is removed")
    name: str = Field(description="what the step was called")
    run: str = Field(description="the shell command")
    number: Number = Field(description="1 is the first try")
    state: AttemptState = Field(description="lost: whoever ran it is gone, and how it ended is not known")
    exit_code: int | None = Field(description="-N: ended by signal N; null where there is none")
    host: str = Field(description="the machine it ran on")
    started_at: Utc
    ended_at: Utc | None
    duration_ms: Milliseconds | None
    log_bytes: Count | None = Field(description="size of its output; null until it has ended")
    log_lines: Count | None = Field(description="lines of its output; null until it has ended")


class Run(Answer):
    """One execution of a task, of a task with what it needs, or of a workflow."""

    id: Number = Field(description="number of the run")
    uuid: Uuid
    title: Title
    state: RunState = Field(description="waiting: only people can move it")
    task: TaskId | None
    workflow: Number | None = Field(description="number of the workflow; null where it runs tasks")
    jobs: Number = Field(description="at most so many tasks at the same time")
    forced: bool = Field(description="it was started although something it waits for was open")
    host: str | None = Field(description="the machine that owns it; null before one does")
    user: str | None = Field(description="who runs it there")
    created_at: Utc
    created_by: Who
    started_at: Utc | None
    ended_at: Utc | None
    stop_requested_by: Who | None
    tasks: list[RunPart] = Field(description="in the order of the plan")
    attempts: list[Attempt] = Field(description="oldest first")


class LogLine(Answer):
    """One line that a step printed."""

    task: TaskId
    step: Number = Field(description="as logs --step counts: 1 is the first step of the run")
    attempt: Number = Field(description="number of the attempt")
    name: str = Field(description="what the step was called")
    elapsed_ms: Milliseconds | None
    text: str = Field(description="without its line end; may hold any character")


class PlanStep(Answer):
    """A command that would run."""

    name: str = Field(description="what the step is called")
    run: str = Field(description="the shell command")
    trusted: bool | None = Field(description="whether it may run here; null for a workflow file")


class PlanTask(Answer):
    """A task that would have its turn."""

    id: TaskId | None = Field(description="null for a workflow file")
    key: str | None = Field(description="in the workflow file; null for tasks that came from none")
    title: Title
    stage: Number = Field(description="what has the same stage can run at the same time")
    needs: list[int | str] = Field(description="ids of tasks, or keys for a workflow file")
    person: bool = Field(description="no step: somebody has to do it")
    expected_seconds: Seconds | None
    steps: list[PlanStep] = Field(description="in their order")


class Plan(Answer):
    """What would run, in this order."""

    title: Title
    tasks: list[PlanTask] = Field(description="in the order in which they would have their turns")
    blocked_by: list[TaskId] = Field(description="open tasks outside the plan that it waits for")
    critical: list[TaskId] = Field(description="the longest chain; empty for a workflow file")
    critical_seconds: Seconds | None


class Mistake(Answer):
    """A mistake in a workflow file."""

    file: str = Field(description="the file as it was named")
    line: Count | None = Field(description="from 1; null where it belongs to no line")
    key: str | None = Field(description="as task.build.needs; null or empty for the file as a whole")
    message: str = Field(description="what is wrong, as a phrase")


class Started(Answer):
    """A workflow that was started."""

    workflow: Number = Field(description="number of the workflow")
    name: str = Field(description="its name in the file")
    params: dict[str, str] = Field(description="values of its parameters")
    trusted: bool = Field(description="whether its commands may run here")
    tasks: list[Task] = Field(description="in the order of the file")


class StartedBefore(Answer):
    """A workflow that was started once."""

    id: Number = Field(description="number of the workflow")
    uuid: Uuid
    name: str = Field(description="its name in the file")
    params: dict[str, str] = Field(description="values of its parameters")
    source: str | None = Field(description="the file it came from")
    created_at: Utc
    created_by: Who
    tasks: Count = Field(description="how many tasks it has")
    tasks_ended: Count = Field(description="how many of them are done or cancelled")


class Pending(Answer):
    """A command that may not run here yet."""

    hash: Hash
    command: str = Field(description="the shell command")
    tasks: list[TaskId] = Field(description="tasks that have it as a step")


class Approval(Answer):
    """A command that may run here."""

    hash: Hash
    command: str = Field(description="the shell command")
    how: Literal["typed", "approved"] = Field(description="typed here, or approved after it was shown")
    at: Utc


class Trust(Answer):
    """Which commands may run here, and which wait for an approval."""

    pending: list[Pending] = Field(description="of open tasks of this database")
    approved: list[Approval] = Field(description="of this user on this machine, oldest first")


class Approved(Answer):
    """What was approved just now."""

    approved: list[Hash] = Field(description="commands that may run here from now on")


class Revoked(Answer):
    """What may run here no longer."""

    revoked: list[Hash] = Field(description="commands that need a new approval")


class DemoAttempt(Attempt):
    """One try of one step of the demo."""

    last_line: str | None = Field(description="the last line that it printed")


class DemoRun(Run):
    """The run of the release in the demo."""

    attempts: list[DemoAttempt] = Field(description="oldest first")  # type: ignore[assignment]


class Demo(Answer):
    """What the demo did."""

    database: str = Field(description="the database of the sample")
    run: DemoRun = Field(description="the run of the release")
    installed: str = Field(description="where the release is installed")
    sha256: str | None = Field(description="of the installed file; null where nothing was installed")
