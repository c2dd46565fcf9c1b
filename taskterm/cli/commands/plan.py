"""plan: what would run, in which order, and how long it took before. Nothing is run or written."""

from __future__ import annotations

import os

from taskterm.cli.options import Command, Given, Option, refs
from taskterm.cli.session import Session
from taskterm.cli.text import Cell, lines_of, table
from taskterm.core import graph, story
from taskterm.core.display import visible
from taskterm.core.durations import clock
from taskterm.core.errors import UsageError
from taskterm.core.model import Task, Workflow
from taskterm.core.snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def plan(session: Session, given: Given) -> int:
    """The plan of tasks, of a workflow that was started, or of a workflow file."""
    words, workflow = given.all_words(), given.number("workflow")
    if workflow is None and len(words) == 1 and (words[0].endswith(".toml") or os.path.isfile(words[0])):
        return _of_file(session, words[0])
    if (workflow is None) == (not words):
        raise UsageError("name tasks, a workflow file, or --workflow N", "for example: taskterm plan 12 --with-needs")
    return _of_tasks(session, refs(words), workflow, given.flag("with-needs"))


def _of_tasks(session: Session, names: list[str], workflow: int | None, with_needs: bool) -> int:
    from taskterm.runner.plan import critical_seconds, make_plan, plan_rows
    from taskterm.runner.trust import Trust
    from taskterm.store.feed import load_past

    with session.store().read() as reader:
        snapshot = load_past(reader)
        found = make_plan(reader, names, with_needs=with_needs, workflow_id=workflow)
    trust = Trust()

    def expected(task: Task) -> float | None:
        return story.expected_seconds(snapshot, task)

    path, seconds = critical_seconds(found, expected)
    if session.json:
        session.data(
            {
                "title": found.title,
                "tasks": [
                    {
                        "id": entry.task.id,
                        "key": entry.task.workflow_key,
                        "title": entry.task.title,
                        "stage": entry.stage,
                        "needs": list(entry.needs),
                        "person": entry.people is not None,
                        "expected_seconds": expected(entry.task) if entry.people is None else None,
                        "steps": [{"name": s.name, "run": s.run, "trusted": trust.trusted(s)} for s in entry.steps],
                    }
                    for entry in found.tasks
                ],
                "blocked_by": [task.id for task in found.blocked],
                "critical": list(path),
                "critical_seconds": seconds,
            }
        )
        return 0
    rows = plan_rows(found, expected, trust.pending)
    commands = [[step.run for step in entry.steps] for entry in found.tasks]
    _show(session, [(row.stage, row.task.removeprefix("#"), row.what, row.time) for row in rows], commands)
    if not rows:
        session.note("nothing is left to run")
    elif seconds:
        session.say(f"the longest chain takes about {clock(seconds)}: {' → '.join(map(str, path))}")
    for task in found.blocked:
        owner = f" @{visible(task.assignee)}" if task.assignee else ""
        session.note(f"waits for {task.id} {visible(task.title)}{owner}, which is not part of it; see --with-needs")
    return 0


def _of_file(session: Session, path: str) -> int:
    from taskterm.exchange.workflow import load

    workflow = load(path)
    index = {task.key: number for number, task in enumerate(workflow.tasks)}
    needs = {index[task.key]: [index[key] for key in task.needs] for task in workflow.tasks}
    stages: dict[int, int] = {}
    for number in graph.topological_order(sorted(needs), lambda i: needs[i]):
        stages[number] = 1 + max((stages[need] for need in needs[number]), default=0)
    order = sorted(stages, key=lambda number: (stages[number], number))
    past = _past(session)
    if session.json:
        session.data(
            {
                "title": workflow.title,
                "tasks": [
                    {
                        "id": None,
                        "key": workflow.tasks[n].key,
                        "title": workflow.tasks[n].title,
                        "stage": stages[n],
                        "needs": list(workflow.tasks[n].needs),
                        "person": not workflow.tasks[n].steps,
                        "expected_seconds": _expected(past, workflow.name, workflow.tasks[n].key),
                        "steps": [{"name": s.name, "run": s.run, "trusted": None} for s in workflow.tasks[n].steps],
                    }
                    for n in order
                ],
                "blocked_by": [],
                "critical": [],
                "critical_seconds": None,
            }
        )
        return 0
    rows, stage = [], 0
    for number in order:
        task = workflow.tasks[number]
        count = len(task.steps)
        who = f"waits for @{task.assignee}" if task.assignee else "waits for a person"
        seconds = _expected(past, workflow.name, task.key) if count else None
        if seconds is None and count and task.estimate_minutes:
            seconds = task.estimate_minutes * 60.0
        rows.append(
            (
                str(stages[number]) if stages[number] != stage else "",
                f"{task.key}  {task.title}",
                f"{count} step{'s' if count > 1 else ''}" if count else who,
                f"~{clock(seconds)}" if seconds else "",
            )
        )
        stage = stages[number]
    session.say(session.paint(visible(workflow.title), strong=True))
    _show(session, rows, [[step.run for step in workflow.tasks[n].steps] for n in order])
    return 0


def _past(session: Session) -> Snapshot:
    """The database, for how long things took; nothing where there is none."""
    from taskterm.store.feed import load_past

    if session.is_new():
        return Snapshot()
    with session.store().read() as reader:
        return load_past(reader)


def _expected(snapshot: Snapshot, name: str, key: str) -> float | None:
    """How long a task of a workflow of this name took when it last succeeded, in seconds."""
    stand_in = Workflow(-1, "", name, "{}", None, "", "")
    known = snapshot._replace(workflows={**snapshot.workflows, -1: stand_in})
    return story.expected_seconds(known, Task(0, "", "", workflow_id=-1, workflow_key=key))


def _show(session: Session, rows: list[tuple[str, str, str, str]], commands: Iterable[list[str]]) -> None:
    drawn = [
        [Cell(stage, "mute"), Cell(task, "", True), Cell(what, "mute"), Cell(time, "mute")]
        for stage, task, what, time in rows
    ]
    lines = table(drawn, width=session.width, colour=session.colour, right=(0, 3), flex=(1,))
    for line, runs in zip(lines, commands, strict=True):
        session.say(line)
        for run in runs:
            for part in lines_of(run):
                session.say(f"     {session.paint('$ ' + part, 'mute')}")


COMMANDS = {
    "plan": Command(
        "plan",
        "TASK… | FILE | --workflow N",
        "what would run, in which order, and how long it took before",
        plan,
        (
            Option("--with-needs", "with everything they wait for"),
            Option("--workflow", "all open tasks of a workflow", "N", number=True),
        ),
        (("plan 12 --with-needs", ""), ("plan release.toml", "of a file, before it is started")),
    ),
}
