"""The real program, stopped at its first picture: `python paused.py GATE LOADED [--still] OPTIONS...`.

It goes on when somebody has written to the pipe GATE and closed it; LOADED then names the modules that were loaded by
the time of the picture. With --still nothing is read after Textual took over, and the title says so: what is on the
screen then is Textual's first picture.
"""

import os
import sys

GATE, LOADED, *WORDS = sys.argv[1:]
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from taskterm.cli import main  # noqa: E402
from taskterm.tui import first  # noqa: E402

_open_screen = first.open_screen


def open_and_wait(store, asked):
    """Paints at a fixed time, and waits."""
    now = asked.now.replace(year=2026, month=11, day=23, hour=14, minute=32, second=0, microsecond=0)
    screen = _open_screen(store, asked._replace(now=now))
    with open(LOADED, "w", encoding="utf-8") as names:
        names.write("\n".join(sys.modules))
    with open(GATE, encoding="utf-8") as gate:
        gate.read()
    if WORDS[:1] == ["--still"]:
        _stand_still()
    return screen


def _stand_still():
    from taskterm.tui.widgets.attendant import Attendant
    from taskterm.tui.work import Work

    def say_so(work):
        work._target.app._driver.write("\x1b]2;taken over\x07")

    for owner, name, instead in ((Work, "start", say_so), (Attendant, "tick", lambda attendant: None)):
        setattr(owner, name, instead)


first.open_screen = open_and_wait
main([word for word in WORDS if word != "--still"])
