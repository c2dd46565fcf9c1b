"""What was typed into the capture line is there again, whatever ended the program."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from taskterm.store.store import Store
from taskterm.tui.drafts import SECONDS, DraftFile, Drafts, forms_in
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.notes import Notes
from tests.tui.drive import NOW, fill, opened
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


# the edit form


async def test_a_form_that_was_not_saved_opens_again_as_it_stood_whatever_ended_the_program(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old", "notes": "One line."})
    file = DraftFile(str(tmp_path / "t.db"), "forms")
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        await drive.type(" news")
        drive.app.screen.query_one(Notes).text = "One line.\nAnother."
        await until(drive.pilot, lambda: "Another." in file.read())  # a crash from here on loses nothing
        assert stat.S_IMODE(os.stat(file.path).st_mode) == 0o600
    async with opened(tmp_path / "t.db") as drive:
        await drive.answered("what you typed into #1 was kept: e goes on with it")
        await drive.press("e")
        assert drive.app.screen.query_one("#field-title", Entry).value == "Old news"
        assert "what you typed before is here again" in drive.answer
        await drive.press("enter")
        await drive.until(lambda: drive.snapshot.tasks[1].title == "Old news", "the title")
        assert drive.snapshot.tasks[1].notes == "One line.\nAnother."
        await drive.press("e")
        assert "is here again" not in drive.answer
    assert not os.path.exists(file.path)


async def test_what_others_changed_before_a_form_was_opened_again_is_a_clash(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old", "tags": ["a"]})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        await drive.type(" news")
        drive.app.screen.query_one("#field-tags", Entry).value = "a b"
        await drive.pilot.pause()
    async with opened(tmp_path / "t.db") as drive:
        drive.act("edit", refs=[1], set={"title": "Older"})
        await drive.until(lambda: drive.app.picture.snapshot.tasks[1].title == "Older", "the other title")
        await drive.press("e")
        assert drive.app.screen.query_one("#field-title", Entry).value == "Old news"
        assert "#1 Older" in drive.text
        assert "@ben made it Older" in drive.text
        await drive.press("enter")
        await drive.until(lambda: "Nothing is written yet" in drive.text, "the question")
        await drive.press("1", "enter")
        await drive.until(lambda: drive.snapshot.tasks[1].title == "Old news", "mine")
        assert drive.snapshot.tasks[1].tags == ("a", "b")


async def test_a_form_that_was_dropped_or_whose_task_is_gone_is_not_kept(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"}, {"title": "Gone"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        await drive.type(" news")
        await drive.press("escape", "escape", "j", "e")
        await drive.type(" soon")
    file = DraftFile(str(tmp_path / "t.db"), "forms")
    assert [form.texts for form in forms_in(file.read()).values()] == [{"title": "Gone soon"}]
    Store(str(tmp_path / "t.db")).execute("delete", {"refs": [2]}, actor="ben", now=NOW)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        assert drive.app.screen.query_one("#field-title", Entry).value == "Old"
        assert not drive.app.forms.of("any")
        assert "was kept" not in drive.answer


@pytest.mark.parametrize("text", ["", "{}", "[1]", "no json", '{"a": 1}', '{"a": [1, [], {}]}', '{"a": ["x", {}, {}]}'])
def test_what_is_no_file_of_forms_has_none(text: str) -> None:
    assert forms_in(text) == {}
