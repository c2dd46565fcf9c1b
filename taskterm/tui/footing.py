"""Which keys the footer names: those of the view first, then those that fit the selected task, help last."""

from __future__ import annotations

from taskterm.core.lean import NamedTuple
from taskterm.core.model import OPEN, Task
from taskterm.core.snapshot import Snapshot


class Hint(NamedTuple):
    """A key and the word beside it in the footer, the most useful first.

    `key` is the one that the action has by itself; `Keys.hints` puts that in its place which it has now, and names in
    `click` what a click does.
    """

    key: str
    word: str
    click: str = ""


WELCOME = (Hint("a", "add"), Hint("W", "workflow"), Hint(":", "palette"), Hint("q", "quit"), Hint("?", "help"))
HELP = Hint("?", "help")
FILTERING = (
    Hint("enter", "keep the filter"),
    Hint("esc", "clear it"),
    Hint("up", "earlier ones"),
    Hint("ctrl+s", "save as a view"),
)


def hints_for(
    view_id: str,
    own: tuple[Hint, ...],
    task: Task | None,
    snapshot: Snapshot,
    *,
    in_detail: bool,
    marked: int = 0,
) -> tuple[Hint, ...]:
    """The entries in their order, each key once. `own` are the view's; `in_detail`: the detail has the keys; with
    `marked` tasks the keys are about those."""
    found: list[Hint] = []
    if marked:
        found += [
            Hint("e", f"edit {marked}"),
            Hint("space", f"done {marked}"),
            Hint("esc", "back" if in_detail else "no marks"),
        ]
        found += [Hint("m", "mark"), Hint("s", f"start {marked}"), Hint("*", "all"), Hint("l", "link")]
        found += [Hint("d", "delete")]
        found += [Hint("< >", "move"), Hint(":", "palette")]
    elif in_detail:
        found += [Hint("esc", "back"), Hint("[ ]", "tabs"), *_for_task(task, snapshot), Hint("e", "edit")]
        found += [Hint("c", "comment"), Hint("l", "link"), Hint("y", "copy"), Hint(":", "palette")]
    elif view_id == "tasks":
        found += [Hint("a", "add"), Hint("e", "edit")] if task else [Hint("a", "add")]
        found += _for_task(task, snapshot)
        found += [Hint("enter", "open"), Hint("l", "link"), Hint("m", "mark")] if task else []
        found += [Hint("/", "filter"), Hint(":", "palette"), *own]
    else:
        found += [*own, *_for_task(task, snapshot), Hint("a", "add"), Hint(":", "palette")]
    unique = {hint.key: hint for hint in reversed(found) if hint.key != HELP.key}  # the first of a key wins
    return (*(hint for hint in found if unique.get(hint.key) is hint), HELP)


def _for_task(task: Task | None, snapshot: Snapshot) -> list[Hint]:
    """What makes sense for this task as it is now."""
    if task is None:
        return []
    if task.status not in OPEN:
        return [Hint("O", "reopen")]
    if task.run_state == "running":
        return [Hint("x", "stop")]
    found = [Hint("space", "done")]
    if snapshot.steps(task.id):
        found.append(Hint("r", "run"))
    elif task.status == "todo" and not task.open_predecessors:
        found.append(Hint("s", "start"))
    return found


def possible(action_id: str, task: Task, snapshot: Snapshot, *, refused: bool = False) -> bool:
    """Whether an action of section `task` makes sense for a task as it is now; the store has the last word.

    `refused`: the last command was, and can be forced.
    """
    is_open = task.status in OPEN
    running = task.run_state == "running"
    if action_id == "reopen":
        return not is_open
    if action_id in ("done", "cancel"):
        return is_open and not running
    if action_id == "anyway":
        return refused
    if action_id == "start":
        return task.status == "todo"
    if action_id == "put_back":
        return task.status == "doing" and not running
    if action_id == "run":
        return is_open and not running and bool(snapshot.steps(task.id))
    if action_id == "run_workflow":
        return task.workflow_id is not None
    if action_id == "run_needs":
        return is_open and not running
    return running if action_id == "stop" else True
