"""One line of text: a comment, a path. What was typed stays until it was accepted."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import Input

from taskterm.tui.messages import Hint
from taskterm.tui.rows import Row, Span
from taskterm.tui.screens.overlay import BLANK_LINE, Lines, Overlay, TitleLine
from taskterm.tui.text import visible, wrap
from taskterm.tui.widgets.entry import Entry


class Prompt(Overlay[str]):
    """Asks for one line and gives it to `submit`; it stays open until that job is done, and says why it is not."""

    JOBS = ("comment", "view_save", "workflow")

    DEFAULT_CSS = """
    Prompt Entry { margin: 1 0; }
    """
    HINTS: ClassVar[tuple[Hint, ...]] = (Hint("enter", "do it"), Hint("esc", "close"))

    def __init__(
        self,
        title: str,
        remark: str,
        *,
        value: str = "",
        placeholder: str = "",
        submit: Callable[["Prompt", str], None],
    ) -> None:
        super().__init__()
        self._title = title
        self._remark = remark
        self._value = value
        self._placeholder = placeholder
        self._submit = submit

    def body(self) -> Iterable[Widget]:
        """Title, field, and room for a refusal."""
        yield TitleLine(self._title, self._remark)
        yield Entry(self._value, placeholder=self._placeholder, id="line")
        yield Lines(id="problem")

    def on_mount(self) -> None:
        """The field has the keys."""
        self.query_one(Entry).focus()

    def refused(self, sentence: str) -> None:
        """Say under the field what is wrong; what was typed stays."""
        width = max(self.query_one("#panel").content_size.width - 3, 20)
        lines = [piece for line in sentence.splitlines() for piece in wrap(line, width)]
        rows = [Row([Span("! " if i == 0 else "  ", "fail", True), Span(visible(t))]) for i, t in enumerate(lines[:14])]
        self.query_one("#problem", Lines).set([*rows, BLANK_LINE])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        if event.value.strip() and not self.asked:
            self.asked += 1
            self._submit(self, event.value)
