"""What happens when a part of the screen has a fault: it says so in its own place, and everything else goes on.

A fault is an exception that nobody expected (what a user can cause is an error of core/errors.py, and is answered).
Whatever raised it, the innermost `Contained` widget that was at work is the part at fault: if it was drawing, it shows
an apology until it is shown another picture; if a key or a message caused it, a sentence says what was not done.
Where no part of the screen is at fault the program ends, with the terminal as it was; see launch.py.
"""

import traceback
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.app import App
from textual.geometry import Region
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget


class Fault(NamedTuple):
    """One exception: the part of the screen it is about, what it was in words, and the whole report for a file."""

    part: str
    words: str
    report: str
    drawing: bool

    @property
    def sentence(self) -> str:
        """What the footer says."""
        done = "could not be drawn" if self.drawing else "did not do that"
        return f"a fault in TaskTerm: {self.part} {done} ({self.words.partition(':')[0]})"


def words_of(error: BaseException) -> str:
    """`KeyError: 12 in board.py, line 120`: kind, message and place, on one line."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "taskterm" in frame.filename] or list(frames)
    place = f" in {ours[-1].filename.rpartition('/')[2]}, line {ours[-1].lineno}" if ours else ""
    message = " ".join(str(error).split())[:80]
    return f"{type(error).__name__}{': ' if message else ''}{message}{place}"


def report_of(error: BaseException) -> str:
    """Everything there is to know, without the values of variables: those may be anybody's words."""
    return "".join(traceback.format_exception(error))


class Contained(Widget):
    """A widget whose faults stay with it."""

    PART: ClassVar[str] = ""
    """What a user calls it; empty for the name of the class in small letters."""

    fault: Fault | None = None

    async def _dispatch_message(self, message: Message) -> None:
        # Textual ends a widget's loop with its first exception; it has no public place to catch one.
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            hand_over(self.app, error, self)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines; in place of what cannot be drawn, a few words that say so."""
        if self.fault is None:
            try:
                return super().render_lines(crop)
            except Exception as error:
                hand_over(self.app, error, self)
        return self._apology(crop)

    def fail(self, fault: Fault) -> None:
        """Show the apology from now on."""
        self.fault = fault
        self.refresh()

    def mend(self) -> None:
        """Try again: there is something else to draw."""
        if self.fault is not None:
            self.fault = None
            self.refresh()

    def _apology(self, crop: Region) -> list[Strip]:
        words = self.fault.words if self.fault else ""
        if self.size.height < 4:
            lines = [f" {words}"]
        else:
            lines = ["", "  This part of the screen has a fault.", f"  {words}", ""]
            lines.append("  Everything else works, and nothing was lost.")
            lines.append("  Go to another view and come back to try again.")
        style = self.rich_style
        strips = [
            Strip([Segment(lines[y] if y < len(lines) else "", style)]).adjust_cell_length(self.size.width, style)
            for y in range(crop.y, crop.bottom)
        ]
        return [strip.crop(crop.x, crop.right) for strip in strips]


class Containing(App[None]):
    """An app that goes on when one of its parts has a fault. `faults` are those so far."""

    MOST: ClassVar[int] = 100
    """After so many faults the program is not worth going on with."""

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        self.faults: list[Fault] = []
        self.ended_by: BaseException | None = None
        self.goes_on_after_faults = False  # from the first whole picture on

    def tell_fault(self, fault: Fault) -> None:
        """Say it, and keep the report."""

    @property
    def base(self) -> Screen[object]:
        """The screen below all overlays."""
        return self.screen_stack[0]

    @property
    def is_going_down(self) -> bool:
        """Whether the screen is being taken down: what was on its way to it finds nothing any more."""
        return self._is_mounted and not self.is_running

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            if isinstance(message, events.Unmount) or not (self.goes_on_after_faults or self.is_going_down):
                raise
            self.take_fault(error, None)

    def take_fault(self, error: Exception, part: Contained | None) -> None:
        """A part (or, for None, a handler of the app) has raised an exception."""
        if self.is_going_down:
            return
        blamed = next(_parts_at_work(error), part)
        drawing = blamed is not None and _was_drawing(error, blamed)
        name = (blamed.PART or type(blamed).__name__.lower()) if blamed else "the screen"
        fault = Fault(name, words_of(error), report_of(error), drawing)
        known = has_fault(blamed)  # what follows from a fault is not told as another one
        self.faults.append(fault)
        if blamed is not None and drawing:
            blamed.fail(fault)
        if len(self.faults) > self.MOST:
            self._end(error)
        elif not known:
            self.tell_fault(fault)

    def _handle_exception(self, error: Exception) -> None:
        # The last place an exception comes to: timers, callbacks, the layout.
        if self.is_going_down:
            return
        if self.goes_on_after_faults and next(_parts_at_work(error), None) is not None:
            self.take_fault(error, None)
        else:
            self._end(error)

    def _end(self, error: Exception) -> None:
        self.ended_by = self.ended_by or error
        self._return_code = 1
        if self._exception is None:
            self._exception = error  # for whoever drives the app in a test
            self._exception_event.set()
        self.panic()


def has_fault(part: object) -> bool:
    """Whether a part of the screen shows its apology: until it is mended, nobody need ask it for anything else."""
    return isinstance(part, Contained) and part.fault is not None


def hand_over(app: App[object], error: Exception, part: Contained) -> None:
    """Let the app take the fault; raises it again in an app that does not."""
    if isinstance(app, Containing) and app.goes_on_after_faults:
        app.take_fault(error, part)
    else:
        raise error


def _parts_at_work(error: BaseException) -> Iterator[Contained]:
    """The contained widgets whose methods the exception came through, the innermost first."""
    found = []
    trace = error.__traceback__
    while trace is not None:
        owner = trace.tb_frame.f_locals.get("self")
        if isinstance(owner, Contained):
            found.append(owner)
        trace = trace.tb_next
    return reversed(found)


def _was_drawing(error: BaseException, part: Contained) -> bool:
    trace = error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        if frame.f_code.co_name in ("render_lines", "redraw", "show") and frame.f_locals.get("self") is part:
            return True
        trace = trace.tb_next
    return False
