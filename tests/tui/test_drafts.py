"""What was typed into the capture line is there again, whatever ended the program."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from taskterm.tui.drafts import SECONDS, DraftFile, Drafts
from taskterm.tui.widgets.entry import Entry
from tests.tui.drive import fill, opened
from tests.tui.stage import until

pytestmark = pytest.mark.usefixtures("home")


async def test_what_is_typed_is_in_a_private_file_while_it_is_typed(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    file = DraftFile(str(tmp_path / "t.db"))
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("a")
        await drive.type("Half a thought")
        await until(drive.pilot, lambda: file.read() == "Half a thought")  # a crash from here on loses nothing
        assert stat.S_IMODE(os.stat(file.path).st_mode) == 0o600
        assert stat.S_IMODE(os.stat(os.path.dirname(file.path)).st_mode) == 0o700


async def test_a_draft_survives_leaving_and_is_gone_once_it_is_a_task(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    fill(tmp_path / "other.db", {"title": "Other"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("a")
        await drive.type("Half a thought")
        await drive.press("escape", "q")
    async with opened(tmp_path / "other.db") as drive:
        await drive.press("a")
        assert drive.app.screen.query_one(Entry).value == ""
    async with opened(tmp_path / "t.db") as drive:
        await drive.answered("your draft was kept")
        await drive.press("a")
        assert drive.app.screen.query_one(Entry).value == "Half a thought"
        await drive.press("enter")
        await drive.answered("#2 added")
    assert not os.path.exists(DraftFile(str(tmp_path / "t.db")).path)


async def test_a_state_folder_that_cannot_be_written_is_said_and_nothing_else_suffers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("a")
        await drive.type("New")
        await drive.answered("not kept on disk")
        await drive.press("enter")
        await drive.answered("#2 added")


def test_the_draft_of_another_screen_is_not_taken_away(tmp_path: Path) -> None:
    ours, theirs = DraftFile(str(tmp_path / "t.db")), DraftFile(str(tmp_path / "t.db"))
    ours.write("mine")
    theirs.write("theirs")
    ours.write("")
    assert theirs.read() == "theirs"
    theirs.write("")
    assert not os.path.exists(theirs.path)


def test_a_text_is_passed_on_at_once_and_then_at_most_once_a_second() -> None:
    written: list[str] = []
    timers: list[tuple[float, Callable[[], None]]] = []
    drafts = Drafts(written.append, lambda seconds, call: timers.append((seconds, call)))
    for text in ("H", "Ha", "Hal", "Half"):
        drafts.keep(text)
    assert written == ["H"]
    seconds, call = timers.pop()
    assert seconds == SECONDS
    call()
    assert written == ["H", "Half"]
    timers.pop()[1]()
    assert (written, timers) == (["H", "Half"], [])
    drafts.keep("Half ")
    drafts.keep("Half a")
    drafts.flush()
    assert written == ["H", "Half", "Half ", "Half a"]


def test_a_draft_that_is_found_while_something_else_is_typed_waits_for_its_turn() -> None:
    written: list[str] = []
    drafts = Drafts(written.append, lambda _seconds, call: None)
    drafts.keep("New")
    assert not drafts.found("Half a thought", typing=True)
    drafts.keep("New task")
    drafts.flush()
    assert (drafts.text, written[-1]) == ("New task", "Half a thought\nNew task")
    for text in ("", "", "Anoth", ""):  # it is a task now; what is typed and taken back after it changes nothing
        drafts.keep(text)
    drafts.flush()
    assert (drafts.text, written[-1]) == ("", "Half a thought")
    assert drafts.take() == "Half a thought"
    drafts.flush()
    assert written[-1] == "Half a thought"
    drafts.keep("")
    drafts.flush()
    assert (drafts.take(), written[-1]) == ("", "")
