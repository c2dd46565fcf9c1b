"""The help, printed from the tables of the commands: `taskterm --help`, `help VERB`, `help dates`, `help queries`."""

from __future__ import annotations

import sys

from taskterm.cli import VERBS, commands_of
from taskterm.cli.options import COMMON, Command, Given, Option
from taskterm.cli.session import Session
from taskterm.cli.text import cells, pad
from taskterm.core.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

GROUPS = (
    ("Every minute", ("add", "done", "list", "next", "show")),
    ("Tasks", ("edit", "start", "stop", "cancel", "reopen", "move", "assign", "note", "comment", "delete")),
    ("What waits for what", ("link", "unlink", "sketch", "why", "tree", "board", "graph")),
    ("The board", ("column",)),
    ("Commands that run", ("step", "run", "plan", "runs", "logs", "stop-run", "trust")),
    ("Workflows", ("workflow", "demo")),
    ("Saved queries", ("view",)),
    ("Looking back", ("history", "undo", "redo")),
    ("From outside", ("import", "export")),
    ("Settings", ("config", "completion")),
)
_INTRO = "TaskTerm: one dependency graph of people's tasks and shell commands."
_FIRST = (
    ("taskterm", "open the screen"),
    ("taskterm --inline", "a small live board under the prompt"),
    ("taskterm demo", "see it at work, in a throw-away database"),
    ("taskterm add Write", "a task; its number is 1"),
    ("taskterm add Publish after:1", "another, which waits for the first"),
    ("taskterm done 1", "says what that makes ready"),
)
_TOPICS = (
    ("help VERB", "one command, with examples"),
    ("help dates", "how dates are written"),
    ("help queries", "what list, board, edit --where and others can look for"),
    ("help json", "the shape of each --json answer, for scripts"),
)
_JSON_RULES = (
    "The schema of a shape (JSON Schema, draft 2020-12): taskterm help json task, or by its command: help json list.",
    "Fields are only ever added. Times are UTC, ISO 8601 with Z; what is absent is null. Answers go to stdout, errors"
    " and remarks to stderr; where a command is refused, stdout stays empty and the exit code says why.",
    "Other commands: help and completion print text; export prints the format that is asked for.",
)
TOPICS = ("dates", "queries", "json")
_WIDEST = 100
_NAMING = (
    "A task is named by its id (12) or by a part of its title that fits only one.",
    "In a pipe a task is a line, tabs part its columns, and nothing is cut or coloured; --json is for programs.",
    "Exit codes: 0 done, 1 refused or failed, 2 usage, 3 database busy or out of reach, 4 not trusted to run.",
)


def show(session: Session, given: Given) -> int:
    """The help of everything, of one command, of dates, or of queries."""
    words = given.all_words()
    if not words:
        _overview(session)
    elif words[0] == "dates":
        _dates(session)
    elif words[0] == "queries":
        _queries(session)
    elif words[0] == "json":
        _json(session, words[1:])
    else:
        _commands(session, words)
    return 0


def _overview(session: Session) -> None:
    _paragraph(session, _INTRO, "")
    session.say()
    _rows(session, _FIRST, 30)
    for title, verbs in GROUPS:
        _head(session, title)
        commands = [command for verb in verbs for command in commands_of(verb).values()]
        _rows(session, [(_short(c), c.summary) for c in commands], 28)
    _head(session, "With every command")
    _rows(session, [(_form(option), option.help) for option in COMMON], 28)
    _head(session, "More")
    _rows(session, _TOPICS, 28)
    for sentence in _NAMING:
        session.say()
        _paragraph(session, sentence, "")


def _head(session: Session, title: str) -> None:
    session.say()
    session.say(session.paint(title, strong=True))


def _commands(session: Session, words: Sequence[str]) -> None:
    from taskterm.cli import report

    verb = words[0]
    if verb not in VERBS:
        raise report.unknown_verb(verb, VERBS, TOPICS)
    commands = commands_of(verb)
    chosen = commands.get(" ".join(words))
    if chosen is None and len(words) > 1 and verb not in commands:
        raise report.unknown_part(verb, words[1], [name.partition(" ")[2] for name in commands])
    for index, command in enumerate([chosen] if chosen else commands.values()):
        if index:
            session.say()
        _one(session, command)


def _one(session: Session, command: Command) -> None:
    for form in _forms(command):
        _paragraph(session, f"taskterm {command.name} {form}".rstrip(), "", strong=True)
    _paragraph(session, command.summary)
    if command.options:
        session.say()
        _rows(session, [(_form(option), option.help) for option in command.options], 26)
    if command.examples:
        session.say()
        for line, meaning in command.examples:
            if meaning:
                _paragraph(session, meaning, role="mute")
            for part in _example(f"taskterm {line}", _width(session) - 6):
                session.say(f"    {part}")
    for note in command.notes:
        session.say()
        _paragraph(session, note)
    from taskterm.cli.shapes import ANSWERS

    session.say()
    shape = ANSWERS.get(command.name)
    answer = f"With --json the answer is as in: taskterm help json {shape}. " if shape else ""
    _paragraph(session, f"{answer}Options that every command takes: taskterm --help", role="mute")


def _short(command: Command) -> str:
    """How a command is typed, in the room that a list has: its first form, if there is none for all of them."""
    whole = f"{command.name} {command.form}".rstrip()
    return whole if cells(whole) <= 28 else f"{command.name} {_forms(command)[0]}"


def _forms(command: Command) -> list[str]:
    """The ways in which a command can be written: `TEXT…` and `-`, but not the parts of `[VERB | dates]`."""
    found, depth = [""], 0
    for piece in command.form.split(" "):
        if piece == "|" and not depth:
            found.append("")
            continue
        depth += piece.count("[") - piece.count("]")
        found[-1] = f"{found[-1]} {piece}".strip()
    return found


def _example(line: str, width: int) -> list[str]:
    """A command line in pieces that a shell puts together again: broken at blanks outside quotes, with a backslash."""
    words, quote = [""], ""
    for char in line:
        if char == " " and not quote:
            words.append("")
            continue
        quote = "" if char == quote else char if char in "\"'" and not quote else quote
        words[-1] += char
    lines = [words[0]]
    for word in words[1:]:
        if cells(lines[-1]) + 1 + cells(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines[-1] += " \\"
            lines.append(f"  {word}")
    return lines


def _width(session: Session) -> int:
    """Cells of a line; 80 where the output is no terminal."""
    return min(session.width or 80, _WIDEST)


def _paragraph(session: Session, text: str, indent: str = "  ", role: str = "", strong: bool = False) -> None:
    for line in wrapped(text, _width(session) - len(indent)):
        session.say(indent + session.paint(line, role, strong))


def _form(option: Option) -> str:
    names = f"{option.short}, {option.name}" if option.short else option.name
    return f"{names} {option.value}".rstrip()


def _rows(session: Session, rows: Sequence[tuple[str, str]], column: int) -> None:
    """Two columns; the left one narrower on a narrow terminal, and on a line of its own where it does not fit."""
    width = _width(session)
    column = min(column, width // 3)
    room = max(width - column - 4, 20)
    for left, right in rows:
        lines = wrapped(right, room)
        if cells(left) > column:
            for line in wrapped(left, width - 2):
                session.say(f"  {line}")
            left = ""
        for line in lines:
            session.say(f"  {pad(left, column)}  {session.paint(line, 'mute')}".rstrip())
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
    return [line.rstrip() for line in lines]


def _dates(session: Session) -> None:
    from taskterm.core import recurrence
    from taskterm.core.date_forms import EXPRESSIONS

    _paragraph(session, "How a date can be written, as in: taskterm add Call Ana due:fri", "", strong=True)
    rows = [(spelling, f"{example} · {meaning}") for spelling, example, meaning in EXPRESSIONS]
    _rows(session, [("", "on Monday 23 November 2026, 14:32, a due date is"), *rows], 24)
    session.say()
    _paragraph(session, "A day without a time ends at 23:59:59 where it is a due date, and begins at 00:00 elsewhere.")
    _paragraph(session, 'Quote what holds a blank: due:"fri 17:00"')
    _head(session, "How a repetition can be written, as in: repeat:monthly")
    _rows(session, recurrence.EXPRESSIONS, 28)
    session.say()
    _paragraph(
        session,
        "When a task that repeats is done, the next one of its series is made: the same facts and commands, its dates"
        " moved by the rule from its due date (without one from its completion), nothing that it waits for. Dates that"
        " have passed meanwhile are left out. Cancelling a task ends its series.",
    )


def _queries(session: Session) -> None:
    from taskterm.core.query_forms import FORMS, RULES

    _paragraph(session, "What a query can hold, as in: taskterm list ready +ops due.by:fri", "", strong=True)
    for title, forms in FORMS:
        session.say()
        session.say(session.paint(title, strong=True))
        _rows(session, forms, 22)
    for rule in RULES:
        session.say()
        _paragraph(session, rule)


def _json(session: Session, words: Sequence[str]) -> None:
    """The schema of a shape, or of the shape a command answers; without a word the list of both."""
    from taskterm.cli.shapes import ANSWERS, OTHERWISE, schema_text

    if words:
        name = " ".join(words)
        shape = ANSWERS.get(name, name)
        if shape not in ANSWERS.values():
            from taskterm.core.wording import closest, shown

            meant = closest(name, [*ANSWERS, *ANSWERS.values()], 0.6)
            why = OTHERWISE.get(name)
            said = f"; it {why}" if why else f"; did you mean {meant}?" if meant else ""
            raise UsageError(f"there is no shape {shown(name)}{said}", "see them with: taskterm help json")
        sys.stdout.write(schema_text(shape))
        return
    _paragraph(session, "What commands answer with --json", "", strong=True)
    session.say()
    shapes: dict[str, list[str]] = {}
    for command, shape in ANSWERS.items():
        shapes.setdefault(shape, []).append(command)
    _rows(session, [(shape, ", ".join(commands)) for shape, commands in shapes.items()], 18)
    for sentence in _JSON_RULES:
        session.say()
        _paragraph(session, sentence)


COMMANDS = {
    "help": Command(
        "help",
        "[VERB | dates | queries | json [SHAPE]]",
        "explain a command, dates, queries, or the answers for scripts",
        show,
        examples=(
            ("help add", ""),
            ("help step add", ""),
            ("help dates", ""),
            ("help queries", ""),
            ("help json list", "the JSON Schema of what list --json answers"),
        ),
    ),
}
