"""Fixtures every test may ask for: a home of its own, the program as a real process, real data, a fixed now."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parent.parent

# Read once, when Textual is imported.
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# What a user's terminal or shell may have set and what would change an answer.
_UNWANTED = ["NO_COLOR", "FORCE_COLOR", "TERM", "COLORTERM", "COLUMNS", "LINES", "PAGER", "EDITOR", "VISUAL", "TMUX"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """For `-n auto`: more than there are cores, as most tests wait for a screen or for another process."""
    return (os.cpu_count() or 1) * 3 // 2


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A machine on which TaskTerm never ran: empty home and XDG folders, a database path, actor ana, UTC.

    The environment holds for this process until the test ends, and is returned whole for processes the test starts.
    HOME and the XDG folders do not exist yet, apart from HOME itself.
    """
    folder = tmp_path / "home"
    folder.mkdir()
    for name in [*_UNWANTED, *(name for name in os.environ if name.startswith("TASKTERM_"))]:
        monkeypatch.delenv(name, raising=False)
    ours = {
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / ".local/share"),
        "XDG_STATE_HOME": str(folder / ".local/state"),
        "XDG_CONFIG_HOME": str(folder / ".config"),
        "XDG_CACHE_HOME": str(folder / ".cache"),
        "TASKTERM_DB": str(tmp_path / "tasks.db"),
        "TASKTERM_ACTOR": "ana",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    time.tzset()
    yield dict(os.environ)
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def cli(home: dict[str, str], tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `taskterm WORDS...` as a real process in `home` and returns it ended, with its output as text.

    `input` is its standard input (none: empty), `env` adds to the environment (None takes a variable away), `cwd` is
    its working directory (none: the test's own), `timeout` is in seconds. A failing exit code is for the test to judge.
    """

    def run(
        *words: str,
        input: str | None = None,
        env: Mapping[str, str | None] | None = None,
        cwd: str | Path | None = None,
        timeout: float = 60,
    ) -> subprocess.CompletedProcess[str]:
        wanted: dict[str, str | None] = {**home, **(env or {})}
        return subprocess.run(
            [sys.executable, "-m", "taskterm", *words],
            input=input or "",
            env={name: value for name, value in wanted.items() if value is not None},
            cwd=cwd or tmp_path,
            timeout=timeout,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real input: TASKTERM_TEST_DATA, or shared/data beside the checkout. Skips where there is none."""
    named = os.environ.get("TASKTERM_TEST_DATA")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no real input: {folder} is not a folder (set TASKTERM_TEST_DATA)")
    return folder


@pytest.fixture
def now() -> datetime:
    """The moment the tests live in: Monday 23 November 2026, 14:32 UTC."""
    return datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
