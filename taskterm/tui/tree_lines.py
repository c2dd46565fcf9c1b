"""The dependency view as lines: the root, what comes before and after it, and whom people wait for. Pure."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from taskterm.core import dates, graph, story
from taskterm.core.model import OPEN, Task
from taskterm.core.snapshot import Snapshot, shown_state
from taskterm.core.tree import TreeLine, after, before, critical_tasks


class TreePicture(NamedTuple):
    """Everything the view draws of one root. `finish` maps open tasks to local times, where they can be foreseen."""

    root: int
    before: tuple[TreeLine, ...]
    after: tuple[TreeLine, ...]
    finish: Mapping[int, datetime]
    critical: frozenset[int]
    waited: tuple["Waited", ...]


class Waited(NamedTuple):
    """A task that holds up others, and is somebody's to do. `person` is None where nobody is named."""

    task_id: int
    person: str | None
    holds: int


class Progress(NamedTuple):
    """How far a branch is. `minutes` of the longest chain that is left; None where an estimate is missing."""

    done: int
    total: int
    minutes: float | None


def picture(snapshot: Snapshot, root: int, now: datetime, folded: Collection[int] = ()) -> TreePicture:
    """The tree around `root`; the children of tasks in `folded` are left out."""
    ups, downs = before(snapshot, root), after(snapshot, root)
    near = {root, *(line.task_id for line in ups), *(line.task_id for line in downs)}
    critical = critical_tasks(snapshot, near)
    return TreePicture(
        root,
        tuple(unfolded(ups, folded)),
        tuple(unfolded(downs, folded)),
        forecast(snapshot, near, now),
        critical,
        waited_for(snapshot, near, now),
    )


def unfolded(lines: list[TreeLine], folded: Collection[int]) -> list[TreeLine]:
    """The lines without those below a folded task."""
    found: list[TreeLine] = []
    depth: int | None = None  # of the folded task whose children are being skipped
    for line in lines:
        if depth is not None and len(line.branches) > depth:
            continue
        depth = len(line.branches) if line.task_id in folded and not line.reference else None
        found.append(line)
    return found


def progress(snapshot: Snapshot, lines: Collection[TreeLine], now: datetime) -> Progress:
    """How many of the tasks are done, and how long the longest chain of the rest takes."""
    tasks = [snapshot.tasks[i] for i in {line.task_id for line in lines}]
    open_ids = sorted(task.id for task in tasks if task.status in OPEN)
    total = sum(task.status != "cancelled" for task in tasks)
    left = {i: seconds_left(snapshot, snapshot.tasks[i], now) for i in open_ids}
    seconds = {i: s for i, s in left.items() if s is not None}
    if not open_ids or len(seconds) < len(open_ids):
        return Progress(total - len(open_ids), total, None)
    path = graph.critical_path(open_ids, snapshot.predecessors, seconds.__getitem__)
    return Progress(total - len(open_ids), total, sum(seconds[i] for i in path) / 60)


def forecast(snapshot: Snapshot, task_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """When each open task will be finished if everybody goes on without a break; local times.

    A task has no entry when it or anything it waits for has no known length, or has failed and waits for a person.
    """
    found: dict[int, datetime] = {}
    utc = dates.to_utc_text(now)
    needed = set(task_ids)
    stack = list(task_ids)
    while stack:
        found_before = [p for p in snapshot.predecessors(stack.pop()) if p not in needed]
        needed.update(found_before)
        stack += found_before
    open_ids = sorted(i for i in needed if snapshot.tasks[i].status in OPEN)
    for task_id in graph.topological_order(open_ids, snapshot.predecessors):
        task = snapshot.tasks[task_id]
        blockers = [p for p in snapshot.predecessors(task_id) if snapshot.tasks[p].status in OPEN]
        left = seconds_left(snapshot, task, now)
        if left is None or shown_state(task, utc) == "failed" or any(p not in found for p in blockers):
            continue
        starts = [now, *(found[p] for p in blockers)]
        if task.wait is not None:
            starts.append(dates.from_utc_text(task.wait).astimezone(now.tzinfo))
        found[task_id] = max(starts) + timedelta(seconds=left)
    return found


def seconds_left(snapshot: Snapshot, task: Task, now: datetime) -> float | None:
    """Seconds of work left in a task, never below one; None where nothing is known of its length."""
    far = story.progress(snapshot, task, now)
    if far is not None:
        return None if far.expected is None else max(far.expected - far.elapsed, 1.0)
    if snapshot.steps(task.id) and task.estimate_minutes is None:
        return story.expected_seconds(snapshot, task)
    if task.estimate_minutes is None:
        return None
    begun = story.seconds_since(task.started_at, now) if task.status == "doing" else 0.0
    return max(task.estimate_minutes * 60.0 - begun, 1.0)


def waited_for(snapshot: Snapshot, task_ids: Collection[int], now: datetime) -> tuple[Waited, ...]:
    """The tasks among these that hold up others and wait for a person, those that hold up most first."""
    utc = dates.to_utc_text(now)
    found = []
    for task_id in task_ids:
        task = snapshot.tasks[task_id]
        if shown_state(task, utc) in ("doing", "failed", "ready"):
            holds = len(snapshot.held_up(task_id))
            if holds:
                found.append(Waited(task_id, task.assignee, holds))
    found.sort(key=lambda w: (-w.holds, w.task_id))
    return tuple(found)
