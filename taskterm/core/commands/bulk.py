"""Rules for making many tasks at once: a workflow that is started, a list that is brought along. All or nothing."""

import json
from collections.abc import Mapping
from typing import Any

from taskterm.core import graph
from taskterm.core.commands import fields, status
from taskterm.core.commands.tasks import task_rows
from taskterm.core.errors import ClosesCycle, RuleError, UsageError
from taskterm.core.model import OPEN, STATUSES, Change, Insert, Outcome
from taskterm.core.port import Reader


def create(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Makes all tasks with their needs; `created` holds `workflow_id` (or None) and `ids`, task id by key.

    A task may bring its past along (`status`, `created_at`, `completed_at`, `comments`, `uuid`); one whose uuid is in
    the database already is left as it is, so that the same import twice adds nothing twice.
    """
    specs = list(args["tasks"])
    if not specs:
        raise UsageError("there are no tasks to create")
    workflow_id = _workflow(reader, args.get("workflow"), actor, now)
    changes: list[Change] = []
    if workflow_id is not None:
        changes.append(workflow_id[1])
    ids: dict[str, int] = {}
    fresh: list[tuple[int, Mapping[str, Any]]] = []
    for spec in specs:
        key = str(spec["key"])
        if key in ids:
            raise UsageError(f"the key {key!r} is used twice")
        known = reader.task_by_uuid(spec["uuid"]) if spec.get("uuid") else None
        ids[key] = known.id if known else reader.new_id("task")
        if known is None:
            fresh.append((ids[key], spec))
    for task_id, spec in fresh:
        values = {**spec, "workflow_id": workflow_id[0] if workflow_id else None, "workflow_key": str(spec["key"])}
        if workflow_id is None:
            values["workflow_key"] = None
        changes += _task(reader, task_id, values, actor, now)
    changes += _needs(fresh, ids)
    created = {"workflow_id": workflow_id[0] if workflow_id else None, "ids": ids}
    skipped = len(specs) - len(fresh)
    notes = (f"{skipped} of {len(specs)} tasks are here already and were left as they are",) if skipped else ()
    return Outcome(tuple(changes) if fresh else (), tuple(i for i, _ in fresh), notes=notes, created=created)


def _workflow(reader: Reader, values: Mapping[str, Any] | None, actor: str, now: str) -> tuple[int, Insert] | None:
    if not values:
        return None
    workflow_id = reader.new_id("workflow")
    row = {
        "id": workflow_id,
        "uuid": reader.new_uuid(),
        "name": fields.single_line(str(values["name"]), "the workflow's name", fields.NAME_LIMIT),
        "params": json.dumps(values.get("params") or {}, ensure_ascii=False, sort_keys=True),
        "source": values.get("source"),
        "created_at": now,
        "created_by": actor,
    }
    return workflow_id, Insert("workflow", row)


def _task(reader: Reader, task_id: int, values: Mapping[str, Any], actor: str, now: str) -> list[Change]:
    changes = task_rows(reader, task_id, values, actor, now)
    row = dict(changes[0].row) if isinstance(changes[0], Insert) else {}
    state = values.get("status") or "todo"
    if state not in STATUSES:
        raise UsageError(f"{state!r} is not a status", "use " + ", ".join(STATUSES))
    row["created_at"] = fields.moment(values.get("created_at") or now, "created_at")
    if state == "doing":
        started = fields.moment(values.get("started_at") or now, "started_at")
        row |= {"status": state, "column": status.first_stage(reader).key, "started_at": started, "started_by": actor}
    elif state not in OPEN:
        ended = fields.moment(values.get("completed_at") or now, "completed_at")
        row |= {"status": state, "completed_at": ended, "completed_by": actor}
    changes[0] = Insert("task", row)
    for comment in values.get("comments") or ():
        said = fields.moment(comment.get("created_at") or now, "created_at")
        text = fields.plain_text(str(comment["text"]), "a comment", fields.TEXT_LIMIT)
        changes.append(
            Insert(
                "comment",
                {
                    "id": reader.new_id("comment"),
                    "task_id": task_id,
                    "text": text,
                    "created_at": said,
                    "created_by": comment.get("created_by") or actor,
                },
            )
        )
    return changes


def _needs(fresh: list[tuple[int, Mapping[str, Any]]], ids: Mapping[str, int]) -> list[Change]:
    """Edges into the new tasks. Tasks that exist gain no predecessor here, so only the new ones can form a cycle."""
    keys = {task_id: key for key, task_id in ids.items()}
    needs: dict[int, list[int]] = {}
    for task_id, spec in fresh:
        for key in dict.fromkeys(spec.get("needs") or ()):
            if key not in ids:
                raise UsageError(f"{spec['key']!r} needs {key!r}, which is not among these tasks")
            needs.setdefault(task_id, []).append(ids[key])
    try:
        graph.topological_order([i for i, _ in fresh], lambda i: needs.get(i, ()))
    except ClosesCycle as cycle:
        path = " → ".join(str(keys[i]) for i in cycle.path)
        raise RuleError(f"these tasks need each other in a cycle: {path}", "take one of these needs away") from None
    return [
        Insert("dependency", {"predecessor_id": predecessor, "successor_id": successor})
        for successor, predecessors in needs.items()
        for predecessor in predecessors
    ]
