"""The two lines at the top as rows: name, tabs and what is live; and the rule with a heavy piece under a tab. Pure."""

from __future__ import annotations

from taskterm.core.lean import NamedTuple
from taskterm.tui.glyphs import Glyphs
from taskterm.tui.rows import Row, Span, gap, width_of
from taskterm.tui.text import cells, fit_middle

TABS = (("1", "Tasks", "tasks"), ("2", "Board", "board"), ("3", "Deps", "tree"), ("4", "Runs", "runs"))
"""Key, name and view id of every tab."""

NARROW = 110
NARROWEST = 70


class Top(NamedTuple):
    """What the header says. `role` and `word` tell how the database is reached: `live` (ready), `read-only` (warn)."""

    database: str
    place: str
    clock: str
    active: str = TABS[0][2]
    role: str = "ready"
    word: str = "live"


def where(path: str, home: str) -> tuple[str, str]:
    """Name and folder of a database as the header has them; `home` is the folder of whoever looks."""
    folder, _, name = path.rpartition("/")
    inside = folder == home or folder.startswith(f"{home}/")
    return name, f"~{folder[len(home) :]}" if inside else folder or "/"


def rows(top: Top, width: int, glyphs: Glyphs) -> list[Row]:
    """The tab line and the rule."""
    tabs, start, length = _tabs(top, width, glyphs)
    right = _right(top, width, width_of(tabs), glyphs)
    middle = gap(width - width_of(tabs) - width_of(right) - 1)
    rule = [
        Span(glyphs.rule * max(start - 1, 0), "line"),
        Span(glyphs.heavy * (length + 2), "accent"),
        Span(glyphs.rule * max(width - start - length - 1, 0), "line"),
    ]
    return [Row([*tabs, middle, *right]), Row(rule)]


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
