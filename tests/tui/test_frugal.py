"""Giving memory back is asked of the C library, and never needed."""

from __future__ import annotations

import ctypes

import pytest

from taskterm.tui import frugal


@pytest.mark.parametrize("library", ["its own", "none", "another"])
def test_memory_is_given_back_where_the_library_can_and_otherwise_nothing_happens(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_name: object) -> object:
        if library == "none":
            raise OSError("no such library")
        return object()

    if library != "its own":
        monkeypatch.setattr(ctypes, "CDLL", load)
    frugal.give_back()
