"""The first picture: painted with plain escape sequences before Textual is loaded, in the places it then takes over.

`open_screen` puts the terminal into the state in which Textual wants it (no echo, keys wait in its queue) and
paints; whoever calls it gives the terminal back with `Screen.close` where nobody took it over.
"""

from __future__ import annotations

import os
import sys
import termios

from taskterm.core.lean import NamedTuple, datetime
from taskterm.store.store import Store
from taskterm.tui import frame, opening
from taskterm.tui.glyphs import PLAIN, UNICODE
from taskterm.tui.keys import DEFAULT, Keys
from taskterm.tui.picture import Picture
from taskterm.tui.shades import Shades, depth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SMALLEST = (40, 10)
"""Width and height below which there is no first picture."""

ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l"
LEAVE = "\x1b[0m\x1b[?7h\x1b[?1049l\x1b[?25h"
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"
"""What is between them appears at once, on terminals that know how."""


class Asked(NamedTuple):
    """How the screen shall look: `theme` is one of core.palette, `ansi` or `plain`."""

    theme: str
    ascii_only: bool
    now: datetime
    keys: Keys = DEFAULT


class Screen:
    """The terminal while nobody but the first picture has it. `picture` is what it shows, on that many columns and
    lines."""

    def __init__(self, picture: Picture, read_only: str, attributes: list[Any], size: tuple[int, int]) -> None:
        self.picture = picture
        self.read_only = read_only
        self.attributes = attributes  # of the terminal as it was before
        self.size = size
        self.taken = False

    def close(self) -> None:
        """The terminal as it was before, unless Textual took it over and has given it back itself."""
        if not self.taken:
            self.taken = True
            try:
                _write(LEAVE)
                termios.tcsetattr(0, termios.TCSANOW, self.attributes)
            except (OSError, termios.error):
                pass  # the terminal is gone, and nobody looks at it


def open_screen(store: Store, asked: Asked) -> Screen | None:
    """Paints the first picture of a database; None, and an untouched terminal, where there can be none.

    Raises what the store raises: what is wrong with the database is said before the screen changes.
    """
    try:
        columns, lines = _size()
    except (OSError, ValueError):
        columns = lines = 0
    usable = columns >= SMALLEST[0] and lines >= SMALLEST[1] and os.environ.get("TERM") != "dumb"
    with store.read() as reader:  # also where there will be no picture: whatever is wrong is said now
        if not (usable and os.isatty(0) and os.isatty(2)):
            return None
        picture = opening.read(reader, asked.now, frame.list_room(lines), detail=columns >= frame.WIDE)
    opened = frame.Opened(store.path, os.path.expanduser("~"), store.read_only)
    text = painted(opened, picture, columns, lines, asked, depth(os.environ))
    screen = Screen(picture, store.read_only, termios.tcgetattr(0), (columns, lines))
    try:
        termios.tcsetattr(0, termios.TCSANOW, _quiet(screen.attributes))
        _write(ENTER + text)
    except BaseException:
        screen.close()
        raise
    return screen


def painted(opened: frame.Opened, picture: Picture, width: int, height: int, asked: Asked, colours: int) -> str:
    """All that has to be written for a screen of this size."""
    shades = Shades(asked.theme, colours)
    glyphs = (PLAIN if asked.ascii_only else UNICODE)._replace(keys=asked.keys)
    found = [BEGIN]
    for number, line in enumerate(frame.lines(opened, picture, width, height, glyphs), 1):
        found.append(f"\x1b[{number};1H")
        before = ""
        for row, room, ground in line:
            base = row.on or ground
            for span in frame.filled(row, room):
                sequence = shades.sequence(span, span.on or base)
                if sequence != before:
                    found.append(sequence)
                    before = sequence
                found.append(span.text)
    found.append(f"\x1b[0m{END}")
    return "".join(found)


def _quiet(attributes: list[Any]) -> list[Any]:
    """The attributes of a terminal that shows no keys and hands each one over at once, as Textual sets them too."""
    flags, _, control, local, *speeds, characters = attributes
    flags &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    local &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    characters = [*characters]
    characters[termios.VMIN] = 1
    return [flags, attributes[1], control, local, *speeds, characters]


def _size() -> tuple[int, int]:
    """Columns and lines as Textual finds them: from the environment, else from the terminal."""
    columns = int(os.environ.get("COLUMNS") or 0)
    lines = int(os.environ.get("LINES") or 0)
    if columns <= 0 or lines <= 0:
        found = os.get_terminal_size(1)
        columns, lines = columns or found.columns, lines or found.lines
    return columns, lines


def _write(text: str) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    data = text.encode("utf-8", "replace")
    while data:
        data = data[os.write(2, data) :]
