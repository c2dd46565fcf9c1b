"""workflow check | start | list: templates in files, and what was started from them."""

from __future__ import annotations

from taskterm.cli.answer import task_objects
from taskterm.cli.commands.runs import attend
from taskterm.cli.commands.steps import show_step
from taskterm.cli.options import Command, Given, Option, need
from taskterm.cli.session import Session
from taskterm.cli.text import Cell, table
from taskterm.core import dates, jsontext
from taskterm.core.display import visible
from taskterm.core.errors import UsageError
from taskterm.core.lean import NamedTuple
from taskterm.core.model import Step
from taskterm.runner.trust import Trust

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from taskterm.exchange.workflow import WorkflowFile
    from taskterm.exchange.workflow_fill import FilledWorkflow


class Started(NamedTuple):
    """What a started workflow became: its number, and the ids of its tasks by their keys."""

    workflow_id: int
    ids: Mapping[str, int]


# ── check


def check(session: Session, given: Given) -> int:
    """Every mistake of the named files; 1 if there is any."""
    from taskterm.exchange.workflow import check_file

    paths = given.all_words()
    need(paths, "the workflow file", "workflow check release.toml")
    found = []
    for path in paths:
        workflow, mistakes = check_file(path)
        found += mistakes
        if session.json:
            continue
        for mistake in mistakes:
            session.note(str(mistake))
        if workflow is not None:
            steps = sum(len(task.steps) for task in workflow.tasks)
            session.say(f"{visible(path)}: fine, {_count(len(workflow.tasks), 'task')}, {_count(steps, 'command')}")
        else:
            session.note(f"{path}: {_count(len(mistakes), 'mistake')}")
    if session.json:
        session.data([mistake._asdict() for mistake in found])
    return 1 if found else 0


# ── start


def start(session: Session, given: Given) -> int:
    """Makes the tasks of a workflow file, after showing its commands and asking once whether they may run here."""
    from taskterm.exchange.workflow import load
    from taskterm.exchange.workflow_fill import fill

    paths = given.all_words()
    if len(paths) != 1:
        raise UsageError(
            "one workflow file is needed", "for example: taskterm workflow start release.toml --set version=2.4.0"
        )
    workflow = load(paths[0])
    filled = fill(workflow, _values(session, workflow, given.many("set")))
    steps = steps_of(filled)
    trust = Trust()
    pending = trust.pending(steps)
    if not session.json:
        show_workflow(session, workflow, filled)
    approved = given.flag("approve") or not pending
    if not approved and session.may_ask:
        what = "this command" if len(steps) == 1 else "these commands"
        count = len(filled["tasks"])
        many = f"{count} tasks" if count > 1 else "task"
        approved = session.agrees(f"may {what} run here? (A no still makes the {many}.)")
    started = create(session, filled)
    if approved:
        approve(session, trust, steps)
    ids = list(started.ids.values())
    if not session.json:
        session.say(f"workflow {started.workflow_id} {visible(workflow.name)} is started: tasks {_span(ids)}")
    if not approved:
        held = f"{_count(len(pending), 'command')} may not run here yet"
        session.note(f"{held}; see and approve with: taskterm trust approve --all")
    if given.flag("run"):
        return _run(session, started, given)
    if session.json:
        session.data(
            {
                "workflow": started.workflow_id,
                "name": filled["name"],
                "params": filled["params"],
                "trusted": approved,
                "tasks": task_objects(session, ids),
            }
        )
    elif approved and steps:
        session.say(f"run it with: taskterm run --workflow {started.workflow_id}")
    return 0


def _run(session: Session, started: Started, given: Given) -> int:
    from taskterm.runner.start import JOBS, start_run

    run_id = start_run(
        session.store(),
        workflow_id=started.workflow_id,
        jobs=given.number("j") or JOBS,
        actor=session.actor,
        now=session.now,
    )
    return attend(session, run_id)


def _values(session: Session, workflow: WorkflowFile, pairs: Sequence[str]) -> dict[str, str]:
    """The values given with --set, and those that are missing as the user answers them on a terminal."""
    from taskterm.exchange.workflow_fill import param_problem

    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--set {visible(pair)!r} has no value", "write, for example: --set version=2.4.0")
        values[name] = value
    if not session.may_ask:
        return values
    for param in workflow.params:
        if param.name in values or param.default is not None:
            continue
        choices = f" ({', '.join(param.choices)})" if param.choices else ""
        while True:
            value = session.ask(f"{visible(param.prompt)}{visible(choices)}:")
            problem = param_problem(param, value)
            if not problem:
                values[param.name] = value
                break
            if not value:
                break  # no answer: the error names everything that is missing
            session.note(f"  {problem}")
    return values


def steps_of(filled: FilledWorkflow) -> list[Step]:
    """The commands as records, as they will be stored; what is approved is what was shown, letter by letter."""
    from taskterm.core.commands.steps import checked

    return [
        Step(id=0, task_id=0, position=position, **checked(values))
        for task in filled["tasks"]
        for position, values in enumerate(task["steps"], start=1)
    ]


def approve(session: Session, trust: Trust, steps: list[Step]) -> None:
    """Records the commands as approved here; where that cannot be written down, says so."""
    try:
        trust.approve(steps)
    except OSError as error:
        session.note(f"{trust.path} cannot be written: {error.strerror}; the commands are not trusted yet")


def create(session: Session, filled: FilledWorkflow) -> Started:
    """Makes the tasks, in one operation."""
    from taskterm.exchange.workflow_fill import creation

    result = session.execute("create", creation(filled, session.now), create=True)
    return Started(result.outcome.created["workflow_id"], result.outcome.created["ids"])


def show_workflow(session: Session, workflow: WorkflowFile, filled: FilledWorkflow) -> None:
    """Prints what would be made: title, values, tasks with their needs, and every command as it will run."""
    session.say(session.paint(visible(workflow.title), strong=True))
    for name, value in filled["params"].items():
        session.say(f"  {session.paint(visible(name), 'mute')} = {visible(value)}")
    params = [name.upper() for name in filled["params"]]
    folders = [step["cwd"] for task in filled["tasks"] for step in task["steps"] if step["cwd"]]
    usual = max(set(folders), key=folders.count) if folders else None
    if usual:
        values = f", with these values as {', '.join(f'${name}' for name in params)}" if params else ""
        session.say(f"  commands run in {visible(usual)}{values}")
    for task in filled["tasks"]:
        owner = f" @{visible(task['assignee'])}" if task["assignee"] else ""
        needs = f"  needs {visible(', '.join(task['needs']))}" if task["needs"] else ""
        person = "" if task["steps"] else "  (a person's task)"
        head = f"{session.paint(visible(task['key']), 'mute')}  {visible(task['title'])}{owner}"
        session.say(f"{head}{session.paint(person + needs, 'mute')}")
        for step in task["steps"]:
            own = {name: value for name, value in step["env"].items() if name not in params}
            show_step(session, _as_record(step, own), folder=usual)


def _as_record(values: Any, env: dict[str, str]) -> Step:
    from taskterm.core.commands.steps import checked

    return Step(id=0, task_id=0, position=0, **checked({**values, "env": env}))


# ── list


def show_started(session: Session, given: Given) -> int:
    """The workflows that were started, newest first."""
    if given.all_words():
        raise UsageError("workflow list takes no words", "see: taskterm help workflow list")
    found = []
    if not session.is_new():
        with session.store().read() as reader:
            progress = reader.workflow_progress()
            for workflow in reversed(reader.workflows()):
                total, ended = progress.get(workflow.id, (0, 0))
                found.append((workflow, ended, total))
    if session.json:
        session.data(
            [
                {**w._asdict(), "params": jsontext.loads(w.params), "tasks": total, "tasks_ended": ended}
                for w, ended, total in found
            ]
        )
        return 0
    rows = [
        [
            Cell(str(w.id), "mute"),
            Cell(w.name, "", True),
            Cell(f"{ended} of {total}", "done" if ended == total else ""),
            Cell(dates.relative(w.created_at, session.now), "mute"),
            Cell(w.created_by),
            Cell(", ".join(f"{k}={v}" for k, v in jsontext.loads(w.params).items()), "mute"),
        ]
        for w, ended, total in found
    ]
    for line in table(rows, width=session.width, colour=session.colour, right=(0,), flex=(5,)):
        session.say(line)
    if not rows:
        session.note("no workflow has been started; start one with: taskterm workflow start FILE")
    return 0


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number != 1 else ''}"


def _span(ids: list[int]) -> str:
    whole = ids == list(range(ids[0], ids[-1] + 1)) and len(ids) > 2
    return f"{ids[0]} to {ids[-1]}" if whole else ", ".join(map(str, ids))


COMMANDS = {
    "workflow check": Command(
        "workflow check",
        "FILE…",
        "name every mistake of a workflow file",
        check,
        examples=(("workflow check release.toml", "with file, line and key"),),
    ),
    "workflow start": Command(
        "workflow start",
        "FILE",
        "make the tasks of a workflow file",
        start,
        (
            Option("--set", "a value for a parameter", "NAME=VALUE", many=True),
            Option("--approve", "its commands may run here, without asking"),
            Option("--run", "run it at once"),
            Option("-j", "with --run: at most so many tasks at the same time (4)", "N", number=True),
        ),
        (
            ("workflow start release.toml --set version=2.4.0", "shows its commands and asks once"),
            ("workflow start release.toml --approve --run", "from a script"),
        ),
    ),
    "workflow list": Command(
        "workflow list", "", "the workflows that were started", show_started, examples=(("workflow list", ""),)
    ),
}
