"""The query language by example: what each form means, what is refused and with which words."""

from __future__ import annotations

import pytest

from taskterm.core.errors import UsageError
from taskterm.core.model import Comment, Step, Task, View
from taskterm.core.query import DEEPEST, LONGEST, Query, SortKey, ordered, parse, select
from taskterm.core.query_doubts import refuse_misspelt, why_nothing
from taskterm.core.query_forms import FORMS
from taskterm.core.snapshot import Snapshot
from tests.core.query_world import AT, NOW

TASKS = (
    Task(1, "a", "Write notes", tags=("docs",), assignee="ana", project="site.web", due="2026-11-20T00:00:00Z"),
    Task(2, "b", "Publish 12 pages", tags=("docs", "ops"), assignee="Ben", project="site", open_predecessors=1),
    Task(3, "c", "Deploy", status="doing", run_state="running", project="sitemap", priority="H", estimate_minutes=120),
    Task(4, "d", "Old", status="done", notes="mentions deploy", completed_at="2026-11-22T09:00:00Z", priority="M"),
    Task(12, "e", "Wait (for it)", wait="2027-01-01T00:00:00Z", run_state="failed", due="2026-11-27T16:00:00Z"),
)
SNAPSHOT = Snapshot(
    tasks={task.id: task for task in TASKS},
    before={2: (1,), 12: (2,)},
    after={1: (2,), 2: (12,)},
    step_lists={3: (Step(1, 3, 1, "go", "make"),)},
    comment_lists={1: (Comment(1, 1, "hm", AT, "ben"),)},
)
VIEWS = (
    View("urgent", "pri.min:M sort:-pri", 1, "ana"),
    View("Site", "project:site view:urgent", 2, "ana"),
    View("a", "view:b", 3, "ana"),
    View("b", "not view:c", 4, "ana"),
    View("c", "view:a", 5, "ana"),
    View("broken", "ready (", 6, "ana"),
    View("sorted", "sort:title", 7, "ana"),
)


def read(text: str | list[str], *, strict: bool = True) -> Query:
    return parse(text, NOW, strict=strict, me="Ana", views=lambda: VIEWS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("open", {1, 2, 3, 12}),
        ("ready", {1}),
        ("READY", {1}),
        ("blocked", {2}),
        ("doing", {3}),
        ("running", {3}),
        ("failed", {12}),
        ("waiting", {12}),
        ("late", {1}),
        ("state:overdue", {1}),
        ("done", {4}),
        ("+docs", {1, 2}),
        ("+docs -ops", {1}),
        ("tag:none", {3, 4, 12}),
        ("@ben", {2}),
        ("@me", {1}),
        ("mine", {1}),
        ("-@ana", {2, 3, 4, 12}),
        ("assignee:@ana", {1}),
        ("unassigned", {3, 4, 12}),
        ("project:site", {1, 2}),
        ("project:site.", {1, 2}),
        ("pro:SITE.web", {1}),
        ("project:", {4, 12}),
        ("#1", {1}),
        ("12", {12}),
        ("text:12", {2}),
        ("1,12", {1, 12}),
        ("1..3", {1, 2, 3}),
        ("4..", {4, 12}),
        ("deploy", {3, 4}),
        ("DEPLOY open", {3}),
        ("/^deploy$/", {3}),
        ("/[wp]..t|b.i/", {1, 2, 12}),
        ("/write notes/", {1}),
        ('"Write notes"', {1}),
        ("'for it'", {12}),
        ('"(for it)"', {12}),
        ("/a/b", set()),
        ("ready or done", {1, 4}),
        ("not open", {4}),
        ("not not open", {1, 2, 3, 12}),
        ("+docs and (ready or done)", {1}),
        ("not (ready or blocked) open", {3, 12}),
        ("ready or doing +docs", {1}),
        ("due:fri", {12}),
        ("due<fri", {1}),
        ("due<=fri", {1, 12}),
        ("due.by:fri", {1, 12}),
        ('due.by:"fri 15:59"', {1}),
        ("due>mon", set()),
        ("due.from:fri", {12}),
        ("due.after:thu", {12}),
        ("due:none open", {2, 3}),
        ("completed:yesterday", {4}),
        ("wait.after:eoy", {12}),
        ("pri:h", {3}),
        ("pri>=M", {3, 4}),
        ("pri.max:M", {4}),
        ("priority:none", {1, 2, 12}),
        ("est.min:2h", {3}),
        ("est<2h", set()),
        ("urgency.min:3", {1, 3, 12}),
        ("has:steps", {3}),
        ("has:comment", {1}),
        ("has:notes", {4}),
        ("after:1", {2, 12}),
        ("after:2,12", {12}),
        ("before:12", {1, 2}),
        ("after:none", {1, 3, 4}),
        ("view:URGENT", {3, 4}),
        ("-docs view:urgent done", {4}),
        ("not view:urgent", {1, 2, 12}),
        ("ready or view:sorted", {1, 2, 3, 4, 12}),
    ],
)
def test_a_query_lets_through_what_it_says(text: str, expected: set[int]) -> None:
    query = read(text)
    assert query.problems == ()
    assert select(query, SNAPSHOT, AT) == frozenset(expected)


@pytest.mark.parametrize("spelling", [spelling for _, forms in FORMS for spelling, _ in forms])
def test_every_form_of_the_help_is_understood(spelling: str) -> None:
    query = read(spelling)
    assert query.test is not None or query.sort


@pytest.mark.parametrize("text", ["", "   ", "sort:due"])
def test_a_line_that_chooses_nothing_lets_everything_through(text: str) -> None:
    assert select(read(text), SNAPSHOT, AT) is None


@pytest.mark.parametrize("text", ["not", "(", ")", "and", "or", "( or )", "not not", "due:", 'due:"', '"', "pri:X"])
def test_a_line_that_says_nothing_yet_leaves_everything(text: str) -> None:
    query = read(text, strict=False)
    assert select(query, SNAPSHOT, AT) is None
    assert query.problems


@pytest.mark.parametrize(
    ("unfinished", "means"),
    [
        ("ready or", "ready"),
        ("(+docs", "+docs"),
        ("+docs)", "+docs"),
        ("ready due:f", "ready"),
        ("view:urg late", "late"),
        ('"Write no', '"write no"'),
        ("ready or due:fryday", "ready"),
    ],
)
def test_an_unfinished_or_wrong_piece_reads_as_if_it_were_absent(unfinished: str, means: str) -> None:
    found = select(read(unfinished, strict=False), SNAPSHOT, AT)
    assert found == (select(read(means), SNAPSHOT, AT) if not unfinished.startswith('"') else None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("due.befor:fri", "there is no due.befor:; did you mean due.before:?"),
        ("befor:12", "there is no befor: in a query; did you mean before:?"),
        ("due.before:fryday", "fryday is not a date; did you mean friday?"),
        ("due.min:fri", "there is no due.min:; did you mean due.from:?"),
        ("pri.min:X", "X is not a priority"),
        ("pri.before:M", "there is no pri.before:; did you mean pri.under:?"),
        ("pri<none", "pri is not compared with none"),
        ("est.max:2q", "2q is not a length of time"),
        ("urgency:high", "high is not a number"),
        ("due:", "due: has no value"),
        ("due!=fri", "there is no due!= in a query"),
        ("due.by<fri", "due.by< compares twice"),
        ("project<site", "project is not compared with <"),
        ("project.web:x", "project: has no form with a dot"),
        ("state:redy", "redy is not a state; did you mean state:ready?"),
        ("has:stepz", "stepz is not anything that a task has; did you mean has:steps?"),
        ("after:write", "after:write names no task by its id"),
        ("after:3..5", "after:3..5 names no task by its id"),
        ("20..12", "20..12 holds no id"),
        ("id:x", "x is no id"),
        ("sort:-dew", "nothing is sorted by -dew; did you mean sort:-due?"),
        ("sort:due,", "sort: lacks a key"),
        ("not sort:due", "sort: chooses no tasks"),
        ("ready or sort:due", "or has nothing on its right"),
        ("/a(/", "/a(/ is not a regular expression: missing"),
        ("ready or", "or has nothing on its right"),
        ("and ready", "and has nothing on its left"),
        ("ready and or done", "and has nothing on its right"),
        ("ready (not)", "not has nothing behind it"),
        ("(ready", "this ( is not closed"),
        ("ready)", "this ) closes nothing"),
        ("ready ()", "there is nothing in the brackets"),
        ('"ready', "the quote is not closed"),
        ('due:"fri', "the quote behind due: is not closed"),
        ('""', "the quotes hold nothing"),
        ("due.by:fri 17:00", "the date fri 17:00 needs quotes"),
        ("due:in 3 days ready", "the date in 3 days needs quotes"),
        ("view:urgnt", "there is no view urgnt; did you mean view:urgent?"),
        ("view:a", "the views name each other in a circle: a → b → c → a"),
        ("view:broken", "the view broken holds a mistake: this ( is not closed"),
        ("x" * (LONGEST + 1), "a query has at most"),
        ("(" * 50 + "ready" + ")" * 50, f"brackets stand more than {DEEPEST} deep"),
    ],
)
def test_what_is_not_understood_is_named_and_a_guess_is_made(text: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(text)
    assert message in refused.value.message
    assert refused.value.hint or "at most" in message
    if "has nothing" in message:
        assert refused.value.hint.endswith(f"text:{message.split()[0]}")
    (problem, *_) = read(text, strict=False).problems
    assert message in problem.message


@pytest.mark.parametrize(
    "text", ["https://example.org", "17:00", "a=b", "x<y", "note:this", "rest:x", "/etc/hosts", "C++"]
)
def test_a_word_that_resembles_no_key_is_text(text: str) -> None:
    held = Snapshot(tasks={1: Task(1, "a", f"Look at {text} again"), 2: Task(2, "b", "Other")})
    assert select(read(text), held, AT) == frozenset({1})


def test_an_argument_that_is_a_key_and_a_whole_date_needs_no_second_quotes() -> None:
    query = read(["due.by:fri 17:00", "open"])
    assert query.text == 'due.by:"fri 17:00" open'
    assert select(query, SNAPSHOT, AT) == frozenset({1, 12})
    assert read(["due.by:fri ready"]).text == "due.by:fri ready"


def test_an_empty_argument_gets_a_hint_about_quoting() -> None:
    with pytest.raises(UsageError, match="one word of the query is empty") as refused:
        read(["ready", " "])
    assert "quote" in refused.value.hint


def test_a_sort_of_the_line_goes_before_that_of_its_views() -> None:
    assert read("view:site sort:due,-id").sort == (SortKey("due"), SortKey("id", True), SortKey("pri", True))
    nested = (View("outer", "view:inner sort:due", 1, "ana"), View("inner", "ready sort:id", 2, "ana"))
    assert parse("view:outer", NOW, views=lambda: nested).sort == (SortKey("due"), SortKey("id"))


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("ready +ops due<fri sort:-urgency", {"tags"}),
        ("word", {"notes"}),
        ("/x/ has:steps", {"notes", "steps"}),
        ("has:comments or after:1", {"comments", "graph"}),
        ("before:none", {"graph"}),
    ],
)
def test_a_query_says_what_it_reads_beside_the_fields_of_a_task(text: str, needs: set[str]) -> None:
    assert read(text).needs == needs


def test_what_a_task_lacks_comes_last_whichever_way_a_list_is_sorted() -> None:
    for sort, expected in (("due", [1, 12, 2, 3, 4]), ("-due", [12, 1, 2, 3, 4]), ("-pri,title", [3, 4, 2, 12, 1])):
        assert [task.id for task in ordered(TASKS, read(f"sort:{sort}").sort, AT)] == expected


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("done", True),
        ("not done", False),
        ("not (ready or not done)", True),
        ("4", True),
        ("-4", False),
        ("completed.after:mon", True),
        ("+docs", False),
        ("state:cancelled", True),
    ],
)
def test_a_query_says_whether_it_asks_for_ended_tasks(text: str, ended: bool) -> None:
    assert read(text).ended is ended


def test_the_places_of_words_and_problems_are_those_of_the_line() -> None:
    line = '  +ops due.before:"fri 17:00" pri:X (late'
    query = read(line, strict=False)
    assert [line[word.start : word.end] for word in query.words] == [
        "+ops",
        'due.before:"fri 17:00"',
        "pri:X",
        "(",
        "late",
    ]
    assert [(line[p.start : p.end], p.unfinished) for p in query.problems] == [("pri:X", False), ("(", True)]


def test_brackets_of_views_count_together_and_many_views_end_in_an_error_not_in_hours() -> None:
    deep = tuple(View(f"v{n}", f"((view:v{n + 1}))" if n < 90 else "ready", n, "ana") for n in range(91))
    wide = tuple(View(f"v{n}", f"view:v{n + 1} view:v{n + 1}" if n < 20 else "ready", n, "ana") for n in range(21))
    for views, message in ((deep, "deep in each other"), (wide, "at most 100 views")):
        with pytest.raises(UsageError, match=message):
            parse("view:v0", NOW, views=lambda views=views: views)  # type: ignore[misc]


def test_views_are_read_only_where_a_query_names_one() -> None:
    def never() -> tuple[View, ...]:
        raise AssertionError("the views were read")

    parse('ready +ops due<fri "view:urgent"', NOW, views=never)


def test_a_bare_word_that_no_task_holds_and_that_is_nearly_a_state_is_refused() -> None:
    with pytest.raises(UsageError, match="no task says redy; did you mean ready") as refused:
        refuse_misspelt(read("redy +docs"), TASKS)
    assert "text:redy" in refused.value.hint
    for fine in ("deploy", '"redy"', "text:redy", "+redy", "wrte", "old", "pages"):
        refuse_misspelt(read(fine), TASKS)
    refuse_misspelt(read("redy"), [*TASKS, Task(5, "f", "Incredyble")])


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("+dosc", "no task has the tag dosc; did you mean +docs?"),
        ("@bem", "no task is assigned to bem; did you mean @Ben?"),
        ("project:site.wbe", "no task belongs to the project site.wbe; did you mean project:site.web?"),
        ("project:site.", ""),
        ("13", "there is no task 13"),
        ("12 late", ""),
        ("urgent", "there is a view of that name: view:urgent"),
        ("wrote", ""),
    ],
)
def test_an_empty_list_is_explained_by_a_name_that_no_task_bears(text: str, phrase: str) -> None:
    assert why_nothing(read(text), TASKS, VIEWS) == phrase


def test_a_number_that_is_no_id_but_stands_in_a_title_is_said() -> None:
    tasks = [Task(1, "a", "Plan 2027")]
    assert why_nothing(read("2027"), tasks, ()) == "there is no task 2027; text:2027 looks for the number in titles"


def test_what_is_shown_of_a_wrong_word_cannot_steer_the_terminal() -> None:
    for text in ("due:\x1b[2J", "/\x1b(/", "befor:\x1b", "sort:\x1b", "has:\u202e", "view:\x9b", "id:\x07"):
        with pytest.raises(UsageError) as refused:
            read(text)
        assert all(c.isprintable() for c in refused.value.message + refused.value.hint), text
