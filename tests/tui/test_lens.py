"""What a filter shows is worked out from what it showed before; it is what asking everything anew would show."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from taskterm.core import query
from taskterm.core.dates import to_utc_text
from taskterm.core.model import Task, View
from taskterm.core.snapshot import Snapshot, counts
from taskterm.tui import task_rows
from taskterm.tui.lens import Lens
from taskterm.tui.making import Keeper
from taskterm.tui.picture import Picture
from tests.tui.drive import NOW

TIMES = st.sampled_from([None, None, "2026-11-22T10:00:00Z", "2026-11-23T20:00:00Z", "2026-12-01T00:00:00Z"])
TASKS = st.builds(
    lambda number, title, status, tags, assignee, due, wait, blocked, ran, at: Task(
        number,
        "",
        title,
        status=status,
        tags=tags,
        assignee=assignee,
        due=due,
        wait=wait,
        open_predecessors=blocked,
        run_state=ran,
        completed_at=at if status in ("done", "cancelled") else None,
        created_at="2026-11-20T08:00:00Z",
    ),
    st.integers(1, 12),
    st.sampled_from(["Write", "Rewrite it", "Read", "ready?"]),
    st.sampled_from(["todo", "todo", "doing", "done", "cancelled"]),
    st.sampled_from([(), ("ops",), ("web", "ops")]),
    st.sampled_from([None, "ana", "ben"]),
    TIMES,
    TIMES,
    st.integers(0, 1),
    st.sampled_from([None, None, "running", "failed"]),
    st.sampled_from(["2026-11-22T10:00:00Z", "2026-11-23T09:00:00Z"]),
)
LANGUAGE = (
    *("r", "re", "rea", "read", "ready", "+ops", "+op", "@ana", "not", "or", "(", ")", "late", "done", "after:1"),
    *("view:v", "sort:title", "due<fri", "due:x", "open", "w", "wr", '"', "due.by:fri", "17:00", "has:steps", "1..4"),
)
WORDS = st.sampled_from(LANGUAGE)
TEXTS = st.lists(WORDS, max_size=4).map(" ".join)
STEPS = st.lists(st.one_of(TEXTS, st.lists(TASKS, max_size=5)), max_size=8)


def anew(everything: Picture, text: str, actor: str) -> Picture:
    """The picture that a filter gives of everything, worked out without any memory."""
    if not text.strip():
        return everything
    snapshot, at = everything.snapshot, to_utc_text(everything.now)
    asked = query.parse(text, NOW, strict=False, me=actor, views=lambda: snapshot.views)
    fitting = query.select(asked, snapshot, at)
    bare = everything.only(fitting)._replace(query=text, sort=asked.sort, counts=counts(snapshot, at, fitting))
    return bare._replace(listed=task_rows.listed(bare))


@given(STEPS)
def test_a_filter_shows_what_it_would_show_if_it_were_asked_anew(steps: list[str | list[Task]]) -> None:
    keeper, known, text, number = Keeper(), dict[int, Task](), "", 0
    views = (View("v", "r or @ben", 1, "ana"),)
    everything = keeper.follow(Snapshot(operation=0, tasks=known, views=views), NOW)
    lens = Lens(everything, "ana", lambda: NOW)
    for step in steps:
        if isinstance(step, str):
            text = step
            lens.ask(text)
        else:
            number += 1
            known = {**known, **{task.id: task for task in step}}
            if number % 3 == 2 and known:
                del known[min(known)]
            everything = keeper.follow(Snapshot(operation=number, tasks=known, views=views), NOW)
            lens.look_at(everything)
        expected = anew(everything, text, "ana")
        assert lens.picture.visible == expected.visible
        assert lens.picture.listed == expected.listed
        assert lens.picture.counts == expected.counts
        assert lens.picture.query == expected.query


@given(TEXTS, TEXTS, st.lists(TASKS, max_size=8))
def test_a_query_that_narrows_another_lets_nothing_new_through(before: str, more: str, tasks: list[Task]) -> None:
    snapshot = Snapshot(tasks={task.id: task for task in tasks})
    at = to_utc_text(NOW)
    for text in (before + more, f"{before} {more}"):
        one, other = (query.parse(line, NOW, strict=False, me="ana") for line in (before, text))
        if query.narrows(one, other):
            wide, narrow = query.select(one, snapshot, at), query.select(other, snapshot, at)
            assert wide is None or (narrow is not None and narrow <= wide)


def test_typing_on_in_a_word_is_known_to_narrow() -> None:
    read = [query.parse(text, NOW, strict=False) for text in ("+ops re", "+ops rel", "+ops rel @ana", "+ops ready")]
    assert query.narrows(read[0], read[1])
    assert query.narrows(read[1], read[2])
    assert not query.narrows(read[0], read[3])
    assert not query.narrows(read[1], read[0])


def test_a_sign_that_nothing_follows_yet_hides_nothing() -> None:
    tasks = {1: Task(1, "", "Write", tags=("ops",)), 2: Task(2, "", "Read")}
    lens = Lens(Keeper().follow(Snapshot(tasks=tasks), NOW), "ana", lambda: NOW)
    shown = []
    for text in ("r", "r +", "r +o", "r +ops", "+", "@", "r -@"):
        lens.ask(text)
        shown.append(lens.picture.visible)
        assert lens.query.text == text
    assert shown == [frozenset({1, 2}), frozenset({1, 2}), frozenset(), frozenset({1}), None, None, frozenset({1, 2})]
