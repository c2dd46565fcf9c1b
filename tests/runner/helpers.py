"""What tests of the runner share: a database with a short way of writing, gates that hold a step, patient questions."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from taskterm.core.model import RUN_ENDED, Attempt, Run, RunTask, Task
from taskterm.core.zone import SystemZone
from taskterm.runner import follow, start
from taskterm.runner.output import LogReader
from taskterm.runner.trust import Trust
from taskterm.store.store import Store

T = TypeVar("T")


def eventually(question: Callable[[], T], what: str = "", seconds: float = 30.0) -> T:
    """The first true answer of `question`; fails the test when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline, f"it never came true: {what or question}"
        time.sleep(0.005)
    return answer


class Hold:
    """A pipe with a name: a step that reads from it waits until the test lets it go on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)

    def __str__(self) -> str:
        return f'read go < "{self.path}"'

    def let_go(self) -> None:
        def opened() -> bool:
            try:
                fd = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                return False
            os.write(fd, b"go\n")
            os.close(fd)
            return True

        eventually(opened, f"nobody waits at {self.path}")


class Done(NamedTuple):
    """A run as it ended, with what the followers were told."""

    code: int
    run: Run
    parts: dict[int, RunTask]
    attempts: list[Attempt]
    events: list[follow.Event]

    def said(self, task_id: int | None = None) -> list[str]:
        """The lines that a task printed, or all."""
        return [
            e.line.text
            for e in self.events
            if e.line is not None and (task_id is None or (e.task and e.task.id == task_id))
        ]


class Desk:
    """One user at one database."""

    def __init__(self, path: str, actor: str = "ana") -> None:
        self.store = Store(path, create=True)
        self.actor = actor
        self.trust = Trust()

    def now(self) -> datetime:
        return datetime.now(SystemZone())

    def do(self, verb: str, **args: Any) -> Any:
        """What `Store.execute` answers as its outcome."""
        return self.store.execute(verb, args, actor=self.actor, now=self.now()).outcome

    def add(self, title: str, *commands: str, after: list[int] | None = None, trusted: bool = True, **step: Any) -> int:
        """A task whose steps are these commands, approved here unless `trusted` is false."""
        steps = [{"run": command, **step} for command in commands]
        task_id = self.do("add", title=title, steps=steps, after=after or []).created["id"]
        if trusted:
            self.approve(task_id)
        return int(task_id)

    def approve(self, *task_ids: int) -> None:
        with self.store.read() as reader:
            self.trust.approve([step for task_id in task_ids for step in reader.steps(task_id)])

    def start(self, *targets: int, **options: Any) -> int:
        return start.start_run(self.store, targets, actor=self.actor, now=self.now(), trust=self.trust, **options)

    def follow(self, run_id: int) -> Done:
        """Waits until the run has ended or waits for people."""
        events: list[follow.Event] = []
        code = follow.follow(self.store, run_id, events.append, actor=self.actor)
        return self.outcome(run_id)._replace(code=code, events=events)

    def run(self, *targets: int, **options: Any) -> Done:
        return self.follow(self.start(*targets, **options))

    def go_on(self) -> list[int]:
        return start.continue_waiting(self.store, actor=self.actor, now=self.now(), trust=self.trust)

    def stop(self, run_id: int) -> str:
        return start.request_stop(self.store, run_id, actor=self.actor, now=self.now())

    def outcome(self, run_id: int) -> Done:
        with self.store.read() as reader:
            run = reader.run(run_id)
            assert run is not None
            parts = {part.task_id: part for part in reader.run_tasks(run_id)}
            return Done(-1, run, parts, reader.attempts(run_id), [])

    def ended(self, run_id: int, seconds: float = 30.0) -> Done:
        """The run once it has ended, without following it."""
        eventually(lambda: self.outcome(run_id).run.state in RUN_ENDED, f"run {run_id} ends", seconds)
        return self.outcome(run_id)

    def task(self, task_id: int) -> Task:
        with self.store.read() as reader:
            task = reader.task(task_id)
        assert task is not None
        return task

    def lines(self, attempt: Attempt) -> list[str]:
        """All output of an attempt that has ended."""
        reader = LogReader(self.store, attempt)
        found: list[str] = []
        while lines := reader.read(final=True):
            found += [line.text for line in lines]
        return found


def alive(pid: int) -> bool:
    """Whether a process exists and is more than a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"
