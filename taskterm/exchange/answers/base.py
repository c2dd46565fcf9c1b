"""What all shapes of `--json` answers share: no further fields, and the values that occur everywhere."""

from typing import Annotated, Literal

from pydantic import Field
from sqlmodel import SQLModel


class Answer(SQLModel):
    """An object of an answer: exactly these fields, each of exactly this type."""

    model_config = {"extra": "forbid", "strict": True}


_UTC = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
Utc = Annotated[str, Field(pattern=_UTC, description="a moment in UTC, as 2026-11-27T17:00:00Z")]
TaskId = Annotated[int, Field(ge=1, description="number of a task, which is never given again")]
Number = Annotated[int, Field(ge=1)]
Count = Annotated[int, Field(ge=0)]
Milliseconds = Annotated[int, Field(ge=0, description="elapsed time in milliseconds")]
Seconds = Annotated[float, Field(ge=0, description="elapsed time in seconds")]
Uuid = Annotated[str, Field(description="the same in every copy of the database")]
Title = Annotated[str, Field(description="one line")]
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="of all that decides what a command does")]
Who = Annotated[str, Field(description="a name in the history")]
Assignee = Annotated[str, Field(description="whose task it is, without the @")]

Status = Literal["todo", "doing", "done", "cancelled"]
State = Literal["waiting", "blocked", "ready", "doing", "done", "cancelled"]
ShownState = Literal["running", "failed", "doing", "ready", "blocked", "waiting", "done", "cancelled"]
"""The derived state, where a running step and a failure come first."""
ColumnKind = Literal["blocked", "ready", "stage", "done"]
