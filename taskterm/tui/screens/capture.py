"""`a`: one line becomes a task. What is understood is shown while it is typed; what was typed is never lost."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from taskterm.core import dates, recurrence
from taskterm.core.capture import Capture, parse_capture
from taskterm.core.errors import TaskTermError
from taskterm.core.model import OPEN
from taskterm.core.snapshot import Snapshot
from taskterm.tui import completing, sentences
from taskterm.tui.known import Index
from taskterm.tui.messages import Hint, Picture
from taskterm.tui.naming import find
from taskterm.tui.rows import BLANK, Row, Span, field, fit_spans, gap, width_of
from taskterm.tui.screens.overlay import Lines, Overlay
from taskterm.tui.text import visible
from taskterm.tui.theme import Glyphs, Palette, glyphs_of
from taskterm.tui.widgets.bits import ids, state_at, state_span
from taskterm.tui.widgets.canvas import Canvas
from taskterm.tui.widgets.completion import Completions
from taskterm.tui.widgets.entry import LINES_PASTED, TOO_MANY_LINES, Entry
from taskterm.tui.widgets.footer import Footer
from taskterm.tui.work import Work

LABEL = 10
LEFT = 58
ECHO_ROWS = 4
"""Width of a label and of the left half of the echo (in cells, where there is room for two); its rows at least."""

SHELL = set("'\\$`!*?<>|&;()[]{}#~^\t")
"""Signs that a shell would take for itself: a line with one of them is no command line as it stands."""
ABOVE = 2
"""Lines of the panel above the line."""

ROLES = {"title": ("text", True), "bad": ("warn", False)}
"""How kinds of text in the line are drawn: (role, bold); every other kind is understood input, in accent."""


class CaptureHighlighter(Highlighter):
    """Colours the line by what `core.capture` understood."""

    def __init__(self, palette: Palette, now: datetime, snapshot: Snapshot, *, edit: bool = False) -> None:
        self._edit = edit  # the line changes tasks that there are
        self._palette = palette
        self._now = now
        self._snapshot = snapshot

    def highlight(self, text: Text) -> None:
        """Style every span; references that fit no task count as not understood."""
        parsed = parse_capture(text.plain, self._now, edit=self._edit, strict=False)
        for span in parsed.spans:
            role, bold = ROLES.get(span.kind, ("accent", False))
            bad = span.kind == "bad" or not span.ok
            if span.kind == "ref":
                typed = text.plain[span.start : span.end].strip('"')
                bad = find(self._snapshot, typed.rsplit(":", 1)[-1]) is None
            style = self._palette.style("warn" if bad else role, "raised", bold=bold, underline=bad)
            text.stylize(style, span.start, span.end)


def values_of(parsed: Capture) -> dict[str, Any]:
    """The arguments of the store's `add` for a parsed line."""
    names = ("assignee", "project", "due", "scheduled", "wait", "estimate_minutes", "priority", "recurrence")
    values: dict[str, Any] = {"title": parsed.title}
    values |= {name: getattr(parsed, name) for name in names if getattr(parsed, name) is not None}
    if parsed.tags:
        values["tags"] = list(parsed.tags)
    for name, refs in (("after", parsed.after), ("before", parsed.before)):
        if refs:
            values[name] = list(refs)
    if parsed.run:
        values["steps"] = [{"run": command} for command in parsed.run]
    return values


class CaptureHead(Canvas):
    """The heavy line above the panel, with its name."""

    DEFAULT_CSS = "CaptureHead { height: 1; background: $panel; }"
    GROUND: ClassVar[str] = "raised"

    def rows(self, width: int, height: int) -> list[Row]:
        """One line: you are here."""
        heavy = self.glyphs.heavy
        name = " Add a task "
        rest = heavy * max(width - 2 - len(name), 0)
        return [Row([Span(heavy * 2, "accent"), Span(name, "accent", True), Span(rest, "accent")])]


class CaptureScreen(Overlay[str]):
    """The capture panel at the bottom. It asks `app.work` itself and stays open until the task is really stored.

    It answers None, or several lines that were pasted into it.
    """

    DEFAULT_CSS = """
    CaptureScreen { align: left bottom; }
    CaptureScreen #capture { width: 100%; height: auto; background: $panel; dock: bottom; margin-bottom: 1; }
    CaptureScreen #line { height: 1; padding: 0 2; margin: 1 0; background: $panel; }
    CaptureScreen #line Lines { width: 2; }
    CaptureScreen #line Entry { width: 1fr; }
    CaptureScreen #echo { height: auto; margin-bottom: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+n", "again", "One more", show=False)]
    JOBS = ("add",)
    HINTS: ClassVar[tuple[Hint, ...]] = (
        Hint("enter", "add"),
        Hint("tab", "complete"),
        Hint("ctrl+n", "add and one more"),
        Hint("esc", "keep as draft"),
    )

    def __init__(
        self, picture: Picture, work: Work, index: Callable[[], Index], draft: str, keep: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._index = index
        self._picture = picture
        self._work = work
        self._draft = draft
        self._keep = keep
        self._again = False
        self._several = False

    def compose(self) -> ComposeResult:
        """Head, line, echo, footer."""
        with Vertical(id="capture"):
            yield CaptureHead()
            with Horizontal(id="line"):
                yield Lines([Row([Span(glyphs_of(self.app).prompt, "accent", True)])])
                yield Entry(
                    self._draft,
                    highlighter=self._highlighter(),
                    hands_on=True,
                    id="entry",
                )
            yield Lines([BLANK] * ECHO_ROWS, id="echo")
        yield Footer(self.HINTS, id="overlay-footer")

    def on_mount(self) -> None:
        """The line has the keys, and what could be typed opens above the panel."""
        entry = self.query_one(Entry)
        self.mount(Completions(entry, completing.CAPTURE, self._index, clear=ABOVE))
        entry.focus()
        entry.cursor_position = len(entry.value)
        self._echo(entry.value)

    def on_resize(self) -> None:
        """The echo has one or two columns."""
        self._echo(self.query_one(Entry).value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what is understood, and keep what is typed."""
        event.stop()
        if not self._several:
            self._keep(event.value)
        self._echo(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: add it and close."""
        event.stop()
        self._submit(again=False)

    def on_entry_several_pasted(self, event: Entry.SeveralPasted) -> None:
        """More than one line: they are looked through together."""
        event.stop()
        if len(event.text.splitlines()) >= LINES_PASTED:
            self.say(TOO_MANY_LINES, bad=True)
        else:
            self._several = True  # the line that stays in the field is not all of it
            self._keep(event.text)
            self.dismiss(event.text)

    def action_again(self) -> None:
        """Add it and ask for the next one."""
        self._submit(again=True)

    def action_cancel(self) -> None:
        """Close; what was typed is there again next time."""
        self._keep(self.query_one(Entry).value)
        self.dismiss(None)

    def _submit(self, *, again: bool) -> None:
        if self.asked:
            return
        try:
            values = values_of(parse_capture(self.query_one(Entry).value, self._picture.now))
        except TaskTermError as error:
            self.say(sentences.refusal(error), bad=True)
            return
        if not values["title"]:
            self.say("a task needs a title: type what has to happen", bad=True)
            return
        self._again = again
        self.asked += 1
        self._work.add(values)

    def accepted(self, sentence: str) -> None:
        """The task is stored: the line has done its work."""
        self._keep("")
        if self._again:
            self.query_one(Entry).value = ""
            self.say(sentence)
        else:
            self.dismiss(None)

    def refreshed(self, picture: Picture) -> None:
        """What was just added can be named at once."""
        self._picture = picture
        entry = self.query_one(Entry)
        entry.highlighter = self._highlighter()
        self._echo(entry.value)

    # the echo

    def _highlighter(self) -> CaptureHighlighter:
        return CaptureHighlighter(self.palette, self._picture.now, self._picture.snapshot)

    def _echo(self, line: str) -> None:
        width = self.size.width
        glyphs = self.query_one(CaptureHead).glyphs
        left, right = echo_of(parse_capture(line, self._picture.now, strict=False), self._picture, glyphs)
        if left[0][1][0].text and not set(line) & SHELL:
            right.append(("same as", [Span("taskterm add ", "mute"), Span(visible(line.strip()), "soft")]))
        rows = []
        two = width >= 100
        pairs = left if two else [*left, *right]
        most = max(self.size.height - 12, ECHO_ROWS)
        for index in range(min(max(len(left), len(right), ECHO_ROWS) if two else max(len(pairs), ECHO_ROWS), most)):
            spans: list[Span] = [gap(2)]
            if index < len(pairs):
                room = (LEFT if two else width) - LABEL - 4
                spans += [field(pairs[index][0], LABEL, "mute"), *fit_spans(pairs[index][1], room, glyphs.ellipsis)]
            if two and index < len(right):
                name, value = right[index]
                spans += [gap(LEFT - width_of(spans)), field(name, LABEL, "mute")]
                spans += fit_spans(value, width - LEFT - LABEL - 1, glyphs.ellipsis)
            rows.append(Row(spans))
        self.query_one("#echo", Lines).set(rows)


Pairs = list[tuple[str, list[Span]]]


def echo_of(parsed: Capture, picture: Picture, glyphs: Glyphs) -> tuple[Pairs, Pairs]:
    """What would be created, as (label, value) pairs for the left and the right column; problems come first right."""
    now = picture.now
    left: Pairs = [("title", [Span(visible(parsed.title), "text", True)])]
    who = [Span(f"@{visible(parsed.assignee)}")] if parsed.assignee else []
    tags = [Span(visible(" ".join(f"+{tag}" for tag in parsed.tags)), "soft")] if parsed.tags else []
    project = [Span(visible(parsed.project), "soft")] if parsed.project else []
    about = _joined(glyphs, who, tags, project)
    if about:
        left.append(("owner" if who else "tags" if tags else "project", about))
    for name, value in (("due", parsed.due), ("scheduled", parsed.scheduled), ("waits", parsed.wait)):
        if value:
            moment = dates.format_moment(value, now, end=name == "due")
            left.append((name, [Span(moment), Span(f" ({dates.relative(value, now)})", "mute")]))
    estimate = [Span(dates.format_minutes(parsed.estimate_minutes))] if parsed.estimate_minutes else []
    priority = (
        [Span("priority ", "mute"), Span(parsed.priority, "warn" if parsed.priority == "H" else "text", True)]
        if parsed.priority
        else []
    )
    rule = visible(recurrence.describe(parsed.recurrence)) if parsed.recurrence else ""
    repeats = [Span("repeats ", "mute"), Span(rule)] if rule else []
    size = _joined(glyphs, estimate, priority, repeats)
    if size:
        left.append(("estimate" if estimate else "", size))
    return left, _right(parsed, picture, glyphs)


def _right(parsed: Capture, picture: Picture, glyphs: Glyphs) -> Pairs:
    snapshot, now = picture.snapshot, picture.now
    right: Pairs = [("", [Span("? ", "warn"), Span(visible(error.message), "warn")]) for error in parsed.problems]
    right += [("", [Span(visible(note), "mute")]) for note in parsed.notes[:1]]
    for name, refs in (("after", parsed.after), ("before", parsed.before)):
        for index, ref in enumerate(refs):
            right.append((name if index == 0 else "", _reference(ref, picture, glyphs)))
    for command in parsed.run:
        right.append(("runs", [Span("$ ", "accent", True), Span(visible(command))]))
    open_after = [t for t in (find(snapshot, ref) for ref in parsed.after) if t and t.status in OPEN]
    state: list[Span] = []
    if parsed.wait and parsed.wait > dates.to_utc_text(now):
        state = [Span(f"{glyphs.state['waiting']} ", "mute"), Span("waiting", "soft")]
    elif open_after:
        state = [
            Span(f"{glyphs.state['blocked']} ", "mute"),
            Span(f"blocked by {ids([task.id for task in open_after], 6)}"),
        ]
    elif parsed.title:
        state = [Span(f"{glyphs.state['ready']} ", "ready"), Span("ready")]
    if state:
        right.append(("state", state))
    return right


def _reference(ref: str, picture: Picture, glyphs: Glyphs) -> list[Span]:
    task = find(picture.snapshot, ref)
    if task is None:
        quoted = f"{glyphs.words('“')}{visible(ref)}{glyphs.words('”')}"
        return [Span("? ", "warn"), Span(f"{quoted} is not one task yet", "soft")]
    owner = [Span(f" @{visible(task.assignee)}", "soft")] if task.assignee else []
    state = state_at(task, picture.now)
    return [state_span(state, glyphs), Span(f" #{task.id} ", "mute"), Span(visible(task.title)), *owner]


def _joined(glyphs: Glyphs, *parts: list[Span]) -> list[Span]:
    found: list[Span] = []
    for part in parts:
        if part:
            found += [Span(glyphs.words(" · "), "mute"), *part] if found else part
    return found
