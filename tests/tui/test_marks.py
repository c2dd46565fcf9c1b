"""Several tasks at once: they are marked by key or mouse, and one operation of the store is about all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from taskterm.tui.app import TaskTerm
from taskterm.tui.marks import Marks
from taskterm.tui.screens.link import LinkScreen
from tests.tui.drive import Drive, fill, opened

pytestmark = pytest.mark.usefixtures("home")

FOUR: tuple[dict[str, Any], ...] = (
    {"title": "Write", "assignee": "ana"},
    {"title": "Draw"},
    {"title": "Publish", "after": [1]},
    {"title": "Announce", "tags": ["news"]},
)


def marked(app: TaskTerm) -> list[int]:
    return sorted(app.marks.ids)


def operations(drive: Drive, since: int) -> list[str]:
    with drive.store.read() as reader:
        return [operation.verb for operation in reader.operations(None, 50) if operation.id > since]


def last_operation(drive: Drive) -> int:
    return drive.snapshot.operation


def row_of(drive: Drive, title: str) -> str:
    """The line of the list (not of the pane beside it) that shows a title."""
    return next(line for line in drive.lines if title in line[:80])


def test_a_stretch_goes_from_the_mark_before_to_this_task_in_the_order_of_the_list() -> None:
    marks = Marks().toggled(3).up_to(9, [1, 3, 7, 9, 2])
    assert marks == Marks(frozenset({3, 7, 9}), 9)
    assert marks.up_to(1, [1, 3, 7, 9, 2]).ids == {1, 3, 7, 9}
    assert Marks().up_to(7, [1, 7]).ids == {7}
    assert Marks(frozenset({4}), 4).up_to(7, [1, 7]).ids == {4, 7}


def test_all_or_none_takes_away_only_what_was_meant() -> None:
    assert Marks(frozenset({9})).all_or_none([1, 2]).ids == {1, 2, 9}
    assert Marks(frozenset({1, 2, 9})).all_or_none([1, 2]).ids == {9}
    assert Marks(frozenset({1})).inverted([1, 2, 3]).ids == {2, 3}
    assert Marks(frozenset({1, 2})).among({2, 3}).ids == {2}


async def test_m_marks_with_a_sign_and_moves_on_and_the_screen_says_how_many(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("m", "m")
        assert marked(drive.app) == [1, 2]
        assert "2 marked" in drive.lines[2]
        assert "■" in row_of(drive, "Write")[:3]
        assert "■" not in row_of(drive, "Announce")[:3]
        await drive.press("up", "m")
        assert marked(drive.app) == [1]
        await drive.press("escape")
        assert marked(drive.app) == []
        assert "marked" not in drive.text


async def test_marks_have_an_ascii_sign(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db", ascii_only=True) as drive:
        await drive.press("m")
        assert row_of(drive, "Write")[1] == "+"
        assert "+ 1 marked" in drive.lines[2]


@pytest.mark.parametrize(
    ("key", "verb", "statuses"),
    [
        ("space", "done", ["done", "done", "todo"]),
        ("s", "start", ["doing", "doing", "todo"]),
        ("C", "cancel", ["cancelled", "cancelled", "todo"]),
    ],
)
async def test_an_action_on_marked_tasks_is_one_operation_that_one_undo_takes_back(
    tmp_path: Path, key: str, verb: str, statuses: list[str]
) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        before = last_operation(drive)
        await drive.press("m", "m", key)
        await drive.answered("#1 #2")
        tasks = drive.snapshot.tasks
        assert [tasks[i].status for i in (1, 2, 4)] == statuses
        assert operations(drive, before) == [verb]
        await drive.press("u")
        await drive.answered("undone")
        tasks = drive.snapshot.tasks
        assert [tasks[i].status for i in (1, 2, 4)] == ["todo"] * 3


async def test_tasks_that_have_ended_are_not_marked_any_more(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("m", "m", "s")
        await drive.answered("started")
        assert marked(drive.app) == [1, 2]
        await drive.press("space")
        await drive.answered("done")
        await drive.until(lambda: not marked(drive.app), "no marks")


async def test_a_refusal_changes_none_of_the_marked_tasks(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        before = last_operation(drive)
        drive.app.mark(Marks(frozenset({2, 3})))
        await drive.press("space")
        await drive.answered("blocked by #1")
        assert "none of the marked tasks was changed" in drive.answer
        assert operations(drive, before) == []
        assert marked(drive.app) == [2, 3]
        await drive.press("!")
        await drive.answered("#2 #3 done")


async def test_delete_asks_once_for_all_and_names_what_goes_with_them(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        before = last_operation(drive)
        await drive.press("m", "m", "d")
        assert "Delete 2 tasks: #1 #2?" in drive.text
        assert "Nothing blocks #3 then." in drive.text
        await drive.press("y")
        await drive.answered("deleted")
        assert sorted(drive.snapshot.tasks) == [3, 4]
        assert operations(drive, before) == ["delete"]
        await drive.until(lambda: not marked(drive.app), "the marks of tasks that are gone")


async def test_a_comment_is_said_about_all_of_them(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        before = last_operation(drive)
        await drive.press("m", "m", "c")
        await drive.type("Waiting for legal")
        await drive.press("enter")
        await drive.answered("commented")
        assert [[c.text for c in drive.snapshot.comments(i)] for i in (1, 2, 4)] == [["Waiting for legal"]] * 2 + [[]]
        assert operations(drive, before) == ["comment"]


async def test_marked_tasks_are_linked_to_one_other_end(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        before = last_operation(drive)
        await drive.press("m", "m", "l")
        assert isinstance(drive.app.screen, LinkScreen)
        assert "and 1 more" in drive.text
        await drive.press("4")
        assert "taskterm link 4 --after 1,2" in drive.text
        await drive.press("enter")
        await drive.answered("#4 waits for #1 #2")
        assert sorted(drive.snapshot.predecessors(4)) == [1, 2]
        assert operations(drive, before) == ["link"]


async def test_a_link_of_several_that_would_close_a_cycle_makes_none(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        drive.app.mark(Marks(frozenset({2, 3})))
        await drive.press("l", "1", "enter")
        await drive.answered("cycle")
        assert drive.snapshot.predecessors(1) == ()


async def test_marked_tasks_move_together_if_they_stand_in_one_column(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        before = last_operation(drive)
        await drive.press("m", "m", ">")
        await drive.answered("moved")
        assert [drive.snapshot.tasks[i].column for i in (1, 2)] == ["doing", "doing"]
        assert operations(drive, before) == ["move"]
        drive.app.mark(Marks(frozenset({2, 4})))
        await drive.press(">")
        await drive.answered("mark those of one column")


async def test_marks_stay_when_the_view_the_filter_or_the_database_changes(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        drive.app.mark(Marks(frozenset({1, 4})))
        drive.app.set_filter("+news")
        assert marked(drive.app) == [1, 4]
        drive.app.set_filter("")
        for view in ("2", "3", "g", "1"):
            await drive.press(view)
            assert marked(drive.app) == [1, 4]
            assert "2 marked" in drive.lines[2]
        drive.act("add", title="From elsewhere")
        await drive.until(lambda: "From elsewhere" in drive.text, "the other's task")
        assert marked(drive.app) == [1, 4]
        drive.act("delete", refs=[4])
        await drive.until(lambda: marked(drive.app) == [1], "only the mark of a task that there is")


async def test_star_marks_what_the_filter_shows_and_once_more_none_of_it(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *FOUR, {"title": "News too", "tags": ["news"]})
    async with opened(tmp_path / "t.db") as drive:
        drive.app.set_filter("+news")
        await drive.press("*")
        assert marked(drive.app) == [4, 5]
        await drive.press("*")
        assert marked(drive.app) == []


async def test_shift_and_arrows_and_capital_m_mark_a_stretch(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("shift+down")
        assert marked(drive.app) == [1, 2]
        await drive.press("escape", "home", "m", "home", "m")  # marked and unmarked: from there it goes on
        await drive.press("end", "M")
        assert len(marked(drive.app)) == 4


async def test_clicks_with_ctrl_with_shift_and_in_the_margin_mark(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        y = next(i for i, line in enumerate(drive.lines) if "Write" in line[:40])
        await drive.pilot.click(offset=(20, y), control=True)
        assert marked(drive.app) == [1]
        await drive.pilot.click(offset=(20, y + 2), shift=True)
        assert len(marked(drive.app)) == 3
        await drive.pilot.click(offset=(1, y))
        assert 1 not in marked(drive.app)
        await drive.pilot.click(offset=(20, y))
        assert len(marked(drive.app)) == 2
        await drive.press("2")
        await drive.pilot.pause()
        x, y = next((line.index("Announce"), i) for i, line in enumerate(drive.lines) if "Announce" in line)
        before = marked(drive.app)
        await drive.pilot.click(offset=(x, y), control=True)
        assert marked(drive.app) == sorted({4} ^ set(before))


@pytest.mark.parametrize("view", ["2", "3", "g"])
async def test_marked_tasks_carry_their_sign_in_every_view(tmp_path: Path, view: str) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press(view)
        await drive.until(lambda: "Publish" in drive.text, "the view")
        signs = drive.text.count("■")
        drive.app.mark(Marks(frozenset({3})))
        await drive.pilot.pause()
        await drive.until(lambda: drive.text.count("■") > signs + 1, "a sign beside the task and the count")


async def test_marks_cost_nothing_that_grows_with_the_number_of_tasks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taskterm.tui import task_rows

    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        laid_out: list[object] = []
        monkeypatch.setattr(task_rows, "listed", laid_out.append)
        monkeypatch.setattr(task_rows, "lines", lambda *a, **k: laid_out.append(a))
        await drive.press("m", "m", "m")
        assert marked(drive.app) != []
        assert laid_out == []


@pytest.mark.parametrize(
    ("deeds", "said"),
    [
        ([("link", {"refs": [2], "predecessors": [1]})], "undone: linked #2 Draw after #1 Write"),
        ([("column_add", {"name": "Proof"})], "undone: added the column Proof"),
        ([("view_save", {"name": "news", "query": "+news"})], "undone: added the view news"),
        ([("move", {"refs": [1, 2, 4], "column": "doing"})], "undone: moved #1 Write, #2 Draw, #4 Announce to Doing"),
    ],
)
async def test_an_undo_says_what_it_took_back_and_a_redo_what_it_brought_back(
    tmp_path: Path, deeds: list[tuple[str, dict[str, Any]]], said: str
) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        for verb, args in deeds:
            drive.app.work.execute(verb, args)
        await drive.until(lambda: drive.answer, "the answer")
        await drive.press("u")
        await drive.answered("undone")
        assert said in drive.answer
        await drive.press("ctrl+r")
        await drive.answered("done again")
        assert said.replace("undone", "done again") in drive.answer


async def test_an_undo_that_is_refused_says_why(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *FOUR)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("s")
        await drive.answered("started")
        drive.act("done", refs=[1])
        await drive.press("u")
        await drive.answered("cannot be undone: the status of #1 has changed since")
        await drive.press("ctrl+r")
        await drive.answered("there is nothing to redo")
