"""The floor of the screen's bench: the smallest Textual app, which counts the keys that are pressed."""

from __future__ import annotations

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    """One line of text."""

    ENABLE_COMMAND_PALETTE = False
    count = 0

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("hello 0")

    def on_key(self, event: events.Key) -> None:
        """Another number."""
        self.count += 1
        self.query_one(Static).update(f"hello {self.count}")


if __name__ == "__main__":
    Hello().run()
