"""Tells what a team did: commands and runs at their times, executed in the order of the clock on a real database.

So numbers, history and journal are those of a real file. Runs that still run belong to this very process, and their
logs lie where a supervisor writes them, in the format of `runner/output.py`.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from taskterm.core.dates import to_utc_text
from taskterm.runner import owner
from taskterm.runner.start import run_folder
from taskterm.store.store import Store

YEAR = 2026

_UNWANTED = ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "PAGER", "XDG_RUNTIME_DIR", "TASKTERM_DB", "TASKTERM_ACTOR")


@contextmanager
def at_home(folder: Path, **more: str) -> Iterator[None]:
    """The environment of somebody whose home is `folder`, in UTC, with nothing set that could change a picture."""
    before = dict(os.environ)
    for name in _UNWANTED:
        os.environ.pop(name, None)
    for name in ("DATA", "STATE", "CONFIG", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(folder / f".{name.lower()}")
    os.environ.update({"HOME": str(folder), "TZ": "UTC", "LANG": "C.UTF-8", **more})
    time.tzset()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        time.tzset()


def moment(text: str) -> datetime:
    """`23 14:22:47` in November 2026, `10-05 09:00` in another month of it."""
    day, _, clock = text.partition(" ")
    month, _, number = day.rpartition("-")
    hour, minute, second = (int(part) for part in f"{clock or '09:00'}:00".split(":")[:3])
    return datetime(YEAR, int(month or 11), int(number), hour, minute, second, tzinfo=UTC)


def utc(text: str) -> str:
    """The same as the store keeps it."""
    return to_utc_text(moment(text))


def step(name: str, run: str, **more: Any) -> dict[str, Any]:
    """A step of a workflow file."""
    return {"name": name, "run": run, **more}


def task(key: str, title: str, assignee: str | None = None, *needs: str, **more: Any) -> dict[str, Any]:
    """A task of a workflow file."""
    return {"key": key, "title": title, "assignee": assignee, "needs": list(needs), **more}


class Try(NamedTuple):
    """One attempt of a step: how long it took (None: it still runs), how it exited, what it wrote by milliseconds."""

    seconds: float | None
    exit_code: int = 0
    lines: Sequence[tuple[int, str]] = ()


class Team:
    """Collects what people and supervisors did, and does it in the order of the clock."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._events: list[tuple[datetime, int, Callable[[datetime], object]]] = []

    def at(self, when: datetime | str, act: Callable[[datetime], object]) -> None:
        """Do this at that time."""
        self._events.append((moment(when) if isinstance(when, str) else when, len(self._events), act))

    def does(self, when: str, who: str, verb: str, **args: Any) -> None:
        """Somebody gives a command."""
        self.at(when, lambda now: self.now(now, who, verb, **args))

    def now(self, now: datetime, who: str, verb: str, **args: Any) -> Mapping[str, Any]:
        """Execute a command; answers what it created."""
        return self.store.execute(verb, args, actor=who, now=now).outcome.created

    def play(self) -> None:
        """Do everything."""
        for when, _, act in sorted(self._events, key=lambda event: event[:2]):
            act(when)


class Running:
    """A run and the supervisor that writes for it. Parts are given with their start, steps follow one another."""

    def __init__(self, team: Team, when: str, who: str, title: str, tasks: Sequence[int], **args: Any) -> None:
        self.team = team
        self.who = who
        self.id = self.fence = 0
        self._folder = ""

        def begin(now: datetime) -> None:
            process = owner.this_process()
            about = {"title": title, "tasks": list(tasks), "host": process.host, "user": process.user, "jobs": 4}
            self.id = team.now(now, who, "run_create", **{**about, **args})["run_id"]
            self.fence = team.now(now, who, "run_own", run_id=self.id, fence=0, **process._asdict())["fence"]
            with team.store.read() as reader:
                run = reader.run(self.id)
            assert run is not None
            self._folder = run_folder(team.store.database_uuid, run)

        team.at(when, begin)

    def write(self, now: datetime, verb: str, **args: Any) -> Mapping[str, Any]:
        """A command of the supervisor."""
        return self.team.now(now, self.who, verb, run_id=self.id, fence=self.fence, **args)

    def part(self, when: str, task: int, *steps: Sequence[Try]) -> None:
        """A task's part begins: for each step its tries. It ends with the last of them, unless that still runs."""
        clock = moment(when)
        self.team.at(clock, lambda now: self.write(now, "task_claim", task_id=task))
        last = Try(0)
        for position, tries in enumerate(steps):
            for last in tries:
                clock = self._try(clock, task, position, last)
        if last.seconds is None:
            return

        def end(now: datetime) -> None:
            told = {"state": "succeeded"}
            if last.exit_code:
                with self.team.store.read() as reader:
                    name = reader.steps(task)[len(steps) - 1].name
                told = {"state": "failed", "reason": f"“{name}” ended with exit {last.exit_code}"}
            self.write(now, "task_end", task_id=task, **told)

        self.team.at(clock, end)

    def holds(self, when: str, task: int, state: str, reason: str | None = None) -> None:
        """A part pauses until its commands are approved, or may go on."""
        self.team.at(when, lambda now: self.write(now, "task_hold", task_id=task, state=state, reason=reason))

    def waits(self, when: str) -> None:
        """Only people can move the run now."""
        self.team.at(when, lambda now: self.write(now, "run_wait"))

    def _try(self, begin: datetime, task: int, position: int, tried: Try) -> datetime:
        """One attempt; answers when it ended."""
        made: dict[str, Any] = {}

        def start(now: datetime) -> None:
            with self.team.store.read() as reader:
                step = reader.steps(task)[position]
            told = {"task_id": task, "step_id": step.id, "command": step.run, "log_dir": self._folder}
            made.update(self.write(now, "attempt_begin", **told))
            if tried.seconds is None:
                write_log(Path(made["log_path"]), tried.lines)

        def end(now: datetime) -> None:
            data = "".join(f"{line}\n" for _, line in tried.lines).encode()
            self.write(
                now,
                "attempt_end",
                attempt_id=made["attempt_id"],
                state="failed" if tried.exit_code else "succeeded",
                exit_code=tried.exit_code,
                duration_ms=int((tried.seconds or 0) * 1000),
                log_bytes=len(data),
                log_lines=len(tried.lines),
            )
            self.team.store.put_log(made["attempt_id"], data, [ms for ms, _ in tried.lines], 0)

        self.team.at(begin, start)
        if tried.seconds is None:
            return begin
        after = begin + timedelta(seconds=tried.seconds)
        self.team.at(after, end)
        return after

    def ends(self, when: str) -> None:
        """Everything is through."""
        self.team.at(when, lambda now: self.write(now, "run_end"))


def write_log(path: Path, lines: Sequence[tuple[int, str]]) -> None:
    """The file of a running attempt and the times beside it; a last line that ends with `…` has not ended yet."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    data, times = b"", b""
    for milliseconds, line in lines:
        times += struct.pack("<QQ", len(data), milliseconds)
        data += (line.removesuffix("…") if line.endswith("…") else f"{line}\n").encode()
    for name, content in ((path, data), (Path(f"{path}.times"), times)):
        name.write_bytes(content)
        os.chmod(name, 0o600)
