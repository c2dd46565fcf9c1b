"""`?`: every key with what it does, the signs, and the words of a filter."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from taskterm.core.model import STATES
from taskterm.tui.actions import ACTIONS, SECTIONS, Action, command_for
from taskterm.tui.keys import Keys
from taskterm.tui.messages import Hint
from taskterm.tui.rows import BLANK, Row, Span, field, gap
from taskterm.tui.screens.overlay import Lines, Overlay, TitleLine
from taskterm.tui.text import cells, wrap
from taskterm.tui.theme import Glyphs
from taskterm.tui.view_keys import PLACES, VIEW_KEYS, ViewKey
from taskterm.tui.widgets.bits import state_span
from taskterm.tui.widgets.page import Page

KEYS_WIDTH, TITLE_WIDTH = 15, 28
"""Cells of an action's keys and of its title."""

MOVING = (
    ("arrows home end pgup pgdn", "always move, whatever keys are given"),
    ("enter", "opens, picks, makes the task under the cursor the root of the tree"),
    ("tab", "runs and history: from pane to pane; tree: from before to after; link mode: the other direction"),
    ("esc", "back: closes the page, takes marks away, clears the filter"),
    ("mouse", "click selects, double click opens, drag carries a card or moves the diagram, counts filter"),
    ("ctrl+click", "marks; so does a click in the left margin; shift+click marks up to there"),
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


def rows_for(glyphs: Glyphs, width: int) -> list[Row]:
    """All lines of the help at a width in cells: what does not fit is wrapped, never cut."""
    keys = glyphs.keys
    rows: list[Row] = []
    for section, name in SECTIONS:
        rows += _head(name, rows)
        for action in ACTIONS:
            if action.section == section:
                rows += _action(action, glyphs, width)
    rows += _head("Moving", rows)
    several = [own for own in VIEW_KEYS if own.id and len(own.places) > 2]
    rows += _pairs(((_keys(keys, own), own.title) for own in several), width)
    rows += _pairs(MOVING, width)
    for place, name in PLACES.items():
        only = [own for own in VIEW_KEYS if own.id and len(own.places) <= 2 and own.places[0] == place]
        if only:
            rows += _head(f"In {name}", rows)
            rows += _pairs(((_keys(keys, own), own.title) for own in only), width)
    rows += _head("Signs", rows)
    for state in STATES:
        rows.append(Row([state_span(state, glyphs), gap(3), Span(state, "soft")]))
    rows.append(Row([Span(glyphs.late, "warn"), gap(3), Span("late: past its due time", "soft")]))
    rows.append(Row([Span(glyphs.untrusted, "warn"), gap(3), Span("a command that is not approved here", "soft")]))
    rows.append(Row([Span(glyphs.marked, "accent", True), gap(3), Span("marked: the next action is about it", "soft")]))
    rows += _head("Filter", rows)
    rows += _pairs(FILTERS, width)
    rows += _head("Add a task", rows)
    rows += _pairs(CAPTURE, width)
    rows += _head("Other keys", rows)
    rows += _pairs((("[keys] in config.toml", "any of these keys can be another: taskterm config list keys"),), width)
    return rows


def _head(name: str, before: list[Row]) -> list[Row]:
    return [*([BLANK] if before else []), Row([Span(name, "soft", True)])]


def _keys(keys: Keys, own: ViewKey) -> str:
    return " ".join(keys.all(own.id, own.places[0]))


def _pairs(pairs: Iterable[tuple[str, str]], width: int) -> list[Row]:
    """What is typed at the left, what it does beside it, in as many lines as that takes."""
    left = 26 if width >= 70 else 18
    found: list[Row] = []
    for keys, text in pairs:
        first = wrap(keys, left) if keys else [""]
        second = wrap(text, max(width - left - 2, 10))
        for at in range(max(len(first), len(second))):
            name = field(first[at] if at < len(first) else "", left, "accent", bold=True)
            found.append(Row([name, gap(2), Span(second[at] if at < len(second) else "", "soft")]))
    return found


def _action(action: Action, glyphs: Glyphs, width: int) -> list[Row]:
    """Keys, what it does and (where all of it fits) the command that does the same."""
    keys = " ".join(glyphs.keys.all(action.id)) or f"{glyphs.keys.of('palette')} palette"
    title, command = glyphs.words(action.title), glyphs.words(command_for(action))
    head = [field(keys, KEYS_WIDTH, "accent", bold=True), field(title, TITLE_WIDTH)]
    if KEYS_WIDTH + TITLE_WIDTH + cells(command) <= width:
        return [Row([*head, Span(command, "mute")])]
    return [Row(head)]


class HelpPage(Page):
    """The scrolling text."""

    DEFAULT_CSS = "HelpPage { background: $panel; height: 1fr; }"
    GROUND: ClassVar[str] = "raised"

    def text(self, width: int) -> list[Row]:
        """Wrapped at every width."""
        return rows_for(self.glyphs, width)


class Help(Overlay[None]):
    """The help, closed by escape, q or ?."""

    DEFAULT_CSS = "Help #panel { width: 88; height: 90%; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "cancel", "Close", show=False),
        Binding("?,f1", "cancel", "Close", show=False, id="help"),
    ]
    HINTS: ClassVar[tuple[Hint, ...]] = (Hint("j k", "scroll"), Hint("esc", "close"))

    def body(self) -> Iterable[Widget]:
        """Title and text."""
        yield TitleLine("Keys and words", "every key has a command")
        yield Lines([BLANK])
        yield HelpPage()

    def on_mount(self) -> None:
        """The page has the keys."""
        self.query_one(HelpPage).focus()
