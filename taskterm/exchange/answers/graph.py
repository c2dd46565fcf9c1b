"""Shapes of what is drawn: tree, diagram, board, and why a task stands where it stands."""

from typing import Annotated, Literal

from pydantic import Field as Described
from sqlmodel import Field

from taskterm.exchange.answers.base import (
    Answer,
    Assignee,
    ColumnKind,
    Count,
    Number,
    ShownState,
    Status,
    TaskId,
    Title,
    Utc,
)
from taskterm.exchange.answers.tasks import Task


class TreeNode(Answer):
    """A task of the tree."""

    id: TaskId
    title: Title
    status: Status = Field(description="what people set")


class Tree(Answer):
    """What waits for what."""

    tasks: list[TreeNode] = Field(description="by id")
    dependencies: list[Annotated[list[TaskId], Described(min_length=2, max_length=2)]] = Field(
        description="[predecessor, successor]"
    )
    critical: list[TaskId] = Field(description="tasks on the critical path")


class GraphNode(Answer):
    """A task of the diagram. Places are in cells, from the upper left; null where the graph is too large to draw."""

    id: TaskId
    title: Title
    state: ShownState = Field(description="running and failed come before the derived state")
    layer: Count | None = Field(description="within its connected part, along the direction")
    x: Count | None = Field(description="cells from the left")
    y: Count | None = Field(description="lines from the top")
    width: Count | None = Field(description="in cells")
    height: Count | None = Field(description="in lines")
    more_before: Count = Field(description="tasks it waits for that are left out")
    more_after: Count = Field(description="tasks that wait for it and are left out")


class GraphEdge(Answer):
    """A line of the diagram."""

    predecessor: TaskId
    successor: TaskId
    critical: bool = Field(description="it lies on the critical path")
    line: list[Annotated[list[Count], Described(min_length=2, max_length=2)]] | None = Field(
        description="corners as [x, y], from the cell beside the first node to the arrow head beside the second"
    )


class Graph(Answer):
    """The diagram of what waits for what."""

    direction: Literal["right", "down"] | None = Field(description="where successors lie; null where nothing is drawn")
    width: Count | None = Field(description="of the whole, in cells")
    height: Count | None = Field(description="of the whole, in lines")
    nodes: list[GraphNode] = Field(description="every task that has a place in it")
    edges: list[GraphEdge] = Field(description="dependencies between them")
    alone: list[TaskId] = Field(description="tasks without dependencies, which are not drawn")
    depth: Count | None = Field(description="steps shown each way, where more steps would show more")


class Column(Answer):
    """A column of the board."""

    key: str = Field(description="what commands and tasks call it")
    name: str = Field(description="what people read")
    position: Number = Field(description="from the left")
    kind: ColumnKind = Field(description="stage: people put tasks in progress there; the others fill themselves")
    wip_limit: Number | None = Field(description="so many tasks may be in it; null for any number")
    cards: Count | None = Field(description="how many stand in a stage; null for columns that the graph fills")


class BoardColumn(Answer):
    """A column with its cards."""

    key: str = Field(description="what commands and tasks call it")
    name: str = Field(description="what people read")
    kind: ColumnKind = Field(description="stage: people put tasks in progress there; the others fill themselves")
    wip_limit: Number | None = Field(description="so many tasks may be in it; null for any number")
    limit_state: Literal["full", "over limit"] | None = Field(description="null where there is room")
    count: Count = Field(description="cards in it, shown or not")
    tasks: list[Task] = Field(description="the first ones, as many as -n allows")


class BoardLane(Answer):
    """A swimlane of the board."""

    name: str | None = Field(description="the person, or the first part of the project; null for tasks without")
    tasks: dict[str, list[TaskId]] = Field(description="the ids of its cards by the key of their column")


class Board(Answer):
    """The board."""

    columns: list[BoardColumn] = Field(description="from left to right")
    lanes: list[BoardLane] = Field(description="with --by, all lanes in the order of their names; else none")


class Blocker(Answer):
    """An open task that has to end first."""

    id: TaskId
    title: Title
    state: ShownState = Field(description="running and failed come before the derived state")
    assignee: Assignee | None
    since: Utc
    sentence: str = Field(description="how it stands, as one phrase")
    direct: bool = Field(description="the explained task waits for it itself")
    on_longest_path: bool = Field(description="it lies on the longest open path to the explained task")
    waits_for: list[TaskId] = Field(description="open tasks that it waits for itself")


class Release(Answer):
    """Something that can be done or awaited now, at the end of a chain."""

    id: TaskId
    act: Literal["run", "start", "finish", "look", "approve", "wait"] = Field(
        description="look: it failed; approve: its commands; wait: for a run or a date"
    )
    assignee: Assignee | None
    sentence: str = Field(description="what can be done, as one phrase")
    run: Number | None = Field(description="number of the run that is awaited or failed")


class HeldUp(Answer):
    """What an open task holds up."""

    count: Count = Field(description="open tasks downstream, through others too")
    direct: list[TaskId] = Field(description="open tasks that wait for it itself")


class UrgencyTerm(Answer):
    """One term of the urgency."""

    name: str = Field(description="due, priority, inherited, …")
    value: float = Field(description="what it adds or takes")
    path: list[TaskId] = Field(description="over successors to the task that it is inherited from")


class Why(Answer):
    """What keeps a task from starting, and where its urgency is from."""

    id: TaskId
    title: Title
    state: ShownState = Field(description="running and failed come before the derived state")
    can_start: bool = Field(description="nothing keeps it from starting")
    sentence: str = Field(description="how it stands, as one phrase")
    blockers: list[Blocker] = Field(description="every open task that has to end first, through others too")
    longest_path: list[TaskId] = Field(description="by what is left of the estimates, the explained task last")
    longest_path_minutes: Count | None = Field(description="sum of its estimates in minutes; null without any")
    releases: list[Release] = Field(description="what somebody can do now, the most telling first")
    holds_up: HeldUp = Field(description="what waits for it")
    urgency: float = Field(description="the sum of the terms")
    terms: list[UrgencyTerm] = Field(description="only those that are not zero")
