"""From rows to Snapshot: the whole picture once, and afterwards only what operations say they touched."""

from __future__ import annotations

from taskterm.core.jsontext import loads
from taskterm.core.lean import NamedTuple
from taskterm.core.model import Attempt, Column, Comment, Run, RunTask, Step, Task, Workflow
from taskterm.core.snapshot import Snapshot
from taskterm.store._sql import SQL
from taskterm.store.sqlite import SqliteReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from typing import Any, TypeVar

    Row = TypeVar("Row")

RUNS = 200
"""How many of the newest runs a snapshot holds; older ones are read when somebody asks for them."""


class Followed(NamedTuple):
    """A snapshot with what happened since an older one. No task but those of `task_ids` differs between them."""

    snapshot: Snapshot
    task_ids: frozenset[int]


def newest_operation(reader: SqliteReader) -> int:
    """The number of the last operation, 0 before the first."""
    row = reader.connection.execute(SQL["operation_last"]).fetchone()
    return int(row[0] or 0)


def load(reader: SqliteReader, runs: int | None = None) -> Snapshot:
    """Everything that views show, with so many of the newest runs (RUNS of them if it is not said)."""
    query = reader.connection.execute
    dependencies = query(SQL["all_dependencies"]).fetchall()
    return Snapshot(
        operation=newest_operation(reader),
        tasks=_tasks(reader),
        before=_grouped(((s, p) for p, s in dependencies)),
        after=_grouped(dependencies),
        step_lists=_by(Step, query(SQL["all_steps"]), lambda step: step.task_id),
        comment_lists=_by(Comment, query(SQL["all_comments"]), lambda comment: comment.task_id),
        columns=tuple(Column(*row) for row in query(SQL["columns"])),
        workflows={row[0]: Workflow(*row) for row in query(SQL["workflows"])},
        views=tuple(reader.views()),
        **_runs(reader, runs),
    )


def _tasks(reader: SqliteReader) -> dict[int, Task]:
    """All tasks by id. Names, projects, times that many have in common are held once, half of what a task would hold.

    They are read one by one: all at once, what is let go again would leave holes as large as everything that stays.
    """
    query = reader.connection.execute
    known: dict[Any, Any] = {}
    shared = known.setdefault
    tags = _grouped((task_id, shared(tag, tag)) for task_id, tag in query(SQL["all_tags"]))
    found: dict[int, Task] = {}
    for task_id, uuid, title, notes, *others in query(SQL["all_tasks"]):
        # Not the numbers: 1 and 1.0 are equal, and would become one of them.
        values = [shared(value, value) if isinstance(value, str) else value for value in others]
        own = tags.get(task_id, ())
        found[task_id] = Task._make((task_id, uuid, title, shared(notes, notes), *values, shared(own, own)))
    return found


def load_runs(reader: SqliteReader) -> Snapshot:
    """The newest runs alone, with what their progress is told by: steps and workflows."""
    query = reader.connection.execute
    steps = _by(Step, query(SQL["all_steps"]), lambda step: step.task_id)
    workflows = {row[0]: Workflow(*row) for row in query(SQL["workflows"])}
    return Snapshot(step_lists=steps, workflows=workflows, **_runs(reader))


def load_past(reader: SqliteReader) -> Snapshot:
    """The newest runs with the tasks that had a part in them: what tells how long things take."""
    past = load_runs(reader)
    ids = dict.fromkeys(part.task_id for parts in past.run_task_lists.values() for part in parts)
    found = (reader.task(task_id) for task_id in ids)
    return past._replace(tasks={task.id: task for task in found if task is not None})


def _runs(reader: SqliteReader, runs: int | None = None) -> dict[str, Any]:
    query, recent = reader.connection.execute, {"limit": runs or RUNS}
    return {
        "runs": {row[0]: Run(*row) for row in query(SQL["recent_runs"], recent)},
        "run_task_lists": _by(RunTask, query(SQL["recent_run_tasks"], recent), lambda part: part.run_id),
        "attempt_lists": _by(Attempt, query(SQL["recent_attempts"], recent), lambda attempt: attempt.run_id),
        "newest_run": dict(query(SQL["newest_runs"]).fetchall()),
    }


def refresh(reader: SqliteReader, snapshot: Snapshot) -> Followed:
    """The snapshot with what happened since, which is the same object if nothing did.

    Reads as many rows as were touched, whatever the size of the database.
    """
    rows = reader.connection.execute(SQL["operations_after"], {"id": snapshot.operation}).fetchall()
    if not rows:
        return Followed(snapshot, frozenset())
    touched: dict[str, dict[Any, None]] = {}
    for _, text in rows:
        for kind, ids in loads(text).items():
            touched.setdefault(kind, {}).update(dict.fromkeys(ids))
    changed = snapshot._replace(operation=rows[-1][0])
    changed = _refresh_tasks(reader, changed, touched.get("task", {}))
    changed = _refresh_runs(reader, changed, touched.get("run", {}))
    if touched.get("workflow"):
        workflows = {row[0]: Workflow(*row) for row in reader.connection.execute(SQL["workflows"])}
        changed = changed._replace(workflows=workflows)
    if touched.get("view"):
        changed = changed._replace(views=tuple(reader.views()))
    changed = changed._replace(columns=tuple(reader.columns()))
    return Followed(changed, frozenset(touched.get("task", ())))


def _refresh_tasks(reader: SqliteReader, snapshot: Snapshot, ids: Iterable[int]) -> Snapshot:
    tasks: dict[int, Any] = {}
    before: dict[int, Any] = {}
    after: dict[int, Any] = {}
    steps: dict[int, Any] = {}
    comments: dict[int, Any] = {}
    newest: dict[int, Any] = {}
    for task_id in ids:
        tasks[task_id] = reader.task(task_id)
        before[task_id] = tuple(reader.predecessors(task_id))
        after[task_id] = tuple(reader.successors(task_id))
        steps[task_id] = tuple(reader.steps(task_id))
        comments[task_id] = tuple(reader.comments(task_id))
        newest[task_id] = next((part.run_id for part in reader.task_runs(task_id)), None)
    return snapshot._replace(
        tasks=_patched(snapshot.tasks, tasks),
        before=_patched(snapshot.before, before),
        after=_patched(snapshot.after, after),
        step_lists=_patched(snapshot.step_lists, steps),
        comment_lists=_patched(snapshot.comment_lists, comments),
        newest_run=_patched(snapshot.newest_run, newest),
    )


def _patched(mapping: Mapping[int, Any], values: Mapping[int, Any]) -> Mapping[int, Any]:
    """The mapping with other values, and without those that are empty; the same object where nothing differs."""
    others = {key: value for key, value in values.items() if mapping.get(key) != (value or None)}
    if not others:
        return mapping
    found = dict(mapping)
    for key, value in others.items():
        if value:
            found[key] = value
        else:
            found.pop(key, None)
    return found


def _refresh_runs(reader: SqliteReader, snapshot: Snapshot, ids: Collection[int]) -> Snapshot:
    if not ids:
        return snapshot
    runs, parts, attempts = dict(snapshot.runs), dict(snapshot.run_task_lists), dict(snapshot.attempt_lists)
    for run_id in ids:
        run = reader.run(run_id)
        if run is None:
            continue
        runs[run_id] = run
        _put(parts, run_id, reader.run_tasks(run_id))
        _put(attempts, run_id, reader.attempts(run_id))
    for old in sorted(runs)[:-RUNS]:
        for mapping in (runs, parts, attempts):
            mapping.pop(old, None)
    return snapshot._replace(runs=runs, run_task_lists=parts, attempt_lists=attempts)


def _put(mapping: dict[int, tuple[Any, ...]], key: int, rows: list[Any]) -> None:
    if rows:
        mapping[key] = tuple(rows)
    else:
        mapping.pop(key, None)


def _grouped(pairs: Iterable[tuple[int, Row]]) -> Mapping[int, tuple[Row, ...]]:
    found: dict[int, list[Row]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def _by(
    record: Callable[..., Row], rows: Iterable[tuple[Any, ...]], key: Callable[[Row], int]
) -> Mapping[int, tuple[Row, ...]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        item = record(*row)
        found.setdefault(key(item), []).append(item)
    return {group: tuple(items) for group, items in found.items()}
