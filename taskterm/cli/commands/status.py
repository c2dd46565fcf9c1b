"""start, stop, cancel, reopen, move, assign: what a task goes through, and whose it is. (`done` is in quick.py.)"""

from __future__ import annotations

from taskterm.cli.answer import changed, finished, named
from taskterm.cli.choosing import NOTE, WHERE, choose
from taskterm.cli.options import Command, Given, Option
from taskterm.cli.session import Session
from taskterm.core.display import visible
from taskterm.core.errors import UsageError
from taskterm.core.model import Column, Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def start(session: Session, given: Given) -> int:
    """Somebody begins the tasks."""
    return _change(session, given, "start", "is in progress")


def stop(session: Session, given: Given) -> int:
    """Work on the tasks is put down."""
    return _change(session, given, "stop", "is put back to todo")


def cancel(session: Session, given: Given) -> int:
    """The tasks will not be done, and no longer block."""
    return _change(session, given, "cancel", "is cancelled")


def reopen(session: Session, given: Given) -> int:
    """Ended tasks are open again."""
    return _change(session, given, "reopen", "is open again")


def move(session: Session, given: Given) -> int:
    """Cards are put into a column of the board, which is named last."""
    example = "move 12 review"
    words = given.all_words()
    if len(words) < (1 if given.text("where") is not None else 2):
        raise UsageError("a task and a column are needed", f"for example: taskterm {example}")
    with session.store().read() as reader:
        columns = reader.columns()
    column = _column(columns, words[-1])
    names = {c.key: c.name for c in columns}
    chosen = choose(session, given, words[:-1], "move", f" to {visible(names.get(column, column))}", example=example)
    if chosen is None:
        return 1
    args: dict[str, Any] = {"refs": chosen, "column": column, "force": given.flag("force")}
    if given.text("to") is not None:
        args["set"] = {"assignee": _person(given.text("to") or "")}
    if given.text("project") is not None:
        args["set"] = {**args.get("set", {}), "project": given.text("project") or None}
    result = session.execute("move", args)
    tasks = [result.tasks[i] for i in result.outcome.task_ids]
    lines = [f"{named(task)} is in {names.get(column, column)}{finished(session, result, task)}" for task in tasks]
    changed(session, result, lines)
    return 0


def _column(columns: list[Column], word: str) -> str:
    wanted = word.casefold()
    return next((c.key for c in columns if wanted in (c.key.casefold(), c.name.casefold())), word)


def assign(session: Session, given: Given) -> int:
    """The tasks are given to a person, who is named last, or to nobody (`-`)."""
    example = "assign 12 15 @ana"
    words = given.all_words()
    if len(words) < (1 if given.text("where") is not None else 2):
        raise UsageError("a task and a person are needed", f"for example: taskterm {example}")
    person = _person(words[-1])
    chosen = choose(session, given, words[:-1], "assign", f" to {_called(person)}", example=example)
    if chosen is None:
        return 1
    result = session.execute("assign", {"refs": chosen, "assignee": person})
    tasks = [result.tasks[i] for i in result.outcome.task_ids]
    changed(session, result, [f"{named(task)} is assigned to {_called(task.assignee)}" for task in tasks])
    return 0


def _person(word: str) -> str | None:
    """`ana` of `@ana` and `ana`; None of `-` and `-@`."""
    from taskterm.core.tokens import is_name
    from taskterm.core.wording import shown

    if word in ("-", "-@", "@", "@-"):
        return None
    name = word.removeprefix("@")
    if not is_name(name):
        hint = "the person stands last, as in: taskterm assign 12 @ana (- for nobody)"
        raise UsageError(f"{shown(word)!r} is not a person", hint)
    return name


def _called(person: str | None) -> str:
    return f"@{visible(person)}" if person else "nobody"


def _change(session: Session, given: Given, verb: str, words: str) -> int:
    chosen = choose(session, given, given.all_words(), verb, example=f"{verb} 12", ended=verb == "reopen")
    if chosen is None:
        return 1
    result = session.execute(verb, {"refs": chosen, "force": given.flag("force")})
    tasks = [result.tasks[i] for i in result.outcome.task_ids]
    changed(session, result, [f"{named(task)} {words}{_blocked(task)}" for task in tasks])
    return 0


def _blocked(task: Task) -> str:
    if task.status == "todo" and task.open_predecessors:
        return f", blocked by {task.open_predecessors} task{'s' if task.open_predecessors > 1 else ''}"
    return ""


_FORCE = Option("--force", "also where a task is blocked or a column full")
COMMANDS = {
    "start": Command(
        "start",
        "TASK…",
        "begin tasks",
        start,
        (_FORCE, *WHERE),
        (("start 12", "it is in progress"), ("start 4 5 8", "several at once")),
        (NOTE,),
    ),
    "stop": Command(
        "stop", "TASK…", "put tasks back to todo", stop, WHERE, (("stop 12", "put it down again"),), (NOTE,)
    ),
    "cancel": Command(
        "cancel",
        "TASK…",
        "tasks that will not be done; they no longer block",
        cancel,
        WHERE,
        (("cancel 12", ""), ('cancel --where "project:old"', "whatever a query chooses")),
        ("A series of repeated tasks ends with the one that is cancelled.", NOTE),
    ),
    "reopen": Command("reopen", "TASK…", "open ended tasks again", reopen, WHERE, (("reopen 12", ""),), (NOTE,)),
    "move": Command(
        "move",
        "TASK… COLUMN",
        "put cards into a column of the board",
        move,
        (
            _FORCE,
            Option("--to", "give it to a person as well, or with - to nobody", "PERSON"),
            Option("--project", "put it into a project as well", "NAME"),
            *WHERE,
        ),
        (
            ("move 12 review", ""),
            ("move 12 15 review", "several at once"),
            ("move 12 doing --to @ben", "into another lane of the board"),
        ),
        (NOTE,),
    ),
    "assign": Command(
        "assign",
        "TASK… PERSON",
        "give tasks to a person, or with - to nobody",
        assign,
        WHERE,
        (
            ("assign 12 15 @ana", "the sign may be left out"),
            ("assign 12 -", "to nobody"),
            ('assign --where "project:site ready" @ana', "whatever a query chooses"),
        ),
        (NOTE,),
        "tags",
    ),
}
