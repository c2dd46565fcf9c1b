"""import and export: tasks from other programs in one operation that one undo takes back, and tasks for others."""

from __future__ import annotations

import os
import sys

from taskterm.cli import asking
from taskterm.cli.answer import changed, go_on, object_of
from taskterm.cli.commands import outside_report as report
from taskterm.cli.options import Command, Given, Option
from taskterm.cli.outfile import write_file
from taskterm.cli.session import Session
from taskterm.core.display import visible
from taskterm.core.errors import NotFound, RuleError, UsageError
from taskterm.core.model import OPEN
from taskterm.core.zone import to_utc_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from taskterm.core.model import Outcome, Task
    from taskterm.core.snapshot import Snapshot
    from taskterm.exchange.incoming import Incoming

IMPORTED = ("taskwarrior", "csv", "json")
DIAGRAMS = ("mermaid", "dot", "svg")
EXPORTED = (*IMPORTED, *DIAGRAMS)
SUFFIXES = {
    ".csv": "csv",
    ".json": "json",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
    ".svg": "svg",
}
ASKED_ABOVE = 20
"""On a terminal, more tasks than these are shown as a summary, and imported after a yes."""


# ── import


def bring_in(session: Session, given: Given) -> int:
    """Makes the tasks of a file; those that are here already (by their uuid) are only named where they differ."""
    from taskterm.exchange import incoming

    words, form = given.all_words(), given.text("format")
    if len(words) != 1:
        raise UsageError("one file is needed", "for example: taskterm import tasks.json")
    name = "standard input" if words[0] == "-" else words[0]
    found = incoming.load(_read(words[0]), name, session.now, form)
    args = {"file": name, "tasks": found.tasks, "update": given.flag("update"), **found.around}
    if given.flag("dry-run"):
        report.preview(session, found, name, _trial(session, args))
        return 0
    if not found.tasks:
        session.note(f"{visible(name)} holds no tasks")
        if session.json:
            session.data(report.nothing(found, name))
        return 0
    if len(found.tasks) > ASKED_ABOVE and session.may_ask and not given.flag("yes"):
        outcome = _trial(session, args)
        report.summary(session, found, name, outcome)
        if outcome.changes and not session.agrees("import them?" if outcome.created["added"] else "update them?"):
            session.note("nothing was imported")
            return 1
    result = session.execute("import_tasks", args, create=True)
    if session.json:
        session.data(object_of(session, result) | report.facts(found, name, result.outcome))
        go_on(session, result.tasks)
    else:
        changed(session, result, report.lines(session, name, result))
    report.remarks(session, found, name, result.outcome)
    _unapproved(session, result.outcome.task_ids, found)
    return 0


def _trial(session: Session, args: dict[str, Any]) -> Outcome:
    """What the import would do; nothing is written, and no database is made where there is none."""
    from taskterm.core.commands.imports import Trial, import_tasks

    at = to_utc_text(session.now)
    if not session.is_new():
        with session.store(create=True).read() as reader:
            return import_tasks(Trial(reader), args, session.actor, at)
    from tempfile import TemporaryDirectory

    from taskterm.store.store import Store

    with TemporaryDirectory() as folder, Store(os.path.join(folder, "empty.db"), create=True).read() as reader:
        return import_tasks(Trial(reader), args, session.actor, at)


def _unapproved(session: Session, ids: Iterable[int], found: Incoming) -> None:
    """Says that commands came along which do not run here yet: nobody has typed them here."""
    if not any(task.get("steps") for task in found.tasks):
        return
    from taskterm.runner.trust import Trust

    with session.store().read() as reader:
        steps = [step for task_id in ids for step in reader.steps(task_id)]
    count = len(Trust().pending(steps))
    if count:
        one = count == 1
        session.note(
            f"{count} command{'' if one else 's'} came along and do{'es' if one else ''} not run here before you have "
            f"approved {'it' if one else 'them'}; see {'it' if one else 'them'} with: taskterm trust list"
        )


def _read(path: str) -> bytes:
    try:
        if path == "-":
            return sys.stdin.buffer.read()
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        raise NotFound(f"there is no file {visible(path)}", "check the path") from None
    except ValueError:
        raise NotFound(f"{visible(path)} cannot be the name of a file", "check the path") from None
    except OSError as error:
        raise RuleError(f"{visible(path)} cannot be read: {error.strerror}", "check the path") from None


# ── export


def give_out(session: Session, given: Given) -> int:
    """Writes tasks in an outside format to a file or to standard output."""
    target = given.text("output")
    form = _format(session, given, target)
    words = given.all_words()
    snapshot = session.store().snapshot()
    tasks = _linked(snapshot) if form in DIAGRAMS and not words else _chosen(session, snapshot, words)
    text, left = _written(session, form, snapshot, tasks, words)
    if target is None or target == "-":
        _to_output(session, text, form)
    else:
        write_file(session, target, text)
        if session.json:
            session.data({"file": target, "format": form, "tasks": len(tasks), "left_out": left})
        else:
            session.say(f"{len(tasks):,} task{'' if len(tasks) == 1 else 's'} written to {visible(target)}")
    for phrase in left:
        session.note(f"left out, as the format has no place for it: {phrase}")
    if not tasks:
        session.note(f"nothing fits {visible(' '.join(words))}" if words else "there are no tasks")
    return 0


def _format(session: Session, given: Given, target: str | None) -> str:
    form = given.text("format") or ("json" if session.json and target is None else None)
    if form is None and target is not None:
        form = SUFFIXES.get(os.path.splitext(target)[1].lower())
    if form is None and target not in (None, "-"):
        raise UsageError(f"the name {visible(target)} does not say the format", "add --format: " + ", ".join(EXPORTED))
    if form is None:
        raise UsageError("the format is missing: " + ", ".join(EXPORTED), "for example: taskterm export --format csv")
    if session.json and target in (None, "-") and form not in ("json", "taskwarrior"):
        raise UsageError(f"--json and {form} cannot both be on standard output", f"name a file: -o tasks.{form}")
    return form


def _chosen(session: Session, snapshot: Snapshot, words: list[str]) -> list[Task]:
    """The tasks that fit the query, whatever their state, by id or as it sorts them; all of them without one."""
    from taskterm.core.query import ordered

    at = to_utc_text(session.now)
    asked = asking.parse(session, words)
    tasks = [task for task in snapshot.tasks.values() if asked.fits(snapshot, task, at)]
    if words and not tasks:
        asking.refuse_misspelt(asked, snapshot.tasks.values())
    return ordered(tasks, asked.sort, at)


def _written(
    session: Session, form: str, snapshot: Snapshot, tasks: list[Task], words: list[str]
) -> tuple[str, list[str]]:
    """The text of the export, and phrases for what the format has no place for."""
    if form == "taskwarrior":
        from taskterm.exchange import taskwarrior

        return taskwarrior.dump(snapshot, tasks, session.now), taskwarrior.without_place(snapshot, tasks)
    if form == "csv":
        from taskterm.exchange import csvfile

        return csvfile.dump(snapshot, tasks), []
    if form in DIAGRAMS:
        return _diagram(session, form, snapshot, tasks), []
    from taskterm.exchange import everything

    if words:
        return everything.dump_tasks(snapshot, tasks, session.now), []
    return everything.dump(session.store(), session.now), []


def _linked(snapshot: Snapshot) -> list[Task]:
    """The open tasks that are linked with each other; all open ones where none is."""
    still = {i: task for i, task in snapshot.tasks.items() if task.status in OPEN}
    near = {i for i in still if any(n in still for n in (*snapshot.predecessors(i), *snapshot.successors(i)))}
    return [task for i, task in still.items() if i in near or not near]


def _diagram(session: Session, form: str, snapshot: Snapshot, tasks: list[Task]) -> str:
    from taskterm.exchange import dot, mermaid, svg

    render = {"mermaid": mermaid.render, "dot": dot.render, "svg": svg.render}[form]
    return render(snapshot, [task.id for task in tasks], session.now)


def _to_output(session: Session, text: str, form: str) -> None:
    if session.terminal:
        if form in ("json", "taskwarrior"):  # has nothing in it that could steer a terminal
            sys.stdout.write(text)
        else:
            sys.stdout.writelines(visible(line) + "\n" for line in text.splitlines())
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


COMMANDS = {
    "import": Command(
        "import",
        "FILE | -",
        "bring in tasks from a file of another program, or an export",
        bring_in,
        (
            Option("--format", "taskwarrior, csv or json (else it is seen from the file)", "FORMAT", choices=IMPORTED),
            Option("--dry-run", "only say what would be added, left and warned of"),
            Option("--update", "tasks that are here take the values of the file"),
            Option("--yes", "do not ask"),
        ),
        (
            ("import tasks.json", "an export of Taskwarrior, or of TaskTerm"),
            ("import --dry-run plan.csv", "see what a spreadsheet would bring"),
            ("import --update plan.csv", "also take what has changed in it"),
            ("import --format taskwarrior -", "from standard input"),
        ),
        (
            "All of a file is imported or nothing, in one operation: taskterm undo takes it back. Tasks are known by "
            "their uuid, so the same file twice adds nothing twice. Commands that come along do not run before they "
            "are approved (taskterm trust list).",
            "A table needs a header. Known columns, among others: title (summary, name, subject), status, due "
            "(deadline), assignee (owner), tags (labels), priority, project, estimate, id and after (depends on, "
            "predecessors). Other columns are kept with the task.",
        ),
    ),
    "export": Command(
        "export",
        "[QUERY…]",
        "write tasks in an outside format",
        give_out,
        (
            Option(
                "--format",
                "taskwarrior, csv, json, mermaid, dot or svg (else by the file's suffix)",
                "FORMAT",
                choices=EXPORTED,
            ),
            Option("--output", "write this file instead of standard output", "FILE", "-o"),
        ),
        (
            ("export --format csv -o tasks.csv", "a table for a spreadsheet"),
            ("export -o backup.json", "everything: tasks, board, views, runs and history"),
            ("export --format taskwarrior project:site", "some tasks, for task import"),
            ("export -o plan.svg", "the diagram of what is open"),
        ),
        (
            "Without a query every task is written, done ones too, and a diagram shows the open tasks that are linked; "
            "the words of a query are those of: taskterm help queries. "
            "taskwarrior, csv and json can be imported again. json holds neither logs nor approvals.",
        ),
        "tags",
    ),
}
