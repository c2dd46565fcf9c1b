"""What finishing a task with a repetition makes: the next one of its series, with the same facts and later dates."""

from __future__ import annotations

from taskterm.core import recurrence, zone
from taskterm.core.commands import tasks
from taskterm.core.errors import UsageError
from taskterm.core.lean import NamedTuple, datetime, tzinfo
from taskterm.core.model import OPEN, Change, Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from taskterm.core.port import Reader

_SAME = ("title", "notes", "priority", "project", "assignee", "estimate_minutes")


class NextOnes(NamedTuple):
    """What finishing tasks adds: rows, sentences, and the id of the next task by the id of the finished one."""

    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    ids: Mapping[int, int] = {}


def next_ones(reader: Reader, finished: Iterable[Task], actor: str, now: str) -> NextOnes:
    """The next task for each of these that repeats.

    Steps are copied, dependencies are not: the next one waits for nobody. Nothing is made where the series ends, or
    where the next one is there already, because the task was finished before and reopened.
    """
    changes: list[Change] = []
    notes: list[str] = []
    ids: dict[int, int] = {}
    for task in finished:
        if task.recurrence is None:
            continue
        local = zone.from_utc_text(now).astimezone(reader.zone)
        base = task.due or task.scheduled or now
        last = _wall(base, reader.zone)
        try:
            following = recurrence.following(task.recurrence, last, local)
        except UsageError as error:  # written before rules were checked
            notes.append(f"#{task.id} {task.title} does not repeat: {error.message}")
            continue
        if following is None:
            notes.append(f"#{task.id} {task.title} was the last of its series")
            continue
        values = _values(task, following, last, reader.zone)
        if _is_there(reader, task, values):
            notes.append(f"the next #{task.id} {task.title} is there already")
            continue
        if following.missed:
            dates = "1 date" if following.missed == 1 else f"{following.missed} dates"
            notes.append(f"{dates} of #{task.id} {task.title} passed meanwhile and {_are(following.missed)} left out")
        values["steps"] = [_copied(step._asdict()) for step in reader.steps(task.id)]
        ids[task.id] = reader.new_id("task")
        changes += tasks.task_rows(reader, ids[task.id], values, actor, now)
    return NextOnes(tuple(changes), tuple(notes), ids)


def _values(task: Task, following: recurrence.Following, last: datetime, local: tzinfo) -> dict[str, Any]:
    """The facts of the next task; every date moves as far on the wall clock as the one that the series counts by."""
    by = following.at - last
    values: dict[str, Any] = {name: getattr(task, name) for name in _SAME}
    for name in ("due", "scheduled", "wait"):
        value = getattr(task, name)
        values[name] = None if value is None else _utc(_wall(value, local) + by, local)
    if task.due is None and task.scheduled is None:  # it counts from its completion, by whole days
        values["due"] = _utc(following.at.replace(hour=23, minute=59, second=59, microsecond=0), local)
    return {**values, "recurrence": following.rule, "tags": task.tags}


def _wall(utc: str, local: tzinfo) -> datetime:
    return zone.from_utc_text(utc).astimezone(local).replace(tzinfo=None)


def _utc(wall: datetime, local: tzinfo) -> str:
    """The stored text; the last second of a day stays the last one where that hour happens twice or not at all."""
    if wall.hour == 23 and wall.minute == wall.second == 59:
        return zone.to_utc_text(zone.day_end(wall.date(), local))
    return zone.to_utc_text(wall.replace(tzinfo=local))


def _is_there(reader: Reader, task: Task, values: dict[str, Any]) -> bool:
    return any(
        other.id != task.id
        and other.status in OPEN
        and (other.title, other.recurrence, other.due) == (task.title, values["recurrence"], values["due"])
        for other in reader.tasks_titled(task.title)
    )


def _copied(step: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in step.items() if name not in ("id", "task_id", "position")}


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
