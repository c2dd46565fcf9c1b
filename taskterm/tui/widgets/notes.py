"""The notes of a task as a field of several lines: plain Markdown text, wrapped, without a blinking cursor."""

from textual import events
from textual.widgets import TextArea

from taskterm.tui.containment import Contained
from taskterm.tui.widgets.entry import Typed


class Notes(TextArea, Typed, Contained):
    """Tab leaves it, enter is a new line; ctrl+s saves the form around it."""

    DEFAULT_CSS = """
    Notes, Notes:focus {
        border: none;
        padding: 0 1;
        height: 1fr;
        min-height: 3;
        background: $surface;
        color: $foreground;
        scrollbar-size: 0 0;
    }
    Notes .text-area--cursor-line { background: $surface; }
    """

    def __init__(self, text: str) -> None:
        super().__init__(text, tab_behavior="focus", soft_wrap=True, id="notes")
        self.cursor_blink = False

    async def takes(self, event: events.Key) -> bool:
        """Letters and new lines."""
        text = event.is_printable or event.key == "enter"
        if text:
            await self._on_key(event)
        return text

    async def takes_paste(self, event: events.Paste) -> None:
        """As in any field of several lines."""
        await self._on_paste(event)

    def put(self, text: str) -> None:
        """Another text as one step that ctrl+z takes back; the cursor stays about where it was."""
        if text != self.text:
            row, column = self.cursor_location
            self.replace(text, self.document.start, self.document.end)
            lines = text.split("\n")
            row = min(row, len(lines) - 1)
            self.move_cursor((row, min(column, len(lines[row]))))
