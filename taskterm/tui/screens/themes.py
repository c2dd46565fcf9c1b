"""`T`: every theme with a sample of its colours; the screen behind wears the one under the cursor.

Enter keeps it and writes it into config.toml, escape puts the old one back.
"""

from collections.abc import Iterable
from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from textual import events
from textual.app import App
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from taskterm import settings
from taskterm.tui.messages import Hint
from taskterm.tui.rows import BLANK, Row, Span, field, gap
from taskterm.tui.screens.overlay import Lines, Overlay, TitleLine
from taskterm.tui.theme import PALETTES, PREFIX, STATE_ROLE
from taskterm.tui.widgets.canvas import paint
from taskterm.tui.widgets.lines import LineView

ABOUT = {
    "dark": "quiet and cool",
    "dusk": "softer: grey, not black",
    "moss": "dark green",
    "black": "dark, high contrast",
    "light": "bright and cool",
    "paper": "warm and bright",
    "white": "bright, high contrast",
    "ansi": "the terminal’s own colours",
    "auto": "dark or light, as the terminal",
}
NAME, WORDS = 9, 32
"""Cells of a theme's name, and of what it is like."""
SAMPLE = 25
SAMPLE_STATES = ("running", "failed", "ready")


def wear(app: App[None], name: str) -> None:
    """Shows the app in a theme, by its name in the settings. Where there is no colour (NO_COLOR) nothing changes."""
    if app.no_color:
        return
    meant = settings.theme_on(name)
    app.ansi_color = True if meant == "ansi" else None
    app.theme = PREFIX + meant


class Bare:
    """The screen below in its own colours: they are what is being chosen."""

    def __init__(self, screen: Screen[object]) -> None:
        self._screen = screen

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for strip in self._screen._compositor.render_strips():
            yield from strip
            yield Segment("\n")


class ThemeList(LineView):
    """One theme a line."""

    DEFAULT_CSS = "ThemeList { background: $panel; height: auto; max-height: 9; }"
    GROUND: ClassVar[str] = "raised"

    def on_mount(self) -> None:
        """All of them."""
        self.set_keys(settings.THEMES)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many lines as there are themes."""
        return len(settings.THEMES)

    def row(self, index: int, width: int, selected: bool) -> Row:
        """The name, and what the theme is like."""
        name = settings.THEMES[index]
        words = self.glyphs.words(ABOUT[name])
        return Row([gap(2), field(name, NAME, bold=selected), field(words, WORDS, "text" if selected else "soft")])

    def _paint_line(self, line: int, width: int, selected: bool) -> Strip:
        """The line, with the sample in the colours of its theme."""
        whole = super()._paint_line(line, width, selected)
        before = 2 + NAME + WORDS
        if width < before + SAMPLE:
            return whole
        palette = PALETTES[PREFIX + settings.theme_on(settings.THEMES[line])]
        signs = self.glyphs
        spans = [Span(signs.cursor, "accent"), gap(1)]
        spans += [Span("text ", "text", True), Span("soft ", "soft"), Span("mute", "mute")]
        for state in SAMPLE_STATES:
            spans += [gap(1), Span(signs.state[state], STATE_ROLE[state])]
        spans += [gap(1), Span(signs.late, "warn")]
        sample = paint(Row(spans), SAMPLE, palette)
        return Strip.join([whole.crop(0, width - SAMPLE), sample])


class Themes(Overlay[str]):
    """Answers the name of the theme that is kept, or None where the old one is on again."""

    DEFAULT_CSS = """
    Themes { align: right bottom; }
    Themes #panel { width: 76; margin: 0 1 2 1; }
    """
    HINTS: ClassVar[tuple[Hint, ...]] = (Hint("j k", "look at"), Hint("enter", "keep it"), Hint("esc", "as it was"))

    def __init__(self, worn: str) -> None:
        super().__init__()
        self._before = worn

    def body(self) -> Iterable[Widget]:
        """Title and themes."""
        yield TitleLine("Theme", "taskterm config set theme NAME")
        yield Lines([BLANK])
        yield ThemeList(id="themes")

    def on_mount(self) -> None:
        """The cursor on the theme that is on."""
        themes = self.query_one(ThemeList)
        themes.focus()
        themes.call_after_refresh(themes.select_key, self._before)

    def render(self) -> object:  # type: ignore[override]
        """The screen behind, as it would be."""
        stack = self.app.screen_stack
        index = stack.index(self) if self in stack else 0
        return Bare(stack[index - 1]) if index > 0 else super().render()

    def on_line_view_moved(self, event: LineView.Moved) -> None:
        """The cursor is on another theme: everything wears it."""
        event.stop()
        wear(self.app, str(event.key))

    def on_line_view_activated(self, event: LineView.Activated) -> None:
        """Keep it."""
        event.stop()
        self.dismiss(str(event.key))

    def on_click(self, event: events.Click) -> None:
        """Past the panel: nothing is kept."""
        if event.widget is self:
            self.action_cancel()

    def action_cancel(self) -> None:
        """The old one again."""
        wear(self.app, self._before)
        self.dismiss(None)
