"""`v`: the saved views, each with its query; enter shows one, and the filter that is on can become another one."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from taskterm.core.model import View
from taskterm.tui.lens import NUMBERED
from taskterm.tui.messages import Hint
from taskterm.tui.rows import Row, Span, field, gap, spread
from taskterm.tui.screens.overlay import BLANK_LINE, Lines, Overlay, TitleLine
from taskterm.tui.text import cells, fit, visible
from taskterm.tui.theme import glyphs_of
from taskterm.tui.widgets.footer import Footer
from taskterm.tui.widgets.lines import LineView

MOST = 12
"""Lines that are seen at once."""


class ViewLines(LineView):
    """One view a line."""

    DEFAULT_CSS = f"ViewLines {{ background: $panel; height: auto; max-height: {MOST}; }}"
    GROUND: ClassVar[str] = "raised"

    def __init__(self, views: Sequence[View], on: str) -> None:
        super().__init__(id="views")
        self._views = views
        self._on = on
        self._wide = min(max((cells(visible(view.name)) for view in views), default=0), 24) + 3

    def on_mount(self) -> None:
        """All of them, in the order in which they were saved."""
        self.set_keys([view.name for view in self._views])
        self.focus()
        if self._on:
            self.call_after_refresh(self.select_key, self._on)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many lines as there are views."""
        return len(self._views)

    def row(self, index: int, width: int, selected: bool) -> Row:
        """Name, query, key."""
        view = self._views[index]
        bold = selected or view.name == self._on
        name = field(visible(view.name), self._wide, bold=bold)
        key = [Span(f"alt+{index + 1}", "accent", True), gap(1)] if index < NUMBERED else []
        query = Span(fit(visible(view.query), max(width - self._wide - 12, 8), self.glyphs.ellipsis), "soft")
        return Row(spread([gap(2), name, query], key, width, self.glyphs.ellipsis))


class Views(Overlay[str]):
    """Answers `show:NAME`, `remove:NAME` or `save`. `query` is the filter that is on, `on` the view that it is."""

    DEFAULT_CSS = "Views #panel { width: 80; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "save", "Save the filter", show=False),
        Binding("d,delete", "remove", "Take away", show=False),
        *(Binding(f"alt+{number}", f"number({number})", "Show", show=False) for number in range(1, NUMBERED + 1)),
    ]
    HINTS: ClassVar[tuple[Hint, ...]] = (
        Hint("enter", "show"),
        Hint("n", "save the filter"),
        Hint("d", "take away"),
        Hint("esc", "close"),
    )

    def __init__(self, views: Sequence[View], on: str, query: str) -> None:
        super().__init__()
        self._views = views
        self._on = on
        self._query = query

    def body(self) -> Iterable[Widget]:
        """Title, views, what could become one."""
        yield TitleLine("Saved views", "taskterm view list")
        yield Lines([BLANK_LINE])
        if self._views:
            yield ViewLines(self._views, self._on)
            yield Lines([BLANK_LINE])
        yield Lines([Row(self._about())])

    def on_mount(self) -> None:
        """The footer names only keys that do something."""
        super().on_mount()
        wanted = {"enter": bool(self._views), "d": bool(self._views), "n": bool(self._query)}
        hints = [hint for hint in self.HINTS if wanted.get(hint.key, True)]
        self.query_one("#overlay-footer", Footer).set_hints(hints, "")

    def _about(self) -> list[Span]:
        if self._query and not self._on:
            return [Span("n", "accent", True), Span(" saves  ", "soft"), Span(visible(self._query))]
        if self._views:
            return [Span("ctrl+s saves a filter while it is typed.", "soft")]
        return [
            Span("None yet. ", "soft"),
            Span(glyphs_of(self.app).keys.of("filter"), "accent", True),
            Span(" begins a filter, ", "soft"),
            Span("ctrl+s", "accent", True),
            Span(" keeps it under a name.", "soft"),
        ]

    def on_line_view_activated(self, event: LineView.Activated) -> None:
        """Enter or a double click."""
        event.stop()
        self.dismiss(f"show:{event.key}")

    def action_number(self, number: int) -> None:
        """The key of a view."""
        if number <= len(self._views):
            self.dismiss(f"show:{self._views[number - 1].name}")

    def action_save(self) -> None:
        """The filter that is on."""
        if self._query:
            self.dismiss("save")
        else:
            self.say(glyphs_of(self.app).keys.said("there is no filter to save: {filter} begins one"), bad=True)

    def action_remove(self) -> None:
        """The view under the cursor; u brings it back."""
        lines = self.query(ViewLines)
        if lines and lines.first().cursor_key is not None:
            self.dismiss(f"remove:{lines.first().cursor_key}")
