"""tree: what waits for what, drawn line by line, with who has it and when it should be finished."""

from __future__ import annotations

from taskterm.cli.drawing import Column, draw
from taskterm.cli.options import Command, Given, Option, refs
from taskterm.cli.rows import now_text
from taskterm.cli.session import Session
from taskterm.cli.text import Cell, table
from taskterm.core import dates, forecast, tree
from taskterm.core.display import visible
from taskterm.core.durations import format_minutes
from taskterm.core.errors import NotFound, UsageError
from taskterm.core.model import OPEN
from taskterm.core.snapshot import Snapshot, shown_state
from taskterm.core.tree import TreeLine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LINES = 200
"""Lines of a terminal's answer about everything; -n asks for another number."""
_PEOPLE = 5


def show(session: Session, given: Given) -> int:
    """The tree of everything open, of what a query or a workflow names, or before and after single tasks."""
    words, workflow = refs(given.all_words()), given.text("workflow")
    if words and workflow is not None:
        raise UsageError("name tasks or a workflow, not both", "see: taskterm help tree")
    roots = _single(session, words) if words else []
    if roots:
        return _around(session, roots, given)
    snapshot = session.store().snapshot()
    if workflow is not None:
        chosen = _of_workflow(snapshot, workflow)
    else:
        chosen = _fitting(session, snapshot, words, given.flag("all"))
    if session.json:
        session.data(_object(snapshot, chosen))
    elif chosen:
        _forest(session, snapshot, chosen, given)
    elif not words:
        session.note("nothing is open; add a task with: taskterm add")
    return 0


def _single(session: Session, words: Sequence[str]) -> list[int]:
    """The tasks that the words name one by one; none where they do not, and are a query therefore."""
    from taskterm.core.commands.refs import resolve_all

    with session.store().read() as reader:
        try:
            return [task.id for task in resolve_all(reader, words)]
        except NotFound:
            if len(words) == 1 and words[0].removeprefix("#").isdecimal():
                raise
            return []


def _fitting(session: Session, snapshot: Snapshot, words: Sequence[str], everything: bool) -> list[int]:
    """The open tasks (all with --all) that fit the query; says so where none does."""
    everyone = snapshot.tasks.values()
    if not words:
        return [task.id for task in everyone if everything or task.status in OPEN]
    from taskterm.cli import asking

    asked = asking.parse(session, words)
    asking.refuse_misspelt(asked, everyone)
    at = dates.to_utc_text(session.now)
    ended = everything or asked.ended
    found = [t.id for t in everyone if (ended or t.status in OPEN) and asked.fits(snapshot, t, at)]
    if not found:
        asking.say_nothing_fits(session, words, asked, everyone, "" if ended else "--all looks at finished tasks too")
    return found


def _forest(session: Session, snapshot: Snapshot, chosen: Sequence[int], given: Given) -> None:
    """All of these tasks under those that begin, the most lines first; on a terminal only so many lines."""
    limit = given.number("n") or (_LINES if session.terminal else None)
    lines = tree.forest(snapshot, chosen, limit)
    told = len({line.task_id for line in lines})
    lines = tree.shallow(lines, given.number("depth") or len(snapshot.tasks))
    shown = lines if limit is None else lines[:limit]
    _draw(session, snapshot, shown)
    left = len(chosen) - len({line.task_id for line in shown})
    if (left and len(shown) < len(lines)) or told < len(chosen):
        session.note(f"and {left} more tasks; name a task or a query, or ask for more lines with -n")


def _around(session: Session, roots: Sequence[int], given: Given) -> int:
    """What comes before and after single tasks."""
    from taskterm.store import neighbourhood

    with session.store().read() as reader:
        snapshot = neighbourhood.whole(reader, roots)
    if session.json:
        near = {i: None for root in roots for i in (root, *_ids(tree.before(snapshot, root)))}
        near |= {i: None for root in roots for i in _ids(tree.after(snapshot, root))}
        session.data(_object(snapshot, near))
        return 0
    depth = given.number("depth") or len(snapshot.tasks)
    for index, root in enumerate(roots):
        if index:
            session.say()
        _one(session, snapshot, root, depth)
    return 0


def _one(session: Session, snapshot: Snapshot, root: int, depth: int) -> None:
    """One task with both of its sides, and whom people wait for."""
    before, after = tree.before(snapshot, root), tree.after(snapshot, root)
    near = [root, *_ids(before), *_ids(after)]
    seen = forecast.outlook(snapshot, near, session.now)
    everything = [TreeLine(root, (), False, False), *tree.shallow(before, depth), *tree.shallow(after, depth)]
    columns = _columns(session, snapshot, everything, seen)
    heads = {1: ("Before", before), 1 + len(tree.shallow(before, depth)): ("After", after)}
    above = {at: _head(session, snapshot, *told) for at, told in heads.items() if told[1]}
    draw(session, snapshot, everything, columns, above)
    session.shows_running |= any(snapshot.tasks[i].run_state == "running" for i in near)
    waited = forecast.waited_for(snapshot, set(near), session.now)
    if waited:
        session.say()
        _waited(session, snapshot, waited)


def _head(session: Session, snapshot: Snapshot, word: str, lines: Sequence[TreeLine]) -> str:
    """`Before 8  4 of 8 done, 1 h 50 min left`."""
    far = forecast.progress(snapshot, _ids(lines), session.now)
    told = "" if not far.done else "all done" if far.done == far.total else f"{far.done} of {far.total} done"
    if far.minutes is not None and far.done < far.total:
        told += (", " if told else "") + f"{format_minutes(max(round(far.minutes), 1))} left"
    return f"\n{session.paint(word, strong=True)} {session.paint(f'{far.total}  {told}'.rstrip(), 'mute')}"


def _waited(session: Session, snapshot: Snapshot, waited: Sequence[forecast.Waited]) -> None:
    """`@chloe  17 Write the notes  holds up 6  for 3 h`, those who hold up most first."""
    session.say(session.paint("Waited for", strong=True))
    rows = []
    for one in waited[:_PEOPLE]:
        task = snapshot.tasks[one.task_id]
        state = shown_state(task, dates.to_utc_text(session.now))
        role = {"failed": "fail", "doing": "warn"}.get(state, "")
        rows.append(
            [
                Cell(f"@{one.person}" if one.person else "nobody yet", role),
                Cell(str(task.id), "mute"),
                Cell(task.title),
                Cell(f"holds up {one.holds}", "warn"),
                Cell(forecast.waited_words(snapshot, one, session.now), "mute"),
            ]
        )
    for line in table(rows, width=session.width, colour=session.colour, right=(1,), flex=(2, 4), drop=(4, 3)):
        session.say(line)
    if len(waited) > _PEOPLE:
        session.say(session.paint(f"and {len(waited) - _PEOPLE} more", "mute"))


def tree_lines(session: Session, snapshot: Snapshot, ids: Iterable[int], width: int) -> None:
    """Prints the tree of these tasks, all of it, in lines of at most `width` cells, also where nobody looks on."""
    _draw(session, snapshot, tree.forest(snapshot, ids), width)


def _draw(session: Session, snapshot: Snapshot, lines: Sequence[TreeLine], width: int | None = None) -> None:
    seen = forecast.outlook(snapshot, set(_ids(lines)), session.now)
    draw(session, snapshot, lines, _columns(session, snapshot, lines, seen), width=width)
    session.shows_running |= any(snapshot.tasks[line.task_id].run_state == "running" for line in lines)


def _columns(
    session: Session, snapshot: Snapshot, lines: Sequence[TreeLine], seen: forecast.Outlook
) -> tuple[Column, Column, Column]:
    """What explains each state, the owner, and when it should be finished."""
    now: list[Cell] = []
    owner: list[Cell] = []
    finish: list[Cell] = []
    for line in lines:
        if line.reference:
            now.append(Cell("shown above", "mute"))
            owner.append(Cell(""))
            finish.append(Cell(""))
            continue
        task = snapshot.tasks[line.task_id]
        sentence, role = now_text(snapshot, task, session.now)
        hidden = f"{line.below} more below" if line.below else ""
        now.append(Cell(visible(" · ".join(filter(None, (sentence, hidden)))), role))
        owner.append(Cell(f"@{visible(task.assignee)}" if task.assignee else ""))
        word, bad = forecast.finish_word(task, seen, session.now)
        finish.append(Cell(word, "fail" if bad else "" if line.critical else "mute"))
    return Column(now), Column(owner, 2), Column(finish, 1, True)


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
        "[TASK… | QUERY…]",
        "what waits for what",
        show,
        (
            Option("--depth", "so many steps below the first line at most", "N", number=True),
            Option("-n", "so many lines at most (200 on a terminal, where no task is named)", "N", number=True),
            Option("--workflow", "the tasks of one workflow", "NAME|N"),
            Option("--all", "finished and cancelled tasks too"),
        ),
        (
            ("tree", "everything open, the tasks that hold up most first"),
            ("tree 12", "what comes before and after 12, and whom people wait for"),
            ("tree project:site", "what a query chooses"),
        ),
        (
            "Heavy lines are the critical path: what delays one of its tasks delays the end. The last column is when a"
            " task was finished, or should be (~) if everybody goes on without a break; stuck is what failed, and all"
            " that waits for it.",
        ),
        "tags",
    ),
}
