"""The dependency view as lines: the root, what comes before and after it, and whom people wait for. Pure."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from taskterm.core.forecast import Outlook, Waited, outlook, waited_for
from taskterm.core.snapshot import Snapshot
from taskterm.core.tree import TreeLine, after, before, critical_tasks


class TreePicture(NamedTuple):
    """Everything the view draws of one root."""

    root: int
    before: tuple[TreeLine, ...]
    after: tuple[TreeLine, ...]
    seen: Outlook
    critical: frozenset[int]
    waited: tuple[Waited, ...]


def picture(snapshot: Snapshot, root: int, now: datetime, folded: Collection[int] = ()) -> TreePicture:
    """The tree around `root`; the children of tasks in `folded` are left out."""
    ups, downs = before(snapshot, root), after(snapshot, root)
    near = {root, *(line.task_id for line in ups), *(line.task_id for line in downs)}
    critical = critical_tasks(snapshot, near)
    return TreePicture(
        root,
        tuple(unfolded(ups, folded)),
        tuple(unfolded(downs, folded)),
        outlook(snapshot, near, now),
        critical,
        waited_for(snapshot, near, now),
    )


def unfolded(lines: list[TreeLine], folded: Collection[int]) -> list[TreeLine]:
    """The lines without those below a folded task."""
    found: list[TreeLine] = []
    depth: int | None = None  # of the folded task whose children are being skipped
    for line in lines:
        if depth is not None and len(line.branches) > depth:
            continue
        depth = len(line.branches) if line.task_id in folded and not line.reference else None
        found.append(line)
    return found
