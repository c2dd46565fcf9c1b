"""Rules for the notes of a task as one text: a paragraph more, or the whole anew where nobody else has changed it."""

from __future__ import annotations

from taskterm.core.commands import edits, fields
from taskterm.core.commands.refs import resolve
from taskterm.core.errors import Overtaken, UsageError
from taskterm.core.model import Outcome, Update

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from taskterm.core.port import Reader


def note(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Adds `text` as a paragraph, or with `replace` makes it the notes; then it may be empty.

    `expect` holds the notes that a writer had before them: where they are others by now, nothing is written.
    """
    task = resolve(reader, args["ref"])
    text = fields.plain_text(str(args.get("text") or ""), "the text", fields.TEXT_LIMIT).strip("\n").rstrip()
    expect = args.get("expect")
    if expect is not None and task.notes not in (expect, text):
        found = edits.clash(reader, task, "notes", expect, text)
        raise Overtaken(
            f"{found.by} has changed the notes of #{task.id} {task.title} meanwhile",
            "nothing was written",
            task.id,
            (found,),
        )
    if not args.get("replace"):
        if not text:
            raise UsageError("the text is empty", f'for example: taskterm note {task.id} "Ask legal first"')
        old = task.notes.rstrip()
        text = f"{old}\n\n{text}" if old else text
        fields.plain_text(text, "the notes", fields.TEXT_LIMIT)
    if text == task.notes:
        return Outcome((), (task.id,), notes=("nothing to change: it is so already",))
    change = Update("task", {"id": task.id}, {"notes": task.notes}, {"notes": text})
    return Outcome((change,), (task.id,))
