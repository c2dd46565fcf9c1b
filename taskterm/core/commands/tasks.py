"""Rules for making, editing and deleting tasks, and for comments."""

from __future__ import annotations

from taskterm.core.commands import fields, links, steps
from taskterm.core.commands.refs import resolve, resolve_all
from taskterm.core.errors import RuleError, UsageError
from taskterm.core.model import Change, Delete, Insert, Outcome, Update

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from taskterm.core.port import Reader

ADDED = ("title", *(name for name in fields.EDITABLE if name != "title"), "tags", "after", "before", "steps")


def add(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """A new task with its tags, dependencies and steps; `created["id"]` is its id."""
    after = resolve_all(reader, args["after"]) if args.get("after") else []
    before = resolve_all(reader, args["before"]) if args.get("before") else []
    task_id = reader.new_id("task")
    changes = task_rows(reader, task_id, args, actor, now)
    edges = [(task.id, task_id) for task in after] + [(task_id, task.id) for task in before]
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
    changes += steps.step_rows(reader, task_id, values.get("steps") or (), first=1)
    return changes


def edit(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Sets fields, adds and removes tags and predecessors of all named tasks.

    `expect` holds the values which the editor had on screen: if one of them is no longer so, the edit is refused
    with both values, so that nobody overwrites what somebody else has just written.
    """
    tasks = resolve_all(reader, args["refs"])
    values = fields.checked(args.get("set") or {})
    add_tags = fields.tags(args.get("add_tags") or ())
    remove_tags = fields.tags(args.get("remove_tags") or ())
    expect = args.get("expect") or {}
    changes: list[Change] = []
    edges: list[tuple[int, int]] = []
    for task in tasks:
        for name, seen in expect.items():
            actual = getattr(task, name)
            if actual != seen and actual != values.get(name):
                raise RuleError(
                    f"{task.modified_by} has changed the {name} of #{task.id} meanwhile: "
                    f"it is now {actual or 'empty'!r}, you saw {seen or 'empty'!r}",
                    "look at it again, then edit",
                )
        new = {name: value for name, value in values.items() if getattr(task, name) != value}
        if new:
            old = {name: getattr(task, name) for name in new}
            changes.append(Update("task", {"id": task.id}, old, new))
        changes += [Insert("task_tag", {"task_id": task.id, "tag": t}) for t in add_tags if t not in task.tags]
        changes += [Delete("task_tag", {"task_id": task.id, "tag": t}) for t in remove_tags if t in task.tags]
        edges += [(p.id, task.id) for p in (resolve(reader, ref) for ref in args.get("after") or ())]
        edges += [(task.id, s.id) for s in (resolve(reader, ref) for ref in args.get("before") or ())]
    changes += links.checked_edges(reader, edges)
    notes = () if changes else ("nothing to change: it is so already",)
    return Outcome(tuple(changes), tuple(t.id for t in tasks), notes=notes)


def delete(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Removes tasks with all that belongs to them; undo brings everything back. Refused for tasks that have run."""
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
    """Something said about a task."""
    task = resolve(reader, args["ref"])
    text = fields.plain_text(str(args.get("text") or ""), "the comment", fields.TEXT_LIMIT).strip()
    if not text:
        raise UsageError("the comment is empty", f'for example: taskterm comment {task.id} "Waiting for legal"')
    row = {
        "id": reader.new_id("comment"),
        "task_id": task.id,
        "text": text,
        "created_at": now,
        "created_by": actor,
    }
    return Outcome((Insert("comment", row),), (task.id,))
