"""Running from the screen, with the real runner: trust, output, stopping, people in between, and leaving meanwhile."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from taskterm.runner.trust import Trust
from taskterm.store.store import Store
from taskterm.tui.screens.prompt import Prompt
from taskterm.tui.screens.trust import TrustDialog
from taskterm.tui.screens.workflow import WorkflowScreen
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.work import default_clock
from tests.runner.conftest import end_everything
from tests.runner.helpers import Hold
from tests.tui.drive import Drive, fill, opened
from tests.workflows import RELEASE


@pytest.fixture
def database(home: dict[str, str]) -> Iterator[Path]:
    path = Path(home["TASKTERM_DB"])
    yield path
    if path.exists():
        end_everything(Store(str(path)))


@pytest.fixture
def hold(tmp_path: Path) -> Callable[[str], Hold]:
    return lambda name: Hold(tmp_path / f"hold {name}")


async def test_a_command_that_was_not_typed_here_is_shown_exactly_and_runs_only_after_yes(
    database: Path, tmp_path: Path
) -> None:
    command = f'echo "[@click=app.quit]x $(date)" > "{tmp_path}/made"'
    fill(database, {"title": "Make", "steps": [{"run": command}]})
    async with opened(database, clock=default_clock) as drive:
        await drive.press("r")
        await drive.until(lambda: isinstance(drive.app.screen, TrustDialog), "the question")
        shown = "".join(line.strip(" │") for line in drive.lines)
        assert "".join(command.split()) in "".join(shown.split())
        await drive.press("n")
        await drive.answered("nothing was approved, nothing runs")
        assert not drive.snapshot.runs
        await drive.press("r")
        await drive.until(lambda: isinstance(drive.app.screen, TrustDialog), "the question again")
        await drive.press("y")
        await drive.until(lambda: ended(drive, 1), "the end of the run")
        assert drive.snapshot.tasks[1].status == "done"
        assert (tmp_path / "made").read_text().startswith("[@click=app.quit]x ")


async def test_on_a_small_screen_the_last_of_many_commands_can_be_read_before_approving(database: Path) -> None:
    fill(database, {"title": "Many", "steps": [{"run": f"echo number {n}"} for n in range(60)]})
    async with opened(database, (80, 24)) as drive:
        await drive.press("r")
        await drive.until(lambda: isinstance(drive.app.screen, TrustDialog), "the question")
        await drive.until(lambda: "echo number 0" in drive.text, "the first command")
        await drive.press("G")
        await drive.until(lambda: "echo number 59" in drive.text, "the last command")


async def test_a_command_typed_in_the_capture_line_runs_without_a_question(database: Path, tmp_path: Path) -> None:
    async with opened(database, clock=default_clock) as drive:
        await drive.press("a")
        await drive.type(f'Touch run:"touch {tmp_path}/made"')
        await drive.press("enter")
        await drive.answered("#1 added")
        await drive.until(lambda: drive.app.selected is not None, "the new task selected")
        await drive.press("r")
        await drive.until(lambda: ended(drive, 1), "the end of the run")
        assert (tmp_path / "made").exists()
        await drive.answered("run 1 is done: Touch · 4 shows its output")
        await drive.press("u")
        await drive.answered("cannot be undone: #1 has run since")
        assert "7 lists earlier ones, U there takes one back" in drive.answer


async def test_while_a_step_runs_its_clock_and_last_lines_are_beside_the_list(
    database: Path, hold: Callable[[str], Hold]
) -> None:
    gate = hold("a")
    fill(database, {"title": "Talk", "steps": [{"name": "talk", "run": f"echo first; echo second; {gate}"}]})
    async with opened(database, clock=default_clock) as drive:
        approve(drive)
        await drive.press("r")
        await drive.until(lambda: drive.app.picture.snapshot.tasks[1].run_state == "running", "the run")
        await drive.until(lambda: "second" in drive.text, "its output")
        assert "first" in drive.text
        assert "running 0:" in drive.text
        gate.let_go()
        await drive.until(lambda: ended(drive, 1), "the end of the run")
        assert drive.snapshot.tasks[1].status == "done"


async def test_a_failed_step_is_named_with_its_exit_code(database: Path) -> None:
    fill(database, {"title": "Fail", "steps": [{"run": "echo no space left; exit 23", "name": "rsync"}]})
    async with opened(database, clock=default_clock) as drive:
        approve(drive)
        await drive.press("r")
        await drive.until(lambda: ended(drive, 1), "the end of the run")
        await drive.until(lambda: "exit 23 rsync" in drive.text, "the failure")
        await drive.answered("run 1 failed: Fail · 4 shows its output")
        assert "1 failed" in drive.lines[2]


async def test_stop_ends_the_run(database: Path, hold: Callable[[str], Hold]) -> None:
    fill(database, {"title": "Wait", "steps": [{"run": str(hold("a"))}]})
    async with opened(database, clock=default_clock) as drive:
        approve(drive)
        await drive.press("r")
        await drive.until(lambda: drive.app.picture.snapshot.tasks[1].run_state == "running", "the run")
        await drive.press("x")
        await drive.until(lambda: ended(drive, 1), "the end of the run")
        assert drive.snapshot.runs[1].state == "stopped"


async def test_a_run_whose_supervisor_died_is_called_lost_while_nobody_touches_a_key(
    database: Path, hold: Callable[[str], Hold]
) -> None:
    async with opened(database, clock=default_clock) as drive:
        await drive.press("a")
        await drive.type(f"Wait run:'{hold('never')}'")
        await drive.press("enter", "r")
        await drive.until(lambda: "1 running" in drive.text, "the run")
        os.kill(drive.snapshot.runs[1].pid or 0, signal.SIGKILL)
        await drive.until(lambda: drive.snapshot.runs[1].state == "lost", "the end of the run")
        await drive.until(lambda: "1 failed" in drive.text, "the picture of it")


async def test_leaving_names_the_run_that_goes_on(database: Path, hold: Callable[[str], Hold]) -> None:
    gate = hold("a")
    store = fill(database, {"title": "Wait", "steps": [{"run": str(gate)}]})
    async with opened(database, clock=default_clock) as drive:
        approve(drive)
        await drive.press("r")
        await drive.until(lambda: drive.app.picture.snapshot.tasks[1].run_state == "running", "the run")
        await drive.press("q")
        assert drive.app.goes_on == (1,)
    assert store.snapshot().runs[1].state == "running"
    gate.let_go()
    async with opened(database, clock=default_clock) as drive:
        await drive.until(lambda: ended(drive, 1), "the end of the run")
        assert drive.snapshot.tasks[1].status == "done"


async def test_a_workflow_is_read_asked_and_run_up_to_its_person_and_on_after_space(
    database: Path, tmp_path: Path
) -> None:
    (tmp_path / "release.toml").write_text(RELEASE)
    async with opened(database, clock=default_clock) as drive:
        await drive.press("W")
        await drive.type(str(tmp_path / "release.toml"))
        await drive.press("enter")
        await drive.until(lambda: isinstance(drive.app.screen, WorkflowScreen), "the questions")
        assert '$ echo "built $VERSION" | tee built.txt' in drive.text
        await drive.press("enter")
        await drive.until(lambda: "a value is missing" in drive.text, "the missing answer")
        assert not drive.snapshot.tasks
        await drive.type("2.4")
        await drive.press("enter")
        await drive.until(lambda: not isinstance(drive.app.screen, WorkflowScreen), "the end of the form")
        await drive.until(lambda: state_of(drive, 1) == "waiting", "the run to wait for a person")
        assert (tmp_path / "built.txt").read_text() == "built 2.4\n"
        assert not (tmp_path / "deployed.txt").exists()
        drive.app.go_to(2)
        await drive.press("space")
        await drive.until(lambda: ended(drive, 1), "the end of the run")
        assert (tmp_path / "deployed.txt").read_text() == "built 2.4\n"
        assert {task.status for task in drive.snapshot.tasks.values()} == {"done"}


async def test_a_workflow_that_was_only_made_is_run_whole_by_one_key_after_its_commands_were_read(
    database: Path, tmp_path: Path
) -> None:
    (tmp_path / "release.toml").write_text(RELEASE)
    async with opened(database, clock=default_clock) as drive:
        await drive.press("W")
        await drive.type(str(tmp_path / "release.toml"))
        await drive.press("enter")
        await drive.until(lambda: isinstance(drive.app.screen, WorkflowScreen), "the questions")
        await drive.type("2.4")
        await drive.press("ctrl+t")
        await drive.answered("3 tasks added")
        await drive.until(lambda: drive.app.selected is not None, "the new tasks")
        assert not drive.snapshot.runs
        await drive.press("f5")
        await drive.until(lambda: isinstance(drive.app.screen, TrustDialog), "the question")
        assert "cp built.txt deployed.txt" in drive.text
        await drive.press("y")
        await drive.until(lambda: state_of(drive, 1) == "waiting", "the run to wait for its person")
        assert (tmp_path / "built.txt").exists()


async def test_a_workflow_file_with_mistakes_names_all_of_them_and_keeps_the_path(
    database: Path, tmp_path: Path
) -> None:
    broken = RELEASE.replace('needs = ["build"]', 'needs = ["biuld"]').replace("title = ", "titel = ", 1)
    (tmp_path / "release.toml").write_text(broken)
    async with opened(database, clock=default_clock) as drive:
        await drive.press("W")
        await drive.type(str(tmp_path / "release.toml"))
        await drive.press("enter")
        await drive.until(lambda: "titel" in drive.text and "biuld" in drive.text, "both mistakes")
        assert isinstance(drive.app.screen, Prompt)
        assert drive.app.screen.query_one(Entry).value == str(tmp_path / "release.toml")


def approve(drive: Drive) -> None:
    Trust().approve([step for steps in drive.snapshot.step_lists.values() for step in steps])


def state_of(drive: Drive, run_id: int) -> str:
    run = drive.app.picture.snapshot.runs.get(run_id)
    return run.state if run else ""


def ended(drive: Drive, run_id: int) -> bool:
    return state_of(drive, run_id) in ("succeeded", "failed", "stopped")
