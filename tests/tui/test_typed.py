"""Keys that come faster than the screen can follow do what they would have done one by one."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key

from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.notes import Notes
from tests.tui.drive import Drive, fill, opened

pytestmark = pytest.mark.usefixtures("home")

NAMES = ("backspace", "enter", "tab", "escape", "left", "right", "home", "delete", "ctrl+n", "ctrl+u", "ctrl+w", "up")


def burst(drive: Drive, *keys: str) -> None:
    """Names of keys, and texts, all at once: nothing can happen between them."""
    for key in keys:
        if key in NAMES:
            drive.app.post_message(events.Key(key, None))
            continue
        for character in key:
            drive.app.post_message(events.Key(_character_to_key(character), character))


def field(drive: Drive) -> str:
    return drive.app.screen.query_one(Entry).value


async def test_what_is_mended_in_a_burst_is_mended_where_it_was_meant(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("a")
        burst(drive, "Call prio:H", *["backspace"] * 6, "pri:H")
        await drive.until(lambda: field(drive).endswith("pri:H"), "the line")
        assert field(drive) == "Call pri:H"
        burst(drive, "ctrl+u", "two", "home", "one ", "delete", "T", "left", "left", "!")
        await drive.until(lambda: "!" in field(drive), "the other line")
        assert field(drive) == "one! Two"[:3] + "! Two" or field(drive) == "one! Two"


async def test_from_the_key_that_opens_a_field_to_the_next_task_nothing_is_lost(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        burst(drive, "a", "onx", "backspace", "e", "enter", "a", "two", "enter", "a", "three")
        await drive.until(lambda: len(drive.snapshot.tasks) >= 3, "two tasks")
        await drive.until(lambda: drive.app.screen.query(Entry) and field(drive) == "three", "the third line")
        assert [task.title for task in drive.snapshot.tasks.values()] == ["Old", "one", "two"]


async def test_add_and_one_more_takes_what_is_typed_on(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        burst(drive, "a", "one", "ctrl+n", "two", "ctrl+n", "three")
        await drive.until(lambda: drive.app.screen.query(Entry) and field(drive) == "three", "the third line")
        assert [task.title for task in drive.snapshot.tasks.values()] == ["Old", "one", "two"]


async def test_a_line_that_is_refused_keeps_what_was_typed_on(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        burst(drive, "a", "one after:99", "enter", "backspace", "backspace", "1", "enter")
        await drive.until(lambda: len(drive.snapshot.tasks) == 2, "the task")
        assert drive.snapshot.tasks[2].title == "one"


async def test_a_filter_that_is_typed_in_one_go_is_the_filter(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "bet"}, {"title": "ben"})
    async with opened(tmp_path / "t.db") as drive:
        burst(drive, "/", "ben", "backspace", "t")
        await drive.until(lambda: drive.app.lens.query.text == "bet", "the filter")
        burst(drive, "enter", "a", "new", "enter")
        await drive.until(lambda: len(drive.snapshot.tasks) == 3, "the task")
        assert drive.snapshot.tasks[3].title == "new"


async def test_tab_moves_on_before_the_next_letter(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        await drive.until(lambda: drive.app.screen.query("#field-title"), "the form")
        entries = list(drive.app.screen.query(Entry))
        before = [entry.value for entry in entries]
        await drive.until(lambda: entries[0].has_focus, "the first field")
        burst(drive, "xyz", "tab", "one", "tab", "two", "tab", "three")
        await drive.until(lambda: any(entry.value.endswith("three") for entry in entries), "the fields")
        assert [entry.value.removeprefix(old) for entry, old in zip(entries, before, strict=True)][:4] == [
            "xyz",
            "one",
            "two",
            "three",
        ]


async def test_notes_take_keys_in_their_order(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        await drive.until(lambda: drive.app.screen.query(Notes), "the form")
        notes = drive.app.screen.query_one(Notes)
        notes.focus()
        await drive.until(lambda: notes.has_focus, "the notes")
        burst(drive, "one", "backspace", "E", "enter", "two", "left", "!")
        await drive.until(lambda: "!" in notes.text, "the text")
        assert notes.text == "onE\ntw!o"


async def test_what_is_typed_behind_the_key_that_leaves_the_filter_is_for_the_view(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "bet"}, {"title": "ben"})
    async with opened(tmp_path / "t.db") as drive:
        burst(drive, "/", "ben", "escape", "a", "new", "enter")
        await drive.until(lambda: len(drive.snapshot.tasks) == 3, "the task")
        assert drive.snapshot.tasks[3].title == "new"
        assert not drive.app.lens.query.text
