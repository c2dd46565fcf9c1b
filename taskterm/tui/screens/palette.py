"""`:`: every action with its key and its command line, and everything there is by a few of its letters."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from taskterm.core.model import Task
from taskterm.tui.actions import BY_ID, command_for
from taskterm.tui.jumping import Finder, Hit
from taskterm.tui.messages import Hint, Picture
from taskterm.tui.pane_lines import part_span
from taskterm.tui.rows import BLANK, Row, Span, field, fit_spans, gap, spread, width_of
from taskterm.tui.screens.overlay import Lines, Overlay, Rule
from taskterm.tui.text import fit, visible
from taskterm.tui.widgets.bits import lit_spans, state_at, state_span, when
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.lines import LineView


class Hits(LineView):
    """The lines below the field."""

    DEFAULT_CSS = "Hits { background: $panel; height: 1fr; }"
    GROUND: ClassVar[str] = "raised"

    def __init__(self, picture: Picture) -> None:
        super().__init__(id="hits")
        self._picture = picture
        self._number = len(str(max(picture.snapshot.tasks, default=0)))
        self._hits: list[Hit] = []

    def set_hits(self, hits: list[Hit]) -> None:
        """Show these, with the cursor on the first."""
        lines: list[Hit] = []
        for hit in hits:
            if hit.key is None and lines:
                lines.append(Hit(None, ""))
            lines.append(hit)
        self._hits = lines
        self.set_keys([])
        self.set_keys([hit.key for hit in lines])
        self.action_edge(0)

    @property
    def chosen(self) -> Hit | None:
        """The line under the cursor."""
        line = self.line_of(self.cursor_key) if self.cursor_key is not None else None
        return self._hits[line] if line is not None else None

    @property
    def head(self) -> str:
        """The head of the section under the cursor."""
        line = self.line_of(self.cursor_key) if self.cursor_key is not None else None
        above = self._hits[: line + 1] if line is not None else []
        return next((hit.text for hit in reversed(above) if hit.key is None), "")

    def row(self, index: int, width: int, selected: bool) -> Row:
        """Letters that were hit are accent; actions show command and key, tasks their owner."""
        hit = self._hits[index]
        if hit.key is None:
            return Row([gap(2), Span(visible(hit.text), "mute")]) if hit.text else BLANK
        half = max(width * 9 // 20, 20)
        if hit.action is not None:
            keys = Span(next(iter(self.glyphs.keys.all(hit.action.id)), ""), "accent", True)
            command = command_for(hit.action, self._meant)
            words = fit(self.glyphs.words(hit.text), half - 3, self.glyphs.ellipsis)
            left = [gap(2), *lit_spans(words, hit.letters, bold=selected)]
            left.append(gap(half - width_of(left)))
            left.append(Span(self.glyphs.words(command), "mute"))
            return Row(spread(left, [keys, gap(1)], width, self.glyphs.ellipsis))
        if hit.task is None:
            return self._name_row(hit, width, half, selected)
        state = state_at(hit.task, self._picture.now)
        head = [
            gap(2),
            state_span(state, self.glyphs),
            field(f" #{hit.task.id}", self._number + 2, "mute", "right"),
            gap(1),
        ]
        title = lit_spans(fit(hit.text, width - 24, self.glyphs.ellipsis), hit.letters, bold=selected)
        owner = [Span(f"@{visible(hit.task.assignee)}", "soft"), gap(1)] if hit.task.assignee else []
        return Row(spread([*head, *title], owner, width, self.glyphs.ellipsis))

    def _name_row(self, hit: Hit, width: int, half: int, selected: bool) -> Row:
        """A saved view, a key of the view that is on, a name to filter by, a run, a workflow."""
        ellipsis, now = self.glyphs.ellipsis, self._picture.now
        left, beside = [gap(2)], hit.beside
        if hit.run is not None:
            left += [part_span(hit.run.state, self.glyphs), Span(f" run {hit.run.id} ", "mute")]
            beside = when(hit.run.started_at or hit.run.created_at, now)
        if hit.key is not None and hit.key.startswith("key:"):
            words = lit_spans(self.glyphs.words(hit.text), hit.letters, bold=selected)
            return Row(spread([*left, *words], [Span(beside, "accent", True), gap(1)], width, ellipsis))
        left += lit_spans(fit(hit.text, half - width_of(left) - 2, ellipsis), hit.letters, bold=selected)
        return Row(fit_spans([*left, gap(half - width_of(left)), Span(visible(beside), "mute")], width - 1, ellipsis))

    _meant: Sequence[int] = ()

    def select_for(self, task_ids: Sequence[int]) -> None:
        """The tasks that commands are written for."""
        self._meant = task_ids


def _about(hit: Hit) -> str:
    """What enter does, in a sentence."""
    kind, _, value = (hit.key or "").partition(":")
    if hit.action is not None:
        return hit.action.about or hit.action.title
    if kind == "key":
        return f"{visible(hit.text)}."
    if kind in ("task", "workflow"):
        return f"Goes to #{value}."
    return f"Shows run {value} with its output." if kind == "run" else f"Shows only {visible(value)}."


class PaletteScreen(Overlay[str]):
    """Answers the key of a Hit: what shall be done, shown or gone to."""

    DEFAULT_CSS = """
    PaletteScreen #panel { width: 88; height: 70%; min-height: 14; }
    PaletteScreen #ask { height: 1; }
    PaletteScreen #sign { width: 2; }
    PaletteScreen #line { width: 1fr; }
    PaletteScreen #count { width: 14; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "step(1)", "Next", show=False),
        Binding("up,ctrl+p", "step(-1)", "Previous", show=False),
        Binding("pagedown", "page(1)", "Page", show=False),
        Binding("pageup", "page(-1)", "Page", show=False),
        Binding("tab", "only", "Only this kind", show=False),
        Binding("ctrl+y", "copy", "Copy as command", show=False),
    ]
    HINTS: ClassVar[tuple[Hint, ...]] = (
        Hint("up down", "choose"),
        Hint("enter", "do it"),
        Hint("tab", "only this kind"),
        Hint("ctrl+y", "copy as command"),
        Hint("esc", "close"),
    )

    def __init__(self, picture: Picture, targets: Sequence[Task], finder: Finder) -> None:
        super().__init__()
        self._picture = picture
        self._targets = tuple(targets)
        self._finder = finder
        self._only = ""  # the head of the section that alone is shown

    def body(self) -> Iterable[Widget]:
        """Field, hits, what enter will do."""
        with Horizontal(id="ask"):
            yield Lines([Row([Span(":", "accent", True)])], id="sign")
            yield Entry(placeholder="an action, a number, a few letters of a title", id="line")
            yield Lines([BLANK], id="count")
        yield Rule()
        yield Hits(self._picture)
        yield Rule()
        yield Lines([BLANK], id="about")

    def on_mount(self) -> None:
        """The field has the keys; the list follows it."""
        hits = self.query_one(Hits)
        hits.can_focus = False
        hits.select_for([task.id for task in self._targets])
        self.query_one(Entry).focus()
        self._fill("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search."""
        event.stop()
        self._fill(event.value.strip())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the line under the cursor."""
        event.stop()
        chosen = self.query_one(Hits).chosen
        if chosen is not None:
            self.dismiss(chosen.key)

    def on_line_view_activated(self, event: LineView.Activated) -> None:
        """A double click."""
        self.dismiss(str(event.key))

    def on_line_view_moved(self) -> None:
        """Say what enter would do."""
        chosen = self.query_one(Hits).chosen
        about = ""
        if chosen is not None:
            about = _about(chosen)
        self.query_one("#about", Lines).set([Row([Span(about, "soft")])])

    def action_step(self, step: int) -> None:
        """Move in the list."""
        self.query_one(Hits).action_cursor(step)

    def action_page(self, pages: int) -> None:
        """Move in the list."""
        self.query_one(Hits).action_page(pages)

    def action_only(self) -> None:
        """Only the section under the cursor, or all of them again."""
        head = self.query_one(Hits).head
        self._only = "" if self._only else head
        self._fill(self.query_one(Entry).value.strip())

    def action_copy(self) -> None:
        """The command line of the chosen action, to the clipboard."""
        chosen = self.query_one(Hits).chosen
        if chosen is None:
            return
        if chosen.action is not None:
            text = command_for(chosen.action, [task.id for task in self._targets])
        elif chosen.task is not None:
            text = command_for(BY_ID["open"], [chosen.task.id])
        else:
            text = chosen.command
        self.app.copy_to_clipboard(text)
        self.say(f"copied: {text}")

    def _fill(self, needle: str) -> None:
        hits = self._finder.find(needle, self._only)
        if not hits and self._only:
            self._only = ""
            hits = self._finder.find(needle)
        self.query_one(Hits).set_hits(hits)
        found = sum(hit.key is not None for hit in hits)
        count = field(f"{found} of {self._finder.total}", 14, "mute", "right")
        self.query_one("#count", Lines).set([Row([count])])
        if not hits:
            self.query_one("#about", Lines).set([Row([Span("Nothing fits.", "soft")])])
