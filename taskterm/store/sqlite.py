"""A transaction on a SQLite file: what commands read through, and the one loop that applies what they decided.

Statements come from `_sql.py`; nothing is written in SQL here but the UPDATE of the fields that a change names.
"""

from __future__ import annotations

import os

from taskterm.core import jsontext
from taskterm.core.errors import StoreError
from taskterm.core.lean import UTC, tzinfo
from taskterm.core.model import (
    CACHES,
    KEYS,
    OPEN,
    REFERENCES,
    STAMPS,
    Attempt,
    Change,
    Column,
    Comment,
    Delete,
    Insert,
    Operation,
    Run,
    RunTask,
    Step,
    Task,
    Update,
    View,
    Workflow,
)
from taskterm.store._sql import COLUMNS, SQL
from taskterm.store.driver import sqlite3

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

_DERIVED = frozenset((*CACHES, *STAMPS))
_STAMPING = ("task", "task_tag", "dependency", "step", "comment")
_FRESH_CACHES: dict[str, Any] = {
    "open_predecessors": 0,
    "inherited_urgency": 0.0,
    "inherited_due": None,
    "run_state": None,
}


def new_uuid() -> str:
    """A random UUID (version 4) as text; the uuid module costs more than the rest of a quick command's imports."""
    raw = bytearray(os.urandom(16))
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def text_of(value: object) -> str:
    """JSON as the journal keeps it."""
    return jsontext.dumps(value)


class SqliteReader:
    """The Reader of core/port.py on one open transaction."""

    zone: tzinfo = UTC

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def _all(self, name: str, **values: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(SQL[name], values).fetchall()

    def _one(self, name: str, **values: Any) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self.connection.execute(SQL[name], values).fetchone()
        return row

    def _task(self, row: tuple[Any, ...] | None) -> Task | None:
        if row is None:
            return None
        return Task._make((*row, tuple(tag for (tag,) in self._all("tags", id=row[0]))))

    # ── tasks
    def task(self, task_id: int) -> Task | None:
        return self._task(self._one("task", id=task_id))

    def task_by_uuid(self, uuid: str) -> Task | None:
        return self._task(self._one("task_by_uuid", uuid=uuid))

    def tasks_titled(self, part: str, limit: int = 9) -> list[Task]:
        wanted = part.casefold()
        rows = [(i, title.casefold(), status) for i, title, status in self._all("task_titles")]
        found = [(title != wanted, status not in OPEN, i) for i, title, status in rows if wanted in title]
        tasks = (self.task(task_id) for _, _, task_id in sorted(found)[:limit])
        return [task for task in tasks if task is not None]

    def tasks(self, name: str, **values: Any) -> list[Task]:
        """The tasks that a list statement answers, with their tags."""
        rows = self._all(name, **values)
        tags: dict[int, list[str]] = {}
        if len(rows) > 40:
            for task_id, tag in self._all("all_tags"):
                tags.setdefault(task_id, []).append(tag)
            return [Task._make((*row, tuple(tags.get(row[0], ())))) for row in rows]
        return [Task._make((*row, tuple(tag for (tag,) in self._all("tags", id=row[0])))) for row in rows]

    def predecessors(self, task_id: int) -> list[int]:
        return [i for (i,) in self._all("predecessors", id=task_id)]

    def successors(self, task_id: int) -> list[int]:
        return [i for (i,) in self._all("successors", id=task_id)]

    def held_up(self, task_id: int) -> int:
        """How many open tasks wait for this one over open tasks: the size of Snapshot.held_up."""
        row = self._one("count_open_downstream", id=task_id)
        return int(row[0]) if row else 0

    def workflow_tasks(self, workflow_id: int) -> list[int]:
        return [i for (i,) in self._all("workflow_tasks", id=workflow_id)]

    def workflows(self) -> list[Workflow]:
        """Every workflow that was started, oldest first."""
        return [Workflow(*row) for row in self._all("workflows")]

    def workflow_progress(self) -> dict[int, tuple[int, int]]:
        """For each workflow that has tasks, how many it has and how many of them have ended."""
        return {workflow_id: (total, ended) for workflow_id, total, ended in self._all("workflow_progress")}

    def all_steps(self) -> list[Step]:
        """The steps of all tasks, by task, in their order."""
        return [Step(*row) for row in self._all("all_steps")]

    def workflow_by_uuid(self, uuid: str) -> int | None:
        row = self._one("workflow_by_uuid", uuid=uuid)
        return int(row[0]) if row else None

    def steps(self, task_id: int) -> list[Step]:
        return [Step(*row) for row in self._all("steps", id=task_id)]

    def step(self, step_id: int) -> Step | None:
        row = self._one("step", id=step_id)
        return Step(*row) if row else None

    def comments(self, task_id: int) -> list[Comment]:
        return [Comment(*row) for row in self._all("comments", id=task_id)]

    def columns(self) -> list[Column]:
        return [Column(*row) for row in self._all("columns")]

    def views(self) -> list[View]:
        return [View(*row) for row in self._all("views")]

    def count_in_column(self, key: str) -> int:
        row = self._one("count_in_column", key=key)
        return int(row[0]) if row else 0

    # ── runs
    def run(self, run_id: int) -> Run | None:
        row = self._one("run", id=run_id)
        return Run(*row) if row else None

    def run_tasks(self, run_id: int) -> list[RunTask]:
        return [RunTask(*row) for row in self._all("run_tasks", id=run_id)]

    def task_runs(self, task_id: int) -> list[RunTask]:
        return [RunTask(*row) for row in self._all("task_runs", id=task_id)]

    def newest_runs(self, limit: int) -> list[Run]:
        """The newest runs, newest first."""
        return [Run(*row) for row in self._all("recent_runs", limit=limit)][::-1]

    def live_runs(self) -> list[Run]:
        return [Run(*row) for row in self._all("live_runs")]

    def attempt(self, attempt_id: int) -> Attempt | None:
        row = self._one("attempt", id=attempt_id)
        return Attempt(*row) if row else None

    def attempts(self, run_id: int, task_id: int | None = None) -> list[Attempt]:
        if task_id is None:
            return [Attempt(*row) for row in self._all("attempts", id=run_id)]
        return [Attempt(*row) for row in self._all("attempts_of_task", id=run_id, task_id=task_id)]

    # ── rows and the journal
    def row(self, table: str, key: Mapping[str, Any]) -> dict[str, Any] | None:
        found = self.connection.execute(SQL[f"select_{table}"], dict(key)).fetchone()
        if found is None:
            return None
        row = dict(zip(COLUMNS[table], found, strict=True))
        return {name: value for name, value in row.items() if table != "task" or name not in _DERIVED}

    def templates(self) -> list[dict[str, Any]]:
        """The kept workflow files, each as a row."""
        return [dict(zip(COLUMNS["template"], row, strict=True)) for row in self._all("templates")]

    def rows_referring(self, table: str, key: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        found = []
        for name, column in REFERENCES.get(table, ()):
            for row in self._all(f"refer_{table}_{name}_{column}", value=next(iter(key.values()))):
                found.append((name, dict(zip(KEYS[name], row, strict=True))))
        return found

    def operation(self, operation_id: int) -> Operation | None:
        row = self._one("operation", id=operation_id)
        return Operation(*row) if row else None

    def operation_by_uuid(self, uuid: str) -> Operation | None:
        """The operation that was made with this uuid."""
        row = self._one("operation_by_uuid", uuid=uuid)
        return Operation(*row) if row else None

    def changes(self, operation_id: int) -> Sequence[Change]:
        return [_change(row) for row in self._all("changes", id=operation_id)]

    def some_changes(self, operation_id: int, limit: int, task_id: int | None = None) -> list[Change]:
        """The first `limit` changes of an operation, or of those that belong to one task."""
        name = "changes_first" if task_id is None else "changes_of_task"
        return [_change(row) for row in self._all(name, id=operation_id, limit=limit, task_id=task_id)]

    def count_changed(self, operation_id: int, table: str) -> int:
        """How many changes of an operation are about rows of this table."""
        row = self._one("count_changed", id=operation_id, table=table)
        return int(row[0]) if row else 0

    def operations(self, task_id: int | None, limit: int, before: int | None = None) -> list[Operation]:
        """The newest operations (that touched a task, that are older than `before`), newest first, for being told: what
        was asked of one that only added (`sentences.ADDING`) is left out."""
        name = "operations_newest" if task_id is None else "operations_of_task"
        rows = self._all(name, limit=limit, before=1 << 62 if before is None else before, task_id=task_id)
        return [Operation(*row) for row in rows]

    def operation_tasks(self, first: int, last: int) -> list[tuple[int, int]]:
        """(operation, task) for every task whose history the operations between two numbers belong to."""
        return [(operation, task) for operation, task in self._all("operation_tasks", first=first, last=last)]

    def last_undoable(self, actor: str) -> Operation | None:
        row = self._one("last_undoable", actor=actor)
        return Operation(*row) if row else None

    def last_undone(self, actor: str) -> Operation | None:
        row = self._one("last_undone", actor=actor)
        undone = Operation(*row) if row else None
        if undone is None or undone.undone_by is None:
            return None
        newer = self.last_undoable(actor)
        return None if newer is not None and newer.id > undone.undone_by else undone

    def last_change(self, table: str, key: Mapping[str, Any]) -> Operation | None:
        row = self._one("last_change", table=table, key=text_of([key[name] for name in KEYS[table]]))
        return self.operation(row[0]) if row and row[0] is not None else None

    def last_set(self, table: str, key: Mapping[str, Any], field: str) -> Operation | None:
        row_key = text_of([key[name] for name in KEYS[table]])
        row = self._one("last_set", table=table, key=row_key, field=f'%"{field}":%')
        return self.operation(row[0]) if row and row[0] is not None else None

    # ── numbers
    def new_id(self, counter: str) -> int:
        self.connection.execute(SQL["counter_up"], {"counter": counter})
        row = self._one("counter", counter=counter)
        if row is None:
            raise StoreError(f"the database has no counter for {counter}", "it may be damaged; restore a backup")
        return int(row[0])

    def take_id(self, counter: str, number: int) -> bool:
        taken = self.connection.execute(SQL["counter_raise"], {"counter": counter, "number": number})
        return bool(taken.rowcount == 1)

    def new_uuid(self) -> str:
        return new_uuid()


def _change(row: tuple[Any, ...]) -> Change:
    """A row of the journal: table, key, before, after."""
    table, key, before, after = row
    old = jsontext.loads(before) if before is not None else None
    new = jsontext.loads(after) if after is not None else None
    if old is None:
        return Insert(table, new or {})
    if new is None:
        return Delete(table, old)
    return Update(table, dict(zip(KEYS[table], jsontext.loads(key), strict=True)), old, new)


def apply(reader: SqliteReader, changes: Iterable[Change], actor: str, now: str) -> dict[str, list[Any]]:
    """Writes the changes, then the caches they move; answers what a live reader must read again: ids by kind, and the
    names of views."""
    from taskterm.core import caches

    connection = reader.connection
    changes = list(changes)
    stamped: dict[int, None] = {}
    made: set[int] = set()
    touched: dict[str, dict[Any, None]] = {"task": {}, "run": {}, "workflow": {}, "view": {}}
    for change in changes:
        if isinstance(change, Insert):
            row = dict(change.row)
            if change.table == "task":
                row |= _FRESH_CACHES | {"modified_at": now, "modified_by": actor}
                made.add(row["id"])
            connection.execute(SQL[f"insert_{change.table}"], row)
        elif isinstance(change, Delete):
            key = {name: change.row[name] for name in KEYS[change.table]}
            _expect_one(connection.execute(SQL[f"delete_{change.table}"], key), change)
        else:
            _update(connection, change)
        whole = whole_row(reader, change)
        _touch(change.table, whole, touched)
        if change.table in _STAMPING and (change.table != "task" or isinstance(change, Update)):
            stamped[owner_task(change.table, whole) or 0] = None
    for task_id in stamped.keys() - made:
        connection.execute(SQL["task_stamp"], {"task_id": task_id, "modified_at": now, "modified_by": actor})
    for task_id, values in caches.recompute(reader, caches.moved_by(changes)).items():
        task = reader.task(task_id)
        if task is not None:
            full = {name: values.get(name, getattr(task, name)) for name in CACHES}
            connection.execute(SQL["task_caches"], {"task_id": task_id, **full})
            touched["task"][task_id] = None
    return {kind: list(ids) for kind, ids in touched.items() if ids}


def _update(connection: sqlite3.Connection, change: Update) -> None:
    known = COLUMNS[change.table]
    if not all(name in known for name in (*change.before, *change.after)):
        raise StoreError(f"a change names a column that {change.table} does not have")
    values = {f"new_{name}": value for name, value in change.after.items()}
    values |= {f"old_{name}": value for name, value in change.before.items()}
    values |= {f"key_{name}": value for name, value in change.key.items()}
    assign = ", ".join(f'"{name}"=:new_{name}' for name in change.after)
    where = [f'"{name}"=:key_{name}' for name in change.key] + [f'"{name}" IS :old_{name}' for name in change.before]
    _expect_one(connection.execute(f'UPDATE "{change.table}" SET {assign} WHERE {" AND ".join(where)}', values), change)


def _expect_one(cursor: sqlite3.Cursor, change: Update | Delete) -> None:
    if cursor.rowcount != 1:
        raise StoreError(f"a {change.table} row is not what the command saw; nothing was written", "try again")


def whole_row(reader: SqliteReader, change: Change) -> Mapping[str, Any]:
    """The row a change is about, with the columns that say whose it is."""
    if not isinstance(change, Update):
        return change.row
    if change.table == "task":
        return change.key
    return {**(reader.row(change.table, change.key) or {}), **change.key}


def _touch(table: str, row: Mapping[str, Any], touched: dict[str, dict[Any, None]]) -> None:
    if table in touched:
        touched[table][row[KEYS[table][0]]] = None
    for column, kind in (("task_id", "task"), ("predecessor_id", "task"), ("successor_id", "task"), ("run_id", "run")):
        if row.get(column) is not None:
            touched[kind][row[column]] = None


def owner_task(table: str, row: Mapping[str, Any]) -> int | None:
    """The task whose history tells a change of this row, or None."""
    column = {"task": "id", "dependency": "successor_id", "run": ""}.get(table, "task_id")
    value = row.get(column)
    return int(value) if value is not None else None
