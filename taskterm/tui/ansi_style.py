"""A program's own colours in those of a theme: its red is our `fail`, so that it stays readable on every ground."""

from functools import lru_cache

from rich.color import Color
from rich.style import Style

from taskterm.tui.ansi import Colour, Sgr
from taskterm.tui.theme import Palette

BASIC = ("mute", "fail", "ready", "warn", "run", "accent", "run", "text")
"""Roles for the eight colours that every terminal has: black, red, green, yellow, blue, magenta, cyan, white."""


def style_of(sgr: Sgr, palette: Palette, role: str, ground: str, *, bold: bool = False) -> Style:
    """The terminal style for text drawn as `sgr`; without colours of its own it is drawn in `role` on `ground`."""
    if sgr.dim and sgr.fg is None:
        role = "mute"
    style = palette.style(role, ground, bold=bold or sgr.bold, italic=sgr.italic, strike=sgr.strike)
    if sgr.underline or sgr.reverse:
        style += Style(underline=sgr.underline, reverse=sgr.reverse)
    if (sgr.fg is None and sgr.bg is None) or palette.name == "taskterm-plain":
        return style
    fg = _colour(sgr.fg, palette)
    bg = _colour(sgr.bg, palette)
    if bg is not None and fg is None and palette.truecolor:
        fg = palette.style("bg").color
    return style + Style(color=fg, bgcolor=bg)


def _colour(colour: Colour, palette: Palette) -> Color | None:
    if isinstance(colour, int) and colour < 16 and palette.truecolor:
        return palette.style("mute" if colour == 8 else BASIC[colour % 8]).color
    return _own(colour, palette.truecolor)


@lru_cache(maxsize=512)
def _own(colour: Colour, truecolor: bool) -> Color | None:
    if colour is None:
        return None
    if not isinstance(colour, int):
        return Color.from_rgb(*colour)
    own = Color.from_ansi(colour)
    return Color.from_triplet(own.get_truecolor()) if truecolor else own
