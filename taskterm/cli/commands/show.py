"""show: everything about single tasks."""

from taskterm.cli.commands.steps import show_step
from taskterm.cli.options import Command, Given, need, refs
from taskterm.cli.picture import around
from taskterm.cli.rows import now_text
from taskterm.cli.session import Session
from taskterm.cli.text import lines_of
from taskterm.core import dates
from taskterm.core.commands.refs import resolve_all
from taskterm.core.display import STATE_ROLES, visible
from taskterm.core.document import task_object
from taskterm.core.durations import clock, format_minutes
from taskterm.core.model import Task
from taskterm.core.snapshot import Snapshot, column_of, is_overdue, shown_state
from taskterm.core.story import failure_word

_LABEL = 11


def show(session: Session, given: Given) -> int:
    """Everything about the named tasks; as JSON one object for one task, an array for several."""
    words = given.all_words()
    need(words, "the task", "show 12")
    with session.store().read() as reader:
        tasks = resolve_all(reader, refs(words))
        snapshot = around(reader, [task.id for task in tasks])
    if session.json:
        objects = [
            task_object(snapshot, task, session.now)
            | {
                "notes": task.notes,
                "recurrence": task.recurrence,
                "comments": [c._asdict() for c in snapshot.comments(task.id)],
            }
            for task in tasks
        ]
        session.data(objects[0] if len(objects) == 1 else objects)
        return 0
    for index, task in enumerate(tasks):
        if index:
            session.say()
        _one(session, snapshot, task)
    return 0


def _one(session: Session, snapshot: Snapshot, task: Task) -> None:
    at = dates.to_utc_text(session.now)
    state = shown_state(task, at)
    sign = session.paint(session.glyph(state), STATE_ROLES.get(state, "mute"))
    session.say(f"{sign} {session.paint(str(task.id), 'mute')} {session.paint(visible(task.title), strong=True)}")
    sentence, role = now_text(snapshot, task, session.now)
    column = next((c.name for c in snapshot.columns if c.key == column_of(task, at, snapshot.columns)), "")
    where = f", in {visible(column)}" if column and column.casefold() != state else ""
    said = f"  {session.paint(visible(sentence), role)}" if sentence else ""
    _fact(session, "state", session.paint(state, STATE_ROLES.get(state, "mute")) + where + said)
    _fact(session, "priority", task.priority)
    _fact(session, "project", visible(task.project or ""))
    _fact(session, "tags", " ".join(f"+{visible(tag)}" for tag in task.tags))
    _fact(session, "owner", f"@{visible(task.assignee)}" if task.assignee else "")
    for label, value, end in (
        ("due", task.due, True),
        ("scheduled", task.scheduled, False),
        ("wait", task.wait, False),
    ):
        if value:
            far = dates.relative(value, session.now)
            late = label == "due" and is_overdue(task, at)
            words = f"{dates.format_moment(value, session.now, end=end)} ({far})"
            _fact(session, label, session.paint(words + (", late" if late else ""), "warn" if late else "", late))
    _fact(session, "estimate", format_minutes(task.estimate_minutes) if task.estimate_minutes else "")
    _fact(session, "repeats", visible(task.recurrence or ""))
    workflow = snapshot.workflows.get(task.workflow_id or 0)
    _fact(session, "workflow", f"{visible(workflow.name)} ({workflow.id})" if workflow else "")
    _neighbours(session, snapshot, "waits for", snapshot.predecessors(task.id))
    _neighbours(session, snapshot, "holds up", snapshot.successors(task.id))
    for label, moment, who in (
        ("created", task.created_at, task.created_by),
        ("started", task.started_at, task.started_by),
        ("ended", task.completed_at, task.completed_by),
    ):
        if moment:
            words = dates.format_moment(moment, session.now, end=False)
            _fact(session, label, words + (f" by {visible(who)}" if who else ""))
    _steps(session, snapshot, task)
    if task.notes:
        session.say()
        for line in lines_of(task.notes.rstrip()):
            session.say(line)
    for comment in snapshot.comments(task.id):
        session.say()
        ago = dates.relative(comment.created_at, session.now)
        session.say(session.paint(f"{visible(comment.created_by)}, {ago}", "mute"))
        for line in lines_of(comment.text):
            session.say(f"  {line}")


def _fact(session: Session, label: str, value: str | None) -> None:
    if value:
        session.say(f"  {session.paint(label.ljust(_LABEL), 'mute')} {value}")


def _neighbours(session: Session, snapshot: Snapshot, label: str, ids: tuple[int, ...]) -> None:
    at = dates.to_utc_text(session.now)
    for task_id in ids:
        task = snapshot.tasks[task_id]
        state = shown_state(task, at)
        owner = f" @{visible(task.assignee)}" if task.assignee else ""
        _fact(session, label, f"{session.glyph(state)} {task.id} {visible(task.title)}{owner}")
        label = ""


def _steps(session: Session, snapshot: Snapshot, task: Task) -> None:
    part = snapshot.last_part(task.id)
    for step in snapshot.steps(task.id):
        session.say()
        show_step(session, step)
        for attempt in part.attempts if part else ():
            if attempt.step_id == step.id:
                took = f" in {clock(attempt.duration_ms / 1000)}" if attempt.duration_ms is not None else ""
                word = attempt.state if attempt.state in ("running", "succeeded", "skipped") else failure_word(attempt)
                session.say(f"    run {attempt.run_id}: {word}{took}")


COMMANDS = {
    "show": Command(
        "show",
        "TASK…",
        "everything about a task",
        show,
        examples=(("show 12", ""), ("show 12 --json", "one object; an array for several tasks")),
    ),
}
