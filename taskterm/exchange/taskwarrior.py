"""Taskwarrior's JSON, in and out: whatever came in goes out again as it was, unless it has changed here meanwhile.

A task keeps in `extra` every attribute that has no field here (`until`, `mask`, user-defined ones), and the original
of each that this program would write differently, together with what it would have written when it came in. Where
that is still so on the way out, nobody has changed it, and the original is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from taskterm.core.commands import fields
from taskterm.core.durations import parse_duration
from taskterm.core.errors import UsageError
from taskterm.core.model import PRIORITIES, Task
from taskterm.core.recurrence import parse_repeat
from taskterm.core.snapshot import Snapshot
from taskterm.core.urgency import urgency
from taskterm.core.wording import shown
from taskterm.core.zone import epoch_of, to_utc_text
from taskterm.exchange.incoming import (
    Identities,
    Incoming,
    Notes,
    json_text,
    json_values,
    known_uuid,
    one_line,
    unfit,
    utc_moment,
)

Entry = dict[str, Any]

_STATUS = {"pending": "todo", "waiting": "todo", "recurring": "todo", "completed": "done", "deleted": "cancelled"}
_THEIR_STATUS = {"todo": "pending", "doing": "pending", "done": "completed", "cancelled": "deleted"}
_MOMENTS = {
    "due": "due",
    "scheduled": "scheduled",
    "wait": "wait",
    "entry": "created_at",
    "start": "started_at",
    "end": "completed_at",
}
_OURS = ("assignee", "estimate", "notes", "rrule")
"""Fields of ours that Taskwarrior has not; they travel as user-defined attributes."""
_KNOWN = frozenset(
    ("uuid", "description", "status", "priority", "project", "tags", "depends", "annotations", "modified", "recur")
) | {*_MOMENTS, *_OURS}
_RECUR = {
    "sennight": "1w",
    "biweekly": "2w",
    "fortnight": "2w",
    "bimonthly": "2m",
    "quarterly": "3m",
    "semiannual": "6m",
    "annual": "1y",
    "biannual": "2y",
    "biyearly": "2y",
}
_RECUR_UNIT = re.compile("p?([0-9]*) *(d|w|m|q|y)(ays?|eeks?|ks?|o|onths?|onthly|ths?|uarters?|trs?|ears?|rs?)?")
_PASSING = ("id", "urgency", "modified")
"""Attributes that change by themselves."""
_NEEDED = ("uuid", "description", "status", "entry", "modified")
"""Attributes without which no entry goes out."""
_MARK = "taskterm"
"""Key in `extra` under which stands what this program would have written: `wrote` instead of the original, `added`
where there was none; and as `attribute` the original of an attribute that is called so itself."""


class _File(NamedTuple):
    """What has to be known of the whole file to read one of its tasks."""

    uuids: frozenset[str]
    parents: frozenset[str | None]  # uuids of series that have an open instance
    now: str


class _View(NamedTuple):
    """What of a task goes into an entry, whether it comes from a file or from the database."""

    values: Mapping[str, Any]  # fields of a task
    depends: Sequence[str]
    annotations: Sequence[tuple[str, str]]  # text, UTC text
    modified: str


# ── in


def load(text: str, notes: Notes, now: datetime) -> Incoming:
    """The tasks of an export: an array, or one object after another. BadFile names mistakes by line and attribute."""
    from taskterm.exchange.documents import TaskwarriorTask, problems_of_each

    found = list(json_values(text, notes))
    for place, sentence in problems_of_each(TaskwarriorTask, [value for _, value in found]):
        index = int(place[0])
        keys = ".".join(str(part + 1) if isinstance(part, int) else part for part in place[1:])
        about = f", {keys}" if keys else ""
        notes.mistake(f"{_place(found[index], index)}{about}", "is not a task" if not keys else sentence)
    notes.judge()
    uuids = _uuids(notes, found)
    instances = [e.get("parent") for _, e in found if e.get("status") in ("pending", "waiting")]
    parents = frozenset(known_uuid(parent) for parent in instances if isinstance(parent, str))
    file = _File(frozenset(uuids), parents, to_utc_text(now))
    tasks = [_task(notes, _place(pair, index), pair[1], uuids[index], file) for index, pair in enumerate(found)]
    notes.judge()
    return Incoming("taskwarrior", tasks, tuple(notes.warnings))


def _uuids(notes: Notes, found: Sequence[tuple[int, Entry]]) -> list[str]:
    """A uuid for each entry, its own or one of its content; what no database can hold is named on the way."""
    uuids: list[str] = []
    uuids_seen: dict[str, int] = {}
    identities = Identities()
    for index, (line, entry) in enumerate(found):
        place = _place((line, entry), index)
        for key, value in entry.items():
            said = unfit(key) or unfit(value)
            if said:
                notes.mistake(f"{place}, {shown(key)}", said)
        lasting = {key: value for key, value in entry.items() if key not in _PASSING}
        uuid = known_uuid(entry["uuid"]) if entry.get("uuid") else identities.of(lasting)
        if uuid is None:
            notes.mistake(f"{place}, uuid", f"{shown(entry['uuid'])} is not a UUID")
        elif uuid in uuids_seen:
            notes.mistake(f"{place}, uuid", f"it is the uuid of task {uuids_seen[uuid]}, too")
        uuids.append(uuid or "")
        uuids_seen.setdefault(uuids[-1], index + 1)
    notes.judge()
    return uuids


def _place(pair: tuple[int, Any], index: int) -> str:
    line, entry = pair
    title = entry.get("description") if isinstance(entry, dict) else None
    named = f" ({shown(title, 40)})" if isinstance(title, str) else ""
    return f":{line}: task {index + 1}{named}"


def _task(notes: Notes, place: str, entry: Entry, uuid: str, file: _File) -> dict[str, Any]:
    moments = _moments(notes, place, entry)
    spec: dict[str, Any] = {
        "uuid": uuid,
        "title": _title(notes, place, entry["description"]),
        "status": _status(notes, place, entry, uuid in file.parents),
        "project": one_line(entry.get("project") or "", fields.NAME_LIMIT) or None,
        "priority": entry.get("priority") if entry.get("priority") in PRIORITIES else None,
        "tags": _tags(entry.get("tags") or ()),
        "needs": list(dict.fromkeys(known_uuid(u) or u for u in _depends(entry))),
        "comments": _comments(notes, place, entry),
        **{name: moments.get(name) for name in ("due", "scheduled", "wait")},
        **{name: moments[name] for name in ("created_at", "started_at") if moments.get(name)},
    }
    if spec["status"] in ("done", "cancelled"):
        spec["completed_at"] = (
            moments.get("completed_at") or moments.get("modified") or spec.get("created_at") or file.now
        )
    spec |= _of_ours(entry)
    if "recur" in entry and spec["status"] in ("todo", "doing") and "recurrence" not in spec:
        spec["recurrence"] = _recurrence(entry["recur"])
    spec["extra"] = _extra(entry, spec, file)
    return spec


def _title(notes: Notes, place: str, description: str) -> str:
    title = one_line(description, fields.TITLE_LIMIT)
    if not title:
        notes.warn(place, "it has no description")
    elif len(description) > fields.TITLE_LIMIT:
        notes.warn(place, f"its description has {len(description):,} characters; the title is its beginning")
    return title or "(no description)"


def _status(notes: Notes, place: str, entry: Entry, has_instance: bool) -> str:
    status = entry.get("status") or "pending"
    if status not in _STATUS:
        notes.mistake(f"{place}, status", f"{shown(status)} is not a status of Taskwarrior")
        return "todo"
    if status == "recurring" and has_instance:
        return "cancelled"  # the pattern of a series, not a task to be done: its open instance carries the series on
    return "doing" if status == "pending" and entry.get("start") else _STATUS[status]


def _moments(notes: Notes, place: str, entry: Entry) -> dict[str, str]:
    found: dict[str, str] = {}
    for theirs, ours in (*_MOMENTS.items(), ("modified", "modified")):
        if entry.get(theirs):
            moment = utc_moment(entry[theirs])
            if moment is None:
                said = f"{shown(entry[theirs])} is not a time such as 20260311T000000Z"
                notes.mistake(f"{place}, {theirs}", said)
            else:
                found[ours] = moment
    return found


def _tags(tags: Iterable[str]) -> list[str]:
    words = ("-".join(one_line(tag, fields.NAME_LIMIT).split()).lstrip("+") for tag in tags)
    return sorted({word for word in words if word})


def _depends(entry: Entry) -> list[str]:
    depends = entry.get("depends") or []
    return [u for u in depends.split(",") if u] if isinstance(depends, str) else list(depends)


def _comments(notes: Notes, place: str, entry: Entry) -> list[dict[str, Any]]:
    found = []
    for number, annotation in enumerate(entry.get("annotations") or (), start=1):
        at = annotation.get("entry")
        moment = utc_moment(at) if at else None
        if at and moment is None:
            said = f"{shown(at)} is not a time such as 20260311T000000Z"
            notes.mistake(f"{place}, annotation {number}", said)
        found.append({"text": annotation["description"], "created_at": moment})
    return found


def _of_ours(entry: Entry) -> dict[str, Any]:
    """Fields of ours that came as user-defined attributes; what cannot be read so stays such an attribute."""
    found: dict[str, Any] = {}
    texts = {name: entry[name] for name in _OURS if isinstance(entry.get(name), str) and entry[name]}
    if "notes" in texts:
        found["notes"] = texts["notes"]
    if "assignee" in texts and texts["assignee"] == one_line(texts["assignee"], fields.NAME_LIMIT):
        found["assignee"] = texts["assignee"]
    readers: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
        ("estimate", "estimate_minutes", parse_duration),
        ("rrule", "recurrence", parse_repeat),
    )
    for theirs, ours, read in readers:
        try:
            if theirs in texts:
                found |= fields.checked({ours: read(texts[theirs])})
        except UsageError:
            pass
    return {name: value for name, value in found.items() if value is not None}


def _recurrence(recur: object) -> str | None:
    """An RRULE for `weekly`, `2wks`, `P1M` and the like; None where there is none for it."""
    word = str(recur).strip().lower()
    measured = _RECUR_UNIT.fullmatch(_RECUR.get(word, word))
    try:
        return parse_repeat(f"{measured[1] or 1}{measured[2]}" if measured else word)
    except UsageError:
        return None


def _extra(entry: Entry, spec: Mapping[str, Any], file: _File) -> dict[str, Any] | None:
    comments = [(c["text"], c["created_at"] or file.now) for c in spec["comments"]]
    depends = sorted(uuid for uuid in spec["needs"] if uuid in file.uuids)
    ours = _entry(_View({"created_at": file.now, **spec}, depends, comments, file.now))
    kept = {key: value for key, value in entry.items() if key not in _KNOWN and key != _MARK}
    wrote: dict[str, Any] = {}
    for key in sorted(_KNOWN & entry.keys()):
        if entry[key] is not None and (ours.get(key) != entry[key] or key == "modified"):
            kept[key], wrote[key] = entry[key], ours.get(key)
    if "recur" in entry:
        wrote["recur"] = spec.get("recurrence")
        if "rrule" in entry:
            kept["rrule"], wrote["rrule"] = entry["rrule"], ours.get("rrule")
    mark: dict[str, Any] = {"wrote": wrote} if wrote else {}
    added = {key: value for key, value in ours.items() if key not in entry and key not in _NEEDED}
    if added:
        mark["added"] = added
    if _MARK in entry:
        mark["attribute"] = entry[_MARK]
    return {**kept, **({_MARK: mark} if mark else {})} or None


# ── out


def dump(snapshot: Snapshot, tasks: Iterable[Task], now: datetime) -> str:
    """The tasks as an array, one a line, as `task import` takes them."""
    uuids = {task.uuid for task in snapshot.tasks.values()}
    lines = [json_text(dict(sorted(_restored(snapshot, task, uuids, now).items()))) for task in tasks]
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def without_place(snapshot: Snapshot, tasks: Iterable[Task]) -> list[str]:
    """What of these tasks Taskwarrior has no place for, as phrases."""
    tasks = list(tasks)
    with_steps = sum(bool(snapshot.steps(task.id)) for task in tasks)
    return [f"the steps of {with_steps:,} task{'s' if with_steps > 1 else ''}"] if with_steps else []


def _entry(view: _View) -> Entry:
    """The entry as this program writes it, from fields alone."""
    values = view.values
    status = values.get("status") or "todo"
    entry: Entry = {
        "description": values["title"],
        "status": _THEIR_STATUS[status],
        "uuid": values["uuid"],
        "modified": _their_moment(view.modified),
        "priority": values.get("priority"),
        "project": values.get("project"),
        "tags": list(values.get("tags") or ()),
        "depends": list(view.depends),
        "annotations": [{"description": text, "entry": _their_moment(at)} for text, at in view.annotations],
        "assignee": values.get("assignee"),
        "notes": values.get("notes"),
        "estimate": f"{values['estimate_minutes']}min" if values.get("estimate_minutes") else None,
        "rrule": values.get("recurrence"),
    }
    for theirs, ours in _MOMENTS.items():
        wanted = values.get(ours) if ours != "completed_at" or status in ("done", "cancelled") else None
        entry[theirs] = _their_moment(wanted) if wanted else None
    return {key: value for key, value in entry.items() if value}


def _restored(snapshot: Snapshot, task: Task, uuids: set[str], now: datetime) -> Entry:
    """The entry of a task, with the original of whatever has not changed since it came in."""
    depends = sorted(snapshot.tasks[p].uuid for p in snapshot.predecessors(task.id))
    comments = [(c.text, c.created_at) for c in snapshot.comments(task.id)]
    entry = _entry(_View(task._asdict(), depends, comments, task.modified_at))
    kept = json.loads(task.extra) if task.extra else {}
    mark = kept.pop(_MARK, None) or {}
    wrote = mark.get("wrote") or {}
    untouched = "modified" in wrote and wrote["modified"] == entry["modified"]
    if not (untouched and "urgency" in kept):
        kept["urgency"] = round(urgency(task, now.timestamp(), epoch_of), 4)
    for key, original in kept.items():
        if key == "recur":
            if wrote.get(key) == task.recurrence:
                entry[key] = original
                if "rrule" not in kept:
                    entry.pop("rrule", None)
        elif key == "depends":
            theirs = [known_uuid(u) or u for u in _depends(kept)]
            same = {u for u in theirs if u in uuids} == set(depends)
            entry[key] = original if same else [*depends, *(u for u in theirs if u not in uuids)]
        elif key not in _KNOWN or (key in wrote and wrote[key] == entry.get(key)):
            entry[key] = original
    for key, value in (mark.get("added") or {}).items():
        if entry.get(key) == value:
            del entry[key]
    if "attribute" in mark:
        entry[_MARK] = mark["attribute"]
    return entry


def _their_moment(text: str) -> str:
    return text.replace("-", "").replace(":", "")
