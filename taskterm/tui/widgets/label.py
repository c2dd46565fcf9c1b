"""What stands beside a field of a form: its name, and what its text means."""

from typing import ClassVar

from taskterm.tui.rows import Row, Span, fit_spans
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


class Meaning(Canvas):
    """What the text of the field beside it means, or what is the matter with it."""

    DEFAULT_CSS = "Meaning { width: 42%; height: 1; background: $panel; padding-left: 2; }"
    GROUND: ClassVar[str] = "raised"

    def __init__(self, name: str) -> None:
        super().__init__(id=f"meaning-{name}")
        self._spans: list[Span] = []

    def set(self, spans: list[Span]) -> None:
        """Other words."""
        if spans != self._spans:
            self._spans = spans
            self.redraw()

    def rows(self, width: int, height: int) -> list[Row]:
        """One line."""
        return [Row(fit_spans(self._spans, width, self.glyphs.ellipsis))]
