"""Tasks as lines of a list: the columns, their order, and what each cell says."""

from __future__ import annotations

from taskterm.cli import text
from taskterm.cli.session import Session
from taskterm.cli.text import Cell
from taskterm.core import moments, story
from taskterm.core.display import STATE_ROLES, visible
from taskterm.core.lean import datetime
from taskterm.core.model import OPEN, STATES, Task
from taskterm.core.snapshot import Group, Snapshot, is_overdue, shown_state
from taskterm.core.zone import to_utc_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

RIGHT = (1, 6)
FLEX = (3, 4)
DROP = (5, 2)


def cells_of(session: Session, snapshot: Snapshot, task: Task, now: datetime) -> list[Cell]:
    """State, id, priority, title, the `now` sentence, owner and due date. Off a terminal the state is its word."""
    at = to_utc_text(now)
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
        Cell(moments.format_due(shown_due, now) if shown_due else "", "warn" if late else "", late),
    ]


class _Worked(dict):  # type: ignore[type-arg]
    """Answers of a function, each worked out once; read with [], which for thousands is quicker than a call."""

    def __init__(self, work: Callable[[Any], str]) -> None:
        self.work = work

    def __missing__(self, key: Any) -> str:
        self[key] = found = self.work(key)
        return found


def _plain_lines(snapshot: Snapshot, groups: Iterable[Group], now: datetime) -> list[str]:
    """The cells of each task with tabs between them, as `text.table` has them off a terminal.

    Column by column and not task by task: a list may have ten thousand lines.
    """
    at = to_utc_text(now)
    owners = _Worked(lambda name: f"@{visible(name)}" if name else "")
    dues = _Worked(lambda due: moments.format_due(due, now) if due else "")
    tellers = {state: story.teller(snapshot, state, now, visible) for state in STATES}
    lines: list[str] = []
    for group in groups:
        tasks = group.tasks
        if group.state:
            states = [group.state] * len(tasks)
            sentences = list(map(tellers[group.state], tasks))
        else:
            states = [shown_state(task, at) for task in tasks]
            sentences = [tellers[state](task) for state, task in zip(states, tasks, strict=True)]
        columns = (
            states,
            [task.id for task in tasks],
            [task.priority or "" for task in tasks],
            [t if t.isascii() and t.isprintable() else visible(t) for t in [task.title for task in tasks]],
            sentences,
            map(owners.__getitem__, [task.assignee for task in tasks]),
            map(dues.__getitem__, [task.due if task.status in OPEN else None for task in tasks]),
        )
        lines += [f"{a}\t{b}\t{c}\t{d}\t{e}\t{f}\t{g}" for a, b, c, d, e, f, g in zip(*columns, strict=True)]
    return lines


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
    session.shows_running |= any(task.run_state == "running" for group in groups for task in group.tasks)
    if not session.terminal:
        session.say("\n".join(_plain_lines(snapshot, groups, session.now)))
        return
    rows = [cells_of(session, snapshot, task, session.now) for group in groups for task in group.tasks]
    width = session.width
    lines = iter(text.table(rows, width=width, colour=session.colour, right=RIGHT, flex=FLEX, drop=DROP))
    for index, group in enumerate(groups):
        if group.state:
            if index:
                session.say()
            head = session.paint(group.state.capitalize(), "", True)
            session.say(f"{head} {session.paint(str(len(group.tasks)), 'mute')}")
        for _ in group.tasks:
            session.say(next(lines))
