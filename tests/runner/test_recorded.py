"""Real workflows: recorded executions become tasks that sleep a scaled-down runtime, and every edge is respected."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from taskterm.runner import owner, start
from tests.runner.helpers import Desk

NAMES = [
    "bacass-dirt02-001",
    "epigenomics-chameleon-hep-1seq-100k-001",
    "helloworld-forkjoin-10-chameleon",
]
LONGEST_PATH = 1.6  # seconds that the critical path is scaled to
EDGES = {"bacass-dirt02-001": 14, "epigenomics-chameleon-hep-1seq-100k-001": 48, "helloworld-forkjoin-10-chameleon": 16}


class Recorded(NamedTuple):
    ids: dict[str, int]
    edges: list[tuple[str, str]]
    seconds: dict[str, float]
    journal: Path


def load(desk: Desk, folder: Path, name: str, journal: Path) -> Recorded:
    """The tasks of a recorded execution in the database; their one step notes when it began and ended."""
    document = json.loads((folder / "workflow-executions" / f"{name}.json").read_text())["workflow"]
    runtimes = {task["id"]: float(task["runtimeInSeconds"]) for task in document["execution"]["tasks"]}
    tasks: list[dict[str, Any]] = document["specification"]["tasks"]
    parents = {task["id"]: list(task["parents"]) for task in tasks}
    finish: dict[str, float] = {}

    def finishes(key: str) -> float:
        if key not in finish:
            finish[key] = runtimes[key] + max((finishes(p) for p in parents[key]), default=0.0)
        return finish[key]

    scale = LONGEST_PATH / max(finishes(key) for key in parents)
    seconds = {key: runtimes[key] * scale for key in parents}
    note = f'"$TASKTERM_TASK $(date +%s%N)" >> "{journal}"'
    specs = [
        {
            "key": task["id"],
            "title": task["name"],
            "needs": parents[task["id"]],
            "steps": [{"run": f"echo begin {note}; sleep {seconds[task['id']]:.3f}; echo end {note}"}],
        }
        for task in tasks
    ]
    created = desk.do("create", workflow={"name": name, "params": {}, "source": None}, tasks=specs).created
    ids = dict(created["ids"])
    desk.approve(*ids.values())
    return Recorded(ids, [(p, key) for key in parents for p in parents[key]], seconds, journal)


def times(recorded: Recorded) -> tuple[dict[str, int], dict[str, int]]:
    """When each task began and ended, in nanoseconds; each exactly once."""
    lines = [line.split() for line in recorded.journal.read_text().splitlines()]
    count = Counter((word, int(task)) for word, task, _ in lines)
    keys = {task_id: key for key, task_id in recorded.ids.items()}
    assert count == {(word, task_id): 1 for task_id in keys for word in ("begin", "end")}
    began = {keys[int(task)]: int(at) for word, task, at in lines if word == "begin"}
    ended = {keys[int(task)]: int(at) for word, task, at in lines if word == "end"}
    return began, ended


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_execution_respects_every_edge_and_runs_each_step_once(desk, test_data, tmp_path, name):
    recorded = load(desk, test_data, name, tmp_path / "journal")
    with desk.store.read() as reader:
        first = reader.task(min(recorded.ids.values()))
    assert first is not None
    done = desk.follow(desk.start(workflow_id=first.workflow_id, jobs=4))
    assert (done.code, done.run.title) == (0, name)
    began, ended = times(recorded)
    assert len(recorded.edges) == EDGES[name]
    assert [edge for edge in recorded.edges if ended[edge[0]] > began[edge[1]]] == []
    moments = sorted([(at, 1) for at in began.values()] + [(at, -1) for at in ended.values()])
    running, most = 0, 0
    for _, change in moments:
        running += change
        most = max(most, running)
    assert 1 < most <= 4
    assert {desk.task(task_id).status for task_id in recorded.ids.values()} == {"done"}
    assert len(done.attempts) == len(recorded.ids)
    for attempt in done.attempts:
        key = next(key for key, task_id in recorded.ids.items() if task_id == attempt.task_id)
        assert attempt.duration_ms is not None
        assert attempt.duration_ms >= recorded.seconds[key] * 1000 - 1


def test_several_supervisors_that_race_over_one_graph_run_each_step_once_in_order(desk, test_data, tmp_path):
    recorded = load(desk, test_data, NAMES[1], tmp_path / "journal")
    me = owner.this_process()
    tasks = sorted(recorded.ids.values())
    runs = []
    for _ in range(3):
        made = desk.do("run_create", title="race", tasks=tasks, jobs=2, host=me.host, user=me.user)
        runs.append(made.created["run_id"])
    with desk.store.read() as reader:
        found = [reader.run(run_id) for run_id in runs]
    for run in found:
        assert run is not None
        start._spawn(desk.store, run)
    assert {desk.ended(run_id, 60).run.state for run_id in runs} == {"succeeded"}
    began, ended = times(recorded)
    assert [edge for edge in recorded.edges if ended[edge[0]] > began[edge[1]]] == []
    owners = {attempt.run_id for run_id in runs for attempt in desk.outcome(run_id).attempts}
    assert len(owners) > 1  # else they never raced
