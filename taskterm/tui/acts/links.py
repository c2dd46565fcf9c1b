"""What makes and takes away dependencies: in the view that is on where it can, else on the list of all tasks."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm
    from taskterm.tui.linking import Link


def link(app: "TaskTerm") -> None:
    """Pick the other end on screen. From a view that picks already, the list of all tasks goes on with its link."""
    tasks = app.targets
    begun: Link | None = getattr(app.view, "linking", None)
    if len(tasks) == 1 and not app.desk.has_class("page") and not app.marks.ids:
        start: Callable[[], bool] = getattr(app.view, "start_link", lambda: False)
        if start():
            return
        if begun is not None:
            _pick(app, [begun.source], forward=begun.forward)
            return
    _pick(app, [task.id for task in tasks])


def unlink(app: "TaskTerm") -> None:
    """In the tree cut what joins a line to the one above it; elsewhere pick the task that it shall be cut from."""
    cut: Callable[[], bool] | None = getattr(app.view, "cut_link", None)
    if cut is None or app.desk.has_class("page"):
        _pick(app, [task.id for task in app.targets], cut=True)
    elif not cut():
        app.say("go to a line before or after the root: its link to the line above it is cut", bad=True)


def _pick(app: "TaskTerm", ends: list[int], *, forward: bool | None = None, cut: bool = False) -> None:
    from taskterm.tui.screens.link import LinkScreen

    if not ends:
        app.say("select a task first", bad=True)
        return
    screen = LinkScreen(ends, app.picture, app.work, forward=forward, cut=cut)
    app.push_screen(screen, lambda _: app.desk.refocus())


ACTS: dict[str, Callable[["TaskTerm"], None]] = {"link": link, "unlink": unlink}
