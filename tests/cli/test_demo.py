"""The demo, as a newcomer meets it: without a terminal it proves itself, on one it opens the screen."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.shaped import problems
from tests.cli.terminal import Terminal


@pytest.fixture
def room(tmp_path: Path) -> Path:
    folder = tmp_path / "a room with blanks"
    folder.mkdir()
    return folder


def test_without_a_terminal_the_release_is_really_run_and_installed(cli, room):
    run = cli("demo", env={"TMPDIR": str(room)}, timeout=110)
    assert (run.returncode, run.stderr) == (0, "")
    installed = Path(re.findall(r"^installed (.+)$", run.stdout, re.MULTILINE)[0])
    digest = re.findall(r"^sha256 ([0-9a-f]{64}), as it was built$", run.stdout, re.MULTILINE)[0]
    assert room in installed.parents
    assert hashlib.sha256(installed.read_bytes()).hexdigest() == digest
    assert f"{digest}  {installed.name}\n" == installed.with_name(installed.name + ".sha256").read_text()
    assert os.path.realpath(installed.parents[2] / "current") == os.path.realpath(installed.parent)
    assert "ana has done 7 Approve 2.4.0" in run.stdout
    assert "✓ 8 H Deploy the shop 2.4.0" in run.stdout
    assert re.search(r"^8 +install +succeeded +exit 0 +[\d.]+ s +installed +releases/2.4.0", run.stdout, re.MULTILINE)


def test_as_json_the_demo_tells_the_run_and_the_file(cli, room):
    run = cli("demo", "--headless", "--json", env={"TMPDIR": str(room)}, timeout=110)
    assert run.returncode == 0
    found = json.loads(run.stdout)
    assert problems("demo", run.stdout) == []
    assert found["run"]["state"] == "succeeded"
    assert {attempt["exit_code"] for attempt in found["run"]["attempts"]} == {0}
    assert hashlib.sha256(Path(found["installed"]).read_bytes()).hexdigest() == found["sha256"]
    with closing(sqlite3.connect(found["database"])) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM workflow ORDER BY id")]
        doing = connection.execute("SELECT count(*) FROM task WHERE status = 'doing'").fetchone()
    assert names == ["release", "onboard", "campaign"]
    assert doing == (2,)


def test_a_step_that_fails_makes_the_demo_fail_and_says_which(cli, room, tmp_path):
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "unittest.py").write_text("raise SystemExit('no tests today')")
    run = cli("demo", "--headless", env={"TMPDIR": str(room), "PYTHONPATH": str(broken)}, timeout=110)
    assert run.returncode == 1
    assert re.search(r"^2 +unittest +exit 1 .* no tests today$", run.stdout, re.MULTILINE)
    assert "✗ 2 H Unit tests" in run.stdout
    assert "run 3 failed" in run.stdout
    assert "nothing was installed" in run.stderr


def test_on_a_terminal_the_demo_opens_the_screen_and_leaves_nothing_behind(home, tmp_path, room):
    terminal = Terminal(("demo",), {**home, "TMPDIR": str(room)}, tmp_path, width=120)
    terminal.wait_for("\x1b[?1049h", seconds=60)
    terminal.wait_for("Lint the shop")
    terminal.type("q")
    assert terminal.end() == 0
    assert "The sample is removed" in terminal.shown
    assert list(room.iterdir()) == []
    assert (Path(home["XDG_DATA_HOME"]) / "taskterm" / "trusted.jsonl").read_text() == ""


def test_the_program_alone_opens_the_screen_on_an_empty_place(home, tmp_path):
    terminal = Terminal((), home, tmp_path, width=120)
    terminal.wait_for("graph.", seconds=60)
    terminal.type("q")
    assert terminal.end() == 0
    assert Path(home["TASKTERM_DB"]).exists()
