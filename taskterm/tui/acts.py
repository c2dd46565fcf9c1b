"""What each action of actions.py does: one short function per id, called by the app with itself."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from taskterm.core.model import OPEN, Task
from taskterm.core.snapshot import column_of
from taskterm.core.zone import to_utc_text
from taskterm.tui.reports import RunAsked

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm


def _simple(verb: str) -> Callable[["TaskTerm"], None]:
    """An action that is one verb of the store on the selected task."""

    def act(app: "TaskTerm") -> None:
        task = app.selected
        if task is None:
            app.say("select a task first", bad=True)
        else:
            app.work.execute(verb, {"refs": [task.id]})

    return act


def done_force(app: "TaskTerm") -> None:
    """Finish a blocked task all the same."""
    task = app.selected
    if task is not None:
        app.work.execute("done", {"refs": [task.id], "force": True})


def open_task(app: "TaskTerm") -> None:
    """Everything about the selected task."""
    app.desk.open_detail()


def add(app: "TaskTerm") -> None:
    """The capture line, with the draft that was left."""
    from taskterm.tui.screens.capture import CaptureScreen

    app.push_screen(CaptureScreen(app.picture, app.work, app.draft, app.keep_draft))


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


def run(app: "TaskTerm") -> None:
    """Start the steps of the selected task."""
    _run(app, with_needs=False)


def run_needs(app: "TaskTerm") -> None:
    """Start the selected task and everything before it."""
    _run(app, with_needs=True)


def run_workflow(app: "TaskTerm") -> None:
    """Start every open task of the workflow that the selected task belongs to."""
    task = app.selected
    if task is None or task.workflow_id is None:
        app.say("this task belongs to no workflow", bad=True)
    else:
        app.work.run(RunAsked(workflow_id=task.workflow_id))


def _run(app: "TaskTerm", *, with_needs: bool) -> None:
    task = app.selected
    if task is None:
        app.say("select a task first", bad=True)
    elif not with_needs and not app.picture.snapshot.steps(task.id):
        app.say(f"#{task.id} has no steps: it is a person's task, space says done", bad=True)
    else:
        app.work.run(RunAsked(task_id=task.id, with_needs=with_needs))


def stop(app: "TaskTerm") -> None:
    """Stop the run that the selected task is part of."""
    run_id = app.desk.selected_run
    if run_id is None:
        app.say("nothing runs here", bad=True)
    else:
        app.work.stop_run(run_id)


def undo(app: "TaskTerm") -> None:
    """Take back the last operation of this user."""
    app.work.execute("undo", {})


def redo(app: "TaskTerm") -> None:
    """Bring it back."""
    app.work.execute("redo", {})


def copy(app: "TaskTerm") -> None:
    """To the terminal's clipboard (OSC 52)."""
    copy_text: Callable[[], str | None] = getattr(app.view, "copy_text", lambda: None)
    text = copy_text()
    task = app.selected
    if text is None and task is not None:
        text = f"#{task.id} {task.title}"
    if text:
        app.copy_to_clipboard(text)
        lines = text.count("\n") + 1
        app.say(f"{lines} lines copied" if lines > 1 else f"copied: {text}")


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


def workflow(app: "TaskTerm") -> None:
    """Ask for the file; its questions follow when it has been read."""
    from taskterm.tui.screens.prompt import Prompt

    def submit(prompt: Prompt, path: str) -> None:
        app.work.read_workflow(path)

    app.push_screen(
        Prompt("Start a workflow", "taskterm workflow start FILE", placeholder="path of a workflow file", submit=submit)
    )


def filter_tasks(app: "TaskTerm") -> None:
    """The filter field."""
    app.open_filter()


def palette(app: "TaskTerm") -> None:
    """Every action and every task."""
    from taskterm.tui.screens.palette import PaletteScreen

    def chosen(target: str | None) -> None:
        if target is None:
            return
        kind, _, value = target.partition(":")
        if kind == "task":
            app.go_to(int(value))
        else:
            app.action_do(value)

    app.push_screen(PaletteScreen(app.picture, app.selected), chosen)


def show_help(app: "TaskTerm") -> None:
    """Keys and words."""
    from taskterm.tui.screens.help import Help

    app.push_screen(Help())


def quit_app(app: "TaskTerm") -> None:
    """Leave; runs have their own supervisors and go on."""
    app.leave()


def _view(view_id: str) -> Callable[["TaskTerm"], None]:
    return lambda app: app.switch_to(view_id)


def tree(app: "TaskTerm") -> None:
    """The tree or the diagram, whichever was on last."""
    app.switch_to(app.desk.deps_view)


def diagram(app: "TaskTerm") -> None:
    """The diagram; from there the tree."""
    app.switch_to("tree" if app.desk.view_id == "diagram" else "diagram")


def copy_diagram(app: "TaskTerm") -> None:
    """What the diagram shows, as Mermaid."""
    drawn = app.desk.diagram.drawn
    if drawn is None or app.desk.view_id != "diagram" or drawn.kind == "overview":
        app.say("open a diagram first, with g", bad=True)
        return
    from taskterm.exchange import mermaid

    app.copy_to_clipboard(mermaid.render(drawn.wanted.snapshot, drawn.picture.ids, app.picture.now))
    app.say(f"copied as Mermaid: {len(drawn.picture.ids)} tasks")


ACTS: dict[str, Callable[["TaskTerm"], None]] = {
    "open": open_task,
    "edit": edit,
    "done": _simple("done"),
    "done_force": done_force,
    "start": _simple("start"),
    "put_back": _simple("stop"),
    "run": run,
    "run_needs": run_needs,
    "run_workflow": run_workflow,
    "stop": stop,
    "comment": comment,
    "link": link,
    "left": left,
    "right": right,
    "copy": copy,
    "cancel": _simple("cancel"),
    "reopen": _simple("reopen"),
    "delete": delete,
    "add": add,
    "workflow": workflow,
    "undo": undo,
    "redo": redo,
    "filter": filter_tasks,
    "palette": palette,
    "help": show_help,
    "quit": quit_app,
    "tasks": _view("tasks"),
    "board": _view("board"),
    "tree": tree,
    "diagram": diagram,
    "copy_diagram": copy_diagram,
    "runs": _view("runs"),
}
"""The function of every action id."""
