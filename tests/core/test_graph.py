"""The graph: a cycle is found with its path, order respects every edge, the critical path is the longest."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from taskterm.core import graph
from taskterm.core.errors import ClosesCycle

nodes = st.integers(0, 9)
edges = st.lists(st.tuples(nodes, nodes), max_size=25)


def neighbours(pairs: list[tuple[int, int]]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    before: dict[int, list[int]] = {n: [] for n in range(10)}
    after: dict[int, list[int]] = {n: [] for n in range(10)}
    for predecessor, successor in pairs:
        before[successor].append(predecessor)
        after[predecessor].append(successor)
    return before, after


def acyclic(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(min(p), max(p)) for p in pairs if p[0] != p[1]]


@given(edges)
def test_edges_that_pass_the_check_one_by_one_never_form_a_cycle(pairs: list[tuple[int, int]]) -> None:
    stored: list[tuple[int, int]] = []
    for predecessor, successor in pairs:
        before, after = neighbours(stored)
        try:
            graph.refuse_cycle(predecessor, successor, after.__getitem__)
        except ClosesCycle as refused:
            assert refused.path[0] == refused.path[-1] == predecessor
            steps = list(zip(refused.path, refused.path[1:], strict=False))
            assert steps[0] == (predecessor, successor)
            assert all(step in stored for step in steps[1:])
        else:
            stored.append((predecessor, successor))
    before, _ = neighbours(stored)
    assert len(graph.topological_order(range(10), lambda n: before[n])) == 10


@given(edges)
def test_in_topological_order_every_predecessor_comes_first(pairs: list[tuple[int, int]]) -> None:
    before, _ = neighbours(acyclic(pairs))
    order = graph.topological_order(range(10), lambda n: before[n])
    assert sorted(order) == list(range(10))
    assert all(order.index(p) < order.index(n) for n in range(10) for p in before[n])


@given(edges)
def test_a_cycle_among_nodes_is_reported_with_a_path_of_real_edges(pairs: list[tuple[int, int]]) -> None:
    before, after = neighbours(pairs)
    try:
        graph.topological_order(range(10), lambda n: before[n])
    except ClosesCycle as found:
        steps = list(zip(found.path, found.path[1:], strict=False))
        assert found.path[0] == found.path[-1]
        assert steps
        assert all(step in pairs for step in steps)
    else:
        assert not any(n in graph.reachable(n, lambda i: after[i]) for n in range(10))


@given(edges, st.lists(st.integers(1, 60), min_size=10, max_size=10))
def test_the_critical_path_is_the_longest_and_has_no_slack(pairs: list[tuple[int, int]], minutes: list[int]) -> None:
    before, after = neighbours(acyclic(pairs))

    def longest_from(node: int) -> int:
        return minutes[node] + max((longest_from(s) for s in after[node]), default=0)

    path = graph.critical_path(range(10), lambda n: before[n], lambda n: minutes[n])
    assert sum(minutes[n] for n in path) == max(longest_from(n) for n in range(10))
    assert all(p in before[n] for p, n in itertools.pairwise(path))
    slack = graph.slack(range(10), lambda n: before[n], lambda n: minutes[n])
    assert all(slack[n] == 0 for n in path)
    assert all(value >= 0 for value in slack.values())


def test_an_empty_graph_has_no_order_and_no_critical_path() -> None:
    assert graph.topological_order([], lambda n: []) == []
    assert graph.critical_path([], lambda n: [], lambda n: 1) == ()


def test_a_chain_of_ten_thousand_needs_no_recursion() -> None:
    chain = range(10_000)
    before = {n: [n - 1] if n else [] for n in chain}
    assert graph.topological_order(reversed(chain), lambda n: before[n]) == list(chain)
    assert len(graph.critical_path(chain, lambda n: before[n], lambda n: 1)) == 10_000
    assert graph.path_between(9_999, 0, lambda n: before[n]) is not None


@given(edges)
def test_how_many_nodes_can_be_reached_is_counted_for_all_at_once_as_for_each_alone(
    pairs: list[tuple[int, int]],
) -> None:
    _, after = neighbours(sorted(set(acyclic(pairs))))
    counted = graph.reach_counts(range(10), lambda n: after[n])
    assert counted == {n: len(graph.reachable(n, lambda i: after[i])) for n in range(10)}
    inside = [n for n in range(10) if n % 3]
    kept = {n: [s for s in after[n] if s in inside] for n in inside}
    counted = graph.reach_counts(inside, lambda n: after[n])
    assert counted == {n: len(graph.reachable(n, lambda i: kept[i])) for n in inside}


def test_a_task_before_and_a_task_behind_ten_thousand_others_are_counted() -> None:
    star = {0: list(range(1, 10_000)), **{n: [10_000] for n in range(1, 10_000)}, 10_000: []}
    counted = graph.reach_counts(star, lambda n: star[n])
    assert (counted[0], counted[5], counted[10_000]) == (10_000, 1, 0)
