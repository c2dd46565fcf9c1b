"""Reads a drawn diagram as a person does: finds the boxes, follows every line with a finger, and says who reaches whom.

Nothing but the characters is used. A finger leaves a box on its far side, goes straight over crossings, turns at bends
and may choose at junctions, but never goes back against the flow; it has arrived at an arrow head beside a box.
"""

from __future__ import annotations

import unicodedata

UP, RIGHT, DOWN, LEFT = (0, -1), (1, 0), (0, 1), (-1, 0)
SIDES: dict[str, tuple[tuple[int, int], ...]] = {"UP": (UP,), "DOWN": (DOWN,), "LEFT": (LEFT,), "RIGHT": (RIGHT,)}
SIDES |= {"VERTICAL": (UP, DOWN), "HORIZONTAL": (LEFT, RIGHT)}
Cell = tuple[int, int]

# top left, top, top right, side, bottom left, bottom right
BORDERS = ("╭─╮│╰╯", "╭╌╮╎╰╯", "┏━┓┃┗┛")
ASCII_BORDERS = ("+-+|++", ".-.:''", "#=####")


class Drawing:
    """The cells of a drawing, row by row; `names` gives the boxes found, by the first number written in them."""

    def __init__(self, rows: list[str], flow: str = "right", ascii_only: bool = False) -> None:
        self._grid = [_spread(row) for row in rows]
        self._flow = flow
        self._ascii = ascii_only
        self.boxes: dict[int, set[Cell]] = {}
        self._owner: dict[Cell, int] = {}
        self.add_boxes(self._find_boxes())

    def add_boxes(self, boxes: dict[int, set[Cell]]) -> None:
        """Takes these cells for nodes, for a drawing whose nodes have no border to be found by."""
        self.boxes |= boxes
        self._owner |= {cell: name for name, cells in boxes.items() for cell in cells}

    def at(self, cell: Cell) -> str:
        x, y = cell
        return self._grid[y][x] if 0 <= y < len(self._grid) and 0 <= x < len(self._grid[y]) else " "

    def _find_boxes(self) -> dict[int, set[Cell]]:
        found: dict[int, set[Cell]] = {}
        for y, row in enumerate(self._grid):
            for x, char in enumerate(row):
                for signs in ASCII_BORDERS if self._ascii else BORDERS:
                    if char == signs[0] and (size := self._box_from(x, y, signs)):
                        width, height = size
                        inside = "".join(self.at((x + i, y + 1)) for i in range(1, width - 1))
                        cells = {(x + i, y + j) for i in range(width) for j in range(height)}
                        name = int(inside.split()[0])
                        assert name not in found, f"{name} is drawn twice"
                        found[name] = cells
        return found

    def _box_from(self, x: int, y: int, signs: str) -> tuple[int, int] | None:
        """Width and height of the box whose left upper corner is here, or None if there is no whole box."""
        width = 1
        while self.at((x + width, y)) == signs[1]:
            width += 1
        if width < 4 or self.at((x + width, y)) != signs[2]:
            return None
        base = signs[4] + signs[1] * (width - 1) + signs[5]
        height = 1
        while (row := "".join(self.at((x + i, y + height)) for i in range(width + 1))) != base or height < 2:
            if row[0] != signs[3] or row[-1] != signs[3]:
                return None
            height += 1
        return width + 1, height + 1

    def edges(self) -> set[tuple[int, int]]:
        """Every pair of boxes that some line leads from and to. Fails where a line leads nowhere."""
        forward = RIGHT if self._flow == "right" else DOWN
        found = set()
        for name, cells in self.boxes.items():
            for x, y in cells:
                beside = (x + forward[0], y + forward[1])
                if beside not in cells and self._begins(beside):
                    found |= {(name, other) for other in self._follow(beside, forward)}
        return found

    def _begins(self, cell: Cell) -> bool:
        back = LEFT if self._flow == "right" else UP
        return cell not in self._owner and back in self._arms(cell)

    def _follow(self, start: Cell, forward: Cell) -> set[int]:
        back = (-forward[0], -forward[1])
        head = {("right", False): "▶", ("down", False): "▼", ("right", True): ">", ("down", True): "v"}
        reached: set[int] = set()
        seen: set[tuple[Cell, Cell]] = set()
        stack = [(start, forward)]
        while stack:
            cell, going = stack.pop()
            if (cell, going) in seen:
                continue
            seen.add((cell, going))
            if self.at(cell) == head[self._flow, self._ascii]:
                target = (cell[0] + forward[0], cell[1] + forward[1])
                assert target in self._owner, f"the arrow at {cell} points at nothing"
                assert going == forward, f"the arrow at {cell} is reached from its side"
                reached.add(self._owner[target])
                continue
            arms = self._arms(cell, going)
            came = (-going[0], -going[1])
            assert came in arms, f"the line breaks off at {cell}: {self.at(cell)!r}"
            ways = [going] if len(arms) == 4 else [way for way in arms if way not in (came, back)]
            assert ways or back in arms, f"the line ends at {cell}: {self.at(cell)!r}"  # back: another line comes in
            stack += [((cell[0] + way[0], cell[1] + way[1]), way) for way in ways]
        return reached

    def _arms(self, cell: Cell, going: Cell | None = None) -> tuple[Cell, ...]:
        char = self.at(cell)
        if self._ascii:
            return self._ascii_arms(cell, char, going)
        if not "─" <= char <= "╿":
            return ()
        words = unicodedata.name(char).split()
        return tuple(side for word in words for side in SIDES.get(word, ()))

    def _ascii_arms(self, cell: Cell, char: str, going: Cell | None) -> tuple[Cell, ...]:
        """In ASCII the line across the flow is unbroken at a crossing, and `+` joins whatever reaches it."""
        across, along = ("|", "-=") if self._flow == "right" else ("-=", "|")
        if char in across or char in along:
            sides = (UP, DOWN) if char == "|" else (LEFT, RIGHT)
            if going is not None and going not in sides:
                assert char in across, f"a line runs into {char!r} at {cell}"
                return (UP, RIGHT, DOWN, LEFT)
            return sides
        if char != "+":
            return ()
        found = []
        for side in (UP, RIGHT, DOWN, LEFT):
            near = self.at((cell[0] + side[0], cell[1] + side[1]))
            if near in ("|+v" if side in (UP, DOWN) else "-=+>"):
                found.append(side)
        return tuple(found)


def _spread(row: str) -> list[str]:
    """One entry for each cell: a wide character takes two, the second one a blank."""
    found: list[str] = []
    for char in row:
        found.append(char)
        if unicodedata.east_asian_width(char) in "WF":
            found.append(" ")
    return found
