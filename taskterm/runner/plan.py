"""The plan of a run: which tasks, in which order, which of them for people. Nothing is run or written here."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from taskterm import settings
from taskterm.core import durations, graph
from taskterm.core.commands.refs import resolve_all
from taskterm.core.commands.run_parts import work_for_people
from taskterm.core.errors import NotFound
from taskterm.core.model import OPEN, Step, Task
from taskterm.core.port import Reader


class PlanTask(NamedTuple):
    """One task of a plan. `stage` counts from 1: all tasks of a stage could run at the same time.

    `people` says, as one phrase, why a person has to do it; None if its steps run by themselves. `needs` are the
    tasks of the plan that it waits for directly.
    """

    task: Task
    steps: tuple[Step, ...]
    stage: int
    needs: tuple[int, ...]
    people: str | None


class Plan(NamedTuple):
    """What would run, every task after all that it needs. `blocked` are open tasks outside that hold it up."""

    title: str
    targets: tuple[int, ...]
    workflow_id: int | None
    tasks: tuple[PlanTask, ...]
    blocked: tuple[Task, ...]

    def steps(self) -> list[Step]:
        """Every command that would run on this machine, in the order of the plan."""
        return [step for entry in self.tasks if entry.people is None for step in entry.steps]


class PlanRow(NamedTuple):
    """One line of a plan as people read it: `1`, `#12 Build`, `2 steps`, `~1:47`."""

    stage: str
    task: str
    what: str
    time: str


def make_plan(
    reader: Reader,
    refs: Sequence[int | str] = (),
    *,
    with_needs: bool = False,
    workflow_id: int | None = None,
    host: str | None = None,
) -> Plan:
    """The plan for the named tasks, or for the open tasks of a workflow. NotFound for what does not exist.

    `with_needs` adds all open tasks that they wait for, directly or through others. Tasks that are done or cancelled
    are left out. `host` is where it would run (this machine).
    """
    row = reader.row("workflow", {"id": workflow_id}) if workflow_id is not None else None
    if workflow_id is not None and row is None:
        raise NotFound(f"there is no workflow {workflow_id}", "see the workflows with: taskterm workflow list")
    named = resolve_all(reader, refs) if workflow_id is None else []
    targets = tuple(task.id for task in named)
    found: dict[int, Task] = {}
    waiting = list(targets) if workflow_id is None else reader.workflow_tasks(workflow_id)
    while waiting:
        task = reader.task(waiting.pop())
        if task is not None and task.status in OPEN and task.id not in found:
            found[task.id] = task
            if with_needs:
                waiting += reader.predecessors(task.id)
    order = graph.topological_order(sorted(found), reader.predecessors)
    tasks = _staged(reader, [found[i] for i in order], host or settings.host())
    outside = {p: reader.task(p) for i in order for p in reader.predecessors(i) if p not in found}
    blocked = tuple(task for task in outside.values() if task is not None and task.status in OPEN)
    title = str(row["name"]) if row is not None else _title(named)
    return Plan(title, targets, workflow_id, tasks, blocked)


def _staged(reader: Reader, tasks: Sequence[Task], host: str) -> tuple[PlanTask, ...]:
    stages: dict[int, int] = {}
    entries: list[PlanTask] = []
    for task in tasks:
        needs = tuple(p for p in reader.predecessors(task.id) if p in stages)
        stages[task.id] = 1 + max((stages[p] for p in needs), default=0)
        steps = tuple(reader.steps(task.id))
        entries.append(PlanTask(task, steps, stages[task.id], needs, work_for_people(steps, host)))
    return tuple(sorted(entries, key=lambda entry: entry.stage))


def _title(tasks: Sequence[Task]) -> str:
    if len(tasks) == 1:
        return tasks[0].title
    shown = ", ".join(f"#{task.id}" for task in tasks[:4])
    return shown + (f" and {len(tasks) - 4} more" if len(tasks) > 4 else "")


def plan_rows(
    plan: Plan, expected: Callable[[Task], float | None], pending: Callable[[Sequence[Step]], Sequence[Step]]
) -> list[PlanRow]:
    """The plan line by line. `expected` gives the seconds a task should take (None: unknown), `pending` those of some
    steps that are not approved here.
    """
    rows: list[PlanRow] = []
    stage = 0
    for entry in plan.tasks:
        task = entry.task
        seconds = expected(task) if entry.people is None else None
        rows.append(
            PlanRow(
                str(entry.stage) if entry.stage != stage else "",
                f"#{task.id} {task.title}",
                _what(entry, bool(pending(entry.steps))),
                f"~{durations.clock(seconds)}" if seconds is not None else "",
            )
        )
        stage = entry.stage
    return rows


def _what(entry: PlanTask, untrusted: bool) -> str:
    if entry.people is not None:
        return f"waits for @{entry.task.assignee}" if entry.task.assignee else "waits for a person"
    count = f"{len(entry.steps)} step{'s' if len(entry.steps) > 1 else ''}"
    return f"{count}, not trusted yet" if untrusted else count


def critical_seconds(plan: Plan, expected: Callable[[Task], float | None]) -> tuple[tuple[int, ...], float]:
    """The chain of tasks with the longest sum of expected times, and that sum in seconds; unknown times count as 0."""
    needs = {entry.task.id: entry.needs for entry in plan.tasks}
    seconds = {entry.task.id: (expected(entry.task) or 0.0) if entry.people is None else 0.0 for entry in plan.tasks}
    path = graph.critical_path(list(needs), lambda i: needs[i], lambda i: seconds[i])
    return path, sum(seconds[i] for i in path)
