"""import: tasks from other programs, in one operation that one undo takes back."""

import sys

from taskterm.cli.answer import object_of
from taskterm.cli.options import Command, Given, Option
from taskterm.cli.session import Session
from taskterm.core.display import visible
from taskterm.core.errors import NotFound, RuleError, UsageError

FORMATS = ("taskwarrior",)


def bring_in(session: Session, given: Given) -> int:
    """Makes tasks of a file; those that are here already (by their uuid) are left as they are."""
    from taskterm.exchange import taskwarrior

    words, wanted = given.all_words(), given.text("format") or FORMATS[0]
    if len(words) != 1:
        raise UsageError("one file is needed", "for example: taskterm import tasks.json")
    if wanted not in FORMATS:
        raise UsageError(f"the format {visible(wanted)} cannot be imported", "there is: " + ", ".join(FORMATS))
    tasks = taskwarrior.load(_read(words[0]))
    if not tasks:
        session.note(f"{words[0]} holds no tasks")
        if session.json:
            session.data({"operation": None, "tasks": [], "released": [], "notes": []})
        return 0
    result = session.execute("create", {"workflow": None, "tasks": tasks}, create=True)
    new = len(result.outcome.task_ids)
    if session.json:
        session.data(object_of(session, result))
    else:
        session.say(
            f"{new} task{'s' if new != 1 else ''} imported" + (", taskterm undo takes them back" if new else "")
        )
    for note in result.outcome.notes:
        session.note(note)
    return 0


def _read(path: str) -> str:
    try:
        if path == "-":
            return sys.stdin.read()
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except FileNotFoundError:
        raise NotFound(f"there is no file {visible(path)}", "check the path") from None
    except UnicodeDecodeError as error:
        raise RuleError(
            f"{visible(path)} is not UTF-8 at byte {error.start + 1}", "convert it, then try again"
        ) from None
    except OSError as error:
        raise RuleError(f"{visible(path)} cannot be read: {error.strerror}", "check the path") from None


COMMANDS = {
    "import": Command(
        "import",
        "FILE | -",
        "bring in the tasks of another program",
        bring_in,
        (Option("--format", "what the file is: taskwarrior (what `task export` prints)", "FORMAT"),),
        (("import tasks.json", "an export of Taskwarrior"), ("import --format taskwarrior -", "from standard input")),
    ),
}
