"""Small Snapshots: a few tasks with what lies next to them, or a list with just what its lines say."""

from __future__ import annotations

from taskterm.core.model import OPEN, Task, Workflow
from taskterm.core.snapshot import Snapshot
from taskterm.store import lists
from taskterm.store._sql import SQL
from taskterm.store.sqlite import SqliteReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SEVERAL = 300
"""Up to so many lines of a list, what they wait for and hold up is read line by line; for more of them all at once."""


def around(reader: SqliteReader, ids: Iterable[int]) -> Snapshot:
    """These tasks (those that exist) with their neighbours, steps, comments, columns, newest runs and workflows.

    Of the neighbours only the record and the newest run are there.
    """
    wanted = list(dict.fromkeys(ids))
    tasks = _tasks(reader, wanted)
    before = {i: tuple(reader.predecessors(i)) for i in tasks}
    after = {i: tuple(reader.successors(i)) for i in tasks}
    near = {n for links in (before, after) for ids in links.values() for n in ids}
    part_lists = {i: reader.task_runs(i) for i in tasks}
    newest = {i: parts[0].run_id for i, parts in part_lists.items() if parts}
    runs = {run_id: reader.run(run_id) for run_id in set(newest.values())}
    return Snapshot(
        tasks={**_tasks(reader, near), **tasks},
        before=before,
        after=after,
        step_lists={i: tuple(reader.steps(i)) for i in tasks},
        comment_lists={i: tuple(reader.comments(i)) for i in tasks},
        columns=tuple(reader.columns()),
        workflows=_workflows(reader, {t.workflow_id for t in tasks.values()}),
        runs={run_id: run for run_id, run in runs.items() if run},
        run_task_lists={run_id: tuple(reader.run_tasks(run_id)) for run_id in runs},
        attempt_lists={run_id: tuple(reader.attempts(run_id)) for run_id in runs},
        newest_run=newest,
        held_counts={i: reader.held_up(i) for i, task in tasks.items() if task.status in OPEN},
    )


def of_list(reader: SqliteReader, shown: Sequence[Task], known: Mapping[int, Task]) -> Snapshot:
    """A Snapshot with what the lines of `shown` say: open blockers, how many they hold up, steps, newest runs.

    `known` are the tasks that have been read already, those of `shown` among them, and all open ones where `shown` are
    more than SEVERAL.
    """
    ran = [task.id for task in shown if task.run_state is not None]
    base = _with_runs(reader, ran) if ran else Snapshot()
    beside = _beside_few(reader, shown, known) if len(shown) <= SEVERAL else _beside_many(reader, known)
    return base._replace(
        tasks={**base.tasks, **known, **beside.tasks} if base.tasks or beside.tasks else known,
        before=beside.before,
        after={},
        held_counts=beside.held_counts,
        step_counts=beside.step_counts,
        listed=True,
    )


def _with_runs(reader: SqliteReader, ids: list[int]) -> Snapshot:
    if len(ids) <= lists.FEW:
        return around(reader, ids)
    from taskterm.store import feed

    return feed.load_runs(reader)


def _beside_few(reader: SqliteReader, shown: Iterable[Task], known: Mapping[int, Task]) -> Snapshot:
    near: dict[int, Task] = {}
    before: dict[int, tuple[int, ...]] = {}
    held: dict[int, int] = {}
    steps: dict[int, int] = {}
    for task in shown:
        if task.status not in OPEN:
            continue
        if task.open_predecessors:
            blockers = [known.get(i) or near.get(i) or reader.task(i) for i in reader.predecessors(task.id)]
            near.update((blocker.id, blocker) for blocker in blockers if blocker is not None)
            before[task.id] = tuple(b.id for b in blockers if b is not None and b.status in OPEN)
        if task.status == "doing" or not task.open_predecessors:
            held[task.id] = reader.held_up(task.id)
            steps[task.id] = len(reader.steps(task.id))
    return Snapshot(tasks=near, before=before, held_counts=held, step_counts=steps)


def _beside_many(reader: SqliteReader, known: Mapping[int, Task]) -> Snapshot:
    from taskterm.core import graph

    opened = {task.id for task in known.values() if task.status in OPEN}
    edges = reader.connection.execute(SQL["all_dependencies"])
    before, leaving = graph.fronts([edge for edge in edges if edge[0] in opened and edge[1] in opened])
    return Snapshot(
        before={task_id: tuple(ids) for task_id, ids in before.items()},
        held_counts=graph.reach_counts_of(before, leaving),
        step_counts=dict(reader.connection.execute(SQL["step_counts"]).fetchall()),
    )


def _tasks(reader: SqliteReader, ids: Iterable[int]) -> dict[int, Task]:
    found = ((i, reader.task(i)) for i in ids)
    return {i: task for i, task in found if task is not None}


def _workflows(reader: SqliteReader, ids: Iterable[int | None]) -> dict[int, Workflow]:
    rows = (reader.row("workflow", {"id": i}) for i in ids if i is not None)
    return {row["id"]: Workflow(**row) for row in rows if row}
