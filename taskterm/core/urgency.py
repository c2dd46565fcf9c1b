"""How urgent a task is, as a sum of named terms; urgency flows from what waits down to what holds it up.

The part that time does not move is kept as a cache on the task (`inherited_urgency`, `inherited_due`), so that the
most urgent of ten thousand tasks is found without walking the graph; the part that time moves is added at read.
"""

from __future__ import annotations

from taskterm.core.model import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    EpochOf = Callable[[str], float]
    """Turns UTC text into seconds since the epoch."""

    Weighed = tuple[int, str | None, float, str | None, str | None, str]
    """Of a task: id, priority, inherited urgency, due, inherited due, created at."""

PRIORITY = {"H": 6.0, "M": 3.9, "L": 1.8}
NEXT_TAG = 15.0
DOING = 4.0
DUE = 12.0
HOLDS_UP = 1.0
BLOCKED = -5.0
WAITING = -3.0
AGE = 2.0
AGE_DAYS = 365.0
SECONDS_A_DAY = 86400.0


def standing(priority: str | None, tags: Iterable[str]) -> float:
    """The part of a task's own urgency that neither time nor neighbours change."""
    return PRIORITY.get(priority or "", 0.0) + (NEXT_TAG if "next" in tags else 0.0)


def inherit(successors: Iterable[Task]) -> tuple[float, str | None]:
    """What a task takes over from its open direct successors: (urgency, earliest due); (0.0, None) for none.

    A successor passes on the larger of its own standing urgency and what it has itself inherited, plus HOLDS_UP
    once, and the earlier of the two due times.
    """
    urgency, due = 0.0, None
    for task in successors:
        urgency = max(urgency, HOLDS_UP + standing(task.priority, task.tags), task.inherited_urgency)
        for candidate in (task.due, task.inherited_due):
            if candidate is not None and (due is None or candidate < due):
                due = candidate
    return urgency, due


def terms(task: Task, now: float, epoch: EpochOf) -> list[tuple[str, float]]:
    """The terms that are not zero, as (name, value), in the order of their weight in the explanation.

    `now` is seconds since the epoch, `epoch` turns UTC text into the same. Their sum is what `urgency` answers.
    """
    own = standing(task.priority, task.tags)
    first = PRIORITY.get(task.priority or "", 0.0)
    found = [("priority", first), ("next", own - first)]
    if task.inherited_urgency > own:
        found.append(("holds up urgent work", task.inherited_urgency - own))
    due = earlier(task.due, task.inherited_due)
    if due is not None:
        found.append(("due" if due == task.due else "holds up due work", due_term(now - epoch(due))))
    if task.status == "doing":
        found.append(("doing", DOING))
    if task.created_at:
        found.append(("age", age_term(now - epoch(task.created_at[:10]))))
    if task.open_predecessors:
        found.append(("blocked", BLOCKED))
    if task.wait is not None and epoch(task.wait) > now:
        found.append(("waiting", WAITING))
    return [(name, value) for name, value in found if value]


def earlier(due: str | None, inherited: str | None) -> str | None:
    """The due time that counts: a task's own or that of the work it holds up, whichever comes first."""
    if due is None or inherited is None:
        return due or inherited
    return min(due, inherited)


def due_term(seconds_past: float) -> float:
    """DUE times a ramp that rises from 0.2 at fourteen days before the due time to 1.0 at seven days after it.

    (Taskwarrior's documented ramp.)
    """
    return DUE * min(1.0, max(0.2, (seconds_past / SECONDS_A_DAY + 14.0) * 0.8 / 21.0 + 0.2))


def age_term(seconds: float) -> float:
    """AGE for a task whose first day (in UTC) began a year ago, or longer; less for younger ones.

    Days and not seconds, so that a list has few ages to work out, and tasks of one day keep the order of their ids.
    """
    return AGE * min(max(seconds, 0.0) / SECONDS_A_DAY / AGE_DAYS, 1.0)


def urgency(task: Task, now: float, epoch: EpochOf) -> float:
    """The sum of the terms; 0.0 for a task that is done or cancelled."""
    return urgency_at(now, epoch)(task)


def urgency_at(now: float, epoch: EpochOf) -> Callable[[Task], float]:
    """`urgency` for many tasks at one time: what their due times have in common is worked out once."""
    weight = _weigher(now, epoch)

    def urgency_of(task: Task) -> float:
        if task.status in ("done", "cancelled"):
            return 0.0
        total = weight(
            task.priority, "next" in task.tags, task.inherited_urgency, task.due, task.inherited_due, task.created_at
        )
        if task.status == "doing":
            total += DOING
        if task.open_predecessors:
            total += BLOCKED
        if task.wait is not None and epoch(task.wait) > now:
            total += WAITING
        return total

    return urgency_of


def most_urgent(
    rows: Iterable[Weighed], tagged_next: Collection[int], count: int, now: float, epoch: EpochOf
) -> list[int]:
    """The ids of the `count` most urgent of these tasks, which are neither begun, blocked nor waiting.

    `tagged_next` holds the ids of those with the tag `next`. Equal ones come in the order of their ids.
    """
    weight = _weigher(now, epoch)
    found = [
        (-weight(priority, task_id in tagged_next, inherited, due, inherited_due, created_at), task_id)
        for task_id, priority, inherited, due, inherited_due, created_at in rows
    ]
    found.sort()
    return [task_id for _, task_id in found[:count]]


def _weigher(now: float, epoch: EpochOf) -> Callable[[str | None, bool, float, str | None, str | None, str], float]:
    """The terms that any task can have: priority, tag, what it holds up, due time, age."""
    dues: dict[str, float] = {}
    ages: dict[str, float] = {}

    def weight(
        priority: str | None,
        tagged_next: bool,
        inherited: float,
        due: str | None,
        inherited_due: str | None,
        created_at: str,
    ) -> float:
        total = PRIORITY[priority] if priority else 0.0
        if tagged_next:
            total += NEXT_TAG
        if inherited > total:
            total = inherited
        if inherited_due is not None:
            due = earlier(due, inherited_due)
        if due is not None:
            term = dues.get(due)
            total += dues.setdefault(due, due_term(now - epoch(due))) if term is None else term
        day = created_at[:10]
        term = ages.get(day)
        if term is None:
            term = ages[day] = age_term(now - epoch(day)) if day else 0.0
        return total + term

    return weight
