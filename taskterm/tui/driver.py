"""The terminal driver that goes on where the first picture is: it enters no second screen and keeps what was typed."""

from typing import Any, TextIO, cast

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.drivers.linux_driver import LinuxDriver

from taskterm.tui.first import Screen

for _digit in "0123456789":
    # Terminals send alt+1 as escape and 1. Textual takes that for the sign that a Mac has on alt+1 (¡), which such a
    # terminal would send as itself; without that entry it is the key alt+1.
    cast("dict[str, object]", ANSI_SEQUENCES_KEYS).pop(f"\x1b{_digit}", None)

_ENTER = "\x1b[?1049h"


class _Lasting:
    """The file of a terminal. When that is gone, what is written goes nowhere: Textual's thread that writes would end,
    and whoever gives it more would wait for ever."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        """As of any file."""
        try:
            return self._file.write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        """As of any file."""
        try:
            self._file.flush()
        except OSError:
            return

    def fileno(self) -> int:
        """As of any file."""
        return self._file.fileno()


def taking_over(screen: Screen) -> type[LinuxDriver]:
    """Textual's own driver, but for its first start: the alternate screen is on already, with a picture in it."""

    class Successor(LinuxDriver):
        """Begins on the screen that is there, and returns to the attributes of the terminal from before it."""

        def __init__(self, *args: Any, **named: Any) -> None:
            super().__init__(*args, **named)
            self._file = _Lasting(self._file)  # type: ignore[arg-type, assignment]

        def start_application_mode(self) -> None:
            super().start_application_mode()  # type: ignore[no-untyped-call]
            if not screen.taken:
                screen.taken = True
                self.attrs_before = screen.attributes

        def write(self, data: str) -> None:
            if data != _ENTER or screen.taken:  # it would clear the picture
                super().write(data)

    return Successor
