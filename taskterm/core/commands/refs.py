"""How a task is named: by its id (`12`, `#12`) or by a part of its title that fits only one task."""

from __future__ import annotations

from taskterm.core.errors import NotFound, UsageError
from taskterm.core.model import OPEN, Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskterm.core.port import Reader


def resolve(reader: Reader, ref: int | str) -> Task:
    """The task that `ref` names. NotFound says what was looked for and, where several fit, which ones."""
    if isinstance(ref, str):
        text = ref.strip()
        digits = text[1:] if text.startswith("#") else text
        if not (digits.isascii() and digits.isdigit()):
            return _titled(reader, text)
        ref = int(digits) if len(digits) < 19 else 0
    task = reader.task(ref) if 0 < ref < 2**63 else None
    if task is None:
        raise NotFound(f"there is no task #{ref}", "see the ids with: taskterm list --all")
    return task


def resolve_all(reader: Reader, refs: Iterable[int | str]) -> list[Task]:
    """Each named task once, in the order given. UsageError if there is none."""
    found = {task.id: task for task in (resolve(reader, ref) for ref in refs)}
    if not found:
        raise UsageError("no task was named", "give an id, such as 12, or a part of a title")
    return list(found.values())


def _titled(reader: Reader, part: str) -> Task:
    if not part:
        raise UsageError("an empty word names no task", "quote what your shell would swallow")
    from taskterm.core.wording import shown

    fits = reader.tasks_titled(part)
    exact = [t for t in fits if t.title.casefold() == part.casefold()]
    wanted = [t for t in exact if t.status in OPEN] or exact or [t for t in fits if t.status in OPEN] or fits
    if len(wanted) == 1:
        return wanted[0]
    if not wanted:
        raise NotFound(f"no title contains {shown(part)!r}", "see the tasks with: taskterm list --all")
    names = ", ".join(f"{t.id} {shown(t.title)}" for t in wanted[:5]) + (", …" if len(wanted) > 5 else "")
    raise NotFound(f"{shown(part)!r} fits several tasks: {names}", "give the id")
