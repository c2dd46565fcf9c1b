"""link and unlink: what waits for what."""

from __future__ import annotations

from taskterm.cli.answer import changed, named
from taskterm.cli.options import Command, Given, Option, refs
from taskterm.cli.session import Session
from taskterm.core.errors import UsageError
from taskterm.core.model import Insert

TYPE_CHECKING = False
if TYPE_CHECKING:
    from taskterm.store.store import Result

EXAMPLE = "for example: taskterm link 12 --after 3,4"


def link(session: Session, given: Given) -> int:
    """The tasks wait for others, or others wait for them."""
    words, after, before = refs(given.all_words()), refs(given.many("after")), refs(given.many("before"))
    if not words or not (after or before):
        raise UsageError("a task and what it waits for are needed", EXAMPLE)
    result = session.execute("link", {"refs": words, "predecessors": after, "successors": before})
    changed(session, result, _said(result))
    return 0


def _said(result: Result) -> list[str]:
    """A line for each task that waits now: `12 Deploy waits for 3 Build, 4 Test`."""
    waits: dict[int, list[int]] = {}
    for change in result.outcome.changes:
        if isinstance(change, Insert):
            waits.setdefault(change.row["successor_id"], []).append(change.row["predecessor_id"])
    tasks = result.tasks
    return [f"{named(tasks[s])} waits for {', '.join(named(tasks[p]) for p in found)}" for s, found in waits.items()]


def unlink(session: Session, given: Given) -> int:
    """The task no longer waits for others: those named, or all."""
    words = given.all_words()
    if len(words) != 1:
        raise UsageError("one task is needed", "for example: taskterm unlink 12 --after 3")
    result = session.execute("unlink", {"successor": words[0], "predecessors": refs(given.many("after"))})
    successor, *others = result.outcome.task_ids
    free = ", ".join(named(result.tasks[i]) for i in others)
    changed(session, result, [f"{named(result.tasks[successor])} no longer waits for {free}"])
    return 0


COMMANDS = {
    "link": Command(
        "link",
        "TASK… --after TASKS | TASK… --before TASKS",
        "let tasks wait for others",
        link,
        (
            Option("--after", "what they wait for", "TASKS", many=True),
            Option("--before", "what waits for them", "TASKS", many=True),
        ),
        (
            ("link 12 --after 3,4", "12 can start when 3 and 4 are done"),
            ("link 3 4 --before 12", "the same, said from the other end"),
        ),
    ),
    "unlink": Command(
        "unlink",
        "TASK [--after TASKS]",
        "let it wait no longer",
        unlink,
        (Option("--after", "only for these (else for nothing any more)", "TASKS", many=True),),
        (("unlink 12 --after 3", ""),),
    ),
}
