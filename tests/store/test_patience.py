"""How long a program waits for the database: as long as it was told, longer while others get their turns."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from taskterm.store import lockfile
from taskterm.store.lockfile import _Patience

SECONDS = 10.0


class Clock(NamedTuple):
    """A clock that goes on by sleeping, and by `away` more while the machine stands still."""

    state: dict[str, float]

    def monotonic(self) -> float:
        return self.state["now"]

    def sleep(self, seconds: float) -> None:
        self.state["now"] += seconds + self.state.pop("away", 0.0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock({"now": 100.0})
    monkeypatch.setattr(lockfile, "time", found)
    return found


@pytest.fixture
def sign(tmp_path: Path) -> Callable[[str], int]:
    """Somebody writes down that the lock is theirs; answers a descriptor of the file."""
    path = tmp_path / "lock"

    def write(owner: str) -> int:
        path.write_text(owner)
        return os.open(path, os.O_RDONLY)

    return write


def waited(clock: Clock, patience: _Patience, fd: int) -> float:
    """Seconds until it gives up."""
    begin = clock.monotonic()
    while patience.goes_on(fd):
        patience.sleep(0.05)
    return clock.monotonic() - begin


def test_it_ends_in_time_while_one_program_holds_the_database(clock: Clock, sign: Callable[[str], int]) -> None:
    patience = _Patience(clock.monotonic() + SECONDS)
    assert waited(clock, patience, sign("ana")) == pytest.approx(SECONDS)


def test_it_goes_on_while_others_have_their_turns_but_not_for_ever(clock: Clock, sign: Callable[[str], int]) -> None:
    patience = _Patience(clock.monotonic() + SECONDS)
    begin, turn = clock.monotonic(), 0
    while patience.goes_on(sign(f"somebody {turn}")):
        patience.sleep(1.0)
        turn += 1
    assert clock.monotonic() - begin == pytest.approx(SECONDS * lockfile._PATIENCE)


def test_the_time_in_which_the_machine_stood_still_does_not_count(clock: Clock, sign: Callable[[str], int]) -> None:
    patience = _Patience(clock.monotonic() + SECONDS)
    assert patience.goes_on(sign("ana"))
    clock.state["away"] = 3600.0
    patience.sleep(0.05)
    assert waited(clock, patience, sign("ana")) == pytest.approx(SECONDS - 0.05)
