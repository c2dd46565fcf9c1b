"""The form: what a text means beside it, what others change meanwhile, and the user's own editor for the notes."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.app import App

from taskterm.core.model import Update
from taskterm.tui.screens.clash import ClashScreen
from taskterm.tui.screens.edit import EditScreen
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.notes import Notes
from tests.tui.drive import Drive, fill, opened

pytestmark = pytest.mark.usefixtures("home")


def put(drive: Drive, field: str, text: str) -> None:
    """Write into a field of the form."""
    drive.app.screen.query_one(f"#field-{field}", Entry).value = text


def value(drive: Drive, field: str) -> str:
    """What stands in a field of the form."""
    return drive.app.screen_stack[1].query_one(f"#field-{field}", Entry).value


async def choosing(drive: Drive) -> None:
    """Wait until the question is on the screen."""
    await drive.until(lambda: isinstance(drive.app.screen, ClashScreen), "the question")
    await drive.until(lambda: "Nothing is written yet" in drive.text, "its words")
    await drive.pilot.pause()


def last_edit(drive: Drive) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Who changed #1 last, from what, to what."""
    (operation, changes), *_ = drive.store.history(1, 1)
    updates = [change for change in changes if isinstance(change, Update)]
    before = {name: v for change in updates for name, v in change.before.items()}
    return operation.actor, before, {name: v for change in updates for name, v in change.after.items()}


async def test_what_a_text_means_stands_beside_it_while_it_is_typed(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        put(drive, "due", "fri 17:00")
        put(drive, "recurrence", "every 2 weeks")
        put(drive, "assignee", "me")
        put(drive, "estimate_minutes", "tow hours")
        await drive.pilot.pause()
        lines = {line.split()[1]: line for line in drive.lines if len(line.split()) > 2 and "│" in line}
        assert "Fri 27 Nov 17:00 (in 4 days)" in lines["due"]
        assert "every 2 weeks" in lines["repeat"].partition("every 2 weeks")[2]
        assert "@ana" in lines["owner"]
        assert "? tow hours is not a length of time" in lines["estimate"]


async def test_on_a_narrow_screen_the_meaning_stands_below_the_fields(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db", (60, 24)) as drive:
        await drive.press("e")
        drive.app.screen.query_one("#field-due", Entry).focus()
        await drive.type("fri 17:00")
        await drive.until(lambda: "Fri 27 Nov 17:00 (in 4 days)" in drive.text, "the meaning")


async def test_a_field_that_was_not_touched_takes_what_somebody_else_writes(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write", "assignee": "ana", "notes": "first", "tags": ["a"]})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        put(drive, "due", "fri")
        drive.act("edit", refs=[1], set={"assignee": "chloe", "notes": "second"}, add_tags=["b"])
        await drive.until(lambda: value(drive, "assignee") == "chloe", "the new owner")
        assert value(drive, "tags") == "a b"
        assert drive.app.screen.query_one(Notes).text == "second"
        assert value(drive, "due") == "fri"
        await drive.press("enter")
        await drive.answered("#1 changed")
        assert last_edit(drive) == ("ana", {"due": None}, {"due": "2026-11-27T23:59:59Z"})
        assert drive.snapshot.tasks[1].assignee == "chloe"


async def test_a_touched_field_says_who_changed_it_and_keeps_what_was_typed(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        put(drive, "due", "thu 12:00")
        drive.act("edit", refs=[1], set={"due": "2026-11-25T17:00:00Z"})
        await drive.until(lambda: "@ben made it Wed 25 Nov 17:00, 14:32" in drive.text, "what ben did")
        assert value(drive, "due") == "thu 12:00"
        drive.act("edit", refs=[1], set={"due": None})
        await drive.until(lambda: "@ben made it" not in drive.text, "that ben took it back")


async def test_each_field_is_decided_and_both_values_stay_in_the_journal(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Order laptop", "due": "2026-11-21T17:00:00Z", "priority": "L"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        put(drive, "due", "thu 12:00")
        put(drive, "priority", "H")
        put(drive, "estimate_minutes", "2h")
        drive.act("edit", refs=[1], set={"due": "2026-11-25T17:00:00Z", "priority": "M"})
        await drive.until(lambda: "made it M" in drive.text, "what ben did")
        await drive.press("enter")
        await choosing(drive)
        for words in (
            "2 fields changed twice: #1 Order laptop",
            "Thu 26 Nov 12:00",
            "Wed 25 Nov 17:00",
            "was Sat 21 Nov",
        ):
            assert words in drive.text
        assert "0 of 2 decided" in drive.text
        await drive.press("enter")
        await drive.answered("choose priority and due first")
        await drive.press("2")
        assert "1 of 2 decided" in drive.text
        await drive.press("1", "enter")
        await drive.answered("#1 changed")
        task = drive.snapshot.tasks[1]
        assert (task.due, task.priority, task.estimate_minutes) == ("2026-11-26T12:00:00Z", "M", 120)
        before = {"due": "2026-11-25T17:00:00Z", "estimate_minutes": None}
        assert last_edit(drive) == ("ana", before, {"due": "2026-11-26T12:00:00Z", "estimate_minutes": 120})
        await drive.press("u")
        await drive.answered("undone")
        assert drive.snapshot.tasks[1].due == "2026-11-25T17:00:00Z"


async def test_deciding_later_keeps_the_form_and_writes_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        put(drive, "assignee", "ana")
        drive.act("edit", refs=[1], set={"assignee": "chloe"})
        await drive.press("enter")
        await choosing(drive)
        await drive.press("escape")
        await drive.answered("what you typed is still here")
        assert isinstance(drive.app.screen, EditScreen)
        assert value(drive, "assignee") == "ana"
        assert drive.snapshot.tasks[1].assignee == "chloe"


async def test_notes_of_two_people_can_be_kept_both(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write", "notes": "Head"})
    async with opened(tmp_path / "t.db", (80, 24)) as drive:
        await drive.press("e")
        drive.app.screen.query_one(Notes).text = "Head\nCourier says Thursday."
        drive.act("edit", refs=[1], set={"notes": "Head\nTracking: DHL 0034"})
        await drive.press("enter")
        await choosing(drive)
        assert "Courier says Thursday." in drive.text
        assert "Tracking: DHL 0034" in drive.text
        await drive.press("3", "enter")
        await drive.answered("#1 changed")
        assert drive.snapshot.tasks[1].notes == "Head\nTracking: DHL 0034\nCourier says Thursday."


async def test_a_task_that_was_deleted_meanwhile_is_added_anew_from_the_form(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write", "tags": ["ops"], "notes": "Head"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        put(drive, "title", "Write it down")
        drive.act("delete", refs=[1])
        await drive.until(lambda: "deleted meanwhile: enter adds it anew" in drive.text, "that it is gone")
        await drive.press("enter")
        await drive.answered("#2 added")
        task = drive.snapshot.tasks[2]
        assert (task.title, task.tags, task.notes) == ("Write it down", ("ops",), "Head")


# the user's own editor


@pytest.fixture
def lent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A terminal that can be lent, though the tests have none; notes when it goes and comes back."""
    told: list[str] = []

    @contextmanager
    def suspend(_app: App[None]) -> Iterator[None]:
        told.append("lent")
        yield  # as Textual's own does it: after an error nobody would get the terminal back
        told.append("back")

    monkeypatch.setattr(App, "suspend", suspend)
    return told


def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Make a program of these lines the editor; `path` is the file."""
    file = tmp_path / "editor.py"
    file.write_text("\n".join(["import sys", "path = sys.argv[1]", *lines]))
    monkeypatch.setenv("VISUAL", f"{shlex.quote(sys.executable)} {file}")


async def test_the_notes_are_edited_in_the_users_editor_and_saved_with_the_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lent: list[str]
) -> None:
    editor(tmp_path, monkeypatch, "assert path.endswith('1-notes.md')", "open(path, 'a').write('more\\n')")
    fill(tmp_path / "t.db", {"title": "Write", "notes": "Head"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        await drive.press("ctrl+e")
        assert drive.app.screen.query_one(Notes).text == "Head\nmore"
        assert drive.snapshot.tasks[1].notes == "Head"
        await drive.press("ctrl+s")
        await drive.answered("#1 changed")
        assert drive.snapshot.tasks[1].notes == "Head\nmore"
        assert lent == ["lent", "back"]


async def test_one_key_opens_the_notes_in_the_editor_and_saves_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lent: list[str]
) -> None:
    editor(tmp_path, monkeypatch, "open(path, 'w').write('New\\n')")
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("E")
        await drive.answered("#1 changed")
        assert drive.snapshot.tasks[1].notes == "New"
        assert not isinstance(drive.app.screen, EditScreen)


@pytest.mark.parametrize(
    ("visual", "said"),
    [
        ("/no/such/editor", "/no/such/editor cannot be started"),
        (f"{shlex.quote(sys.executable)} -c 'raise SystemExit(3)'", "ended with exit code 3"),
    ],
)
async def test_an_editor_that_fails_is_said_and_the_screen_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lent: list[str], visual: str, said: str
) -> None:
    monkeypatch.setenv("VISUAL", visual)
    fill(tmp_path / "t.db", {"title": "Write", "notes": "Head"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e", "ctrl+e")
        await drive.answered(said)
        assert drive.app.screen.query_one(Notes).text == "Head"
        assert lent == ["lent", "back"]


async def test_a_terminal_that_cannot_be_lent_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(tmp_path, monkeypatch, "open(path, 'w').write('New\\n')")
    fill(tmp_path / "t.db", {"title": "Write", "notes": "Head"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e", "ctrl+e")
        await drive.answered("cannot be lent")
        assert drive.app.screen.query_one(Notes).text == "Head"


async def test_two_versions_of_the_notes_are_merged_in_the_editor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lent: list[str]
) -> None:
    editor(
        tmp_path,
        monkeypatch,
        "text = open(path).read()",
        "assert text == '<<<<<<< yours\\nmine\\n=======\\ntheirs\\n>>>>>>> theirs, @ben', text",
        "open(path, 'w').write('mine and theirs\\n')",
    )
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        drive.app.screen.query_one(Notes).text = "mine"
        drive.act("edit", refs=[1], set={"notes": "theirs"})
        await drive.press("enter")
        await choosing(drive)
        await drive.press("m", "enter")
        await drive.answered("#1 changed")
        assert drive.snapshot.tasks[1].notes == "mine and theirs"
