"""tree: what waits for what, drawn."""

from __future__ import annotations

from taskterm.cli.options import Command, Given, Option, refs
from taskterm.cli.rows import now_text
from taskterm.cli.session import Session
from taskterm.cli.text import Cell, cells, fit, pad
from taskterm.core import dates, tree
from taskterm.core.commands.refs import resolve_all
from taskterm.core.display import STATE_ROLES, visible
from taskterm.core.errors import UsageError
from taskterm.core.model import OPEN
from taskterm.core.snapshot import Snapshot, shown_state
from taskterm.core.tree import Branch, TreeLine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_LIGHT = {"tee": "├─ ", "corner": "└─ ", "pipe": "│  ", "blank": "   "}
_HEAVY = {"tee": "┣━ ", "corner": "┗━ ", "pipe": "┃  ", "blank": "   "}
_ASCII = {"tee": "|- ", "corner": "`- ", "pipe": "|  ", "blank": "   "}
_ASCII_HEAVY = {"tee": "|= ", "corner": "`= ", "pipe": "|  ", "blank": "   "}


def show(session: Session, given: Given) -> int:
    """The tree of everything open, of a workflow, or before and after single tasks."""
    words, workflow = refs(given.all_words()), given.text("workflow")
    if words and workflow is not None:
        raise UsageError("name tasks or a workflow, not both", "see: taskterm help tree")
    store = session.store()
    snapshot = store.snapshot()
    if not words:
        chosen = _of_workflow(snapshot, workflow) if workflow is not None else _linked(snapshot, given.flag("all"))
        lines = tree.forest(snapshot, chosen)
        if session.json:
            session.data(_object(snapshot, chosen))
            return 0
        draw(session, snapshot, lines)
        if not lines:
            session.note("nothing is open; add a task with: taskterm add")
        return 0
    with store.read() as reader:
        roots = [task.id for task in resolve_all(reader, words)]
    if session.json:
        around = {
            i for root in roots for i in (root, *_ids(tree.before(snapshot, root)), *_ids(tree.after(snapshot, root)))
        }
        session.data(_object(snapshot, around))
        return 0
    for index, root in enumerate(roots):
        if index:
            session.say()
        before, after = tree.before(snapshot, root), tree.after(snapshot, root)
        draw(session, snapshot, [TreeLine(root, (), False, False)])
        for head, lines in (("waits for", before), ("releases", after)):
            if lines:
                session.say(session.paint(head, "mute"))
                draw(session, snapshot, lines)
    return 0


def draw(session: Session, snapshot: Snapshot, lines: Iterable[TreeLine]) -> None:
    """Prints tree lines: branches, sign, id, title; then the `now` sentence and the owner in columns of their own."""
    lines = list(lines)
    heads = [_head(session, snapshot, line) for line in lines]
    tails = [_tail(session, snapshot, line) for line in lines]
    width = session.width
    columns = [max((cells(visible(tail[i].text)) for tail in tails), default=0) for i in range(2)]
    taken = sum(column + 3 for column in columns if column)
    room = max(width - taken, 30) if width else None
    longest = max((cells(plain) for plain, _ in heads), default=0)
    span = min(longest, room) if room else longest
    for (plain, drawn), tail in zip(heads, tails, strict=True):
        line = drawn + " " * (span - cells(plain)) if cells(plain) <= span else fit(plain, span)
        for cell, column in zip(tail, columns, strict=True):
            if column:
                padded = pad(visible(cell.text), column)
                line += "   " + session.paint(padded, cell.role, cell.strong)
        session.say(line.rstrip())


def _head(session: Session, snapshot: Snapshot, line: TreeLine) -> tuple[str, str]:
    """The left part of a line, plain and drawn."""
    task = snapshot.tasks[line.task_id]
    state = shown_state(task, dates.to_utc_text(session.now))
    branches = "".join(_branch(session, branch) for branch in line.branches)
    title = visible(task.title)
    if line.reference:
        plain = f"{branches}{'^' if session.ascii else '↑'} {task.id}  shown above"
        return plain, session.paint(plain, "mute")
    sign = session.glyph(state)
    priority = f"{task.priority} " if task.priority else ""
    strong = line.critical or state in ("running", "failed")
    drawn = (
        branches
        + session.paint(sign, STATE_ROLES.get(state, "mute"))
        + " "
        + session.paint(str(task.id), "mute")
        + " "
        + session.paint(priority, "warn" if task.priority == "H" else "mute")
        + session.paint(title, "mute" if state in ("done", "cancelled") else "", strong)
    )
    return f"{branches}{sign} {task.id} {priority}{title}", drawn


def _tail(session: Session, snapshot: Snapshot, line: TreeLine) -> list[Cell]:
    if line.reference:
        return [Cell(""), Cell("")]
    task = snapshot.tasks[line.task_id]
    sentence, role = now_text(snapshot, task, session.now)
    return [Cell(sentence, role), Cell(f"@{task.assignee}" if task.assignee else "")]


def _branch(session: Session, branch: Branch) -> str:
    light, heavy = (_ASCII, _ASCII_HEAVY) if session.ascii else (_LIGHT, _HEAVY)
    return (heavy if branch.critical else light)[branch.kind]


def _linked(snapshot: Snapshot, everything: bool) -> list[int]:
    """All open tasks, and ended ones that lie before open ones in the same graph only if asked for."""
    return [task.id for task in snapshot.tasks.values() if everything or task.status in OPEN]


def _of_workflow(snapshot: Snapshot, name: str) -> list[int]:
    """The tasks of the workflow with this number, or of the newest one with this name."""
    wanted = [w.id for w in snapshot.workflows.values() if str(w.id) == name] or sorted(
        w.id for w in snapshot.workflows.values() if w.name.casefold() == name.casefold()
    )
    if not wanted:
        raise UsageError(f"there is no workflow {visible(name)}", "see them with: taskterm workflow list")
    return [task.id for task in snapshot.tasks.values() if task.workflow_id == wanted[-1]]


def _ids(lines: Iterable[TreeLine]) -> list[int]:
    return [line.task_id for line in lines]


def _object(snapshot: Snapshot, ids: Iterable[int]) -> dict[str, object]:
    """Nodes and edges; `critical` are the ids on the critical path."""
    inside = set(ids)
    return {
        "tasks": [
            {"id": i, "title": snapshot.tasks[i].title, "status": snapshot.tasks[i].status} for i in sorted(inside)
        ],
        "dependencies": [[p, s] for s in sorted(inside) for p in snapshot.predecessors(s) if p in inside],
        "critical": sorted(tree.critical_tasks(snapshot, inside)),
    }


COMMANDS = {
    "tree": Command(
        "tree",
        "[TASK…]",
        "what waits for what",
        show,
        (
            Option("--workflow", "the tasks of one workflow", "NAME|N"),
            Option("--all", "finished and cancelled tasks too"),
        ),
        (("tree", "everything open"), ("tree 12", "what 12 waits for, and what it releases")),
        ("Heavy lines are the critical path: what delays one of its tasks delays the end.",),
    ),
}
