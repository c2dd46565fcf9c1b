"""Box drawing signs by their arms: which sides of a cell a line leaves it on, and how heavy it is there.

The arms of a cell are one number of eight bits, two for each side: 1 is a light line, 2 a heavy one, 3 reads as heavy.
"""

from __future__ import annotations

LEFT, DOWN, RIGHT, UP = 0, 2, 4, 6
"""How far a weight is shifted for a side."""

_SIGNS = " ╴╸╷┐┑╻┒┓╶─╾┌┬┭┎┰┱╺╼━┍┮┯┏┲┳╵┘┙│┤┥╽┧┪└┴┵├┼┽┟╁╅┕┶┷┝┾┿┢╆╈╹┚┛╿┦┩┃┨┫┖┸┹┞╀╃┠╂╉┗┺┻┡╄╇┣╊╋"
"""By the weights up, right, down, left as the digits of a number in base three; 0 is no line."""

_ROUND = {"┌": "╭", "┐": "╮", "└": "╰", "┘": "╯"}
_made: dict[int, str] = {}


def sign(arms: int) -> str:
    """The sign with these arms; light bends are round."""
    found = _made.get(arms)
    if found is None:
        index = 0
        for side in (UP, RIGHT, DOWN, LEFT):
            weight = arms >> side & 3
            index = index * 3 + (2 if weight > 1 else weight)
        found = _SIGNS[index]
        found = _made[arms] = _ROUND.get(found, found)
    return found


def crossing(arms: int, flow: str) -> str:
    """The ASCII sign with these arms: a crossing is the line across the flow, all bends and junctions are `+`."""
    up, right, down, left = (arms >> side & 3 for side in (UP, RIGHT, DOWN, LEFT))
    if up and right and down and left:
        if flow == "right":
            return "|"
        return "=" if (right | left) > 1 else "-"
    if up and down and not (left or right):
        return "|"
    if left and right and not (up or down):
        return "=" if (right | left) > 1 else "-"
    return "+"
