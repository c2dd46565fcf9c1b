"""A Snapshot of what lies before and after single tasks, however far, for answers about them in a large database."""

from __future__ import annotations

from taskterm.core.model import Attempt, Run, RunTask, Step, Task, Workflow
from taskterm.core.snapshot import Snapshot
from taskterm.store._sql import SQL
from taskterm.store.sqlite import SqliteReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    Edges = Iterable[tuple[int, int]]

_FEW = 100
"""Up to so many tasks their steps are read one by one; beyond it all steps of the database are, in one go."""


def held_up(reader: SqliteReader, task_id: int) -> int:
    """How many open tasks wait for this one, directly or through other open ones: the size of Snapshot.held_up."""
    return reader.held_up(task_id)


def whole(reader: SqliteReader, roots: Iterable[int]) -> Snapshot:
    """The tasks `roots` (which exist) with everything before and after them, done or not."""
    tasks: dict[int, Task] = {}
    edges: dict[tuple[int, int], None] = {}
    for root in dict.fromkeys(roots):
        task = reader.task(root)
        found = [*reader.tasks("tasks_upstream", id=root), *reader.tasks("tasks_downstream", id=root)]
        tasks.update((t.id, t) for t in (task, *found) if t is not None)
        for name in ("edges_upstream", "edges_downstream"):
            edges.update(dict.fromkeys(reader.connection.execute(SQL[name], {"id": root}).fetchall()))
    return _snapshot(reader, tasks, sorted(edges), tasks)


def behind(reader: SqliteReader, root: int) -> Snapshot:
    """The task `root` (which exists) with every open task that it waits for, and what its urgency comes from: its
    direct successors, and theirs along the way on which each one inherits it."""
    task = reader.task(root)
    assert task is not None
    upstream = {t.id: t for t in reader.tasks("tasks_open_upstream", id=root)}
    edges = reader.connection.execute(SQL["edges_open_upstream"], {"id": root}).fetchall()
    tasks = {root: task, **upstream}
    for here in _inheriting(reader, task):
        for successor in reader.successors(here):
            edges.append((here, successor))
            if successor not in tasks:
                found = reader.task(successor)
                if found is not None:
                    tasks[successor] = found
    return _snapshot(reader, tasks, sorted(set(edges)), {root, *upstream})


def _inheriting(reader: SqliteReader, task: Task) -> list[int]:
    """The task and those further on from which it may have its urgency or its due time."""
    found = {task.id: task}
    queue = [task]
    while queue:
        here = queue.pop()
        for successor in map(reader.task, reader.successors(here.id)):
            if successor is None or successor.id in found or successor.status not in ("todo", "doing"):
                continue
            urgent = here.inherited_urgency > 0 and successor.inherited_urgency == here.inherited_urgency
            due = here.inherited_due is not None and successor.inherited_due == here.inherited_due
            if urgent or due:
                found[successor.id] = successor
                queue.append(successor)
    return list(found)


def _snapshot(reader: SqliteReader, tasks: dict[int, Task], edges: Edges, told: Collection[int]) -> Snapshot:
    """The picture of these tasks and edges, with the steps and runs of those in `told`."""
    before: dict[int, list[int]] = {}
    after: dict[int, list[int]] = {}
    for predecessor, successor in edges:
        if predecessor in tasks and successor in tasks:
            before.setdefault(successor, []).append(predecessor)
            after.setdefault(predecessor, []).append(successor)
    runs, parts, attempts, newest = _runs(reader, [tasks[i] for i in told])
    return Snapshot(
        tasks=tasks,
        before={i: tuple(ids) for i, ids in before.items()},
        after={i: tuple(ids) for i, ids in after.items()},
        step_lists=_steps(reader, told),
        columns=tuple(reader.columns()),
        workflows=_workflows(reader, tasks.values()),
        runs=runs,
        run_task_lists=parts,
        attempt_lists=attempts,
        newest_run=newest,
    )


def _steps(reader: SqliteReader, ids: Collection[int]) -> dict[int, tuple[Step, ...]]:
    if len(ids) <= _FEW:
        return {i: tuple(steps) for i in ids if (steps := reader.steps(i))}
    wanted, found = set(ids), dict[int, list[Step]]()
    for row in reader.connection.execute(SQL["all_steps"]):
        step = Step(*row)
        if step.task_id in wanted:
            found.setdefault(step.task_id, []).append(step)
    return {i: tuple(steps) for i, steps in found.items()}


def _workflows(reader: SqliteReader, tasks: Iterable[Task]) -> dict[int, Workflow]:
    wanted = {task.workflow_id for task in tasks if task.workflow_id is not None}
    if not wanted:
        return {}
    found = (Workflow(*row) for row in reader.connection.execute(SQL["workflows"]))
    return {workflow.id: workflow for workflow in found if workflow.id in wanted}


def _runs(
    reader: SqliteReader, tasks: Iterable[Task]
) -> tuple[dict[int, Run], dict[int, tuple[RunTask, ...]], dict[int, tuple[Attempt, ...]], dict[int, int]]:
    """Runs, the parts that these tasks had in them, the attempts in the newest of each task, and which that is."""
    parts: dict[int, list[RunTask]] = {}
    attempts: dict[int, list[Attempt]] = {}
    newest: dict[int, int] = {}
    for task in tasks:
        if task.run_state is None:
            continue
        own = reader.task_runs(task.id)
        if own:
            newest[task.id] = own[0].run_id
            attempts.setdefault(own[0].run_id, []).extend(reader.attempts(own[0].run_id, task.id))
        for part in own:
            parts.setdefault(part.run_id, []).append(part)
    runs = {run_id: run for run_id in parts if (run := reader.run(run_id)) is not None}
    return (
        runs,
        {i: tuple(found) for i, found in parts.items()},
        {i: tuple(found) for i, found in attempts.items()},
        newest,
    )
