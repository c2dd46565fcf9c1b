"""What a command that changed something answers: one line per task, what it released, and which runs go on."""

from __future__ import annotations

from taskterm.cli.session import Session
from taskterm.core.display import visible
from taskterm.core.model import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from taskterm.store.store import Result


def echo_task(session: Session, task: Task, extra: Iterable[str] = ()) -> str:
    """`21 Deploy the web shop · due Fri 27 Nov 17:00 (in 4 days)` with what else was understood."""
    pieces = [f"{task.id} {visible(task.title)}"]
    if task.due:
        pieces.append(f"due {_moment(session, task.due, end=True)}")
    pieces += extra
    if task.scheduled:
        pieces.append(f"scheduled {_moment(session, task.scheduled, end=False)}")
    if task.wait:
        pieces.append(f"waits until {_moment(session, task.wait, end=False)}")
    if task.estimate_minutes:
        from taskterm.core.durations import format_minutes

        pieces.append(f"est {format_minutes(task.estimate_minutes)}")
    if task.priority:
        pieces.append(f"priority {task.priority}")
    if task.recurrence:
        pieces.append(f"repeats {visible(task.recurrence)}")
    pieces += [visible(value) for value in (task.project, *(f"+{tag}" for tag in task.tags)) if value]
    if task.assignee:
        pieces.append("@" + visible(task.assignee))
    return " · ".join(pieces)


def _moment(session: Session, utc: str, *, end: bool) -> str:
    from taskterm.core import dates

    return f"{dates.format_moment(utc, session.now, end=end)} ({dates.relative(utc, session.now)})"


def named(task: Task) -> str:
    """`12 Title`, harmless."""
    return f"{task.id} {visible(task.title)}"


def changed(session: Session, result: Result, lines: Iterable[str]) -> None:
    """Answers a command: its lines, what it released, its notes; as JSON the same in one object."""
    released = [result.tasks[i] for i in result.outcome.released if i in result.tasks]
    if session.json:
        session.data(object_of(session, result))
    else:
        for line in lines:
            session.say(line)
        for task in released:
            session.say(f"{named(task)} is ready")
    for note in result.outcome.notes:
        session.note(note)
    go_on(session, result.tasks)


def object_of(session: Session, result: Result) -> dict[str, Any]:
    """The answer of a changing command: `operation` (None: nothing changed), `tasks`, `released` (ids), `notes`."""
    ids = [i for i in result.outcome.task_ids if i in result.tasks]
    return {
        "operation": result.operation_id,
        "tasks": task_objects(session, ids),
        "released": list(result.outcome.released),
        "notes": list(result.outcome.notes),
    }


def task_objects(session: Session, ids: Iterable[int]) -> list[dict[str, Any]]:
    """The task objects of these ids, in their order."""
    from taskterm.cli.picture import around
    from taskterm.core.document import task_object

    ids = list(ids)
    with session.store().read() as reader:
        snapshot = around(reader, ids)
    return [task_object(snapshot, snapshot.tasks[i], session.now) for i in ids if i in snapshot.tasks]


def go_on(session: Session, tasks: Mapping[int, Task]) -> None:
    """Sets runs going again that waited for these tasks, and says which do, or where they wait."""
    if not any(task.run_state for task in tasks.values()):
        return  # none of them has ever been part of a run: nothing to look for
    with session.store().read() as reader:
        waiting = any(run.state == "waiting" for run in reader.live_runs())
    if waiting:
        resume(session)


def resume(session: Session) -> None:
    """Sets waiting runs going that can move now, and says which do, or where they wait to be taken up."""
    from taskterm.core.errors import TaskTermError
    from taskterm.runner.start import continue_waiting, waiting_elsewhere

    try:
        going = continue_waiting(session.store(), actor=session.actor, now=session.now)
    except TaskTermError as error:  # what was asked for is done; only what should follow is not
        session.note(f"{error.message}; {error.hint}")
        return
    for run_id in going:
        session.note(f"run {run_id} goes on; watch it with: taskterm logs {run_id} -f")
    for sentence in waiting_elsewhere(session.store(), now=session.now):
        session.note(sentence)
