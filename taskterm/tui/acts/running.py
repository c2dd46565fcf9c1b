"""What runs and stops shell steps."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from taskterm.tui.reports import RunAsked
from taskterm.tui.widgets.bits import ids

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm


def run(app: "TaskTerm") -> None:
    """Start the steps of the marked tasks, or of the selected one, as one run."""
    _run(app, with_needs=False)


def run_needs(app: "TaskTerm") -> None:
    """The same with everything before them."""
    _run(app, with_needs=True)


def run_workflow(app: "TaskTerm") -> None:
    """Start every open task of the workflow that the selected task belongs to."""
    task = app.selected
    if task is None or task.workflow_id is None:
        app.say("this task belongs to no workflow", bad=True)
    else:
        app.work.run(RunAsked(workflow_id=task.workflow_id))


def _run(app: "TaskTerm", *, with_needs: bool) -> None:
    tasks = app.targets
    by_people = [task for task in tasks if not app.picture.snapshot.steps(task.id)]
    if not tasks:
        app.say("select a task first", bad=True)
    elif not with_needs and len(by_people) == len(tasks) == 1:
        app.say(f"#{tasks[0].id} has no steps: it is a person's task, {app.keys.of('done')} says done", bad=True)
    elif not with_needs and by_people:
        app.say(f"{ids([task.id for task in by_people], 6)} have no steps, nothing runs: unmark them", bad=True)
    else:
        app.work.run(RunAsked(tuple(task.id for task in tasks), with_needs=with_needs))


def steps(app: "TaskTerm") -> None:
    """The commands of the selected task."""
    from taskterm.tui.screens.steps import StepsScreen

    task = app.selected
    if task is None:
        app.say("select a task first", bad=True)
    else:
        app.push_screen(StepsScreen(task, app.picture, app.work))


def stop(app: "TaskTerm") -> None:
    """Stop the run that the selected task is part of."""
    run_id = app.desk.selected_run
    if run_id is None:
        app.say("nothing runs here", bad=True)
    else:
        app.work.stop_run(run_id)


def workflow(app: "TaskTerm") -> None:
    """Ask for the file; its questions follow when it has been read."""
    from taskterm.tui.screens.prompt import Prompt

    def submit(prompt: Prompt, path: str) -> None:
        app.work.read_workflow(path)

    app.push_screen(
        Prompt("Start a workflow", "taskterm workflow start FILE", placeholder="path of a workflow file", submit=submit)
    )


ACTS: dict[str, Callable[["TaskTerm"], None]] = {
    "run": run,
    "run_needs": run_needs,
    "run_workflow": run_workflow,
    "steps": steps,
    "stop": stop,
    "workflow": workflow,
}
