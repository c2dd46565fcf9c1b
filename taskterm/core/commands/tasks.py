"""Rules for making and deleting tasks, and for comments. (Changing them is in edits.py.)"""

from __future__ import annotations

from taskterm.core.commands import fields
from taskterm.core.errors import RuleError, UsageError
from taskterm.core.model import Change, Delete, Insert, Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from taskterm.core.port import Reader

ADDED = ("title", *(name for name in fields.EDITABLE if name != "title"), "tags", "after", "before", "steps")


def add(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """A new task with its tags, dependencies and steps; `created["id"]` is its id.

    With `tasks` it is one for each line of a text (see many.add_all).
    """
    if "tasks" in args:
        from taskterm.core.commands.many import add_all

        return add_all(reader, args["tasks"], actor, now)
    if args.get("assignee"):
        args = {**args, "assignee": fields.person(args["assignee"], actor)}
    after, before = args.get("after"), args.get("before")
    if not (after or before):  # most tasks; what follows need not even be loaded for them
        task_id = reader.new_id("task")
        return Outcome(tuple(task_rows(reader, task_id, args, actor, now)), (task_id,), created={"id": task_id})
    from taskterm.core.commands import links
    from taskterm.core.commands.refs import resolve_all

    predecessors = resolve_all(reader, after) if after else []
    successors = resolve_all(reader, before) if before else []
    task_id = reader.new_id("task")
    changes = task_rows(reader, task_id, args, actor, now)
    edges = [(task.id, task_id) for task in predecessors] + [(task_id, task.id) for task in successors]
    changes += links.checked_edges(reader, edges, new={task_id})
    return Outcome(tuple(changes), (task_id,), created={"id": task_id})


def task_rows(reader: Reader, task_id: int, values: Mapping[str, Any], actor: str, now: str) -> list[Change]:
    """The rows of a new task, its tags and its steps; the caller adds dependencies and, for imports, its past."""
    given = {name: values[name] for name in fields.EDITABLE if name in values}
    checked = fields.checked({"title": None, **given})
    row: dict[str, Any] = {
        "id": task_id,
        "uuid": values.get("uuid") or reader.new_uuid(),
        **dict.fromkeys(fields.EDITABLE),
        **checked,
        "notes": checked.get("notes") or "",
        "status": "todo",
        "column": None,
        "workflow_id": values.get("workflow_id"),
        "workflow_key": values.get("workflow_key"),
        "extra": values.get("extra"),
        "created_at": now,
        "created_by": actor,
        "started_at": None,
        "started_by": None,
        "completed_at": None,
        "completed_by": None,
    }
    changes: list[Change] = [Insert("task", row)]
    changes += [Insert("task_tag", {"task_id": task_id, "tag": tag}) for tag in fields.tags(values.get("tags") or ())]
    if values.get("steps"):
        from taskterm.core.commands.steps import step_rows

        changes += step_rows(reader, task_id, values["steps"], first=1)
    return changes


def delete(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Removes tasks with all that belongs to them; undo brings everything back. Refused for tasks that have run."""
    from taskterm.core.commands import links
    from taskterm.core.commands.refs import resolve_all

    tasks = resolve_all(reader, args["refs"])
    going = {task.id for task in tasks}
    changes: list[Change] = []
    edges: set[tuple[int, int]] = set()
    released: list[int] = []
    for task in tasks:
        if reader.task_runs(task.id):
            raise RuleError(
                f"#{task.id} {task.title} has run, and a run is evidence that is kept",
                f"cancel it instead: taskterm cancel {task.id}",
            )
        edges |= {(p, task.id) for p in reader.predecessors(task.id)}
        edges |= {(task.id, s) for s in reader.successors(task.id)}
        changes += [Delete("task_tag", {"task_id": task.id, "tag": tag}) for tag in task.tags]
        for table, rows in (("step", reader.steps(task.id)), ("comment", reader.comments(task.id))):
            changes += [Delete(table, row._asdict()) for row in rows]
        for successor in reader.successors(task.id):
            if successor not in going and links.would_be_ready(reader, successor, going, now):
                released.append(successor)
    cut: list[Change] = [Delete("dependency", {"predecessor_id": p, "successor_id": s}) for p, s in sorted(edges)]
    for task in tasks:
        row = reader.row("task", {"id": task.id})
        if row is not None:
            changes.append(Delete("task", row))
    return Outcome((*cut, *changes), tuple(going), tuple(dict.fromkeys(released)))


def comment(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Something said about a task (`ref`), or the same about several (`refs`)."""
    from taskterm.core.commands.refs import resolve_all

    tasks = resolve_all(reader, args["refs"] if "refs" in args else [args["ref"]])
    text = fields.plain_text(str(args.get("text") or ""), "the comment", fields.TEXT_LIMIT).strip()
    if not text:
        raise UsageError("the comment is empty", f'for example: taskterm comment {tasks[0].id} "Waiting for legal"')
    said = {"text": text, "created_at": now, "created_by": actor}
    rows = [{"id": reader.new_id("comment"), "task_id": task.id, **said} for task in tasks]
    return Outcome(tuple(Insert("comment", row) for row in rows), tuple(task.id for task in tasks))
