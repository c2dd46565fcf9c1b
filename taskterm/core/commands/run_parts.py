"""Rules for one task inside a run, and for the attempts of its steps: claim, hold, begin, end. The runner calls these.

Every write here comes from the supervisor that owns the run and must carry the run's fence; who owned it before is
refused. What may run next is decided in one place, `moves`, and asked by the claim itself inside its transaction.
"""

from __future__ import annotations

from taskterm.core.commands import status
from taskterm.core.commands.links import released_by
from taskterm.core.errors import NotFound, RuleError
from taskterm.core.lean import NamedTuple
from taskterm.core.model import OPEN, Attempt, Change, Insert, Outcome, Run, RunTask, Step, Task, Update

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from taskterm.core.port import Reader

PENDING = ("planned", "person", "untrusted")
"""States of a part that has neither begun nor ended."""
BAD = ("failed", "lost", "stopped")
"""Ends of a part after which nothing that needs it can run."""

NO_STEPS = "it has no steps"
"""Why a person's task is a person's task; not worth keeping, since it is what everybody expects."""


class NotOwner(RuleError):
    """Somebody else owns the run now, or it has ended: whoever is told this must write nothing more."""


class Claimed(RuleError):
    """Another run holds the task. `run_id` is that run."""

    def __init__(self, task: Task, holder: Run) -> None:
        place = f"run {holder.id} on {holder.host or 'an unknown host'} by {holder.created_by}"
        super().__init__(
            f"#{task.id} {task.title} is running already in {place}",
            f"watch it with: taskterm logs {holder.id} -f",
        )
        self.run_id = holder.id


class StepChanged(RuleError):
    """The step is not what the supervisor has read: it was edited or removed in between."""


class Moves(NamedTuple):
    """What a run can do now. `ready` and `untrusted` are task ids in the order of the plan."""

    ready: tuple[int, ...]
    untrusted: tuple[int, ...]  # could begin as soon as their commands are approved
    elsewhere: Mapping[int, int]  # task id to the run that is running it
    spoiled: Mapping[int, RunTask]  # task id to its failed part in a run that this one has waited for
    running: tuple[int, ...]


# ── what may run next ──────────────────────────────────────────────────────────────────────────────────────────────


def moves(reader: Reader, run: Run) -> Moves:
    """Which parts of a run could begin now. A predecessor holds a part back while it is open.

    A forced run looks only at the predecessors that belong to it.
    """
    parts = reader.run_tasks(run.id)
    inside = {part.task_id for part in parts}
    ready: list[int] = []
    untrusted: list[int] = []
    elsewhere: dict[int, int] = {}
    spoiled: dict[int, RunTask] = {}
    for part in parts:
        if part.state not in ("planned", "untrusted") or blockers(reader, run, part.task_id, inside):
            continue
        task = reader.task(part.task_id)
        if task is None or task.status not in OPEN:
            continue
        holder = holder_of(reader, part.task_id, run.id)
        other = _part_waited_for(reader, part)
        if holder is not None:
            elsewhere[part.task_id] = holder
        elif other is not None and other.state in BAD:
            spoiled[part.task_id] = other
        else:
            (ready if part.state == "planned" else untrusted).append(part.task_id)
    running = tuple(part.task_id for part in parts if part.state == "running")
    return Moves(tuple(ready), tuple(untrusted), elsewhere, spoiled, running)


def blockers(reader: Reader, run: Run, task_id: int, inside: Iterable[int]) -> list[Task]:
    """The open predecessors that hold a part of this run back."""
    members = set(inside)
    found = (reader.task(p) for p in reader.predecessors(task_id) if not run.force or p in members)
    return [task for task in found if task is not None and task.status in OPEN]


def holder_of(reader: Reader, task_id: int, except_run: int) -> int | None:
    """The run that is running the task, other than `except_run`; None if there is none."""
    for part in reader.task_runs(task_id):
        if part.state == "running" and part.run_id != except_run:
            return part.run_id
    return None


def held_by(run_id: int) -> str:
    """The reason of a part whose task another run has in hand: if it fails there, this run does not try it again."""
    return f"run {run_id} has it"


def _part_waited_for(reader: Reader, part: RunTask) -> RunTask | None:
    for other in reader.task_runs(part.task_id) if part.reason else ():
        if part.reason == held_by(other.run_id):
            return other
    return None


def work_for_people(steps: Iterable[Step], host: str) -> str | None:
    """Why a supervisor on `host` cannot do a task with these steps, as one phrase; None if it can."""
    found = list(steps)
    if not found:
        return NO_STEPS
    for step in found:
        if step.interactive:
            return f"“{step.name}” is interactive: run it yourself, then say done"
        if step.host not in (None, "any", host):
            return f"“{step.name}” belongs to host {step.host}"
    return None


# ── a task's part ──────────────────────────────────────────────────────────────────────────────────────────────────


def task_claim(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """This run takes the task: its part runs, the card moves to the first stage. Exactly one run can.

    Claimed names the run that has it; RuleError says what else is in the way.
    """
    run = owned(reader, args)
    part, task = part_of(reader, run.id, int(args["task_id"]))
    if run.stop_requested_by:
        raise RuleError(f"run {run.id} is being stopped by {run.stop_requested_by}")
    holder = holder_of(reader, task.id, run.id)
    if holder is not None:
        raise Claimed(task, existing_run(reader, holder))
    if part.state not in ("planned", "untrusted"):
        raise RuleError(f"#{task.id} {task.title} cannot begin in run {run.id}: it is {part.state} there")
    if task.status not in OPEN:
        raise RuleError(f"#{task.id} {task.title} is {task.status} already")
    reason = work_for_people(reader.steps(task.id), run.host or "")
    if reason is not None:
        raise RuleError(f"#{task.id} {task.title} cannot run by itself: {reason}")
    waiting = blockers(reader, run, task.id, (p.task_id for p in reader.run_tasks(run.id)))
    if waiting:
        named = ", ".join(f"#{t.id} {t.title}" for t in waiting)
        raise RuleError(f"#{task.id} {task.title} is blocked by {named}", "finish that first")
    changes: list[Change] = [
        part_update(part, state="running", started_at=part.started_at or now, ended_at=None, reason=None)
    ]
    if task.status == "todo":
        changes.append(status.start_task(task, status.first_stage(reader).key, actor, now))
    return Outcome(tuple(changes), (task.id,))


def task_hold(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """A part pauses: `untrusted` (a command is not approved here) or `planned` (again); `reason` says why."""
    run = owned(reader, args)
    part, task = part_of(reader, run.id, int(args["task_id"]))
    new = {"state": str(args["state"]), "reason": args.get("reason")}
    if part.state not in (*PENDING, "running") or new["state"] not in ("untrusted", "planned"):
        raise RuleError(f"#{task.id} {task.title} cannot be {new['state']} in run {run.id}: it is {part.state} there")
    if (part.state, part.reason) == (new["state"], new["reason"]):
        return Outcome((), (task.id,))
    return Outcome((part_update(part, **new),), (task.id,))


def task_end(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """A part ends as `succeeded`, `failed` or `stopped`, with the `reason` of a failure as one phrase.

    Success completes the task and names what it released. After any other end the task stays as it is, and what
    needs it in this run is skipped. A part whose task failed in another run may end without having begun.
    """
    run = owned(reader, args)
    part, task = part_of(reader, run.id, int(args["task_id"]))
    state = str(args["state"])
    if state not in ("succeeded", "failed", "stopped"):
        raise RuleError(f"a task cannot end as {state!r}")
    if part.state != "running" and (state == "succeeded" or part.state not in PENDING):
        raise RuleError(f"#{task.id} {task.title} does not run in run {run.id}: it is {part.state} there")
    spent = args.get("duration_ms")
    if spent is None and part.state == "running":
        spent = sum(a.duration_ms or 0 for a in reader.attempts(run.id, task.id))
    changes: list[Change] = [part_update(part, state=state, ended_at=now, duration_ms=spent, reason=args.get("reason"))]
    if state != "succeeded":
        changes += skipped_after(reader, run, task.id, state, now).values()
        return Outcome(tuple(changes), (task.id,))
    if task.status not in OPEN:
        return Outcome(tuple(changes), (task.id,), notes=(f"#{task.id} was {task.status} already",))
    still_open = blockers(reader, run._replace(force=0), task.id, ())
    notes = tuple(f"#{task.id} {task.title} was run although #{t.id} {t.title} is {t.status}" for t in still_open)
    changes.append(status.close_task(task, "done", actor, now))
    further, said, created = status.repeated(reader, (task,), actor, now)
    released = released_by(reader, {task.id}, now)
    return Outcome((*changes, *further), (task.id,), released, (*notes, *said), created)


def skipped_after(reader: Reader, run: Run, task_id: int, state: str, now: str) -> dict[int, Change]:
    """By task id, the changes that skip what needs the task in this run, directly or through others."""
    parts = {part.task_id: part for part in reader.run_tasks(run.id)}
    word = {"lost": "was lost", "stopped": "was stopped"}.get(state, "failed")
    changes: dict[int, Change] = {}
    stack = [task_id]
    while stack:
        for successor in reader.successors(stack.pop()):
            part, task = parts.get(successor), reader.task(successor)
            if successor in changes or part is None or part.state not in PENDING:
                continue
            if task is None or task.status not in OPEN:
                continue
            stack.append(successor)
            reason = f"needs #{task_id}, which {word}"
            changes[successor] = part_update(part, state="skipped", ended_at=now, reason=reason)
    return changes


# ── attempts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def attempt_begin(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """One try of one step begins; `created` holds `attempt_id` and `log_path` (inside the folder `log_dir`).

    StepChanged if the step is no longer `command`, so that nothing runs which was not looked at.
    """
    run = owned(reader, args)
    part, task = part_of(reader, run.id, int(args["task_id"]))
    if part.state != "running":
        raise RuleError(f"#{task.id} {task.title} does not run in run {run.id}: it is {part.state} there")
    step = reader.step(int(args["step_id"]))
    if step is None or step.task_id != task.id or step.run != args["command"]:
        raise StepChanged(f"a step of #{task.id} {task.title} was changed", "it is read again")
    earlier = [a for a in reader.attempts(run.id, task.id) if a.step_id == step.id]
    if any(a.state == "running" for a in earlier):
        raise RuleError(f"“{step.name}” of #{task.id} {task.title} is running already")
    attempt_id = reader.new_id("attempt")
    path = f"{args['log_dir']}/{attempt_id}.log"
    row = Attempt(
        id=attempt_id,
        run_id=run.id,
        task_id=task.id,
        step_id=step.id,
        number=max((a.number for a in earlier), default=0) + 1,
        name=step.name,
        command=step.run,
        state="running",
        started_at=now,
        host=run.host or "",
        fence=run.fence,
        log_path=path,
    )._asdict()
    return Outcome((Insert("attempt", row),), (task.id,), created={"attempt_id": attempt_id, "log_path": path})


def attempt_end(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """The try ended as `state`; `exit_code` is negative for a signal and None where there was no process."""
    run = owned(reader, args)
    attempt = reader.attempt(int(args["attempt_id"]))
    if attempt is None or attempt.run_id != run.id:
        raise NotFound(f"there is no attempt {args['attempt_id']} in run {run.id}")
    if attempt.state != "running" or attempt.fence != run.fence:
        raise RuleError(f"attempt {attempt.id} has ended already: {attempt.state}")
    state = str(args["state"])
    if state not in ("succeeded", "failed", "timeout", "skipped", "stopped"):
        raise RuleError(f"an attempt cannot end as {state!r}")
    fields = ("exit_code", "duration_ms", "log_bytes", "log_lines")
    change = attempt_update(attempt, state=state, ended_at=now, **{name: args.get(name) for name in fields})
    return Outcome((change,), (attempt.task_id,))


# ── small shared pieces ────────────────────────────────────────────────────────────────────────────────────────────


def existing_run(reader: Reader, run_id: int) -> Run:
    """The run; NotFound if there is none."""
    run = reader.run(run_id)
    if run is None:
        raise NotFound(f"there is no run {run_id}", "see the runs with: taskterm runs")
    return run


def owned(reader: Reader, args: Mapping[str, Any]) -> Run:
    """The run `run_id` if it is running and its fence is `fence`; NotOwner otherwise."""
    run = existing_run(reader, int(args["run_id"]))
    if run.state != "running" or run.fence != int(args["fence"]):
        raise NotOwner(f"run {run.id} is {run.state} and this supervisor does not own it any more")
    return run


def part_of(reader: Reader, run_id: int, task_id: int) -> tuple[RunTask, Task]:
    """The part of a task in a run, and the task; NotFound if it has none there."""
    task = reader.task(task_id)
    for part in reader.run_tasks(run_id):
        if part.task_id == task_id and task is not None:
            return part, task
    raise NotFound(f"#{task_id} is not part of run {run_id}")


def part_update(part: RunTask, **new: Any) -> Update:
    """The change of a part; only what differs."""
    return _update("run_task", {"run_id": part.run_id, "task_id": part.task_id}, part._asdict(), new)


def attempt_update(attempt: Attempt, **new: Any) -> Update:
    """The change of an attempt; only what differs."""
    return _update("attempt", {"id": attempt.id}, attempt._asdict(), new)


def run_update(run: Run, **new: Any) -> Update:
    """The change of a run; only what differs."""
    return _update("run", {"id": run.id}, run._asdict(), new)


def _update(table: str, key: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> Update:
    changed = {name: value for name, value in new.items() if old[name] != value}
    return Update(table, key, {name: old[name] for name in changed}, changed)
