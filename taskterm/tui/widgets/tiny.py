"""What is shown instead of everything where the window is too small for anything."""

from textual.geometry import Size
from textual.screen import Screen

from taskterm.tui.rows import BLANK, Row, Span, fit_spans
from taskterm.tui.widgets.canvas import Canvas
from taskterm.tui.widgets.desk import Desk

SMALLEST = Size(40, 10)
"""Columns and lines below which nothing useful could be drawn."""


def is_tiny(size: Size) -> bool:
    """Whether a window is too small."""
    return size.width < SMALLEST.width or size.height < SMALLEST.height


class Tiny(Canvas):
    """Says how large the window is and how large it should be. The keys work on; q still quits."""

    DEFAULT_CSS = """
    Tiny { display: none; background: $background; height: 1fr; }
    Screen.tiny > * { display: none; }
    Screen.tiny > Tiny { display: block; }
    """
    SCOPED_CSS = False

    def on_mount(self) -> None:
        """While it is hidden nobody tells it of a new size but the screen."""
        self.screen.screen_layout_refresh_signal.subscribe(self, self._look)

    def _look(self, screen: Screen[object]) -> None:
        """A window that has grown has everything again, and the keys go where they went."""
        tiny = is_tiny(screen.size)
        if tiny != screen.has_class("tiny"):
            screen.set_class(tiny, "tiny")
            if not tiny:
                self.call_after_refresh(screen.query_one(Desk).refocus)

    def rows(self, width: int, height: int) -> list[Row]:
        """As much of it as there is room for."""
        times = self.glyphs.words("×")
        words = (
            Span(f"{width} {times} {height} is too small", "text", True),
            Span(f"{SMALLEST.width} {times} {SMALLEST.height} shows the tasks", "soft"),
            Span(self.glyphs.keys.said("{quit} quits"), "mute"),
        )
        lines = [Row(fit_spans([Span(" "), span], width, self.glyphs.ellipsis)) for span in words]
        return [BLANK, *lines] if height > len(lines) else lines
