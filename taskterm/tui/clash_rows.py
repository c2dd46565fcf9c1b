"""Two versions of a task's fields side by side, as rows: what you typed, what somebody else wrote, which one counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from taskterm.core.errors import Clash
from taskterm.tui.edit_fields import LABELS, told
from taskterm.tui.glyphs import Glyphs
from taskterm.tui.rows import BLANK, Row, Span, fit_spans, gap, spread, width_of
from taskterm.tui.text import visible, wrap
from taskterm.tui.widgets.bits import when

TWO_COLUMNS = 64
"""Cells from which the versions stand beside each other."""
LINES = 3
"""Lines of a version that are shown at first."""


class Shown(NamedTuple):
    """What the rows are made of. `chosen` maps fields to `yours`, `theirs` or `both`."""

    clashes: Sequence[Clash]
    chosen: Mapping[str, str]
    here: int
    whole: bool
    now: datetime
    glyphs: Glyphs
    actor: str


def rows(shown: Shown, width: int) -> tuple[list[Row], list[int]]:
    """The lines at a width, and the number of the first line of each field."""
    found: list[Row] = []
    starts: list[int] = []
    for index, clash in enumerate(shown.clashes):
        starts.append(len(found))
        found += [_head(shown, index, width), *_versions(shown, clash, width)]
        if clash.field == "notes":
            found.append(_third(shown, clash, width))
        found.append(BLANK)
    return found, starts


def _head(shown: Shown, index: int, width: int) -> Row:
    """The field's name and a rule; heavy and in accent where the keys are."""
    here = index == shown.here
    name = LABELS[shown.clashes[index].field]
    sign = shown.glyphs.heavy if here else shown.glyphs.rule
    rest = sign * max(width - len(name) - 1, 0)
    return Row([Span(name, "text" if here else "soft", here), gap(1), Span(rest, "accent" if here else "line")])


def _versions(shown: Shown, clash: Clash, width: int) -> list[Row]:
    beside = width >= TWO_COLUMNS
    size = (width - 2) // 2 if beside else width
    seen = f"was {told(clash.field, clash.seen, shown.now)}" if clash.field != "notes" else ""
    mine = _box(shown, clash, "yours", f"@{shown.actor}, not saved", seen, size)
    at = when(clash.at, shown.now) if clash.at else ""
    theirs = _box(shown, clash, "theirs", f"@{clash.by} {at}".strip(), seen, width - 2 - size if beside else size)
    if not beside:
        return [*mine, *theirs]
    height = max(len(mine), len(theirs))
    pairs = zip(_filled(mine, height, size), _filled(theirs, height, width - 2 - size), strict=True)
    return [Row([*left.spans, gap(2), *right.spans]) for left, right in pairs]


def _filled(box: list[Row], height: int, width: int) -> list[Row]:
    """More lines of the same ground, for a neighbour that is higher."""
    last = box[-1].spans
    return [*box, *([Row(last)] * (height - len(box)))]


def _box(shown: Shown, clash: Clash, which: str, who: str, seen: str, width: int) -> list[Row]:
    """One version: a bar at its left, the value behind a sign that says whether it was chosen, who wrote it."""
    chosen = shown.chosen.get(clash.field)
    taken = chosen in (which, "both")
    ground = "select" if taken else "surface"
    edge = Span(shown.glyphs.cursor if taken else shown.glyphs.edge, "accent" if taken else "line2")
    sign = Span(shown.glyphs.live if taken else "o" if shown.glyphs.name == "ascii" else shown.glyphs.offline, "soft")
    sign = sign._replace(role="accent") if taken else sign
    if shown.glyphs.name == "ascii":
        sign = sign._replace(text="x" if taken else "o")
    key = Span("chosen", "accent", True) if taken else Span("1" if which == "yours" else "2", "accent", True)
    inner = width - 2
    lines = _value(shown, clash, which, inner - 4 - width_of([key]))
    first = [gap(1), sign, gap(1), Span(lines[0], "text", taken)]
    content: list[Sequence[Span]] = [
        [gap(3), Span(f"{which}  ", "soft", True), Span(visible(who), "mute")],
        spread(first, [key], inner, shown.glyphs.ellipsis),
        *([gap(3), Span(line)] for line in lines[1:]),
    ]
    if seen:
        content.append([gap(3), Span(seen, "mute")])
    content.append([])
    made = []
    for spans in content:
        cut = fit_spans(spans, inner, shown.glyphs.ellipsis)
        line = [edge, *cut, gap(width - 1 - width_of(cut))]
        made.append(Row([span.upon(ground) for span in line]))
    return made


def _value(shown: Shown, clash: Clash, which: str, width: int) -> list[str]:
    value = clash.yours if which == "yours" else clash.theirs
    if clash.field != "notes":
        return [told(clash.field, value, shown.now)]
    lines = [piece for line in str(value).split("\n") for piece in wrap(visible(line.expandtabs(4)), width)]
    if not value:
        lines = ["empty"]
    over = len(lines) - LINES
    if shown.whole or over < 1:
        return lines
    return [*lines[:LINES], f"+{over} {'line' if over == 1 else 'lines'}"]


def _third(shown: Shown, clash: Clash, width: int) -> Row:
    """What notes can be besides yours and theirs."""
    both = shown.chosen.get(clash.field) == "both"
    spans = [Span("3", "accent", True), Span(" keep the lines of both", "text" if both else "soft", both), gap(3)]
    return Row([gap(3), *spans, Span("m", "accent", True), Span(" merge them in your editor", "soft")])
