"""Rules for changing tasks that exist: their fields, tags, links and steps in one operation; who they are given to."""

from __future__ import annotations

from taskterm.core.commands import fields, links
from taskterm.core.commands.refs import resolve, resolve_all
from taskterm.core.errors import Clash, Overtaken, RuleError, UsageError
from taskterm.core.model import Change, Delete, Insert, Outcome, Task, Update

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from taskterm.core.port import Reader

_UNCHANGED = "nothing to change: it is so already"


def edit(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Sets fields (`set`), adds and removes tags, adds what the named tasks wait for and hold up, and appends steps.

    `clear_after` takes away what they wait for, apart from what `after` names; `released` are those of them that
    this makes ready. `expect` holds the values which the editor had on screen: if one of them is no longer so, the
    edit is refused with both values, so that nobody overwrites what somebody else has just written.
    `created["step_ids"]` are the ids of new steps.
    """
    tasks = resolve_all(reader, args["refs"])
    values = fields.checked(args.get("set") or {})
    if values.get("assignee"):
        values["assignee"] = fields.person(values["assignee"], actor)
    if "title" in values and len(tasks) > 1:
        raise UsageError(f"{len(tasks)} tasks cannot have the same title", "rename them one by one")
    add_tags = fields.tags(args.get("add_tags") or ())
    remove_tags = fields.tags(args.get("remove_tags") or ())
    after = [resolve(reader, ref).id for ref in args.get("after") or ()]
    before = [resolve(reader, ref).id for ref in args.get("before") or ()]
    changes: list[Change] = []
    cut: dict[int, list[int]] = {}
    for task in tasks:
        _refuse_overtaken(reader, task, args.get("expect") or {}, values)
        new = {name: value for name, value in values.items() if getattr(task, name) != value}
        if new:
            changes.append(Update("task", {"id": task.id}, {name: getattr(task, name) for name in new}, new))
        changes += [Insert("task_tag", {"task_id": task.id, "tag": t}) for t in add_tags if t not in task.tags]
        changes += [Delete("task_tag", {"task_id": task.id, "tag": t}) for t in remove_tags if t in task.tags]
        if args.get("clear_after"):
            cut[task.id] = [p for p in reader.predecessors(task.id) if p not in after]
    gone = [(p, successor) for successor, predecessors in cut.items() for p in predecessors]
    changes += [Delete("dependency", {"predecessor_id": p, "successor_id": s}) for p, s in gone]
    edges = [(p, task.id) for task in tasks for p in after] + [(task.id, s) for task in tasks for s in before]
    changes += links.checked_edges(reader, edges, cut=gone)
    steps, created = _steps(reader, tasks, args.get("steps") or ())
    changes += steps
    notes = () if changes else (_UNCHANGED,)
    ids = tuple(task.id for task in tasks)
    return Outcome(tuple(changes), ids, _released(reader, cut, after, now), notes, created)


def assign(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Gives the tasks to `assignee`, or to nobody where that is None."""
    tasks = resolve_all(reader, args["refs"])
    assignee = fields.person(fields.checked({"assignee": args.get("assignee")})["assignee"], actor)
    changes = tuple(
        Update("task", {"id": task.id}, {"assignee": task.assignee}, {"assignee": assignee})
        for task in tasks
        if task.assignee != assignee
    )
    return Outcome(changes, tuple(task.id for task in tasks), notes=() if changes else (_UNCHANGED,))


def clash(reader: Reader, task: Task, field: str, seen: Any, yours: Any) -> Clash:
    """What stands against what in a field that somebody else has changed, and who that was."""
    operation = reader.last_set("task", {"id": task.id}, field)
    by, at = (operation.actor, operation.at) if operation else (task.modified_by, task.modified_at)
    return Clash(field, seen, getattr(task, field), yours, by, at)


def _refuse_overtaken(reader: Reader, task: Task, expect: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    clashes = tuple(
        clash(reader, task, name, seen, values.get(name))
        for name, seen in expect.items()
        if getattr(task, name) not in (seen, values.get(name))
    )
    if clashes:
        told = (
            f"{c.by} has changed the {c.field} of #{task.id} meanwhile: "
            f"it is now {c.theirs or 'empty'!r}, you saw {c.seen or 'empty'!r}"
            for c in clashes
        )
        raise Overtaken("; ".join(told), "look at it again, then edit", task.id, clashes)


def _steps(reader: Reader, tasks: list[Task], specs: Any) -> tuple[list[Change], dict[str, Any]]:
    if not specs:
        return [], {}
    from taskterm.core.commands.steps import step_rows

    changes: list[Change] = []
    for task in tasks:
        if task.status == "cancelled":
            raise RuleError(f"#{task.id} {task.title} is cancelled", f"reopen it first: taskterm reopen {task.id}")
        last = max((step.position for step in reader.steps(task.id)), default=0)
        changes += step_rows(reader, task.id, specs, first=last + 1)
    return changes, {"step_ids": [change.row["id"] for change in changes if isinstance(change, Insert)]}


def _released(reader: Reader, cut: Mapping[int, list[int]], after: list[int], now: str) -> tuple[int, ...]:
    """Those that become ready because they no longer wait."""
    found = []
    for task_id, predecessors in cut.items():
        waited = any(links.is_open(reader, p) for p in predecessors)
        waits = any(links.is_open(reader, p) for p in after)
        if waited and not waits and links.would_be_ready(reader, task_id, predecessors, now):
            found.append(task_id)
    return tuple(found)
