"""What picking the other end of a dependency would do, as far as a snapshot knows; the store has the last word."""

from typing import NamedTuple

from taskterm.core import graph
from taskterm.core.model import OPEN
from taskterm.core.snapshot import Snapshot


class Verdict(NamedTuple):
    """What picking a task would do. `kind`: link, unlink (they are linked already) or refused; `why` in few words."""

    kind: str
    why: str = ""
    path: tuple[int, ...] = ()


def judge(snapshot: Snapshot, predecessor: int, successor: int) -> Verdict:
    """Whether predecessor → successor can be linked, as far as this snapshot knows; the store has the last word."""
    if predecessor == successor:
        return Verdict("refused", "from here")
    if predecessor in snapshot.predecessors(successor):
        return Verdict("unlink", "linked already")
    back = graph.path_between(successor, predecessor, snapshot.successors)
    if back is not None:
        return Verdict("refused", "closes a cycle", (predecessor, *back))
    task = snapshot.tasks[successor]
    if task.run_state == "running" and task.status in OPEN:
        return Verdict("refused", "running, too late")
    if task.status not in OPEN and snapshot.tasks[predecessor].status in OPEN:
        return Verdict("refused", f"is {task.status}")
    return Verdict("link")
