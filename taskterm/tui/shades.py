"""Roles as escape sequences, for the first picture: the same colours that Textual draws, on every kind of terminal.

A terminal that shows fewer colours gets the nearest ones as Rich reckons them; a test holds both equal.
"""

from __future__ import annotations

from taskterm.core.palette import THEMES
from taskterm.tui.rows import Span
from taskterm.tui.tones import ANSI, toned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

TRUE, MANY, FEW, NONE = 16_777_216, 256, 16, 0
"""How many colours a terminal shows; NONE draws bold, dim and reverse alone."""

_BASIC = (
    *((0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)),
    *((85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255), (255, 85, 255), (85, 255, 255)),
    (255, 255, 255),
)
_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


def depth(environment: Mapping[str, str]) -> int:
    """How many colours the terminal of this environment shows."""
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return TRUE
    term = environment.get("TERM", "").strip().lower()
    return MANY if term.rpartition("-")[2] in ("256color", "kitty") else FEW


class Shades:
    """The escape sequences of one theme (`dark`, …, `ansi`; `plain` has no colours) on one kind of terminal."""

    def __init__(self, theme: str, colours: int) -> None:
        self.truecolor = theme in THEMES
        self._colours = ANSI if theme == "ansi" else THEMES.get(theme, {})
        self._depth = colours
        self._made: dict[tuple[object, ...], str] = {}

    def sequence(self, span: Span, ground: str) -> str:
        """What sets everything for the text of a span on a ground, whatever was set before."""
        key = (*span[1:6], ground)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(span, ground)
        return found

    def _make(self, span: Span, ground: str) -> str:
        tone = toned(span.role, ground, bold=span.bold, truecolor=self.truecolor)
        marks = (
            (span.bold, "1"),
            (tone.dim, "2"),
            (span.italic, "3"),
            (span.underline, "4"),
            (tone.reverse, "7"),
            (span.strike, "9"),
        )
        codes = ["0", *(code for is_on, code in marks if is_on)]
        for role, first in ((tone.colour, 30), (tone.ground, 40)):
            colour = self._colours.get(role)
            if colour is not None:
                codes.append(self._code(colour, first))
        return f"\x1b[{';'.join(codes)}m"

    def _code(self, colour: str, first: int) -> str:
        """The code of a colour: `first` is 30 for text and 40 for a ground."""
        if not colour.startswith("#"):
            bright = colour.startswith("bright_")
            return str(first + _NAMES.index(colour.removeprefix("bright_")) + (60 if bright else 0))
        rgb = (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))
        if self._depth == TRUE:
            return f"{first + 8};2;{rgb[0]};{rgb[1]};{rgb[2]}"
        if self._depth == MANY:
            return f"{first + 8};5;{many(rgb)}"
        number = few(rgb)
        return str(first + number if number < 8 else first + 52 + number)


def many(rgb: tuple[int, int, int]) -> int:
    """The number among 256 colours."""
    high, low = max(rgb) / 255, min(rgb) / 255
    light = (high + low) / 2
    spread = (high - low) / (high + low if light <= 0.5 else 2 - high - low) if high > low else 0.0
    if spread < 0.15:  # nearly grey
        grey = round(light * 25)
        return 16 if grey == 0 else 231 if grey == 25 else 231 + grey
    red, green, blue = (part / 95 if part < 95 else 1 + (part - 95) / 40 for part in rgb)
    return 16 + 36 * round(red) + 6 * round(green) + round(blue)


def few(rgb: tuple[int, int, int]) -> int:
    """The number among sixteen colours."""

    def distance(number: int) -> int:
        other = _BASIC[number]
        mean = (rgb[0] + other[0]) // 2
        red, green, blue = (mine - theirs for mine, theirs in zip(rgb, other, strict=True))
        return (((512 + mean) * red * red) >> 8) + 4 * green * green + (((767 - mean) * blue * blue) >> 8)

    return min(range(16), key=distance)
