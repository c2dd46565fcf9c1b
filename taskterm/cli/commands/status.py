"""start, stop, cancel, reopen, move: what a task goes through. (`done` is in quick.py.)"""

from taskterm.cli.answer import changed, named
from taskterm.cli.options import Command, Given, Option, need, refs
from taskterm.cli.session import Session
from taskterm.core.errors import UsageError
from taskterm.core.model import Column, Task


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
    words = given.all_words()
    if len(words) < 2:
        raise UsageError("a task and a column are needed", "for example: taskterm move 12 review")
    with session.store().read() as reader:
        columns = reader.columns()
    column = _column(columns, words[-1])
    args = {"refs": refs(words[:-1]), "column": column, "force": given.flag("force")}
    result = session.execute("move", args)
    names = {c.key: c.name for c in columns}
    lines = [f"{named(result.tasks[i])} is in {names.get(column, column)}" for i in result.outcome.task_ids]
    changed(session, result, lines)
    return 0


def _column(columns: list[Column], word: str) -> str:
    wanted = word.casefold()
    return next((c.key for c in columns if wanted in (c.key.casefold(), c.name.casefold())), word)


def _change(session: Session, given: Given, verb: str, words: str) -> int:
    typed = given.all_words()
    need(typed, "the task", f"{verb} 12")
    result = session.execute(verb, {"refs": refs(typed), "force": given.flag("force")})
    tasks = [result.tasks[i] for i in result.outcome.task_ids]
    changed(session, result, [f"{named(task)} {words}{_blocked(task)}" for task in tasks])
    return 0


def _blocked(task: Task) -> str:
    if task.status == "todo" and task.open_predecessors:
        return f", blocked by {task.open_predecessors} task{'s' if task.open_predecessors > 1 else ''}"
    return ""


_FORCE = (Option("--force", "also where a task is blocked or a column full"),)
COMMANDS = {
    "start": Command("start", "TASK…", "begin tasks", start, _FORCE, (("start 12", "it is in progress"),)),
    "stop": Command("stop", "TASK…", "put tasks back to todo", stop, examples=(("stop 12", "put it down again"),)),
    "cancel": Command(
        "cancel", "TASK…", "tasks that will not be done; they no longer block", cancel, examples=(("cancel 12", ""),)
    ),
    "reopen": Command("reopen", "TASK…", "open ended tasks again", reopen, examples=(("reopen 12", ""),)),
    "move": Command(
        "move", "TASK… COLUMN", "put cards into a column of the board", move, _FORCE, (("move 12 review", ""),)
    ),
}
