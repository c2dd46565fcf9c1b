"""The commands of every minute: add, done, list, next. What they import is counted in milliseconds, so look twice.

No argparse, re, pathlib or dataclasses here, and whatever only some calls need is imported where they need it.
"""

from __future__ import annotations

from taskterm.cli.answer import changed, echo_task, named, task_objects
from taskterm.cli.options import Command, Given, Option, need, refs
from taskterm.cli.session import Session
from taskterm.cli.text import fit
from taskterm.core.display import visible
from taskterm.core.model import OPEN, Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from taskterm.core.capture import Capture
    from taskterm.core.snapshot import Snapshot
    from taskterm.store.sqlite import SqliteReader
    from taskterm.store.store import Result


# ── add


def add(session: Session, given: Given) -> int:
    """One new task from a capture line, or one for each line of standard input."""
    if given.words == ["-"] and given.rest is None:
        from taskterm.cli.commands import adding

        return adding.add_lines(session)
    from taskterm.core.capture import parse_capture

    words = given.words if given.rest is None else [*given.words, "--", *given.rest]
    capture = parse_capture(words, session.now)
    result = add_captured(session, capture)
    task = result.tasks[result.outcome.created["id"]]
    if session.json:
        session.data(task_objects(session, [task.id])[0])
    else:
        session.say(echo_new(session, result, task, capture))
    return 0


def add_captured(session: Session, capture: Capture) -> Result:
    """Makes the task that a capture line describes; commands typed in it count as typed here."""
    args: dict[str, Any] = {"title": capture.title, "tags": capture.tags}
    for name in ("assignee", "project", "due", "scheduled", "wait", "estimate_minutes", "priority", "recurrence"):
        value = getattr(capture, name)
        if value is not None:
            args[name] = value
    if capture.after:
        args["after"] = list(capture.after)
    if capture.before:
        args["before"] = list(capture.before)
    if capture.run:
        from taskterm.cli.commands.steps import here

        folder = here()
        args["steps"] = [{"run": run, "cwd": folder} for run in capture.run]
    result = session.execute("add", args, create=True)
    if capture.run:
        from taskterm.cli.commands.steps import record_typed

        record_typed(session, result)
    return result


def echo_new(session: Session, result: Result, task: Task, capture: Capture) -> str:
    """The line that says what was understood."""
    extra = []
    edges = [c.row for c in result.outcome.changes if c.table == "dependency"]  # type: ignore[union-attr]
    blockers = [row["predecessor_id"] for row in edges if row["successor_id"] == task.id]
    if task.open_predecessors < len(blockers):
        with session.store().read() as reader:
            found = [reader.task(i) for i in blockers]
        blockers = [t.id for t in found if t is not None and t.status in OPEN]
    if blockers:
        extra.append("blocked by " + ", ".join(map(str, blockers)))
    held = [row["successor_id"] for row in edges if row["predecessor_id"] == task.id]
    if held:
        extra.append("holds up " + ", ".join(map(str, held)))
    extra += [f"$ {fit(visible(run), 60)}" for run in capture.run]
    return echo_task(session, task, extra)


# ── done


def done(session: Session, given: Given) -> int:
    """The named tasks are finished; says what became ready."""
    words = given.all_words()
    need(words, "the task that is done", "done 12")
    result = session.execute("done", {"refs": refs(words), "force": given.flag("force")})
    finished = [result.tasks[i] for i in result.outcome.task_ids]
    changed(session, result, [f"{named(task)} is done" for task in finished])
    return 0


# ── list, next


def list_tasks(session: Session, given: Given) -> int:
    """The open tasks, or those that a query chooses, grouped by what needs a look first."""
    words = given.all_words()
    if session.is_new():
        return _nothing(session, words)
    if words or given.flag("all") or session.json:
        from taskterm.cli.commands import listing

        return listing.list_chosen(session, words, given.flag("all"), given.number("n"))
    with session.store().read() as reader:
        tasks = reader.tasks("open_tasks")
        return _show(session, reader, tasks, given.number("n"))


def next_tasks(session: Session, given: Given) -> int:
    """What can be started now, the most urgent first."""
    words = given.all_words()
    limit = given.number("n") or 5
    if session.is_new():
        return _nothing(session, words)
    if words or session.json:
        from taskterm.cli.commands import listing

        return listing.list_chosen(
            session, ["ready", *(["("] if words else []), *words, *([")"] if words else [])], False, limit
        )
    with session.store().read() as reader:
        from taskterm.core.zone import to_utc_text

        tasks = reader.tasks("ready_tasks", now=to_utc_text(session.now))
        return _show(session, reader, tasks, limit)


def _nothing(session: Session, words: list[str]) -> int:
    if session.json:
        session.data([])
    session.note(f'no tasks yet; {session.path} is made by the first: taskterm add "Write the notes"')
    return 0


def _show(session: Session, reader: SqliteReader, tasks: list[Task], limit: int | None) -> int:
    from taskterm.cli.rows import show_groups
    from taskterm.core.document import epoch_of
    from taskterm.core.snapshot import groups
    from taskterm.core.urgency import urgency
    from taskterm.core.zone import to_utc_text

    seconds = session.now.timestamp()
    chosen = groups(tasks, to_utc_text(session.now), lambda task: urgency(task, seconds, epoch_of))
    if limit is not None:
        chosen = first(chosen, limit)
    if not chosen:
        session.note('nothing is open; add a task with: taskterm add "Write the notes"')
        return 0
    show_groups(session, _picture(reader, tasks, [t for group in chosen for t in group.tasks]), chosen)
    return 0


def first(groups: Any, limit: int) -> Any:
    """The first `limit` tasks of the groups, groups left empty taken out."""
    found = []
    for group in groups:
        if limit > 0:
            found.append(group._replace(tasks=group.tasks[:limit]))
            limit -= len(group.tasks)
    return tuple(found)


def _picture(reader: SqliteReader, tasks: list[Task], shown: list[Task]) -> Snapshot:
    """What the rows of `shown` need to know: around each for a few, the whole graph of open tasks for many."""
    if len(shown) <= 40:
        from taskterm.cli.picture import around

        return around(reader, (task.id for task in shown))
    from taskterm.store import feed

    snapshot: Snapshot = feed.load(reader)
    return snapshot


_JSON_LIST = "With --json the answer is an array of task objects."
COMMANDS = {
    "add": Command(
        "add",
        "TEXT… | -",
        "add a task; the words are its title and its facts",
        add,
        examples=(
            ("add Write the release notes", "a title is enough"),
            (
                'add Deploy the web shop +ops @ana project:site.web due:"fri 17:00" after:12,13 est:2h pri:H',
                "tag, person, project, due date, what it waits for, estimate, priority",
            ),
            ('add Back up the shop run:"make backup"', "with a command that taskterm run starts"),
            ("add - < list.txt", "one task a line"),
        ),
        notes=(
            "+tag  @person  project:  due:  scheduled:  wait:  est:  pri:  repeat:  after: (waits for)  before: (holds"
            " up)  run: (a command). The rest is the title; an unknown word: stays in it, and -- ends the syntax.",
            "Dates are explained by: taskterm help dates. With --json the answer is one task object (an array for -).",
        ),
        dashes="text",
    ),
    "done": Command(
        "done",
        "TASK…",
        "finish tasks, and see what that makes ready",
        done,
        (Option("--force", "also where a task is still blocked"),),
        (("done 4 5 8", "several at once"), ('done "release notes"', "by a part of the title")),
    ),
    "list": Command(
        "list",
        "[QUERY…]",
        "the open tasks, or those that a query chooses",
        list_tasks,
        (Option("--all", "finished and cancelled ones too"), Option("-n", "at most so many", "N", number=True)),
        (
            ("list", "everything that is open"),
            ("list ready @ana", "what Ana can start"),
            ("list project:site -ops -n 10", "of a project, without a tag, ten at most"),
            ("list blocked or overdue", "and, or, not and ( ) combine"),
        ),
        (
            "A query holds states (ready blocked doing running failed waiting done cancelled overdue), +tag, -tag,"
            " @person, project:NAME, ids (12, 12..20) and pieces of titles.",
            _JSON_LIST,
        ),
        "tags",
    ),
    "next": Command(
        "next",
        "[QUERY…]",
        "what can be started now, the most urgent first",
        next_tasks,
        (Option("-n", "at most so many (5)", "N", number=True),),
        (("next", "five tasks"), ("next @ana -n 1", "the one for Ana")),
        (_JSON_LIST,),
        "tags",
    ),
}
