"""Small files in the state folder: nobody else reads them, and an old one is never half replaced."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from taskterm.tui import fault_file, kept, terminals
from tests.tui.drive import NOW

pytestmark = pytest.mark.usefixtures("home")


def test_every_file_and_folder_is_for_its_owner_alone() -> None:
    old = os.umask(0o022)
    try:
        kept.put(kept.path_of("drafts/one.txt"), "half a thought\r\n")
        kept.put(kept.path_of("hints"), "tasks 1\n")
        terminals.remember({"TERM": "xterm", **os.environ}, "narrow")
        fault_file.keep("a report", NOW)
    finally:
        os.umask(old)
    assert kept.read(kept.path_of("drafts/one.txt")) == "half a thought\r\n"
    folder = Path(kept.path_of("hints")).parent
    found = [folder, *folder.rglob("*")]
    assert {"hints", "one.txt", "terminals", "faults.log"} <= {path.name for path in found}
    assert all(stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600) for path in found)


def test_a_file_that_cannot_be_replaced_stays_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    path = kept.path_of("hints")
    kept.put(path, "tasks 1\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        kept.put(path, "tasks 2\n")
    assert kept.read(path) == "tasks 1\n"
    assert kept.read(kept.path_of("nothing of this name")) == ""
