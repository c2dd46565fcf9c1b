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
    "quote": "2;3",
    "done": "2;32",
    "mute": "2",
    "line2": "90",
}
"""Colour roles as ANSI, which follows the user's own palette; roles that are missing are drawn as plain text."""

_ASCII_SIGNS = {
    "·": "-",
    "…": "~",
    "→": "->",
    "↑": "^",
    "▎": "|",
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


def fit_words(text: str, width: int) -> str:
    """A sentence in at most `width` cells; no id, clock or exit code in it is cut in two, rather left out."""
    found = fit(text, width)
    if found == text or not found:
        return found
    kept, word = found[:-1].rpartition(" ")[0], found[:-1].rpartition(" ")[2]
    whole = text[len(found) - 1 : len(found)] in ("", " ")
    return f"{kept}…" if kept and not whole and any(char.isdigit() for char in word) else found


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
    drop: Sequence[int] = (),
    gap: int = 2,
) -> list[str]:
    """The rows as lines with aligned columns, empty columns left out.

    Where a line would be wider than `width` cells, the columns in `flex` are cut, the first of them the most, each
    keeping 12 cells; where that is not enough the columns in `drop` go, one after another, and then those 12 cells.
    `right` names the columns that are aligned right. Without a `width` (in a pipe) every column is there, a tab parts
    each from the next, and nothing is padded or cut: text holds no tab, so `cut -f` finds it.
    """
    if not rows:
        return []
    texts = [[visible(cell.text) for cell in row] for row in rows]
    if width is None:
        return ["\t".join(line) for line in texts]
    count = len(rows[0])
    widths = [max(cells(line[i]) for line in texts) for i in range(count)]
    used = [i for i in range(count) if widths[i]]
    for column in drop:
        least = sum((min(widths[i], 12) if i in flex else widths[i]) + gap for i in used) - gap
        if least > width and column in used:
            used.remove(column)
    over = sum(widths[i] + gap for i in used) - gap - width
    for least in (12, 6):
        for column in flex:
            less = min(max(over, 0), max(widths[column] - least, 0))
            widths[column] -= less
            over -= less
    lines: list[str] = []
    for row, line in zip(rows, texts, strict=True):
        pieces: list[str] = []
        for i in used:
            text = fit_words(line[i], widths[i]) if i in flex[1:] else fit(line[i], widths[i])
            blanks = " " * (widths[i] - cells(text))
            drawn = paint(text, row[i].role, row[i].strong, colour)
            pieces.append(blanks + drawn if i in right else drawn + blanks)
        lines.append((" " * gap).join(pieces).rstrip())
    return lines
