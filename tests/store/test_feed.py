"""What a screen is told of what others did: only what was touched is read, and texts in common are held once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from taskterm.core.model import Task
from taskterm.core.snapshot import Snapshot
from taskterm.store import feed
from taskterm.store.store import Store

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)


def filled(path: Path, count: int) -> Store:
    """A database with so many tasks, each waiting for the one before."""
    store = Store(str(path), create=True)
    tasks = [{"key": str(n), "title": f"Task {n}", "needs": [str(n - 1)] if n else []} for n in range(count)]
    store.execute("create", {"tasks": tasks}, actor="ana", now=NOW)
    return store


def statements(store: Store, snapshot: Snapshot) -> list[str]:
    """What SQLite is asked for to follow what happened since a snapshot."""
    with store.read() as reader:
        asked: list[str] = []
        reader.connection.set_trace_callback(asked.append)
        feed.refresh(reader, snapshot)
        reader.connection.set_trace_callback(None)
    return asked


def test_following_an_add_reads_as_much_in_a_large_database_as_in_a_small_one(tmp_path: Path) -> None:
    asked = []
    for count in (5, 300):
        store = filled(tmp_path / f"{count}.db", count)
        snapshot = store.snapshot()
        store.execute("add", {"title": "Another's"}, actor="ben", now=NOW)
        asked.append(len(statements(store, snapshot)))
    assert asked[0] == asked[1] < 20


def test_followed_are_the_tasks_that_may_differ_and_what_does_not_is_kept(tmp_path: Path) -> None:
    store = filled(tmp_path / "t.db", 30)
    snapshot = store.snapshot()
    store.execute("add", {"title": "Another's"}, actor="ben", now=NOW)
    store.execute("delete", {"refs": [30]}, actor="ben", now=NOW)
    newer, ids = store.follow(snapshot)
    different = {i for i in snapshot.tasks.keys() | newer.tasks.keys() if snapshot.tasks.get(i) != newer.tasks.get(i)}
    assert different == {29, 30, 31} <= ids  # the one before 30 holds nobody up any more
    assert newer == store.snapshot()
    assert (newer.step_lists, newer.comment_lists) == (snapshot.step_lists, snapshot.comment_lists)
    assert newer.step_lists is snapshot.step_lists
    assert newer.comment_lists is snapshot.comment_lists


def test_texts_that_tasks_have_in_common_are_held_once_and_numbers_stay_what_they_are(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "t.db"), create=True)
    for title, estimate in (("First", 1), ("Second", 2)):
        store.execute(
            "add",
            {"title": title, "project": "site.web", "tags": ["ops"], "priority": "H", "estimate_minutes": estimate},
            actor="ana",
            now=NOW,
        )
    first, second = store.snapshot().tasks.values()
    for name in ("project", "tags", "priority", "created_at", "created_by", "status"):
        assert getattr(first, name) is getattr(second, name), name
    with store.read() as reader:
        read = [reader.task(task.id) for task in (first, second)]
    assert [tuple(map(type, task)) for task in read if isinstance(task, Task)] == [
        tuple(map(type, task)) for task in (first, second)
    ]
    assert read == [first, second]
