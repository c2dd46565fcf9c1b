"""One output pane: head, steps and progress above, below them the lines a program wrote, in its own colours.

Only the lines in view are read for colours and painted, however many there are; the head stays while they scroll.
"""

import shlex
import subprocess
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from taskterm import settings
from taskterm.core import dates
from taskterm.core.errors import RuleError
from taskterm.tui import ansi, pane_lines
from taskterm.tui.ansi_style import style_of
from taskterm.tui.lending import lent
from taskterm.tui.messages import Said
from taskterm.tui.pane import Pane, looks_like_error
from taskterm.tui.pane_lines import PaneInfo
from taskterm.tui.rows import BLANK, Row, Span, fit_spans, gap, spread
from taskterm.tui.tail import OutputLine
from taskterm.tui.text import cells, visible
from taskterm.tui.widgets.marking import Marking, Place
from taskterm.tui.widgets.pane_search import PaneSearch

GUTTER = 6
NARROW_GUTTER = 5
TALL = 11
"""From this height on a pane has blank rows around its lines."""


class OutputPane(PaneSearch, Marking, can_focus=True):
    """Shows one `Pane`. The view that holds it says what it is about with `describe` and tells it of new lines."""

    DEFAULT_CSS = """
    OutputPane { width: 1fr; height: 1fr; background: $background; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "scroll_by(1)", "Down", show=False),
        Binding("up", "scroll_by(-1)", "Up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("home", "edge(0)", "First line", show=False),
        Binding("end", "edge(1)", "Last line", show=False),
        Binding("j", "scroll_by(1)", "Down", show=False, id="down"),
        Binding("k", "scroll_by(-1)", "Up", show=False, id="up"),
        Binding("ctrl+f", "page(1)", "Page down", show=False, id="page_down"),
        Binding("ctrl+b", "page(-1)", "Page up", show=False, id="page_up"),
        Binding("ctrl+d", "page(0.5)", "Half a page down", show=False, id="half_down"),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", show=False, id="half_up"),
        Binding("g", "edge(0)", "First line", show=False, id="first"),
        Binding("G", "edge(1)", "Last line", show=False, id="last"),
        Binding("right", "sideways(8)", "To the right", show=False),
        Binding("left", "sideways(-8)", "To the left", show=False),
    ]

    class Focused(Message):
        """The pane has the focus now."""

    def __init__(self, *, narrow: bool = False) -> None:
        super().__init__()
        self.narrow = narrow
        self.lone = False  # no other pane beside it
        self._lines_shown = 1
        self._frame: list[Strip] = []

    # what the view says

    def describe(self, info: PaneInfo, pane: Pane) -> None:
        """Show `pane`, which is about `info`."""
        if pane is not self.pane:
            self.typing = None
            self.unmark()
        self.info, self.pane = info, pane
        self.refresh()
        self.seek_error()

    def update_lines(self) -> None:
        """New lines have come into the pane."""
        self.refresh()
        self.count_on()
        self.seek_error()

    # geometry

    def _head_rows(self) -> list[Row]:
        """The rows above the lines."""
        info, width, glyphs = self.info, self._width(), self.glyphs
        if info is None:
            return []
        if self.narrow:
            rows = [pane_lines.narrow_head(info, width, glyphs, self._position())]
        else:
            lit = self.has_focus
            rule = Span((glyphs.heavy if lit else glyphs.rule) * width, "accent" if lit else "line")
            rows = [pane_lines.head(info, width, glyphs, self._position()), Row([rule])]
        if self.size.height >= 8 and info.steps:
            rows.append(pane_lines.strip(info, width, glyphs, durations=not self.narrow))
        if self.size.height >= TALL:
            bar = pane_lines.progress(info, width, glyphs)
            rows += [bar, BLANK] if bar is not None else [BLANK]
        return rows

    def _foot_rows(self) -> list[Row]:
        """The rows below the lines: what is being searched, or what can be done about a failure."""
        if self.typing is not None:
            spans = [Span("/ ", "accent", bold=True), Span(visible(self.typing)), Span(" ", on="accent")]
            again = self.pane.needle and not self.typing
            hint = Span(f"enter finds “{visible(self.pane.needle)}” again" if again else "", "mute")
            return [Row(spread(spans, [hint], self._width(), self.glyphs.ellipsis))]
        if self.info is not None and self.info.failed and self.size.height >= TALL + 3:
            at = self.pane.error is not None and not self.pane.needle
            return [BLANK, pane_lines.failed_foot(self.info, self._width(), self.glyphs, at_error=at)]
        return []

    def _width(self) -> int:
        return max(self.size.width - (2 if self.narrow else 1), 1)

    def room(self) -> int:
        """How many output lines are in view."""
        return max(self.size.height - len(self._head_rows()) - len(self._foot_rows()) - self._below(), 1)

    def _below(self) -> int:
        """The blank row that parts this pane from the one below."""
        return 0 if self.lone or self.size.height < TALL else 1

    def _position(self) -> list[Span]:
        """`● following`, or where the lines in view are."""
        pane, gutter = self.pane, gap(3)
        if pane.needle:
            here, found, complete = pane.place
            where = f"  {here:,} of {found:,}" if here else f"  {found:,} found"
            at = f", line {pane.line(pane.match).number:,}" if pane.match is not None else ""
            more = "" if complete else self.glyphs.ellipsis
            return [gutter, Span(f"/{visible(pane.needle)}", "accent"), Span(where + more, "soft"), Span(at, "mute")]
        if self.info is not None and self.info.running and pane.follow:
            return [gutter, Span(self.glyphs.live, "ready"), Span(" following", "soft")]
        if not len(pane):
            return []
        shown = pane.error if pane.error is not None and self._in_view(pane.error) else None
        index = shown if shown is not None else max(min(pane.top + self._lines_shown, len(pane)) - 1, 0)
        number, last = pane.line(index).number, pane.line(len(pane) - 1).number
        # Only within the last step can the number of its last line be told without counting.
        of = f" of {last:,}" if last - number == len(pane) - 1 - index else ""
        return [gutter, Span(f"line {number:,}{of}", "soft")]

    def _in_view(self, index: int) -> bool:
        return self.pane.top <= index < self.pane.top + self._lines_shown

    # drawing

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        return self._frame[y] if y < len(self._frame) else self.paint(BLANK, self.size.width)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines that Textual asks for; all of them are drawn from one state."""
        self._frame = self._draw()
        return super().render_lines(crop)

    def _draw(self) -> list[Strip]:
        width, info = self.size.width, self.info
        if info is None:
            return []
        foot = self._foot_rows()
        self._lines_shown = self.room()
        top = self.pane.settle(self._lines_shown)
        margin = [gap(1)] if self.narrow else []
        strips = [self.paint(Row([*margin, *row.spans]), width) for row in self._head_rows()]
        for index in range(top, min(top + self._lines_shown, len(self.pane))):
            strips.append(self._line(index, width))
        if not len(self.pane) and self.pane.complete:
            words = self.glyphs.words(pane_lines.empty_words(info, self.glyphs))
            strips.append(self.paint(Row([*margin, *fit_spans([Span(words, "mute")], width - 1)]), width))
        return strips + [self.paint(Row([*margin, *row.spans]), width) for row in foot]

    def _line(self, index: int, width: int) -> Strip:
        """One line of output: the gutter, then its text in its own colours, scrolled sideways."""
        assert self.info is not None
        line = self.pane.line(index)
        failing = self.info.failed and index == self.pane.error
        found = bool(self.pane.needle) and index == self.pane.match
        ground = "t_fail" if failing else "select" if found else "bg"
        mark = self._mark(line)
        gutter = self._gutter(mark)
        edge = Span(self.glyphs.cursor if failing else " ", "fail")
        if line.number == 0:
            name = [Span("$ ", "mute"), Span(visible(line.text), "soft", bold=True)]
            return self._lit(self.paint(Row([gap(gutter + 2), *name], on=ground), width), index, gutter + 2)
        number = Span(mark.rjust(gutter - 1), "fail" if failing else "mute")
        left = self.paint(Row([edge, number, gap(2)], on=ground), gutter + 2)
        text = Strip(self._segments(line, ground, failing))
        room = width - gutter - 2
        text = text.crop(self.pane.left, self.pane.left + room) if self.pane.left else text
        blank = self.palette.style("text", ground)
        whole = Strip.join([left, text.adjust_cell_length(room, blank)])
        return self._lit(whole, index, gutter + 2 - self.pane.left)

    def _mark(self, line: OutputLine) -> str:
        """What stands in the gutter: when a line came, or which one it is."""
        running = self.info is not None and self.info.running
        return dates.clock(line.elapsed_ms / 1000) if running else str(line.number)

    def _gutter(self, mark: str) -> int:
        """Cells for the clock or the number of a line."""
        return max(NARROW_GUTTER if self.narrow else GUTTER, len(mark) + 1)

    def _lit(self, strip: Strip, index: int, before: int) -> Strip:
        """What is marked, but never the gutter."""
        line = index + self.pane.ring.dropped
        if self.marked_cells(line) is None:
            return strip
        gutter = before + (self.pane.left if self.pane.line(index).number else 0)
        text = self.lit(strip, line, before)
        return Strip.join([strip.crop(0, gutter), text.crop(gutter, strip.cell_length)])

    # marking

    def place_at(self, x: int, y: int) -> Place | None:
        """The line (counted from the first that ever was here) and the cell of its text under the mouse."""
        if not len(self.pane) or self.info is None:
            return None
        index = min(max(self.pane.top + y - len(self._head_rows()), 0), len(self.pane) - 1)
        line = self.pane.line(index)
        mark = self._mark(line)
        cell = x - self._gutter(mark) - 2 + (self.pane.left if line.number else 0)
        return Place(index + self.pane.ring.dropped, max(cell, 0))

    def line_text(self, line: int) -> str:
        """The words of a line without its colours; none for one that is forgotten."""
        index = line - self.pane.ring.dropped
        return visible(ansi.plain(self.pane.line(index).text)) if 0 <= index < len(self.pane) else ""

    def scroll_marked(self, lines: int) -> None:
        """A line further."""
        self.action_scroll_by(lines)

    def _segments(self, line: OutputLine, ground: str, failing: bool) -> list[Segment]:
        assert self.info is not None
        role = "warn" if line.note else "text" if failing else "soft"
        if failing or (self.info.failed and self.pane.error is not None and looks_like_error(ansi.plain(line.text))):
            role = "fail"
        pieces = ansi.stretches(line.text, line.sgr)
        segments: list[Segment] = []
        for text, sgr in pieces:
            style = style_of(sgr, self.palette, role, ground, bold=failing)
            segments += self._marked(text, style)
        if line is self.pane.partial and self.pane.follow and self.info.running:
            segments.append(Segment(self.glyphs.cursor, self.palette.style("accent", ground)))
        return segments

    def _marked(self, text: str, style: Style) -> list[Segment]:
        """The text with every occurrence of what is searched on accent."""
        needle = self.pane.needle
        if not needle:
            return [Segment(visible(text), style)]
        where = text.lower() if needle.islower() else text
        segments, at = [], 0
        lit = self.palette.style("on_accent", "accent")
        while (hit := where.find(needle, at)) >= 0:
            segments += [Segment(visible(text[at:hit]), style), Segment(visible(text[hit : hit + len(needle)]), lit)]
            at = hit + len(needle)
        return [*segments, Segment(visible(text[at:]), style)]

    # moving

    def on_focus(self) -> None:
        """The rule becomes heavy."""
        self.refresh()
        self.post_message(self.Focused())

    def on_blur(self) -> None:
        """The rule becomes light."""
        self.typing = None
        self.refresh()

    def on_resize(self) -> None:
        """Another number of lines is in view."""
        self.refresh()

    def action_scroll_by(self, lines: int) -> None:
        """Scroll by lines."""
        self.pane.scroll(lines, self.room())
        self.refresh()

    def action_page(self, pages: float) -> None:
        """Scroll by pages."""
        self.action_scroll_by(int(max(self.room() - 1, 1) * pages))

    def action_edge(self, which: int) -> None:
        """To the first (0) or the last (1) line."""
        self.action_scroll_by(len(self.pane) if which else -len(self.pane))

    def action_sideways(self, by: int) -> None:
        """Scroll long lines, as far as the longest in view reaches."""
        first = self.pane.settle(self.room())
        lines = [self.pane.line(index) for index in range(first, min(first + self.room(), len(self.pane)))]
        ends = [cells(visible(ansi.plain(line.text))) + self._gutter(self._mark(line)) + 2 for line in lines]
        most = max(max(ends, default=0) - self._width(), 0)
        self.pane.left = max(0, min(self.pane.left + by, max(most, self.pane.left)))
        self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls."""
        event.stop()
        self.action_scroll_by(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls."""
        event.stop()
        self.action_scroll_by(-3)

    # what the view's keys do

    def toggle_follow(self) -> None:
        """Stay at the end, or stop there."""
        self.pane.follow = not self.pane.follow
        self.refresh()

    def copy_text(self) -> str:
        """The line that a search stands on, else the lines in view, without colours."""
        if self.pane.match is not None and self.pane.needle:
            return ansi.plain(self.pane.line(self.pane.match).text)
        shown = range(self.pane.top, min(self.pane.top + self._lines_shown, len(self.pane)))
        return "\n".join(ansi.plain(self.pane.line(index).text) for index in shown)

    def open_pager(self) -> None:
        """Show everything that the pane holds in $PAGER, without control sequences; the app waits for its end."""
        pager = shlex.split(settings.program("pager", settings.read_config())) or ["less"]
        text = "".join(ansi.plain(line.text) + "\n" for line in self.pane.ring)
        data = text.encode("utf-8", "replace")
        try:
            lent(self.app, lambda: subprocess.run(pager, input=data, check=False))
        except RuleError as error:
            self.post_message(Said(error.message, bad=True))
        except OSError as error:
            self.post_message(Said(f"{pager[0]} cannot be started: {error.strerror}; set PAGER to a program", bad=True))
