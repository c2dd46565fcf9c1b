"""The commands list and next. What they import is counted in milliseconds, so look twice.

Without a query they read narrow rows and know where the first ones are; queries are in commands/listing.py.
"""

from __future__ import annotations

import gc

from taskterm.cli.options import Command, Given, Option
from taskterm.cli.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskterm.core.model import Task
    from taskterm.core.snapshot import Group
    from taskterm.store.sqlite import SqliteReader


def list_tasks(session: Session, given: Given) -> int:
    """The open tasks, or those that a query chooses, grouped by what needs a look first."""
    words, limit = given.all_words(), given.number("n")
    if session.is_new():
        return _nothing(session)
    if words or given.flag("all"):
        from taskterm.cli.commands import listing

        return listing.list_chosen(session, words, given.flag("all"), limit)
    from taskterm.store import lists

    with session.store().read() as reader:
        tasks = None
        if limit is not None and limit <= lists.FEW:
            tasks = lists.first(reader, session.now, limit, ready_only=False)
        if tasks is None:
            tasks = lists.open_tasks(reader)
        return _show(session, reader, tasks, limit)


def next_tasks(session: Session, given: Given) -> int:
    """What can be started now, the most urgent first."""
    words = given.all_words()
    limit = given.number("n") or 5
    if session.is_new():
        return _nothing(session)
    if words:
        from taskterm.cli.commands import listing

        return listing.list_chosen(session, words, False, limit, only="ready")
    from taskterm.store import lists

    with session.store().read() as reader:
        return _show(session, reader, lists.first(reader, session.now, limit, ready_only=True) or [], limit)


def _nothing(session: Session) -> int:
    if session.json:
        session.data([])
    session.note(f'no tasks yet; {session.path} is made by the first: taskterm add "Write the notes"')
    return 0


def _show(session: Session, reader: SqliteReader, tasks: list[Task], limit: int | None) -> int:
    from taskterm.cli.picture import of_list
    from taskterm.cli.rows import show_groups
    from taskterm.core.snapshot import groups
    from taskterm.core.urgency import urgency_at
    from taskterm.core.zone import epoch_of, to_utc_text

    gc.disable()  # thousands of records, and the process ends with them
    chosen = groups(tasks, to_utc_text(session.now), urgency_at(session.now.timestamp(), epoch_of))
    if limit is not None:
        chosen = first(chosen, limit)
    shown = [task for group in chosen for task in group.tasks]
    if session.json:
        from taskterm.cli.answer import objects_of_tasks

        session.data(objects_of_tasks(session, reader, [task.id for task in shown]))
        return 0
    if not chosen:
        session.note('nothing is open; add a task with: taskterm add "Write the notes"')
        return 0
    show_groups(session, of_list(reader, shown, {task.id: task for task in tasks}), chosen)
    return 0


def first(groups: Sequence[Group], limit: int) -> tuple[Group, ...]:
    """The first `limit` tasks of the groups, groups left empty taken out."""
    found = []
    for group in groups:
        if limit > 0:
            found.append(group._replace(tasks=group.tasks[:limit]))
            limit -= len(group.tasks)
    return tuple(found)


COMMANDS = {
    "list": Command(
        "list",
        "[QUERY…]",
        "the open tasks, or those that a query chooses",
        list_tasks,
        (Option("--all", "finished and cancelled ones too"), Option("-n", "at most so many", "N", number=True)),
        (
            ("list", "everything that is open"),
            ("list ready @ana", "what Ana can start"),
            ("list project:site -ops -n 10", "of a project, without a tag, ten at most"),
            ("list blocked or overdue", "and, or, not and ( ) combine"),
            ("list pri.min:M due.by:fri sort:due", "in an order of your own"),
            ("list view:urgent", "what a saved view asks for; see: taskterm help view"),
        ),
        (
            "A query holds states (ready blocked doing running failed waiting done cancelled overdue), +tag, -tag,"
            " @person, project:NAME, dates (due.by:fri), ids (12, 12..20), pieces of titles, saved views (view:urgent)"
            " and sort:due,-urgency. All of it: taskterm help queries",
        ),
        "tags",
    ),
    "next": Command(
        "next",
        "[QUERY…]",
        "what can be started now, the most urgent first",
        next_tasks,
        (Option("-n", "at most so many (5)", "N", number=True),),
        (("next", "five tasks"), ("next @ana -n 1", "the one for Ana")),
        dashes="tags",
    ),
}
