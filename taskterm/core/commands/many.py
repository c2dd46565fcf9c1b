"""Rules for many typed tasks at once: the lines of `add -` and the structure of `sketch`. All of them or none."""

from __future__ import annotations

from taskterm.core.commands import fields, links
from taskterm.core.commands.refs import resolve
from taskterm.core.commands.tasks import task_rows
from taskterm.core.errors import ClosesCycle, NotFound, RuleError, TaskTermError, UsageError
from taskterm.core.model import Change, Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from taskterm.core.port import Reader

ABOVE = "^"
"""How a line of `add -` names the task of the line above it."""


def add_all(reader: Reader, specs: Sequence[Mapping[str, Any]], actor: str, now: str) -> Outcome:
    """A task for each of these, in their order; `created["ids"]` are their ids.

    A spec is what `add` takes and its `line`, which errors name. `after` and `before` may name the tasks of earlier
    lines too: by `^` (the line above), by the id they get, or by their title.
    """
    if not specs:
        raise UsageError("there are no tasks to add")
    made: dict[int, str] = {}
    new: set[int] = set()
    changes: list[Change] = []
    added: dict[int, list[int]] = {}
    for spec in specs:
        try:
            after = [_meant(reader, ref, made) for ref in spec.get("after") or ()]
            before = [_meant(reader, ref, made) for ref in spec.get("before") or ()]
            task_id = reader.new_id("task")
            changes += task_rows(reader, task_id, _for_people(spec, actor), actor, now)
            edges = [(p, task_id) for p in after] + [(task_id, s) for s in before]
            new.add(task_id)
            changes += links.checked_edges(reader, edges, new=new, added=added)
            made[task_id] = str(spec["title"])
        except TaskTermError as error:
            error.message = f"line {spec['line']}: {error.message}; nothing was added"
            raise
    return Outcome(tuple(changes), tuple(made), created={"ids": list(made)})


def _for_people(spec: Mapping[str, Any], actor: str) -> Mapping[str, Any]:
    """The spec with the person whom its `assignee` means."""
    return {**spec, "assignee": fields.person(spec["assignee"], actor)} if spec.get("assignee") else spec


def _meant(reader: Reader, ref: int | str, made: dict[int, str]) -> int:
    """The task that a line names, one of those made so far or one that was there before."""
    text = str(ref).strip()
    if text == ABOVE:
        if not made:
            raise UsageError(f"{ABOVE} is the task of the line above, and there is none", "name a task by its id")
        return next(reversed(made))
    number = text.removeprefix("#")
    if number.isascii() and number.isdigit():
        return int(number) if len(number) < 19 and int(number) in made else resolve(reader, ref).id
    exact = [task_id for task_id, title in made.items() if title.casefold() == text.casefold()]
    if len(exact) == 1:
        return exact[0]
    try:
        return resolve(reader, ref).id
    except NotFound:
        part = [task_id for task_id, title in made.items() if text.casefold() in title.casefold()]
        if len(part) != 1:
            raise
        return part[0]


def sketch(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Makes a structure: `tasks` are specs with a `key` each, `edges` pairs of what comes before and what after it.

    An end of an edge is the key of a new task or the id of one that exists. `created["ids"]` is task id by key.
    """
    specs: Sequence[Mapping[str, Any]] = args["tasks"]
    ids: dict[str, int] = {str(spec["key"]): reader.new_id("task") for spec in specs}
    changes: list[Change] = []
    titles: dict[int, str] = {}

    def number(end: int | str) -> int:
        if isinstance(end, str):
            return ids[end]
        task = resolve(reader, end)
        titles[task.id] = f"{task.id} {task.title}"
        return task.id

    edges = [(number(before), number(after)) for before, after in args["edges"]]
    for spec in specs:
        task_id = ids[str(spec["key"])]
        changes += task_rows(reader, task_id, _for_people(spec, actor), actor, now)
        edges += [(resolve(reader, ref).id, task_id) for ref in spec.get("after") or ()]
        edges += [(task_id, resolve(reader, ref).id) for ref in spec.get("before") or ()]
        titles[task_id] = str(spec["title"])
    try:
        changes += links.checked_edges(reader, edges, new=set(ids.values()))
    except ClosesCycle as cycle:
        path = " → ".join(titles.get(i) or _titled(reader, i) for i in cycle.path)
        raise RuleError(f"that would close a cycle: {path}", cycle.hint) from None
    if not changes:
        raise RuleError("all of this is so already", "nothing was changed")
    return Outcome(tuple(changes), tuple(dict.fromkeys(titles)), created={"ids": ids})


def _titled(reader: Reader, task_id: int) -> str:
    task = reader.task(task_id)
    return f"{task_id} {task.title}" if task else str(task_id)
