"""The two lines at the top: name, tabs and what is live; and the rule with a heavy piece under the active tab."""

from datetime import datetime
from typing import ClassVar

from taskterm.tui.text import cells, fit_middle, visible
from taskterm.tui.widgets.lines import Canvas, Row, Span, gap, width_of

TABS = (("1", "Tasks", "tasks"), ("2", "Board", "board"), ("3", "Deps", "tree"), ("4", "Runs", "runs"))
"""Key, name and view id of every tab."""

NARROW = 110
NARROWEST = 70


class Header(Canvas):
    """Tabs left, database and clock right. A click on a tab posts `Clicked("tab:board")`."""

    DEFAULT_CSS = "Header { height: 2; background: $background; }"
    GROUND: ClassVar[str] = "bg"

    def __init__(self, *, database: str, place: str, id: str | None = None) -> None:
        super().__init__(id=id)
        self._database = visible(database)
        self._place = visible(place)
        self._active = TABS[0][2]
        self._clock = ""
        self._link = ("ready", "live")

    def activate(self, view_id: str) -> None:
        """Mark the tab of this view."""
        self._active = view_id
        self.redraw()

    def set_clock(self, now: datetime) -> None:
        """Show the time of day; paints only when the minute is another one."""
        text = f"{now:%H:%M}"
        if text != self._clock:
            self._clock = text
            self.redraw()

    def set_link(self, role: str, word: str) -> None:
        """What stands between name and clock: `live` (ready), `read-only` or `out of reach` (warn)."""
        if (role, word) != self._link:
            self._link = (role, word)
            self.redraw()

    def rows(self, width: int, height: int) -> list[Row]:
        """The tab line and the rule."""
        tabs, start, length = self._tabs(width)
        right = self._right(width, width_of(tabs))
        middle = gap(width - width_of(tabs) - width_of(right) - 1)
        glyphs = self.glyphs
        rule = [
            Span(glyphs.rule * max(start - 1, 0), "line"),
            Span(glyphs.heavy * (length + 2), "accent"),
            Span(glyphs.rule * max(width - start - length - 1, 0), "line"),
        ]
        return [Row([*tabs, middle, *right]), Row(rule)]

    def _tabs(self, width: int) -> tuple[list[Span], int, int]:
        """The spans, and where the active tab starts and how long it is."""
        glyphs = self.glyphs
        spans = [gap(1)]
        if width >= NARROW:
            spans += [Span(glyphs.brand, "accent"), Span(" taskterm", "text", True), gap(3)]
        between = gap(3 if width >= NARROW else 2)
        start = length = 0
        for index, (key, name, view_id) in enumerate(TABS):
            if index:
                spans.append(between)
            active = view_id == self._active
            target = f"tab:{view_id}"
            if active:
                start = width_of(spans)
            spans.append(Span(key, "accent" if active else "mute", active, click=target))
            if active or width >= NARROWEST:
                role = "text" if active else "soft"
                spans.append(Span(f" {name}", role, active, click=target))
            if active:
                length = width_of(spans) - start
        return spans, start, length

    def _right(self, width: int, taken: int) -> list[Span]:
        role, word = self._link
        sign = self.glyphs.live if role == "ready" else "!"
        clock = Span(self._clock, "text")
        if width < NARROW:
            link = [] if role == "ready" else [Span(f" {word}", "warn")]
            return [Span(sign, role), *link, gap(1), clock]
        tail = [gap(3), Span(sign, role), Span(f" {word}", "soft"), gap(3), clock]
        room = width - taken - width_of(tail) - 4
        if room < 12:
            return tail[1:]
        ellipsis = self.glyphs.ellipsis
        name = fit_middle(self._database, max(room // 2, 8), ellipsis)
        place = fit_middle(self._place, room - cells(name) - 4, ellipsis) if room - cells(name) > 10 else ""
        where = [Span(" in ", "mute"), Span(place, "soft")] if place else []
        return [Span(name, "soft"), *where, *tail]
