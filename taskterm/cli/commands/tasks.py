"""edit, comment, delete: changes of a task's own facts."""

from __future__ import annotations

from taskterm.cli.answer import changed, echo_task, named
from taskterm.cli.commands import steps
from taskterm.cli.options import Command, Given, Option, need, refs
from taskterm.cli.session import Session
from taskterm.core.capture import Capture, parse_capture
from taskterm.core.errors import RuleError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FIELDS = ("assignee", "project", "due", "scheduled", "wait", "estimate_minutes", "priority", "recurrence")


def edit(session: Session, given: Given) -> int:
    """Changes facts of tasks with the words of the capture line."""
    need(given.words, "the task", "edit 12 due:fri +ops -web")
    named_refs, words = _split_refs(given.words)
    if given.rest is not None:
        words = [*words, "--", *given.rest]
    capture = parse_capture(words, session.now, edit=True)
    notes = given.text("notes")
    args = _edit_args(named_refs, capture)
    if notes is not None:
        args["set"]["notes"] = notes
    if capture.title:
        if len(named_refs) > 1:
            raise UsageError(
                f"{len(named_refs)} tasks cannot all be called {capture.title!r}", "rename them one by one"
            )
        args["set"]["title"] = capture.title
    facts = args["set"] or args["add_tags"] or args["remove_tags"] or capture.after or capture.before
    if not (facts or capture.run or "after" in capture.cleared):
        raise UsageError("nothing to change was given", "for example: taskterm edit 12 due:fri +ops -web")
    result = None
    if facts:
        result = session.execute("edit", args)
    for ref in named_refs:
        if "after" in capture.cleared:
            result = session.execute("unlink", {"successor": ref, "predecessors": []})
        if capture.run:
            folder = steps.here()
            result = session.execute(
                "step_add", {"ref": ref, "steps": [{"run": run, "cwd": folder} for run in capture.run]}
            )
            steps.record_typed(session, result)
    assert result is not None
    lines = [echo_task(session, result.tasks[i]) for i in result.outcome.task_ids if i in result.tasks]
    changed(session, result, lines)
    return 0


def _split_refs(words: list[str]) -> tuple[list[str], list[str]]:
    """The leading ids, or else the first word as a part of a title; then the changes."""
    count = 0
    while count < len(words) and all(p.removeprefix("#").isdecimal() for p in words[count].split(",")):
        count += 1
    count = max(count, 1)
    return refs(words[:count]), words[count:]


def _edit_args(named_refs: list[str], capture: Capture) -> dict[str, Any]:
    values = {name: getattr(capture, name) for name in _FIELDS if getattr(capture, name) is not None}
    for name in capture.cleared:
        if name in ("before", "run"):
            how = "taskterm step remove STEP" if name == "run" else "taskterm unlink TASK --after THIS"
            raise UsageError(f"{name}: alone takes nothing away", f"use: {how}")
        if name != "after":
            values[name] = None
    return {
        "refs": named_refs,
        "set": values,
        "add_tags": list(capture.tags),
        "remove_tags": list(capture.remove_tags),
        "after": list(capture.after),
        "before": list(capture.before),
    }


def comment(session: Session, given: Given) -> int:
    """Something said about a task."""
    words = given.all_words()
    if len(words) < 2:
        raise UsageError("a task and a text are needed", 'for example: taskterm comment 12 "Waiting for legal"')
    result = session.execute("comment", {"ref": words[0], "text": " ".join(words[1:])})
    changed(session, result, [f"{named(result.tasks[result.outcome.task_ids[0]])} · comment added"])
    return 0


def delete(session: Session, given: Given) -> int:
    """Removes tasks with all that belongs to them, after asking on a terminal."""
    words = given.all_words()
    need(words, "the task", "delete 12")
    from taskterm.core.commands.refs import resolve_all

    with session.store().read() as reader:
        tasks = resolve_all(reader, refs(words))
    if not given.flag("yes"):
        many = f"{len(tasks)} tasks" if len(tasks) > 1 else "the task"
        if not session.may_ask:
            raise RuleError(
                f"deleting {', '.join(named(t) for t in tasks[:5])}{' …' if len(tasks) > 5 else ''} needs a yes",
                "add --yes (taskterm undo brings them back)",
            )
        for task in tasks:
            session.note(f"  {named(task)}")
        if not session.agrees(f"delete {many}?"):
            session.note("nothing was deleted")
            return 1
    result = session.execute("delete", {"refs": [task.id for task in tasks]})
    if session.json:
        changed(session, result, ())
    else:
        changed(session, result, [f"{named(task)} is deleted" for task in tasks])
    return 0


COMMANDS = {
    "edit": Command(
        "edit",
        "TASK… CHANGES…",
        "change facts of tasks",
        edit,
        (Option("--notes", "replace the notes (Markdown)", "TEXT"),),
        (
            ("edit 12 due:fri +ops -web", "due on Friday, a tag more and one less"),
            ("edit 4 5 @ana pri:H", "two at once"),
            ("edit 12 due: -@", "without a due date and without a person"),
            ("edit 12 Deploy the shop", "another title"),
        ),
        ("The words are those of: taskterm help add. A key without a value empties it; -tag takes a tag away.",),
        "tags",
    ),
    "comment": Command(
        "comment",
        "TASK TEXT…",
        "say something about a task",
        comment,
        examples=(('comment 12 "Waiting for legal"', ""),),
        dashes="text",
    ),
    "delete": Command(
        "delete",
        "TASK…",
        "remove tasks that never ran; undo brings them back",
        delete,
        (Option("--yes", "do not ask"),),
        (("delete 12 --yes", ""),),
    ),
}
