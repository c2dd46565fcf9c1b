"""From a template and the answers to its questions to plain tasks: what the command that starts a workflow takes."""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from taskterm.core.dates import require_moment
from taskterm.core.errors import UsageError
from taskterm.exchange.parameters import did_you_mean, fill_in, placeholders, quoted, value_problem, variable
from taskterm.exchange.workflow import Param, StepTemplate, TaskTemplate, WorkflowFile


class FilledStep(TypedDict):
    """A step as plain data; paths are absolute, `env` holds the parameters under their upper-case names too."""

    name: str
    run: str
    shell: str | None
    cwd: str | None
    env: dict[str, str]
    timeout_seconds: float | None
    retries: int
    backoff_seconds: float
    condition: str | None
    continue_on_error: bool
    interactive: bool
    host: str | None
    repeatable: bool
    trusts: list[str]


class FilledTask(TypedDict):
    """A task as plain data; `needs` holds keys, `due` is still the text of the file (such as "+3d")."""

    key: str
    title: str
    notes: str
    assignee: str | None
    tags: list[str]
    priority: str | None
    project: str | None
    due: str | None
    estimate_minutes: int | None
    needs: list[str]
    steps: list[FilledStep]


class FilledWorkflow(TypedDict):
    """A workflow ready to start; JSON can hold it as it is."""

    name: str
    source: str | None
    params: dict[str, str]
    tasks: list[FilledTask]


def creation(filled: FilledWorkflow, now: datetime) -> dict[str, Any]:
    """The arguments of the `create` command for a filled workflow; due dates are resolved from `now`."""
    tasks = [
        {**task, "due": require_moment(task["due"], now, end=True) if task["due"] else None} for task in filled["tasks"]
    ]
    about = {"name": filled["name"], "params": filled["params"], "source": filled["source"]}
    return {"workflow": about, "tasks": tasks}


class BadValues(UsageError):
    """Values do not fit the parameters of a workflow; `problems` names each, and the message one on each line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems), "give each value with: --set NAME=VALUE")
        self.problems = tuple(problems)


def fill(workflow: WorkflowFile, values: Mapping[str, str]) -> FilledWorkflow:
    """Put `values` (and defaults for what they leave out) into `workflow`.

    Raises BadValues, naming every value that is missing, unknown or does not fit.
    """
    names = [param.name for param in workflow.params]
    problems = [
        f"{quoted(name)} is no parameter of {quoted(workflow.name)}{did_you_mean(name, names) or _known(names)}"
        for name in values
        if name not in names
    ]
    answers: dict[str, str] = {}
    for param in workflow.params:
        value = values.get(param.name, param.default)
        problem = param_problem(param, value)
        if problem:
            problems.append(f"{param.name}: {problem}")
        elif value is not None:
            answers[param.name] = value
    if not problems:
        problems = _task_problems(workflow, answers)
    if problems:
        raise BadValues(problems)
    return FilledWorkflow(
        name=workflow.name,
        source=workflow.source,
        params=answers,
        tasks=[_task(workflow, task, answers) for task in workflow.tasks],
    )


def param_problem(param: Param, value: str | None) -> str | None:
    """Why `value` cannot answer `param` (None stands for no answer), or None where it can."""
    if value is None or (value == "" and param.default != ""):
        return f"a value is missing ({param.prompt})" if param.prompt != param.name else "a value is missing"
    return value_problem(value, param.pattern, param.choices)


def _known(names: list[str]) -> str:
    return f"; it has {', '.join(names)}" if names else "; it has none"


def _task_problems(workflow: WorkflowFile, answers: Mapping[str, str]) -> list[str]:
    """What is wrong with due dates and assignees that a value became part of, and with folders nobody can find."""
    from taskterm.exchange.workflow_rules import assignee_problem, due_problem

    problems = []
    for task in workflow.tasks:
        for key, text, problem_of in (("due", task.due, due_problem), ("assignee", task.assignee, assignee_problem)):
            if text is not None and (names := list(placeholders(text))):
                problem = problem_of(fill_in(text, answers))
                if problem:
                    problems.append(f"{', '.join(names)}: {problem} ({key} of task {quoted(task.key)})")
        if workflow.source is None and any(step.cwd and not os.path.isabs(step.cwd) for step in task.steps):
            problems.append(f"task {quoted(task.key)}: a relative cwd needs a file; write an absolute one")
    return problems


def _task(workflow: WorkflowFile, task: TaskTemplate, answers: Mapping[str, str]) -> FilledTask:
    return FilledTask(
        key=task.key,
        title=fill_in(task.title, answers),
        notes=fill_in(task.notes, answers),
        assignee=fill_in(task.assignee, answers) if task.assignee is not None else None,
        tags=list(task.tags),
        priority=task.priority,
        project=task.project,
        due=fill_in(task.due, answers) if task.due is not None else None,
        estimate_minutes=task.estimate_minutes,
        needs=list(task.needs),
        steps=[_step(workflow, step, answers) for step in task.steps],
    )


def _step(workflow: WorkflowFile, step: StepTemplate, answers: Mapping[str, str]) -> FilledStep:
    cwd, trusts = step.cwd, list(step.trusts)
    if workflow.source is not None:
        cwd = os.path.normpath(os.path.join(os.path.dirname(workflow.source), step.cwd or "."))
        trusts = [os.path.normpath(os.path.join(cwd, script)) for script in step.trusts]
    return FilledStep(
        name=step.name,
        run=step.run,
        shell=step.shell,
        cwd=cwd,
        env=dict(step.env) | {variable(name): value for name, value in answers.items()},
        timeout_seconds=step.timeout_seconds,
        retries=step.retries,
        backoff_seconds=step.backoff_seconds,
        condition=step.condition,
        continue_on_error=step.continue_on_error,
        interactive=step.interactive,
        host=step.host,
        repeatable=step.repeatable,
        trusts=trusts,
    )
