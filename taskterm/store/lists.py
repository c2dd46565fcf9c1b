"""What lists need of a large database: narrow rows of many tasks, or the few among which the first ones are."""

from __future__ import annotations

from taskterm.core import urgency
from taskterm.core.model import Comment, Plain, Step, Task
from taskterm.core.snapshot import Snapshot
from taskterm.core.zone import epoch_of, to_utc_text
from taskterm.store._sql import SQL
from taskterm.store.sqlite import SqliteReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import Any

    from taskterm.core.lean import datetime

FEW = 100
"""Up to so many tasks are read one by one; for more of them, the rows of all tasks are read at once."""


def open_tasks(reader: SqliteReader) -> list[Task]:
    """The open tasks in any order: most of them Plain, the others without notes and with no other tag than `next`."""
    execute = reader.connection.execute
    record: Any = tuple.__new__
    tasks: list[Task] = [record(Plain, row) for row in execute(SQL["plain_tasks"])]
    tasks += [record(Task, row) for row in execute(SQL["begun_tasks"])]
    tagged = tagged_next(reader)
    if tagged:
        tasks = [reader.task(task.id) or task if task.id in tagged else task for task in tasks]
    return tasks


def rows(reader: SqliteReader, statement: str, *, every_tag: bool) -> list[Task]:
    """The tasks of a narrow statement (`open_rows`, `all_rows` …) in any order.

    What the statement leaves out is None, also where the record says text. Of the tags there is only `next`, which
    adds to the urgency, unless `every_tag`.
    """
    found = reader.connection.execute(SQL[statement])
    record: Any = tuple.__new__
    if not every_tag:
        tagged = tagged_next(reader)
        tasks: list[Task] = [record(Task, row) for row in found]
        return [task._replace(tags=("next",)) if task.id in tagged else task for task in tasks] if tagged else tasks
    tags: dict[int, tuple[str, ...]] = {}
    for task_id, tag in reader.connection.execute(SQL["all_tags"]):
        tags[task_id] = (*tags[task_id], tag) if task_id in tags else (tag,)
    return [record(Task, (*row[:-1], tags.get(row[0], ()))) for row in found]


def tagged_next(reader: SqliteReader) -> set[int]:
    """The tasks with the tag `next`."""
    return {task_id for (task_id,) in reader.connection.execute(SQL["with_tag"], {"tag": "next"})}


def first(reader: SqliteReader, now: datetime, count: int, *, ready_only: bool) -> list[Task] | None:
    """The tasks among which the first `count` of a list are, if only ready ones are wanted or there are so many.

    They are those that have begun or run, and the most urgent of the ready ones. None where a list would go on to
    tasks which cannot start, or where too many have begun: then the whole list has to be read.
    """
    begun = [] if ready_only else [task_id for (task_id,) in reader.connection.execute(SQL["begun"])]
    if len(begun) > FEW:
        return None
    weights = reader.connection.execute(SQL["ready_weights"], {"now": to_utc_text(now)})
    ready = urgency.most_urgent(weights, tagged_next(reader), count, now.timestamp(), epoch_of)
    if len(ready) < count and not ready_only:
        return None
    found = (reader.task(task_id) for task_id in dict.fromkeys((*begun, *ready)))
    return [task for task in found if task is not None]


def asked(reader: SqliteReader, tasks: Iterable[Task], needs: Collection[str]) -> Snapshot:
    """A Snapshot of these tasks for a query, with what it `needs`: `graph`, `steps`, `comments`."""
    snapshot = Snapshot(tasks={task.id: task for task in tasks})
    execute = reader.connection.execute
    if "graph" in needs:
        edges = execute(SQL["all_dependencies"]).fetchall()
        before = _grouped((successor, predecessor) for predecessor, successor in edges)
        snapshot = snapshot._replace(before=before, after=_grouped(edges))
    if "steps" in needs:
        steps = [Step(*row) for row in execute(SQL["all_steps"])]
        snapshot = snapshot._replace(step_lists=_grouped((step.task_id, step) for step in steps))
    if "comments" in needs:
        comments = [Comment(*row) for row in execute(SQL["all_comments"])]
        snapshot = snapshot._replace(comment_lists=_grouped((comment.task_id, comment) for comment in comments))
    return snapshot


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, tuple[Any, ...]]:
    found: dict[int, list[Any]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}
