"""A fault in one part of the screen: it says so in its place, everything else works, and a report is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual import events

from taskterm import settings
from taskterm.tui import scene, task_rows
from taskterm.tui.app import TaskTerm
from taskterm.tui.screens.capture import CaptureScreen
from taskterm.tui.widgets.detail import Detail
from taskterm.tui.widgets.diagram_drawing import DiagramDrawing
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.runs import Runs
from tests.tui.drive import Drive, fill, opened
from tests.tui.test_look import check_lines

pytestmark = pytest.mark.usefixtures("home")
TASKS = ({"title": "Write", "assignee": "ana"}, {"title": "Publish", "after": [1]})


def broken(*_: Any, **__: Any) -> Any:
    raise KeyError("nobody expected this")


def reports() -> str:
    file = Path(settings.folder("state")) / "faults.log"
    return file.read_text() if file.exists() else ""


async def said(drive: Drive, *parts: str) -> None:
    await drive.until(lambda: all(part in drive.answer for part in parts), f"an answer with {parts}")


async def test_a_view_that_cannot_be_drawn_says_so_and_every_other_view_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db", with_faults=True) as drive:
        with monkeypatch.context() as patch:
            patch.setattr(scene, "pieces", broken)
            await drive.press("2")
            await drive.until(lambda: "This part of the screen has a fault" in drive.text, "the apology")
            assert "KeyError" in drive.text
            check_lines(drive)
            await said(drive, "a fault in TaskTerm", "board could not be drawn", "faults.log")
            assert "nobody expected this" in reports()
            await drive.press("3")
            await drive.until(lambda: "Deps of #1" in drive.text, "the tree")
            await drive.press("1", "space")
            await drive.answered("#1 done")
            assert drive.snapshot.tasks[1].status == "done"
        await drive.press("2")
        await drive.until(lambda: "Review 0" in drive.text, "the board, which draws again")


async def test_a_list_that_cannot_be_shown_leaves_the_rest_of_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db", with_faults=True) as drive:
        monkeypatch.setattr(task_rows, "task_row", broken)
        store.execute("add", {"title": "Announce"}, actor="ben", now=drive.app._clock())
        await drive.until(lambda: "This part of the screen has a fault" in drive.text, "the apology")
        assert "1 Tasks" in drive.text
        assert "? help" in drive.text
        await drive.press("2")
        await drive.until(lambda: "Announce" in drive.text, "the board")


async def test_a_detail_pane_with_a_fault_leaves_the_list_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db", with_faults=True) as drive:
        monkeypatch.setattr(Detail, "text", broken)
        await drive.press("j")
        await said(drive, "a fault in TaskTerm: detail")
        await drive.until(lambda: "This part of the screen has a fault" in drive.text, "the apology")
        await drive.press("k", "space")
        await drive.until(lambda: drive.snapshot.tasks[1].status == "done", "the task to be done")


async def test_a_key_that_meets_a_fault_says_that_it_did_nothing_and_the_view_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db", with_faults=True) as drive:
        monkeypatch.setattr(type(drive.app.work), "execute", broken)
        await drive.press("space")
        await said(drive, "the screen did not do that")
        assert "Write" in drive.text
        monkeypatch.undo()


@pytest.mark.parametrize(("view", "keys", "part"), [(Runs, "4", "runs"), (DiagramDrawing, "3g", "diagram")])
async def test_a_fault_in_what_a_view_does_by_itself_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, view: type, keys: str, part: str
) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db", with_faults=True) as drive:
        monkeypatch.setattr(view, "on_resize", broken)
        await drive.press(*keys)
        await said(drive, f"a fault in TaskTerm: {part} did not do that")
        await drive.press("1", "space")
        await drive.answered("#1 done")


async def test_what_is_typed_survives_a_fault_of_the_overlay_it_is_typed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db", with_faults=True) as drive:
        await drive.press("a")
        await drive.type("Call the landl")
        monkeypatch.setattr(CaptureScreen, "_echo", broken)
        await drive.type("ord")
        await said(drive, "a fault in TaskTerm")
        assert drive.app.screen.query_one(Entry).value == "Call the landlord"
        await drive.press("enter")
        await drive.until(lambda: 3 in drive.snapshot.tasks, "the task")
        assert drive.snapshot.tasks[3].title == "Call the landlord"


async def test_a_fault_in_a_thread_is_told_and_the_next_job_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db", with_faults=True) as drive:
        with monkeypatch.context() as patch:
            patch.setattr(drive.app.work.store, "execute", broken)
            await drive.press("space")
            await said(drive, "a fault in TaskTerm", "KeyError")
        await drive.press("space")
        await drive.answered("#1 done")


async def test_a_fault_that_comes_again_and_again_is_written_down_once_and_ends_the_program_at_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "t.db", *TASKS)
    monkeypatch.setattr(TaskTerm, "MOST", 5)

    async def press_on() -> None:
        async with opened(tmp_path / "t.db", with_faults=True) as drive:
            monkeypatch.setattr(TaskTerm, "action_do", broken)
            for _ in range(6):
                await drive.press("space")

    with pytest.raises(KeyError):
        await press_on()
    assert reports().count("Traceback") == 1


async def test_what_still_arrives_while_the_screen_is_taken_down_is_no_fault(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:
        app = drive.app
        assert not app.is_going_down
    with app._context():
        await app._dispatch_message(events.Callback(callback=app.attendant.tick))
        await app._dispatch_message(events.Callback(callback=app.redraw))
        app._handle_exception(IndexError("no screen"))
    assert app.is_going_down
    assert (app.faults, app.ended_by) == ([], None)
