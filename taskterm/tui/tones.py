"""How a role is drawn on a ground, with true colour and without: the decision behind every style. Pure."""

from __future__ import annotations

from taskterm.core.lean import NamedTuple

ANSI = {
    "line": "bright_black",
    "line2": "bright_black",
    "accent": "bright_magenta",
    "run": "cyan",
    "ready": "green",
    "warn": "yellow",
    "fail": "bright_red",
    "done": "green",
}
"""The terminal's own colour of each role; the others are drawn in its default."""

DIM_WITHOUT_COLOUR = frozenset({"mute", "done", "line", "line2", "scrim"})
"""Roles that are drawn dim where the terminal chooses the colours (or there are none)."""

DEFAULT = ""
"""Instead of a role: the terminal's default colour."""


class Tone(NamedTuple):
    """The roles whose colours are taken for text and ground, and what is drawn instead of a colour."""

    colour: str
    ground: str
    reverse: bool
    dim: bool


def toned(role: str, ground: str, *, bold: bool, truecolor: bool) -> Tone:
    """`role` on `ground`; without true colour a selected ground is reverse video."""
    if truecolor:
        return Tone(role, ground, False, False)
    reverse = ground in ("select", "accent")
    # A reversed row is one even bar: a hue in it would become a patch of background.
    colour = DEFAULT if ground == "select" else ground if reverse else role
    return Tone(colour, DEFAULT, reverse, role in DIM_WITHOUT_COLOUR and not reverse and not bold)
