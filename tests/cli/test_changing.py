"""Commands that change tasks: many facts in one operation, many tasks at once, and what is asked before."""

from __future__ import annotations

import json
import shlex
import sys

import pytest

from tests.cli.terminal import Terminal


def answer(cli, *words: str, **more):
    """The JSON that a command answers; it must have gone well."""
    run = cli(*words, "--json", **more)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def add(cli, *titles: str) -> None:
    """A task for each title, from 1 on."""
    assert cli("add", "-", input="\n".join(titles)).returncode == 0


# ── edit


def test_everything_an_edit_says_is_one_operation_and_one_undo_takes_it_back(cli):
    add(cli, "Write +web @bo due:2026-12-01", "Review", "Publish")
    before = answer(cli, "show", "1")
    words = ("due:2026-12-24", "+ops", "-web", "-@", "pri:H", "after:2", "before:3", "run:make notes", "Write", "it")
    edited = answer(cli, "edit", "1", *words)
    task = edited["tasks"][0]
    assert (task["title"], task["tags"], task["assignee"], task["priority"]) == ("Write it", ["ops"], None, "H")
    assert (task["predecessors"], task["successors"]) == ([2], [3])
    assert [step["run"] for step in task["steps"]] == ["make notes"]
    assert len(answer(cli, "history", "1")) == 2
    cli("undo")
    after = answer(cli, "show", "1")
    told = ("title", "tags", "assignee", "due", "priority", "predecessors", "successors", "steps")
    assert [after[name] for name in told] == [before[name] for name in told]


def test_an_edit_echoes_what_was_understood_with_links_and_commands(cli):
    add(cli, "Write", "Review")
    assert cli("edit", "1", "after:2", "run:make notes", "+ops").stdout == (
        "1 Write · waits for 2 · $ make notes · +ops\n"
    )
    assert cli("edit", "1", "after:").stdout == "1 Write · no longer waits for 2 · +ops\n1 Write is ready\n"


def test_commands_typed_in_an_edit_may_run_here(cli):
    add(cli, "Write")
    cli("edit", "1", "run:echo typed")
    run = cli("run", "1")
    assert (run.returncode, "typed" in run.stdout) == (0, True)


def test_links_can_be_replaced_and_what_would_close_a_cycle_is_refused_as_a_whole(cli):
    add(cli, "a", "b after:1", "c")
    assert answer(cli, "edit", "2", "after:", "after:3")["tasks"][0]["predecessors"] == [3]
    refused = cli("edit", "3", "pri:H", "after:2")
    assert refused.returncode == 1
    assert "cycle" in refused.stderr
    assert answer(cli, "show", "3")["priority"] is None


def test_an_edit_takes_several_ids_and_ranges(cli):
    add(cli, *"abcdef")
    edited = answer(cli, "edit", "1", "3..5", "@ana", "--yes")
    assert [task["id"] for task in edited["tasks"]] == [1, 3, 4, 5]
    assert all(task["assignee"] == "ana" for task in edited["tasks"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["1", "prioirty:H"], "did you mean pri:H?"),
        (["1", "status:done"], "there is no status:"),
        (["1", "--project", "site"], "did you mean project:site?"),
        (["1", "due:fryday"], "did you mean friday?"),
        (["Write", "notes", "due:fri"], "which task is meant"),
        (["1", "run:"], "step remove"),
        (["1"], "nothing to change"),
    ],
)
def test_an_edit_that_is_not_understood_changes_nothing(cli, words, said):
    add(cli, "Write")
    refused = cli("edit", *words)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert answer(cli, "show", "1")["title"] == "Write"


def editor(tmp_path, change: str) -> str:
    """A program that edits the file it is given: `change` is Python that turns `text` into another `text`."""
    script = tmp_path / "editor.py"
    script.write_text(
        f"import sys\npath = sys.argv[1]\ntext = open(path).read()\n{change}\nopen(path, 'w').write(text)\n"
    )
    return shlex.join([sys.executable, str(script)])


def test_edit_alone_opens_the_facts_in_the_editor_and_sends_what_was_changed(cli, home, tmp_path):
    cli("add", "Write", "+web", "@bo", "due:2026-12-01", "est:2h")
    change = "text = text.replace('Write', 'Write it').replace('web', 'ops').replace('bo', '') + 'A note\\n'"
    terminal = Terminal(("edit", "1"), {**home, "EDITOR": editor(tmp_path, change)}, tmp_path)
    assert terminal.end() == 0
    task = answer(cli, "show", "1")
    assert (task["title"], task["tags"], task["assignee"], task["notes"]) == ("Write it", ["ops"], None, "A note")
    assert (task["due"], task["estimate_minutes"]) == ("2026-12-01T23:59:59Z", 120)
    assert set(answer(cli, "history", "1")[0]["args"]["set"]) == {"title", "assignee", "notes"}


def test_an_edited_form_that_is_not_understood_is_kept_and_changes_nothing(cli, home, tmp_path):
    cli("add", "Write")
    change = "text = text.replace('due:', 'due: fryday')"
    terminal = Terminal(("edit", "1"), {**home, "EDITOR": editor(tmp_path, change)}, tmp_path)
    assert terminal.end() == 1
    assert "did you mean friday?" in terminal.shown
    assert "what you typed is in" in terminal.shown
    assert len(answer(cli, "history", "1")) == 1


# ── ranges and queries


def test_what_a_query_or_a_range_chooses_is_asked_about_and_refused_without_a_terminal(cli):
    add(cli, "a +x", "b +x", "c")
    for words in (["--where", "+x"], ["1..2"]):
        refused = cli("done", *words)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "finish 2 tasks (1 a, 2 b) needs a yes" in refused.stderr
        assert "--yes" in refused.stderr
    assert {task["status"] for task in answer(cli, "list")} == {"todo"}
    done = answer(cli, "done", "--where", "+x", "--yes")
    assert ([task["id"] for task in done["tasks"]], len(answer(cli, "history"))) == ([1, 2], 2)


@pytest.mark.parametrize(("typed", "left"), [("y\n", 0), ("n\n", 12), ("\n", 12)])
def test_on_a_terminal_the_chosen_tasks_are_listed_before_the_question(cli, home, tmp_path, typed, left):
    add(cli, *(f"Task {n} +x" for n in range(12)))
    terminal = Terminal(("cancel", "--where", "+x"), home, tmp_path)
    terminal.wait_for("cancel 12 tasks? [y/N]")
    assert "  1 Task 0\n" in terminal.shown
    assert "  and 2 more\n" in terminal.shown
    terminal.type(typed)
    assert terminal.end() == (1 if left else 0)
    assert len(answer(cli, "list")) == left


def test_tasks_named_one_by_one_are_not_asked_about(cli):
    add(cli, *"abcd")
    assert cli("start", "1", "2,3").returncode == 0
    assert cli("assign", "1", "4", "@ana").returncode == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["done", "--where", "+none", "--yes"], 1, "no open task fits +none"),
        (["done", "--where", "", "--yes"], 2, "empty"),
        (["done", "--where", "due.befor:fri", "--yes"], 2, "due.befor"),
        (["done", "--where", "+x", "1", "--yes"], 2, "use one of them"),
        (["done", "9..4", "--yes"], 2, "runs backwards"),
        (["done", "50..60", "--yes"], 1, "no tasks from 50 to 60"),
        (["delete", "--where", "+x"], 1, "needs a yes"),
        (["edit", "--where", "+x", "Same", "title", "--yes"], 2, "cannot all be called"),
        (["assign", "1", "a b"], 2, "not a person"),
        (["assign", "1"], 2, "a person are needed"),
        (["move", "--where", "+x", "nowhere", "--yes"], 1, "no column"),
    ],
)
def test_what_cannot_be_chosen_is_named_and_nothing_is_changed(cli, words, code, said):
    add(cli, "a +x", "b +x")
    refused = cli(*words)
    assert (refused.returncode, refused.stdout) == (code, "")
    assert said in refused.stderr
    assert len(answer(cli, "history")) == 1


def test_reopen_looks_at_ended_tasks_and_the_others_at_open_ones(cli):
    add(cli, "a +x", "b +x")
    cli("done", "1")
    assert [task["id"] for task in answer(cli, "start", "--where", "+x", "--yes")["tasks"]] == [2]
    assert [task["id"] for task in answer(cli, "reopen", "--where", "+x", "--yes")["tasks"]] == [1]


def test_assign_gives_tasks_to_a_person_or_to_nobody(cli):
    add(cli, "a", "b", "c")
    assert cli("assign", "1", "2", "@ana").stdout == "1 a is assigned to @ana\n2 b is assigned to @ana\n"
    assert cli("assign", "3", "zoë").stdout == "3 c is assigned to @zoë\n"
    assert cli("assign", "1", "-").stdout == "1 a is assigned to nobody\n"
    assert [task["assignee"] for task in answer(cli, "list")] == [None, "ana", "zoë"]
    assert cli("assign", "3", "@zoë").stderr == "nothing to change: it is so already\n"


def test_me_and_none_mean_the_same_people_as_in_a_query(cli):
    assert cli("add", "Write", "@me").stdout == "1 Write · @ana\n"
    assert cli("add", "Review", "@none").stdout == "2 Review\n"
    cli("add", "-", input="Send @me\nPay @none\n")
    assert [task["id"] for task in answer(cli, "list", "@me")] == [1, 3]
    assert cli("edit", "1", "@none").stdout == "1 Write\n"
    assert cli("edit", "2", "@Me").stdout == "2 Review · @ana\n"
    assert cli("assign", "1", "@me").stdout == "1 Write is assigned to @ana\n"
    assert cli("assign", "1", "none").stdout == "1 Write is assigned to nobody\n"
    sketched = cli("sketch", "plan @me project:site > check @none").stdout
    assert "5 plan · site · @ana\n" in sketched
    assert "6 check\n" in sketched
    assert [task["id"] for task in answer(cli, "list", "@me")] == [5, 2, 3]


def test_links_are_made_from_either_end_and_for_several_at_once(cli):
    add(cli, *"abcd")
    assert cli("link", "1", "2", "--before", "4").stdout == "4 d waits for 1 a, 2 b\n"
    assert cli("link", "2,3", "--after", "1").stdout == "2 b waits for 1 a\n3 c waits for 1 a\n"
    again = cli("link", "2", "--after", "1")
    assert (again.returncode, again.stdout) == (0, "")
    assert "2 waits for #1 already" in again.stderr


# ── add


def test_the_lines_of_a_text_are_one_operation_and_may_name_each_other(cli):
    run = cli(
        "add", "-", input="# a plan\n\nWrite +a\nReview after:^ @bo\n#tag\n#\nPublish after:review\nTell after:1\n"
    )
    assert run.stdout == (
        "1 Write · +a\n2 Review · blocked by 1 · @bo\n3 #tag\n4 Publish · blocked by 2\n5 Tell · blocked by 1\n"
    )
    assert len(answer(cli, "history")) == 1
    cli("undo")
    assert answer(cli, "list", "--all") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\nb after:77\n", "line 2: there is no task"),
        ("a after:^\n", "line 1: ^ is the task of the line above, and there is none"),
        ("a\n\nb prio:H\n", "line 3: prio:H is no fact of a task; did you mean pri:H?"),
        ("a\n+x\n", "line 2: there is no title"),
        ("a\n" + "x" * 2_000_000, "line 2: it has 2,000,000 characters"),
        ("a\nb\0c", "line 2: the title holds a control character (NUL)"),
        ("# nothing\n\n", "held no task"),
    ],
    ids=range(7),
)
def test_a_line_that_cannot_be_added_is_named_and_nothing_is_made(cli, text, said):
    run = cli("add", "-", input=text)
    assert run.returncode in (1, 2)
    assert run.stdout == ""
    assert said in run.stderr
    assert answer(cli, "list", "--all") == []
    assert cli("add", "First").stdout == "1 First\n"


def test_an_option_that_add_does_not_have_is_refused_with_the_fact_it_may_mean(cli):
    for words, said in (
        (["foo", "--project", "site"], "project:site"),
        (["foo", "--tag=ops"], "+ops"),
        (["--assignee", "ana", "foo"], "@ana"),
        (["foo", "--frob"], "no option --frob"),
    ):
        refused = cli("add", *words)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert said in refused.stderr
        assert "--" in refused.stderr
    assert cli("add", "--", "foo", "--project", "site").stdout == "1 foo --project site\n"


def test_a_time_that_stays_in_the_title_is_pointed_out(cli):
    run = cli("add", "Call", "due:2026-12-01", "17:00")
    assert run.stdout.startswith("1 Call 17:00 · due Tue 1 Dec")
    assert 'due:"2026-12-01 17:00"' in run.stderr


# ── repetition


def test_done_names_the_next_one_of_a_series(cli):
    cli("add", "Pay rent", "due:2099-01-31", "repeat:monthly")
    assert cli("done", "1").stdout == "1 Pay rent is done · next one 2 due Sat 28 Feb 2099\n"
    assert answer(cli, "done", "2")["created"] == [3]
    assert answer(cli, "show", "3")["due"] == "2099-03-31T23:59:59Z"
    assert "repeats every month on the 31st, or its last day" in cli("edit", "3", "+home").stdout


def test_a_run_that_finishes_a_task_makes_the_next_one_and_its_command_may_run(cli):
    cli("add", "Back up", "repeat:daily", "run:echo saved")
    assert cli("run", "1").returncode == 0
    assert [task["id"] for task in answer(cli, "list")] == [2]
    assert cli("run", "2").returncode == 0


# ── refusals


def test_a_blocker_whose_run_failed_is_called_failed(cli):
    cli("add", "Build", "@bo", "run:false")
    cli("add", "Ship", "after:1")
    cli("run", "1")
    refused = cli("done", "2")
    assert refused.returncode == 1
    assert "Build @bo, failed " in refused.stderr
    assert " ago" in refused.stderr


def test_undo_after_a_run_says_what_it_tried_and_what_can_be_done(cli):
    cli("add", "Other")
    cli("add", "Build", "run:false")
    cli("run", "2")
    refused = cli("undo")
    assert refused.returncode == 1
    assert "operation 2 (add) cannot be undone" in refused.stderr
    assert "a run is evidence that is kept" in refused.stderr
    assert "taskterm cancel 2" in refused.stderr
    assert "taskterm undo 1" in refused.stderr
    assert cli("undo", "1").returncode == 0


@pytest.mark.parametrize("verb", ["add", "edit", "assign", "sketch"])
def test_hostile_text_is_refused_or_shown_harmless(cli, verb):
    add(cli, "Write")
    for text in ("a\x1b[31mb", "a\u202eb", "x" * 100_000, "a\x9bb", "\ufeff", "\u2028"):
        words = {"add": [text], "edit": ["1", text], "assign": ["1", text], "sketch": [f"{text} > b"]}[verb]
        run = cli(verb, *words)
        assert run.returncode in (0, 1, 2)
        assert "Traceback" not in run.stderr
        shown = run.stdout + run.stderr
        assert not any(char in shown for char in "\x1b\x9b\u202e\u2028")
