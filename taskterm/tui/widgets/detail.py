"""The pane beside a view: everything about one task, as tui/detail_rows.py words it."""

from typing import ClassVar

from taskterm.tui import detail_rows
from taskterm.tui.containment import has_fault
from taskterm.tui.detail_rows import Extra as Extra
from taskterm.tui.picture import Picture
from taskterm.tui.rows import Row
from taskterm.tui.widgets.page import Page


class Detail(Page):
    """A scrolling page of one task. A click on another task posts `Picked` with its number."""

    DEFAULT_CSS = """
    Detail { background: $surface; width: 51; }
    """
    GROUND: ClassVar[str] = "surface"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._task_id: int | None = None
        self._extra = Extra(0)

    @property
    def task_id(self) -> int | None:
        """The task that is shown."""
        return self._task_id

    def show(self, picture: Picture, task_id: int | None) -> None:
        """Draw this task, or an empty pane."""
        if task_id != self._task_id:
            self._task_id = task_id
            self.mend()
            self.scroll_to(y=0, animate=False, force=True)
        self._picture = picture
        if not has_fault(self):
            self.rebuild()

    def show_extra(self, extra: Extra) -> None:
        """History and output have arrived; ignored when another task is shown by now."""
        if extra.task_id == self._task_id and extra != self._extra:
            self._extra = extra
            self.rebuild()

    def watch_has_focus(self, has_focus: bool) -> None:
        """The rule under the title shows where the keys go."""
        super().watch_has_focus(has_focus)
        self.rebuild()

    def text(self, width: int) -> list[Row]:
        """The sections of the task, between margins."""
        if self._picture is None:
            return []
        look = detail_rows.Look(self.glyphs, self.has_focus)
        return detail_rows.rows(look, self._picture, self._task_id, self._extra, width)
