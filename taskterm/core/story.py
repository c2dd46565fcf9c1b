"""The one fact that explains a task's state, as a short sentence: the `now` field of every list, card and tree line."""

from __future__ import annotations

from taskterm.core import durations, moments
from taskterm.core.lean import NamedTuple, datetime
from taskterm.core.model import Attempt, RunTask, Task
from taskterm.core.snapshot import Part, Snapshot, shown_state
from taskterm.core.zone import from_utc_text, to_utc_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


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
    return 0.0 if start is None else max(0.0, (now - from_utc_text(start)).total_seconds())


def expected_seconds(snapshot: Snapshot, task: Task) -> float | None:
    """How long the task's steps should take: its last success under the same title, else its estimate, else None."""
    model = last_success(snapshot, task)
    if model is not None and model.duration_ms:
        return model.duration_ms / 1000.0
    return task.estimate_minutes * 60.0 if task.estimate_minutes else None


def usual_steps(snapshot: Snapshot, task: Task) -> dict[str, float]:
    """Seconds that each step of the task took in the success that `expected_seconds` goes by, by name."""
    model = last_success(snapshot, task)
    if model is None:
        return {}
    made = snapshot.attempts(model.run_id, model.task_id)
    return {a.name: a.duration_ms / 1000.0 for a in made if a.state == "succeeded" and a.duration_ms is not None}


def last_success(snapshot: Snapshot, task: Task) -> RunTask | None:
    """The newest part that succeeded, of the task itself or of the one in its place in an earlier workflow."""
    if task.id not in snapshot.newest_run and task.workflow_key is None:
        return None
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
                    return part
    return None


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
    state = shown_state(task, to_utc_text(now))
    if state == "running":
        return _running(snapshot, task, now)
    if state == "failed":
        return _failed(snapshot, task, now)
    if state == "blocked":
        return _blocked(snapshot, task)
    if state == "waiting":
        return (Phrase("until " + moments.format_moment(task.wait or "", now, end=False), "soft"),)
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
    tail = f", {durations.since(ago)}" if attempt.ended_at else ""
    return (Phrase(failure_word(attempt), "fail", True), Phrase(f" {attempt.name}{tail}", "soft"))


def _blocked(snapshot: Snapshot, task: Task) -> tuple[Phrase, ...]:
    ids, more, owner = blocked_words(snapshot, task.id)
    found = [Phrase("waits for", "mute"), *(Phrase(f" #{task_id}", "soft") for task_id in ids)]
    if more:
        found.append(Phrase(f" +{more}", "mute"))
    elif owner:
        found.append(Phrase(f" @{owner}", "soft"))
    return tuple(found)


def blocked_words(snapshot: Snapshot, task_id: int) -> tuple[Sequence[int], int, str | None]:
    """What a blocked task waits for: up to three ids, how many more there are, and who has it if it is only one."""
    ids = snapshot.open_blocker_ids(task_id)
    if len(ids) == 1:
        return ids, 0, snapshot.tasks[ids[0]].assignee
    return ids[:3], max(len(ids) - 3, 0), None


def _done(snapshot: Snapshot, task: Task) -> tuple[Phrase, ...]:
    part = snapshot.last_part(task.id)
    if part is not None and part.run_task.state == "succeeded" and part.run_task.duration_ms is not None:
        return (Phrase(f"done {durations.clock(part.run_task.duration_ms / 1000)}", "mute"),)
    by_another = task.completed_by is not None and task.completed_by != task.assignee
    return (Phrase(f"by @{task.completed_by}" if by_another else "done", "mute"),)


def _open(snapshot: Snapshot, task: Task, now: datetime, state: str) -> tuple[Phrase, ...]:
    separated: list[Phrase] = []
    for text, role in open_words(snapshot, task, now, state):
        separated += [Phrase(" · ", "mute"), Phrase(text, role)] if separated else [Phrase(text, role)]
    return tuple(separated)


def open_words(snapshot: Snapshot, task: Task, now: datetime, state: str) -> list[tuple[str, str]]:
    """What is worth saying of a task that is ready or begun, each piece with its role."""
    found = []
    if task.run_state == "untrusted":
        found.append(("not trusted yet", "warn"))
    elif task.run_state == "person" and state != "doing":  # who is at it already is not told again
        found.append(("the run waits here", "warn"))
    elif held := snapshot.held_count(task.id):
        found.append((f"holds up {held}", "warn"))
    if state == "doing" and task.started_at:
        found.append((durations.since(seconds_since(task.started_at, now)), "soft"))
    elif not task.run_state and (count := snapshot.step_count(task.id)):
        found.append((f"{count} step{'s' if count > 1 else ''}", "soft"))
    elif task.estimate_minutes and not found:
        found.append((f"est {durations.format_minutes(task.estimate_minutes)}", "soft"))
    return found


def teller(snapshot: Snapshot, state: str, now: datetime, harmless: Callable[[str], str]) -> Callable[[Task], str]:
    """For tasks of one shown state: a function that answers a task's sentence as plain text.

    Ids stand bare, as people paste them: `waits for 12 13`. What users typed in it passes through `harmless`.
    """

    blocker_ids, tasks = snapshot.open_blocker_ids, snapshot.tasks

    def blocked(task: Task) -> str:
        ids = blocker_ids(task.id)
        if len(ids) == 1:  # as blocked_words has it; most have only one, and a list may have thousands
            owner = tasks[ids[0]].assignee
            return f"waits for {ids[0]} @{harmless(owner)}" if owner else f"waits for {ids[0]}"
        ids, more, _ = blocked_words(snapshot, task.id)
        return f"waits for {' '.join(map(str, ids))} +{more}" if more else f"waits for {' '.join(map(str, ids))}"

    def startable(task: Task) -> str:
        words = open_words(snapshot, task, now, state)
        return words[0][0] if len(words) == 1 else " · ".join([text for text, _ in words])

    def other(task: Task) -> str:
        return harmless("".join([phrase.text for phrase in now_field(snapshot, task, now)]))

    return blocked if state == "blocked" else startable if state in ("ready", "doing") else other
