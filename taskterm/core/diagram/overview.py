"""The overview of graphs too large for boxes: for each connected part its layers as columns of one-cell state signs."""

from __future__ import annotations

from taskterm.core.diagram import layers
from taskterm.core.lean import NamedTuple
from taskterm.core.model import STATES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Edge = tuple[int, int]


class Column(NamedTuple):
    """One layer: its number, from 0 for tasks that wait for no other, and its tasks, those that need a look first."""

    layer: int
    ids: tuple[int, ...]


class Overview(NamedTuple):
    """One connected part. `counts` says how many of its tasks are in each state, in the order of STATES, none at zero;
    `first` is the most urgent of its tasks."""

    columns: tuple[Column, ...]
    counts: Mapping[str, int]
    size: int
    first: int


def overview(
    parts: Sequence[Sequence[int]], edges: Sequence[Edge], state: Callable[[int], str], urgency: Callable[[int], float]
) -> list[Overview]:
    """An overview of each part, in their order; edges of others are left out. `state` gives a task's shown state."""
    rank = {name: at for at, name in enumerate(STATES)}
    home = {node: number for number, part in enumerate(parts) for node in part}
    inside: list[list[Edge]] = [[] for _ in parts]
    for edge in edges:
        if edge[0] in home:
            inside[home[edge[0]]].append(edge)
    found = []
    for part, own in zip(parts, inside, strict=True):
        number = {node: at for at, node in enumerate(part)}
        layer = layers.earliest(len(part), [(number[u], number[v]) for u, v in own])
        states = {node: state(node) for node in part}
        columns: list[list[int]] = [[] for _ in range(max(layer) + 1)]
        for node, at in zip(part, layer, strict=True):
            columns[at].append(node)
        for column in columns:
            column.sort(key=lambda node: (rank[states[node]], -urgency(node), node))
        names = list(states.values())
        found.append(
            Overview(
                tuple(Column(at, tuple(column)) for at, column in enumerate(columns)),
                {name: count for name in STATES if (count := names.count(name))},
                len(part),
                min(part, key=lambda node: (-urgency(node), node)),
            )
        )
    return found
