"""Row 2: the filter (or what a view says about itself) left, the counts of what needs a look right."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from taskterm.core.snapshot import Counts
from taskterm.tui import completing, context_rows
from taskterm.tui.containment import Contained
from taskterm.tui.early import KeysMayGo
from taskterm.tui.known import Index
from taskterm.tui.rows import Row, Span, gap
from taskterm.tui.widgets.canvas import Canvas
from taskterm.tui.widgets.completion import Completions
from taskterm.tui.widgets.entry import Entry

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm


class ContextLine(Canvas):
    """The line while nobody types in it. A click on a count posts `Clicked("filter:late")`."""

    DEFAULT_CSS = "ContextLine { width: 1fr; height: 1; background: $background; }"

    def __init__(self) -> None:
        super().__init__()
        self._said = context_rows.Said()

    def set(self, said: context_rows.Said) -> None:
        """What the line shows."""
        if said != self._said:
            self._said = said
            self.redraw()

    def rows(self, width: int, height: int) -> list[Row]:
        """One line."""
        return [context_rows.row(self._said, width, self.glyphs)]


USED = 50
"""Filters that are remembered."""


class FilterEntry(Entry):
    """The field in which a filter is typed; every change shows at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave(True)", "Clear", show=False),
        Binding("tab", "leave(False)", "Keep", show=False),
        Binding("up", "recall(-1)", "Earlier", show=False),
        Binding("down", "recall(1)", "Later", show=False),
        Binding("ctrl+s", "save", "Save as a view", show=False),
    ]

    class Left(Message):
        """The user is done typing; `clear` takes the filter away."""

        def __init__(self, clear: bool) -> None:
            super().__init__()
            self.clear = clear

    class SaveAsked(Message):
        """What is typed shall become a saved view."""

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, id=id)
        self.used: list[str] = []  # filters that were kept, the newest last
        self._recalled: int | None = None  # which of them stands in the field, if it was not typed

    def on_focus(self) -> None:
        """What was typed meanwhile can go in now."""
        self.post_message(KeysMayGo(done=True))

    def entered(self) -> None:
        """Keys wait until the view has the focus; see tui/filtering.py."""

    def action_leave(self, clear: bool) -> None:
        """Tell the parent; what is typed from now on is for the view."""
        cast("TaskTerm", self.app).early.hold()
        self.post_message(self.Left(clear))

    def action_save(self) -> None:
        """Tell the parent."""
        cast("TaskTerm", self.app).early.hold()
        self.post_message(self.SaveAsked())

    def action_recall(self, step: int) -> None:
        """From an empty field back to filters that were kept before, and forth again; down from there leaves."""
        at = self._recalled if self._recalled is not None and self._is_recalled else None
        if at is None and self.value:
            at = len(self.used) if step > 0 else None
        elif at is None:
            at = len(self.used) + step
        else:
            at += step
        if at is None or at < 0:
            return
        if at >= len(self.used):
            self._recalled = None
            self.action_leave(False)
            return
        self._recalled = at
        self.value = self.used[at]
        self.cursor_position = len(self.value)

    @property
    def _is_recalled(self) -> bool:
        return (
            self._recalled is not None and self._recalled < len(self.used) and self.used[self._recalled] == self.value
        )

    def remember(self) -> None:
        """Keep what stands in the field for the next time."""
        text = self.value.strip()
        if text:
            self.used[:] = [*(other for other in self.used if other != text), text][-USED:]


class Context(Horizontal, Contained):
    """The row: a sign and a field while a filter is typed, the line beside or instead of it."""

    DEFAULT_CSS = """
    Context { height: 1; background: $background; }
    Context > #filter-sign { width: 3; display: none; }
    Context > FilterEntry { width: 50%; display: none; }
    Context.typing > #filter-sign, Context.typing > FilterEntry { display: block; }
    """

    def __init__(self, index: Callable[[], Index], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._index = index
        self._completions: Completions | None = None

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

    class SaveAsked(Message):
        """The filter shall become a saved view."""

    def compose(self) -> ComposeResult:
        """The line; what is needed to type a filter follows when the first picture is on the screen."""
        yield ContextLine()

    async def complete(self) -> None:
        """There is a sign and a field from now on, which `open_filter` shows."""
        field = FilterEntry(id="filter", placeholder="ready  +ops  @me  project:site  due<fri  not late  words")
        await self.mount(FilterSign(id="filter-sign"), field, before=0)

    @property
    def typing(self) -> bool:
        """Whether the field is open."""
        return self.has_class("typing")

    def set(
        self,
        counts: Counts | None,
        left: Row | None,
        filter_text: str,
        problem: str = "",
        marked: int = 0,
        hint: str = "",
    ) -> None:
        """What the line shows; see context_rows.Said."""
        said = context_rows.Said(counts, left, filter_text, problem, self.typing, marked, hint)
        self.query_one(ContextLine).set(said)

    def open_filter(self, text: str) -> None:
        """Begin typing, with what is filtered now."""
        entry = self.query_one(FilterEntry)
        self.add_class("typing")
        if self._completions is None:
            self._completions = Completions(entry, completing.QUERY, self._index)
            self.screen.mount(self._completions)
        with entry.prevent(Input.Changed):
            entry.value = text
        entry.cursor_position = len(text)
        if not entry.has_focus:
            cast("TaskTerm", self.app).early.hold()  # it can have the focus only when it can be seen
            entry.focus()

    def wants(self, event: events.Key) -> bool:
        """Whether a key that came past the field was typed for it, while the view still had the focus."""
        field = self.query_one(FilterEntry)
        opens = field.has_focus or cast("TaskTerm", self.app).early.holds
        return event.is_printable or (opens and event.key in field._bindings.key_to_bindings)

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
        self.query_one(FilterEntry).remember()
        self.close_filter()
        self.post_message(self.FilterLeft())

    def on_filter_entry_left(self, event: FilterEntry.Left) -> None:
        """Escape clears it, down and tab keep it."""
        event.stop()
        if not event.clear:
            self.query_one(FilterEntry).remember()
        self.close_filter()
        if event.clear:
            self.post_message(self.FilterChanged(""))
        self.post_message(self.FilterLeft())

    def on_filter_entry_save_asked(self, event: FilterEntry.SaveAsked) -> None:
        """The filter is kept, and gets a name."""
        event.stop()
        self.query_one(FilterEntry).remember()
        self.close_filter()
        self.post_message(self.FilterLeft())
        self.post_message(self.SaveAsked())


class FilterSign(Canvas):
    """The slash before the field."""

    def rows(self, width: int, height: int) -> list[Row]:
        """Margin, sign, blank."""
        return [Row([gap(1), Span("/", "accent", True)])]
