"""`e`: every field of a task in one form. Only what was changed is sent, with the value that was seen before."""

from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import TextArea

from taskterm.core import dates
from taskterm.core.capture import parse_capture
from taskterm.core.errors import TaskTermError, UsageError
from taskterm.core.model import Task
from taskterm.tui import sentences
from taskterm.tui.containment import Contained
from taskterm.tui.messages import Hint, Picture
from taskterm.tui.screens.overlay import Lines, Overlay, TitleLine
from taskterm.tui.text import fit, visible
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.lines import BLANK, Canvas, Row, Span
from taskterm.tui.work import Work


class Field(NamedTuple):
    """One line of the form. `key` is the word of the capture grammar that reads its value; empty for plain text."""

    name: str  # field of the task, or `tags`
    label: str
    key: str
    example: str


FIELDS = (
    Field("title", "title", "", ""),
    Field("assignee", "owner", "@", "ana"),
    Field("project", "project", "project", "site.web"),
    Field("tags", "tags", "+", "ops release"),
    Field("priority", "priority", "pri", "H, M or L"),
    Field("estimate_minutes", "estimate", "est", "2h, 30 min"),
    Field("due", "due", "due", "fri 17:00, +2w, 27 nov"),
    Field("scheduled", "scheduled", "scheduled", "mon"),
    Field("wait", "wait", "wait", "hidden until then"),
    Field("recurrence", "repeat", "repeat", "weekly, every 2 weeks"),
)


def shown_value(task: Task, field: Field, now: Any) -> str:
    """The value as a person types it."""
    if field.name == "tags":
        return " ".join(task.tags)
    value = getattr(task, field.name)
    if value is None:
        return ""
    if field.name in ("due", "scheduled", "wait"):
        return dates.format_moment(value, now, end=field.name == "due")
    if field.name == "estimate_minutes":
        return dates.format_minutes(value)
    return str(value)


def read_value(field: Field, text: str, now: Any) -> Any:
    """What the text of a field means, as the store takes it; raises UsageError naming the field."""
    text = text.strip()
    if field.name == "title":
        if not text:
            raise UsageError("a task needs a title")
        return text
    if not text:
        return None
    word = f"@{text.removeprefix('@')}" if field.key == "@" else f"{field.key}:{text}"
    parsed = parse_capture([word], now)
    if parsed.title:
        raise UsageError(f"{field.label}: {visible(text)} is not understood", f"write it like {field.example}")
    return getattr(parsed, field.name)


class Label(Canvas):
    """The name of a field; accent while the field has the keys."""

    DEFAULT_CSS = "Label { width: 11; height: 1; background: $panel; }"
    GROUND: ClassVar[str] = "raised"

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self._here = False

    def set_here(self, here: bool) -> None:
        """Whether the keys go to the field beside it."""
        if here != self._here:
            self._here = here
            self.redraw()

    def rows(self, width: int, height: int) -> list[Row]:
        """One word."""
        text = fit(self._text, width - 1, self.glyphs.ellipsis)
        return [Row([Span(text, "accent" if self._here else "mute", self._here)])]


class Notes(TextArea, Contained):
    """The notes: plain Markdown text in several lines."""

    DEFAULT_CSS = """
    Notes, Notes:focus {
        border: none;
        padding: 0;
        height: 1fr;
        min-height: 3;
        background: $surface;
        color: $foreground;
        scrollbar-size: 0 0;
    }
    Notes .text-area--cursor-line { background: $surface; }
    """

    def __init__(self, text: str) -> None:
        super().__init__(text, tab_behavior="focus", soft_wrap=True, id="notes")
        self.cursor_blink = False


class EditScreen(Overlay[None]):
    """The form. It stays open until the store has taken the change; a refusal is said and nothing is lost."""

    DEFAULT_CSS = """
    EditScreen #panel { width: 84; height: 90%; max-height: 30; }
    EditScreen .field { height: 1; }
    EditScreen .field Entry { width: 1fr; }
    EditScreen #notes-row { height: 1fr; min-height: 3; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", show=False),
        Binding("down", "app.focus_next", "Next field", show=False),
        Binding("up", "app.focus_previous", "Previous field", show=False),
    ]
    JOBS = ("edit",)
    HINTS: ClassVar[tuple[Hint, ...]] = (
        Hint("enter", "save"),
        Hint("tab", "next field"),
        Hint("ctrl+s", "save from the notes"),
        Hint("esc", "close"),
    )

    def __init__(self, task: Task, picture: Picture, work: Work) -> None:
        super().__init__()
        self._edited = task
        self._now = picture.now
        self._work = work
        self._asked = False
        self._warned = False

    def body(self) -> Iterable[Widget]:
        """A line for every field, and the notes."""
        yield TitleLine(f"#{self._edited.id} {self._edited.title}", "edit")
        yield Lines([BLANK])
        for field in FIELDS:
            with Horizontal(classes="field"):
                yield Label(field.label)
                yield Entry(
                    shown_value(self._edited, field, self._now), placeholder=field.example, id=f"field-{field.name}"
                )
        with Horizontal(id="notes-row"):
            yield Label("notes")
            yield Notes(self._edited.notes)

    def on_mount(self) -> None:
        """Begin with the title, at its end."""
        entry = self.query_one("#field-title", Entry)
        entry.focus()
        entry.cursor_position = len(entry.value)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Mark the label of the field that has the keys."""
        for row in self.query("#panel Horizontal"):
            row.query_one(Label).set_here(event.widget in row.children)

    def on_input_submitted(self) -> None:
        """Enter in a field saves."""
        self.action_save()

    def action_save(self) -> None:
        """Send what differs."""
        if self._asked:
            return
        try:
            args = self._changes()
        except TaskTermError as error:
            self.say(sentences.refusal(error), bad=True)
            return
        if args is None:
            self.dismiss(None)
            return
        self._asked = True
        self._work.execute("edit", args)

    def action_cancel(self) -> None:
        """Close; with unsaved changes the first escape only says so."""
        try:
            unsaved = self._changes() is not None
        except TaskTermError:
            unsaved = True
        if unsaved and not self._warned:
            self._warned = True
            self.say("not saved yet: enter saves, esc again drops the changes", bad=True)
            return
        self.dismiss(None)

    def refused(self, sentence: str) -> None:
        """Somebody changed the field meanwhile, or a rule forbids it; the form stays as it is."""
        self._asked = False
        self.say(sentence, bad=True)

    def _changes(self) -> dict[str, Any] | None:
        """The arguments of `edit`, or None where nothing was changed."""
        task = self._edited
        changed: dict[str, Any] = {}
        expect: dict[str, Any] = {}
        tags: dict[str, list[str]] = {}
        for field in FIELDS:
            text = self.query_one(f"#field-{field.name}", Entry).value
            if text.strip() == shown_value(task, field, self._now).strip():
                continue
            if field.name == "tags":
                tags = _tag_changes(task, text)
            else:
                changed[field.name] = read_value(field, text, self._now)
                expect[field.name] = getattr(task, field.name)
        notes = self.query_one(Notes).text
        if notes != task.notes:
            changed["notes"] = notes
            expect["notes"] = task.notes
        if not changed and not tags:
            return None
        return {"refs": [task.id], "set": changed, "expect": expect, **tags}


def _tag_changes(task: Task, text: str) -> dict[str, list[str]]:
    wanted = [word.removeprefix("+") for word in text.replace(",", " ").split()]
    added = [tag for tag in wanted if tag not in task.tags]
    removed = [tag for tag in task.tags if tag not in wanted]
    found = {"add_tags": added, "remove_tags": removed}
    return {name: values for name, values in found.items() if values}
