"""A run as it is told on a terminal: output lines to stdout, what happens around them to stderr.

Output may hold anything. Its colours are kept where there is colour; whatever else could steer the terminal is taken
out, unless somebody asks for it raw.
"""

from __future__ import annotations

import re
import sys

from taskterm.cli.session import Session
from taskterm.cli.text import fit, pad
from taskterm.core.display import visible
from taskterm.core.durations import clock
from taskterm.core.model import Attempt, Run, RunTask, Task
from taskterm.core.story import failure_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from taskterm.runner.follow import Event

_COLOUR = re.compile(r"(\x1b\[[0-9;:]*m)")
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])?")
_PREFIX = 18


def clean(line: str, colour: bool) -> str:
    """One line of output as a terminal may get it; what a carriage return has overwritten is left out."""
    line = line.rstrip("\r").rpartition("\r")[2]
    pieces = _COLOUR.split(line)
    plain = ["".join(_harmless(piece)) for piece in pieces[::2]]
    if not colour:
        return "".join(plain)
    coloured = "".join(a + b for a, b in zip(plain, [*pieces[1::2], ""], strict=True))
    return coloured + "\x1b[0m" if len(pieces) > 1 else coloured


def _harmless(piece: str) -> str:
    return "\t".join(visible(part) for part in _ESCAPE.sub("", piece).split("\t"))


def called(name: str, command: str) -> str:
    """`$ make test` of a step that is called by its command, the bare name of one that has a name of its own."""
    return f"$ {visible(name)}" if command.lstrip().startswith(name.removesuffix("…")) else visible(name)


class Printer:
    """Prints the events of one run; several tasks get their title in front of each line."""

    def __init__(self, session: Session, several: bool, raw: bool = False, step: int | None = None) -> None:
        self.session = session
        self.several = several
        self.raw = raw
        self.step = step
        self._numbers: dict[tuple[int, object], int] = {}

    def __call__(self, event: Event) -> None:
        if event.attempt is not None and self.step is not None and self._number(event.attempt) != self.step:
            return
        if event.kind == "line" and event.line is not None:
            self._line(event.task, event.line.text)
        elif event.kind == "step" and event.attempt is not None:
            self._step(event.task, event.attempt)
        elif event.kind == "task" and event.part is not None and self.step is None:
            self._task(event.task, event.part)
        elif event.kind == "run" and self.step is None:
            self._run(event.run)
        elif event.kind == "say":
            self.session.note(event.text)

    def _number(self, attempt: Attempt) -> int:
        key = (attempt.task_id, attempt.step_id if attempt.step_id is not None else attempt.name)
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def _line(self, task: Task | None, text: str) -> None:
        if self.raw:
            sys.stdout.write(text + "\n")
        else:
            sys.stdout.write(self._prefix(task) + clean(text, self.session.colour) + "\n")
        sys.stdout.flush()

    def _prefix(self, task: Task | None) -> str:
        if not self.several or task is None:
            return ""
        name = fit(visible(task.title), _PREFIX)
        bar = "|" if self.session.ascii else "│"
        return self.session.paint(f"{task.id:>4} {pad(name, _PREFIX)} {bar} ", "mute")

    def _step(self, task: Task | None, attempt: Attempt) -> None:
        if attempt.state == "running":
            tries = f", try {attempt.number}" if attempt.number > 1 else ""
            self._tell(task, f"{called(attempt.name, attempt.command)}{tries}")
        elif attempt.state == "skipped":
            self._tell(task, f"{visible(attempt.name)} is skipped")
        elif attempt.state != "succeeded":
            self._tell(task, f"{visible(attempt.name)}: {failure_word(attempt)}")

    def _task(self, task: Task | None, part: RunTask) -> None:
        title = visible(task.title) if task else ""
        took = f" in {clock(part.duration_ms / 1000)}" if part.duration_ms is not None else ""
        reason = f": {part.reason}" if part.reason else ""
        if part.state in ("person", "untrusted", "running"):
            return  # who is waited for is said when nothing else is left to run
        word = {"succeeded": "done"}.get(part.state, part.state)
        self._tell(None, f"{part.task_id} {title} {word}{took}{reason}")

    def _run(self, run: Run) -> None:
        if run.state == "running":
            self._tell(None, f"run {run.id}: {visible(run.title)}")
        elif run.state not in ("planned", "waiting"):
            self._tell(None, f"run {run.id} {run.state}")

    def _tell(self, task: Task | None, sentence: str) -> None:
        if self.raw:
            return
        sys.stdout.flush()
        prefix = f"{task.id} " if task is not None and self.several else ""
        self.session.note(prefix + sentence)


def run_object(run: Run, parts: list[RunTask], tasks: dict[int, Task], attempts: list[Attempt]) -> dict[str, Any]:
    """A run as JSON: its own facts, its tasks in the order of the plan, and every try of every step."""
    return {
        "id": run.id,
        "uuid": run.uuid,
        "title": run.title,
        "state": run.state,
        "task": run.task_id,
        "workflow": run.workflow_id,
        "jobs": run.jobs,
        "forced": bool(run.force),
        "host": run.host,
        "user": run.user,
        "created_at": run.created_at,
        "created_by": run.created_by,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "stop_requested_by": run.stop_requested_by,
        "tasks": [
            {
                "id": part.task_id,
                "title": tasks[part.task_id].title if part.task_id in tasks else None,
                "state": part.state,
                "reason": part.reason,
                "started_at": part.started_at,
                "ended_at": part.ended_at,
                "duration_ms": part.duration_ms,
            }
            for part in parts
        ],
        "attempts": [
            {
                "id": a.id,
                "task": a.task_id,
                "step": a.step_id,
                "name": a.name,
                "run": a.command,
                "number": a.number,
                "state": a.state,
                "exit_code": a.exit_code,
                "host": a.host,
                "started_at": a.started_at,
                "ended_at": a.ended_at,
                "duration_ms": a.duration_ms,
                "log_bytes": a.log_bytes,
                "log_lines": a.log_lines,
            }
            for a in attempts
        ],
    }


def read_run(session: Session, run_id: int) -> dict[str, Any]:
    """The run as JSON, as it is now; NotFound if there is none."""
    from taskterm.core.commands.run_parts import existing_run

    with session.store().read() as reader:
        run = existing_run(reader, run_id)
        parts = reader.run_tasks(run_id)
        found = ((part.task_id, reader.task(part.task_id)) for part in parts)
        tasks = {i: task for i, task in found if task is not None}
        return run_object(run, parts, tasks, reader.attempts(run_id))
