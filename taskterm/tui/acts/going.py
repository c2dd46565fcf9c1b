"""What changes what is shown: another view, the page of a task."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm


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


ACTS: dict[str, Callable[["TaskTerm"], None]] = {
    "open": open_task,
    "tasks": _view("tasks"),
    "board": _view("board"),
    "tree": tree,
    "diagram": diagram,
    "runs": _view("runs"),
    "history": _view("history"),
}
