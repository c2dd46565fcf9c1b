"""Taskwarrior with the same tasks, measured in the same rounds, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from taskterm.core.model import OPEN
from taskterm.core.zone import epoch_of
from tests.bench.harness import Series, Stopwatch, World

ADD = ("add", "Write a summary")
GOALS = {1_000: 0.6, 10_000: 0.01}
"""What `taskterm add` may take, times Taskwarrior's, by the number of tasks."""

SLOW, ENOUGH = 10_000, 5
"""From so many tasks on an add takes seconds, and a few rounds will do."""


class Neighbour:
    """Taskwarrior 2 with the tasks of some worlds."""

    def __init__(self, program: str, folder: Path, worlds: Mapping[str, World]) -> None:
        self._program = program
        self._worlds: dict[str, tuple[int, dict[str, str]]] = {}
        for name, world in worlds.items():
            home = folder / f"taskwarrior-{world.count}"
            home.mkdir(parents=True)
            (home / "taskrc").write_text(f"data.location={home}\nconfirmation=off\nhooks=off\nnews.version=2.6.0\n")
            _write(home, world)
            env = {**world.env, "TASKRC": str(home / "taskrc"), "TASKDATA": str(home)}
            counted = subprocess.run(
                [program, "status:pending", "count"], env=env, capture_output=True, text=True, check=True
            )
            assert int(counted.stdout) == world.open, "Taskwarrior does not have the same tasks"
            self._worlds[name] = (world.count, env)

    def __call__(self, watch: Stopwatch, series: Series, number: int) -> None:
        """One round."""
        for name, (count, env) in self._worlds.items():
            if count < SLOW or number < ENOUGH:
                series.put(("taskwarrior", name), watch.run([self._program, *ADD], env))


def installed() -> str | None:
    """The path of Taskwarrior's program, or None."""
    return shutil.which("task")


def _write(home: Path, world: World) -> None:
    """The data files as Taskwarrior 2.6 writes them: one task a line, attributes in brackets."""
    pending: list[str] = []
    completed: list[str] = []
    tasks = world.snapshot.tasks
    for task in tasks.values():
        depends = ",".join(tasks[i].uuid for i in world.snapshot.predecessors(task.id))
        values = {
            "description": task.title,
            "depends": depends,
            "due": _epoch(task.due),
            "end": _epoch(task.completed_at),
            "entry": _epoch(task.created_at),
            "priority": task.priority,
            "project": task.project,
            "status": "pending" if task.status in OPEN else "completed",
            "tags": ",".join(task.tags),
            "uuid": task.uuid,
        }
        line = "[" + " ".join(f'{name}:"{value}"' for name, value in values.items() if value) + "]\n"
        (pending if task.status in OPEN else completed).append(line)
    (home / "pending.data").write_text("".join(pending), encoding="utf-8")
    (home / "completed.data").write_text("".join(completed), encoding="utf-8")


def _epoch(utc: str | None) -> str | None:
    return None if utc is None else str(int(epoch_of(utc)))
