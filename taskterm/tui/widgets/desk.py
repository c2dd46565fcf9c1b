"""The area between context and footer: the views, of which one is on, and the detail pane beside or instead of it."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from taskterm.core.model import RUN_ENDED
from taskterm.core.snapshot import Snapshot
from taskterm.tui.containment import Contained, has_fault
from taskterm.tui.frame import WIDE, WIDEST, pane_width
from taskterm.tui.messages import Picture, SelectionChanged, TaskActivated, View
from taskterm.tui.widgets.detail import Detail, Extra
from taskterm.tui.widgets.page import Page
from taskterm.tui.widgets.tasks import Tasks
from taskterm.tui.widgets.welcome import Welcome
from taskterm.tui.work import Work

if TYPE_CHECKING:
    from taskterm.tui.widgets.diagram import Diagram
    from taskterm.tui.widgets.history import History


class Desk(Horizontal, Contained):
    """Shows the picture in the view that is on. Posts `Looking` whenever another task is in the detail pane."""

    DEFAULT_CSS = """
    Desk { height: 1fr; }
    Desk > #views { width: 1fr; height: 1fr; }
    Desk > #views > * { width: 1fr; height: 1fr; }
    Desk > #detail { display: none; }
    Desk.with-detail > #detail { display: block; }
    Desk.page > #views { display: none; }
    Desk.page > #detail { display: block; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Back", show=False)]

    class Looking(Message):
        """The detail pane shows this task now, or (None) nothing; its history and output are wanted."""

        def __init__(self, task_id: int | None) -> None:
            super().__init__()
            self.task_id = task_id

        def can_replace(self, message: Message) -> bool:
            """Only the newest task matters."""
            return isinstance(message, Desk.Looking)

    class Standing(Message):
        """The first picture is laid out, and on its way to the screen."""

    class Closed(Message):
        """Escape, with nothing of the desk's own left to close."""

    def __init__(self, work: Work, picture: Picture, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._work = work
        self._picture = picture
        self._view_id = "tasks"
        self._stands = False
        self._deps = "tree"  # the one of the two views of dependencies that was on last
        self._carried: tuple[int, object] | None = None  # see switch_to
        self._wanted: int | None = None  # a task to be selected as soon as it is in the picture
        self._followed: tuple[int, int] | None = None  # see `follow`

    def compose(self) -> ComposeResult:
        """What the first picture shows; the other views follow when that is on the screen."""
        with ContentSwitcher(initial="tasks", id="views"):
            yield Tasks(id="tasks")
            yield Welcome(id="welcome")
        yield Detail(id="detail")

    def on_mount(self) -> None:
        """The keys go to the list."""
        self.query_one(Tasks).focus()

    async def complete(self) -> None:
        """All views exist from now on; only the one that is on is ever drawn."""
        # They are loaded here, for whoever just looks at the list need not wait for them.
        from taskterm.tui.widgets.board import Board
        from taskterm.tui.widgets.diagram import Diagram
        from taskterm.tui.widgets.history import History
        from taskterm.tui.widgets.runs import Runs
        from taskterm.tui.widgets.tree import Tree

        runs = Runs(id="runs")
        runs.store = self._work.store  # it reads output itself, in a thread of its own
        switcher = self.query_one("#views", ContentSwitcher)
        history = History(self._work.actor, self._work.read_journal, id="history")
        for view in (Board(id="board"), Tree(id="tree"), Diagram(id="diagram"), runs, history):
            await switcher.add_content(view)

    def on_resize(self, event: events.Resize) -> None:
        """The pane needs room; where it has just got some, it shows the selected task at once."""
        self._arrange()
        self._show_detail()
        if not self._stands:
            self._stands = True
            self.post_message(self.Standing())

    # what is shown

    @property
    def view_id(self) -> str:
        """`tasks`, `board`, `tree`, `diagram`, `runs` or `history`."""
        return self._view_id

    @property
    def deps_view(self) -> str:
        """`tree` or `diagram`, whichever was on last."""
        return self._deps

    @property
    def diagram(self) -> "Diagram":
        """The diagram, which the worker draws for."""
        return cast("Diagram", self.query_one("#diagram"))

    @property
    def history(self) -> "History":
        """The history, which the worker reads for."""
        return cast("History", self.query_one("#history"))

    @property
    def view(self) -> View:
        """The view that is on (also while the welcome page stands in for it)."""
        view = self.query_one(f"#{self._view_id}")
        assert isinstance(view, View)
        return view

    @property
    def detail(self) -> Detail:
        """The pane."""
        return self.query_one(Detail)

    @property
    def welcoming(self) -> bool:
        """Whether there is nothing to show yet."""
        picture = self._picture
        total = picture.listed.total if picture.listed else len(picture.snapshot.tasks)
        return not total and self._view_id == "tasks" and picture.snapshot.operation >= 0

    @property
    def selected_task(self) -> int | None:
        """The task that keys act on: that of the open page, else the selection of the view."""
        if self.has_class("page"):
            return self.detail.task_id
        return None if self.welcoming else self.view.selected_task

    @property
    def selected_run(self) -> int | None:
        """The run of the selection that has not ended, or None."""
        snapshot: Snapshot = self._picture.snapshot
        run_id: int | None = getattr(self.view, "selected_run", None)
        if run_id is None and self.selected_task is not None:
            run_id = snapshot.newest_run.get(self.selected_task)
        run = snapshot.runs.get(run_id) if run_id is not None else None
        return run.id if run is not None and run.state not in RUN_ENDED else None

    def show(self, picture: Picture) -> None:
        """Draw this picture."""
        self._picture = picture
        self._switch()
        if not self.welcoming and not has_fault(self.view):
            self.view.show(picture)
        if self._wanted in picture.snapshot.tasks and self._wanted is not None:
            self.go_to(self._wanted)
        self._follow()
        self._show_detail()

    def follow(self, task_id: int, operation: int) -> None:
        """The cursor of the list or the board goes to a task once the picture holds what the operation made of it."""
        self._followed = (task_id, operation)
        self._follow()

    def _follow(self) -> None:
        if self._followed is None or self._picture.snapshot.operation < self._followed[1]:
            return
        (task_id, _), self._followed = self._followed, None
        if self.view_id in ("tasks", "board") and not self.welcoming and not self.has_class("page"):
            self.view.select_task(task_id)

    def show_extra(self, extra: Extra) -> None:
        """History and output of a task have arrived."""
        self.detail.show_extra(extra)

    def switch_to(self, view_id: str) -> None:
        """Another view, with the same task selected. A view that cannot show it (Runs, of a task that never ran) does
        not make it forgotten: who selects nothing there comes back to it."""
        task_id = self.selected_task
        if self._carried is not None and self._carried[1] == self._place and not self.has_class("page"):
            task_id = self._carried[0]
        self.remove_class("page")
        self._view_id = view_id
        for part in self.query(f"#{view_id}, #{view_id} *").results(Contained):
            part.mend()
        if view_id in ("tree", "diagram"):
            self._deps = view_id
        self.show(self._picture)
        if task_id is not None:
            root_on = getattr(self.view, "root_on", self.view.select_task)
            root_on(task_id)
        lost = task_id is not None and self.view.selected_task != task_id
        self._carried = (task_id, self._place) if lost and task_id is not None else None
        self.refocus()
        self._show_detail()

    @property
    def _place(self) -> object:
        """Where the cursor of the view stands."""
        return getattr(self.view, "place", self.view.selected_task)

    def go_to(self, task_id: int) -> bool:
        """Select a task, here or (where this view has not got it) in the list; waits for one that is still new."""
        if task_id not in self._picture.snapshot.tasks:
            self._wanted = task_id
            return False
        self._wanted = None
        if not self.view.select_task(task_id):
            self.switch_to("tasks")
            self.view.select_task(task_id)
        self._show_detail()
        return True

    def open_detail(self) -> None:
        """Into the pane, or to the page where there is no pane."""
        task_id = self.selected_task
        if task_id is None:
            return
        self._show_detail()
        if not self.has_class("with-detail") and not self.has_class("page"):
            self.detail.show(self._picture, task_id)
            self.add_class("page")
            self.post_message(self.Looking(task_id))
        self.detail.focus()

    def refocus(self) -> None:
        """Give the keys to what is shown."""
        shown = "detail" if self.has_class("page") else "welcome" if self.welcoming else self._view_id
        widget = self.query_one(f"#{shown}", Widget)
        if not widget.has_focus:  # it would be painted as a whole for it
            widget.focus()

    def action_close(self) -> None:
        """Escape: from the page or the pane back to the view; there is more to do for the app otherwise."""
        if self.has_class("page") or self.detail.has_focus:
            self.remove_class("page")
            self.refocus()
        else:
            self.post_message(self.Closed())

    # messages

    def on_selection_changed(self, event: SelectionChanged) -> None:
        """The pane follows the cursor, which is painted first; the app wants to know too."""
        self.call_after_refresh(self._show_detail)

    def on_task_activated(self, event: TaskActivated) -> None:
        """Enter or a double click."""
        event.stop()
        self.open_detail()

    def on_detail_further(self, event: Detail.Further) -> None:
        """The history of the task goes on."""
        event.stop()
        self._work.look(event.task_id, event.before)

    def on_page_picked(self, event: Page.Picked) -> None:
        """A task that the pane names was clicked."""
        event.stop()
        self.go_to(int(event.target))

    # inside

    def _switch(self) -> None:
        shown = "welcome" if self.welcoming else self._view_id
        switcher = self.query_one("#views", ContentSwitcher)
        if switcher.current != shown:
            had_focus = self.app.focused is None or self.app.focused in self.query("*")
            switcher.current = shown
            if had_focus:
                self.refocus()
        self._arrange()

    def _arrange(self) -> None:
        width = self.size.width or self.app.size.width  # before the first layout it has no size yet
        beside = width >= (WIDEST if self._view_id == "board" else WIDE)
        has_pane = beside and self._view_id not in ("runs", "diagram", "history") and not self.welcoming
        self.set_class(has_pane, "with-detail")
        if has_pane:
            self.remove_class("page")
            self.detail.styles.width = pane_width(width)

    def _show_detail(self) -> None:
        if self.has_class("with-detail") or self.has_class("page"):
            task_id = self.selected_task
            if task_id != self.detail.task_id:
                self.post_message(self.Looking(task_id))
            self.detail.show(self._picture, task_id)
