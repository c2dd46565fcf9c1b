"""What a task's fields may hold, checked once for every way in: capture, edit, import, workflow."""

from __future__ import annotations

from taskterm.core.errors import UsageError
from taskterm.core.model import PRIORITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

EDITABLE = (
    "title",
    "notes",
    "priority",
    "project",
    "assignee",
    "due",
    "scheduled",
    "wait",
    "estimate_minutes",
    "recurrence",
)
TITLE_LIMIT = 2_000
TEXT_LIMIT = 1_000_000
NAME_LIMIT = 200


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same fields, ready for the database; empty text becomes None. UsageError names the field that is wrong."""
    found: dict[str, Any] = {}
    for field, value in values.items():
        if field not in EDITABLE:
            raise UsageError(f"a task has no field {field!r} that could be set")
        if field == "title":
            found[field] = title(value)
        elif field == "notes":
            found[field] = plain_text(value or "", "the notes", TEXT_LIMIT)
        elif value is None or value == "":
            found[field] = None
        elif field == "priority":
            if value not in PRIORITIES:
                raise UsageError(f"{value!r} is not a priority", "use H, M or L")
            found[field] = value
        elif field == "estimate_minutes":
            if not isinstance(value, int) or not 0 < value < 10_000_000:
                raise UsageError(f"{value!r} is not an estimate", "give minutes, hours or days, such as 90m or 2h")
            found[field] = value
        elif field == "recurrence":
            from taskterm.core import recurrence

            found[field] = recurrence.checked(single_line(str(value), "repeat", NAME_LIMIT))
        elif field in ("due", "scheduled", "wait"):
            found[field] = moment(value, field)
        else:
            found[field] = single_line(value, field, NAME_LIMIT)
    return found


def person(value: str | None, actor: str) -> str | None:
    """Whom a typed name means, as in a query: `me` is who acts, `none` is nobody."""
    word = value.casefold() if value and len(value) < 5 else ""
    return actor if word == "me" else None if word == "none" else value


def title(value: object) -> str:
    """A title as it will be kept: exactly as given, without the white space around it."""
    text = single_line(str(value or ""), "the title", TITLE_LIMIT).strip()
    if not text:
        raise UsageError("a task needs a title", 'for example: taskterm add "Write the release notes"')
    return text


def moment(value: object, field: str) -> str:
    """UTC text as the tables demand it."""
    text = str(value)
    if len(text) == 20 and text[4] == text[7] == "-" and text[10] == "T" and text[-1] == "Z":
        return text
    raise UsageError(f"{field}: {text!r} is not a time in UTC such as 2026-11-27T16:00:00Z")


def plain_text(value: str, what: str, limit: int) -> str:
    """Text that a database and a terminal can hold: no NUL, no half of a surrogate pair, not beyond the limit."""
    if len(value) > limit:
        raise UsageError(f"{what} has {len(value):,} characters; {limit:,} are the most", "shorten it")
    if "\0" in value:
        raise UsageError(f"{what} holds a NUL character", "remove it")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError(f"{what} is not valid Unicode at character {error.start + 1}", "remove it") from None
    return value


def single_line(value: str, what: str, limit: int) -> str:
    """Plain text without control characters (a terminal would obey them)."""
    plain_text(value, what, limit)
    for index, char in enumerate(value):
        if (char < " " and char != "\t") or "\x7f" <= char <= "\x9f" or char in "\u2028\u2029":
            name = {"\n": "a line break", "\r": "a line break", "\x1b": "an escape character"}.get(char)
            raise UsageError(
                f"{what} holds {name or f'the control character U+{ord(char):04X}'} at character {index + 1}",
                "remove it",
            )
    return value


def tags(values: Iterable[str]) -> list[str]:
    """The tags without a leading +, each once, sorted."""
    found = set()
    for value in values:
        tag = single_line(value, "a tag", NAME_LIMIT).strip().lstrip("+")
        if not tag or any(c.isspace() for c in tag):
            raise UsageError(f"{value!r} is not a tag", "a tag is one word, such as +ops")
        found.add(tag)
    return sorted(found)
