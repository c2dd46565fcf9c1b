"""Many lines at once: what each of them would create, before anything is created. One enter adds all, one undo takes
all of them back; a line that is not understood is mended or left out first.
"""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from taskterm.core import manylines
from taskterm.core.manylines import TypedLine
from taskterm.tui import completing, many_rows
from taskterm.tui.known import Index
from taskterm.tui.messages import Hint, Picture
from taskterm.tui.rows import BLANK, Row, Span, fit_spans
from taskterm.tui.screens.capture import CaptureHighlighter, values_of
from taskterm.tui.screens.overlay import Lines, Overlay, Rule, TitleLine
from taskterm.tui.text import visible, wrap
from taskterm.tui.theme import glyphs_of
from taskterm.tui.widgets.completion import Completions
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.footer import Footer
from taskterm.tui.widgets.lines import LineView
from taskterm.tui.work import Work

TOLD = 2
"""Lines for what the one under the cursor means, or what is the matter with it."""


class ManyList(LineView):
    """The lines; keys are their numbers."""

    DEFAULT_CSS = "ManyList { height: auto; min-height: 3; max-height: 22; background: $panel; }"
    GROUND: ClassVar[str] = "raised"

    def __init__(self, screen: "ManyScreen") -> None:
        super().__init__(id="many")
        self._screen = screen

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many lines as there are."""
        return len(self.keys)

    def row(self, index: int, width: int, selected: bool) -> Row:
        """One of them."""
        return self._screen.row(index, width)


class ManyScreen(Overlay[None]):
    """It asks `app.work` itself and stays open until the tasks are really stored; escape keeps the text as a draft."""

    DEFAULT_CSS = """
    ManyScreen #panel { width: 104; max-height: 90%; }
    ManyScreen #told { margin-top: 1; }
    ManyScreen #mend { display: none; margin-bottom: 1; }
    ManyScreen.mending #mend { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "mend", "Mend", show=False),
        Binding("x,space", "skip", "Leave out", show=False),
        Binding("ctrl+s", "add", "Add all", show=False),
    ]
    JOBS = ("add",)
    HINTS: ClassVar[tuple[Hint, ...]] = (
        Hint("enter", "add all"),
        Hint("e", "mend the line"),
        Hint("x", "leave it out"),
        Hint("esc", "keep as draft"),
    )

    def __init__(
        self, text: str, picture: Picture, work: Work, index: Callable[[], Index], keep: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._index = index
        self._picture = picture
        self._work = work
        self._keep = keep
        self._all = manylines.split(text.replace("\r\n", "\n").replace("\r", "\n"))
        self._lines = manylines.read(self._all, picture.now)
        self._troubles: dict[int, str] = {}
        self._skipped: set[int] = set()

    def body(self) -> Iterable[Widget]:
        """Title, the lines, the one under the cursor in words, a field to mend it."""
        yield TitleLine("")
        yield Lines([BLANK])
        yield ManyList(self)
        yield Lines([BLANK], id="told")
        yield Entry(highlighter=CaptureHighlighter(self.palette, self._picture.now, self._picture.snapshot), id="mend")
        yield Rule()
        yield Lines([BLANK], id="foot")

    def on_mount(self) -> None:
        """The list has the keys, on the first line that has to be looked at."""
        self._judge()
        self.mount(Completions(self.query_one("#mend", Entry), completing.CAPTURE, self._index))
        found = self.query_one(ManyList)
        found.set_keys([line.number for line in self._lines])
        found.focus()
        self._go_to_trouble()

    def on_resize(self) -> None:
        """What is said is as wide as the panel."""
        self.call_after_refresh(self._redraw)

    @property
    def here(self) -> TypedLine | None:
        """The line under the cursor."""
        key = self.query_one(ManyList).cursor_key
        return next((line for line in self._lines if line.number == key), None)

    def row(self, index: int, width: int) -> Row:
        """A line as the list shows it."""
        line = self._lines[index]
        problem, skipped = self._troubles.get(line.number, ""), line.number in self._skipped
        glyphs = glyphs_of(self.app)
        return many_rows.row(line, problem, skipped=skipped, width=width, now=self._picture.now, glyphs=glyphs)

    def refreshed(self, picture: Picture) -> None:
        """A task that a line names may have come or gone."""
        self._picture = picture
        self._judge()
        self._redraw()

    def _judge(self) -> None:
        """Look through all lines: what one of them names may stand in another one above it."""
        above: dict[int, str] = {}
        self._troubles = {}
        for line in self._lines:
            if line.number in self._skipped:
                continue
            problem = many_rows.trouble(line, above, self._picture.snapshot)
            if problem:
                self._troubles[line.number] = problem
            if line.capture is not None:
                above[line.number] = line.capture.title

    def _go_to_trouble(self) -> None:
        if self._troubles:
            self.query_one(ManyList).select_key(min(self._troubles))
        self._redraw()

    def on_line_view_moved(self, event: LineView.Moved) -> None:
        """The words follow the cursor."""
        event.stop()
        self._redraw()

    def on_line_view_activated(self, event: LineView.Activated) -> None:
        """Enter (or a double click) adds all."""
        event.stop()
        self.action_add()

    def action_skip(self) -> None:
        """This line becomes no task; or it does after all."""
        line = self.here
        if line is not None:
            self._skipped ^= {line.number}
            self._judge()
            self._keep(self._text())
            self.query_one(ManyList).action_cursor(1)
            self._redraw()

    def action_mend(self) -> None:
        """Change the line under the cursor."""
        line = self.here
        if line is not None:
            entry = self.query_one("#mend", Entry)
            self.add_class("mending")
            entry.value = line.text.strip()
            entry.cursor_position = len(entry.value)
            entry.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """What is understood of it shows at once."""
        event.stop()
        if self.has_class("mending"):
            self._redraw(manylines.read_line(0, event.value, self._picture.now))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The line is as it was typed now."""
        event.stop()
        line = self.here
        if line is not None:
            self._all[line.number - 1] = event.value
            self._skipped.discard(line.number)
            at = self._lines.index(line)
            self._lines[at] = manylines.read_line(line.number, event.value, self._picture.now)
            self._judge()
            self._keep(self._text())
        self._leave_field()
        if line is not None and line.number not in self._troubles:
            self._go_to_trouble()

    def action_cancel(self) -> None:
        """First leave the field; then close, and what stands here is there again next time."""
        if self.has_class("mending"):
            self._leave_field()
        else:
            self._keep(self._text())
            self.dismiss(None)

    def _leave_field(self) -> None:
        self.remove_class("mending")
        self.query_one(ManyList).focus()
        self._redraw()

    def _text(self) -> str:
        """All lines as they stand; those that were left out as comments. Empty where none is left to become a task."""
        if len(self._skipped) == len(self._lines):
            return ""
        numbered = enumerate(self._all, 1)
        return "\n".join(f"# {line.strip()}" if number in self._skipped else line for number, line in numbered)

    def action_add(self) -> None:
        """All of them in one operation, if all of them are understood."""
        if self.asked:
            return
        if self._troubles:
            count = len(self._troubles)
            what = "1 line is" if count == 1 else f"{count} lines are"
            self.say(f"{what} not understood: e mends the one under the cursor, x leaves it out", bad=True)
            self._go_to_trouble()
            return
        wanted = [line for line in self._lines if line.number not in self._skipped]
        specs: list[dict[str, Any]] = [
            {**values_of(line.capture), "line": line.number} for line in wanted if line.capture is not None
        ]
        if not specs:
            self.say("there is no line that could become a task", bad=True)
            return
        self.asked += 1
        self._work.add({"tasks": specs})

    def accepted(self, sentence: str) -> None:
        """They are stored."""
        self._keep("")
        self.dismiss(None)

    def _redraw(self, typed: TypedLine | None = None) -> None:
        glyphs, count, bad = glyphs_of(self.app), len(self._lines) - len(self._skipped), len(self._troubles)
        looks = f"{bad} not understood" if bad else ""
        self.query_one(TitleLine).set(f"Add {count} {'task' if count == 1 else 'tasks'}", looks)
        line = typed or self.here
        told: list[Row] = []
        width = self.query_one("#panel").content_size.width or self.size.width - 6
        if line is not None:
            problem = (typed.problem.message if typed.problem else "") if typed else self._troubles.get(line.number, "")
            if problem:
                pieces = wrap(glyphs.words(visible(problem)), width - 2)[:TOLD]
                told = [Row([Span("  " if n else "? ", "warn", True), Span(s, "warn")]) for n, s in enumerate(pieces)]
            elif line.capture is not None:
                facts = many_rows.facts_of(line.capture, self._picture.now)
                title = Span(visible(line.capture.title), "text", True)
                told = [Row(fit_spans([title, Span("  "), *facts], width, glyphs.ellipsis))]
        self.query_one("#told", Lines).set([*told, *[BLANK] * (TOLD - len(told))])
        says = glyphs.keys.said("enter adds all of them, {undo} takes all back")
        if bad:
            says = "mend or leave out what is not understood first"
        hints = tuple(hint for hint in self.HINTS if hint.word != "add all" or not bad)
        self.query_one("#overlay-footer", Footer).set_hints(hints, "")
        self.query_one("#foot", Lines).set([Row([Span(says, "mute")])])
        self.query_one(ManyList).redraw()
