"""Cards as strips, kept for the next time: one is drawn again only where it may say something else."""

from collections.abc import Callable

from textual.strip import Strip

from taskterm.tui import cards
from taskterm.tui.rows import Row
from taskterm.tui.scene import Piece

KEPT = 200
"""How many drawn cards are kept."""

Stamp = tuple[object, ...]
"""What a drawn card depends on beside its task: another stamp may mean another card."""


class CardPainter:
    """Draws the cards of one board; `strip_of` paints a row at a width."""

    def __init__(self, strip_of: Callable[[Row, int], Strip]) -> None:
        self._strip_of = strip_of
        self._drawn: dict[tuple[int, int, bool], tuple[Stamp, cards.Card, list[Strip]]] = {}
        self._age = 0

    def age(self) -> None:
        """Other data, or another minute: every card may say something else."""
        self._age += 1

    def forget(self) -> None:
        """Paint everything anew."""
        self._drawn.clear()

    def strips(self, sheet: cards.Sheet, piece: Piece) -> list[Strip]:
        """The strips of the card of a piece; the very same ones where it says the same."""
        task = piece.task
        assert task is not None
        key = (task.id, piece.width, piece.selected)
        clock = sheet.now if task.run_state == "running" else None
        stamp = (self._age, sheet.title_lines, clock, task.id in sheet.marked)
        kept = self._drawn.get(key)
        if kept is not None and kept[0] == stamp:
            return kept[2]
        drawn = cards.card(sheet, task, piece.width, selected=piece.selected)
        if kept is not None and kept[1] == drawn:
            strips = kept[2]
        else:
            strips = [self._strip_of(row, piece.width) for row in drawn.rows]
        if len(self._drawn) > KEPT:
            self._drawn.clear()
        self._drawn[key] = (stamp, drawn, strips)
        return strips
