"""`:`: every action with its key and its command line, and every task by a few letters of its title."""

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from taskterm.core.model import OPEN, Task
from taskterm.tui.actions import ACTIONS, BY_ID, SECTIONS, Action, command_for
from taskterm.tui.footing import possible
from taskterm.tui.messages import Hint, Picture
from taskterm.tui.screens.overlay import Lines, Overlay, Rule
from taskterm.tui.text import fit, visible
from taskterm.tui.widgets.bits import lit_spans, state_at, state_span
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.lines import BLANK, LineView, Row, Span, field, gap, spread, width_of

TASKS_SHOWN = 60


def fuzzy(needle: str, text: str) -> tuple[float, tuple[int, ...]] | None:
    """How well `needle` fits `text` and which letters it hit, or None. Whole pieces beat scattered letters.

    1000 for a piece at the start, 900 at the start of a word, 800 inside one; then letters in order: 500 less what
    lies between them. Longer texts lose a little. Letter case is ignored.
    """
    if not needle:
        return 0.0, ()
    small, low = needle.casefold(), text.casefold()
    if len(low) != len(text):  # a letter that folds to two would shift the places
        low = text
    starts = [at for at in range(len(low)) if low.startswith(small, at)]
    if starts:
        words = [at for at in starts if at == 0 or not low[at - 1].isalnum()]
        at = (words or starts)[0]
        score = 1000 if at == 0 else 900 if words else 800
        return score - len(text) / 100, tuple(range(at, at + len(small)))
    if len(small) < 3:  # two scattered letters are in every text
        return None
    hits: list[int] = []
    for letter in small:
        if letter.isspace():
            continue
        at = low.find(letter, hits[-1] + 1 if hits else 0)
        if at < 0:
            return None
        hits.append(at)
    spread_out = hits[-1] - hits[0] - len(hits)
    return (500 - 5 * spread_out - len(text) / 100, tuple(hits)) if spread_out < 30 else None


class Hit(NamedTuple):
    """One line of the palette: an action, a task or a section head."""

    key: str | None  # `action:done`, `task:12`, None for a head
    text: str
    letters: tuple[int, ...] = ()
    action: Action | None = None
    task: Task | None = None


def hits_for(needle: str, picture: Picture, selected: Task | None) -> list[Hit]:
    """What fits, in sections: actions for the selected task, actions everywhere, views, tasks."""
    found: list[Hit] = []
    name = f"For #{selected.id} {selected.title}" if selected else "For a task"
    for section, head in (("task", name), *SECTIONS[1:]):
        if section == "task" and selected is None:
            continue
        scored = []
        for order, action in enumerate(ACTIONS):
            if action.section != section or action.id == "palette":
                continue
            if section == "task" and selected is not None and not possible(action.id, selected, picture.snapshot):
                continue
            if fit_ := fuzzy(needle, action.title):
                scored.append((-fit_[0], order, Hit(f"action:{action.id}", action.title, fit_[1], action=action)))
        found += _section(head, [hit for _, _, hit in sorted(scored)])
    return found + _section("Tasks", _tasks(needle, picture))


def _tasks(needle: str, picture: Picture) -> list[Hit]:
    if not needle:
        return []
    scored = []
    number = needle.removeprefix("#")
    for task in picture.snapshot.tasks.values():
        if number.isdigit() and str(task.id).startswith(number):
            scored.append((-2000.0 + task.id / 1e6, task.id, Hit(f"task:{task.id}", task.title, task=task)))
        elif found := fuzzy(needle, task.title):
            closed = 0 if task.status in OPEN else 200
            scored.append((closed - found[0], task.id, Hit(f"task:{task.id}", task.title, found[1], task=task)))
    return [hit for _, _, hit in sorted(scored, key=lambda item: item[:2])[:TASKS_SHOWN]]


def _section(head: str, hits: list[Hit]) -> list[Hit]:
    return [Hit(None, head), *hits] if hits else []


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

    def row(self, index: int, width: int, selected: bool) -> Row:
        """Letters that were hit are accent; actions show command and key, tasks their owner."""
        hit = self._hits[index]
        if hit.key is None:
            return Row([gap(2), Span(visible(hit.text), "mute")]) if hit.text else BLANK
        half = max(width * 9 // 20, 20)
        if hit.action is not None:
            keys = Span(hit.action.keys[0] if hit.action.keys else "", "accent", True)
            task = self._picture.snapshot.tasks.get(self._selected_id or 0)
            command = command_for(hit.action, task.id if task else None)
            words = fit(self.glyphs.words(hit.text), half - 3, self.glyphs.ellipsis)
            left = [gap(2), *lit_spans(words, hit.letters, bold=selected)]
            left.append(gap(half - width_of(left)))
            left.append(Span(self.glyphs.words(command), "mute"))
            return Row(spread(left, [keys, gap(1)], width, self.glyphs.ellipsis))
        assert hit.task is not None
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

    _selected_id: int | None = None

    def select_for(self, task_id: int | None) -> None:
        """The task that commands are written for."""
        self._selected_id = task_id


class PaletteScreen(Overlay[str]):
    """Answers `action:ID` or `task:ID`."""

    DEFAULT_CSS = """
    PaletteScreen #panel { width: 88; height: 70%; min-height: 14; }
    PaletteScreen #ask { height: 1; }
    PaletteScreen #sign { width: 2; }
    PaletteScreen #line { width: 1fr; }
    PaletteScreen #count { width: 12; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "step(1)", "Next", show=False),
        Binding("up,ctrl+p", "step(-1)", "Previous", show=False),
        Binding("pagedown", "page(1)", "Page", show=False),
        Binding("pageup", "page(-1)", "Page", show=False),
        Binding("ctrl+y", "copy", "Copy as command", show=False),
    ]
    HINTS: ClassVar[tuple[Hint, ...]] = (
        Hint("up down", "choose"),
        Hint("enter", "do it"),
        Hint("ctrl+y", "copy as command"),
        Hint("esc", "close"),
    )

    def __init__(self, picture: Picture, selected: Task | None) -> None:
        super().__init__()
        self._picture = picture
        self._selected = selected

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
        hits.select_for(self._selected.id if self._selected else None)
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
        if chosen is not None and chosen.task is not None:
            about = f"Goes to #{chosen.task.id}."
        elif chosen is not None and chosen.action is not None:
            about = chosen.action.about or chosen.action.title
        self.query_one("#about", Lines).set([Row([Span(about, "soft")])])

    def action_step(self, step: int) -> None:
        """Move in the list."""
        self.query_one(Hits).action_cursor(step)

    def action_page(self, pages: int) -> None:
        """Move in the list."""
        self.query_one(Hits).action_page(pages)

    def action_copy(self) -> None:
        """The command line of the chosen action, to the clipboard."""
        chosen = self.query_one(Hits).chosen
        if chosen is None:
            return
        if chosen.action is not None:
            text = command_for(chosen.action, self._selected.id if self._selected else None)
        else:
            assert chosen.task is not None
            text = command_for(BY_ID["open"], chosen.task.id)
        self.app.copy_to_clipboard(text)
        self.say(f"copied: {text}")

    def _fill(self, needle: str) -> None:
        hits = hits_for(needle, self._picture, self._selected)
        self.query_one(Hits).set_hits(hits)
        found = sum(hit.key is not None for hit in hits)
        total = len(self._picture.snapshot.tasks) + len(ACTIONS) - 1
        count = field(f"{found} of {total}", 12, "mute", "right")
        self.query_one("#count", Lines).set([Row([count])])
        if not hits:
            self.query_one("#about", Lines).set([Row([Span("Nothing fits.", "soft")])])
