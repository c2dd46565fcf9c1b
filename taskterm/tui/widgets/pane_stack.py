"""The panes of runs, one above the other or two beside each other, and the thread that reads their output."""

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from taskterm.core.model import Attempt, RunTask
from taskterm.runner.output import LogReader
from taskterm.store.store import Store
from taskterm.tui import pane_lines
from taskterm.tui.containment import Contained
from taskterm.tui.messages import Picture
from taskterm.tui.pane import Pane
from taskterm.tui.tail import Tail
from taskterm.tui.widgets.output import OutputPane

MOST_PANES = 4
TILE_WIDTH = 40
"""Cells that each of two panes beside each other needs at least."""
PANE_ROWS = 11
"""Rows for a pane with its head, five lines of output and the blank rows around them."""


class OutputReady(Message):
    """Something was written into a pane; `Tail.take` has it."""

    def __init__(self, key: Hashable) -> None:
        super().__init__()
        self.key = key

    def can_replace(self, message: Message) -> bool:
        """One question fetches everything."""
        return isinstance(message, OutputReady) and message.key == self.key


class PaneStack(Vertical, Contained):
    """Shows parts of runs in panes. Without a `store` the panes have heads and no output."""

    PART: ClassVar[str] = "runs"
    DEFAULT_CSS = """
    PaneStack { width: 1fr; height: 1fr; padding: 1 0 0 1; }
    PaneStack.narrow { padding: 1 0 0 0; }
    PaneStack.tiled { layout: grid; grid-size: 2; grid-rows: 1fr; grid-gutter: 0 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.store: Store | None = None
        self.parts: Sequence[RunTask] = ()  # those that have a pane, from the top
        self.tiles = False  # two panes beside each other where there is room
        self._active = 0  # number of the pane that had the focus last
        self._tail: Tail | None = None
        self._states: dict[Hashable, Pane] = {}
        self._panes = [OutputPane() for _ in range(MOST_PANES)]

    def compose(self) -> ComposeResult:
        """As many panes as can ever be shown; unused ones take no room."""
        for pane in self._panes:
            pane.display = False
            yield pane

    @property
    def capacity(self) -> int:
        """How many panes have enough room."""
        rows = max((self.size.height or PANE_ROWS) // PANE_ROWS, 1)
        return min(MOST_PANES, rows * (2 if self._tiled else 1))

    @property
    def _tiled(self) -> bool:
        return self.tiles and self.size.width >= 2 * TILE_WIDTH

    @property
    def active(self) -> OutputPane:
        """The pane that keys act on: the one that had the focus last, as far as it is still there."""
        return self._panes[min(self._active, max(len(self.parts) - 1, 0))]

    @property
    def active_part(self) -> RunTask | None:
        """What that pane shows."""
        return self.parts[min(self._active, len(self.parts) - 1)] if self.parts else None

    @property
    def in_use(self) -> list[OutputPane]:
        """The panes that are shown, from the top."""
        return self._panes[: len(self.parts)]

    def point(self, run_id: int, task_id: int | None) -> None:
        """Let keys act on the pane of a task in a run, else on the one of the run that failed, else on its first."""
        bad = ("failed", "lost")
        own = [n for n, part in enumerate(self.parts) if part.run_id == run_id]
        fits = [n for n in own if self.parts[n].task_id == task_id] or [n for n in own if self.parts[n].state in bad]
        self._active = (fits or own or [0])[0]

    def show(self, picture: Picture, parts: Sequence[RunTask], *, narrow: bool) -> None:
        """Give every part its pane, and tell the reader which attempts are on the screen."""
        snapshot = picture.snapshot
        self.parts = [part for part in parts if part.run_id in snapshot.runs]
        self.set_class(narrow, "narrow")
        tiled = self._tiled and len(self.parts) > 1 and not narrow
        self.set_class(tiled, "tiled")
        last_row = (len(self.parts) - 1) // 2 * 2 if tiled else len(self.parts) - 1
        wanted: dict[Hashable, tuple[Attempt, ...]] = {}
        headings: dict[Hashable, bool] = {}
        for number, pane in enumerate(self._panes):
            pane.display = number < len(self.parts)
            if not pane.display:
                continue
            part = self.parts[number]
            place = (part.run_id, part.task_id)
            wanted[place] = snapshot.attempts(*place)
            headings[place] = len(snapshot.steps(part.task_id)) > 1
            pane.narrow, pane.lone = narrow, number >= last_row
            alone = tiled and number == len(self.parts) - 1 and not number % 2
            pane.styles.column_span = 2 if alone else 1
            info = pane_lines.info_of(snapshot, snapshot.runs[part.run_id], part, picture.now)
            pane.describe(info, self._states.setdefault(place, Pane()))
        for gone in [place for place in self._states if place not in wanted]:
            del self._states[gone]
        if self._tail is None and self.store is not None:
            store = self.store
            self._tail = Tail(
                lambda attempt: LogReader(store, attempt), lambda key: self.post_message(OutputReady(key))
            )
        if self._tail is not None:
            self._tail.follow(wanted, headings)

    def on_output_ready(self, message: OutputReady) -> None:
        """New lines for a pane."""
        message.stop()
        state = self._states.get(message.key)
        if self._tail is None or state is None:
            return
        state.add(self._tail.take(message.key))
        for pane in self.in_use:
            if pane.pane is state:
                pane.update_lines()

    def on_output_pane_focused(self, event: OutputPane.Focused) -> None:
        """Keys act on the pane with the focus; the view above hears of it too."""
        self._active = next((n for n, pane in enumerate(self._panes) if pane.has_focus), 0)

    def on_hide(self) -> None:
        """While another view is on, nothing is read; the next `show` goes on where it was."""
        if self._tail is not None:
            self._tail.pause()

    def on_unmount(self) -> None:
        """Nothing is read any more."""
        if self._tail is not None:
            self._tail.close()
            self._tail = None
