"""One line of words changes all marked tasks: only what it says, in one operation, or nothing at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from taskterm.runner.trust import Trust
from taskterm.tui.marks import Marks
from taskterm.tui.screens.bulk import BulkScreen
from taskterm.tui.widgets.entry import Entry
from tests.tui.drive import fill, opened
from tests.tui.test_marks import last_operation, operations

pytestmark = pytest.mark.usefixtures("home")

THREE: tuple[dict[str, Any], ...] = (
    {"title": "Write", "assignee": "ben", "due": "2026-11-27T17:00:00Z", "tags": ["web"]},
    {"title": "Draw", "assignee": "ana", "tags": ["ops"]},
    {"title": "Publish", "priority": "L"},
)


async def test_only_what_is_typed_changes_in_all_marked_tasks_and_one_undo_takes_it_back(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *THREE)
    async with opened(tmp_path / "t.db") as drive:
        before = last_operation(drive)
        drive.app.mark(Marks(frozenset({1, 2})))
        await drive.press("e")
        assert isinstance(drive.app.screen, BulkScreen)
        assert "Change 2 tasks" in drive.text
        await drive.type("@ana +ops pri:H")
        assert "changes 2 tasks: owner @ana, priority H, +ops" in drive.text
        assert drive.snapshot.tasks[1].assignee == "ben"
        await drive.press("enter")
        await drive.answered("#1 #2 changed: owner @ana, priority H, +ops · u undo")
        tasks = drive.snapshot.tasks
        assert [(tasks[i].assignee, tasks[i].priority) for i in (1, 2, 3)] == [("ana", "H")] * 2 + [(None, "L")]
        assert [tasks[i].tags for i in (1, 2)] == [("ops", "web"), ("ops",)]
        assert tasks[1].due == "2026-11-27T17:00:00Z"
        assert operations(drive, before) == ["edit"]
        await drive.press("u")
        await drive.answered("undone")
        assert (drive.snapshot.tasks[1].assignee, drive.snapshot.tasks[1].tags) == ("ben", ("web",))


async def test_a_field_can_be_emptied_and_the_line_says_for_how_many_it_is_so_already(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *THREE)
    async with opened(tmp_path / "t.db") as drive:
        drive.app.mark(Marks(frozenset({1, 2})))
        await drive.press("e")
        await drive.type("due:")
        assert "changes 1 task: no due date (1 is so already)" in drive.text
        await drive.press("enter")
        await drive.answered("no due date")
        assert drive.snapshot.tasks[1].due is None


async def test_a_line_that_is_refused_stays_and_changes_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *THREE, {"title": "Announce", "after": [1]})
    async with opened(tmp_path / "t.db") as drive:
        before = last_operation(drive)
        drive.app.mark(Marks(frozenset({1, 2})))
        await drive.press("e")
        await drive.type("+ops after:4")
        await drive.press("enter")
        await drive.answered("cycle")
        assert isinstance(drive.app.screen, BulkScreen)
        assert drive.app.screen.query_one(Entry).value == "+ops after:4"
        assert operations(drive, before) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("One title", "2 tasks cannot all be called “One title”"),
        ("pri:X", "pri"),
        ("run:", "run: alone takes nothing away"),
        ("", "nothing to change was typed"),
    ],
)
async def test_a_line_that_means_nothing_is_answered_before_the_store_is_asked(
    tmp_path: Path, line: str, said: str
) -> None:
    fill(tmp_path / "t.db", *THREE)
    async with opened(tmp_path / "t.db") as drive:
        before = last_operation(drive)
        drive.app.mark(Marks(frozenset({1, 2})))
        await drive.press("e")
        await drive.type(line)
        await drive.press("enter")
        await drive.until(lambda: said in drive.text, said)
        assert operations(drive, before) == []


async def test_the_same_line_changes_or_assigns_the_one_selected_task(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *THREE)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("home")
        assert drive.app.selected is not None
        first = drive.app.selected.id
        await drive.press("at")
        await drive.type("chloe")
        await drive.press("enter")
        await drive.answered("owner @chloe")
        assert drive.snapshot.tasks[first].assignee == "chloe"
        await drive.press("w")
        await drive.type("A new title")
        await drive.press("enter")
        await drive.answered("title A new title")
        assert drive.snapshot.tasks[first].title == "A new title"


async def test_a_command_that_is_typed_for_all_of_them_is_approved_here_and_no_other_is(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Build", "steps": [{"run": "echo theirs"}]}, {"title": "Ship"})
    async with opened(tmp_path / "t.db") as drive:
        drive.app.mark(Marks(frozenset({1, 2})))
        await drive.press("e")
        await drive.type('run:"echo mine"')
        await drive.press("enter")
        await drive.answered("$ echo mine")
        steps = [step for task_id in (1, 2) for step in drive.snapshot.steps(task_id)]
        assert [step.run for step in Trust().pending(steps)] == ["echo theirs"]


@pytest.mark.parametrize("typed", [" new person", "new person", "ana\\@ana"])
async def test_the_line_that_gives_a_task_to_somebody_never_changes_its_title(tmp_path: Path, typed: str) -> None:
    fill(tmp_path / "t.db", *THREE)
    async with opened(tmp_path / "t.db") as drive:
        drive.app.go_to(3)
        before = last_operation(drive)
        await drive.press("@")
        await drive.type(typed)
        assert "would become the title" in drive.text
        await drive.press("enter")
        await drive.answered("would become the title")
        assert isinstance(drive.app.screen, BulkScreen)
        assert operations(drive, before) == []
        drive.app.screen.query_one(Entry).value = "@cem +ops"
        await drive.press("enter")
        await drive.answered("#3 changed: owner @cem, +ops")
        assert drive.snapshot.tasks[3].title == "Publish"


async def test_the_line_that_changes_one_task_may_give_it_a_title(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *THREE)
    async with opened(tmp_path / "t.db") as drive:
        drive.app.go_to(3)
        await drive.press("w")
        await drive.type("Print it")
        await drive.press("enter")
        await drive.answered("title Print it")
        assert drive.snapshot.tasks[3].title == "Print it"
