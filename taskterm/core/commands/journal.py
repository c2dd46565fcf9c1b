"""Rules of undo and redo: an operation is taken back by the inverse of its changes, if nothing stands on them."""

from __future__ import annotations

from taskterm.core.commands import links, status
from taskterm.core.errors import NotFound, RuleError
from taskterm.core.model import KEYS, OPEN, REFERENCES, Change, Delete, Insert, Operation, Outcome, Update

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from taskterm.core.port import Reader


_LOOK_BACK = 50
"""So many operations are looked through for one that could be undone instead."""


def undo(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Takes back my last operation, or the one that `operation` names. Refused, with the reason, where a touched
    field has changed since or a later row refers to what would vanish."""
    operation = _to_undo(reader, args.get("operation"), actor)
    changes = inverse(reader.changes(operation.id))
    try:
        _verify(reader, changes)
    except RuleError as error:
        error.message = f"operation {operation.id} ({operation.verb}) cannot be undone: {error.message}"
        error.hint = _advice(reader, operation, actor, error.hint)
        raise
    notes = _still_going(reader, changes)
    return Outcome(tuple(changes), _tasks_of(changes), notes=tuple(notes), undoes=operation.id)


def redo(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Brings back what my last undo took away, as long as I have done nothing else since."""
    operation = reader.last_undone(actor)
    if operation is None:
        raise RuleError("there is nothing to redo")
    changes = list(reader.changes(operation.id))
    _verify(reader, changes)
    return Outcome(tuple(changes), _tasks_of(changes), redoes=operation.id)


def inverse(changes: Sequence[Change]) -> list[Change]:
    """The changes that lead back, last one first."""
    found: list[Change] = []
    for change in reversed(changes):
        if isinstance(change, Insert):
            found.append(Delete(change.table, change.row))
        elif isinstance(change, Delete):
            found.append(Insert(change.table, change.row))
        else:
            found.append(Update(change.table, change.key, change.after, change.before))
    return found


def _to_undo(reader: Reader, number: int | None, actor: str) -> Operation:
    if number is None:
        operation = reader.last_undoable(actor)
        if operation is None:
            raise RuleError("there is nothing of yours to undo", "see what happened with: taskterm history")
        return operation
    operation = reader.operation(number)
    if operation is None:
        raise NotFound(f"there is no operation {number}", "see the numbers with: taskterm history")
    if operation.kind == "system":
        raise RuleError(f"operation {number} is the record of a run, and that is evidence: it cannot be undone")
    if operation.undoes is not None or operation.redoes is not None:
        raise RuleError(f"operation {number} is itself an undo or redo", "name the operation it is about")
    if operation.undone_by is not None:
        raise RuleError(f"operation {number} has been undone already", "bring it back with: taskterm redo")
    return operation


def key_of(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The primary key of a row, as a mapping."""
    return {name: row[name] for name in KEYS[table]}


def _verify(reader: Reader, changes: Sequence[Change]) -> None:
    going = {(c.table, tuple(key_of(c.table, c.row).values())) for c in changes if isinstance(c, Delete)}
    going |= {(c.table, tuple(c.key.values())) for c in changes if isinstance(c, Update) and _lets_go(c)}
    coming = {(c.table, tuple(key_of(c.table, c.row).values())) for c in changes if isinstance(c, Insert)}
    cut = {(p, s) for table, (p, *rest) in going if table == "dependency" for s in rest}
    added: dict[int, list[int]] = {}
    for change in changes:
        if isinstance(change, Update):
            _verify_update(reader, change)
        elif isinstance(change, Delete):
            _verify_delete(reader, change, going)
        else:
            _verify_insert(reader, change, coming)
            if change.table == "dependency":
                predecessor, successor = change.row["predecessor_id"], change.row["successor_id"]
                links.refuse_cycle(reader, predecessor, successor, added, cut)
                added.setdefault(predecessor, []).append(successor)


def _lets_go(change: Update) -> bool:
    """Whether the change points a reference elsewhere, as cards do whose stage is taken out."""
    places = (place for found in REFERENCES.values() for place in found)
    return any(table == change.table and column in change.before for table, column in places)


def _verify_update(reader: Reader, change: Update) -> None:
    row = reader.row(change.table, change.key)
    if row is None:
        raise RuleError(f"{_name(change.table, change.key)} is gone{_by(reader, change.table, change.key)}")
    for field, value in change.before.items():
        if row[field] != value:
            raise RuleError(
                f"the {field} of {_name(change.table, change.key)} has changed since"
                f"{_by(reader, change.table, change.key)}: it is now {row[field]!r}"
            )
    if change.table == "task" and "status" in change.before:
        task = reader.task(change.key["id"])
        if task is not None and task.run_state == "running":
            raise RuleError(f"#{task.id} {task.title} is running", "stop the run first")


def _verify_delete(reader: Reader, change: Delete, going: set[tuple[str, tuple[Any, ...]]]) -> None:
    key = key_of(change.table, change.row)
    row = reader.row(change.table, key)
    if row is None:
        raise RuleError(f"{_name(change.table, key)} is gone{_by(reader, change.table, key)}")
    for table, referring in reader.rows_referring(change.table, key):
        if (table, tuple(referring.values())) not in going:
            raise _still_referred(reader, change.table, key, table, referring)
    for field, value in change.row.items():
        if row.get(field) != value:
            raise RuleError(
                f"the {field} of {_name(change.table, key)} has changed since"
                f"{_by(reader, change.table, key)}: it is now {row.get(field)!r}"
            )


def _still_referred(
    reader: Reader, table: str, key: Mapping[str, Any], by: str, referring: Mapping[str, Any]
) -> RuleError:
    """Why a row cannot vanish: what refers to it, and whether that can be taken back itself."""
    later = reader.last_change(by, referring)
    if by in ("run", "run_task", "attempt") or (later is not None and later.kind == "system"):
        hint = f"cancel it instead: taskterm cancel {key['id']}" if table == "task" else ""
        return RuleError(f"{_name(table, key)} has run since, and a run is evidence that is kept", hint)
    what = f"{_name(table, key)} has got a {by.replace('_', ' ')} since{_by(reader, by, referring)}"
    return RuleError(what, f"undo that first: taskterm undo {later.id}" if later else "undo that first")


def _advice(reader: Reader, operation: Operation, actor: str, hint: str) -> str:
    """What can be done instead; where another operation of mine lies before this one, that it can be named."""
    for number in range(operation.id - 1, max(0, operation.id - 1 - _LOOK_BACK), -1):
        other = reader.operation(number)
        if other is None or other.kind != "user" or other.actor != actor:
            continue
        if other.undone_by is None and other.undoes is None and other.redoes is None:
            earlier = f"what you did before it: taskterm undo {other.id} ({other.verb})"
            return f"{hint}; {earlier}" if hint else earlier
    return hint or "see what can be undone with: taskterm history"


def _verify_insert(reader: Reader, change: Insert, coming: set[tuple[str, tuple[Any, ...]]]) -> None:
    key = key_of(change.table, change.row)
    if reader.row(change.table, key) is not None:
        raise RuleError(f"{_name(change.table, key)} is there again{_by(reader, change.table, key)}")
    for target, places in REFERENCES.items():
        for table, column in places:
            value = change.row.get(column) if table == change.table else None
            if value is None or (target, (value,)) in coming:
                continue
            target_key = {KEYS[target][0]: value}
            if reader.row(target, target_key) is None:
                raise RuleError(f"{_name(target, target_key)} is gone{_by(reader, target, target_key)}")


def _name(table: str, key: Mapping[str, Any]) -> str:
    if table == "task":
        return f"#{key['id']}"
    if table == "dependency":
        return f"the link #{key['predecessor_id']} → #{key['successor_id']}"
    if table == "task_tag":
        return f"the tag +{key['tag']} of #{key['task_id']}"
    return f"the {table.replace('_', ' ')} {' '.join(str(v) for v in key.values())}"


def _by(reader: Reader, table: str, key: Mapping[str, Any]) -> str:
    operation = reader.last_change(table, key)
    return f" (operation {operation.id}, {operation.verb} by {operation.actor})" if operation else ""


def _still_going(reader: Reader, changes: Iterable[Change]) -> list[str]:
    moved = [c for c in changes if isinstance(c, Update) and c.table == "task" and "status" in c.after]
    going = frozenset(change.key["id"] for change in moved)
    notes: list[str] = []
    for change in moved:
        if change.after["status"] in OPEN:
            notes += status.begun_after(reader, change.key["id"], going)
    return notes


def _tasks_of(changes: Iterable[Change]) -> tuple[int, ...]:
    found: dict[int, None] = {}
    for change in changes:
        row = change.key if isinstance(change, Update) else change.row
        task_id = row["id"] if change.table == "task" else row.get("task_id", row.get("successor_id"))
        if task_id is not None:
            found[task_id] = None
    return tuple(found)
