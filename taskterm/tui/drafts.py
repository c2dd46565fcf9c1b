"""What is typed survives leaving and a crash: private files in the state folder, one pair for each database.

The capture line has one (`Drafts`), the edit forms that were left unsaved have the other (`Forms`).
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from taskterm.core import jsontext
from taskterm.core.digest import sha256
from taskterm.core.errors import RuleError
from taskterm.tui import kept

SECONDS = 0.3
"""Between two writes while somebody types."""


class DraftFile:
    """What was typed for one database on this machine, for the worker; `kind` is the ending of its name."""

    def __init__(self, database: str, kind: str = "txt") -> None:
        self._database = database
        self._kind = kind
        self._known = ""
        self._failed = False

    @cached_property
    def path(self) -> str:
        """Where it is kept; the name tells nobody which database it belongs to."""
        name = sha256(os.path.realpath(self._database).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return kept.path_of(f"drafts/{name}.{self._kind}")

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


class _Passed(ABC):
    """Passes a text on while it changes: the first change at once, later ones together, a few a second at most. `write`
    takes it, `later` calls something after so many seconds."""

    def __init__(self, write: Callable[[str], None], later: Callable[[float, Callable[[], None]], object]) -> None:
        self._write = write
        self._later = later
        self._written = ""
        self._waiting = False

    @property
    @abstractmethod
    def _all(self) -> str:
        """The text as it stands."""

    def flush(self) -> None:
        """Pass on what was not passed on yet."""
        if self._all != self._written:
            self._written = self._all
            self._write(self._all)

    def _changed(self) -> None:
        if not self._waiting:
            self._go_on()

    def _go_on(self) -> None:
        self._waiting = self._all != self._written
        if self._waiting:
            self.flush()
            self._later(SECONDS, self._go_on)


class Drafts(_Passed):
    """`text` is what stands in the capture line."""

    text = ""
    _earlier = ""  # found when something else was typed already; its turn comes when that is done

    def take(self) -> str:
        """What the line begins with; what was found earlier is part of it where nothing else is."""
        if not self.text:
            self.text, self._earlier = self._earlier, ""
        return self.text

    def keep(self, text: str) -> None:
        """This is how it stands now."""
        self.text = text
        self._changed()

    def found(self, text: str, *, typing: bool) -> bool:
        """This stood there when the program was left; False where it has to wait, for something else is `typing`."""
        self._written = text
        if typing or self.text:
            self._earlier = text
            self._changed()
            return False
        self.text = text
        return True

    @property
    def _all(self) -> str:
        return "\n".join(text for text in (self._earlier, self.text) if text)


class Form(NamedTuple):
    """An edit form that was not saved: the task's number, by the names of the touched fields (`tags` and `notes` too)
    the values they began with, and the texts that stand in them."""

    task_id: int
    base: Mapping[str, Any]
    texts: Mapping[str, str]


class Forms(_Passed):
    """The edit forms that stand open or were left, by the uuids of their tasks."""

    def __init__(self, write: Callable[[str], None], later: Callable[[float, Callable[[], None]], object]) -> None:
        super().__init__(write, later)
        self._forms: dict[str, Form] = {}

    def of(self, uuid: str) -> Form | None:
        """What was typed into the form of a task, or None."""
        return self._forms.get(uuid)

    def keep(self, uuid: str, form: Form | None) -> None:
        """This is how it stands now; None where it was saved or dropped."""
        self._forms.pop(uuid, None)
        if form is not None:
            self._forms[uuid] = form
        self._changed()

    def found(self, forms: Mapping[str, Form]) -> None:
        """The forms that were left when the program ended."""
        self._forms = {**forms, **self._forms}
        self._written = self._all

    @property
    def _all(self) -> str:
        return jsontext.dumps(self._forms) if self._forms else ""


def forms_in(text: str) -> dict[str, Form]:
    """The forms of a file, by uuid; what is no such file has none."""
    try:
        found = jsontext.loads(text or "{}")
        return {uuid: Form(int(task_id), {**base}, {**texts}) for uuid, (task_id, base, texts) in found.items()}
    except (ValueError, TypeError, AttributeError):
        return {}
