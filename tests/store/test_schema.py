"""The file: made once, recognised, never mistaken for another, brought up to date without losing a row."""

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from taskterm.core import model
from taskterm.core.errors import ReadOnly, StoreError
from taskterm.store import _sql, lists, migrations
from taskterm.store.store import Store

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)


def filled(path: Path) -> Store:
    store = Store(str(path), create=True)
    store.execute("add", {"title": "Write", "tags": ["ops"], "priority": "H"}, actor="ana", now=NOW)
    store.execute("add", {"title": "Publish", "after": [1], "steps": [{"run": "true"}]}, actor="ana", now=NOW)
    return store


def schema_of(path: Path) -> list[tuple]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    return [(kind, name, " ".join((sql or "").split())) for kind, name, sql in rows]


def test_the_compiled_statements_are_those_of_tables_and_queries() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "taskterm.store.compile", "--check"], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    ("record", "table"),
    [
        (model.Task, "task"),
        (model.Step, "step"),
        (model.Comment, "comment"),
        (model.Column, "board_column"),
        (model.Workflow, "workflow"),
        (model.Run, "run"),
        (model.RunTask, "run_task"),
        (model.Attempt, "attempt"),
        (model.View, "view"),
    ],
)
def test_a_record_has_the_columns_of_its_table_in_their_order(record: type, table: str) -> None:
    fields = tuple(name for name in record._fields if name != "tags")  # type: ignore[attr-defined]
    assert fields == _sql.COLUMNS[table]


def test_a_new_file_says_whose_it_is_and_which_revision_it_has(tmp_path: Path) -> None:
    filled(tmp_path / "tasks.db")
    with sqlite3.connect(tmp_path / "tasks.db") as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (_sql.APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (_sql.REVISION,)
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal"


def test_an_upgrade_from_nothing_leaves_the_schema_of_a_fresh_file(tmp_path: Path) -> None:
    filled(tmp_path / "fresh.db")
    with sqlite3.connect(tmp_path / "old.db", isolation_level=None) as connection:
        connection.execute("BEGIN IMMEDIATE")
        migrations.upgrade(connection, str(tmp_path / "old.db"))
        connection.execute("COMMIT")
        assert connection.execute("PRAGMA user_version").fetchone() == (_sql.REVISION,)
    assert schema_of(tmp_path / "old.db") == schema_of(tmp_path / "fresh.db")


def test_a_file_of_the_first_revision_is_brought_up_to_date_by_the_first_command(tmp_path: Path) -> None:
    path = tmp_path / "tasks.db"
    filled(path)
    filled(tmp_path / "fresh.db")
    as_of_revision_1(path)
    assert schema_of(path) != schema_of(tmp_path / "fresh.db")
    Store(str(path)).execute("done", {"refs": [1]}, actor="ana", now=NOW)
    assert schema_of(path) == schema_of(tmp_path / "fresh.db")
    assert Store(str(path)).snapshot().tasks[1].status == "done"
    assert Store(f"{path}.before-upgrade-1").snapshot().tasks[1].status == "todo"


def test_a_file_of_the_first_revision_is_brought_up_to_date_by_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "tasks.db"
    filled(path)
    as_of_revision_1(path)
    assert [t.title for t in Store(str(path)).snapshot().tasks.values()] == ["Write", "Publish"]
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (_sql.REVISION,)


def test_a_file_of_the_first_revision_that_nobody_may_write_is_read_as_it_is(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "tasks.db"
    filled(path)
    as_of_revision_1(path)
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda place, mode: allowed(place, mode) and not mode & os.W_OK)
    store = Store(str(path))
    assert [t.title for t in store.snapshot().tasks.values()] == ["Write", "Publish"]
    assert store.read_only == "you may not write this file"
    with store.read() as reader:
        assert [t.title for t in lists.first(reader, NOW, 1, ready_only=True) or ()] == ["Write"]
    with pytest.raises(ReadOnly):
        Store(str(path)).execute("done", {"refs": [1]}, actor="ana", now=NOW)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def as_of_revision_1(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP INDEX task_ready")
        connection.execute("PRAGMA user_version=1")


LATER = """
from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"

def upgrade():
    with op.batch_alter_table("task") as batch:
        batch.add_column(sa.Column("colour", sa.String()))
        batch.create_check_constraint("known_colour", "colour IN ('red')")
"""


def scripts_with_a_later_revision(folder: Path, text: str) -> Path:
    versions = folder / "scripts" / "versions"
    versions.mkdir(parents=True)
    for known in (migrations.SCRIPTS / "versions").glob("0*.py"):
        (versions / known.name).write_text(known.read_text())
    (versions / "0003_later.py").write_text(text)
    return folder / "scripts"


def test_a_later_revision_keeps_every_row_and_leaves_a_sound_copy_of_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "tasks.db"
    filled(path)
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("CREATE VIEW mine AS SELECT title FROM task")
        connection.execute("BEGIN IMMEDIATE")
        copy = migrations.upgrade(connection, str(path), scripts_with_a_later_revision(tmp_path, LATER))
        connection.execute("COMMIT")
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)
        assert connection.execute("SELECT title, colour FROM task").fetchall() == [("Write", None), ("Publish", None)]
        assert connection.execute("SELECT * FROM task_tag").fetchall() == [(1, "ops")]
        assert connection.execute("SELECT title FROM mine").fetchall() == [("Write",), ("Publish",)]
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE task SET colour = 'blue'")
    assert [t.title for t in Store(copy).snapshot().tasks.values()] == ["Write", "Publish"]


def test_an_upgrade_that_would_lose_rows_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tasks.db"
    filled(path)
    before = schema_of(path)
    losing = LATER[: LATER.index("    with")] + '    op.execute("DELETE FROM task_tag")\n'
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="task_tag would have lost rows"):
        migrations.upgrade(connection, str(path), scripts_with_a_later_revision(tmp_path, losing))
    connection.close()
    assert schema_of(path) == before
    assert Store(str(path)).snapshot().tasks[1].tags == ("ops",)


def set_meta(path: Path, revision: int, **values: int) -> None:
    with sqlite3.connect(path) as connection:
        for key, value in values.items():
            connection.execute("UPDATE meta SET value = ? WHERE key = ?", (str(value), key))
        connection.execute(f"PRAGMA user_version={revision}")


def test_a_newer_file_that_old_programs_may_read_opens_read_only_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "tasks.db"
    filled(path)
    set_meta(path, 9, min_reader=1, min_writer=9)
    store = Store(str(path))
    assert len(store.snapshot().tasks) == 2
    assert "newer TaskTerm" in store.read_only
    for opened in (store, Store(str(path))):
        with pytest.raises(ReadOnly, match="newer TaskTerm"):
            opened.execute("done", {"refs": [1]}, actor="ana", now=NOW)


def test_a_newer_file_that_old_programs_may_write_is_written(tmp_path: Path) -> None:
    path = tmp_path / "tasks.db"
    filled(path)
    set_meta(path, 9, min_reader=1, min_writer=1)
    Store(str(path)).execute("done", {"refs": [1]}, actor="ana", now=NOW)
    assert Store(str(path)).snapshot().tasks[1].status == "done"


def test_a_newer_file_that_old_programs_cannot_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tasks.db"
    filled(path)
    set_meta(path, 9, min_reader=9, min_writer=9)
    with pytest.raises(StoreError, match="made by a newer TaskTerm"):
        Store(str(path)).snapshot()


def test_a_text_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Buy milk and bread, this is long enough to be no header\n" * 40)
    before = path.read_bytes()
    for create in (False, True):
        store = Store(str(path), create=create)
        with pytest.raises(StoreError, match=r"notes\.txt"):
            store.snapshot()
        with pytest.raises(StoreError, match=r"notes\.txt"):
            store.execute("add", {"title": "x"}, actor="ana", now=NOW)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE address (name TEXT)")
    before = schema_of(path)
    for create in (False, True):
        with pytest.raises(StoreError, match="not a TaskTerm database"):
            Store(str(path), create=create).execute("add", {"title": "x"}, actor="ana", now=NOW)
    assert schema_of(path) == before


def test_a_missing_file_is_made_only_when_that_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Store(str(tmp_path / "tasks.db")).snapshot()
    assert not (tmp_path / "tasks.db").exists()
    assert Store(str(tmp_path / "tasks.db"), create=True).snapshot().tasks == {}


def test_an_empty_file_becomes_a_database_only_when_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "tasks.db"
    path.touch()
    with pytest.raises(StoreError, match="is empty"):
        Store(str(path)).snapshot()
    assert Store(str(path), create=True).snapshot().tasks == {}
