"""The name of a field of a form, beside it."""

from typing import ClassVar

from taskterm.tui.rows import Row, Span
from taskterm.tui.text import fit
from taskterm.tui.widgets.canvas import Canvas


class Label(Canvas):
    """The name of a field; accent while the field has the keys."""

    DEFAULT_CSS = "Label { width: 11; height: 1; background: $panel; }"
    GROUND: ClassVar[str] = "raised"

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self._here = False

    def set_here(self, here: bool) -> None:
        """Whether the keys go to the field beside it."""
        if here != self._here:
            self._here = here
            self.redraw()

    def rows(self, width: int, height: int) -> list[Row]:
        """One word."""
        text = fit(self._text, width - 1, self.glyphs.ellipsis)
        return [Row([Span(text, "accent" if self._here else "mute", self._here)])]
