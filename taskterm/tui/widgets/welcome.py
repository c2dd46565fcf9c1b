"""The page of an empty database: what this is, and the first keys."""

from taskterm.tui import welcome_rows
from taskterm.tui.rows import Row
from taskterm.tui.widgets.canvas import Canvas


class Welcome(Canvas, can_focus=True):
    """The first-run page. It has the keys of the app and none of its own."""

    DEFAULT_CSS = "Welcome { background: $background; }"

    def rows(self, width: int, height: int) -> list[Row]:
        """The block, in the middle where there is room."""
        return welcome_rows.rows(width, height, self.glyphs)
