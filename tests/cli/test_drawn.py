"""What is drawn: why, tree, board, show and history on terminals of any width, in pipes, and for programs."""

from __future__ import annotations

import json
import os
import re
import signal
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from taskterm.cli.text import cells
from taskterm.core.zone import to_utc_text
from taskterm.store.store import Store
from tests.cli.terminal import Terminal
from tests.runner.helpers import alive, eventually

SGR = re.compile("\x1b\\[[0-9;]*m")
WIDTHS = [40, 60, 80, 140, 200]
DRAWN = [["why", "6"], ["tree"], ["tree", "6"], ["board"], ["board", "@ana"], ["show", "6", "3"], ["history"], ["list"]]


@pytest.fixture
def team(home, now) -> Store:
    """A chain with every state in it, and titles that are long, Chinese, emoji, or would like to steer a terminal."""
    store = Store(home["TASKTERM_DB"], create=True)
    early = datetime.now(now.tzinfo) - timedelta(days=5)
    long = "A title that goes on and on " * 10
    tasks = [
        {"key": "scope", "title": "Freeze the scope", "assignee": "ana", "estimate_minutes": 60},
        {"key": "write", "title": long, "assignee": "chloe", "priority": "H", "needs": ["scope"]},
        {"key": "translate", "title": "日本語のとても長い題名 🚀 " * 6, "needs": ["scope"], "estimate_minutes": 600},
        {"key": "wait", "title": "שלום עולם", "wait": "2099-01-01T00:00:00Z"},
        {"key": "review", "title": "[@click=app.quit]x", "needs": ["write", "translate"], "assignee": "ana"},
        {"key": "ship", "title": "Ship", "needs": ["review", "wait"], "priority": "H", "due": to_utc_text(early)},
    ]
    store.execute("create", {"tasks": tasks}, actor="ana", now=early)
    store.execute("done", {"refs": [1]}, actor="ana", now=early + timedelta(days=1))
    store.execute("start", {"refs": [2]}, actor="chloe", now=early + timedelta(days=2))
    return store


def shown(home, tmp_path: Path, words: list[str], width: int, **env: str) -> str:
    """What a terminal of this width shows."""
    terminal = Terminal(tuple(words), {**home, **env}, tmp_path, width=width)
    assert terminal.end() == 0, terminal.shown
    return terminal.shown


def answer(cli, *words: str):
    run = cli(*words, "--json")
    assert (run.returncode, run.stderr) == (0, "")
    return json.loads(run.stdout)


@pytest.mark.parametrize("words", DRAWN, ids=" ".join)
def test_no_line_is_wider_than_the_terminal_and_no_id_is_cut(team, home, tmp_path, words):
    for width in WIDTHS:
        plain = SGR.sub("", shown(home, tmp_path, words, width))
        assert max(cells(line) for line in plain.split("\n")) <= width
        assert not any(ord(c) < 0x20 and c != "\n" for c in plain)


@pytest.mark.parametrize("words", [["why", "6"], ["tree"], ["board"], ["show", "6"], ["history"]], ids=" ".join)
def test_colour_is_for_terminals_that_want_it(cli, team, home, tmp_path, words):
    assert "\x1b[" in shown(home, tmp_path, words, 80)
    assert "\x1b[" not in shown(home, tmp_path, words, 80, NO_COLOR="1")
    assert "\x1b[" not in shown(home, tmp_path, [*words, "--no-color"], 80)
    assert "\x1b[" not in cli(*words).stdout


def test_drawn_in_ascii_only_titles_have_other_letters(team, home, tmp_path):
    for words in (["why", "6"], ["tree", "6"], ["board"], ["show", "6"]):
        plain = SGR.sub("", shown(home, tmp_path, [*words, "--ascii"], 100))
        assert not set(plain) & set("▎─━┣├└┗│┃…↑◀▶·○⊘◐◷✓"), words


# ── why


def test_why_names_what_comes_first_whose_move_it_is_and_what_the_urgency_is_made_of(cli, team, home, tmp_path):
    plain = shown(home, tmp_path, ["why", "6", "--no-color"], 120)
    assert "It cannot start: 4 open tasks come first, 2 of them directly." in plain
    assert "It is 5 d late." in plain
    assert re.search(r"┣━ ○ 3 日本語.*ready, open 5 d", plain)
    assert re.search(r"2  A title that goes.*doing for 3 d +@chloe +taskterm done 2", plain)
    assert re.search(r"3  日本語.*can be started +nobody yet +taskterm start 3", plain)
    assert re.search(r"4  .*waits until Thu 1 Jan 2099", plain)
    (total,) = map(float, re.findall(r"Urgency (-?[0-9.]+)", plain))
    terms = re.findall(r"^ *(-?[0-9]+\.[0-9]{2})  \S", plain, re.MULTILINE)
    assert round(sum(map(float, terms)), 2) == total
    assert total == answer(cli, "why", "6")["urgency"] == answer(cli, "show", "6")["urgency"]


def test_why_of_a_ready_task_says_that_it_can_start_and_what_it_holds_up(cli, team):
    said = cli("why", "3").stdout
    assert "It can start now; open 5 d." in said
    assert "Holds up 2 open tasks" in said
    assert "holds up 6 Ship, which is due, through 5" in said


def test_why_of_an_ended_task_says_who_and_when_and_of_a_waiting_one_until_when(cli, team):
    assert "It was done 4 days ago by @ana." in cli("why", "1").stdout
    assert "It waits until Thu 1 Jan 2099." in cli("why", "4").stdout


def test_why_for_programs_has_the_chain_the_ends_and_every_term(cli, team):
    found = answer(cli, "why", "6")
    assert (found["id"], found["state"], found["can_start"]) == (6, "blocked", False)
    assert {b["id"]: (b["state"], b["direct"], b["waits_for"]) for b in found["blockers"]} == {
        5: ("blocked", True, [2, 3]),
        4: ("waiting", True, []),
        3: ("ready", False, []),
        2: ("doing", False, []),
    }
    assert found["longest_path"] == [3, 5, 6]
    assert found["longest_path_minutes"] == 600
    assert [(r["id"], r["act"]) for r in found["releases"]] == [(3, "start"), (2, "finish"), (4, "wait")]
    assert found["holds_up"] == {"count": 0, "direct": []}
    assert round(sum(term["value"] for term in found["terms"]), 2) == found["urgency"]
    assert [one["id"] for one in answer(cli, "why", "1", "2")] == [1, 2]


# ── board


def test_the_board_shows_the_columns_that_fit_and_names_the_others_with_their_counts(team, home, tmp_path):
    wide = SGR.sub("", shown(home, tmp_path, ["board"], 140))
    assert wide.split("\n")[0].split() == ["Blocked", "3", "Ready", "1", "Doing", "1", "Review", "0", "Done", "1"]
    lines = SGR.sub("", shown(home, tmp_path, ["board"], 80)).split("\n")
    assert lines[0].startswith("◀ Blocked 3")
    assert lines[0].endswith("Done 1 ▶")
    assert lines[1].split() == ["Ready", "1", "Doing", "1", "Review", "0"]
    narrow = SGR.sub("", shown(home, tmp_path, ["board"], 40)).split("\n")
    assert [line.split()[0] for line in narrow if re.match(r"[A-Z][a-z]+ \d+$", line)] == [
        "Blocked",
        "Ready",
        "Doing",
        "Review",
        "Done",
    ]


def test_a_card_has_two_lines_of_title_what_explains_it_and_its_facts(team, home, tmp_path):
    lines = SGR.sub("", shown(home, tmp_path, ["board", "-n", "1"], 40)).split("\n")
    at = lines.index("Doing 1")
    assert lines[at + 2 :][:4] == [
        "▎ A title that goes on and on A title",
        "▎ that goes on and on A title that goes…",
        "▎ holds up 2 · 3 d",
        "▎ ◐ 2 H @chloe",
    ]
    assert lines[lines.index("Blocked 3") + 6] == "  and 2 more"
    late = SGR.sub("", shown(home, tmp_path, ["board"], 40)).split("\n")
    assert "▎ ⊘ 6 H                         5 d late" in late


def test_a_full_column_says_so(cli, team, home, tmp_path):
    cli("column", "edit", "doing", "--limit", "1")
    head = SGR.sub("", shown(home, tmp_path, ["board"], 140)).split("\n")[0]
    assert re.search(r"Doing 1 / 1 +full", head)
    cli("start", "3", "--force")
    assert re.search(r"Doing 2 / 1 +over limit", SGR.sub("", shown(home, tmp_path, ["board"], 140)).split("\n")[0])


def test_in_a_pipe_a_card_is_a_line_with_its_column_first(cli, team):
    rows = [line.split("\t") for line in cli("board").stdout.splitlines()]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("Blocked", "blocked", "5"),
        ("Blocked", "blocked", "6"),
        ("Blocked", "waiting", "4"),
        ("Ready", "ready", "3"),
        ("Doing", "doing", "2"),
        ("Done", "done", "1"),
    ]
    assert {len(row) for row in rows} == {8}
    one = cli("board", "-n", "1")
    assert len(one.stdout.splitlines()) == 4
    assert one.stderr == "2 more in Blocked; ask for them with: taskterm board -n N\n"


def test_a_query_chooses_the_cards_and_programs_get_columns_of_tasks(cli, team):
    found = answer(cli, "board", "@ana")["columns"]
    assert {column["key"]: [task["id"] for task in column["tasks"]] for column in found} == {
        "blocked": [5],
        "ready": [],
        "doing": [],
        "review": [],
        "done": [1],
    }
    assert [column["count"] for column in answer(cli, "board", "-n", "1")["columns"]] == [3, 1, 1, 0, 1]
    nothing = cli("board", "@nobody")
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "nothing fits @nobody" in nothing.stderr


# ── tree


def test_the_tree_of_a_task_has_both_sides_who_is_waited_for_and_when_it_should_be_finished(team, home, tmp_path):
    plain = shown(home, tmp_path, ["tree", "5", "--no-color"], 120)
    assert re.search(r"Before 3  1 of 3 done", plain)
    assert re.search(r"After 1", plain)
    assert re.search(r"^┣━ ○ 3 日本語.*~", plain, re.MULTILINE)
    assert re.search(r"↑ 1 Freeze the scope +shown above", plain)
    assert re.search(r"Waited for\n@chloe +2 .*holds up 2 +for 3 d", plain)


def test_a_tree_may_be_of_a_query_and_of_some_depth(cli, team):
    assert [line.split("\t")[0] for line in cli("tree", "@ana").stdout.splitlines()] == ["blocked 5 [@click=app.quit]x"]
    shallow = cli("tree", "6", "--depth", "1").stdout
    assert "blocked 5" in shallow
    assert "ready 3" not in shallow
    assert "more below" in shallow
    misspelt = cli("tree", "redy")
    assert misspelt.returncode == 2
    assert "did you mean ready" in misspelt.stderr


def test_a_tree_of_everything_says_how_many_tasks_it_left_out(cli, team):
    cut = cli("tree", "-n", "2")
    assert len(cut.stdout.splitlines()) == 2
    assert "and 3 more tasks" in cut.stderr


# ── history, show


def test_history_tells_sentences_and_one_operation_field_by_field(cli, team):
    lines = cli("history", "2").stdout.splitlines()
    assert lines[0].endswith("@chloe began 2 " + ("A title that goes on and on " * 10).strip())
    cli("edit", "3", "due:2099-11-27", "pri:H")
    rows = [line.split("\t") for line in cli("history", "--operation", "4").stdout.splitlines()]
    assert ["priority", "nothing", "→", "H"] in [row[1:] for row in rows]
    assert ["due", "nothing", "→", "Fri 27 Nov 2099"] in [row[1:] for row in rows]
    assert cli("history", "--operation", "99").returncode == 1
    assert answer(cli, "history", "3")[0]["verb"] == "edit"


def test_undo_names_what_it_took_back(cli, team):
    cli("done", "2", "3", "--actor", "chloe")
    said = cli("undo", "--actor", "chloe").stdout
    assert said.startswith("took back 4: @chloe finished 2 A title")
    assert said.rstrip().endswith("· released 5")


def test_show_counts_everything_that_waits_for_a_task(cli, team):
    assert "holds up    2 open tasks" in cli("show", "3").stdout


# ── a run whose supervisor is gone


def test_a_run_whose_supervisor_died_is_not_shown_as_if_it_went_on(cli, home):
    assert cli("add", "Back up", "run:sleep 300").returncode == 0
    assert cli("run", "1", "--detach").returncode == 0
    store = Store(home["TASKTERM_DB"])
    eventually(lambda: any(a.state == "running" for a in store.snapshot().attempts(1)))
    pid = store.snapshot().runs[1].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not alive(pid))
    before = store.snapshot()
    listed = cli("runs")
    assert listed.stdout.split("\t")[:2] == ["1", "lost?"]
    for words in (["runs"], ["runs", "1"], ["list"], ["show", "1"], ["tree"], ["board"], ["why", "1"], ["logs", "1"]):
        assert "run 1 is not alive, its supervisor is gone: taskterm runs --recover" in cli(*words).stderr, words
    assert store.snapshot() == before, "looking changes nothing"
    recovered = cli("runs", "--recover")
    assert "run 1 is lost" in recovered.stderr
    assert recovered.stdout.split("\t")[:2] == ["1", "lost"]
    assert cli("list").stdout.startswith("failed\t1")
    assert cli("list").stderr == ""
