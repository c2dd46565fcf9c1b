"""What could be typed next, for the completion of any shell: `taskterm _complete WORD… CURRENT`.

Each line of the answer is a word and, behind a tab, what it means; the line `:files` leaves the rest to the shell's own
file names. It is asked at every press of a key, so it loads little, reads narrowly, and never says what went wrong.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from taskterm.cli.complete_found import Found
    from taskterm.cli.options import Command, Option

    Candidate = tuple[str, str]

FILES = ":files"
VALUED = ("--db", "--actor", "--theme")
"""The options of every command that take a value."""

TASKS = {
    "done": "open",
    "start": "open",
    "stop": "doing",
    "cancel": "open",
    "reopen": "ended",
    "delete": "any",
    "show": "any",
    "why": "open",
}
"""Commands that take tasks and nothing else, and which ones: known here, so that their module need not be loaded."""

OPEN_ONLY = ("run", "plan", "assign", "move", "step add")
"""Other commands that finished tasks make no sense for."""


def run(words: Sequence[str]) -> int:
    """Prints what fits the last of `words`, the one being typed (empty for a new one). Always answers 0."""
    try:
        sys.stdout.buffer.write(answer(words).encode("utf-8", "surrogateescape"))
    except Exception:  # whatever is wrong, a half typed line is no place to say so
        pass
    return 0


def answer(words: Sequence[str], env: dict[str, str] | None = None) -> str:
    """The lines for a command line without the program's name."""
    from taskterm.cli.complete_found import Found

    line = _Line(words, env)
    lines: list[str] = []
    known: set[str] = set()
    folded = line.current.casefold()
    for word, meaning in line.candidates(Found(line.database, env)):
        if word == FILES:
            lines.append(FILES)
        elif word not in known and word.casefold().startswith(folded) and word.isprintable():
            known.add(word)
            lines.append(f"{word}\t{meaning}" if meaning else word)
    return "".join(f"{found}\n" for found in lines)


class _Line:
    """A command line up to the cursor: `verb`, the words behind it, the one being typed."""

    def __init__(self, words: Sequence[str], env: dict[str, str] | None) -> None:
        *before, self.current = words or [""]
        self.env = dict(os.environ) if env is None else env
        self.database: str | None = None
        self.verb = ""
        self.before: list[str] = []  # behind the verb, without the options of every command
        self.waiting = ""  # the option whose value is being typed
        at = 0
        while at < len(before):
            name, equals, value = before[at].partition("=")
            at += 1
            if name in VALUED and "--" not in self.before:
                if not equals:
                    self.waiting = name if at == len(before) else ""
                    value = before[at] if at < len(before) else ""
                    at += 1
                if name == "--db":
                    self.database = value
            elif not self.verb:
                self.verb = name if name[:1] != "-" else ""
            else:
                self.before.append(before[at - 1])

    def candidates(self, found: Found) -> Iterable[Candidate]:
        """Everything that could stand here, in the order in which it is offered."""
        current = self.current
        if self.waiting:
            return self._value_of(self.waiting, current, "", found)
        quick = not any(word[:1] == "-" for word in (current, *self.before))
        if quick and self.verb in TASKS:
            return self._tasks(TASKS[self.verb], current, found)
        if "--" in self.before:
            return [(FILES, "")]
        if not self.verb:
            return self._options((), current, found) if current[:1] == "-" else _verbs()
        command, words = self._command()
        if command is None:
            return self._parts() if len(self.before) == 0 else ()
        return self._words(command, words, current, found)

    # ── which command
    def _command(self) -> tuple[Command | None, list[str]]:
        """The command that is being typed, and the words behind its name."""
        from taskterm.cli import VERBS, commands_of

        if self.verb not in VERBS:
            return None, []
        commands = commands_of(self.verb)
        if self.verb in commands:
            return commands[self.verb], self.before
        at = next((i for i, word in enumerate(self.before) if word[:1] != "-"), -1)
        if at < 0:
            return None, []
        return commands.get(f"{self.verb} {self.before[at]}"), self.before[at + 1 :]

    def _parts(self) -> Iterable[Candidate]:
        """The second words of a verb that has them."""
        from taskterm.cli import VERBS, commands_of

        commands = commands_of(self.verb).items() if self.verb in VERBS else ()
        return [(name.partition(" ")[2], command.summary) for name, command in commands]

    # ── options
    def _words(self, command: Command, words: list[str], current: str, found: Found) -> Iterable[Candidate]:
        """Options, their values, and words of a command."""
        table = {name: option for option in command.options for name in (option.name, option.short) if name}
        plain: list[str] = []
        option: Option | None = None
        for word in words:
            if option is not None:
                option = None
            elif word in table and table[word].value:
                option = table[word]
            elif word[:1] != "-":
                plain.append(word)
        if option is not None:
            return self._value_of(option.name, current, "", found, option)
        name, equals, typed = current.partition("=")
        if equals and name[:2] == "--":
            return self._value_of(name, typed, f"{name}=", found, table.get(name))
        offered: list[Candidate] = []
        if current[:1] == "-" or (not current and command.name in ("link", "unlink")):
            offered += self._options(command.options, current, found)
        if current[:1] != "-" or command.dashes != "refuse":
            offered += self._places(command, plain, current, found)
        return offered

    def _options(self, own: Sequence[Option], current: str, found: Found) -> Iterable[Candidate]:
        from taskterm.cli.options import COMMON

        name, equals, typed = current.partition("=")
        if equals:
            return self._value_of(name, typed, f"{name}=", found)
        shared = COMMON if current[:1] == "-" else ()
        return [(option.name, option.help) for option in (*own, *shared)]

    def _value_of(
        self, name: str, typed: str, front: str, found: Found, option: Option | None = None
    ) -> Iterable[Candidate]:
        """Values of an option; `front` is what stands before the value in the same word."""
        if option is None:
            from taskterm.cli.options import COMMON

            option = next((o for o in COMMON if o.name == name), None)
        if option is None or not option.value:
            return ()
        if option.choices:
            return [(front + choice, "") for choice in option.choices]
        if name == "--actor":
            return [(front + person, "") for person in found.people()]
        if name == "--db":
            return [*((front + n, path) for n, path in found.config.databases.items()), (FILES, "")]
        return self._kind(option.value, typed, front, found) if name != "--name" else ()

    # ── words
    def _places(self, command: Command, plain: list[str], current: str, found: Found) -> Iterable[Candidate]:
        """What the form of a command has at this place: `TASK… COLUMN`, `FILE | -`, `[TASK] TEXT…`."""
        offered: list[Candidate] = []
        for kind in places(command.form, len(plain)):
            if kind.islower():
                offered.append((kind, ""))
            elif kind == "NAME" and command.name.startswith("view "):
                offered += [(name, query) for name, query in found.views()]
            elif kind == "TASK":
                which = "open" if command.name in OPEN_ONLY else "any"
                offered += self._tasks(which, current, found, plain)
            elif kind == "VALUE" and plain:
                offered += self._setting(plain[0])
            elif kind in ("QUERY", "CHANGES") or (kind == "TEXT" and command.name == "add"):
                from taskterm.core import completion

                offered += completion.offer(kind, current, found)
            else:
                offered += self._kind(kind, current, "", found)
        return offered

    def _kind(self, kind: str, typed: str, front: str, found: Found) -> Iterable[Candidate]:
        """Words for a place that the form names in capitals."""
        if kind in ("TASKS", "TASK"):
            return [(front + word, meaning) for word, meaning in self._tasks("any", typed, found)]
        if kind in ("FILE", "FOLDER", "PATH", "PROGRAM"):
            return [(FILES, "")]
        if kind == "PERSON":
            return [(mark + person, "") for mark in ("@", "") for person in found.people()]
        if kind == "VERB":
            return _verbs()
        if kind == "KEY":
            from taskterm.settings.config import KEYS

            databases = [(f"databases.{name}", path) for name, path in found.config.databases.items()]
            return [*((key, about) for key, (_, about) in KEYS.items()), *databases]
        sources: dict[str, Callable[[], Iterable[Candidate]]] = {
            "COLUMN": found.columns,
            "STAGE": found.columns,
            "STEP": found.steps,
            "RUN": found.runs,
            "OPERATION": found.operations,
            "N": found.workflows if "--workflow" in (*self.before, front[:-1]) else tuple,
            "NAME|N": found.workflows,
        }
        return [(front + word, meaning) for word, meaning in sources[kind]()] if kind in sources else ()

    def _tasks(self, which: str, typed: str, found: Found, plain: Sequence[str] | None = None) -> Iterable[Candidate]:
        """Ids with titles; the ones named already are left out. `12,15` goes on behind the last comma."""
        done, comma, last = typed.rpartition(",")
        named = {i for word in (*(self.before if plain is None else plain), done) for i in word.split(",")}
        return [(done + comma + i, title) for i, title in found.tasks(which, last, named)]

    def _setting(self, key: str) -> Iterable[Candidate]:
        from taskterm.settings.config import CHOICES, KEYS

        if key not in KEYS:
            return [(FILES, "")]
        values = CHOICES.get(key) or (("true", "false") if KEYS[key][0] == "switch" else None)
        return [(value, "") for value in values] if values else [(FILES, "")]


def _verbs() -> Iterable[Candidate]:
    """The commands with what they do."""
    from taskterm.cli import VERBS
    from taskterm.cli.complete_verbs import VERBS as MEANINGS

    return [(verb, MEANINGS.get(verb, "")) for verb in VERBS]


def places(form: str, position: int) -> list[str]:
    """The names that the form of a command has for its word number `position` (from 0), each once.

    `TASK… COLUMN` has TASK at 0, and TASK and COLUMN behind it; words behind an option belong to the option.
    """
    found: dict[str, None] = {}
    if form[:1] == "[" and form.find("]") == len(form) - 1:
        form = form[1:-1]
    depth, alternatives = 0, [""]
    for char in form:
        depth += (char == "[") - (char == "]")
        if char == "|" and not depth:
            alternatives.append("")
        else:
            alternatives[-1] += " " if char in "[]|" else char
    for alternative in alternatives:
        at = 0
        for token in alternative.split():
            if token[0] in "-'":
                break
            if at == position or (at < position and token[-1] == "…"):
                found[token.rstrip("…")] = None
            if at == position and token[-1] != "…":
                break
            at += at < position
    return list(found)
