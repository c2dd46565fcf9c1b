"""Every rule of the program, one function per verb: it reads, decides, and answers changes as plain data.

A command is called inside the write transaction as `verb(reader, args, actor, now)`, `now` being UTC text, and
returns an Outcome or raises a RuleError; it writes nothing. Modules are imported when their verb is first used.
"""

from __future__ import annotations

from taskterm.core.errors import UsageError
from taskterm.core.model import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from taskterm.core.port import Reader

    Command = Callable[[Reader, Mapping[str, Any], str, str], Outcome]


USER_VERBS = {
    "add": "tasks",
    "edit": "edits",
    "assign": "edits",
    "sketch": "many",
    "delete": "tasks",
    "note": "notes",
    "comment": "tasks",
    "start": "status",
    "stop": "status",
    "done": "status",
    "cancel": "status",
    "reopen": "status",
    "move": "status",
    "link": "links",
    "unlink": "links",
    "column_add": "columns",
    "column_edit": "columns",
    "column_remove": "columns",
    "view_save": "views",
    "view_remove": "views",
    "step_add": "steps",
    "step_edit": "steps",
    "step_remove": "steps",
    "create": "bulk",
    "import_tasks": "imports",
    "undo": "journal",
    "redo": "journal",
}
"""Verbs of people, journalled as `user` and undoable, with the module that holds each."""

SYSTEM_VERBS = {
    "run_create": "runs",
    "run_own": "runs",
    "run_settle": "runs",
    "run_wait": "runs",
    "run_end": "runs",
    "run_lost": "runs",
    "run_stop_request": "runs",
    "task_claim": "run_parts",
    "task_hold": "run_parts",
    "task_end": "run_parts",
    "attempt_begin": "run_parts",
    "attempt_end": "run_parts",
}
"""Verbs of the runner, journalled as `system`: evidence of what happened, which no undo takes back."""


def kind_of(verb: str) -> str:
    """`user` or `system`."""
    return "system" if verb in SYSTEM_VERBS else "user"


def find(verb: str) -> Command:
    """The function of a verb; UsageError for a word that is none."""
    module = USER_VERBS.get(verb) or SYSTEM_VERBS.get(verb)
    if module is None:
        raise UsageError(f"there is no command called {verb!r}")
    import sys

    name = f"{__name__}.{module}"
    if name not in sys.modules:
        __import__(name)
    command: Command = getattr(sys.modules[name], verb)
    return command
