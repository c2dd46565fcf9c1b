"""What passes between widgets, the app and the worker thread, and what the app asks every view."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from textual.message import Message

from taskterm.tui.footing import Hint as Hint
from taskterm.tui.picture import Picture as Picture
from taskterm.tui.rows import Row


@runtime_checkable
class View(Protocol):
    """What a view (Tasks, Board, Deps, Runs) answers to the app. It is a widget; the app owns focus and layout."""

    @property
    def selected_task(self) -> int | None:
        """The task that keys act on."""
        ...

    def show(self, picture: Picture) -> None:
        """Draw this. Called whenever the data, the filter or (while something runs) the second changes."""
        ...

    def select_task(self, task_id: int) -> bool:
        """Put the cursor on a task; False where the view does not hold it."""
        ...

    def hints(self) -> tuple[Hint, ...]:
        """Keys of this view for the footer; those of the app follow."""
        ...

    def context(self, width: int) -> Row | None:
        """The left part of the context row, or None for the filter line."""
        ...

    def status(self) -> str:
        """What the right end of the footer says (`25 of 142`)."""
        ...


@runtime_checkable
class Ordered(Protocol):
    """A view whose tasks follow one another: what a stretch of them is, and what comes next, it knows itself."""

    def order(self) -> Sequence[int]:
        """The tasks that the cursor can reach, in their order."""
        ...

    def step(self, by: int) -> None:
        """The cursor to the next (1) or the previous (-1) of them."""
        ...


class SelectionChanged(Message):
    """A view's selected task is another one now (None: nothing is selected)."""

    def __init__(self, task_id: int | None) -> None:
        super().__init__()
        self.task_id = task_id

    def can_replace(self, message: Message) -> bool:
        """Only where the cursor ended up matters."""
        return isinstance(message, SelectionChanged)


class TaskActivated(Message):
    """A task shall be opened: enter or a double click."""

    def __init__(self, task_id: int) -> None:
        super().__init__()
        self.task_id = task_id


class MarkRequested(Message):
    """A click marks a task or takes its mark away; with `stretch` everything from the last one on is marked."""

    def __init__(self, task_id: int, *, stretch: bool) -> None:
        super().__init__()
        self.task_id = task_id
        self.stretch = stretch


class ActRequested(Message):
    """A view wants one command executed: the same `verb` and `args` as `Store.execute`."""

    def __init__(self, verb: str, args: Mapping[str, Any]) -> None:
        super().__init__()
        self.verb = verb
        self.args = dict(args)


class DoRequested(Message):
    """A view wants an action of the app by its id (see actions.py): `run`, `stop`, `trust`, …, on the selection."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action


class ViewChanged(Message):
    """Hints, context or status of a view are different now; the app asks again."""

    def can_replace(self, message: Message) -> bool:
        """One question is enough."""
        return isinstance(message, ViewChanged)


class Said(Message):
    """A sentence for the answer line at the right end of the footer; `bad` shows it as a refusal."""

    def __init__(self, sentence: str, *, bad: bool = False) -> None:
        super().__init__()
        self.sentence = sentence
        self.bad = bad
