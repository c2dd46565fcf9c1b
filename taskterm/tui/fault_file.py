"""The file that keeps reports of faults: in the state folder, for its owner alone, and never large."""

import os
from datetime import datetime

from taskterm import __version__
from taskterm.tui import kept

LARGEST = 1_000_000
"""Bytes; what is beyond goes, the oldest first."""


def path() -> str:
    """Where it is."""
    return kept.path_of("faults.log")


def short(path: str) -> str:
    """The path as a person writes it, with ~ for the home."""
    home = os.path.expanduser("~")
    return f"~{path.removeprefix(home)}" if path.startswith(f"{home}/") else path


def keep(report: str, now: datetime) -> str:
    """Appends a report; answers the path of the file. OSError where it cannot be written."""
    found = path()
    os.makedirs(os.path.dirname(found), mode=0o700, exist_ok=True)
    if os.path.exists(found) and os.path.getsize(found) > LARGEST:
        os.replace(found, f"{found}.old")
    descriptor = os.open(found, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"{now:%Y-%m-%d %H:%M:%S} taskterm {__version__}\n{report}\n")
    return found
