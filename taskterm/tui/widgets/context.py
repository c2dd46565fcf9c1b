"""Row 2: the filter (or what a view says about itself) left, the counts of what needs a look right."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from taskterm.core.snapshot import Counts
from taskterm.tui.text import visible
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.lines import Canvas, Row, Span, fit_spans, gap, width_of

COUNTS = (
    ("running", "running", "run"),
    ("failed", "failed", "fail"),
    ("ready", "ready", "ready"),
    ("late", "late", "warn"),
    ("blocked", "blocked", "mute"),
)
"""Field of Counts, word, role of the glyph; in the order in which they stand on every screen."""


class ContextLine(Canvas):
    """The line while nobody types in it. A click on a count posts `Clicked("filter:late")`."""

    DEFAULT_CSS = "ContextLine { width: 1fr; height: 1; background: $background; }"

    def __init__(self) -> None:
        super().__init__()
        self._counts: Counts | None = None
        self._left: Row | None = None
        self._filter = ""
        self._typing = False

    def set(self, counts: Counts | None, left: Row | None, filter_text: str, *, typing: bool) -> None:
        """`left` is the view's own text, None shows the filter; while `typing` the field beside this has the left."""
        new = (counts, left, filter_text, typing)
        if new != (self._counts, self._left, self._filter, self._typing):
            self._counts, self._left, self._filter, self._typing = new
            self.redraw()

    def rows(self, width: int, height: int) -> list[Row]:
        """One line."""
        left = self._left_spans(width)
        right: list[Span] = []
        # The words go first, then the gaps; the numbers never.
        for words, between in ((True, 3), (False, 3), (False, 2), (False, 1)):
            right = self._count_spans(words=words, between=between)
            if width_of(right) + min(width_of(left), 40) + 3 <= width:
                break
        room = max(width - width_of(right) - 2, 0)
        cut = fit_spans(left, room, self.glyphs.ellipsis)
        return [Row([*cut, gap(width - 1 - width_of(cut) - width_of(right)), *right])]

    def _left_spans(self, width: int) -> list[Span]:
        if self._typing:
            return []
        if self._left is not None:
            return list(self._left.spans)
        if self._filter:
            return [
                gap(1),
                Span("/ ", "accent", click="key:/"),
                Span(visible(self._filter), "text", click="key:/"),
                Span("  esc clears", "mute", click="filter:"),
            ]
        return [gap(1), Span("/ ", "accent", click="key:/"), Span("open", "mute", click="key:/")]

    def _count_spans(self, *, words: bool, between: int) -> list[Span]:
        counts = self._counts
        if counts is None:
            return []
        if not counts.total:
            return [Span("nothing fits" if self._filter or self._typing else "nothing here yet", "mute")]
        spans: list[Span] = []
        for name, word, role in COUNTS:
            number = getattr(counts, name)
            if not number:
                continue
            target = f"filter:{name}"
            glyph = self.glyphs.late if name == "late" else self.glyphs.state[name]
            if spans:
                spans.append(gap(between))
            spans += [
                Span(glyph, role, click=target),
                Span(f" {number}", "soft" if name == "blocked" else "text", name != "blocked", click=target),
            ]
            # Late keeps its word: its sign alone does not say what a person has to do.
            if words or (name == "late" and between == 3):
                spans.append(Span(f" {word}", "soft", click=target))
        return spans


class FilterEntry(Entry):
    """The field in which a filter is typed; every change shows at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave(True)", "Clear", show=False),
        Binding("down,tab", "leave(False)", "Keep", show=False),
    ]

    class Left(Message):
        """The user is done typing; `clear` takes the filter away."""

        def __init__(self, clear: bool) -> None:
            super().__init__()
            self.clear = clear

    def action_leave(self, clear: bool) -> None:
        """Tell the parent."""
        self.post_message(self.Left(clear))


class Context(Horizontal):
    """The row: a sign and a field while a filter is typed, the line beside or instead of it."""

    DEFAULT_CSS = """
    Context { height: 1; background: $background; }
    Context > #filter-sign { width: 3; display: none; }
    Context > FilterEntry { width: 50%; display: none; }
    Context.typing > #filter-sign, Context.typing > FilterEntry { display: block; }
    """

    class FilterChanged(Message):
        """The text of the filter is another one."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

        def can_replace(self, message: Message) -> bool:
            """Only the newest text matters."""
            return isinstance(message, Context.FilterChanged)

    class FilterLeft(Message):
        """The keys go back to the view."""

    def compose(self) -> ComposeResult:
        """Sign, field, line."""
        yield FilterSign(id="filter-sign")
        yield FilterEntry(id="filter", placeholder="ready  +ops  @ana  project:site  not late  words")
        yield ContextLine()

    @property
    def typing(self) -> bool:
        """Whether the field is open."""
        return self.has_class("typing")

    def set(self, counts: Counts | None, left: Row | None, filter_text: str) -> None:
        """What the line shows."""
        self.query_one(ContextLine).set(counts, left, filter_text, typing=self.typing)

    def open_filter(self, text: str) -> None:
        """Begin typing, with what is filtered now."""
        entry = self.query_one(FilterEntry)
        self.add_class("typing")
        with entry.prevent(Input.Changed):
            entry.value = text
        entry.cursor_position = len(text)
        entry.focus()

    def take(self, event: events.Key) -> None:
        """A key that was typed for the field while the view still had the focus."""
        self.query_one(FilterEntry)._forward_event(events.Key(event.key, event.character))

    def close_filter(self) -> None:
        """Hide the field."""
        self.remove_class("typing")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Live results."""
        event.stop()
        if self.typing:
            self.post_message(self.FilterChanged(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter keeps the filter."""
        event.stop()
        self.close_filter()
        self.post_message(self.FilterLeft())

    def on_filter_entry_left(self, event: FilterEntry.Left) -> None:
        """Escape clears it, down and tab keep it."""
        event.stop()
        self.close_filter()
        if event.clear:
            self.post_message(self.FilterChanged(""))
        self.post_message(self.FilterLeft())


class FilterSign(Canvas):
    """The slash before the field."""

    def rows(self, width: int, height: int) -> list[Row]:
        """Margin, sign, blank."""
        return [Row([gap(1), Span("/", "accent", True)])]
