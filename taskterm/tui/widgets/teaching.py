"""Stands where a view has nothing to show yet: what belongs there, and the keys that bring it about."""

from taskterm.tui.rows import Row
from taskterm.tui.teaching_rows import Lesson, rows
from taskterm.tui.widgets.canvas import Canvas


class Teaching(Canvas, can_focus=True):
    """One lesson; it holds the focus for the view that it stands in for. A click on a key presses it."""

    DEFAULT_CSS = "Teaching { width: 1fr; height: 1fr; background: $background; display: none; }"

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self._lesson = lesson

    def rows(self, width: int, height: int) -> list[Row]:
        """The lesson in the middle."""
        return rows(self._lesson, width, height, self.glyphs)
