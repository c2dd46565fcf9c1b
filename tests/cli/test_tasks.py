"""Commands about tasks: what they answer, as people read it and as scripts rely on it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FIELDS = {
    *("id", "uuid", "title", "status", "state", "column", "priority", "project", "tags", "assignee", "due"),
    *("scheduled", "wait", "estimate_minutes", "predecessors", "successors", "urgency", "failed", "steps"),
    *("created_at", "modified_at", "started_at", "completed_at", "workflow"),
}


def answer(cli, *words: str, **more):
    """The JSON that a command answers; it must have gone well."""
    run = cli(*words, "--json", **more)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_what_a_done_task_released_is_said(cli):
    assert cli("add", "Write").stdout == "1 Write\n"
    assert cli("add", "Publish", "after:1").stdout == "2 Publish · blocked by 1\n"
    done = cli("done", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1 Write is done\n2 Publish is ready\n"


def test_add_echoes_what_it_understood(cli):
    for title in ("Review", "Sign"):
        cli("add", title)
    words = ["Deploy", "the", "web", "shop", "+ops", "@ben", "project:site.web", "due:2099-11-27T17:00", "after:1,2"]
    run = cli("add", *words, "est:2h", "pri:H")
    assert run.stdout.startswith("3 Deploy the web shop · due Fri 27 Nov 2099 17:00 (in ")
    assert run.stdout.endswith(") · blocked by 1, 2 · est 2 h · priority H · site.web · +ops · @ben\n")


def test_add_names_only_open_tasks_as_blockers(cli):
    cli("add", "Finished")
    cli("add", "Open")
    cli("done", "1")
    assert cli("add", "Next one", "after:1,2").stdout == "3 Next one · blocked by 2\n"


def test_add_answers_one_task_object(cli):
    cli("add", "First")
    task = answer(cli, "add", "Second", "+b", "+a", "@ana", "due:2026-11-27T17:00", "after:1", "run:true")
    assert set(task) == FIELDS
    assert (task["id"], task["title"], task["status"], task["state"]) == (2, "Second", "todo", "blocked")
    assert (task["tags"], task["assignee"], task["due"]) == (["a", "b"], "ana", "2026-11-27T17:00:00Z")
    assert (task["predecessors"], task["successors"], task["column"]) == ([1], [], "blocked")
    assert task["steps"] == [{"name": "true", "run": "true", "last_exit_code": None}]
    assert task["failed"] is False
    assert task["workflow"] is None
    assert task["completed_at"] is None


def test_times_are_typed_in_local_time_and_answered_in_utc(cli):
    zone = {"TZ": "Europe/Berlin"}
    task = answer(cli, "add", "Call", "due:2026-07-01T17:00", env=zone)
    assert task["due"] == "2026-07-01T15:00:00Z"
    assert (
        "Wed 1 Jul 17:00" in cli("show", "1", env=zone).stdout
        or "Wed 1 Jul 2026 17:00" in cli("show", "1", env=zone).stdout
    )


def test_a_line_of_standard_input_is_a_task(cli):
    run = cli("add", "-", input="First +a\n\n  Second @ben \r\nThird after:1")
    assert run.stdout == "1 First · +a\n2 Second · @ben\n3 Third · blocked by 1\n"
    assert [task["title"] for task in answer(cli, "add", "-", input="Fourth\nFifth\n")] == ["Fourth", "Fifth"]


def test_a_line_that_is_not_understood_is_named_and_nothing_is_added(cli):
    run = cli("add", "-", input="First\nSecond due:fryday\n")
    assert run.returncode == 2
    assert "line 2" in run.stderr
    assert "fryday" in run.stderr
    assert answer(cli, "list") == []


def test_what_is_no_syntax_stays_in_the_title(cli):
    title = "Read https://example.org/a:b at 12:30 -x and Re: note:me"
    assert answer(cli, "add", f"{title} --frob")["title"] == f"{title} --frob"
    assert answer(cli, "add", *title.split(" "))["title"] == title
    assert cli("add", "--", "+plain", "due:never", "--json").stdout == "3 +plain due:never --json\n"


def test_list_answers_an_array_of_task_objects_the_most_telling_first(cli):
    cli("add", "Blocked", "pri:L")
    cli("add", "Low", "pri:L")
    cli("add", "High", "pri:H")
    cli("add", "Done")
    cli("link", "1", "--after", "2")
    cli("done", "4")
    cli("start", "3")
    tasks = answer(cli, "list")
    assert [task["title"] for task in tasks] == ["High", "Low", "Blocked"]
    assert all(set(task) == FIELDS for task in tasks)
    assert [task["id"] for task in answer(cli, "list", "--all")] == [3, 2, 1, 4]
    assert [task["id"] for task in answer(cli, "list", "-n", "1")] == [3]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (["+ops"], [1, 3]),
        (["-ops"], [2]),
        (["@ana"], [2]),
        (["project:site"], [3]),
        (["ready", "+ops"], [1]),
        (["blocked"], [3]),
        (["shop"], [3]),
        (["not", "shop", "+ops"], [1]),
        (["+ops or @ana"], [1, 2, 3]),
        (["done"], [4]),
        (["2..3"], [2, 3]),
    ],
)
def test_a_query_chooses_tasks(cli, query, ids):
    cli("add", "Provision", "+ops")
    cli("add", "Write", "@ana")
    cli("add", "Deploy the shop", "+ops", "project:site.web", "after:1")
    cli("add", "Finished", "+ops")
    cli("done", "4")
    assert sorted(task["id"] for task in answer(cli, "list", *query)) == ids


def test_in_a_pipe_the_list_is_one_plain_line_a_task(cli):
    cli("add", "Write", "@ana", "pri:H")
    cli("add", "A title that is much longer than any terminal would be wide, " * 4, "after:1")
    lines = cli("list").stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].split("\t") == ["ready", "1", "H", "Write", "holds up 1", "@ana", ""]
    assert lines[1].split("\t")[:3] == ["blocked", "2", ""]
    assert lines[1].split("\t")[4:] == ["waits for 1 @ana", "", ""]
    assert "  " not in lines[1], "nothing is padded"
    assert "…" not in lines[1]


def test_next_shows_what_can_start_the_most_urgent_first(cli):
    for title, *facts in (("Low", "pri:L"), ("Top", "pri:H"), ("Held", "after:1"), ("Later", "wait:2099-01-01")):
        cli("add", title, *facts)
    assert [task["title"] for task in answer(cli, "next")] == ["Top", "Low"]
    assert [line.split()[3] for line in cli("next", "-n", "1").stdout.splitlines()] == ["Top"]
    assert [task["title"] for task in answer(cli, "next", "low")] == ["Low"]


def test_the_lists_of_a_place_without_a_database_are_empty_and_make_none(cli, home):
    for words in (["list"], ["next"], ["list", "--all", "+ops"]):
        run = cli(*words)
        assert (run.returncode, run.stdout) == (0, "")
        assert "taskterm add" in run.stderr
    assert answer(cli, "list") == []
    assert not Path(home["TASKTERM_DB"]).exists()


def test_several_tasks_are_done_started_and_cancelled_at_once(cli):
    for title in "abcdef":
        cli("add", title)
    assert cli("done", "1", "2,3").stdout.splitlines() == ["1 a is done", "2 b is done", "3 c is done"]
    found = answer(cli, "start", "4", "5")
    assert [task["status"] for task in found["tasks"]] == ["doing", "doing"]
    assert isinstance(found["operation"], int)
    assert cli("cancel", "6").stdout == "6 f is cancelled\n"
    assert [task["status"] for task in answer(cli, "list", "--all")] == [
        "doing",
        "doing",
        "done",
        "done",
        "done",
        "cancelled",
    ]


def test_a_cancelled_task_no_longer_blocks_and_what_it_released_is_named(cli):
    cli("add", "Ask")
    cli("add", "Go", "after:1")
    found = answer(cli, "cancel", "1")
    assert found["released"] == [2]


def test_links_are_made_and_cut(cli):
    for title in "abcd":
        cli("add", title)
    assert cli("link", "1", "--after", "3,4").stdout == "1 a waits for 3 c, 4 d\n"
    assert answer(cli, "show", "1")["predecessors"] == [3, 4]
    assert cli("unlink", "1", "--after", "3").stdout == "1 a no longer waits for 3 c\n"
    assert answer(cli, "show", "1")["predecessors"] == [4]
    cli("link", "1", "--before", "2")
    assert answer(cli, "show", "1")["successors"] == [2]


def test_edit_changes_facts_and_leaves_the_others(cli):
    cli("add", "Write", "+web", "@ana", "due:2026-12-01", "pri:L")
    assert cli("edit", "1", "pri:H", "+ops", "-web", "due:", "-@").returncode == 0
    task = answer(cli, "show", "1")
    assert (task["title"], task["tags"], task["priority"]) == ("Write", ["ops"], "H")
    assert (task["due"], task["assignee"]) == (None, None)
    cli("edit", "1", "Write", "the", "notes", "--notes", "# Why\nBecause.")
    task = answer(cli, "show", "1")
    assert (task["title"], task["notes"]) == ("Write the notes", "# Why\nBecause.")


def test_edit_changes_several_tasks_but_never_gives_them_one_title(cli):
    cli("add", "a")
    cli("add", "b")
    cli("edit", "1", "2", "@ben")
    assert [task["assignee"] for task in answer(cli, "list")] == ["ben", "ben"]
    refused = cli("edit", "1", "2", "Same")
    assert refused.returncode == 2
    assert "Same" in refused.stderr


def test_a_task_is_named_by_a_part_of_its_title(cli):
    cli("add", "Write the release notes")
    cli("add", "Write the mail")
    assert cli("done", "release notes").returncode == 0
    assert answer(cli, "show", "#1")["status"] == "done"
    several = cli("show", "write the")
    assert several.returncode == 0  # only one of them is open
    cli("reopen", "1")
    several = cli("show", "write the")
    assert several.returncode == 1
    assert "1 Write the release notes" in several.stderr
    assert "2 Write the mail" in several.stderr


def test_undo_and_redo_go_through_my_operations(cli):
    cli("add", "Write")
    cli("done", "1")
    assert cli("undo").stdout == "took back 2: @ana finished 1 Write\n"
    assert answer(cli, "show", "1")["status"] == "todo"
    assert cli("redo").stdout == "brought back 2: @ana finished 1 Write\n"
    assert answer(cli, "show", "1")["status"] == "done"
    assert cli("undo", "--actor", "ben").returncode == 1
    cli("undo")
    refused = cli("redo", "1")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert answer(cli, "show", "1")["status"] == "todo"


def test_undoing_done_says_what_goes_on(cli):
    cli("add", "Write")
    cli("add", "Publish", "after:1")
    cli("done", "1")
    cli("start", "2")
    undone = cli("undo", "3")
    assert undone.returncode == 0
    assert "Publish is doing" in undone.stderr


def test_history_tells_every_field_before_and_after(cli):
    cli("add", "Write")
    cli("edit", "1", "pri:H", "--actor", "ben")
    cli("add", "Other")
    newest, oldest = answer(cli, "history", "1")
    assert (newest["verb"], newest["actor"], oldest["verb"]) == ("edit", "ben", "add")
    assert newest["changes"] == [
        {"table": "task", "key": {"id": 1}, "before": {"priority": None}, "after": {"priority": "H"}}
    ]
    assert [line.split()[0] for line in cli("history").stdout.splitlines()] == ["3", "2", "1"]
    assert len(cli("history", "-n", "1").stdout.splitlines()) == 1


def test_show_tells_everything_about_a_task(cli):
    cli("add", "Write", "@ana")
    cli("add", "Publish", "after:1", "est:2h", "run:echo hello")
    cli("comment", "2", "Waiting", "for legal")
    shown = cli("show", "2").stdout
    for words in ("Publish", "blocked", "1 Write @ana", "2 h", "$ echo hello", "Waiting for legal"):
        assert words in shown
    assert [task["id"] for task in answer(cli, "show", "1", "2")] == [1, 2]


def test_the_tree_shows_what_waits_for_what(cli):
    cli("add", "Provision", "est:1h")
    cli("add", "Deploy", "after:1")
    cli("add", "Announce", "after:1,2")
    lines = [line.split("\t") for line in cli("tree").stdout.splitlines()]
    assert [line[0] for line in lines] == [
        "ready 1 Provision",
        "┣━ blocked 2 Deploy",
        "┃  ┗━ blocked 3 Announce",
        "└─ ↑ 3 Announce",
    ]
    assert [line[1] for line in lines] == ["holds up 2", "waits for 1", "waits for 1 2", "shown above"]
    plain = cli("tree", "--ascii").stdout
    assert plain.isascii()
    assert "|= blocked 2 Deploy" in plain
    found = answer(cli, "tree", "2")
    assert found["dependencies"] == [[1, 2], [1, 3], [2, 3]]


def test_move_puts_a_card_into_a_column(cli):
    cli("add", "Write")
    assert cli("move", "1", "Review").stdout == "1 Write is in Review\n"
    task = answer(cli, "show", "1")
    assert (task["status"], task["column"]) == ("doing", "review")
    assert cli("stop", "1").returncode == 0
    assert answer(cli, "show", "1")["status"] == "todo"


def test_delete_without_a_terminal_wants_a_yes_and_undo_brings_the_task_back(cli):
    cli("add", "Write", "+a")
    refused = cli("delete", "1")
    assert refused.returncode == 1
    assert "--yes" in refused.stderr
    assert answer(cli, "list")[0]["id"] == 1
    assert cli("delete", "1", "--yes").stdout == "1 Write is deleted\n"
    assert answer(cli, "list", "--all") == []
    cli("undo")
    assert answer(cli, "list")[0]["tags"] == ["a"]


def test_an_export_of_taskwarrior_comes_in_with_its_dependencies_and_only_once(cli, test_data):
    export = next((test_data / "taskwarrior").rglob("*.json"))
    found = answer(cli, "import", str(export))
    assert len(found["tasks"]) == len(json.loads(export.read_text()))
    assert any(task["predecessors"] for task in found["tasks"])
    again = cli("import", "--format", "taskwarrior", str(export))
    assert again.stdout == f"nothing was added: all {len(found['tasks'])} tasks are here already\n"
    assert len(answer(cli, "list", "--all")) == len(found["tasks"])
    cli("undo")
    assert answer(cli, "list", "--all") == []


def test_sixty_adds_at_once_into_a_database_that_does_not_exist_are_sixty_tasks(cli, home, tmp_path):
    count = 60
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "taskterm", "add", f"Task {number}"],
            env=home,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for number in range(count)
    ]
    ends = [(*process.communicate(timeout=60), process.returncode) for process in running]
    assert [(code, errors) for _, errors, code in ends] == [(0, b"")] * count
    ids = sorted(int(said.split()[0]) for said, _, _ in ends)
    assert ids == list(range(1, count + 1))
    assert {task["title"] for task in answer(cli, "list")} == {f"Task {number}" for number in range(count)}


def test_a_comment_about_several_tasks_is_one_operation(cli):
    for title in ("Write", "Draw", "Publish"):
        cli("add", title)
    assert cli("comment", "1,3", "Waiting", "for legal").returncode == 0
    said = [[comment["text"] for comment in task["comments"]] for task in answer(cli, "show", "1", "2", "3")]
    assert said == [["Waiting for legal"], [], ["Waiting for legal"]]
    assert cli("undo").returncode == 0
    assert "Waiting" not in cli("show", "1").stdout
