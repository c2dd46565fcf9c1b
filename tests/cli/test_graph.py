"""graph: the diagram on a terminal and in a pipe, around tasks and of queries, as data and as pictures."""

from __future__ import annotations

import json
import random
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from taskterm.core.display import cells
from taskterm.exchange.answers.graph import Graph
from taskterm.store.store import Store
from tests.cli.terminal import Terminal
from tests.core.tracing import Drawing

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
RELEASE = (
    ("Lint and types", "", 60, ()),
    ("Unit tests", "", 120, ()),
    ("Build the wheel", "", 30, (1, 2)),
    ("Security scan", "ben", 60, (3,)),
    ("Integration tests", "ben", 120, (3,)),
    ("Mirror docs to the CDN", "", None, (3,)),
    ("Write release notes", "chloe", 540, ()),
    ("Review release notes", "", 60, (7,)),
    ("Approve", "ana", None, (4, 5, 8)),
    ("Publish to PyPI", "", None, (9,)),
    ("日本語のタイトルはとても長い", "", 60, (9,)),
    ("Announce", "", None, (10, 11, 6)),
    ("Buy milk", "", None, ()),
)
EDGES = {(1, 3), (2, 3), (3, 4), (3, 5), (3, 6), (7, 8), (4, 9), (5, 9), (8, 9), (9, 10), (9, 11), (10, 12), (11, 12)}
EDGES |= {(6, 12)}


@pytest.fixture
def release(home) -> None:
    """A release: twelve tasks that hang together, and one that does not."""
    specs = [
        {
            "key": str(number),
            "title": title,
            "assignee": owner or None,
            "estimate_minutes": minutes,
            "needs": [str(n) for n in needs],
        }
        for number, (title, owner, minutes, needs) in enumerate(RELEASE, 1)
    ]
    made(home["TASKTERM_DB"], specs)


def made(path: str, specs: list[dict]) -> None:
    """Puts the tasks into the database."""
    Store(path, create=True).execute("create", {"workflow": None, "tasks": specs}, actor="ana", now=NOW)


def many(path: str, count: int, reach: int) -> None:
    """A database of `count` tasks that wait for earlier ones."""
    dice = random.Random(1)
    specs = [
        {"key": str(n), "title": f"Task {n}", "needs": [str(max(0, n - dice.randint(1, reach)))] if n else []}
        for n in range(count)
    ]
    made(path, specs)


def shown_on(home, tmp_path: Path, width: int, *words: str, **env: str) -> list[str]:
    """The lines that a terminal of this width shows, without colours."""
    terminal = Terminal(words, {**home, "NO_COLOR": "1", **env}, tmp_path, width=width)
    assert terminal.end() == 0
    assert "\x1b" not in terminal.shown
    return terminal.shown.split("\n")


def test_every_dependency_can_be_followed_in_what_is_printed(cli, release):
    run = cli("graph")
    assert (run.returncode, run.stderr) == (0, "")
    drawing = Drawing(run.stdout.replace("○", " ").replace("⊘", " ").split("\n"))
    assert set(drawing.boxes) == set(range(1, 13))
    assert drawing.edges() == EDGES
    assert run.stdout.endswith("\nand 1 task without dependencies\n")
    assert "\x1b" not in run.stdout


def test_ascii_draws_the_same_lines_with_ascii_signs_alone(cli, release):
    run = cli("graph", "--ascii")
    rows = [row.replace("| o", "|  ").replace(": %", ":  ") for row in run.stdout.split("\n")]
    assert Drawing(rows, ascii_only=True).edges() == EDGES
    assert not set(run.stdout) - set("日本語のタイトルはとても長い") - {chr(code) for code in range(127)}


@pytest.mark.parametrize("width", [60, 80, 140])
@pytest.mark.parametrize("words", [(), ("9",), ("--size", "compact"), ("--size", "boxes", "--direction", "right")])
def test_no_line_is_wider_than_the_terminal(home, tmp_path, release, width, words):
    for line in shown_on(home, tmp_path, width, "graph", *words):
        assert cells(line) <= width


def test_on_a_terminal_that_is_too_narrow_it_flows_down(home, tmp_path, release):
    lines = shown_on(home, tmp_path, 140, "graph")
    rows = [line.replace("○", " ").replace("⊘", " ") for line in lines]
    assert Drawing(rows, "down").edges() == EDGES


def test_what_fits_in_no_form_is_folded_and_every_cut_line_is_labelled(home, tmp_path, release):
    lines = shown_on(home, tmp_path, 80, "graph", "--direction", "right")
    heads = [line for line in lines if line.startswith("layers ")]
    assert [head.split()[-1] for head in heads] == ["6"] * len(heads)
    assert len(heads) > 1
    assert any(line.endswith(" 12") for line in lines)
    assert any(line.startswith("6 ") or " 6 ─" in line for line in lines)


def test_colour_is_for_terminals(home, tmp_path, release):
    terminal = Terminal(("graph",), home, tmp_path, width=140)
    assert terminal.end() == 0
    assert "\x1b[90m" in terminal.shown


def test_a_file_holds_no_colour_even_if_the_terminal_has_some(home, tmp_path, release):
    assert Terminal(("graph", "-o", "plan.txt"), home, tmp_path).end() == 0
    text = (tmp_path / "plan.txt").read_text(encoding="utf-8")
    assert "Approve" in text
    assert "\x1b" not in text


def test_a_task_without_dependencies_is_shown_as_such(cli, release):
    text = cli("graph", "13").stdout
    assert "13 Buy milk" in text
    assert text.endswith("\nit waits for nothing that is open, and nothing open waits for it\n")


def test_a_task_is_shown_with_what_it_waits_for_and_what_it_releases(cli, release):
    found = json.loads(cli("graph", "9", "--depth", "1", "--json").stdout)
    assert [node["id"] for node in found["nodes"]] == [4, 5, 8, 9, 10, 11]
    assert {n["id"]: (n["more_before"], n["more_after"]) for n in found["nodes"]}[4] == (1, 0)
    assert found["depth"] == 1
    text = cli("graph", "9", "--depth", "1").stdout
    assert "┏━" in text
    assert text.endswith("\n1 step each way; more with --depth 2\n")


def test_a_word_that_fits_one_title_names_that_task(cli, release):
    found = json.loads(cli("graph", "Mirror", "--json").stdout)
    assert [node["id"] for node in found["nodes"]] == [1, 2, 3, 6, 12]


def test_a_query_chooses_the_tasks_and_the_lines_between_them(cli, release):
    found = json.loads(cli("graph", "1..5", "--json").stdout)
    assert {(edge["predecessor"], edge["successor"]) for edge in found["edges"]} == {(1, 3), (2, 3), (3, 4), (3, 5)}
    none = cli("graph", "@ben")
    assert (none.returncode, none.stdout) == (0, "")
    assert "none of these 2 tasks waits for another" in none.stderr


def test_finished_tasks_are_drawn_only_with_all(cli, release):
    cli("done", "1")
    assert "Lint and types" not in cli("graph").stdout
    assert "✓ 1 Lint and types" in cli("graph", "--all").stdout


def test_the_answer_as_data_has_places_and_lines(cli, release):
    found = json.loads(cli("graph", "--json").stdout)
    assert Graph.model_validate_json(cli("graph", "--json").stdout)
    assert found["direction"] == "right"
    nodes = {node["id"]: node for node in found["nodes"]}
    assert set(nodes) == set(range(1, 13))
    assert found["alone"] == [13]
    assert {(edge["predecessor"], edge["successor"]) for edge in found["edges"]} == EDGES
    critical = {(edge["predecessor"], edge["successor"]) for edge in found["edges"] if edge["critical"]}
    assert critical == {(7, 8), (8, 9), (9, 11), (11, 12)}
    for edge in found["edges"]:
        first, last = edge["line"][0], edge["line"][-1]
        source, target = nodes[edge["predecessor"]], nodes[edge["successor"]]
        assert source["layer"] < target["layer"]
        assert first == [source["x"] + source["width"], source["y"] + 2]
        assert last == [target["x"] - 1, target["y"] + 2]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("99",), 1, "there is no task #99"),
        (("--size", "huge"), 2, "--size cannot be huge"),
        (("--format", "pdf"), 2, "use one of: text, mermaid, dot, svg"),
        (("--direction", "up"), 2, "use one of: right, down"),
        (("--depth", "2"), 2, "--depth needs a task to start from"),
        (("12", "--depth", "0"), 2, "is not a number from 1"),
        (("",), 2, "one word is empty"),
        (("--sise", "dots"), 2, "did you mean --size"),
        (("--json", "--format", "svg"), 2, "leave one out"),
        (("-o", "no/such/folder/x.svg"), 1, "cannot be written"),
    ],
)
def test_what_cannot_be_drawn_is_said_with_what_to_do_instead(cli, release, words, code, said):
    run = cli("graph", *words)
    assert (run.returncode, run.stdout) == (code, "")
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_where_there_is_nothing_to_draw_it_says_how_to_begin(cli):
    assert "add the first" in cli("graph").stderr
    cli("add", "Write")
    run = cli("graph")
    assert (run.returncode, run.stdout) == (0, "")
    assert "link tasks with: taskterm link 12 --after 3" in run.stderr
    cli("done", "1")
    assert "nothing is open" in cli("graph").stderr


def test_pictures_go_to_a_file_or_to_standard_output(cli, release, tmp_path):
    run = cli("graph", "--format", "svg", "-o", "plan.svg")
    assert (run.returncode, run.stdout) == (0, "")
    assert run.stderr == "written to plan.svg\n"
    assert ElementTree.parse(tmp_path / "plan.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert cli("graph", "--format", "mermaid").stdout.startswith("flowchart LR\n    t1[")
    assert cli("graph", "9", "--depth", "1", "--format", "dot").stdout.count("->") == 5
    assert cli("graph", "-o", "plan.txt").returncode == 0
    assert (tmp_path / "plan.txt").read_text(encoding="utf-8") == cli("graph").stdout


def test_titles_cannot_steer_the_terminal(cli, home):
    made(home["TASKTERM_DB"], [{"key": "a", "title": "A", "needs": []}, {"key": "b", "title": "B", "needs": ["a"]}])
    with sqlite3.connect(home["TASKTERM_DB"]) as file:  # as somebody who writes into a shared file could do it
        file.execute("UPDATE task SET title = ?", ("Red \x1b[31m alert \u202e backwards",))
    file.close()
    for words in ((), ("--size", "compact"), ("--size", "dots"), ("1",), ("--format", "dot"), ("--format", "mermaid")):
        run = cli("graph", *words)
        assert run.returncode == 0
        assert "\x1b" not in run.stdout
        assert "\u202e" not in run.stdout


def test_more_tasks_than_can_be_read_become_an_overview(cli, home):
    many(home["TASKTERM_DB"], 2000, 30)
    run = cli("graph")
    assert run.returncode == 0
    assert "tasks in" in run.stdout
    assert "see what lies around a task with: taskterm graph 1\n" in run.stdout
    assert run.stdout.count("\n") < 200
    found = json.loads(cli("graph", "--json").stdout)
    assert len(found["nodes"]) == 2000
    assert found["nodes"][0]["x"] is None
    assert Graph.model_validate(found, strict=False)
    drawn = json.loads(cli("graph", "--json", "--size", "compact").stdout)
    assert drawn["nodes"][0]["x"] is not None


def test_an_overview_fits_the_terminal_too(home, tmp_path):
    many(home["TASKTERM_DB"], 400, 3)
    lines = shown_on(home, tmp_path, 60, "graph")
    assert max(map(cells, lines)) <= 60


def test_a_real_export_of_taskwarrior_is_drawn(cli, test_data):
    assert cli("import", str(test_data / "taskwarrior" / "export_onboarding.json")).returncode == 0
    found = json.loads(cli("graph", "--json", "--all").stdout)
    assert found["edges"]
    run = cli("graph", "--all")
    for sign in "○⊘✓◷–◐":
        run.stdout = run.stdout.replace(sign, " ")
    edges = {(edge["predecessor"], edge["successor"]) for edge in found["edges"]}
    assert Drawing(run.stdout.split("\n")).edges() == edges


@pytest.mark.parametrize("words", [("graph",), ("graph", "--format", "svg"), ("export", "--format", "csv")])
def test_a_drawing_or_an_export_never_replaces_the_database(cli, home, words):
    cli("add", "Write")
    cli("add", "Publish", "after:1")
    kept = Path(home["TASKTERM_DB"]).read_bytes()
    refused = cli(*words, "-o", home["TASKTERM_DB"])
    assert refused.returncode == 1
    assert "is the database itself" in refused.stderr
    assert Path(home["TASKTERM_DB"]).read_bytes() == kept
