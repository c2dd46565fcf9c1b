"""When open tasks will be finished, what stands in the way of that, and whom people wait for: for trees and answers."""

from __future__ import annotations

from taskterm.core import dates, graph, story
from taskterm.core.lean import NamedTuple, datetime, timedelta
from taskterm.core.model import OPEN, Task
from taskterm.core.snapshot import Snapshot, shown_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


class Outlook(NamedTuple):
    """What is foreseen for open tasks. `finish` holds local times; `stuck` are the ids of failed tasks and of all
    that wait for one, directly or through others. A task in neither has a length that nobody knows."""

    finish: Mapping[int, datetime] = {}
    stuck: frozenset[int] = frozenset()


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


def outlook(snapshot: Snapshot, task_ids: Collection[int], now: datetime) -> Outlook:
    """When each open task will be finished if everybody goes on without a break, and which cannot be.

    A task has no time when it or anything it waits for has no known length, or has failed and waits for a person.
    """
    found: dict[int, datetime] = {}
    stuck: set[int] = set()
    utc = dates.to_utc_text(now)
    for task_id in graph.topological_order(_open_before(snapshot, task_ids), snapshot.predecessors):
        task = snapshot.tasks[task_id]
        blockers = [p for p in snapshot.predecessors(task_id) if p in snapshot.tasks]
        blockers = [p for p in blockers if snapshot.tasks[p].status in OPEN]
        if shown_state(task, utc) == "failed" or any(p in stuck for p in blockers):
            stuck.add(task_id)
            continue
        left = seconds_left(snapshot, task, now)
        if left is None or any(p not in found for p in blockers):
            continue
        starts = [now, *(found[p] for p in blockers)]
        if task.wait is not None:
            starts.append(dates.from_utc_text(task.wait).astimezone(now.tzinfo))
        found[task_id] = _later(max(starts), left)
    return Outlook(found, frozenset(stuck))


def _later(moment: datetime, seconds: float) -> datetime:
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:  # estimates of thousands of years add up beyond the calendar
        return moment.replace(year=9999)


def _open_before(snapshot: Snapshot, task_ids: Iterable[int]) -> list[int]:
    """The open tasks among these and everything open that they wait for, in the order of their ids."""
    needed = set(task_ids)
    stack = list(needed)
    while stack:
        further = [p for p in snapshot.predecessors(stack.pop()) if p not in needed and p in snapshot.tasks]
        needed.update(further)
        stack += further
    return sorted(i for i in needed if snapshot.tasks[i].status in OPEN)


def finish_word(task: Task, seen: Outlook, now: datetime) -> tuple[str, bool]:
    """The `finish` column of a task, and whether it is bad news: `stuck`, a forecast such as `~Tue 10:45`, or when it
    was finished; empty where nobody can tell."""
    if task.status not in OPEN:
        return (past_word(task.completed_at, now) if task.completed_at else ""), False
    if task.id in seen.stuck:
        return "stuck", True
    at = seen.finish.get(task.id)
    if at is None:
        return "", False
    if at.date() == now.date():
        return f"~{at:%H:%M}", False
    if (at - now).days < 6:
        return f"~{at:%a %H:%M}", False
    return f"~{at.day} {at:%b}" + ("" if at.year == now.year else f" {at:%y}"), False


def past_word(utc: str, now: datetime) -> str:
    """A past moment in few cells: `14:19` today, `Mon 23` within a week, `30 Nov` before, `30 Nov 25` last year."""
    local = dates.from_utc_text(utc).astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    if days == 0:
        return f"{local:%H:%M}"
    if 0 < days < 7:
        return f"{local:%a} {local.day}"
    return f"{local.day} {local:%b}" + ("" if local.year == now.year else f" {local:%y}")


def progress(snapshot: Snapshot, task_ids: Iterable[int], now: datetime) -> Progress:
    """How many of the tasks are done, and how long the longest chain of the rest takes."""
    tasks = [snapshot.tasks[i] for i in set(task_ids)]
    open_ids = sorted(task.id for task in tasks if task.status in OPEN)
    total = sum(task.status != "cancelled" for task in tasks)
    left = {i: seconds_left(snapshot, snapshot.tasks[i], now) for i in open_ids}
    seconds = {i: s for i, s in left.items() if s is not None}
    if not open_ids or len(seconds) < len(open_ids):
        return Progress(total - len(open_ids), total, None)
    path = graph.critical_path(open_ids, snapshot.predecessors, seconds.__getitem__)
    return Progress(total - len(open_ids), total, sum(seconds[i] for i in path) / 60)


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
    among = [i for i in task_ids if shown_state(snapshot.tasks[i], utc) in ("doing", "failed", "ready")]
    held = held_counts(snapshot, among)
    found = [Waited(i, snapshot.tasks[i].assignee, held[i]) for i in among if held[i]]
    found.sort(key=lambda w: (-w.holds, w.task_id))
    return tuple(found)


def held_counts(snapshot: Snapshot, task_ids: Collection[int]) -> dict[int, int]:
    """How many open tasks each of these open ones holds up, all in one walk through what is downstream of them."""
    if snapshot.held_counts or snapshot.listed:
        return {i: snapshot.held_count(i) for i in task_ids}
    tasks = snapshot.tasks

    def open_after(task_id: int) -> list[int]:
        return [s for s in snapshot.successors(task_id) if tasks[s].status in OPEN]

    downstream = dict.fromkeys(task_ids)
    stack = list(downstream)
    while stack:
        further = [s for s in open_after(stack.pop()) if s not in downstream]
        downstream.update(dict.fromkeys(further))
        stack += further
    counts = graph.reach_counts(downstream, open_after)
    return {i: counts[i] for i in task_ids}


def next_in_line(snapshot: Snapshot, waited: Collection[Waited], now: datetime, limit: int = 3) -> tuple[Waited, ...]:
    """The tasks of people that can begin as soon as one of `waited` is done, and hold up others then; most first."""
    utc = dates.to_utc_text(now)
    found: dict[int, Waited] = {}
    for first in waited:
        for task_id in snapshot.successors(first.task_id):
            task = snapshot.tasks[task_id]
            if task.assignee is None or task_id in found or shown_state(task, utc) != "blocked":
                continue
            if len(snapshot.open_blocker_ids(task_id)) == 1:
                found[task_id] = Waited(task_id, task.assignee, 0)
    held = held_counts(snapshot, found)
    following = [waited._replace(holds=held[i]) for i, waited in found.items() if held[i]]
    return tuple(sorted(following, key=lambda w: (-w.holds, w.task_id))[:limit])


def waited_words(snapshot: Snapshot, waited: Waited, now: datetime) -> str:
    """Since when a task keeps people waiting: `for 3 h`, `for 12 min, exit 23`, `can start`."""
    task = snapshot.tasks[waited.task_id]
    state = shown_state(task, dates.to_utc_text(now))
    if state == "failed":
        attempt = story.failure(snapshot.last_part(task.id))
        if attempt is None or not attempt.ended_at:
            return ""
        from taskterm.core.durations import since

        return f"for {since(story.seconds_since(attempt.ended_at, now))}, {story.failure_word(attempt)}"
    if state == "doing" and task.started_at:
        from taskterm.core.durations import since

        return f"for {since(story.seconds_since(task.started_at, now))}"
    return "can start" if state == "ready" else ""
