"""Text on a terminal: harmless, measured in cells, aligned."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from taskterm.cli.streaming import clean
from taskterm.cli.text import Cell, cells, fit, lines_of, paint, table
from taskterm.core.display import visible

RTL = "שלום עולם"
HOSTILE = [
    "[@click=app.quit]x",
    "Fix [/foo]",
    "$(touch pwned)",
    "日本語 🚀",
    RTL,
    "\x1b]0;owned\x07",
    "a\x9bb",
    "e\u0301",
]


@given(st.text())
def test_nothing_visible_steers_a_terminal(text):
    shown = visible(text)
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) <= 0xDFFF for c in shown)
    assert "\u202e" not in shown


@pytest.mark.parametrize("text", ["plain", "日本語 🚀", "[@click=app.quit]x", "Größe", "𝒳 → y"])
def test_harmless_text_is_shown_as_typed(text):
    assert visible(text) == text


def test_right_to_left_text_is_isolated_and_keeps_its_letters():
    assert visible(RTL) == f"\u2068{RTL}\u2069"
    assert cells(visible(RTL)) == len(RTL)


@pytest.mark.parametrize("text", ["plain", "日本語", "🚀 launch", "Größe", "e\u0301", "ｆｕｌｌ", "한국어", RTL])
def test_cells_are_counted_as_the_screen_counts_them(text):
    assert cells(text) == cell_len(text)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.integers(1, 30))
def test_text_never_takes_more_cells_than_it_may(text, width):
    assert cells(fit(visible(text), width)) <= width


def test_columns_stay_aligned_whatever_the_titles():
    rows = [[Cell(str(i)), Cell(title), Cell("end")] for i, title in enumerate(HOSTILE)]
    lines = table(rows, width=1000)
    assert {cells(line[: line.index("end")]) for line in lines} == {cells(lines[0]) - 3}


def test_in_a_pipe_every_column_is_there_and_only_a_tab_parts_them():
    rows = [[Cell("1"), Cell("long " * 100), Cell("")], [Cell("2"), Cell("a\tb"), Cell("")]]
    lines = table(rows, width=None, colour=True, right=(0,), flex=(1,))
    assert [line.split("\t") for line in lines] == [["1", "long " * 100, ""], ["2", "a b", ""]]


def test_a_line_is_cut_at_its_title_and_never_at_its_other_columns():
    rows = [[Cell("12"), Cell("日本語" * 30), Cell("waits for 3"), Cell("@ana")]]
    (line,) = table(rows, width=60, flex=(1,))
    assert cells(line) <= 60
    assert line.endswith("…  waits for 3  @ana")


def test_colour_is_only_there_where_it_is_on():
    assert paint("x", "fail", True) == "\x1b[1;91mx\x1b[0m"
    assert paint("x", "fail", True, on=False) == "x"


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("ok", "ok"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("10%\r50%\r100%", "100%"),
        ("progress\r", "progress"),
        ("a\tb", "a\tb"),
        ("\x1b]0;owned\x07title", "title"),
        ("\x1b[2J\x1b[Hclear", "clear"),
        ("\x1bPq#0;2;0;0;0\x1b\\sixel", "sixel"),
        ("bell\x07", "bell␇"),
        ("\x9b31mc1", "\ufffd31mc1"),
        ("\x1b", ""),
    ],
)
def test_output_of_a_step_cannot_steer_the_terminal(line, plain):
    assert clean(line, False) == plain


def test_colours_of_a_step_are_kept_where_there_is_colour_and_never_leak_into_the_next_line():
    assert clean("\x1b[31mred", True) == "\x1b[31mred\x1b[0m"
    assert clean("\x1b[2J\x1b[31mred", True) == "\x1b[31mred\x1b[0m"


@given(st.text(st.characters(max_codepoint=0x2FF)))
def test_whatever_a_step_prints_only_colours_reach_the_terminal(text):
    import re

    rest = re.sub(r"\x1b\[[0-9;:]*m", "", clean(text, True))
    assert not any((ord(c) < 0x20 and c != "\t") or 0x7F <= ord(c) < 0xA0 for c in rest)


def test_lines_of_a_text_stay_lines():
    assert lines_of("a\r\nb\n\x1b[31mc") == ["a", "b", "␛[31mc"]
