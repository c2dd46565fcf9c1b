"""What can be typed next in a capture line or a query: keys, their values, tags, people, projects, views, tasks.

The shell's completion and the screen's fields both ask here. What a database holds they bring along as `Known`.
"""

from __future__ import annotations

from taskterm.core import query_words, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from typing import Protocol

    Candidate = tuple[str, str]
    """A word and what it means (empty where it says so itself)."""

    class Known(Protocol):
        """The names that a database holds, each list in the order in which it is offered."""

        def tasks(self, which: str, begins: str, without: Collection[str] = ()) -> list[Candidate]:
            """Ids and titles of `open` or `any` tasks whose id begins so."""
            ...

        def projects(self) -> list[str]:
            """Every project and those above it."""
            ...

        def people(self) -> list[str]:
            """Everybody who has a task."""
            ...

        def tags(self) -> list[str]:
            """Every tag."""
            ...

        def views(self) -> list[Candidate]:
            """Saved views with their queries."""
            ...


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
    "state": STATES,
    **dict.fromkeys(_DATED, DATES),
}


def offer(kind: str, current: str, known: Known) -> Iterable[Candidate]:
    """What could stand in a capture line (`TEXT`), in the changes of an edit (`CHANGES`) or in a query (`QUERY`)."""
    if current[:1] in ("+", "-", "@"):
        return _marked(kind, current, known)
    key, colon, typed = current.partition(":")
    if colon:
        name = key.partition(".")[0].lower()
        spelling = (query_words.KEYS if kind == "QUERY" else tokens.KEYS).get(name)
        return _values(spelling, f"{key}:", typed, known) if spelling else ()
    if kind == "QUERY":
        return [*STATES, *QUERY_KEYS, *JOINING]
    return FACTS


def _marked(kind: str, current: str, known: Known) -> Iterable[Candidate]:
    minus = "-" if current[0] == "-" else ""
    if minus and kind == "TEXT":
        return ()
    offered: list[Candidate] = []
    if current[0] == "@" or current[:2] == "-@":
        offered += [(f"{minus}@{person}", "") for person in known.people()]
    elif minus:
        offered += [(f"-{tag}", "") for tag in known.tags()]
    else:
        offered += [(f"+{tag}", "") for tag in known.tags()]
    if kind == "QUERY" and current[0] == "@":
        offered += [("@me", "you"), ("@none", "nobody")]
    return offered


def _values(name: str, front: str, typed: str, known: Known) -> Iterable[Candidate]:
    """The values of a key, each with `front` (the key and its colon) before it."""
    if name in _SIMPLE:
        return [(front + value, meaning) for value, meaning in _SIMPLE[name]]
    if name in ("after", "before"):
        done, comma, last = typed.rpartition(",")
        named = set(done.split(","))
        return [(front + done + comma + i, title) for i, title in known.tasks("open", last, named)]
    if name == "sort":
        done, comma, _ = typed.rpartition(",")
        return [(front + done + comma + key, meaning) for key, meaning in SORTS]
    sources: dict[str, Callable[[], Iterable[Candidate]]] = {
        "project": lambda: [(project, "") for project in known.projects()],
        "tag": lambda: [(tag, "") for tag in known.tags()],
        "assignee": lambda: [(person, "") for person in known.people()],
        "view": known.views,
    }
    return [(front + value, meaning) for value, meaning in sources[name]()] if name in sources else ()
