"""`add -`: one task for each line of standard input, in one operation. All lines are understood before one is made."""

from __future__ import annotations

import sys

from taskterm.cli.answer import task_objects
from taskterm.cli.quick import echo_new, task_args
from taskterm.cli.session import Session
from taskterm.core import manylines
from taskterm.core.errors import UsageError
from taskterm.core.model import Insert

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskterm.core.capture import Capture
    from taskterm.core.model import Change


def add_lines(session: Session) -> int:
    """Adds a task a line; empty lines and comments are left out (see core/manylines.py).

    A line that is not understood, or names a task that is not there, is named, and then nothing is added.
    """
    raw = sys.stdin.buffer.read()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UsageError(f"line {line} is not UTF-8 text; nothing was added", "convert it, then try again") from None
    captures: list[tuple[int, Capture]] = []
    for typed in manylines.read(manylines.split(text), session.now):
        if typed.capture is None:
            reason = typed.problem or UsageError("it is not understood")
            raise UsageError(f"line {typed.number}: {reason.message}; nothing was added", reason.hint)
        captures.append((typed.number, typed.capture))
    if not captures:
        raise UsageError("standard input held no task", "give one task a line, for example: taskterm add - < list.txt")
    specs = [{**task_args(capture), "line": number} for number, capture in captures]
    result = session.execute("add", {"tasks": specs}, create=True)
    if any(capture.run for _, capture in captures):
        from taskterm.cli.commands.steps import record_typed

        record_typed(session, result)
    ids = result.outcome.created["ids"]
    if session.json:
        session.data(task_objects(session, ids))
        return 0
    made = _by_task(result.outcome.changes)
    for task_id, (number, capture) in zip(ids, captures, strict=True):
        session.say(echo_new(session, result.tasks[task_id], capture, made.get(task_id, ())))
        for note in capture.notes:
            session.note(f"line {number}: {note}")
    return 0


def _by_task(changes: Iterable[Change]) -> dict[int, list[Change]]:
    """The new links by the task whose line asked for them: a task that was made later, or the one that waits."""
    found: dict[int, list[Change]] = {}
    made = {c.row["id"] for c in changes if isinstance(c, Insert) and c.table == "task"}
    for change in changes:
        if isinstance(change, Insert) and change.table == "dependency":
            before, after = change.row["predecessor_id"], change.row["successor_id"]
            line = max(before, after) if before in made and after in made else before if before in made else after
            found.setdefault(line, []).append(change)
    return found
