"""link and unlink: what waits for what."""

from taskterm.cli.answer import changed, named
from taskterm.cli.options import Command, Given, Option, refs
from taskterm.cli.session import Session
from taskterm.core.errors import UsageError

EXAMPLE = "for example: taskterm link 12 --after 3,4"


def link(session: Session, given: Given) -> int:
    """The task waits for others, or others wait for it."""
    words, after, before = given.all_words(), given.many("after"), given.many("before")
    if len(words) != 1 or not (after or before):
        raise UsageError("a task and what it waits for are needed", EXAMPLE)
    if after and before:
        raise UsageError("--after and --before are two commands", EXAMPLE)
    if after:
        result = session.execute("link", {"successor": words[0], "predecessors": refs(after)})
        successor, *others = result.outcome.task_ids
        waits = ", ".join(named(result.tasks[i]) for i in others)
        changed(session, result, [f"{named(result.tasks[successor])} waits for {waits}"])
        return 0
    result = session.execute("edit", {"refs": words, "before": refs(before)})
    task = result.tasks[result.outcome.task_ids[0]]
    held = [c.row["successor_id"] for c in result.outcome.changes if c.table == "dependency"]  # type: ignore[union-attr]
    changed(session, result, [f"{named(task)} holds up {', '.join(map(str, held))}"] if held else [])
    return 0


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
        "TASK --after TASKS | TASK --before TASKS",
        "let a task wait for others",
        link,
        (
            Option("--after", "what it waits for", "TASKS", many=True),
            Option("--before", "what waits for it", "TASKS", many=True),
        ),
        (("link 12 --after 3,4", "12 can start when 3 and 4 are done"),),
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
