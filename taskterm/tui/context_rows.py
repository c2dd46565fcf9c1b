"""The context row: the filter (or what a view says of itself) left, the counts of what needs a look right. Pure."""

from __future__ import annotations

from taskterm.core.lean import NamedTuple
from taskterm.core.snapshot import Counts
from taskterm.tui.glyphs import Glyphs
from taskterm.tui.rows import Row, Span, fit_spans, gap, width_of
from taskterm.tui.text import visible

COUNTS = (
    ("running", "running", "run"),
    ("failed", "failed", "fail"),
    ("ready", "ready", "ready"),
    ("late", "late", "warn"),
    ("blocked", "blocked", "mute"),
)
"""Field of Counts, word, role of the glyph; in the order in which they stand on every screen."""


COUNTS_HERE = Span("", click="counts")
"""In the text of a view: what comes behind this stands at the right end, and the counts stand between."""


class Said(NamedTuple):
    """What the row says. `left` is the view's own text, None shows the filter; while `typing` a field has the left.

    `problem` says what in the filter is not understood, and therefore left out of it. `marked` tasks are marked.
    """

    counts: Counts | None = None
    left: Row | None = None
    filter_text: str = ""
    problem: str = ""
    typing: bool = False
    marked: int = 0
    hint: str = ""  # for somebody who is new to the view; shown where there is room for all of it


def row(said: Said, width: int, glyphs: Glyphs) -> Row:
    """The row at a width."""
    left, edge = _left(said), []
    if COUNTS_HERE in left:
        at = left.index(COUNTS_HERE)
        left, edge = left[:at], left[at + 1 :]
    right: list[Span] = []
    wanted = min(width_of(left) + width_of(edge), 90 if said.problem else 40)
    # The words go first, then the gaps; the numbers never.
    for words, between in ((True, 3), (False, 3), (False, 2), (False, 1)):
        right = _counts(said, glyphs, words=words, between=between)
        if width_of(right) + wanted + 3 <= width:
            break
    hint = Span(glyphs.words(said.hint), "mute")
    if said.hint and width_of(left) + width_of([hint]) + 3 + width_of(right) + 3 <= width:
        left = [*left, gap(3), hint]
    cut = _cut(left, max(width - width_of(right) - 2, 0), glyphs)
    room = width - 1 - width_of(cut) - width_of(right) - width_of(edge)
    if edge and room >= 4:
        return Row([*cut, gap(room // 2), *right, gap(room - room // 2), *edge])
    return Row([*cut, gap(width - 1 - width_of(cut) - width_of(right)), *right])


def _cut(left: list[Span], room: int, glyphs: Glyphs) -> list[Span]:
    """What stands left, in `room` cells: whole entries where it has some, else the words that fit."""
    if width_of(left) > room:
        for at in range(len(left) - 1, 0, -1):
            if left[at].text == "   " and width_of(left[:at]) + 2 <= room:
                return [*left[:at], gap(1), Span(glyphs.ellipsis, "mute")]
    return fit_spans(left, room, glyphs.ellipsis)


def _left(said: Said) -> list[Span]:
    if said.typing:
        return []
    if said.left is not None:  # a view that speaks of itself shows the filter behind that
        return [*said.left.spans, *([gap(2), *_filter(said)] if said.filter_text else [])]
    if said.filter_text:
        return _filter(said)
    return [gap(1), Span("/ ", "accent", click="do:filter"), Span("open", "mute", click="do:filter")]


def _filter(said: Said) -> list[Span]:
    return [
        gap(1),
        Span("/ ", "accent", click="do:filter"),
        Span(visible(said.filter_text), "text", click="do:filter"),
        gap(2),
        Span(visible(said.problem), "warn") if said.problem else Span("esc clears", "mute", click="filter:"),
    ]


def _counts(said: Said, glyphs: Glyphs, *, words: bool, between: int) -> list[Span]:
    counts = said.counts
    if counts is None:
        return []
    spans: list[Span] = []
    if said.marked:
        target = "do:unmark"
        spans = [Span(glyphs.marked, "accent", True, click=target), Span(f" {said.marked} marked", click=target)]
    if not counts.total:
        nothing = "nothing fits" if said.filter_text or said.typing else "nothing here yet"
        return [*spans, *([gap(between)] if spans else []), Span(nothing, "mute")]
    for name, word, role in COUNTS:
        number = getattr(counts, name)
        if not number:
            continue
        target = f"filter:{name}"
        glyph = glyphs.late if name == "late" else glyphs.state[name]
        if spans:
            spans.append(gap(between))
        spans += [
            Span(glyph, role, click=target),
            Span(f" {number}", "text", True, click=target),
        ]
        # Late keeps its word: its sign alone does not say what a person has to do.
        if words or (name == "late" and between == 3):
            spans.append(Span(f" {word}", "soft", click=target))
    return spans
