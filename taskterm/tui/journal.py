"""The journal in pages, newest first: what the History view asks for, and how the worker thread reads it.

However long the journal is, a page costs what its own lines cost. Knows no widget.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from taskterm.core.model import Operation
from taskterm.core.sentences import Voice
from taskterm.core.zone import from_utc_text
from taskterm.store import feed, telling
from taskterm.store.sqlite import SqliteReader
from taskterm.store.telling import Told, Whole

PAGE = 120
"""Lines that are read at once."""
BATCH = 300
"""Operations that are read at once; of a filter's, and of a run's, most make no line."""
SEARCHED = 6000
"""Operations that are looked through for one page; it comes short then, and the view asks on."""
FIELDS = 200
"""Changes of one operation that are shown at most."""


class Scope(NamedTuple):
    """Whose history: of one task, by one person, of the tasks that a filter lets through. Nothing set: everything."""

    task_id: int | None = None
    actor: str | None = None
    visible: frozenset[int] | None = None


class Asked(NamedTuple):
    """One page: operations below the number `before` and above `after`, until there are `lines` lines of them."""

    scope: Scope
    before: int | None = None
    after: int = 0
    lines: int = PAGE


class Line(NamedTuple):
    """One operation as the list shows it: its local day (ISO) and clock, who, and what he did in words.

    `tasks` are those that it is about (of very many the first), `text` is what is copied.
    """

    operation: int
    day: str
    clock: str
    who: str
    what: str
    released: tuple[int, ...]
    system: bool
    undone: bool
    tasks: tuple[int, ...]

    @property
    def text(self) -> str:
        """The line as it is copied: number, moment and sentence."""
        tail = " · released " + " ".join(f"#{i}" for i in self.released) if self.released else ""
        back = " (taken back)" if self.undone else ""
        who = f"{self.who} " if self.who else ""
        return f"{self.operation}  {self.day} {self.clock}  {who}{self.what}{tail}{back}"


class Page(NamedTuple):
    """What was found. Everything from `before` on is read; `ended`: there is nothing older (nothing between).

    `newest` is the number of the last operation there is. `again` are older lines that the new ones took back or
    brought back, as they are now.
    """

    asked: Asked
    lines: tuple[Line, ...]
    before: int
    ended: bool
    newest: int
    again: tuple[Line, ...] = ()


def read(reader: SqliteReader, asked: Asked, now: datetime) -> Page:
    """One page, with local times as of `now`."""
    newest = feed.newest_operation(reader)
    voice = telling.voice(reader, now, "#")
    before = newest + 1 if asked.before is None else asked.before
    found: list[Line] = []
    again: dict[int, None] = {}
    searched, ended = 0, False
    while not ended and len(found) < asked.lines and searched < SEARCHED:
        batch = reader.operations(asked.scope.task_id, BATCH, before)
        searched += len(batch)
        fitting = _fitting(reader, asked.scope, batch)
        for operation in batch:
            if operation.id <= asked.after:
                ended = True
                break
            before = operation.id
            if asked.after and (operation.undoes or operation.redoes):
                again[operation.undoes or operation.redoes or 0] = None
            line = _line(reader, voice, operation, asked.scope, now) if operation.id in fitting else None
            found += [line] if line is not None else []
            if len(found) == asked.lines:
                break
        else:
            ended = len(batch) < BATCH
    older = [reader.operation(number) for number in again if number <= asked.after]
    told = [_line(reader, voice, operation, asked.scope, now) for operation in older if operation is not None]
    return Page(asked, tuple(found), before, ended, newest, tuple(line for line in told if line is not None))


def read_whole(reader: SqliteReader, number: int, now: datetime) -> Whole | None:
    """One operation with its changes, as far as a pane can show them; None where it has been purged."""
    return telling.tell_whole(reader, telling.voice(reader, now, "#"), number, FIELDS)


def _fitting(reader: SqliteReader, scope: Scope, batch: list[Operation]) -> set[int]:
    """The operations of a batch that the scope lets through."""
    mine = {operation.id for operation in batch if scope.actor in (None, operation.actor)}
    if scope.visible is None or not mine or scope.task_id is not None:
        return mine
    pairs = reader.operation_tasks(batch[-1].id, batch[0].id)
    return mine & {operation for operation, task_id in pairs if task_id in scope.visible}


def _line(reader: SqliteReader, voice: Voice, operation: Operation, scope: Scope, now: datetime) -> Line | None:
    """The line of an operation; None where it is not worth one."""
    told = telling.tell(reader, voice, operation._replace(undone_by=None), scope.task_id)
    if not told.sentence:
        return None
    local = from_utc_text(operation.at).astimezone(now.tzinfo)
    who, what = split(told)
    return Line(
        operation.id,
        f"{local:%Y-%m-%d}",
        f"{local:%H:%M}",
        who,
        what,
        told.released if " · released " in told.sentence else (),
        operation.kind == "system",
        operation.undone_by is not None,
        told.tasks[:8],
    )


def split(told: Told) -> tuple[str, str]:
    """Who and what of a sentence, without the tasks that it released: both have a place of their own on a line."""
    who, what = f"@{told.operation.actor}", told.sentence
    if told.released and " · released " in what:
        what = what.rpartition(" · released ")[0]
    return (who, what.removeprefix(f"{who} ")) if what.startswith(f"{who} ") else ("", what)
