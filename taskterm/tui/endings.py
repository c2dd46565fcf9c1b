"""Signals: those that end the program leave the screen as on `q`, after a pause everything is painted again."""

import asyncio
import signal
from functools import partial
from typing import Any

from textual.app import App

SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def listen(app: App[Any]) -> None:
    """From now on a signal to end exits the app with 128 and its number, as shells count it."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, partial(app.exit, None, 128 + number))
    # After ctrl+z and fg the terminal is empty, and Textual would paint only what has changed meanwhile.
    app.app_resume_signal.subscribe(app, lambda _: app.screen.refresh(layout=True))


def deafen() -> None:
    """The signals have their ordinary effect again."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.remove_signal_handler(number)
