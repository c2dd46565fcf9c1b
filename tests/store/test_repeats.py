"""A task that repeats: finishing it makes the next one, in the same operation and in the zone of who finishes it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from taskterm.core.errors import RuleError, UsageError
from taskterm.core.model import Insert, Task
from taskterm.store.store import Store
from tests.store.conftest import NOW, Do

BERLIN = ZoneInfo("Europe/Berlin")


def task(store: Store, task_id: int) -> Task:
    with store.read() as reader:
        found = reader.task(task_id)
    assert found is not None
    return found


def test_the_next_one_has_the_same_facts_and_steps_and_later_dates(do: Do, store: Store) -> None:
    do("add", title="Before")
    facts = {"notes": "# How", "priority": "H", "project": "home", "assignee": "ben", "estimate_minutes": 30}
    dates = {"due": "2026-11-27T17:00:00Z", "scheduled": "2026-11-25T08:00:00Z", "wait": "2026-11-24T00:00:00Z"}
    step = {"run": "make pay", "timeout_seconds": 60.0, "env": {"A": "1"}}
    do("add", title="Pay", recurrence="FREQ=WEEKLY", tags=["b", "a"], steps=[step], after=[1], **facts, **dates)
    do("done", refs=[1])
    result = do("done", refs=[2], by="chloe")
    assert result.outcome.created == {"next": {2: 3}}
    following = task(store, 3)
    assert {name: getattr(following, name) for name in facts} == facts
    assert (following.due, following.scheduled, following.wait) == (
        *("2026-12-04T17:00:00Z", "2026-12-02T08:00:00Z", "2026-12-01T00:00:00Z"),
    )
    assert (following.title, following.status, following.recurrence, following.tags) == (
        *("Pay", "todo", "FREQ=WEEKLY", ("a", "b")),
    )
    assert (following.created_by, following.open_predecessors) == ("chloe", 0)
    with store.read() as reader:
        assert reader.predecessors(3) == []
        assert [(s.run, s.timeout_seconds, s.env) for s in reader.steps(3)] == [("make pay", 60.0, '{"A":"1"}')]


def test_days_are_counted_on_the_wall_clock_of_who_finishes(do: Do, store: Store) -> None:
    do("add", title="Rent", recurrence="FREQ=MONTHLY", due="2027-02-27T22:59:59Z")  # 27 February 23:59:59 in Berlin
    do("done", refs=[1], at=NOW.astimezone(BERLIN))
    assert task(store, 2).due == "2027-03-27T22:59:59Z"
    do("done", refs=[2], at=NOW.astimezone(BERLIN))
    assert task(store, 3).due == "2027-04-27T21:59:59Z"  # the same second of the day, after the clock has changed
    do("add", title="Call", recurrence="FREQ=MONTHLY", due="2027-02-27T16:00:00Z")  # 17:00 in Berlin
    do("done", refs=["Call"], at=NOW.astimezone(BERLIN))
    do("done", refs=["Call"], at=NOW.astimezone(BERLIN))
    assert [task(store, i).due for i in (5, 6)] == ["2027-03-27T16:00:00Z", "2027-04-27T15:00:00Z"]


def test_a_monthly_series_returns_to_the_31st(do: Do, store: Store) -> None:
    do("add", title="Rent", recurrence="FREQ=MONTHLY", due="2027-01-31T17:00:00Z")
    for number in range(1, 4):
        do("done", refs=[number])
    assert [str(task(store, i).due)[:10] for i in (2, 3, 4)] == ["2027-02-28", "2027-03-31", "2027-04-30"]


def test_without_a_date_it_counts_from_its_completion_by_whole_days(do: Do, store: Store) -> None:
    do("add", title="Water", recurrence="FREQ=DAILY;INTERVAL=3")
    do("done", refs=[1], at=datetime(2026, 11, 23, 15, 32, tzinfo=BERLIN))
    assert task(store, 2).due == "2026-11-26T22:59:59Z"


def test_undo_takes_the_next_one_back_and_redo_brings_it_again(do: Do, store: Store) -> None:
    do("add", title="Water", recurrence="FREQ=DAILY", due="2026-11-24T10:00:00Z", tags=["a"])
    do("done", refs=[1])
    do("undo")
    assert (task(store, 1).status, list(store.snapshot().tasks)) == ("todo", [1])
    do("redo")
    assert (task(store, 1).status, task(store, 2).tags) == ("done", ("a",))


def test_undo_is_refused_once_the_next_one_has_been_changed(do: Do) -> None:
    do("add", title="Water", recurrence="FREQ=DAILY", due="2026-11-24T10:00:00Z")
    do("done", refs=[1])
    do("edit", refs=[2], set={"priority": "H"}, by="ben")
    with pytest.raises(RuleError) as refused:
        do("undo")
    assert "operation 2 (done) cannot be undone: the priority of #2 has changed since" in refused.value.message


def test_a_reopened_task_that_is_done_again_makes_no_second_one(do: Do, store: Store) -> None:
    do("add", title="Water", recurrence="FREQ=DAILY", due="2026-11-24T10:00:00Z")
    do("done", refs=[1])
    do("reopen", refs=[1])
    again = do("done", refs=[1])
    assert again.outcome.notes == ("the next #1 Water is there already",)
    assert list(store.snapshot().tasks) == [1, 2]


def test_a_series_ends_and_says_so(do: Do, store: Store) -> None:
    do("add", title="Water", recurrence="FREQ=DAILY;COUNT=2", due="2026-11-24T10:00:00Z")
    do("done", refs=[1])
    last = do("done", refs=[2])
    assert last.outcome.notes == ("#2 Water was the last of its series",)
    assert list(store.snapshot().tasks) == [1, 2]


def test_dates_that_passed_are_left_out_and_said(do: Do, store: Store) -> None:
    do("add", title="Water", recurrence="FREQ=DAILY", due="2026-11-20T10:00:00Z")
    late = do("done", refs=[1])
    assert late.outcome.notes == ("3 dates of #1 Water passed meanwhile and are left out",)
    assert task(store, 2).due == "2026-11-24T10:00:00Z"


def test_a_cancelled_task_makes_no_next_one(do: Do, store: Store) -> None:
    do("add", title="Water", recurrence="FREQ=DAILY", due="2026-11-24T10:00:00Z")
    ended = do("cancel", refs=[1])
    assert ended.outcome.notes == ("#1 Water repeats no more: a series ends with the task that is cancelled",)
    assert list(store.snapshot().tasks) == [1]


def test_a_card_moved_to_done_makes_the_next_one_too(do: Do, store: Store) -> None:
    do("add", title="Water", recurrence="FREQ=DAILY", due="2026-11-24T10:00:00Z")
    result = do("move", refs=[1], column="done")
    assert [c.row["due"] for c in result.outcome.changes if isinstance(c, Insert)] == ["2026-11-25T10:00:00Z"]


def test_a_rule_that_is_none_cannot_be_stored(do: Do) -> None:
    with pytest.raises(UsageError, match="did you mean DAILY"):
        do("add", title="Water", recurrence="FREQ=DALY")


def test_a_title_names_the_open_one_of_a_series(do: Do) -> None:
    do("add", title="Water", recurrence="FREQ=DAILY", due="2026-11-24T10:00:00Z")
    for n in range(12):
        do("add", title=f"Water more {n}")
    do("done", refs=["water"])
    assert do("done", refs=["water"]).outcome.task_ids == (14,)
