"""Changes of several rows in one operation: an edit with links and steps, many lines, a sketch; all or nothing."""

import pytest

from taskterm.core.errors import ClosesCycle, NotFound, RuleError, UsageError
from taskterm.store.store import Store
from tests.store import ledger
from tests.store.conftest import Do


def tasks(do: Do, *titles: str) -> None:
    for title in titles:
        do("add", title=title)


def test_an_edit_changes_fields_tags_links_and_steps_in_one_operation(do: Do, store: Store) -> None:
    tasks(do, "a", "b", "c", "d")
    do("link", successor=1, predecessors=[2])
    before = ledger.stored(store)
    links = {"after": [3], "before": [4], "clear_after": True}
    result = do("edit", refs=[1], set={"priority": "H"}, add_tags=["x"], steps=[{"run": "true"}], **links)
    assert len(result.outcome.created["step_ids"]) == 1
    snapshot = store.snapshot()
    assert (snapshot.predecessors(1), snapshot.successors(1)) == ((3,), (4,))
    assert (snapshot.tasks[1].priority, snapshot.tasks[1].tags) == ("H", ("x",))
    assert [step.position for step in snapshot.steps(1)] == [1]
    do("undo")
    assert ledger.stored(store) == before
    assert ledger.wrong_caches(store) == {}


def test_an_edit_that_takes_the_last_blocker_away_names_what_it_released(do: Do) -> None:
    tasks(do, "a", "b", "c")
    do("link", successor=1, predecessors=[2])
    assert do("edit", refs=[1], clear_after=True).outcome.released == (1,)
    assert do("edit", refs=[1], after=[3], clear_after=True).outcome.released == ()


def test_a_link_that_the_same_edit_takes_away_does_not_close_a_cycle(do: Do, store: Store) -> None:
    tasks(do, "a", "b")
    do("link", successor=2, predecessors=[1])
    do("edit", refs=[2], clear_after=True, before=[1])
    assert store.snapshot().predecessors(1) == (2,)
    with pytest.raises(ClosesCycle):
        do("edit", refs=[2], after=[1])


def test_a_link_may_go_and_come_back_in_one_edit(do: Do, store: Store) -> None:
    tasks(do, "a", "b", "c")
    do("link", successor=2, predecessors=[1])
    do("link", successor=1, predecessors=[3])
    do("edit", refs=[1, 2], clear_after=True)
    do("undo")
    do("edit", refs=[2], clear_after=True, after=[1])
    assert (store.snapshot().predecessors(2), store.snapshot().predecessors(1)) == ((1,), (3,))


def test_a_refused_part_of_an_edit_refuses_all_of_it(do: Do, store: Store) -> None:
    tasks(do, "a", "b")
    before = ledger.stored(store)
    for args in ({"after": [99]}, {"steps": [{"run": ""}]}, {"after": [1]}, {"set": {"title": "Same"}, "refs": [1, 2]}):
        with pytest.raises((RuleError, UsageError)):
            do("edit", **{"refs": [1], "set": {"priority": "H"}, **args})
    assert ledger.stored(store) == before


def test_tasks_are_assigned_and_only_what_differs_is_journalled(do: Do, store: Store) -> None:
    tasks(do, "a", "b")
    do("assign", refs=[1], assignee="ana")
    both = do("assign", refs=[1, 2], assignee="ana")
    assert (both.outcome.task_ids, len(both.outcome.changes)) == ((1, 2), 1)
    assert do("assign", refs=[1, 2], assignee="ana").operation_id is None
    do("assign", refs=[1, 2], assignee=None)
    do("undo")
    assert [task.assignee for task in store.snapshot().tasks.values()] == ["ana", "ana"]


def test_lines_may_name_the_tasks_of_earlier_lines(do: Do, store: Store) -> None:
    tasks(do, "Old")
    lines = [
        {"title": "First", "line": 1, "after": ["old"]},
        {"title": "Second", "line": 2, "after": ["^"]},
        {"title": "Third", "line": 3, "after": ["first", "3"], "before": ["1"]},
    ]
    with pytest.raises(ClosesCycle, match="line 3"):
        do("add", tasks=lines)
    lines[2]["before"] = []
    assert do("add", tasks=lines).outcome.task_ids == (2, 3, 4)
    snapshot = store.snapshot()
    assert [snapshot.predecessors(i) for i in (2, 3, 4)] == [(1,), (2,), (2, 3)]


def test_a_line_that_names_nothing_refuses_all_lines(do: Do, store: Store) -> None:
    with pytest.raises(NotFound) as refused:
        do("add", tasks=[{"title": "a", "line": 1}, {"title": "b", "line": 5, "after": ["nobody"]}])
    assert refused.value.message.startswith("line 5: ")
    assert not store.snapshot().tasks


def test_a_sketch_makes_tasks_and_links_between_new_and_old_ones(do: Do, store: Store) -> None:
    tasks(do, "Old", "Older")
    specs = [{"key": "x", "title": "X", "tags": ["t"], "steps": [{"run": "true"}]}, {"key": "y", "title": "Y"}]
    result = do("sketch", tasks=specs, edges=[[1, "x"], ["x", "y"], [2, 1]])
    assert result.outcome.created == {"ids": {"x": 3, "y": 4}}
    snapshot = store.snapshot()
    assert [snapshot.predecessors(i) for i in (1, 3, 4)] == [(2,), (1,), (3,)]
    assert (snapshot.tasks[3].tags, len(snapshot.steps(3)), snapshot.tasks[4].open_predecessors) == (("t",), 1, 1)
    do("undo")
    assert list(store.snapshot().tasks) == [1, 2]


def test_a_sketch_that_would_close_a_cycle_with_stored_links_names_its_path(do: Do, store: Store) -> None:
    tasks(do, "Build", "Test")
    do("link", successor=2, predecessors=[1])
    with pytest.raises(RuleError) as refused:
        do("sketch", tasks=[{"key": "x", "title": "Fix"}], edges=[[2, "x"], ["x", 1]])
    assert refused.value.message == "that would close a cycle: Fix → 1 Build → 2 Test → Fix"
    assert list(store.snapshot().tasks) == [1, 2]


def test_a_sketch_of_what_is_so_already_is_refused(do: Do) -> None:
    tasks(do, "a", "b")
    do("link", successor=2, predecessors=[1])
    with pytest.raises(RuleError, match="so already"):
        do("sketch", tasks=[], edges=[[1, 2]])


def test_links_are_made_from_both_ends_and_for_several_tasks(do: Do, store: Store) -> None:
    tasks(do, "a", "b", "c", "d")
    do("link", refs=[1, 2], predecessors=[3], successors=[4])
    snapshot = store.snapshot()
    assert [snapshot.predecessors(i) for i in (1, 2, 4)] == [(3,), (3,), (1, 2)]
    assert do("link", refs=[1], predecessors=[3]).outcome.notes == ("#1 waits for #3 already",)
