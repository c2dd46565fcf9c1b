"""What a diagram of tasks shows: the right tasks, counted ends, titles that fit their boxes, sums that add up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.diagram import tasks
from taskterm.core.diagram.canvas import Span
from taskterm.core.diagram.nodes import Nodes, Style, wrapped
from taskterm.core.diagram.overview import overview
from taskterm.core.display import ISOLATE, POP_ISOLATE, cells, visible
from taskterm.core.model import Run, RunTask, Step, Task
from taskterm.core.snapshot import Snapshot, shown_state

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
AT = "2026-11-23T14:32:00Z"


def snapshot(pairs: list[tuple[int, int]], size: int = 9, **changed: dict[int, Any]) -> Snapshot:
    """Tasks 1 … `size` with these dependencies; `changed` maps a field to its values by id."""
    before: dict[int, tuple[int, ...]] = {}
    after: dict[int, tuple[int, ...]] = {}
    for first, second in pairs:
        before[second] = (*before.get(second, ()), first)
        after[first] = (*after.get(first, ()), second)
    made = {}
    for n in range(1, size + 1):
        values = {field: by_id[n] for field, by_id in changed.items() if n in by_id}
        task = Task(n, f"u{n}", f"Task {n}", estimate_minutes=30)._replace(**values)
        made[n] = task
    for n, task in made.items():
        waits = sum(made[p].status in ("todo", "doing") for p in before.get(n, ()))
        made[n] = task._replace(open_predecessors=waits)
    return Snapshot(tasks=made, before=before, after=after)


def everything(_: int) -> bool:
    return True


def flat(_: int) -> float:
    return 0.0


CHAIN = [(n, n + 1) for n in range(1, 9)]


def test_the_whole_leaves_tasks_without_dependencies_out_and_names_them() -> None:
    picture = tasks.whole(snapshot([(1, 2), (4, 5), (5, 6)]), range(1, 10), flat)
    assert picture.parts == ((4, 5, 6), (1, 2))
    assert picture.alone == (3, 7, 8, 9)
    assert set(picture.edges) == {(1, 2), (4, 5), (5, 6)}


def test_a_task_to_keep_is_a_part_of_its_own_where_it_has_no_dependency() -> None:
    picture = tasks.whole(snapshot([(1, 2)]), range(1, 10), flat, keep=[7, 12])
    assert picture.parts == ((1, 2), (7,))
    assert 7 not in picture.alone


def test_the_more_urgent_of_two_equal_parts_comes_first() -> None:
    picture = tasks.whole(snapshot([(1, 2), (3, 4)]), range(1, 5), lambda i: 9.0 if i == 4 else 1.0)
    assert picture.parts == ((3, 4), (1, 2))


def test_each_part_has_a_critical_path_of_its_open_tasks() -> None:
    pairs = [(1, 2), (2, 4), (1, 3), (3, 4), (5, 6)]
    found = tasks.whole(snapshot(pairs, estimate_minutes={3: 600}), range(1, 7), flat).critical
    assert found == {(1, 3), (3, 4), (5, 6)}
    assert tasks.whole(snapshot(pairs, status={5: "done"}), range(1, 7), flat).critical >= {(1, 2), (2, 4)}
    assert (5, 6) not in tasks.whole(snapshot(pairs, status={5: "done"}), range(1, 7), flat).critical


@pytest.mark.parametrize(("depth", "inside"), [(1, {4, 5, 6}), (2, {3, 4, 5, 6, 7}), (None, set(range(1, 10)))])
def test_a_neighbourhood_goes_as_many_steps_each_way_as_asked_for(depth: int | None, inside: set[int]) -> None:
    picture = tasks.around(snapshot(CHAIN), [5], everything, depth, flat)
    assert set(picture.ids) == inside
    assert picture.depth == depth
    assert picture.before == ({min(inside): 1} if depth else {})
    assert picture.after == ({max(inside): 1} if depth else {})


def test_what_lies_beside_the_neighbourhood_is_counted_and_no_depth_is_offered_for_it() -> None:
    picture = tasks.around(snapshot([(1, 2), (3, 2), (4, 2), (2, 5)]), [1], everything, None, flat)
    assert set(picture.ids) == {1, 2, 5}
    assert picture.before == {2: 2}
    assert picture.depth is None


def test_finished_tasks_are_neither_followed_nor_counted_unless_allowed() -> None:
    done = snapshot([(1, 2), (2, 3), (9, 2)], status={1: "done"})
    picture = tasks.around(done, [3], lambda i: tasks.is_open(done, i), None, flat)
    assert set(picture.ids) == {2, 3, 9}
    assert picture.before == {}


def test_a_neighbourhood_without_a_depth_stays_small_enough_to_be_read() -> None:
    fan = [(1, n) for n in range(2, 12)] + [(n, 10 * n + k) for n in range(2, 12) for k in range(8)]
    picture = tasks.around(snapshot(fan, size=130), [1], everything, None, flat)
    assert len(picture.ids) == 11
    assert picture.depth == 1
    assert set(picture.after.values()) == {8}


def test_the_critical_path_of_a_neighbourhood_is_that_of_the_whole_it_lies_in() -> None:
    pairs = [(1, 3), (2, 3), (3, 4)]
    picture = tasks.around(snapshot([*pairs, (5, 2)], estimate_minutes={5: 900}), [3], everything, 1, flat)
    assert picture.critical == {(2, 3), (3, 4)}


def test_what_is_left_out_becomes_a_node_of_its_own() -> None:
    picture = tasks.around(snapshot(CHAIN), [5], everything, 1, flat)
    nodes, edges = tasks.nodes_and_edges(picture)
    stubs = {node for node in nodes if node < 0}
    assert stubs == {tasks.stub_before(4), tasks.stub_after(6)}
    assert (tasks.stub_before(4), 4) in edges
    assert (6, tasks.stub_after(6)) in edges
    drawn = Nodes(snapshot(CHAIN), picture, NOW, Style())
    assert all(drawn.look(stub).lines[0][0].text == " +1" for stub in stubs)


# ── what stands in a node
titles = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60) | st.text(
    "ab 日本🎉\u0301אב", max_size=60
)


def text_of(line: tuple[Span, ...]) -> str:
    return "".join(span.text for span in line)


@given(titles, titles, st.sampled_from(["boxes", "compact"]), st.integers(18, 30), st.booleans())
def test_a_node_is_never_wider_than_its_size_and_holds_nothing_that_steers_a_terminal(
    title: str, owner: str, zoom: str, width: int, ascii_only: bool
) -> None:
    picture = snapshot([(1, 2)], title={1: title, 2: title}, assignee={1: owner, 2: owner})
    drawn = tasks.whole(picture, (1, 2), flat)
    nodes = Nodes(picture, drawn, NOW, Style(zoom, width, ascii_only))
    for task_id in (1, 2):
        size, look = nodes.size(task_id), nodes.look(task_id)
        room = size.width - 3 if zoom == "boxes" else size.width
        assert size.width <= width
        for line in look.lines:
            assert cells(text_of(line)) <= room
            plain = bare(text_of(line))
            assert bare(visible(plain)) == plain


def bare(text: str) -> str:
    """The text without the marks that isolate right-to-left text."""
    return text.replace(ISOLATE, "").replace(POP_ISOLATE, "")


@given(titles, st.integers(4, 15), st.integers(15, 20))
def test_a_title_in_two_lines_loses_only_what_does_not_fit(title: str, first: int, width: int) -> None:
    shown = visible(title)
    one, two = wrapped(shown, first, width, "…")
    assert cells(one) <= first
    assert cells(two) <= width
    whole, joined = bare(shown).split(), f"{bare(one)} {bare(two)}".split()
    if bare(two).endswith("…"):
        assert "".join(whole).startswith("".join(joined)[:-1])
    else:
        assert "".join(whole) == "".join(joined)


def test_a_box_says_state_owner_and_what_is_late() -> None:
    picture = snapshot(
        [(1, 2)],
        assignee={1: "chloe", 2: "ana"},
        due={1: "2026-11-20T17:00:00Z"},
        title={1: "Write release notes 2.4.0"},
    )
    nodes = Nodes(picture, tasks.whole(picture, (1, 2), flat), NOW, Style(), {2})
    first, second = nodes.look(1), nodes.look(2)
    assert [text_of(line) for line in first.lines] == ["○ 1 Write release", "notes 2.4.0", "3 d late @chloe"]
    assert text_of(second.lines[2]) == "blocked @ana"
    assert (first.border, second.border) == ("round", "heavy")


def test_what_a_box_has_no_room_for_is_left_out_as_a_whole() -> None:
    steps = tuple(Step(n, 2, n, "make", "make") for n in range(1, 5))
    for owner, says in (("ana", "blocked @ana"), ("", "blocked 4 steps")):
        picture = snapshot([(1, 2)], assignee={2: owner or None})._replace(step_lists={2: steps})
        nodes = Nodes(picture, tasks.whole(picture, (1, 2), flat), NOW, Style())
        assert text_of(nodes.look(2).lines[2]) == says


def test_a_running_step_shows_how_far_it_is() -> None:
    run = Run(1, "r", "Task 1", 1, None, "running", 1, 0, AT, "ana")
    part = RunTask(1, 1, 1, "running", "2026-11-23T14:17:00Z")
    picture = snapshot([(1, 2)], run_state={1: "running"})._replace(
        runs={1: run}, run_task_lists={1: (part,)}, newest_run={1: 1}
    )
    nodes = Nodes(picture, tasks.whole(picture, (1, 2), flat), NOW, Style())
    assert text_of(nodes.look(1).lines[2]) == "━━━─── 15:00"
    assert nodes.look(1).role == "run"


# ── the overview
edges = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=15)


@given(edges)
def test_the_overview_shows_each_task_once_in_the_first_layer_where_it_can_stand(pairs: list[tuple[int, int]]) -> None:
    forward = sorted({(min(p), max(p)) for p in pairs if p[0] != p[1]})
    picture = snapshot(forward)
    whole = tasks.whole(picture, range(1, 10), flat)
    found = overview(whole.parts, whole.edges, lambda i: shown_state(picture.tasks[i], AT), flat)
    layer = {i: column.layer for part in found for column in part.columns for i in column.ids}
    assert sorted(layer) == sorted(whole.ids)
    for i in layer:
        assert layer[i] == max((layer[p] + 1 for p in picture.predecessors(i)), default=0)
    for part in found:
        assert sum(part.counts.values()) == part.size == sum(len(column.ids) for column in part.columns)
        assert list(part.counts) == [state for state in ("ready", "blocked") if state in part.counts]
