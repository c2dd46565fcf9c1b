"""`taskterm` alone: paints the first picture, then loads the TUI behind it. With --inline a board under the prompt."""

from __future__ import annotations

import os
import sys

from taskterm import settings
from taskterm.cli.session import Session
from taskterm.core.errors import UsageError


def run(session: Session, *, inline: bool = False, query: str = "") -> int:
    """The TUI on the database, made if there is none yet; answers its exit code. `inline` may have a filter."""
    if not (session.terminal and sys.stdin.isatty()):
        raise UsageError(
            "without a command TaskTerm opens its screen, and there is no terminal here", "see: taskterm --help"
        )
    from taskterm.cli import keybindings
    from taskterm.tui import first, quiet_start, terminals

    keys, wrong = keybindings.of(session.config)
    warning = session.warning(unknown=True, more=wrong)
    if warning:
        session.note(f"taskterm: {warning}")  # seen when the screen is left

    unsaid = settings.chosen("ascii", session.config)[0] is None
    ascii_only = session.ascii or (unsaid and terminals.draws_wide(os.environ))
    theme = session.theme()
    plain = "NO_COLOR" in os.environ or not session.wants_colour
    asked = first.Asked("plain" if plain else theme or "dark", ascii_only, session.now, keys)
    store = session.store(create=True)
    screen = None if inline else first.open_screen(store, asked)
    try:
        with quiet_start.Loading():
            _leave_when_told()  # the picture is there; what this loads, the screen needs too
            from taskterm.tui.launch import run as open_screen
            from taskterm.tui.manner import Opening

        return open_screen(
            session.path,
            actor=session.actor,
            ascii=ascii_only,
            theme=theme,
            colour=session.wants_colour,
            screen=screen,
            config=session.config,
            opening=Opening(view="board", query=query) if inline else None,
            inline=inline,
            keys=keys,
        )
    finally:
        if screen is not None:
            screen.close()


def _leave_when_told() -> None:
    """A signal to end leaves the terminal as it was; the screen has its own way as soon as it is there."""
    import signal

    # Not in the midst of a signal, which may come while a part of this is being loaded.
    from taskterm.tui import last_resort

    def leave(number: int, _frame: object) -> None:
        sys.exit(last_resort.begin(number))

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
