"""The order of a list that is followed change by change is the order that sorting everything would give."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.model import Task
from taskterm.core.snapshot import Snapshot
from taskterm.tui.making import SORTED_SECONDS, Keeper, whole
from tests.tui.drive import NOW

TIMES = st.sampled_from(
    [None, "2026-11-22T10:00:00Z", "2026-11-23T14:31:59Z", "2026-11-23T20:00:00Z", "2026-12-01T00:00:00Z"]
)


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    status = draw(st.sampled_from(["todo", "todo", "doing", "done", "cancelled"]))
    values: dict[str, Any] = {
        "priority": draw(st.sampled_from([None, "H", "M"])),
        "due": draw(TIMES),
        "wait": draw(TIMES),
        "open_predecessors": draw(st.integers(0, 1)),
        "run_state": draw(st.sampled_from([None, None, "running", "failed", "succeeded"])),
        "completed_at": draw(TIMES) if status in ("done", "cancelled") else None,
        "created_at": "2026-11-20T08:00:00Z",
    }
    return Task(draw(st.integers(1, 12)), "", "t", status=status, **values)


@given(st.lists(st.lists(tasks(), max_size=8), max_size=6), st.lists(st.integers(1, 12)), st.booleans())
def test_following_changes_gives_what_sorting_everything_gives(
    changes: list[list[Task]], gone: list[int], told: bool
) -> None:
    keeper, known = Keeper(), dict[int, Task]()
    for number, some in enumerate(changes):
        known = {**known, **{task.id: task for task in some}}
        touched = {task.id for task in some}
        if number < len(gone):
            known.pop(gone[number], None)
            touched.add(gone[number])
        followed = keeper.follow(Snapshot(operation=number, tasks=known), NOW, touched if told else None)
        assert followed == whole(Snapshot(operation=number, tasks=known), NOW)


class Closed(dict[int, Task]):
    """Tasks that can be asked for one by one, and not walked through."""

    def __iter__(self) -> Any:
        raise AssertionError("somebody looks through all tasks")

    values = items = keys = __iter__


def test_following_one_change_among_many_tasks_looks_at_that_one_alone() -> None:
    keeper, many = Keeper(), {number: Task(number, "", "t") for number in range(1, 200)}
    keeper.follow(Snapshot(tasks=many), NOW)
    changed = {**many, 7: Task(7, "", "t", status="doing"), 500: Task(500, "", "new", due="2026-11-20T00:00:00Z")}
    followed = keeper.follow(Snapshot(operation=1, tasks=Closed(changed)), NOW, {7, 500})
    assert followed == whole(Snapshot(operation=1, tasks=changed), NOW)


def test_an_order_is_sorted_anew_after_a_minute_and_on_another_day() -> None:
    snapshot = Snapshot(
        tasks={1: Task(1, "", "t", wait="2026-11-23T14:32:30Z"), 2: Task(2, "", "t", due="2026-11-23T14:32:30Z")}
    )
    keeper = Keeper()
    for later in (timedelta(0), timedelta(seconds=SORTED_SECONDS), timedelta(days=1)):
        followed = keeper.follow(snapshot, NOW + later)
        assert followed == whole(snapshot, NOW + later)
