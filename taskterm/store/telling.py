"""The journal read as sentences: what core/sentences.py words, with what it has to know fetched from a reader."""

from __future__ import annotations

from taskterm.core.details import Detail, details
from taskterm.core.lean import NamedTuple, datetime
from taskterm.core.sentences import Deed, Voice, tasks_of, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from taskterm.core.model import Operation
    from taskterm.store.sqlite import SqliteReader

CHANGES_READ = 60
"""Changes of an operation that are read for its sentence."""


class Told(NamedTuple):
    """An operation with its sentence, which is empty for steps of a run that are not worth a line."""

    operation: Operation
    sentence: str
    tasks: tuple[int, ...] = ()  # those that it is about, in its order; of very many the first
    released: tuple[int, ...] = ()


class Whole(NamedTuple):
    """One operation with the fields that it changed, before and after; `cut` where there are more of them."""

    told: Told
    details: tuple[Detail, ...]
    cut: bool = False


def voice(reader: SqliteReader, now: datetime, mark: str = "") -> Voice:
    """How sentences are worded, with the titles and columns of this database; `mark` stands before a task's id."""
    titles: dict[int, str | None] = {}

    def title(task_id: int) -> str | None:
        if task_id not in titles:
            task = reader.task(task_id)
            titles[task_id] = task.title if task is not None else None
        return titles[task_id]

    return Voice(now, title, mark, {column.key: column.name for column in reader.columns()})


def tell(reader: SqliteReader, speech: Voice, operation: Operation, only: int | None = None) -> Told:
    """The operation as a sentence, told for one task alone with `only`."""
    deed = _deed(reader, operation, only)
    meant = operation.undoes or operation.redoes
    about = reader.operation(meant) if meant is not None else None
    earlier = _deed(reader, about, only) if about is not None else None
    sentence = told(deed, speech, about=earlier, only=only)
    return Told(operation, sentence, tuple(tasks_of(deed)), tuple(deed.released()))


def tell_whole(reader: SqliteReader, speech: Voice, number: int, most: int | None = None) -> Whole | None:
    """One operation with its changes (the first `most` of them); None where there is none of that number."""
    operation = reader.operation(number)
    if operation is None:
        return None
    said = tell(reader, speech, operation)
    sentence = said.sentence or f"a run went on: {operation.verb.replace('_', ' ')}"
    changes = reader.changes(number) if most is None else reader.some_changes(number, most)
    return Whole(said._replace(sentence=sentence), tuple(details(changes, speech)), len(changes) == most)


def _deed(reader: SqliteReader, operation: Operation, only: int | None) -> Deed:
    """An operation with the first of its changes, and how many tasks it wrote in all."""
    changes = tuple(reader.some_changes(operation.id, CHANGES_READ, only))
    partly = len(changes) == CHANGES_READ or (only is not None and '"released"' in operation.touched)
    size = reader.count_changed(operation.id, "task") if partly else None
    return Deed(operation, changes, size)
