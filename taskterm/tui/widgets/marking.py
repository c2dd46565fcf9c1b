"""Text that is marked with the mouse and copied: what pages and panes of output share. Lists and cards have none of it.

A drag marks, past an edge it scrolls; `y` or ctrl+c copies (OSC 52) and says so, escape or a click unmarks. What is
marked belongs to the text and not to the screen: it stays on its words while they scroll.
"""

from abc import abstractmethod
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.strip import Strip

from taskterm.core.display import ISOLATE, POP_ISOLATE
from taskterm.tui.messages import Said
from taskterm.tui.text import cells, fit
from taskterm.tui.widgets.canvas import Painted

_NO_ISOLATES = str.maketrans("", "", ISOLATE + POP_ISOLATE)


class Place(NamedTuple):
    """A cell of the text: its line, and how many cells of the line come before it."""

    line: int
    cell: int


class Marking(Painted, can_focus=True):
    """Marks text. A subclass tells where its text is: `place_at`, `line_text`, `marked_changed`, `scroll_marked`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy_marked", "Copy", show=False, id="copy"),
        Binding("ctrl+c", "copy_marked", "Copy", show=False),
        Binding("escape", "unmark", "Unmark", show=False),
    ]

    _anchor: Place | None = None  # where the button went down
    _end: Place | None = None  # where the mouse is or was let go; None: nothing is marked
    _dragging = False

    # what a subclass gives

    @abstractmethod
    def place_at(self, x: int, y: int) -> Place | None:
        """The place of the text at a cell of the widget, the nearest one outside of it; None without any text."""

    @abstractmethod
    def line_text(self, line: int) -> str:
        """The words of a line, as they are drawn."""

    @abstractmethod
    def scroll_marked(self, lines: int) -> None:
        """The mouse is past an edge: scroll a line."""

    def marked_changed(self) -> None:
        """Other text is marked: paint it."""
        self.refresh()

    # what is marked

    @property
    def marked(self) -> tuple[Place, Place] | None:
        """First place and the one behind the last, or None."""
        if self._anchor is None or self._end is None or self._anchor == self._end:
            return None
        first, last = sorted((self._anchor, self._end))
        return first, last

    def marked_cells(self, line: int) -> tuple[int, int] | None:
        """First cell of a line that is marked, and the one behind the last (a large number: to its end)."""
        marked = self.marked
        if marked is None or not marked[0].line <= line <= marked[1].line:
            return None
        first, last = marked
        return (first.cell if line == first.line else 0, last.cell if line == last.line else 1_000_000)

    @property
    def marked_text(self) -> str:
        """What is marked, without the margin that all of its whole lines have."""
        marked = self.marked
        if marked is None:
            return ""
        found = []
        for line in range(marked[0].line, marked[1].line + 1):
            begin, end = self.marked_cells(line) or (0, 0)
            text = self.line_text(line)
            found.append(text[len(fit(text, begin, "")) if begin else 0 : len(fit(text, end, ""))])
        first, *whole = (text.translate(_NO_ISOLATES).rstrip() for text in found)
        margin = min((len(text) - len(text.lstrip()) for text in whole if text), default=0)
        return "\n".join([first.lstrip(), *(text[margin:] for text in whole)]).strip("\n")

    def unmark(self) -> None:
        """Nothing is marked any more."""
        if self._anchor is not None:
            self._anchor = self._end = None
            self.marked_changed()

    def lit(self, strip: Strip, line: int, before: int = 0) -> Strip:
        """The strip of a line with what is marked in it; the text begins `before` cells from the left."""
        span = self.marked_cells(line)
        if span is None:
            return strip
        width = strip.cell_length
        begin = min(max(span[0] + before, 0), width)
        text = self.line_text(line).rstrip()
        end = min(max(min(span[1], cells(text)) + before, begin), width)
        if begin == end:
            return strip
        style = self.palette.style("text", "select")
        left, middle, right = strip.crop(0, begin), strip.crop(begin, end), strip.crop(end, width)
        return Strip.join([left, Strip([Segment(segment.text, style) for segment in middle]), right])

    # the mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A mark may begin here."""
        if event.button == 1:
            self.unmark()
            self._anchor = self.place_at(event.x, event.y)
            self._dragging = self._anchor is not None
            if self._dragging:
                self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The mark goes as far as the mouse."""
        if not self._dragging:
            return
        if event.y < 0 or event.y >= self.size.height:
            self.scroll_marked(-1 if event.y < 0 else 1)
        place = self.place_at(event.x, event.y)
        if place != self._end and (place != self._anchor or self._end is not None):
            self._end = place
            self.marked_changed()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Say what can be done with it."""
        if not self._dragging:
            return
        self._dragging = False
        self.release_mouse()
        text = self.marked_text
        if text:
            self.post_message(Said(f"{_amount(text)} marked · {self.glyphs.keys.of('copy')} copies"))
        else:
            self.unmark()

    # keys

    def action_copy_marked(self) -> None:
        """To the clipboard; without a mark the key means what it means elsewhere."""
        text = self.marked_text
        if not text:
            raise SkipAction()
        self.app.copy_to_clipboard(text)
        self.unmark()
        self.post_message(Said(f"{_amount(text)} copied"))

    def action_unmark(self) -> None:
        """Only the mark goes; without one the key means what it means elsewhere."""
        if self.marked is None:
            raise SkipAction()
        self.unmark()


def _amount(text: str) -> str:
    lines = text.count("\n") + 1
    return f"{lines} lines" if lines > 1 else f"“{fit(text, 40)}”"
