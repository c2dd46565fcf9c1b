"""The application as a user meets it: keys in, database and screen out."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from textual import events

from taskterm.core.model import Update
from taskterm.tui.screens.capture import CaptureScreen
from taskterm.tui.screens.edit import EditScreen
from taskterm.tui.screens.trust import TrustDialog
from taskterm.tui.widgets.entry import Entry
from tests.tui.drive import fill, opened

pytestmark = pytest.mark.usefixtures("home")

CHAIN = (
    {"title": "Write", "assignee": "ana"},
    {"title": "Publish", "after": [1]},
    {"title": "Announce", "after": [2], "tags": ["news"]},
)


async def test_an_empty_database_teaches_its_first_keys(tmp_path: Path) -> None:
    async with opened(tmp_path / "t.db") as drive:
        assert "one graph" in drive.text
        assert "taskterm add Call the landlord due:fri" in drive.text
        assert "nothing here yet" in drive.text


async def test_what_is_typed_is_understood_while_it_is_typed_and_then_stored(tmp_path: Path) -> None:
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("a")
        await drive.type('Deploy +ops @ana due:"fri 17:00" est:2h pri:H')
        assert "Fri 27 Nov 17:00 (in 4 days)" in drive.text
        assert not drive.snapshot.tasks
        await drive.press("enter")
        await drive.answered("#1 added")
        task = drive.snapshot.tasks[1]
        assert (task.title, task.tags, task.assignee, task.due) == ("Deploy", ("ops",), "ana", "2026-11-27T17:00:00Z")
        assert (task.estimate_minutes, task.priority, task.created_by) == (120, "H", "ana")
        await drive.until(lambda: "Deploy" in drive.text and "one graph" not in drive.text, "the list")


async def test_a_capture_that_is_refused_stays_in_the_line(tmp_path: Path) -> None:
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("a")
        await drive.type("Publish after:99")
        await drive.press("enter")
        await drive.answered("99")
        assert isinstance(drive.app.screen, CaptureScreen)
        assert drive.app.screen.query_one(Entry).value == "Publish after:99"
        assert not drive.snapshot.tasks


async def test_a_draft_survives_escape(tmp_path: Path) -> None:
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("a")
        await drive.type("Half a thought")
        await drive.press("escape", "a")
        assert drive.app.screen.query_one(Entry).value == "Half a thought"


async def test_another_process_is_on_the_screen_within_a_second_untouched(
    tmp_path: Path, cli: Callable[..., CompletedProcess[str]]
) -> None:
    path = tmp_path / "tasks.db"
    fill(path, *CHAIN)
    async with opened(path) as drive:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, lambda: cli("add", "Call the landlord"))
        since = loop.time()
        await drive.until(lambda: "Call the landlord" in drive.text, "the other process's task")
        assert loop.time() - since < 1.0


async def test_done_names_what_it_released_and_undo_and_redo_turn_it_back_and_forth(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *CHAIN)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("space")
        await drive.answered("#1 done · released #2 · u undo")
        assert drive.snapshot.tasks[1].status == "done"
        await drive.press("u")
        await drive.answered("undone")
        assert drive.snapshot.tasks[1].status == "todo"
        await drive.press("ctrl+r")
        await drive.answered("done again")
        assert drive.snapshot.tasks[1].status == "done"


async def test_done_on_a_blocked_task_names_the_blocker_and_the_force_key_does_it(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *CHAIN)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("j", "space")
        await drive.answered("blocked by #1 Write @ana")
        assert "! does it anyway" in drive.answer
        assert drive.snapshot.tasks[2].status == "todo"
        await drive.press("!")
        await drive.answered("#2 done")
        assert drive.snapshot.tasks[2].status == "done"


async def test_the_force_key_changes_nothing_where_nothing_was_refused(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *CHAIN)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("!")
        await drive.answered("nothing was refused: ! does what was refused, anyway")
        await drive.press("j", "!")
        await drive.answered("nothing was refused")
        assert {task.status for task in drive.snapshot.tasks.values()} == {"todo"}
        await drive.press("space")
        await drive.answered("blocked by #1")
        await drive.press("O")
        await drive.answered("is open already")
        await drive.press("!")
        await drive.answered("nothing was refused")
        assert {task.status for task in drive.snapshot.tasks.values()} == {"todo"}


async def test_start_and_moves_put_a_task_into_its_columns(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *CHAIN)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("s")
        await drive.answered("#1 started")
        await drive.until(lambda: drive.app.picture.snapshot.tasks[1].status == "doing")
        await drive.press(">")
        await drive.answered("#1 in Review")
        await drive.until(lambda: drive.app.picture.snapshot.tasks[1].column == "review")
        await drive.press(">")
        await drive.answered("#1 done")
        assert drive.snapshot.tasks[1].status == "done"


async def test_the_form_sends_only_what_was_changed(tmp_path: Path) -> None:
    store = fill(tmp_path / "t.db", {"title": "Write", "assignee": "ana", "tags": ["a"], "notes": "first"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        await drive.type(" it down")
        drive.app.screen.query_one("#field-due", Entry).value = "fri 17:00"
        drive.app.screen.query_one("#field-tags", Entry).value = "b"
        await drive.press("enter")
        await drive.answered("#1 changed")
        (operation, changes), *_ = store.history(1, 1)
        assert operation.verb == "edit"
        fields = {name: value for c in changes if isinstance(c, Update) for name, value in c.after.items()}
        assert fields == {"title": "Write it down", "due": "2026-11-27T17:00:00Z"}
        assert drive.snapshot.tasks[1].tags == ("b",)


async def test_a_value_that_is_not_understood_is_said_in_the_form(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("e")
        drive.app.screen.query_one("#field-due", Entry).value = "fryday"
        await drive.press("enter")
        await drive.answered("friday")
        assert isinstance(drive.app.screen, EditScreen)
        await drive.press("escape")
        assert isinstance(drive.app.screen, EditScreen), "unsaved changes are not dropped by one key"
        await drive.press("escape")
        assert not isinstance(drive.app.screen, EditScreen)


async def test_a_comment_is_kept_and_shown_in_the_detail_pane(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *CHAIN)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("c")
        await drive.type("need it by [b]16:00[/b]")
        await drive.press("enter")
        await drive.until(lambda: "@ana need it by [b]16:00[/b]" in drive.text, "the comment")
        assert [c.text for c in drive.snapshot.comments(1)] == ["need it by [b]16:00[/b]"]


async def test_delete_asks_and_says_what_it_frees(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *CHAIN)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("d")
        assert "Nothing blocks #2 then." in drive.text
        await drive.press("n")
        assert 1 in drive.snapshot.tasks
        await drive.press("d", "y")
        await drive.answered("deleted")
        assert 1 not in drive.snapshot.tasks
        await drive.press("u")
        await drive.answered("undone")
        assert drive.snapshot.tasks[1].title == "Write"


async def test_a_filter_shows_what_fits_at_every_key_and_escape_takes_it_away(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *CHAIN)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("/")
        await drive.type("+news")
        await drive.until(lambda: "Write" not in drive.text, "fewer tasks")
        assert "Announce" in drive.text
        assert "1 of 3" in drive.text
        await drive.press("enter", "escape")
        await drive.until(lambda: "Write" in drive.text, "all tasks")


async def test_a_filter_that_fits_nothing_is_named_with_the_way_out(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *CHAIN)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("/")
        await drive.type("zebra")
        await drive.until(lambda: "Nothing fits zebra" in drive.text, "the named filter")
        await drive.press("escape")
        await drive.until(lambda: "Write" in drive.text, "all tasks")


async def test_the_palette_does_every_action_and_jumps_to_every_task(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *CHAIN)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("colon")
        await drive.type("anno")
        await drive.press("enter")
        await drive.pilot.pause()
        assert drive.app.selected is not None
        assert drive.app.selected.id == 3
        await drive.press("ctrl+p")
        await drive.type("go to bo")
        await drive.press("enter")
        await drive.pilot.pause()
        assert drive.app.desk.view_id == "board"
        await drive.press("colon")
        await drive.type("cancel")
        assert "taskterm cancel 3" in drive.text
        await drive.press("enter")
        await drive.answered("#3 cancelled")
        assert drive.snapshot.tasks[3].status == "cancelled"


async def test_number_and_title_are_copied_for_the_terminals_clipboard(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *CHAIN)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("y")
        assert drive.app.clipboard == "#1 Write"


async def test_the_selection_goes_along_from_view_to_view(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *CHAIN)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("j", "3")
        await drive.until(lambda: "Deps of #2" in drive.text, "the tree of #2")
        await drive.press("2")
        await drive.pilot.pause()
        assert drive.app.selected is not None
        assert drive.app.selected.id == 2


async def test_help_lists_every_key_with_its_command(tmp_path: Path) -> None:
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("question_mark")
        assert "taskterm done ID" in drive.text
        await drive.press("escape")
        assert "taskterm done ID" not in drive.text


async def test_on_a_narrow_screen_enter_opens_the_task_as_a_page_and_escape_closes_it(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *CHAIN)
    async with opened(tmp_path / "t.db", (80, 24)) as drive:
        await drive.press("j", "enter")
        await drive.until(lambda: "Releases" in drive.text and "#3 Announce" in drive.text, "the page")
        await drive.until(lambda: "added by @ben" in drive.text, "its history")
        await drive.press("escape")
        await drive.until(lambda: "Releases" not in drive.text, "the list")


async def test_a_read_only_database_can_be_read_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    fill(path, *CHAIN)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE meta SET value = '999' WHERE key = 'min_writer'")
    connection.close()
    async with opened(path) as drive:
        assert "read-only" in drive.lines[0]
        assert "Write" in drive.text
        await drive.press("space")
        await drive.answered("can only be read here")
        assert drive.snapshot.tasks[1].status == "todo"


async def test_a_database_that_goes_away_is_said_and_the_last_picture_stays(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    fill(path, *CHAIN)
    async with opened(path) as drive:
        path.rename(tmp_path / "gone.db")
        await drive.press("space")
        await drive.until(lambda: drive.answer, "a sentence")
        assert "Write" in drive.text
        (tmp_path / "gone.db").rename(path)
        await drive.press("space")
        await drive.answered("#1 done")


async def test_an_idle_screen_writes_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *CHAIN)
    async with opened(tmp_path / "t.db") as drive:
        painted: list[object] = []
        display = drive.app._display

        def display_and_note(*args: Any) -> None:
            painted.append(args)
            display(*args)

        drive.app._display = display_and_note  # type: ignore[method-assign, assignment]
        for _ in range(5):
            drive.app.attendant.tick()
            await drive.pilot.pause()
        assert painted == []


async def test_clicks_select_open_filter_and_switch(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *CHAIN)
    async with opened(tmp_path / "t.db") as drive:
        line = next(y for y, text in enumerate(drive.lines) if "#3 " in text)
        await drive.pilot.click(offset=(20, line))
        assert drive.app.selected is not None
        assert drive.app.selected.id == 3
        column = drive.lines[2].index("2 blocked")
        await drive.pilot.click(offset=(column, 2))
        await drive.until(lambda: "Write" not in drive.text.split("After")[0], "only blocked tasks")
        await drive.pilot.click(offset=(drive.lines[0].index("2 Board"), 0))
        await drive.pilot.pause()
        assert drive.app.desk.view_id == "board"


@pytest.mark.parametrize("early", ["y", "enter"])
async def test_a_key_pressed_before_the_commands_could_be_read_approves_nothing(tmp_path: Path, early: str) -> None:
    store = fill(tmp_path / "t.db", {"title": "Deploy", "steps": [{"run": "make deploy"}]})
    answers: list[bool | None] = []
    async with opened(tmp_path / "t.db") as drive:
        dialog = TrustDialog("Run this?", [("#1 Deploy", store.snapshot().steps(1))])
        drive.app.push_screen(dialog, answers.append)
        drive.app.post_message(events.Key(early, None))
        await drive.until(lambda: "make deploy" in drive.text, "the commands")
        await drive.pilot.pause()
        assert (drive.app.screen, answers) == (dialog, [])
        await drive.press("y")
        await drive.until(lambda: answers == [True], "the answer")


async def test_undo_puts_the_cursor_on_what_it_brought_back(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "One"}, {"title": "Two"}, {"title": "Three"})
    async with opened(tmp_path / "t.db") as drive:
        drive.app.go_to(2)
        await drive.press("space")
        await drive.answered("#2 done")
        drive.app.go_to(1)
        await drive.press("u")
        await drive.answered("undone")
        await drive.until(lambda: drive.app.selected is not None and drive.app.selected.id == 2, "the cursor on #2")
        assert drive.app.desk.view.selected_task == 2


async def test_a_refused_undo_names_keys_and_no_command_lines(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "One"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("s")
        await drive.answered("started")
        await drive.press("space")
        await drive.answered("done")
        drive.act("reopen", refs=[1])
        await drive.press("u")
        await drive.answered("cannot be undone")
        assert "U on operation 2 in the history" in drive.answer
        assert "taskterm" not in drive.answer
