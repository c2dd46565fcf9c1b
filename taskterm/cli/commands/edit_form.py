"""`edit 12` alone: the facts and notes of a task as text in the user's editor, and what came back as one operation."""

from __future__ import annotations

from taskterm.cli.answer import named
from taskterm.cli.editor import draft, refuse_with
from taskterm.cli.session import Session
from taskterm.core.capture import parse_capture
from taskterm.core.durations import format_minutes
from taskterm.core.errors import RuleError, UsageError
from taskterm.core.lean import datetime
from taskterm.core.model import Task
from taskterm.core.wording import shown
from taskterm.core.zone import day_end, day_start, from_utc_text, to_utc_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LINES = (
    ("title", "title"),
    ("owner", "assignee"),
    ("project", "project"),
    ("tags", "tags"),
    ("pri", "priority"),
    ("est", "estimate_minutes"),
    ("due", "due"),
    ("scheduled", "scheduled"),
    ("wait", "wait"),
    ("repeat", "recurrence"),
)
"""The lines of the form: the word in front of the colon and the field of the task."""

_RULER = "--- notes, up to the end ---"


def edit(session: Session, ref: str) -> int:
    """Opens the editor; only the lines that were changed are sent, with the values that they had."""
    from taskterm.cli.commands.tasks import show_edited
    from taskterm.core.commands.refs import resolve

    with session.store().read() as reader:
        task = resolve(reader, ref)
    with draft(session, f"{task.id}.md", form(task, session.now)) as copy:
        text = copy.edit()
        try:
            args = changes(task, text, session.now)
            if not args:
                session.note(f"{named(task)} is as it was")
                return 0
            result = session.execute("edit", {"refs": [task.id], **args})
        except (RuleError, UsageError) as error:
            if isinstance(error, UsageError):
                error = RuleError(error.message, error.hint)
            refuse_with(copy, error)
        except BaseException:
            copy.kept = True  # the database is busy or gone: what was typed is not
            session.note(copy.where())
            raise
    show_edited(session, result)
    return 0


def form(task: Task, now: datetime) -> str:
    """The text for the editor."""
    lines = [
        f"# {task.id}: change what is behind the colons; an empty line clears the fact, lines with # are left out."
    ]
    lines += [f"{word + ':':<11}{_value(task, field, now)}".rstrip() for word, field in _LINES]
    return "\n".join([*lines, _RULER, task.notes]).rstrip("\n") + "\n"


def _value(task: Task, field: str, now: datetime) -> str:
    """A fact as a person types it; dates in ISO 8601, which means the same on every day."""
    value = getattr(task, field)
    if value is None:
        return ""
    if field == "tags":
        return " ".join(value)
    if field == "estimate_minutes":
        return format_minutes(value)
    if field not in ("due", "scheduled", "wait"):
        return str(value)
    local = from_utc_text(value).astimezone(now.tzinfo)
    limit = day_end if field == "due" else day_start
    if to_utc_text(limit(local.date(), local.tzinfo)) == value:
        return f"{local:%Y-%m-%d}"
    return f"{local:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def changes(task: Task, text: str, now: datetime) -> dict[str, Any]:
    """The arguments of the store's `edit` for an edited form, empty where nothing differs. UsageError names a line."""
    head, ruler, notes = text.replace("\r\n", "\n").partition(_RULER)
    if not ruler:
        raise UsageError("the line in front of the notes is gone", "leave it as it is: " + _RULER)
    words = dict(_LINES)
    new: dict[str, Any] = {}
    tags: dict[str, list[str]] = {}
    for number, line in enumerate(head.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        word, colon, typed = line.partition(":")
        field = words.get(word.strip().lower(), "")
        if not colon or not field:
            raise UsageError(f"line {number}: {shown(line)} is no fact of a task", "the facts are " + ", ".join(words))
        typed = typed.strip()
        if typed == _value(task, field, now).strip():
            continue
        try:
            if field == "tags":
                tags = _tags(task, typed)
            else:
                new[field] = _read(word.strip().lower(), field, typed, now)
        except UsageError as error:
            raise UsageError(f"line {number}: {error.message}", error.hint) from None
    after = notes.removeprefix("\n").rstrip("\n")
    if after != task.notes.rstrip("\n"):
        new["notes"] = after
    expect = {field: getattr(task, field) for field in new}
    return {name: value for name, value in {"set": new, "expect": expect, **tags}.items() if value}


def _read(word: str, field: str, typed: str, now: datetime) -> Any:
    if field == "title":
        if not typed:
            raise UsageError("a task needs a title")
        return typed
    if not typed:
        return None
    item = f"@{typed.removeprefix('@')}" if field == "assignee" else f"{word}:{typed}"
    parsed = parse_capture([item], now)
    if parsed.title:
        raise UsageError(f"{shown(typed)} is not understood", "a person is one word")
    return getattr(parsed, field)


def _tags(task: Task, typed: str) -> dict[str, list[str]]:
    wanted = [tag.removeprefix("+") for tag in typed.replace(",", " ").split()]
    return {
        "add_tags": [tag for tag in wanted if tag not in task.tags],
        "remove_tags": [tag for tag in task.tags if tag not in wanted],
    }
