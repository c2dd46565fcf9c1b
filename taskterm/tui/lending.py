"""The terminal lent to a program of the user's, editor or pager, and given back: the screen stands still meanwhile."""

from collections.abc import Callable
from typing import Any, TypeVar

from textual.app import App, SuspendNotSupported

from taskterm import settings
from taskterm.core.errors import RuleError
from taskterm.runner.editor import Draft

Answer = TypeVar("Answer")


def lent(app: App[Any], work: Callable[[], Answer]) -> Answer:
    """What `work` answers, which has the terminal for itself. RuleError where the terminal cannot be lent.

    What `work` raises is raised when the screen is back: Textual's `suspend` would leave it suspended otherwise.
    """
    answers: list[Answer] = []
    failures: list[Exception] = []
    try:
        with app.suspend():
            try:
                answers.append(work())
            except Exception as error:
                failures.append(error)
    except SuspendNotSupported:
        raise RuleError("this terminal cannot be lent to another program") from None
    app.refresh()
    if failures:
        raise failures[0]
    return answers[0]


def edited(app: App[Any], name: str, text: str) -> str:
    """The text as the user's editor left it, with plain line ends; `name` is what its title shows.

    RuleError where no editor can be started, or where it fails: then it says where what was typed is kept.
    """

    def work() -> str:
        with Draft(settings.program("editor", settings.read_config()), name, text) as draft:
            return draft.edit().replace("\r\n", "\n")

    try:
        return lent(app, work)
    except OSError as error:
        raise RuleError(f"no copy for the editor can be made: {error.strerror}") from None
