"""What an operation changed, field by field, before and after; core/sentences.py tells it in one line."""

from __future__ import annotations

from taskterm.core.lean import NamedTuple
from taskterm.core.model import KEYS, Change, Insert, Update
from taskterm.core.sentences import Voice, value_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


class Detail(NamedTuple):
    """One field of one row, before and after an operation: None where the row was not there, empty for no value."""

    subject: str
    field: str
    before: str | None
    after: str | None


_UNTOLD = ("uuid", "created_at", "created_by")
"""Fields of a row that comes or goes which its operation tells already."""


def details(changes: Iterable[Change], voice: Voice) -> list[Detail]:
    """Every field that an operation changed. A row that came or went has its fields that hold something."""
    found: list[Detail] = []
    for change in changes:
        if isinstance(change, Update):
            subject = _subject(change.table, change.key, voice)
            for name in dict.fromkeys((*change.before, *change.after)):
                old, new = (value_text(name, side.get(name), voice.now) for side in (change.before, change.after))
                found.append(Detail(subject, name, old, new))
            continue
        subject, keys = _subject(change.table, change.row, voice), KEYS[change.table]
        values = {name: value_text(name, v, voice.now) for name, v in change.row.items() if v not in (None, "", 0)}
        told_fields = [name for name in values if name not in keys and name not in _UNTOLD] or ["exists"]
        for name in told_fields:
            value = values.get(name, "yes")
            here = isinstance(change, Insert)
            found.append(Detail(subject, name, None if here else value, value if here else None))
    return found


def _subject(table: str, row: Mapping[str, Any], voice: Voice) -> str:
    if table == "task":
        return voice.name(row["id"])
    if table == "dependency":
        return f"{voice.mark}{row['successor_id']} waits for {voice.mark}{row['predecessor_id']}"
    if table == "task_tag":
        return f"{voice.mark}{row['task_id']} +{row['tag']}"
    if table == "run_task":
        return f"{voice.mark}{row['task_id']} in run {row['run_id']}"
    return f"{table.replace('board_', '').replace('_', ' ')} " + " ".join(str(row[name]) for name in KEYS[table])
