"""A line that changes tasks (`+ops @ana due:fri wait:`): what it asks of the store, and the same in words."""

from __future__ import annotations

from taskterm.core.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from taskterm.core.capture import Capture
    from taskterm.core.lean import datetime
    from taskterm.core.model import Task

_FIELDS = ("assignee", "project", "due", "scheduled", "wait", "estimate_minutes", "priority", "recurrence")
_NAMES = {"assignee": "owner", "estimate_minutes": "estimate", "recurrence": "repeat"}


def arguments(capture: Capture, *, notes: str | None = None, folder: str | None = None) -> dict[str, Any]:
    """The arguments of the command `edit`, but for the tasks; empty where the line changes nothing.

    `folder` is where its commands run. UsageError for what no line takes away.
    """
    values = {name: getattr(capture, name) for name in _FIELDS if getattr(capture, name) is not None}
    for name in capture.cleared:
        if name in ("before", "run"):
            how = "taskterm step remove STEP" if name == "run" else "taskterm unlink TASK --after THIS"
            raise UsageError(f"{name}: alone takes nothing away", f"use: {how}")
        if name != "after":
            values.setdefault(name, None)
    if notes is not None:
        values["notes"] = notes
    if capture.title:
        values["title"] = capture.title
    args: dict[str, Any] = {"set": values}
    args |= {"add_tags": list(capture.tags), "remove_tags": list(capture.remove_tags)}
    args |= {"after": list(capture.after), "before": list(capture.before), "clear_after": "after" in capture.cleared}
    if capture.run:
        where = {} if folder is None else {"cwd": folder}
        args["steps"] = [{"run": run, **where} for run in capture.run]
    return {name: value for name, value in args.items() if value}


def phrases(args: Mapping[str, Any], now: datetime) -> list[str]:
    """What `arguments` ask for, a few words each: `owner @ana`, `no due date`, `+ops`, `waits for 12 too`."""
    found = [_field(name, value, now) for name, value in args.get("set", {}).items()]
    found += [f"+{tag}" for tag in args.get("add_tags", ())] + [f"-{tag}" for tag in args.get("remove_tags", ())]
    after, before = args.get("after", ()), args.get("before", ())
    if after:
        found.append(f"waits for {', '.join(map(str, after))}" + (" alone" if args.get("clear_after") else " too"))
    elif args.get("clear_after"):
        found.append("waits for nothing")
    if before:
        found.append(f"holds up {', '.join(map(str, before))}")
    return found + [f"$ {step['run']}" for step in args.get("steps", ())]


def is_so(args: Mapping[str, Any], task: Task) -> bool:
    """Whether the fields and tags of a task are what `arguments` ask for already; links and commands never are."""
    if any(args.get(name) for name in ("after", "before", "clear_after", "steps")):
        return False
    same = all(getattr(task, name) == value for name, value in args.get("set", {}).items())
    tags = set(task.tags)
    return same and tags.issuperset(args.get("add_tags", ())) and tags.isdisjoint(args.get("remove_tags", ()))


def _field(name: str, value: Any, now: datetime) -> str:
    word = _NAMES.get(name, name)
    if value is None:
        return "no due date" if name == "due" else f"no {word}"
    if name == "notes":
        return word
    if name == "assignee":
        return f"{word} @{value}"
    if name in ("due", "scheduled", "wait"):
        from taskterm.core.dates import format_moment

        return f"{word} {format_moment(value, now, end=name == 'due')}"
    if name == "estimate_minutes":
        from taskterm.core.dates import format_minutes

        return f"{word} {format_minutes(value)}"
    if name == "recurrence":
        from taskterm.core.recurrence import describe

        return f"repeats {describe(value)}"
    return f"{word} {value}"
