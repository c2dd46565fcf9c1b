"""How the screen behaves where the user has a say: notices, hints, motion."""

from datetime import datetime
from typing import NamedTuple

from taskterm import settings

SLOW_CLOCK = 5
"""Seconds between two looks at a clock where nothing shall move."""


class Manner(NamedTuple):
    """`notify` is `off`, `bell`, `desktop` or `both`. Without `motion` signs stand still and clocks go in steps.

    `measures`: nobody knows yet how wide this terminal draws the signs, and it is asked. `problem` is what is wrong
    with the preferences, which is said at the start.
    """

    notify: str = "off"
    hints: bool = False
    motion: bool = False
    measures: bool = False
    problem: str = ""

    def moves_at(self, now: datetime) -> bool:
        """Whether the clocks of what runs are looked at in this second."""
        return self.motion or now.second % SLOW_CLOCK == 0


class Opening(NamedTuple):
    """With what the screen opens: a view, a filter, a task selected, a sentence in the footer."""

    task_id: int | None = None
    sentence: str = ""
    seconds: float = 60.0
    view: str = "tasks"
    query: str = ""


def configured(config: settings.Config) -> Manner:
    """What config.toml says, else the defaults of a terminal with somebody at it."""
    return Manner(
        settings.chosen("notify", config)[0] or "off",
        settings.chosen("hints", config)[0] is not False,
        settings.chosen("motion", config)[0] != "off",
        problem=settings.warning(settings.problems(config)),
    )
