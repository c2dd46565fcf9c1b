"""A store on a real file, and a short way to run a command on it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from taskterm.store.store import Result, Store

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)

Do = Callable[..., Result]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty database."""
    return Store(str(tmp_path / "tasks.db"), create=True, host="kestrel")


@pytest.fixture
def do(store: Store) -> Do:
    """`do("add", title="x")` runs a command as ana; `by` and `at` change who and when."""

    def run(verb: str, by: str = "ana", at: datetime = NOW, **args: object) -> Result:
        return store.execute(verb, args, actor=by, now=at)

    return run
