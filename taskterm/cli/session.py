"""What one command works with: database, actor, time, and the way to say, ask and answer. Only here a clock is read."""

from __future__ import annotations

import os
import sys

from taskterm import settings
from taskterm.cli import text
from taskterm.cli.options import Given
from taskterm.core.display import ASCII_STATE_SIGNS, STATE_SIGNS
from taskterm.core.errors import NotFound, StoreError, UsageError
from taskterm.core.lean import datetime
from taskterm.core.zone import SystemZone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from taskterm.store.store import Result, Store


class Session:
    """The surroundings of one command. `now` is the local time at its beginning."""

    def __init__(self, given: Given, clock: Callable[[], datetime] | None = None) -> None:
        self.clock: Callable[[], datetime] = clock or (lambda: datetime.now(SystemZone()))
        self.now = self.clock()
        self.named_db = given.text("db")
        self._given = given
        self._words = given.all_words()
        self.config = settings.read_config()
        self.path = settings.database_path(self.named_db, config=self.config)
        self.actor = settings.actor(given.text("actor"), config=self.config)
        if not self.actor.isprintable() or len(self.actor) > 200:
            raise UsageError(f"{self.actor[:40]!a} is no name for the history", "give another with --actor")
        self.json = given.flag("json")
        self.terminal = _is_terminal(sys.stdout)
        self.wants_colour = not given.flag("no-color") and settings.chosen("color", self.config)[0] is not False
        self.colour = self.terminal and self.wants_colour and os.environ.get("TERM") != "dumb"
        self.may_ask = not given.flag("no-input") and _is_terminal(sys.stdin) and _is_terminal(sys.stderr)
        utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        self.ascii = given.flag("ascii") or not utf8 or settings.chosen("ascii", self.config)[0] is True
        self.shows_running = False  # set by what is shown as running: somebody may have to look after it
        self._store: Store | None = None
        if not utf8 or not self.terminal:
            sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]

    def theme(self) -> str | None:
        """The theme of the screen that was asked for, by its own name; None where nobody asked."""
        chosen: str | None = self._given.text("theme") or settings.chosen("theme", self.config)[0]
        return settings.theme_on(chosen) if chosen else None

    def typed(self, option: str) -> str | None:
        """The value of an option as it was given for this command, or None."""
        return self._given.text(option)

    def warning(self, unknown: bool = False, more: Sequence[str] = ()) -> str:
        """One line about what is wrong with the preferences, with `unknown` also about keys that nobody reads; `more`
        is wrong with them for whoever asks."""
        found = [*settings.problems(self.config), *more, *(self.config.unknown if unknown else [])]
        return settings.warning(found)

    # ── the database
    def store(self, *, create: bool = False) -> Store:
        """The database. Where there is none yet, `create` lets the first transaction make it; else NotFound says so."""
        if self._store is None:
            from taskterm.store.store import Store

            if not os.path.exists(self.path):
                self._missing(create)
            self._store = Store(self.path, create=create)
        return self._store

    def is_new(self) -> bool:
        """Whether there is no database yet, in a place where one could be made; a refused first command leaves an
        empty file."""
        try:
            size = os.stat(self.path).st_size
        except OSError:
            size = 0
        return not size and (os.path.isdir(os.path.dirname(self.path)) or self._is_default())

    def _is_default(self) -> bool:
        return not self.named_db and not settings.chosen("database", self.config)[0]

    def _missing(self, create: bool) -> None:
        folder = os.path.dirname(self.path)
        if not os.path.isdir(folder) and not self._is_default():
            raise StoreError(
                f"the folder of {self.path} does not exist", "create the folder, or name another with --db"
            )
        if not create:
            from taskterm.core.wording import shown

            named = f", so no {shown(' '.join(self._words))}" if self._words else ""
            hint = 'add the first: taskterm add "Write the notes"'
            raise NotFound(f"there are no tasks yet{named}: {self.path} does not exist", hint)
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{folder} cannot be made: {error.strerror}", "name another place with --db") from None

    def execute(self, verb: str, args: Mapping[str, Any], *, create: bool = False) -> Result:
        """Runs one command of core in the name of the actor; raises what it raises."""
        return self.store(create=create).execute(verb, args, actor=self.actor, now=self.now)

    # ── answers
    @property
    def width(self) -> int | None:
        """Cells of a line on the terminal; None where the output is no terminal and lines may be long."""
        if not self.terminal:
            return None
        try:
            return max(int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(sys.stdout.fileno()).columns, 40)
        except (OSError, ValueError):
            return 80

    def say(self, line: str = "") -> None:
        """One line of the answer. What a user typed must have passed `text.visible`."""
        sys.stdout.write((text.plain_ascii(line) if self.ascii else line) + "\n")

    def note(self, line: str) -> None:
        """One line beside the answer, on stderr."""
        from taskterm.cli import report

        report.tell(line)

    def data(self, value: object) -> None:
        """The answer as JSON, which no character of it can turn into a command to the terminal."""
        import json

        made = json.dumps(value, ensure_ascii=False, indent=2)
        if not made.isascii() or "\x7f" in made:
            unsafe = (range(0x7F, 0xA0), range(0x2028, 0x202F), range(0x2066, 0x206A), range(0xD800, 0xE000))
            made = made.translate({code: f"\\u{code:04x}" for codes in unsafe for code in codes})
        sys.stdout.write(made + "\n")

    def paint(self, words: str, role: str = "", strong: bool = False) -> str:
        """Words in the colour of a role, where there is colour."""
        return text.paint(words, role, strong, self.colour)

    def glyph(self, state: str) -> str:
        """The sign of a state."""
        return (ASCII_STATE_SIGNS if self.ascii else STATE_SIGNS)[state]

    # ── questions
    def ask(self, question: str) -> str:
        """The line that the user types as an answer; only to be called where `may_ask`. Empty at the end of input."""
        sys.stdout.flush()
        sys.stderr.write(question + " ")
        sys.stderr.flush()
        return sys.stdin.readline().strip()

    def agrees(self, question: str) -> bool:
        """Whether the user says yes; anything else is a no."""
        return self.ask(f"{question} [y/N]").lower() in ("y", "yes")


def _is_terminal(stream: Any) -> bool:
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):
        return False
