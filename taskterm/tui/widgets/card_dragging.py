"""The mouse on the board: a press selects, a drag carries a card to another cell, the wheel scrolls a column."""

from abc import abstractmethod
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType

from taskterm.core import dates, foresee
from taskterm.tui import drag, scene
from taskterm.tui.grid import Grid, Spot
from taskterm.tui.messages import MarkRequested, Said, ViewChanged
from taskterm.tui.sentences import without_options
from taskterm.tui.widgets.mosaic import Mosaic

EDGE = 2
"""Cells at the sides of the board where a held card brings the columns beyond into view."""


class CardDragging(Mosaic):
    """What the board does with the mouse; the board itself gives what is drawn and knows how to move a card."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "put_back", "Put the card back", show=False)]

    _pressed: drag.Drag | None = None
    _drop: drag.Drop | None = None
    _at_edge: bool = False

    @abstractmethod
    def moment(self) -> scene.Scene:
        """What is drawn now."""

    @abstractmethod
    def put(self, spot: Spot) -> None:
        """The cursor on a card, as far as there are so many."""

    @abstractmethod
    def going(self, task_id: int) -> list[int]:
        """The tasks that move with one: all marked ones with a marked one."""

    @abstractmethod
    def ask(self, verb: str, args: dict[str, object]) -> None:
        """Ask the app for a command that moves the card of one task."""

    @abstractmethod
    def fold(self, lane: int) -> None:
        """Fold a lane, or unfold it."""

    @abstractmethod
    def scroll_cell(self, spot: Spot, step: int) -> None:
        """Show a cell from the next (1) or the previous (-1) card on."""

    @abstractmethod
    def scroll_columns(self, step: int) -> None:
        """Show the columns from the next (1) or the previous (-1) one on."""

    @abstractmethod
    def action_open(self) -> None:
        """Open the task under the cursor."""

    @property
    def held(self) -> drag.Drag | None:
        """The card in the hand, None while none is carried."""
        return self._pressed if self._pressed is not None and self._pressed.moved else None

    @property
    def drop(self) -> drag.Drop | None:
        """What opening the hand would do; None where the card was taken."""
        return self._drop if self.held is not None else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A press selects the card, with ctrl or shift it marks, on a lane head it folds; moving then lifts it."""
        moment = self.moment()
        lane = scene.lane_at(moment, event.y)
        spot = scene.hit(moment, event.x, event.y)
        if event.button != 1:
            return
        if lane is not None:
            self.fold(lane)
            return
        if spot is None:
            return
        self.put(spot)
        task_id = moment.grid.task(spot)
        if task_id is None:
            return
        if event.ctrl or event.shift:
            self.post_message(MarkRequested(task_id, stretch=event.shift))
            return
        here = (event.x, event.y)
        self._pressed = drag.Drag(task_id, spot, here, here, spot)
        self._drop = None
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The lifted card follows, and the cell under it shows what a drop would do."""
        pressed = self._pressed
        if pressed is None:
            return
        self._bring_columns(event.x)
        moment = self.moment()
        spot = scene.hit(moment, event.x, event.y) or pressed.target
        if spot.card < 0 and spot[:2] == pressed.target[:2]:
            spot = pressed.target  # between two cards: the slot stays where it opened
        elif spot.card < 0:
            below = scene.hit(moment, event.x, event.y + 1) or spot  # between two cards: before the lower one
            same = below.card >= 0 and below[:2] == spot[:2]
            spot = below if same else spot._replace(card=len(moment.grid.cell(spot)))
        self._pressed = pressed.to(event.x, event.y, spot)
        if spot[:2] != pressed.target[:2]:
            self._foresee(moment)
        if self._pressed.moved:
            self.redraw()
            if not pressed.moved:
                self.post_message(ViewChanged())

    def _foresee(self, moment: scene.Scene) -> None:
        """Ask the rules what a drop on the cell under the card would do."""
        held = self._pressed
        self._drop = None
        if held is None or not held.elsewhere or held.task_id not in moment.sheet.snapshot.tasks:
            return
        snapshot, now = moment.sheet.snapshot, moment.sheet.now
        column = moment.grid.columns[held.target.column]
        refs = self.going(held.task_id)
        args = {"refs": refs, "column": column.key}
        if held.target.column == held.source.column:
            seen = foresee.Foreseen(column.key)
        else:
            seen = foresee.move(snapshot, args, "", dates.to_utc_text(now), now.tzinfo)
        self._drop = drag.drop_of(snapshot, moment.grid, held, refs, seen, moment.sheet.glyphs)

    def _bring_columns(self, x: int) -> None:
        """At the side of the screen the next column comes, once each time the card is brought there."""
        step = -1 if x < EDGE else 1 if x >= self.size.width - EDGE else 0
        if step and not self._at_edge and self.held is not None:
            self.scroll_columns(step)
        self._at_edge = bool(step)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """A drop on another cell asks for what was said before; one that cannot be says why."""
        drop = self.drop
        held = self._let_go()
        if held is None or drop is None:
            return
        if drop.foreseen.refused and not drop.foreseen.forced:
            why, hint = drop.foreseen.refused, without_options(drop.foreseen.hint)
            self.post_message(Said(f"{why} · {hint}" if hint else why, bad=True))
        else:
            self.ask(drop.verb, drop.args)

    def on_click(self, event: events.Click) -> None:
        """A double click opens."""
        spot = scene.hit(self.moment(), event.x, event.y)
        marking = event.ctrl or event.shift
        if event.chain == 2 and not marking and spot is not None and spot.card >= 0:
            self.action_open()

    def let_go_of_what_is_gone(self, before: Grid, now: Grid) -> None:
        """After new data: the hand is empty where its card is gone, or where other columns or lanes lie under it."""
        pressed = self._pressed
        if pressed is not None and (now.find(pressed.task_id) is None or now.keys != before.keys):
            self._pressed = self._drop = None
            self.release_mouse()

    def action_put_back(self) -> None:
        """End dragging without a move; while nothing is held, the key goes on to the app."""
        if self._let_go() is None:
            raise SkipAction

    def _let_go(self) -> drag.Drag | None:
        """Open the hand; the card that was carried, or None."""
        held, self._pressed = self.held, None
        self._drop = None
        self.release_mouse()
        if held is not None:
            self.post_message(ViewChanged())
            self.redraw()
        return held

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The column under the mouse moves on by a card."""
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The column under the mouse moves back by a card."""
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, step: int) -> None:
        spot = scene.hit(self.moment(), event.x, event.y)
        if spot is not None:
            event.stop()
            self.scroll_cell(spot, step)
