"""The Runs view: the list of runs at the left, the output of the chosen one's tasks in panes at the right.

Output is read by `tui.tail` in a thread of its own; the view only says which attempts are on the screen.
"""

from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from taskterm.core.model import Run
from taskterm.store.store import Store
from taskterm.tui import run_lines, task_rows, teaching_rows
from taskterm.tui.containment import Contained
from taskterm.tui.messages import Hint, Picture, Said, SelectionChanged, TaskActivated, ViewChanged
from taskterm.tui.rows import BLANK, Row, Span, gap
from taskterm.tui.run_lines import ListLine
from taskterm.tui.widgets.canvas import Canvas
from taskterm.tui.widgets.failed_note import FailedNote
from taskterm.tui.widgets.lines import LineView
from taskterm.tui.widgets.output import OutputPane
from taskterm.tui.widgets.pane_stack import PaneStack
from taskterm.tui.widgets.teaching import Teaching

SPLITS = (
    "the panes of the chosen run",
    "what runs or failed elsewhere has panes beside it",
    "the same, two beside each other",
)
"""What `s` changes between."""
NARROW = 110
"""Below this width the list becomes one line in the context row."""
LIST_WIDTH = 40


class RunList(LineView):
    """The list of runs. Keys are (run id, task id or None)."""

    DEFAULT_CSS = f"""
    RunList {{ width: {LIST_WIDTH}; height: 1fr; }}
    """

    HEAD_ROWS = 1

    def __init__(self) -> None:
        super().__init__()
        self._picture: Picture | None = None
        self._drawn: list[ListLine] = []

    def show(self, picture: Picture, folded: frozenset[int]) -> None:
        """Draw this; the lines are only made anew when they differ."""
        self._picture = picture
        found = run_lines.lines(picture, folded)
        if found != self._drawn:
            self._drawn = found
            self.set_keys([line.key for line in found])
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """A click on the second line of a run is one on the run."""
        line = self.scroll_offset.y + event.y - self.HEAD_ROWS
        if event.y >= self.HEAD_ROWS and line < len(self._drawn) and self._drawn[line].kind == "second":
            event.prevent_default()
            run = self._drawn[line].run
            if run is not None and self.select_key((run.id, None)) and event.chain == 2:
                self.action_activate()

    def empty_rows(self, width: int) -> list[Row]:
        """The filter that hides all runs, and the way out."""
        return task_rows.nothing_fits(self._picture, width, self.glyphs) if self._picture else []

    def row(self, index: int, width: int, selected: bool) -> Row:
        """One line of the list; both lines of the chosen run are on the ground of the cursor."""
        line = self._drawn[index]
        if self._picture is None or line.kind == "blank":
            return BLANK
        if line.kind == "head":
            count = sum(other.kind == "run" and other.group == line.group for other in self._drawn)
            return Row([gap(2), Span(line.group, "soft", bold=True), Span(f" {count}", "mute")])
        if line.kind == "second":
            row = run_lines.second_row(self._picture, line, width, self.glyphs)
            if line.run is None or self.cursor_key != (line.run.id, None):
                return row
            first, *rest = row.spans
            return Row([Span(self.glyphs.cursor, "accent"), first._replace(text=first.text[1:]), *rest], on="select")
        return run_lines.run_row(self._picture, line, width, self.glyphs, selected)


class Divider(Canvas):
    """The line between the list and the panes."""

    DEFAULT_CSS = """
    Divider { width: 1; height: 1fr; }
    """

    def rows(self, width: int, height: int) -> list[Row]:
        """A light line from top to bottom."""
        return [Row([Span(self.glyphs.pipe, "line")])] * height


class Runs(Horizontal, Contained, can_focus=False):
    """The Runs view. Give it `store` before the first `show`, or it shows no output."""

    DEFAULT_CSS = """
    Runs { width: 1fr; height: 1fr; background: $background; }
    Runs > Vertical { width: 1fr; height: 1fr; }
    Runs.empty > Teaching { display: block; }
    Runs.empty > RunList, Runs.empty > Divider, Runs.empty > Vertical { display: none; }
    Runs.narrow > RunList, Runs.narrow > Divider { display: none; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next_pane(1)", "Next pane", show=False),
        Binding("shift+tab", "next_pane(-1)", "Previous pane", show=False),
        Binding("f", "follow", "Follow", show=False, id="follow"),
        Binding("slash", "search", "Search", show=False, id="search"),
        Binding("n", "next_match(1)", "Next", show=False, id="next_match"),
        Binding("N", "next_match(-1)", "Previous", show=False, id="previous_match"),
        Binding("o", "pager", "Open in the pager", show=False, id="pager"),
        Binding("s", "split", "Split", show=False, id="split"),
        Binding("z", "fold", "Fold", show=False, id="fold"),
        Binding("h", "next_run(-1)", "Previous run", show=False, id="go_left"),
        Binding("l", "next_run(1)", "Next run", show=False, id="go_right"),
        Binding("enter", "open", "Open", show=False),
        Binding("escape", "leave", "End the search", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.store: Store | None = None
        self._picture: Picture | None = None
        self._folded: frozenset[int] = frozenset()
        self._split = 0  # number of the arrangement in SPLITS
        self._wanted: int | None = None  # narrow: the task whose pane is shown
        self._list = RunList()
        self._stack = PaneStack()
        self._note = FailedNote()
        self._teaching = Teaching(teaching_rows.RUNS)

    def compose(self) -> ComposeResult:
        """The list, the line beside it, and the panes with the note below them; or what belongs here."""
        yield self._teaching
        yield self._list
        yield Divider()
        with Vertical():
            yield self._stack
            yield self._note

    # what the app asks

    def focus(self, scroll_visible: bool = True, *, from_app_focus: bool = False) -> "Runs":
        """Focus the list, or the pane where there is no list; as soon as it is clear which of them is on the screen."""
        self.call_after_refresh(lambda: self._home.focus(scroll_visible))
        return self

    @property
    def _home(self) -> Widget:
        """What has the focus as long as nobody gives it to something else."""
        return self._teaching if self.has_class("empty") else self._stack.active if self._narrow else self._list

    @property
    def selected_task(self) -> int | None:
        """The task of the focused pane, else of the line under the cursor."""
        part = self._stack.active_part
        if part is not None and (self._narrow or self._stack.active.has_focus):
            return part.task_id
        key = self._list.cursor_key
        run = self._run()
        if run is None or not isinstance(key, tuple):
            return None
        own = next((other.task_id for other in self._stack.parts if other.run_id == run.id), None)
        return key[1] or run.task_id or (part.task_id if part and part.run_id == run.id else own)

    @property
    def selected_run(self) -> int | None:
        """The run of the focused pane, else the one under the cursor."""
        part = self._stack.active_part
        if part is not None and self._stack.active.has_focus:
            return part.run_id
        return self._chosen

    @property
    def _chosen(self) -> int | None:
        """The run under the cursor of the list."""
        key = self._list.cursor_key
        return key[0] if isinstance(key, tuple) else None

    @property
    def place(self) -> object:
        """Where the cursor stands: a run or a task of it, and the pane that has the focus."""
        part = self._stack.active_part if self._stack.active.has_focus and not self._narrow else None
        return self._list.cursor_key, part[:2] if part is not None else None

    def show(self, picture: Picture) -> None:
        """Draw this picture: the list, the heads of the panes, and which output is read."""
        self._picture = picture
        self._stack.store = self.store
        if self.has_class("empty") != (not picture.snapshot.runs):
            had_focus = self._teaching.has_focus or self._home.has_focus
            self.set_class(not picture.snapshot.runs, "empty")
            if had_focus:
                self.focus()
        self._list.show(picture, self._folded)
        self._arrange()

    def select_task(self, task_id: int) -> bool:
        """Put the cursor on the newest run of a task; False where it never ran."""
        run = self._picture.snapshot.newest_run.get(task_id) if self._picture is not None else None
        if run is None:
            return False
        self._wanted = task_id
        return self._list.select_key((run, task_id)) or self._list.select_key((run, None))

    def select_run(self, run_id: int) -> bool:
        """Put the cursor on a run; False where there is none."""
        return self._list.select_key((run_id, None))

    def hints(self) -> tuple[Hint, ...]:
        """Keys for the footer."""
        if self.has_class("empty"):
            return (Hint("a", "add"), Hint("r", "run"), Hint("W", "workflow"))
        pane = self._stack.active
        if self.searching:
            return (Hint("enter", "find"), Hint("esc", "cancel"))
        word = "next match" if pane.pane.needle else "next error" if pane.info and pane.info.failed else ""
        return (
            Hint("tab", "next pane"),
            *((Hint("h l", "run"),) if self._narrow else ()),
            *(() if self._narrow else (Hint("s", "split"),)),
            Hint("f", "follow"),
            Hint("/", "search"),
            *((Hint("n", word),) if word else ()),
            *((Hint("esc", "end the search"),) if pane.pane.needle else ()),
            Hint("o", "pager"),
        )

    def context(self, width: int) -> Row | None:
        """On a narrow terminal the runs in one line, else None (the filter line)."""
        if self._picture is None or not self._narrow or not self._picture.snapshot.runs:
            return None
        return run_lines.strip(self._picture, self._chosen, width, self._list.glyphs)

    @property
    def searching(self) -> bool:
        """Whether a search is typed in a pane."""
        return self._stack.active.searching

    def status(self) -> str:
        """How many panes there are."""
        count = len(self._stack.parts)
        return f"{count} pane{'s' if count > 1 else ''}" if count else ""

    def copy_text(self) -> str | None:
        """What `y` copies: the focused pane's line or lines; None while the list has the focus."""
        return self._stack.active.copy_text() if self._stack.active.has_focus else None

    # what is shown

    @property
    def _narrow(self) -> bool:
        return self.has_class("narrow")

    def _run(self) -> Run | None:
        return self._picture.snapshot.runs.get(self._chosen or 0) if self._picture is not None else None

    def _arrange(self) -> None:
        """Give the panes their parts of the chosen run."""
        if self._picture is None:
            return
        run, key = self._run(), self._list.cursor_key
        first = self._wanted if self._narrow else key[1] if isinstance(key, tuple) else None
        self._stack.tiles = self._split == 2
        room = 1 if self._narrow else self._stack.capacity
        parts = run_lines.panes_of(self._picture.snapshot, run, first, room) if run is not None else []
        if run is not None and self._split and not self._narrow:
            parts += run_lines.beside(self._picture, run, room - len(parts))
        before = [part[:2] for part in self._stack.parts]
        self._stack.show(self._picture, parts, narrow=self._narrow)
        if run is not None and self._list.has_focus:
            self._stack.point(run.id, first)
        self._note.show(self._picture, self._chosen, wanted=self._narrow and self.size.height >= 18)
        if before != [part[:2] for part in parts]:
            self.post_message(ViewChanged())
            if not before and self._narrow and self.screen.focused is None:
                self.focus()  # there was no pane yet that could have had it

    def on_resize(self, event: events.Resize) -> None:
        """Narrow terminals have no list; low ones fewer panes."""
        narrow = event.size.width < NARROW
        if narrow != self._narrow:
            had_focus = self._list.has_focus
            self.set_class(narrow, "narrow")
            self.post_message(ViewChanged())
            if had_focus:
                self.focus()
        self.call_after_refresh(self._arrange)

    # keys and messages

    def on_line_view_moved(self, event: LineView.Moved) -> None:
        """Another run or task was chosen."""
        event.stop()
        key = event.key
        if self._wanted is not None and (not isinstance(key, tuple) or self._wanted != key[1]):
            self._wanted = self._wanted if self._narrow and self._has_part(self._wanted) else None
        self._list.redraw()
        self._arrange()
        self.post_message(SelectionChanged(self.selected_task))
        self.post_message(ViewChanged())

    def _has_part(self, task_id: int) -> bool:
        run = self._run()
        parts = self._picture.snapshot.run_tasks(run.id) if run is not None and self._picture is not None else ()
        return any(part.task_id == task_id for part in parts)

    def on_line_view_activated(self, event: LineView.Activated) -> None:
        """Enter on a run or a task of it."""
        event.stop()
        self.action_open()

    def on_output_pane_focused(self, event: OutputPane.Focused) -> None:
        """The selection is the task of the pane."""
        event.stop()
        self.post_message(SelectionChanged(self.selected_task))
        self.post_message(ViewChanged())

    def action_open(self) -> None:
        """Open the task of the chosen run."""
        if self.selected_task is not None:
            self.post_message(TaskActivated(self.selected_task))

    def action_next_pane(self, step: int) -> None:
        """The focus to the next (1) or the previous (-1) pane, the list being one of them; narrow: the next task."""
        if not self._narrow:
            places = [self._list, *self._stack.in_use]
            here = next((n for n, place in enumerate(places) if place.has_focus), 0)
            places[(here + step) % len(places)].focus()
            return
        run = self._run()
        if run is not None and self._picture is not None:
            ids = [part.task_id for part in self._picture.snapshot.run_tasks(run.id)]
            here = ids.index(self._stack.parts[0].task_id) if self._stack.parts else -1
            self._wanted = ids[(here + step) % len(ids)] if ids else None
            self._arrange()
            self.post_message(SelectionChanged(self.selected_task))

    def action_next_run(self, step: int) -> None:
        """To the next (1) or the previous (-1) run of the list."""
        runs = [key for key in self._list.keys if isinstance(key, tuple) and key[1] is None]
        here = next((n for n, key in enumerate(runs) if key[0] == self._chosen), 0)
        if 0 <= here + step < len(runs):
            self._wanted = None
            self._list.select_key(runs[here + step])

    def action_fold(self) -> None:
        """Show or hide the tasks of the chosen run."""
        run = self._run()
        if run is not None and self._picture is not None:
            self._folded ^= {run.id}
            self._list.select_key((run.id, None))
            self._list.show(self._picture, self._folded)

    def action_split(self) -> None:
        """The chosen run alone, others beside it, or two panes beside each other."""
        if self._narrow:
            self.post_message(Said("there is room for one pane here: tab goes to the next one"))
            return
        self._split = (self._split + 1) % len(SPLITS)
        self._arrange()
        self.post_message(Said(SPLITS[self._split]))
        self.post_message(ViewChanged())

    def action_follow(self) -> None:
        """Stay at the end of the output, or stop there."""
        self._stack.active.toggle_follow()

    def action_search(self) -> None:
        """Search in the pane."""
        self._stack.active.focus()
        self._stack.active.start_search()

    def action_leave(self) -> None:
        """Escape: the search ends; where there is none it is the app's."""
        if not self._stack.active.end_search():
            raise SkipAction

    def action_next_match(self, step: int) -> None:
        """To the next match or error in the pane; where there is none to go to, to the failed run of the note."""
        pane = self._stack.active
        if self._note.run is not None and not pane.pane.needle and not (pane.info and pane.info.failed):
            self._list.select_key((self._note.run.id, None))
            return
        pane.find_next(step)

    def action_pager(self) -> None:
        """Open the pane's output in $PAGER."""
        self._stack.active.open_pager()
