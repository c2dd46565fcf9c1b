"""The tabs of the detail pane as rows: their names, and the rule with a heavy piece under the one that is on. Pure."""

from __future__ import annotations

from taskterm.core.lean import NamedTuple
from taskterm.tui.glyphs import Glyphs
from taskterm.tui.rows import Row, Span, gap, width_of

TABS = ("overview", "steps", "comments", "history", "notes")
ROWS = 2
"""Lines that the tabs take at the top of the pane."""


class Filled(NamedTuple):
    """How many steps and comments a task has, and whether it has notes: a tab with nothing in it is quieter."""

    steps: int = 0
    comments: int = 0
    notes: bool = False


def rows(active: str, filled: Filled, width: int, glyphs: Glyphs, *, focused: bool) -> list[Row]:
    """The tabs and the rule, in `width` cells. A click on a tab names `tab:steps`."""
    spans: list[Span] = []
    for between, counted in ((2, True), (2, False), (1, False)):
        spans, start, length = _tabs(active, filled, between, counted=counted)
        if width_of(spans) <= width:
            break
    if not focused:
        return [Row(spans), Row([Span(glyphs.rule * width, "line")])]
    first = max(start - 1, 0)
    heavy = min(length + (2 if start else 1), width - first)
    rest = glyphs.rule * max(width - first - heavy, 0)
    rule = [Span(glyphs.rule * first, "line"), Span(glyphs.heavy * heavy, "accent"), Span(rest, "line")]
    return [Row(spans), Row(rule)]


def _tabs(active: str, filled: Filled, between: int, *, counted: bool) -> tuple[list[Span], int, int]:
    """The names with what they hold, and where the active one begins and how long it is."""
    counts = {"steps": filled.steps, "comments": filled.comments}
    spans: list[Span] = []
    start = length = 0
    for name in TABS:
        spans += [gap(between)] if spans else []
        on, click = name == active, f"tab:{name}"
        begin = width_of(spans)
        empty = not filled.notes if name == "notes" else not counts.get(name, 1)
        spans.append(Span(name.capitalize(), "text" if on else "mute" if empty else "soft", on, click=click))
        if counted and counts.get(name):
            spans.append(Span(f" {counts[name]}", "mute", click=click))
        if on:
            start, length = begin, width_of(spans) - begin
    return spans, start, length


def neighbour(active: str, step: int) -> str:
    """The next (1) or the previous (-1) tab; behind the last comes the first."""
    return TABS[(TABS.index(active) + step) % len(TABS)]
