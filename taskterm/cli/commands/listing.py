"""Lists that a query chooses, and lists as JSON. The plain list of everything open is in quick_lists.py."""

from __future__ import annotations

import gc

from taskterm.cli import asking, picture
from taskterm.cli.quick_lists import first
from taskterm.cli.rows import show_groups
from taskterm.cli.session import Session
from taskterm.core.model import OPEN, Task
from taskterm.core.query import ordered
from taskterm.core.query_order import is_plain
from taskterm.core.snapshot import Group, groups
from taskterm.core.urgency import urgency_at
from taskterm.core.zone import epoch_of, to_utc_text
from taskterm.store import lists

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskterm.core.query import Query
    from taskterm.store.sqlite import SqliteReader


def list_chosen(session: Session, words: Sequence[str], everything: bool, limit: int | None, only: str = "") -> int:
    """The tasks that fit the query, open ones unless `everything` or unless the query asks for ended ones.

    In groups by state, or as one list in the order of its `sort:`. `only` is a state which all of them have to be in.
    """
    asked = asking.parse(session, [only, "(", *words, ")"] if only and words else [only] if only else words)
    ended = everything or asked.ended
    with session.store().read() as reader:
        rows = _rows(reader, asked, ended)
        chosen = _chosen(session, reader, asked, [t for t in rows if ended or t.status in OPEN])
        if limit is not None:
            chosen = first(chosen, limit)
        if session.json or chosen:
            _answer(session, reader, chosen, rows)
            return 0
        everyone = lists.rows(reader, "all_rows_noted", every_tag=True) if words else []
    if words:
        hint = "" if ended else "--all looks at finished tasks too"
        if only:
            from shlex import join

            hint = f"what else fits: taskterm list {join(words)}"
        asking.say_nothing_fits(session, words, asked, everyone, hint, only)
    elif only:
        session.note(f"nothing is {only}")
    else:
        session.note("there are no tasks" + ("" if ended else "; --all looks at finished tasks too"))
    return 0


def _rows(reader: SqliteReader, asked: Query, ended: bool) -> list[Task]:
    """All open tasks at least, with notes where the query looks at them. UsageError for a word that is a slip."""
    gc.disable()  # thousands of records, and the process ends with them
    if asked.test is None and not ended and is_plain(asked.sort):
        return lists.open_tasks(reader)
    noted = "_noted" if "notes" in asked.needs else ""
    tags = "tags" in asked.needs
    rows = lists.rows(reader, ("all_rows" if ended else "open_rows") + noted, every_tag=tags)
    if not asking.are_held(asked, rows):
        if not ended:
            rows = lists.rows(reader, "all_rows_noted", every_tag=tags)
        asking.refuse_misspelt(asked, rows)
    return rows


def _chosen(session: Session, reader: SqliteReader, asked: Query, rows: Sequence[Task]) -> tuple[Group, ...]:
    at = to_utc_text(session.now)
    snapshot = lists.asked(reader, rows, asked.needs)
    tasks = [task for task in rows if asked.fits(snapshot, task, at)]
    if asked.sort and tasks:
        return (Group("", tuple(ordered(tasks, asked.sort, at))),)
    return groups(tasks, at, urgency_at(session.now.timestamp(), epoch_of))


def _answer(session: Session, reader: SqliteReader, chosen: Sequence[Group], rows: Sequence[Task]) -> None:
    shown = [task for group in chosen for task in group.tasks]
    if not session.json:
        show_groups(session, picture.of_list(reader, shown, {task.id: task for task in rows}), chosen)
        return
    from taskterm.cli.answer import objects_of_tasks

    session.data(objects_of_tasks(session, reader, [task.id for task in shown]))
