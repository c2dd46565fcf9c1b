"""The columns of the board, changed on screen: every change is one of the store's, undoable, and refusals are said."""

from __future__ import annotations

from pathlib import Path

import pytest

from taskterm.tui.screens.columns import Columns
from tests.tui.drive import NOW, Drive, fill, opened
from tests.tui.test_board_moves import on_board


def columns(drive: Drive) -> list[tuple[str, int | None]]:
    return [(column.name, column.wip_limit) for column in drive.snapshot.columns]


async def opened_columns(drive: Drive) -> None:
    await on_board(drive)
    await drive.press("B")
    await drive.until(lambda: isinstance(drive.app.screen, Columns) and drive.app.screen.focused is not None)
    await drive.until(lambda: "▌ Doing" in drive.text)


async def test_a_stage_is_added_renamed_limited_moved_and_taken_out_and_each_is_undone(tmp_path: Path):
    store = fill(tmp_path / "a.db", {"title": "First"})
    store.execute("start", {"refs": [1]}, actor="ben", now=NOW)
    async with opened(tmp_path / "a.db") as drive:
        await opened_columns(drive)
        await drive.press("a")
        await drive.type("Testing")
        await drive.press("enter")
        await drive.answered("column added")
        assert [name for name, _ in columns(drive)] == ["Blocked", "Ready", "Doing", "Testing", "Review", "Done"]
        await drive.until(lambda: "Testing" in drive.text)
        await drive.press("w", "2", "enter")
        await drive.answered("column changed")
        assert ("Doing", 2) in columns(drive)
        await drive.until(lambda: "at most 2" in drive.text)
        await drive.press("e")
        await drive.press(*["backspace"] * 5)
        await drive.type("Work")
        await drive.press("enter")
        await drive.until(lambda: ("Work", 2) in columns(drive))
        await drive.until(lambda: "▌ Work" in drive.text)
        await drive.press(">")
        await drive.until(lambda: [n for n, _ in columns(drive)][2:4] == ["Testing", "Work"])
        await drive.until(lambda: drive.text.index("Testing  ") < drive.text.index("Work  "))
        await drive.press("d")
        await drive.answered("column taken out")
        assert "Work" not in [name for name, _ in columns(drive)]
        assert drive.snapshot.tasks[1].column == "testing", "its card went to the neighbour"
        await drive.press("u", "u", "u", "u", "u")
        await drive.until(lambda: [n for n, _ in columns(drive)] == ["Blocked", "Ready", "Doing", "Review", "Done"])
        assert drive.snapshot.tasks[1].column == "doing"
        await drive.press("escape")
        assert not isinstance(drive.app.screen, Columns)


async def test_what_cannot_be_is_refused_in_a_sentence_and_what_was_typed_stays(tmp_path: Path):
    fill(tmp_path / "a.db", {"title": "First"})
    async with opened(tmp_path / "a.db") as drive:
        await opened_columns(drive)
        await drive.press("a")
        await drive.type("review")
        await drive.press("enter")
        await drive.answered("the board has a column Review already")
        assert "review" in drive.text
        await drive.press("escape", "w", "x", "enter")
        await drive.answered("'x' is not a number")
        await drive.press("escape", "g", "w")
        await drive.answered("Blocked takes no limit")
        await drive.press("d")
        await drive.answered("Blocked cannot be taken out")
        await drive.press(">")
        await drive.answered("stages stand between Ready and Done")
        assert len(columns(drive)) == 5


async def test_columns_of_others_appear_while_the_overlay_is_open(tmp_path: Path):
    fill(tmp_path / "a.db", {"title": "First"})
    async with opened(tmp_path / "a.db") as drive:
        await opened_columns(drive)
        drive.act("column_add", name="[bold]Staging")
        await drive.until(lambda: "[bold]Staging" in drive.text)


@pytest.mark.parametrize("width", [110, 125, 140])
async def test_the_head_of_a_column_that_is_over_its_limit_keeps_its_numbers(tmp_path: Path, width: int) -> None:
    store = fill(tmp_path / "a.db", {"title": "One"}, {"title": "Two"})
    store.execute("start", {"refs": [1, 2]}, actor="ben", now=NOW)
    store.execute("column_edit", {"column": "doing", "limit": 1}, actor="ben", now=NOW)
    async with opened(tmp_path / "a.db", size=(width, 40)) as drive:
        await drive.press("2")
        await drive.until(lambda: "Doing 2 / 1" in drive.text, "both numbers")
        assert "over" in drive.text
