"""What changes the selected task: its state, its fields, its links, its place on the board."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from taskterm.core.model import OPEN, Task
from taskterm.core.snapshot import column_of
from taskterm.core.zone import to_utc_text

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm


def _simple(verb: str) -> Callable[["TaskTerm"], None]:
    """An action that is one verb of the store on the tasks that are chosen."""

    def act(app: "TaskTerm") -> None:
        if not app.targets:
            app.say("select a task first", bad=True)
        else:
            app.work.execute(verb, {"refs": [task.id for task in app.targets]})

    return act


def done_force(app: "TaskTerm") -> None:
    """Finish a blocked task all the same."""
    task = app.selected
    if task is not None:
        app.work.execute("done", {"refs": [task.id], "force": True})


def edit(app: "TaskTerm") -> None:
    """The form."""
    from taskterm.tui.screens.edit import EditScreen

    task = app.selected
    if task is not None:
        app.push_screen(EditScreen(task, app.picture, app.work))


def comment(app: "TaskTerm") -> None:
    """One line that is kept with the task."""
    from taskterm.tui.screens.prompt import Prompt

    task = app.selected
    if task is None:
        return

    def submit(_prompt: Prompt, text: str) -> None:
        app.work.execute("comment", {"ref": task.id, "text": text})

    app.push_screen(Prompt(f"Comment on #{task.id} {task.title}", "", submit=submit))


def delete(app: "TaskTerm") -> None:
    """Ask once, naming what goes along and what it sets free."""
    from taskterm.tui.screens.confirm import Confirm

    task = app.selected
    if task is None:
        return

    def answered(yes: bool | None) -> None:
        if yes:
            app.work.execute("delete", {"refs": [task.id]})

    app.push_screen(Confirm(f"Delete #{task.id} {task.title}?", _consequences(app, task)), answered)


def _consequences(app: "TaskTerm", task: Task) -> list[str]:
    snapshot = app.picture.snapshot
    lines = []
    links = len(snapshot.predecessors(task.id)) + len(snapshot.successors(task.id))
    parts = [
        f"{count} {word}{'s' if count > 1 else ''}"
        for count, word in (
            (links, "link"),
            (len(snapshot.steps(task.id)), "step"),
            (len(snapshot.comments(task.id)), "comment"),
        )
        if count
    ]
    if parts:
        lines.append(f"With it go {', '.join(parts)}.")
    freed = [
        f"#{i}" for i in snapshot.successors(task.id) if task.status in OPEN and len(snapshot.open_blockers(i)) == 1
    ]
    if freed:
        lines.append(f"Nothing blocks {' '.join(freed)} then.")
    return [*lines, "u brings it back."]


def link(app: "TaskTerm") -> None:
    """Pick the other end on screen."""
    from taskterm.tui.screens.link import LinkScreen

    task = app.selected
    if not app.desk.has_class("page"):
        start: Callable[[], bool] = getattr(app.view, "start_link", lambda: False)
        if start():
            return
    if task is not None:
        app.push_screen(LinkScreen(task.id, app.picture, app.work), lambda _: app.desk.refocus())


def left(app: "TaskTerm") -> None:
    """One column towards Ready."""
    _move(app, -1)


def right(app: "TaskTerm") -> None:
    """One column towards Done."""
    _move(app, 1)


def _move(app: "TaskTerm", step: int) -> None:
    """The board moves its own card; elsewhere the neighbouring column is taken from the snapshot."""
    move_card: Any = getattr(app.view, "move_card", None)
    if move_card is not None:
        move_card(step)
        return
    task = app.selected
    if task is None:
        return
    columns = app.picture.snapshot.columns
    here = column_of(task, to_utc_text(app.picture.now), columns)
    keys = [column.key for column in columns]
    place = keys.index(here) + step if here in keys else -1
    if 0 <= place < len(keys):
        app.work.execute("move", {"refs": [task.id], "column": keys[place]})
    else:
        app.say("there is no column on that side", bad=True)


ACTS: dict[str, Callable[["TaskTerm"], None]] = {
    "edit": edit,
    "done": _simple("done"),
    "done_force": done_force,
    "start": _simple("start"),
    "put_back": _simple("stop"),
    "comment": comment,
    "link": link,
    "left": left,
    "right": right,
    "cancel": _simple("cancel"),
    "reopen": _simple("reopen"),
    "delete": delete,
}
