"""Brings an older file up to this program's schema. Imported only when a file is older, because Alembic is large.

A revision is a number, kept in the file as `PRAGMA user_version`; each has one script in `versions/`. Everything
happens in the write transaction that is open, after a verified copy of the file was put beside it.
"""

import sqlite3
from pathlib import Path

from taskterm.core.errors import StoreError

SCRIPTS = Path(__file__).parent


class _Held:
    """The gate's connection as SQLAlchemy sees it: ending the transaction stays with the gate."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def commit(self) -> None:
        """Left to the gate."""

    def rollback(self) -> None:
        """Left to the gate."""

    def close(self) -> None:
        """Left to the gate."""


def upgrade(connection: sqlite3.Connection, path: str, scripts: Path = SCRIPTS) -> str:
    """Applies every script that is newer than the file; answers the path of the copy that was made first.

    The connection must be inside a write transaction with foreign keys off: a batch migration copies tables, and
    with keys on the rows that refer to them would go. Raises StoreError, and thereby rolls back, if rows got lost.
    """
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    (revision,) = connection.execute("PRAGMA user_version").fetchone()
    (keys_on,) = connection.execute("PRAGMA foreign_keys").fetchone()
    if keys_on:
        raise StoreError(f"{path} cannot be upgraded with foreign keys on")
    copy = _verified_copy(connection, path, revision) if revision else ""
    before = _counts(connection)
    views = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall()
    for name, _ in views:
        connection.execute(f'DROP VIEW "{name}"')
    engine = create_engine("sqlite://", creator=lambda: _Held(connection), poolclass=StaticPool)
    directory = ScriptDirectory(str(scripts))
    with engine.connect() as held:
        context = MigrationContext.configure(held)
        with Operations.context(context):
            for script in reversed(list(directory.walk_revisions())):
                if int(script.revision) > revision:
                    script.module.upgrade()
                    connection.execute(f"PRAGMA user_version={int(script.revision)}")
    for _, statement in views:
        connection.execute(statement)
    for table, count in _counts(connection).items():
        if count < before.get(table, 0):
            raise StoreError(f"{path} was not upgraded: {table} would have lost rows", "the file is as it was")
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        raise StoreError(f"{path} was not upgraded: rows would refer to nothing", "the file is as it was")
    return copy


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}


def _verified_copy(connection: sqlite3.Connection, path: str, revision: int) -> str:
    target = f"{path}.before-upgrade-{revision}"
    # A connection in a write transaction cannot be copied (SQLite answers "locked" for ever); another one of this
    # process can, and sees the same file, because nothing has been written yet.
    source = sqlite3.connect(path)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok" or _counts(copy) != _counts(connection):
            raise StoreError(f"{path} was not upgraded: the copy {target} is not sound", "check the disk")
    finally:
        copy.close()
        source.close()
    return target
