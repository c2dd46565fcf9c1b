"""What an undo or a redo was about, as a sentence: the operation that it names, read from the journal."""

from datetime import datetime

from taskterm.core.model import Outcome
from taskterm.core.sentences import Deed, Voice, told
from taskterm.store.sqlite import SqliteReader
from taskterm.tui import sentences
from taskterm.tui.text import cells

READ = 60
"""Changes of the operation that are read for its sentence."""
LONGEST = 60
"""Cells of a sentence that leaves room beside it; of what takes more, only the numbers are told."""


def about(reader: SqliteReader, outcome: Outcome, now: datetime) -> str:
    """`moved #1 #2 #3 to Review`, of the operation that an undo took back or a redo brought back; else empty."""
    meant = outcome.undoes or outcome.redoes
    operation = reader.operation(meant) if meant is not None else None
    if operation is None:
        return ""

    def title(task_id: int) -> str | None:
        task = reader.task(task_id)
        return task.title if task is not None else None

    columns = {column.key: column.name for column in reader.columns()}
    changes = tuple(reader.some_changes(operation.id, READ))
    size = reader.count_changed(operation.id, "task") if len(changes) == READ else None
    deed = Deed(operation._replace(undone_by=None), changes, size)
    sentence = told(deed, Voice(now, title, "#", columns)).removeprefix(f"@{operation.actor} ")
    return sentence if cells(sentence) <= LONGEST else sentences.briefly(operation.verb, outcome.task_ids)
