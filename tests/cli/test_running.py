"""Steps, runs, trust and workflows from the command line, with real processes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.runner.helpers import Hold, eventually
from tests.workflows import RELEASE


@pytest.fixture
def release(tmp_path: Path) -> Path:
    path = tmp_path / "release.toml"
    path.write_text(RELEASE)
    return path


def answer(cli, *words: str):
    run = cli(*words, "--json")
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_a_step_is_typed_as_words_or_as_a_shell_line_and_may_run_at_once(cli):
    cli("add", "Build")
    added = cli(
        "step", "add", "1", "--name", "words", "--timeout", "10m", "--retries", "2", "--", "echo", "a  b", "$HOME"
    )
    assert added.stdout == "1 Build · step 1 words: echo 'a  b' '$HOME'\n"
    assert cli("step", "add", "1", "echo one && echo two").returncode == 0
    steps = answer(cli, "step", "list", "1")
    assert next((s["name"], s["timeout_seconds"], s["retries"]) for s in steps) == ("words", 600.0, 2)
    run = cli("run", "1")
    assert (run.returncode, run.stdout) == (0, "a  b $HOME\none\ntwo\n")
    assert answer(cli, "show", "1")["status"] == "done"


def test_a_run_shows_commands_behind_a_dollar_sign_and_names_without_one(cli):
    cli("add", "Build")
    cli("step", "add", "1", "--name", "greet", "--", "echo", "hi")
    cli("step", "add", "1", "false")
    cli("step", "edit", "2", "--", "true")  # called by its command, so by the new one
    told = cli("run", "1").stderr.splitlines()
    assert [*told[:3], told[-1]] == ["run 1: Build", "greet", "$ true", "run 1 succeeded"]
    assert [line.split("\t")[2] for line in cli("runs", "1").stdout.splitlines()[2:]] == ["1 greet", "2 $ true"]


def test_a_command_runs_in_the_folder_where_it_was_typed(cli, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    cli("add", "Where", "run:pwd", cwd=tmp_path / "elsewhere")
    assert cli("run", "1").stdout == f"{tmp_path}/elsewhere\n"


def test_the_exit_code_of_a_failed_run_is_1_and_the_step_is_named(cli):
    cli("add", "Fail", "run:echo before; exit 23")
    run = cli("run", "1")
    assert (run.returncode, run.stdout) == (1, "before\n")
    assert "exit 23" in run.stderr
    task = answer(cli, "show", "1")
    assert (task["failed"], task["steps"][0]["last_exit_code"]) == (True, 23)
    assert cli("list").stdout.startswith("failed\t1\t")


def test_a_blocked_task_does_not_run_until_it_is_asked_to_with_its_needs(cli):
    cli("add", "First", "run:echo one")
    cli("add", "Second", "after:1", "run:echo two")
    refused = cli("run", "2")
    assert refused.returncode == 1
    assert "#1 First" in refused.stderr
    assert "--with-needs" in refused.stderr
    run = cli("run", "2", "--with-needs", "-j", "2")
    assert run.returncode == 0
    assert [line.rpartition("│ ")[2] for line in run.stdout.splitlines()] == ["one", "two"]


def test_a_run_as_json_is_one_object(cli):
    cli("add", "Build", "run:echo hello")
    found = answer(cli, "run", "1")
    assert (found["id"], found["state"], found["tasks"][0]["state"]) == (1, "succeeded", "succeeded")
    assert [(a["name"], a["exit_code"]) for a in found["attempts"]] == [("echo hello", 0)]
    assert answer(cli, "runs")[0] == answer(cli, "runs", "1") == found


def test_a_detached_run_goes_on_and_its_output_can_be_followed(cli, tmp_path):
    hold = Hold(tmp_path / "go")
    cli("add", "Long", f"run:echo begun; {hold}; echo ended")
    started = cli("run", "1", "--detach")
    assert (started.returncode, started.stdout) == (0, "run 1 is started; watch it with: taskterm logs 1 -f\n")
    eventually(lambda: "begun" in cli("logs", "1").stdout)
    hold.let_go()
    followed = cli("logs", "1", "-f")
    assert (followed.returncode, followed.stdout) == (0, "begun\nended\n")
    assert [line["text"] for line in answer(cli, "logs")] == ["begun", "ended"]


def test_the_output_of_one_step_can_be_asked_for(cli):
    cli("add", "Build", "run:echo one", "run:printf 'two\\033[2J\\n'")
    cli("run", "1")
    assert cli("logs", "1", "--step", "2").stdout == "two\n"
    assert cli("logs", "1", "--step", "2", "--raw").stdout == "two\x1b[2J\n"
    assert cli("logs", "1", "--step", "3").returncode == 2


def test_a_run_is_stopped_by_its_number(cli, tmp_path):
    hold = Hold(tmp_path / "go")
    cli("add", "Long", f"run:echo begun; {hold}")
    cli("run", "1", "--detach")
    eventually(lambda: "begun" in cli("logs", "1").stdout)
    assert cli("stop-run", "1").stdout == "run 1 is stopping\n"
    assert eventually(lambda: [a for a in answer(cli, "runs") if a["state"] == "stopped"])
    assert cli("stop-run", "1").returncode == 1


def test_saying_done_lets_a_run_go_on_that_waited_for_it(cli, release, tmp_path):
    cli("workflow", "start", str(release), "--set", "version=2.4", "--approve")
    run = cli("run", "--workflow", "1")
    assert run.returncode == 0
    assert run.stdout == "   1 Build 2.4          │ built 2.4\n"
    assert "waits for @ana" in run.stderr
    done = cli("done", "2")
    assert done.stdout == "2 Approve 2.4 is done\n3 Deploy 2.4 is ready\n"
    assert "run 1 goes on" in done.stderr
    assert cli("logs", "1", "-f").returncode == 0
    eventually(lambda: answer(cli, "runs", "1")["state"] == "succeeded")
    assert (tmp_path / "deployed.txt").read_text() == "built 2.4\n"


# ── trust


def test_what_comes_in_a_file_does_not_run_before_it_is_approved(cli, release, tmp_path):
    started = cli("workflow", "start", str(release), "--set", "version=2.4")
    assert started.returncode == 0
    assert '$ echo "built $VERSION"' in started.stdout
    assert "trust approve" in started.stderr
    refused = cli("run", "1")
    assert (refused.returncode, refused.stdout) == (4, "")
    assert "trust list" in refused.stderr
    listed = cli("trust", "list").stdout
    assert '$ echo "built $VERSION"' in listed
    pending = answer(cli, "trust", "list")["pending"]
    assert len(pending) == 2
    first = next(p["hash"] for p in pending if p["tasks"] == [1])
    assert cli("trust", "approve", first[:12]).returncode == 0
    assert cli("run", "1").stdout == "built 2.4\n"
    assert cli("trust", "approve", "--all").returncode == 0
    assert answer(cli, "trust", "list")["pending"] == []


def test_an_approval_holds_for_one_user_of_one_machine(cli, release, tmp_path):
    cli("workflow", "start", str(release), "--set", "version=2.4", "--approve")
    other = {"XDG_DATA_HOME": str(tmp_path / "somebody else"), "HOME": str(tmp_path / "somebody else")}
    assert cli("run", "1", env=other).returncode == 4
    assert cli("run", "1").returncode == 0


def test_a_command_typed_into_a_step_from_a_file_waits_for_approval_while_the_rest_of_it_came_from_there(cli, release):
    cli("workflow", "start", str(release), "--set", "version=2.4")
    for change in (["--timeout", "5m"], ["--", "echo", "mine"]):
        edited = cli("step", "edit", "1", *change)
        assert edited.returncode == 0
        assert "came from elsewhere" in edited.stderr
        assert cli("run", "1").returncode == 4
    shown = edited.stderr.split()[-1]
    assert cli("trust", "approve", shown).returncode == 0
    assert cli("run", "1").stdout == "mine\n"


def test_what_is_revoked_has_to_be_approved_again(cli):
    for line in ("echo one", "echo two"):
        cli("add", "Talk", f"run:{line}")
    first, second = (a["hash"] for a in answer(cli, "trust", "list")["approved"])
    told = cli("trust", "revoke", first[:12])
    assert (told.returncode, told.stdout) == (0, f"{first[:12]}  echo one\nno longer trusted here: 1 command\n")
    assert (cli("run", "1").returncode, cli("run", "2").returncode) == (4, 0)
    assert cli("trust", "revoke", first[:12]).returncode == 1
    assert cli("trust", "revoke").returncode == 2
    assert answer(cli, "trust", "revoke", "--all") == {"revoked": [second]}
    assert cli("trust", "approve", "--all").returncode == 0
    assert cli("run", "1").returncode == 0


def test_a_trusted_step_stays_so_when_it_is_edited_here(cli):
    cli("add", "Build", "run:echo one")
    cli("step", "edit", "1", "--if", "true", "--env", "STAGE=test")
    edited = cli("step", "edit", "1", "--", "sh", "-c", "echo $STAGE")
    assert edited.stderr == ""
    assert cli("run", "1").stdout == "test\n"


def test_what_somebody_else_typed_on_another_account_is_not_trusted_by_editing_a_part_of_it(cli, tmp_path):
    cli("add", "Build", "run:echo theirs", env={"XDG_DATA_HOME": str(tmp_path / "theirs")})
    assert "came from elsewhere" in cli("step", "edit", "1", "--name", "harmless").stderr
    assert cli("run", "1").returncode == 4


def test_undo_and_redo_of_a_typed_command_bring_back_what_was_trusted(cli):
    cli("add", "Build", "run:echo one")
    cli("step", "edit", "1", "--", "echo", "two")
    cli("undo")
    assert cli("run", "1").stdout == "one\n"


# ── workflows


def test_workflow_start_asks_once_on_a_terminal_and_for_what_is_missing(cli, home, release, tmp_path):
    terminal = Terminal(("workflow", "start", str(release)), home, tmp_path)
    terminal.wait_for("Version to release:")
    terminal.type("two\n")
    terminal.wait_for("does not match")
    terminal.type("2.4\n")
    terminal.wait_for("[y/N]")
    assert '$ echo "built $VERSION"' in terminal.shown
    terminal.type("y\n")
    assert terminal.end() == 0
    assert cli("run", "1").stdout == "built 2.4\n"


def test_a_no_makes_the_tasks_and_trusts_nothing(cli, home, release, tmp_path):
    terminal = Terminal(("workflow", "start", str(release), "--set", "version=2.4"), home, tmp_path)
    terminal.wait_for("[y/N]")
    assert "A no still makes the 3 tasks" in terminal.shown
    terminal.type("n\n")
    assert terminal.end() == 0
    assert len(answer(cli, "list")) == 3
    assert cli("run", "1").returncode == 4


def test_workflow_start_can_run_at_once(cli, release):
    run = cli("workflow", "start", str(release), "--set", "version=2.4", "--approve", "--run")
    assert run.returncode == 0
    assert "built 2.4" in run.stdout
    listed = answer(cli, "workflow", "list")
    assert [(w["name"], w["params"], w["tasks"], w["tasks_ended"]) for w in listed] == [
        ("release", {"version": "2.4"}, 3, 1)
    ]


def test_started_tasks_are_answered_as_json_with_their_workflow(cli, release):
    found = answer(cli, "workflow", "start", str(release), "--set", "version=2.4", "--approve")
    assert (found["workflow"], found["trusted"]) == (1, True)
    assert [task["workflow"]["key"] for task in found["tasks"]] == ["build", "approve", "deploy"]
    assert [task["predecessors"] for task in found["tasks"]] == [[], [1], [2]]


def test_missing_and_wrong_values_are_all_named_and_nothing_is_made(cli, release, home):
    for values, said in (([], "version"), (["--set", "version=x", "--set", "vresion=1"], "vresion")):
        run = cli("workflow", "start", str(release), *values)
        assert run.returncode == 2
        assert said in run.stderr
    assert not Path(home["TASKTERM_DB"]).exists()


def test_every_mistake_of_a_workflow_file_is_named_with_file_and_line(cli, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text(
        RELEASE.replace('needs = ["build"]', 'needs = ["biuld"]')
        .replace("Build {version}", "Build {vresion}")
        .replace('assignee = "ana"', 'asignee = "ana"')
        .replace('needs = ["approve"]', 'needs = ["deploy"]')
        .replace("run = 'echo \"built $VERSION\" | tee built.txt'", 'run = ""')
    )
    run = cli("workflow", "check", str(bad))
    assert run.returncode == 1
    for said in ("biuld", "vresion", "asignee", "deploy", "run"):
        assert any(re.match(rf"{re.escape(str(bad))}:\d+: ", x) and said in x for x in run.stderr.splitlines()), said
    found = cli("workflow", "check", str(bad), "--json")
    assert found.returncode == 1
    assert len(json.loads(found.stdout)) == 5
    assert cli("workflow", "start", str(bad)).returncode == 1


def test_plan_shows_order_and_commands_and_runs_nothing(cli, release, tmp_path):
    from_file = cli("plan", str(release)).stdout
    assert [line.split()[:2] for line in from_file.splitlines() if line[:1].isdigit()] == [
        ["1", "build"],
        ["2", "approve"],
        ["3", "deploy"],
    ]
    assert '$ echo "built $VERSION"' in from_file
    cli("workflow", "start", str(release), "--set", "version=2.4", "--approve")
    planned = answer(cli, "plan", "3", "--with-needs")
    assert [(t["id"], t["stage"], t["person"]) for t in planned["tasks"]] == [
        (1, 1, False),
        (2, 2, True),
        (3, 3, False),
    ]
    assert "waits for @ana" in cli("plan", "--workflow", "1").stdout
    assert not (tmp_path / "deployed.txt").exists()
    assert answer(cli, "runs") == []


def test_plan_knows_how_long_it_took_before(cli, release):
    cli("workflow", "start", str(release), "--set", "version=2.4", "--approve", "--run")
    assert "~0:00" in cli("plan", str(release)).stdout
