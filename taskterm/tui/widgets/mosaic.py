"""`Mosaic`: a widget laid out of painted pieces, of which only those that are others than before are painted again.

A subclass gives the pieces of each line. They are compared with those on the screen, so that whoever draws need not
know what changed: a cursor that moved repaints two cards, a column that scrolled repaints that column.
"""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from textual.geometry import Region, Size
from textual.strip import Strip

from taskterm.tui.containment import has_fault
from taskterm.tui.rows import BLANK, Row
from taskterm.tui.widgets.canvas import Painted

Tile = tuple[int, Strip]
"""A piece of a line: the cell where it begins, and what it shows."""

KEPT = 400
"""How many painted rows are kept for the next time."""


class Mosaic(Painted):
    """Lines of tiles from left to right; one that begins before the end of the one before covers it."""

    TURNS: ClassVar[bool] = True

    _tiles: Sequence[Sequence[Tile]] = ()
    _tiled_for: Size | None = None  # a paint may come before the resize event
    _joined: dict[int, Strip]
    _painted: dict[tuple[Row, int], Strip]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._joined = {}
        self._painted = {}

    @abstractmethod
    def tiles(self) -> Sequence[Sequence[Tile]]:
        """The tiles of every line, from the top."""

    def strip_of(self, row: Row, width: int) -> Strip:
        """The row as a strip; the same object for the same row, so that it is known again."""
        key = (row, width)
        found = self._painted.get(key)
        if found is None:
            if len(self._painted) > KEPT:
                self._painted.clear()
            found = self._painted[key] = self.paint(row, width)
        return found

    def redraw(self) -> None:
        """Ask for the tiles again, and paint what is other than before."""
        size = self.size
        if not size.height or not size.width or has_fault(self):
            return
        before, self._tiles = self._tiles, self.tiles()
        if self._tiled_for != size:
            self._tiled_for = size
            self._joined.clear()
            self.refresh()
            return
        changed: list[Region] = []
        for y, tiles in enumerate(self._tiles):
            old = before[y] if y < len(before) else ()
            if tiles != old:
                self._joined.pop(y, None)
                changed.append(_differing(old, tiles, y))
        if changed:
            self.refresh(*_merged(changed))

    def forget(self) -> None:
        """Paint everything anew: the colours or the signs are others."""
        self._painted.clear()
        self._joined.clear()
        self._tiled_for = None

    def notify_style_update(self) -> None:
        """A theme was switched."""
        super().notify_style_update()
        self.forget()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        if self._tiled_for != self.size:
            self._tiles, self._tiled_for = self.tiles(), self.size
            self._joined.clear()
        found = self._joined.get(y)
        if found is None:
            tiles = self._tiles[y] if y < len(self._tiles) else ()
            found = self._joined[y] = self._join(tiles)
        return self.turned(found, y)

    def _join(self, tiles: Sequence[Tile]) -> Strip:
        width = self.size.width
        strips: list[Strip] = []
        end = 0
        for x, strip in tiles:
            if x < end:
                under = Strip.join(strips)
                strips = [under.crop(0, x), strip]
                if x + strip.cell_length < end:
                    strips.append(under.crop(x + strip.cell_length, end))
                end = max(end, x + strip.cell_length)
                continue
            if x > end:
                strips.append(self.strip_of(BLANK, x - end))
            strips.append(strip)
            end = x + strip.cell_length
        if end < width:
            strips.append(self.strip_of(BLANK, width - end))
        return Strip.join(strips)


def _differing(old: Sequence[Tile], new: Sequence[Tile], y: int) -> Region:
    """The part of a line in which the tiles differ."""
    others = [tile for tile in new if tile not in old] + [tile for tile in old if tile not in new]
    others = others or [*old, *new]  # the same ones in another order
    left = min([x for x, _ in others])
    return Region(left, y, max([x + strip.cell_length for x, strip in others]) - left, 1)


def _merged(lines: Sequence[Region]) -> list[Region]:
    """Lines of the same extent one under another as one region."""
    found: list[Region] = []
    for line in lines:
        last = found[-1] if found else None
        if last is not None and (last.x, last.width, last.bottom) == (line.x, line.width, line.y):
            found[-1] = Region(last.x, last.y, last.width, last.height + 1)
        else:
            found.append(line)
    return found
