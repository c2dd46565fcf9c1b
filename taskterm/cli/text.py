"""Text for a terminal: made harmless, measured in cells, set in columns, coloured. The command line prints nothing
that has not come through here.
"""

from __future__ import annotations

from taskterm.core.display import cells as cells
from taskterm.core.display import fit as fit
from taskterm.core.display import visible
from taskterm.core.lean import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_SGR = {
    "run": "36",
    "fail": "91",
    "ready": "32",
    "warn": "33",
    "accent": "95",
    "done": "2;32",
    "mute": "2",
}
"""Colour roles as ANSI, which follows the user's own palette; roles that are missing are drawn as plain text."""

_ASCII_SIGNS = {
    "·": "-",
    "…": "~",
    "→": "->",
    "─": "-",
    "├": "|",
    "└": "`",
    "│": "|",
    "━": "=",
    "┣": "|",
    "┗": "`",
    "–": "-",
}


class Cell(NamedTuple):
    """One cell of a table: text as it came from the user, and how it is drawn."""

    text: str
    role: str = ""
    strong: bool = False


def lines_of(text: str) -> list[str]:
    """Text of several lines (notes, a command) as harmless lines."""
    return [visible(line) for line in text.replace("\r\n", "\n").split("\n")]


def pad(text: str, width: int, right: bool = False) -> str:
    """`text` with blanks up to `width` cells, on its left if it is aligned `right`."""
    blanks = " " * (width - cells(text))
    return blanks + text if right else text + blanks


def paint(text: str, role: str = "", strong: bool = False, on: bool = True) -> str:
    """`text` in the colour of a role and bold if `strong`; unchanged where colour is not `on`."""
    codes = ";".join(code for code in ("1" if strong else "", _SGR.get(role, "")) if code)
    return f"\x1b[{codes}m{text}\x1b[0m" if on and codes and text else text


def plain_ascii(text: str) -> str:
    """The program's own signs in ASCII; letters of titles stay what they are."""
    for sign, instead in _ASCII_SIGNS.items():
        text = text.replace(sign, instead)
    return text


def table(
    rows: Sequence[Sequence[Cell]],
    *,
    width: int | None,
    colour: bool = False,
    right: Collection[int] = (),
    flex: Sequence[int] = (),
    gap: int = 2,
) -> list[str]:
    """The rows as lines with aligned columns, empty columns left out.

    Where a line would be wider than `width` cells (None: no limit), the columns in `flex` are cut, the first of them
    the most, each keeping 12 cells. `right` names the columns that are aligned right.
    """
    if not rows:
        return []
    texts = [[visible(cell.text) for cell in row] for row in rows]
    count = len(rows[0])
    widths = [max(cells(line[i]) for line in texts) for i in range(count)]
    used = [i for i in range(count) if widths[i]]
    if width is not None:
        over = sum(widths[i] + gap for i in used) - gap - width
        for column in flex:
            less = min(max(over, 0), max(widths[column] - 12, 0))
            widths[column] -= less
            over -= less
    lines: list[str] = []
    for row, line in zip(rows, texts, strict=True):
        pieces: list[str] = []
        for i in used:
            text = fit(line[i], widths[i])
            blanks = " " * (widths[i] - cells(text))
            drawn = paint(text, row[i].role, row[i].strong, colour)
            pieces.append(blanks + drawn if i in right else drawn + blanks)
        lines.append((" " * gap).join(pieces).rstrip())
    return lines
