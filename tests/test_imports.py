"""What a command may load. A linter cannot tell a deferred import from an eager one; a fresh interpreter can."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "taskterm"
BARE = ["-c", ""]

HEAVY = {"sqlmodel", "sqlalchemy", "alembic", "pydantic", "textual", "rich", "pendulum"}
# Each costs up to several milliseconds of the fifteen that a quick command takes, most by what it brings along.
SLOW_STDLIB = {
    *("argparse", "asyncio", "collections", "contextlib", "copyreg", "dataclasses", "datetime", "difflib", "enum"),
    *("functools", "importlib.metadata", "inspect", "json", "keyword", "logging", "operator", "pathlib", "random"),
    *("re", "shlex", "shutil", "socket", "sqlite3", "string", "subprocess", "tempfile", "threading", "tomllib"),
    *("traceback", "types", "typing", "urllib", "uuid", "warnings", "weakref"),
}
OUTSIDE_WORLD = {"asyncio", "multiprocessing", "shutil", "socket", "sqlite3", "subprocess", "tempfile", "threading"}

QUICK = [
    pytest.param(["add", "Write", "the", "notes", "+docs", "@ana", "pri:H", "due:fri"], id="add"),
    pytest.param(["done", "1"], id="done"),
    pytest.param(["list"], id="list"),
    pytest.param(["next"], id="next"),
]
FILTERED = [
    pytest.param(["add", "Send", "it", "due:fri", "est:2h", "after:1", "repeat:weekly"], id="add with dates and links"),
    pytest.param(["next", "-n", "3"], id="next -n"),
    pytest.param(["next", "@ana"], id="next of somebody"),
    pytest.param(["list", "-n", "30"], id="list -n"),
    pytest.param(["list", "project:site", "+ops"], id="list by project and tag"),
    pytest.param(["list", "first", "task"], id="list by text"),
    pytest.param(["list", "(ready", "or", "doing)", "due.by:+9d", "sort:due,-urgency"], id="list by date, sorted"),
    pytest.param(["_complete", "done", ""], id="completion of ids"),
    pytest.param(["_complete", "list", "+"], id="completion of tags"),
]
"""The same commands with what people often add, and what a shell asks at every press of a key."""


def loaded_by(
    arguments: list[str], env: dict[str, str] | None = None, cwd: Path | None = None
) -> tuple[set[str], int, str]:
    """Runs a fresh interpreter; returns every module the arguments made it load, its exit code and its stderr."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    modules, messages = set(), []
    for line in run.stderr.splitlines():
        if line.startswith("import time:"):
            modules.add(line.rsplit("|", 1)[1].strip())
        else:
            messages.append(line)
    return modules - (loaded_bare() if arguments != BARE else set()), run.returncode, "\n".join(messages)


@cache
def loaded_bare() -> set[str]:
    """What an interpreter of this environment loads by itself, which is not the program's doing."""
    return loaded_by(BARE)[0]


def of(names: set[str], loaded: set[str]) -> list[str]:
    """Those of `names` that are among the loaded modules, themselves or by a part of them, sorted."""
    return sorted(name for name in names if any(module == name or module.startswith(name + ".") for module in loaded))


def modules_of(layer: str) -> list[str]:
    """The names of all modules of one layer: a folder of the package, or a single file of it."""
    files = sorted((PACKAGE / layer).rglob("*.py")) if (PACKAGE / layer).is_dir() else [PACKAGE / f"{layer}.py"]
    parts = [file.relative_to(REPOSITORY).with_suffix("").parts for file in files]
    return [".".join(part[:-1] if part[-1] == "__init__" else part) for part in parts]


def test_the_way_of_looking_sees_a_heavy_library_that_was_loaded():
    loaded, code, _ = loaded_by(["-c", "import pydantic.version, os; os._exit(3)"])
    assert code == 3
    assert of(HEAVY, loaded) == ["pydantic"]


@pytest.mark.parametrize("words", QUICK)
def test_a_quick_command_loads_no_heavy_library(words, home, cli, tmp_path):
    assert cli("add", "First task").returncode == 0
    loaded, code, messages = loaded_by(["-m", "taskterm", *words], home, tmp_path)
    assert (code, messages) == (0, "")
    assert "taskterm.cli" in loaded
    assert of(HEAVY, loaded) == []


@pytest.mark.parametrize("words", QUICK)
def test_the_very_first_command_on_a_machine_loads_no_heavy_library(words, home, tmp_path):
    assert not Path(home["TASKTERM_DB"]).exists()
    loaded, code, messages = loaded_by(["-m", "taskterm", *words], home, tmp_path)
    assert "taskterm.cli" in loaded
    assert of(HEAVY, loaded) == []
    assert code == (1 if words[0] == "done" else 0), messages
    assert "Traceback" not in messages


@pytest.mark.parametrize("words", [*QUICK, *FILTERED])
def test_a_quick_command_loads_no_slow_part_of_the_standard_library(words, home, cli, tmp_path):
    for line in ("First task +ops project:site.web @ana due:mon", "Aufgabe für später", "Send after:1 run:make"):
        assert cli("add", line).returncode == 0
    loaded, code, messages = loaded_by(["-c", f"from taskterm.cli import main; main({words!r})"], home, tmp_path)
    assert (code, messages) == (0, "")
    assert of(SLOW_STDLIB, loaded) == []


def test_what_stands_in_for_functools_while_sqlite_is_loaded_is_gone_afterwards():
    code = (
        "import sys; from taskterm.store.driver import sqlite3; assert 'functools' not in sys.modules\n"
        "c = sqlite3.connect(':memory:')\n"
        "for n in range(300): assert c.execute(f'SELECT {n}').fetchone() == (n,)\n"
        "assert c.execute('SELECT 7').fetchone() == (7,)\n"
        "import functools, sqlite3 as whole\n"
        "assert functools.partial and whole.Row and whole.connect is sqlite3.connect\n"
    )
    assert loaded_by(["-c", code], cwd=REPOSITORY)[1:] == (0, "")


def test_sqlite_that_was_loaded_before_is_taken_as_it_is():
    code = (
        "import sqlite3, functools; from taskterm.store import driver; assert driver.sqlite3.connect is sqlite3.connect"
    )
    assert loaded_by(["-c", code], cwd=REPOSITORY)[1:] == (0, "")


def test_the_first_key_waits_for_no_view_but_the_list_and_for_no_format_of_files():
    later = {"board", "tree", "diagram", "runs"}
    unwanted = {f"taskterm.tui.widgets.{view}" for view in later} | {"tomllib", "_ssl", "sqlite3", "taskterm.exchange"}
    start = "from taskterm.tui.quiet_start import Loading\nwith Loading(): import taskterm.tui.launch"
    loaded, code, messages = loaded_by(["-c", start], cwd=REPOSITORY)
    assert (code, messages) == (0, "")
    assert "taskterm.tui.widgets.tasks" in loaded
    assert of(unwanted, loaded) == []


def test_tls_can_be_loaded_when_the_interface_was():
    code = (
        "from taskterm.tui.quiet_start import Loading\nwith Loading(): import asyncio\n"
        "import gc, ssl; assert gc.isenabled() and ssl.create_default_context()"
    )
    assert loaded_by(["-c", code], cwd=REPOSITORY)[1:] == (0, "")


def test_a_refused_command_loads_no_heavy_library(home, tmp_path):
    loaded, code, messages = loaded_by(["-m", "taskterm", "done", "no such task"], home, tmp_path)
    assert code == 1
    assert "no such task" in messages
    assert of(HEAVY, loaded) == []


@pytest.mark.parametrize(
    ("layer", "unwanted"),
    [
        ("core", HEAVY | OUTSIDE_WORLD | {"dataclasses"}),
        ("settings", HEAVY | {"asyncio", "sqlite3", "subprocess", "platformdirs", "tomli_w"}),
        ("runner", {"textual", "rich"}),
        ("exchange", {"textual", "rich", "alembic"}),
        ("store", {"textual", "rich"}),
    ],
)
def test_a_layer_alone_loads_nothing_from_outside_its_job(layer, unwanted):
    modules = modules_of(layer)
    assert modules, f"no module in {layer}"
    if layer == "store":  # revisions are loaded by Alembic, which gives them their context
        modules = [module for module in modules if ".migrations" not in module]
    loaded, code, messages = loaded_by(["-c", "import " + ", ".join(modules)], cwd=REPOSITORY)
    assert code == 0, messages
    assert of(unwanted, loaded) == []


def test_the_store_opens_files_without_the_database_library():
    quick = [f"taskterm.store.{name}" for name in ("store", "sqlite", "gate", "_sql")]
    loaded, code, messages = loaded_by(["-c", "import " + ", ".join(quick)], cwd=REPOSITORY)
    assert code == 0, messages
    assert of(HEAVY, loaded) == []


@pytest.mark.parametrize(
    ("layer", "above"),
    [
        ("core", {"store", "exchange", "runner", "tui", "cli", "demo", "settings"}),
        ("store", {"exchange", "runner", "tui", "cli", "demo"}),
        ("exchange", {"runner", "tui", "cli", "demo"}),
        ("runner", {"tui", "cli", "demo"}),
        ("tui", {"cli", "demo"}),
    ],
)
def test_a_layer_loads_no_layer_above_it(layer, above):
    modules = [module for module in modules_of(layer) if ".migrations" not in module]
    loaded, code, messages = loaded_by(["-c", "import " + ", ".join(modules)], cwd=REPOSITORY)
    assert code == 0, messages
    assert of({f"taskterm.{name}" for name in above}, loaded) == []
