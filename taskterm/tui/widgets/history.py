"""View 7, the history: everything that was done, newest first, and beside it what one operation changed.

The view holds the lines that were read so far and asks for older ones as one scrolls; tui/work.py reads them.
"""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.timer import Timer

from taskterm.store.telling import Whole
from taskterm.tui import history_rows, journal
from taskterm.tui.containment import Contained
from taskterm.tui.frame import pane_width
from taskterm.tui.journal import Line, Scope
from taskterm.tui.messages import Hint, Picture, SelectionChanged, TaskActivated, ViewChanged
from taskterm.tui.rows import Row, Span, gap
from taskterm.tui.text import visible
from taskterm.tui.widgets.history_list import HistoryList
from taskterm.tui.widgets.lines import LineView
from taskterm.tui.widgets.operation_pane import LOW, OperationPane
from taskterm.tui.widgets.page import Page

NARROW = 110
"""Below this width the changes stand under the list and not beside it."""
REST_SECONDS = 0.08
"""How long the cursor rests on an operation before its changes are read."""
AHEAD = 60
"""So many lines below the screen are read beforehand."""
KEPT = 2000
"""So many lines are read anew when other tasks are let through."""


class History(Horizontal, Contained, can_focus=False):
    """The view. It calls `ask` for a page of the journal, or (a number) one operation; `take_page` and `take_whole`
    get the answers.
    """

    DEFAULT_CSS = """
    History { width: 1fr; height: 1fr; background: $background; }
    History.narrow { layout: vertical; }
    History.narrow > OperationPane { width: 1fr; height: 9; }
    History.low > OperationPane { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "only_task", "Only this task", show=False, id="only_task"),
        Binding("w", "only_mine", "Only mine", show=False, id="only_mine"),
        Binding("tab,shift+tab", "other_pane", "List or changes", show=False),
    ]

    def __init__(self, actor: str, ask: Callable[[journal.Asked | int], None], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._actor = actor
        self._ask_for = ask
        self._picture: Picture | None = None
        self._scope = Scope()
        self._lines: list[Line] = []
        self._oldest: int | None = None  # everything from here on has been read
        self._ended = False
        self._newest = -1  # the last operation that was looked at
        self._asked: journal.Asked | None = None
        self._came_from: int | None = None  # the task that was selected when the view was opened,
        self._arrived: int | None = None  # and the operation that the cursor was on then
        self._chosen: int | None = None  # of the tasks of the line the one that was clicked
        self._resting: Timer | None = None
        self._list = HistoryList()
        self._pane = OperationPane()

    def compose(self) -> ComposeResult:
        """The list, and what one operation changed."""
        yield self._list
        yield self._pane

    # what the app asks

    def focus(self, scroll_visible: bool = True, *, from_app_focus: bool = False) -> "History":
        """The list has the keys."""
        self._list.focus(scroll_visible)
        return self

    @property
    def selected_task(self) -> int | None:
        """The task that was clicked in the line under the cursor, else the first of its tasks that is still there."""
        line, picture = self._list.line, self._picture
        if line is None or picture is None:
            return None
        there = picture.snapshot.tasks
        return next((i for i in (self._chosen, *line.tasks) if i in there), None)

    @property
    def operation(self) -> int | None:
        """The number of the operation under the cursor."""
        line = self._list.line
        return line.operation if line is not None else None

    def show(self, picture: Picture) -> None:
        """Draw this; what is missing is asked for."""
        before, self._picture, self._list.picture = self._picture, picture, picture
        if before is None or before.now.date() != picture.now.date() or before.snapshot is not picture.snapshot:
            self._list.redraw()
        task_id = self._scope.task_id
        visible_now = picture.visible if task_id is None else None
        self._look_at(self._scope._replace(visible=visible_now))

    def root_on(self, task_id: int) -> None:
        """The view was opened from a task: the newest stays in sight, and `t` means that task."""
        self._came_from, self._arrived = task_id, self.operation

    def select_task(self, task_id: int) -> bool:
        """Put the cursor on the newest operation that is about a task."""
        found = next((line.operation for line in self._lines if task_id in line.tasks), None)
        return found is not None and self._list.select_key(found)

    def hints(self) -> tuple[Hint, ...]:
        """Keys for the footer."""
        line = self._list.line
        if line is None:
            return ()
        everything = Hint("t", "every task") if self._scope.task_id is not None else Hint("t", "this task")
        by = Hint("w", "everybody") if self._scope.actor is not None else Hint("w", "mine")
        opens = (Hint("enter", "open"),) if self.selected_task is not None else ()
        back = () if line.system or line.undone else (Hint("U", "undo this one"),)  # the record of a run is evidence
        return (*opens, *back, everything, by, Hint("y", "copy"), Hint("tab", "changes"))

    def context(self, width: int) -> Row | None:
        """Whose history it is, where it is not everybody's; else None (the filter line)."""
        picture, scope = self._picture, self._scope
        if picture is None or (scope.task_id is None and scope.actor is None and picture.query):
            return None
        if scope.task_id is None and scope.actor is None:
            return Row([gap(1), Span("/ ", "accent", click="do:filter"), Span("everything", "mute", click="do:filter")])
        spans = [gap(1)]
        if scope.actor is not None:
            spans += [Span(f"@{visible(scope.actor)} ", "accent"), Span("alone", "soft"), gap(2)]
        if scope.task_id is not None:
            task = picture.snapshot.tasks.get(scope.task_id)
            spans += [Span(f"#{scope.task_id} ", "accent"), Span(visible(task.title) if task else "", "text"), gap(2)]
        elif picture.query:
            spans += [Span("/ ", "accent"), Span(visible(picture.query), "text"), gap(2)]
        key = self._list.glyphs.keys.of("only_task" if scope.task_id is not None else "only_mine")
        return Row([*spans, Span(key, "accent", True, click=f"key:{key}"), Span(" shows all", "mute")])

    def status(self) -> str:
        """Which operation of how many."""
        number = self.operation
        return f"{number} of {self._newest}" if number is not None else ""

    def copy_text(self) -> str | None:
        """What `y` copies: the line."""
        line = self._list.line
        return line.text if line is not None else None

    # what is read

    def _look_at(self, scope: Scope) -> None:
        """Ask for everything where other lines are wanted than before, else for what is new."""
        if scope != self._scope or self._newest < 0:
            self._scope = scope
            self._newest = max(self._newest, 0)
            self._ask(journal.Asked(scope, lines=min(max(len(self._lines), journal.PAGE), KEPT)))
            self.post_message(ViewChanged())
        else:
            self._go_on()

    def _ask(self, asked: journal.Asked) -> None:
        self._asked = asked
        self._ask_for(asked)

    def _go_on(self) -> None:
        """Ask for what is new, else for older lines where the screen comes near the end of those that were read."""
        if self._asked is not None or self._picture is None:
            return
        if self._picture.snapshot.operation > self._newest:
            self._ask(journal.Asked(self._scope, after=self._newest, lines=KEPT))
        elif not self._ended and self._list.lines_in_view.stop + AHEAD >= len(self._list.keys):
            self._ask(journal.Asked(self._scope, before=self._oldest))

    def take_page(self, page: journal.Page) -> None:
        """A page has been read; one that nobody wants any more is dropped."""
        asked = page.asked
        if asked is not self._asked:
            return
        self._asked = None
        again = {line.operation: line for line in page.again}
        if asked.after and page.ended:
            self._lines = [*page.lines, *(again.get(line.operation, line) for line in self._lines)]
        elif asked.before is not None:
            self._lines = [*self._lines, *page.lines]
            self._oldest, self._ended = page.before, page.ended
        else:  # the first page, or so much is new that what was read before lies far below
            self._lines = list(page.lines)
            self._oldest, self._ended = page.before, page.ended
        if asked.before is None:
            self._newest = page.newest
        self._show_lines(changed=bool(page.lines or again) or asked.before is None or page.ended)
        self._go_on()

    def give_up(self) -> None:
        """What was asked for could not be read; with the next picture it is asked for again."""
        self._asked = None

    def _show_lines(self, *, changed: bool) -> None:
        if not changed:
            return
        scope, query = self._scope, self._picture.query if self._picture is not None else ""
        nothing = history_rows.nothing(
            query, task=scope.task_id is not None, mine=scope.actor is not None, glyphs=self._list.glyphs
        )
        self._list.empty = nothing if self._ended else ()  # until then it is still looked for
        self._list.set_lines(self._lines)
        self._rest()
        self.post_message(ViewChanged())

    def take_whole(self, number: int, whole: Whole | None) -> None:
        """The changes of one operation; dropped where the cursor is elsewhere by now."""
        if number == self.operation:
            self._pane.show(self._picture, whole)

    def _rest(self) -> None:
        """Read the changes of the operation under the cursor, once the cursor has come to rest."""
        if self._resting is not None:
            self._resting.stop()
        number = self.operation
        if number is None:
            self._pane.show(self._picture, None)
        elif self._pane.display:
            self._resting = self.set_timer(REST_SECONDS, lambda: self._ask_for(number))

    # keys and messages

    def on_resize(self, event: events.Resize) -> None:
        """The changes stand beside the list, or under it, or nowhere."""
        narrow = event.size.width < NARROW
        self.set_class(narrow, "narrow")
        self.set_class(narrow and event.size.height < LOW, "low")
        self._pane.styles.width = "1fr" if narrow else pane_width(event.size.width)
        self.call_after_refresh(self._rest)
        self.call_after_refresh(self._go_on)

    def on_history_list_scrolled(self, event: HistoryList.Scrolled) -> None:
        """Older lines may be wanted."""
        event.stop()
        self._go_on()

    def on_line_view_moved(self, event: LineView.Moved) -> None:
        """The cursor is on another operation."""
        event.stop()
        self._chosen = None
        if self._arrived is None:
            self._arrived = self.operation
        elif self._arrived != self.operation:
            self._came_from = None
        self._rest()
        self.post_message(SelectionChanged(self.selected_task))
        self.post_message(ViewChanged())

    def on_line_view_activated(self, event: LineView.Activated) -> None:
        """Enter or a double click opens the task."""
        event.stop()
        self.action_open()

    def on_operation_pane_left(self, event: OperationPane.Left) -> None:
        """Escape in the pane."""
        event.stop()
        self._list.focus()

    def on_history_list_picked(self, event: HistoryList.Picked) -> None:
        """The number of a task was clicked."""
        event.stop()
        self._open(event.task_id)

    def on_page_picked(self, event: Page.Picked) -> None:
        """The same in the pane."""
        event.stop()
        self._open(int(event.target))

    def _open(self, task_id: int) -> None:
        self._chosen = task_id
        self.post_message(TaskActivated(task_id))

    def action_open(self) -> None:
        """Open the task that the operation is about."""
        if self.selected_task is not None:
            self.post_message(TaskActivated(self.selected_task))

    def action_only_task(self) -> None:
        """The history of the task under the cursor alone, or of everything again."""
        picture = self._picture
        if picture is None:
            return
        task_id = self._came_from or self.selected_task if self._scope.task_id is None else None
        self._look_at(self._scope._replace(task_id=task_id, visible=picture.visible if task_id is None else None))

    def action_only_mine(self) -> None:
        """What I did alone, or what everybody did."""
        self._look_at(self._scope._replace(actor=None if self._scope.actor is not None else self._actor))

    def action_other_pane(self) -> None:
        """The keys go to the changes, and back."""
        (self._list if self._pane.has_focus or not self._pane.display else self._pane).focus()
