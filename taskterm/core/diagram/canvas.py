"""Draws any window of a layout as rows of text with colour roles, without drawing the rest of it.

A crossing is the only sign with lines to all four sides; bends and junctions never have more than three. In ASCII a
crossing is the line that goes across the flow, unbroken, and every `+` is a bend or a junction.
"""

from __future__ import annotations

from itertools import pairwise

from taskterm.core.diagram.strokes import DOWN, LEFT, RIGHT, UP, crossing, sign
from taskterm.core.display import ISOLATE, POP_ISOLATE, cell_size
from taskterm.core.lean import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from taskterm.core.diagram import Box, Layout

    Edge = tuple[int, int]
    Style = tuple[str, bool, str]  # role, strong, ground

TILE_X, TILE_Y = 64, 32


class Span(NamedTuple):
    """A piece of text and how it is drawn: a colour role, bold or not, and the role of its ground ("" is the page)."""

    text: str
    role: str = ""
    strong: bool = False
    ground: str = ""


class Look(NamedTuple):
    """What stands in a node. `border` is `round`, `dashed`, `heavy` or "" for none; `lines` are the rows inside it, or
    the rows of a node without a border. Text must be harmless (`core.display.visible`) and fit."""

    border: str
    role: str
    lines: tuple[tuple[Span, ...], ...]
    ground: str = ""


class Stroke(NamedTuple):
    """How an edge is drawn. Where edges share cells, the one of higher `rank` gives the colour."""

    role: str = "line2"
    heavy: bool = False
    rank: int = 0


LIGHT = Stroke()


class Piece(NamedTuple):
    """A straight piece of one or more lines: its cells from left or top, whether an arrow head ends it, whose it is."""

    x0: int
    y0: int
    x1: int
    y1: int
    arrow: bool
    edges: tuple[Edge, ...]


_BORDERS = {
    "round": "╭─╮│╰╯",
    "dashed": "╭╌╮╎╰╯",
    "heavy": "┏━┓┃┗┛",
}
_ASCII_BORDERS = {
    "round": "+-+|++",
    "dashed": ".-.:''",
    "heavy": "#=####",
}


_BLANK = (" ", ("", False, ""))
_SIDEWAYS = 3 << LEFT | 3 << RIGHT
_ONE_SIDE = frozenset(weight << side for side in (LEFT, DOWN, RIGHT, UP) for weight in (1, 2, 3))


class Canvas:
    """A layout with the looks of its nodes and edges, both of which are only asked for when they come into view."""

    def __init__(
        self,
        layout: Layout,
        look: Callable[[int], Look],
        stroke: Callable[[Edge], Stroke] = lambda _: LIGHT,
        *,
        ascii_only: bool = False,
    ) -> None:
        self.layout = layout
        self._look = look
        self._stroke = stroke
        self._ascii = ascii_only
        self._pieces = _pieces(layout)
        self._strokes: dict[int, Stroke] = {}
        self._tiles: dict[tuple[int, int], list[int]] = {}
        for number, piece in enumerate(self._pieces):
            self._put(number, piece.x0, piece.y0, piece.x1, piece.y1)
        self._ids = list(layout.boxes)
        for index, node in enumerate(self._ids):
            box = layout.boxes[node]
            self._put(-1 - index, box.x, box.y, box.x + box.width - 1, box.y + box.height - 1)
        self._looks: dict[int, Look] = {}

    def _put(self, number: int, x0: int, y0: int, x1: int, y1: int) -> None:
        for tile_y in range(y0 // TILE_Y, y1 // TILE_Y + 1):
            for tile_x in range(x0 // TILE_X, x1 // TILE_X + 1):
                self._tiles.setdefault((tile_x, tile_y), []).append(number)

    def redraw(self, look: Callable[[int], Look], stroke: Callable[[Edge], Stroke]) -> None:
        """Other looks on the same places: both are asked anew for what comes into view."""
        self._look, self._stroke = look, stroke
        self._looks.clear()
        self._strokes.clear()

    def window(
        self, x: int, y: int, width: int, height: int, name: Callable[[Sequence[int]], str] | None = None
    ) -> list[list[Span]]:
        """The rows of a window, each exactly `width` cells of spans; cells outside the diagram are blank.

        Costs what is in the window, not what is in the diagram. A wide character cut by an edge becomes a blank. With
        `name`, a line that is cut at the left or right edge bears there the name of the nodes at its other end, as far
        as it runs straight; an empty name is none. (For diagrams that flow right.)
        """
        grid = _Grid(x, y, width, height)
        seen = self._seen(x, y, width, height)
        pieces = [(self._stroke_of(number).rank, number) for number in seen if number >= 0]
        for _, number in sorted(pieces):
            piece = self._pieces[number]
            grid.line(piece.x0, piece.y0, piece.x1, piece.y1, self._stroke_of(number), piece.arrow)
        grid.draw_lines(self.layout.flow, self._ascii)
        if name is not None:
            left, right = self.ends(x, y, width, height)
            for row, ids in left.items():
                grid.label(x, row, name(ids), before=False)
            for row, ids in right.items():
                grid.label(x + width, row, name(ids), before=True)
        for number in seen:
            if number < 0:
                node = self._ids[-1 - number]
                box = self.layout.boxes[node]
                if box.x < x + width and x < box.x + box.width and box.y < y + height and y < box.y + box.height:
                    self._draw_box(grid, node, box)
        return grid.rows()

    def ends(self, x: int, y: int, width: int, height: int) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """By row, the nodes left of a window that lines come from which enter it there, and those right of it that
        lines go to which leave it. (For diagrams that flow right.)"""
        left: dict[int, list[int]] = {}
        right: dict[int, list[int]] = {}
        last = x + width - 1
        for number in sorted(self._seen(x, y, width, height)):
            if number < 0:
                continue
            x0, y0, x1, y1, _, edges = self._pieces[number]
            if y0 != y1 or not y <= y0 < y + height:
                continue
            if x0 <= x <= x1:
                left.setdefault(y0, []).extend(u for u, _ in edges)
            if x0 <= last <= x1:
                right.setdefault(y0, []).extend(v for _, v in edges)
        return _each_once(left), _each_once(right)

    def _seen(self, x: int, y: int, width: int, height: int) -> set[int]:
        """The numbers of all pieces, and of all nodes (negative), in the tiles that a window touches."""
        seen: set[int] = set()
        for tile_y in range(y // TILE_Y, (y + height - 1) // TILE_Y + 1):
            for tile_x in range(x // TILE_X, (x + width - 1) // TILE_X + 1):
                seen.update(self._tiles.get((tile_x, tile_y), ()))
        return seen

    def _stroke_of(self, number: int) -> Stroke:
        """How a piece is drawn: as that of its edges which has the highest rank, the first among equals."""
        found = self._strokes.get(number)
        if found is None:
            found = self._strokes[number] = max(map(self._stroke, self._pieces[number].edges), key=lambda s: s.rank)
        return found

    def node_at(self, x: int, y: int) -> int | None:
        """The node whose rectangle holds this cell, or None: for a click."""
        for number in self._tiles.get((x // TILE_X, y // TILE_Y), ()):
            if number < 0:
                box = self.layout.boxes[self._ids[-1 - number]]
                if box.x <= x < box.x + box.width and box.y <= y < box.y + box.height:
                    return self._ids[-1 - number]
        return None

    def look(self, node: int) -> Look:
        """The look of a node, asked for once."""
        if node not in self._looks:
            self._looks[node] = self._look(node)
        return self._looks[node]

    def _draw_box(self, grid: _Grid, node: int, box: Box) -> None:
        look = self.look(node)
        if not look.border:
            for index, line in enumerate(look.lines[: box.height]):
                grid.text(box.x, box.y + index, line, box.width, look.ground)
            return
        signs = (_ASCII_BORDERS if self._ascii else _BORDERS)[look.border]
        top, right, bottom = signs[0] + signs[1] * (box.width - 2) + signs[2], box.x + box.width - 1, box.height - 1
        border = look.role, False, look.ground
        grid.signs(box.x, box.y, top, border)
        for row in range(1, bottom):
            grid.signs(box.x, box.y + row, signs[3], border)
            inside = look.lines[row - 1] if row - 1 < len(look.lines) else ()
            grid.text(box.x + 1, box.y + row, (Span(" "), *inside), box.width - 2, look.ground)
            grid.signs(right, box.y + row, signs[3], border)
        grid.signs(box.x, box.y + bottom, signs[4] + signs[1] * (box.width - 2) + signs[5], border)


def _each_once(rows: dict[int, list[int]]) -> dict[int, list[int]]:
    return {row: list(dict.fromkeys(ids)) for row, ids in rows.items()}


def _pieces(layout: Layout) -> list[Piece]:
    """Every straight piece of every line once."""
    found: dict[tuple[int, int, int, int, bool], list[Edge]] = {}
    for edge, corners in layout.lines.items():
        last = len(corners) - 2
        for index, ((ax, ay), (bx, by)) in enumerate(pairwise(corners)):
            key = (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), index == last)
            found.setdefault(key, []).append(edge)
    return [Piece(*key, tuple(edges)) for key, edges in found.items()]


class _Grid:
    """The cells of one window: first lines as arms of cells, then their signs, then text over them."""

    def __init__(self, x: int, y: int, width: int, height: int) -> None:
        self._x, self._y, self._width, self._height = x, y, width, height
        self._arms: dict[tuple[int, int], int] = {}
        self._roles: dict[tuple[int, int], str] = {}
        self._arrows: set[tuple[int, int]] = set()
        self._cells: list[list[tuple[str, Style]]] = [[_BLANK] * width for _ in range(height)]

    def line(self, x0: int, y0: int, x1: int, y1: int, stroke: Stroke, arrow: bool) -> None:
        """Adds a straight piece; inner cells get two arms, the ends one, and the very last cell an arrow head."""
        weight = 2 if stroke.heavy else 1
        arms, roles = self._arms, self._roles
        if y0 == y1:
            row = y0 - self._y
            if not 0 <= row < self._height:
                return
            for x in range(max(x0, self._x), min(x1, self._x + self._width - 1) + 1):
                at = (x - self._x, row)
                had = arms.get(at, 0)
                if x > x0:
                    had |= weight << LEFT
                if x < x1:
                    had |= weight << RIGHT
                arms[at] = had
                roles[at] = stroke.role
        else:
            column = x0 - self._x
            if not 0 <= column < self._width:
                return
            for y in range(max(y0, self._y), min(y1, self._y + self._height - 1) + 1):
                at = (column, y - self._y)
                had = arms.get(at, 0)
                if y > y0:
                    had |= weight << UP
                if y < y1:
                    had |= weight << DOWN
                arms[at] = had
                roles[at] = stroke.role
        if arrow:
            self._arrows.add((x1 - self._x, y1 - self._y))

    def draw_lines(self, flow: str, ascii_only: bool) -> None:
        """Turns arms into signs."""
        head = (">" if flow == "right" else "v") if ascii_only else ("▶" if flow == "right" else "▼")
        open_end = LEFT if flow == "right" else UP
        styles: dict[str, Style] = {}
        for at, arms in self._arms.items():
            if at in self._arrows:
                drawn = head
            else:
                if arms in _ONE_SIDE:  # where the line leaves its source
                    arms |= (2 if arms & 0b10101010 else 1) << open_end
                drawn = crossing(arms, flow) if ascii_only else sign(arms)
            role = self._roles[at]
            self._cells[at[1]][at[0]] = (drawn, styles.setdefault(role, (role, False, "")))

    def label(self, x: int, y: int, text: str, *, before: bool) -> None:
        """Writes a name over the cut end of a line: from cell `x` on, or `before` it, with a blank towards the line.
        Where the line bends, joins or ends on the way there, nothing is written."""
        if not text:
            return
        words = f" {text}" if before else f"{text} "
        width = sum(map(cell_size, words))
        first = x - width if before else x
        row = y - self._y
        # One cell more than the name: it must be seen what the name belongs to.
        for at in range(first - self._x - before, first - self._x + width + (not before)):
            arms = self._arms.get((at, row), 0)
            if not arms or arms & ~_SIDEWAYS or (at, row) in self._arrows:
                return
        self.text(first, y, (Span(words, "mute"),), width, "")

    def signs(self, x: int, y: int, text: str, style: Style) -> None:
        """Writes signs of one cell each from (x, y), as far as they are in the window."""
        row = y - self._y
        if 0 <= row < self._height:
            left = x - self._x
            cut = text[max(-left, 0) : max(self._width - left, 0)]
            first = max(left, 0)
            self._cells[row][first : first + len(cut)] = [(sign, style) for sign in cut]

    def text(self, x: int, y: int, spans: Iterable[Span], width: int, ground: str) -> None:
        """Writes spans into at most `width` cells from (x, y) and fills the rest with blanks on `ground`."""
        row = y - self._y
        if not 0 <= row < self._height:
            return
        cells, left, end = self._cells[row], x - self._x, x - self._x + width
        for span in spans:
            style = (span.role, span.strong, span.ground or ground)
            length = len(span.text)
            if span.text.isascii() and left >= 0 and left + length <= min(end, self._width):
                cells[left : left + length] = [(char, style) for char in span.text]
                left += length
                continue
            for char in span.text:
                size = cell_size(char)
                if not size:
                    if 0 < left <= self._width and left <= end:
                        before = cells[left - 1]
                        cells[left - 1] = (before[0] + char, before[1])
                    continue
                if left + size > end:
                    break
                if left >= 0 and left + size <= self._width:
                    cells[left] = (char, style)
                    if size == 2:
                        cells[left + 1] = ("", style)
                else:  # cut by the edge of the window
                    for at in range(max(left, 0), min(left + size, self._width)):
                        cells[at] = (" ", style)
                left += size
        first, last = max(left, 0), min(end, self._width)
        if first < last:
            cells[first:last] = [(" ", ("", False, ground))] * (last - first)

    def rows(self) -> list[list[Span]]:
        """The rows as spans, cells of one style together."""
        return [_joined(row) for row in self._cells]


def _joined(row: Sequence[tuple[str, Style]]) -> list[Span]:
    found: list[Span] = []
    signs: list[str] = []
    style = row[0][1] if row else _BLANK[1]
    for char, here in row:
        if here is not style and here != style:
            found.append(Span("".join(signs), *style))
            signs, style = [], here
        signs.append(char)
    if signs:
        text = "".join(signs)
        # Right-to-left text that the window cuts must not reorder what stands behind the window.
        drawn = "".join(span.text for span in found) + text
        found.append(Span(text + POP_ISOLATE * max(drawn.count(ISOLATE) - drawn.count(POP_ISOLATE), 0), *style))
    return found
