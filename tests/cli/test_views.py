"""Queries and saved views as they are typed: what is understood, what is refused, and what the answers say."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from taskterm.core.query_forms import FORMS
from taskterm.store.store import Store

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


def ids(cli: Cli, *words: str) -> list[int]:
    answer = cli("list", *words, "--json")
    assert (answer.returncode, answer.stderr) == (0, ""), answer.stderr
    return [task["id"] for task in json.loads(answer.stdout)]


@pytest.fixture
def tasks(cli: Cli, home: dict[str, str]) -> Cli:
    """Four tasks: 1 is late and Ana's, 2 waits for it, 3 is due in 2030, 4 is done."""
    store = Store(home["TASKTERM_DB"], create=True)
    for args in (
        {
            "title": "Write the notes",
            "tags": ["docs"],
            "assignee": "ana",
            "priority": "L",
            "due": "2026-01-01T12:00:00Z",
        },
        {"title": "Deploy the shop", "tags": ["ops"], "priority": "H", "after": [1], "estimate_minutes": 120},
        {"title": "Measure (again)", "tags": ["ops"], "priority": "M", "due": "2030-01-01T12:00:00Z"},
        {"title": "Old news", "tags": ["docs"]},
    ):
        store.execute("add", args, actor="ana", now=datetime.now(UTC))
    store.execute("done", {"refs": [4]}, actor="ana", now=datetime.now(UTC))
    return cli


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["sort:due"], [1, 3, 2]),
        (["sort:-pri"], [2, 3, 1]),
        (["sort:-due,title", "--all"], [3, 1, 2, 4]),
        (["pri.min:M", "sort:id"], [2, 3]),
        (["pri>=M", "sort:-id", "-n", "1"], [3]),
        (["due.by:2029-12-31 12:00"], [1]),
        (["late", "or", "blocked", "sort:id"], [1, 2]),
        (["(late or blocked) -docs"], [2]),
        (["mine"], [1]),
        (["before:2"], [1]),
        (["has:est"], [2]),
        (["/^old/", "--all"], [4]),
        (["completed.by:tomorrow"], [4]),
        (["4"], [4]),
        (["not", "done", "sort:id"], [1, 2, 3]),
        (['"(again)"'], [3]),
    ],
)
def test_a_list_holds_what_the_query_says_in_the_order_it_says(
    tasks: Cli, words: list[str], expected: list[int]
) -> None:
    assert ids(tasks, *words) == expected


def test_next_takes_a_query_and_an_order(tasks: Cli) -> None:
    answer = tasks("next", "+docs or +ops", "sort:-due", "--json")
    assert [task["id"] for task in json.loads(answer.stdout)] == [3, 1]
    assert tasks("next", "redy").returncode == 2
    nothing = tasks("next", "blocked -docs")
    assert nothing.stderr == "nothing ready fits blocked -docs; what else fits: taskterm list 'blocked -docs'\n"


def test_a_sorted_list_is_one_list_in_a_pipe_too(tasks: Cli) -> None:
    lines = tasks("list", "sort:-id").stdout.splitlines()
    assert [line.split("\t")[1] for line in lines] == ["3", "2", "1"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["redy"], "no task says redy; did you mean ready?"),
        (["due.befor:fri"], "did you mean due.before:?"),
        (["pri.min:X"], "X is not a priority"),
        (["due.before:fryday"], "did you mean friday?"),
        (["due.by:fri", "17:00"], 'write due.by:"fri 17:00"'),
        (["/(/"], "/(/ is not a regular expression"),
        (["ready", ""], "one word of the query is empty"),
        (["(ready"], "this ( is not closed"),
        (["view:urgent"], "there is no view urgent"),
        (["sort:dew"], "did you mean sort:due?"),
    ],
)
def test_a_query_that_is_not_understood_is_a_usage_error(tasks: Cli, words: list[str], message: str) -> None:
    answer = tasks("list", *words)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert message in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["+opps"], "nothing fits +opps; no task has the tag opps; did you mean +ops?"),
        (["old"], "nothing fits old; --all looks at finished tasks too"),
        (["99"], "nothing fits 99; there is no task 99"),
        (["\x1b[2J"], "nothing fits ␛[2J"),
    ],
)
def test_an_empty_list_says_why_on_stderr_and_is_no_error(tasks: Cli, words: list[str], message: str) -> None:
    answer = tasks("list", *words)
    assert (answer.returncode, answer.stdout) == (0, "")
    assert message in answer.stderr


def test_a_view_is_saved_listed_used_replaced_undone_and_removed(tasks: Cli) -> None:
    saved = tasks("view", "save", "urgent", "pri.min:M sort:-pri", "--actor", "ben")
    assert (saved.returncode, saved.stdout, saved.stderr) == (0, "view:urgent is pri.min:M sort:-pri\n", "")
    assert ids(tasks, "view:urgent") == [2, 3]
    assert ids(tasks, "view:URGENT", "-docs", "sort:id", "-n", "1") == [2]
    replaced = tasks("view", "save", "urgent", "late")
    assert "it replaces pri.min:M sort:-pri" in replaced.stderr
    assert ids(tasks, "view:urgent") == [1]
    assert tasks("undo").returncode == 0
    assert tasks("view", "list").stdout == "urgent\tpri.min:M sort:-pri\tby ben\n"
    assert tasks("view").stdout == tasks("view", "list").stdout
    assert tasks("view", "remove", "urgent").stdout == "view:urgent is removed\n"
    assert "no view is saved" in tasks("view", "list").stderr
    assert tasks("list", "view:urgent").returncode == 2


def test_the_words_of_a_view_are_read_as_those_of_a_list(tasks: Cli) -> None:
    assert tasks("view", "save", "x", "+ops or", "due.by:fri 17:00", "-web").returncode == 0
    (view,) = json.loads(tasks("view", "list", "--json").stdout)
    assert view == {"name": "x", "query": '+ops or due.by:"fri 17:00" -web', "created_by": "ana"}


def test_views_answer_in_json(tasks: Cli) -> None:
    assert json.loads(tasks("view", "list", "--json").stdout) == []
    saved = json.loads(tasks("view", "save", "a", "late", "--json").stdout)
    assert (saved["view"], saved["replaced"]) == ({"name": "a", "query": "late", "created_by": "ana"}, None)
    again = json.loads(tasks("view", "save", "a", "ready", "--json").stdout)
    assert (again["view"]["query"], again["replaced"]) == ("ready", "late")
    removed = json.loads(tasks("view", "remove", "a", "--json").stdout)
    assert removed["removed"] == ["a"]
    assert removed["operation"] == again["operation"] + 1


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["save"], 2, "the name of the view is missing"),
        (["save", "urgent"], 2, "the query of urgent is missing"),
        (["save", "urgent", "redy"], 2, "did you mean ready?"),
        (["save", "urgent", "due:fryday"], 2, "did you mean friday?"),
        (["save", "two words", "ready"], 2, "cannot be the name of a view"),
        (["save", "urgent", "view:urgent"], 2, "there is no view urgent"),
        (["remove"], 2, "the view is missing"),
        (["remove", "none"], 1, "there is no view none"),
        (["list", "urgent"], 2, "taskterm list view:NAME"),
        (["lst"], 2, "did you mean view list?"),
    ],
)
def test_what_is_wrong_with_a_view_is_said(tasks: Cli, words: list[str], code: int, message: str) -> None:
    answer = tasks("view", *words)
    assert (answer.returncode, answer.stdout) == (code, "")
    assert message in answer.stderr


def test_views_can_be_saved_before_there_is_any_task(cli: Cli) -> None:
    assert cli("view", "list").returncode == 0
    assert cli("view", "save", "urgent", "pri:H").returncode == 0
    assert ids(cli, "view:urgent") == []
    assert cli("add", "x", "pri:H").returncode == 0
    assert ids(cli, "view:urgent") == [1]


def test_the_help_explains_every_form_of_a_query(cli: Cli) -> None:
    text = cli("help", "queries").stdout
    for form in [spelling for _, forms in FORMS for spelling, _ in forms]:
        assert form in text
    assert "help queries" in " ".join(cli("help", "list").stdout.split())
    assert "help queries" in " ".join(cli("--help").stdout.split())
