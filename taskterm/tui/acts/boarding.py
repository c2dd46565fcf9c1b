"""What changes the board itself: its swimlanes and its columns."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm

LANES = {"": "no lanes", "person": "a lane for each person", "project": "a lane for each project"}


def lanes(app: "TaskTerm") -> None:
    """The next kind of swimlanes: by person, by project, none."""
    from taskterm.tui.widgets.board import Board

    board = app.desk.query_one(Board)
    by = board.cycle_lanes()
    if app.desk.view_id != "board":
        app.switch_to("board")
    app.say(app.keys.said(f"{LANES[by]} · {{lanes}} changes that"))


def columns(app: "TaskTerm") -> None:
    """The stages of the board."""
    from taskterm.tui.screens.columns import Columns

    app.push_screen(Columns(app.picture, app.work), lambda _: app.desk.refocus())


ACTS: dict[str, Callable[["TaskTerm"], None]] = {"lanes": lanes, "columns": columns}
