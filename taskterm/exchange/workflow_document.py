"""The form of a workflow file, as models that check types and keys; what the keys mean is checked in workflow_rules.

Importing this loads SQLModel (a third of a second), so it is imported inside the functions that need it.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import ValidationError
from sqlmodel import Field, SQLModel

from taskterm.exchange.parameters import did_you_mean, quoted
from taskterm.exchange.toml_lines import Path


class _Document(SQLModel):
    # Strict: `retries = "2"` is a mistake to be named, not a number to be guessed.
    model_config = {"extra": "forbid", "strict": True}


class WorkflowHeader(_Document):
    """`[workflow]`"""

    name: str
    title: str | None = None
    description: str = ""


class ParamDocument(_Document):
    """`[params.NAME]`"""

    prompt: str | None = None
    default: str | None = None
    pattern: str | None = None
    choices: list[str] = Field(default_factory=list)


class StepDocument(_Document):
    """`[[task.step]]`; durations are texts such as "10m"."""

    run: str
    name: str | None = None
    shell: str | None = None
    cwd: str | None = None
    env: dict[str, str] = Field(default_factory=dict)
    timeout: str | None = None
    retries: int = Field(default=0, ge=0, le=100)
    backoff: str | None = None
    condition: str | None = Field(default=None, alias="if")
    continue_on_error: bool = False
    interactive: bool = False
    host: str | None = None
    repeatable: bool = False
    trusts: list[str] = Field(default_factory=list)


class TaskDocument(_Document):
    """`[[task]]`"""

    key: str
    title: str
    needs: list[str] = Field(default_factory=list)
    assignee: str | None = None
    tags: list[str] = Field(default_factory=list)
    priority: Literal["H", "M", "L"] | None = None
    project: str | None = None
    due: str | None = None
    estimate: str | None = None
    notes: str = ""
    step: list[StepDocument] = Field(default_factory=list)


class WorkflowDocument(_Document):
    """A whole workflow file."""

    workflow: WorkflowHeader
    params: dict[str, ParamDocument] = Field(default_factory=dict)
    task: list[TaskDocument] = Field(default_factory=list)


def validate(data: Mapping[str, Any]) -> tuple[WorkflowDocument | None, list[tuple[Path, str]]]:
    """Check types and keys of what tomllib read: the document, or None and each mistake as key path and sentence."""
    try:
        return WorkflowDocument.model_validate(data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    return None, [(detail["loc"], _sentence(detail["type"], detail["loc"], detail)) for detail in details]


def _sentence(kind: str, path: Path, detail: Mapping[str, Any]) -> str:
    given = _kind_of(detail["input"])
    match kind:
        case "missing":
            return "is missing; begin the file with [workflow] and a name" if path == ("workflow",) else "is missing"
        case "extra_forbidden":
            known = _known_keys(path[:-1])
            near = did_you_mean(str(path[-1]), known)
            return f"there is no such key{near or '; known here: ' + ', '.join(known)}"
        case "string_type":
            return f"must be text in quotes, not {given}"
        case "bool_type":
            return f"must be true or false, not {given}"
        case "int_type":
            return f"must be a whole number, not {given}"
        case "greater_than_equal":
            return f"must be at least {detail['ctx']['ge']}"
        case "less_than_equal":
            return f"must be at most {detail['ctx']['le']}"
        case "list_type":
            return _list_sentence(path, given)
        case "literal_error":
            value = detail["input"]
            return f"must be H, M or L, not {quoted(value) if isinstance(value, str) else given}"
        case "dict_type" | "model_type" | "model_attributes_type":
            return f"must be a table, not {given}"
    return str(detail["msg"])


def _list_sentence(path: Path, given: str) -> str:
    if path[-1] in ("task", "step"):
        header = ".".join(str(part) for part in path if isinstance(part, str))
        return f"must be written as [[{header}]], not as {given}"
    return f'must be a list of texts such as ["a", "b"], not {given}'


def _known_keys(table: Path) -> list[str]:
    match tuple(part for part in table if isinstance(part, str)):
        case ("workflow",):
            fields = WorkflowHeader.model_fields
        case ("task",):
            fields = TaskDocument.model_fields
        case ("task", "step"):
            fields = StepDocument.model_fields
        case ("params", _):
            fields = ParamDocument.model_fields
        case _:
            fields = WorkflowDocument.model_fields
    return [field.alias or name for name, field in fields.items()]


def _kind_of(value: object) -> str:
    for type_, name in (
        (str, "text"),
        (bool, "true or false"),
        ((int, float), "a number"),
        (list, "a list"),
        (dict, "a table"),
    ):
        if isinstance(value, type_):
            return name
    return "a date or time"
