"""Taskwarrior's JSON export as tasks for the `create` command: dependencies, annotations, dates, and all else."""

import json
from collections.abc import Iterable
from typing import Any

from taskterm.core.errors import UsageError

_STATUS = {"pending": "todo", "waiting": "todo", "recurring": "todo", "completed": "done", "deleted": "cancelled"}
_MOMENTS = {
    "due": "due",
    "scheduled": "scheduled",
    "wait": "wait",
    "entry": "created_at",
    "start": "started_at",
    "end": "completed_at",
}
_TAKEN = {"uuid", "description", "status", "priority", "project", "tags", "depends", "annotations", *_MOMENTS}


def load(text: str) -> list[dict[str, Any]]:
    """The tasks of an export, each as `create` takes it, keyed by its uuid.

    Attributes without a field here (`until`, `recur`, user-defined ones, …) are kept under `extra` as JSON. Accepts
    an array or one object a line. UsageError names the task and the attribute that is wrong.
    """
    entries = _entries(text)
    known = {str(entry.get("uuid")) for entry in entries}
    return [_task(number, entry, known) for number, entry in enumerate(entries, start=1)]


def _entries(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text) if text.lstrip().startswith("[") else _lines(text)
    except json.JSONDecodeError as error:
        raise UsageError(
            f"line {error.lineno} is not JSON: {error.msg}", "export with: task export > tasks.json"
        ) from None
    except RecursionError:
        raise UsageError("the JSON is nested too deeply to be a task export") from None
    for number, entry in enumerate(found, start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("description"), str):
            raise UsageError(f"entry {number} is not a task: it has no description")
    return list(found)


def _lines(text: str) -> list[Any]:
    return [json.loads(line.rstrip().removesuffix(",")) for line in text.splitlines() if line.strip()]


def _task(number: int, entry: dict[str, Any], known: set[str]) -> dict[str, Any]:
    name = f"task {number} ({entry['description'][:40]!r})"
    status = str(entry.get("status", "pending"))
    if status not in _STATUS:
        raise UsageError(f"{name}: {status!r} is not a status of Taskwarrior")
    extra = {key: value for key, value in entry.items() if key not in _TAKEN}
    title = " ".join("".join(c if c.isprintable() else " " for c in entry["description"]).split(" "))
    if title != entry["description"]:
        extra["description"] = entry["description"]
    depends = entry.get("depends") or []
    wanted = depends.split(",") if isinstance(depends, str) else [str(uuid) for uuid in depends]
    lost = [uuid for uuid in wanted if uuid not in known]
    if lost:
        extra["depends"] = lost  # the export does not hold them; they were completed and purged
    task: dict[str, Any] = {
        "key": str(entry.get("uuid") or number),
        "uuid": entry.get("uuid"),
        "title": title.strip() or "(no description)",
        "status": "doing" if "start" in entry and status == "pending" else _STATUS[status],
        "project": entry.get("project") or None,
        "tags": [str(tag) for tag in entry.get("tags") or ()],
        "needs": [uuid for uuid in wanted if uuid in known],
        "comments": list(_comments(name, entry.get("annotations") or ())),
    }
    if entry.get("priority") in ("H", "M", "L"):
        task["priority"] = entry["priority"]
    elif entry.get("priority"):
        extra["priority"] = entry["priority"]
    for theirs, ours in _MOMENTS.items():
        if entry.get(theirs):
            task[ours] = _moment(f"{name}: {theirs}", entry[theirs])
    task["extra"] = json.dumps(extra, ensure_ascii=False, sort_keys=True) if extra else None
    return task


def _comments(name: str, annotations: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for annotation in annotations:
        entry = annotation.get("entry")
        at = _moment(f"{name}: annotation", entry) if entry else None
        yield {"text": str(annotation.get("description") or ""), "created_at": at}


def _moment(name: str, value: object) -> str:
    text = str(value)
    digits = text[:8] + text[9:15]
    if len(text) != 16 or text[8] != "T" or text[15] != "Z" or not (digits.isascii() and digits.isdigit()):
        raise UsageError(f"{name}: {text!r} is not a time such as 20260311T000000Z")
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[9:11]}:{text[11:13]}:{text[13:15]}Z"
