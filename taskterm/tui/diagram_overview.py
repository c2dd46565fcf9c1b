"""The overview of a large graph as a drawing: one sign for each task, in blocks by layer, part under part."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from taskterm.core.diagram import Box
from taskterm.core.diagram.canvas import Span
from taskterm.core.diagram.overview import Overview
from taskterm.tui.rows import Row
from taskterm.tui.text import cells

ROWS = 10
"""Signs of a layer that stand under one another before the next column begins."""
COLUMNS = 16
"""Columns of one layer; what is beyond them is counted."""
SIGN = 2
"""Cells of a sign: a bar or a blank, and itself."""
GAP, PART_GAP = 3, 6
"""Blank cells between the layers of a part, and between parts."""


class Word(NamedTuple):
    """Text of the program on a row of the overview."""

    x: int
    span: Span


class Places(NamedTuple):
    """Where the signs stand (each takes SIGN cells), and the words around them by row."""

    boxes: Mapping[int, Box]
    words: Mapping[int, tuple[Word, ...]]
    width: int
    height: int


def lay_signs(parts: Sequence[Overview], alone: int, chosen: int | None, width: int, ascii_only: bool) -> Places:
    """The parts under lines that count them, side by side as far as `width` cells reach. `chosen` always has a sign;
    `alone` tasks are only counted."""
    boxes: dict[int, Box] = {}
    words: dict[int, tuple[Word, ...]] = {}
    left = top = deepest = widest = 0
    for part in parts:
        one = _part(part, chosen, "-" if ascii_only else "·")
        if left and left + one.width > width:
            left, top, deepest = 0, top + deepest + 1, 0
        for node, box in one.boxes.items():
            boxes[node] = box._replace(x=box.x + left, y=box.y + top)
        for row, found in one.words.items():
            moved = tuple(Word(word.x + left, word.span) for word in found)
            words[top + row] = (*words.get(top + row, ()), *moved)
        left += one.width + PART_GAP
        deepest, widest = max(deepest, one.height), max(widest, left)
    top += deepest + bool(deepest)
    if alone > 0:
        words[top] = (Word(0, Span(f"and {alone} open task{'s' if alone > 1 else ''} without dependencies", "mute")),)
        top += 1
    return Places(boxes, words, widest, max(top, 1))


def _part(part: Overview, chosen: int | None, dot: str) -> Places:
    """One part from (0, 0): what it is, the numbers of its layers, their signs."""
    boxes: dict[int, Box] = {}
    counts: list[Word] = []
    titles: list[Word] = []
    head = f"{part.size} tasks"
    first = Word(len(head) + 1, Span(f"{dot} most urgent #{part.first}", "mute"))
    x = deepest = 0
    for column in part.columns:
        ids = list(column.ids)
        most = ROWS * COLUMNS
        rest = max(len(ids) - most, 0)
        if rest and chosen in ids[most:]:
            ids.remove(chosen)
            ids.insert(most - 1, chosen)
        shown = ids[:most]
        for at, node in enumerate(shown):
            boxes[node] = Box(x + at // ROWS * SIGN, 2 + at % ROWS, SIGN, 1, column.layer)
        deepest = max(deepest, min(len(shown), ROWS) + bool(rest))
        titles.append(Word(x + 1, Span(str(column.layer + 1), "mute")))
        if rest:
            counts.append(Word(x + 1, Span(f"+{rest}", "mute")))
        wide = (len(shown) + ROWS - 1) // ROWS * SIGN
        x += max(wide, len(str(column.layer + 1)) + 1, len(str(rest)) + 2 if rest else 0) + GAP
    words = {0: (Word(0, Span(head, "text", True)), first), 1: tuple(titles), 2 + ROWS: tuple(counts)}
    return Places(boxes, words, max(x - GAP, first.x + len(first.span.text)), deepest + 2)


def note(rows: Sequence[Row]) -> Places:
    """A place for words only: these rows."""
    words: dict[int, tuple[Word, ...]] = {}
    wide = 0
    for number, row in enumerate(rows):
        x = 0
        for span in row.spans:
            if span.text.strip():
                words[number] = (*words.get(number, ()), Word(x, Span(span.text, span.role, span.bold)))
            x += cells(span.text)
            wide = max(wide, x)
    return Places({}, words, wide, max(len(rows), 1))


class Signs:
    """Draws any window of an overview. `look` gives the two cells of a task: a bar or a blank, and its sign."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._look: Callable[[int], tuple[Span, ...]] = lambda _: ()
        self._rows: dict[int, list[tuple[int, int]]] = {}  # by row: x and node
        for node, box in places.boxes.items():
            self._rows.setdefault(box.y, []).append((box.x, node))
        for row in self._rows.values():
            row.sort()
        self._order = sorted(self._rows)

    def step(self, node: int, direction: str) -> int | None:
        """The task beside another one in its row, or nearest to its column in the next row that has any."""
        box = self.places.boxes[node]
        if direction in ("left", "right"):
            row = self._rows[box.y]
            at = row.index((box.x, node)) + (1 if direction == "right" else -1)
            return row[at][1] if 0 <= at < len(row) else None
        at = self._order.index(box.y) + (1 if direction == "down" else -1)
        if not 0 <= at < len(self._order):
            return None
        return min(self._rows[self._order[at]], key=lambda place: abs(place[0] - box.x))[1]

    def redraw(self, look: Callable[[int], tuple[Span, ...]]) -> None:
        """Other looks on the same places."""
        self._look = look

    def node_at(self, x: int, y: int) -> int | None:
        """The task on a cell, or None."""
        row = self._rows.get(y, [])
        at = bisect_right(row, x, key=lambda place: place[0]) - 1
        return row[at][1] if at >= 0 and x < row[at][0] + SIGN else None

    def window(
        self, x: int, y: int, width: int, height: int, name: Callable[[Sequence[int]], str] | None = None
    ) -> list[list[Span]]:
        """The rows of a window, each exactly `width` cells."""
        return [self._row(x, row, width) for row in range(y, y + height)]

    def _row(self, x: int, y: int, width: int) -> list[Span]:
        pieces: list[tuple[int, tuple[Span, ...]]] = [(word.x, (word.span,)) for word in self.places.words.get(y, ())]
        pieces += [(at, self._look(node)) for at, node in self._rows.get(y, ()) if x - SIGN < at < x + width]
        found: list[Span] = []
        end = x
        for at, spans in sorted(pieces, key=lambda piece: piece[0]):
            for span in spans:
                first, last = max(at, end), min(at + len(span.text), x + width)
                if first < last:
                    if first > end:
                        found.append(Span(" " * (first - end)))
                    found.append(span._replace(text=span.text[first - at : last - at]))
                    end = last
                at += len(span.text)
        if end < x + width:
            found.append(Span(" " * (x + width - end)))
        return found
