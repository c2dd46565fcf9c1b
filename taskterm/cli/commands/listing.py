"""Lists that a query chooses, and lists as JSON. The plain list of everything open is in quick.py."""

from __future__ import annotations

from taskterm.cli.quick import first
from taskterm.cli.rows import show_groups
from taskterm.cli.session import Session
from taskterm.core import query
from taskterm.core.document import epoch_of, task_object
from taskterm.core.errors import UsageError
from taskterm.core.model import OPEN, Task
from taskterm.core.snapshot import groups
from taskterm.core.urgency import urgency
from taskterm.core.zone import to_utc_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def list_chosen(session: Session, words: Sequence[str], everything: bool, limit: int | None) -> int:
    """The tasks that fit the query, open ones unless `everything` or unless the query names ended ones."""
    if "" in words:
        raise UsageError("one word of the query is empty", "quote what your shell would swallow, or leave it out")
    at = to_utc_text(session.now)
    snapshot = session.store().snapshot()
    asked = query.parse(" ".join(words))
    ended = everything or _names_ended(words)
    tasks = [t for t in snapshot.tasks.values() if (ended or t.status in OPEN) and asked.fits(snapshot, t, at)]
    seconds = session.now.timestamp()

    def urgency_of(task: Task) -> float:
        return urgency(task, seconds, epoch_of)

    chosen = groups(tasks, at, urgency_of)
    if limit is not None:
        chosen = first(chosen, limit)
    if session.json:
        session.data([task_object(snapshot, task, session.now) for group in chosen for task in group.tasks])
    elif chosen:
        show_groups(session, snapshot, chosen)
    else:
        what = f"nothing fits {' '.join(words)}" if words else "there are no tasks"
        session.note(what if ended else f"{what}; --all looks at finished tasks too")
    return 0


def _names_ended(words: Sequence[str]) -> bool:
    """Whether a word asks for ended tasks, or for a task by its id, whatever its state."""
    split = " ".join(words).replace("(", " ").replace(")", " ").split()
    return any(w.lower() in ("done", "cancelled") or w.removeprefix("#")[:1].isdigit() for w in split)
