"""The help, printed from the tables of the commands: `taskterm --help`, `help VERB`, `help dates`."""

from __future__ import annotations

from taskterm.cli import VERBS, commands_of
from taskterm.cli.options import COMMON, Command, Given, Option
from taskterm.cli.session import Session
from taskterm.cli.text import cells, pad

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

GROUPS = (
    ("Every minute", ("add", "done", "list", "next", "show")),
    ("Tasks", ("edit", "start", "stop", "cancel", "reopen", "move", "comment", "delete")),
    ("What waits for what", ("link", "unlink", "tree")),
    ("Commands that run", ("step", "run", "plan", "runs", "logs", "stop-run", "trust")),
    ("Workflows", ("workflow", "demo")),
    ("Looking back", ("history", "undo", "redo")),
    ("From outside", ("import",)),
)
_INTRO = """\
TaskTerm: one dependency graph of people's tasks and shell commands.

  taskterm                 open the screen
  taskterm demo            see it at work, in a throw-away database
  taskterm add "Write" && taskterm add "Publish" after:1 && taskterm done 1
"""
_NAMING = """\
A task is named by its id (12) or by a part of its title that fits only one.
Exit codes: 0 done, 1 refused or failed, 2 usage, 3 database busy or out of reach, 4 not trusted to run."""


def show(session: Session, given: Given) -> int:
    """The help of everything, of one command, or of dates."""
    words = given.all_words()
    if not words:
        _overview(session)
    elif words[0] == "dates":
        _dates(session)
    else:
        _commands(session, words)
    return 0


def _overview(session: Session) -> None:
    for line in _INTRO.splitlines():
        session.say(line)
    for title, verbs in GROUPS:
        session.say()
        session.say(session.paint(title, strong=True))
        rows = [(f"{c.name} {c.form}".rstrip(), c.summary) for verb in verbs for c in commands_of(verb).values()]
        _rows(session, rows, 34)
    session.say()
    session.say(session.paint("With every command", strong=True))
    _rows(session, [(_form(option), option.help) for option in COMMON], 34)
    session.say()
    for line in _NAMING.splitlines():
        session.say(line)
    session.say("More, with examples: taskterm help VERB, taskterm help dates")


def _commands(session: Session, words: Sequence[str]) -> None:
    verb = words[0]
    if verb not in VERBS:
        from taskterm.cli import report

        raise report.unknown_verb(verb, [*VERBS, "dates"])
    commands = commands_of(verb)
    chosen = commands.get(" ".join(words))
    for index, command in enumerate([chosen] if chosen else commands.values()):
        if index:
            session.say()
        _one(session, command)


def _one(session: Session, command: Command) -> None:
    session.say(session.paint(f"taskterm {command.name} {command.form}".rstrip(), strong=True))
    session.say(f"  {command.summary}")
    if command.options:
        session.say()
        _rows(session, [(_form(option), option.help) for option in command.options], 26)
    if command.examples:
        session.say()
        for line, meaning in command.examples:
            if meaning:
                session.say(f"  {session.paint(meaning, 'mute')}")
            session.say(f"    taskterm {line}")
    for note in command.notes:
        session.say()
        for line in wrapped(note, min((session.width or 80) - 2, 100)):
            session.say(f"  {line}")


def _form(option: Option) -> str:
    names = f"{option.short}, {option.name}" if option.short else option.name
    return f"{names} {option.value}".rstrip()


def _rows(session: Session, rows: Sequence[tuple[str, str]], column: int) -> None:
    room = max((session.width or 100) - column - 4, 24)
    for left, right in rows:
        lines = wrapped(right, room)
        if cells(left) > column:
            session.say(f"  {left}")
            left = ""
        for line in lines:
            session.say(f"  {pad(left, column)}  {session.paint(line, 'mute')}")
            left = ""


def wrapped(sentence: str, width: int) -> list[str]:
    """The sentence in lines of at most `width` cells, broken at blanks."""
    lines = [""]
    for word in sentence.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cells(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _dates(session: Session) -> None:
    from taskterm.core.dates import EXPRESSIONS

    session.say(session.paint("How a date can be written, as in: taskterm add Call Ana due:fri", strong=True))
    _rows(session, EXPRESSIONS, 26)
    session.say()
    session.say("  A day without a time ends at 23:59:59 where it is a due date, and begins at 00:00 elsewhere.")
    session.say('  Quote what holds a blank: due:"fri 17:00"')


COMMANDS = {
    "help": Command(
        "help",
        "[VERB | dates]",
        "explain a command, or how dates are written",
        show,
        examples=(("help add", ""), ("help step add", ""), ("help dates", "")),
    ),
}
