"""The journal in sentences: who did what to which task, what it released, and each field before and after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from taskterm.core.details import details
from taskterm.core.jsontext import loads
from taskterm.core.model import RUN_ENDED
from taskterm.core.sentences import Deed, Voice, told
from taskterm.store.store import Result, Store

Do = Callable[..., Result]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "tasks.db"), create=True, host="kestrel")


@pytest.fixture
def do(store: Store, now: datetime) -> Do:
    return lambda verb, by="ana", **args: store.execute(verb, args, actor=by, now=now)


def newest(store: Store, now: datetime, only: int | None = None, count: int = 1) -> list[str]:
    """The newest operations as sentences, the newest last."""
    with store.read() as reader:
        names = {column.key: column.name for column in reader.columns()}
        voice = Voice(now, lambda i: task.title if (task := reader.task(i)) else None, columns=names)
        found = []
        for operation in reader.operations(only, count):
            meant = operation.undoes or operation.redoes
            about = reader.operation(meant) if meant else None
            earlier = Deed(about, tuple(reader.changes(about.id))) if about else None
            found.append(told(Deed(operation, tuple(reader.changes(operation.id))), voice, about=earlier, only=only))
    return found[::-1]


def test_each_operation_of_a_person_is_one_sentence(do: Do, store: Store, now: datetime) -> None:
    do("add", title="Build")
    do("add", title="Ship", after=[1], tags=["ops"], priority="H")
    do("edit", "ben", refs=[1], set={"due": "2026-11-27T17:00:00Z", "assignee": "ben"})
    do("comment", refs=[1], ref=1, text="looks fine")
    do("start", "ben", refs=[1])
    do("move", "ben", refs=[1], column="review")
    do("done", "ben", refs=[1])
    do("undo", "ben")
    do("redo", "ben")
    do("unlink", successor=2, predecessors=[1])
    do("delete", refs=[2])
    assert newest(store, now, count=20) == [
        "@ana added 1 Build",
        "@ana added 2 Ship, +ops, waits for 1",
        "@ben changed 1 Build: due Fri 27 Nov 17:00, owner @ben",
        "@ana on 1 Build: “looks fine”",
        "@ben began 1 Build",
        "@ben moved 1 Build to Review",
        "@ben finished 1 Build · released 2",
        "@ben took back 7: @ben finished 1 Build · released 2",
        "@ben brought back 7: @ben finished 1 Build · released 2",
        "@ana unlinked 2 from 1 Build",
        "@ana deleted 2 Ship",
    ]


def test_a_deletion_names_what_is_gone_and_not_what_was_linked_to_it(do: Do, store: Store, now: datetime) -> None:
    do("add", title="Build")
    do("add", title="Ship", after=[1])
    do("delete", refs=[1])
    assert newest(store, now) == ["@ana deleted 1 Build · released 2"]
    assert newest(store, now, only=1) == ["@ana deleted 1 Build"]
    assert newest(store, now, only=2) == ["@ana changed 2 Ship: no longer waits for 1"]
    do("undo")
    assert newest(store, now) == ["@ana took back 3: @ana deleted 1 Build · released 2"]


def test_what_happens_to_a_column_is_told_without_its_cards_and_neighbours(do: Do, store: Store, now: datetime) -> None:
    do("add", title="Build")
    do("column_add", name="QA", after="doing")
    do("move", refs=[1], column="qa")
    do("column_remove", column="qa")
    told_now = newest(store, now, count=3)
    assert (told_now[0], told_now[2]) == ("@ana added the column QA", "@ana removed the column QA")


def test_an_operation_on_many_tasks_names_the_first_and_counts_the_rest(do: Do, store: Store, now: datetime) -> None:
    do("create", tasks=[{"key": str(n), "title": f"Task {n}"} for n in range(12)])
    assert newest(store, now) == ["@ana added 12 tasks: 1 Task 0, 2 Task 1, 3 Task 2 and 9 more"]
    do("done", refs=[1, 2, 3, 4, 5])
    assert newest(store, now) == ["@ana finished 1 Task 0, 2 Task 1, 3 Task 2 and 2 more"]
    assert newest(store, now, only=4) == ["@ana finished 4 Task 3"]


def test_a_run_is_told_by_its_beginning_its_ends_and_nothing_between(do: Do, store: Store, now: datetime) -> None:
    do("add", title="Build", steps=[{"run": "make"}])
    do("add", title="Ship", after=[1])
    do("add", title="Test", steps=[{"run": "make test"}])
    args = {"title": "Build and test", "tasks": [1, 3], "targets": [1, 3], "host": "kestrel", "user": "ana"}
    do("run_create", **args)
    owner = {"host": "kestrel", "user": "ana", "pid": 7, "pid_started": "1", "boot_id": "b"}
    do("run_own", run_id=1, fence=0, **owner)
    own = {"run_id": 1, "fence": 1}
    for task_id, step, state in ((1, 1, "succeeded"), (3, 2, "failed")):
        do("task_claim", task_id=task_id, **own)
        command = "make" if task_id == 1 else "make test"
        made = do("attempt_begin", task_id=task_id, step_id=step, command=command, log_dir="/tmp", **own)
        do("attempt_end", attempt_id=made.outcome.created["attempt_id"], state=state, exit_code=0, **own)
        reason = None if state == "succeeded" else "exit 2"
        do("task_end", task_id=task_id, state=state, duration_ms=107_000, reason=reason, **own)
    do("run_end", **own)
    assert store.snapshot().runs[1].state in RUN_ENDED
    assert [sentence for sentence in newest(store, now, count=50) if sentence][3:] == [
        "@ana started run 1: Build and test",
        "run 1: 1 Build is done in 1:47 · released 2",
        "run 1: 3 Test failed: exit 2",
        "run 1 failed",
    ]
    assert [sentence for sentence in newest(store, now, only=3, count=50) if sentence] == [
        "@ana added 3 Test, step make test added",
        "@ana started run 1",
        "run 1: 3 Test failed: exit 2",
    ]


def test_the_details_of_an_operation_are_every_field_before_and_after(do: Do, store: Store, now: datetime) -> None:
    do("add", title="Build", priority="L")
    do("edit", refs=[1], set={"due": "2026-11-27T17:00:00Z", "priority": None})
    with store.read() as reader:
        changes = reader.changes(2)
    found = details(changes, Voice(now, lambda i: "Build"))
    assert {tuple(detail) for detail in found} == {
        ("1 Build", "due", "", "Fri 27 Nov 17:00"),
        ("1 Build", "priority", "L", ""),
    }


def test_what_was_asked_of_an_operation_that_added_is_read_with_the_whole_of_it_alone(
    store: Store, do: Do, now: datetime
) -> None:
    do("add", title="Write")
    do("edit", refs=[1], set={"title": "Write it"})
    with store.read() as reader:
        assert [operation.args for operation in reader.operations(1, 9)][1] == "{}"
        assert '"refs"' in reader.operations(1, 9)[0].args
    assert [loads(operation.args).get("title") for operation, _ in store.history(1)] == [None, "Write"]
