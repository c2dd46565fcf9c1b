"""Widgets whose lines are drawn by hand: `Painted`, which all of them are, and `Canvas` (a few lines that stay)."""

from abc import abstractmethod
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.filter import ANSIToTruecolor
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from taskterm.tui.containment import Contained
from taskterm.tui.rows import BLANK, Row, target_at
from taskterm.tui.theme import STATE_ROLE, Glyphs, Palette, glyphs_of, palette_of


def paint(row: Row, width: int, palette: Palette, ground: str = "bg") -> Strip:
    """The row as a strip of exactly `width` cells on `ground` (or on the ground of the row)."""
    base = row.on or ground
    segments = [
        Segment(
            span.text,
            palette.style(
                span.role,
                span.on or base,
                bold=span.bold,
                italic=span.italic,
                strike=span.strike,
                underline=span.underline,
            ),
        )
        for span in row.spans
        if span.text
    ]
    return Strip(segments).adjust_cell_length(width, palette.style("text", base))


class Bare(Widget):
    """A widget whose lines are taken as they are drawn. Textual looks in each of them for borders, padding, hatching
    and opacity, which takes longer than drawing it; nothing here has any of them."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of the widget, with the filters of the app (for the colours of the terminal) applied."""
        if self.styles.gutter or self.styles.has_rule("opacity"):
            return super().render_lines(crop)
        strips = [self.render_line(y) for y in crop.line_range]
        filters = self.get_line_filters()
        if filters and palette_of(self.app).truecolor:  # nothing in it has a colour that the terminal would choose
            filters = [line_filter for line_filter in filters if not isinstance(line_filter, ANSIToTruecolor)]
        if filters:
            _, ground = self.background_colors
            for line_filter in filters:
                strips = [strip.apply_filter(line_filter, ground) for strip in strips]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips


class Painted(Contained, Bare):
    """What every widget drawn by hand shares: the palette and the glyphs of the app, and the ground it stands on."""

    GROUND: ClassVar[str] = "bg"
    TURNS: ClassVar[bool] = False
    """Whether its lines go through `turned`."""
    ALLOW_SELECT = False

    _sign: str | None = None  # how what runs is drawn at this moment; None: as it is when it stands still
    _turning: frozenset[int] = frozenset()  # lines of the widget in which something turns

    @property
    def palette(self) -> Palette:
        """Styles of the theme that is on."""
        return palette_of(self.app)

    @property
    def glyphs(self) -> Glyphs:
        """The signs to draw with."""
        return glyphs_of(self.app)

    def paint(self, row: Row, width: int) -> Strip:
        """The row as a strip on this widget's ground."""
        return paint(row, width, self.palette, self.GROUND)

    def turn(self, sign: str | None) -> None:
        """Draw the sign of what runs like this from now on: paints the lines alone that hold one."""
        before, self._sign = self._sign, sign
        if before is None or sign is None:
            self._turning = frozenset()
            self.refresh()
        else:
            for y in self._turning:
                self.refresh(Region(0, y, self.size.width, 1))

    def turned(self, strip: Strip, y: int) -> Strip:
        """Line `y` of the widget, with the sign of what runs as it is at this moment."""
        sign = self._sign
        if sign is None:
            return strip
        still, colour = self.glyphs.state["running"], self.palette.style(STATE_ROLE["running"]).color
        hits = [i for i, s in enumerate(strip) if s.text == still and s.style is not None and s.style.color == colour]
        if bool(hits) != (y in self._turning):
            self._turning = self._turning ^ {y}
        if not hits:
            return strip
        segments = list(strip)
        for i in hits:
            segments[i] = Segment(sign, segments[i].style)
        return Strip(segments, strip.cell_length)


class Canvas(Painted):
    """A few lines that do not scroll. A subclass gives `rows`; a click on a span with a target posts `Clicked`."""

    class Clicked(Message):
        """A click on a span; `target` is what the span named."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    _drawn: list[Row] | None = None
    _drawn_for: Size | None = None  # a paint may come before the resize event

    @abstractmethod
    def rows(self, width: int, height: int) -> list[Row]:
        """The lines from the top; missing ones are blank."""

    def redraw(self) -> None:
        """Ask `rows` again and paint what it answers."""
        self._drawn = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.size.width
        if self._drawn is None or self._drawn_for != self.size:
            self._drawn, self._drawn_for = self.rows(width, self.size.height), self.size
        return self.paint(self._drawn[y] if y < len(self._drawn) else BLANK, width)

    def on_click(self, event: events.Click) -> None:
        """Tell the parent which target was hit."""
        if self._drawn is not None and event.y < len(self._drawn):
            target = target_at(self._drawn[event.y], event.x)
            if target is not None:
                event.stop()
                self.post_message(self.Clicked(target))
