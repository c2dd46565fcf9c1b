"""What runs and stops shell steps."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from taskterm.tui.reports import RunAsked

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm


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
    "stop": stop,
    "workflow": workflow,
}
