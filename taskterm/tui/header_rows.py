"""The two lines at the top as rows: name, tabs and what is live; and the rule with a heavy piece under a tab. Pure."""

from __future__ import annotations

from taskterm.core.lean import NamedTuple
from taskterm.tui.glyphs import Glyphs
from taskterm.tui.rows import Row, Span, gap, width_of
from taskterm.tui.text import cells, fit_middle, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

TABS = (
    *(("1", "Tasks", "tasks"), ("2", "Board", "board"), ("3", "Deps", "tree"), ("4", "Runs", "runs")),
    ("7", "History", "history"),
)
"""Key, name and view id of every tab."""

NARROW = 110
NARROWEST = 70
WIDEST = 140
RIGHT = 24
"""Cells that database and clock keep beside the saved views; from WIDEST on half as many more."""


class Top(NamedTuple):
    """What the header says. `role` and `word` tell how the database is reached: `live` (ready), `read-only` (warn).

    `saved` are the names of the saved views, and `saved_on` is the one that is the filter now.
    """

    database: str
    place: str
    clock: str
    active: str = TABS[0][2]
    role: str = "ready"
    word: str = "live"
    saved: tuple[str, ...] = ()
    saved_on: str = ""


def where(path: str, home: str) -> tuple[str, str]:
    """Name and folder of a database as the header has them; `home` is the folder of whoever looks."""
    folder, _, name = path.rpartition("/")
    inside = folder == home or folder.startswith(f"{home}/")
    return name, f"~{folder[len(home) :]}" if inside else folder or "/"


def rows(top: Top, width: int, glyphs: Glyphs) -> list[Row]:
    """The tab line and the rule, which is heavy under the view and the saved view that are on."""
    tabs, start, length = _tabs(top, width, glyphs)
    least = (
        RIGHT * 3 // 2
        if width >= WIDEST
        else RIGHT
        if width >= NARROW
        else width_of(_right(top, width, width_of(tabs), glyphs)) + 3
    )
    saved, place, size = _saved(top, width - width_of(tabs) - least, glyphs)
    marks = [(start, length), *([(width_of(tabs) + place, size)] if size else [])]
    left = [*tabs, *saved]
    right = _right(top, width, width_of(left), glyphs)
    middle = gap(width - width_of(left) - width_of(right) - 1)
    return [Row([*left, middle, *right]), Row(_rule(marks, width, glyphs))]


def _rule(marks: Sequence[tuple[int, int]], width: int, glyphs: Glyphs) -> list[Span]:
    """A line with a heavy piece under each stretch of `marks` (first cell and length), one cell wider on both sides."""
    spans: list[Span] = []
    at = 0
    for start, length in marks:
        spans += [Span(glyphs.rule * max(start - 1 - at, 0), "line"), Span(glyphs.heavy * (length + 2), "accent")]
        at = start + length + 1
    return [*spans, Span(glyphs.rule * max(width - at, 0), "line")]


def _saved(top: Top, room: int, glyphs: Glyphs) -> tuple[list[Span], int, int]:
    """The saved views in at most `room` cells, and where the one that is on starts and how long it is.

    Those that do not fit are a number at the end, but the one that is on always has its place.
    """
    names = list(top.saved)
    if not names:
        return [], 0, 0
    shown = names[:]
    while shown and _saved_width(shown, len(names)) > room:
        others = [name for name in shown if name != top.saved_on]
        shown.remove(others[-1] if others else shown[-1])
    if not shown:
        return [], 0, 0
    if top.saved_on in names and top.saved_on not in shown:
        return [], 0, 0
    spans = [gap(3), Span(glyphs.pipe, "line2"), gap(2)]
    start = length = 0
    for index, name in enumerate(shown):
        if index:
            spans.append(gap(2))
        on = name == top.saved_on
        if on:
            start, length = width_of(spans), cells(visible(name))
        spans.append(
            Span(visible(name), "text" if on else "soft", on, click="filter:" if on else f"filter:view:{name}")
        )
    if len(shown) < len(names):
        spans += [gap(2), Span(f"+{len(names) - len(shown)}", "mute", click="do:views")]
    return spans, start, length


def _saved_width(shown: Sequence[str], total: int) -> int:
    more = 2 + len(f"+{total - len(shown)}") if len(shown) < total else 0
    return 6 + sum([cells(visible(name)) + 2 for name in shown]) - 2 + more + 2


def _tabs(top: Top, width: int, glyphs: Glyphs) -> tuple[list[Span], int, int]:
    """The spans, and where the active tab starts and how long it is."""
    spans = [gap(1)]
    if width >= NARROW:
        spans += [Span(glyphs.brand, "accent"), Span(" taskterm", "text", True), gap(3)]
    between = gap(3 if width >= NARROW else 2)
    start = length = 0
    for index, (key, name, view_id) in enumerate(TABS):
        if index:
            spans.append(between)
        active = view_id == top.active
        target = f"tab:{view_id}"
        if active:
            start = width_of(spans)
        spans.append(Span(key, "accent" if active else "mute", active, click=target))
        if active or width >= NARROWEST:
            role = "text" if active else "soft"
            spans.append(Span(f" {name}", role, active, click=target))
        if active:
            length = width_of(spans) - start
    return spans, start, length


def _right(top: Top, width: int, taken: int, glyphs: Glyphs) -> list[Span]:
    sign = glyphs.live if top.role == "ready" else "!"
    clock = Span(top.clock, "text")
    if width < NARROW:
        link = [] if top.role == "ready" else [Span(f" {top.word}", "warn")]
        return [Span(sign, top.role), *link, gap(1), clock]
    tail = [gap(3), Span(sign, top.role), Span(f" {top.word}", "soft"), gap(3), clock]
    room = width - taken - width_of(tail) - 4
    if room < 12:
        return tail[1:]
    ellipsis = glyphs.ellipsis
    name = fit_middle(top.database, max(room // 2, 8), ellipsis)
    place = fit_middle(top.place, room - cells(name) - 4, ellipsis) if room - cells(name) > 10 else ""
    where = [Span(" in ", "mute"), Span(place, "soft")] if place else []
    return [Span(name, "soft"), *where, *tail]
