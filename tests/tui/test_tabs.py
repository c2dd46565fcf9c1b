"""The tabs of the detail pane: overview, steps and output, comments, history, notes; they stay from task to task."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskterm.store.store import Store
from taskterm.tui import detail_rows, looking, markdown_rows
from taskterm.tui.glyphs import PLAIN, UNICODE
from taskterm.tui.picture import Picture
from taskterm.tui.rows import width_of
from tests.tui.build import ago, team
from tests.tui.drive import NOW, Drive, fill, opened
from tests.tui.test_look import HOSTILE, check_lines

pytestmark = pytest.mark.usefixtures("home")

NOTES = """# Plan

Ask **ana** first, see [the page](https://example.org/a).
Second line with `make check`.

1. one
2. two
   - under

> said so

```sh
make   deploy
```

<b>typed</b> & [not a link]
"""
STEPS = [{"name": "build", "run": "make\nmake install", "retries": 2, "timeout_seconds": 60}, {"run": "true"}]


def some(path: Path) -> Store:
    store = fill(path, {"title": "Build", "notes": NOTES, "steps": STEPS}, {"title": "Ship"})
    for number in range(25):
        store.execute("comment", {"ref": 1, "text": f"Remark {number}\nand more"}, actor="ana", now=NOW)
    return store


def pane(drive: Drive) -> list[str]:
    """The lines of the detail pane."""
    return [line[-51:].strip() if drive.app.size.width >= 110 else line.strip() for line in drive.lines[3:-1]]


async def test_the_brackets_turn_the_tabs_and_the_tab_stays_from_task_to_task(tmp_path: Path) -> None:
    some(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        drive.app.go_to(1)
        await drive.pilot.pause()
        assert pane(drive)[0] == "Overview  Steps 2  Comments 25  History  Notes"
        assert "Added" in "\n".join(pane(drive))
        await drive.press("]")
        assert [line for line in pane(drive) if line.startswith(("make", "2 retries"))] == [
            "make",
            "make install",
            "2 retries, at most 60 s",
        ]
        await drive.press("]")
        assert "Remark 0" in pane(drive)
        drive.app.go_to(2)
        await drive.until(lambda: "Nobody has said anything yet." in pane(drive), "the same tab of the other task")
        await drive.press("[", "[", "[")
        assert drive.app.desk.detail.tab == "notes", "before the first comes the last"
        assert "No notes yet." in pane(drive)
        await drive.press("]")
        assert drive.app.desk.detail.tab == "overview"


def test_what_runs_says_how_long_it_took_before_and_what_was_first_says_how_long_it_took() -> None:
    builder = team()
    builder.run(70, "Integration tests", "succeeded").part(
        70, 15, "succeeded", started_at=ago(900), ended_at=ago(890), duration_ms=390_000
    )
    for position in range(1, 6):
        builder.attempt(500 + position, 70, 15, position, "succeeded", duration_ms=20_000)
    picture = Picture(builder.snapshot(), NOW)
    found = detail_rows.rows(detail_rows.Look(UNICODE), picture, 15, detail_rows.Extra(15), 51)
    lines = ["".join(span.text for span in row.spans).strip() for row in found]
    assert any(line.endswith("Learned  6:30") for line in lines)
    assert any(line.endswith("2 of 5 · learned from run 70") for line in lines)
    assert any(line.startswith("○") and line.endswith("~0:20") for line in lines)
    assert any(line.startswith("✓ #14") and line.endswith("1:47") for line in lines)


async def test_a_click_turns_a_tab_and_the_tabs_stay_while_the_text_scrolls(tmp_path: Path) -> None:
    some(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        drive.app.go_to(1)
        await drive.pilot.pause()
        await drive.pilot.click(offset=(drive.lines[3].index("Comments"), 3))
        await drive.until(lambda: "Remark 0" in pane(drive), "the comments")
        await drive.press("G")
        await drive.until(lambda: "Remark 24" in pane(drive), "the end")
        assert pane(drive)[0].startswith("Overview")
        assert "━━━━━━━━" in pane(drive)[1], "the pane has the keys"
        assert "c adds one" in pane(drive)
        await drive.press("c")
        await drive.type("Twenty-six")
        await drive.press("enter")
        await drive.until(lambda: "Comments 26" in pane(drive)[0], "the new one")


async def test_the_history_of_a_task_is_read_as_far_back_as_one_scrolls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "HISTORY_READ", 20)
    store = fill(tmp_path / "t.db", {"title": "Build"})
    for number in range(150):
        store.execute("edit", {"refs": [1], "set": {"title": f"Name {number}"}}, actor="ben", now=NOW)
    store.execute("undo", {}, actor="ben", now=NOW)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("[", "[", "tab")
        detail = drive.app.desk.detail
        await drive.until(lambda: "now called “Name 149” by @ben" in drive.text, "the history")
        assert len(detail._extra.story) < 140

        def goes_beyond(known: Collection[object]) -> bool:
            return any(line not in known for line in detail._extra.story)

        while len(detail._extra.story) < 152:
            known = set(detail._extra.story)
            await drive.press("G")
            await drive.until(partial(goes_beyond, known), "older lines")
        await drive.press("G")
        await drive.until(lambda: "added by @ben" in "\n".join(pane(drive)), "its beginning")
        assert [line.operation for line in detail._extra.story] == list(range(152, 0, -1))
        store.execute("comment", {"ref": 1, "text": "newest"}, actor="ben", now=NOW)
        await drive.until(lambda: len(detail._extra.story) == 153, "what was read stays")


async def test_notes_are_readable_and_only_markdown_is_markup(tmp_path: Path) -> None:
    some(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        drive.app.go_to(1)
        await drive.press("[")
        lines = pane(drive)
        start = lines.index("Plan")
        assert lines[start + 2 : start + 16] == [
            "Ask ana first, see the page",
            "https://example.org/a.",
            "Second line with make check.",
            "",
            "1. one",
            "2. two",
            "· under",
            "",
            "│ said so",
            "",
            "make   deploy",
            "",
            "<b>typed</b> & [not a link]",
            "",
        ]


@pytest.mark.parametrize("size", [(140, 40), (110, 30), (80, 24), (60, 24)])
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_every_tab_is_whole_at_every_size_also_as_a_page(
    tmp_path: Path, size: tuple[int, int], ascii_only: bool
) -> None:
    words = "\n\n".join(f"* {title}\n  ## {title * 9}" for title in HOSTILE)
    fill(tmp_path / "t.db", {"title": HOSTILE[3], "notes": words, "steps": [{"run": HOSTILE[2] * 20}]})
    async with opened(tmp_path / "t.db", size, ascii_only=ascii_only) as drive:
        await drive.press("enter")
        for _ in range(5):
            await drive.press("]")
            await drive.pilot.pause()
            check_lines(drive)
            assert "Overview" in drive.text
        await drive.press("escape")
        if size[0] < 110:
            await drive.press("]")
            await drive.answered("enter opens the task")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab #*_`[]()<>~-+1.>\n\t日é|\\&"), max_size=120), st.integers(8, 60))
def test_any_notes_are_drawn_within_their_width(text: str, width: int) -> None:
    for glyphs in (UNICODE, PLAIN):
        for row in markdown_rows.rows(text, width, glyphs):
            assert "\n" not in "".join(span.text for span in row.spans)
            assert width_of(row.spans) <= width


@given(st.lists(st.text(alphabet="abc dé", min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=5))
def test_plain_lines_stay_as_they_were_typed(lines: list[str]) -> None:
    plain = [" ".join(line.split()) for line in lines]
    found = markdown_rows.rows("\n".join(plain), 60, UNICODE)
    assert ["".join(span.text for span in row.spans) for row in found] == plain
