"""`view save | list | remove`: queries with a name, used as `view:NAME` wherever a query is."""

from __future__ import annotations

from taskterm.cli import asking
from taskterm.cli.answer import object_of
from taskterm.cli.options import Command, Given, need
from taskterm.cli.session import Session
from taskterm.cli.text import Cell, table
from taskterm.core.display import visible
from taskterm.core.errors import UsageError
from taskterm.store import lists

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from taskterm.core.model import View


def save(session: Session, given: Given) -> int:
    """Keeps a query under a name; says what it replaces."""
    from taskterm.core import query

    words = given.all_words()
    need(words, "the name of the view", "view save urgent ready pri.min:M sort:-urgency")
    need(words[1:], f"the query of {visible(words[0])}", f"view save {visible(words[0])} ready pri.min:M sort:-urgency")

    def views() -> list[View]:
        with session.store(create=True).read() as reader:
            return reader.views()

    asked = query.parse(words[1:], session.now, me=session.actor, views=views, inside=words[0])
    if not asking.are_held(asked, ()):  # a slip would stay for long, so it is refused as in a list
        with session.store(create=True).read() as reader:
            asking.refuse_misspelt(asked, lists.rows(reader, "all_rows_noted", every_tag=False))
    result = session.execute("view_save", {"name": words[0], "query": asked.text.strip()}, create=True)
    name, before = result.outcome.created["name"], result.outcome.created.get("before")
    if session.json:
        session.data(object_of(session, result) | {"view": _view(session, name), "replaced": before})
    elif result.operation_id is not None:
        session.say(f"view:{visible(name)} is {visible(asked.text.strip())}")
        if before is not None:
            session.note(f"it replaces {visible(before)}; take it back with: taskterm undo")
    for note in result.outcome.notes:
        session.note(note)
    return 0


def _view(session: Session, name: str) -> dict[str, Any] | None:
    with session.store().read() as reader:
        return next((_fields(view) for view in reader.views() if view.name == name), None)


def _fields(view: View) -> dict[str, Any]:
    return {"name": view.name, "query": view.query, "created_by": view.created_by}


def show_list(session: Session, given: Given) -> int:
    """The saved views."""
    if given.all_words():
        raise UsageError("view list takes no words", "see the tasks of a view with: taskterm list view:NAME")
    views: list[View] = []
    if not session.is_new():
        with session.store().read() as reader:
            views = reader.views()
    if session.json:
        session.data([_fields(view) for view in views])
        return 0
    rows = [[Cell(view.name, strong=True), Cell(view.query), Cell(f"by {view.created_by}", "mute")] for view in views]
    for line in table(rows, width=session.width, colour=session.colour, flex=(1,)):
        session.say(line)
    if not views:
        session.note("no view is saved; save one with: taskterm view save urgent ready pri.min:M sort:-urgency")
    return 0


def remove(session: Session, given: Given) -> int:
    """Takes views away; their tasks stay as they are."""
    words = given.all_words()
    need(words, "the view", "view remove urgent")
    result = session.execute("view_remove", {"names": words})
    names = result.outcome.created["names"]
    if session.json:
        session.data(object_of(session, result) | {"removed": names})
    else:
        for name in names:
            session.say(f"view:{visible(name)} is removed")
    return 0


COMMANDS = {
    "view save": Command(
        "view save",
        "NAME QUERY…",
        "keep a query under a name",
        save,
        examples=(
            ("view save urgent ready pri.min:M sort:-urgency", "then: taskterm list view:urgent"),
            ("view save mine '@me (ready or doing)'", "brackets and < > in quotes"),
            ("view save today view:mine due.by:today", "a view may ask for another"),
        ),
        notes=(
            "A name holds letters, digits and - _ . A view of that name is replaced, which undo takes back. Dates keep "
            "their words, so due.by:today means another day tomorrow, and @me is whoever looks.",
            "What a query can hold is explained by: taskterm help queries",
        ),
        dashes="tags",
    ),
    "view list": Command(
        "view list",
        "",
        "the saved views",
        show_list,
        examples=(("view list", "the tasks of one: taskterm list view:urgent"),),
    ),
    "view remove": Command(
        "view remove",
        "NAME…",
        "take views away; tasks stay as they are",
        remove,
        examples=(("view remove urgent", ""),),
    ),
}
