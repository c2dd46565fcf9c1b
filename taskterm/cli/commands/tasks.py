"""edit, comment, delete: changes of a task's own facts, by the words of the capture line."""

from __future__ import annotations

from taskterm.cli.answer import changed, echo_task, named
from taskterm.cli.choosing import NOTE, WHERE, choose, is_ids
from taskterm.cli.commands import steps
from taskterm.cli.options import Command, Given, Option, need
from taskterm.cli.session import Session
from taskterm.cli.text import fit
from taskterm.core import edit_line
from taskterm.core.capture import Capture, parse_capture
from taskterm.core.display import visible
from taskterm.core.errors import UsageError
from taskterm.core.model import Delete, Insert, Update
from taskterm.core.wording import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from taskterm.store.store import Result


def edit(session: Session, given: Given) -> int:
    """Changes facts of tasks with the words of the capture line, all in one operation; without any, in an editor."""
    example = "edit 12 due:fri +ops -web"
    where = given.text("where")
    named_words, words = ([], given.words) if where is not None else _split_refs(given.words)
    if not named_words and where is None:
        need((), "the task", example)
    if given.rest is not None:
        words = [*words, "--", *given.rest]
    capture = parse_capture(words, session.now, edit=True)
    args = edit_line.arguments(capture, notes=given.text("notes"), folder=steps.here() if capture.run else None)
    if not args:
        if len(named_words) == 1 and session.may_ask and session.terminal:
            from taskterm.cli.commands import edit_form

            return edit_form.edit(session, named_words[0])
        hint = f"for example: taskterm {example}; on a terminal, taskterm edit 12 opens an editor"
        raise UsageError("nothing to change was given", hint)
    _refuse_reference_title(named_words, capture)
    chosen = choose(session, given, named_words, "edit", example=example)
    if chosen is None:
        return 1
    if "title" in args.get("set", {}) and len(chosen) > 1:
        raise UsageError(f"{len(chosen)} tasks cannot all be called {shown(capture.title)!r}", "rename them one by one")
    result = session.execute("edit", {"refs": chosen, **args})
    if capture.run:
        steps.record_typed(session, result)
    for note in capture.notes:
        session.note(note)
    show_edited(session, result)
    return 0


def show_edited(session: Session, result: Result) -> None:
    """Answers an edit: every task as it is now, with the links and commands that it was given or lost."""
    lines = []
    for task_id in result.outcome.task_ids:
        extra: list[str] = []
        for change in result.outcome.changes:
            if change.table == "dependency" and not isinstance(change, Update):
                extra += _link(change, task_id)
            elif change.table == "step" and isinstance(change, Insert) and change.row["task_id"] == task_id:
                extra.append(f"$ {fit(visible(change.row['run']), 60)}")
        lines.append(echo_task(session, result.tasks[task_id], extra))
    changed(session, result, lines if result.operation_id else ())


def _link(change: Insert | Delete, task_id: int) -> list[str]:
    before, after = change.row["predecessor_id"], change.row["successor_id"]
    gone = "" if isinstance(change, Insert) else "no longer "
    if after == task_id:
        return [f"{gone}waits for {before}"]
    return [f"{gone}holds up {after}"] if before == task_id else []


def _split_refs(words: list[str]) -> tuple[list[str], list[str]]:
    """The leading ids and ranges, or else the first word as a part of a title; then the changes."""
    count = 0
    while count < len(words) and is_ids(words[count]):
        count += 1
    count = max(count, 1)
    return words[:count], words[count:]


def _refuse_reference_title(named_words: list[str], capture: Capture) -> None:
    """An edit that begins with words and not with an id: the first would name a task, the others rename it."""
    if named_words and not is_ids(named_words[0]) and capture.title and " " not in named_words[0]:
        typed = f"{named_words[0]} {capture.title}"
        raise UsageError(
            f"{shown(typed)!r}: which task is meant, and what is its new title?",
            "begin with its id, or quote what names it: taskterm edit 'release notes' Another title",
        )


def comment(session: Session, given: Given) -> int:
    """Something said about a task, or about several at once."""
    words = given.all_words()
    if len(words) < 2:
        raise UsageError("a task and a text are needed", 'for example: taskterm comment 12 "Waiting for legal"')
    chosen = choose(session, given, words[:1], "comment on", example="comment 12 Waiting")
    if chosen is None:
        return 1
    result = session.execute("comment", {"refs": chosen, "text": " ".join(words[1:])})
    changed(session, result, [f"{named(result.tasks[task_id])} · comment added" for task_id in result.outcome.task_ids])
    return 0


def delete(session: Session, given: Given) -> int:
    """Removes tasks with all that belongs to them, after asking on a terminal."""
    chosen = choose(session, given, given.all_words(), "delete", example="delete 12", always=True)
    if chosen is None:
        return 1
    with session.store().read() as reader:
        tasks = [task for task in map(reader.task, map(int, chosen)) if task is not None]
    result = session.execute("delete", {"refs": chosen})
    changed(session, result, [f"{named(task)} is deleted" for task in tasks])
    return 0


COMMANDS = {
    "edit": Command(
        "edit",
        "TASK… CHANGES…",
        "change facts of tasks",
        edit,
        (Option("--notes", "replace the notes (Markdown)", "TEXT"), *WHERE),
        (
            ("edit 12 due:fri +ops -web", "due on Friday, a tag more and one less"),
            ("edit 4 5 8 pri:H", "several at once"),
            ("edit 12 15..18 @ana", "a range; it is shown and asked about"),
            ('edit --where "project:site blocked" pri:H', "whatever a query chooses"),
            ("edit 12 after:3 run:'make deploy'", "it waits for 3 too, and has a command more"),
            ("edit 12 due: -@", "without a due date and without a person"),
            ("edit 12 Deploy the shop", "another title"),
            ("edit 12", "on a terminal: all its facts in your editor"),
        ),
        (
            "The words are those of: taskterm help add. A key without a value empties it (after: alone lets the task"
            " wait for nothing), and so does due:none; -tag takes a tag away. All of it is one operation, which one"
            " undo takes back. A word that looks like a key and is none is refused; behind -- every word is title.",
            NOTE,
        ),
        "tags",
    ),
    "comment": Command(
        "comment",
        "TASK TEXT…",
        "say something about a task",
        comment,
        WHERE[1:],
        examples=(
            ('comment 12 "Waiting for legal"', ""),
            ('comment 4,5,8 "Waiting for legal"', "the same about several, in one operation"),
        ),
        dashes="text",
    ),
    "delete": Command(
        "delete",
        "TASK…",
        "remove tasks that never ran; undo brings them back",
        delete,
        WHERE,
        (("delete 12 --yes", ""), ('delete --where "cancelled +old"', "whatever a query chooses")),
        ("It always asks first; without a terminal it needs --yes.",),
    ),
}
