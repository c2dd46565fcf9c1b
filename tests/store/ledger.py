"""Compares the journal with the tables: replays every change from nothing, and reads every row."""

import json
from typing import Any

from taskterm.core.caches import Moved, recompute
from taskterm.core.model import KEYS, Change, Column, Delete, Insert
from taskterm.store import schema
from taskterm.store._sql import COLUMNS
from taskterm.store.sqlite import SqliteReader
from taskterm.store.store import Store

Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]


def replayed(store: Store) -> Rows:
    """Every journalled row as the changes of all operations, in their order, leave it."""
    rows: Rows = {table: {} for table in KEYS}
    rows["board_column"] = first_columns()
    with store.read() as reader:
        last = reader.connection.execute("SELECT coalesce(max(id), 0) FROM operation").fetchone()[0]
        for operation_id in range(1, last + 1):
            for change in reader.changes(operation_id):
                _apply(rows, change)
    return rows


def first_columns() -> dict[tuple[Any, ...], dict[str, Any]]:
    """The board that every database begins with, which no operation made."""
    columns = (Column(*row)._asdict() for row in schema.COLUMNS)
    return {(column["key"],): column for column in columns}


def _apply(rows: Rows, change: Change) -> None:
    table = rows[change.table]
    row = change.row if isinstance(change, Insert | Delete) else change.key
    key = tuple(row[name] for name in KEYS[change.table])
    if isinstance(change, Insert):
        assert key not in table, f"the journal inserts {change.table} {key} twice"
        table[key] = dict(change.row)
    elif isinstance(change, Delete):
        assert table.pop(key) == dict(change.row)
    else:
        for name, value in change.before.items():
            assert table[key][name] == value, f"{change.table} {key}: {name} was not {value!r}"
        table[key] |= change.after


def stored(store: Store) -> Rows:
    """Every row of the journalled tables, without caches and stamps."""
    rows: Rows = {}
    with store.read() as reader:
        for table, columns in COLUMNS.items():
            keys = reader.connection.execute(
                "SELECT " + ", ".join(f'"{name}"' for name in KEYS[table]) + f' FROM "{table}"'
            ).fetchall()
            assert set(KEYS[table]) <= set(columns)
            rows[table] = {key: reader.row(table, dict(zip(KEYS[table], key, strict=True))) or {} for key in keys}
    return rows


def wrong_caches(store: Store) -> dict[int, dict[str, Any]]:
    """Cache fields that differ from what the whole graph says, by task id."""
    with store.read() as reader:
        moved = Moved()
        for (task_id,) in reader.connection.execute("SELECT id FROM task").fetchall():
            moved.recount[task_id] = moved.reinherit[task_id] = moved.ran[task_id] = None
        return recompute(reader, moved)


def integrity(store: Store) -> str:
    """SQLite's own verdict; `ok` when the file is sound and no row refers to nothing."""
    with store.read() as reader:
        verdict: str = reader.connection.execute("PRAGMA integrity_check").fetchone()[0]
        dangling = reader.connection.execute("PRAGMA foreign_key_check").fetchall()
        return verdict if not dangling else f"dangling rows: {dangling}"


def has_cycle(reader: SqliteReader) -> bool:
    """Whether the stored dependencies hold a cycle, found by removing free tasks until none is left."""
    edges = reader.connection.execute("SELECT predecessor_id, successor_id FROM dependency").fetchall()
    while edges:
        waiting = {successor for _, successor in edges}
        free = [edge for edge in edges if edge[0] not in waiting]
        if not free:
            return True
        edges = [edge for edge in edges if edge not in free]
    return False


def operation_args(store: Store, operation_id: int) -> dict[str, Any]:
    """The arguments that an operation was called with."""
    with store.read() as reader:
        operation = reader.operation(operation_id)
        assert operation is not None
        found: dict[str, Any] = json.loads(operation.args)
        return found
