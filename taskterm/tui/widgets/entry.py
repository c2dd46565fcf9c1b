"""A one-line text field that never blinks (an idle screen writes nothing) and takes no control characters."""

from abc import abstractmethod
from typing import ClassVar, Protocol

from rich.highlighter import Highlighter
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets import Input

from taskterm.tui.containment import Contained

LINES_PASTED = 2000
"""Lines that may be pasted at once; more than anybody reads through are a file for `taskterm add -`."""
TOO_MANY_LINES = f"{LINES_PASTED} lines or more at once: put them into a file, then: taskterm add - < FILE"


class Helper(Protocol):
    """What lies over a field and sees its keys first (see widgets/completion.py)."""

    def takes(self, event: events.Key) -> bool:
        """Whether the key was meant for it, so that the field must not have it."""
        ...


class FieldEntered(Message):
    """Whoever hears that enter was pressed in a field has heard it now."""


class Typed:
    """A field whose keys the app hands to it one after the other; see tui/typed.py."""

    @abstractmethod
    async def takes(self, event: events.Key) -> bool:
        """Whether the key was text, or meant what helps with the text, and is done."""

    @abstractmethod
    async def takes_paste(self, event: events.Paste) -> None:
        """What is pasted goes in, or wherever it belongs."""


class Entry(Typed, Input, Contained):
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

    virtual_size = Reactive(Size(0, 0))
    """As in every widget, but a letter more moves nothing else on the screen, which Textual would lay out for it."""

    class SeveralPasted(Message):
        """Several lines were pasted into a field that hands them on; `text` is what it would hold if it had several. It
        holds the first now."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        highlighter: Highlighter | None = None,
        hands_on: bool = False,
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
        self.cursor_position = len(value)  # what is typed at once goes on with what stands there
        self.helper: Helper | None = None
        self._hands_on = hands_on  # whether each pasted line is a thing of its own

    async def takes(self, event: events.Key) -> bool:
        """The helper first, then letters; bindings are not done here."""
        if self.helper is not None and self.helper.takes(event):
            return True
        if event.is_printable:
            await self._on_key(event)
        return event.is_printable

    def entered(self) -> None:
        """Keys typed behind enter may go when its message has come up to whoever it is for: this one follows it."""
        self.post_message(FieldEntered())

    async def takes_paste(self, event: events.Paste) -> None:
        """As everywhere."""
        self._on_paste(event)

    def _on_paste(self, event: events.Paste) -> None:
        """What can be seen goes in, several lines as one; where the field hands them on, only the first."""
        event.stop()
        event.prevent_default()
        lines = event.text.splitlines()
        line = next(iter(lines), "")
        if any(other.strip() for other in lines[1:]):
            if self._hands_on:
                start, end = sorted(self.selection)
                self.post_message(self.SeveralPasted(self.value[:start] + event.text + self.value[end:]))
            else:
                line = " ".join(filter(None, map(str.strip, lines)))
        clean = "".join(c if c.isprintable() else " " for c in line)
        if clean:
            self.replace(clean, *self.selection)
