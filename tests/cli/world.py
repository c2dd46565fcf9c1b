"""A small world in which every command finds something to work on: tasks in all states, steps, runs, a workflow.

`worlds` makes it once for a test module; `World.copy` gives each test one of its own.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.warm import Warm

RELEASE = """\
[workflow]
name = "release"

[params.version]
prompt = "Version to release"
default = "2.4.0"

[[task]]
key = "build"
title = "Build {version}"
estimate = "5m"
  [[task.step]]
  run = 'echo "built $VERSION"'

[[task]]
key = "approve"
title = "Approve {version}"
needs = ["build"]
assignee = "ben"

[[task]]
key = "deploy"
title = "Publish {version}"
needs = ["approve"]
  [[task.step]]
  run = "true"
"""
TASKWARRIOR = """[
{"uuid": "9a1de6a5-5d0f-4fb4-93a8-5ab7bd4a5a01", "description": "Order a laptop", "status": "pending",
 "entry": "20261101T080000Z", "tags": ["it"], "annotations": [{"entry": "20261102T080000Z", "description": "asked"}]},
{"uuid": "9a1de6a5-5d0f-4fb4-93a8-5ab7bd4a5a02", "description": "Hand it over", "status": "pending",
 "entry": "20261101T080000Z", "depends": ["9a1de6a5-5d0f-4fb4-93a8-5ab7bd4a5a01"], "color": "blue"}
]"""
FILES = {
    "release.toml": RELEASE,
    "tasks.json": TASKWARRIOR,
    "list.txt": "Buy stamps +office\nPost the letters after:^\n",
    "plan.csv": "title,due,depends\nPlan the fair,2026-12-04,\nBook the hall,,Plan the fair\n",
    "minutes.md": "Two *words*\n\nand a list:\n- one\n",
}
COMMANDS = r"""
add Provision the server +ops @ana run:true
add Review the budget @ben pri:L wait:2099-01-05
add Build the site project:site run:"echo one" run:"echo two >&2"
add Check the mail +web scheduled:2099-01-01
add Call the printer @chloe
add Upload the film run:"echo broken >&2; exit 3"
add Draft the letter +web pri:L project:site.web due:2020-01-06
add Order paper +office est:2h
add Write the release notes due:2026-12-01 @ana pri:M
add Book a room
add Print the posters
add Deploy the shop +web @ana project:site pri:H due:2099-12-31T17:00 est:1h run:true
add Announce it after:12,9 @ben project:site
add 日本語のタスク 🚀 +emoji after:12
add Answer the customer @ana
add Pay the rent due:2099-01-31 repeat:monthly
add Sort the archive project:old
edit 12 --notes "Mind the *cache*."
comment 12 "Waiting for legal"
comment 12 "Legal is fine with it"
done 10
edit 11 +old
cancel 11
start 15
step add 8 --name count --timeout 10m --retries 2 --env STAGE=test --repeatable -- sh -c "exit 0"
run 1
! run 6
run 3
workflow start release.toml --approve
run --workflow 1
add Sweep the floor
"""


class World:
    """A furnished home: `taskterm(*words)` runs a command in it; `path` is the database."""

    def __init__(self, folder: Path, warm: Warm) -> None:
        self.folder, self._warm = folder, warm
        self.path, self.cwd = folder / "tasks.db", folder / "work"
        home = folder / "home"
        self.env = {
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / ".local/share"),
            "XDG_STATE_HOME": str(home / ".local/state"),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "TASKTERM_DB": str(self.path),
            "TASKTERM_ACTOR": "ana",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "PATH": os.environ["PATH"],
        }

    def taskterm(self, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """One command, ended."""
        return self._warm(*words, **{"cwd": self.cwd, **more, "env": {**self.env, **(more.get("env") or {})}})

    def well(self, line: str, **more: Any) -> str:
        """What a command line that must go well printed; one behind `! ` must fail with 1."""
        expected = int(line.startswith("! "))
        line = line.removeprefix("! ")
        ended = self.taskterm(*shlex.split(line), **more)
        assert ended.returncode == expected, (line, ended.stdout, ended.stderr)
        return ended.stdout

    def copy(self, folder: Path) -> World:
        """The same in another, new folder."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return World(folder, self._warm)


def empty(folder: Path, warm: Warm) -> World:
    """A home without a database, in a new folder."""
    world = World(folder, warm)
    (folder / "home").mkdir(parents=True)
    world.cwd.mkdir()
    for name, text in FILES.items():
        (world.cwd / name).write_text(text)
    return world


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """The program, loaded once."""
    server = Warm({}, tmp_path_factory.mktemp("nowhere"))
    yield server
    server.close()


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, warm: Warm) -> World:
    """The furnished world; to be copied, not changed."""
    world = empty(tmp_path_factory.mktemp("world") / "it", warm)
    for line in COMMANDS.strip().splitlines():
        world.well(line)
    return world


@pytest.fixture
def world(worlds: World, tmp_path: Path) -> World:
    """A furnished world of the test's own."""
    return worlds.copy(tmp_path / "world")
