"""Why a task stands where it stands: the chain, what releases it, and terms that add up to its urgency."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from taskterm.core import graph, urgency
from taskterm.core.explain import explain
from taskterm.core.forecast import finish_word, outlook
from taskterm.core.model import OPEN, Attempt, Run, RunTask, Task
from taskterm.core.snapshot import Snapshot
from taskterm.core.zone import epoch_of, from_utc_text, to_utc_text

NOW = from_utc_text("2026-11-23T14:32:00Z")
SIZE = 9


def stamped(days: float) -> str:
    return to_utc_text(NOW + timedelta(days=days))


def linked(tasks: dict[int, Task], pairs: set[tuple[int, int]], **more: object) -> Snapshot:
    """A picture with the caches that a store would keep."""
    before: dict[int, tuple[int, ...]] = {}
    after: dict[int, tuple[int, ...]] = {}
    for predecessor, successor in sorted(pairs):
        before[successor] = (*before.get(successor, ()), predecessor)
        after[predecessor] = (*after.get(predecessor, ()), successor)
    for i in reversed(graph.topological_order(sorted(tasks), lambda n: before.get(n, ()))):
        passed = urgency.inherit(tasks[s] for s in after.get(i, ()) if tasks[s].status in OPEN)
        count = sum(tasks[p].status in OPEN for p in before.get(i, ()))
        tasks[i] = tasks[i]._replace(open_predecessors=count, inherited_urgency=passed[0], inherited_due=passed[1])
    return Snapshot(tasks=tasks, before=before, after=after, **more)  # type: ignore[arg-type]


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    moments = st.none() | st.integers(-14 * 1440, 7 * 1440).map(lambda minutes: stamped(minutes / 1440))
    tasks = {
        n: Task(
            n,
            f"u{n}",
            f"Task {n}",
            status=draw(st.sampled_from(["todo", "todo", "doing", "done"])),
            priority=draw(st.sampled_from([None, "H", "M", "L"])),
            due=draw(moments),
            wait=draw(moments),
            estimate_minutes=draw(st.none() | st.integers(1, 600)),
            created_at=stamped(-draw(st.integers(0, 400 * 1440)) / 1440),
            tags=draw(st.sampled_from([(), ("next",)])),
        )
        for n in range(1, SIZE + 1)
    }
    edges = draw(st.lists(st.tuples(st.integers(1, SIZE), st.integers(1, SIZE)), max_size=20))
    return linked(tasks, {(min(e), max(e)) for e in edges if e[0] != e[1]})


@given(snapshots())
def test_the_terms_add_up_to_the_urgency_exactly(picture: Snapshot) -> None:
    for task in picture.tasks.values():
        found = explain(picture, task.id, NOW)
        exact = urgency.urgency(task, NOW.timestamp(), epoch_of)
        assert sum(term.hundredths for term in found.terms) == found.urgency == round(exact * 100)
        named = dict(urgency.terms(task, NOW.timestamp(), epoch_of))
        for term in found.terms:
            assert abs(term.hundredths - named[term.name] * 100) < 2


@given(snapshots(), st.integers(1, SIZE))
def test_inherited_terms_name_the_open_successors_they_come_from(picture: Snapshot, task_id: int) -> None:
    for term in explain(picture, task_id, NOW).terms:
        assert bool(term.path) == term.name.startswith("holds up")
        here = task_id
        for step in term.path:
            assert step in picture.successors(here)
            assert picture.tasks[step].status in OPEN
            here = step
        if term.name == "holds up due work":
            assert picture.tasks[here].due == picture.tasks[task_id].inherited_due


@given(snapshots(), st.integers(1, SIZE))
def test_the_chain_is_everything_open_before_and_its_ends_are_what_can_move(picture: Snapshot, task_id: int) -> None:
    found = explain(picture, task_id, NOW)

    def open_before(i: int) -> list[int]:
        return [p for p in picture.predecessors(i) if picture.tasks[p].status in OPEN]

    expected = graph.reachable(task_id, open_before) if picture.tasks[task_id].status in OPEN else set()
    assert set(found.blockers) == expected
    assert {release.blocker.task.id for release in found.releases} == {i for i in expected if not open_before(i)}
    assert all(blocker.direct == (i in picture.predecessors(task_id)) for i, blocker in found.blockers.items())
    if expected:
        assert found.longest[-1] == task_id
        assert all(a in picture.predecessors(b) for a, b in zip(found.longest, found.longest[1:], strict=False))
        assert {i for i, blocker in found.blockers.items() if blocker.longest} == set(found.longest[:-1])


def failed_build() -> Snapshot:
    run = Run(88, "r", "Build", 1, None, "failed", 1, 0, stamped(-1), "ben", host="kestrel")
    part = RunTask(88, 1, 1, "failed", stamped(-1), stamped(-0.1))
    attempt = Attempt(
        5, 88, 1, 7, 1, "rsync", "rsync a b", "failed", stamped(-1), "kestrel", 1, stamped(-2 / 24), exit_code=23
    )
    tasks = {
        1: Task(1, "a", "Build", status="doing", run_state="failed", started_at=stamped(-1), created_at=stamped(-9)),
        2: Task(2, "b", "Write", created_at=stamped(-12), assignee="chloe", estimate_minutes=60),
        3: Task(3, "c", "Package", created_at=stamped(-5), estimate_minutes=30),
        4: Task(4, "d", "Ship", created_at=stamped(-5), priority="H", estimate_minutes=30),
    }
    more = {
        "runs": {88: run},
        "run_task_lists": {88: (part,)},
        "attempt_lists": {88: (attempt,)},
        "newest_run": {1: 88},
    }
    return linked(tasks, {(1, 3), (2, 4), (3, 4)}, **more)


def test_what_failed_is_told_with_its_step_and_exit_code_and_whose_move_it_is_comes_with_it() -> None:
    found = explain(failed_build(), 4, NOW)
    assert (found.state, found.can_start) == ("blocked", False)
    assert {i: blocker.sentence for i, blocker in found.blockers.items()} == {
        1: "failed 2 h ago: exit 23 in rsync",
        2: "ready, open 12 d",
        3: "waits for 1, open 5 d",
    }
    assert [(r.blocker.task.id, r.act, r.run_id) for r in found.releases] == [(2, "start", None), (1, "look", 88)]
    assert found.longest == (2, 4)
    assert found.minutes == 90


def test_who_holds_up_urgent_work_is_urgent_and_the_answer_names_the_work() -> None:
    terms = {term.name: term for term in explain(failed_build(), 2, NOW).terms}
    assert terms["holds up urgent work"].path == (4,)
    assert terms["holds up urgent work"].hundredths == 700


def test_everything_behind_a_failed_task_is_stuck_and_the_rest_has_a_time() -> None:
    picture = failed_build()
    seen = outlook(picture, picture.tasks, NOW)
    words = {i: finish_word(task, seen, NOW)[0] for i, task in picture.tasks.items()}
    assert words == {1: "stuck", 2: "~15:32", 3: "stuck", 4: "stuck"}


def test_estimates_of_thousands_of_years_do_not_break_the_forecast() -> None:
    tasks = {n: Task(n, str(n), "Long", created_at=stamped(0), estimate_minutes=52_000_000) for n in range(1, 90)}
    picture = linked(tasks, {(n, n + 1) for n in range(1, 89)})
    seen = outlook(picture, picture.tasks, datetime(2026, 11, 23, tzinfo=NOW.tzinfo))
    assert len(seen.finish) == 89
