"""One line for somebody who is new to a view: what its footer does not tell. Shown three times at most. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

TIMES = 3
"""How often each is shown."""

HINTS = {
    "tasks": "new here: click a count to filter by it · T changes the colours",
    "board": "new here: cards are dragged too · < and > move one",
    "tree": "new here: enter puts a task in the middle · g draws it",
    "diagram": "new here: + and - zoom · drag pans · f follows what runs",
    "history": "new here: U takes a whole operation back",
    "runs": "new here: drag marks output, y copies it · / searches",
}


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
