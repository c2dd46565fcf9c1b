"""The fields of a task as a form shows and reads them: value, text, what a text means, what it stands against. Pure."""

from datetime import datetime
from typing import Any, NamedTuple

from taskterm.core import dates, recurrence
from taskterm.core.capture import parse_capture
from taskterm.core.errors import Clash, UsageError
from taskterm.tui.rows import Span
from taskterm.tui.text import visible
from taskterm.tui.widgets.bits import when


class Field(NamedTuple):
    """One line of the form. `key` is the word of the capture grammar that reads its value; empty for plain text.

    `about` says what an empty field is for, where its name does not.
    """

    name: str  # field of the task, or `tags`
    label: str
    key: str
    example: str
    about: str = ""


FIELDS = (
    Field("title", "title", "", "what has to happen"),
    Field("assignee", "owner", "@", "ana"),
    Field("project", "project", "project", "site.web"),
    Field("tags", "tags", "+", "ops release"),
    Field("priority", "priority", "pri", "H, M or L"),
    Field("estimate_minutes", "estimate", "est", "2h, 30 min"),
    Field("due", "due", "due", "fri 17:00, +2w, 27 nov"),
    Field("scheduled", "scheduled", "scheduled", "mon", "not to begin before then"),
    Field("wait", "wait", "wait", "in 3 days", "out of sight until then"),
    Field("recurrence", "repeat", "repeat", "weekly, every 2 weeks"),
)
LABELS = {field.name: field.label for field in FIELDS} | {"notes": "notes"}
MOMENTS = ("due", "scheduled", "wait")


def shown_value(name: str, value: Any, now: datetime) -> str:
    """The value of a field as a person types it; empty for none."""
    if value is None:
        return ""
    if name == "tags":
        return " ".join(value)
    if name in MOMENTS:
        return dates.format_moment(value, now, end=name == "due")
    if name == "estimate_minutes":
        return dates.format_minutes(value)
    return str(value)


def read_value(field: Field, text: str, now: datetime) -> Any:
    """What the text of a field means, as the store takes it; raises UsageError naming the field."""
    text = text.strip()
    if field.name == "title":
        if not text:
            raise UsageError("a task needs a title", "type what has to happen")
        return text
    if field.name == "tags":
        return read_tags(text, now)
    if not text:
        return None
    word = f"@{text.removeprefix('@')}" if field.key == "@" else f"{field.key}:{text}"
    parsed = parse_capture([word], now)
    if parsed.title:
        raise UsageError(f"{field.label}: {visible(text)} is not understood", f"write it like {field.example}")
    return getattr(parsed, field.name)


def read_tags(text: str, now: datetime) -> tuple[str, ...]:
    """The tags of a text, with or without their plus signs; UsageError for what is none."""
    words = [word.removeprefix("+") for word in text.replace(",", " ").split()]
    for word in words:
        if parse_capture([f"+{word}"], now, strict=False).tags != (word,):
            raise UsageError(f"{visible(word)} is not a tag", "a tag is one word, such as ops or release-2")
    return tuple(dict.fromkeys(words))


def tag_changes(before: tuple[str, ...], wanted: tuple[str, ...]) -> dict[str, list[str]]:
    """The tags to add and to remove, as `edit` takes them."""
    found = {
        "add_tags": [tag for tag in wanted if tag not in before],
        "remove_tags": [tag for tag in before if tag not in wanted],
    }
    return {name: values for name, values in found.items() if values}


def understood(field: Field, text: str, now: datetime, actor: str) -> list[Span]:
    """What stands beside a field while it is typed: what it means, or why it means nothing."""
    try:
        value = read_value(field, text, now)
    except UsageError as error:
        return [Span("? ", "warn", True), Span(visible(error.message), "warn")]
    if value is None:
        return []
    if field.name in MOMENTS:
        moment = dates.format_moment(value, now, end=field.name == "due")
        return [Span(moment), Span(f" ({dates.relative(value, now)})", "mute")]
    if field.name == "estimate_minutes":
        return [Span(dates.format_minutes(value))]
    if field.name == "recurrence":
        return [Span(visible(recurrence.describe(value)))]
    if field.name == "tags":
        return [Span(visible(" ".join(f"+{tag}" for tag in value)))]
    if field.name == "assignee":
        return [Span(visible(f"@{actor}" if value.casefold() == "me" else f"@{value}"))]
    return []


def told(name: str, value: Any, now: datetime) -> str:
    """A value as a sentence shows it; `empty` for none."""
    if name == "assignee" and value:
        return visible(f"@{value}")
    if name == "recurrence" and value:
        return visible(recurrence.describe(value))
    return visible(shown_value(name, value, now)) or "empty"


def clash_told(clash: Clash, now: datetime) -> list[Span]:
    """What stands beside a field that somebody else has changed too: who, to what, when."""
    what = "changed them too" if clash.field == "notes" else f"made it {told(clash.field, clash.theirs, now)}"
    who = [Span("! ", "warn", True), Span(visible(f"@{clash.by} "), "warn"), Span(what, "text")]
    return [*who, Span(f", {when(clash.at, now)}", "mute")] if clash.at else who
