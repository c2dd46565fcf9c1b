"""Link mode: picking the other end on screen, by label, number, cursor or title; what is refused says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from taskterm.tui.linking import judge
from taskterm.tui.marks import Marks
from taskterm.tui.screens.link import LinkScreen
from taskterm.tui.widgets.tasks import Tasks
from tests.tui.build import Builder
from tests.tui.drive import NOW, Drive, fill, opened

pytestmark = pytest.mark.usefixtures("home")

THREE = ({"title": "Write"}, {"title": "Review"}, {"title": "Publish"})


def label_of(drive: Drive, task_id: int) -> str:
    return drive.app.screen.query_one(Tasks).marks[task_id].label


async def test_a_label_links_what_waits(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *THREE)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("l")
        await drive.until(lambda: label_of(drive, 3), "labels")
        await drive.press(label_of(drive, 3))
        await drive.answered("#3 waits for #1")
        assert drive.snapshot.predecessors(3) == (1,)
        assert not isinstance(drive.app.screen, LinkScreen)


async def test_tab_turns_the_direction_and_a_number_finds_the_task(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *THREE)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("l", "tab", "3")
        assert "taskterm link 1 --after 3" in drive.text
        await drive.press("enter")
        await drive.answered("#1 waits for #3")
        assert drive.snapshot.predecessors(1) == (3,)


async def test_a_part_of_a_title_finds_the_task(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *THREE)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("l", "slash")
        await drive.type("publ")
        await drive.press("enter", "down", "enter")
        await drive.answered("#3 waits for #1")
        assert drive.snapshot.predecessors(3) == (1,)


async def test_a_cycle_is_refused_with_its_path_and_nothing_is_stored(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"}, {"title": "Review", "after": [1]}, {"title": "Publish", "after": [2]})
    async with opened(tmp_path / "t.db") as drive:
        drive.app.go_to(3)
        await drive.press("l", "1", "enter")
        await drive.answered("#3 → #1 → #2 → #3")
        assert isinstance(drive.app.screen, LinkScreen)
        assert drive.snapshot.predecessors(1) == ()


async def test_what_is_linked_already_is_not_linked_again_and_the_key_that_cuts_is_named(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"}, {"title": "Review", "after": [1]})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("l")
        assert label_of(drive, 2) == ""
        await drive.press("2", "enter")
        await drive.answered("refused: #2 linked already · X cuts a link")
        assert isinstance(drive.app.screen, LinkScreen)
        assert drive.snapshot.predecessors(2) == (1,)


async def test_unlink_only_cuts_and_refuses_what_is_not_linked(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"}, {"title": "Review", "after": [1]}, {"title": "Publish"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("X")
        assert "Cut a link of #1 Write" in drive.text
        assert "enter cut" in drive.lines[-1]
        await drive.press("3", "enter")
        await drive.answered("refused: #3 is not linked")
        assert drive.snapshot.predecessors(3) == ()
        await drive.press("backspace", "2")
        assert "taskterm unlink 2 --after 1" in drive.text
        await drive.press("enter")
        await drive.answered("#2 no longer waits for #1")
        assert drive.snapshot.predecessors(2) == ()


async def test_unlink_begins_on_the_side_on_which_there_is_a_link_even_to_a_task_that_is_done(tmp_path: Path) -> None:
    store = fill(tmp_path / "t.db", {"title": "Write"}, {"title": "Review", "after": [1]})
    store.execute("done", {"refs": [1]}, actor="ben", now=NOW)
    async with opened(tmp_path / "t.db") as drive:
        drive.app.go_to(2)
        await drive.press("X")
        await drive.until(lambda: label_of(drive, 1), "labels")
        await drive.press(label_of(drive, 1))
        await drive.answered("#2 no longer waits for #1")
        assert drive.snapshot.predecessors(2) == ()


async def test_several_tasks_are_cut_from_one_in_one_operation(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *THREE, {"title": "Tell", "after": [1, 2]})
    async with opened(tmp_path / "t.db") as drive:
        drive.app.mark(Marks(frozenset({1, 2, 3})))
        await drive.press("X", "4", "enter")
        await drive.answered("#4 no longer waits for")
        assert drive.snapshot.predecessors(4) == ()
        await drive.press("u")
        await drive.answered("undone")
        assert drive.snapshot.predecessors(4) == (1, 2)


async def test_the_preview_names_the_links_that_the_new_one_makes_redundant(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"}, {"title": "Review"}, {"title": "Publish", "after": [1, 2]})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("l", "2")
        assert "waits for #1" in drive.text
        assert "redundant #1 → #3 is then implied" in " ".join(drive.text.split())
        await drive.press("backspace", "3")
        assert "redundant" not in drive.text


async def test_what_the_store_refuses_meanwhile_keeps_link_mode_open(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *THREE)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("l", "2")
        drive.act("link", successor=1, predecessors=[2])
        await drive.press("enter")
        await drive.answered("#1 → #2 → #1")
        assert isinstance(drive.app.screen, LinkScreen)


def test_a_task_that_runs_cannot_begin_to_wait() -> None:
    snapshot = (
        Builder().task(1, "Write").task(2, "Run", status="doing", steps=["a"]).run(1, "Run").part(1, 2).snapshot()
    )
    assert judge(snapshot, 1, 2).why == "running, too late"
    assert judge(snapshot, 2, 1).kind == "link"
