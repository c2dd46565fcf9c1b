"""What changes what is shown: another view, the page of a task."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm
    from taskterm.tui.manner import Opening


def open_task(app: "TaskTerm") -> None:
    """Everything about the selected task."""
    app.desk.open_detail()


def _view(view_id: str) -> Callable[["TaskTerm"], None]:
    return lambda app: app.switch_to(view_id)


def tree(app: "TaskTerm") -> None:
    """The tree or the diagram, whichever was on last."""
    app.switch_to(app.desk.deps_view)


def diagram(app: "TaskTerm") -> None:
    """The diagram; from there the tree."""
    app.switch_to("tree" if app.desk.view_id == "diagram" else "diagram")


def tab_left(app: "TaskTerm") -> None:
    """The previous tab of the detail pane."""
    _turn(app, -1)


def tab_right(app: "TaskTerm") -> None:
    """The next tab of the detail pane."""
    _turn(app, 1)


def _turn(app: "TaskTerm", step: int) -> None:
    from taskterm.tui.detail_tabs import neighbour

    desk = app.desk
    if desk.has_class("with-detail") or desk.has_class("page"):
        desk.detail.switch(neighbour(desk.detail.tab, step))
    else:
        app.say(app.keys.said("enter opens the task, and there {tab_left} and {tab_right} turn the tabs"), bad=True)


def begin(app: "TaskTerm", opening: "Opening") -> None:
    """What was asked for when the screen was opened."""
    if opening.view != app.desk.view_id:
        app.switch_to(opening.view)
    if opening.query:
        app.set_filter(opening.query)
    if opening.task_id is not None:
        app.go_to(opening.task_id)
    if opening.sentence:
        app.say(opening.sentence, seconds=opening.seconds)


ACTS: dict[str, Callable[["TaskTerm"], None]] = {
    "open": open_task,
    "tab_left": tab_left,
    "tab_right": tab_right,
    "tasks": _view("tasks"),
    "board": _view("board"),
    "tree": tree,
    "diagram": diagram,
    "runs": _view("runs"),
    "history": _view("history"),
}
