"""What picking the other end of a dependency would do, as far as a snapshot knows; the store has the last word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from textual.message import Message

from taskterm.core import graph
from taskterm.core.model import OPEN
from taskterm.core.snapshot import Snapshot
from taskterm.tui.keys import Keys
from taskterm.tui.messages import ActRequested, Said


class Verdict(NamedTuple):
    """What picking a task would do. `kind`: link, unlink (they are linked already: that is cut, or left
    as it is) or refused; `why` in few words."""

    kind: str
    why: str = ""
    path: tuple[int, ...] = ()


class Link(NamedTuple):
    """Link mode: from which task, whether the picked one waits for it (`forward`), and what picking would do."""

    source: int
    forward: bool = True
    verdict: Verdict | None = None

    def ends(self, other: int) -> tuple[int, int]:
        """(predecessor, successor) of the dependency that picking a task would make."""
        return (self.source, other) if self.forward else (other, self.source)

    def judged(self, snapshot: Snapshot, other: int | None) -> Link:
        """The same with the verdict on a task; none on the source itself, and none where nothing is chosen."""
        verdict = None if other is None or other == self.source else judge(snapshot, *self.ends(other))
        return self._replace(verdict=verdict)


def path_words(path: Sequence[int], most: int = 8) -> str:
    """`#23 → #17 → #23`; of a long path the two ends and how many are between."""
    ids = [f"#{i}" for i in path]
    if len(ids) > most:
        ids = [*ids[: most - 4], f"{len(ids) - most + 1} more", *ids[-3:]]
    return " → ".join(ids)


CUTS = "{unlink} cuts a link"


def picked(link: Link, other: int | None, keys: Keys) -> Message:
    """What a view posts for enter on a task in link mode: a refusal with its reason, or the command."""
    verdict = link.verdict
    if verdict is None or other is None:
        return Said("go to the other end first")
    if verdict.kind == "refused":
        path = path_words(verdict.path)
        return Said(f"refused, cycle {path}" if path else f"refused: #{other} {verdict.why}", bad=True)
    first, second = link.ends(other)
    if verdict.kind == "unlink":
        return Said(keys.said(f"#{second} waits for #{first} already · {CUTS}"), bad=True)
    return ActRequested(verdict.kind, {"successor": second, "predecessors": [first]})


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


def judge_all(snapshot: Snapshot, ends: Sequence[int], other: int, *, forward: bool) -> Verdict:
    """The same for several ends and one other: refused where one of them is; `forward` lets the other wait for them.

    Several are linked, and never unlinked: those that are linked already stay so.
    """
    if other in ends:
        return Verdict("refused", "from here")
    found = [judge(snapshot, *((end, other) if forward else (other, end))) for end in ends]
    if len(ends) == 1:
        return found[0]
    refused = [(end, verdict) for end, verdict in zip(ends, found, strict=True) if verdict.kind == "refused"]
    if refused:
        end, verdict = refused[0]
        return verdict._replace(why=f"{verdict.why} with #{end}" if verdict.path else verdict.why)
    if all(verdict.kind == "unlink" for verdict in found):
        return Verdict("refused", "linked already")
    return Verdict("link")


def judge_cut(snapshot: Snapshot, ends: Sequence[int], other: int, *, forward: bool) -> Verdict:
    """Whether there is a link to cut between these ends and one other; `forward` where the other waits for them."""
    if other in ends:
        return Verdict("refused", "from here")
    if not linked(snapshot, ends, other, forward=forward):
        turned = linked(snapshot, ends, other, forward=not forward)
        return Verdict("refused", "is linked the other way" if turned else "is not linked")
    if not forward and len(ends) > 1:
        return Verdict("refused", "can be cut from one task at a time")
    return Verdict("unlink")


def linked(snapshot: Snapshot, ends: Sequence[int], other: int, *, forward: bool) -> tuple[int, ...]:
    """Those of the ends that the other waits for, or with `forward` false, those that wait for it."""
    found = snapshot.predecessors(other) if forward else snapshot.successors(other)
    return tuple(end for end in ends if end in found)


def asked(verdict: Verdict, ends: Sequence[int], other: int, *, forward: bool) -> dict[str, Any]:
    """What the store is asked, for one operation: the arguments of `link` or `unlink`."""
    successors, predecessors = ([other], list(ends)) if forward else (list(ends), [other])
    if verdict.kind == "unlink":
        return {"successor": successors[0], "predecessors": predecessors}
    return {"refs": successors, "predecessors": predecessors}


def command(verdict: Verdict, ends: Sequence[int], other: int, *, forward: bool) -> str:
    """The command line that does the same."""
    successors, predecessors = ([other], list(ends)) if forward else (list(ends), [other])
    named, after = " ".join(str(i) for i in successors), ",".join(str(i) for i in predecessors)
    return f"taskterm {verdict.kind} {named} --after {after}"
