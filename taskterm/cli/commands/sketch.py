"""sketch: a structure of tasks in one line, made in one operation and drawn as it was understood."""

from __future__ import annotations

from taskterm.cli.answer import facts, named, object_of
from taskterm.cli.options import Command, Given, Option
from taskterm.cli.quick import task_args
from taskterm.cli.session import Session
from taskterm.cli.text import cells, fit
from taskterm.core import tree
from taskterm.core.commands.fields import person
from taskterm.core.display import visible
from taskterm.core.errors import UsageError
from taskterm.core.model import Task
from taskterm.core.sketch import Sketch, SketchError, parse_sketch
from taskterm.core.snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from taskterm.core.sketch import End
    from taskterm.store.store import Result

EXAMPLE = 'sketch "provision > (packages, dns) > deploy > smoke"'

_BRANCHES = {"tee": "├─ ", "corner": "└─ ", "pipe": "│  ", "blank": "   "}
_ASCII = {"tee": "|- ", "corner": "`- ", "pipe": "|  ", "blank": "   "}


def sketch(session: Session, given: Given) -> int:
    """Makes the tasks and links of a sketch, or with --dry-run only shows them."""
    text = " ".join(given.all_words())
    if not text.strip():
        raise UsageError("the sketch is missing", f"for example: taskterm {EXAMPLE}")
    try:
        meant = parse_sketch(text, session.now)
    except SketchError as error:
        raise _pointing(session, error) from None
    if not given.flag("dry-run"):
        result = session.execute("sketch", _args(meant), create=True)
        if any(capture.run for capture in meant.tasks.values()):
            from taskterm.cli.commands.steps import record_typed

            record_typed(session, result)
        _answer(session, meant, result.outcome.created["ids"], result)
        return 0
    if not any(isinstance(end, int) for end in meant.ends):
        _answer(session, meant, {}, None)
        return 0
    from taskterm.core.commands.refs import resolve

    with session.store().read() as reader:  # a task that is not there is refused before anybody relies on the picture
        for end in meant.ends:
            if isinstance(end, int):
                resolve(reader, end)
    _answer(session, meant, {}, None)
    return 0


def _args(meant: Sketch) -> dict[str, Any]:
    tasks = [{**task_args(capture), "key": key} for key, capture in meant.tasks.items()]
    return {"tasks": tasks, "edges": [list(edge) for edge in meant.edges]}


def _pointing(session: Session, error: SketchError) -> UsageError:
    """The error with the line and a caret under the place; of a long line the part around it."""
    if not error.text:
        return error
    line = visible(error.text[: error.at])
    before = fit_end(line, (session.width or 80) // 2)
    shown = fit(before + visible(error.text[error.at :]), (session.width or 80) - 4)
    caret = " " * cells(before) + "^"
    return UsageError(f"taskterm: {error.message}\n  {shown}\n  {caret}", error.hint)


def fit_end(text: str, width: int) -> str:
    """The end of `text` in at most `width` cells, behind `…` where something is missing."""
    if cells(text) <= width:
        return text
    kept = text[-width:]
    while cells(kept) > width - 1:
        kept = kept[1:]
    return f"…{kept}"


# ── the answer


def _answer(session: Session, meant: Sketch, ids: dict[str, int], result: Result | None) -> None:
    if session.json:
        session.data(_object(session, meant, ids, result))
        return
    links = "1 link" if len(meant.edges) == 1 else f"{len(meant.edges)} links"
    count = "1 task" if len(meant.tasks) == 1 else f"{len(meant.tasks)} tasks"
    session.say(session.paint(f"{count} and {links}" + ("" if result else ", not made yet"), "mute"))
    for line in _drawn(session, meant, ids):
        session.say(line)
    if result is None:
        session.note("this is what would be made; leave --dry-run out to make it")
    else:
        for note in result.outcome.notes:
            session.note(note)


def _object(session: Session, meant: Sketch, ids: dict[str, int], result: Result | None) -> dict[str, Any]:
    """That of every changing command, and `sketch`: its tasks in their order, each `after` places in this list."""
    places = {end: place for place, end in enumerate(meant.ends)}
    existing = _existing(session, meant)
    rows = []
    for end in meant.ends:
        capture = meant.tasks[end] if isinstance(end, str) else None
        rows.append(
            {
                "id": ids.get(end) if isinstance(end, str) else end,
                "title": capture.title if capture else existing[int(end)].title,
                "new": capture is not None,
                "after": [places[before] for before, after in meant.edges if after == end],
            }
        )
    nothing: dict[str, Any] = {"operation": None, "tasks": [], "released": [], "notes": [], "created": []}
    return (object_of(session, result) if result else nothing) | {"sketch": rows}


def _existing(session: Session, meant: Sketch) -> dict[int, Task]:
    wanted = [end for end in meant.ends if isinstance(end, int)]
    if not wanted:
        return {}
    with session.store().read() as reader:
        found = [reader.task(task_id) for task_id in wanted]
    return {task.id: task for task in found if task is not None}


def _drawn(session: Session, meant: Sketch, ids: dict[str, int]) -> list[str]:
    """The structure as a tree: every task in full once, then only as a reference."""
    existing = _existing(session, meant)
    numbers: dict[End, int] = {end: place for place, end in enumerate(meant.ends, start=1)}
    tasks = {place: Task(place, "", "") for place in numbers.values()}
    before: dict[int, list[int]] = {}
    after: dict[int, list[int]] = {}
    for left, right in meant.edges:
        before.setdefault(numbers[right], []).append(numbers[left])
        after.setdefault(numbers[left], []).append(numbers[right])
    picture = Snapshot(
        tasks=tasks,
        before={place: tuple(found) for place, found in before.items()},
        after={place: tuple(found) for place, found in after.items()},
    )
    names = {numbers[end]: _name(session, end, meant, ids, existing) for end in meant.ends}
    branches = _ASCII if session.ascii else _BRANCHES
    lines = []
    for line in tree.forest(picture, tasks):
        prefix = "".join(branches[branch.kind] for branch in line.branches)
        name, facts = names[line.task_id]
        if line.reference:
            name, facts = f"{'^' if session.ascii else '↑'} {name}", ""
        room = (session.width or 1_000_000) - cells(prefix)
        shown = fit(name + facts, room)
        plain = shown[len(name) :] if shown.startswith(name) else ""
        lines.append(prefix + shown[: len(shown) - len(plain)] + session.paint(plain, "mute"))
    return lines


def _name(session: Session, end: End, meant: Sketch, ids: dict[str, int], existing: dict[int, Task]) -> tuple[str, str]:
    """`5 deploy` and its facts, as they will be kept; without a number where none is given yet."""
    if isinstance(end, int):
        return named(existing[end]), " · is there already"
    capture = meant.tasks[end]
    said = facts(session, capture._replace(assignee=person(capture.assignee, session.actor)))
    said += [f"$ {visible(run)}" for run in capture.run]
    number = f"{ids[end]} " if end in ids else ""
    return number + visible(capture.title), "".join(f" · {fact}" for fact in said)


COMMANDS = {
    "sketch": Command(
        "sketch",
        '"A > (B, C) > D"',
        "make a structure of tasks in one line",
        sketch,
        (Option("--dry-run", "show what would be made, and make nothing"),),
        (
            ('sketch "provision > (packages, dns) > deploy > smoke"', "five tasks and what waits for what"),
            ('sketch "write > review @ben > publish +web est:30m"', "names are capture lines"),
            ('sketch "12 > announce, 12 > measure"', "12 exists; the new ones wait for it"),
            ("sketch \"build run:'make all > log' > 'test, then ship'\"", "quotes around what holds > , ( or )"),
        ),
        (
            "What stands left of > has to end before what stands right of it begins; what a comma separates may go on"
            " at the same time. A name runs up to the next > , ( or ) and may hold what add understands; in quotes, or"
            " behind a key: in quotes, it may hold these signs too. A number is a task that exists. The same title"
            " again is the same task. -> is read as >. All of it is one operation, which one undo takes back.",
        ),
        "text",
    ),
}
