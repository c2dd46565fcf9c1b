"""What every command promises, on a real file."""

from datetime import timedelta

import pytest

from taskterm.core import snapshot as views
from taskterm.core.errors import ClosesCycle, NotFound, ReadOnly, RuleError, UsageError
from taskterm.core.zone import to_utc_text
from taskterm.store.store import Store
from tests.store.conftest import NOW, Do

AT = to_utc_text(NOW)


def chain(do: Do, *titles: str) -> None:
    for index, title in enumerate(titles):
        do("add", title=title, after=[index] if index else [])


def test_done_says_what_became_ready(do: Do) -> None:
    do("add", title="Write")
    do("add", title="Publish", after=["1"])
    ended = do("done", refs=[1])
    assert ended.outcome.released == (2,)
    assert ended.tasks[2].title == "Publish"


def test_a_task_is_released_only_by_its_last_open_predecessor(do: Do) -> None:
    do("add", title="a")
    do("add", title="b")
    do("add", title="c", after=[1, 2])
    assert do("done", refs=[1]).outcome.released == ()
    assert do("done", refs=[2]).outcome.released == (3,)


def test_done_of_a_blocked_task_names_the_blockers_with_owner_and_age_and_force_does_it(do: Do, store: Store) -> None:
    do("add", title="Write", assignee="ben")
    do("add", title="Publish", after=[1])
    later = NOW + timedelta(days=3)
    with pytest.raises(RuleError, match="#2 Publish is blocked by #1 Write @ben, todo for 3 d"):
        do("done", at=later, refs=[2])
    assert do("done", refs=[2], force=True).tasks[2].status == "done"
    assert '"force":true' in store.history(2)[0][0].args


def test_several_tasks_finished_together_may_release_each_other(do: Do, store: Store) -> None:
    chain(do, "a", "b", "c")
    assert do("done", refs=[2, 1]).outcome.released == (3,)
    assert {t.status for t in store.snapshot().tasks.values()} == {"done", "todo"}


def test_a_cycle_is_refused_and_its_path_is_shown(do: Do) -> None:
    chain(do, "a", "b", "c")
    with pytest.raises(ClosesCycle, match="#3 → #1 → #2 → #3") as refused:
        do("link", successor=1, predecessors=[3])
    assert refused.value.path == (3, 1, 2, 3)
    with pytest.raises(ClosesCycle, match="#1 → #1"):
        do("link", successor=1, predecessors=[1])


def test_a_new_task_between_two_others_cannot_close_a_cycle(do: Do) -> None:
    chain(do, "a", "b")
    with pytest.raises(ClosesCycle):
        do("add", title="between", after=[2], before=[1])


def test_links_that_exist_are_left_alone_and_that_is_said(do: Do) -> None:
    chain(do, "a", "b")
    again = do("link", successor=2, predecessors=[1])
    assert (again.operation_id, again.outcome.notes) == (None, ("#2 waits for #1 already",))


def test_a_cancelled_predecessor_no_longer_blocks_and_names_what_it_released(do: Do) -> None:
    chain(do, "a", "b")
    assert do("cancel", refs=[1]).outcome.released == (2,)


def test_unlink_names_what_it_released(do: Do) -> None:
    chain(do, "a", "b")
    assert do("unlink", successor=2, predecessors=[1]).outcome.released == (2,)


def test_a_done_task_cannot_begin_to_wait(do: Do) -> None:
    do("add", title="a")
    do("add", title="b")
    do("done", refs=[1])
    with pytest.raises(RuleError, match="#1 a is done: it cannot begin to wait for #2"):
        do("link", successor=1, predecessors=[2])


@pytest.mark.parametrize("ref", [99, "99", "#99", "0", "-1", "9" * 30])
def test_an_id_that_does_not_exist_is_named(do: Do, ref: object) -> None:
    do("add", title="a")
    with pytest.raises(NotFound):
        do("done", refs=[ref])


def test_a_task_is_named_by_a_unique_part_of_its_title_in_any_case(do: Do) -> None:
    do("add", title="Überprüfen")
    do("add", title="Write the notes")
    do("add", title="Write the mail")
    assert do("done", refs=["üBER"]).outcome.task_ids == (1,)
    with pytest.raises(NotFound, match="2 Write the notes, 3 Write the mail"):
        do("done", refs=["write"])
    with pytest.raises(NotFound, match="no title contains 'nothing'"):
        do("done", refs=["nothing"])


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"title": "  "},
        {"title": "a\0b"},
        {"title": "a\x1b[31mb"},
        {"title": "two\nlines"},
        {"title": "lone \ud800"},
        {"title": "x" * 2001},
        {"title": "x", "priority": "X"},
        {"title": "x", "due": "tomorrow"},
        {"title": "x", "estimate_minutes": -1},
        {"title": "x", "tags": ["two words"]},
        {"title": "x", "steps": [{"run": "  "}]},
        {"title": "x", "steps": [{"run": "make", "env": {"LD_PRELOAD": "/x.so"}}]},
        {"title": "x", "steps": [{"run": "make", "retries": 1000}]},
    ],
)
def test_what_a_field_cannot_hold_is_refused_and_nothing_is_written(do: Do, store: Store, values: dict) -> None:
    with pytest.raises(UsageError):
        do("add", **values)
    assert store.snapshot().operation == 0


@pytest.mark.parametrize("title", ["[@click=app.quit]x", "Fix [/foo]", "$(touch pwned)", "日本語 🚀", "مرحبا بالعالم"])
def test_a_title_is_kept_as_it_was_typed(do: Do, store: Store, title: str) -> None:
    do("add", title=title)
    assert store.snapshot().tasks[1].title == title


def test_an_edit_that_expects_other_values_is_refused_with_both(do: Do, store: Store) -> None:
    do("add", title="old")
    do("edit", by="ben", refs=[1], set={"title": "ben's"})
    with pytest.raises(
        RuleError, match="ben has changed the title of #1 meanwhile: it is now \"ben's\", you saw 'old'"
    ):
        do("edit", refs=[1], set={"title": "mine"}, expect={"title": "old"})
    assert store.snapshot().tasks[1].title == "ben's"


def test_delete_takes_everything_along_and_undo_brings_everything_back(do: Do, store: Store) -> None:
    chain(do, "a", "b", "c")
    do("edit", refs=[2], add_tags=["ops"])
    do("comment", ref=2, text="hello")
    do("step_add", ref=2, steps=[{"run": "make"}])
    before = store.snapshot()
    assert do("delete", refs=[2]).outcome.released == (3,)
    assert 2 not in store.snapshot().tasks
    do("undo")
    after = store.snapshot()
    assert after._replace(operation=0, tasks={}) == before._replace(operation=0, tasks={})
    assert after.tasks[2].tags == ("ops",)
    assert after.tasks[3].open_predecessors == 1


def test_ids_are_never_given_twice(do: Do) -> None:
    do("add", title="a")
    do("undo")
    assert do("add", title="b").outcome.task_ids == (2,)


def test_undo_is_refused_where_somebody_has_changed_the_field_since(do: Do) -> None:
    do("add", title="a")
    do("edit", refs=[1], set={"priority": "H"})
    do("edit", by="ben", refs=[1], set={"priority": "L"})
    with pytest.raises(RuleError, match=r"the priority of #1 has changed since \(operation 3, edit by ben\)"):
        do("undo")
    assert do("undo", by="ben").tasks[1].priority == "H"
    assert do("undo").tasks[1].priority is None


def test_undo_is_refused_where_a_later_row_refers_to_what_would_vanish(do: Do) -> None:
    do("add", title="a")
    do("comment", by="ben", ref=1, text="mind the gap")
    with pytest.raises(RuleError, match=r"#1 has got a comment since \(operation 2, comment by ben\)"):
        do("undo")


def test_undo_of_an_unlink_is_refused_when_it_would_close_a_cycle(do: Do) -> None:
    chain(do, "a", "b")
    do("unlink", successor=2, predecessors=[1])
    do("link", by="ben", successor=1, predecessors=[2])
    with pytest.raises(ClosesCycle):
        do("undo")


def test_undo_takes_back_my_operation_and_leaves_the_others_theirs(do: Do, store: Store) -> None:
    do("add", title="mine")
    do("add", by="ben", title="ben's")
    do("undo")
    assert [t.title for t in store.snapshot().tasks.values()] == ["ben's"]
    with pytest.raises(RuleError, match="nothing of yours"):
        do("undo")


def test_reopen_says_nothing_of_what_is_reopened_along_with_it(do: Do) -> None:
    do("add", title="A")
    do("add", title="B", after=[1])
    do("add", title="C", after=[2])
    do("done", refs=[1, 2, 3])
    assert do("reopen", refs=[1, 2]).outcome.notes == ("#3 C is done and stays so",)


def test_undo_of_done_says_nothing_of_what_the_same_undo_takes_back(do: Do, store: Store) -> None:
    do("add", title="A")
    do("add", title="B", after=[1])
    do("done", refs=[1, 2])
    assert do("undo").outcome.notes == ()
    assert [store.snapshot().tasks[i].status for i in (1, 2)] == ["todo", "todo"]


def test_undo_of_done_stops_nothing_that_has_started_and_says_so(do: Do) -> None:
    chain(do, "a", "b")
    do("done", refs=[1])
    do("start", by="ben", refs=[2])
    undone = do("undo")
    assert undone.outcome.notes == ("#2 b is doing and stays so",)
    assert undone.tasks[1].status == "todo"


def test_redo_is_forgotten_when_something_new_was_done(do: Do) -> None:
    do("add", title="a")
    do("undo")
    do("add", title="b")
    with pytest.raises(RuleError, match="nothing to redo"):
        do("redo")


def test_the_same_call_twice_is_one_operation(store: Store) -> None:
    uuid = "5b6a0f6e-3f1e-4b0e-9c1a-1f2e3d4c5b6a"
    first = store.execute("add", {"title": "once"}, actor="ana", now=NOW, op_uuid=uuid)
    again = store.execute("add", {"title": "once"}, actor="ana", now=NOW, op_uuid=uuid)
    assert (first.repeated, again.repeated) == (False, True)
    assert again.operation_id == first.operation_id
    assert [t.title for t in again.tasks.values()] == ["once"]
    assert len(store.snapshot().tasks) == 1


def test_a_card_moves_through_the_board_by_what_the_move_means(do: Do, store: Store) -> None:
    def column() -> str | None:
        snapshot = store.snapshot()
        return views.column_of(snapshot.tasks[2], AT, snapshot.columns)

    chain(do, "a", "b")
    assert column() == "blocked"
    do("done", refs=[1])
    assert column() == "ready"
    do("move", refs=[2], column="review")
    assert column() == "review"
    do("move", refs=[2], column="ready")
    assert column() == "ready"
    do("move", refs=[2], column="done")
    assert column() == "done"
    do("move", refs=[2], column="ready")
    assert column() == "ready"
    with pytest.raises(RuleError, match="nobody moves a card to Blocked"):
        do("move", refs=[2], column="blocked")
    with pytest.raises(NotFound, match="no column 'moon'"):
        do("move", refs=[2], column="moon")
    do("cancel", refs=[2])
    assert column() is None


def test_a_stage_that_is_full_refuses_and_force_overrides(do: Do, store: Store) -> None:
    with store._write() as connection:
        connection.execute("UPDATE board_column SET wip_limit = 1 WHERE key = 'doing'")
    do("add", title="a")
    do("add", title="b")
    do("start", refs=[1])
    with pytest.raises(RuleError, match="Doing holds 1, its limit is 1"):
        do("start", refs=[2])
    do("start", refs=[2], force=True)
    stages = {
        s.column.key: s
        for s in views.board(store.snapshot().columns, store.snapshot().tasks.values(), AT, lambda t: 0.0)
    }
    assert stages["doing"].limit_state == "over limit"


def test_urgency_flows_down_to_what_holds_up_urgent_work(do: Do, store: Store) -> None:
    chain(do, "first", "second", "third")
    do("edit", refs=[3], set={"priority": "H", "due": "2026-11-24T16:00:00Z"})
    first = store.snapshot().tasks[1]
    assert (first.inherited_urgency, first.inherited_due) == (7.0, "2026-11-24T16:00:00Z")
    do("cancel", refs=[3])
    first = store.snapshot().tasks[1]
    assert (first.inherited_urgency, first.inherited_due) == (1.0, None)


def test_create_makes_all_tasks_with_their_needs_or_none(do: Do, store: Store) -> None:
    tasks = [
        {"key": "build", "title": "Build", "steps": [{"run": "make"}]},
        {"key": "ship", "title": "Ship", "needs": ["build"]},
    ]
    made = do("create", workflow={"name": "release", "params": {"version": "1"}, "source": None}, tasks=tasks)
    assert made.outcome.created["ids"] == {"build": 1, "ship": 2}
    snapshot = store.snapshot()
    assert (snapshot.predecessors(2), snapshot.steps(1)[0].run) == ((1,), "make")
    assert snapshot.workflows[1].name == "release"
    with pytest.raises(RuleError, match="in a cycle: a → b → a"):
        do("create", tasks=[{"key": "a", "title": "A", "needs": ["b"]}, {"key": "b", "title": "B", "needs": ["a"]}])
    with pytest.raises(UsageError, match="needs 'c'"):
        do("create", tasks=[{"key": "a", "title": "A", "needs": ["c"]}])
    assert len(store.snapshot().tasks) == 2
    do("undo")
    assert store.snapshot().tasks == {}


def test_history_tells_who_did_what_newest_first(do: Do, store: Store) -> None:
    chain(do, "a", "b")
    do("done", by="ben", refs=[1])
    told = [(o.actor, o.verb, o.host) for o, _ in store.history()]
    assert told == [("ben", "done", "kestrel"), ("ana", "add", "kestrel"), ("ana", "add", "kestrel")]
    assert [o.verb for o, _ in store.history(1)] == ["done", "add"]


def test_a_refresh_with_nothing_new_is_the_same_snapshot(do: Do, store: Store) -> None:
    do("add", title="a")
    snapshot = store.snapshot()
    assert store.refresh(snapshot) is snapshot
    do("add", title="b", after=[1])
    assert store.refresh(snapshot) == store.snapshot()


def test_a_watch_notices_what_another_store_writes(do: Do, store: Store) -> None:
    do("add", title="a")
    watch = store.watch()
    assert not watch.changed()
    Store(store.path).execute("add", {"title": "b"}, actor="ben", now=NOW)
    assert watch.changed()
    assert not watch.changed()
    watch.close()


def test_a_log_is_kept_whole(store: Store, do: Do) -> None:
    with store._write() as connection:
        connection.execute(
            "INSERT INTO task (id, uuid, title, status, created_at, created_by, modified_at, modified_by)"
            " VALUES (1, 'u', 't', 'todo', ?, 'a', ?, 'a')",
            (AT, AT),
        )
        connection.execute(
            "INSERT INTO run (id, uuid, title, state, jobs, force, created_at, created_by, fence)"
            " VALUES (1, 'u', 'r', 'running', 1, 0, ?, 'a', 1)",
            (AT,),
        )
        connection.execute(
            "INSERT INTO attempt (id, run_id, task_id, number, name, command, state, started_at, host, fence)"
            " VALUES (1, 1, 1, 1, 'n', 'c', 'running', ?, 'h', 1)",
            (AT,),
        )
    assert store.log(1) is None
    store.put_log(1, b"one\r\n\xfftwo\n", [3, 90], 7)
    kept = store.log(1)
    assert kept is not None
    assert (kept.data, kept.times, kept.dropped) == (b"one\r\n\xfftwo\n", [3, 90], 7)


def test_a_file_that_may_not_be_written_is_still_read(do: Do, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    do("add", title="a")
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and real(path, mode))
    fresh = Store(store.path)
    assert [t.title for t in fresh.snapshot().tasks.values()] == ["a"]
    assert fresh.read_only
    with pytest.raises(ReadOnly):
        fresh.execute("done", {"refs": [1]}, actor="ana", now=NOW)


def test_nobody_puts_a_card_in_progress_into_blocked(do: Do, store: Store) -> None:
    do("add", title="a")
    do("start", refs=[1])
    with pytest.raises(RuleError, match="nobody moves a card to Blocked"):
        do("move", refs=[1], column="blocked")
    assert store.snapshot().tasks[1].status == "doing"
