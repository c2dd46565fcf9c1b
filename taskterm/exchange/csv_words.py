"""The words of other programs' spreadsheets: which column means which field, and what their values mean here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from taskterm.core import dates
from taskterm.core.errors import UsageError
from taskterm.core.wording import shown

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "issue key", "key", "task id", "#", "no", "nr", "number", "ticket", "card id"),
    "uuid": ("uuid",),
    "title": (
        *("title", "summary", "name", "subject", "task name", "card name", "task", "content", "todo", "item"),
        "description",
    ),
    "notes": ("notes", "note", "description", "body", "details", "card description"),
    "status": ("status", "state", "task status"),
    "done": ("done", "completed", "complete"),
    "column": ("column",),
    "priority": ("priority", "prio", "importance"),
    "project": ("project", "projects", "project name"),
    "tags": ("tags", "labels", "tag", "label", "keywords", "categories"),
    "assignee": ("assignee", "owner", "assigned to", "responsible", "assignees", "resource names", "person"),
    "due": ("due", "due date", "deadline", "due on", "due at", "target date", "finish", "end date", "date"),
    "scheduled": ("scheduled", "start date", "start", "starts", "planned start", "begin"),
    "wait": ("wait", "wait until"),
    "estimate_minutes": ("estimate minutes",),
    "estimate": ("estimate", "est", "effort", "duration"),
    "recurrence": ("recurrence", "repeat", "recur", "rrule"),
    "after": (
        *("after", "depends on", "depends", "dependencies", "predecessors", "blocked by", "needs", "waits for"),
        "blocked by (dependencies)",
    ),
    "created_at": ("created at", "created", "created on", "date created", "created date"),
    "created_by": ("created by", "creator", "author", "reporter"),
    "started_at": ("started at", "started"),
    "started_by": ("started by",),
    "completed_at": ("completed at", "completed on", "date completed", "closed at", "resolved"),
    "completed_by": ("completed by",),
    "comments": ("comments", "comment"),
    "steps": ("steps",),
    "extra": ("extra",),
}
"""Field and the column heads that mean it, the most telling first; a head belongs to the first field that it fits."""

IGNORED = frozenset(("modified at", "modified by", "modified", "updated", "updated at", "last modified", "workflow"))
"""Columns that need no place: when a task changed here is kept by the journal."""

_STATUS = {
    "todo": (
        *("", "todo", "to do", "open", "pending", "new", "backlog", "not started", "ready", "blocked", "waiting"),
        *("on hold", "planned", "reopened", "scheduled", "selected for development", "next"),
    ),
    "doing": (
        *("doing", "in progress", "started", "active", "wip", "working on it", "in review", "review", "testing"),
        "in development",
    ),
    "done": ("done", "completed", "complete", "closed", "resolved", "finished", "fixed", "merged"),
    "cancelled": (
        *("cancelled", "canceled", "deleted", "rejected", "declined", "abandoned", "wontfix", "won't do", "wont do"),
        *("won't fix", "dropped", "duplicate"),
    ),
}
STATUS = {word: status for status, words in _STATUS.items() for word in words}
"""A status in lower case and its meaning here."""

YES = frozenset(("x", "yes", "y", "true", "1", "done", "completed", "✓", "✔", "☑"))
NO = frozenset(("", "no", "n", "false", "0", "open", "☐"))

_PRIORITY = {
    "H": ("h", "high", "highest", "critical", "urgent", "blocker", "major", "p0", "p1"),
    "M": ("m", "medium", "normal", "moderate", "p2"),
    "L": ("l", "low", "lowest", "minor", "trivial", "p3"),
    None: ("", "none", "no priority", "p4"),
}
PRIORITY = {word: priority for priority, words in _PRIORITY.items() for word in words}
"""A priority in lower case and its meaning here."""

_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_YEAR_FIRST = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})\b")
_MONTH_NAMED = re.compile(r"(\d{1,2})[/-]([A-Za-z]{3})[/-](\d{2}|\d{4})\b")
_HALF_DAY = re.compile(r"\s+([ap]m)\b", re.IGNORECASE)


def head_of(text: str) -> str:
    """A column head as it is looked up: lower case, with blanks for what joins its words."""
    return " ".join(text.replace("_", " ").replace("-", " ").lower().split())


def columns_of(header: Sequence[str]) -> dict[str, list[int]]:
    """The columns of each field. Tags may stand in several; any other field in the one whose head is most telling."""
    heads = [head_of(text) for text in header]
    found: dict[str, list[int]] = {}
    taken: set[int] = set()
    for field, names in COLUMNS.items():
        for name in names:
            places = [i for i, head in enumerate(heads) if head == name and i not in taken]
            if places:
                found[field] = places if field == "tags" else places[:1]
                taken.update(found[field])
                break
    return found


def day_first(values: Iterable[str]) -> bool | None:
    """Whether a column writes 27/11/2026 and not 11/27/2026; None where its values do not tell."""
    pairs = [(int(found[1]), int(found[2])) for value in values if (found := _SLASHED.match(value.strip()))]
    by_day, by_month = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
    return by_day if by_day != by_month else None


def moment(text: str, now: datetime, *, end: bool, day_is_first: bool | None) -> str:
    """UTC text for a date as spreadsheets write it, or in any form of the capture line. UsageError for others."""
    text = _HALF_DAY.sub(r"\1", text.strip())
    slashed = _SLASHED.match(text)
    if slashed:
        if day_is_first is None and slashed[1] != slashed[2]:
            raise UsageError(f"{shown(text)} can be read in two ways; write the year first, as in 2026-11-27")
        day, month = (slashed[1], slashed[2]) if day_is_first else (slashed[2], slashed[1])
        text = f"{slashed[3]}-{month:0>2}-{day:0>2}{text[slashed.end() :]}"
    text = _DOTTED.sub(lambda m: f"{m[3]}-{m[2]:0>2}-{m[1]:0>2}", text)
    text = _YEAR_FIRST.sub(lambda m: f"{m[1]}-{m[2]:0>2}-{m[3]:0>2}", text)
    text = _MONTH_NAMED.sub(lambda m: f"{m[1]} {m[2]} {m[3] if len(m[3]) == 4 else '20' + m[3]}", text)
    return dates.require_moment(text, now, end=end)
