"""Signals that end the program: it leaves the screen as on `q`, and the terminal as it was."""

import asyncio
import signal
from functools import partial
from typing import Any

from textual.app import App

SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def listen(app: App[Any]) -> None:
    """From now on a signal exits the app with 128 and its number, as shells count it."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, partial(app.exit, None, 128 + number))


def deafen() -> None:
    """The signals have their ordinary effect again."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.remove_signal_handler(number)
