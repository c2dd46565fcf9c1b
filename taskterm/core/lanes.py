"""Swimlanes: the cards of a board by the person or the project they belong to, each in its column. Pure."""

from __future__ import annotations

from taskterm.core.lean import NamedTuple
from taskterm.core.model import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BY = ("person", "project")
"""What lanes can be made of."""


class Lane(NamedTuple):
    """One lane: a person's name, or the first part of a project's (empty: of none), and its task ids by column."""

    key: str
    cells: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> int:
        """How many cards it holds."""
        return sum([len(cell) for cell in self.cells])


def key_of(task: Task, by: str) -> str:
    """The lane of a task: its owner, or its project without what comes behind the first dot; empty for none."""
    return (task.assignee or "") if by == "person" else (task.project or "").partition(".")[0]


def name_of(key: str, by: str) -> str:
    """What a lane is called: `@ana`, `site`; `nobody`, `no project`."""
    if by == "person":
        return f"@{key}" if key else "nobody"
    return key or "no project"


def lanes(columns: Sequence[Sequence[int]], tasks: Mapping[int, Task], by: str) -> tuple[Lane, ...]:
    """The lanes of a board in the order of their names, that of no name last; cards keep the order of their column.

    `columns` are the ids of the cards from left to right. Lanes without a card are not there.
    """
    found: dict[str, list[list[int]]] = {}
    for number, ids in enumerate(columns):
        for task_id in ids:
            key = key_of(tasks[task_id], by)
            if key not in found:
                found[key] = [[] for _ in columns]
            found[key][number].append(task_id)
    order = sorted(found, key=lambda key: (not key, key.casefold(), key))
    return tuple([Lane(key, tuple([tuple(cell) for cell in found[key]])) for key in order])
