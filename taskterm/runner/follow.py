"""Follows a run until it ends or only people can move it: every line of output and every turn, as events.

Any number of processes may follow a run, from its start or later; none of them is needed by it.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from taskterm.core.errors import NotFound, RuleError
from taskterm.core.model import RUN_ENDED, Attempt, Run, RunTask, Task
from taskterm.runner import owner, start
from taskterm.runner.ledger import clock
from taskterm.runner.output import Line, LogReader
from taskterm.runner.part import why_failed
from taskterm.store.store import Store

_LOOK = 0.05  # seconds between two looks at growing logs
_UNOWNED = 15.0  # seconds after which a run that nobody owns is called out
_REFRESH = 2.0  # seconds between two looks at whether the supervisor is alive


class Event(NamedTuple):
    """Something that happened in a run.

    `run`: its state is new. `task`: the part `part` of `task` is in a new state. `step`: `attempt` began or ended.
    `line`: `attempt` printed `line`, whose text may hold any control character. `say`: `text` is a sentence for the
    user.
    """

    kind: str
    run: Run
    task: Task | None = None
    part: RunTask | None = None
    attempt: Attempt | None = None
    line: Line | None = None
    text: str = ""


class _Look(NamedTuple):
    """What one read transaction shows of a run."""

    run: Run
    parts: list[RunTask]
    tasks: dict[int, Task]
    attempts: list[Attempt]


def follow(
    store: Store,
    run_id: int,
    on_event: Callable[[Event], None],
    *,
    actor: str,
    now: Callable[[], datetime] = clock,
    stop_on_interrupt: bool = True,
) -> int:
    """Calls `on_event` for everything that happens and answers the exit code of the run.

    0: it succeeded, or waits for people only. 1: it failed, was stopped or lost. 4: it waits for an approval. 130: it
    was interrupted here; with `stop_on_interrupt` (Ctrl+C once) the run is asked to stop and followed to its end.
    """
    follower = _Follower(store, run_id, on_event)
    interrupted = False
    while True:
        try:
            code = follower.until_end(actor, now)
            return 130 if interrupted else code
        except KeyboardInterrupt:
            if interrupted or not stop_on_interrupt:
                return 130
            interrupted = True
            on_event(Event("say", follower.look().run, text=f"stopping run {run_id}; press Ctrl+C again to leave"))
            try:
                start.request_stop(store, run_id, actor=actor, now=now())
            except RuleError:  # it has ended in the same moment
                continue


class _Follower:
    """What has been told of a run so far."""

    def __init__(self, store: Store, run_id: int, on_event: Callable[[Event], None]) -> None:
        self.store, self.run_id, self.tell = store, run_id, on_event
        self._state = ""
        self._parts: dict[int, str] = {}
        self._attempts: dict[int, str] = {}
        self._readers: dict[int, LogReader] = {}

    def look(self) -> _Look:
        with self.store.read() as reader:
            run = reader.run(self.run_id)
            if run is None:
                raise NotFound(f"there is no run {self.run_id}", "see the runs with: taskterm runs")
            parts = reader.run_tasks(run.id)
            tasks = {part.task_id: reader.task(part.task_id) for part in parts}
            return _Look(run, parts, {i: t for i, t in tasks.items() if t}, reader.attempts(run.id))

    def until_end(self, actor: str, now: Callable[[], datetime]) -> int:
        watch = self.store.watch()
        try:
            began = looked = time.monotonic()
            seen = self.look()
            while True:
                self._news(seen)
                if seen.run.state in RUN_ENDED or seen.run.state == "waiting":
                    return self._code(seen)
                if seen.run.state == "planned" and time.monotonic() - began > _UNOWNED:
                    self.tell(Event("say", seen.run, text=f"run {self.run_id} has not begun: {self._crash(seen.run)}"))
                    return 1
                time.sleep(_LOOK)
                if watch.changed():
                    seen = self.look()
                elif time.monotonic() - looked > _REFRESH:
                    looked = time.monotonic()
                    if owner.state_of(seen.run) == "dead":
                        start.recover(self.store, actor=actor, now=now())
                        seen = self.look()
        finally:
            watch.close()

    def _news(self, seen: _Look) -> None:
        """Tells what is new, in an order in which a reader expects it."""
        if self._state in ("", "planned") and seen.run.state not in ("planned", "running") and seen.run.started_at:
            self.tell(Event("run", seen.run._replace(state="running")))  # it was over before anybody looked
        if self._state != seen.run.state and seen.run.state not in RUN_ENDED:
            self.tell(Event("run", seen.run))
        self._turns(seen, [part for part in seen.parts if part.state == "running"])
        for attempt in seen.attempts:
            self._attempt(seen, attempt)
        self._turns(seen, [part for part in seen.parts if part.state not in ("planned", "running")])
        if self._state != seen.run.state and seen.run.state in RUN_ENDED:
            self.tell(Event("run", seen.run))
        self._state = seen.run.state

    def _turns(self, seen: _Look, parts: list[RunTask]) -> None:
        for part in parts:
            if self._parts.get(part.task_id) != part.state:
                self._parts[part.task_id] = part.state
                self.tell(Event("task", seen.run, seen.tasks.get(part.task_id), part))

    def _attempt(self, seen: _Look, attempt: Attempt) -> None:
        known = self._attempts.get(attempt.id)
        if known not in (None, "running"):
            return
        task = seen.tasks.get(attempt.task_id)
        if known is None:
            self._readers[attempt.id] = LogReader(self.store, attempt)
            begun = attempt._replace(state="running", exit_code=None, ended_at=None)
            self.tell(Event("step", seen.run, task, attempt=begun))
        final = attempt.state != "running"
        while lines := self._readers[attempt.id].read(final=final):
            for line in lines:
                self.tell(Event("line", seen.run, task, attempt=attempt, line=line))
        self._attempts[attempt.id] = attempt.state
        if final:
            del self._readers[attempt.id]
            text = "" if attempt.state in ("succeeded", "skipped") else why_failed(attempt)
            self.tell(Event("step", seen.run, task, attempt=attempt, text=text))

    def _code(self, seen: _Look) -> int:
        if seen.run.state == "waiting":
            untrusted = [part for part in seen.parts if part.state == "untrusted"]
            for part in seen.parts:
                if part.state in ("person", "untrusted"):
                    self.tell(Event("say", seen.run, seen.tasks.get(part.task_id), part, text=_waits_for(seen, part)))
            return 4 if untrusted else 0
        return 0 if seen.run.state == "succeeded" else 1

    def _crash(self, run: Run) -> str:
        """The last line that its supervisor wrote before it died."""
        path = start.run_folder(self.store.database_uuid, run) + "/supervisor.log"
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines()
        except OSError:
            lines = []
        return lines[-1] if lines else "its supervisor did not start"


def _waits_for(seen: _Look, part: RunTask) -> str:
    task = seen.tasks.get(part.task_id)
    title = f"#{part.task_id} {task.title}" if task else f"#{part.task_id}"
    if part.state == "untrusted":
        return f"run {part.run_id} waits: {title}, {part.reason}"
    who = f"@{task.assignee}" if task and task.assignee else "somebody"
    return f"run {part.run_id} waits for {who}: {title}"
