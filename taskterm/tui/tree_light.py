"""Which strokes of the tree are lit: the open chain that blocks the selected task, or the path of a cycle. Pure.

Nothing here walks through the tree: a light is made from the lines above the selected one, and asked for the lines in
view alone.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from taskterm.core.model import OPEN
from taskterm.core.snapshot import Snapshot
from taskterm.tui.tree_lines import BEFORE, TOP, Listing

NONE = (0, -2)
"""No lines: neither a line nor a TOP lies within."""


class Light(NamedTuple):
    """Lit lines: those in `own`, and the open ones within `within` (first and last line). `last` has by parent line
    the last child that its stroke downwards leads to."""

    own: frozenset[int] = frozenset()
    last: Mapping[int, int] = {}
    within: tuple[int, int] = NONE


DARK = Light()


def blocking(listing: Listing, snapshot: Snapshot, line: int) -> Light:
    """What blocks the task of a line: the open tasks below it (Before), or above it and all that blocks these (After).
    Nothing where the task is not open, or on lines that are no tasks of the tree."""
    if not 0 <= line < len(listing.lines):
        return DARK
    here = listing.lines[line]
    if here.kind == "root":
        waits = _is_open(snapshot, here.key) and TOP[BEFORE] in listing.last_open
        return Light(within=_side(listing, BEFORE)) if waits else DARK
    member = here.tree
    if member is None or member.reference or member.hinders or snapshot.tasks[member.task_id].status not in OPEN:
        return DARK
    if here.section == BEFORE:
        return Light(within=(line + 1, listing.ends[line])) if line in listing.last_open else DARK
    own: set[int] = set()
    last: dict[int, int] = {}
    while line >= 0:
        beside = listing.others.get(line, ())
        own.update((line, *beside))
        if beside:
            last[line] = max(last.get(line, line), beside[-1])
        parent = listing.parents[line]
        last[parent] = max(last.get(parent, line), line)
        line = parent
    return Light(frozenset(own), last, _side(listing, BEFORE))


def cycle(listing: Listing, path: Sequence[int]) -> Light:
    """The dependencies along a path, as far as the tree shows them."""
    own: set[int] = set()
    last: dict[int, int] = {}
    for pair in pairwise(path):
        line = listing.edges.get(pair)
        if line is not None:
            own.add(line)
            parent = listing.parents[line]
            last[parent] = max(last.get(parent, line), line)
    return Light(frozenset(own), last)


def lights(light: Light, listing: Listing, snapshot: Snapshot, line: int) -> bool:
    """Whether the stroke to a line is lit."""
    if line in light.own:
        return True
    member = listing.lines[line].tree
    inside = light.within[0] <= line <= light.within[1]
    return inside and member is not None and snapshot.tasks[member.task_id].status in OPEN


def lights_down(light: Light, listing: Listing, parent: int, line: int) -> bool:
    """Whether the stroke downwards from a parent is lit where it passes (or ends at) a line."""
    last = light.last.get(parent, -1)
    first, end = light.within
    if first - 1 <= parent <= end or (parent == TOP[BEFORE] and first == listing.firsts.get(BEFORE)):
        last = max(last, listing.last_open.get(parent, -1))
    return last >= line


def seen(light: Light, listing: Listing, snapshot: Snapshot, line: int, depth: int) -> object:
    """How a line looks in a light, of its last `depth` strokes: equal where it need not be drawn anew."""
    if listing.lines[line].kind == "legend":
        return light == DARK
    if line not in listing.parents:
        return None
    downs, parent = [], listing.parents[line]
    for _ in range(depth):
        downs.append(lights_down(light, listing, parent, line))
        if parent < 0:
            break
        parent = listing.parents[parent]
    return lights(light, listing, snapshot, line), downs


def _side(listing: Listing, section: str) -> tuple[int, int]:
    first = listing.firsts.get(section)
    return NONE if first is None else (first, listing.ends[TOP[section]])


def _is_open(snapshot: Snapshot, key: object) -> bool:
    return isinstance(key, tuple) and snapshot.tasks[key[1]].status in OPEN
