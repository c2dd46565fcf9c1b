"""A small Snapshot of a few tasks and what lies next to them, for answers about single tasks in a large database."""

from __future__ import annotations

from taskterm.core.model import Task, Workflow
from taskterm.core.snapshot import Snapshot
from taskterm.store.sqlite import SqliteReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


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
    )


def _tasks(reader: SqliteReader, ids: Iterable[int]) -> dict[int, Task]:
    found = ((i, reader.task(i)) for i in ids)
    return {i: task for i, task in found if task is not None}


def _workflows(reader: SqliteReader, ids: Iterable[int | None]) -> dict[int, Workflow]:
    rows = (reader.row("workflow", {"id": i}) for i in ids if i is not None)
    return {row["id"]: Workflow(**row) for row in rows if row}
