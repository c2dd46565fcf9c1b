"""Two people changed the same fields: both versions side by side, and the user says which of them counts."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

from taskterm.core.errors import Clash, TaskTermError
from taskterm.core.merge import Marks, merged
from taskterm.core.model import Task
from taskterm.tui import clash_rows, sentences
from taskterm.tui.edit_fields import LABELS
from taskterm.tui.lending import edited
from taskterm.tui.messages import Hint, Picture
from taskterm.tui.rows import Row, Span
from taskterm.tui.screens.overlay import BLANK_LINE, Lines, Overlay, Rule, TitleLine
from taskterm.tui.text import visible
from taskterm.tui.theme import glyphs_of
from taskterm.tui.widgets.page import Page


class Versions(Page):
    """The fields with their two versions."""

    DEFAULT_CSS = "Versions { height: auto; max-height: 100%; background: $panel; }"
    GROUND: ClassVar[str] = "raised"

    def __init__(self, screen: "ClashScreen") -> None:
        super().__init__(id="versions")
        self._screen = screen

    def text(self, width: int) -> Sequence[Row]:
        """All of them."""
        found, self.starts = clash_rows.rows(self._screen.shown(), max(width, 20))
        return found


class ClashScreen(Overlay[dict[str, Any]]):
    """Answers the value of every field as it was decided, or None: decide later."""

    DEFAULT_CSS = """
    ClashScreen #panel { width: 104; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "choose('yours')", "Yours", show=False, priority=True),
        Binding("2", "choose('theirs')", "Theirs", show=False, priority=True),
        Binding("3", "choose('both')", "Both", show=False, priority=True),
        Binding("m", "merge", "In your editor", show=False, priority=True),
        Binding("d", "whole", "All lines", show=False, priority=True),
        Binding("down,j,tab", "field(1)", "Next field", show=False, priority=True),
        Binding("up,k,shift+tab", "field(-1)", "Field before", show=False, priority=True),
        Binding("enter", "apply", "Apply", show=False, priority=True),
    ]
    TAKES_EARLY_KEYS: ClassVar[bool] = False
    ALONE: ClassVar[bool] = True
    HINTS: ClassVar[tuple[Hint, ...]] = (
        Hint("1", "keep yours"),
        Hint("2", "take theirs"),
        Hint("enter", "save"),
        Hint("d", "all lines"),
        Hint("esc", "decide later"),
    )

    def __init__(self, task: Task, clashes: Sequence[Clash], picture: Picture, actor: str) -> None:
        super().__init__()
        self._clashes = tuple(clashes)
        self._about = task
        self._picture = picture
        self._actor = actor
        self._chosen: dict[str, str] = {}
        self._merged: dict[str, str] = {}
        self._here = 0
        self._whole = False

    def shown(self) -> clash_rows.Shown:
        """What the rows are made of."""
        glyphs = glyphs_of(self.app)
        found = self._clashes, self._chosen, self._here, self._whole
        return clash_rows.Shown(*found, self._picture.now, glyphs, self._actor)

    def body(self) -> Iterable[Widget]:
        """What happened, the fields, and what enter will do."""
        several = len(self._clashes) > 1
        what = f"{len(self._clashes)} fields changed twice" if several else "Changed twice"
        yield TitleLine(f"! {what}: #{self._about.id} {self._about.title}")
        people = " ".join(dict.fromkeys(f"@{clash.by}" for clash in self._clashes))
        yield Lines(
            [
                Row([Span(visible(f"{people} changed this while you were typing. Nothing is written yet."), "soft")]),
                BLANK_LINE,
            ]
        )
        yield Versions(self)
        yield Rule()
        yield Lines(id="foot")

    def on_mount(self) -> None:
        """The first field has the keys."""
        self.query_one(Versions).focus()
        self._redraw()

    def on_resize(self, event: events.Resize) -> None:
        """The versions scroll in what the frame, the head and the foot leave of the panel."""
        self.query_one(Versions).styles.max_height = max(event.size.height * 9 // 10 - 7, 5)
        self.call_after_refresh(self._redraw)

    def action_field(self, step: int) -> None:
        """Another field."""
        self._here = (self._here + step) % len(self._clashes)
        self._redraw()

    def action_choose(self, which: str) -> None:
        """This version of the field counts; the next undecided one has the keys."""
        clash = self._clashes[self._here]
        if which == "both" and clash.field != "notes":
            self.say("only notes can keep both: 1 keeps yours, 2 takes theirs", bad=True)
            return
        self._merged.pop(clash.field, None)
        self._chosen[clash.field] = which
        open_fields = [i for i, other in enumerate(self._clashes) if other.field not in self._chosen]
        self._here = next((i for i in open_fields if i > self._here), open_fields[0] if open_fields else self._here)
        self._redraw()

    def action_whole(self) -> None:
        """All lines of long notes, and back."""
        self._whole = not self._whole
        self._redraw()

    def action_merge(self) -> None:
        """Both versions of the notes in the user's editor; what comes back counts."""
        clash = self._clashes[self._here]
        if clash.field != "notes":
            self.say("only notes are merged in an editor: 1 keeps yours, 2 takes theirs", bad=True)
            return
        marks = Marks("<<<<<<< yours", "=======", f">>>>>>> theirs, @{clash.by}")
        text = self._merged.get("notes") or merged(clash.seen or "", clash.yours or "", clash.theirs or "", marks)
        try:
            found = edited(self.app, f"{self._about.id}-notes.md", text).rstrip("\n")
        except TaskTermError as error:
            self.say(sentences.refusal(error), bad=True)
            return
        self._merged["notes"] = found
        if any(line in found.split("\n") for line in (marks.yours, marks.theirs)):
            self._chosen.pop("notes", None)
            self.say("the marks <<<<<<< and >>>>>>> are still in it: m opens it again", bad=True)
        else:
            self._chosen["notes"] = "both"
        self._redraw()

    def action_apply(self) -> None:
        """Answer the decisions, once there is one for every field."""
        if missing := self._missing():
            self.say(f"choose {missing} first", bad=True)
            return
        self.dismiss({clash.field: self._decided(clash) for clash in self._clashes})

    def _decided(self, clash: Clash) -> Any:
        which = self._chosen[clash.field]
        if which == "both":
            return self._merged.get("notes") or merged(clash.seen or "", clash.yours or "", clash.theirs or "")
        return clash.yours if which == "yours" else clash.theirs

    def _missing(self) -> str:
        names = [LABELS[clash.field] for clash in self._clashes if clash.field not in self._chosen]
        return " and ".join(names)

    def _redraw(self) -> None:
        versions = self.query_one(Versions)
        versions.rebuild()
        versions.refresh(layout=True)
        versions.scroll_to(y=versions.starts[self._here], animate=False, force=True)
        done = len(self._clashes) - len([c for c in self._clashes if c.field not in self._chosen])
        self.query_one(TitleLine).set(remark=f"{done} of {len(self._clashes)} decided")
        missing = self._missing()
        first = Span(f"choose {missing} first", "mute") if missing else Span("enter saves it so", "text")
        rest = Span(" · what they wrote stays in the history", "mute")
        glyphs = glyphs_of(self.app)
        self.query_one("#foot", Lines).set([Row([first, rest._replace(text=glyphs.words(rest.text))])])
