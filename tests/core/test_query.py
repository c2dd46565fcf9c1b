"""The filter language lets through what it says, and never fails, whatever is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.model import Task
from taskterm.core.query import parse, select
from taskterm.core.snapshot import Snapshot

NOW = "2026-11-23T14:32:00Z"
TASKS = (
    Task(1, "a", "Write notes", tags=("docs",), assignee="ana", project="site.web", due="2026-11-20T00:00:00Z"),
    Task(2, "b", "Publish 12 pages", tags=("docs", "ops"), assignee="Ben", project="site", open_predecessors=1),
    Task(3, "c", "Deploy", status="doing", run_state="running", project="sitemap"),
    Task(4, "d", "Old", status="done", notes="mentions deploy"),
    Task(12, "e", "Wait", wait="2027-01-01T00:00:00Z", run_state="failed"),
)
SNAPSHOT = Snapshot(tasks={task.id: task for task in TASKS})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("open", {1, 2, 3, 12}),
        ("ready", {1}),
        ("blocked", {2}),
        ("doing", {3}),
        ("running", {3}),
        ("failed", {12}),
        ("waiting", {12}),
        ("late", {1}),
        ("overdue", {1}),
        ("done", {4}),
        ("+docs", {1, 2}),
        ("+docs -ops", {1}),
        ("@ben", {2}),
        ("project:site", {1, 2}),
        ("project:site.web", {1}),
        ("project:", {4, 12}),
        ("#1", {1}),
        ("12", {2, 12}),
        ("1..3", {1, 2, 3}),
        ("deploy", {3, 4}),
        ("DEPLOY open", {3}),
        ("ready or done", {1, 4}),
        ("not open", {4}),
        ("+docs and (ready or done)", {1}),
        ("not (ready or blocked) open", {3, 12}),
        ('"Write notes"', {1}),
    ],
)
def test_a_query_lets_through_what_it_says(text: str, expected: set[int]) -> None:
    assert set(select(parse(text), SNAPSHOT, NOW) or ()) == expected


@pytest.mark.parametrize("text", ["", "   ", "not", "(", ")", "and", "or", "( or )", "not not"])
def test_a_line_that_says_nothing_yet_leaves_everything(text: str) -> None:
    assert select(parse(text), SNAPSHOT, NOW) in (None, frozenset(SNAPSHOT.tasks))


@pytest.mark.parametrize(("unfinished", "means"), [("ready or", "ready"), ("(+docs", "+docs"), ("+docs)", "+docs")])
def test_an_unfinished_form_reads_as_if_its_end_were_absent(unfinished: str, means: str) -> None:
    assert select(parse(unfinished), SNAPSHOT, NOW) == select(parse(means), SNAPSHOT, NOW)


@given(st.text(max_size=60))
def test_no_text_makes_a_query_fail(text: str) -> None:
    found = select(parse(text), SNAPSHOT, NOW)
    assert found is None or found <= set(SNAPSHOT.tasks)


WORDS = st.sampled_from(["ready", "+docs", "@ana", "deploy", "1..3", "late", "project:site"])
QUERIES = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} or {two[1]})"),
        inner.map(lambda one: f"not {one}"),
    ),
    max_leaves=8,
)


@given(QUERIES)
def test_not_lets_through_exactly_the_rest(query: str) -> None:
    inside, outside = select(parse(query), SNAPSHOT, NOW), select(parse(f"not ({query})"), SNAPSHOT, NOW)
    assert inside is not None
    assert outside is not None
    assert inside ^ outside == set(SNAPSHOT.tasks)
