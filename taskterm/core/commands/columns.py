"""Rules for the board's own stages: added, renamed, limited, put elsewhere, taken out. Blocked, Ready, Done stay."""

from __future__ import annotations

from taskterm.core.commands import fields
from taskterm.core.errors import NotFound, RuleError, UsageError
from taskterm.core.model import Change, Column, Delete, Insert, Outcome, Update

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from taskterm.core.port import Reader

NAME_LIMIT = 24
LIMIT_MOST = 999


def column_add(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """A new stage called `name`, behind the stage `after` (else the last one); `created` holds its `key`."""
    columns = reader.columns()
    name = _name(args.get("name"), columns)
    stages = [column for column in columns if column.kind == "stage"]
    after = find(columns, str(args["after"])) if args.get("after") else stages[-1]
    if after.kind not in ("ready", "stage"):
        raise RuleError(f"a stage cannot stand behind {after.name}", "stages stand between Ready and Done")
    key = _key(name, columns)
    stage = Column(key, name, 0, "stage", _limit(args.get("limit")))
    order = list(columns)
    order.insert(order.index(after) + 1, stage)
    position = order.index(stage) + 1
    row = {**stage._asdict(), "position": position}
    return Outcome((*_positions(columns, order), Insert("board_column", row)), created={"key": key})


def column_edit(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Changes a column's `name`, a stage's `limit` (None takes it away), or puts a stage behind `after`."""
    columns = reader.columns()
    column = find(columns, str(args["column"]))
    new: dict[str, Any] = {}
    if "name" in args:
        new["name"] = _name(args["name"], [other for other in columns if other is not column])
    if "limit" in args:
        if column.kind != "stage":
            raise RuleError(f"{column.name} takes no limit", "the graph fills it; limit a stage such as Doing")
        new["wip_limit"] = _limit(args["limit"])
    changes: list[Change] = []
    if args.get("after"):
        changes += _put_behind(columns, column, find(columns, str(args["after"])))
    old = column._asdict()
    new = {field: value for field, value in new.items() if old[field] != value}
    if new:
        changes.append(Update("board_column", {"key": column.key}, {field: old[field] for field in new}, new))
    if not changes:
        raise RuleError(f"{column.name} is like that already", "nothing was changed")
    return Outcome(tuple(changes), created={"key": column.key}, notes=_over_limit(reader, column, new))


def column_remove(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Takes a stage out; its cards go to the stage on its left, or on its right where there is none."""
    columns = reader.columns()
    column = find(columns, str(args["column"]))
    if column.kind != "stage":
        raise RuleError(f"{column.name} cannot be taken out: the graph fills it")
    stages = [other for other in columns if other.kind == "stage"]
    if len(stages) == 1:
        raise RuleError(f"{column.name} is the only stage, and tasks in progress need one", "rename it instead")
    at = stages.index(column)
    target = stages[at - 1] if at else stages[1]
    held = [key["id"] for table, key in reader.rows_referring("board_column", {"key": column.key}) if table == "task"]
    changes: list[Change] = [
        Update("task", {"id": task_id}, {"column": column.key}, {"column": target.key}) for task_id in held
    ]
    changes += _positions(columns, [other for other in columns if other is not column])
    changes.append(Delete("board_column", column._asdict()))
    cards = f"{len(held)} card{'s' if len(held) > 1 else ''}"
    notes = (f"{cards} went to {target.name}",) if held else ()
    return Outcome(tuple(changes), tuple(held), notes=notes, created={"key": column.key})


def find(columns: list[Column], word: str) -> Column:
    """The column with this key or name, letter case ignored. NotFound names those there are."""
    wanted = word.strip().casefold()
    for column in columns:
        if wanted in (column.key.casefold(), column.name.casefold()):
            return column
    raise NotFound(f"the board has no column {word!r}", "it has: " + ", ".join(column.name for column in columns))


def _put_behind(columns: list[Column], column: Column, after: Column) -> list[Change]:
    if column.kind != "stage" or after.kind not in ("ready", "stage"):
        raise RuleError(
            f"{column.name} cannot stand behind {after.name}", "stages stand between Ready and Done, all else stays"
        )
    order = [other for other in columns if other is not column]
    if after is not column:
        order.insert(order.index(after) + 1, column)
        return _positions(columns, order)
    return []


def _positions(columns: list[Column], order: list[Column]) -> list[Change]:
    """What has to change so that the columns that are there stand in this order, numbered from 1."""
    return [
        Update("board_column", {"key": column.key}, {"position": column.position}, {"position": at})
        for at, column in enumerate(order, 1)
        if column in columns and column.position != at
    ]


def _name(value: object, others: list[Column]) -> str:
    name = fields.single_line(str(value or ""), "the name of a column", NAME_LIMIT).strip()
    if not name:
        raise UsageError("a column needs a name", "for example: taskterm column add Testing")
    for other in others:
        if name.casefold() in (other.key.casefold(), other.name.casefold()):
            raise RuleError(f"the board has a column {other.name} already", "choose another name")
    return name


def _key(name: str, columns: list[Column]) -> str:
    """A short name for commands and files: the letters and digits of the name in lower case."""
    plain = "".join(char if char.isalnum() else "-" for char in name.casefold()).strip("-") or "stage"
    taken = {column.key for column in columns}
    key, number = plain, 2
    while key in taken:
        key, number = f"{plain}-{number}", number + 1
    return key


def _limit(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or not 1 <= value <= LIMIT_MOST:
        raise UsageError(f"{value} is not a limit", f"give a number from 1 to {LIMIT_MOST}, or none")
    return value


def _over_limit(reader: Reader, column: Column, new: Mapping[str, Any]) -> tuple[str, ...]:
    limit = new.get("wip_limit")
    held = reader.count_in_column(column.key) if limit is not None else 0
    return (f"{column.name} holds {held}, over its new limit of {limit}",) if limit is not None and held > limit else ()
