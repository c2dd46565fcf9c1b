"""A small app that shows one view alone, as the real app would: same themes, same messages, a picture given by hand."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget

from taskterm.tui.messages import ActRequested, DoRequested, Picture, Said, SelectionChanged, TaskActivated
from taskterm.tui.theme import THEMES


class Stage(App[None]):
    """Shows `view` with `picture` and keeps what the view posts, in order, in `heard`."""

    def __init__(
        self, view: Widget, picture: Picture, *, theme: str = "taskterm-dark", ascii_only: bool = False
    ) -> None:
        super().__init__()
        self.view = view
        self.picture = picture
        self.heard: list[Message] = []
        self.ascii_only = ascii_only
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.focus()
        self.call_after_refresh(self.show, self.picture)

    def show(self, picture: Picture) -> None:
        self.picture = picture
        self.view.show(picture)  # type: ignore[attr-defined]

    def on_selection_changed(self, message: SelectionChanged) -> None:
        self.heard.append(message)

    def on_task_activated(self, message: TaskActivated) -> None:
        self.heard.append(message)

    def on_act_requested(self, message: ActRequested) -> None:
        self.heard.append(message)

    def on_do_requested(self, message: DoRequested) -> None:
        self.heard.append(message)

    def on_said(self, message: Said) -> None:
        self.heard.append(message)


def screen_text(app: App[None]) -> list[str]:
    """What is on the screen, line by line, without styles."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


async def until(pilot: Pilot[None], holds: Callable[[], object], seconds: float = 20) -> None:
    """Lets the app run until `holds` answers something true; fails after `seconds` with what is on the screen."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("it never came true; on the screen:\n" + "\n".join(screen_text(pilot.app)))
        await pilot.pause(0.01)
