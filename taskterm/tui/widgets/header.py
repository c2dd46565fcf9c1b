"""The two lines at the top: name, tabs and what is live; and the rule with a heavy piece under the active tab."""

from datetime import datetime
from typing import ClassVar

from taskterm.tui import header_rows
from taskterm.tui.header_rows import TABS as TABS
from taskterm.tui.rows import Row
from taskterm.tui.text import visible
from taskterm.tui.widgets.canvas import Canvas


class Header(Canvas):
    """Tabs left, database and clock right. A click on a tab posts `Clicked("tab:board")`."""

    DEFAULT_CSS = "Header { height: 2; background: $background; }"
    GROUND: ClassVar[str] = "bg"

    def __init__(self, *, database: str, place: str, id: str | None = None) -> None:
        super().__init__(id=id)
        self._top = header_rows.Top(visible(database), visible(place), "")

    def activate(self, view_id: str) -> None:
        """Mark the tab of this view."""
        self._set(self._top._replace(active="tree" if view_id == "diagram" else view_id))

    def set_clock(self, now: datetime) -> None:
        """Show the time of day; paints only when the minute is another one."""
        self._set(self._top._replace(clock=f"{now:%H:%M}"))

    def set_saved(self, names: tuple[str, ...], on: str) -> None:
        """The saved views, and the one that is the filter now (or an empty text)."""
        self._set(self._top._replace(saved=names, saved_on=on))

    def set_link(self, role: str, word: str) -> None:
        """What stands between name and clock: `live` (ready), `read-only` or `out of reach` (warn)."""
        self._set(self._top._replace(role=role, word=word))

    def _set(self, top: header_rows.Top) -> None:
        if top != self._top:
            self._top = top
            self.redraw()

    def rows(self, width: int, height: int) -> list[Row]:
        """The tab line and the rule."""
        return header_rows.rows(self._top, width, self.glyphs)
