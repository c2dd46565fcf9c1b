"""The forms of tasks in JSON, as models that check keys and types; what values mean is checked by who reads them.

Importing this loads SQLModel (a third of a second), so it is imported inside the functions that need it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import TypeAdapter, ValidationError
from sqlmodel import Field, SQLModel

Problem = tuple[tuple[int | str, ...], str]
"""Where in the document, as indexes and keys, and what is wrong there."""

_Count = Annotated[int, Field(ge=0)]


class _Document(SQLModel):
    # Strict: "due": 5 is a mistake to be named, not a text to be guessed. Other keys are kept or named by the reader.
    model_config = {"extra": "allow", "strict": True}


# ── Taskwarrior


class Annotation(_Document):
    """A remark of Taskwarrior."""

    description: str
    entry: str | None = None


class TaskwarriorTask(_Document):
    """One task of `task export`, its own attributes; user-defined ones may be anything."""

    description: str
    uuid: str | None = None
    status: str | None = None
    project: str | None = None
    tags: list[str] | None = None
    depends: list[str] | str | None = None
    annotations: list[Annotation] | None = None
    due: str | None = None
    scheduled: str | None = None
    wait: str | None = None
    entry: str | None = None
    modified: str | None = None
    start: str | None = None
    end: str | None = None


# ── everything


class StepDocument(_Document):
    """A step; `env` is an object of texts, `trusts` a list of paths."""

    run: str
    name: str | None = None
    shell: str | None = None
    cwd: str | None = None
    env: dict[str, str] | None = None
    timeout_seconds: float | int | None = None
    retries: _Count = 0
    backoff_seconds: float | int | None = None
    condition: str | None = None
    continue_on_error: bool = False
    interactive: bool = False
    host: str | None = None
    repeatable: bool = False
    trusts: list[str] | None = None


class CommentDocument(_Document):
    """What somebody said."""

    text: str
    created_at: str | None = None
    created_by: str | None = None


class WorkflowReference(_Document):
    """The workflow that a task belongs to."""

    id: int
    key: str | None = None


class TaskDocument(_Document):
    """A task; only the title is needed."""

    title: str
    id: int | None = None
    uuid: str | None = None
    status: Literal["todo", "doing", "done", "cancelled"] | None = None
    column: str | None = None
    priority: Literal["H", "M", "L"] | None = None
    project: str | None = None
    tags: list[str] | None = None
    assignee: str | None = None
    due: str | None = None
    scheduled: str | None = None
    wait: str | None = None
    estimate_minutes: int | None = None
    recurrence: str | None = None
    notes: str | None = None
    predecessors: list[int | str] | None = None
    steps: list[StepDocument] | None = None
    comments: list[CommentDocument] | None = None
    extra: dict[str, Any] | None = None
    created_at: str | None = None
    created_by: str | None = None
    started_at: str | None = None
    started_by: str | None = None
    completed_at: str | None = None
    completed_by: str | None = None
    workflow: WorkflowReference | None = None


class WorkflowDocument(_Document):
    """A started workflow."""

    id: int
    uuid: str
    name: str
    params: dict[str, Any] = Field(default_factory=dict)
    source: str | None = None
    created_at: str | None = None
    created_by: str | None = None


class ColumnDocument(_Document):
    """A board column."""

    key: str
    name: str
    position: int = 0
    kind: Literal["blocked", "ready", "stage", "done"]
    wip_limit: Annotated[int, Field(ge=1)] | None = None


class ViewDocument(_Document):
    """A saved query."""

    name: str
    query: str
    position: int = 0
    created_by: str | None = None


class TemplateDocument(_Document):
    """A saved workflow file."""

    name: str
    text: str
    created_at: str | None = None
    created_by: str | None = None


class EverythingDocument(_Document):
    """A whole database; runs, attempts and history are evidence and only read."""

    tasks: list[TaskDocument]
    workflows: list[WorkflowDocument] = Field(default_factory=list)
    columns: list[ColumnDocument] = Field(default_factory=list)
    views: list[ViewDocument] = Field(default_factory=list)
    templates: list[TemplateDocument] = Field(default_factory=list)
    runs: list[dict[str, Any]] = Field(default_factory=list)
    history: list[dict[str, Any]] = Field(default_factory=list)


_MEMBERS = ("str", "int", "float", "bool")
_EXPECTED = {
    "tags": "a list of texts",
    "trusts": "a list of texts",
    "depends": "a list of uuids",
    "predecessors": "a list of ids",
    "annotations": "a list of objects",
    "comments": "a list of objects",
    "steps": "a list of objects",
    "env": "an object of texts",
    "extra": "an object",
    "params": "an object",
    "workflow": "an object",
    "id": "a whole number",
    "estimate_minutes": "a whole number",
    "retries": "a whole number",
    "position": "a whole number",
    "timeout_seconds": "a number",
    "backoff_seconds": "a number",
    "wip_limit": "a whole number from 1",
}


def problems(model: type[SQLModel], value: object) -> list[Problem]:
    """What is wrong with the document, each place once; empty if nothing is."""
    try:
        TypeAdapter(model).validate_python(value)
    except ValidationError as error:
        return list(_problems(error))
    return []


def problems_of_each(model: type[SQLModel], values: Sequence[object]) -> list[Problem]:
    """The same for a list; places begin with the index in it."""
    try:
        TypeAdapter(list[model]).validate_python(values)  # type: ignore[valid-type]
    except ValidationError as error:
        return list(_problems(error))
    return []


def _problems(error: ValidationError) -> Iterator[Problem]:
    found: dict[tuple[int | str, ...], str] = {}
    for detail in error.errors(include_url=False, include_context=True):
        # of a union every member complains, under its own name
        place = tuple(p for p in detail["loc"] if isinstance(p, int) or (p.isidentifier() and p not in _MEMBERS))
        found.setdefault(place, _sentence(detail, place))
    for place, sentence in found.items():
        if not any(len(other) > len(place) and other[: len(place)] == place for other in found):
            yield place, sentence


def _sentence(detail: Mapping[str, Any], place: tuple[int | str, ...]) -> str:
    if detail["type"] == "missing":
        return "is missing"
    given = _kind_of(detail["input"])
    if detail["type"] == "literal_error":
        value = detail["input"]
        said = repr(value[:40]) if isinstance(value, str) else given
        return f"must be {detail['ctx']['expected']}, not {said}"
    if detail["type"].startswith(("greater_than", "less_than")):
        return f"is out of range: {detail['input']}"
    last = place[-1] if place else ""
    if isinstance(last, int):
        of_list = {"depends": "text", "predecessors": "an id", "tags": "text", "trusts": "text"}
        named = next((p for p in reversed(place) if isinstance(p, str)), "")
        return f"must be {of_list.get(named, 'an object')}, not {given}"
    if detail["type"] == "bool_type":
        return f"must be true or false, not {given}"
    if detail["type"] == "list_type" and last not in _EXPECTED:
        return f"must be a list, not {given}"
    return f"must be {_EXPECTED.get(last, 'text')}, not {given}"


def _kind_of(value: object) -> str:
    kinds = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds.get(type(value), "null")
