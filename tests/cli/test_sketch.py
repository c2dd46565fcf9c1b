"""sketch: a structure in one line, made at once, drawn, and explained where it is not understood."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

TREE = """\
1 provision
├─ 2 packages
│  └─ 4 deploy · est 2 h · +ops · @ana
│     └─ 5 smoke
└─ 3 dns
   └─ ↑ 4 deploy
"""
LINE = "provision > (packages, dns) > deploy +ops @ana est:2h > smoke"


def answer(cli, *words: str):
    """The JSON that a command answers; it must have gone well."""
    run = cli(*words, "--json")
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_a_sketch_makes_the_structure_and_draws_it(cli):
    run = cli("sketch", LINE)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "5 tasks and 5 links\n" + TREE
    assert [task["predecessors"] for task in answer(cli, "show", "1", "2", "3", "4", "5")] == [
        [],
        [1],
        [1],
        [2, 3],
        [4],
    ]
    assert len(answer(cli, "history")) == 1
    cli("undo")
    assert answer(cli, "list", "--all") == []


def test_a_dry_run_shows_the_same_and_makes_nothing(cli, home):
    run = cli("sketch", LINE, "--dry-run")
    assert run.returncode == 0
    assert run.stdout.startswith("5 tasks and 5 links, not made yet\nprovision\n├─ packages\n")
    assert not Path(home["TASKTERM_DB"]).exists()
    cli("add", "Old")
    assert "1 Old · is there already" in cli("sketch", "1 > new", "--dry-run").stdout
    assert cli("sketch", "77 > new", "--dry-run").returncode == 1


def test_tasks_that_exist_take_their_place_by_their_id(cli):
    cli("add", "Ship")
    found = answer(cli, "sketch", "1 > announce, 1 > measure")
    assert found["sketch"] == [
        {"id": 1, "title": "Ship", "new": False, "after": []},
        {"id": 2, "title": "announce", "new": True, "after": [0]},
        {"id": 3, "title": "measure", "new": True, "after": [0]},
    ]
    assert answer(cli, "show", "1")["successors"] == [2, 3]


def test_commands_of_a_sketch_were_typed_here_and_may_run(cli):
    cli("sketch", "build run:'echo built' > test")
    run = cli("run", "1")
    assert (run.returncode, "built" in run.stdout) == (0, True)


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("a > > b", 2, "taskterm: a task is missing behind >\n  a > > b\n      ^\n"),
        ("日本 > b due:fryday", 2, "  日本 > b due:fryday\n               ^\n"),
        ("a > (b, c", 2, "this ( is not closed\n  a > (b, c\n      ^\n"),
        ("x" * 200 + " > > b", 2, "xxx > > b\n"),
        ("a > b > a", 2, "that would close a cycle: a → b → a"),
        ("99 > b", 1, "no task"),
        ("", 2, "the sketch is missing"),
        ("a\x1b[31m > b", 2, "control character"),
    ],
    ids=range(8),
)
def test_what_is_not_understood_is_pointed_at_and_nothing_is_made(cli, line, code, said):
    run = cli("sketch", line)
    assert (run.returncode, run.stdout) == (code, "")
    assert said in run.stderr
    assert "\x1b" not in run.stderr
    assert answer(cli, "list", "--all") == []


def test_the_drawing_fits_a_narrow_terminal_and_ascii(cli):
    assert cli("sketch", "a > (b, c) > d", "--ascii", "--dry-run").stdout.isascii()
