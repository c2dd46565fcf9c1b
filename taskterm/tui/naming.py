"""Which task of a snapshot a word names while it is typed: an id, or a unique part of a title. Pure."""

from taskterm.core.model import OPEN, Task
from taskterm.core.snapshot import Snapshot

_found: dict[str, Task | None] = {}
_looked_in: list[Snapshot] = []
"""What was looked for in the newest snapshot: a line is read again at every key, and most of its words stay."""


def find(snapshot: Snapshot, ref: str) -> Task | None:
    """The task that `12`, `#12` or a unique part of a title names, or None. Open ones come before closed ones."""
    bare = ref.strip().removeprefix("#")
    if bare.isascii() and bare.isdigit() and len(bare) < 18:
        return snapshot.tasks.get(int(bare))
    part = bare.casefold()
    if not part:
        return None
    if not _looked_in or _looked_in[0] is not snapshot:
        _looked_in[:] = [snapshot]
        _found.clear()
    if part not in _found:
        _found[part] = _titled(snapshot, part)
    return _found[part]


def _titled(snapshot: Snapshot, part: str) -> Task | None:
    found = [task for task in snapshot.tasks.values() if part in task.title.casefold()]
    still = [task for task in found if task.status in OPEN]
    chosen = still or found
    return chosen[0] if len(chosen) == 1 else None
