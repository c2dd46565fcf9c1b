"""Reads the words of a command by a table; the help prints the same table, so neither knows an option alone.

`--name value`, `--name=value` and, where the table has a short form, `-n 5`. `--` ends options. A `-word` that the
table does not have is text or a tag taken away where the command takes such words, and an error elsewhere.
"""

from __future__ import annotations

from taskterm.core.errors import UsageError
from taskterm.core.lean import NamedTuple
from taskterm.settings import THEMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from taskterm.cli.session import Session


class Option(NamedTuple):
    """One row of the table. `value` stands for the value in the help and is empty for a flag."""

    name: str
    help: str
    value: str = ""
    short: str = ""
    many: bool = False  # may be given several times; the values become a list
    number: bool = False  # a whole number from 1
    choices: tuple[str, ...] = ()  # the only values there are


class Given(NamedTuple):
    """What was typed: `words` before `--`, `rest` behind it (None without one), `values` by name without dashes."""

    words: list[str]
    rest: list[str] | None
    values: dict[str, Any]

    def flag(self, name: str) -> bool:
        """Whether a flag was given."""
        return bool(self.values.get(name))

    def text(self, name: str) -> str | None:
        """The value of an option, or None."""
        value: str | None = self.values.get(name)
        return value

    def number(self, name: str) -> int | None:
        """The value of an option that is a number, or None."""
        value: int | None = self.values.get(name)
        return value

    def many(self, name: str) -> list[str]:
        """The values of an option that may be given several times."""
        return list(self.values.get(name, ()))

    def all_words(self) -> list[str]:
        """The words on both sides of `--`."""
        return [*self.words, *(self.rest or ())]


class Command(NamedTuple):
    """One verb: how it is typed, what it does, the function that does it and answers the exit code.

    `dashes` says what an unknown `-word` is: `text` (any is text), `tags` (`-word` is passed on, `--word` refused),
    `refuse`. `examples` are pairs of a command line without `taskterm` and what it does.
    """

    name: str
    form: str
    summary: str
    run: Callable[[Session, Given], int]
    options: tuple[Option, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    dashes: str = "refuse"


COMMON = (
    Option("--db", "the database: a file, or a name from your config", "PATH|NAME"),
    Option("--json", "answer as JSON"),
    Option("--actor", "the name that goes into the history (else your login)", "NAME"),
    Option("--no-color", "no colour (as with NO_COLOR, or in a pipe)"),
    Option("--no-input", "never ask, as if there were no terminal"),
    Option("--ascii", "only ASCII signs"),
    Option("--theme", "colours of the screen: " + ", ".join(THEMES), "NAME", choices=THEMES),
    Option("--help", "explain the command", short="-h"),
    Option("--version", "print the version"),
)
"""Options that every command takes, before the verb or behind it."""


INLINE = Option("--inline", "a small live board under the prompt; q leaves its last picture there")
"""An option of `taskterm` alone and of `board`."""


def split_verb(words: Sequence[str]) -> tuple[str | None, list[str]]:
    """The first word that is no common option (nor the value of one), and the words without it."""
    table = _table((INLINE, *COMMON))
    at = 0
    while at < len(words):
        name, equals, _ = words[at].partition("=")
        option = table.get(name)
        if option is None:
            return words[at], [*words[:at], *words[at + 1 :]]
        at += 2 if option.value and not equals else 1
    return None, list(words)


def read_common(words: Sequence[str]) -> Given:
    """Words without any verb: options of the screen alone."""
    return _read(words, (INLINE, *COMMON), "taskterm", "refuse")


def read(words: Sequence[str], command: Command) -> Given:
    """The words sorted into options and words. UsageError names an option that is unknown or lacks its value."""
    return _read(words, (*command.options, *COMMON), command.name, command.dashes)


def _table(options: Sequence[Option]) -> dict[str, Option]:
    return {name: option for option in options for name in (option.name, option.short) if name}


def _read(words: Sequence[str], options: Sequence[Option], command: str, dashes: str) -> Given:
    table = _table(options)
    kept: list[str] = []
    values: dict[str, Any] = {}
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            return Given(kept, list(words[at:]), values)
        if len(word) < 2 or word[0] != "-":
            kept.append(word)
            continue
        name, equals, value = word.partition("=")
        option = table.get(name)
        if option is None and dashes != "text" and word[1] != "-":  # -j4
            attached = table.get(word[:2])
            if attached is not None and attached.number and word[2:].isdecimal():
                option, equals, value = attached, "=", word[2:]
        if option is None:
            if dashes == "refuse" or (dashes == "tags" and word.startswith("--")):
                raise _unknown(
                    name, command, options, value or "".join(words[at : at + 1]) if dashes == "tags" else None
                )
            kept.append(word)
            continue
        if not option.value and equals:
            raise UsageError(f"{option.name} takes no value", f"write {option.name} alone")
        if option.value and not equals:
            if at == len(words):
                raise UsageError(f"{name} needs a value: {name} {option.value}", _help_of(command))
            value = words[at]
            at += 1
        _put(values, option, name, value)
    return Given(kept, None, values)


def _put(values: dict[str, Any], option: Option, typed: str, value: str) -> None:
    key = option.name.lstrip("-")
    if not option.value:
        values[key] = True
    elif option.number:
        if not (value.isascii() and value.isdigit() and int(value[:12]) > 0 and len(value) < 12):
            raise UsageError(f"{typed} {value!r} is not a number from 1", f"write, for example: {typed} 5")
        values[key] = int(value)
    elif option.choices and value not in option.choices:
        from taskterm.core.wording import closest, shown

        meant = closest(value, option.choices, 0.6)
        guess = f"; did you mean {meant}?" if meant else ""
        raise UsageError(f"{typed} cannot be {shown(value)}{guess}", f"use one of: {', '.join(option.choices)}")
    elif option.many:
        values.setdefault(key, []).append(value)
    else:
        values[key] = value


_OTHER_NAMES = {"--limit": "-n", "--count": "-n", "--number": "-n", "--top": "-n", "--done": "--all", "-y": "--yes"}


def _unknown(name: str, command: str, options: Sequence[Option], value: str | None = None) -> UsageError:
    """What to say to an option that is none; `value` is what follows it where facts of a task are typed."""
    from taskterm.core.wording import closest, shown

    known = [n for option in options for n in (option.name, option.short) if n]
    other = _OTHER_NAMES.get(name)
    meant = other if other in known else closest(name, known, 0.7)
    if value is not None and not meant and command in ("add", "edit"):
        from taskterm.core.keyguess import option_meant

        meant = option_meant(name, "" if value[:1] == "-" else value)
        hint = "facts are written without dashes; behind -- a word is text, dashes and all"
        guess = f"; did you mean {shown(meant)}?" if meant else ""
        return UsageError(f"{command} has no option {shown(name)}{guess}", hint)
    guess = f"; did you mean {meant}?" if meant else ""
    return UsageError(f"{command} has no option {shown(name)}{guess}", _help_of(command))


def _help_of(command: str) -> str:
    return "see: taskterm --help" if command == "taskterm" else f"see: taskterm help {command}"


def refs(words: Sequence[str]) -> list[str]:
    """The tasks that words name: `4`, `4,5,8`, or a part of a title, which may hold commas."""
    found: list[str] = []
    for word in words:
        parts = word.split(",")
        ids = len(parts) > 1 and all(part.strip().removeprefix("#").isdecimal() for part in parts)
        found += [part.strip() for part in parts] if ids else [word]
    return found


def need(words: Sequence[str], what: str, example: str) -> None:
    """UsageError where no word was given."""
    if not words:
        raise UsageError(f"{what} is missing", f"for example: taskterm {example}")
