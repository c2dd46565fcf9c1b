"""One task inside a run: its steps in order, each looked at, tried, tried again, and its result recorded.

What comes next is always read from the database (`next_step`), never remembered: so a run that paused, or whose
supervisor died between two steps, goes on where it stood, and a step that was edited is seen as it is now.
"""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from taskterm.core import durations, environment
from taskterm.core.commands.run_parts import StepChanged
from taskterm.core.errors import StoreError
from taskterm.core.model import Attempt, Step
from taskterm.runner import owner
from taskterm.runner.ledger import Ledger, inserted, insist
from taskterm.runner.output import LogWriter, for_database
from taskterm.runner.process import Children, Command, Ended, Stop
from taskterm.runner.trust import Trust, named_values
from taskterm.store.store import Store

_LOG_PATIENCE = 30.0  # a log that cannot go into the database is still in its file


class Context(NamedTuple):
    """What all parts of a run share."""

    store: Store
    ledger: Ledger
    children: Children
    stop: Stop
    trust: Trust
    folder: str  # of logs and spooled results


class Next(NamedTuple):
    """What a task does next: `run` (this step), `failed` (because of `last`) or `succeeded`."""

    what: str
    step: Step | None = None
    last: Attempt | None = None
    tries: int = 0


def next_step(steps: Sequence[Step], attempts: Sequence[Attempt]) -> Next:
    """What a task with these steps does next, given the attempts of one run so far."""
    for step in steps:
        mine = [a for a in attempts if a.step_id == step.id]
        tries = sum(a.state in ("failed", "timeout") for a in mine)
        last = mine[-1] if mine else None
        if last is None or (last.state in ("failed", "timeout") and tries <= step.retries):
            return Next("run", step, last, tries)
        if last.state in ("failed", "timeout") and not step.continue_on_error:
            return Next("failed", step, last, tries)
    return Next("succeeded")


def run_part(context: Context, task_id: int) -> None:
    """Does a claimed task to its end: succeeded, failed, stopped, or paused because a command is not approved here."""
    began = time.monotonic()
    write = context.ledger.write
    while True:
        steps, attempts = insist(lambda: _read(context, task_id))
        following = next_step(steps, attempts)
        spent = round((time.monotonic() - began) * 1000)
        if context.stop or (attempts and attempts[-1].state == "stopped"):
            write("task_end", task_id=task_id, state="stopped", duration_ms=spent)
            return
        if following.what == "failed" and following.last is not None:
            reason = why_failed(following.last, following.step)
            write("task_end", task_id=task_id, state="failed", reason=reason, duration_ms=spent)
            return
        if following.step is None:
            if attempts:
                write("task_end", task_id=task_id, state="succeeded", duration_ms=spent)
            else:  # its steps were taken away before the first of them began
                write("task_hold", task_id=task_id, state="planned")
            return
        if not context.trust.trusted(following.step):
            reason = f"“{following.step.name}” is not approved on this machine"
            write("task_hold", task_id=task_id, state="untrusted", reason=reason)
            return
        if following.tries and context.stop.wait(following.step.backoff_seconds * 2 ** (following.tries - 1)):
            continue
        try:
            _attempt(context, following.step)
        except StepChanged:
            continue


def why_failed(attempt: Attempt, step: Step | None = None) -> str:
    """Why an attempt failed, as one phrase."""
    if attempt.state == "timeout":
        limit = step.timeout_seconds if step else None
        return (
            f"“{attempt.name}” took longer than {durations.age(limit)}" if limit else f"“{attempt.name}” took too long"
        )
    if attempt.exit_code is None:
        return f"“{attempt.name}” could not be started"
    if attempt.exit_code < 0:
        return f"“{attempt.name}” was ended by signal {-attempt.exit_code}"
    return f"“{attempt.name}” ended with exit {attempt.exit_code}"


def _read(context: Context, task_id: int) -> tuple[list[Step], list[Attempt]]:
    with context.store.read() as reader:
        return reader.steps(task_id), reader.attempts(context.ledger.run_id, task_id)


def _attempt(context: Context, step: Step) -> None:
    """One try of one step, from the claim to the recorded end. Raises StepChanged if it is not what was looked at."""
    ledger = context.ledger
    begun = ledger.write(
        "attempt_begin", task_id=step.task_id, step_id=step.id, command=step.run, log_dir=context.folder
    )
    row = inserted(begun, "attempt")
    log = LogWriter(row["log_path"])
    mark = owner.mark(context.store.database_uuid, ledger.run_id, row["id"])
    given, refused = step_environment(step, context.store.path, ledger.run_id, mark)
    for name, reason in refused.items():
        log.note(f"{name} is not passed on: {reason}")
    command = Command(
        step.run,
        step.shell or "/bin/sh",
        os.path.expanduser(step.cwd or "~"),
        given,
        step.timeout_seconds,
        mark,
    )
    state, ended = _execute(context, step, command, log)
    if ended.left:
        named = ", ".join(str(pid) for pid in ended.left)
        log.note(f"still running in the background: process {named}; what it prints from now on is not kept")
    log.close()
    spooled = ledger.spool_end(
        row["id"],
        state=state,
        exit_code=None if state == "skipped" else ended.exit_code,
        duration_ms=ended.milliseconds,
        log_bytes=log.size,
        log_lines=log.lines,
    )
    keep_log(context.store, row["id"], log)
    ledger.write_end(spooled)


def keep_log(store: Store, attempt_id: int, log: LogWriter) -> None:
    """Puts a finished log into the database; where that does not work, it stays in its file and stderr says so."""
    data, times, left_out = for_database(log.path, log.lost)
    try:
        insist(lambda: store.put_log(attempt_id, data, times, left_out + log.dropped), _LOG_PATIENCE)
    except StoreError as error:
        sys.stderr.write(f"the log of attempt {attempt_id} stays in {log.path}: {error.message}\n")


def _execute(context: Context, step: Step, command: Command, log: LogWriter) -> tuple[str, Ended]:
    """The state of the attempt and how its command ended, its condition asked first."""
    run = context.children.run
    if step.condition:
        asked = run(command._replace(text=step.condition), log.write, context.stop)
        if asked.how == "exited" and asked.exit_code != 0:
            log.note(f"skipped: its condition ended with exit {asked.exit_code}")
            return "skipped", asked
        if asked.how != "exited":
            return _state(asked, command, log), asked
    ended = run(command, log.write, context.stop)
    return _state(ended, command, log), ended


def _state(ended: Ended, command: Command, log: LogWriter) -> str:
    if ended.how == "not started":
        log.note(f"not started: {ended.problem}")
        return "failed"
    if ended.how == "timeout":
        log.note(f"ended because it took longer than {durations.age(command.timeout or 0.0)}")
    if ended.how == "stopped":
        log.note("stopped")
    if ended.how != "exited":
        return ended.how
    return "succeeded" if ended.exit_code == 0 else "failed"


def step_environment(step: Step, db: str, run_id: int, mark: str) -> tuple[dict[str, str], Mapping[str, str]]:
    """What a step finds in its environment: the user's own, the step's, and where it is; and names that are refused.

    Names that take over a shell or a loader never come from a step, whatever the database says.
    """
    given = {name: value for name, value in os.environ.items() if name != owner.MARK}
    refused: dict[str, str] = {}
    for name, value in named_values(step.env).items():
        reason = environment.refused(name)
        if reason is not None:
            refused[name] = reason
        else:
            given[name] = str(value)
    given |= {
        "TASKTERM_RUN": str(run_id),
        "TASKTERM_TASK": str(step.task_id),
        "TASKTERM_STEP": str(step.id),
        "TASKTERM_DB": os.path.abspath(db),
        "TASKTERM_PYTHON": sys.executable,
        owner.MARK: mark,
    }
    return given, refused
