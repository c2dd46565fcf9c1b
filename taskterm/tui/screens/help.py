"""`?`: every key with what it does, the signs, and the words of a filter."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from taskterm.core.model import STATES
from taskterm.tui.actions import ACTIONS, SECTIONS, Action, command_for
from taskterm.tui.messages import Hint
from taskterm.tui.screens.overlay import Lines, Overlay, TitleLine
from taskterm.tui.text import wrap
from taskterm.tui.theme import Glyphs
from taskterm.tui.widgets.bits import state_span
from taskterm.tui.widgets.lines import BLANK, Row, Span, field, gap, width_of
from taskterm.tui.widgets.page import Page

MOVING = (
    ("up down, j k", "one line"),
    ("pgup pgdn, ctrl+u ctrl+d", "a page, half a page"),
    ("g G", "first, last"),
    ("h l", "board: column left, right"),
    ("h j k l, arrows", "diagram: along the lines and within a layer"),
    ("H J K L, ctrl+arrows", "diagram: pan; also by drag, wheel and on the map"),
    ("+ - 0", "diagram: boxes, one line a task, dots"),
    ("[ ]  z  o", "diagram: fewer, more steps around a task; centre; overview"),
    ("f  p", "diagram: next running task; only the critical path"),
    ("t  w", "history: only the task under the cursor, only what you did; again: everything"),
    ("tab", "into the detail pane and back; in Runs and History from pane to pane"),
    ("z", "fold or unfold"),
    ("esc", "back: closes, clears the filter"),
    ("mouse", "click selects, double click opens, cards are dragged, counts filter"),
    ("drag over text, then y", "marks and copies it: in the detail pane, in output, in this help"),
)
FILTERS = (
    ("ready blocked doing done", "states, also running failed waiting open late cancelled"),
    ("+ops -ops", "with a tag, without it"),
    ("@ana", "owner"),
    ("project:site", "this project and those below it"),
    ("12  #12  12..20", "numbers"),
    ("release notes", "words of title or notes"),
    ("and or not ( )", "ready (+ops or @ana) not late"),
)
CAPTURE = (
    ("+tag @person", "project:site.web pri:H est:2h"),
    ("due:fri", "scheduled: and wait: likewise; tomorrow 9am, +2w, eom, 27 nov 17:00"),
    ("after:12,13", "what it waits for; before:21 what waits for it"),
    ('run:"make test"', "a shell step"),
    ("--", "ends the syntax: the rest is title"),
)


PAIR = 26
"""Cells of keys or words beside their meaning."""


def rows_for(glyphs: Glyphs, width: int) -> list[Row]:
    """All lines of the help."""
    rows: list[Row] = []
    for section, name in SECTIONS:
        rows += _head(name, rows)
        rows += [_action(action, glyphs, width) for action in ACTIONS if action.section == section]
    rows += _head("Moving", rows)
    rows += [row for pair in MOVING for row in _pair(*pair, width)]
    rows += _head("Signs", rows)
    for state in STATES:
        rows.append(Row([state_span(state, glyphs), gap(3), Span(state, "soft")]))
    rows.append(Row([Span(glyphs.late, "warn"), gap(3), Span("late: past its due time", "soft")]))
    rows.append(Row([Span(glyphs.untrusted, "warn"), gap(3), Span("a command that is not approved here", "soft")]))
    rows += _head("Filter", rows)
    rows += [row for pair in FILTERS for row in _pair(*pair, width)]
    rows += _head("Add a task", rows)
    rows += [row for pair in CAPTURE for row in _pair(*pair, width)]
    return rows


def _head(name: str, before: list[Row]) -> list[Row]:
    return [*([BLANK] if before else []), Row([Span(name, "soft", True)])]


def _pair(keys: str, text: str, width: int) -> list[Row]:
    """Keys or words, and what they mean beside them, in as many lines as that takes."""
    first, *more = wrap(text, width - PAIR - 2)
    rows = [Row([field(keys, PAIR, "accent", bold=True), gap(2), Span(first, "soft")])]
    return [*rows, *(Row([gap(PAIR + 2), Span(line, "soft")]) for line in more)]


def _action(action: Action, glyphs: Glyphs, width: int) -> Row:
    """Key, what it does, and (where all of it fits) the command that does the same."""
    head = [field(" ".join(action.keys), 14, "accent", bold=True), field(glyphs.words(action.title), 28), gap(1)]
    command = Span(glyphs.words(command_for(action, None)), "mute")
    return Row([*head, command] if width_of([*head, command]) <= width else head)


class HelpPage(Page):
    """The scrolling text."""

    DEFAULT_CSS = "HelpPage { background: $panel; height: 1fr; }"
    GROUND: ClassVar[str] = "raised"

    def text(self, width: int) -> list[Row]:
        """The same lines at every width; a narrow one leaves commands out."""
        return rows_for(self.glyphs, width)


class Help(Overlay[None]):
    """The help, closed by escape, q or ?."""

    DEFAULT_CSS = "Help #panel { width: 88; height: 90%; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,?", "cancel", "Close", show=False)]
    HINTS: ClassVar[tuple[Hint, ...]] = (Hint("j k", "scroll"), Hint("esc", "close"))

    def body(self) -> Iterable[Widget]:
        """Title and text."""
        yield TitleLine("Keys and words", "every key has a command")
        yield Lines([BLANK])
        yield HelpPage()

    def on_mount(self) -> None:
        """The page has the keys."""
        self.query_one(HelpPage).focus()
