"""One line for somebody who is new to a view: what its footer does not tell. Shown three times at most. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskterm.tui.keys import Keys

TIMES = 3
"""How often each is shown."""

HINTS = {
    "tasks": "new here: click a count to filter by it · {theme} changes the colours",
    "board": "new here: cards are dragged too · {left} and {right} move one",
    "tree": "new here: enter puts a task in the middle · {diagram} draws it",
    "diagram": "new here: {nearer} and {farther} zoom · drag pans · {next_running} follows what runs",
    "history": "new here: {undo_this} takes a whole operation back",
    "runs": "new here: drag marks output, {copy} copies it · {search} searches",
}
"""By view; a word in braces is an action, whose key is shown."""


def hint(view_id: str, keys: Keys) -> str:
    """The line of a view, with the keys that hold; empty where there is none."""
    return keys.said(HINTS.get(view_id, ""), view_id)


def read(text: str) -> dict[str, int]:
    """How often each hint has been shown, from the file that keeps it; what is no such line is passed over."""
    found = {}
    for line in text.splitlines():
        name, _, number = line.partition(" ")
        if name in HINTS and number.isdigit() and len(number) < 5:
            found[name] = int(number)
    return found


def written(seen: Mapping[str, int]) -> str:
    """The text of that file."""
    return "".join(f"{name} {number}\n" for name, number in sorted(seen.items()))
