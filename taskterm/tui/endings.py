"""Signals: those that end the program leave the screen as on `q`, after a pause everything is painted again.

A terminal may also go without any signal: where it belongs to no session, or where SIGHUP is ignored (nohup).
"""

import asyncio
import os
import signal
from functools import partial
from typing import Any

from textual.app import App

from taskterm.tui import last_resort

SIGNALS = (signal.SIGTERM, signal.SIGHUP)
LOOK_SECONDS = 1.0


def listen(app: App[Any]) -> None:
    """From now on a signal to end exits the app with 128 and its number, as shells count it."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, partial(_end, app, number))
    # After ctrl+z and fg the terminal is empty, and Textual would paint only what has changed meanwhile.
    app.app_resume_signal.subscribe(app, lambda _: app.screen.refresh(layout=True))
    if not app.is_headless:
        app.set_interval(LOOK_SECONDS, partial(_look, app))


def _look(app: App[Any]) -> None:
    """Whoever reads from a terminal that is gone gets nothing, at once and for ever: it would keep a core busy."""
    if not os.isatty(0):
        _end(app, signal.SIGHUP)


def _end(app: App[Any], number: signal.Signals) -> None:
    app.exit(None, last_resort.begin(number))


def deafen() -> None:
    """The signals have their ordinary effect again."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.remove_signal_handler(number)
