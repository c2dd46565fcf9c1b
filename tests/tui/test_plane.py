"""The window on the diagram paints the part of a row that is another one, and no less."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.diagram.canvas import Span
from taskterm.tui.text import cells
from taskterm.tui.widgets.plane import differing

WIDTH = 12
signs = st.sampled_from(["a", "b", "─", "佐"])


@st.composite
def rows(draw: st.DrawFn) -> list[Span]:
    """A row of `WIDTH` cells in a few spans."""
    found: list[Span] = []
    left = WIDTH
    while left:
        text = "".join(sign for sign in draw(st.lists(signs, min_size=1, max_size=4)))
        while cells(text) > left:
            text = text[:-1]
        span = Span(text or " " * left, draw(st.sampled_from(["", "mute"])))
        found.append(span)
        left -= cells(span.text)
    return found


def drawn(row: list[Span]) -> list[tuple[str, str]]:
    """What stands in each cell; the second cell of a wide sign names it again."""
    return [(sign, span.role) for span in row for sign in span.text for _ in range(cells(sign))]


@given(rows(), rows())
def test_outside_of_what_is_painted_two_rows_are_alike(old: list[Span], new: list[Span]) -> None:
    left, right = differing(old, new, WIDTH)
    assert 0 <= left < right <= WIDTH
    assert drawn(old)[:left] == drawn(new)[:left]
    assert drawn(old)[right:] == drawn(new)[right:]
