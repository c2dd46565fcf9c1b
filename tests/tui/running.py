"""A run that a test begins and ends by itself, as its supervisor would."""

from __future__ import annotations

from taskterm.runner import owner
from taskterm.store.store import Store
from tests.tui.drive import NOW


def begin(store: Store, task_id: int, *, actor: str) -> int:
    """A run of one task, whose part is under way; answers its number."""
    process = owner.this_process()
    with store.read() as reader:
        task = reader.task(task_id)
        step = reader.steps(task_id)[0]
    assert task is not None
    about = {"title": task.title, "tasks": [task_id], "host": process.host, "user": process.user, "jobs": 1}
    run_id: int = store.execute("run_create", {**about, "task_id": task_id}, actor=actor, now=NOW).outcome.created[
        "run_id"
    ]
    store.execute("run_own", {"run_id": run_id, "fence": 0, **process._asdict()}, actor=actor, now=NOW)
    store.execute("task_claim", {"run_id": run_id, "fence": 1, "task_id": task_id}, actor=actor, now=NOW)
    told = {
        "run_id": run_id,
        "fence": 1,
        "task_id": task_id,
        "step_id": step.id,
        "command": step.run,
        "log_dir": "/none",
    }
    store.execute("attempt_begin", told, actor=actor, now=NOW)
    return run_id


def end(store: Store, run_id: int, task_id: int, state: str) -> None:
    """Its part and the run itself have ended in this state."""
    with store.read() as reader:
        attempt = reader.attempts(run_id, task_id)[0]
    told = {"run_id": run_id, "fence": 1}
    ended = {"attempt_id": attempt.id, "state": state, "exit_code": int(state == "failed"), "duration_ms": 1000}
    store.execute("attempt_end", {**told, **ended, "log_bytes": 0, "log_lines": 0}, actor="ana", now=NOW)
    store.execute("task_end", {**told, "task_id": task_id, "state": state}, actor="ana", now=NOW)
    store.execute("run_end", told, actor="ana", now=NOW)
