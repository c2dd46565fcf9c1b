"""The words of a capture line and of a query, for completion: keys, their values, tags, people, projects, views."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from taskterm.cli.complete_found import Found

    Candidate = tuple[str, str]

FACTS = (
    ("project:", "the project, such as site.web"),
    ("due:", "until when"),
    ("pri:", "H, M or L"),
    ("est:", "how long it takes, such as 2h"),
    ("after:", "the tasks it waits for"),
    ("before:", "the tasks it holds up"),
    ("scheduled:", "when work on it shall begin"),
    ("wait:", "out of sight until then"),
    ("repeat:", "again and again"),
    ("run:", "a command that taskterm run starts"),
)
"""The keys of a capture line."""

STATES = (
    ("ready", "can be started now"),
    ("blocked", "a task it waits for is open"),
    ("doing", "in progress"),
    ("overdue", "its due date has passed"),
    ("failed", "its last run did not succeed"),
    ("running", "a step runs now"),
    ("waiting", "put off to a later date"),
    ("open", "neither done nor cancelled"),
    ("done", "finished"),
    ("cancelled", "will not be done"),
)
QUERY_KEYS = (
    ("project:", "of a project, or below it"),
    ("due.by:", "due on that day or before"),
    ("due.before:", "due before that day"),
    ("due.after:", "due later than that day"),
    ("due:", "due on that day"),
    ("pri:", "of that priority"),
    ("pri.min:", "of that priority or a higher one"),
    ("est.max:", "takes no longer"),
    ("urgency.min:", "at least so urgent"),
    ("after:", "waits for a task"),
    ("before:", "holds a task up"),
    ("has:", "has notes, steps, comments, …"),
    ("view:", "a saved query"),
    ("sort:", "in that order"),
)
JOINING = (("and", "both hold"), ("or", "one of them holds"), ("not", "it does not hold"))

DATES = (
    ("today", ""),
    ("tomorrow", ""),
    ("mon", "the next one"),
    ("tue", "the next one"),
    ("wed", "the next one"),
    ("thu", "the next one"),
    ("fri", "the next one"),
    ("sat", "the next one"),
    ("sun", "the next one"),
    ("eow", "the end of the week"),
    ("eom", "the end of the month"),
    ("eoq", "the end of the quarter"),
    ("eoy", "the end of the year"),
    ("+2d", "in two days"),
    ("+1w", "in a week"),
)
REPEATS = (("daily", ""), ("weekly", ""), ("monthly", ""), ("yearly", ""))
ESTIMATES = (("15m", ""), ("30m", ""), ("1h", ""), ("2h", ""), ("4h", ""), ("1d", ""))
PRIORITIES = (("H", "high"), ("M", "middle"), ("L", "low"))
HAS = tuple((word, "") for word in ("notes", "steps", "comments", "tags", "project", "assignee", "due", "runs"))
SORTS = tuple(
    (sign + word, "downwards" if sign else "")
    for word in ("due", "urgency", "pri", "title", "project", "assignee", "est", "id", "created", "modified")
    for sign in ("", "-")
)
_DATED = ("due", "scheduled", "wait", "created", "modified", "started", "completed")
_SIMPLE: dict[str, tuple[tuple[str, str], ...]] = {
    "pri": PRIORITIES,
    "est": ESTIMATES,
    "repeat": REPEATS,
    "has": HAS,
    **dict.fromkeys(_DATED, DATES),
}


def offer(kind: str, current: str, found: Found) -> Iterable[Candidate]:
    """What could stand in a capture line (`TEXT`), in the changes of an edit (`CHANGES`) or in a query (`QUERY`)."""
    if current[:1] in ("+", "-", "@"):
        return _marked(kind, current, found)
    key, colon, typed = current.partition(":")
    if colon:
        return _values(key.partition(".")[0], f"{key}:", typed, found)
    if kind == "QUERY":
        return [*STATES, *QUERY_KEYS, *JOINING]
    return FACTS


def _marked(kind: str, current: str, found: Found) -> Iterable[Candidate]:
    minus = "-" if current[0] == "-" else ""
    if minus and kind == "TEXT":
        return ()
    offered: list[Candidate] = []
    if current[0] == "@" or current[:2] == "-@":
        offered += [(f"{minus}@{person}", "") for person in found.people()]
    elif minus:
        offered += [(f"-{tag}", "") for tag in found.tags()]
    else:
        offered += [(f"+{tag}", "") for tag in found.tags()]
    if kind == "QUERY" and current[0] == "@":
        offered += [("@me", "you"), ("@none", "nobody")]
    return offered


def _values(name: str, front: str, typed: str, found: Found) -> Iterable[Candidate]:
    """The values of a key, each with `front` (the key and its colon) before it."""
    if name in _SIMPLE:
        return [(front + value, meaning) for value, meaning in _SIMPLE[name]]
    if name in ("after", "before"):
        done, comma, last = typed.rpartition(",")
        named = set(done.split(","))
        return [(front + done + comma + i, title) for i, title in found.tasks("open", last, named)]
    if name == "sort":
        done, comma, _ = typed.rpartition(",")
        return [(front + done + comma + key, meaning) for key, meaning in SORTS]
    sources: dict[str, Callable[[], Iterable[Candidate]]] = {
        "project": lambda: [(project, "") for project in found.projects()],
        "tag": lambda: [(tag, "") for tag in found.tags()],
        "assignee": lambda: [(person, "") for person in found.people()],
        "view": found.views,
    }
    return [(front + value, meaning) for value, meaning in sources[name]()] if name in sources else ()
