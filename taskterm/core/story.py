"""The one fact that explains a task's state, as a short sentence: the `now` field of every list, card and tree line."""

from __future__ import annotations

from taskterm.core import dates, durations
from taskterm.core.lean import NamedTuple, datetime
from taskterm.core.model import Attempt, Task
from taskterm.core.snapshot import Part, Snapshot, shown_state


class Phrase(NamedTuple):
    """A piece of a sentence and its role: `run`, `fail`, `warn`, `soft`, `mute` or `text`; `strong` is drawn bold."""

    text: str
    role: str
    strong: bool = False


class Progress(NamedTuple):
    """How far a running task is. `fraction` is None where nothing is known to compare with."""

    elapsed: float  # seconds
    expected: float | None  # seconds
    fraction: float | None  # 0 … 1
    steps_done: int
    steps: int


def seconds_since(start: str | None, now: datetime) -> float:
    """Seconds from UTC text to `now`, never negative; 0.0 for None."""
    return 0.0 if start is None else max(0.0, (now - dates.from_utc_text(start)).total_seconds())


def expected_seconds(snapshot: Snapshot, task: Task) -> float | None:
    """How long the task's steps should take: its last success under the same title, else its estimate, else None."""
    for run_id in sorted(snapshot.runs, reverse=True):
        for part in snapshot.run_tasks(run_id):
            if part.state == "succeeded" and part.duration_ms and part.task_id in snapshot.tasks:
                other = snapshot.tasks[part.task_id]
                same = other.id == task.id or (
                    task.workflow_key is not None
                    and other.workflow_key == task.workflow_key
                    and _workflow_name(snapshot, other) == _workflow_name(snapshot, task)
                )
                if same:
                    return part.duration_ms / 1000.0
    return task.estimate_minutes * 60.0 if task.estimate_minutes else None


def _workflow_name(snapshot: Snapshot, task: Task) -> str | None:
    workflow = snapshot.workflows.get(task.workflow_id or 0)
    return workflow.name if workflow else None


def progress(snapshot: Snapshot, task: Task, now: datetime) -> Progress | None:
    """How far a running task is, or None if none of its steps runs."""
    part = snapshot.last_part(task.id)
    if part is None or part.run_task.state != "running":
        return None
    elapsed = seconds_since(part.run_task.started_at, now)
    expected = expected_seconds(snapshot, task)
    fraction = min(elapsed / expected, 0.99) if expected else None
    finished = {a.step_id for a in part.attempts if a.state in ("succeeded", "skipped")}
    return Progress(elapsed, expected, fraction, len(finished), len(snapshot.steps(task.id)))


def failure(part: Part | None) -> Attempt | None:
    """The attempt that made the task's part fail, or None."""
    if part is None:
        return None
    bad = [a for a in part.attempts if a.state in ("failed", "timeout", "stopped", "lost")]
    return bad[-1] if bad else None


def failure_word(attempt: Attempt) -> str:
    """What happened, in two words at most: `exit 23`, `signal 9`, `timeout`, `stopped`, `lost`."""
    if attempt.state == "failed" and attempt.exit_code is not None:
        return f"exit {attempt.exit_code}" if attempt.exit_code >= 0 else f"signal {-attempt.exit_code}"
    return attempt.state


def now_field(snapshot: Snapshot, task: Task, now: datetime) -> tuple[Phrase, ...]:
    """The phrases of the sentence, shortest useful form; empty when there is nothing worth saying."""
    state = shown_state(task, dates.to_utc_text(now))
    if state == "running":
        return _running(snapshot, task, now)
    if state == "failed":
        return _failed(snapshot, task, now)
    if state == "blocked":
        return _blocked(snapshot, task)
    if state == "waiting":
        return (Phrase("until " + dates.format_moment(task.wait or "", now, end=False), "soft"),)
    if state == "done":
        return _done(snapshot, task)
    if state == "cancelled":
        return ()
    return _open(snapshot, task, now, state)


def _running(snapshot: Snapshot, task: Task, now: datetime) -> tuple[Phrase, ...]:
    far = progress(snapshot, task, now)
    if far is None:
        return (Phrase("running", "run"),)
    found = [Phrase(durations.clock(far.elapsed), "run", True)]
    if far.expected:
        found.append(Phrase(f" of ~{durations.clock(far.expected)}", "mute"))
    elif far.steps > 1:
        found.append(Phrase(f" {far.steps_done}/{far.steps}", "mute"))
    return tuple(found)


def _failed(snapshot: Snapshot, task: Task, now: datetime) -> tuple[Phrase, ...]:
    part = snapshot.last_part(task.id)
    attempt = failure(part)
    if attempt is None:
        reason = part.run_task.reason if part else None
        return (Phrase(reason or task.run_state or "failed", "fail", True),)
    ago = seconds_since(attempt.ended_at, now)
    tail = f", {durations.age(ago)}" if attempt.ended_at else ""
    return (Phrase(failure_word(attempt), "fail", True), Phrase(f" {attempt.name}{tail}", "soft"))


def _blocked(snapshot: Snapshot, task: Task) -> tuple[Phrase, ...]:
    blockers = snapshot.open_blockers(task.id)
    found = [Phrase("waits for", "mute")]
    for blocker in blockers[:3]:
        found.append(Phrase(f" #{blocker.id}", "soft"))
    if len(blockers) > 3:
        found.append(Phrase(f" +{len(blockers) - 3}", "mute"))
    elif len(blockers) == 1 and blockers[0].assignee:
        found.append(Phrase(f" @{blockers[0].assignee}", "soft"))
    return tuple(found)


def _done(snapshot: Snapshot, task: Task) -> tuple[Phrase, ...]:
    part = snapshot.last_part(task.id)
    if part is not None and part.run_task.state == "succeeded" and part.run_task.duration_ms is not None:
        return (Phrase(f"done {durations.clock(part.run_task.duration_ms / 1000)}", "mute"),)
    by_another = task.completed_by is not None and task.completed_by != task.assignee
    return (Phrase(f"by @{task.completed_by}" if by_another else "done", "mute"),)


def _open(snapshot: Snapshot, task: Task, now: datetime, state: str) -> tuple[Phrase, ...]:
    found: list[Phrase] = []
    if task.run_state == "untrusted":
        found.append(Phrase("not trusted yet", "warn"))
    elif task.run_state == "person" and state != "doing":  # who is at it already is not told again
        found.append(Phrase("the run waits here", "warn"))
    held = len(snapshot.held_up(task.id))
    if held and not found:
        found.append(Phrase(f"holds up {held}", "warn"))
    if state == "doing" and task.started_at:
        found.append(Phrase(durations.age(seconds_since(task.started_at, now)), "soft"))
    elif snapshot.steps(task.id) and not task.run_state:
        count = len(snapshot.steps(task.id))
        found.append(Phrase(f"{count} step{'s' if count > 1 else ''}", "soft"))
    elif task.estimate_minutes and not found:
        found.append(Phrase(f"est {durations.format_minutes(task.estimate_minutes)}", "soft"))
    separated: list[Phrase] = []
    for phrase in found:
        separated += [Phrase(" · ", "mute"), phrase] if separated else [phrase]
    return tuple(separated)
