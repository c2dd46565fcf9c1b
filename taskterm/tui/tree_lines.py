"""The dependency view as lines: the root, what comes before and after it, and whom people wait for. Pure.

What is asked of a listing at every key (where a task stands, what hangs below a line) is worked out once, when the
listing is made.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from taskterm.core.forecast import Outlook, Progress, Waited, next_in_line, outlook, progress, waited_for
from taskterm.core.model import OPEN
from taskterm.core.snapshot import Snapshot
from taskterm.core.tree import TreeLine, after_with_hindrances, before, critical_tasks

BEFORE, AFTER = "Before", "After"
TOP = {BEFORE: -1, AFTER: -2}
"""What stands for the root as the parent of lines: the two sides are kept apart."""


class TreePicture(NamedTuple):
    """Everything the view draws of one root. `following` are people's tasks that come as soon as one of `waited` is
    done."""

    root: int
    before: tuple[TreeLine, ...]
    after: tuple[TreeLine, ...]
    seen: Outlook
    critical: frozenset[int]
    waited: tuple[Waited, ...]
    following: tuple[Waited, ...] = ()
    far: Mapping[str, Progress] = {}  # by section how far its tasks are


class Line(NamedTuple):
    """One line of the view. `key` is None where the cursor passes over."""

    kind: str  # root, head, tree, waited, next, text, legend or blank
    key: Hashable = None
    tree: TreeLine | None = None
    waited: Waited | None = None
    section: str = ""


class Listing(NamedTuple):
    """The lines from the top, and by line number how they hang together.

    `parents` has the line above in the tree (or a TOP), `ends` the last line that hangs below, `places` the line that
    shows a task in full, `edges` the line of a dependency (predecessor, successor). `last_open` is by parent the last
    line below it whose task is open, `others` the lines of what else hinders the one above.
    """

    lines: Sequence[Line] = ()
    parents: Mapping[int, int] = {}
    ends: Mapping[int, int] = {}
    places: Mapping[int, int] = {}
    edges: Mapping[tuple[int, int], int] = {}
    last_open: Mapping[int, int] = {}
    others: Mapping[int, Sequence[int]] = {}
    firsts: Mapping[str, int] = {}  # by section its first line
    tasks: int = 0

    def parent_task(self, line: int, root: int) -> int:
        """The task above a line of the tree."""
        parent = self.parents[line]
        above = self.lines[parent].tree if parent >= 0 else None
        return above.task_id if above is not None else root

    def edge(self, line: int, root: int) -> tuple[int, int] | None:
        """The dependency between a line of the tree and the one above it: (predecessor, successor)."""
        found = self.lines[line]
        if found.tree is None:
            return None
        above, here = self.parent_task(line, root), found.tree.task_id
        return (here, above) if found.section == BEFORE or found.tree.hinders else (above, here)


def picture(snapshot: Snapshot, root: int, now: datetime, folded: Collection[int] = ()) -> TreePicture:
    """The tree around `root`; the children of tasks in `folded` are left out."""
    ups, downs = before(snapshot, root), after_with_hindrances(snapshot, root)
    near = {root, *(line.task_id for line in ups), *(line.task_id for line in downs)}
    critical = critical_tasks(snapshot, {root, *(line.task_id for line in (*ups, *downs) if not line.hinders)})
    waited = waited_for(snapshot, near, now)
    sides = {BEFORE: ups, AFTER: [line for line in downs if not line.hinders]}
    return TreePicture(
        root,
        tuple(unfolded(ups, folded)),
        tuple(unfolded(downs, folded)),
        outlook(snapshot, near, now),
        critical,
        waited,
        next_in_line(snapshot, waited, now),
        {name: progress(snapshot, {line.task_id for line in side}, now) for name, side in sides.items()},
    )


def unfolded(lines: list[TreeLine], folded: Collection[int]) -> list[TreeLine]:
    """The lines without those below a folded task, which counts them in `below`."""
    found: list[TreeLine] = []
    depth: int | None = None  # of the folded task whose children are being skipped
    for line in lines:
        if depth is not None and len(line.branches) > depth:
            found[-1] = found[-1]._replace(below=found[-1].below + 1)
            continue
        depth = len(line.branches) if line.task_id in folded and not line.reference else None
        found.append(line)
    return found


def listing(tree: TreePicture, snapshot: Snapshot, height: int) -> Listing:
    """The lines of a picture; the legend stands in the last of `height` lines, or after the others."""
    lines: list[Line] = [Line("root", ("root", tree.root)), Line("blank")]
    places: dict[int, int] = {tree.root: 0}
    parents: dict[int, int] = {}
    ends: dict[int, int] = {}
    edges: dict[tuple[int, int], int] = {}
    last_open: dict[int, int] = {}
    others: dict[int, list[int]] = {}
    firsts: dict[str, int] = {}
    for section, members in ((BEFORE, tree.before), (AFTER, tree.after)):
        if not members:
            continue
        lines.append(Line("head", section=section))
        firsts[section] = len(lines)
        seen: dict[int, int] = {}
        above = [TOP[section]]  # the lines that the next one may hang below, from the top
        for member in members:
            nth = seen[member.task_id] = seen.get(member.task_id, -1) + 1
            number, depth = len(lines), len(member.branches)
            while len(above) > depth:
                ends[above.pop()] = number - 1
            parent = parents[number] = above[-1]
            above.append(number)
            lines.append(Line("tree", (section, member.task_id, nth), member, section=section))
            if not member.reference:
                places.setdefault(member.task_id, number)
            up = lines[parent].tree if parent >= 0 else None
            up_id = up.task_id if up is not None else tree.root
            pair = (member.task_id, up_id) if section == BEFORE or member.hinders else (up_id, member.task_id)
            edges.setdefault(pair, number)
            if snapshot.tasks[member.task_id].status in OPEN:
                last_open[parent] = number
            if member.hinders:
                others.setdefault(parent, []).append(number)
        while above:
            ends[above.pop()] = len(lines) - 1
        lines.append(Line("blank"))
    count = len(places)
    if not tree.before and not tree.after:
        lines += [Line("text"), Line("blank")]
    if tree.waited:
        lines.append(Line("head", section="Waited for"))
        lines += [Line("waited", ("waited", w.task_id), waited=w) for w in tree.waited]
        lines += [Line("next", ("next", w.task_id), waited=w) for w in tree.following]
        lines.append(Line("blank"))
    lines += [Line("blank")] * (height - len(lines) - 2)
    lines.append(Line("legend"))
    return Listing(lines, parents, ends, places, edges, last_open, others, firsts, count)
