"""What a program wrote, made safe to show: its colours are kept, every other control sequence is dropped.

Nothing here knows a theme: colours stay numbers of the terminal's palette, or triples of red, green and blue.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len

Colour = int | tuple[int, int, int] | None
"""None is the default, a number is a colour of the 256 colour palette (below 16: the terminal's own), else RGB."""


class Sgr(NamedTuple):
    """How text is drawn, as ECMA-48 "select graphic rendition" left it."""

    fg: Colour = None
    bg: Colour = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False
    strike: bool = False


class Stretch(NamedTuple):
    """Text without any control character, and how it is drawn."""

    text: str
    sgr: Sgr


PLAIN = Sgr()
TAB = 8

# Every escape sequence, also one that is cut off at the end: CSI with its final byte, then the strings (OSC, DCS, SOS,
# PM, APC) with their text, then the short ones.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)(?P<args>[0-?]*)[ -/]*(?P<final>[@-~])?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
_CONTROLS = dict.fromkeys([*range(9), *range(10, 32), *range(127, 160)])
_COLUMN_ONE = re.compile(r"(?:\x1b\[|\x9b)1?G")
_ATTRIBUTES = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike"}
_CLEARED = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("reverse",), 29: ("strike",)}


def overwritten(text: str) -> tuple[str, str]:
    """A line as (what carriage returns have overwritten, what is left to see): a progress bar's last state."""
    if "G" in text and not is_plain(text):
        text = _COLUMN_ONE.sub("\r", text)
    if "\r" not in text:
        return "", text
    before, _, after = text.rstrip("\r").rpartition("\r")
    return before, after


def is_plain(text: str) -> bool:
    """Whether the text has no escape sequence at all, so that it cannot change how the next line is drawn."""
    return "\x1b" not in text and "\x9b" not in text


def end_state(text: str, sgr: Sgr = PLAIN) -> Sgr:
    """How text after this line is drawn, when `sgr` held at its begin."""
    for found in _SEQUENCE.finditer(text):
        if found["final"] == "m":
            sgr = _select(sgr, found["args"])
    return sgr


def stretches(text: str, sgr: Sgr = PLAIN) -> list[Stretch]:
    """One line as pieces of safe text, tabs expanded, when `sgr` holds at its begin; an empty line has none."""
    before, shown = overwritten(text)
    if before:
        sgr = end_state(before, sgr)
    found = list(_pieces(shown, sgr))
    if "\b" in shown:
        found = _without_backspaces(found)
    found = [Stretch(piece.text.translate(_CONTROLS), piece.sgr) for piece in found]
    if "\t" in shown:
        found = _without_tabs(found)
    return [piece for piece in found if piece.text]


def plain(text: str) -> str:
    """The line as one string without colours: what search looks in and what is copied."""
    if is_plain(text) and text.isprintable():
        return text
    return "".join(piece.text for piece in stretches(text))


def _pieces(text: str, sgr: Sgr) -> Iterator[Stretch]:
    at = 0
    for found in _SEQUENCE.finditer(text):
        if found.start() > at:
            yield Stretch(text[at : found.start()], sgr)
        at = found.end()
        if found["final"] == "m":
            sgr = _select(sgr, found["args"])
    if at < len(text):
        yield Stretch(text[at:], sgr)


def _without_backspaces(pieces: list[Stretch]) -> list[Stretch]:
    """Each backspace takes away the character before it, as spinners and old manual pages expect."""
    kept: list[tuple[str, Sgr]] = []
    for piece in pieces:
        for character in piece.text:
            if character != "\b":
                kept.append((character, piece.sgr))
            elif kept:
                kept.pop()
    return [Stretch("".join(c for c, _ in group), sgr) for sgr, group in groupby(kept, key=lambda pair: pair[1])]


def _without_tabs(pieces: list[Stretch]) -> list[Stretch]:
    column, found = 0, []
    for piece in pieces:
        parts = piece.text.split("\t")
        spread = parts[0]
        column += cell_len(parts[0])
        for part in parts[1:]:
            blanks = TAB - column % TAB
            spread += " " * blanks + part
            column += blanks + cell_len(part)
        found.append(Stretch(spread, piece.sgr))
    return found


def _select(sgr: Sgr, args: str) -> Sgr:
    """The state after `ESC [ args m`; unknown codes change nothing."""
    codes = iter(args.split(";"))
    for code in codes:
        head, *rest = code.split(":")
        number = _number(head)
        if number == 0:
            sgr = PLAIN
        elif number in (38, 48):
            numbers = [_number(part) for part in rest] if rest else _following(codes)
            colour = _extended(numbers)
            if colour is not None:
                sgr = sgr._replace(fg=colour) if number == 38 else sgr._replace(bg=colour)
        elif number == 4 and rest == ["0"]:
            sgr = sgr._replace(underline=False)
        elif number in _ATTRIBUTES:
            sgr = sgr._replace(**{_ATTRIBUTES[number]: True})
        elif number in _CLEARED:
            sgr = sgr._replace(**dict.fromkeys(_CLEARED[number], False))
        else:
            sgr = _basic(sgr, number)
    return sgr


def _basic(sgr: Sgr, number: int) -> Sgr:
    if 30 <= number <= 37:
        return sgr._replace(fg=number - 30)
    if 90 <= number <= 97:
        return sgr._replace(fg=number - 90 + 8)
    if 40 <= number <= 47:
        return sgr._replace(bg=number - 40)
    if 100 <= number <= 107:
        return sgr._replace(bg=number - 100 + 8)
    if number == 39:
        return sgr._replace(fg=None)
    return sgr._replace(bg=None) if number == 49 else sgr


def _following(codes: Iterator[str]) -> list[int]:
    """The arguments of an extended colour in its older spelling with semicolons: `5;n` or `2;r;g;b`."""
    kind = _number(next(codes, ""))
    return [kind, *(_number(next(codes, "")) for _ in range({5: 1, 2: 3}.get(kind, 0)))]


def _extended(numbers: list[int]) -> Colour:
    """`5, n` or `2, r, g, b` (with a colour space in between, in the newer spelling); None where it is neither."""
    if len(numbers) >= 2 and numbers[0] == 5:
        return min(numbers[1], 255) if numbers[1] >= 0 else None
    if len(numbers) >= 4 and numbers[0] == 2:
        red, green, blue = numbers[2:5] if len(numbers) >= 5 else numbers[1:4]
        return (min(red, 255), min(green, 255), min(blue, 255)) if min(red, green, blue) >= 0 else None
    return None


def _number(text: str) -> int:
    """The number; an empty argument counts as 0, anything else that is none as -1."""
    if not text:
        return 0
    return int(text) if text.isdecimal() and len(text) < 6 else -1
