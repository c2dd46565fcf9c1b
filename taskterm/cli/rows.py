"""Tasks as lines of a list: the columns, their order, and what each cell says."""

from __future__ import annotations

from taskterm.cli import text
from taskterm.cli.session import Session
from taskterm.cli.text import Cell
from taskterm.core import dates, story
from taskterm.core.display import STATE_ROLES
from taskterm.core.lean import datetime
from taskterm.core.model import Task
from taskterm.core.snapshot import Group, Snapshot, is_overdue, shown_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

RIGHT = (1, 6)
FLEX = (3, 4)


def cells_of(session: Session, snapshot: Snapshot, task: Task, now: datetime) -> list[Cell]:
    """State, id, priority, title, the `now` sentence, owner and due date. Off a terminal the state is its word."""
    at = dates.to_utc_text(now)
    state = shown_state(task, at)
    sign = session.glyph(state) if session.terminal else state
    sentence, role = now_text(snapshot, task, now)
    late = is_overdue(task, at)
    shown_due = task.due if task.status in ("todo", "doing") else None
    return [
        Cell(sign, STATE_ROLES.get(state, "mute")),
        Cell(str(task.id), "mute"),
        Cell(task.priority or "", "warn" if task.priority == "H" else "mute"),
        Cell(task.title, "mute" if state in ("done", "cancelled") else "", state in ("running", "failed")),
        Cell(sentence, role),
        Cell(f"@{task.assignee}" if task.assignee else ""),
        Cell(dates.format_due(shown_due, now) if shown_due else "", "warn" if late else "", late),
    ]


def now_text(snapshot: Snapshot, task: Task, now: datetime) -> tuple[str, str]:
    """The `now` sentence with bare ids, as people paste them, and the colour role of what matters in it."""
    phrases = story.now_field(snapshot, task, now)
    sentence = "".join(phrase.text for phrase in phrases)
    if task.status == "todo" and task.open_predecessors:
        sentence = sentence.replace(" #", " ")
    roles = [phrase.role for phrase in phrases]
    telling = [role for role in roles if role in ("fail", "run", "warn")]
    return sentence, (telling or ["mute"])[0]


def show_groups(session: Session, snapshot: Snapshot, groups: Iterable[Group]) -> None:
    """Prints groups of tasks: with their heads on a terminal, one task a line and nothing else off it."""
    groups = list(groups)
    rows = [cells_of(session, snapshot, task, session.now) for group in groups for task in group.tasks]
    width = session.width
    lines = iter(text.table(rows, width=width, colour=session.colour, right=RIGHT, flex=FLEX))
    for index, group in enumerate(groups):
        if session.terminal:
            if index:
                session.say()
            head = session.paint(group.state.capitalize(), "", True)
            session.say(f"{head} {session.paint(str(len(group.tasks)), 'mute')}")
        for _ in group.tasks:
            session.say(next(lines))
