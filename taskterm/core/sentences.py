"""What happened, as sentences: an operation of the journal told whole, or told for one task alone."""

from __future__ import annotations

from taskterm.core import dates
from taskterm.core.durations import clock, format_minutes
from taskterm.core.jsontext import loads
from taskterm.core.lean import NamedTuple, datetime
from taskterm.core.model import Change, Delete, Insert, Operation, Update

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    Titles = Callable[[int], str | None]
    """Answers the title of a task, or None where it is not known."""

_ON_TASKS = {
    "done": ("finished", "done"),
    "start": ("began", "started"),
    "stop": ("put down", "put down"),
    "cancel": ("cancelled", "cancelled"),
    "reopen": ("reopened", "open again"),
    "delete": ("deleted", "deleted"),
}
"""Verbs that say all about the tasks they are about: with a person in front, and behind the task."""

ADDING = {"add": "added", "create": "added", "import_tasks": "imported", "sketch": "added"}
"""Verbs whose sentence needs the changes alone: what was asked for may be ten thousand tasks long."""
_RUN_ENDS = {"person": "waits here for a person", "untrusted": "waits: its commands are not approved here"}
_FIELD = {"estimate_minutes": "estimate", "assignee": "owner"}
_TIMES = ("due", "scheduled", "wait")
_SILENT = ("modified_at", "modified_by", "started_by", "completed_by", "started_at", "completed_at", "column")
_SHOWN = 3


class Voice(NamedTuple):
    """How sentences are worded: the local time, where titles come from, and the sign in front of a task's id."""

    now: datetime
    title: Titles
    mark: str = ""
    columns: Mapping[str, str] = {}  # names of board columns by their keys

    def name(self, task_id: int) -> str:
        """`4 Build`; the id alone where the title is not known."""
        title = self.title(task_id)
        return f"{self.mark}{task_id} {title}" if title else f"{self.mark}{task_id}"

    def names(self, ids: Sequence[int], count: int = 0) -> str:
        """`4 Build, 5 Test and 3 more`; `count` is how many there are, where `ids` are only the first."""
        shown = ", ".join(self.name(i) for i in ids[:_SHOWN])
        more = max(count, len(ids)) - _SHOWN
        return shown + (f" and {more} more" if more > 0 else "")

    def numbers(self, ids: Sequence[int]) -> str:
        """`4, 5, 8 and 12 more`."""
        shown = ", ".join(f"{self.mark}{i}" for i in ids[:6])
        return shown + (f" and {len(ids) - 6} more" if len(ids) > 6 else "")


# ── the journal, told whole ────────────────────────────────────────────────────────────────────────────────────────


class Deed(NamedTuple):
    """An operation and its changes. Where these are only some of them, `tasks` says how many tasks it wrote in all."""

    operation: Operation
    changes: Sequence[Change]
    tasks: int | None = None

    def released(self) -> Sequence[int]:
        """The tasks that became ready by it."""
        if '"released"' not in self.operation.touched:  # big operations have long lists of what they touched
            return ()
        found: Sequence[int] = loads(self.operation.touched).get("released", ())
        return found


def told(deed: Deed, voice: Voice, *, about: Deed | None = None, only: int | None = None) -> str:
    """`@ben finished 4 Build · released 7`: who did what. Empty for steps of a run that are not worth a line.

    `about` is the operation that an undo or redo is about. `only` leaves everything out that concerns other tasks.
    """
    operation = deed.operation
    rows = (c for c in deed.changes if c.table == "task" and not isinstance(c, Update))
    own = {change.row["id"]: change.row["title"] for change in rows}
    if own:  # a task that is gone by now
        known = voice.title
        voice = voice._replace(title=lambda task_id: known(task_id) or own.get(task_id))
    if operation.kind == "system":
        sentence = _run_told(deed, voice, only)
    else:
        sentence = f"@{operation.actor} {_what_was_done(deed, voice, about, only)}"
        if '"force"' in operation.args and sentence and loads(operation.args).get("force"):
            sentence += " with --force"
        released = deed.released() if only is None or deed.tasks == 1 else ()
        sentence += f" · released {voice.numbers(released)}" if released else ""
    return sentence + (" (taken back)" if operation.undone_by is not None and sentence else "")


def _what_was_done(deed: Deed, voice: Voice, about: Deed | None, only: int | None) -> str:
    operation, changes = deed.operation, deed.changes
    verb = operation.verb
    if verb in ("undo", "redo"):
        number = operation.undoes or operation.redoes
        meant = about._replace(operation=about.operation._replace(undone_by=None)) if about else None
        what = f": {told(meant, voice, only=only)}" if meant else ""
        return f"{'took back' if verb == 'undo' else 'brought back'} {number}{what}"
    ids = [only] if only is not None else tasks_of(deed)
    count = max(len(ids), deed.tasks or 0) if only is None else 1
    if verb in ADDING:
        return _added(deed, voice, only)
    if verb.startswith("column_"):
        return _elsewhere(verb, _on_column(verb, changes))
    gone = [c.row["id"] for c in changes if isinstance(c, Delete) and c.table == "task"]
    if verb == "delete" and only is None:  # what waited for them, or they for it, lost a link only
        return f"deleted {voice.names(gone, deed.tasks or 0) if gone else f'{count} tasks'}"
    if verb in _ON_TASKS and not (verb == "delete" and only not in gone):
        made = [c.row["id"] for c in changes if isinstance(c, Insert) and c.table == "task"]  # it comes back
        ids = [i for i in ids if i not in made or i == only]
        sentence = f"{_ON_TASKS[verb][0]} {voice.names(ids, count - len(made))}"
        return sentence + (f", next is {voice.names(made)}" if made and only is None else "")
    if verb == "comment":
        text = next((str(c.row["text"]) for c in changes if isinstance(c, Insert) and c.table == "comment"), "")
        return f"on {voice.names(ids)}: “{text}”"
    if verb in ("link", "unlink"):
        return _linked(changes, voice, only) or verb
    if not ids:
        return _elsewhere(verb, changes)
    if verb == "move":
        return _moved(changes, voice, ids)
    each = {i: _what(changes, i, voice) for i in ids[:_SHOWN]}
    if len(set(each.values())) == 1:
        told_once = next(iter(each.values()))
        return f"changed {voice.names(ids, count)}" + (f": {told_once}" if told_once else "")
    more = f" and {count - _SHOWN} more" if count > _SHOWN else ""
    return "changed " + "; ".join(f"{voice.name(i)}: {what}" for i, what in each.items()) + more


def tasks_of(deed: Deed) -> list[int]:
    """The tasks whose own rows an operation wrote, in its order; a link belongs to the task that waits."""
    found: dict[int, None] = {}
    touched = deed.operation.touched
    for change in deed.changes:
        row = change.key if isinstance(change, Update) else change.row
        column = {"task": "id", "dependency": "successor_id"}.get(change.table, "task_id")
        if isinstance(row.get(column), int):
            found[row[column]] = None
        elif change.table in ("step", "comment") and isinstance(change, Update):
            found.update(dict.fromkeys(loads(touched).get("task", ())[:1] if touched else ()))
    return list(found)


def _added(deed: Deed, voice: Voice, only: int | None) -> str:
    made = [c.row["id"] for c in deed.changes if isinstance(c, Insert) and c.table == "task"]
    workflow = next((c.row["name"] for c in deed.changes if isinstance(c, Insert) and c.table == "workflow"), None)
    word, count = ADDING[deed.operation.verb], max(len(made), deed.tasks or 0)
    if only is not None:
        made = [only]
    elif workflow is not None:
        return f"started the workflow {workflow}: {count} task{'s' if count != 1 else ''}"
    elif count != 1:
        return f"{word} {count} tasks: {voice.names(made, count)}"
    more = _what(deed.changes, made[0], voice) if deed.operation.verb == "add" else ""
    return f"{word} {voice.names(made)}" + (f", {more}" if more else "")


def _linked(changes: Sequence[Change], voice: Voice, only: int | None) -> str:
    found = []
    for kind, verb, word in ((Insert, "linked", "after"), (Delete, "unlinked", "from")):
        waits: dict[int, list[int]] = {}
        for change in changes:
            if change.table == "dependency" and isinstance(change, kind):
                waits.setdefault(change.row["successor_id"], []).append(change.row["predecessor_id"])
        for successor, predecessors in waits.items():
            if only is None or only in (successor, *predecessors):
                found.append(f"{verb} {voice.name(successor)} {word} {voice.names(predecessors)}")
    return "; ".join(found[:_SHOWN]) + (f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else "")


def _moved(changes: Sequence[Change], voice: Voice, ids: Sequence[int]) -> str:
    after = next((c.after for c in changes if isinstance(c, Update) and c.table == "task"), {})
    if after.get("status") == "done":
        return f"finished {voice.names(ids)}"
    if after.get("status") == "todo":
        return f"put {voice.names(ids)} back"
    key = after.get("column")
    return f"moved {voice.names(ids)} to {voice.columns.get(key, key) if key else 'another column'}"


def _on_column(verb: str, changes: Sequence[Change]) -> Sequence[Change]:
    """What was done to a column, without its cards, and without the other columns that only changed their place."""
    columns = [change for change in changes if change.table == "board_column"]
    kind = {"column_add": Insert, "column_remove": Delete}.get(verb)
    if kind is not None:
        return [change for change in columns if isinstance(change, kind)]
    own = [c for c in columns if isinstance(c, Update) and list(c.after) != ["position"]]
    return own or columns


def _elsewhere(verb: str, changes: Sequence[Change]) -> str:
    """An operation that is about no task: views, columns, templates."""
    words = {Insert: "added", Update: "changed", Delete: "removed"}
    found = []
    for change in changes:
        row = change.key if isinstance(change, Update) else change.row
        name = row.get("name") or row.get("key") or ""
        found.append(f"{words[type(change)]} the {change.table.replace('board_', '').replace('_', ' ')} {name}".strip())
    return ", ".join(dict.fromkeys(found)) or verb.replace("_", " ")


# ── runs


def _run_told(deed: Deed, voice: Voice, only: int | None) -> str:
    operation, changes = deed.operation, deed.changes
    args = loads(operation.args) if operation.args else {}
    run = args.get("run_id")
    if operation.verb == "run_create":
        rows = {c.table: c.row for c in reversed(changes) if isinstance(c, Insert)}
        if only is not None and "run_task" in rows:
            return f"@{operation.actor} started run {rows['run_task']['run_id']}"
        return f"@{operation.actor} started run {rows['run']['id']}: {rows['run']['title']}"
    if operation.verb == "run_stop_request":
        return f"@{operation.actor} asked run {run} to stop"
    parts = [part for part in _parts(changes) if only is None or part[0] == only]
    # Outside task_end a part only takes over what a person did, and that is an operation of its own.
    own = [part for part in parts if part[1]["state"] != "skipped"]
    own = [part for part in own if operation.verb == "task_end" or part[1]["state"] != "succeeded"]
    phrases = [_part_told(voice, task_id, after) for task_id, after in own]
    skipped = [task_id for task_id, after in parts if after["state"] == "skipped"]
    if skipped:
        phrases.append(f"{voice.numbers(skipped)} {'is' if len(skipped) == 1 else 'are'} skipped")
    state = next((c.after.get("state") for c in changes if isinstance(c, Update) and c.table == "run"), None)
    if state in ("waiting", "succeeded", "failed", "stopped", "lost") and only is None:
        word = {"waiting": "waits for people", "lost": "was lost, its supervisor died"}.get(state, state)
        return f"run {run} {word}" + (f": {', '.join(phrases)}" if phrases else "")
    if not phrases:
        return ""
    released = deed.released() if only is None else ()
    return f"run {run}: {', '.join(phrases)}" + (f" · released {voice.numbers(released)}" if released else "")


def _parts(changes: Iterable[Change]) -> list[tuple[int, Mapping[str, Any]]]:
    """The parts of a run that came to an end or to a person, each with what changed in it."""
    found = []
    for change in changes:
        if not isinstance(change, Update) or change.table != "run_task":
            continue
        if change.after.get("state") not in (None, "planned", "running", "person"):
            found.append((change.key["task_id"], change.after))
    return found


def _part_told(voice: Voice, task_id: int, after: Mapping[str, Any]) -> str:
    state, spent, reason = str(after["state"]), after.get("duration_ms"), after.get("reason")
    word = {"succeeded": "is done", **_RUN_ENDS}.get(state, state)
    took = f" in {clock(spent / 1000)}" if state == "succeeded" and spent is not None and spent >= 1000 else ""
    return f"{voice.name(task_id)} {word}{took}" + (f": {reason}" if reason and state != "succeeded" else "")


# ── told for one task, whose name stands beside it already ─────────────────────────────────────────────────────────


def history(operation: Operation, changes: Iterable[Change], task_id: int, now: datetime) -> str:
    """What an operation did to one task, without its subject: `done by @ana`, `due Fri 27 Nov by @ben`.

    Empty for steps of a run that are not worth a line.
    """
    changes = tuple(changes)
    voice = Voice(now, lambda i: None, "#")
    by = f" by @{operation.actor}"
    if operation.verb == "undo" or operation.verb == "redo":
        what = "undone" if operation.verb == "undo" else "done again"
        return f"{what}: {_what(changes, task_id, voice) or 'a change'}{by}"
    if operation.kind == "system":
        sentence = _run_sentence(operation, changes, task_id)
        return sentence + by if operation.verb == "run_create" else sentence
    if operation.verb == "comment":
        text = next((str(c.row["text"]) for c in changes if isinstance(c, Insert) and c.table == "comment"), "")
        return f"@{operation.actor} “{text}”"
    if operation.verb in ADDING:
        return f"{ADDING[operation.verb]}{by}"
    if operation.verb in _ON_TASKS:
        return f"{_ON_TASKS[operation.verb][1]}{by}"
    return (_what(changes, task_id, voice) or operation.verb.replace("_", " ")) + by


def _run_sentence(operation: Operation, changes: Sequence[Change], task_id: int) -> str:
    """Where a run begins, and how it ended for the task; the steps in between have their own section."""
    args = loads(operation.args) if operation.args else {}
    run = args.get("run_id")
    if operation.verb == "run_create":
        run = next((c.row["id"] for c in changes if isinstance(c, Insert) and c.table == "run"), run)
        return f"run {run} started"
    for change in changes:
        if isinstance(change, Update) and change.table == "run_task" and change.key.get("task_id") == task_id:
            state, reason = change.after.get("state"), change.after.get("reason")
            if state not in (None, "planned", "running"):
                return f"run {run} {_RUN_ENDS.get(str(state), state)}" + (f", {reason}" if reason else "")
    return ""


def _what(changes: Iterable[Change], task_id: int, voice: Voice) -> str:
    """What became of one task, as short phrases."""
    parts: list[str] = []
    for change in changes:
        if change.table == "task" and isinstance(change, Update) and change.key.get("id") == task_id:
            parts += [_field(name, value, voice) for name, value in change.after.items() if name not in _SILENT]
            if "column" in change.after and "status" not in change.after:
                key = change.after["column"]
                parts.append(f"moved to {voice.columns.get(key, key)}")
        elif change.table == "task_tag" and not isinstance(change, Update):
            if change.row["task_id"] == task_id:
                parts.append(("+" if isinstance(change, Insert) else "-") + str(change.row["tag"]))
        elif change.table == "dependency" and not isinstance(change, Update):
            parts += _link(change, task_id, voice.mark)
        elif change.table == "step":
            if isinstance(change, Update):
                parts.append("step changed: " + ", ".join(change.after))
            elif change.row["task_id"] == task_id:
                parts.append(f"step {change.row['name']} {'added' if isinstance(change, Insert) else 'removed'}")
        elif change.table == "comment" and isinstance(change, Delete):
            parts.append("comment removed")
    return ", ".join(parts)


def _link(change: Insert | Delete, task_id: int, mark: str) -> list[str]:
    before, after = change.row["predecessor_id"], change.row["successor_id"]
    if task_id == after:
        return [f"{'waits' if isinstance(change, Insert) else 'no longer waits'} for {mark}{before}"]
    if task_id == before:
        return [f"{'releases' if isinstance(change, Insert) else 'no longer releases'} {mark}{after}"]
    return []


def _field(name: str, value: Any, voice: Voice) -> str:
    label = _FIELD.get(name, name)
    if name == "status":
        return {"todo": "open again", "doing": "started"}.get(str(value), str(value))
    if value is None or value == "":
        return f"{label} removed"
    if name == "notes":
        return "notes written"
    if name == "title":
        return f"now called “{value}”"
    return f"{label} {value_text(name, value, voice.now)}"


def value_text(name: str, value: Any, now: datetime) -> str:
    """A stored value as people read it: local times, estimates in hours, the owner with @."""
    if value is None:
        return ""
    if name in _TIMES or name.endswith("_at"):
        return dates.format_moment(str(value), now, end=name == "due")
    if name == "estimate_minutes":
        return format_minutes(int(value))
    return f"@{value}" if name == "assignee" and value else str(value)
