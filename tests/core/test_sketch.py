"""A structure in one line: which tasks it names, what waits for what, and where it is not understood."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.errors import UsageError
from taskterm.core.sketch import Sketch, SketchError, parse_sketch

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)


def read(text: str) -> Sketch:
    return parse_sketch(text, NOW)


def edges(text: str) -> set[tuple[object, object]]:
    return set(read(text).edges)


def test_what_stands_left_of_the_arrow_comes_before_what_stands_right_of_it():
    assert edges("provision > (packages, dns) > deploy > smoke") == {
        ("provision", "packages"),
        ("provision", "dns"),
        ("packages", "deploy"),
        ("dns", "deploy"),
        ("deploy", "smoke"),
    }
    assert edges("a -> b → c") == {("a", "b"), ("b", "c")}


def test_a_comma_separates_what_may_go_on_at_the_same_time():
    assert edges("a > b, c > d") == {("a", "b"), ("c", "d")}
    assert edges("(a > b, c) > d") == {("a", "b"), ("b", "d"), ("c", "d")}
    assert edges("(a, b) > (c, d)") == {("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")}
    assert edges("a, b") == set()


def test_the_same_title_is_the_same_task_and_its_facts_add_up():
    sketch = read("Deploy +ops > check, deploy @ana > announce")
    assert list(sketch.tasks) == ["deploy", "check", "announce"]
    deploy = sketch.tasks["deploy"]
    assert (deploy.title, deploy.tags, deploy.assignee) == ("Deploy", ("ops",), "ana")


def test_a_name_is_a_capture_line():
    sketch = read("Write the notes +web @ana est:2h due:2026-12-01 > Publish at 17:00")
    write = sketch.tasks["write the notes"]
    assert (write.tags, write.assignee, write.estimate_minutes) == (("web",), "ana", 120)
    assert sketch.tasks["publish at 17:00"].title == "Publish at 17:00"


def test_quotes_keep_the_signs_of_a_sketch_in_a_name():
    assert list(read("'a > b, c' > \"d (e)\"").tasks) == ["a > b, c", "d (e)"]
    assert read('build run:"make > log" > test').tasks["build"].run == ("make > log",)
    assert list(read('don\'t > say "no"').tasks) == ["don't", 'say "no"']


def test_a_number_is_a_task_that_exists():
    assert read("12 > announce, #12 > 13").edges == ((12, "announce"), (12, 13))
    assert list(read('"12" > x').tasks) == ["12", "x"]


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("", 0, "the sketch is empty"),
        ("a > > b", 4, "a task is missing behind >"),
        ("a >", 3, "a task is missing behind >"),
        ("> a", 0, "a task is missing here"),
        ("a,,b", 2, "a task is missing behind ,"),
        ("a > ()", 5, "a task is missing behind ("),
        ("a (b)", 2, "a > or a comma is missing here"),
        ("a > (b, c", 4, "this ( is not closed"),
        ("a > b)", 5, "there is no ( for this )"),
        ("a > 'b", 4, "this quote is not closed"),
        ("a > a", 2, "a would wait for itself"),
        ("a > b > c > A", 10, "that would close a cycle: a → b → c → a"),
        ("12 > x > 12", 7, "that would close a cycle: 12 → x → 12"),
        ("a due:fri > b due:fryday", 18, "fryday is not a date; did you mean friday?"),
        ("a due:fri > b, a due:sat", 15, "a has another due further left"),
        ("+ops > b", 0, "a task needs a title"),
        ("12 +ops > b", 0, "12 is a task that exists: it is named without facts"),
        ("a prio:H > b", 2, "prio:H is no fact of a task; did you mean pri:H?"),
        ("(" * 200 + "a" + ")" * 200, 100, "there are more than 100 brackets in each other"),
    ],
)
def test_what_is_not_understood_is_named_with_its_place(text, at, message):
    with pytest.raises(SketchError) as raised:
        read(text)
    assert (raised.value.at, raised.value.message) == (at, message)


def test_two_large_groups_do_not_make_a_million_links():
    group = ", ".join(f"t{n}" for n in range(100))
    other = ", ".join(f"u{n}" for n in range(100))
    with pytest.raises(SketchError, match="links"):
        read(f"({group}) > ({other})")


structure = st.recursive(
    st.integers(0, 7),
    lambda inner: st.tuples(st.sampled_from([">", ","]), st.lists(inner, min_size=2, max_size=3)),
    max_leaves=8,
)


def written(node) -> str:
    """A structure as a sketch, everything below the top in brackets."""
    if isinstance(node, int):
        return f"t{node}"
    sign, parts = node
    return f" {sign} ".join(written(part) if isinstance(part, int) else f"({written(part)})" for part in parts)


def expanded(node) -> tuple[set[str], set[str], set[tuple[str, str]]]:
    """What begins a structure, what ends it, and its edges, from the definition."""
    if isinstance(node, int):
        return {f"t{node}"}, {f"t{node}"}, set()
    sign, parts = node
    found = [expanded(part) for part in parts]
    inside = set().union(*(edges for _, _, edges in found))
    if sign == ",":
        return set().union(*(b for b, _, _ in found)), set().union(*(e for _, e, _ in found)), inside
    for (_, ends, _), (begins, _, _) in pairwise(found):
        inside |= {(end, begin) for end in ends for begin in begins}
    return found[0][0], found[-1][1], inside


def has_cycle(found: set[tuple[str, str]]) -> bool:
    while found:
        waiting = {after for _, after in found}
        free = {edge for edge in found if edge[0] not in waiting}
        if not free:
            return True
        found = found - free
    return False


@given(structure)
def test_a_sketch_has_the_edges_of_its_definition_or_is_refused_as_a_cycle(node):
    wanted = expanded(node)[2]
    try:
        sketch = read(written(node))
    except SketchError as error:
        assert has_cycle(wanted), error.message
    else:
        assert set(sketch.edges) == wanted
        assert not has_cycle(wanted)


@given(st.text(max_size=60) | st.text("ab>,() '\":+@-12→", max_size=60))
def test_whatever_is_typed_it_is_a_sketch_or_an_error_with_a_place(text):
    try:
        read(text)
    except SketchError as error:
        assert 0 <= error.at <= len(text)
        assert isinstance(error, UsageError)
