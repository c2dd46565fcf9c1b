"""The line in the footer: what a command did and what takes it back, or why it was refused."""

import re
from collections.abc import Mapping, Sequence

from taskterm.core.errors import TaskTermError
from taskterm.core.model import Outcome, Task
from taskterm.tui.keys import Keys

_PAST = {
    "add": "added",
    "done": "done",
    "start": "started",
    "stop": "put down",
    "cancel": "cancelled",
    "reopen": "open again",
    "delete": "deleted",
    "edit": "changed",
    "comment": "commented",
    "link": "linked",
    "unlink": "unlinked",
    "move": "moved",
    "assign": "given away",
    "column_add": "column added",
    "column_edit": "column changed",
    "column_remove": "column taken out",
    "step_add": "step added",
    "step_edit": "step changed",
    "step_remove": "step removed",
    "note": "noted on",
    "create": "added",
    "sketch": "added",
    "import_tasks": "imported",
}


def refusal(error: Exception) -> str:
    """One line for an error, with what to do next where it says so; for a workflow file a line for each mistake."""
    if isinstance(error, TaskTermError):
        mistakes = getattr(error, "mistakes", ())  # those of a workflow file, whose reader is not loaded for this
        if mistakes:
            return "\n".join(f"line {m.line}, {m.key}: {m.message}" if m.key else m.message for m in mistakes)
        return f"{error.message} · {error.hint}" if error.hint else error.message
    return str(error) or type(error).__name__


def with_keys(sentence: str, keys: Keys) -> str:
    """The same, with the key of the window where the sentence names a command line."""

    def key(found: re.Match[str]) -> str:
        verb, number = found.groups()
        if verb == "undo" and number:
            return keys.said(f"{{undo_this}} on operation {number} in the history")
        return keys.of(verb)

    return re.sub(r"taskterm (undo|redo|history|reopen|cancel|runs)\b(?: (\d+))?", key, sentence)


def without_options(hint: str) -> str:
    """A hint without what only a command line can do: clauses that name an option or a command go."""
    return ", ".join(part for part in hint.split(", ") if "--" not in part and "taskterm" not in part)


def answer(verb: str, outcome: Outcome, tasks: Mapping[int, Task], columns: Mapping[str, str], about: str = "") -> str:
    """`#21 done · released #22`: what was done, to what, what it released and what to know.

    `columns` maps the keys of the board's columns to their names; `about` says what an undo, a redo or an edit was
    about.
    """
    parts = []
    if verb in ("undo", "redo"):
        parts.append("undone" if verb == "undo" else "done again")
        if about or outcome.task_ids:
            parts[0] += f": {about or _numbers(outcome.task_ids)}"
    elif verb == "create":
        made = outcome.created.get("ids", {})
        parts.append(f"{len(made) or len(outcome.task_ids)} tasks added")
    elif verb == "view_save":
        before = outcome.created.get("before")
        parts.append(f"view:{outcome.created['name']} {'saved' if before is None else 'saved instead of ' + before}")
    elif verb == "view_remove":
        parts.append(", ".join(f"view:{name}" for name in outcome.created["names"]) + " taken away")
    elif verb in ("link", "unlink") and len(outcome.task_ids) > 1:
        successor, *others = outcome.task_ids
        parts.append(f"#{successor} {'waits' if verb == 'link' else 'no longer waits'} for {_numbers(others)}")
    else:
        word = _PAST.get(verb, verb.replace("_", " "))
        if verb == "move" and len(outcome.task_ids) == 1:
            word = _moved(tasks.get(outcome.task_ids[0]), columns)
        if verb == "edit" and outcome.changes and about:
            word += f": {about}"
        named = () if verb.startswith("column_") else outcome.task_ids
        parts.append(f"{_numbers(named)} {word}".strip())
    if outcome.released:
        parts.append(f"released {_numbers(outcome.released)}")
    if outcome.created.get("next"):
        parts.append(f"next {_numbers(list(outcome.created['next'].values()))}")
    parts += outcome.notes
    return " · ".join(parts)


def offered(verb: str, outcome: Outcome) -> str:
    """The action that takes back what was done: `undo`, after an undo `redo`; empty where nothing was changed."""
    if verb == "undo":
        return "redo"
    return "undo" if outcome.changes else ""


def briefly(verb: str, task_ids: Sequence[int]) -> str:
    """`#1 #3 changed`: what was done, without any detail."""
    return f"{_numbers(task_ids)} {_PAST.get(verb, verb.replace('_', ' '))}".strip()


def _moved(task: Task | None, columns: Mapping[str, str]) -> str:
    if task is None:
        return "moved"
    if task.status == "doing":
        return f"in {columns.get(task.column or '', task.column or 'doing')}"
    return {"done": "done", "todo": "put back"}.get(task.status, "moved")


def _numbers(task_ids: Sequence[int]) -> str:
    shown = " ".join(f"#{i}" for i in task_ids[:4])
    return f"{shown} and {len(task_ids) - 4} more" if len(task_ids) > 4 else shown
