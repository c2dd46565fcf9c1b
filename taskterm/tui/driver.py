"""The terminal driver that goes on where the first picture is: it enters no second screen and keeps what was typed."""

from textual.drivers.linux_driver import LinuxDriver

from taskterm.tui.first import Screen

_ENTER = "\x1b[?1049h"


def taking_over(screen: Screen) -> type[LinuxDriver]:
    """Textual's own driver, but for its first start: the alternate screen is on already, with a picture in it."""

    class Successor(LinuxDriver):
        """Begins on the screen that is there, and returns to the attributes of the terminal from before it."""

        def start_application_mode(self) -> None:
            super().start_application_mode()  # type: ignore[no-untyped-call]
            if not screen.taken:
                screen.taken = True
                self.attrs_before = screen.attributes

        def write(self, data: str) -> None:
            if data != _ENTER or screen.taken:  # it would clear the picture
                super().write(data)

    return Successor
