"""The board: one column a stage, one card a task; cards move with `<` `>` or the mouse. One widget draws all of it.

The graph fills Blocked and Ready, people and runs the rest (`core.snapshot.board`); moving a card only asks the app
for the command, and the picture that comes back shows what became of it. With swimlanes the same cards stand in lanes,
one a person or a project; without, all of it is one lane.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from taskterm.core.lanes import BY
from taskterm.core.snapshot import column_beside
from taskterm.tui import board_words, cards, scene, spaces
from taskterm.tui.grid import Grid, Spot, grid_of
from taskterm.tui.messages import ActRequested, Hint, Picture, Said, SelectionChanged, TaskActivated, ViewChanged
from taskterm.tui.rows import Row
from taskterm.tui.widgets.card_dragging import CardDragging
from taskterm.tui.widgets.card_painter import CardPainter
from taskterm.tui.widgets.mosaic import Tile


class Board(CardDragging, can_focus=True):
    """The board view. Posts SelectionChanged, TaskActivated and ActRequested("move" or "edit", …)."""

    DEFAULT_CSS = """
    Board { width: 1fr; height: 1fr; background: $background; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "column(-1)", "Column to the left", show=False),
        Binding("right", "column(1)", "Column to the right", show=False),
        Binding("down", "card(1)", "Next card", show=False),
        Binding("up", "card(-1)", "Previous card", show=False),
        Binding("home", "edge(0)", "First card", show=False),
        Binding("end", "edge(-1)", "Last card", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("h", "column(-1)", "Column to the left", show=False, id="go_left"),
        Binding("l", "column(1)", "Column to the right", show=False, id="go_right"),
        Binding("j", "card(1)", "Next card", show=False, id="down"),
        Binding("k", "card(-1)", "Previous card", show=False, id="up"),
        Binding("g", "edge(0)", "First card", show=False, id="first"),
        Binding("G", "edge(-1)", "Last card", show=False, id="last"),
        Binding("ctrl+f", "page(1)", "Page down", show=False, id="page_down"),
        Binding("ctrl+b", "page(-1)", "Page up", show=False, id="page_up"),
        Binding("ctrl+d", "page(0.5)", "Half a page down", show=False, id="half_down"),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", show=False, id="half_up"),
        Binding("z", "fold", "Fold the lane", show=False, id="fold"),
        Binding("enter", "open", "Open", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._grid = Grid()
        self._by = ""  # what the swimlanes are made of
        self._folded: frozenset[str] = frozenset()  # keys of folded lanes
        self._spot = Spot(0, -1)  # of the cursor
        self._cursor: dict[tuple[str, str], int] = {}  # by the keys of lane and column: the card that had the cursor
        self._first: dict[tuple[str, str], int] = {}  # by the same: index of the first card in view
        self._height = 0  # rows that there were before
        self._window = 0  # number of the first column in view
        self._top = 0  # number of the first lane in view
        self._chosen: int | None = None
        self._moving: int | None = None  # a card on its way by our own hand; the cursor goes with it
        self._painter = CardPainter(self.strip_of)

    # what the app asks

    @property
    def selected_task(self) -> int | None:
        """The task under the cursor."""
        return self._chosen

    @property
    def lanes_by(self) -> str:
        """What the swimlanes are made of: `person`, `project`, or empty for none."""
        return self._by

    def show(self, picture: Picture) -> None:
        """Draw this picture; the cursor stays on its card, also where the card has moved."""
        old, self._picture = self._picture, picture
        same = old is not None and old.snapshot is picture.snapshot and old.now.minute == picture.now.minute
        if not same:
            self._painter.age()
        # Time alone moves a card only when a wait ends or a day begins, and both come with another list.
        if not same or old is None or old.listed is not picture.listed or old.visible != picture.visible:
            self._regrid()
        self.redraw()

    def select_task(self, task_id: int) -> bool:
        """Put the cursor on a task; False where the board does not show it."""
        found = self._grid.find(task_id)
        if found is None:
            return False
        self._unfold(found.lane)
        self.put(found)
        return True

    def order(self) -> Sequence[int]:
        """The cards of all columns, column by column."""
        return [task_id for lane in self._grid.lanes for cell in lane.cells for task_id in cell]

    def step(self, by: int) -> None:
        """The cursor goes on in its column."""
        self.action_card(by)

    def move_card(self, step: int) -> None:
        """Ask for the card under the cursor to go to the next (1) or the previous (-1) column."""
        if self._chosen is None:
            return
        columns = self._grid.columns
        target = column_beside(columns, columns[self._spot.column].key, step)
        if target is not None:
            self.ask("move", {"refs": self.going(self._chosen), "column": target.key})
        else:
            self.post_message(Said("there is no column on that side", bad=True))

    def going(self, task_id: int) -> list[int]:
        """The tasks that move with one: all marked ones with a marked one."""
        marked = self._picture.marked if self._picture is not None else frozenset()
        return sorted(marked) if task_id in marked else [task_id]

    def ask(self, verb: str, args: dict[str, object]) -> None:
        """Ask the app for a command that moves the card under the cursor."""
        self._moving = self._chosen
        self.post_message(ActRequested(verb, args))

    def cycle_lanes(self) -> str:
        """The next kind of swimlanes: none, by person, by project; answers which."""
        kinds = ("", *BY)
        self._by = kinds[(kinds.index(self._by) + 1) % len(kinds)]
        self._folded, self._top = frozenset(), 0
        self._cursor.clear()
        self._first.clear()
        if self._picture is not None:
            self._regrid()
            self.redraw()
        return self._by

    def scroll_cell(self, spot: Spot, step: int) -> None:
        """Show a cell from the next (1) or the previous (-1) card on, else the next lane; the cursor stays."""
        moment = self.moment()
        place = next(p for p in moment.places if p.column == spot.column)
        key, fill = self._key(spot), scene.filled(moment, spot.lane, place)
        is_open = self._grid.lanes[spot.lane].key not in self._folded
        if is_open and (fill.below if step > 0 else fill.above):
            self._first[key] = max(0, min(fill.above + step, len(self._grid.cell(spot)) - 1))
        elif self._grid.by:
            self._top = max(0, min(self._top + step, len(self._grid.lanes) - 1))
        self.redraw()

    def scroll_columns(self, step: int) -> None:
        """Show the columns from the next (1) or the previous (-1) one on."""
        first = max(0, min(self._window + step, len(self._grid.columns) - self._shown()))
        if first != self._window:
            self._window = first
            self.post_message(ViewChanged())
            self.redraw()

    @property
    def in_mode(self) -> bool:
        """Whether a card is carried."""
        return self.held is not None

    def hints(self) -> tuple[Hint, ...]:
        """Keys for the footer."""
        if self.held is not None:
            return (Hint("esc", "put it back"),)
        own = [Hint("h l", "column"), Hint("< >", "move card"), Hint("enter", "open")]
        if self._grid.by:
            own.append(Hint("z", "fold"))
        return (*own, Hint("L", "lanes"), Hint("B", "columns"))

    def context(self, width: int) -> Row | None:
        """The names of the columns that are out of view, or None (the filter line) where all are in view."""
        if self._picture is None or not self.size.width:  # how many columns fit is not known yet
            return None
        if self._picture.visible is not None or self._shown() >= len(self._grid.columns):
            return None
        return board_words.outside(self._grid, self._window, self._shown(), self.glyphs)

    def status(self) -> str:
        """How many cards there are, and in how many lanes."""
        return board_words.status(self._grid)

    # cursor

    def _regrid(self) -> None:
        assert self._picture is not None
        before, old = self._grid, self._spot
        self._grid = grid_of(self._picture, self._by)
        self.let_go_of_what_is_gone(before, self._grid)
        self._keep_cursor(before, old)
        self.post_message(ViewChanged())

    def _keep_cursor(self, before: Grid, old: Spot) -> None:
        """After new data: the cursor goes with its card, but stays in its column when the card is done and gone."""
        grid = self._grid
        if not grid.columns:
            self._select(None)
            return
        found = grid.find(self._chosen)
        ours = self._moving is not None and self._moving == self._chosen
        was = before.columns[old.column].key if 0 <= old.column < len(before.columns) else ""
        if found is not None and was and grid.columns[found.column].key != was and not ours:
            found = None if grid.columns[found.column].kind == "done" else found
        if found is not None:
            if ours and self._grid.columns[found.column].key != was:
                self._moving = None
            self.put(found)
            return
        column = next((n for n, c in enumerate(grid.columns) if c.key == was), None)
        if column is None:
            self._begin()
            return
        lane_key = before.lanes[old.lane].key if old.lane < len(before.lanes) else ""
        lane = next((n for n, of in enumerate(grid.lanes) if of.key == lane_key), min(old.lane, len(grid.lanes) - 1))
        self.put(self._remembered(Spot(lane, column)))

    def _begin(self) -> None:
        """The cursor on the first card that somebody can start or that is under way, else on any."""
        grid = self._grid
        busy = [n for n, c in enumerate(grid.columns) if grid.sizes[n] and c.kind in ("stage", "ready")]
        column = (busy or [n for n, size in enumerate(grid.sizes) if size] or [0])[0]
        self._window = column
        lane = next((n for n, of in enumerate(grid.lanes) if of.cells[column]), 0)
        self.put(Spot(lane, column, 0))

    def _key(self, spot: Spot) -> tuple[str, str]:
        return self._grid.lanes[spot.lane].key, self._grid.columns[spot.column].key

    def _remembered(self, spot: Spot) -> Spot:
        """The card of a cell that had the cursor last."""
        return spot._replace(card=self._cursor.get(self._key(spot), 0))

    def put(self, spot: Spot) -> None:
        """The cursor on a card, as far as there are so many; on the lane where its cell is empty or folded."""
        grid = self._grid
        cell = () if grid.lanes[spot.lane].key in self._folded else grid.cell(spot)
        spot = spot._replace(card=max(0, min(spot.card, len(cell) - 1)) if cell else -1)
        self._spot = spot
        if cell:
            self._cursor[self._key(spot)] = spot.card
        window = spaces.window(self._window, self._shown(), len(grid.columns), spot.column)
        if window != self._window and self.size.width:  # before the first layout nobody knows how many fit
            self._window = window
            self.post_message(ViewChanged())
        if self.size.height:
            self._into_view(spot, len(cell))
        self._select(grid.task(spot) if cell else None)
        self.redraw()

    def _into_view(self, spot: Spot, count: int) -> None:
        """Scroll the cell to its card, and the lanes to the lane, no further than needed."""
        moment = self.moment()
        place = next((p for p in moment.places if p.column == spot.column), None)
        if place is not None and count:
            height, key = scene.height_of(moment, spot, place.width), self._key(spot)
            first = self._first.get(key, 0)
            self._first[key] = spaces.scrolled(height, count, first, spot.card, scene.room_of(moment))
        if not self._grid.by:
            self._top = 0
            return
        room = moment.height - scene.body(moment.height) - 1
        top, used = spot.lane, scene.lane_rows(moment, spot.lane)
        while top > min(self._top, spot.lane):
            used += scene.lane_rows(moment, top - 1) + 1
            if used > room:
                break
            top -= 1
        self._top = top

    def _select(self, task_id: int | None) -> None:
        if task_id != self._chosen:
            self._chosen = task_id
            self.post_message(SelectionChanged(task_id))

    def action_column(self, step: int) -> None:
        """The cursor to the next (1) or the previous (-1) column."""
        target = self._spot.column + step
        if 0 <= target < len(self._grid.columns):
            self.put(self._remembered(self._spot._replace(column=target)))

    def action_card(self, step: int) -> None:
        """The cursor down or up in its column, from lane to lane; it stops on folded lanes, and not on empty cells."""
        if not self._grid.columns:
            return
        spot = self._spot
        cell = self._grid.cell(spot)
        if spot.card >= 0 and 0 <= spot.card + step < len(cell):
            self.put(spot._replace(card=spot.card + step))
            return
        lane = spot.lane + step
        while 0 <= lane < len(self._grid.lanes):
            beyond = self._grid.cell(Spot(lane, spot.column))
            if beyond or self._grid.lanes[lane].key in self._folded:
                self.put(Spot(lane, spot.column, 0 if step > 0 else len(beyond) - 1))
                return
            lane += step

    def action_page(self, pages: float) -> None:
        """The cursor down or up by as many cards as are in view, or by a part of them."""
        step = 1 if pages > 0 else -1
        moment = self.moment()
        place = next((p for p in moment.places if p.column == self._spot.column), None)
        if place is None or self._spot.card < 0:
            self.action_card(step)
            return
        cell, seen = self._grid.cell(self._spot), scene.filled(moment, self._spot.lane, place).slots
        target = max(0, min(self._spot.card + step * max(int((len(seen) - 1) * abs(pages)), 1), len(cell) - 1))
        if target == self._spot.card:
            self.action_card(step)
        else:
            self.put(self._spot._replace(card=target))

    def action_edge(self, which: int) -> None:
        """The cursor to the first (0) or the last (-1) card of its column."""
        lanes = [n for n, of in enumerate(self._grid.lanes) if self._spot.column >= 0 and of.cells[self._spot.column]]
        if lanes:
            lane = lanes[which]
            self.put(
                Spot(
                    lane,
                    self._spot.column,
                    0 if which == 0 else len(self._grid.lanes[lane].cells[self._spot.column]) - 1,
                )
            )

    def action_open(self) -> None:
        """Open the task under the cursor; on a folded lane, unfold it."""
        if self._chosen is not None:
            self.post_message(TaskActivated(self._chosen))
        elif self._grid.by and self._grid.lanes[self._spot.lane].key in self._folded:
            self.action_fold()

    def action_fold(self) -> None:
        """Fold the lane of the cursor, or unfold it."""
        if self._grid.by:
            self.fold(self._spot.lane)

    def fold(self, lane: int) -> None:
        """Fold a lane, or unfold it; the cursor goes there."""
        self._folded ^= {self._grid.lanes[lane].key}
        self.put(self._remembered(Spot(lane, self._spot.column)))

    def _unfold(self, lane: int) -> None:
        self._folded -= {self._grid.lanes[lane].key}

    # geometry and drawing

    def _shown(self) -> int:
        count = len(self._grid.columns)
        return spaces.columns_that_fit(self.size.width, count) if count else 0

    def moment(self) -> scene.Scene:
        """What is drawn now."""
        assert self._picture is not None
        # A paint may come between a new size and its resize event: more columns may fit than the window leaves.
        first = max(0, min(self._window, len(self._grid.columns) - self._shown()))
        lines = 2 if self.size.height >= scene.TALL else 1
        return scene.Scene(
            cards.Sheet(self._picture.snapshot, self._picture.now, self.glyphs, lines, self._picture.marked),
            self._grid,
            spaces.places(self.size.width, first, self._shown()),
            self._first,
            min(self._top, len(self._grid.lanes) - 1),
            self._folded,
            self._spot,
            *self.size,
            self.held,
            self.drop,
            board_words.note(self._picture, self._grid, self.glyphs),
            self._picture.visible is not None,
        )

    def on_resize(self) -> None:
        """Other columns may fit, and the cursor stays in view. Nothing stays above for which there is room now."""
        if self.size.height > self._height:
            self._first.clear()
        self._height = self.size.height
        if self._grid.columns:
            self.put(self._spot)
            self.post_message(ViewChanged())
        self.redraw()

    def forget(self) -> None:
        """Paint everything anew: the colours or the signs are others."""
        super().forget()
        self._painter.forget()

    def tiles(self) -> Sequence[Sequence[Tile]]:
        """The pieces of the board, line by line."""
        lines: list[list[Tile]] = [[] for _ in range(self.size.height)]
        if self._picture is None or not self._grid.columns:
            return lines
        moment = self.moment()
        for piece in scene.pieces(moment):
            if piece.task is not None:
                strips = self._painter.strips(moment.sheet, piece)
            else:
                strips = [self.strip_of(row, piece.width) for row in piece.rows]
            for y, strip in enumerate(strips, piece.y):
                if y < len(lines):
                    lines[y].append((piece.x, strip))
        return lines
