"""history, undo, redo: the journal."""

from __future__ import annotations

from taskterm.cli.answer import object_of
from taskterm.cli.options import Command, Given, Option
from taskterm.cli.session import Session
from taskterm.cli.text import Cell, table
from taskterm.core import dates, jsontext
from taskterm.core.display import visible
from taskterm.core.errors import UsageError
from taskterm.core.model import KEYS, Change, Insert, Operation, Update

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SHOWN = 3
_UNTOLD = (
    "fence",
    "boot_id",
    "pid",
    "pid_started",
    "host",
    "user",
    "log_path",
    "log_bytes",
    "log_lines",
    "duration_ms",
)
_FIELD_ORDER = ("title", "status", "column", "assignee", "due", "priority", "project")


def history(session: Session, given: Given) -> int:
    """The newest operations, of everything or of one task."""
    from taskterm.core.commands.refs import resolve

    words = given.all_words()
    if len(words) > 1:
        raise UsageError("history takes one task at most", "for example: taskterm history 12")
    store = session.store()
    task_id = None
    if words:
        with store.read() as reader:
            task_id = resolve(reader, words[0]).id
    found = store.history(task_id, given.number("n") or 20)
    if session.json:
        session.data([_object(operation, changes) for operation, changes in found])
        return 0
    rows = [
        [
            Cell(str(operation.id), "mute"),
            Cell(dates.relative(operation.at, session.now), "mute"),
            Cell(operation.actor),
            Cell(_verb(operation), strong=True),
            Cell(_what(changes)),
        ]
        for operation, changes in found
    ]
    for line in table(rows, width=session.width, colour=session.colour, right=(0,), flex=(4,)):
        session.say(line)
    if not rows:
        session.note("nothing has happened yet")
    return 0


def undo(session: Session, given: Given) -> int:
    """Takes back my last operation, or the one that is named."""
    words = given.all_words()
    if len(words) > 1 or (words and not (words[0].isdecimal() and len(words[0]) < 16)):
        raise UsageError("undo takes the number of one operation", "see the numbers with: taskterm history")
    return _again(session, "undo", {"operation": int(words[0])} if words else {})


def redo(session: Session, given: Given) -> int:
    """Brings back what the last undo took away."""
    return _again(session, "redo", {})


def _again(session: Session, verb: str, args: dict[str, Any]) -> int:
    result = session.execute(verb, args)
    meant = result.outcome.undoes or result.outcome.redoes or 0
    if session.json:
        session.data(object_of(session, result) | {"undoes": result.outcome.undoes, "redoes": result.outcome.redoes})
    else:
        with session.store().read() as reader:
            operation = reader.operation(meant)
            changes = tuple(reader.changes(meant))
        word = "undone" if verb == "undo" else "done again"
        if operation is not None:
            session.say(f"{word}: {meant} {operation.verb} by {visible(operation.actor)} · {visible(_what(changes))}")
    for note in result.outcome.notes:
        session.note(note)
    return 0


def _verb(operation: Operation) -> str:
    about = operation.undoes or operation.redoes
    return f"{operation.verb} {about}" if about else operation.verb + (" (undone)" if operation.undone_by else "")


def _what(changes: tuple[Change, ...]) -> str:
    """The changes of an operation in one line."""
    phrases = [phrase for change in changes if (phrase := _phrase(change))]
    more = f" · {len(phrases) - _SHOWN} more" if len(phrases) > _SHOWN else ""
    return " · ".join(phrases[:_SHOWN]) + more


def _phrase(change: Change) -> str:
    row = change.key if isinstance(change, Update) else change.row
    if isinstance(change, Update):
        key = " ".join(str(change.key[name]) for name in KEYS[change.table])
        subject = key if change.table == "task" else f"{change.table.replace('_', ' ')} {key}"
        if change.table == "run_task":
            subject = f"{change.key['task_id']} in run {change.key['run_id']}"
        return subject + " " + ", ".join(_field(change, name) for name in _fields(change))
    sign = "+" if isinstance(change, Insert) else "-"
    if change.table == "task":
        return f"{row['id']} {row['title']}" + ("" if sign == "+" else " removed")
    if change.table == "dependency":
        gone = "waits for" if sign == "+" else "no longer waits for"
        return f"{row['successor_id']} {gone} {row['predecessor_id']}"
    if change.table == "task_tag":
        return f"{row['task_id']} {sign}{row['tag']}"
    if change.table == "step":
        return f"{row['task_id']} step {'' if sign == '+' else 'removed '}{row['name']}"
    if change.table == "comment":
        return f"{row['task_id']} comment {'' if sign == '+' else 'removed '}{row['text'][:60]}"
    if change.table == "run":
        return f"run {row['id']} {row['title']}"
    if change.table == "attempt":
        return f"{row['task_id']} step {row['name']}"
    return "" if change.table == "run_task" else f"{change.table.replace('_', ' ')} {row.get('name', '')}"


def _fields(change: Update) -> list[str]:
    """The fields worth telling: who and when stand in front of the line already."""
    told = [name for name in change.after if name not in _UNTOLD and not name.endswith(("_at", "_by"))]
    told.sort(key=lambda name: _FIELD_ORDER.index(name) if name in _FIELD_ORDER else len(_FIELD_ORDER))
    return told[:4] or list(change.after)[:1]


def _field(change: Update, name: str) -> str:
    old, new = change.before.get(name), change.after[name]
    if name == "notes":
        return "notes changed"
    return f"{name} {'empty' if old in (None, '') else old} → {'empty' if new in (None, '') else new}"


def _object(operation: Operation, changes: tuple[Change, ...]) -> dict[str, Any]:
    return {
        "id": operation.id,
        "uuid": operation.uuid,
        "at": operation.at,
        "actor": operation.actor,
        "host": operation.host,
        "verb": operation.verb,
        "kind": operation.kind,
        "args": jsontext.loads(operation.args),
        "undoes": operation.undoes,
        "redoes": operation.redoes,
        "undone_by": operation.undone_by,
        "changes": [_change_object(change) for change in changes],
    }


def _change_object(change: Change) -> dict[str, Any]:
    if isinstance(change, Update):
        key, before, after = dict(change.key), dict(change.before), dict(change.after)
        return {"table": change.table, "key": key, "before": before, "after": after}
    key = {name: change.row[name] for name in KEYS[change.table]}
    row = dict(change.row)
    inserted = isinstance(change, Insert)
    return {
        "table": change.table,
        "key": key,
        "before": None if inserted else row,
        "after": row if inserted else None,
    }


COMMANDS = {
    "history": Command(
        "history",
        "[TASK]",
        "who did what, newest first",
        history,
        (Option("-n", "so many operations (20)", "N", number=True),),
        (("history", "of everything"), ("history 12 --json", "of one task, every field before and after")),
    ),
    "undo": Command(
        "undo",
        "[OPERATION]",
        "take back your last operation, or a certain one",
        undo,
        examples=(("undo", ""), ("undo 41", "history shows the numbers")),
    ),
    "redo": Command("redo", "", "bring back what undo took away", redo, examples=(("redo", ""),)),
}
