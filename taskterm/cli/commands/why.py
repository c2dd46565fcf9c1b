"""why: what keeps a task from starting and who can change that, and where its urgency comes from."""

from __future__ import annotations

from taskterm.cli.drawing import Column, draw, folded, headline
from taskterm.cli.options import Command, Given, Option, need, refs
from taskterm.cli.session import Session
from taskterm.cli.text import Cell, cells, table
from taskterm.core import dates, durations
from taskterm.core.commands.refs import resolve_all
from taskterm.core.display import STATE_ROLES, visible
from taskterm.core.explain import Blocker, Explanation, Release, Term, explain
from taskterm.core.lean import NamedTuple
from taskterm.core.model import OPEN, Task
from taskterm.core.snapshot import Snapshot, is_overdue
from taskterm.store import neighbourhood

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LINES, _RELEASES, _NAMED = 30, 8, 3
"""Lines of the chain, things to do, and tasks held up by name that are shown unless --all asks for everything."""


class Told(NamedTuple):
    """One explanation with what it was made from; `held` open tasks wait for the task, `direct` without another."""

    snapshot: Snapshot
    why: Explanation
    held: int
    direct: tuple[Task, ...]


def why(session: Session, given: Given) -> int:
    """Explains the named tasks; as JSON one object for one task, an array for several."""
    words = given.all_words()
    need(words, "the task", "why 12")
    told: list[Told] = []
    with session.store().read() as reader:
        for task in resolve_all(reader, refs(words)):
            snapshot = neighbourhood.behind(reader, task.id)
            after = (snapshot.tasks[i] for i in snapshot.successors(task.id))
            direct = tuple(t for t in after if t.status in OPEN) if task.status in OPEN else ()
            held = neighbourhood.held_up(reader, task.id) if direct else 0
            told.append(Told(snapshot, explain(snapshot, task.id, session.now), held, direct))
    if session.json:
        objects = [_object(one) for one in told]
        session.data(objects[0] if len(objects) == 1 else objects)
        return 0
    for index, one in enumerate(told):
        if index:
            session.say()
        _one(session, one, given.flag("all"))
    shown = (task for one in told for task in one.snapshot.tasks.values())
    session.shows_running = any(task.run_state == "running" for task in shown)
    return 0


def _one(session: Session, told: Told, everything: bool) -> None:
    found = told.why
    headline(session, found.task)
    _answer(session, found)
    if is_overdue(found.task, dates.to_utc_text(session.now)):
        late = dates.format_due(found.task.due or "", session.now)
        session.say(session.paint(f"It is {late}.", "warn", True))
    if found.blockers:
        _chain(session, told, everything)
    if found.releases:
        _releases(session, found, everything)
    if told.direct:
        _holds(session, told, everything)
    if found.task.status in OPEN:
        _urgency(session, told)


def _answer(session: Session, found: Explanation) -> None:
    """How the task stands, in one sentence."""
    count = len(found.blockers)
    direct = sum(blocker.direct for blocker in found.blockers.values())
    first = f"{count} open task{'s come' if count > 1 else ' comes'} first"
    first += f", {direct} of them directly" if direct < count else ""
    stands, role = visible(found.sentence), STATE_ROLES.get(found.state, "")
    if found.state == "blocked":
        sentence, role = f"It cannot start: {first}.", ""
    elif found.state == "ready":
        sentence = f"It can start now; {stands.partition(', ')[2]}."
    else:
        verb = {"running": "is", "doing": "is in progress:", "done": "was", "cancelled": "was"}.get(found.state, "")
        sentence = f"It {verb} {stands}; {first}." if count else f"It {verb} {stands}."
    for line in folded(sentence.replace("  ", " "), session.width):
        session.say(session.paint(line, "" if role == "done" else role))


def _chain(session: Session, told: Told, everything: bool) -> None:
    found = told.why
    session.say()
    session.say(session.paint("What comes first", strong=True))
    for line in folded(_longest(found), session.width):
        session.say(session.paint(line, "mute"))
    lines = found.lines if everything else found.lines[:_LINES]
    blockers = [None if line.reference else found.blockers[line.task_id] for line in lines]
    columns = (
        Column([_now(session, blocker) for blocker in blockers]),
        Column([Cell(f"@{visible(b.task.assignee)}" if b and b.task.assignee else "") for b in blockers], 1),
    )
    draw(session, told.snapshot, lines, columns)
    left = len(found.lines) - len(lines)
    if left:
        session.note(f"and {left} more lines; see them with: taskterm why {found.task.id} --all")


def _longest(found: Explanation) -> str:
    """What the heavy lines are: `The longest chain: 4, 9, 12 · est 3 h`."""
    more = f" and {len(found.longest) - 8} more" if len(found.longest) > 8 else ""
    told = f"The longest chain: {', '.join(map(str, found.longest[-8:]))}{more}"
    return told + (f" · est {durations.format_minutes(found.minutes)}" if found.minutes else "")


def _now(session: Session, blocker: Blocker | None) -> Cell:
    if blocker is None:
        return Cell("shown above", "mute")
    role = {"failed": "fail", "running": "run", "doing": "run", "ready": "ready"}.get(blocker.state, "mute")
    return Cell(visible(blocker.sentence), role)


def _releases(session: Session, found: Explanation, everything: bool) -> None:
    """Whose move it is."""
    session.say()
    session.say(session.paint("What releases it", strong=True))
    shown = found.releases if everything else found.releases[:_RELEASES]
    rows = [
        [
            Cell(str(release.blocker.task.id), "mute"),
            Cell(release.blocker.task.title),
            Cell(release.sentence, "fail" if release.act == "look" else "mute"),
            Cell(f"@{release.blocker.task.assignee}" if release.blocker.task.assignee else "nobody yet"),
            Cell(command_for(release), "accent"),
        ]
        for release in shown
    ]
    _rows(session, rows)
    if len(found.releases) > len(shown):
        session.note(f"and {len(found.releases) - len(shown)} more; see them with: taskterm why {found.task.id} --all")


def _rows(session: Session, rows: list[list[Cell]]) -> None:
    """The things to do, each on a line; where that would cut what they say, each on two."""
    width = session.width
    lines = table(rows, width=None, colour=session.colour)
    if width is not None:
        sizes = [max(cells(visible(row[i].text)) for row in rows) for i in range(5)]
        if sizes[0] + min(sizes[1], 24) + sum(sizes[2:]) + 8 <= width:
            lines = table(rows, width=width, colour=session.colour, right=(0,), flex=(1,))
        else:
            number = sizes[0]
            heads = table(
                [[row[0], row[1], row[3]] for row in rows], width=width, colour=session.colour, right=(0,), flex=(1,)
            )
            tails = [[Cell(" " * number), row[2], row[4]] for row in rows]
            foots = table(tails, width=width, colour=session.colour, flex=(1,))
            lines = [line for pair in zip(heads, foots, strict=True) for line in pair]
    for line in lines:
        session.say(line)


def command_for(release: Release) -> str:
    """What to type to bring a chain on; empty where there is nothing to do but wait."""
    task_id = release.blocker.task.id
    if release.act == "wait":
        return f"taskterm logs {release.run_id} -f" if release.run_id else ""
    if release.act == "look":
        return f"taskterm logs {release.run_id}"
    verb = {"run": "run", "start": "start", "finish": "done"}.get(release.act)
    return f"taskterm {verb} {task_id}" if verb else "taskterm trust list"


def _holds(session: Session, told: Told, everything: bool) -> None:
    shown = told.direct if everything else told.direct[:_NAMED]
    session.say()
    count = f"{told.held} open task{'s' if told.held > 1 else ''}"
    session.say(session.paint("Holds up", strong=True) + f" {session.paint(count, 'mute')}")
    rows = [
        [Cell(str(task.id), "mute"), Cell(task.title), Cell(f"@{task.assignee}" if task.assignee else "")]
        for task in shown
    ]
    for line in table(rows, width=session.width, colour=session.colour, right=(0,), flex=(1,)):
        session.say(line)
    if told.held > len(shown):
        session.say(session.paint(f"and {told.held - len(shown)} more: taskterm tree {told.why.task.id}", "mute"))


# ── urgency


def _urgency(session: Session, told: Told) -> None:
    found = told.why
    session.say()
    session.say(session.paint("Urgency", strong=True) + f" {_number(found.urgency)}")
    rows = [[Cell(_number(term.hundredths)), Cell(_term(told, term))] for term in found.terms]
    for line in table(rows, width=session.width, colour=session.colour, right=(0,), flex=(1,)):
        session.say(line)


def _number(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}"


def _term(told: Told, term: Term) -> str:
    """What a term stands for, with the task it is inherited from."""
    task = told.why.task
    if not term.path:
        own = {
            "priority": f"priority {task.priority}",
            "next": "tag next",
            "due": "its due date",
            "doing": "in progress",
            "age": "age",
            "blocked": "blocked",
            "waiting": "waits for a date",
        }
        return own.get(term.name, term.name)
    source = told.snapshot.tasks[term.path[-1]]
    via = f", through {', '.join(map(str, term.path[:-1]))}" if len(term.path) > 1 else ""
    facts = [f"priority {source.priority}"] if source.priority else []
    facts += ["tag next"] if "next" in source.tags else []
    reason = "is due" if term.name == "holds up due work" else f"has {' and '.join(facts)}" if facts else "waits for it"
    return f"holds up {source.id} {visible(source.title)}, which {reason}{via}"


# ── JSON


def _object(told: Told) -> dict[str, Any]:
    found, snapshot = told.why, told.snapshot
    return {
        "id": found.task.id,
        "title": found.task.title,
        "state": found.state,
        "can_start": found.can_start,
        "sentence": found.sentence,
        "blockers": [_blocker_object(snapshot, blocker) for blocker in found.blockers.values()],
        "longest_path": list(found.longest),
        "longest_path_minutes": found.minutes,
        "releases": [
            {
                "id": release.blocker.task.id,
                "act": release.act,
                "assignee": release.blocker.task.assignee,
                "sentence": release.sentence,
                "run": release.run_id,
            }
            for release in found.releases
        ],
        "holds_up": {"count": told.held, "direct": [task.id for task in told.direct]},
        "urgency": found.urgency / 100,
        "terms": [{"name": term.name, "value": term.hundredths / 100, "path": list(term.path)} for term in found.terms],
    }


def _blocker_object(snapshot: Snapshot, blocker: Blocker) -> dict[str, Any]:
    task = blocker.task
    inside = (snapshot.tasks[p] for p in snapshot.predecessors(task.id))
    return {
        "id": task.id,
        "title": task.title,
        "state": blocker.state,
        "assignee": task.assignee,
        "since": blocker.since,
        "sentence": blocker.sentence,
        "direct": blocker.direct,
        "on_longest_path": blocker.longest,
        "waits_for": [p.id for p in inside if p.status in OPEN],
    }


COMMANDS = {
    "why": Command(
        "why",
        "TASK…",
        "what keeps a task from starting, and why it is at the top",
        why,
        (Option("--all", "the whole chain, however long"),),
        (("why 12", "who and what it waits for, what releases it, each term of its urgency"),),
        (
            "Heavy lines are the longest chain of open tasks by their estimates. Urgency flows down to blockers: what"
            " holds up urgent work is itself urgent.",
        ),
    ),
}
