"""Rules for what a task goes through: start, stop, done, cancel, reopen; a move on the board is one of these."""

from __future__ import annotations

from taskterm.core.commands.links import released_by
from taskterm.core.commands.refs import resolve_all
from taskterm.core.errors import NotFound, RuleError
from taskterm.core.model import OPEN, Change, Column, Outcome, Task, Update

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from taskterm.core.port import Reader


def start(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Somebody begins. A blocked task is refused and names its blockers; `force` starts it all the same."""
    tasks = resolve_all(reader, args["refs"])
    return _enter_stage(reader, tasks, first_stage(reader), bool(args.get("force")), actor, now)


def done(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """The tasks are finished; `released` names what became ready. Several may release each other."""
    tasks = resolve_all(reader, args["refs"])
    return _finish(reader, tasks, bool(args.get("force")), actor, now)


def cancel(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """The tasks will not be done; they no longer block, and what that released is named."""
    tasks = resolve_all(reader, args["refs"])
    for task in tasks:
        _refuse_running(task)
    ending = [t for t in tasks if t.status in OPEN]
    if not ending:
        raise RuleError(_already(tasks), "nothing was changed")
    changes = tuple(close_task(t, "cancelled", actor, now) for t in ending)
    notes = [f"#{t.id} is {t.status} already" for t in tasks if t not in ending]
    notes += [
        f"#{t.id} {t.title} repeats no more: a series ends with the task that is cancelled"
        for t in ending
        if t.recurrence
    ]
    return Outcome(changes, tuple(t.id for t in tasks), released_by(reader, {t.id for t in ending}, now), tuple(notes))


def stop(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Work on the tasks is put down: they go back to todo."""
    tasks = resolve_all(reader, args["refs"])
    changes: list[Change] = []
    for task in tasks:
        _refuse_running(task)
        if task.status != "doing":
            raise RuleError(f"#{task.id} {task.title} is not in progress, it is {task.status}")
        old = {"status": task.status, "column": task.column, **_times(task, "started")}
        changes.append(_update(task, old, {"status": "todo", "column": None, "started_at": None, "started_by": None}))
    return Outcome(tuple(changes), tuple(t.id for t in tasks))


def reopen(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Tasks that were done or cancelled are todo again; what has begun after them goes on, and that is said."""
    tasks = resolve_all(reader, args["refs"])
    going = frozenset(task.id for task in tasks)
    changes: list[Change] = []
    notes: list[str] = []
    for task in tasks:
        if task.status in OPEN:
            raise RuleError(f"#{task.id} {task.title} is open already")
        old = {"status": task.status, **_times(task, "completed")}
        changes.append(_update(task, old, {"status": "todo", "completed_at": None, "completed_by": None}))
        notes += begun_after(reader, task.id, going)
    return Outcome(tuple(changes), tuple(t.id for t in tasks), notes=tuple(notes))


def move(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """A card is put into a column: a stage starts the task or carries it on, Done finishes it, Ready puts it back.

    `set` changes fields along with it, as `edit` does: a card that is put into another person's lane is theirs.
    """
    outcome = _move(reader, args, actor, now)
    if not args.get("set"):
        return outcome
    from taskterm.core.commands.edits import edit

    edited = edit(reader, {"refs": args["refs"], "set": args["set"]}, actor, now)
    return outcome._replace(changes=(*outcome.changes, *edited.changes))


def _move(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    tasks = resolve_all(reader, args["refs"])
    force = bool(args.get("force"))
    columns = {column.key: column for column in reader.columns()}
    column = columns.get(str(args["column"]))
    if column is None:
        raise NotFound(f"the board has no column {args['column']!r}", "it has: " + ", ".join(columns))
    if column.kind == "stage":
        return _enter_stage(reader, tasks, column, force, actor, now)
    if column.kind == "done":
        return _finish(reader, tasks, force, actor, now)
    back = column.kind == "ready"  # nobody decides that a card is blocked
    if back and all(task.status == "doing" for task in tasks):
        return stop(reader, {"refs": [t.id for t in tasks]}, actor, now)
    if back and all(task.status not in OPEN for task in tasks):
        return reopen(reader, {"refs": [t.id for t in tasks]}, actor, now)
    raise RuleError(
        f"nobody moves a card to {column.name}: what waits for nothing is ready, everything else is blocked",
        "link or unlink it instead",
    )


def first_stage(reader: Reader) -> Column:
    """The leftmost stage of the board, where tasks begin."""
    for column in reader.columns():
        if column.kind == "stage":
            return column
    raise RuleError("the board has no stage for tasks in progress")


def start_task(task: Task, column: str, actor: str, now: str) -> Update:
    """The change that begins a task in a stage; a task that has begun before keeps who and when."""
    old = {"status": task.status, "column": task.column, **_times(task, "started")}
    new: dict[str, Any] = {"status": "doing", "column": column}
    if task.started_at is None:
        new |= {"started_at": now, "started_by": actor}
    return _update(task, old, new)


def close_task(task: Task, status: str, actor: str, now: str) -> Update:
    """The change that ends a task as `done` or `cancelled`."""
    old = {"status": task.status, "column": task.column, **_times(task, "completed")}
    return _update(task, old, {"status": status, "column": None, "completed_at": now, "completed_by": actor})


def repeated(
    reader: Reader, finished: Iterable[Task], actor: str, now: str
) -> tuple[tuple[Change, ...], tuple[str, ...], dict[str, Any]]:
    """What makes the next task of each series that these belong to: changes, notes, and what `created` says of it."""
    series = [task for task in finished if task.recurrence]
    if not series:
        return (), (), {}
    from taskterm.core.commands.repeats import next_ones

    further = next_ones(reader, series, actor, now)
    return further.changes, further.notes, {"next": dict(further.ids)} if further.ids else {}


def begun_after(reader: Reader, task_id: int, going: frozenset[int] = frozenset()) -> list[str]:
    """One sentence for each direct successor that has begun or ended although this task is open (again).

    Nothing is said of those whose status changes in the same operation, `going`.
    """
    notes = []
    for successor in reader.successors(task_id):
        if successor in going:
            continue
        task = reader.task(successor)
        if task is not None and task.status in ("doing", "done"):
            state = "running" if task.run_state == "running" else task.status
            notes.append(f"#{task.id} {task.title} is {state} and stays so")
    return notes


def refuse_blocked(reader: Reader, task: Task, verb: str, now: str, ending: frozenset[int] = frozenset()) -> None:
    """Raise RuleError naming the open predecessors, their owners and age, unless they end in the same command."""
    blockers = [reader.task(p) for p in reader.predecessors(task.id) if p not in ending]
    waiting = [b for b in blockers if b is not None and b.status in OPEN]
    if waiting:
        named = "; ".join(_blocker(reader, b, now) for b in waiting)
        raise RuleError(
            f"#{task.id} {task.title} is blocked by {named}",
            f"finish that first, or add --force to {verb} it all the same",
        )


def _blocker(reader: Reader, task: Task, now: str) -> str:
    """`#1 Review @ana, todo for 3 d`; of a task whose last run went wrong, that, and since when."""
    from taskterm.core import durations, zone
    from taskterm.core.snapshot import is_failed

    state, since = task.status, (task.started_at if task.status == "doing" else None) or task.created_at
    if task.run_state == "running":
        state = "running"
    elif is_failed(task):
        state = str(task.run_state)
        since = next((part.ended_at for part in reader.task_runs(task.id)), None) or since
    owner = f" @{task.assignee}" if task.assignee else ""
    seconds = (zone.from_utc_text(now) - zone.from_utc_text(since)).total_seconds()
    age = durations.age(seconds)
    return f"#{task.id} {task.title}{owner}, " + (f"{state} {age} ago" if is_failed(task) else f"{state} for {age}")


def _enter_stage(reader: Reader, tasks: list[Task], column: Column, force: bool, actor: str, now: str) -> Outcome:
    changes: list[Change] = []
    entering = 0
    for task in tasks:
        if task.status not in OPEN:
            raise RuleError(f"#{task.id} {task.title} is {task.status}", f"reopen it first: taskterm reopen {task.id}")
        if task.status == "doing" and task.column == column.key:
            continue
        if task.status == "todo" and not force:
            refuse_blocked(reader, task, "start", now)
        entering += 1
        changes.append(start_task(task, column.key, actor, now))
    if not changes:
        raise RuleError(f"#{tasks[0].id} {tasks[0].title} is in {column.name} already")
    if column.wip_limit is not None and not force:
        held = reader.count_in_column(column.key)
        if held + entering > column.wip_limit:
            raise RuleError(
                f"{column.name} holds {held}, its limit is {column.wip_limit}",
                "finish something there first, or add --force",
            )
    return Outcome(tuple(changes), tuple(t.id for t in tasks))


def _finish(reader: Reader, tasks: list[Task], force: bool, actor: str, now: str) -> Outcome:
    ending = [t for t in tasks if t.status in OPEN]
    if not ending:
        raise RuleError(_already(tasks), "nothing was changed")
    ids = frozenset(t.id for t in ending)
    notes = [f"#{t.id} is {t.status} already" for t in tasks if t not in ending]
    for task in ending:
        if not force:
            _refuse_running(task)
            refuse_blocked(reader, task, "finish", now, ids)
    changes = tuple(close_task(t, "done", actor, now) for t in ending)
    further, said, created = repeated(reader, ending, actor, now)
    released = released_by(reader, ids, now)
    return Outcome((*changes, *further), tuple(t.id for t in tasks), released, (*notes, *said), created)


def _already(tasks: list[Task]) -> str:
    return "; ".join(f"#{t.id} {t.title} is {t.status} already" for t in tasks)


def _refuse_running(task: Task) -> None:
    if task.run_state == "running":
        raise RuleError(
            f"#{task.id} {task.title} is running",
            "wait for its end, or stop the run first: taskterm runs shows it",
        )


def _times(task: Task, what: str) -> dict[str, Any]:
    return {f"{what}_at": getattr(task, f"{what}_at"), f"{what}_by": getattr(task, f"{what}_by")}


def _update(task: Task, old: Mapping[str, Any], new: Mapping[str, Any]) -> Update:
    """Only what differs goes into the journal, or an undo would guard fields that nobody touched."""
    changed = {name: value for name, value in new.items() if old[name] != value}
    return Update("task", {"id": task.id}, {name: old[name] for name in changed}, changed)
