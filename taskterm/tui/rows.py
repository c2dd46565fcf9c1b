"""Lines of styled text as data: `Span` and `Row`, and the arithmetic of cells. Pure, for every picture ever drawn.

Widgets turn rows into strips (widgets/lines.py), the first picture turns them into escape sequences (first.py).
"""

from __future__ import annotations

from taskterm.core.lean import NamedTuple
from taskterm.tui.text import cells, fit, pad

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self


class SpanFields(NamedTuple):
    """The fields of a Span; see there."""

    text: str
    role: str
    bold: bool
    italic: bool
    strike: bool
    underline: bool
    on: str | None
    click: str | None


class Span(SpanFields):
    """A piece of a line in one style. `on` names a ground of its own, None takes the row's. `click` names a target.

    The text is drawn literally. (Made by the thousand, so that it has a short way of being made.)
    """

    __slots__ = ()

    def __new__(
        cls,
        text: str,
        role: str = "text",
        bold: bool = False,
        italic: bool = False,
        strike: bool = False,
        underline: bool = False,
        on: str | None = None,
        click: str | None = None,
    ) -> Self:
        """The text, then its role and what sets it off."""
        return tuple.__new__(cls, (text, role, bold, italic, strike, underline, on, click))

    def upon(self, ground: str | None) -> Span:
        """The same on a ground of its own."""
        return tuple.__new__(Span, (*self[:6], ground, self[7]))


class RowFields(NamedTuple):
    """The fields of a Row; see there."""

    spans: Sequence[Span]
    on: str | None


class Row(RowFields):
    """One line: its spans from left to right, and its ground (None: the widget's)."""

    __slots__ = ()

    def __new__(cls, spans: Sequence[Span] = (), on: str | None = None) -> Self:
        """Spans, then the ground."""
        return tuple.__new__(cls, (spans, on))


BLANK = Row()


def gap(width: int) -> Span:
    """`width` blank cells; none for a width below one."""
    return Span(" " * max(width, 0))


def width_of(spans: Iterable[Span]) -> int:
    """Cells that the spans take together."""
    return sum([cells(span.text) for span in spans])


def field(text: str, width: int, role: str = "text", align: str = "left", *, bold: bool = False) -> Span:
    """`text` cut or filled to exactly `width` cells."""
    return Span(pad(text, width, align), role, bold)


def fit_spans(spans: Sequence[Span], width: int, ellipsis: str = "…") -> list[Span]:
    """The spans in at most `width` cells, the last one that fits cut with `ellipsis`."""
    kept: list[Span] = []
    room = width
    for index, span in enumerate(spans):
        size = cells(span.text)
        later = width_of(spans[index + 1 :]) if size == room else 0
        if size > room or later:
            missing = later or width_of(spans[index + 1 :])
            kept.append(span._replace(text=fit(span.text + (" " * missing), room, ellipsis)))
            return kept
        kept.append(span)
        room -= size
    return kept


def spread(left: Sequence[Span], right: Sequence[Span], width: int, ellipsis: str = "…") -> list[Span]:
    """`left` and `right` at the two ends of `width` cells; the left one is cut where both do not fit."""
    taken = width_of(right)
    cut = fit_spans(left, max(width - taken - (1 if right else 0), 0), ellipsis)
    return [*cut, gap(width - width_of(cut) - taken), *right]


def target_at(row: Row, x: int) -> str | None:
    """The `click` target of the span under cell `x`, or None."""
    for span in row.spans:
        x -= cells(span.text)
        if x < 0:
            return span.click
    return None


def under_cursor(row: Row, bar: str) -> Row:
    """The row as a list shows it under its cursor: selected, with the bar in the first cell if that is blank."""
    spans = list(row.spans)
    if spans and spans[0].text.startswith(" "):
        spans[:1] = [Span(bar, "accent"), spans[0]._replace(text=spans[0].text[1:])]
    return Row(spans, row.on or "select")
