"""The top of every board column, without reading the cards below it: first narrow rows, then the few that are shown."""

from __future__ import annotations

from taskterm.core import urgency
from taskterm.core.lean import NamedTuple
from taskterm.core.model import Task
from taskterm.core.snapshot import Stage, board, column_of, fill_of
from taskterm.core.zone import epoch_of, to_utc_text
from taskterm.store._sql import SQL
from taskterm.store.sqlite import SqliteReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from taskterm.core.lean import datetime

    Alike = tuple[str, str | None, bool, bool, str | None]
    """Status, column, whether something it waits for is open, whether its wait is ahead, state of its newest run."""


class Top(NamedTuple):
    """One column as far as it is shown: its first cards, and how many it holds in all."""

    stage: Stage
    size: int


def top(reader: SqliteReader, now: datetime, limit: int) -> tuple[Top, ...]:
    """The columns from left to right, each with its first `limit` cards in the order of core.snapshot.board."""
    at, seconds = to_utc_text(now), now.timestamp()
    columns = tuple(reader.columns())
    tagged = {task_id for (task_id,) in reader.connection.execute(SQL["with_tag"], {"tag": "next"})}
    groups: dict[Alike, list[urgency.Weighed]] = {}
    for row in reader.connection.execute(SQL["board_cards"]):
        status, column, predecessors, wait, run_state = row[6:]
        alike: Alike = (status, column, predecessors > 0, wait is not None and wait > at, run_state)
        found = groups.get(alike)
        if found is None:
            groups[alike] = [row[:6]]
        else:
            found.append(row[:6])
    counts = dict.fromkeys((column.key for column in columns), 0)
    chosen: list[int] = []
    for alike, rows in groups.items():
        key = column_of(_example(alike), at, columns)
        if key is not None:
            counts[key] += len(rows)
            # All of these have the same further terms of urgency, so that the first of them are the first there.
            chosen += urgency.most_urgent(rows, tagged, limit, seconds, epoch_of)
    tasks = [task for task in map(reader.task, chosen) if task is not None]
    for column in columns:
        if column.kind == "done":
            counts[column.key] += reader.connection.execute(SQL["count_done"]).fetchone()[0]
            tasks += reader.tasks("done_newest", limit=limit)
            break
    stages = board(columns, tasks, at, urgency.urgency_at(seconds, epoch_of))
    return tuple(_cut(stage, counts[stage.column.key], limit) for stage in stages)


def _example(alike: Alike) -> Task:
    """A task that stands where all of a group do."""
    status, column, blocked, waiting, run_state = alike
    return Task(
        0,
        "",
        "",
        status=status,
        column=column,
        open_predecessors=int(blocked),
        wait="9999-12-31T23:59:59Z" if waiting else None,
        run_state=run_state,
    )


def _cut(stage: Stage, count: int, limit: int) -> Top:
    return Top(stage._replace(tasks=stage.tasks[:limit], limit_state=fill_of(stage.column, count)), count)
