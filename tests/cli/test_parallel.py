"""Two hundred people add a task at the same moment, each with a process of their own: two hundred tasks, no error."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from taskterm.store.store import Store
from tests.store import ledger

MANY = 200
Ended = tuple[int, str, str]

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("crowd")]


def holds_them_all(path: Path, ended: list[Ended], first: int) -> None:
    """What must be true of the answers and of the file, whatever the order was."""
    assert [(code, err) for code, _, err in ended if code or err] == []
    said = {int(out.split()[0]): out for _, out, _ in ended}
    assert sorted(said) == list(range(first, first + MANY))
    with closing(sqlite3.connect(path)) as connection:
        stored = dict(connection.execute("SELECT id, title FROM task"))
    assert len(stored) == first - 1 + MANY
    assert all(f"{number} {stored[number]} · +crowd\n" == out for number, out in said.items())
    store = Store(str(path))
    assert ledger.integrity(store) == "ok"
    assert ledger.replayed(store) == ledger.stored(store)


def started_together(env: Mapping[str, str], cwd: Path) -> list[Ended]:
    """Real processes, started one right after the other, none waited for before all run."""
    command = [sys.executable, "-m", "taskterm", "add"]
    running = [
        subprocess.Popen(
            [*command, f"Task {number}", "+crowd"],
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(MANY)
    ]
    said = [process.communicate(timeout=200) for process in running]
    return [(process.returncode, out, err) for process, (out, err) in zip(running, said, strict=True)]


def let_go_together(env: Mapping[str, str], cwd: Path) -> list[Ended]:
    """Processes that have loaded everything and wait at one gate, so that all write at the same instant."""
    script = Path(__file__).with_name("crowd.py")
    answer = subprocess.run(
        [sys.executable, str(script), str(MANY)], env=env, cwd=cwd, capture_output=True, text=True, timeout=250
    )
    assert answer.returncode == 0, answer.stderr
    return [(code, out, err) for code, out, err in json.loads(answer.stdout)]


def test_two_hundred_processes_add_to_one_database(cli, home, tmp_path):
    cli("add", "The first")
    holds_them_all(Path(home["TASKTERM_DB"]), started_together(home, tmp_path), 2)


def test_two_hundred_processes_make_the_database_and_its_folder_and_add_to_it(home, tmp_path):
    env = {name: value for name, value in home.items() if name != "TASKTERM_DB"}
    path = Path(home["XDG_DATA_HOME"]) / "taskterm" / "tasks.db"
    assert not os.path.exists(home["XDG_DATA_HOME"])
    holds_them_all(path, started_together(env, tmp_path), 1)


def test_two_hundred_processes_at_the_same_instant_make_one_database(home, tmp_path):
    holds_them_all(Path(home["TASKTERM_DB"]), let_go_together(home, tmp_path), 1)
