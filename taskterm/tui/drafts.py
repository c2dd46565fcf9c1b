"""What stands in the capture line survives leaving and a crash: one private file a database in the state folder."""

import os
from collections.abc import Callable
from functools import cached_property

from taskterm.core.digest import sha256
from taskterm.core.errors import RuleError
from taskterm.tui import kept

SECONDS = 1.0
"""Between two writes while somebody types."""


class DraftFile:
    """The draft of one database on this machine, for the worker."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._known = ""
        self._failed = False

    @cached_property
    def path(self) -> str:
        """Where it is kept; the name tells nobody which database it belongs to."""
        name = sha256(os.path.realpath(self._database).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return kept.path_of(f"drafts/{name}.txt")

    def read(self) -> str:
        """The text that was left, empty where there is none."""
        self._known = kept.read(self.path)  # where it cannot be read, writing will say so
        return self._known

    def write(self, text: str) -> None:
        """Keep this text, for this user alone. An empty one takes the file away, unless another screen wrote it.

        RuleError, once, where that cannot be done.
        """
        if self._failed:
            return
        try:
            self._put(text) if text.strip() else self._take_away()
        except OSError as error:
            self._failed = True
            raise RuleError(f"what you type is not kept on disk: {self.path}: {error.strerror}") from None

    def _take_away(self) -> None:
        known = self._known
        if known and self.read() == known:
            os.unlink(self.path)
        self._known = ""

    def _put(self, text: str) -> None:
        kept.put(self.path, text)
        self._known = text


class Drafts:
    """`text` is what stands in the capture line. It is passed on as it is typed: the first change at once, later ones
    together, at most one a second. `write` takes it, `later` calls something after so many seconds.
    """

    def __init__(self, write: Callable[[str], None], later: Callable[[float, Callable[[], None]], object]) -> None:
        self.text = ""
        self._earlier = ""  # found when something else was typed already; its turn comes when that is done
        self._write = write
        self._later = later
        self._written = ""
        self._waiting = False

    def take(self) -> str:
        """What the line begins with; what was found earlier is part of it where nothing else is."""
        if not self.text:
            self.text, self._earlier = self._earlier, ""
        return self.text

    def keep(self, text: str) -> None:
        """This is how it stands now."""
        self.text = text
        if not self._waiting:
            self._go_on()

    def found(self, text: str, *, typing: bool) -> bool:
        """This stood there when the program was left; False where it has to wait, for something else is `typing`."""
        self._written = text
        if typing or self.text:
            self._earlier = text
            if not self._waiting:
                self._go_on()
            return False
        self.text = text
        return True

    @property
    def _all(self) -> str:
        return "\n".join(text for text in (self._earlier, self.text) if text)

    def flush(self) -> None:
        """Pass on what was not passed on yet."""
        if self._all != self._written:
            self._written = self._all
            self._write(self._all)

    def _go_on(self) -> None:
        self._waiting = self._all != self._written
        if self._waiting:
            self.flush()
            self._later(SECONDS, self._go_on)
