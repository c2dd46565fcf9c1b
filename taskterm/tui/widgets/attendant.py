"""What goes on beside the keys: clocks and signs of what runs, a notice when a run ends, hints for the new.

It has no place on the screen. It sees every picture, and it asks for nothing while nothing happens.
"""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, cast

from textual.timer import Timer

from taskterm.core.model import RUN_ENDED, Run
from taskterm.core.snapshot import Snapshot
from taskterm.tui import notices, terminals
from taskterm.tui.containment import Contained
from taskterm.tui.hints import TIMES, hint
from taskterm.tui.manner import Manner
from taskterm.tui.theme import glyphs_of
from taskterm.tui.widgets.canvas import Canvas, Painted
from taskterm.tui.widgets.header import Header

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm

TURNS = 8
"""Per second."""
HINT_SECONDS = 40.0

ENDED = {"succeeded": "is done", "failed": "failed", "lost": "was lost"}
"""What is told of a run; one that somebody stopped is known to them."""


class Attendant(Contained):
    """Takes the pictures from the app. `focus_told` is set when the terminal says which window has the focus."""

    PART: ClassVar[str] = "the clock"
    DEFAULT_CSS = "Attendant { display: none; }"

    def __init__(self, manner: Manner, clock: Callable[[], datetime]) -> None:
        super().__init__(id="attendant")
        self.manner = manner
        self.clock = clock
        self.focus_told = False
        self._measuring = False
        self._live: dict[int, Run] = {}
        self._runs: Mapping[int, Run] | None = None
        self._watched: int | None = None
        self._turning: Timer | None = None
        self._frame = 0
        self._shown: dict[str, int] | None = None  # how often each hint was shown; None: not known yet
        self._view_id = ""
        self._hint = ""

    @property
    def taskterm(self) -> "TaskTerm":
        """The app, as what it is."""
        return cast("TaskTerm", self.app)

    def on_mount(self) -> None:
        """Whether the window has the focus is known from the first time that it has lost it."""
        self.watch(self.app, "app_focus", self._focus_changed, init=False)
        if self.manner.hints:
            self.taskterm.work.read_hints()
        if self.manner.problem:
            self.call_after_refresh(self.taskterm.say, self.manner.problem, bad=True)

    def _focus_changed(self) -> None:
        self.focus_told = True

    def see(self, snapshot: Snapshot) -> None:
        """The newest state of the database."""
        if snapshot.runs is not self._runs:
            live = {run.id: run for run in snapshot.runs.values() if run.state not in RUN_ENDED}
            for run_id in self._live.keys() - live.keys():
                if run_id in snapshot.runs:
                    self._tell(snapshot.runs[run_id])
            self._live, self._runs = live, snapshot.runs
            self._turn_while(any(run.state == "running" for run in live.values()))
        self.measure()
        if self.taskterm.desk.view_id == "runs":
            self._watched = getattr(self.taskterm.view, "selected_run", None)

    # clocks

    def tick(self) -> None:
        """Once a second: clocks of what runs; otherwise only the minute, and an idle screen writes nothing."""
        app = self.taskterm
        now = self.clock()
        runs = any(run.state == "running" for run in app.picture.snapshot.runs.values())
        new_minute = now.replace(second=0, microsecond=0) > app.picture.now.replace(second=0, microsecond=0)
        app.base.query_one(Header).set_clock(now)  # the picture may be of this minute already, and the clock not
        if (runs and self.manner.moves_at(now)) or new_minute:
            app.show_picture(app.lens.tick(now))
            task = app.selected
            if runs and task is not None and task.run_state == "running":
                app.work.look(task.id)
        if new_minute:
            app.work.look_again()  # what is ready, late or urgent may be another by now

    # how wide signs are

    def measure(self) -> None:
        """Ask the terminal once, when the screen stands and nothing covers it."""
        if self.manner.measures and len(self.app.screen_stack) == 1:
            self.manner = self.manner._replace(measures=False)
            self._measuring = True
            self._send(terminals.QUESTION)
            self.taskterm.base.query_one(Header).refresh()

    def measured(self, columns: int) -> None:
        """The answer is kept for the next time; where signs are wide there are only ASCII ones from now on."""
        if self._measuring and columns in (terminals.NARROW, terminals.WIDE):
            self._measuring = False
            wide = columns == terminals.WIDE
            self.taskterm.work.remember_terminal("wide" if wide else "narrow")
            if wide:
                self._use_ascii()

    def _use_ascii(self) -> None:
        app = self.taskterm
        app.ascii_only = True
        app.refresh_css(animate=False)
        for widget in app.base.query("*"):
            if isinstance(widget, Canvas):
                widget.redraw()
        app.show_picture(app.picture)
        app.say("this terminal draws some signs two cells wide: from now on they are ASCII")

    # notices

    def _tell(self, run: Run) -> None:
        """Once for each run, which the user started or watches: on the screen unless its output is there, and to the
        terminal unless they look at this very window."""
        app = self.taskterm
        if run.state not in ENDED or not (run.created_by == app.work.actor or run.id == self._watched):
            return
        sentence = f"run {run.id} {ENDED[run.state]}: {run.title}"
        if app.desk.view_id != "runs":
            app.say(f"{sentence} · {app.keys.of('runs')} shows its output", bad=run.state != "succeeded")
        if not (self.focus_told and self.app.app_focus):
            self._send(notices.sequence(self.manner.notify, sentence, os.environ))

    def _send(self, sequence: str) -> None:
        """To the terminal, through the one that writes to it."""
        driver = self.app._driver
        if sequence and driver is not None:
            driver.write(sequence)

    # motion

    def _turn_while(self, running: bool) -> None:
        moves = running and self.manner.motion and not self.app.no_color and len(glyphs_of(self.app).running) > 1
        if moves and self._turning is None:
            self._turning = self.set_interval(1 / TURNS, self._turn)
        elif not moves and self._turning is not None:
            self._turning.stop()
            self._turning = None
            self._draw(None)

    def _turn(self) -> None:
        signs = glyphs_of(self.app).running
        self._frame = (self._frame + 1) % len(signs)
        self._draw(signs[self._frame])

    def _draw(self, sign: str | None) -> None:
        """Only lines in view that show what runs are painted, and none behind an overlay."""
        if len(self.app.screen_stack) == 1 or sign is None:
            for widget in self.taskterm.base.query("*"):
                if isinstance(widget, Painted) and widget.TURNS and (sign is None or widget.is_on_screen):
                    widget.turn(sign)

    # hints

    def known(self, shown: Mapping[str, int]) -> None:
        """How often each hint has been shown."""
        self._shown = dict(shown)
        self._view_id = ""
        self.taskterm.redraw()

    def hint(self, view_id: str) -> str:
        """What somebody who is new to this view should know; empty for everybody else."""
        if self._shown is not None and view_id != self._view_id:
            self._view_id = view_id
            times = self._shown.get(view_id, 0)
            self._hint = hint(view_id, self.taskterm.keys) if times < TIMES else ""
            if self._hint:
                self._shown[view_id] = times + 1
                self.taskterm.work.keep_hints(dict(self._shown))
                self.set_timer(HINT_SECONDS, self._enough)
        return self._hint

    def _enough(self) -> None:
        if self._hint:
            self._hint = ""
            self.taskterm.redraw()
