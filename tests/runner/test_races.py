"""Several processes want the same task, the same run, the same graph: everything runs exactly once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from taskterm.core.commands.run_parts import Claimed
from taskterm.core.errors import RuleError
from taskterm.runner import owner
from tests.runner.helpers import Desk, eventually


class Rivals:
    """Processes that are given their words at the same moment."""

    def __init__(self, database: str, count: int) -> None:
        script = Path(__file__).with_name("racer.py")
        self.processes = [
            subprocess.Popen(
                [sys.executable, str(script), database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(count)
        ]
        assert [self._answer(process) for process in self.processes] == ["ready"] * count

    def race(self, *words: str) -> list[str]:
        """Gives each process its word, all before any answer is read."""
        for process, word in zip(self.processes, words, strict=True):
            assert process.stdin is not None
            process.stdin.write(word + "\n")
            process.stdin.flush()
        return [self._answer(process) for process in self.processes]

    def _answer(self, process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()

    def close(self) -> None:
        for process in self.processes:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            process.wait(30)
            process.stdout.close()


@pytest.fixture
def rivals(desk: Desk) -> Iterator[Rivals]:
    assert desk.store.database_uuid
    made = Rivals(desk.store.path, 2)
    yield made
    made.close()


def all_ended(desk: Desk) -> bool:
    with desk.store.read() as reader:
        return not reader.live_runs()


def test_two_processes_racing_to_run_the_same_task_run_it_once(desk, rivals, tmp_path):
    refused = 0
    for number in range(20):
        ran = tmp_path / f"ran {number}"
        task = desk.add(f"Task {number}", f'echo x >> "{ran}"; exit {number % 2}')
        answers = rivals.race(f"start {task}", f"start {task}")
        assert [a for a in answers if a.startswith("run ")], answers
        refused += sum(a.startswith("refused") for a in answers)
        eventually(lambda: all_ended(desk), "all runs end")
        assert ran.read_text() == "x\n", (number, answers)
    assert refused >= 10  # else they never raced


def test_two_supervisors_of_two_runs_that_want_the_same_task_run_it_once(desk, rivals, tmp_path):
    for number in range(8):
        ran = tmp_path / f"ran {number}"
        task = desk.add(f"Task {number}", f'echo x >> "{ran}"')
        runs = [_create(desk, task) for _ in range(2)]
        rivals.race(*(f"own {run}" for run in runs))
        states = {desk.ended(run).run.state for run in runs}
        assert states == {"succeeded"}
        assert ran.read_text() == "x\n"
        attempts = [attempt for run in runs for attempt in desk.outcome(run).attempts]
        assert len(attempts) == 1


def test_two_supervisors_of_the_same_run_become_one(desk, rivals, tmp_path):
    for number in range(8):
        ran = tmp_path / f"ran {number}"
        run = _create(desk, desk.add(f"Task {number}", f'echo x >> "{ran}"'))
        rivals.race(f"own {run}", f"own {run}")
        done = desk.ended(run)
        assert (done.run.state, done.run.fence, ran.read_text()) == ("succeeded", 1, "x\n")


def test_whoever_comes_second_is_told_which_run_has_the_task_where_and_by_whom(desk, hold):
    gate = hold("claimed")
    task = desk.add("Build", str(gate))
    first = desk.start(task)
    eventually(lambda: desk.task(task).run_state == "running")
    with pytest.raises(RuleError) as refused:
        desk.start(task)
    host = desk.outcome(first).run.host
    assert refused.value.message == f"#{task} Build is running already in run {first} on {host} by ana"
    second = _create(desk, task)
    fence = desk.do("run_own", run_id=second, fence=0, **owner.this_process()._asdict()).created["fence"]
    with pytest.raises(Claimed) as lost:
        desk.do("task_claim", run_id=second, fence=fence, task_id=task)
    assert lost.value.run_id == first
    gate.let_go()
    desk.ended(first)
    desk.do("run_stop_request", run_id=second)
    desk.do("run_end", run_id=second, fence=fence)


def test_a_run_that_waited_for_another_runs_try_of_a_task_takes_over_its_failure(desk, hold):
    gate = hold("shared")
    shared = desk.add("Shared", f"{gate}; exit 3")
    left = desk.add("Left", "echo left", after=[shared])
    right = desk.add("Right", "echo right", after=[shared])
    first = desk.start(left, with_needs=True)
    eventually(lambda: desk.task(shared).run_state == "running")
    second = desk.start(right, with_needs=True)
    assert desk.outcome(second).parts[shared].reason == f"run {first} has it"
    gate.let_go()
    assert desk.ended(first).run.state == "failed"
    done = desk.ended(second)
    assert (done.run.state, done.attempts) == ("failed", [])
    assert done.parts[shared].reason == f"it failed in run {first}"
    assert done.parts[right].state == "skipped"


def _create(desk: Desk, *tasks: int) -> int:
    """A run that nobody supervises yet, and without the question whether others have its tasks in hand."""
    me = owner.this_process()
    made = desk.do("run_create", title="race", tasks=list(tasks), jobs=4, host=me.host, user=me.user)
    return int(made.created["run_id"])
