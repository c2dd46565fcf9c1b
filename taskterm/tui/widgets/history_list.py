"""The list of the history: the operations that were read so far, a line each, under the days of their doing."""

from collections.abc import Sequence

from textual import events
from textual.message import Message
from textual.strip import Strip

from taskterm.tui import history_rows
from taskterm.tui.journal import Line
from taskterm.tui.picture import Picture
from taskterm.tui.rows import BLANK, Row, target_at
from taskterm.tui.widgets.lines import LineView


class HistoryList(LineView):
    """The operations that were read so far. Keys are their numbers."""

    DEFAULT_CSS = "HistoryList { width: 1fr; height: 1fr; }"

    class Scrolled(Message):
        """Other lines are on the screen."""

        def can_replace(self, message: Message) -> bool:
            """Only where it ended up matters."""
            return isinstance(message, HistoryList.Scrolled)

    class Picked(Message):
        """A task that a line names was clicked."""

        def __init__(self, task_id: int) -> None:
            super().__init__()
            self.task_id = task_id

    def __init__(self) -> None:
        super().__init__()
        self.picture: Picture | None = None
        self.empty: Sequence[Row] = ()
        self._lines: dict[int, Line] = {}
        self._heads: dict[int, str] = {}

    @property
    def line(self) -> Line | None:
        """The operation under the cursor."""
        key = self.cursor_key
        return self._lines.get(key) if isinstance(key, int) else None

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these; what the cursor is on stays where it is on the screen, unless the list is at its top."""
        before, top = self._cursor, self.scroll_offset.y
        key = self.cursor_key
        self._lines = {line.operation: line for line in lines}
        laid = history_rows.lay_out(lines)
        self._heads = laid.heads
        self.set_keys(laid.keys)
        if top and key is not None and self.cursor_key == key and self._cursor != before:
            self.scroll_to(y=top + self._cursor - before, animate=False, force=True)
        self.redraw()

    def row(self, index: int, width: int, selected: bool) -> Row:
        """A head, a blank or an operation."""
        key, picture = self.keys[index], self.picture
        if picture is None or not isinstance(key, int):
            day = self._heads.get(index)
            return BLANK if day is None or picture is None else history_rows.head(day, picture.now)
        tasks = picture.snapshot.tasks
        return history_rows.line_row(self._lines[key], tasks, width, self.glyphs, selected=selected)

    def render_line(self, y: int) -> Strip:
        """Where there is nothing it says what belongs here."""
        if not self.keys and y < len(self.empty):
            return self.paint(self.empty[y], self.size.width)
        return super().render_line(y)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Older lines may be wanted."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Scrolled())

    def on_click(self, event: events.Click) -> None:
        """A click on the number of a task opens that task, elsewhere on the line it selects."""
        line = self.scroll_offset.y + event.y
        key = self.keys[line] if line < len(self.keys) else None
        target = target_at(self.row(line, self.size.width, False), event.x) if key is not None else None
        if target is not None and key is not None:
            event.stop()
            event.prevent_default()
            self.select_key(key)
            self.post_message(self.Picked(int(target)))
