"""A text that scrolls and has no cursor: help, detail pane, commands to read. The mouse marks it for copying."""

from abc import abstractmethod
from collections.abc import Sequence
from itertools import zip_longest

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from taskterm.tui.rows import Row, target_at
from taskterm.tui.widgets.lines import LineView
from taskterm.tui.widgets.marking import Marking, Place


class Page(LineView, Marking):
    """Lines given by a subclass for a width (`text`); keys scroll, a click on a span with a target posts `Picked`."""

    class Picked(Message):
        """A click; `target` is what the span named."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: Sequence[Row] = ()
        self._built_for = 0  # cells

    @abstractmethod
    def text(self, width: int) -> Sequence[Row]:
        """All lines at a width in cells."""

    def rebuild(self) -> None:
        """Ask `text` again; the place that was scrolled to stays. The same text is not painted again."""
        width, head = self.size.width, self._head_rows()
        rows = self.text(width)
        if rows == self._rows and self._built_for == width:
            return
        marked, before, same_width = self.marked_text, self._rows, self._built_for == width
        self._built_for, self._rows = width, rows
        if marked and self.marked_text != marked:
            self.unmark()  # these are other words
        if same_width and head == self._head_rows():
            self._replace(before, rows)
        else:
            self.set_keys([None] * len(rows))

    def _head_rows(self) -> list[Row]:
        return [self.head_row(index, self.size.width) for index in range(self.HEAD_ROWS)]

    def _replace(self, before: Sequence[Row], rows: Sequence[Row]) -> None:
        """Paint only lines that are others: of two tasks many are alike, of one that has got its history nearly all."""
        top = self.scroll_offset.y
        self._keys = [None] * len(rows)
        self._resize_list()
        others = {line for line, (old, new) in enumerate(zip_longest(before, rows)) if old != new}
        self.forget(others)
        if self.scroll_offset.y != top:
            self.refresh()
            return
        for y in range(self.HEAD_ROWS, self.size.height):
            if top + y - self.HEAD_ROWS in others:
                self.refresh(Region(0, y, self.size.width, 1))

    def on_mount(self) -> None:
        """The first text."""
        self.rebuild()

    def on_resize(self) -> None:
        """Text wraps at the width."""
        if self.size.width != self._built_for:
            self.rebuild()

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """With `height: auto` as many lines as there are."""
        return len(self.text(width))

    def render_line(self, y: int) -> Strip:
        """One line of the screen; a paint may come before the resize event that would have rebuilt the text."""
        width, _ = self._standing()
        if width != self._built_for:
            self._built_for = width
            self._rows = self.text(width)
            self._keys = [None] * len(self._rows)
            self._cache.clear()
        return super().render_line(y)

    def row(self, index: int, width: int, selected: bool) -> Row:
        """One line."""
        return self._rows[index]

    def _paint_line(self, line: int, width: int, selected: bool) -> Strip:
        return self.lit(super()._paint_line(line, width, selected), line)

    # marking

    def place_at(self, x: int, y: int) -> Place | None:
        """The line and the cell under the mouse."""
        if not self._rows:
            return None
        line = min(max(self.scroll_offset.y + y - self.HEAD_ROWS, 0), len(self._rows) - 1)
        return Place(line, min(max(x, 0), self.size.width))

    def line_text(self, line: int) -> str:
        """The words of a line."""
        return "".join([span.text for span in self._rows[line].spans]) if line < len(self._rows) else ""

    def scroll_marked(self, lines: int) -> None:
        """A line further."""
        self.action_cursor(lines)

    def marked_changed(self) -> None:
        """Paint the lines anew."""
        self.redraw()

    # moving

    def action_cursor(self, step: int) -> None:
        """Scroll by lines."""
        self.scroll_relative(y=step, animate=False, force=True)

    def action_page(self, pages: float) -> None:
        """Scroll by pages."""
        self.scroll_relative(y=int(pages * max(self.size.height - 1, 1)), animate=False, force=True)

    def action_edge(self, which: int) -> None:
        """Scroll to the top (0) or the end (-1)."""
        self.scroll_to(y=0 if which == 0 else len(self._rows), animate=False, force=True)

    def action_activate(self) -> None:
        """Nothing on a page can be opened."""

    def on_click(self, event: events.Click) -> None:
        """Post the target under the mouse; the end of a drag means none."""
        if self.marked is not None:
            return
        line = self.scroll_offset.y + event.y - self.HEAD_ROWS
        row = self.head_row(event.y, self.size.width) if event.y < self.HEAD_ROWS else None
        if row is None and line < len(self._rows):
            row = self._rows[line]
        target = target_at(row, event.x) if row is not None else None
        if target is not None:
            self.post_message(self.Picked(target))
