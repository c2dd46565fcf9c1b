"""JSON of everything: the whole database as one document, out and in again; its shape is versioned and described here.

    {"taskterm": 1, "exported_at": UTC text, "tasks": […], "columns": […], "views": […], "workflows": […],
     "templates": […], "runs": […], "history": […]}

A task is a task object as `list --json` answers it, and beside that `notes`, `recurrence`, `comments`, whole `steps`,
`extra` (what an import brought that has no field) and who created, changed, started and completed it. A run holds its
`tasks` and `attempts`; the history holds operations with their `changes`. Logs and approvals are never part of it.

An import takes tasks, columns, views, workflows and templates. Runs and history are evidence of what happened in one
database, and stay in the file. An array of task objects, or one a line, is understood as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from taskterm.core import jsontext
from taskterm.core.commands import fields
from taskterm.core.commands.steps import checked as checked_step
from taskterm.core.document import task_object
from taskterm.core.errors import UsageError
from taskterm.core.model import Change, Insert, Operation, Task, Update
from taskterm.core.snapshot import Snapshot
from taskterm.core.wording import shown
from taskterm.core.zone import to_utc_text
from taskterm.exchange.incoming import (
    Identities,
    Incoming,
    Notes,
    json_text,
    json_values,
    known_uuid,
    missing,
    plural,
    unfit,
    utc_moment,
)
from taskterm.exchange.steps import step_object
from taskterm.store.store import Store

VERSION = 1
"""Fields are only ever added; the number grows when a reader of the old shape would be wrong."""

_WHO_AND_WHEN = ("created_at", "created_by", "started_at", "started_by", "completed_at", "completed_by")
_DERIVED = frozenset(("state", "successors", "urgency", "failed", "modified_at", "modified_by"))
_MOMENTS = ("due", "scheduled", "wait", "created_at", "started_at", "completed_at")
_ALL = 2**62


# ── out


def dump(store: Store, now: datetime) -> str:
    """The whole database."""
    snapshot = store.snapshot(runs=_ALL)
    with store.read() as reader:
        views = [view._asdict() for view in reader.views()]
        templates = reader.templates()
    document = {
        **_head(snapshot, snapshot.tasks.values(), now),
        "views": views,
        "templates": templates,
        "runs": [_run(snapshot, run_id) for run_id in snapshot.runs],
        "history": [_operation(*entry) for entry in reversed(store.history(limit=_ALL))],
    }
    return json_text(document, indent=1) + "\n"


def dump_tasks(snapshot: Snapshot, tasks: Iterable[Task], now: datetime) -> str:
    """Some tasks with the board and the workflows they stand in; without views, templates, runs and history."""
    return json_text(_head(snapshot, tasks, now), indent=1) + "\n"


def _head(snapshot: Snapshot, tasks: Iterable[Task], now: datetime) -> dict[str, Any]:
    tasks = list(tasks)
    used = {task.workflow_id for task in tasks}
    return {
        "taskterm": VERSION,
        "exported_at": to_utc_text(now),
        "tasks": [_task(snapshot, task, now) for task in tasks],
        "columns": [column._asdict() for column in snapshot.columns],
        "workflows": [
            {**workflow._asdict(), "params": json.loads(workflow.params)}
            for workflow in snapshot.workflows.values()
            if workflow.id in used
        ],
    }


def _task(snapshot: Snapshot, task: Task, now: datetime) -> dict[str, Any]:
    found = task_object(snapshot, task, now)
    codes = [step["last_exit_code"] for step in found["steps"]]
    comments = snapshot.comments(task.id)
    return {
        **found,
        "notes": task.notes,
        "recurrence": task.recurrence,
        "steps": [
            {**step_object(step), "last_exit_code": code}
            for step, code in zip(snapshot.steps(task.id), codes, strict=True)
        ],
        "comments": [{"text": c.text, "created_at": c.created_at, "created_by": c.created_by} for c in comments],
        "created_by": task.created_by,
        "modified_by": task.modified_by,
        "started_by": task.started_by,
        "completed_by": task.completed_by,
        "extra": json.loads(task.extra) if task.extra else None,
    }


def _run(snapshot: Snapshot, run_id: int) -> dict[str, Any]:
    attempts = [attempt._asdict() for attempt in snapshot.attempts(run_id)]
    for attempt in attempts:
        del attempt["log_path"]  # a place on one machine
    return {
        **snapshot.runs[run_id]._asdict(),
        "tasks": [part._asdict() for part in snapshot.run_tasks(run_id)],
        "attempts": attempts,
    }


def _operation(operation: Operation, changes: Sequence[Change]) -> dict[str, Any]:
    kept = {name: value for name, value in operation._asdict().items() if name not in ("args", "touched")}
    return {**kept, "changes": [_change(change) for change in changes]}


def _change(change: Change) -> dict[str, Any]:
    if isinstance(change, Update):
        return {"table": change.table, "key": change.key, "before": change.before, "after": change.after}
    row = change.row
    return {"table": change.table, **({"after": row} if isinstance(change, Insert) else {"before": row})}


# ── in


def load(text: str, notes: Notes, now: datetime) -> Incoming:
    """What a document of this program brings. BadFile names every mistake by the place of its task and by its key."""
    from taskterm.exchange import documents

    document = _document(text, notes)
    for keys, sentence in documents.problems(documents.EverythingDocument, document):
        notes.mistake(_place(document, keys), sentence)
    notes.judge()
    for name, value in document.items():
        said = None if name in ("runs", "history", "tasks") else unfit(value)
        if said:
            notes.mistake(f": {name}", said)
    tasks = document["tasks"]
    workflows = {row["id"]: _workflow(notes, row, now) for row in document.get("workflows") or ()}
    uuids, by_id = _identities(notes, tasks)
    lost: list[str] = []
    known = frozenset(documents.TaskDocument.model_fields)
    specs = []
    for index, (task, uuid) in enumerate(zip(tasks, uuids, strict=True)):
        place = _place(document, ("tasks", index))
        spec = _spec(notes, place, task)
        spec |= {"uuid": uuid, "needs": _needs(task, by_id, frozenset(uuids), lost)}
        reference = task.get("workflow")
        if reference and reference["id"] in workflows:
            spec |= {"workflow": workflows[reference["id"]]["uuid"], "workflow_key": reference.get("key")}
        specs.append(spec)
        odd = [key for key in task if key not in known and key not in _DERIVED]
        if odd:
            notes.warn("", f"not known here and left out: {missing(odd)}")
    if lost:
        notes.warn("", f"{plural(len(lost), 'link')} to tasks that are not in the file {_are(lost)} left out")
    around = _around(notes, document, now) | {"workflows": list(workflows.values())}
    notes.judge()
    return Incoming("json", specs, tuple(notes.warnings), _left(document), around)


def _document(text: str, notes: Notes) -> dict[str, Any]:
    """The document, made up around the tasks where the file has only those."""
    values = [value for _, value in json_values(text, notes)]
    if not text.lstrip().startswith("[") and len(values) == 1 and isinstance(values[0], dict) and "tasks" in values[0]:
        document: dict[str, Any] = values[0]
        version = document.get("taskterm", VERSION)
        if isinstance(version, bool) or not isinstance(version, int) or version < 1:
            notes.mistake("", f"its version {shown(str(version))} is not a number from 1")
        elif version > VERSION:
            notes.mistake("", f"it is of version {version}, and this program reads version {VERSION}; upgrade TaskTerm")
        notes.judge()
        return document
    return {"tasks": values}


def _place(document: Mapping[str, Any], place: Sequence[int | str]) -> str:
    """`: task 3 (Deploy), steps.1.run` for the keys and indexes of a place."""
    keys = list(place)
    begin = ""
    if len(keys) > 1 and isinstance(keys[1], int):
        entry = document[str(keys[0])][keys[1]]
        title = entry.get("title") or entry.get("name") if isinstance(entry, dict) else None
        begin = f"{str(keys[0]).removesuffix('s')} {keys[1] + 1}" + (
            f" ({shown(title, 40)})" if isinstance(title, str) else ""
        )
        keys = keys[2:]
    rest = ".".join(str(key + 1) if isinstance(key, int) else key for key in keys)
    return ": " + ", ".join(part for part in (begin, rest) if part)


def _identities(notes: Notes, tasks: Sequence[Mapping[str, Any]]) -> tuple[list[str], dict[int | str, str]]:
    """The uuid of each task, its own or one of its content; and uuids by the id that the file uses."""
    identities = Identities()
    uuids: list[str] = []
    by_id: dict[int | str, str] = {}
    seen: dict[str, int] = {}
    for index, task in enumerate(tasks):
        place = _place({"tasks": tasks}, ("tasks", index))
        for key, value in task.items():
            said = unfit(key) or unfit(value)
            if said:
                notes.mistake(f"{place}, {shown(key)}", said)
        given = task.get("uuid")
        uuid = known_uuid(given) if given else identities.of({k: v for k, v in task.items() if k not in _DERIVED})
        if uuid is None:
            notes.mistake(f"{place}, uuid", f"{shown(str(given))} is not a UUID")
        elif uuid in seen:
            notes.mistake(f"{place}, uuid", f"it is the uuid of task {seen[uuid] + 1}, too")
        number = task.get("id")
        if number is not None and number in by_id:
            notes.mistake(f"{place}, id", f"{number} is the id of an earlier task, too")
        uuids.append(uuid or "")
        seen.setdefault(uuids[-1], index)
        if number is not None:
            by_id.setdefault(number, uuids[-1])
    notes.judge()
    return uuids, by_id


def _spec(notes: Notes, place: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """The task as `import_tasks` takes it, with the fields that the document has."""
    spec: dict[str, Any] = {}
    for name, value in task.items():
        try:
            if name in _MOMENTS:
                spec[name] = _moment(value)
            elif name in fields.EDITABLE:
                spec[name] = fields.checked({name: value})[name]
            elif name == "tags":
                spec[name] = fields.tags(value or ())
            elif name.endswith("_by") and name in _WHO_AND_WHEN:
                spec[name] = fields.single_line(value, "it", fields.NAME_LIMIT) if value else None
            elif name == "steps":
                spec[name] = [_step(step) for step in value or ()]
            elif name == "comments":
                spec[name] = [_comment(comment) for comment in value or ()]
            elif name == "status":
                spec[name] = value or "todo"
            elif name in ("id", "column", "extra"):
                spec[name] = value
        except UsageError as error:
            notes.mistake(f"{place}, {name}", error.message)
    if "column" in spec and spec.get("status") != "doing":
        del spec["column"]  # where a card stands that nobody works on is not stored but follows from the graph
    return spec


def _moment(value: str | None) -> str | None:
    moment = utc_moment(value) if value else None
    if value and moment is None:
        raise UsageError(f"{shown(value)} is not a time such as 2026-11-27T16:00:00Z")
    return moment


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in step.items() if name != "last_exit_code"}
    checked_step(values)
    return values


def _comment(comment: Mapping[str, Any]) -> dict[str, Any]:
    by = comment.get("created_by")
    return {
        "text": comment["text"],
        "created_at": _moment(comment.get("created_at")),
        "created_by": fields.single_line(by, "it", fields.NAME_LIMIT) if by else None,
    }


def _needs(
    task: Mapping[str, Any], by_id: Mapping[int | str, str], inside: frozenset[str], lost: list[str]
) -> list[str]:
    found: list[str] = []
    for named in task.get("predecessors") or ():
        word = named if isinstance(named, int) else int(named) if named.isdecimal() and len(named) < 19 else named
        uuid = by_id.get(word) or (known_uuid(named) if isinstance(named, str) else None)
        if uuid is None:
            lost.append(str(named))
        else:
            found.append(uuid)
    return list(dict.fromkeys(found))


def _workflow(notes: Notes, row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    uuid = known_uuid(row["uuid"])
    if uuid is None:
        notes.mistake(f": workflow {row['id']}, uuid", f"{shown(row['uuid'])} is not a UUID")
    found = {"uuid": uuid, "name": row["name"], "source": row.get("source")}
    found |= _made(notes, f": workflow {row['id']}", row, now)
    return {**found, "params": jsontext.dumps(dict(sorted((row.get("params") or {}).items())))}


def _made(notes: Notes, place: str, row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Who made it and when; where the document is silent, that is for the import to say."""
    found: dict[str, Any] = {}
    try:
        fields.single_line(row["name"], "it", fields.NAME_LIMIT)
        found["created_at"] = _moment(row.get("created_at")) or to_utc_text(now)
    except UsageError as error:
        notes.mistake(place, error.message)
    return {**found, "created_by": row.get("created_by") or "import"}


def _around(notes: Notes, document: Mapping[str, Any], now: datetime) -> dict[str, list[dict[str, Any]]]:
    columns, views, templates = (document.get(name) or () for name in ("columns", "views", "templates"))
    found: dict[str, list[dict[str, Any]]] = {"board_columns": [], "views": [], "templates": []}
    for row in columns:
        if row["kind"] == "stage":  # every board has the others
            found["board_columns"].append({n: row.get(n) for n in ("key", "name", "position", "kind", "wip_limit")})
    for row in views:
        made = _made(notes, f": view {shown(row['name'], 40)}", row, now)
        found["views"].append(
            {**{n: row.get(n) or 0 for n in ("name", "query", "position")}, "created_by": made["created_by"]}
        )
    for row in templates:
        made = _made(notes, f": template {shown(row['name'], 40)}", row, now)
        found["templates"].append({"name": row["name"], "text": row["text"], **made})
    return found


def _left(document: Mapping[str, Any]) -> tuple[str, ...]:
    runs, history = len(document.get("runs") or ()), len(document.get("history") or ())
    parts = [plural(runs, "run")] * bool(runs) + [plural(history, "operation") + " of its history"] * bool(history)
    if not parts:
        return ()
    one = runs + history == 1
    return (f"{' and '.join(parts)} {'stays' if one else 'stay'} in the file, as the record of another database",)


def _are(things: Sequence[object]) -> str:
    return "is" if len(things) == 1 else "are"
