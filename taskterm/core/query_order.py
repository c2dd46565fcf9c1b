"""The order of a list that a query asks for: `sort:due,-urgency`."""

from __future__ import annotations

from taskterm.core.errors import UsageError
from taskterm.core.lean import NamedTuple
from taskterm.core.model import Plain, Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_FIELDS = {
    "id": "id",
    "title": "title",
    "project": "project",
    "assignee": "assignee",
    "due": "due",
    "scheduled": "scheduled",
    "wait": "wait",
    "est": "estimate_minutes",
    "created": "created_at",
    "modified": "modified_at",
    "started": "started_at",
    "completed": "completed_at",
}
KEYS = ("due", "urgency", "pri", *(name for name in _FIELDS if name != "due"))
"""What a list can be sorted by."""

_ALIASES = {"priority": "pri", "prio": "pri", "estimate": "est"}
_PRIORITY = {"L": 1, "M": 2, "H": 3}


class SortKey(NamedTuple):
    """One part of `sort:`; `name` is one of KEYS."""

    name: str
    descending: bool = False


def is_plain(sort: Iterable[SortKey]) -> bool:
    """Whether these keys look only at what model.Plain has of a task."""
    return all(name in ("urgency", "pri") or _FIELDS[name] in Plain._fields for name, _ in sort)


def parse_sort(text: str) -> tuple[SortKey, ...]:
    """The keys in `due,-urgency`; a `-` in front sorts downwards. UsageError names one that is none."""
    found = []
    for part in text.split(","):
        typed = part.strip().lower()
        name = typed.lstrip("+-") if typed[:1] in ("+", "-") and typed[1:2] not in ("+", "-") else typed
        name = _ALIASES.get(name, name)
        if name not in KEYS:
            raise _unknown(part.strip())
        found.append(SortKey(name, typed[0] == "-"))
    return tuple(found)


def _unknown(name: str) -> UsageError:
    from taskterm.core.wording import closest, shown

    hint = "sort by: " + " ".join(KEYS) + "; a - in front sorts downwards"
    if not name:
        return UsageError("sort: lacks a key", hint)
    meant = closest(name.lower().lstrip("+-"), KEYS, 0.6)
    sign = "-" if name[0] == "-" else ""
    guess = f"; did you mean sort:{sign}{meant}?" if meant else ""
    return UsageError(f"nothing is sorted by {shown(name)}{guess}", hint)


def ordered(tasks: Iterable[Task], sort: Iterable[SortKey], now: str) -> list[Task]:
    """The tasks by the keys, the first of them the most important, equal ones by id; `now` is UTC text.

    Text is compared without regard to case, priorities rise from L to H. What a task lacks comes last either way.
    """
    found = sorted(tasks, key=lambda task: task.id)
    for name, descending in reversed(tuple(sort)):
        value = _value(name, now)
        pairs = [(value(task), task) for task in found]
        having = [pair for pair in pairs if pair[0] is not None]
        having.sort(key=lambda pair: pair[0], reverse=descending)
        found = [task for _, task in having]
        if len(having) < len(pairs):
            found += [task for missing, task in pairs if missing is None]
    return found


def _value(name: str, now: str) -> Callable[[Task], Any]:
    if name == "urgency":
        return urgency_at(now)
    if name == "pri":
        return lambda task: _PRIORITY.get(task.priority or "")
    field = _FIELDS[name]
    if name in ("title", "project", "assignee"):
        return lambda task: None if getattr(task, field) is None else str(getattr(task, field)).casefold()
    return lambda task: getattr(task, field)


def urgency_at(now: str) -> Callable[[Task], float]:
    """The urgency of a task at a time, which is UTC text."""
    from taskterm.core import urgency
    from taskterm.core.zone import epoch_of

    return urgency.urgency_at(epoch_of(now), epoch_of)
