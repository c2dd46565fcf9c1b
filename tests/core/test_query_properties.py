"""Whatever is asked of whatever tasks: the query language means what it says, and no text makes it fail."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.errors import UsageError
from taskterm.core.model import View
from taskterm.core.query import SortKey, ordered, parse, quoted, select
from taskterm.core.query_order import KEYS, urgency_at
from taskterm.core.query_words import cut, joined
from taskterm.core.snapshot import Snapshot
from tests.core.query_world import AT, ME, NOW, Asked, queries, snapshots, terms

PIECES = st.sampled_from(
    [
        *("ready", "+ops", "-ops", "@me", "-@ana", "project:", "project:site", "12", "1,2", "3..", "9..1", "#1"),
        *(
            '"',
            "'",
            '""',
            "''",
            '"a b"',
            "'x",
            "/",
            "//",
            "/x/",
            "/(/",
            "/[[a]/",
            "\\",
            "(",
            ")",
            "()",
            " ",
            "\t",
            "\n",
        ),
        *("and", "or", "not", "NOT", "sort:", "sort:due,-pri", "sort:x", "view:", "view:a", "view:loop", "has:x"),
        *("due:", "due<", "due<=fri", "due.by:", "due.befor:fri", "due:fri 17:00", "due:none", "due<none", "due:0-0-0"),
        *("pri:X", "pri>=M", "est:9999999h", "est:", "urgency:nan", "urgency.min:1e999", "after:", "after:x", "id:"),
        *("\x00", "\x1b", "\ud800", "\u202e", "日", "9" * 5000, "x" * 50, "due!=1", "state:", "has:"),
        *(":", "<", ">=", ".", "..", ",", "@", "+", "-"),
    ]
)
LINES = st.one_of(
    st.text(max_size=40),
    st.lists(PIECES, max_size=12).map("".join),
    st.lists(PIECES, max_size=12).map(" ".join),
    st.text("()\"'/ notandor<>=:.,-+@#ab1\\", max_size=60),
)
VIEWS = tuple(
    View(name, line, 1, "ana") for name, line in (("a", "+ops sort:due"), ("loop", "view:two"), ("two", "view:loop"))
)


@given(queries, snapshots())
def test_a_query_lets_through_what_it_means(asked: Asked, snapshot: Snapshot) -> None:
    query = parse(asked.line, NOW, me=ME)
    expected = frozenset(task.id for task in snapshot.tasks.values() if asked.fits(snapshot, task))
    assert select(query, snapshot, AT) == expected


@given(queries, snapshots())
def test_a_query_reads_nothing_beyond_what_it_says_it_needs(asked: Asked, snapshot: Snapshot) -> None:
    query = parse(asked.line, NOW, me=ME)
    narrow = snapshot._replace(
        tasks={
            i: task if "notes" in query.needs else task._replace(notes="never read")
            for i, task in snapshot.tasks.items()
        },
        step_lists=snapshot.step_lists if "steps" in query.needs else {},
        comment_lists=snapshot.comment_lists if "comments" in query.needs else {},
        before=snapshot.before if "graph" in query.needs else {},
        after=snapshot.after if "graph" in query.needs else {},
    )
    assert select(query, narrow, AT) == select(query, snapshot, AT)


@given(queries, snapshots())
def test_not_lets_through_exactly_the_rest(asked: Asked, snapshot: Snapshot) -> None:
    inside, outside = (select(parse(line, NOW, me=ME), snapshot, AT) for line in (asked.line, f"not ({asked.line})"))
    assert inside is not None
    assert outside is not None
    assert inside | outside == set(snapshot.tasks)
    assert not inside & outside


@given(queries, snapshots())
def test_a_saved_view_means_what_its_query_means(asked: Asked, snapshot: Snapshot) -> None:
    views = (View("mine", asked.line, 1, "ben"),)
    query = parse("not view:MINE", NOW, me=ME, views=lambda: views)
    direct = select(parse(asked.line, NOW, me=ME), snapshot, AT)
    assert direct is not None
    assert select(query, snapshot, AT) == frozenset(snapshot.tasks) - direct


@given(st.lists(terms, min_size=1, max_size=4), snapshots())
def test_arguments_of_a_command_line_mean_what_they_mean_alone(asked: list[Asked], snapshot: Snapshot) -> None:
    query = parse([one.line for one in asked], NOW, me=ME)
    found = frozenset(t.id for t in snapshot.tasks.values() if all(one.fits(snapshot, t) for one in asked))
    assert select(query, snapshot, AT) == found
    assert select(parse(query.text, NOW, me=ME), snapshot, AT) == found


@given(LINES)
def test_a_line_that_is_being_typed_never_fails(line: str) -> None:
    query = parse(line, NOW, strict=False, me=ME, views=lambda: VIEWS)
    assert all(0 <= problem.start <= problem.end <= len(line) for problem in query.problems)
    everything = Snapshot()
    assert select(query, everything, AT) in (None, frozenset())
    assert all(line[word.start : word.end].strip() for word in query.words)


@given(LINES)
def test_a_strict_reading_fails_only_with_a_usage_error_and_exactly_where_there_is_a_problem(line: str) -> None:
    problems = parse(line, NOW, strict=False, me=ME, views=lambda: VIEWS).problems
    try:
        query = parse(line, NOW, me=ME, views=lambda: VIEWS)
    except UsageError as error:
        assert error.message == problems[0].message
    else:
        assert problems == ()
        assert query.problems == ()


@given(st.lists(LINES.filter(str.strip), max_size=3))
def test_no_arguments_make_a_query_fail_otherwise(arguments: list[str]) -> None:
    try:
        query = parse(arguments, NOW, me=ME, views=lambda: VIEWS)
    except UsageError:
        return
    again = parse(query.text, NOW, me=ME, views=lambda: VIEWS)
    assert [(w.kind, w.text, w.value) for w in again.words] == [(w.kind, w.text, w.value) for w in query.words]


@given(st.text(min_size=1, max_size=200) | st.text("\"' (/a", min_size=1), LINES)
def test_what_is_quoted_is_one_piece_of_text_whatever_follows(text: str, after: str) -> None:
    words = cut(f"{quoted(text)} {after}")
    assert (words[0].kind, words[0].text, words[0].unclosed) == ("text", text, False)
    keyed = cut(f"project:{quoted(text)} {after}")[0]
    assert (keyed.kind, keyed.value, keyed.unclosed) == ("key", text, False)


@given(LINES)
def test_the_words_of_a_line_cover_it_but_for_blanks(line: str) -> None:
    at = 0
    for word in cut(line):
        assert not line[at : word.start].strip()
        assert word.start < word.end
        at = word.end
    assert not line[at:].strip()


@given(st.lists(st.text("/ab (", min_size=1, max_size=6).filter(str.strip), min_size=1, max_size=4))
def test_no_argument_runs_on_into_the_next(arguments: list[str]) -> None:
    alone = [(word.kind in ("word", "text"), word.text) for part in arguments for word in cut(part)]
    assert [(word.kind in ("word", "text"), word.text) for word in cut(joined(arguments))] == alone


sorts = st.lists(st.builds(SortKey, st.sampled_from(KEYS), st.booleans()), max_size=3)


@given(snapshots(), sorts, st.randoms(use_true_random=False))
def test_a_list_is_sorted_by_its_keys_the_same_way_whatever_it_was_before(snapshot, sort, random) -> None:
    tasks = list(snapshot.tasks.values())
    random.shuffle(tasks)
    found = ordered(tasks, sort, AT)
    assert sorted(found) == sorted(tasks)
    assert found == ordered(reversed(tasks), sort, AT)
    for left, right in pairwise(found):
        assert _stands_before(left, right, sort)


def _stands_before(left, right, sort) -> bool:
    for name, descending in sort:
        one, other = _value(left, name), _value(right, name)
        if one != other:
            if one is None or other is None:
                return other is None
            return (one > other) == descending
    return left.id < right.id


def _value(task, name):
    if name == "urgency":
        return urgency_at(AT)(task)
    if name == "pri":
        return {"H": 3, "M": 2, "L": 1, None: None}[task.priority]
    stored = {"est": "estimate_minutes", **{n: f"{n}_at" for n in ("created", "modified", "started", "completed")}}
    value = getattr(task, stored.get(name, name))
    return value.casefold() if isinstance(value, str) and name in ("title", "project", "assignee") else value
