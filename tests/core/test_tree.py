"""The dependency tree: every task in full exactly once, every edge drawn, references only to what stands above."""

from hypothesis import given
from hypothesis import strategies as st

from taskterm.core import graph, tree
from taskterm.core.model import Task
from taskterm.core.snapshot import Snapshot


def snapshot(pairs: list[tuple[int, int]], size: int = 10, minutes: int = 30) -> Snapshot:
    before: dict[int, tuple[int, ...]] = {}
    after: dict[int, tuple[int, ...]] = {}
    for predecessor, successor in sorted({(min(p), max(p)) for p in pairs if p[0] != p[1]}):
        before[successor] = (*before.get(successor, ()), predecessor)
        after[predecessor] = (*after.get(predecessor, ()), successor)
    tasks = {n: Task(n, f"u{n}", f"Task {n}", estimate_minutes=minutes) for n in range(1, size + 1)}
    return Snapshot(tasks=tasks, before=before, after=after)


edges = st.lists(st.tuples(st.integers(1, 10), st.integers(1, 10)), max_size=25)


def parents(lines: list[tree.TreeLine], root: int | None) -> list[tuple[int | None, int]]:
    """(parent, child) of every line, read from the depth of the prefixes alone."""
    stack: list[int | None] = [root]
    found = []
    for line in lines:
        depth = len(line.branches)
        del stack[max(depth, 1) if root is not None else depth + 1 :]
        found.append((stack[-1], line.task_id))
        stack.append(line.task_id)
    return found


@given(edges, st.integers(1, 10))
def test_what_comes_before_a_task_is_shown_in_full_once_with_every_edge(pairs: list, root: int) -> None:
    picture = snapshot(pairs)
    lines = tree.before(picture, root)
    full = [line.task_id for line in lines if not line.reference]
    assert len(full) == len(set(full))
    drawn = parents(lines, root)
    assert sorted(drawn) == sorted(
        (node, predecessor) for node in {root, *full} for predecessor in picture.predecessors(node)
    )
    for index, line in enumerate(lines):
        if line.reference:
            assert line.task_id == root or any(
                other.task_id == line.task_id and not other.reference for other in lines[:index]
            )


@given(edges)
def test_the_forest_shows_every_task_in_full_once(pairs: list) -> None:
    picture = snapshot(pairs)
    lines = tree.forest(picture, picture.tasks)
    assert sorted(line.task_id for line in lines if not line.reference) == sorted(picture.tasks)


def test_the_prefix_draws_branches_that_go_on_and_corners_that_end() -> None:
    lines = tree.after(snapshot([(1, 2), (1, 3), (2, 4)]), 1)
    assert [(line.task_id, [b.kind for b in line.branches]) for line in lines] == [
        (2, ["tee"]),
        (4, ["pipe", "corner"]),
        (3, ["corner"]),
    ]


def test_the_critical_branch_comes_first_and_is_marked() -> None:
    picture = snapshot([(1, 2), (1, 3), (3, 4)])
    lines = tree.after(picture, 1)
    assert [(line.task_id, line.critical) for line in lines] == [(3, True), (4, True), (2, False)]
    assert tree.critical_tasks(picture, picture.tasks) == {1, 3, 4}


def test_what_is_done_lies_on_no_critical_path() -> None:
    picture = snapshot([(1, 2)], size=2)
    done = picture._replace(tasks={n: t._replace(status="done") for n, t in picture.tasks.items()})
    assert tree.critical_tasks(done, done.tasks) == frozenset()


def test_a_chain_of_five_thousand_needs_no_recursion() -> None:
    picture = snapshot([(n, n + 1) for n in range(1, 5_000)], size=5_000)
    assert len(tree.after(picture, 1)) == 4_999


@given(edges)
def test_how_many_others_can_be_reached_is_counted_exactly(pairs: list) -> None:
    picture = snapshot(pairs)
    counted = graph.reach_counts(picture.tasks, picture.successors)
    assert counted == {i: len(graph.reachable(i, picture.successors)) for i in picture.tasks}


def test_the_forest_begins_with_what_holds_up_most_and_ends_with_what_nothing_is_linked_to() -> None:
    lines = tree.forest(snapshot([(2, 3), (4, 5), (5, 6)], size=7), range(1, 8))
    assert [line.task_id for line in lines if not line.branches] == [4, 2, 1, 7]


def test_each_group_of_linked_tasks_has_its_own_critical_path() -> None:
    lines = tree.forest(snapshot([(1, 2), (3, 4), (4, 5)], size=6), range(1, 7))
    assert {line.task_id for line in lines if line.critical} == {1, 2, 3, 4, 5}


def test_a_forest_with_a_limit_begins_no_further_root_beyond_it() -> None:
    lines = tree.forest(snapshot([(1, 2), (1, 3), (4, 5)]), range(1, 11), 3)
    assert [line.task_id for line in lines] == [1, 2, 3]


def test_what_lies_deeper_than_asked_is_left_out_and_counted() -> None:
    picture = snapshot([(1, 2), (2, 3), (3, 4), (1, 5)])
    lines = tree.shallow(tree.after(picture, 1), 1)
    assert [(line.task_id, line.below) for line in lines] == [(2, 2), (5, 0)]


@given(edges, st.integers(1, 10), st.sets(st.integers(1, 10)))
def test_the_blockers_of_a_task_are_what_is_open_before_it(pairs: list, root: int, done: set) -> None:
    picture = snapshot(pairs)
    tasks = {n: t._replace(status="done" if n in done else "todo") for n, t in picture.tasks.items()}
    picture = picture._replace(tasks=tasks)
    lines = tree.blockers(picture, root)
    open_before = graph.reachable(root, lambda i: (p for p in picture.predecessors(i) if p not in done))
    assert {line.task_id for line in lines} == open_before
