"""Swimlanes: every card in exactly one cell, folded and walked over; a drop into another lane, on a real database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.dates import to_utc_text
from taskterm.core.lanes import BY, key_of
from taskterm.core.model import OPEN, Task
from taskterm.core.snapshot import Snapshot, board, column_of
from taskterm.tui import cards
from taskterm.tui.grid import grid_of
from taskterm.tui.messages import Picture
from taskterm.tui.widgets.bits import urgency_at
from taskterm.tui.widgets.board import Board
from tests.tui.build import HOSTILE, NOW, Builder, ago, team
from tests.tui.drive import fill, opened
from tests.tui.stage import Stage, screen_text
from tests.tui.test_board_moves import on_board, place_of

people = st.sampled_from([None, "ana", "Ben", "ben", "x" * 40, "日本"])
projects = st.sampled_from([None, "site", "site.web", "Site", "hr.it.desk"])
states = st.sampled_from(["todo", "doing", "done", "cancelled"])


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    builder = Builder()
    for number in range(1, draw(st.integers(0, 14)) + 1):
        status = draw(states)
        after = draw(st.lists(st.integers(1, number - 1), max_size=2, unique=True)) if number > 1 else []
        values: dict[str, Any] = {"assignee": draw(people), "project": draw(projects), "status": status}
        if status == "doing":
            values["column"] = draw(st.sampled_from(["doing", "review"]))
        if status == "done":
            values["completed_at"] = ago(draw(st.sampled_from([5, 60 * 24 * 3])))
        if draw(st.booleans()):
            values["wait"] = "2026-12-24T08:00:00Z"
        if draw(st.integers(0, 5)) == 0:
            values["run_state"] = draw(st.sampled_from(["running", "failed"]))
        builder.task(number, f"Task {number}", after=after, **values)
    return builder.snapshot()


@given(snapshots(), st.sampled_from(["", *BY]))
def test_every_open_task_stands_in_exactly_one_cell_that_of_its_column_and_its_lane(snapshot: Snapshot, by: str):
    grid = grid_of(Picture(snapshot, NOW), by)
    at = to_utc_text(NOW)
    seen: list[int] = []
    for lane in grid.lanes:
        for column, cell in zip(grid.columns, lane.cells, strict=True):
            for task_id in cell:
                task = snapshot.tasks[task_id]
                seen.append(task_id)
                assert column_of(task, at, snapshot.columns) == column.key
                assert not by or not grid.by or key_of(task, by) == lane.key
    open_ones = [task.id for task in snapshot.tasks.values() if task.status in OPEN]
    assert sorted(i for i in seen if snapshot.tasks[i].status in OPEN) == sorted(open_ones)
    assert len(seen) == len(set(seen)) == grid.cards


@given(snapshots())
def test_the_board_of_the_screen_has_the_order_of_the_board_of_the_core(snapshot: Snapshot):
    grid = grid_of(Picture(snapshot, NOW))
    tasks = [t for t in snapshot.tasks.values() if t.status != "done" or (t.completed_at or "") > "2026-11-23"]
    stages = board(snapshot.columns, tasks, to_utc_text(NOW), urgency_at(NOW))
    assert [[task.id for task in stage.tasks] for stage in stages] == [list(cell) for cell in grid.lanes[0].cells]


def stage(builder: Builder | None = None, **options: Any) -> Stage:
    return Stage(Board(id="board"), Picture((builder or team()).snapshot(), NOW), **options)


async def test_lanes_name_their_people_with_counts_and_cards_keep_the_place_of_their_column():
    app = stage()
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause()
        board = app.view
        assert isinstance(board, Board)
        await pilot.press("l")
        before = {line.index("▎ Integration") for line in screen_text(app) if "Integration" in line}
        assert board.cycle_lanes() == "person"
        await pilot.pause()
        text = "\n".join(screen_text(app))
        of_ben = next(lane for lane in board.moment().grid.lanes if lane.key == "ben")
        assert f"@ben {of_ben.size}   " in text
        assert f"Doing {len(of_ben.cells[2])}" in text
        assert {line.index("▎ Integration") for line in screen_text(app) if "Integration" in line} == before
        assert "▼" in screen_text(app)[-1]
        assert board.cycle_lanes() == "project"
        assert board.cycle_lanes() == ""


async def test_the_cursor_walks_from_lane_to_lane_and_stops_on_folded_ones():
    builder = Builder()
    for number, owner in enumerate(("ana", "ana", "ben", "cleo"), 1):
        builder.task(number, f"Task {number}", assignee=owner)
    app = stage(builder)
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause()
        board = app.view
        assert isinstance(board, Board)
        board.cycle_lanes()
        await pilot.press("g")
        seen = [board.selected_task]
        for _ in range(3):
            await pilot.press("j")
            seen.append(board.selected_task)
        assert seen == [1, 2, 3, 4]
        await pilot.press("k", "z")
        assert board.selected_task is None, "the lane is folded, and the cursor stands on it"
        assert not any("Task 3" in line for line in screen_text(app))
        await pilot.press("j")
        assert board.selected_task == 4
        await pilot.press("k")
        assert any("▌@ben 1" in line for line in screen_text(app))
        await pilot.press("enter")
        assert board.selected_task == 3, "enter unfolds it"
        await pilot.press("G")
        assert board.selected_task == 4
        await pilot.click(Board, offset=(3, 4))
        assert not any("Task 1" in line for line in screen_text(app)), "a click on the head of a lane folds it"


@pytest.mark.parametrize(("size", "ascii_only"), [((140, 40), False), ((80, 24), True), ((60, 24), False)])
async def test_hostile_names_of_people_and_projects_break_no_lane(size: tuple[int, int], ascii_only: bool):
    builder = Builder()
    for number, title in enumerate(HOSTILE, 1):
        builder.task(number, title, assignee=title, project=title, status="doing" if number % 2 else "todo")
    app = stage(builder, ascii_only=ascii_only)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        board = app.view
        assert isinstance(board, Board)
        for _ in BY:
            board.cycle_lanes()
            for _ in range(len(HOSTILE)):
                await pilot.press("j")
                assert all(strip.cell_length == size[0] for strip in app.screen._compositor.render_strips())


async def test_a_drop_into_another_lane_says_so_and_changes_the_owner_in_the_database(tmp_path: Path):
    fill(tmp_path / "a.db", {"title": "First", "assignee": "ana"}, {"title": "Second", "assignee": "ben"})
    async with opened(tmp_path / "a.db") as drive:
        board = await on_board(drive)
        await drive.press("L")
        await drive.answered("a lane for each person")
        await drive.pilot.mouse_down(Board, offset=place_of(board, 1))
        await drive.pilot.hover(Board, offset=place_of(board, 2))
        assert "@ana → @ben   gives it to @ben" in drive.text
        await drive.pilot.mouse_up(Board, offset=place_of(board, 2))
        await drive.answered("#1 changed")
        assert drive.snapshot.tasks[1].assignee == "ben"
        assert drive.snapshot.tasks[1].status == "todo"


async def test_a_drop_into_another_lane_and_column_is_one_operation_that_one_undo_takes_back(tmp_path: Path):
    fill(tmp_path / "a.db", {"title": "First", "project": "site.web"}, {"title": "Second", "project": "hr"})
    async with opened(tmp_path / "a.db") as drive:
        board = await on_board(drive)
        await drive.press("L", "L")
        await drive.answered("a lane for each project")
        await drive.pilot.mouse_down(Board, offset=place_of(board, 1))
        x, y = place_of(board, 2)
        await drive.pilot.hover(Board, offset=(x + 28, y))
        assert "Ready → Doing, site → hr   starts it, nothing runs, puts it into hr" in drive.text
        await drive.pilot.mouse_up(Board, offset=(x + 28, y))
        await drive.answered("#1 in Doing")
        moved = drive.snapshot.tasks[1]
        assert (moved.project, moved.status, moved.column) == ("hr", "doing", "doing")
        await drive.press("u")
        await drive.answered("undone")
        back = drive.snapshot.tasks[1]
        assert (back.project, back.status, back.column) == ("site.web", "todo", None)


async def test_what_a_key_costs_does_not_grow_with_the_number_of_cards(monkeypatch: pytest.MonkeyPatch):
    builder = Builder()
    for number in range(1, 8001):
        builder.task(number, f"Task {number}", assignee=("ana", "ben")[number % 2])
    app = stage(builder)
    drawn: list[int] = []
    measured: list[int] = []
    card, height = cards.card, cards.height

    def draw(sheet: cards.Sheet, task: Task, width: int, *, selected: bool = False) -> cards.Card:
        drawn.append(task.id)
        return card(sheet, task, width, selected=selected)

    def measure(sheet: cards.Sheet, task: Task, width: int) -> int:
        measured.append(task.id)
        return height(sheet, task, width)

    monkeypatch.setattr(cards, "card", draw)
    monkeypatch.setattr(cards, "height", measure)
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause()
        for key in ("j", "k", "G", "g", "pagedown", "l", "h"):
            drawn.clear()
            measured.clear()
            await pilot.press(key)
            assert len(measured) < 150, key
            assert len(drawn) <= 24, key
        await pilot.press("g", "j", "k")
        drawn.clear()
        await pilot.press("j", "k")
        assert not drawn, "cards that were drawn before are kept"
        board = app.view
        assert isinstance(board, Board)
        board.cycle_lanes()
        for key in ("j", "G", "g"):
            measured.clear()
            await pilot.press(key)
            assert len(measured) < 300, key


async def test_only_the_lines_that_changed_are_painted_again(monkeypatch: pytest.MonkeyPatch):
    app = stage()
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        board = app.view
        assert isinstance(board, Board)
        await pilot.press("g")
        asked: list[Any] = []
        refresh = board.refresh

        def listen(*regions: Any, **options: Any) -> Board:
            asked.extend(regions)
            return refresh(*regions, **options)

        monkeypatch.setattr(board, "refresh", listen)
        await pilot.press("j")
        place = board.moment().places[1]
        assert asked, "regions are named"
        assert all(region.x >= place.x and region.right <= place.x + place.width for region in asked)
        assert sum(region.height for region in asked) <= 8, "two cards"
        asked.clear()
        app.show(app.picture)
        assert asked == [], "the same picture paints nothing"
        app.show(Picture(app.picture.snapshot, NOW.replace(second=1)))
        doing = board.moment().places[2]
        assert asked
        assert all(region.x >= doing.x and region.right <= doing.x + doing.width for region in asked), "the clocks"
