"""Why a task stands where it stands: what keeps it from starting, who can change that, where its urgency is from.

A pure function of a Snapshot that holds the task, everything open that it waits for, and its direct successors.
"""

from __future__ import annotations

from taskterm.core import durations, story, tree, urgency
from taskterm.core.lean import NamedTuple, datetime
from taskterm.core.model import OPEN, Task
from taskterm.core.snapshot import Snapshot, shown_state, state_of
from taskterm.core.tree import TreeLine
from taskterm.core.zone import from_utc_text, to_utc_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection


class Blocker(NamedTuple):
    """An open task that has to end first. `sentence` says how it stands; `since` is the UTC text since when."""

    task: Task
    state: str  # as shown: running, failed, doing, ready, blocked or waiting
    since: str
    sentence: str
    direct: bool
    longest: bool  # whether it lies on the longest open path
    holds: int  # how many tasks of this chain wait for it, the explained one among them


class Release(NamedTuple):
    """Something that can be done or awaited now at the end of a chain, and whose it is.

    `act` is `run`, `start`, `finish`, `look` (it failed), `approve` (its commands), or `wait` (a run or a date).
    """

    blocker: Blocker
    act: str
    sentence: str
    run_id: int | None = None


class Term(NamedTuple):
    """One term of the urgency in hundredths. `path` leads over successors to the task it is inherited from."""

    name: str
    hundredths: int
    path: tuple[int, ...] = ()


class Explanation(NamedTuple):
    """The whole answer. `lines` is the chain of blockers as a tree, `blockers` the same by id.

    `longest` is the longest open path by what is left of the estimates, the explained task last; `minutes` its sum,
    None where none of its tasks has an estimate. `urgency` is in hundredths, and the sum of the terms.
    """

    task: Task
    state: str
    can_start: bool
    sentence: str
    lines: tuple[TreeLine, ...]
    blockers: dict[int, Blocker]
    longest: tuple[int, ...]
    minutes: int | None
    releases: tuple[Release, ...]
    urgency: int
    terms: tuple[Term, ...]


def explain(snapshot: Snapshot, task_id: int, now: datetime) -> Explanation:
    """Why the task cannot start (or that it can), and why it is as urgent as it is; `now` is local time."""
    task, at = snapshot.tasks[task_id], to_utc_text(now)
    state = shown_state(task, at)
    lines = tree.blockers(snapshot, task_id) if task.status in OPEN else []
    ids = list(dict.fromkeys(line.task_id for line in lines))
    longest = tree.longest_path(snapshot, [*ids, task_id]) if ids else ()
    holds = _holds(snapshot, lines, task_id)
    direct = snapshot.predecessors(task_id)
    blockers = {i: _blocker(snapshot, snapshot.tasks[i], now, i in direct, i in longest, holds[i]) for i in ids}
    estimates = [snapshot.tasks[i].estimate_minutes for i in longest]
    ends = [b for b in blockers.values() if not b.task.open_predecessors or b.state == "running"]
    ends.sort(key=lambda b: (not b.longest, -b.holds, b.task.id))
    terms = _terms(snapshot, task, now)
    return Explanation(
        task,
        state,
        state == "ready" or (state == "failed" and state_of(task, at) == "ready"),
        situation(snapshot, task, now),
        tuple(lines),
        blockers,
        longest,
        sum(e or 0 for e in estimates) if any(estimates) else None,
        tuple(_release(snapshot, blocker, now) for blocker in ends),
        sum(term.hundredths for term in terms),
        tuple(terms),
    )


def situation(snapshot: Snapshot, task: Task, now: datetime) -> str:
    """How a task stands, as one phrase: `doing for 3 h`, `failed 2 h ago: exit 23 in rsync`, `ready, open 5 d`."""
    from taskterm.core import dates

    at = to_utc_text(now)
    state = shown_state(task, at)
    part = snapshot.last_part(task.id)
    if state == "running":
        running = [a for a in part.attempts if a.state == "running"] if part else []
        clock = durations.clock(story.seconds_since(part.run_task.started_at, now)) if part else ""
        return f"running {clock}" + (f", step {running[-1].name}" if running else "")
    if state == "failed":
        attempt = story.failure(part)
        if attempt is None:
            reason = part.run_task.reason if part else None
            return "failed" + (f": {reason}" if reason else "")
        ago = f" {durations.age(story.seconds_since(attempt.ended_at, now))} ago" if attempt.ended_at else ""
        return f"failed{ago}: {story.failure_word(attempt)} in {attempt.name}"
    if state == "waiting":
        return "waits until " + dates.format_moment(task.wait or "", now, end=False)
    if state in ("done", "cancelled"):
        if task.completed_at is None:
            return state
        by = f" by @{task.completed_by}" if task.completed_by else ""
        return f"{state} {dates.relative(task.completed_at, now)}{by}"
    lasting = durations.age(story.seconds_since(_since(snapshot, task, state), now))
    if state == "doing":
        return f"doing for {lasting}"
    return f"{f'waits for {task.open_predecessors}' if state == 'blocked' else state}, open {lasting}"


def _blocker(snapshot: Snapshot, task: Task, now: datetime, direct: bool, longest: bool, holds: int) -> Blocker:
    state = shown_state(task, to_utc_text(now))
    return Blocker(task, state, _since(snapshot, task, state), situation(snapshot, task, now), direct, longest, holds)


def _since(snapshot: Snapshot, task: Task, state: str) -> str:
    """Since when the task has been in this state, as far as that is known; else since when it has been open."""
    part = snapshot.last_part(task.id)
    if state == "running" and part is not None and part.run_task.started_at:
        return part.run_task.started_at
    if state == "failed":
        attempt = story.failure(part)
        if attempt is not None and attempt.ended_at:
            return attempt.ended_at
    if task.status == "doing" and task.started_at:
        return task.started_at
    return task.created_at


def _holds(snapshot: Snapshot, lines: Collection[TreeLine], root: int) -> dict[int, int]:
    """For each task of the chain, how many others of it (the root among them) wait for it."""
    from taskterm.core.graph import reach_counts

    inside = {root, *(line.task_id for line in lines)}
    return reach_counts(sorted(inside), snapshot.successors)


def _release(snapshot: Snapshot, blocker: Blocker, now: datetime) -> Release:
    """What can be done about a task at the end of a chain."""
    task, state = blocker.task, blocker.state
    part = snapshot.last_part(task.id)
    run_id = part.run.id if part is not None else None
    if state == "running":
        host = f" on {part.run.host}" if part is not None and part.run.host else ""
        return Release(blocker, "wait", f"runs in run {run_id}{host}", run_id)
    if state == "failed":
        word = story.failure(part)
        told = f": {story.failure_word(word)} in {word.name}" if word else ""
        return Release(blocker, "look", f"failed in run {run_id}{told}", run_id)
    if state == "waiting":
        return Release(blocker, "wait", blocker.sentence)
    if task.run_state == "untrusted":
        return Release(blocker, "approve", "its commands are not approved here", run_id)
    if state == "doing":
        return Release(blocker, "finish", blocker.sentence)
    if snapshot.steps(task.id) and task.run_state != "person":
        count = len(snapshot.steps(task.id))
        return Release(blocker, "run", f"its {count} steps can run" if count > 1 else "its step can run")
    return Release(blocker, "start", "can be started")


# ── urgency ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _terms(snapshot: Snapshot, task: Task, now: datetime) -> list[Term]:
    """The terms of the urgency, largest first, in hundredths that add up to the rounded urgency exactly."""
    if task.status not in OPEN:
        return []
    found = urgency.terms(task, now.timestamp(), lambda text: from_utc_text(text).timestamp())
    paths: dict[str, Callable[[], tuple[int, ...]]] = {
        "holds up urgent work": lambda: _urgent_path(snapshot, task),
        "holds up due work": lambda: _due_path(snapshot, task),
    }
    exact = [value * 100 for _, value in found]
    shares = [round(value) for value in exact]
    over = sum(shares) - round(sum(exact))
    order = sorted(range(len(shares)), key=lambda i: shares[i] - exact[i], reverse=over > 0)
    for index in order[: abs(over)]:
        shares[index] -= 1 if over > 0 else -1
    terms = [
        Term(name, share, paths[name]() if name in paths else ())
        for (name, _), share in zip(found, shares, strict=True)
    ]
    return sorted((term for term in terms if term.hundredths), key=lambda term: -term.hundredths)


def _urgent_path(snapshot: Snapshot, task: Task) -> tuple[int, ...]:
    """The successors over which the inherited urgency comes, the one whose own it is last."""
    path: list[int] = []
    while True:
        for successor in _open_successors(snapshot, task):
            own = urgency.HOLDS_UP + urgency.standing(successor.priority, successor.tags)
            if own == task.inherited_urgency:
                return (*path, successor.id)
        step = [s for s in _open_successors(snapshot, task) if s.inherited_urgency == task.inherited_urgency]
        if not step:
            return tuple(path)
        task = step[0]
        path.append(task.id)


def _due_path(snapshot: Snapshot, task: Task) -> tuple[int, ...]:
    """The successors over which the inherited due time comes, the one that is due then last."""
    path: list[int] = []
    while True:
        for successor in _open_successors(snapshot, task):
            if successor.due == task.inherited_due:
                return (*path, successor.id)
        step = [s for s in _open_successors(snapshot, task) if s.inherited_due == task.inherited_due]
        if not step:
            return tuple(path)
        task = step[0]
        path.append(task.id)


def _open_successors(snapshot: Snapshot, task: Task) -> list[Task]:
    found = (snapshot.tasks[i] for i in snapshot.successors(task.id) if i in snapshot.tasks)
    return [successor for successor in found if successor.status in OPEN]
