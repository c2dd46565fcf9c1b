"""A one-line text field that never blinks (an idle screen writes nothing) and takes no control characters."""

from typing import ClassVar, Protocol

from rich.highlighter import Highlighter
from textual import events
from textual.widgets import Input

from taskterm.tui.containment import Contained


class Helper(Protocol):
    """What lies over a field and sees its keys first (see widgets/completion.py)."""

    def takes(self, event: events.Key) -> bool:
        """Whether the key was meant for it, so that the field must not have it."""
        ...


class Entry(Input, Contained):
    """Textual's Input, quiet and on the ground of its surroundings."""

    DEFAULT_CSS = """
    Entry, Entry:focus {
        background: $background 0%;
        background-tint: $background 0%;
        color: $foreground;
        border: none;
        height: 1;
        padding: 0;
    }
    Entry > .input--placeholder, Entry > .input--suggestion { color: $tt-mute; }
    """
    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        highlighter: Highlighter | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            value,
            placeholder,
            highlighter,
            select_on_focus=False,
            compact=True,
            id=id,
            classes=classes,
        )
        self.cursor_blink = False
        self.helper: Helper | None = None

    async def _on_key(self, event: events.Key) -> None:
        """The helper first; what it does not take goes its usual way."""
        if self.helper is not None and self.helper.takes(event):
            event.stop()
            event.prevent_default()

    def _on_paste(self, event: events.Paste) -> None:
        """Only the first line goes in, and of it only what can be seen."""
        event.stop()
        event.prevent_default()
        line = next(iter(event.text.splitlines()), "")
        clean = "".join(c if c.isprintable() else " " for c in line)
        if clean:
            self.replace(clean, *self.selection)
