"""A question with yes or no, for what has consequences beyond the task itself."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from taskterm.tui.messages import Hint
from taskterm.tui.rows import Row, Span
from taskterm.tui.screens.overlay import BLANK_LINE, Lines, Overlay, TitleLine
from taskterm.tui.text import visible


class Confirm(Overlay[bool]):
    """Answers True for y, False for n; escape is no."""

    DEFAULT_CSS = "Confirm #panel { width: 72; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", show=False),
        Binding("n", "answer(False)", "No", show=False),
    ]
    HINTS: ClassVar[tuple[Hint, ...]] = (Hint("y", "yes"), Hint("n", "no"))

    def __init__(self, question: str, consequences: Iterable[str]) -> None:
        super().__init__()
        self._question = question
        self._consequences = tuple(consequences)

    def body(self) -> Iterable[Widget]:
        """The question and what follows from yes."""
        yield TitleLine(self._question)
        yield Lines([BLANK_LINE, *(Row([Span(visible(line), "soft")]) for line in self._consequences), BLANK_LINE])

    def action_answer(self, yes: bool) -> None:
        """Close with the answer."""
        self.dismiss(yes)

    def action_cancel(self) -> None:
        """Escape means no."""
        self.dismiss(False)
