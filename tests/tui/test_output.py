"""Output panes: colours kept and everything else harmless, the last lines kept, errors and searches found."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.errors import StoreError
from taskterm.core.model import Attempt
from taskterm.runner.output import Line, LogReader
from taskterm.tui import ansi
from taskterm.tui.ansi import PLAIN, Sgr
from taskterm.tui.ansi_style import style_of
from taskterm.tui.pane import Pane, looks_like_error
from taskterm.tui.tail import Batch, Packed, Ring, Tail
from taskterm.tui.theme import DARK, PALETTES


def shown(text: str) -> list[tuple[str, Sgr]]:
    return [(piece.text, piece.sgr) for piece in ansi.stretches(text)]


def packed(texts: list[str], start: int = 1) -> list[Packed]:
    return [(text, 0, number, None, False) for number, text in enumerate(texts, start)]


# ── control sequences ──────────────────────────────────────────────────────────────────────────────────────────────


def test_colours_and_attributes_become_styles():
    assert shown("a\x1b[31mred\x1b[1;4mstrong\x1b[0m.") == [
        ("a", PLAIN),
        ("red", Sgr(fg=1)),
        ("strong", Sgr(fg=1, bold=True, underline=True)),
        (".", PLAIN),
    ]
    assert shown("\x1b[38;5;208ma\x1b[48;2;1;2;3mb\x1b[38:2::9:8:7mc\x1b[39;49md") == [
        ("a", Sgr(fg=208)),
        ("b", Sgr(fg=208, bg=(1, 2, 3))),
        ("c", Sgr(fg=(9, 8, 7), bg=(1, 2, 3))),
        ("d", PLAIN),
    ]
    assert shown("\x1b[91;7mx\x1b[27;22my") == [("x", Sgr(fg=9, reverse=True)), ("y", Sgr(fg=9))]


def test_every_other_control_sequence_is_dropped_and_its_text_too():
    hostile = "a\x1b]0;title\x07b\x1b[2J\x1b[?1049hc\x1bPdevice\x1b\\d\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\x1bcx\x07\x00\x7f"
    assert ansi.plain(hostile) == "abcdlinkx"
    assert ansi.plain("cut off \x1b[38;5") == "cut off "
    assert ansi.plain("\x9b31mred\x9d0;title\x9c!") == "red!"


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("\x1b[]0m;\r\b\t\x07\x9b"), max_size=60))
def test_no_text_whatsoever_lets_a_control_character_through(text: str):
    for piece in ansi.stretches(text):
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in piece.text)


def test_a_carriage_return_shows_a_progress_bars_last_state_and_crlf_is_a_line_end():
    assert ansi.plain("10%\r20%\r30%") == "30%"
    assert ansi.plain("whole line\r") == "whole line"
    assert ansi.plain("10%\x1b[1G\x1b[2K20%") == "20%"
    assert shown("\x1b[32m10%\r20%") == [("20%", Sgr(fg=2))]
    assert ansi.plain("|\b/\b-\b\\") == "\\"


def test_tabs_go_to_the_next_stop_also_behind_wide_characters():
    assert ansi.plain("a\tb") == "a       b"
    assert ansi.plain("日本\tb") == "日本    b"


def test_a_colour_that_is_not_reset_holds_on_the_next_line():
    assert ansi.end_state("\x1b[31mred") == Sgr(fg=1)
    assert ansi.stretches("still", Sgr(fg=1)) == [ansi.Stretch("still", Sgr(fg=1))]


def test_a_programs_own_colours_are_those_of_the_theme_and_none_without_colour():
    dark, none = PALETTES["taskterm-dark"], PALETTES["taskterm-plain"]
    red = style_of(Sgr(fg=1), dark, "soft", "bg")
    assert red.color is not None
    assert red.color.name == DARK["fail"]
    assert style_of(Sgr(), dark, "soft", "bg") == dark.style("soft", "bg")
    assert style_of(Sgr(fg=1), none, "soft", "bg").color == none.style("soft", "bg").color
    assert style_of(Sgr(fg=(1, 2, 3)), dark, "soft", "bg").color.name == "#010203"  # type: ignore[union-attr]


# ── the ring ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_ring_keeps_the_last_lines_and_counts_the_others():
    ring = Ring(limit=100)
    for start in range(0, 1000, 7):
        ring.extend(packed([f"line {n}" for n in range(start, start + 7)], start))
    assert len(ring) == 100
    assert ring[99].text == "line 1000"
    assert ring[0].text == "line 901"
    assert ring.dropped == 901
    assert [line.text for line in ring][:2] == ["line 901", "line 902"]
    with pytest.raises(IndexError):
        ring[100]


def test_a_search_goes_on_where_it_stopped():
    ring = Ring()
    ring.extend(packed(["no"] * 9000 + ["yes"]))
    hit, following = ring.find(0, 1, lambda line: line.text == "yes", budget=4000)
    assert (hit, following) == (None, 4000)
    assert ring.find(8000, 1, lambda line: line.text == "yes") == (9000, None)
    assert ring.find(8999, -1, lambda line: line.text == "yes", budget=10_000) == (None, None)


# ── the reader's place ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_pane_follows_the_end_until_one_scrolls_up_and_again_from_the_end_on():
    pane = Pane()
    pane.add(Batch(packed([str(n) for n in range(50)]), None, False))
    assert pane.settle(10) == 40
    pane.scroll(-5, 10)
    pane.add(Batch(packed(["more"] * 20, 51), None, False))
    assert pane.settle(10) == 35, "what one reads does not move"
    pane.scroll(100, 10)
    pane.add(Batch(packed(["more"] * 20, 71), None, False))
    assert pane.settle(10) == 80


def test_what_one_reads_stays_in_view_while_old_lines_are_forgotten():
    pane = Pane(limit=100)
    pane.add(Batch(packed([str(n) for n in range(100)]), None, False))
    pane.settle(10)
    pane.scroll(-20, 10)
    reading = pane.line(pane.top).text
    pane.add(Batch(packed([str(n) for n in range(100, 130)], 101), None, False))
    assert pane.line(pane.settle(10)).text == reading


@pytest.mark.parametrize(
    "text",
    [
        "rsync: [receiver] write failed on x",
        "E   AssertionError: x",
        "FAILED tests/a.py::b - x",
        "error: bad",
        "make: *** [all] Error 1",
        "/bin/sh: 1: xyz: not found",
        "Traceback (most recent call last):",
    ],
)
def test_lines_that_report_a_failure_are_told_from_others(text: str):
    assert looks_like_error(text)


@pytest.mark.parametrize("text", ["tests/test_errors.py ....", "12 passed, 0 failed", "no errors found", "errors: 0"])
def test_lines_that_only_mention_errors_are_not_taken_for_failures(text: str):
    assert not looks_like_error(text)


# ── reading in a thread ────────────────────────────────────────────────────────────────────────────────────────────


def attempt(id: int, path: Path, state: str = "succeeded", name: str = "step", number: int = 1) -> Attempt:
    return Attempt(id, 1, 1, id, number, name, "x", state, "2026-11-23T14:00:00Z", "here", 1, log_path=str(path))


class Listener:
    """What a pane does, without a screen: takes whenever it is told to, in another thread than the reader's."""

    def __init__(self) -> None:
        self.told = threading.Semaphore(0)
        self.tail = Tail(lambda a: LogReader(None, a, host="here"), lambda _: self.told.release(), frame=0.001)  # type: ignore[arg-type]

    def take_until(self, holds) -> Batch:
        lines: list[Packed] = []
        while True:
            assert self.told.acquire(timeout=20), "the reader said nothing"
            batch = self.tail.take("pane")
            lines += batch.lines
            whole = batch._replace(lines=lines)
            if holds(whole):
                return whole


@pytest.fixture
def listener():
    found = Listener()
    yield found
    found.tail.close()
    assert not found.tail._thread.is_alive()


def test_the_steps_of_a_task_come_one_after_the_other_under_their_names(tmp_path: Path, listener: Listener):
    (tmp_path / "1").write_text("one\n\x1b[31mtwo\n")
    (tmp_path / "2").write_text("three\r\nno end")
    steps = (attempt(1, tmp_path / "1", name="build"), attempt(2, tmp_path / "2", name="test", number=2))
    listener.tail.follow({"pane": steps}, {"pane": True})
    batch = listener.take_until(lambda b: b.complete)
    assert [(text, number) for text, _, number, _, _ in batch.lines] == [
        *(("build", 0), ("one", 1), ("\x1b[31mtwo", 2)),
        *(("test, attempt 2", 0), ("three", 1), ("no end", 2)),
    ]


def test_a_growing_log_is_followed_with_its_unfinished_line(tmp_path: Path, listener: Listener):
    path = tmp_path / "1"
    path.write_text("one\nprogress 10%")
    listener.tail.follow({"pane": (attempt(1, path, "running"),)}, {})
    batch = listener.take_until(lambda b: b.partial is not None)
    assert batch.partial is not None
    assert batch.partial.text == "progress 10%"
    assert not batch.complete
    with path.open("a") as file:
        file.write("\rprogress 20%\ntwo\n")
    batch = listener.take_until(lambda b: len(b.lines) == 2)
    assert [line[0] for line in batch.lines] == ["progress 10%\rprogress 20%", "two"]
    listener.tail.follow({"pane": (attempt(1, path),)}, {})
    assert listener.take_until(lambda b: b.complete).partial is None


def test_a_log_that_cannot_be_read_is_said_in_the_pane_and_the_others_go_on(tmp_path: Path):
    (tmp_path / "2").write_text("fine\n")

    def open_reader(wanted: Attempt) -> LogReader:
        if wanted.id == 1:
            raise StoreError("the database is away")
        return LogReader(None, wanted, host="here")  # type: ignore[arg-type]

    told = threading.Semaphore(0)
    tail = Tail(open_reader, lambda _: told.release(), frame=0.001)
    tail.follow({"bad": (attempt(1, tmp_path / "1"),), "good": (attempt(2, tmp_path / "2"),)}, {})
    bad: list[Packed] = []
    good: list[Packed] = []
    while not (bad and good):
        assert told.acquire(timeout=20)
        bad += tail.take("bad").lines
        good += tail.take("good").lines
    tail.close()
    assert "cannot be read: the database is away" in bad[0][0]
    assert good[0][0] == "fine"


def test_a_screen_that_is_busy_is_told_once_and_then_gets_everything_in_one_piece(tmp_path: Path):
    path = tmp_path / "long"
    path.write_text(("x" * 99 + "\n") * 50_000)
    read = threading.Event()

    class Slow(LogReader):
        def read(self, limit: int = 1 << 20, *, final: bool = False) -> list[Line]:
            lines = super().read(limit, final=final)
            if not lines:
                read.set()
            return lines

    told: list[object] = []
    tail = Tail(lambda a: Slow(None, a, host="here"), told.append, frame=0.001)  # type: ignore[arg-type]
    tail.follow({"pane": (attempt(1, path, "running"),)}, {})
    assert read.wait(timeout=20)
    assert told == ["pane"]
    assert len(tail.take("pane").lines) == 50_000
    tail.close()


def test_a_flood_of_lines_costs_the_screen_almost_nothing(tmp_path: Path):
    count = 300_000
    path = tmp_path / "big"
    path.write_text(
        "".join(f"line {n} \x1b[32mok\x1b[0m\n" if n % 10 == 0 else f"line {n} plain\n" for n in range(count))
    )
    listener = Listener()
    pane = Pane()
    listener.tail.follow({"pane": (attempt(1, path),)}, {})
    worst, seen = 0.0, 0
    while not pane.complete:
        assert listener.told.acquire(timeout=60)
        began = time.thread_time()
        batch = listener.tail.take("pane")
        pane.add(batch)
        pane.settle(30)
        worst = max(worst, time.thread_time() - began)
        seen += len(batch.lines)
    listener.tail.close()
    assert seen == count
    assert pane.line(len(pane) - 1).number == count
    assert len(pane) == 100_000
    assert worst < 0.05
