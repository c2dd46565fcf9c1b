"""`LineView`, a virtual list with a cursor. It holds one key per line and asks for a row only while it is visible, so
that ten thousand lines cost what forty do.
"""

from abc import abstractmethod
from collections.abc import Container, Hashable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from taskterm.tui.messages import MarkRequested
from taskterm.tui.rows import BLANK, Row, under_cursor
from taskterm.tui.widgets.canvas import Painted

MARGIN = 2
"""Cells at the left that belong to the cursor and the mark."""

NEAR = 50
"""So many lines around its old one a key is looked for before all of them are."""

KEPT = 150
"""So many painted lines a list keeps: some pages; each holds several kilobytes."""


class LineView(ScrollView, Painted, can_focus=True):
    """A virtual list with a cursor. A subclass calls `set_keys` with one key per line and gives `row` for a line.

    A key of None is a line that the cursor passes over (a group head, a blank). The cursor belongs to its key and not
    to a line number: when the keys change it stays on the same thing, or on its nearest neighbour.
    """

    TURNS: ClassVar[bool] = True
    HEAD_ROWS: ClassVar[int] = 0
    """Lines at the top that stay while the rest scrolls; `head_row` gives them."""

    DEFAULT_CSS = """
    LineView {
        scrollbar-size: 0 0;
        overflow-x: hidden;
        overflow-y: auto;
        background: $background;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "cursor(1)", "Down", show=False),
        Binding("up", "cursor(-1)", "Up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("home", "edge(0)", "First", show=False),
        Binding("end", "edge(-1)", "Last", show=False),
        Binding("j", "cursor(1)", "Down", show=False, id="down"),
        Binding("k", "cursor(-1)", "Up", show=False, id="up"),
        Binding("ctrl+f", "page(1)", "Page down", show=False, id="page_down"),
        Binding("ctrl+b", "page(-1)", "Page up", show=False, id="page_up"),
        Binding("ctrl+d", "page(0.5)", "Half a page down", show=False, id="half_down"),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", show=False, id="half_up"),
        Binding("g", "edge(0)", "First", show=False, id="first"),
        Binding("G", "edge(-1)", "Last", show=False, id="last"),
        Binding("enter", "activate", "Open", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another key."""

        def __init__(self, view: "LineView", key: Hashable | None) -> None:
            super().__init__()
            self.view = view
            self.key = key

        @property
        def control(self) -> "LineView":
            """The list the message is from."""
            return self.view

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor ended up matters."""
            return isinstance(message, LineView.Moved) and message.view is self.view

    class Activated(Message):
        """Enter or a double click on a key."""

        def __init__(self, view: "LineView", key: Hashable) -> None:
            super().__init__()
            self.view = view
            self.key = key

        @property
        def control(self) -> "LineView":
            """The list the message is from."""
            return self.view

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._keys: Sequence[Hashable | None] = ()
        self._lines_of: dict[Hashable, int] | None = {}  # None: nobody has asked since the keys changed
        self._cursor = -1
        self._cache: dict[tuple[int, int, bool], Strip] = {}
        self._stands: tuple[int, int] | None = None  # see _standing; while it is painted

    # what a subclass gives

    @abstractmethod
    def row(self, index: int, width: int, selected: bool) -> Row:
        """Line `index` of the list; the cursor bar and the ground of a selected line are added by the list."""

    def head_row(self, index: int, width: int) -> Row:
        """One of the HEAD_ROWS lines that stay at the top."""
        return BLANK

    def task_at(self, index: int) -> int | None:
        """The task of line `index`, in a list whose tasks can be marked."""
        return None

    def empty_rows(self, width: int) -> list[Row]:
        """What stands where nothing is listed."""
        return []

    def set_keys(self, keys: Sequence[Hashable | None]) -> None:
        """Replace the lines. Keys are unique; the cursor stays on its key, else on the nearest line."""
        old = self.cursor_key
        old_line = self._cursor
        self._keys = keys
        self._lines_of = None
        self._cache.clear()
        self._resize_list()
        line = self._near(old, old_line) if old is not None else None
        self._cursor = self._nearest(max(old_line, 0)) if line is None else line
        # The scroll range follows at the next layout; until then the offset must not point past the end.
        self.scroll_to_cursor()
        self.refresh()
        if self.cursor_key != old:
            self.post_message(self.Moved(self, self.cursor_key))

    # what others ask

    @property
    def keys(self) -> Sequence[Hashable | None]:
        """The keys of all lines, from the top."""
        return self._keys

    @property
    def cursor_key(self) -> Hashable | None:
        """The key under the cursor, None for an empty list."""
        return self._keys[self._cursor] if 0 <= self._cursor < len(self._keys) else None

    def select_key(self, key: Hashable) -> bool:
        """Put the cursor on `key`; False if the list does not hold it."""
        line = self.line_of(key)
        if line is None:
            return False
        self._put_cursor(line)
        return True

    def line_of(self, key: Hashable) -> int | None:
        """The line number of a key."""
        if self._lines_of is None:
            self._lines_of = {key: line for line, key in enumerate(self._keys) if key is not None}
        return self._lines_of.get(key)

    @property
    def lines_in_view(self) -> range:
        """Numbers of the list's lines that are on the screen now."""
        top = self.scroll_offset.y
        return range(top, min(top + max(self.size.height - self.HEAD_ROWS, 0), len(self._keys)))

    def redraw(self) -> None:
        """Paint every visible line anew: something that `row` depends on has changed."""
        self._cache.clear()
        self.refresh()

    def forget_all_but(self, lines: Container[int]) -> None:
        """The other lines are drawn anew when they are painted next; painting them is up to the caller."""
        self._cache = {key: strip for key, strip in self._cache.items() if key[0] in lines}

    def forget(self, lines: Container[int]) -> None:
        """These lines are drawn anew when they are painted next; painting them is up to the caller."""
        self._cache = {key: strip for key, strip in self._cache.items() if key[0] not in lines}

    # drawing

    @property
    def allow_vertical_scroll(self) -> bool:
        """Whether the wheel scrolls: wherever there is more than fits, as no layout ever decides on a scrollbar."""
        return self.max_scroll_y > 0

    def _resize_list(self) -> None:
        """The range to scroll in; without scrollbars nothing has to be laid out anew for it."""
        size = Size(self.size.width, len(self._keys) + self.HEAD_ROWS)
        if size != self.virtual_size:
            self.set_reactive(LineView.virtual_size, size)
            if self.scroll_offset.y > self.max_scroll_y:
                self.scroll_to(y=self.max_scroll_y, animate=False, force=True)

    def on_resize(self) -> None:
        """The lines are as wide as the screen, and the cursor stays in sight."""
        self._resize_list()
        self.scroll_to_cursor()

    def notify_style_update(self) -> None:
        """A theme was switched."""
        super().notify_style_update()
        self._cache.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of the list; where it stands is asked once for all of them."""
        self._stands = self._standing()
        try:
            return super().render_lines(crop)
        finally:
            self._stands = None

    def _standing(self) -> tuple[int, int]:
        """The width, and the number of the first line in view. Textual looks for the widget to answer that."""
        return self._stands or (self.size.width, self.scroll_offset.y)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width, top = self._standing()
        if y < self.HEAD_ROWS:
            return self.paint(self.head_row(y, width), width)
        line = top + y - self.HEAD_ROWS
        if line >= len(self._keys):
            empty = [] if self._keys else self.empty_rows(width)
            return self.paint(empty[line - 1] if 1 <= line <= len(empty) else BLANK, width)
        selected = line == self._cursor
        key = (line, width, selected)
        strip = self._cache.get(key)
        if strip is None:
            if len(self._cache) > KEPT:
                self._cache.clear()
            strip = self._cache[key] = self._paint_line(line, width, selected)
        return self.turned(strip, y)

    def _paint_line(self, line: int, width: int, selected: bool) -> Strip:
        row = self.row(line, width, selected)
        return self.paint(under_cursor(row, self.glyphs.cursor) if selected else row, width)

    # moving

    def _near(self, key: Hashable, line: int) -> int | None:
        """The line of a key that stood on `line`: mostly it is there still, or a little further up or down."""
        first = max(line - NEAR, 0)
        some = self._keys[first : line + NEAR]
        return first + list(some).index(key) if key in some else self.line_of(key)

    def _nearest(self, line: int) -> int:
        count = len(self._keys)
        line = min(line, count - 1)  # the list may be much shorter than it was
        for distance in range(count):
            for candidate in (line + distance, line - distance):
                if 0 <= candidate < count and self._keys[candidate] is not None:
                    return candidate
        return -1

    def _put_cursor(self, line: int) -> None:
        if line == self._cursor or line < 0:
            return
        before, self._cursor = self._cursor, line
        for changed in (before, line):
            self.refresh_lines(changed + self.HEAD_ROWS)
        self.scroll_to_cursor()
        self.post_message(self.Moved(self, self.cursor_key))

    def scroll_to_cursor(self) -> None:
        """Scroll no further than needed to have the cursor (and the head of its group) on the screen."""
        if self._cursor < 0 or self.size.height <= self.HEAD_ROWS:
            return
        height = self.size.height - self.HEAD_ROWS
        top = self.scroll_offset.y
        first = self._cursor
        while first > 0 and self._keys[first - 1] is None and self._cursor - first < 2:
            first -= 1
        if self._keys[first] is None and first + 1 < self._cursor:
            first += 1  # the blank line above a head need not be seen
        if first < top or self._cursor < top:
            top = 0 if first <= 1 else first
        elif self._cursor >= top + height:
            top = self._cursor - height + 1
        else:
            return
        self.scroll_to(y=top, animate=False, force=True)

    def action_cursor(self, step: int) -> None:
        """Move to the next (1) or the previous (-1) line that can be selected."""
        line = self._cursor + step
        while 0 <= line < len(self._keys):
            if self._keys[line] is not None:
                self._put_cursor(line)
                return
            line += step
        if step < 0:
            self.scroll_to(y=0, animate=False, force=True)

    def action_page(self, pages: float) -> None:
        """Move by a number of pages."""
        step = int(max(self.size.height - self.HEAD_ROWS - 1, 1) * pages)
        self._put_cursor(self._nearest(min(max(self._cursor + step, 0), len(self._keys) - 1)))

    def action_edge(self, which: int) -> None:
        """Move to the first (0) or the last (-1) line."""
        self._put_cursor(self._nearest(0 if which == 0 else len(self._keys) - 1))

    def action_activate(self) -> None:
        """Open what the cursor is on."""
        if self.cursor_key is not None:
            self.post_message(self.Activated(self, self.cursor_key))

    def on_click(self, event: events.Click) -> None:
        """A click selects, a double click opens; with ctrl, shift or in the margin it marks."""
        if event.y < self.HEAD_ROWS:
            return
        line = self.scroll_offset.y + event.y - self.HEAD_ROWS
        if line < len(self._keys) and self._keys[line] is not None:
            self._put_cursor(line)
            task_id = self.task_at(line)
            if task_id is not None and (event.ctrl or event.shift or event.x < MARGIN):
                self.post_message(MarkRequested(task_id, stretch=event.shift))
            elif event.chain == 2:
                self.action_activate()
