"""What the keys of a workflow file mean together: read on if you look for a mistake that types alone do not show.

The rules read the plain tables that tomllib made, since a file with one wrong type deserves to hear of its other
mistakes too; where a type is wrong they pass over it, as workflow_document has named it already.
"""

import graphlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from taskterm.core.dates import parse_moment
from taskterm.core.durations import parse_duration, parse_seconds
from taskterm.core.environment import refused
from taskterm.core.errors import UsageError
from taskterm.exchange.parameters import (
    control_character,
    did_you_mean,
    pattern_problem,
    placeholders,
    quoted,
    spliced,
    value_problem,
    variable,
)
from taskterm.exchange.toml_lines import Path

Found = Iterator[tuple[Path, str]]

PLACEHOLDER_KEYS = ("title", "notes", "assignee", "due")
"""The keys of a task that may hold `{parameters}`."""

_MOST_CYCLES = 20  # each takes a search of its own
_SEVERAL_LINES = ("run", "if", "notes", "description")
_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_WORD = re.compile(r"[^\W\d][\w./-]*")  # what capture reads as +tag or @person
# Only to see whether a due date can be read; a leap year, so that "29 feb" can.
_ANY_DAY = datetime(2000, 1, 3, tzinfo=UTC)


def check_rules(data: Mapping[str, Any], line_of: Callable[[Path], int]) -> Found:
    """Every mistake of meaning in what tomllib read, as key path and sentence; `line_of` serves cross-references."""
    yield from _control_characters(data, ())
    name = _table(data.get("workflow")).get("name")
    if isinstance(name, str) and (not name.strip() or "/" in name or name.endswith(".toml")):
        yield ("workflow", "name"), f"{quoted(name)} is no name: write a word or two, without / and .toml"
    params = {name: param for name, param in _table(data.get("params")).items() if isinstance(param, dict)}
    yield from _params(params)
    tasks = data.get("task")
    if tasks is None or tasks == []:
        yield (), "there is no task; write at least one [[task]] with key and title"
    if not isinstance(tasks, list):
        return
    numbered = [(i, task) for i, task in enumerate(tasks) if isinstance(task, dict)]
    yield from _keys(numbered, line_of)
    yield from _needs(numbered)
    for i, task in numbered:
        yield from _task(("task", i), task, list(params))
        steps = task.get("step")
        for j, step in enumerate(steps if isinstance(steps, list) else ()):
            if isinstance(step, dict):
                yield from _step(("task", i, "step", j), step, list(params))


def due_problem(text: str) -> str | None:
    """Why `text` cannot be a due date, or None."""
    try:
        moment = parse_moment(text, _ANY_DAY, end=True)
    except UsageError as error:
        return error.message
    return None if moment else f'{quoted(text)} is not a date; write for example "+3d", "fri 17:00" or "2026-11-27"'


def assignee_problem(text: str) -> str | None:
    """Why `text` cannot name a person, or None."""
    if text.startswith("@") and _WORD.fullmatch(text[1:]):
        return f"write {quoted(text[1:])}, without the @"
    return None if _WORD.fullmatch(text) else f"{quoted(text)} cannot name a person: write one word, such as ana"


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(table: Mapping[str, Any], key: str) -> list[tuple[int, str]]:
    values = table.get(key)
    return [(i, v) for i, v in enumerate(values) if isinstance(v, str)] if isinstance(values, list) else []


def _control_characters(value: object, path: Path) -> Found:
    if isinstance(value, dict):
        for key, inner in value.items():
            if control_character(key):
                yield path, f"the key {quoted(key)} holds a control character"
            yield from _control_characters(inner, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _control_characters(inner, (*path, i))
    elif isinstance(value, str):
        control = control_character(value, allowed="\n\t" if path and path[-1] in _SEVERAL_LINES else "")
        if control:
            yield path, f"holds a control character ({control}); remove it"


def _params(params: Mapping[str, Mapping[str, Any]]) -> Found:
    variables: dict[str, str] = {}
    for name, param in params.items():
        path: Path = ("params", name)
        if reason := refused(name):
            as_variable = f"since steps get it as ${variable(name)}"
            yield path, f"{quoted(name)} cannot be a parameter, {as_variable}: {reason}; choose another name"
        if variable(name) in variables:
            yield path, f"a step would get it as ${variable(name)}, just as {quoted(variables[variable(name)])}"
        variables.setdefault(variable(name), name)
        pattern, default = param.get("pattern"), param.get("default")
        problem = pattern_problem(pattern) if isinstance(pattern, str) else None
        if problem:
            yield (*path, "pattern"), problem
        usable = pattern if isinstance(pattern, str) and not problem else None
        choices = [choice for _, choice in _texts(param, "choices")]
        if param.get("choices") == []:
            yield (*path, "choices"), "is empty, so no value would fit"
        for i, choice in _texts(param, "choices"):
            if value_problem(choice, usable, ()):
                yield (*path, "choices", i), str(value_problem(choice, usable, ()))
        if isinstance(default, str) and (problem := value_problem(default, usable, choices)):
            yield (*path, "default"), problem


def _keys(tasks: Sequence[tuple[int, Mapping[str, Any]]], line_of: Callable[[Path], int]) -> Found:
    first: dict[str, int] = {}
    for i, task in tasks:
        key, path = task.get("key"), ("task", i, "key")
        if not isinstance(key, str):
            continue
        if not _KEY.fullmatch(key):
            yield path, f"{quoted(key)} is no key: write letters, digits, _ - . without spaces"
        elif key in first:
            line = line_of(("task", first[key], "key"))
            yield path, f"{quoted(key)} is the key of another task already, at line {line}"
        else:
            first[key] = i


def _needs(tasks: Sequence[tuple[int, Mapping[str, Any]]]) -> Found:
    keys = list(dict.fromkeys(task["key"] for _, task in tasks if isinstance(task.get("key"), str)))
    graph: dict[str, list[str]] = {}
    place: dict[str, Path] = {}
    known = set(keys)
    for i, task in tasks:
        key, seen = task.get("key"), set()
        for j, need in _texts(task, "needs"):
            path: Path = ("task", i, "needs", j)
            if need == key:
                yield path, f"a task cannot need itself ({quoted(need)})"
            elif need not in known:
                yield path, f"there is no task {quoted(need)}{did_you_mean(need, keys)}"
            elif need in seen:
                yield path, f"{quoted(need)} is named twice"
            seen.add(need)
        if isinstance(key, str) and key not in graph:
            wanted = dict.fromkeys(need for _, need in _texts(task, "needs"))
            graph[key] = [need for need in wanted if need in known and need != key]
            place[key] = ("task", i, "needs")
    for cycle in _cycles(graph):
        yield place[cycle[0]], "the tasks wait for each other in a circle: " + " → ".join(cycle)


def _cycles(graph: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Cycles of task → what it needs, as predecessor → successor paths from the task that is first in the file.

    Each is found once and opened at its first task, so that the next search meets another one, if there is any.
    """
    left = {key: list(needs) for key, needs in graph.items()}
    order = {key: i for i, key in enumerate(graph)}
    for _ in range(_MOST_CYCLES):
        try:
            graphlib.TopologicalSorter(left).prepare()
        except graphlib.CycleError as error:
            ring = error.args[1][:-1]
            start = ring.index(min(ring, key=order.__getitem__))
            ring = ring[start:] + ring[:start]
            left[ring[0]].remove(ring[-1])
            yield [*ring, ring[0]]
        else:
            return


def _task(path: Path, task: Mapping[str, Any], params: Sequence[str]) -> Found:
    has_placeholder = set()
    for key in PLACEHOLDER_KEYS:
        text = task.get(key)
        for name in placeholders(text) if isinstance(text, str) else ():
            has_placeholder.add(key)
            if name not in params:
                hint = did_you_mean(name, params) or f"; write {{{{{name}}}}} for the text itself"
                yield (*path, key), f"there is no parameter {quoted(name)}{hint}"
    title, assignee, due = task.get("title"), task.get("assignee"), task.get("due")
    project, estimate = task.get("project"), task.get("estimate")
    if isinstance(title, str) and not title.strip():
        yield (*path, "title"), "is empty"
    if isinstance(assignee, str) and "assignee" not in has_placeholder and (problem := assignee_problem(assignee)):
        yield (*path, "assignee"), problem
    if isinstance(due, str) and "due" not in has_placeholder and (problem := due_problem(due)):
        yield (*path, "due"), problem
    if isinstance(project, str) and (not project or any(c.isspace() for c in project) or "" in project.split(".")):
        yield (*path, "project"), f'{quoted(project)} is no project: write words with dots between, such as "site.web"'
    for i, tag in _texts(task, "tags"):
        if not _WORD.fullmatch(tag):
            hint = f"write {quoted(tag[1:])}, without the +" if _WORD.fullmatch(tag[1:]) else "write one word"
            yield (*path, "tags", i), f"{quoted(tag)} is no tag: {hint}"
    yield from _length(path, "estimate", estimate, parse_duration, "30m, 2h or 1d")


def _step(path: Path, step: Mapping[str, Any], params: Sequence[str]) -> Found:
    for key in ("run", "if", "shell", "cwd", "host", "name"):
        text = step.get(key)
        if isinstance(text, str) and not text.strip():
            yield (*path, key), "is empty; write a command" if key in ("run", "if") else "is empty"
    env = {name: value for name, value in _table(step.get("env")).items() if isinstance(value, str)}
    fields = {key: step[key] for key in ("run", "if", "shell", "cwd") if isinstance(step.get(key), str)}
    texts = [((*path, key), text) for key, text in fields.items()]
    texts += [((*path, "env", name), value) for name, value in env.items()]
    for place, text in texts:
        for name in spliced(text, params):
            instead = f"${variable(name)}" if place[-1] in ("run", "if") else f"${variable(name)} in the step's run"
            yield place, f"write {instead} instead of {{{name}}}: parameters reach a step as environment"
    for name in env:
        if reason := refused(name):
            yield (*path, "env", name), f"the name {quoted(name)} is refused: {reason}"
        elif owner := next((param for param in params if variable(param) == name), None):
            yield (*path, "env", name), f"the parameter {quoted(owner)} reaches the step under this name already"
    yield from _length(path, "timeout", step.get("timeout"), parse_seconds, "30s, 10m or 1h")
    yield from _length(path, "backoff", step.get("backoff"), parse_seconds, "500ms, 2s or 1m", zero=True)


def _length(
    path: Path, key: str, text: object, parse: Callable[[str], float | None], examples: str, *, zero: bool = False
) -> Found:
    if not isinstance(text, str):
        return
    try:
        length = parse(text)
    except UsageError as error:
        yield (*path, key), f"{error.message}; write for example {examples}"
        return
    if length is None:
        yield (*path, key), f"{quoted(text)} is not a length of time; write for example {examples}"
    elif length == 0 and not zero:
        yield (*path, key), f"{quoted(text)} is no time at all; leave {key} out or write for example {examples}"
