"""note: the notes of a task in an editor, a paragraph more from the command line or a pipe, or printed."""

from __future__ import annotations

import sys

from taskterm.cli.answer import changed, named
from taskterm.cli.options import Command, Given, Option, need
from taskterm.cli.session import Session
from taskterm.core.display import visible
from taskterm.core.errors import RuleError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from taskterm.core.model import Task


def note(session: Session, given: Given) -> int:
    """Opens, adds to, replaces or prints the notes of one task."""
    need(given.all_words(), "the task", "note 12")
    ref, *words = given.all_words()
    replace = given.flag("replace")
    if given.flag("show"):
        if words or replace:
            raise UsageError("--show takes a task and nothing else", "for example: taskterm note 12 --show")
        return _show(session, ref)
    if words == ["-"] and given.rest is None:
        return _write(session, ref, _from_pipe(), replace)
    if words:
        return _write(session, ref, " ".join(words), replace)
    if replace:
        raise UsageError("--replace needs the new notes", f'for example: taskterm note {ref} "Ask legal" --replace')
    return _edit(session, ref)


def _task(session: Session, ref: str) -> Task:
    from taskterm.core.commands.refs import resolve

    with session.store().read() as reader:
        return resolve(reader, ref)


def _from_pipe() -> str:
    raw = sys.stdin.buffer.read()
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UsageError(f"line {line} of the input is not UTF-8 text", "nothing was written") from None


def _write(session: Session, ref: str, text: str, replace: bool) -> int:
    result = session.execute("note", {"ref": ref, "text": text, "replace": replace})
    task = result.tasks[result.outcome.task_ids[0]]
    said = "notes replaced" if replace else "note added"
    changed(session, result, [f"{named(task)} · {said}"] if result.operation_id else [])
    return 0


def _show(session: Session, ref: str) -> int:
    task = _task(session, ref)
    if session.json:
        session.data({"id": task.id, "notes": task.notes})
        return 0
    if not task.notes:
        session.note(f"{named(task)} has no notes")
        return 0
    for line in task.notes.replace("\r\n", "\n").split("\n"):
        if session.terminal:
            session.say(visible(line.expandtabs(4)))
        else:  # a tab may mean something to who reads this
            session.say("\t".join(map(visible, line.split("\t"))))
    return 0


def _edit(session: Session, ref: str) -> int:
    from taskterm.cli.editor import draft, need_terminal, refuse_with

    need_terminal(session, f"add a paragraph with: taskterm note {ref} TEXT, or a whole text with: … note {ref} -")
    task = _task(session, ref)
    before = f"{task.notes}\n" if task.notes else ""
    with draft(session, f"{task.id}-notes.md", before) as copy:
        after = copy.edit().replace("\r\n", "\n")
        if after.rstrip() == before.rstrip():
            session.note("the notes are as they were")
            return 0
        try:
            args = {"ref": task.id, "text": after, "replace": True, "expect": task.notes}
            result = session.execute("note", args)
        except RuleError as error:
            refuse_with(copy, error)
        except BaseException:
            copy.kept = True  # the database is busy or gone: what was typed is not
            session.note(copy.where())
            raise
    changed(session, result, [f"{named(task)} · notes {'changed' if after.strip() else 'removed'}"])
    return 0


COMMANDS = {
    "note": Command(
        "note",
        "TASK [TEXT… | -]",
        "the notes of a task: edit them, add to them, read them",
        note,
        (
            Option("--replace", "TEXT or the input becomes the notes, instead of being added"),
            Option("--show", "print the notes and change nothing"),
        ),
        (
            ("note 12", "in your editor ($VISUAL, $EDITOR, or config set editor)"),
            ("note 12 Ask legal first", "one paragraph more"),
            ("note 12 - < minutes.md", "a whole text, added below what is there"),
            ("note 12 --show", ""),
        ),
        ("If somebody else changes the notes while you edit them, theirs stay, and what you typed is kept in a file.",),
        "text",
    ),
}
