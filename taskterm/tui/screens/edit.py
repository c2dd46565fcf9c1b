"""`e`: every field of a task in one form, with what each text means beside it. Only what was changed is sent.

What somebody else changes meanwhile comes into the form by itself where the user has not touched the field; where they
have, it is said beside the field, and saving asks which of the two counts.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, TextArea

from taskterm.core.dates import relative
from taskterm.core.errors import Clash, Overtaken, TaskTermError, UsageError
from taskterm.core.model import Task
from taskterm.tui import sentences
from taskterm.tui.drafts import Form, Forms
from taskterm.tui.edit_fields import (
    FIELDS,
    MOMENTS,
    Field,
    clash_told,
    read_value,
    shown_value,
    tag_changes,
    understood,
)
from taskterm.tui.lending import edited
from taskterm.tui.messages import Hint, Picture
from taskterm.tui.rows import BLANK, Row, Span, fit_spans
from taskterm.tui.screens.overlay import Lines, Overlay, TitleLine
from taskterm.tui.theme import glyphs_of
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.label import Label, Meaning
from taskterm.tui.widgets.notes import Notes
from taskterm.tui.work import Work

BESIDE = 72
"""Columns of the screen from which what a text means stands beside its field, and not only below the fields."""


class FieldHighlighter(Highlighter):
    """What was typed and understood is accent, what was not is warn and underlined, what was there before is text."""

    def __init__(self, form: "EditScreen", field: Field) -> None:
        self._form = form
        self._field = field

    def highlight(self, text: Text) -> None:
        """Style the whole field."""
        form, field = self._form, self._field
        bad = form.problem(field, text.plain) is not None
        new = text.plain.strip() != form.before(field.name).strip()
        role = "warn" if bad else "accent" if new and field.key else "text"
        text.stylize(form.palette.style(role, "raised", bold=field.name == "title", underline=bad))


class EditScreen(Overlay[None]):
    """The form. It stays open until the store has taken the change; a refusal is said and nothing is lost."""

    DEFAULT_CSS = """
    EditScreen #panel { width: 104; height: 90%; max-height: 36; }
    EditScreen .field { height: 1; }
    EditScreen .field Entry { width: 1fr; }
    EditScreen.narrow .field Meaning { display: none; }
    EditScreen #told { height: 1; }
    EditScreen #notes-row { height: 1fr; min-height: 3; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", show=False),
        Binding("ctrl+e", "editor", "Notes in your editor", show=False, priority=True),
        Binding("down", "app.focus_next", "Next field", show=False),
        Binding("up", "app.focus_previous", "Previous field", show=False),
    ]
    JOBS = ("edit", "add")
    HINTS: ClassVar[tuple[Hint, ...]] = (
        Hint("enter", "save"),
        Hint("tab", "next field"),
        Hint("ctrl+s", "save from the notes"),
        Hint("ctrl+e", "notes in your editor"),
        Hint("esc", "close"),
    )

    def __init__(self, task: Task, picture: Picture, work: Work, forms: Forms, *, in_editor: bool = False) -> None:
        super().__init__()
        self._edited = task
        self._base: dict[str, Any] = {field.name: getattr(task, field.name) for field in FIELDS}
        self._base["notes"] = task.notes
        self._tags_now = task.tags  # as they are in the database; `_base` has those that the form began with
        self._picture = picture
        self._now = picture.now
        self._work = work
        self._forms = forms
        self._filled = False  # what was left the time before stands in the fields
        self._in_editor = in_editor
        self._clashes: dict[str, Clash] = {}
        self._gone = False
        self._warned = False

    def body(self) -> Iterable[Widget]:
        """A line for every field, what the one with the keys means, and the notes."""
        yield TitleLine(f"#{self._edited.id} {self._edited.title}", "edit")
        yield Lines([BLANK])
        for field in FIELDS:
            with Horizontal(classes="field"):
                yield Label(field.label)
                yield Entry(
                    self.before(field.name),
                    placeholder=f"such as {field.example}" if field.key and field.key != "pri" else field.example,
                    highlighter=FieldHighlighter(self, field),
                    id=f"field-{field.name}",
                )
                yield Meaning(field.name)
        yield Lines([BLANK], id="told")
        with Horizontal(id="notes-row"):
            yield Label("notes")
            yield Notes(self._edited.notes)

    def on_mount(self) -> None:
        """Begin with the title, at its end; or in the user's editor."""
        entry = self.query_one("#field-title", Entry)
        entry.focus()
        self._go_on(self._forms.of(self._edited.uuid))
        entry.cursor_position = len(entry.value)
        if self._in_editor:
            self.query_one(Notes).focus()
            self.call_after_refresh(self._from_editor)
        self._redraw()

    def on_resize(self, event: events.Resize) -> None:
        """On a narrow screen what a text means stands below the fields."""
        self.set_class(event.size.width < BESIDE, "narrow")
        self._redraw()

    def _go_on(self, left: Form | None) -> None:
        """Begin with what was typed before; what others have changed since is a clash like any."""
        for name, text in left.texts.items() if left is not None else ():
            if name in self._base and left is not None:
                before = left.base.get(name)
                self._base[name] = tuple(before or ()) if name == "tags" else before
                if name == "notes":
                    self.query_one(Notes).put(text)
                else:
                    self.query_one(f"#field-{name}", Entry).value = text
        self._filled = True
        if left is not None:
            self._follow(self._edited)
            self.say("what you typed before is here again: enter saves, esc twice drops it")

    # what a field says

    def before(self, name: str) -> str:
        """The text that a field began with, or that somebody else has put there since."""
        return shown_value(name, self._base[name], self._now)

    def problem(self, field: Field, text: str) -> UsageError | None:
        """What is not understood of a text; nothing in one that was not touched."""
        if text.strip() == self.before(field.name).strip():
            return None
        try:
            read_value(field, text, self._now)
        except UsageError as error:
            return error
        return None

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Mark the label of the field that has the keys."""
        for row in self.query("#panel Horizontal"):
            row.query_one(Label).set_here(event.widget in row.children)
        self._redraw()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what the text means."""
        event.stop()
        self._touched()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """The notes were changed."""
        event.stop()
        self._touched()

    def _touched(self) -> None:
        self._warned = False
        self._redraw()
        if self._filled:
            self._forms.keep(self._edited.uuid, self._left())

    def _left(self) -> Form | None:
        """What would be lost if the program ended now."""
        texts = {field.name: self.query_one(f"#field-{field.name}", Entry).value for field in FIELDS}
        texts["notes"] = self.query_one(Notes).text
        texts = {name: text for name, text in texts.items() if text.strip() != self.before(name).strip()}
        return Form(self._edited.id, {name: self._base[name] for name in texts}, texts) if texts else None

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Saved or dropped: nothing is left of it."""
        self._forms.keep(self._edited.uuid, None)
        return super().dismiss(result)

    def _redraw(self) -> None:
        if not self.query("#told"):
            return
        below: list[Span] = []
        for field in FIELDS:
            entry = self.query_one(f"#field-{field.name}", Entry)
            spans = self._beside(field, entry.value)
            self.query_one(f"#meaning-{field.name}", Meaning).set(spans)
            if entry.has_focus:
                below = self._below(field, entry.value, spans)
        if self._gone:
            below = [Span("! ", "fail", True), Span("deleted meanwhile: enter adds it anew as it stands here")]
        elif not below and "notes" in self._clashes:
            below = [Span("notes  ", "mute"), *clash_told(self._clashes["notes"], self._now)]
        width = self.query_one("#panel").content_size.width or self.size.width - 6
        glyphs = glyphs_of(self.app)
        below = [span._replace(text=glyphs.words(span.text)) if span.role == "mute" else span for span in below]
        self.query_one("#told", Lines).set([Row(fit_spans(below, width, glyphs.ellipsis))])

    def _beside(self, field: Field, text: str) -> list[Span]:
        if field.name in self._clashes:
            return clash_told(self._clashes[field.name], self._now)
        same = text.strip() == self.before(field.name).strip()
        if not text.strip() and field.name != "title":
            spans = [Span(field.about, "mute")] if field.about else []
        elif same and field.name in ("assignee", "tags", "estimate_minutes"):
            spans = []
        elif same and field.name in MOMENTS:
            spans = [Span(relative(self._base[field.name], self._now), "mute")]  # the moment itself stands in the field
        else:
            spans = understood(field, text, self._now, self._work.actor)
        if field.name == "tags" and (new := [t for t in self._tags_now if t not in self._base["tags"]]):
            return [*spans, Span(f"  and {shown_value('tags', [f'+{t}' for t in new], self._now)} by others", "mute")]
        return spans

    def _below(self, field: Field, text: str, beside: list[Span]) -> list[Span]:
        """The line under the fields: what there was no room for beside the one that has the keys."""
        if field.name in self._clashes:
            said = [*beside, Span(" · ", "mute")] if self.has_class("narrow") else []
            return [*said, Span("saving asks which of the two counts", "mute")]
        error = self.problem(field, text)
        if error is not None:
            hint = [Span(f" · {error.hint}", "mute")] if error.hint else []
            return [Span("? ", "warn", True), Span(error.message, "warn"), *hint]
        return beside if self.has_class("narrow") else []

    # what others do meanwhile

    def refreshed(self, picture: Picture) -> None:
        """Untouched fields take the new value; in touched ones it is said who changed them, and to what."""
        self._picture = picture
        task = picture.snapshot.tasks.get(self._edited.id)
        self._gone = task is None
        if task is not None:
            self._follow(task)
        self._redraw()

    def _follow(self, task: Task) -> None:
        for field in FIELDS:
            if field.name != "tags":
                entry = self.query_one(f"#field-{field.name}", Entry)
                if self._take(task, field.name, entry.value, _meant(field, entry.value, self._now)):
                    entry.value = self.before(field.name)
        notes = self.query_one(Notes)
        if self._take(task, "notes", notes.text, notes.text):
            notes.put(task.notes)
        entry = self.query_one("#field-tags", Entry)
        self._tags_now = task.tags
        if entry.value.strip() == self.before("tags").strip():
            self._base["tags"] = task.tags
            entry.value = self.before("tags")

    def _take(self, task: Task, name: str, text: str, meant: Any) -> bool:
        """Notes what somebody else made of a field; True where the form shows it from now on."""
        new, seen = getattr(task, name), self._base[name]
        if new == seen:
            self._clashes.pop(name, None)
            return False
        if text.strip() == self.before(name).strip():
            self._base[name] = new
            return True
        if new == meant:
            self._clashes.pop(name, None)
            self._base[name] = new
        else:
            known = self._clashes.get(name)
            if known is None or known.theirs != new:
                self._clashes[name] = Clash(name, seen, new, meant, task.modified_by, task.modified_at)
        return False

    # saving

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field saves."""
        event.stop()
        self.action_save()

    def action_save(self) -> None:
        """Send what differs; where somebody else has changed the same, ask first."""
        if self.asked:
            return
        try:
            values = self._values()
            args = self._changes(values)
        except TaskTermError as error:
            self.say(sentences.refusal(error), bad=True)
            return
        if self._gone:
            self.asked += 1
            self._work.execute("add", {name: value for name, value in values.items() if value})
        elif clashes := [self._clashes[name]._replace(yours=values[name]) for name in values if name in self._clashes]:
            self._decide(clashes)
        elif args is None:
            self.dismiss(None)
        else:
            self.asked += 1
            self._work.execute("edit", args)

    def overtaken(self, error: Overtaken) -> None:
        """The store knows of a change that had not come here yet."""
        self._decide(error.clashes)

    def _decide(self, clashes: Iterable[Clash]) -> None:
        from taskterm.tui.screens.clash import ClashScreen

        found = {clash.field: clash for clash in clashes}

        def decided(values: Mapping[str, Any] | None) -> None:
            self._clashes |= found
            if values is None:
                self._redraw()
                self.say("nothing is saved; what you typed is still here")
                return
            for name, value in values.items():
                self._clashes.pop(name, None)
                self._base[name] = found[name].theirs  # now seen, so that saving over it is meant
                if name == "notes":
                    self.query_one(Notes).put(value or "")
                else:
                    self.query_one(f"#field-{name}", Entry).value = shown_value(name, value, self._now)
            self.action_save()

        self.app.push_screen(ClashScreen(self._edited, tuple(found.values()), self._picture, self._work.actor), decided)

    def _values(self) -> dict[str, Any]:
        """The value of every field as it stands in the form. UsageError for one that is not understood."""
        values: dict[str, Any] = {}
        for field in FIELDS:
            text = self.query_one(f"#field-{field.name}", Entry).value
            same = text.strip() == self.before(field.name).strip()
            values[field.name] = self._base[field.name] if same else read_value(field, text, self._now)
        values["notes"] = self.query_one(Notes).text
        return values

    def _changes(self, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """The arguments of `edit`, or None where nothing was changed."""
        changed = {name: v for name, v in values.items() if name != "tags" and v != self._base[name]}
        tags = tag_changes(self._base["tags"], values["tags"])
        if not changed and not tags:
            return None
        expect = {name: self._base[name] for name in changed}
        return {"refs": [self._edited.id], "set": changed, "expect": expect, **tags}

    # the user's editor, and leaving

    def action_editor(self) -> None:
        """The notes in the user's editor; what comes back stands in the form."""
        notes = self.query_one(Notes)
        try:
            text = edited(self.app, f"{self._edited.id}-notes.md", notes.text and f"{notes.text}\n")
        except TaskTermError as error:
            self.say(sentences.refusal(error), bad=True)
            return
        notes.put(text.rstrip("\n"))
        notes.focus()

    def _from_editor(self) -> None:
        """Straight into the editor, and out again when it has been saved."""
        before = self.query_one(Notes).text
        self.action_editor()
        if self.query_one(Notes).text != before:
            self.action_save()

    def action_cancel(self) -> None:
        """Close; with unsaved changes the first escape only says so."""
        try:
            unsaved = self._changes(self._values()) is not None
        except TaskTermError:
            unsaved = True
        if unsaved and not self._warned:
            self._warned = True
            self.say("not saved yet: enter saves, esc again drops the changes", bad=True)
            return
        self.dismiss(None)


def _meant(field: Field, text: str, now: Any) -> Any:
    """What the text of a field means so far; the text itself where that is nothing."""
    try:
        return read_value(field, text, now)
    except UsageError:
        return text
