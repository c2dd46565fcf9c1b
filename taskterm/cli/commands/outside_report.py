"""What an import tells: before it, in a preview or a question; after it, on stdout and beside it; and as JSON."""

from __future__ import annotations

import os

from taskterm.cli.session import Session
from taskterm.cli.text import cells, fit
from taskterm.core import dates
from taskterm.core.display import visible
from taskterm.core.model import OPEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from taskterm.core.model import Outcome
    from taskterm.exchange.incoming import Incoming
    from taskterm.store.store import Result

SHOWN = 20
"""Lines of one kind that a terminal shows; the rest is counted."""


def many(count: int, word: str) -> str:
    """`1 task`, `2,000 tasks`."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def preview(session: Session, found: Incoming, name: str, outcome: Outcome) -> None:
    """What the import would add, update and leave, task by task, then in numbers; nothing has been written."""
    created = outcome.created
    if session.json:
        session.data(nothing(found, name) | facts(found, name, outcome) | {"dry_run": True})
    else:
        added = set(created["added"])
        fresh = [task for task in found.tasks if created["ids"][task["uuid"]] in added]
        for line in _limited(session, [_added(session, task, found) for task in fresh]):
            session.say(line)
        titles = _titles(found, outcome)
        changing = [(i, names) for i, names in created["differ"] if i in set(created["updated"])]
        rows = [f"{session.paint('~', 'warn')} {i} {titles[i]}: {visible(', '.join(n))}" for i, n in changing]
        for line in _limited(session, rows):
            session.say(line)
        parts = [f"add {many(len(added), 'task')}"] * bool(added)
        parts += [f"update {len(created['updated']):,}"] * bool(created["updated"])
        parts += [f"leave {_rest(outcome):,} as they are"] * bool(_rest(outcome))
        session.say(f"would {' and '.join(parts) or 'do nothing'}; nothing was written")
    remarks(session, found, name, outcome)


def summary(session: Session, found: Incoming, name: str, outcome: Outcome) -> None:
    """The import in numbers, on stderr before a question."""
    created = outcome.created
    session.note(f"{visible(name)}: {_contents(found)}")
    parts = [f"{many(len(created['added']), 'task')} would be added"] * bool(created["added"])
    parts += [f"{len(created['updated']):,} updated"] * bool(created["updated"])
    parts += [f"{_rest(outcome):,} left as they are"] * bool(_rest(outcome))
    session.note("  " + ", ".join(parts))


def lines(session: Session, name: str, result: Result) -> list[str]:
    """The answer: what was added and updated, and how it is taken back."""
    created = result.outcome.created
    added, updated = created["added"], created["updated"]
    if not added and not updated:
        count = _rest(result.outcome)
        all_of = "its only task is" if count == 1 else f"all {count:,} tasks are"
        alone = len(_left_alone(result.outcome))
        otherwise = f", {alone:,} of them with other values" if alone and count > 1 else ""
        return [f"nothing was added: {all_of} here already{otherwise}"]
    found = []
    if added and session.terminal:
        tasks = [result.tasks[i] for i in added[:SHOWN] if i in result.tasks]
        wide = len(str(max(added)))
        found = [f"  {session.paint(f'{task.id:>{wide}}', 'mute')} {visible(task.title)}" for task in tasks]
        found = [*found, f"  … and {len(added) - SHOWN:,} more"] if len(added) > SHOWN else found
        found = [line if session.width is None else fit(line, session.width + 9) for line in found]
    parts = [f"{many(len(added), 'task')} imported from {visible(os.path.basename(name))}"] * bool(added)
    parts += [f"{many(len(updated), 'task')} updated"] * bool(updated)
    it = "it" if len(added) + len(updated) == 1 else "them"
    back = "takes it back" if updated else f"takes {it} back"
    return [*found, f"{', '.join(parts)}; taskterm undo {back}"]


def remarks(session: Session, found: Incoming, name: str, outcome: Outcome) -> None:
    """On stderr: warnings, what was left as it is although it differs, links that lead nowhere, parts left."""
    created = outcome.created
    for line in _limited(session, list(found.warnings)) if outcome.changes else ():
        session.note(line)
    for title, uuid in created["lost"][:SHOWN]:
        session.note(f"{visible(title)} waits for a task that is neither in the file nor here ({visible(uuid)})")
    if len(created["lost"]) > SHOWN:
        session.note(f"… and {len(created['lost']) - SHOWN:,} more such links")
    if created["same"] and created["added"]:
        count = len(created["same"])
        session.note(f"{count:,} {'is' if count == 1 else 'are'} here already, as in the file")
    alone = _left_alone(outcome)
    if alone:
        count = len(alone)
        one = count == 1
        session.note(
            f"{count:,} {'differs' if one else 'differ'} from the file and {'was' if one else 'were'} left as "
            f"{'it is' if one else 'they are'}:"
        )
        titles = _titles(found, outcome)
        for task_id, names in alone[:SHOWN]:
            session.note(f"  {task_id} {titles[task_id]}: {visible(', '.join(names))}")
        if count > SHOWN:
            session.note(f"  … and {count - SHOWN:,} more")
        file = "FILE" if name == "standard input" else visible(name)
        session.note(f"take the values of the file with: taskterm import --update {file}")
    for sentence in found.left:
        session.note(sentence)


def facts(found: Incoming, name: str, outcome: Outcome) -> dict[str, Any]:
    """What the JSON answer of an import has beside that of every changing command."""
    created, alone = outcome.created, _left_alone(outcome)
    return {
        "file": name,
        "format": found.form,
        "dry_run": False,
        "added": [i for i in created["added"] if i > 0],
        "updated": list(created["updated"]),
        "differ": [{"id": task_id, "fields": list(names)} for task_id, names in alone],
        "counts": {
            "added": len(created["added"]),
            "updated": len(created["updated"]),
            "same": len(created["same"]),
            "differ": len(alone),
            "lost_links": len(created["lost"]),
        },
        "warnings": list(found.warnings),
    }


def nothing(found: Incoming, name: str) -> dict[str, Any]:
    """The JSON answer where nothing was written."""
    from taskterm.core.model import Outcome

    none: dict[str, Any] = dict.fromkeys(("added", "updated", "same", "differ", "lost"), ())
    answer: dict[str, Any] = {"operation": None, "tasks": [], "released": [], "notes": [], "created": []}
    return answer | facts(found, name, Outcome(created=none))


def _rest(outcome: Outcome) -> int:
    return len(outcome.created["same"]) + len(_left_alone(outcome))


def _titles(found: Incoming, outcome: Outcome) -> dict[int, str]:
    return {outcome.created["ids"][task["uuid"]]: visible(task["title"]) for task in found.tasks}


def _left_alone(outcome: Outcome) -> list[tuple[int, tuple[str, ...]]]:
    """Id and field names of the tasks that differ and were not updated."""
    updated = set(outcome.created["updated"])
    return [(task_id, names) for task_id, names in outcome.created["differ"] if task_id not in updated]


def _added(session: Session, task: Mapping[str, Any], found: Incoming) -> str:
    """`+ Deploy app · due Sat 14 Mar · it.onboard · @ana · after 2`, in the width of the terminal."""
    parts = []
    if task.get("status", "todo") != "todo":
        parts.append(task["status"])
    if task.get("due"):
        parts.append("due " + dates.format_moment(task["due"], session.now, end=True))
    parts += [visible(task[name]) for name in ("project",) if task.get(name)]
    parts += ["@" + visible(task["assignee"])] if task.get("assignee") else []
    parts += ["+" + visible(tag) for tag in task.get("tags") or ()]
    waits = len(task.get("needs") or ())
    parts += [f"waits for {many(waits, 'task')}"] if waits else []
    parts += [many(len(task["steps"]), "command")] if task.get("steps") else []
    tail = "".join(f" · {part}" for part in parts)
    title = visible(task["title"])
    if session.width is not None:
        title = fit(title, max(session.width - 2 - cells(tail), 20))
        tail = fit(tail, max(session.width - 2 - cells(title), 0))
    return f"{session.paint('+', 'ready')} {title}{session.paint(tail, 'mute')}"


def _contents(found: Incoming) -> str:
    """`240 tasks, 200 of them open, in 12 projects, of 6 people; 180 links, 3 commands`."""
    tasks = found.tasks
    still = sum(task.get("status", "todo") in OPEN for task in tasks)
    text = many(len(tasks), "task") + (f", {still:,} of them open" if still != len(tasks) else "")
    for name, word in (("project", "project"), ("assignee", "assignee")):
        count = len({task[name] for task in tasks if task.get(name)})
        text += f", {many(count, word)}" if count else ""
    for name, word in (("needs", "link"), ("comments", "comment"), ("steps", "command")):
        count = sum(len(task.get(name) or ()) for task in tasks)
        text += f", {many(count, word)}" if count else ""
    return text


def _limited(session: Session, found: list[str]) -> Iterable[str]:
    """All lines in a pipe, the first of them on a terminal."""
    if session.width is None or len(found) <= SHOWN:
        return found
    return [*found[:SHOWN], f"… and {len(found) - SHOWN:,} more"]
