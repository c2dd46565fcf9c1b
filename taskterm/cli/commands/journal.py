"""history, undo, redo: the journal."""

from __future__ import annotations

from taskterm.cli.answer import object_of
from taskterm.cli.drawing import folded
from taskterm.cli.options import Command, Given, Option
from taskterm.cli.session import Session
from taskterm.cli.text import Cell, table
from taskterm.core import dates, jsontext
from taskterm.core.display import visible
from taskterm.core.errors import NotFound, UsageError
from taskterm.core.model import KEYS, Change, Insert, Operation, Update
from taskterm.store.telling import tell, tell_whole, voice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_DETAILS = 200
"""Fields of one operation that are shown at most."""


def history(session: Session, given: Given) -> int:
    """The newest operations, of everything or of one task; or one operation field by field."""
    from taskterm.core.commands.refs import resolve

    words = given.all_words()
    if len(words) > 1:
        raise UsageError("history takes one task at most", "for example: taskterm history 12")
    number = given.number("operation")
    if number is not None:
        if words:
            raise UsageError("name a task or an operation, not both", "see: taskterm help history")
        return _one(session, number)
    store = session.store()
    task_id = None
    if words:
        with store.read() as reader:
            task_id = resolve(reader, words[0]).id
    limit = given.number("n") or 20
    if session.json:
        session.data([_object(operation, changes) for operation, changes in store.history(task_id, limit)])
        return 0
    rows = [
        [
            Cell(str(operation.id), "mute"),
            Cell(dates.relative(operation.at, session.now), "mute"),
            Cell(sentence, "mute" if operation.undone_by is not None else ""),
        ]
        for operation, sentence in _told(session, task_id, limit)
    ]
    for line in table(rows, width=session.width, colour=session.colour, right=(0,), flex=(2,)):
        session.say(line)
    if not rows:
        session.note("nothing has happened yet")
    return 0


def _told(session: Session, task_id: int | None, limit: int) -> list[tuple[Operation, str]]:
    """The newest operations that are worth a line, each with its sentence; read until there are enough."""
    found: list[tuple[Operation, str]] = []
    before: int | None = None
    with session.store().read() as reader:
        speech = voice(reader, session.now)
        while len(found) < limit:
            batch = reader.operations(task_id, max(2 * limit, 50), before)
            if not batch:
                break
            before = batch[-1].id
            for operation in batch:
                sentence = tell(reader, speech, operation, task_id).sentence
                if sentence:
                    found.append((operation, sentence))
                    if len(found) == limit:
                        break
    return found


def _one(session: Session, number: int) -> int:
    """One operation: the sentence, when and where, and every field before and after."""
    with session.store().read() as reader:
        whole = tell_whole(reader, voice(reader, session.now), number)
        if whole is None:
            raise NotFound(f"there is no operation {number}", "see the numbers with: taskterm history")
        operation, sentence, found = whole.told.operation, whole.told.sentence, whole.details
        changes = tuple(reader.changes(number)) if session.json else ()
    if session.json:
        session.data(_object(operation, changes))
        return 0
    moment = dates.format_moment(operation.at, session.now, end=False)
    place = f"{moment} ({dates.relative(operation.at, session.now)}) on {visible(operation.host)}"
    for line in folded(f"{operation.id} {visible(sentence)}", session.width):
        session.say(session.paint(line, strong=True))
    session.say(session.paint(place, "mute"))
    if operation.undone_by is not None:
        session.say(session.paint(f"taken back by operation {operation.undone_by}", "warn"))
    if found:
        session.say()
    rows, last = [], ""
    for detail in found[:_DETAILS]:
        repeated = detail.subject == last and session.terminal
        last = detail.subject
        rows.append(
            [
                Cell("" if repeated else detail.subject),
                Cell(detail.field.replace("_", " "), "mute"),
                Cell("" if detail.before is None else detail.before or "nothing", "mute"),
                Cell("→", "mute"),
                Cell("gone" if detail.after is None else detail.after or "nothing", "" if detail.after else "mute"),
            ]
        )
    for line in table(rows, width=session.width, colour=session.colour, flex=(4, 2, 0)):
        session.say(line)
    if len(found) > _DETAILS:
        session.note(f"and {len(found) - _DETAILS} more fields; --json has them all")
    return 0


def undo(session: Session, given: Given) -> int:
    """Takes back my last operation, or the one that is named."""
    words = given.all_words()
    if len(words) > 1 or (words and not (words[0].isdecimal() and len(words[0]) < 16)):
        raise UsageError("undo takes the number of one operation", "see the numbers with: taskterm history")
    return _again(session, "undo", {"operation": int(words[0])} if words else {})


def redo(session: Session, given: Given) -> int:
    """Brings back what the last undo took away."""
    if given.all_words():
        raise UsageError("redo brings back what the last undo took away; it takes no number", "write: taskterm redo")
    return _again(session, "redo", {})


def _again(session: Session, verb: str, args: dict[str, Any]) -> int:
    result = session.execute(verb, args)
    meant = result.outcome.undoes or result.outcome.redoes or 0
    if session.json:
        session.data(object_of(session, result) | {"undoes": result.outcome.undoes, "redoes": result.outcome.redoes})
    else:
        with session.store().read() as reader:
            operation = reader.operation(meant)
            assert operation is not None
            sentence = tell(reader, voice(reader, session.now), operation._replace(undone_by=None)).sentence
        word = "took back" if verb == "undo" else "brought back"
        ago = dates.relative(operation.at, session.now)
        session.say(f"{word} {meant}: {visible(sentence)}" + (f", {ago}" if ago != "now" else ""))
    for note in result.outcome.notes:
        session.note(note)
    return 0


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
        (
            Option("-n", "so many operations (20)", "N", number=True),
            Option("--operation", "this one operation, every field before and after", "N", number=True),
        ),
        (
            ("history", "of everything"),
            ("history 12", "of one task"),
            ("history --operation 41", "what exactly it changed; undo 41 takes it back"),
        ),
        ("Steps of runs are left out, runs RUN shows them; --json has every operation with all of its changes.",),
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
