"""Rules for dependencies: what may wait for what, and what becomes ready when something ends."""

from __future__ import annotations

from taskterm.core.commands.refs import resolve, resolve_all
from taskterm.core.errors import RuleError, UsageError
from taskterm.core.model import OPEN, Change, Delete, Insert, Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

    from taskterm.core.port import Reader

Edge = tuple[int, int]  # predecessor, successor


def link(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Each of `refs` (or the one `successor`) waits for each of `predecessors` and holds up each of `successors`.

    Links that exist are left as they are, and that is said.
    """
    tasks = resolve_all(reader, args["refs"] if "refs" in args else [args["successor"]])
    before = [resolve(reader, ref) for ref in args.get("predecessors") or ()]
    after = [resolve(reader, ref) for ref in args.get("successors") or ()]
    if not (before or after):
        raise UsageError("what it waits for is missing", "for example: taskterm link 12 --after 3,4")
    edges = [(p.id, t.id) for t in tasks for p in before] + [(t.id, s.id) for t in tasks for s in after]
    changes = checked_edges(reader, edges)
    known = {(c.row["predecessor_id"], c.row["successor_id"]) for c in changes if isinstance(c, Insert)}
    notes = tuple(f"#{s} waits for #{p} already" for p, s in dict.fromkeys(edges) if (p, s) not in known)
    return Outcome(tuple(changes), tuple(dict.fromkeys(t.id for t in (*tasks, *before, *after))), notes=notes)


def unlink(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """The successor no longer waits for these predecessors (all of them if none is named)."""
    successor = resolve(reader, args["successor"])
    existing = reader.predecessors(successor.id)
    named = args.get("predecessors")
    cut = [t.id for t in resolve_all(reader, named)] if named else list(existing)
    for predecessor in cut:
        if predecessor not in existing:
            raise RuleError(
                f"#{successor.id} does not wait for #{predecessor}",
                f"see what it waits for with: taskterm show {successor.id}",
            )
    if not cut:
        raise RuleError(f"#{successor.id} waits for nothing")
    changes = tuple(Delete("dependency", {"predecessor_id": p, "successor_id": successor.id}) for p in cut)
    blocked = any(is_open(reader, p) for p in cut)
    ready = blocked and would_be_ready(reader, successor.id, cut, now)
    return Outcome(changes, (successor.id, *cut), (successor.id,) if ready else ())


def checked_edges(
    reader: Reader,
    edges: Iterable[Edge],
    new: Collection[int] = (),
    *,
    cut: Collection[Edge] = (),
    added: dict[int, list[int]] | None = None,
) -> list[Change]:
    """Inserts for the edges that do not exist yet. Raises ClosesCycle or says why a task cannot begin to wait.

    `new` are ids of tasks that the same command makes, `cut` are other edges that it takes away. Edges are checked one
    after another, each against the database and those before it; `added` carries them, by predecessor, to a further
    call.
    """
    added = {} if added is None else added
    changes: list[Change] = []
    for predecessor, successor in dict.fromkeys(edges):
        known = [] if predecessor in new else reader.successors(predecessor)
        if successor in known or successor in added.get(predecessor, ()):
            continue
        refuse_cycle(reader, predecessor, successor, added, cut)
        if successor not in new:
            _refuse_late_wait(reader, predecessor, successor, new)
        added.setdefault(predecessor, []).append(successor)
        changes.append(Insert("dependency", {"predecessor_id": predecessor, "successor_id": successor}))
    return changes


def refuse_cycle(
    reader: Reader,
    predecessor: int,
    successor: int,
    added: Mapping[int, Iterable[int]],
    cut: Collection[Edge] = (),
) -> None:
    """Raise ClosesCycle if this edge closes a cycle with what is stored, without what is `cut`, and what is `added`
    (by predecessor)."""
    from taskterm.core import graph

    def successors(task_id: int) -> list[int]:
        stored = reader.successors(task_id)
        return [*(s for s in stored if (task_id, s) not in cut), *added.get(task_id, ())]

    graph.refuse_cycle(predecessor, successor, successors)


def _refuse_late_wait(reader: Reader, predecessor: int, successor: int, new: Collection[int]) -> None:
    if predecessor not in new and not is_open(reader, predecessor):
        return
    task = reader.task(successor)
    if task is None:
        return
    if task.status not in OPEN:
        raise RuleError(
            f"#{successor} {task.title} is {task.status}: it cannot begin to wait for #{predecessor}",
            f"reopen it first: taskterm reopen {successor}",
        )
    if task.run_state == "running":
        raise RuleError(
            f"#{successor} {task.title} is running: it cannot begin to wait for #{predecessor}",
            "link it when the run has ended, or stop the run",
        )


def is_open(reader: Reader, task_id: int) -> bool:
    """Whether a task is there and neither done nor cancelled."""
    task = reader.task(task_id)
    return task is not None and task.status in OPEN


def would_be_ready(reader: Reader, task_id: int, ended: Collection[int], now: str) -> bool:
    """Whether a task can start once the tasks in `ended` no longer block it."""
    task = reader.task(task_id)
    if task is None or task.status != "todo" or (task.wait is not None and task.wait > now):
        return False
    return not any(p not in ended and is_open(reader, p) for p in reader.predecessors(task_id))


def released_by(reader: Reader, ended: Collection[int], now: str) -> tuple[int, ...]:
    """The tasks that become ready when all of `ended` end."""
    candidates = dict.fromkeys(s for task_id in ended for s in reader.successors(task_id) if s not in ended)
    return tuple(s for s in candidates if would_be_ready(reader, s, ended, now))
