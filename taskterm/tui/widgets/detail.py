"""The pane beside a view: everything about one task, as tui/detail_rows.py words it."""

from typing import ClassVar

from textual.message import Message

from taskterm.tui import detail_rows, detail_tabs
from taskterm.tui.containment import has_fault
from taskterm.tui.detail_rows import Extra as Extra
from taskterm.tui.picture import Picture
from taskterm.tui.rows import BLANK, Row
from taskterm.tui.widgets.page import Page


class Detail(Page):
    """A scrolling page of one task, with tabs that stay at its top. A click on another task posts `Picked` with its
    number; `Further` wants older lines of the history than those that were read.
    """

    DEFAULT_CSS = """
    Detail { background: $surface; width: 51; }
    """
    GROUND: ClassVar[str] = "surface"
    HEAD_ROWS: ClassVar[int] = detail_tabs.ROWS

    class Further(Message):
        """The history of a task below this operation is wanted."""

        def __init__(self, task_id: int, before: int) -> None:
            super().__init__()
            self.task_id = task_id
            self.before = before

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._task_id: int | None = None
        self._extra = Extra(0)
        self._tab = detail_tabs.TABS[0]  # stays from task to task
        self._head: list[Row] = []
        self._asked = 0  # the operation below which more was asked for

    @property
    def task_id(self) -> int | None:
        """The task that is shown."""
        return self._task_id

    def show(self, picture: Picture, task_id: int | None) -> None:
        """Draw this task, or an empty pane."""
        if task_id != self._task_id:
            self._task_id = task_id
            self._asked = 0
            self.mend()
            self.scroll_to(y=0, animate=False, force=True)
        self._picture = picture
        if not has_fault(self):
            self.rebuild()

    def show_extra(self, extra: Extra) -> None:
        """History and output have arrived; ignored when another task is shown by now."""
        extra = extra.with_older(self._extra)
        if extra.task_id == self._task_id and extra != self._extra:
            self._extra = extra
            self.rebuild()
            self._go_further()

    @property
    def tab(self) -> str:
        """The tab that is on."""
        return self._tab

    def switch(self, tab: str) -> None:
        """Show another tab, from its top."""
        self._tab = tab
        self.scroll_to(y=0, animate=False, force=True)
        self.rebuild()
        self.redraw()  # the tabs too
        self._go_further()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Near its end more of the history is wanted."""
        super().watch_scroll_y(old_value, new_value)
        self._go_further()

    def _go_further(self) -> None:
        oldest, task_id = self._extra.oldest, self._task_id
        near = self.lines_in_view.stop + 2 * self.size.height >= len(self.keys)
        if self._tab == "history" and near and task_id == self._extra.task_id and oldest not in (0, self._asked):
            self._asked = oldest
            self.post_message(self.Further(task_id, oldest))

    def on_page_picked(self, event: Page.Picked) -> None:
        """A click on a tab."""
        if event.target.startswith("tab:"):
            event.stop()
            self.switch(event.target.removeprefix("tab:"))

    def watch_has_focus(self, has_focus: bool) -> None:
        """The rule under the tabs shows where the keys go."""
        super().watch_has_focus(has_focus)
        self.rebuild()
        self.redraw()

    def text(self, width: int) -> list[Row]:
        """What the tab shows, between margins."""
        if self._picture is None:
            return []
        look = detail_rows.Look(self.glyphs, self.has_focus, self._tab)
        rows = detail_rows.rows(look, self._picture, self._task_id, self._extra, width)
        self._head = rows[: self.HEAD_ROWS]
        return rows[self.HEAD_ROWS :]

    def head_row(self, index: int, width: int) -> Row:
        """The tabs and their rule."""
        return self._head[index] if index < len(self._head) else BLANK
