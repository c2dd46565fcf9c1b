"""Rules for making many tasks at once: a workflow that is started, a list that is brought along. All or nothing."""

from __future__ import annotations

from taskterm.core import graph, jsontext
from taskterm.core.commands import fields, status
from taskterm.core.commands.tasks import task_rows
from taskterm.core.errors import ClosesCycle, RuleError, UsageError
from taskterm.core.model import OPEN, STATUSES, Change, Insert, Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

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
        changes += rows_with_past(reader, task_id, values, actor, now)
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
        "params": jsontext.dumps(dict(sorted((values.get("params") or {}).items()))),
        "source": values.get("source"),
        "created_at": now,
        "created_by": actor,
    }
    return workflow_id, Insert("workflow", row)


def rows_with_past(
    reader: Reader, task_id: int, values: Mapping[str, Any], actor: str, now: str, stages: Collection[str] = ()
) -> list[Change]:
    """The rows of a new task with its tags, steps and comments, and with the past that it brings along.

    `stages` are the board columns that a task in progress may stand in; it stands in the first stage without them.
    """
    changes = task_rows(reader, task_id, values, actor, now)
    row = dict(changes[0].row) if isinstance(changes[0], Insert) else {}
    row["created_at"] = fields.moment(values.get("created_at") or now, "created_at")
    row["created_by"] = values.get("created_by") or actor
    changes[0] = Insert("task", row | past_of(reader, values, actor, now, stages))
    changes += comment_rows(reader, task_id, values.get("comments") or (), actor, now)
    return changes


def past_of(
    reader: Reader, values: Mapping[str, Any], actor: str, now: str, stages: Collection[str] = ()
) -> dict[str, Any]:
    """The fields that say how far a task has come: status and column, who and when of its start and its end."""
    state = values.get("status") or "todo"
    if state not in STATUSES:
        raise UsageError(f"{state!r} is not a status", "use " + ", ".join(STATUSES))
    started, ended = values.get("started_at"), values.get("completed_at")
    if state == "doing":
        started = started or now
    elif state not in OPEN:
        ended = ended or now
    column = values.get("column")
    if state == "doing" and (column is None or column not in stages):
        column = status.first_stage(reader).key
    return {
        "status": state,
        "column": column if state == "doing" else None,
        "started_at": fields.moment(started, "started_at") if started else None,
        "started_by": (values.get("started_by") or actor) if started else None,
        "completed_at": fields.moment(ended, "completed_at") if ended and state not in OPEN else None,
        "completed_by": (values.get("completed_by") or actor) if ended and state not in OPEN else None,
    }


def comment_rows(
    reader: Reader, task_id: int, comments: Iterable[Mapping[str, Any]], actor: str, now: str
) -> list[Change]:
    """The rows of comments in their order; one without a time or a name is said now, by the actor."""
    return [
        Insert(
            "comment",
            {
                "id": reader.new_id("comment"),
                "task_id": task_id,
                "text": fields.plain_text(str(comment["text"]), "a comment", fields.TEXT_LIMIT),
                "created_at": fields.moment(comment.get("created_at") or now, "created_at"),
                "created_by": comment.get("created_by") or actor,
            },
        )
        for comment in comments
    ]


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
