"""Text in cells: harmless, cut on cell bounds, exactly as wide as it was asked to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from taskterm.tui.footer_rows import Answer
from taskterm.tui.footer_rows import row as footer_row
from taskterm.tui.footing import Hint
from taskterm.tui.glyphs import PLAIN, UNICODE, Glyphs
from taskterm.tui.rows import Row, Span, fit_spans, spread, width_of
from taskterm.tui.text import cells, fit, fit_middle, pad, visible, wrap
from taskterm.tui.theme import PALETTES
from taskterm.tui.widgets.canvas import paint

TEXTS = st.text(max_size=40)
WIDTHS = st.integers(0, 30)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("plain [b]text[/b]", "plain [b]text[/b]"),
        ("a\x1b[31mb", "a␛[31mb"),
        ("tab\there\nand there", "tab here and there"),
        ("over\u202eride", "over\ufffdride"),
        ("lone \ud800", "lone \ufffd"),
        ("c1 \x9b31m", "c1 \ufffd31m"),
        ("שלום", "\u2068שלום\u2069"),
        ("日本語 🚀", "日本語 🚀"),
    ],
)
def test_visible_text_cannot_steer_the_terminal(typed: str, shown: str) -> None:
    assert visible(typed) == shown


@given(TEXTS, WIDTHS)
def test_cut_text_is_never_wider_than_asked_and_padded_text_exactly_so(text: str, width: int) -> None:
    safe = visible(text)
    assert cell_len(fit(safe, width)) <= width
    assert cell_len(pad(safe, width)) == width
    assert cell_len(pad(safe, width, "right")) == width
    assert cell_len(fit_middle(safe, width)) <= width


@given(TEXTS)
def test_text_that_fits_is_left_alone(text: str) -> None:
    safe = visible(text)
    assert fit(safe, cell_len(safe)) == safe


@given(TEXTS)
def test_an_isolate_that_is_cut_is_closed(text: str) -> None:
    safe = visible(f"שלום עולם {text}")
    for width in range(1, 12):
        assert fit(safe, width).count("\u2068") == fit(safe, width).count("\u2069")


@given(TEXTS, st.integers(2, 20))
def test_wrapped_text_keeps_every_word(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.lists(TEXTS.map(visible), max_size=5), st.lists(TEXTS.map(visible), max_size=2), st.integers(0, 60))
def test_a_painted_line_is_exactly_as_wide_as_the_screen(left: list[str], right: list[str], width: int) -> None:
    spans = spread([Span(text) for text in left], [Span(text) for text in right], width)
    assert paint(Row(spans), width, PALETTES["taskterm-dark"]).cell_length == width
    assert width_of(fit_spans([Span(text) for text in left], width)) <= width


def test_paths_are_cut_in_the_middle() -> None:
    assert fit_middle("/home/ana/projects/shop/tasks.db", 16) == "/home/an…asks.db"


@pytest.mark.parametrize("glyphs", [UNICODE, PLAIN], ids=["unicode", "ascii"])
def test_a_long_answer_keeps_what_to_do_about_it(glyphs: Glyphs):
    answer = Answer(
        "#10 Announce 2.4.0 is blocked by #9 Smoke test @ben, todo for 12 minutes · ! does it anyway", bad=True
    )
    hints = (Hint("enter", "open"), Hint("?", "help"))
    for width in range(60, 130):
        line = "".join(span.text for span in footer_row(hints, "", answer, width, glyphs).spans)
        assert cells(line) <= width
        assert line.rstrip().endswith("! does it anyway")
