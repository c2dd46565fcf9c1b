"""What front ends call: start a run, let waiting runs go on, ask one to stop, look after what a dead machine left.

Nothing here runs a step. A run is made by a command in the database and done by a detached supervisor, so whoever
calls may leave at once.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from taskterm import settings
from taskterm.core.commands import runs
from taskterm.core.commands.refs import resolve_all
from taskterm.core.commands.run_parts import existing_run, moves
from taskterm.core.errors import RuleError, StoreError
from taskterm.core.model import Run
from taskterm.core.port import Reader
from taskterm.core.zone import from_utc_text, to_utc_text
from taskterm.runner import owner, plan
from taskterm.runner.ledger import deliver
from taskterm.runner.output import for_database
from taskterm.runner.process import end_marked
from taskterm.runner.trust import Trust
from taskterm.store.store import Store

JOBS = 4
"""How many tasks of a run may run at the same time unless the user says otherwise."""
SILENCE = 8.0
"""Seconds without a sign of life after which the owner of a run on another machine may be given up."""
_AGAIN = 5.0  # seconds before this process starts a supervisor for the same state of a run again
_UNSTARTED = 10.0  # seconds after which a planned run without a supervisor is started again

_started: dict[tuple[str, int, int], float] = {}  # (database, run, fence) to the time of the last start
_children: list["subprocess.Popen[bytes]"] = []  # supervisors of this process, kept to be reaped


def start_run(
    store: Store,
    target: int | str | Sequence[int | str] = (),
    *,
    with_needs: bool = False,
    workflow_id: int | None = None,
    jobs: int = JOBS,
    force: bool = False,
    actor: str,
    now: datetime,
    trust: Trust | None = None,
) -> int:
    """Makes a run of the named tasks (or of a workflow's open ones) and starts its supervisor; answers the run's id.

    Returns at once: `follow.follow` shows what happens. Raises NotTrusted if a command would have to run that is not
    approved here, RuleError naming the blockers of a blocked task, or the run that has the task in hand already.
    """
    refs = [target] if isinstance(target, (int, str)) else list(target)
    recover(store, actor=actor, now=now)
    with store.read() as reader:
        planned = plan.make_plan(reader, refs, with_needs=with_needs, workflow_id=workflow_id)
        named = [] if workflow_id is not None else resolve_all(reader, refs)
        args = {
            "title": planned.title,
            "task_id": named[0].id if len(named) == 1 else None,
            "workflow_id": workflow_id,
            "tasks": [entry.task.id for entry in planned.tasks] or [task.id for task in named],
            "targets": [task.id for task in named],
            "jobs": jobs,
            "force": force,
            "host": settings.host(),
            "user": owner.login(),
        }
        runs.admitted(reader, args, to_utc_text(now))  # a refusal is worth more than a question about trust
    (trust or Trust()).require(planned.steps())
    created = store.execute("run_create", args, actor=actor, now=now).outcome.created
    run_id = int(created["run_id"])
    with store.read() as reader:
        run = existing_run(reader, run_id)
    try:
        _spawn(store, run)
    except OSError as error:
        store.execute("run_stop_request", {"run_id": run_id}, actor=actor, now=now)
        raise StoreError(
            f"run {run_id} could not be started: {error.strerror}", "make room or give access, then run it again"
        ) from None
    return run_id


def continue_waiting(store: Store, *, actor: str, now: datetime, trust: Trust | None = None) -> list[int]:
    """Lets runs go on that waited for people and can move now; answers those that were set going here.

    Call it after `done`, after approving commands, and now and then while a front end is open. Runs of dead
    supervisors of this user on this machine are looked after first. Several callers at once start a run once.
    """
    if store.read_only:
        return []
    recover(store, actor=actor, now=now)
    at, trust = to_utc_text(now), trust or Trust()
    with store.read() as reader:
        live = reader.live_runs()
        unsettled = [run.id for run in live if run.state == "waiting" and runs.settled(reader, run, at)[1]]
    for run_id in unsettled:
        try:
            store.execute("run_settle", {"run_id": run_id}, actor=actor, now=now)
        except RuleError:  # a supervisor was faster
            continue
    with store.read() as reader:
        able = [run for run in reader.live_runs() if _is_ours(run) and _can_move(reader, run, now, trust)]
    return [run.id for run in able if _spawn_once(store, run)]


def waiting_elsewhere(store: Store, *, now: datetime) -> list[str]:
    """One sentence for each run that could go on now, but only on another machine or by another user."""
    with store.read() as reader:
        return [
            f"run {run.id} waits for {run.user} on host {run.host}"
            for run in reader.live_runs()
            if run.state == "waiting" and not _is_ours(run) and moves(reader, run).ready
        ]


def request_stop(store: Store, run_id: int, *, actor: str, now: datetime) -> str:
    """Asks the run to stop; answers its state afterwards (`running`: its supervisor is ending the steps).

    What a dead supervisor of this machine left running is ended here. Whether one on another machine lives cannot be
    seen: it is asked, and whoever asks again while its lease stands still for SILENCE seconds gives the run up as
    lost. RuleError if the run has ended already.
    """
    recover(store, actor=actor, now=now)
    with store.read() as reader:
        run = existing_run(reader, run_id)
    outcome = store.execute("run_stop_request", {"run_id": run_id}, actor=actor, now=now).outcome
    asked_again = run.state == "running" and run.stop_requested_by is not None
    if asked_again and owner.state_of(run) == "unknown" and _is_silent(store, run_id):
        args = {"run_id": run_id, "fence": run.fence}
        outcome = store.execute("run_lost", args, actor=actor, now=now).outcome
    return str(outcome.created["state"])


def _is_silent(store: Store, run_id: int) -> bool:
    """Whether the owner's counter stands still, timed on this machine's own clock."""
    before = store.lease(run_id)
    deadline = time.monotonic() + SILENCE
    while time.monotonic() < deadline:
        time.sleep(SILENCE / 20)
        if store.lease(run_id) != before:
            return False
    return True


def recover(store: Store, *, actor: str, now: datetime) -> list[int]:
    """Looks after runs of this user on this machine whose supervisor is dead; answers their ids.

    Results it could not deliver are delivered, processes it left are ended, and what it was running is lost.
    """
    with store.read() as reader:
        dead = [
            run
            for run in reader.live_runs()
            if run.state == "running" and _is_ours(run) and owner.state_of(run) == "dead"
        ]
    for run in dead:
        deliver(store, run_folder(store.database_uuid, run))
        end_marked(owner.mark(store.database_uuid, run.id))
        args = {"run_id": run.id, "fence": run.fence}
        try:
            outcome = store.execute("run_lost", args, actor=actor, now=now).outcome
        except RuleError:  # somebody else was looking after it too
            continue
        with store.read() as reader:
            lost = [reader.attempt(attempt_id) for attempt_id in outcome.created["attempts"]]
        for attempt in lost:
            if attempt is not None and attempt.log_path:
                store.put_log(attempt.id, *for_database(attempt.log_path))
    return [run.id for run in dead]


def run_folder(database_uuid: str, run: Run) -> str:
    """Where the logs of a run lie on the machine that runs it; the uuid keeps copies of a database apart."""
    return os.path.join(settings.logs_dir(database_uuid), f"{run.id}-{run.uuid[:8]}")


def _is_ours(run: Run) -> bool:
    return run.host == settings.host() and run.user == owner.login()


def _can_move(reader: Reader, run: Run, now: datetime, trust: Trust) -> bool:
    if run.state == "planned":  # its supervisor is on its way, or died on it
        return (now - from_utc_text(run.created_at)).total_seconds() > _UNSTARTED
    if run.state != "waiting":
        return False
    possible = moves(reader, run)
    approved = any(not trust.pending(reader.steps(task_id)) for task_id in possible.untrusted)
    return bool(possible.ready) or approved


def _spawn_once(store: Store, run: Run) -> bool:
    """Starts a supervisor unless this process has just done so; of several supervisors one becomes the owner."""
    key = (store.database_uuid, run.id, run.fence)
    if time.monotonic() - _started.get(key, -_AGAIN) < _AGAIN:
        return False
    try:
        _spawn(store, run)
    except OSError as error:
        raise StoreError(f"run {run.id} could not be started: {error.strerror}", "make room or give access") from None
    return True


def _spawn(store: Store, run: Run) -> None:
    """Starts a supervisor in a session of its own, so that it outlives this process and its terminal."""
    _children[:] = [child for child in _children if child.poll() is None]
    folder = run_folder(store.database_uuid, run)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    crashes = os.open(
        os.path.join(folder, "supervisor.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600
    )
    try:
        child = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "taskterm.runner.supervisor",
                "--db",
                os.path.abspath(store.path),
                "--run",
                str(run.id),
            ],
            stdin=subprocess.DEVNULL,
            stdout=crashes,
            stderr=crashes,
            cwd=Path(__file__).parents[2],  # with -m this is where it finds the package this program is made of
            env={name: value for name, value in os.environ.items() if name != owner.MARK},
            start_new_session=True,
        )
    finally:
        os.close(crashes)
    _children.append(child)
    _started[store.database_uuid, run.id, run.fence] = time.monotonic()
