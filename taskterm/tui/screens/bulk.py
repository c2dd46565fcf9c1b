"""Several tasks changed by one line of words: only what the line says changes, and what that is stands below it."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from taskterm.core import edit_line
from taskterm.core.capture import Capture, parse_capture
from taskterm.core.errors import TaskTermError, UsageError
from taskterm.core.model import Task
from taskterm.tui import sentences
from taskterm.tui.messages import Hint, Picture
from taskterm.tui.rows import Row, Span, field, gap
from taskterm.tui.screens.capture import CaptureHighlighter
from taskterm.tui.screens.overlay import BLANK_LINE, Lines, Overlay, TitleLine
from taskterm.tui.text import fit, visible, wrap
from taskterm.tui.theme import glyphs_of
from taskterm.tui.widgets.bits import ids, state_at, state_span
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.work import Work

SHOWN = 6
"""So many of the tasks are listed by their titles."""

EXAMPLES = "@ana +ops -web due:fri pri:H project:site   due: or -@ alone takes it away"


class BulkScreen(Overlay[None]):
    """One line for several tasks (or one). It stays open until the store has taken the change, all of it or nothing."""

    DEFAULT_CSS = """
    BulkScreen #panel { width: 100; }
    BulkScreen #line { height: 1; margin: 1 0; }
    BulkScreen #line Lines { width: 2; }
    BulkScreen #line Entry { width: 1fr; }
    """
    JOBS = ("edit",)
    HINTS: ClassVar[tuple[Hint, ...]] = (Hint("enter", "change them"), Hint("esc", "close"))

    def __init__(
        self, tasks: Sequence[Task], picture: Picture, work: Work, text: str = "", *, titles: bool = True
    ) -> None:
        super().__init__()
        self._tasks = tuple(tasks)
        self._picture = picture
        self._work = work
        self._text = text
        self._titles = titles  # whether words without a sign are a new title

    def body(self) -> Iterable[Widget]:
        """What is changed, the line, what it would do, and the tasks."""
        several = len(self._tasks) > 1
        first = self._tasks[0]
        title = f"Change {len(self._tasks)} tasks" if several else f"Change #{first.id} {first.title}"
        remark = ids([task.id for task in self._tasks], 8) if several else ""
        yield TitleLine(title, remark)
        with Horizontal(id="line"):
            yield Lines([Row([Span(glyphs_of(self.app).prompt, "accent", True)])])
            highlighter = CaptureHighlighter(self.palette, self._picture.now, self._picture.snapshot, edit=True)
            yield Entry(self._text, placeholder=EXAMPLES, highlighter=highlighter, id="entry")
        yield Lines(id="preview")

    def on_mount(self) -> None:
        """The line has the keys."""
        entry = self.query_one(Entry)
        entry.focus()
        entry.cursor_position = len(entry.value)
        self._preview()

    def on_resize(self) -> None:
        """The preview wraps."""
        self.call_after_refresh(self._preview)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what the line would do."""
        event.stop()
        self._preview()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter changes them, in one operation."""
        event.stop()
        if self.asked:
            return
        try:
            args = self._arguments(parse_capture(event.value, self._picture.now, edit=True))
        except TaskTermError as error:
            self.say(sentences.refusal(error), bad=True)
            return
        if not args:
            self.say("nothing to change was typed", bad=True)
            return
        self.asked += 1
        self._work.execute("edit", {"refs": [task.id for task in self._tasks], **args})

    def _preview(self) -> None:
        """What would change, what is wrong with the line, and the first of the tasks."""
        parsed = parse_capture(self.query_one(Entry).value, self._picture.now, edit=True, strict=False)
        glyphs = glyphs_of(self.app)
        width = max(self.query_one("#panel").content_size.width, 20)
        rows = [Row([Span("? ", "warn"), Span(visible(error.message), "warn")]) for error in parsed.problems[:2]]
        for number, line in enumerate(wrap(visible(glyphs.words(self._effect(parsed))), width)[:3]):
            rows.append(Row([Span(line, "soft" if number or not parsed.problems else "mute")]))
        rows.append(BLANK_LINE)
        for task in self._tasks[:SHOWN]:
            state = state_span(state_at(task, self._picture.now), glyphs)
            title = fit(visible(task.title), max(width - 10, 8), glyphs.ellipsis)
            rows.append(Row([state, field(f" #{task.id}", 7, "mute"), gap(1), Span(title, "soft")]))
        if len(self._tasks) > SHOWN:
            rows.append(Row([gap(2), Span(f"and {len(self._tasks) - SHOWN} more", "mute")]))
        self.query_one("#preview", Lines).set(rows)

    def _arguments(self, parsed: Capture) -> dict[str, Any]:
        """What the line asks of the store; UsageError for what is none of its business."""
        args = edit_line.arguments(parsed)
        if parsed.title and not self._titles:
            if parsed.title == "@":
                raise UsageError("no name was typed yet", "write it right after the @")
            raise UsageError(
                f"“{visible(parsed.title)}” would become the title",
                "a name stands right after its @, and everything else has a sign here too",
            )
        return args

    def _effect(self, parsed: Capture) -> str:
        """`changes 3 tasks: owner @ana, +ops`."""
        try:
            args = self._arguments(parsed)
        except TaskTermError as error:
            return error.message
        said = edit_line.phrases(args, self._picture.now)
        if not said:
            return "changes nothing yet"
        if "title" in args.get("set", {}) and len(self._tasks) > 1:
            return f"{len(self._tasks)} tasks cannot all be called “{parsed.title}”: every other word needs a sign"
        already = sum(edit_line.is_so(args, task) for task in self._tasks)
        count = len(self._tasks) - already
        so = f" ({already} {'is' if already == 1 else 'are'} so already)" if already else ""
        return f"changes {count} task{'s' if count != 1 else ''}: {', '.join(said)}{so}"
