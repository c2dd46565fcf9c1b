"""Every error a user can meet. Each names the thing, what is wrong with it, and what to do next.

The exit code lives on the class, so that the command line and the tests read one table:
0 done · 1 refused, not found or a step failed · 2 usage · 3 busy or out of reach · 4 not trusted to run.
"""

from __future__ import annotations

from taskterm.core.lean import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class TaskTermError(Exception):
    """Base of all expected errors. `message` says what is wrong, `hint` what to do next (may be empty)."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message  # who passes an error on may have said more precisely where it happened


class RuleError(TaskTermError):
    """A rule refuses the command: a cycle, a blocked task, an undo that would overwrite somebody's change."""


class NotFound(RuleError):
    """A task, step, run, operation or file that was named does not exist, or the name fits several."""


class ClosesCycle(RuleError):
    """A dependency would close a cycle. `path` is the cycle as task ids, first and last the same."""

    def __init__(self, path: tuple[int, ...]) -> None:
        super().__init__(
            "that would close a cycle: " + " → ".join(f"#{i}" for i in path),
            "every task waits for the one before it; unlink one of these first",
        )
        self.path = path


class Clash(NamedTuple):
    """A field that somebody else has changed while it was edited: the three values, who changed it and when (UTC)."""

    field: str
    seen: Any  # what the editor had on screen
    theirs: Any
    yours: Any
    by: str
    at: str


class Overtaken(RuleError):
    """An edit that would overwrite what somebody else has just written. `clashes` are the fields, one at least."""

    def __init__(self, message: str, hint: str, task_id: int, clashes: tuple[Clash, ...]) -> None:
        super().__init__(message, hint)
        self.task_id = task_id
        self.clashes = clashes


class UsageError(TaskTermError):
    """The words of the command do not fit its form."""

    exit_code = 2


class StoreError(TaskTermError):
    """The database cannot be used: not a database, too new, out of reach, disk full."""

    exit_code = 3


class ReadOnly(StoreError):
    """The database can be read but not written."""


class NotTrusted(TaskTermError):
    """A command that this user has neither typed nor approved here would have to run."""

    exit_code = 4
