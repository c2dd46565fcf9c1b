"""Looks at a query that may not say what was meant: words that resemble a state, names that no task bears.

Only asked when something is odd, a word that nothing holds or an empty list, so it costs an ordinary list nothing.
"""

from __future__ import annotations

from taskterm.core.errors import UsageError
from taskterm.core.query_match import STATE_WORDS
from taskterm.core.wording import closest, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from taskterm.core.model import Task, View
    from taskterm.core.query import Query
    from taskterm.core.query_match import Name

_LIKE_STATES = (*STATE_WORDS, "mine", "unassigned")


def refuse_misspelt(query: Query, tasks: Iterable[Task]) -> None:
    """UsageError for a bare word that no title and no note holds, but that is nearly a state: `redy`.

    `tasks` are all there are, with their notes. Which words are text is therefore never guessed: a word that any
    task holds is text, and so is one in quotes or behind `text:`.
    """
    tasks = list(tasks)
    for name in query.names:
        meant = closest(name.value.lower(), _LIKE_STATES) if name.kind == "word" and len(name.value) > 2 else None
        if meant is not None and not is_held(name.value, tasks):
            raise UsageError(
                f"no task says {shown(name.value)}; did you mean {meant}?",
                f"to look for it as text all the same: text:{shown(name.value)}",
            )


def why_nothing(query: Query, tasks: Iterable[Task], views: Iterable[View]) -> str:
    """One phrase on a name in the query that no task bears, with what may have been meant; empty if there is none."""
    tasks = list(tasks)
    for name in query.names:
        phrase = _doubt(name, tasks, views)
        if phrase:
            return phrase
    return ""


def is_held(text: str, tasks: Iterable[Task]) -> bool:
    """Whether a title or a note of these tasks holds the text, letter case ignored."""
    wanted = text.casefold()
    return any(wanted in task.title.casefold() or wanted in task.notes.casefold() for task in tasks)


def _doubt(name: Name, tasks: list[Task], views: Iterable[View]) -> str:
    said = shown(name.value)
    if name.kind == "id":
        if any(task.id == int(name.value) for task in tasks):
            return ""
        inside = f"; text:{said} looks for the number in titles" if is_held(name.value, tasks) else ""
        return f"there is no task {said}{inside}"
    if name.kind == "word":
        view = next((view.name for view in views if view.name.casefold() == name.value.casefold()), None)
        return f"there is a view of that name: view:{view}" if view and not is_held(name.value, tasks) else ""
    what, sign, known = _KINDS[name.kind](tasks)
    wanted = name.value.casefold()
    if any(one == wanted or (name.kind == "project" and one.startswith(wanted.rstrip(".") + ".")) for one in known):
        return ""
    meant = closest(wanted, known, 0.6)
    return f"{what} {said}" + (f"; did you mean {sign}{known[meant]}?" if meant else "")


def _tags(tasks: list[Task]) -> tuple[str, str, dict[str, str]]:
    return "no task has the tag", "+", {tag.casefold(): tag for task in tasks for tag in task.tags}


def _people(tasks: list[Task]) -> tuple[str, str, dict[str, str]]:
    return "no task is assigned to", "@", {t.assignee.casefold(): t.assignee for t in tasks if t.assignee}


def _projects(tasks: list[Task]) -> tuple[str, str, dict[str, str]]:
    """Every project and everything above it, which a query may name as well."""
    known: dict[str, str] = {}
    for project in {task.project for task in tasks if task.project}:
        parts = project.split(".")
        for count in range(1, len(parts) + 1):
            above = ".".join(parts[:count])
            known[above.casefold()] = above
    return "no task belongs to the project", "project:", known


_KINDS: dict[str, Callable[[list[Task]], tuple[str, str, dict[str, str]]]] = {
    "tag": _tags,
    "assignee": _people,
    "project": _projects,
}
