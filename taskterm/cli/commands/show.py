"""show: everything about single tasks."""

from __future__ import annotations

from taskterm.cli.commands.steps import show_step
from taskterm.cli.drawing import folded, headline, name_of, painted
from taskterm.cli.options import Command, Given, need, refs
from taskterm.cli.picture import around
from taskterm.cli.rows import now_text
from taskterm.cli.session import Session
from taskterm.cli.text import Cell, cells, lines_of
from taskterm.core import dates
from taskterm.core.commands.refs import resolve_all
from taskterm.core.display import STATE_ROLES, visible
from taskterm.core.document import task_object
from taskterm.core.durations import clock, format_minutes
from taskterm.core.model import OPEN, RUN_ENDED, Task
from taskterm.core.recurrence import describe
from taskterm.core.snapshot import Snapshot, column_of, is_overdue, shown_state
from taskterm.core.story import failure_word
from taskterm.store.neighbourhood import held_up

_LABEL = 11
_NEAR = 12
"""Neighbours that are named on each side."""


def show(session: Session, given: Given) -> int:
    """Everything about the named tasks; as JSON one object for one task, an array for several."""
    words = given.all_words()
    need(words, "the task", "show 12")
    with session.store().read() as reader:
        tasks = resolve_all(reader, refs(words))
        snapshot = around(reader, [task.id for task in tasks])
        held = {task.id: held_up(reader, task.id) if task.status in OPEN else 0 for task in tasks}
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
        _one(session, snapshot, task, held[task.id])
    session.shows_running = any(task.run_state == "running" for task in tasks)
    return 0


def _one(session: Session, snapshot: Snapshot, task: Task, held: int) -> None:
    headline(session, task)
    _state(session, snapshot, task)
    _fact(session, "project", task.project)
    _fact(session, "tags", " ".join(f"+{tag}" for tag in task.tags))
    _fact(session, "owner", f"@{task.assignee}" if task.assignee else "")
    _times(session, task)
    _fact(session, "estimate", format_minutes(task.estimate_minutes) if task.estimate_minutes else "")
    _fact(session, "repeats", describe(task.recurrence) if task.recurrence else "")
    workflow = snapshot.workflows.get(task.workflow_id or 0)
    _fact(session, "workflow", f"{workflow.name} ({workflow.id})" if workflow else "")
    _neighbours(session, snapshot, "waits for", snapshot.predecessors(task.id))
    if held:
        _fact(session, "holds up", f"{held} open task{'s' if held > 1 else ''}", "warn")
    _neighbours(session, snapshot, "" if held else "released", snapshot.successors(task.id))
    for label, moment, who in (
        ("created", task.created_at, task.created_by),
        ("started", task.started_at, task.started_by),
        ("cancelled" if task.status == "cancelled" else "done", task.completed_at, task.completed_by),
    ):
        if moment:
            words = f"{dates.format_moment(moment, session.now, end=False)} ({dates.relative(moment, session.now)})"
            _fact(session, label, words + (f" by @{who}" if who else ""))
    _steps(session, snapshot, task)
    _last_run(session, snapshot, task)
    if task.notes:
        _section(session, "Notes")
        for line in lines_of(task.notes.rstrip()):
            _text(session, line)
    if snapshot.comments(task.id):
        _section(session, "Comments")
    for comment in snapshot.comments(task.id):
        ago = dates.relative(comment.created_at, session.now)
        session.say(f"  @{visible(comment.created_by)} {session.paint(ago, 'mute')}")
        for line in lines_of(comment.text):
            _text(session, line, "    ")


def _state(session: Session, snapshot: Snapshot, task: Task) -> None:
    """`state  ready, in Review  holds up 3`."""
    at = dates.to_utc_text(session.now)
    state = shown_state(task, at)
    sentence, role = now_text(snapshot, task, session.now)
    column = next((c.name for c in snapshot.columns if c.key == column_of(task, at, snapshot.columns)), "")
    where = f", in {visible(column)}" if column and column.casefold() != state else ""
    sentence = " · ".join(piece for piece in sentence.split(" · ") if not piece.startswith("holds up"))  # told below
    said = f" · {session.paint(visible(sentence), role)}" if sentence and not sentence.startswith(state) else ""
    label = session.paint("state".ljust(_LABEL), "mute")
    session.say(f"  {label} {session.paint(state, STATE_ROLES.get(state, 'mute'))}{where}{said}")


def _times(session: Session, task: Task) -> None:
    late = is_overdue(task, dates.to_utc_text(session.now))
    for label, value in (("due", task.due), ("scheduled", task.scheduled), ("wait", task.wait)):
        if value:
            due = label == "due"
            words = f"{dates.format_moment(value, session.now, end=due)} ({dates.relative(value, session.now)})"
            _fact(session, label, words + (", late" if due and late else ""), "warn" if due and late else "")


def _fact(session: Session, label: str, value: str | None, role: str = "") -> None:
    """A label and what belongs to it, in as many lines as it takes."""
    if not value:
        return
    room = session.width - _LABEL - 3 if session.width else None
    name = session.paint(label.ljust(_LABEL), "mute")
    for line in folded(visible(value), room):
        session.say(f"  {name} {session.paint(line, role)}")
        name = " " * _LABEL


def _section(session: Session, name: str) -> None:
    session.say()
    session.say(session.paint(name, strong=True))


def _text(session: Session, line: str, indent: str = "  ") -> None:
    """A line that somebody wrote; what goes on below begins where its own first word does."""
    hang = len(line) - len(line.lstrip(" "))
    for piece in folded(line, session.width - cells(indent) if session.width else None, " " * min(hang, 20)):
        session.say(indent + piece)


def _neighbours(session: Session, snapshot: Snapshot, label: str, ids: tuple[int, ...]) -> None:
    """One line for each neighbour, open ones first; the title gives way to the owner."""
    tasks = sorted((snapshot.tasks[i] for i in ids), key=lambda task: (task.status not in OPEN, task.id))
    for task in tasks[:_NEAR]:
        *lead, title = name_of(session, task)
        owner = f" @{visible(task.assignee)}" if task.assignee else ""
        if session.width is not None:
            from taskterm.core.display import fit

            taken = _LABEL + 3 + sum(cells(piece.text) for piece in lead) + cells(owner)
            title = title._replace(text=fit(title.text, max(session.width - taken, 8)))
        line = painted(session, [*lead, title._replace(strong=False), Cell(owner)])
        session.say(f"  {session.paint(label.ljust(_LABEL), 'mute')} {line}")
        label = ""
    if len(tasks) > _NEAR:
        session.say(f"  {' ' * _LABEL} {session.paint(f'and {len(tasks) - _NEAR} more', 'mute')}")


def _steps(session: Session, snapshot: Snapshot, task: Task) -> None:
    part = snapshot.last_part(task.id)
    if snapshot.steps(task.id):
        _section(session, "Steps")
    for step in snapshot.steps(task.id):
        show_step(session, step)
        for attempt in part.attempts if part else ():
            if attempt.step_id == step.id:
                took = f" in {clock(attempt.duration_ms / 1000)}" if attempt.duration_ms is not None else ""
                good = attempt.state in ("running", "succeeded", "skipped")
                word = session.paint(attempt.state if good else failure_word(attempt), "" if good else "fail")
                session.say(f"    run {attempt.run_id}: {word}{took}")


def _last_run(session: Session, snapshot: Snapshot, task: Task) -> None:
    """How the task fared in its newest run, and where to see what it printed."""
    part = snapshot.last_part(task.id)
    if part is None:
        return
    _section(session, "Last run")
    moment = part.run_task.ended_at or part.run_task.started_at or part.run.created_at
    word = {"person": "waits for a person", "untrusted": "waits for its commands to be approved"}.get(
        part.run_task.state, part.run_task.state
    )
    reason = f": {part.run_task.reason}" if part.run_task.reason and part.run_task.state != "succeeded" else ""
    told = f"run {part.run.id} by @{part.run.created_by}: {word}{reason}, {dates.relative(moment, session.now)}"
    for line in folded(visible(told.replace(" #", " ")), session.width - 2 if session.width else None):
        session.say(f"  {line}")
    follow = "" if part.run.state in RUN_ENDED else " -f"
    session.say(session.paint(f"  see what it printed with: taskterm logs {part.run.id}{follow}", "mute"))


COMMANDS = {
    "show": Command(
        "show",
        "TASK…",
        "everything about a task",
        show,
        examples=(("show 12", ""), ("show 12 --json", "one object; an array for several tasks")),
    ),
}
