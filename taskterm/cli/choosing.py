"""Tasks that a command is about: named one by one, or a range of ids or a query, which is shown and asked about first.

Whoever names ids has seen them; whoever writes `12..18` or `--where` has not. So those are listed before anything is
changed, and without a terminal they need --yes.
"""

from __future__ import annotations

from taskterm.cli.answer import named
from taskterm.cli.options import Given, Option, need, refs
from taskterm.cli.session import Session
from taskterm.core.errors import NotFound, RuleError, UsageError
from taskterm.core.model import OPEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskterm.core.model import Task

SHOWN = 10
"""So many of the tasks are listed before the question."""

WHERE = (
    Option("--where", "the tasks that a query chooses (taskterm help queries), after asking", "QUERY"),
    Option("--yes", "do not ask"),
)
NOTE = "A range (12..18) and --where show what they choose and ask; without a terminal they need --yes."


def is_ids(word: str) -> bool:
    """Whether a word names tasks by ids alone: `12`, `#12`, `4,5,8`, `12..18`, `4,12..18`."""
    return all(_limits(part) is not None for part in word.split(","))


def _limits(part: str) -> tuple[str, str] | None:
    """The ends of a range, which are equal for a single id, as digits; None for anything else."""
    first, dots, last = part.strip().removeprefix("#").partition("..")
    last = last.removeprefix("#") if dots else first
    return (first, last) if first.isdecimal() and last.isdecimal() and first.isascii() and last.isascii() else None


def choose(
    session: Session,
    given: Given,
    words: Sequence[str],
    action: str,
    tail: str = "",
    *,
    example: str,
    always: bool = False,
    ended: bool = False,
) -> list[int | str] | None:
    """What names the tasks, for the store; None where the user said no. The question is `action`, how many, `tail`:
    "move 3 tasks to Review?".

    `always` asks for tasks named one by one too. A query looks at open tasks, or at `ended` ones, unless it asks for
    others itself. RuleError where there is nobody to ask, NotFound where nothing is chosen.
    """
    where = given.text("where")
    if where is not None and words:
        raise UsageError(
            f"{words[0]!r} and --where both say which tasks", "use one of them; ids may stand in the query: 12 or 15"
        )
    if where is None:
        need(words, "the task", example)
    ranges = any(is_ids(word) and ".." in word for word in words)
    if where is None and not ranges and not always:
        return [*refs(words)]
    tasks = _queried(session, where, ended) if where is not None else _named(session, words)
    if not given.flag("yes") and not _agreed(session, tasks, action, tail):
        session.note("nothing was changed")
        return None
    return [task.id for task in tasks]


def _queried(session: Session, where: str, ended: bool) -> list[Task]:
    from taskterm.cli import asking
    from taskterm.core.display import visible
    from taskterm.core.zone import to_utc_text

    if not where.strip():
        raise UsageError("the query is empty", "quote what your shell would swallow, or name the tasks")
    asked = asking.parse(session, [where])
    snapshot = session.store().snapshot()
    asking.refuse_misspelt(asked, snapshot.tasks.values())
    at = to_utc_text(session.now)
    found = [
        task
        for task in snapshot.tasks.values()
        if (asked.ended or (task.status in OPEN) != ended) and asked.fits(snapshot, task, at)
    ]
    if not found:
        kind = "ended" if ended else "open"
        raise NotFound(f"no {kind} task fits {visible(where)}", f'try the query with: taskterm list "{visible(where)}"')
    return sorted(found, key=lambda task: task.id)


def _named(session: Session, words: Sequence[str]) -> list[Task]:
    """The tasks of ids, parts of titles and ranges, each once. A range leaves out the ids that no task has."""
    from taskterm.core.commands.refs import resolve

    found: dict[int, Task] = {}
    with session.store().read() as reader:
        for word in words:
            for part in word.split(",") if is_ids(word) else [word]:
                limits = _limits(part)
                if limits is None or ".." not in part:
                    task = resolve(reader, part)
                    found[task.id] = task
                    continue
                first, last = (int(digits[:18]) for digits in limits)
                if first > last:
                    raise UsageError(f"{part.strip()} runs backwards", f"write {last}..{first}")
                inside = {task.id: task for task in reader.tasks("all_tasks") if first <= task.id <= last}
                if not inside:
                    raise NotFound(f"there are no tasks from {first} to {last}", "see them with: taskterm list --all")
                found |= inside
    return list(found.values())


def _agreed(session: Session, tasks: Sequence[Task], action: str, tail: str) -> bool:
    """Shows the tasks and asks; RuleError where nobody can answer."""
    count = f"{len(tasks)} tasks" if len(tasks) > 1 else "1 task"
    if not session.may_ask:
        few = ", ".join(named(task) for task in tasks[:5]) + (f" and {len(tasks) - 5} more" if len(tasks) > 5 else "")
        raise RuleError(f"to {action} {count}{tail} ({few}) needs a yes", "add --yes (taskterm undo takes it back)")
    for task in tasks[:SHOWN]:
        session.note(f"  {named(task)}")
    if len(tasks) > SHOWN:
        session.note(f"  and {len(tasks) - SHOWN} more")
    return session.agrees(f"{action} {count if len(tasks) > 1 else 'it'}{tail}?")
