"""The mouse on the board: a press selects, a drag carries a card to another column, the wheel scrolls a column."""

from abc import abstractmethod
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType

from taskterm.tui import drag, scene
from taskterm.tui.messages import MarkRequested, ViewChanged
from taskterm.tui.widgets.lines import Painted


class CardDragging(Painted):
    """What the board does with the mouse; the board itself gives what is drawn and knows how to move a card."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "put_back", "Put the card back", show=False)]

    _pressed: drag.Drag | None = None

    @abstractmethod
    def moment(self) -> scene.Scene:
        """What is drawn now."""

    @abstractmethod
    def put(self, number: int, index: int) -> None:
        """The cursor on card `index` of column `number`, as far as there are cards."""

    @abstractmethod
    def ask(self, task_id: int, target: int) -> None:
        """Ask the app to move a card to column number `target`."""

    @abstractmethod
    def scroll_column(self, number: int, step: int) -> None:
        """Show a column from the next (1) or the previous (-1) card on."""

    @abstractmethod
    def redraw(self) -> None:
        """Draw everything anew."""

    @abstractmethod
    def action_open(self) -> None:
        """Open the task under the cursor."""

    @property
    def held(self) -> drag.Drag | None:
        """The card in the hand, None while none is carried."""
        return self._pressed if self._pressed is not None and self._pressed.moved else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A press selects the card, with ctrl or shift it marks; moving with the button held lifts it."""
        moment = self.moment()
        number, index = scene.hit(moment, event.x, event.y)
        if event.button != 1 or number is None:
            return
        if index is None:
            self.put(number, 0)
            return
        self.put(number, index)
        if event.ctrl or event.shift:
            task = moment.lanes[number].tasks[index]
            self.post_message(MarkRequested(task.id, stretch=event.shift))
            return
        here = (event.x, event.y)
        self._pressed = drag.Drag(moment.lanes[number].tasks[index].id, number, here, here, number)
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The lifted card follows, and the column under it shows what a drop would do."""
        pressed = self._pressed
        if pressed is None:
            return
        moment = self.moment()
        number, index = scene.hit(moment, event.x, event.y)
        target = pressed.target if number is None else number
        before = pressed.before if index is None and number == pressed.target else index or 0
        self._pressed = pressed.to(event.x, event.y, target, before)
        if self._pressed.moved:
            self.redraw()
            if not pressed.moved:
                self.post_message(ViewChanged())

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """A drop on another column asks for the move."""
        dropped = self._let_go()
        if dropped is not None and dropped.target != dropped.source:
            self.ask(dropped.task_id, dropped.target)

    def on_click(self, event: events.Click) -> None:
        """A double click opens."""
        if (
            event.chain == 2
            and not (event.ctrl or event.shift)
            and scene.hit(self.moment(), event.x, event.y)[1] is not None
        ):
            self.action_open()

    def action_put_back(self) -> None:
        """End dragging without a move; while nothing is held, the key goes on to the app."""
        if self._let_go() is None:
            raise SkipAction

    def _let_go(self) -> drag.Drag | None:
        """Open the hand; the card that was carried, or None."""
        held, self._pressed = self.held, None
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
        number, _ = scene.hit(self.moment(), event.x, event.y)
        if number is not None:
            event.stop()
            self.scroll_column(number, step)
