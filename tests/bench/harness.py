"""Measures commands side by side: each is checked once, then all run in turn, so that a slow moment hits all alike.

What is reported is a ratio of medians inside one such run. The floor of every ratio is `python -c 'import sqlite3'`.
"""

from __future__ import annotations

import marshal
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from taskterm.core.model import OPEN
from taskterm.core.snapshot import Snapshot
from taskterm.store.store import Store
from tests.bench.sample import fill

STOPWATCH = Path(__file__).with_name("stopwatch.py")
SPARES = 6
"""Tasks that are made before a round of commands and deleted after it: they can be finished, linked, started …"""


class Sample(NamedTuple):
    """What one run of a command cost."""

    seconds: float
    cpu: float
    kib: int


class Cost(NamedTuple):
    """Medians of several runs: seconds of wall clock, seconds of processor, KiB of peak memory."""

    seconds: float
    cpu: float
    kib: float


class Stopwatch:
    """The small process that starts what is measured (see stopwatch.py)."""

    def __init__(self, python: str) -> None:
        self._process = subprocess.Popen(
            [python, "-I", "-S", str(STOPWATCH)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Stopwatch:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, argv: Sequence[str], env: Mapping[str, str]) -> Sample:
        """Runs one command; RuntimeError if it fails."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        marshal.dump((list(argv), dict(env)), self._process.stdin)
        self._process.stdin.flush()
        seconds, cpu, kib, code = marshal.load(self._process.stdout)
        if code != 0:
            raise RuntimeError(f"exit {code}: {' '.join(argv)}")
        return Sample(seconds, cpu, kib)


class Case(NamedTuple):
    """One command with its goal (times the floor) and what its output must say.

    Words are filled in with `s0` … `s5` (spare tasks of the round), `task` (one amid the graph), `done` and `many`.
    `says` are pieces of the output, or a function that judges all of it.
    """

    name: str
    words: tuple[str, ...]
    goal: float
    says: tuple[str, ...] | Callable[[str, World], bool] = ()
    quick: bool = False


class World:
    """One database of the bench, with a home of its own, and the facts that outputs are checked against."""

    def __init__(self, folder: Path, count: int, *, named: bool) -> None:
        """`named`: TASKTERM_DB names the file; else it lies where it does by default, and there is a config file."""
        self.count = count
        home = folder / f"{'named' if named else 'default'}-{count}"
        data = home / ".local/share/taskterm"
        data.mkdir(parents=True)
        self.path = str(data / "tasks.db")
        self.env = {
            "HOME": str(home),
            "LOGNAME": "ana",
            "LANG": "C.UTF-8",
            "PATH": os.environ.get("PATH", os.defpath),
            "TERM": "xterm-256color",
        }
        if named:
            self.env["TASKTERM_DB"] = self.path
        else:
            config = home / ".config/taskterm"
            config.mkdir(parents=True)
            (config / "config.toml").write_text('# who and how\nactor = "ana"\ntheme = "dark"\n')
        self.now = datetime.now(UTC)
        fill(self.path, count, self.now)
        self.snapshot: Snapshot = Store(self.path).snapshot()
        self.spares: list[int] = []
        linked = [i for i, t in self.snapshot.tasks.items() if t.open_predecessors and self.snapshot.successors(i)]
        self._given = {
            "task": str(linked[len(linked) // 2]),
            "done": str(next(i for i, t in self.snapshot.tasks.items() if t.status == "done")),
        }

    @property
    def open(self) -> int:
        """How many open tasks the sample has (without spares)."""
        return sum(task.status in OPEN for task in self.snapshot.tasks.values())

    def renew(self) -> None:
        """Puts fresh spare tasks in place of the old ones; not measured."""
        store = Store(self.path)
        if self.spares:
            store.execute("delete", {"refs": self.spares}, actor="ana", now=self.now)
        made = [
            store.execute(
                "add", {"title": f"Spare {n}", "steps": [{"run": "true"}] if n == 5 else []}, actor="ana", now=self.now
            )
            for n in range(SPARES)
        ]
        self.spares = [result.outcome.created["id"] for result in made]

    def words(self, case: Case) -> list[str]:
        """The words of a case for this round."""
        given = self._given | {f"s{n}": str(task_id) for n, task_id in enumerate(self.spares)}
        return [word.format(**given) if "{" in word else word for word in case.words]


def verify(program: Sequence[str], case: Case, world: World) -> str:
    """Runs a case and answers what is wrong with its outcome; empty if nothing is."""
    ended = subprocess.run(
        [*program, *world.words(case)], env=world.env, capture_output=True, text=True, timeout=120, check=False
    )
    if ended.returncode != 0:
        return f"exit {ended.returncode}: {ended.stderr.strip()[:200]}"
    if callable(case.says):
        return "" if case.says(ended.stdout, world) else f"says {ended.stdout[:200]!r}"
    given = world.words(Case("", case.says, 0))
    missing = [piece for piece in given if piece not in ended.stdout + ended.stderr]
    return f"does not say {missing[0]!r}, but {ended.stdout[:200]!r}" if missing else ""


class Series:
    """The runs of all commands of one bench, by a key of the caller's choice."""

    def __init__(self) -> None:
        self._samples: dict[tuple[object, ...], list[Sample]] = {}

    def put(self, key: tuple[object, ...], sample: Sample) -> None:
        """Notes one run."""
        self._samples.setdefault(key, []).append(sample)

    def unrest(self) -> float:
        """The floor's median times its best run: about 1 on a machine that does nothing else."""
        seconds = [sample.seconds for sample in self._samples[FLOOR]]
        return statistics.median(seconds) / min(seconds)

    def cost(self, key: tuple[object, ...]) -> Cost | None:
        """The medians, or None where nothing was measured."""
        found = self._samples.get(key)
        if not found:
            return None
        return Cost(*(statistics.median(values) for values in zip(*found, strict=True)))


FLOOR = ("floor",)


def measure(
    program: Sequence[str],
    floor: Sequence[str],
    worlds: Mapping[str, World],
    cases: Mapping[str, Iterable[Case]],
    rounds: int,
    *,
    beside: Callable[[Stopwatch, Series, int], None] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Series:
    """Checks every case, then runs all of them in turn, `rounds` times, the floor before each world.

    The keys of the series are (world, case name) and FLOOR. AssertionError names a case whose output is wrong.
    """
    for name, world in worlds.items():
        world.renew()
        for case in cases[name]:
            wrong = verify(program, case, world)
            assert not wrong, f"{name}: {case.name}: {wrong}"
    series = Series()
    with Stopwatch(floor[0]) as watch:
        for number in range(rounds):
            progress(f"round {number + 1} of {rounds}")
            for name, world in worlds.items():
                world.renew()
                for index, case in enumerate(cases[name]):
                    if index % 8 == 0:
                        series.put(FLOOR, watch.run(floor, world.env))
                    series.put((name, case.name), watch.run([*program, *world.words(case)], world.env))
            if beside is not None:
                beside(watch, series, number)
    return series


def own_program() -> list[str]:
    """The program of the environment that runs the bench."""
    return [sys.executable, "-m", "taskterm"]
