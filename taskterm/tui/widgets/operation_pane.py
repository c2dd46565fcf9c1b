"""The pane beside the history: one operation, field by field, before and after."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from taskterm.store.telling import Whole
from taskterm.tui import history_rows
from taskterm.tui.picture import Picture
from taskterm.tui.rows import Row
from taskterm.tui.widgets.page import Page

LOW = 20
"""Below this height there is no room for it under the list."""


class OperationPane(Page):
    """One operation, field by field. A click on a task posts `Picked`."""

    DEFAULT_CSS = """
    OperationPane { width: 51; height: 1fr; background: $surface; }
    """
    GROUND: ClassVar[str] = "surface"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back", show=False)]

    class Left(Message):
        """The keys go back to the list."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: Picture | None = None
        self._whole: Whole | None = None

    @property
    def number(self) -> int | None:
        """The operation that is shown."""
        return self._whole.told.operation.id if self._whole is not None else None

    def show(self, picture: Picture | None, whole: Whole | None) -> None:
        """Draw this operation, or an empty pane."""
        if self._whole is None or whole is None or whole.told.operation.id != self.number:
            self.scroll_to(y=0, animate=False, force=True)
        self._picture, self._whole = picture, whole
        self.rebuild()

    def action_leave(self) -> None:
        """Escape."""
        self.post_message(self.Left())

    def watch_has_focus(self, has_focus: bool) -> None:
        """The rule shows where the keys go."""
        super().watch_has_focus(has_focus)
        self.rebuild()

    def text(self, width: int) -> Sequence[Row]:
        """All of the operation."""
        if self._picture is None or self._whole is None:
            return []
        now, tasks, strip = self._picture.now, self._picture.snapshot.tasks, self.size.height < LOW
        look = history_rows.Look(self.glyphs, now, tasks, self.has_focus, strip)
        return history_rows.operation_rows(look, self._whole, width)
