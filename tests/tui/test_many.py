"""Several lines pasted at once: shown before they become tasks, mended or left out, added and taken back together."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from taskterm.tui.screens.capture import CaptureScreen
from taskterm.tui.screens.many import ManyScreen
from taskterm.tui.widgets.entry import LINES_PASTED, Entry
from tests.tui.drive import Drive, fill, opened

pytestmark = pytest.mark.usefixtures("home")

GOOD = "Order the cake +party\n\n# for Friday\nWrite the cards @ana after:^ est:2h\nHand out due:fri after:cards"


async def paste(drive: Drive, text: str) -> None:
    """As a terminal does it, between its brackets."""
    drive.app.post_message(events.Paste(text))
    await drive.pilot.pause()


async def looked(drive: Drive) -> None:
    """Wait until the lines are shown."""
    await drive.until(lambda: isinstance(drive.app.screen, ManyScreen), "the lines")
    await drive.pilot.pause()


async def test_lines_pasted_into_the_list_are_shown_and_added_in_one_operation(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await paste(drive, GOOD.replace("\n", "\r"))
        await looked(drive)
        assert "Add 3 tasks" in drive.text
        assert "+party" in drive.text
        assert "Fri 27 Nov" in drive.text
        assert len(drive.snapshot.tasks) == 1
        await drive.press("enter")
        await drive.answered("#2 #3 #4 added")
        snapshot = drive.snapshot
        assert [snapshot.tasks[i].title for i in (2, 3, 4)] == ["Order the cake", "Write the cards", "Hand out"]
        assert (snapshot.before[3], snapshot.before[4], snapshot.tasks[2].tags) == ((2,), (3,), ("party",))
        assert drive.app.drafts.text == ""
        await drive.press("u")
        await drive.answered("undone")
        assert set(drive.snapshot.tasks) == {1}


async def test_bad_lines_are_shown_and_nothing_is_added_before_they_are_mended_or_left_out(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await paste(drive, "Good\nBad due:fryday\nWorse after:zebra\nFine after:old")
        await looked(drive)
        assert "2 not understood" in drive.text
        assert "zebra names no task" in drive.text
        assert "add all" not in drive.lines[-1]
        await drive.press("enter")
        await drive.answered("2 lines are not understood")
        assert len(drive.snapshot.tasks) == 1
        await drive.press("e")
        entry = drive.app.screen.query_one("#mend", Entry)
        assert entry.value == "Bad due:fryday"
        entry.value = "Bad due:fri"
        await drive.press("enter")
        assert "1 not understood" in drive.text
        await drive.press("x")
        assert "1 not understood" not in drive.text
        await drive.press("enter")
        await drive.answered("#2 #3 #4 added")
        assert [task.title for task in drive.snapshot.tasks.values()] == ["Old", "Good", "Bad", "Fine"]
        assert drive.snapshot.before[4] == (1,)


async def test_a_number_that_is_no_task_is_said_in_full(tmp_path: Path) -> None:
    async with opened(tmp_path / "t.db", (80, 24)) as drive:
        await drive.press("a")
        await paste(drive, "Good\nBad after:99")
        await looked(drive)
        words = " ".join(drive.text.replace("│", " ").split())
        assert "there is no task #99 · give another id, or a part of a title" in words


async def test_lines_that_are_left_are_a_draft_with_what_was_mended_and_left_out(tmp_path: Path) -> None:
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("a")
        await drive.type("First ")
        await paste(drive, "part\nSecond\nThird")
        await looked(drive)
        assert drive.app.drafts.text == "First part\nSecond\nThird"
        await drive.press("j", "x", "escape")
        assert drive.app.drafts.text == "First part\n# Second\nThird"
        await drive.press("a")
        await looked(drive)
        assert "Add 2 tasks" in drive.text


async def test_one_pasted_line_stands_in_the_capture_line(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await paste(drive, "Call the landlord\r\n")
        await drive.until(lambda: isinstance(drive.app.screen, CaptureScreen), "the line")
        assert drive.app.screen.query_one(Entry).value == "Call the landlord"


async def test_pasting_answers_no_question(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("d")
        await paste(drive, "y\ny\ny")
        assert 1 in drive.snapshot.tasks
        assert not isinstance(drive.app.screen, ManyScreen)


async def test_more_lines_than_anybody_reads_are_for_a_file(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        drive.app.drafts.keep("Half a thought")
        await paste(drive, "x\n" * (LINES_PASTED + 2))
        await drive.answered("taskterm add - < FILE")
        assert drive.app.drafts.text == "Half a thought"


async def test_lines_that_were_all_left_out_leave_no_draft_behind(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await paste(drive, "One\nTwo")
        await looked(drive)
        await drive.press("x", "x", "escape", "a")
        assert isinstance(drive.app.screen, CaptureScreen)
        assert drive.app.screen.query_one(Entry).value == ""


async def test_a_draft_of_comments_alone_does_not_stand_in_the_way_of_a_new_task(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        drive.app.drafts.keep("# One\n# Two")
        await drive.press("a")
        assert isinstance(drive.app.screen, CaptureScreen)
        await drive.type("New")
        await drive.press("enter")
        await drive.answered("#2 added")
