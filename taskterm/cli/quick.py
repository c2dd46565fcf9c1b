"""The commands of every minute: add and done. What they import is counted in milliseconds, so look twice.

No argparse, re, pathlib or dataclasses here, and whatever only some calls need is imported where they need it.
"""

from __future__ import annotations

from taskterm.cli.answer import changed, echo_task, finished, named, task_objects
from taskterm.cli.options import Command, Given, Option, need, refs
from taskterm.cli.session import Session
from taskterm.cli.text import fit
from taskterm.core.display import visible
from taskterm.core.model import OPEN, Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from taskterm.core.capture import Capture
    from taskterm.core.model import Change
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
    for note in capture.notes:
        session.note(note)
    task = result.tasks[result.outcome.created["id"]]
    if session.json:
        session.data(task_objects(session, [task.id])[0])
    else:
        session.say(echo_new(session, task, capture, result.outcome.changes))
    return 0


def add_captured(session: Session, capture: Capture) -> Result:
    """Makes the task that a capture line describes; commands typed in it count as typed here."""
    result = session.execute("add", task_args(capture), create=True)
    if capture.run:
        from taskterm.cli.commands.steps import record_typed

        record_typed(session, result)
    return result


def task_args(capture: Capture) -> dict[str, Any]:
    """What a capture line says, as the store's `add` takes it; its commands run in the folder we are in."""
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
    return args


def echo_new(session: Session, task: Task, capture: Capture, changes: Iterable[Change]) -> str:
    """The line that says what was understood; `changes` are those that made the task."""
    extra = []
    edges = [c.row for c in changes if c.table == "dependency"]  # type: ignore[union-attr]
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
    chosen: list[int | str] | None
    if given.text("where") is not None or ".." in " ".join(words):
        from taskterm.cli.choosing import choose

        chosen = choose(session, given, words, "finish", example="done 12")
        if chosen is None:
            return 1
    else:
        need(words, "the task that is done", "done 12")
        chosen = [*refs(words)]
    result = session.execute("done", {"refs": chosen, "force": given.flag("force")})
    tasks = [result.tasks[i] for i in result.outcome.task_ids]
    changed(session, result, [f"{named(task)} is done{finished(session, result, task)}" for task in tasks])
    return 0


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
            ("add Reply to Ana -- +1 and due:never are words here", "behind -- everything is title"),
        ),
        notes=(
            "+tag  @person  project:  due:  scheduled:  wait:  est:  pri:  repeat:  after: (waits for)  before: (holds"
            " up)  run: (a command). The rest is the title, letter by letter.",
            "The line is split at blanks. Right behind a key: quotes hold a value with blanks, and in after: and"
            " before: behind each comma too; anywhere else a quote is text. So is a word: that is no key, as in"
            " https://… or 12:30; but what nearly is a key (prio:H), a value that is none (due:fryday) and an option"
            " that is none (--project) are refused. -- ends the syntax.",
            "A shell takes one pair of quotes away before TaskTerm sees them. An argument that begins with a key: is"
            ' one value, blanks and all, so due:"fri 17:00" and "due:fri 17:00" do the same.',
            "Dates and repetitions are explained by: taskterm help dates. add - leaves out empty lines and those that"
            " begin with # and a blank; after:^ is the line before, and earlier lines can be named by their titles; it"
            " adds all lines or, where one is not understood, none.",
        ),
        dashes="tags",
    ),
    "done": Command(
        "done",
        "TASK…",
        "finish tasks, and see what that makes ready",
        done,
        (
            Option("--force", "also where a task is still blocked"),
            Option("--where", "the tasks that a query chooses (taskterm help queries), after asking", "QUERY"),
            Option("--yes", "do not ask"),
        ),
        (
            ("done 4 5 8", "several at once"),
            ("done 12..18", "a range; it is shown and asked about"),
            ('done "release notes"', "by a part of the title"),
        ),
        ("A task that repeats makes its next one, which is named. A range and --where need --yes without a terminal.",),
    ),
}
