"""What changes the marked tasks, or the selected one: state, fields, links, place on the board; in one operation."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from taskterm.core.model import OPEN, Task
from taskterm.core.snapshot import column_beside, column_of
from taskterm.core.zone import to_utc_text
from taskterm.tui.widgets.bits import ids

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


def anyway(app: "TaskTerm") -> None:
    """What was just refused for these tasks is done all the same, and nothing else ever is."""
    chosen = {task.id for task in app.targets}
    refused = app.refused
    if not chosen:
        app.say("select a task first", bad=True)
    elif refused is None:
        app.say(app.keys.said("nothing was refused: {anyway} does what was refused, anyway"), bad=True)
    elif not chosen <= set(refused.args["refs"]):
        other = ids(refused.args["refs"], 6)
        app.say(app.keys.said(f"that was refused for {other}: select it again, then {{anyway}} does it"), bad=True)
    else:
        app.work.execute(refused.job, {**refused.args, "force": True})


def edit(app: "TaskTerm") -> None:
    """The form; for several tasks the line that changes them all."""
    from taskterm.tui.screens.edit import EditScreen

    if len(app.targets) > 1:
        change(app)
    elif app.targets:
        app.push_screen(EditScreen(app.targets[0], app.picture, app.work, app.forms))
    else:
        app.say("select a task first", bad=True)


def change(app: "TaskTerm", text: str = "", *, titles: bool = True) -> None:
    """One line of words that changes the marked tasks, or the selected one; without `titles` no word is a title."""
    from taskterm.tui.screens.bulk import BulkScreen

    if app.targets:
        app.push_screen(BulkScreen(app.targets, app.picture, app.work, text, titles=titles))
    else:
        app.say("select a task first", bad=True)


def assign(app: "TaskTerm") -> None:
    """The same line, begun with the sign of a person; what is no name, tag or field becomes no title."""
    change(app, "@", titles=False)


def notes(app: "TaskTerm") -> None:
    """The form, straight in the user's editor: what fails leaves what was typed in the form."""
    from taskterm.tui.screens.edit import EditScreen

    task = app.selected
    if task is None:
        app.say("select a task first", bad=True)
    else:
        app.push_screen(EditScreen(task, app.picture, app.work, app.forms, in_editor=True))


def comment(app: "TaskTerm") -> None:
    """One line that is kept with the task."""
    from taskterm.tui.screens.prompt import Prompt

    tasks = app.targets
    if not tasks:
        app.say("select a task first", bad=True)
        return

    def submit(_prompt: Prompt, text: str) -> None:
        app.work.execute("comment", {"refs": [task.id for task in tasks], "text": text})

    app.push_screen(Prompt(f"Comment on {named(tasks)}", "", submit=submit))


def delete(app: "TaskTerm") -> None:
    """Ask once, naming what goes along and what it sets free."""
    from taskterm.tui.screens.confirm import Confirm

    tasks = app.targets
    if not tasks:
        app.say("select a task first", bad=True)
        return

    def answered(yes: bool | None) -> None:
        if yes:
            app.work.execute("delete", {"refs": [task.id for task in tasks]})

    app.push_screen(Confirm(f"Delete {named(tasks)}?", _consequences(app, tasks)), answered)


def named(tasks: Sequence[Task]) -> str:
    """`#12 Write the notes`, or `3 tasks: #12 #13 #18`."""
    if len(tasks) == 1:
        return f"#{tasks[0].id} {tasks[0].title}"
    return f"{len(tasks)} tasks: {ids([task.id for task in tasks], 6)}"


def _consequences(app: "TaskTerm", tasks: Sequence[Task]) -> list[str]:
    snapshot, going = app.picture.snapshot, {task.id for task in tasks}
    lines = []
    links = {(p, i) for i in going for p in snapshot.predecessors(i)}
    links |= {(i, s) for i in going for s in snapshot.successors(i)}
    parts = [
        f"{count} {word}{'s' if count > 1 else ''}"
        for count, word in (
            (len(links), "link"),
            (sum(len(snapshot.steps(i)) for i in going), "step"),
            (sum(len(snapshot.comments(i)) for i in going), "comment"),
        )
        if count
    ]
    it = "it" if len(tasks) == 1 else "them"
    if parts:
        lines.append(f"With {it} go {', '.join(parts)}.")
    held = dict.fromkeys(s for task in tasks if task.status in OPEN for s in snapshot.successors(task.id))
    freed = [i for i in held if i not in going and going.issuperset(b.id for b in snapshot.open_blockers(i))]
    if freed:
        lines.append(f"Nothing blocks {ids(freed, 6)} then.")
    return [*lines, f"{app.keys.of('undo')} brings {it} back."]


def left(app: "TaskTerm") -> None:
    """One column towards Ready."""
    _move(app, -1)


def right(app: "TaskTerm") -> None:
    """One column towards Done."""
    _move(app, 1)


def _move(app: "TaskTerm", step: int) -> None:
    """The board moves its own card; elsewhere, and of marked ones, the neighbouring column is the snapshot's."""
    move_card: Any = getattr(app.view, "move_card", None)
    if move_card is not None and not app.marks.ids:
        move_card(step)
        return
    columns, now = app.picture.snapshot.columns, to_utc_text(app.picture.now)
    here = {column_of(task, now, columns) for task in app.targets}
    if len(here) > 1:
        names = [column.name for column in columns if column.key in here]
        app.say(f"the marked tasks stand in {', '.join(names)}: mark those of one column", bad=True)
        return
    target = next((column_beside(columns, key, step) for key in here), None)
    if target is not None:
        app.work.execute("move", {"refs": [task.id for task in app.targets], "column": target.key})
    else:
        app.say("there is no column on that side", bad=True)


ACTS: dict[str, Callable[["TaskTerm"], None]] = {
    "edit": edit,
    "notes": notes,
    "change": change,
    "assign": assign,
    "done": _simple("done"),
    "anyway": anyway,
    "start": _simple("start"),
    "put_back": _simple("stop"),
    "comment": comment,
    "left": left,
    "right": right,
    "cancel": _simple("cancel"),
    "reopen": _simple("reopen"),
    "delete": delete,
}
