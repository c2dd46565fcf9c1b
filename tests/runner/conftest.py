"""Fixtures of the runner's tests: a desk with a database, and nothing left running when a test ends."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from taskterm.runner import owner, process
from taskterm.store.store import Store
from tests.runner.helpers import Desk, Hold


@pytest.fixture
def desk(home: dict[str, str]) -> Iterator[Desk]:
    """A user with an empty database; every supervisor and every step that is left at the end is killed."""
    made = Desk(home["TASKTERM_DB"])
    yield made
    end_everything(made.store)


@pytest.fixture
def hold(tmp_path: Path) -> Callable[[str], Hold]:
    """Makes named pipes that hold steps."""
    return lambda name: Hold(tmp_path / f"hold {name}")


def end_everything(store: Store) -> None:
    with store.read() as reader:
        runs = reader.live_runs()
    for run in runs:
        if run.pid is not None and owner.state_of(run) == "alive":
            os.kill(run.pid, signal.SIGKILL)
    process.signal_all(owner.marked(f"{store.database_uuid}/"), signal.SIGKILL)
