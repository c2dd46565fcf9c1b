"""Rules for saved views: queries with a name, which every list and the screen can ask for as `view:NAME`."""

from __future__ import annotations

from taskterm.core import query
from taskterm.core.commands import fields
from taskterm.core.errors import NotFound, RuleError, UsageError
from taskterm.core.model import Change, Delete, Insert, Outcome, Update, View
from taskterm.core.query_words import KEYS, cut
from taskterm.core.wording import closest, shown
from taskterm.core.zone import from_utc_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from taskterm.core.port import Reader

NAME_LIMIT = 40
_SIGNS = "-_."


def view_save(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Keeps `query` under `name`; a view of that name, letter case ignored, is replaced. `created` holds the `name`
    and, where it was replaced, the query `before`. UsageError for a query that is not understood."""
    name = _name(args["name"])
    line = fields.single_line(str(args["query"]), "the query", query.LONGEST).strip()
    if not line:
        raise UsageError("the query is missing", "for example: taskterm view save urgent ready pri.min:M")
    views = reader.views()
    known = find(views, name)
    name = known.name if known else name
    moment = from_utc_text(now).astimezone(reader.zone)
    query.parse(line, moment, me=actor, views=lambda: views, inside=name)
    if known is None:
        position = max((view.position for view in views), default=0) + 1
        return Outcome((Insert("view", View(name, line, position, actor)._asdict()),), created={"name": name})
    if known.query == line:
        return Outcome(created={"name": name}, notes=(f"the view {name} is like that already",))
    old = {"query": known.query, "created_by": known.created_by}
    new = {"query": line, "created_by": actor}
    changed = {field: value for field, value in new.items() if old[field] != value}
    change = Update("view", {"name": name}, {field: old[field] for field in changed}, changed)
    return Outcome((change,), created={"name": name, "before": known.query})


def view_remove(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Takes the views `names` away; refused while another view names one of them. `created` holds the `names`."""
    views = reader.views()
    going: dict[str, View] = {}
    for wanted in args["names"]:
        view = find(views, str(wanted))
        if view is None:
            raise missing(views, str(wanted))
        going[view.name] = view
    if not going:
        raise UsageError("no view was named", "for example: taskterm view remove urgent")
    for view in views:
        needed = [name for name in going if name.casefold() in names_in(view.query)]
        if needed and view.name not in going:
            raise RuleError(
                f"the view {view.name} asks for view:{needed[0]}", f"remove {view.name} too, or save it without that"
            )
    changes: tuple[Change, ...] = tuple(Delete("view", view._asdict()) for view in going.values())
    return Outcome(changes, created={"names": list(going)})


def find(views: Iterable[View], name: str) -> View | None:
    """The view of this name, letter case ignored."""
    return next((view for view in views if view.name.casefold() == name.casefold()), None)


def missing(views: Iterable[View], name: str) -> NotFound:
    """The error for a name that no view has."""
    names = {view.name.casefold(): view.name for view in views}
    meant = closest(name.casefold(), names, 0.6)
    guess = f"; did you mean {names[meant]}?" if meant else ""
    return NotFound(f"there is no view {shown(name)}{guess}", "see them with: taskterm view list")


def names_in(line: str) -> set[str]:
    """The names of the views that a query asks for itself, in folded letters."""
    keys = (word for word in cut(line) if word.kind == "key" and KEYS.get(word.name) == "view")
    return {word.value.strip().casefold() for word in keys}


def _name(value: object) -> str:
    name = str(value)
    if not name:
        raise UsageError("the view has no name", "for example: taskterm view save urgent ready pri.min:M")
    if len(name) > NAME_LIMIT:
        raise UsageError(f"the name of a view has at most {NAME_LIMIT} characters, this one {len(name):,}")
    fields.single_line(name, "the name", NAME_LIMIT)
    if not name[0].isalnum() or not all(c.isalnum() or c in _SIGNS for c in name):
        raise UsageError(
            f"{shown(name)} cannot be the name of a view", "use letters, digits and - _ . , a letter or digit first"
        )
    return name
