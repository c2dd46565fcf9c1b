"""What the first picture shows, read with narrow statements: the tasks of one screen, and how many there are in all.

The whole database is read later, behind this picture; the order and the numbers are the same, which a test holds.
"""

from __future__ import annotations

from taskterm.core.lean import NamedTuple, datetime
from taskterm.core.model import STATES, Task, Workflow
from taskterm.core.snapshot import Counts, Snapshot, groups, is_overdue, shown_state
from taskterm.core.urgency import most_urgent
from taskterm.core.zone import epoch_of, to_utc_text
from taskterm.store import feed
from taskterm.store._sql import SQL
from taskterm.store.sqlite import SqliteReader
from taskterm.tui.picture import Listed, Picture, Section
from taskterm.tui.task_rows import FOLDED_TODAY, local_day
from taskterm.tui.widgets.bits import urgency_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WEIGHTS = {
    "ready": ("ready_weights",),
    "blocked": ("blocked_weights",),
    "waiting": ("waiting_weights", "waiting_blocked_weights"),
}
"""Statements for the tasks of a state that have not begun: all rows of one have the same further urgency."""


class Sizes(NamedTuple):
    """How many tasks are in each shown state, how many of the open ones are late, and how many there are in all."""

    by_state: dict[str, int]
    late: int
    total: int


def read(reader: SqliteReader, now: datetime, room: int, *, detail: bool) -> Picture:
    """The picture for a list of `room` lines; with `detail` also what the pane says of its first task."""
    at = to_utc_text(now)
    begun = [t for (i,) in reader.connection.execute(SQL["begun"]) if (t := reader.task(i)) is not None]
    sizes = _sizes(reader, begun, at)
    sections: list[Section] = []
    tasks: list[Task] = []
    for state in STATES:
        size = sizes.by_state.get(state, 0)
        if not size or state == "cancelled":
            continue
        room -= 2 if sections else 1
        if state == "done":
            sections.append(_done(reader, now, size, shown=room >= 0))
            continue
        found = _first(reader, state, begun, now, room) if room > 0 else ()
        room -= len(found)
        tasks += found
        sections.append(Section(state, tuple([task.id for task in found]), size))
    largest = reader.connection.execute(SQL["last_task"]).fetchone()[0] or 0
    by_state = sizes.by_state
    counts = Counts(
        by_state.get("running", 0),
        by_state.get("failed", 0),
        by_state.get("ready", 0),
        sizes.late,
        by_state.get("blocked", 0),
        sum(by_state.values()) - by_state.get("done", 0) - by_state.get("cancelled", 0),
        sizes.total,
    )
    snapshot = _snapshot(reader, tasks, tasks[0].id if detail and tasks else None)
    return Picture(snapshot, now, listed=Listed(tuple(sections), sizes.total, largest), counts=counts, whole=False)


def _sizes(reader: SqliteReader, begun: Iterable[Task], at: str) -> Sizes:
    execute = reader.connection.execute
    by_status: dict[str, int] = dict(execute(SQL["status_counts"]).fetchall())
    by_state = dict.fromkeys(STATES, 0)
    late = 0
    for name, state in (("ready_weights", "ready"), ("waiting_weights", "waiting")):
        rows = execute(SQL[name], {"now": at}).fetchall()
        by_state[state] += len(rows)
        late += sum([due is not None and due < at for _, _, _, due, _, _ in rows])
    for ahead, count, overdue in execute(SQL["blocked_counts"], {"now": at}):
        by_state["waiting" if ahead else "blocked"] += count
        late += overdue or 0
    for task in begun:  # these were counted where they would stand had they not begun
        if task.status == "todo":
            by_state[shown_state(task._replace(run_state=None), at)] -= 1
        else:
            late += is_overdue(task, at)
        by_state[shown_state(task, at)] += 1
    by_state["done"], by_state["cancelled"] = by_status.get("done", 0), by_status.get("cancelled", 0)
    return Sizes(by_state, late, sum(by_status.values()))


def _first(reader: SqliteReader, state: str, begun: Sequence[Task], now: datetime, count: int) -> tuple[Task, ...]:
    """The first tasks of a state, in the order of the list."""
    at, seconds = to_utc_text(now), now.timestamp()
    found = [task for task in begun if shown_state(task, at) == state]
    elsewhere = {task.id for task in begun}
    tagged = {task_id for (task_id,) in reader.connection.execute(SQL["with_tag"], {"tag": "next"})}
    for name in WEIGHTS.get(state, ()):
        rows = reader.connection.execute(SQL[name], {"now": at}).fetchall()
        ids = most_urgent(rows, tagged, count + len(begun), seconds, epoch_of)
        others = [task_id for task_id in ids if task_id not in elsewhere][:count]
        found += [task for task in map(reader.task, others) if task is not None]
    return groups(found, at, urgency_at(now))[0].tasks[:count] if found else ()


def _done(reader: SqliteReader, now: datetime, size: int, *, shown: bool) -> Section:
    """The line of folded finished tasks; only where it is `shown` does anybody ask which they are."""
    if not shown:
        return Section("done", (), size)
    begin, end = local_day(now)
    today = [i for (i,) in reader.connection.execute(SQL["done_within"], {"begin": begin, "end": end})]
    newest = [] if today else [task.id for task in reader.tasks("done_newest", limit=FOLDED_TODAY)]
    return Section("done", tuple(newest), size, tuple(today))


def _snapshot(reader: SqliteReader, tasks: Sequence[Task], detailed: int | None) -> Snapshot:
    """These tasks with what their lines say; of the task `detailed` everything that the pane says."""
    base = Snapshot()
    if any(task.run_state == "running" for task in tasks):
        base = feed.load_runs(reader)  # how long it takes is told by the runs before
    known = {task.id: task for task in tasks}
    known.update(_relatives(reader, base, known))
    before: dict[int, tuple[int, ...]] = {}
    after: dict[int, tuple[int, ...]] = {}
    for task in tasks:
        if task.open_predecessors or task.id == detailed:
            before[task.id] = tuple(reader.predecessors(task.id))
    if detailed is not None:
        after[detailed] = tuple(reader.successors(detailed))
        for task_id in after[detailed]:
            before[task_id] = tuple(reader.predecessors(task_id))
    for ids in (*before.values(), *after.values()):
        for task_id in ids:
            if task_id not in known and (other := reader.task(task_id)) is not None:
                known[task_id] = other
    runs, parts, attempts, newest = dict(base.runs), dict(base.run_task_lists), dict(base.attempt_lists), {}
    finished = [known[i] for i in before.get(detailed or 0, ()) if i in known]  # the pane tells how long they took
    for task in {task.id: task for task in (*tasks, *finished)}.values():
        own = reader.task_runs(task.id) if task.run_state is not None else ()
        if own:
            run_id = newest[task.id] = own[0].run_id
            run = reader.run(run_id)
            if run is not None and run_id not in runs:
                runs[run_id] = run
                parts[run_id] = tuple(reader.run_tasks(run_id))
                attempts[run_id] = tuple(reader.attempts(run_id))
    return base._replace(
        operation=feed.newest_operation(reader),
        tasks=known,
        before=before,
        after=after,
        step_lists={**base.step_lists, **{task.id: tuple(reader.steps(task.id)) for task in tasks}},
        comment_lists={} if detailed is None else {detailed: tuple(reader.comments(detailed))},
        columns=tuple(reader.columns()),
        workflows=base.workflows or _workflow(reader, known.get(detailed or 0)),
        runs=runs,
        run_task_lists=parts,
        attempt_lists=attempts,
        newest_run=newest,
        views=tuple(reader.views()),
        held_counts={task.id: reader.held_up(task.id) for task in tasks if task.id == detailed or _tells_held(task)},
    )


def _tells_held(task: Task) -> bool:
    """Whether the line of a task says how many it holds up: where it is not blocked itself."""
    return not task.open_predecessors or task.status == "doing"


def _relatives(reader: SqliteReader, base: Snapshot, known: dict[int, Task]) -> dict[int, Task]:
    """Tasks that ran before, by whose length that of a running one is told."""
    if not any(task.workflow_key for task in known.values()):
        return {}
    ids = {part.task_id for parts in base.run_task_lists.values() for part in parts if part.state == "succeeded"}
    found = (reader.task(task_id) for task_id in sorted(ids - known.keys()))
    return {task.id: task for task in found if task is not None}


def _workflow(reader: SqliteReader, task: Task | None) -> dict[int, Workflow]:
    if task is None or task.workflow_id is None:
        return {}
    rows = reader.connection.execute(SQL["workflow"], {"id": task.workflow_id})
    return {row[0]: Workflow(*row) for row in rows}
