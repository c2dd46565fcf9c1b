"""What happened, in one line: the answer to a command, and an operation of the journal as history shows it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from taskterm.core import dates
from taskterm.core.errors import TaskTermError
from taskterm.core.model import Change, Delete, Insert, Operation, Outcome, Task, Update
from taskterm.exchange.workflow import BadWorkflow

_PAST = {
    "add": "added",
    "done": "done",
    "start": "started",
    "stop": "put down",
    "cancel": "cancelled",
    "reopen": "open again",
    "delete": "deleted",
    "edit": "changed",
    "comment": "commented",
    "link": "linked",
    "unlink": "unlinked",
    "move": "moved",
    "step_add": "step added",
    "step_edit": "step changed",
    "step_remove": "step removed",
}
_ENDS = {"person": "waits here for a person", "untrusted": "waits: its commands are not approved here"}
_FIELD = {"estimate_minutes": "estimate", "assignee": "owner"}
_TIMES = ("due", "scheduled", "wait")
_SILENT = ("modified_at", "modified_by", "started_by", "completed_by", "started_at", "completed_at", "column")


def refusal(error: Exception) -> str:
    """One line for an error, with what to do next where it says so; for a workflow file a line for each mistake."""
    if isinstance(error, BadWorkflow):
        return "\n".join(f"line {m.line}, {m.key}: {m.message}" if m.key else m.message for m in error.mistakes)
    if isinstance(error, TaskTermError):
        return f"{error.message} · {error.hint}" if error.hint else error.message
    return str(error) or type(error).__name__


def answer(verb: str, outcome: Outcome, tasks: Mapping[int, Task], columns: Mapping[str, str]) -> str:
    """`#21 done · released #22 · u undo`: what was done, to what, what it released and what to know.

    `columns` maps the keys of the board's columns to their names.
    """
    parts = []
    if verb in ("undo", "redo"):
        parts.append("undone" if verb == "undo" else "done again")
        if outcome.task_ids:
            parts[0] += f": {_numbers(outcome.task_ids)}"
    elif verb == "create":
        made = outcome.created.get("ids", {})
        parts.append(f"{len(made) or len(outcome.task_ids)} tasks added")
    elif verb in ("link", "unlink") and len(outcome.task_ids) > 1:
        successor, *others = outcome.task_ids
        parts.append(f"#{successor} {'waits' if verb == 'link' else 'no longer waits'} for {_numbers(others)}")
    else:
        word = _PAST.get(verb, verb.replace("_", " "))
        if verb == "move" and len(outcome.task_ids) == 1:
            word = _moved(tasks.get(outcome.task_ids[0]), columns)
        parts.append(f"{_numbers(outcome.task_ids)} {word}".strip())
    if outcome.released:
        parts.append(f"released {_numbers(outcome.released)}")
    parts += outcome.notes
    if verb not in ("undo", "redo") and outcome.changes:
        parts.append("u undo")
    elif verb == "undo":
        parts.append("ctrl+r redo")
    return " · ".join(parts)


def _moved(task: Task | None, columns: Mapping[str, str]) -> str:
    if task is None:
        return "moved"
    if task.status == "doing":
        return f"in {columns.get(task.column or '', task.column or 'doing')}"
    return {"done": "done", "todo": "put back"}.get(task.status, "moved")


def _numbers(task_ids: Sequence[int]) -> str:
    shown = " ".join(f"#{i}" for i in task_ids[:4])
    return f"{shown} and {len(task_ids) - 4} more" if len(task_ids) > 4 else shown


def history(operation: Operation, changes: Iterable[Change], task_id: int, now: datetime) -> str:
    """What an operation did to one task, without its subject: `done by @ana`, `due Fri 27 Nov by @ben`.

    Empty for steps of a run that are not worth a line.
    """
    changes = tuple(changes)
    by = f" by @{operation.actor}"
    if operation.verb == "undo" or operation.verb == "redo":
        what = "undone" if operation.verb == "undo" else "done again"
        return f"{what}: {_what(changes, task_id, now) or 'a change'}{by}"
    if operation.kind == "system":
        sentence = _run_sentence(operation, changes, task_id)
        return sentence + by if operation.verb == "run_create" else sentence
    if operation.verb == "comment":
        text = next((str(c.row["text"]) for c in changes if isinstance(c, Insert) and c.table == "comment"), "")
        return f"@{operation.actor} “{text}”"
    if operation.verb in ("add", "create"):
        return f"added{by}"
    if operation.verb in ("done", "start", "stop", "cancel", "reopen", "delete"):
        return f"{_PAST[operation.verb]}{by}"
    return (_what(changes, task_id, now) or _PAST.get(operation.verb, operation.verb)) + by


def _what(changes: Iterable[Change], task_id: int, now: datetime) -> str:
    parts: list[str] = []
    for change in changes:
        if change.table == "task" and isinstance(change, Update) and change.key.get("id") == task_id:
            parts += [_field(name, value, now) for name, value in change.after.items() if name not in _SILENT]
            if "column" in change.after and "status" not in change.after:
                parts.append(f"moved to {change.after['column']}")
        elif change.table == "task_tag" and not isinstance(change, Update):
            if change.row["task_id"] == task_id:
                parts.append(("+" if isinstance(change, Insert) else "-") + str(change.row["tag"]))
        elif change.table == "dependency" and not isinstance(change, Update):
            parts += _link(change, task_id)
        elif change.table == "step":
            name = change.row["name"] if not isinstance(change, Update) else ""
            parts.append(f"step {name} {'added' if isinstance(change, Insert) else 'changed'}".replace("  ", " "))
        elif change.table == "comment" and isinstance(change, Delete):
            parts.append("comment removed")
    return ", ".join(parts)


def _link(change: Insert | Delete, task_id: int) -> list[str]:
    before, after = change.row["predecessor_id"], change.row["successor_id"]
    if task_id == after:
        return [f"waits for #{before}" if isinstance(change, Insert) else f"no longer waits for #{before}"]
    if task_id == before:
        return [f"releases #{after}" if isinstance(change, Insert) else f"no longer releases #{after}"]
    return []


def _field(name: str, value: Any, now: datetime) -> str:
    label = _FIELD.get(name, name)
    if name == "status":
        return {"todo": "open again", "doing": "started"}.get(str(value), str(value))
    if value is None or value == "":
        return f"{label} removed"
    if name in _TIMES:
        return f"{label} {dates.format_moment(str(value), now, end=name == 'due')}"
    if name == "estimate_minutes":
        return f"{label} {dates.format_minutes(int(value))}"
    if name == "assignee":
        return f"{label} @{value}"
    if name == "notes":
        return "notes written"
    return f"{label} {value}"


def _run_sentence(operation: Operation, changes: Sequence[Change], task_id: int) -> str:
    """Where a run begins, and how it ended for the task; the steps in between have their own section."""
    args = json.loads(operation.args) if operation.args else {}
    run = args.get("run_id")
    if operation.verb == "run_create":
        run = next((c.row["id"] for c in changes if isinstance(c, Insert) and c.table == "run"), run)
        return f"run {run} started"
    for change in changes:
        if isinstance(change, Update) and change.table == "run_task" and change.key.get("task_id") == task_id:
            state, reason = change.after.get("state"), change.after.get("reason")
            if state not in (None, "planned", "running"):
                return f"run {run} {_ENDS.get(str(state), state)}" + (f", {reason}" if reason else "")
    return ""
