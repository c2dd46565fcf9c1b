"""Opens the TUI on a database and answers when the user has left."""

import gc
import os
import sys

from taskterm import settings
from taskterm.store.store import Store
from taskterm.tui import fault_file, terminals
from taskterm.tui.app import TaskTerm
from taskterm.tui.containment import report_of, words_of
from taskterm.tui.first import Screen
from taskterm.tui.keys import DEFAULT, Keys
from taskterm.tui.manner import Manner, Opening, configured
from taskterm.tui.work import default_clock


def run(
    store_path: str,
    *,
    actor: str,
    ascii: bool = False,
    theme: str | None = None,
    colour: bool = True,
    opening: Opening | None = None,
    screen: Screen | None = None,
    config: settings.Config | None = None,
    inline: bool = False,
    keys: Keys = DEFAULT,
) -> int:
    """Open the TUI on a database (made where it is missing); answers the exit code when the user has left.

    `theme` is one of the settings; `screen` is the first picture, where it has been painted; `config` says how the
    screen behaves, `keys` are those that it asks for. With `inline` it is a small one under the prompt.
    """
    if not colour:
        os.environ["NO_COLOR"] = "1"  # Textual asks for it when an app is made
    # What is loaded by now stays: the collector would look through all of it again and again while output streams.
    gc.freeze()
    app = TaskTerm(
        Store(store_path, create=True),
        actor=actor,
        ascii_only=ascii,
        theme=f"taskterm-{theme}" if theme else None,
        opening=opening,
        screen=screen,
        manner=_manner(config or settings.Config(""), asks=screen is not None and not ascii),
        keys=keys,
    )
    app.run(inline=inline, inline_no_clear=inline)
    for run_id in app.goes_on:
        sys.stderr.write(f"run {run_id} goes on; taskterm logs {run_id} -f follows it\n")
    if app.ended_by is not None:
        return _tell_end(app)
    return app.return_code or 0


def _manner(config: settings.Config, *, asks: bool) -> Manner:
    """What is configured; a terminal may be asked about the width of signs where nobody said what to draw."""
    asks = asks and settings.chosen("ascii", config)[0] is None
    return configured(config)._replace(measures=asks and terminals.key(os.environ) not in terminals.known(os.environ))


def _tell_end(app: TaskTerm) -> int:
    """Why the screen is gone; the whole report is in a file, and nothing that was stored is lost."""
    error = app.ended_by
    assert error is not None
    try:
        kept = f"what happened is written down in {fault_file.keep(report_of(error), default_clock())}"
    except OSError as problem:
        kept = f"what happened could not be written down: {problem}"
    sys.stderr.write(f"taskterm: a fault in TaskTerm has ended the screen: {words_of(error)}\n")
    sys.stderr.write(f"nothing that was stored is lost; {kept}\n")
    return 1
