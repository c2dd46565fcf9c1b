"""View 1, the list: tasks grouped by what needs a look first, each with the one fact that explains its state."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip

from taskterm.core.snapshot import Snapshot
from taskterm.tui import task_rows
from taskterm.tui.messages import Hint, Picture, SelectionChanged, TaskActivated, ViewChanged
from taskterm.tui.picture import Listed
from taskterm.tui.rows import BLANK, Row
from taskterm.tui.task_rows import Mark as Mark
from taskterm.tui.widgets.lines import LineView

KNOWN = 150
"""So many painted lines are kept."""


class Tasks(LineView):
    """The list of tasks. Lines are group heads, tasks and blanks; keys are task ids."""

    HEAD_ROWS: ClassVar[int] = 1
    BINDINGS: ClassVar[list[BindingType]] = [Binding("z", "fold", "Fold", show=False, id="fold")]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._listed = Listed((), 0, 0)
        self._lines = task_rows.NO_LINES
        self._unfolded = False
        self.marks: dict[int, Mark] = {}
        self._known: dict[tuple[int, int, bool], Strip] = {}  # painted lines by task, width, cursor
        self._known_of: tuple[object, ...] = ()  # what they show: of which minute, among which marks …
        self._snapshot: Snapshot | None = None  # … of which database

    # the view protocol

    @property
    def selected_task(self) -> int | None:
        """The task under the cursor."""
        key = self.cursor_key
        return key if isinstance(key, int) else None

    def show(self, picture: Picture) -> None:
        """Lines are only laid out anew where a task came, went or changed its place."""
        filtered = self._picture is not None and self._picture.query != picture.query
        self._picture = picture
        before, self._listed = self._listed, picture.listed or task_rows.listed(picture)
        if self._listed != before or self._lines.folded != self._is_folded:
            self._lay_out()
        elif filtered:
            super().redraw()  # another filter lets the same tasks through: their lines are known
        else:
            self.redraw()

    def select_task(self, task_id: int) -> bool:
        """Put the cursor on a task, unfolding the finished ones if it is among them."""
        if self.line_of(task_id) is None and not self._unfolded:
            picture = self._picture
            task = picture.snapshot.tasks.get(task_id) if picture else None
            if picture and task and task.status == "done" and picture.shows(task_id):
                self.action_fold()
        return self.select_key(task_id)

    def hints(self) -> tuple[Hint, ...]:
        """Only what the list has beyond the keys of the app."""
        if self._picture is None or self._picture.visible is not None:
            return ()
        return task_rows.hints(self._listed, folded=self._lines.folded)

    def context(self, width: int) -> Row | None:
        """The filter line."""
        return None

    def status(self) -> str:
        """How many of all tasks are listed."""
        return task_rows.status(self._listed, self._lines)

    def order(self) -> Sequence[int]:
        """The tasks from the top."""
        return [key for key in self.keys if isinstance(key, int)]

    def step(self, by: int) -> None:
        """The cursor goes on."""
        self.action_cursor(by)

    def task_at(self, index: int) -> int | None:
        """Every line that is no head is a task."""
        key = self.keys[index]
        return key if isinstance(key, int) else None

    # lines

    def empty_rows(self, width: int) -> list[Row]:
        """An empty list names the filter that empties it, and the way out."""
        return task_rows.nothing_fits(self._picture, width, self.glyphs) if self._picture else []

    def _lay_out(self) -> None:
        self._lines = task_rows.lines(self._listed, folded=self._is_folded)
        self.set_keys(self._lines.keys)
        self.post_message(ViewChanged())

    @property
    def _is_folded(self) -> bool:
        return not self._unfolded and (self._picture is None or self._picture.visible is None)

    def action_fold(self) -> None:
        """Fold or unfold the finished tasks."""
        self._unfolded = not self._unfolded
        if self._picture is not None:
            self._lay_out()

    def head_row(self, index: int, width: int) -> Row:
        """The column titles."""
        return task_rows.titles(width, self._listed.largest_id)

    def row(self, index: int, width: int, selected: bool) -> Row:
        """A head, a blank or a task."""
        key, picture = self.keys[index], self._picture
        if key is None or picture is None:
            part = self._lines.heads.get(index)
            if part is None:
                return BLANK
            return task_rows.head(part, width, self.glyphs, folded=self._lines.folded, unfolded=self._unfolded)
        task = picture.snapshot.tasks.get(key) if isinstance(key, int) else None
        if task is None:
            return BLANK
        columns = task_rows.columns_for(width, self._listed.largest_id)
        mark = self.marks.get(task.id)
        return task_rows.task_row(picture, task, columns, self.glyphs, selected=selected, mark=mark)

    def redraw(self) -> None:
        """Paint every line anew."""
        self._known.clear()
        super().redraw()

    def notify_style_update(self) -> None:
        """A theme was switched."""
        super().notify_style_update()
        self._known.clear()

    def _paint_line(self, line: int, width: int, selected: bool) -> Strip:
        """A task that is listed again, as with every letter of a filter, is painted as it was a moment ago."""
        task_id, picture = self.task_at(line), self._picture
        if task_id is None or picture is None or self.marks:
            return super()._paint_line(line, width, selected)
        minute = picture.now.replace(second=0, microsecond=0)
        shown = (minute, picture.marked, self._listed.largest_id)
        if shown != self._known_of or self._snapshot is not picture.snapshot or len(self._known) > KNOWN:
            self._known.clear()
            self._known_of, self._snapshot = shown, picture.snapshot
        strip = self._known.get((task_id, width, selected))
        if strip is None:
            strip = self._known[task_id, width, selected] = super()._paint_line(line, width, selected)
        return strip

    # what the cursor and the mouse do

    def on_click(self, event: events.Click) -> None:
        """A click on the folded line of finished tasks unfolds it."""
        line = self.scroll_offset.y + event.y - self.HEAD_ROWS
        part = self._lines.heads.get(line)
        if event.y >= self.HEAD_ROWS and part is not None and part.state == "done":
            event.stop()
            self.action_fold()

    def on_line_view_moved(self, event: LineView.Moved) -> None:
        """The rest of the screen follows the cursor."""
        event.stop()
        self.post_message(SelectionChanged(self.selected_task))

    def on_line_view_activated(self, event: LineView.Activated) -> None:
        """Enter opens the task."""
        event.stop()
        if isinstance(event.key, int):
            self.post_message(TaskActivated(event.key))
