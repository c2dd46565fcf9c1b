"""What a command that changed something answers: one line per task, what it released, and which runs go on."""

from __future__ import annotations

from taskterm.cli.session import Session
from taskterm.core.display import visible
from taskterm.core.model import Task, Update

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from taskterm.core.capture import Capture
    from taskterm.store.sqlite import SqliteReader
    from taskterm.store.store import Result


def echo_task(session: Session, task: Task, extra: Iterable[str] = ()) -> str:
    """`21 Deploy the web shop · due Fri 27 Nov 17:00 (in 4 days)` with what else was understood."""
    return " · ".join([f"{task.id} {visible(task.title)}", *facts(session, task, extra)])


def facts(session: Session, task: Task | Capture, extra: Iterable[str] = ()) -> list[str]:
    """What is known of a task beside its title, one phrase each: `due Fri 27 Nov 17:00 (in 4 days)`, `@ana`."""
    pieces = []
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
        from taskterm.core.recurrence import describe

        pieces.append(f"repeats {visible(describe(task.recurrence))}")
    pieces += [visible(value) for value in (task.project, *(f"+{tag}" for tag in task.tags)) if value]
    if task.assignee:
        pieces.append("@" + visible(task.assignee))
    return pieces


def _moment(session: Session, utc: str, *, end: bool) -> str:
    from taskterm.core import moments

    return f"{moments.format_moment(utc, session.now, end=end)} ({moments.relative(utc, session.now)})"


def finished(session: Session, result: Result, task: Task) -> str:
    """` · next one 27 due Thu 31 Dec` behind a finished task that repeats; empty for others."""
    next_id = result.outcome.created.get("next", {}).get(task.id)
    if next_id is None:
        return ""
    from taskterm.core import moments

    rows = [c.row for c in result.outcome.changes if c.table == "task" and not isinstance(c, Update)]
    row = next(row for row in rows if row["id"] == next_id)
    name, when = ("due", row["due"]) if row["due"] else ("scheduled", row["scheduled"])
    return f" · next one {next_id} {name} {moments.format_moment(when, session.now, end=name == 'due')}"


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
    """The answer of a changing command: `operation` (None: nothing changed), `tasks`, `released` (ids), `notes`, and
    as `created` the ids of tasks that were made by it."""
    ids = [i for i in result.outcome.task_ids if i in result.tasks]
    return {
        "operation": result.operation_id,
        "tasks": task_objects(session, ids),
        "released": list(result.outcome.released),
        "notes": list(result.outcome.notes),
        "created": sorted(result.outcome.created.get("next", {}).values()),
    }


def task_objects(session: Session, ids: Iterable[int]) -> list[dict[str, Any]]:
    """The task objects of these ids, in their order."""
    with session.store().read() as reader:
        return objects_of_tasks(session, reader, ids)


def objects_of_tasks(session: Session, reader: SqliteReader, ids: Iterable[int]) -> list[dict[str, Any]]:
    """The same inside a transaction."""
    from taskterm.cli.picture import around
    from taskterm.core.document import task_object
    from taskterm.store import feed, lists

    ids = list(ids)
    snapshot = around(reader, ids) if len(ids) <= lists.FEW else feed.load(reader)
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
