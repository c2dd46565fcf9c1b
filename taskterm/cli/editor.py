"""The user's editor from the command line: which one it is, whether there is a terminal for it, what is kept."""

from __future__ import annotations

from taskterm import settings
from taskterm.cli.session import Session
from taskterm.core.errors import RuleError, UsageError
from taskterm.runner.editor import Draft

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def draft(session: Session, name: str, text: str) -> Draft:
    """A private copy of `text` for the editor that the user has chosen."""
    return Draft(settings.program("editor", session.config), name, text)


def need_terminal(session: Session, instead: str) -> None:
    """UsageError where there is no terminal that an editor could use; `instead` says what works without one."""
    if not (session.may_ask and session.terminal):
        raise UsageError("an editor needs a terminal, and there is none here", instead)


def refuse_with(draft: Draft, error: RuleError) -> NoReturn:
    """Raises the error once more, saying where what was typed is kept."""
    draft.kept = True
    error.hint = f"{error.hint}; {draft.where()}" if error.hint else draft.where()
    raise error from None
