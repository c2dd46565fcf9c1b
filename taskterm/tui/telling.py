"""What an undo or a redo was about, as a sentence: the operation that it names, read from the journal."""

from datetime import datetime

from taskterm.core.model import Outcome
from taskterm.store.sqlite import SqliteReader
from taskterm.store.telling import tell, voice
from taskterm.tui import sentences
from taskterm.tui.text import cells

LONGEST = 60
"""Cells of a sentence that leaves room beside it; of what takes more, only the numbers are told."""


def about(reader: SqliteReader, outcome: Outcome, now: datetime) -> str:
    """`moved #1 #2 #3 to Review`, of the operation that an undo took back or a redo brought back; else empty."""
    meant = outcome.undoes or outcome.redoes
    operation = reader.operation(meant) if meant is not None else None
    if operation is None:
        return ""
    said = tell(reader, voice(reader, now, "#"), operation._replace(undone_by=None)).sentence
    sentence = said.removeprefix(f"@{operation.actor} ")
    return sentence if cells(sentence) <= LONGEST else sentences.briefly(operation.verb, outcome.task_ids)
