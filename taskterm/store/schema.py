"""The file as such: how a new one is made, and whether one that is there may be read and written by this program."""

from __future__ import annotations

import os

from taskterm.core.errors import StoreError
from taskterm.core.lean import NamedTuple
from taskterm.store._sql import APPLICATION_ID, DDL, MIN_READER, MIN_WRITER, REVISION, SQL
from taskterm.store.driver import sqlite3

COLUMNS = (
    ("blocked", "Blocked", 1, "blocked"),
    ("ready", "Ready", 2, "ready"),
    ("doing", "Doing", 3, "stage"),
    ("review", "Review", 4, "stage"),
    ("done", "Done", 5, "done"),
)
"""The board of a new database: key, name, position, kind. No limits."""

COUNTERS = ("task", "step", "comment", "workflow", "run", "attempt", "operation")

READABLE = 1
"""Oldest revision whose files are read as they are where they cannot be brought up to date."""


class Facts(NamedTuple):
    """What the first transaction learned of the file."""

    uuid: str
    revision: int
    read_only: str  # why it cannot be written here; '' when it can


def revision_of(connection: sqlite3.Connection) -> int:
    """The schema revision of a TaskTerm file, 0 for an empty database. StoreError for anybody else's file."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (revision,) = connection.execute("PRAGMA user_version").fetchone()
    if application == APPLICATION_ID:
        return int(revision)
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application or revision or tables:
        path = connection.execute("PRAGMA database_list").fetchone()[2]
        raise StoreError(
            f"{path} is an SQLite file, but not a TaskTerm database",
            "name another file with --db or TASKTERM_DB; this one was not touched",
        )
    return 0


def create(connection: sqlite3.Connection) -> None:
    """Makes all tables and their first rows in the transaction that is open."""
    from taskterm.store.sqlite import new_uuid

    for statement in DDL:
        connection.execute(statement)
    meta = {"database_uuid": new_uuid(), "min_reader": MIN_READER, "min_writer": MIN_WRITER}
    for key, value in meta.items():
        connection.execute(SQL["meta_put"], {"key": key, "value": str(value)})
    for name in COUNTERS:
        connection.execute(SQL["counter_put"], {"name": name, "value": 0})
    for key, name, position, kind in COLUMNS:
        row = {"key": key, "name": name, "position": position, "kind": kind, "wip_limit": None}
        connection.execute(SQL["column_put"], row)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={REVISION}")


def check(connection: sqlite3.Connection, path: str, revision: int) -> Facts:
    """The facts of a file whose revision is known.

    StoreError when this program is too old to read it; too old to write is read-only.
    """
    if revision == 0:
        raise StoreError(f"{path} is empty", "make a database with: taskterm add")
    meta = dict(connection.execute(SQL["meta"]).fetchall())
    newer = f"it was made by a newer TaskTerm (schema {revision}, this one knows {REVISION})"
    if int(meta.get("min_reader", 0)) > REVISION:
        raise StoreError(f"{path} cannot be read: {newer}", "install the newer TaskTerm")
    read_only = ""
    if int(meta.get("min_writer", 0)) > REVISION:
        read_only = f"{newer}; install that to write"
    elif not os.access(path, os.W_OK):
        read_only = "you may not write this file"
    elif not os.access(os.path.dirname(os.path.abspath(path)), os.W_OK):
        read_only = "you may not write its folder, which a transaction needs"
    return Facts(meta.get("database_uuid", ""), revision, read_only)
