"""What a move on the board would do, before it is made: the rule of core.commands decides it on a snapshot. Pure.

Whoever drags a card reads what the drop does; that has to be what the same command does a moment later, so it is asked
and not described a second time.
"""

from __future__ import annotations

from taskterm.core.lean import NamedTuple, tzinfo
from taskterm.core.model import Column, RunTask, Task, Update
from taskterm.core.snapshot import Snapshot, column_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Foreseen(NamedTuple):
    """What a move would do: the column it ends in and what becomes ready; or why it is refused.

    `forced`: refused as it is, done all the same with `force`; `lands` is then where that would put it.
    """

    lands: str | None = None  # key of the column; None: nowhere, it is refused for good
    released: tuple[int, ...] = ()
    refused: str = ""
    hint: str = ""
    forced: bool = False


class _Reader:
    """Of core.port.Reader what the rules for moves ask, answered from a snapshot."""

    def __init__(self, snapshot: Snapshot, zone: tzinfo | None) -> None:
        self._snapshot = snapshot
        self.zone = zone

    def task(self, task_id: int) -> Task | None:
        task = self._snapshot.tasks.get(task_id)
        # What finishing one of a series adds is another card, and says nothing about where this one goes.
        return task if task is None or task.recurrence is None else task._replace(recurrence=None)

    def predecessors(self, task_id: int) -> list[int]:
        return list(self._snapshot.predecessors(task_id))

    def successors(self, task_id: int) -> list[int]:
        return list(self._snapshot.successors(task_id))

    def columns(self) -> list[Column]:
        return list(self._snapshot.columns)

    def count_in_column(self, key: str) -> int:
        return held_in(self._snapshot, key)

    def task_runs(self, task_id: int) -> list[RunTask]:
        part = self._snapshot.last_part(task_id)
        return [] if part is None else [part.run_task]


def held_in(snapshot: Snapshot, key: str) -> int:
    """How many tasks stand in a stage, whatever a filter shows."""
    return sum([task.column == key and task.status == "doing" for task in snapshot.tasks.values()])


def move(snapshot: Snapshot, args: Mapping[str, Any], actor: str, now: str, zone: tzinfo | None = None) -> Foreseen:
    """What the command `move` with these arguments (for one task) would do to this snapshot."""
    from taskterm.core.commands import status
    from taskterm.core.errors import TaskTermError

    reader: Any = _Reader(snapshot, zone)
    try:
        outcome = status.move(reader, {**args, "force": False}, actor, now)
    except TaskTermError as error:
        why, hint = error.message, error.hint or ""
        try:
            outcome = status.move(reader, {**args, "force": True}, actor, now)
        except TaskTermError:
            return Foreseen(refused=why, hint=hint)
        return Foreseen(_landing(snapshot, outcome.changes, now), outcome.released, why, hint, True)
    return Foreseen(_landing(snapshot, outcome.changes, now), outcome.released)


def _landing(snapshot: Snapshot, changes: tuple[Any, ...], now: str) -> str | None:
    """The column in which the first task that changes is shown then."""
    change = next(change for change in changes if isinstance(change, Update) and change.table == "task")
    task = snapshot.tasks[change.key["id"]]
    waits_for = len(snapshot.open_blocker_ids(task.id))
    return column_of(task._replace(**change.after, open_predecessors=waits_for), now, snapshot.columns)
