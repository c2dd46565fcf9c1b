"""import and export as their user meets them: real files, real processes, a real terminal."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from taskterm.exchange.answers import SHAPES
from tests.cli.terminal import Terminal

PLAN = """\
id,title,due,assignee,after
1,Write the plan,2026-12-01,ana,
2,Print it,,ben,1
3,"=Post, all of it",,,"1, 2"
"""


def answer(cli: Any, *words: str) -> Any:
    ended = cli(*words, "--json")
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.csv"
    path.write_text(PLAN)
    return path


def many(tmp_path: Path, count: int) -> Path:
    path = tmp_path / "many.csv"
    path.write_text("title,project\n" + "".join(f"Task {n},p{n % 3}\n" for n in range(count)))
    return path


# ── import


def test_a_table_comes_in_with_its_links_and_one_undo_takes_it_back(cli: Any, plan: Path) -> None:
    ended = cli("import", str(plan))
    assert ended.stdout == "3 tasks imported from plan.csv; taskterm undo takes them back\n"
    tasks = answer(cli, "list")
    assert sorted((t["id"], t["title"], t["predecessors"]) for t in tasks) == [
        (1, "Write the plan", []),
        (2, "Print it", [1]),
        (3, "=Post, all of it", [1, 2]),
    ]
    cli("undo")
    assert answer(cli, "list", "--all") == []


def test_a_dry_run_tells_everything_and_makes_not_even_a_database(cli: Any, plan: Path, home: dict[str, str]) -> None:
    ended = cli("import", "--dry-run", str(plan))
    assert ended.stdout == (
        "+ Write the plan · due Tue 1 Dec · @ana\n"
        "+ Print it · @ben · waits for 1 task\n"
        "+ =Post, all of it · waits for 2 tasks\n"
        "would add 3 tasks; nothing was written\n"
    )
    assert not Path(home["TASKTERM_DB"]).exists()
    told = answer(cli, "import", "--dry-run", str(plan))
    assert (told["dry_run"], told["operation"], told["counts"]["added"], told["tasks"]) == (True, None, 3, [])
    cli("import", str(plan))
    before = Path(home["TASKTERM_DB"]).read_bytes()
    assert cli("import", "--dry-run", str(plan)).stdout == "would leave 3 as they are; nothing was written\n"
    assert Path(home["TASKTERM_DB"]).read_bytes() == before


def test_the_same_file_twice_adds_nothing_and_says_so(cli: Any, plan: Path) -> None:
    cli("import", str(plan))
    again = cli("import", str(plan))
    assert (again.returncode, again.stdout) == (0, "nothing was added: all 3 tasks are here already\n")
    counts = answer(cli, "import", str(plan))["counts"]
    assert {name: count for name, count in counts.items() if count} == {"same": 3}


def test_what_differs_is_named_and_an_update_takes_the_values_of_the_file(cli: Any, tmp_path: Path) -> None:
    cli("add", "Write the plan")
    cli("add", "Print it", "after:1")
    path = tmp_path / "tasks.csv"
    cli("export", "-o", str(path))
    cli("done", "1")
    cli("edit", "2", "pri:H", "+web")
    ended = cli("import", str(path))
    assert ended.stdout == "nothing was added: all 2 tasks are here already, 2 of them with other values\n"
    assert ended.stderr.splitlines() == [
        "2 differ from the file and were left as they are:",
        "  1 Write the plan: status",
        "  2 Print it: priority, tags",
        f"take the values of the file with: taskterm import --update {path}",
    ]
    assert cli("import", "--update", "--dry-run", str(path)).stdout == (
        "~ 1 Write the plan: status\n~ 2 Print it: priority, tags\nwould update 2; nothing was written\n"
    )
    assert answer(cli, "import", "--update", str(path))["updated"] == [1, 2]
    assert [(t["status"], t["priority"], t["tags"]) for t in answer(cli, "list")] == [("todo", None, [])] * 2
    cli("undo")
    assert [t["status"] for t in answer(cli, "list", "--all", "1..2")] == ["todo", "done"]


def test_a_task_that_an_update_finishes_releases_what_waits_for_it(cli: Any, plan: Path) -> None:
    cli("import", str(plan))
    cli("export", "--format", "json", "-o", "all.json")
    path = plan.parent / "all.json"
    document = json.loads(path.read_text())
    document["tasks"][0]["status"] = "done"
    path.write_text(json.dumps(document))
    ended = cli("import", "--update", str(path))
    assert "1 task updated; taskterm undo takes it back\n2 Print it is ready\n" in ended.stdout


def test_commands_that_come_along_do_not_run_before_they_are_approved(cli: Any, tmp_path: Path) -> None:
    cli("add", "Deploy", "run:touch owned")
    cli("export", "-o", "all.json")
    path = tmp_path / "all.json"
    path.write_text(path.read_text().replace("touch owned", "touch stolen"))
    other = {"TASKTERM_DB": str(tmp_path / "other.db")}
    ended = cli("import", str(path), env=other)
    assert "1 command came along and does not run here before you have approved it" in ended.stderr
    assert "taskterm trust list" in ended.stderr
    assert cli("run", "1", env=other).returncode == 4
    assert "touch stolen" in cli("trust", "list", env=other).stdout
    assert not (tmp_path / "stolen").exists()


def test_the_format_is_seen_from_the_content_and_standard_input_is_read(cli: Any) -> None:
    for text, form in (
        ('[{"description": "A"}]', "taskwarrior"),
        ('{"title": "B"}', "json"),
        ('{"taskterm": 1, "tasks": [{"title": "C"}]}', "json"),
        ("Summary\nD\n", "csv"),
    ):
        ended = cli("import", "-", "--json", input=text)
        assert json.loads(ended.stdout)["format"] == form, ended.stderr
    assert [t["title"] for t in answer(cli, "list")] == ["A", "B", "C", "D"]


def test_a_file_with_a_mistake_brings_nothing_and_each_mistake_has_its_line(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("title,due\nA,\nB,fryday\nC,2026-02-30\n")
    ended = cli("import", "plan.csv")
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "plan.csv:3, due: fryday is not a date; did you mean friday?",
        "plan.csv:4, due: there is no 30 February 2026",
        "  nothing was imported",
    ]
    assert not (tmp_path / "tasks.db").exists()


def test_hostile_titles_reach_neither_the_terminal_nor_a_spreadsheet_unharmed(cli: Any, tmp_path: Path) -> None:
    hostile = "=cmd|'/c x'!A1 \x1b]0;owned\x07 \u202eevil"
    (tmp_path / "t.json").write_text(
        json.dumps([{"description": hostile, "annotations": [{"description": "\x1b[2J"}]}])
    )
    shown = cli("import", "--dry-run", "t.json").stdout + cli("import", "t.json").stderr + cli("list").stdout
    assert not set(shown) & set("\x1b\x07\u202e")
    assert not set(cli("export", "--format", "json").stdout) & set("\x1b\x07\u202e")
    assert "'=cmd" in cli("export", "--format", "csv").stdout


def test_ten_thousand_tasks_come_in_and_go_out(cli: Any, tmp_path: Path) -> None:
    path = many(tmp_path, 10_000)
    assert cli("import", str(path)).stdout.startswith("10,000 tasks imported")
    for name in ("out.csv", "out.json"):
        assert cli("export", "-o", name).stdout == f"10,000 tasks written to {name}\n"
    assert "all 10,000 tasks are here already" in cli("import", "out.csv").stdout


def test_the_answers_have_the_shapes_that_are_documented(cli: Any, plan: Path) -> None:
    imported, exported = (TypeAdapter(SHAPES[name]) for name in ("import", "export"))
    for words in (["--dry-run"], [], [], ["--update"]):
        imported.validate_python(answer(cli, "import", *words, str(plan)))
    cli("add", "Deploy", "run:true", "repeat:weekly", "due:fri")
    cli("comment", "4", "soon")
    cli("run", "4")
    for words in ([], ["+nobody"], ["-o", "x.csv"], ["-o", "x.json"]):
        exported.validate_python(answer(cli, "export", *words))


# ── on a terminal


def on_terminal(home: dict[str, str], cwd: Path, *words: str) -> Terminal:
    return Terminal(words, home, cwd, width=80)


def test_on_a_terminal_many_tasks_are_shown_as_a_summary_and_asked_for(
    cli: Any, home: dict[str, str], tmp_path: Path
) -> None:
    path = many(tmp_path, 21)
    screen = on_terminal(home, tmp_path, "import", path.name)
    screen.wait_for("[y/N]")
    assert "many.csv: 21 tasks, 3 projects\n  21 tasks would be added\nimport them?" in screen.shown
    screen.type("n\n")
    assert screen.end() == 1
    assert "nothing was imported" in screen.shown
    assert not Path(home["TASKTERM_DB"]).exists()
    screen = on_terminal(home, tmp_path, "import", path.name)
    screen.wait_for("[y/N]")
    screen.type("y\n")
    assert screen.end() == 0
    assert "… and 1 more" in screen.shown
    assert len(answer(cli, "list")) == 21


def test_on_a_terminal_few_tasks_or_a_yes_are_not_asked_about(
    cli: Any, home: dict[str, str], tmp_path: Path, plan: Path
) -> None:
    for words in (("import", plan.name), ("import", "--yes", many(tmp_path, 30).name)):
        screen = on_terminal(home, tmp_path, *words)
        assert screen.end() == 0
        assert "[y/N]" not in screen.shown
    assert len(answer(cli, "list")) == 33


def test_a_table_on_a_terminal_cannot_steer_it(cli: Any, home: dict[str, str], tmp_path: Path) -> None:
    cli("add", "Write")
    cli("edit", "1", "--notes", "\x1b]0;owned\x07\x9b31m")
    screen = on_terminal(home, tmp_path, "export", "--format", "csv")
    assert screen.end() == 0
    assert "Write" in screen.shown
    assert "\x1b]0" not in screen.shown
    assert "\x9b" not in screen.shown
    assert "\x1b]0;owned\x07" in cli("export", "--format", "csv").stdout  # a pipe gets what is there


# ── export


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("a.csv", "id,uuid,title"),
        ("a.json", '{\n "taskterm": 1'),
        ("a.mmd", "flowchart"),
        ("a.dot", "digraph"),
        ("a.svg", "<svg"),
    ],
)
def test_the_suffix_of_the_file_says_the_format(cli: Any, plan: Path, tmp_path: Path, name: str, begin: str) -> None:
    cli("import", str(plan))
    assert cli("export", "-o", name).stdout == f"3 tasks written to {name}\n"
    written = (tmp_path / name).read_text()
    assert written.startswith(begin)
    assert "Post, all of it" in written
    form = {"mmd": "mermaid"}.get(name[2:], name[2:])
    assert cli("export", "--format", form).stdout.startswith(begin)


def test_a_query_chooses_and_sorts_what_goes_out_whatever_its_state(cli: Any) -> None:
    for words in (["A", "+x", "pri:L"], ["B", "+x", "pri:H"], ["C"]):
        cli("add", *words)
    cli("done", "1")
    lines = cli("export", "--format", "csv", "+x", "sort:-pri").stdout.splitlines()
    assert [line.split(",")[2] for line in lines] == ["title", "B", "A"]
    assert [t["title"] for t in json.loads(cli("export", "--json", "-x").stdout)["tasks"]] == ["C"]
    none = cli("export", "--format", "taskwarrior", "+nobody")
    assert (none.returncode, none.stdout) == (0, "[]\n")
    assert "nothing fits +nobody" in none.stderr


def test_what_a_format_has_no_place_for_is_said(cli: Any) -> None:
    cli("add", "Deploy", "run:true")
    assert "the steps of 1 task" in cli("export", "--format", "taskwarrior", "-o", "t.json").stderr
    assert answer(cli, "export", "--format", "taskwarrior", "-o", "t.json")["left_out"] == ["the steps of 1 task"]


def test_a_file_is_replaced_whole_and_keeps_its_mode(cli: Any, tmp_path: Path) -> None:
    cli("add", "Write")
    path = tmp_path / "out.csv"
    path.write_text("old")
    path.chmod(0o600)
    cli("export", "-o", path.name)
    assert path.read_text().startswith("id,uuid")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [name for name in os.listdir(tmp_path) if "part" in name] == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["export"], 2, "the format is missing"),
        (["export", "--format", "xml"], 2, "--format cannot be xml"),
        (["export", "-o", "x.txt"], 2, "x.txt does not say the format"),
        (["export", "--format", "csv", "--json"], 2, "cannot both be on standard output"),
        (["export", "--format", "csv", "-o", "tasks.db"], 1, "is the database itself"),
        (["export", "-o", "nowhere/x.csv"], 1, "nowhere/x.csv cannot be written: No such file or directory"),
        (["export", "--format", "csv", "-o", "."], 1, ". cannot be written: Is a directory"),
        (["import"], 2, "one file is needed"),
        (["import", "a", "b"], 2, "one file is needed"),
        (["import", "missing.csv"], 1, "there is no file missing.csv"),
        (["import", "."], 1, ". cannot be read: Is a directory"),
        (["import", "--format", "svg", "x"], 2, "--format cannot be svg"),
    ],
)
def test_what_cannot_be_done_is_refused_and_the_database_stays_whole(
    cli: Callable[..., Any], words: list[str], code: int, said: str
) -> None:
    cli("add", "Write")
    ended = cli(*words)
    assert (ended.returncode, said in ended.stderr) == (code, True), ended.stderr
    assert [t["title"] for t in answer(cli, "list")] == ["Write"]
