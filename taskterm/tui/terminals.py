"""Which terminals draw our signs two cells wide: each kind is asked once, by printing one and asking for the cursor.

Half of the signs are of ambiguous width in Unicode's tables. Where they are wide every column would be out of its
place, so ASCII is used there. What is known is a file in the state folder, one terminal a line.
"""

from __future__ import annotations

import os

from taskterm import settings
from taskterm.tui import kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

QUESTION = "\x1b7\x1b[1;1H◆\x1b[6n\x1b[1;1H  \x1b8"
"""Prints a sign in the first cell, asks for the cursor, and puts everything back but those two cells."""

NARROW, WIDE = 1, 2
"""Columns that the cursor has moved by."""


def key(environment: Mapping[str, str]) -> str:
    """The kind of terminal: its program, its TERM and the language, which may decide about widths."""
    names = ("TERM_PROGRAM", "TERM", "LC_ALL", "LC_CTYPE", "LANG")
    words = "/".join(environment.get(name, "") for name in names)
    return "".join(letter if letter.isprintable() and not letter.isspace() else "?" for letter in words)[:200]


def known(environment: Mapping[str, str]) -> dict[str, str]:
    """`wide` or `narrow` by kind of terminal; empty where nothing is kept."""
    found = (line.rpartition(" ") for line in kept.read(_path(environment)).splitlines())
    return {name: width for name, _, width in found if name and width in ("wide", "narrow")}


def draws_wide(environment: Mapping[str, str]) -> bool:
    """Whether this terminal is known to draw the signs wide."""
    return known(environment).get(key(environment)) == "wide"


def remember(environment: Mapping[str, str], width: str) -> None:
    """Keeps what has been found out; OSError where that cannot be."""
    found = {**known(environment), key(environment): width}
    kept.put(_path(environment), "".join(f"{name} {value}\n" for name, value in sorted(found.items())))


def _path(environment: Mapping[str, str]) -> str:
    return os.path.join(settings.folder("state", environment), "terminals")
