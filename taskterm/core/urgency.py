"""How urgent a task is, as a sum of named terms; urgency flows from what waits down to what holds it up.

The part that time does not move is kept as a cache on the task (`inherited_urgency`, `inherited_due`), so that the
most urgent of ten thousand tasks is found without walking the graph; the part that time moves is added at read.
"""

from __future__ import annotations

from taskterm.core.model import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    EpochOf = Callable[[str], float]
    """Turns UTC text into seconds since the epoch."""

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

    `now` is seconds since the epoch, `epoch` turns UTC text into the same. The due term rises linearly from 0.2 at
    fourteen days before the due time to 1.0 at seven days after it, times DUE (Taskwarrior's documented ramp).
    """
    own = standing(task.priority, task.tags)
    found = [("priority" if task.priority else "next", own)]
    if task.inherited_urgency > own:
        found.append(("holds up urgent work", task.inherited_urgency - own))
    dues = [due for due in (task.due, task.inherited_due) if due is not None]
    if dues:
        days_past = (now - epoch(min(dues))) / SECONDS_A_DAY
        ramp = min(1.0, max(0.2, (days_past + 14.0) * 0.8 / 21.0 + 0.2))
        found.append(("due" if min(dues) == task.due else "holds up due work", DUE * ramp))
    if task.status == "doing":
        found.append(("doing", DOING))
    if task.created_at:
        found.append(("age", AGE * min(max(now - epoch(task.created_at), 0.0) / SECONDS_A_DAY / AGE_DAYS, 1.0)))
    if task.open_predecessors:
        found.append(("blocked", BLOCKED))
    if task.wait is not None and epoch(task.wait) > now:
        found.append(("waiting", WAITING))
    return [(name, value) for name, value in found if value]


def urgency(task: Task, now: float, epoch: EpochOf) -> float:
    """The sum of the terms; 0.0 for a task that is done or cancelled."""
    if task.status in ("done", "cancelled"):
        return 0.0
    return sum(value for _, value in terms(task, now, epoch))
