"""One line on the ground of a mode: what is being picked, or which path a cycle would close."""

from typing import ClassVar

from taskterm.tui.rows import Row, Span, gap, spread
from taskterm.tui.widgets.canvas import Canvas


class Banner(Canvas):
    """The line that says what is being picked, or which path a cycle would close."""

    DEFAULT_CSS = "Banner { height: 1; width: 1fr; }"
    GROUND: ClassVar[str] = "t_acc"

    def __init__(self) -> None:
        super().__init__()
        self._left: list[Span] = []
        self._right: list[Span] = []

    def set(self, left: list[Span], right: list[Span]) -> None:
        """Other words."""
        self._left, self._right = left, right
        self.redraw()

    def rows(self, width: int, height: int) -> list[Row]:
        """One line."""
        bar = Span(self.glyphs.cursor, "accent")
        left = spread([bar, gap(1), *self._left], [*self._right, gap(1)], width, self.glyphs.ellipsis)
        return [Row(left)]
