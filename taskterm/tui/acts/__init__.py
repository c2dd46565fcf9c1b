"""What each action of actions.py does: one short function per id, called by the app with itself.

Each module has a table of its own; whoever adds an action adds it to actions.py and to one of them.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from taskterm.tui.acts import boarding, changes, everywhere, going, links, marking, running, views

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm

ACTS: dict[str, Callable[["TaskTerm"], None]] = {
    **changes.ACTS,
    **links.ACTS,
    **running.ACTS,
    **marking.ACTS,
    **everywhere.ACTS,
    **going.ACTS,
    **views.ACTS,
    **boarding.ACTS,
}
"""The function of every action id."""
