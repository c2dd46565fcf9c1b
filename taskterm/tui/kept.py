"""Small files that the screen keeps for its user in the state folder: theirs alone, and replaced in one step."""

from __future__ import annotations

import os

from taskterm import settings


def path_of(name: str) -> str:
    """Where the file of this name is, whether it is there or not."""
    return os.path.join(settings.folder("state"), name)


def read(path: str) -> str:
    """The text of a file, as it was put there; empty where there is none that can be read."""
    try:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            return file.read()
    except OSError:
        return ""


def put(path: str, text: str) -> None:
    """Replaces a file, and makes the folders above it that are missing. OSError where that cannot be."""
    folder = os.path.dirname(path)
    for missing in (os.path.dirname(folder), folder):
        os.makedirs(missing, mode=0o700, exist_ok=True)
    beside = f"{path}.{os.getpid()}"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
        file.write(text)
    os.replace(beside, path)
