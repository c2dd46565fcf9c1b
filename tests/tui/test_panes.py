"""Panes and the list of runs under the hand: which pane keys act on, other runs beside, searching with a count."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from taskterm.tui import run_lines
from taskterm.tui.messages import Picture, Said
from taskterm.tui.pane import Pane
from taskterm.tui.tail import Batch
from taskterm.tui.widgets.pane_stack import PaneStack
from taskterm.tui.widgets.runs import SPLITS, RunList, Runs
from taskterm.tui.widgets.tree import Tree
from tests.runner.conftest import end_everything
from tests.runner.helpers import Desk
from tests.screenshots.scenes import on_stage, shows, team_home
from tests.tui.build import NOW, Builder, ago, team, with_logs
from tests.tui.drive import fill, opened
from tests.tui.stage import Stage, screen_text, until
from tests.tui.test_runs import LOGS, release, stage, text_of


@pytest.fixture
def desk(home: dict[str, str]):
    made = Desk(home["TASKTERM_DB"])
    yield made
    end_everything(made.store)


def runs_of(app: Stage) -> Runs:
    assert isinstance(app.view, Runs)
    return app.view


# which pane


async def test_keys_act_on_the_pane_of_the_task_that_the_list_stands_on(desk: Desk, tmp_path: Path):
    app = stage(desk, release(tmp_path))
    async with app.run_test(size=(140, 36)) as pilot:
        await until(pilot, lambda: "task 4 line 39" in text_of(app))
        runs = runs_of(app)
        runs.select_task(3)
        await pilot.pause()
        assert runs.query_one(PaneStack).active_part.task_id == 3  # type: ignore[union-attr]
        await pilot.press("f")
        await pilot.pause()
        assert text_of(app).count("● following") == 2
        runs.select_task(2)
        await pilot.pause()
        assert runs.query_one(PaneStack).active_part.task_id == 2  # type: ignore[union-attr]


async def test_the_pager_gets_the_output_of_the_focused_pane(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept = tmp_path / "kept"
    program = tmp_path / "pager.py"
    program.write_text(f"import sys, pathlib; pathlib.Path({str(kept)!r}).write_bytes(sys.stdin.buffer.read())")
    monkeypatch.setenv("PAGER", f"{shlex.quote(sys.executable)} {program}")
    app = stage(desk, release(tmp_path))
    async with app.run_test(size=(140, 36)) as pilot:
        await until(pilot, lambda: "task 4 line 39" in text_of(app))
        from contextlib import nullcontext

        monkeypatch.setattr(app, "suspend", nullcontext)
        await pilot.press("tab", "tab")
        assert runs_of(app).selected_task == 3
        await pilot.press("o")
        await until(pilot, kept.exists)
        assert kept.read_text().splitlines()[0] == "task 3 line 0"


# searching


async def test_a_search_says_how_many_lines_it_found_and_on_which_it_stands(desk: Desk, tmp_path: Path):
    app = stage(desk, release(tmp_path))
    async with app.run_test(size=(140, 36)) as pilot:
        await until(pilot, lambda: "task 2 line 39" in text_of(app))
        await pilot.press("tab", "g", "slash", *"line 1", "enter")
        await until(pilot, lambda: "/line 1  1 of 11, line 2" in text_of(app))
        await pilot.press("n")
        await until(pilot, lambda: "/line 1  2 of 11, line 11" in text_of(app))
        await pilot.press("N", "N")
        await until(pilot, lambda: "/line 1  11 of 11, line 20" in text_of(app))
        await pilot.press("slash", *"nowhere", "enter")
        await until(pilot, lambda: "/nowhere  0 found" in text_of(app))
        assert [m.sentence for m in app.heard if isinstance(m, Said)] == ["no line here has nowhere"]


def test_counting_goes_on_with_new_lines_and_forgets_those_that_are_gone():
    def lines(first: int, count: int) -> Batch:
        return Batch([(f"line {n}", 0, n, None, False) for n in range(first, first + count)], None, False)

    pane = Pane(100)
    pane.add(lines(1, 100))
    pane.seek("line 9")
    assert pane.count(50), "a little at a time"
    assert pane.place == (0, 1, False)
    assert not pane.count()
    assert pane.place == (0, 11, True)
    pane.match = 9 - 1
    assert pane.place == (1, 11, True)
    pane.add(lines(101, 20))
    pane.count()
    assert pane.place[1:] == (10, True), "line 9 is gone, and none of the new ones has it"


# other runs beside


async def test_s_shows_what_runs_or_failed_elsewhere_beside_the_chosen_run(desk: Desk, tmp_path: Path):
    app = stage(desk, with_logs(team(), tmp_path, LOGS))
    async with app.run_test(size=(140, 44)) as pilot:
        await until(pilot, lambda: "test_subscriptions.py .....▌" in text_of(app))
        runs = runs_of(app)
        assert runs.status() == "1 pane"
        await pilot.press("s")
        await until(pilot, lambda: "Security scan #16" in text_of(app) and "write failed" in text_of(app))
        assert runs.status() == "3 panes"
        assert runs.selected_run == 88
        await pilot.press("tab", "tab", "tab")
        assert (runs.selected_run, runs.selected_task) == (86, 24), "the focused pane decides what keys act on"
        await pilot.press("s")
        await pilot.pause()
        first, second, third = (pane.region for pane in runs.query_one(PaneStack).in_use)
        assert first.y == second.y
        assert first.right <= second.x
        assert third.y > first.y
        assert third.width > first.width, "the last one has the row to itself"
        await pilot.press("s")
        await until(pilot, lambda: runs.status() == "1 pane")


async def test_in_tiles_every_line_keeps_to_its_pane(desk: Desk, tmp_path: Path):
    app = stage(desk, with_logs(team(), tmp_path, {**LOGS, 883: "w" * 300 + "\n"}))
    async with app.run_test(size=(140, 44)) as pilot:
        await pilot.press("s", "s")
        await until(pilot, lambda: "www" in text_of(app))
        panes = runs_of(app).query_one(PaneStack).in_use
        for line in screen_text(app)[panes[0].region.y : panes[0].region.bottom]:
            assert "w" * (panes[0].region.width + 1) not in line


# the list


def test_runs_of_one_title_are_told_apart_by_when_they_began_and_workflows_by_their_parameters():
    builder = Builder().task(1, "Backup", steps=["one"]).task(2, "Build", steps=["one"])
    from taskterm.core.model import Workflow

    builder.workflows[1] = Workflow(1, "w1", "release", '{"version": "2.4.0"}', None, ago(60), "ana")
    ended: dict[str, Any] = {"state": "succeeded", "task_id": 1}
    builder.run(1, "Backup", **ended, created_at=ago(3 * 1440), ended_at=ago(3 * 1440 - 2)).part(1, 1, "succeeded")
    builder.run(2, "Backup", **ended, created_at=ago(90), ended_at=ago(88)).part(2, 1, "succeeded")
    builder.run(3, "Backup", **ended, created_at=ago(1440), ended_at=ago(1439)).part(3, 1, "succeeded")
    builder.run(4, "release", "succeeded", workflow_id=1, created_at=ago(9), ended_at=ago(8)).part(4, 2, "succeeded")
    picture = Picture(builder.snapshot(), NOW)
    found = {line.run.id: (line.group, line.begun) for line in run_lines.lines(picture, frozenset()) if line.run}
    assert found == {1: ("Earlier", "Fri 20"), 2: ("Today", "13:02"), 3: ("Yesterday", "14:32"), 4: ("Today", "")}
    assert run_lines.title_of(picture.snapshot, builder.runs[4]) == "release 2.4.0"


async def test_a_click_on_the_second_line_of_a_run_chooses_it(desk: Desk):
    app = stage(desk, team())
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        y = next(y for y, line in enumerate(screen_text(app)) if "exit 23 rsync" in line)
        await pilot.click(RunList, offset=(12, y))
        assert runs_of(app).selected_run == 86


async def test_a_failed_pane_says_who_waits_for_it(desk: Desk, tmp_path: Path):
    app = stage(desk, with_logs(team(), tmp_path, LOGS))
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        runs_of(app).select_task(24)
        await until(pilot, lambda: "first error shown" in text_of(app))
        assert "n next error   r run again   holds up #23 @chloe" in text_of(app)


async def test_steps_to_come_say_how_long_they_took_when_it_last_went_well(desk: Desk):
    builder = Builder().task(1, "Build", steps=["base", "push"], status="doing")
    builder.run(1, "Build", "succeeded", task_id=1, created_at=ago(60), ended_at=ago(50))
    builder.part(1, 1, "succeeded", started_at=ago(60), ended_at=ago(50), duration_ms=100000)
    for step in (1, 2):
        builder.attempt(step, 1, 1, step, "succeeded", duration_ms=step * 20000, exit_code=0)
    builder.run(2, "Build", task_id=1, created_at=ago(1)).part(2, 1, started_at=ago(1))
    builder.attempt(3, 2, 1, 1, started_at=ago(1))
    app = stage(desk, builder)
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        assert "▶ base 1:00   ○ push ~0:40" in text_of(app)


# with the rest of the screen


@pytest.mark.usefixtures("home")
async def test_a_look_at_the_runs_does_not_move_the_cursor_of_the_list(tmp_path: Path):
    store = fill(tmp_path / "t.db", {"title": "Call"}, {"title": "Build", "steps": [{"name": "one", "run": "true"}]})
    args = {"title": "Build", "task_id": 2, "workflow_id": None, "tasks": [2], "targets": [2], "jobs": 1}
    store.execute("run_create", {**args, "force": False, "host": "h", "user": "u"}, actor="ben", now=NOW)
    async with opened(tmp_path / "t.db") as drive:
        await drive.until(lambda: drive.app.picture.snapshot.runs, "the run")
        drive.app.go_to(1)
        await drive.press("4")
        assert drive.app.desk.selected_task == 2, "the first task never ran"
        await drive.press("1")
        assert drive.app.desk.selected_task == 1


@pytest.mark.usefixtures("home")
async def test_without_runs_the_view_says_how_something_runs_and_its_keys_work(tmp_path: Path):
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("4")
        for words in ("What runs stands here", 'taskterm add Build run:"make all"', "taskterm run 1"):
            assert words in drive.text
        y = next(y for y, line in enumerate(drive.lines) if "Add a task that runs" in line)
        await drive.pilot.click(offset=(drive.lines[y].index("Add a task"), y))
        await drive.until(lambda: len(drive.app.screen_stack) == 2, "the capture line")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("size", [(140, 40), (80, 24), (60, 24)])
async def test_without_links_the_tree_says_how_they_are_made(tmp_path: Path, size: tuple[int, int]):
    async with opened(tmp_path / "t.db", size) as drive:
        await drive.press("3")
        assert "taskterm add Deploy after:1,2" in drive.text
        drive.act("add", title="Alone")
        await drive.until(lambda: "#1 Alone" in drive.text)
        assert "taskterm link 3 --after 1" in drive.text
        drive.act("add", title="Next", after=[1])
        await drive.until(lambda: "#2 Next" in drive.text)
        assert "taskterm link" not in drive.text


async def test_the_footer_says_how_a_search_is_typed_and_how_it_ends():
    async with on_stage(team_home(), (140, 40)) as drive:
        await drive.press("4")
        drive.app.go_to(25)
        await drive.press("tab")
        await shows(drive, "first error shown")
        await drive.press("slash")
        await drive.until(lambda: drive.lines[-1].strip().startswith("enter find   esc cancel"), "the keys of typing")
        assert "help" not in drive.lines[-1]
        await drive.type("html")
        await drive.press("enter")
        await drive.until(lambda: "n next match" in drive.lines[-1], "the keys of a search")
        assert "esc end the search" in drive.lines[-1]
        await drive.press("escape")
        await drive.until(lambda: "esc" not in drive.lines[-1], "no search any more")
        assert drive.app.desk.view_id == "runs"


@pytest.mark.parametrize(("view", "letters"), [("4", "split"), ("4", "pane or several"), ("3", "critical")])
async def test_the_palette_does_what_the_keys_of_the_view_do(view: str, letters: str):
    async with on_stage(team_home(), (140, 40)) as drive:
        await drive.press(view)
        await drive.press("colon")
        await drive.type(letters)
        await drive.until(lambda: "In this view" in drive.text, "the keys of the view")
        await drive.press("enter")
        await drive.until(lambda: "In this view" not in drive.text, "the view")
        if view == "4":
            await drive.until(lambda: bool(drive.answer), "what it says about the panes")
            assert drive.answer in SPLITS
        else:
            tree = drive.app.query_one(Tree)
            await drive.until(lambda: tree._critical_only, "the critical path alone")


async def test_a_pane_goes_no_further_to_the_right_than_its_longest_line():
    async with on_stage(team_home(), (140, 40)) as drive:
        await drive.press("4")
        drive.app.go_to(25)
        await drive.press("tab")
        await shows(drive, "first error shown")
        await drive.press(*["right"] * 12)
        assert "device (28)" in drive.text
        assert "guide/stock/index.html" in drive.text  # all of it fits
        await drive.pilot.resize_terminal(100, 40)
        await drive.press(*["right"] * 30)
        await drive.until(lambda: "device (28)" in drive.text, "the end of the longest line")
        await drive.press(*["left"] * 30)
        await drive.until(lambda: "guide/stock/index.html" in drive.text, "the beginnings")
