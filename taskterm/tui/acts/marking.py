"""What marks tasks, so that the next action is about several of them."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from taskterm.core.model import OPEN, Task
from taskterm.tui.marks import Marks
from taskterm.tui.messages import Ordered

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm


def mark(app: "TaskTerm") -> None:
    """Mark the selected task, or take its mark away, and go on to the next one."""
    if app.selected is None:
        app.say("select a task first", bad=True)
        return
    app.mark(app.marks.toggled(app.selected.id))
    _step(app, 1)


def mark_to(app: "TaskTerm") -> None:
    """Mark everything from the task that was marked last to the selected one."""
    if app.selected is None:
        app.say("select a task first", bad=True)
    else:
        app.mark(app.marks.up_to(app.selected.id, order_of(app)))


def _and_on(step: int) -> Callable[["TaskTerm"], None]:
    """An action that marks the selected task and the one after it (1) or before it (-1), and goes there."""

    def act(app: "TaskTerm") -> None:
        if app.selected is not None:
            here = app.selected.id
            _step(app, step)
            there = app.selected.id
            app.mark(Marks(app.marks.ids | {here, there}, there))

    return act


def mark_all(app: "TaskTerm") -> None:
    """Mark all open tasks of this view, with a filter all that it lets through; none where all are marked."""
    app.mark(app.marks.all_or_none(_shown(app)))


def invert(app: "TaskTerm") -> None:
    """Mark what is not marked, and the other way round."""
    app.mark(app.marks.inverted(_shown(app)))


def unmark(app: "TaskTerm") -> None:
    """Nothing is marked any more."""
    app.mark(Marks())


def click(app: "TaskTerm", task_id: int, *, stretch: bool) -> None:
    """A click that marks a task or takes its mark away; with `stretch` everything from the last one on."""
    app.mark(app.marks.up_to(task_id, order_of(app)) if stretch else app.marks.toggled(task_id))


def forget_ended(app: "TaskTerm", tasks: Iterable[Task]) -> None:
    """Tasks that an action has ended are not marked any more."""
    ended = app.marks.ids & {task.id for task in tasks if task.status not in OPEN}
    if ended:
        app.mark(app.marks.without(ended))


def order_of(app: "TaskTerm") -> Sequence[int]:
    """The tasks of the view that is on, in its order."""
    return app.view.order() if isinstance(app.view, Ordered) else ()


def _shown(app: "TaskTerm") -> list[int]:
    """What `all` means here: finished tasks are meant only where a filter asks for them."""
    tasks = app.picture.snapshot.tasks
    whole = app.picture.visible is not None
    return [i for i in dict.fromkeys(order_of(app)) if app.picture.shows(i) and (whole or tasks[i].status in OPEN)]


def _step(app: "TaskTerm", by: int) -> None:
    if isinstance(app.view, Ordered) and not app.desk.has_class("page"):
        app.view.step(by)


ACTS: dict[str, Callable[["TaskTerm"], None]] = {
    "mark": mark,
    "mark_to": mark_to,
    "mark_down": _and_on(1),
    "mark_up": _and_on(-1),
    "mark_all": mark_all,
    "mark_invert": invert,
    "unmark": unmark,
}
