"""What makes and takes away dependencies: in the view that is on where it can, else on the list of all tasks."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm


def link(app: "TaskTerm") -> None:
    """Pick the other end on screen."""
    from taskterm.tui.screens.link import LinkScreen

    tasks = app.targets
    if len(tasks) == 1 and not app.desk.has_class("page") and not app.marks.ids:
        start: Callable[[], bool] = getattr(app.view, "start_link", lambda: False)
        if start():
            return
    if not tasks:
        app.say("select a task first", bad=True)
    else:
        ends = [task.id for task in tasks]
        app.push_screen(LinkScreen(ends, app.picture, app.work), lambda _: app.desk.refocus())


def unlink(app: "TaskTerm") -> None:
    """In the tree cut what joins a line to the one above it; elsewhere pick the task that it shall be cut from."""
    cut: Callable[[], bool] | None = getattr(app.view, "cut_link", None)
    if cut is None or app.desk.has_class("page"):
        link(app)
    elif not cut():
        app.say("go to a line before or after the root: its link to the line above it is cut", bad=True)


ACTS: dict[str, Callable[["TaskTerm"], None]] = {"link": link, "unlink": unlink}
