"""What the detail pane shows beyond a snapshot: history and last output of one task, read by the worker thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from taskterm.core.model import Attempt, Change, Operation
from taskterm.store.sqlite import SqliteReader
from taskterm.store.store import Store
from taskterm.tui.detail_rows import Extra, Happened

if TYPE_CHECKING:
    from taskterm.runner.output import LogReader

HISTORY = 12
HISTORY_READ = 60
"""Lines of history in the overview, and operations that are read at once: most of a run's need no line."""
CHANGES_READ = 100
OUTPUT_LINES = 40


class Tail(NamedTuple):
    """The end of one attempt's output; the reader goes on where it stopped."""

    attempt: Attempt
    reader: LogReader
    last: list[str]


class Looker:
    """Reads from one store; keeps its place in the output that it read last."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tail: Tail | None = None

    def extra(self, task_id: int, now: datetime, before: int | None = None) -> Extra:
        """The newest of a task's history, with `before` also what lies next below that operation; and its output."""
        from taskterm.core.sentences import history

        with self._store.read() as reader:
            operations = read = reader.operations(task_id, HISTORY_READ)
            if before is not None:
                read = reader.operations(task_id, HISTORY_READ, before)
                operations = [*operations, *(op for op in read if op.id < operations[-1].id)]
            told = [(op, history(op, _changes(reader, op, task_id), task_id, now)) for op in operations]
        told = [(op, sentence) for op, sentence in told if sentence]
        # In the overview comments have a section of their own.
        short = tuple((op.at, sentence) for op, sentence in told if op.verb != "comment")[:HISTORY]
        story = tuple(Happened(op.id, op.at, sentence, op.undone_by is not None) for op, sentence in told)
        oldest = operations[-1].id if len(read) == HISTORY_READ else 0
        return Extra(task_id, short, self._output(task_id), story, oldest)

    def _output(self, task_id: int) -> tuple[str, ...]:
        """The last lines that the task's newest attempt wrote, without their control sequences."""
        from taskterm.runner.output import LogReader
        from taskterm.tui import ansi

        with self._store.read() as reader:
            parts = reader.task_runs(task_id)
            attempts = reader.attempts(parts[0].run_id, task_id) if parts else []
        if not attempts:
            return ()
        attempt = attempts[-1]
        if self._tail is None or self._tail.attempt.id != attempt.id:
            self._tail = Tail(attempt, LogReader(self._store, attempt), [])
        tail = self._tail
        ended = attempt.state != "running"
        while lines := tail.reader.read(final=ended):
            tail.last[:] = (tail.last + [line.text for line in lines])[-OUTPUT_LINES:]
        found = [*tail.last, tail.reader.partial] if tail.reader.partial else tail.last
        return tuple(ansi.plain(line) for line in found[-OUTPUT_LINES:])


def _changes(reader: SqliteReader, operation: Operation, task_id: int) -> Sequence[Change]:
    """The changes of an operation; of one that made thousands, those of the task alone."""
    found = reader.some_changes(operation.id, CHANGES_READ)
    return found if len(found) < CHANGES_READ else reader.some_changes(operation.id, CHANGES_READ, task_id)
