"""Rules for runs as a whole: who may begin one, who owns it, when it waits for people, how it ends or is lost.

A run is evidence. It changes only by these verbs, all journalled as `system`, and no undo takes them back. The parts
of a run, one per task, have their rules in `run_parts`.
"""

from __future__ import annotations

from taskterm.core.commands import status
from taskterm.core.commands.refs import resolve
from taskterm.core.commands.run_parts import (
    BAD,
    NO_STEPS,
    PENDING,
    Claimed,
    attempt_update,
    existing_run,
    held_by,
    holder_of,
    moves,
    owned,
    part_update,
    run_update,
    skipped_after,
    work_for_people,
)
from taskterm.core.errors import RuleError, UsageError
from taskterm.core.model import OPEN, RUN_ENDED, Change, Insert, Outcome, Run, RunTask, Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from taskterm.core.port import Reader

JOBS_LIMIT = 64


def run_create(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """A new run of `tasks` (ids in the order of the plan); `created["run_id"]` is its id.

    Tasks that are done or cancelled are left out; those that no machine can do wait for a person. The tasks in
    `targets`, those the user named, are refused where something outside the run blocks them, unless `force`, and
    where another run has them in hand. `host` and `user` say where the run belongs.
    """
    wanted = admitted(reader, args, now)
    run_id = reader.new_id("run")
    run = Run(
        id=run_id,
        uuid=reader.new_uuid(),
        title=str(args["title"]),
        task_id=args.get("task_id"),
        workflow_id=args.get("workflow_id"),
        state="planned",
        jobs=int(args.get("jobs") or 1),
        force=int(bool(args.get("force"))),
        created_at=now,
        created_by=actor,
        host=str(args["host"]),
        user=str(args["user"]),
    )
    changes: list[Change] = [Insert("run", run._asdict())]
    for position, (task, people) in enumerate(wanted, start=1):
        holder = holder_of(reader, task.id, run_id)
        reason = held_by(holder) if holder is not None else None if people == NO_STEPS else people
        part = RunTask(run_id, task.id, position, "person" if people else "planned", reason=reason)
        changes.append(Insert("run_task", part._asdict()))
    return Outcome(tuple(changes), tuple(task.id for task, _ in wanted), created={"run_id": run_id})


def admitted(reader: Reader, args: Mapping[str, Any], now: str) -> list[tuple[Task, str | None]]:
    """The open tasks of a run that may be made with these arguments, each with the reason why it needs a person.

    Raises what `run_create` raises; may be asked beforehand.
    """
    jobs = int(args.get("jobs") or 1)
    if not 1 <= jobs <= JOBS_LIMIT:
        raise UsageError(f"{jobs} tasks at once are not possible", f"give a number from 1 to {JOBS_LIMIT}")
    tasks = [resolve(reader, ref) for ref in dict.fromkeys(args["tasks"])]
    wanted = {task.id: task for task in tasks if task.status in OPEN}
    for ref in args.get("targets") or ():
        target = resolve(reader, ref)
        if target.id in wanted:
            _refuse_in_hand(reader, target, bool(args.get("force")))
            if not args.get("force"):
                _refuse_blocked(reader, target, frozenset(wanted), now)
    people = {task.id: work_for_people(reader.steps(task.id), str(args["host"])) for task in wanted.values()}
    if None not in people.values():
        raise _nothing_to_run(tasks, people)
    return [(task, people[task.id]) for task in wanted.values()]


def run_own(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """A supervisor takes a planned or waiting run whose fence is still the one it saw; `created["fence"]` is its own.

    The owner is `host`, `boot_id`, `pid` and `pid_started`; of several that try, one wins and the others are refused.
    """
    run = existing_run(reader, int(args["run_id"]))
    if run.state not in ("planned", "waiting") or run.fence != int(args["fence"]):
        raise RuleError(f"run {run.id} is {run.state} and owned by process {run.pid} on {run.host}")
    owner = {name: args[name] for name in ("host", "boot_id", "pid", "pid_started", "user")}
    change = run_update(run, state="running", started_at=run.started_at or now, fence=run.fence + 1, **owner)
    return Outcome((change,), created={"fence": run.fence + 1})


def run_settle(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Brings a run in line with its tasks: what people have done is done, what they cancelled is skipped.

    The owner gives its `fence`; a waiting run may be settled by anybody, and ends if nothing of it is left.
    `created["state"]` is the state of the run afterwards.
    """
    run = existing_run(reader, int(args["run_id"]))
    if run.state == "waiting":
        parts, changes = settled(reader, run, now)
        if changes and not any(part.state in PENDING for part in parts):
            end = _end_state(run, parts)
            changes.append(run_update(run, state=end, ended_at=now))
            return Outcome(tuple(changes), created={"state": end})
        return Outcome(tuple(changes), created={"state": run.state})
    if run.state in RUN_ENDED:
        return Outcome((), created={"state": run.state})
    run = owned(reader, args)
    return Outcome(tuple(settled(reader, run, now)[1]), created={"state": run.state})


def run_wait(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Only people can move the run now, so it needs no process. Nothing happens where a part could begin after all,
    since somebody may have said done a moment ago; `created["state"]` tells which it was.
    """
    run = owned(reader, args)
    possible = moves(reader, run)
    if possible.ready or possible.running or run.stop_requested_by or settled(reader, run, now)[1]:
        return Outcome((), created={"state": run.state})
    change = run_update(run, state="waiting", pid=None, pid_started=None, boot_id=None)
    return Outcome((change,), created={"state": "waiting"})


def run_end(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """The owner closes the run; `created["state"]` is how it ended. What a stop left over is stopped too."""
    run = owned(reader, args)
    parts, changes = settled(reader, run, now)
    if run.stop_requested_by:
        parts, stopped = _stop_pending(parts, run.stop_requested_by, now)
        changes += stopped
    left = [part for part in parts if part.state in (*PENDING, "running")]
    if left:
        named = ", ".join(f"#{part.task_id} ({part.state})" for part in left)
        raise RuleError(f"run {run.id} cannot end: {named} is not finished")
    end = _end_state(run, parts)
    changes.append(run_update(run, state=end, ended_at=now))
    return Outcome(tuple(changes), created={"state": end})


def run_stop_request(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Somebody wants the run to stop. Its supervisor does it; a run that has none stops here and now.

    `created["state"]` is the state of the run afterwards.
    """
    run = existing_run(reader, int(args["run_id"]))
    if run.state in RUN_ENDED:
        raise RuleError(f"run {run.id} has ended already: {run.state}")
    if run.state == "running":
        if run.stop_requested_by:
            return Outcome((), created={"state": run.state}, notes=(f"{run.stop_requested_by} asked for that already",))
        return Outcome((run_update(run, stop_requested_by=actor),), created={"state": run.state})
    changes: list[Change] = list(_stop_pending(reader.run_tasks(run.id), actor, now)[1])
    changes.append(run_update(run, state="stopped", ended_at=now, stop_requested_by=actor))
    return Outcome(tuple(changes), created={"state": "stopped"})


def run_lost(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """The owner seen with `fence` is dead. What it was running is lost: nobody knows the exit code, nobody guesses it.

    If it was running nothing, nothing is lost, and the run waits to be taken up again. `created` holds the `state`
    afterwards and the ids of the `attempts` that were lost.
    """
    run = owned(reader, args)
    lost = [attempt for attempt in reader.attempts(run.id) if attempt.state == "running"]
    parts = reader.run_tasks(run.id)
    if not lost:
        return _orphaned(run, parts, now)
    gone = {attempt.task_id for attempt in lost}
    changes: list[Change] = [attempt_update(attempt, state="lost", ended_at=now) for attempt in lost]
    skipped: dict[int, Change] = {}
    for part in parts:
        if part.state == "running":
            word = "its supervisor died, the exit code is not known" if part.task_id in gone else "its supervisor died"
            changes.append(part_update(part, state="lost", ended_at=now, reason=word))
            skipped = {**skipped_after(reader, run, part.task_id, "lost", now), **skipped}
    for part in parts:
        if part.state in PENDING and part.task_id not in skipped:
            skipped[part.task_id] = part_update(part, state="skipped", ended_at=now, reason="the run was lost")
    changes += skipped.values()
    changes.append(run_update(run, state="lost", ended_at=now))
    return Outcome(tuple(changes), tuple(gone), created={"state": "lost", "attempts": [a.id for a in lost]})


# ── pieces ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _refuse_in_hand(reader: Reader, task: Task, force: bool) -> None:
    """Two people who start the same task at the same moment: the second is told about the first."""
    holder = holder_of(reader, task.id, 0)
    if holder is not None:
        raise Claimed(task, existing_run(reader, holder))
    if force:
        return
    for part in reader.task_runs(task.id):
        other = reader.run(part.run_id) if part.state == "planned" else None
        if other is not None and other.state in ("planned", "running") and task.id in moves(reader, other).ready:
            raise RuleError(
                f"#{task.id} {task.title} is next in run {other.id} on {other.host} by {other.created_by} already",
                f"watch it with: taskterm logs {other.id} -f",
            )


def _refuse_blocked(reader: Reader, task: Task, inside: frozenset[int], now: str) -> None:
    try:
        status.refuse_blocked(reader, task, "run", now, inside)
    except RuleError as refusal:
        hint = "finish that first, add --with-needs to run it too, or --force to run this all the same"
        raise RuleError(refusal.message, hint) from None


def _nothing_to_run(tasks: Sequence[Task], people: Mapping[int, str | None]) -> RuleError:
    """Why a run of these tasks would do nothing."""
    closed = [task for task in tasks if task.status not in OPEN]
    if closed and len(closed) == len(tasks):
        named = ", ".join(f"#{t.id} {t.title} is {t.status}" for t in closed)
        return RuleError(f"nothing to run: {named} already", f"reopen it first: taskterm reopen {closed[0].id}")
    if not tasks:
        return RuleError("nothing to run: no task was named", "give an id, such as 12, or a part of a title")
    first = next(task for task in tasks if task.id in people)
    return RuleError(
        f"nothing to run: #{first.id} {first.title} waits for a person, {people[first.id]}",
        f"give it a command with: taskterm step add {first.id} -- COMMAND",
    )


def settled(reader: Reader, run: Run, now: str) -> tuple[list[RunTask], list[Change]]:
    """The parts as they are after people's work is taken over, and the changes for that."""
    parts: list[RunTask] = []
    changes: list[Change] = []
    for part in reader.run_tasks(run.id):
        new = _people_did(reader, run, part, now) if part.state in PENDING else None
        if new:
            changes.append(part_update(part, **new))
            part = part._replace(**new)
        parts.append(part)
    return parts, changes


def _people_did(reader: Reader, run: Run, part: RunTask, now: str) -> dict[str, Any] | None:
    task = reader.task(part.task_id)
    if task is None or task.status == "cancelled":
        return {"state": "skipped", "ended_at": now, "reason": "it was cancelled"}
    if task.status == "done":
        return {"state": "succeeded", "ended_at": now, "reason": f"done by {task.completed_by}"}
    if part.state != "person":
        reason = work_for_people(reader.steps(task.id), run.host or "")
        if reason is not None:
            return {"state": "person", "reason": None if reason == NO_STEPS else reason}
    return None


def _stop_pending(parts: Sequence[RunTask], by: str, now: str) -> tuple[list[RunTask], list[Change]]:
    """The parts after a stop, and the changes: what has not begun never will."""
    new: dict[str, Any] = {"state": "stopped", "ended_at": now, "reason": f"stopped by {by}"}
    changes: list[Change] = [part_update(part, **new) for part in parts if part.state in PENDING]
    return [part._replace(**new) if part.state in PENDING else part for part in parts], changes


def _end_state(run: Run, parts: Sequence[RunTask]) -> str:
    states = {part.state for part in parts}
    if run.stop_requested_by and "stopped" in states:
        return "stopped"
    return "failed" if states.intersection(BAD) else "succeeded"


def _orphaned(run: Run, parts: Sequence[RunTask], now: str) -> Outcome:
    """The supervisor died between two steps: every result is known, so the run only waits for a new supervisor."""
    changes: list[Change] = []
    if run.stop_requested_by:
        resumed = [part._replace(state="planned") if part.state == "running" else part for part in parts]
        for part, new in zip(parts, _stop_pending(resumed, run.stop_requested_by, now)[0], strict=True):
            if new != part:
                fields = ("state", "ended_at", "reason")
                changes.append(part_update(part, **{name: getattr(new, name) for name in fields}))
        changes.append(run_update(run, state="stopped", ended_at=now))
        return Outcome(tuple(changes), created={"state": "stopped", "attempts": []})
    changes += [part_update(part, state="planned") for part in parts if part.state == "running"]
    changes.append(run_update(run, state="waiting", pid=None, pid_started=None, boot_id=None))
    return Outcome(tuple(changes), created={"state": "waiting", "attempts": []})
