"""The urgency of one task, of many, and of the few most urgent ones is the same number."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm.core import urgency
from taskterm.core.model import Task
from taskterm.core.zone import epoch_of, to_utc_text

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)).map(to_utc_text)


@st.composite
def tasks(draw, number=1, status=None):
    """A task with whatever moves its urgency."""
    return Task(
        number,
        f"u{number}",
        "Title",
        status=status or draw(st.sampled_from(["todo", "doing", "done", "cancelled"])),
        priority=draw(st.sampled_from([None, "H", "M", "L"])),
        due=draw(st.none() | MOMENTS),
        wait=draw(st.none() | MOMENTS),
        created_at=draw(st.just("") | MOMENTS),
        open_predecessors=draw(st.integers(0, 3)),
        inherited_urgency=draw(st.sampled_from([0.0, 1.0, 2.8, 4.9, 7.0, 16.0])),
        inherited_due=draw(st.none() | MOMENTS),
        tags=draw(st.sampled_from([(), ("ops",), ("next",), ("next", "ops")])),
    )


@given(tasks(), MOMENTS)
def test_the_urgency_of_an_open_task_is_the_sum_of_its_terms(task, now):
    seconds = epoch_of(now)
    total = sum(value for _, value in urgency.terms(task, seconds, epoch_of))
    expected = 0.0 if task.status in ("done", "cancelled") else total
    assert urgency.urgency(task, seconds, epoch_of) == pytest.approx(expected)


@given(st.integers(0, 12).flatmap(lambda n: st.tuples(*(tasks(i + 1) for i in range(n)))), MOMENTS)
def test_many_tasks_have_the_urgency_that_each_has_alone(many, now):
    together = urgency.urgency_at(epoch_of(now), epoch_of)
    assert [together(task) for task in many] == [urgency.urgency(task, epoch_of(now), epoch_of) for task in many]


@given(st.integers(0, 12).flatmap(lambda n: st.tuples(*(tasks(i + 1, "todo") for i in range(n)))), MOMENTS, st.data())
def test_the_most_urgent_are_the_first_of_all_in_the_order_of_a_list(many, now, data):
    ready = [task._replace(open_predecessors=0, wait=None) for task in many]
    rows = [(t.id, t.priority, t.inherited_urgency, t.due, t.inherited_due, t.created_at) for t in ready]
    tagged = {task.id for task in ready if "next" in task.tags}
    count = data.draw(st.integers(1, 15))
    ordered = sorted(ready, key=lambda t: (-urgency.urgency(t, epoch_of(now), epoch_of), t.id))
    found = urgency.most_urgent(rows, tagged, count, epoch_of(now), epoch_of)
    assert found == [task.id for task in ordered[:count]]


@given(MOMENTS)
def test_the_seconds_of_stored_text_are_those_of_the_moment(text):
    assert epoch_of(text) == datetime.fromisoformat(text).timestamp()
    assert epoch_of(text[:10]) == datetime.fromisoformat(text[:10]).replace(tzinfo=UTC).timestamp()


def test_what_is_due_counts_more_from_two_weeks_before_on_and_most_a_week_after():
    due = "2026-11-20T12:00:00Z"
    task = Task(1, "u", "t", due=due)
    days = [urgency.urgency(task, epoch_of(due) + day * 86400, epoch_of) for day in (-30, -14, -7, 0, 7, 30)]
    assert days == [pytest.approx(12 * ramp) for ramp in (0.2, 0.2, 7 * 0.8 / 21 + 0.2, 14 * 0.8 / 21 + 0.2, 1.0, 1.0)]
