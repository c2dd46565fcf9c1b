"""The whole application on a real database, driven by keys; and waiting for what threads bring, message by message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.message import Message
from textual.pilot import Pilot

from taskterm.core.snapshot import Snapshot
from taskterm.store.store import Store
from taskterm.tui.app import TaskTerm
from taskterm.tui.widgets.footer import Footer

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
DEADLINE = 20.0


class Drive:
    """One open application. `store` is a second handle on its database, for looking and for acting as somebody else."""

    def __init__(self, app: TaskTerm, pilot: Pilot[None], store: Store, woken: asyncio.Event) -> None:
        self.app = app
        self.pilot = pilot
        self.store = store
        self._woken = woken

    async def until(self, condition: Callable[[], Any], what: str = "") -> None:
        """Return as soon as `condition` holds; looks again after every message that the application handles."""

        async def wait() -> None:
            while not condition():
                self._woken.clear()
                await self._woken.wait()
                await self.pilot.pause()

        try:
            await asyncio.wait_for(wait(), DEADLINE)
        except TimeoutError:
            screen = "\n".join(self.lines)
            raise AssertionError(f"waited in vain for {what or condition}; the screen was:\n{screen}") from None

    async def press(self, *keys: str) -> None:
        """Press keys by their names, each when the one before has had its effect."""
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Type a text as fast as a terminal can bring it."""
        driver = self.app._driver
        assert driver is not None
        for character in text:
            event = events.Key(_character_to_key(character), character)
            event.set_sender(self.app)
            driver.send_message(event)
        await self.pilot.pause()

    async def spell(self, text: str) -> None:
        """Type a text, each character when the one before has had its effect."""
        await self.press(*(_character_to_key(character) for character in text))

    async def answered(self, part: str) -> None:
        """Wait for an answer that contains `part`."""
        await self.until(lambda: part in self.answer, f"an answer with {part!r}, not {self.answer!r}")

    @property
    def answer(self) -> str:
        """What the footer (the overlay's, where one is open) says."""
        texts = [footer.answer for screen in self.app.screen_stack for footer in screen.query(Footer)]
        return next((text for text in reversed(texts) if text), "")

    @property
    def lines(self) -> list[str]:
        """The screen, line by line, as text."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def snapshot(self) -> Snapshot:
        """The database as it really is."""
        return self.store.snapshot()

    def act(self, verb: str, **args: Any) -> Any:
        """Do something as another person, past the application."""
        return self.store.execute(verb, args, actor="ben", now=NOW)


@asynccontextmanager
async def opened(
    path: Path, size: tuple[int, int] = (140, 40), *, with_faults: bool = False, **options: Any
) -> AsyncIterator[Drive]:
    """The application on the database at `path`, showing its first picture; it must have no fault, or be allowed to."""
    app = TaskTerm(Store(str(path), create=True), **{"actor": "ana", "clock": lambda: NOW, **options})
    woken = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hook(_message: Message) -> None:
        loop.call_soon_threadsafe(woken.set)

    async with app.run_test(size=size, message_hook=hook) as pilot:
        drive = Drive(app, pilot, Store(str(path)), woken)
        await drive.until(lambda: app.picture.snapshot.operation >= 0, "the first picture")
        await pilot.pause()
        yield drive
        assert with_faults or not app.faults, app.faults[0].report


def fill(path: Path, *tasks: dict[str, Any]) -> Store:
    """A database with these tasks, added by ben in this order, so that the first one is #1."""
    store = Store(str(path), create=True)
    for values in tasks:
        store.execute("add", values, actor="ben", now=NOW)
    return store
