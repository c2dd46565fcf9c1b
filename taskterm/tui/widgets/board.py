"""The board: one column a stage, one card a task; cards move with `<` `>` or the mouse. One widget draws all of it.

The graph fills Blocked and Ready, people and runs the rest (`core.snapshot.board`); moving a card only asks the app
for the command, and the picture that comes back shows what became of it.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.strip import Strip

from taskterm.tui import cards, lanes, scene
from taskterm.tui.lanes import Lane, Place
from taskterm.tui.messages import ActRequested, Hint, Picture, SelectionChanged, TaskActivated, ViewChanged
from taskterm.tui.widgets.card_dragging import CardDragging
from taskterm.tui.widgets.lines import BLANK, Row, Span, gap, width_of


class Board(CardDragging, can_focus=True):
    """The board view. Posts SelectionChanged, TaskActivated and ActRequested("move", …)."""

    DEFAULT_CSS = """
    Board { width: 1fr; height: 1fr; background: $background; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h,left", "column(-1)", "Column to the left", show=False),
        Binding("l,right", "column(1)", "Column to the right", show=False),
        Binding("j,down", "card(1)", "Next card", show=False),
        Binding("k,up", "card(-1)", "Previous card", show=False),
        Binding("g,home", "edge(0)", "First card", show=False),
        Binding("G,end", "edge(-1)", "Last card", show=False),
        Binding("ctrl+d,pagedown", "card(5)", "Down", show=False),
        Binding("ctrl+u,pageup", "card(-5)", "Up", show=False),
        Binding("enter", "open", "Open", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._lanes: tuple[Lane, ...] = ()
        self._focus = -1  # number of the column with the cursor
        self._cursor: dict[str, int] = {}  # by column: index of the card that had the cursor last
        self._first: dict[str, int] = {}  # by column: index of the first card in view
        self._window = 0  # number of the first column in view
        self._chosen: int | None = None
        self._moving: int | None = None  # a card on its way by our own hand; the cursor goes with it
        self._heights: dict[tuple[str, int], list[int]] = {}  # by column and width: rows of its cards
        self._frame: list[Strip] | None = None

    # what the app asks

    @property
    def selected_task(self) -> int | None:
        """The task under the cursor."""
        return self._chosen

    def show(self, picture: Picture) -> None:
        """Draw this picture; the cursor stays on its card, also where the card has moved."""
        old, self._picture = self._picture, picture
        same = old is not None and old.snapshot is picture.snapshot and old.visible == picture.visible
        # Time alone moves a card only when a wait ends or a day begins, and both happen on a full minute.
        if not (
            same and old and old.now.replace(second=0, microsecond=0) == picture.now.replace(second=0, microsecond=0)
        ):
            self._lanes = lanes.lanes_of(picture.snapshot, picture.now, picture.shows)
            self._heights.clear()
            self._find_cursor()
            self.post_message(ViewChanged())
        self.redraw()

    def select_task(self, task_id: int) -> bool:
        """Put the cursor on a task; False where the board does not show it."""
        found = self._find(task_id)
        if found is None:
            return False
        self.put(*found)
        return True

    def order(self) -> Sequence[int]:
        """The cards of all columns, column by column."""
        return [task.id for lane in self._lanes for task in lane.tasks]

    def step(self, by: int) -> None:
        """The cursor goes on in its column."""
        self.action_card(by)

    def move_card(self, step: int) -> None:
        """Ask for the card under the cursor to go to the next (1) or the previous (-1) column."""
        target = self._focus + step
        if self._chosen is not None and 0 <= target < len(self._lanes):
            self.ask(self._chosen, target)

    def ask(self, task_id: int, target: int) -> None:
        """Ask the app to move a card to column number `target`; of marked ones all go with it."""
        self._moving = task_id
        marked = self._picture.marked if self._picture is not None else frozenset()
        refs = sorted(marked) if task_id in marked else [task_id]
        self.post_message(ActRequested("move", {"refs": refs, "column": self._lanes[target].key}))

    def scroll_column(self, number: int, step: int) -> None:
        """Show a column from the next (1) or the previous (-1) card on; the cursor stays where it is."""
        moment = self.moment()
        place = next(p for p in moment.places if p.lane == number)
        if step < 0 or scene.shown(moment, place).below:
            key = self._lanes[number].key
            self._first[key] = max(0, self._first.get(key, 0) + step)
            self.redraw()

    def hints(self) -> tuple[Hint, ...]:
        """Keys for the footer."""
        if self.held is not None:
            return (Hint("esc", "put it back"),)
        return (Hint("h l", "column"), Hint("< >", "move card"), Hint("enter", "open"))

    def context(self, width: int) -> Row | None:
        """The names of the columns that are out of view, or None (the filter line) where all are in view."""
        shown = self._shown()
        if self._picture is None or not self.size.width:  # how many columns fit is not known yet
            return None
        if self._picture.visible is not None or shown >= len(self._lanes):
            return None
        spans: list[Span] = []
        for lane in self._lanes[: self._window]:
            spans += [
                Span(f" {self.glyphs.more_left} {lane.stage.column.name}", "soft"),
                Span(f" {len(lane.tasks)}", "mute"),
                gap(2),
            ]
        for lane in self._lanes[self._window + shown :]:
            spans += [Span(f" {lane.stage.column.name}", "soft"), Span(f" {len(lane.tasks)}", "mute")]
            spans += [Span(f" {self.glyphs.more_right}", "soft"), gap(2)]
        return Row(spans)

    def status(self) -> str:
        """How many cards there are."""
        return f"{sum(len(lane.tasks) for lane in self._lanes)} cards"

    # cursor

    def _find(self, task_id: int | None) -> tuple[int, int] | None:
        for number, lane in enumerate(self._lanes):
            for index, task in enumerate(lane.tasks):
                if task.id == task_id:
                    return number, index
        return None

    def _find_cursor(self) -> None:
        """After new data: the cursor goes with its card, but stays in its column when the card is done and gone."""
        if not self._lanes:
            self._select(None)
            return
        found = self._find(self._chosen)
        if found is not None and found[0] != self._focus and self._focus >= 0:
            finished = self._lanes[found[0]].stage.column.kind == "done"
            if finished and self._moving != self._chosen:
                found = None
        if self._moving == self._chosen:
            self._moving = None
        if found is not None:
            self.put(*found)
        elif self._focus < 0 or self._focus >= len(self._lanes):
            kinds = [lane.stage.column.kind for lane in self._lanes]
            busy = [n for n, lane in enumerate(self._lanes) if lane.tasks and kinds[n] in ("stage", "ready")]
            any_card = [n for n, lane in enumerate(self._lanes) if lane.tasks]
            number = (busy or any_card or [0])[0]
            self._window = number
            self.put(number, 0)
        else:
            self.put(self._focus, self._cursor.get(self._lanes[self._focus].key, 0))

    def put(self, number: int, index: int) -> None:
        """The cursor on card `index` of column `number`, as far as there are cards."""
        lane = self._lanes[number]
        self._focus = number
        index = max(0, min(index, len(lane.tasks) - 1))
        self._cursor[lane.key] = index
        window = lanes.window(self._window, self._shown(), len(self._lanes), number)
        if window != self._window:
            self._window = window
            self.post_message(ViewChanged())
        if lane.tasks and self.size.height:
            room = self.size.height - scene.body(self.size.height)
            self._first[lane.key] = lanes.scrolled(
                self._heights_in_view(number), self._first.get(lane.key, 0), index, room
            )
        self._select(lane.tasks[index].id if lane.tasks else None)
        self.redraw()

    def _select(self, task_id: int | None) -> None:
        if task_id != self._chosen:
            self._chosen = task_id
            self.post_message(SelectionChanged(task_id))

    def action_column(self, step: int) -> None:
        """The cursor to the next (1) or the previous (-1) column."""
        target = self._focus + step
        if 0 <= target < len(self._lanes):
            self.put(target, self._cursor.get(self._lanes[target].key, 0))

    def action_card(self, step: int) -> None:
        """The cursor down or up in its column."""
        if self._lanes:
            self.put(self._focus, self._cursor.get(self._lanes[self._focus].key, 0) + step)

    def action_edge(self, which: int) -> None:
        """The cursor to the first (0) or the last (-1) card of its column."""
        if self._lanes:
            self.put(self._focus, 0 if which == 0 else len(self._lanes[self._focus].tasks) - 1)

    def action_open(self) -> None:
        """Open the task under the cursor."""
        if self._chosen is not None:
            self.post_message(TaskActivated(self._chosen))

    # geometry and drawing

    def _shown(self) -> int:
        return lanes.columns_that_fit(self.size.width, len(self._lanes)) if self._lanes else 0

    def _heights_of(self, place: Place) -> list[int]:
        key = (self._lanes[place.lane].key, place.width)
        if key not in self._heights:
            sheet = self._sheet()
            self._heights[key] = [cards.height(sheet, t, place.width) for t in self._lanes[place.lane].tasks]
        return self._heights[key]

    def _heights_in_view(self, number: int) -> list[int]:
        places = lanes.places(self.size.width, self._window, self._shown())
        return self._heights_of(next(p for p in places if p.lane == number))

    def _sheet(self) -> cards.Sheet:
        assert self._picture is not None
        lines = 2 if self.size.height >= scene.TALL else 1
        return cards.Sheet(self._picture.snapshot, self._picture.now, self.glyphs, lines, self._picture.marked)

    def moment(self) -> scene.Scene:
        """What is drawn now."""
        # A paint may come between a new size and its resize event: more columns may fit than the window leaves.
        first = max(0, min(self._window, len(self._lanes) - self._shown()))
        places = lanes.places(self.size.width, first, self._shown())
        return scene.Scene(
            self._sheet(),
            self._lanes,
            places,
            {self._lanes[p.lane].key: self._heights_of(p) for p in places},
            self._first,
            self._focus,
            self._chosen,
            *self.size,
            self.held,
        )

    def redraw(self) -> None:
        """Draw everything anew."""
        self._frame = None
        self.refresh()

    def on_resize(self) -> None:
        """Other columns may fit, and the cursor stays in view."""
        self._heights.clear()
        if self._lanes:
            self.put(self._focus, self._cursor.get(self._lanes[self._focus].key, 0))
            self.post_message(ViewChanged())
        self.redraw()

    def notify_style_update(self) -> None:
        """A theme was switched."""
        super().notify_style_update()
        self._frame = None

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        if self._frame is None:
            self._frame = self._draw()
        return self._frame[y] if y < len(self._frame) else self.paint(BLANK, self.size.width)

    def _draw(self) -> list[Strip]:
        if self._picture is None or not self._lanes:
            return []
        moment = self.moment()
        rows = scene.rows(moment)
        if moment.held is None:
            return [self.paint(row, moment.width) for row in rows]
        rows[-1] = scene.consequence(moment)
        strips = [self.paint(row, moment.width) for row in rows]
        x, y, card = scene.lifted(moment)
        shadow = self.paint(Row(on="shadow"), 1)
        for offset, row in enumerate(card):
            self._lay(strips, x, y + offset, self.paint(row, width_of(row.spans)))
            self._lay(strips, x + width_of(row.spans), y + offset + 1, shadow)
        self._lay(strips, x + 1, y + len(card), self.paint(Row(on="shadow"), width_of(card[0].spans)))
        return strips

    def _lay(self, strips: list[Strip], x: int, y: int, over: Strip) -> None:
        """Put a strip over what is drawn already."""
        if y < len(strips):
            under, end = strips[y], x + over.cell_length
            strips[y] = Strip.join([under.crop(0, x), over, under.crop(end, under.cell_length)])
