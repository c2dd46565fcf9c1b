"""`column list | add | edit | remove`: the board's own stages, and how many cards each may hold."""

from __future__ import annotations

from taskterm.cli.answer import changed
from taskterm.cli.options import Command, Given, Option, need
from taskterm.cli.session import Session
from taskterm.cli.text import Cell, table
from taskterm.core.display import visible
from taskterm.core.errors import UsageError
from taskterm.core.model import Column
from taskterm.store.schema import COLUMNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def show(session: Session, given: Given) -> int:
    """The columns from left to right, with their limits and how many cards stand in each stage."""
    if session.is_new():
        columns = [Column(*row) for row in COLUMNS]  # what the first task would find
        held = {c.key: 0 for c in columns if c.kind == "stage"}
    else:
        with session.store().read() as reader:
            columns = reader.columns()
            held = {c.key: reader.count_in_column(c.key) for c in columns if c.kind == "stage"}
    if session.json:
        session.data([{**column._asdict(), "cards": held.get(column.key)} for column in columns])
        return 0
    filled = {"blocked": "by the graph", "ready": "by the graph", "done": "when tasks end"}
    rows = [
        [
            Cell(column.key),
            Cell(column.name),
            Cell(_cards(held[column.key]) if column.kind == "stage" else filled[column.kind], "mute"),
            Cell(f"at most {column.wip_limit}" if column.wip_limit else "", "mute"),
        ]
        for column in columns
    ]
    for line in table(rows, width=session.width, colour=session.colour):
        session.say(line)
    return 0


def _cards(count: int) -> str:
    return f"{count} card{'' if count == 1 else 's'}"


def add(session: Session, given: Given) -> int:
    """A new stage."""
    words = given.all_words()
    need(words, "the name of the stage", "column add Testing --after doing --limit 3")
    args: dict[str, Any] = {"name": " ".join(words), "limit": given.number("limit")}
    if given.text("after"):
        args["after"] = given.text("after")
    result = session.execute("column_add", args, create=True)
    changed(session, result, [f"{visible(args['name'])} is a stage of the board"])
    return 0


def edit(session: Session, given: Given) -> int:
    """Another name, limit or place."""
    words = given.all_words()
    need(words, "the column", "column edit doing --limit 5")
    args: dict[str, Any] = {"column": " ".join(words)}
    if given.text("name") is not None:
        args["name"] = given.text("name")
    if given.number("limit") is not None or given.flag("no-limit"):
        args["limit"] = given.number("limit")
    if given.text("after"):
        args["after"] = given.text("after")
    if len(args) == 1:
        raise UsageError("nothing to change was given", "for example: taskterm column edit doing --limit 5")
    result = session.execute("column_edit", args, create=True)
    with session.store().read() as reader:
        column = next(c for c in reader.columns() if c.key == result.outcome.created["key"])
    limit = f" · at most {_cards(column.wip_limit)}" if column.wip_limit else ""
    changed(session, result, [f"{visible(column.name)} is changed{limit}"])
    return 0


def remove(session: Session, given: Given) -> int:
    """A stage goes; its cards go to its neighbour."""
    words = given.all_words()
    need(words, "the stage", "column remove review")
    result = session.execute("column_remove", {"column": " ".join(words)}, create=True)
    changed(session, result, [f"{visible(' '.join(words))} is no longer a stage of the board"])
    return 0


_AFTER = Option("--after", "the column on its left", "COLUMN")
COMMANDS = {
    "column list": Command(
        "column list", "", "the columns of the board", show, examples=(("column list", "and how full the stages are"),)
    ),
    "column add": Command(
        "column add",
        "NAME",
        "add a stage to the board",
        add,
        (_AFTER, Option("--limit", "at most so many cards", "N", number=True)),
        (("column add Testing --after doing --limit 3", ""),),
    ),
    "column edit": Command(
        "column edit",
        "COLUMN",
        "rename, limit or move a column",
        edit,
        (
            Option("--name", "another name", "NAME"),
            Option("--limit", "at most so many cards", "N", number=True),
            Option("--no-limit", "as many cards as there are"),
            _AFTER,
        ),
        (("column edit doing --limit 5", "no sixth card without --force"), ("column edit review --name Check", "")),
    ),
    "column remove": Command(
        "column remove",
        "STAGE",
        "take a stage out; its cards go to the next one",
        remove,
        examples=(("column remove review", ""),),
    ),
}
