"""One frozen picture of the database, and the questions every view asks of it: state, groups, board, who waits.

List, board, tree, diagram and the command line's drawings are pure functions of a Snapshot, a time and a zone.
"""

from __future__ import annotations

from taskterm.core.lean import NamedTuple
from taskterm.core.model import Attempt, Column, Comment, Run, RunTask, Step, Task, View, Workflow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

FAILED = ("failed", "lost", "stopped")
"""Run states of a task after which a person has to look at it."""


def state_of(task: Task, now: str) -> str:
    """The derived state: `waiting`, `blocked`, `ready`, `doing`, `done` or `cancelled`; `now` is UTC text."""
    if task.status != "todo":
        return task.status
    if task.wait is not None and task.wait > now:
        return "waiting"
    return "blocked" if task.open_predecessors else "ready"


def is_failed(task: Task) -> bool:
    """Whether the task is open and its last run did not succeed."""
    return task.status in ("todo", "doing") and task.run_state in FAILED


def shown_state(task: Task, now: str) -> str:
    """The state as lists and glyphs show it: a running step and a failure come before the derived state."""
    ran = task.run_state
    if ran is not None and task.status in ("todo", "doing"):
        if ran == "running":
            return "running"
        if ran in FAILED:
            return "failed"
    return state_of(task, now)


def is_overdue(task: Task, now: str) -> bool:
    """Whether an open task's due time has passed."""
    return task.due is not None and task.due < now and task.status in ("todo", "doing")


class Part(NamedTuple):
    """A task's part in its newest run, with the attempts made so far."""

    run: Run
    run_task: RunTask
    attempts: tuple[Attempt, ...]


class Snapshot(NamedTuple):
    """Everything that views show, as of one operation. Mappings are never changed after they were put in.

    Only tasks with neighbours, steps or comments have entries in the mappings of those; use the methods.
    """

    operation: int = 0
    tasks: Mapping[int, Task] = {}
    before: Mapping[int, tuple[int, ...]] = {}
    after: Mapping[int, tuple[int, ...]] = {}
    step_lists: Mapping[int, tuple[Step, ...]] = {}
    comment_lists: Mapping[int, tuple[Comment, ...]] = {}
    columns: tuple[Column, ...] = ()
    workflows: Mapping[int, Workflow] = {}
    runs: Mapping[int, Run] = {}
    run_task_lists: Mapping[int, tuple[RunTask, ...]] = {}
    attempt_lists: Mapping[int, tuple[Attempt, ...]] = {}
    newest_run: Mapping[int, int] = {}  # task id to the id of its newest run
    views: tuple[View, ...] = ()
    held_counts: Mapping[int, int] = {}  # where they were counted beforehand: the size of `held_up`, by task id
    step_counts: Mapping[int, int] = {}  # where the steps themselves were not read
    listed: bool = False  # made for a list: `before` links open tasks alone, and what has no count has none to count

    def predecessors(self, task_id: int) -> tuple[int, ...]:
        """Ids of the tasks that this one waits for, done ones too."""
        return self.before.get(task_id, ())

    def successors(self, task_id: int) -> tuple[int, ...]:
        """Ids of the tasks that wait for this one."""
        return self.after.get(task_id, ())

    def steps(self, task_id: int) -> tuple[Step, ...]:
        """The steps of a task in their order."""
        return self.step_lists.get(task_id, ())

    def comments(self, task_id: int) -> tuple[Comment, ...]:
        """The comments of a task, oldest first."""
        return self.comment_lists.get(task_id, ())

    def run_tasks(self, run_id: int) -> tuple[RunTask, ...]:
        """The tasks of a run in the order of its plan."""
        return self.run_task_lists.get(run_id, ())

    def attempts(self, run_id: int, task_id: int | None = None) -> tuple[Attempt, ...]:
        """The attempts of a run, or of one task in it, oldest first."""
        found = self.attempt_lists.get(run_id, ())
        return found if task_id is None else tuple(a for a in found if a.task_id == task_id)

    def last_part(self, task_id: int) -> Part | None:
        """The task's part in its newest run, or None if it never ran."""
        run_id = self.newest_run.get(task_id)
        if run_id is None or run_id not in self.runs:
            return None
        for run_task in self.run_tasks(run_id):
            if run_task.task_id == task_id:
                return Part(self.runs[run_id], run_task, self.attempts(run_id, task_id))
        return None

    def open_blockers(self, task_id: int) -> tuple[Task, ...]:
        """The open direct predecessors, in the order of their ids."""
        return tuple([self.tasks[i] for i in self.open_blocker_ids(task_id)])

    def open_blocker_ids(self, task_id: int) -> Sequence[int]:
        """The ids of the open direct predecessors, in their order."""
        if self.listed:
            return self.before.get(task_id, ())
        found = self.before.get(task_id, ())
        tasks = self.tasks
        return [i for i in found if tasks[i].status in ("todo", "doing")]

    def held_up(self, task_id: int) -> set[int]:
        """Ids of all open tasks downstream of an open task: those that its completion helps to release."""
        from taskterm.core import graph

        open_after: Callable[[int], Iterable[int]] = lambda i: (  # noqa: E731
            s for s in self.successors(i) if self.tasks[s].status in ("todo", "doing")
        )
        return graph.reachable(task_id, open_after)

    def held_count(self, task_id: int) -> int:
        """How many open tasks are downstream of an open task."""
        known = self.held_counts.get(task_id, 0 if self.listed else None)
        return len(self.held_up(task_id)) if known is None else known

    def step_count(self, task_id: int) -> int:
        """How many steps a task has."""
        return self.step_counts.get(task_id, 0) if self.listed else len(self.steps(task_id))


class Counts(NamedTuple):
    """How many tasks need a look, for the line above every view."""

    running: int
    failed: int
    ready: int
    late: int
    blocked: int
    open: int
    total: int


def counts(snapshot: Snapshot, now: str, only: Iterable[int] | None = None) -> Counts:
    """Counts over all tasks, or over the ids in `only`."""
    running = failed = ready = late = blocked = is_open = total = 0
    tasks = snapshot.tasks.values() if only is None else (snapshot.tasks[i] for i in only)
    for task in tasks:
        total += 1
        state = shown_state(task, now)
        running += state == "running"
        failed += state == "failed"
        ready += state == "ready"
        blocked += state == "blocked"
        late += is_overdue(task, now)
        is_open += task.status in ("todo", "doing")
    return Counts(running, failed, ready, late, blocked, is_open, total)


class Group(NamedTuple):
    """Tasks of one shown state in the order in which a list shows them."""

    state: str
    tasks: tuple[Task, ...]


def order_key(task: Task, urgency: Callable[[Task], float]) -> tuple[float, int]:
    """Sort key of lists: the most urgent first, then the older id."""
    return (-urgency(task), task.id)


def groups(tasks: Iterable[Task], now: str, urgency: Callable[[Task], float]) -> tuple[Group, ...]:
    """The tasks by what needs a look first; done ones newest first; states without tasks are left out."""
    from taskterm.core.model import STATES

    found: dict[str, list[Task]] = {state: [] for state in STATES}
    for task in tasks:
        found[shown_state(task, now)].append(task)
    for state, members in found.items():
        if state in ("done", "cancelled"):
            members.sort(key=lambda t: (t.completed_at or "", t.id), reverse=True)
        elif members:
            ranked = [(-urgency(task), task.id, task) for task in members]  # as order_key has it
            ranked.sort()  # no two have the same id, so no two tasks are ever compared
            found[state] = [task for _, _, task in ranked]
    return tuple(Group(state, tuple(members)) for state, members in found.items() if members)


class Stage(NamedTuple):
    """One column of the board with its cards in order; `limit_state` is '', 'full' or 'over limit'."""

    column: Column
    tasks: tuple[Task, ...]
    limit_state: str


def column_of(task: Task, now: str, columns: Iterable[Column]) -> str | None:
    """Key of the board column a task is shown in, None for cancelled ones. Todo is placed by the graph alone."""
    state = state_of(task, now)
    if state == "cancelled":
        return None
    kind = {"waiting": "blocked", "blocked": "blocked", "ready": "ready", "doing": "stage", "done": "done"}[state]
    fitting = [c.key for c in columns if c.kind == kind]
    if kind == "stage" and task.column in fitting:
        return task.column
    return fitting[0] if fitting else None


def column_beside(columns: Sequence[Column], key: str | None, step: int) -> Column | None:
    """The column that a card goes to from `key`, one to the right (1) or to the left (-1); None where there is none.

    From Blocked to the right that is the first stage: nobody decides that a card is ready.
    """
    place = next((index for index, column in enumerate(columns) if column.key == key), -2) + step
    while step > 0 and 0 <= place < len(columns) and columns[place].kind == "ready":
        place += step
    return columns[place] if 0 <= place < len(columns) else None


def fill_of(column: Column, count: int) -> str:
    """How a column with so many cards stands to its limit: '', 'full' or 'over limit'."""
    limit = column.wip_limit
    return "" if limit is None or count < limit else "full" if count == limit else "over limit"


def board(
    columns: Iterable[Column], tasks: Iterable[Task], now: str, urgency: Callable[[Task], float]
) -> tuple[Stage, ...]:
    """The board, columns from left to right. A column has the order of the list: by shown state, then by urgency."""
    from taskterm.core.model import STATES

    columns = tuple(columns)
    cards: dict[str, list[Task]] = {column.key: [] for column in columns}
    for task in tasks:
        key = column_of(task, now, columns)
        if key is not None:
            cards[key].append(task)
    stages = []
    for column in columns:
        members = cards[column.key]
        if column.kind == "done":
            members.sort(key=lambda t: (t.completed_at or "", t.id), reverse=True)
        else:
            members.sort(key=lambda t: (STATES.index(shown_state(t, now)), *order_key(t, urgency)))
        stages.append(Stage(column, tuple(members), fill_of(column, len(members))))
    return tuple(stages)
