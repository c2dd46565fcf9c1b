"""`add -`: one task for each line of standard input. All lines are understood before the first task is made."""

import sys

from taskterm.cli.answer import task_objects
from taskterm.cli.quick import add_captured, echo_new
from taskterm.cli.session import Session
from taskterm.core.capture import parse_capture
from taskterm.core.errors import TaskTermError, UsageError


def add_lines(session: Session) -> int:
    """Adds a task a line, empty lines left out. A line that is not understood is named, and then nothing is added."""
    try:
        text = sys.stdin.read()
    except UnicodeDecodeError as error:
        raise UsageError(
            f"standard input is not UTF-8 at byte {error.start + 1}", "convert it, then try again"
        ) from None
    captures = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            capture = parse_capture(line, session.now)
            if not capture.title:
                raise UsageError("there is no title", "write one beside the facts")
        except UsageError as error:
            raise UsageError(f"line {number}: {error.message}; nothing was added", error.hint) from None
        captures.append((number, capture))
    if not captures:
        raise UsageError("standard input held no line", "give one task a line, for example: taskterm add - < list.txt")
    ids: list[int] = []
    for number, capture in captures:
        try:
            result = add_captured(session, capture)
        except TaskTermError as error:
            kept = f"; the {len(ids)} before it were added" if ids else ""
            error.message = f"line {number}: {error.message}{kept}"
            raise
        task = result.tasks[result.outcome.created["id"]]
        ids.append(task.id)
        if not session.json:
            session.say(echo_new(session, result, task, capture))
    if session.json:
        session.data(task_objects(session, ids))
    return 0
