"""graph: the diagram of what waits for what, as text for the terminal, or as Mermaid, DOT or SVG."""

from __future__ import annotations

from taskterm.cli import asking
from taskterm.cli.commands.graph_text import draw, draw_overview
from taskterm.cli.options import Command, Given, Option, refs
from taskterm.cli.outfile import write_file
from taskterm.cli.session import Session
from taskterm.core import dates
from taskterm.core.commands.refs import resolve_all
from taskterm.core.diagram import tasks as diagram_tasks
from taskterm.core.diagram.tasks import Picture
from taskterm.core.errors import UsageError
from taskterm.core.model import OPEN
from taskterm.core.snapshot import Snapshot, shown_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

FORMATS = ("text", "mermaid", "dot", "svg")
SIZES = ("boxes", "compact", "dots")
DIRECTIONS = ("right", "down")
DRAWN = 300
"""More tasks than this are shown as an overview, where no size was asked for."""


def show(session: Session, given: Given) -> int:
    """Draws everything open that hangs together, what a query chooses, or what lies around single tasks."""
    wanted = given.text("format") or "text"
    size, direction = given.text("size"), given.text("direction")
    file = given.text("output")
    if session.json and (wanted != "text" or file):
        raise UsageError("--json prints the layout; it goes with neither --format nor --output", "leave one out")
    snapshot = session.store().snapshot()
    picture = _picture(session, given, snapshot)
    if session.json:
        session.data(_object(session, snapshot, picture, size, direction))
    elif not picture.ids and wanted == "text":
        _say_nothing(session, given, snapshot, picture)
    elif wanted != "text":
        _put(session, file, _exported(wanted, snapshot, picture, session))
    elif file is not None:
        session.colour = False
        _put(session, file, "".join(line + "\n" for line in _lines(session, snapshot, picture, size, direction, None)))
    else:
        for line in _lines(session, snapshot, picture, size, direction, session.width):
            session.say(line)
    return 0


def _picture(session: Session, given: Given, snapshot: Snapshot) -> Picture:
    words, depth, everything = given.all_words(), given.number("depth"), given.flag("all")
    urgency_of = diagram_tasks.urgency_at(snapshot, session.now)

    def allowed(task_id: int) -> bool:
        return everything or snapshot.tasks[task_id].status in OPEN

    if "" in words:
        raise UsageError("one word is empty", "quote what your shell would swallow, or leave it out")
    if not words:
        if depth is not None:
            raise UsageError("--depth needs a task to start from", "for example: taskterm graph 12 --depth 2")
        return diagram_tasks.whole(snapshot, filter(allowed, snapshot.tasks), urgency_of)
    names = refs(words)
    if all(name.removeprefix("#").isdecimal() for name in names):
        with session.store().read() as reader:
            roots = [task.id for task in resolve_all(reader, names)]
    else:
        roots = _fitting(session, snapshot, words, allowed)
        if len(roots) != 1 and depth is None:
            return diagram_tasks.whole(snapshot, roots, urgency_of)
    return diagram_tasks.around(snapshot, roots, allowed, depth, urgency_of)


def _fitting(session: Session, snapshot: Snapshot, words: Sequence[str], allowed: Callable[[int], bool]) -> list[int]:
    """The tasks that fit the query, open ones unless it asks for others."""
    at = dates.to_utc_text(session.now)
    asked = asking.parse(session, words)
    tasks = snapshot.tasks.values()
    asking.refuse_misspelt(asked, tasks)
    return [t.id for t in tasks if (asked.ended or allowed(t.id)) and asked.fits(snapshot, t, at)]


def _lines(
    session: Session, snapshot: Snapshot, picture: Picture, size: str | None, direction: str | None, width: int | None
) -> list[str]:
    """The drawing and what has to be said below it."""
    if size == "dots" or (size is None and len(picture.ids) > DRAWN):
        lines = draw_overview(session, snapshot, picture, width)
    else:
        lines = draw(session, snapshot, picture, width, size, direction)
    if picture.roots and not (picture.edges or picture.before or picture.after):
        it, waits = ("it", "it waits") if len(picture.roots) == 1 else ("them", "they wait")
        lines += ["", session.paint(f"{waits} for nothing that is open, and nothing open waits for {it}", "mute")]
    if picture.depth is not None:
        steps = f"{picture.depth} step{'s' if picture.depth > 1 else ''} each way"
        lines += ["", session.paint(f"{steps}; more with --depth {picture.depth + 1}", "mute")]
    if picture.alone:
        count = len(picture.alone)
        lines += ["", session.paint(f"and {count} task{'s' if count > 1 else ''} without dependencies", "mute")]
    return lines


def _say_nothing(session: Session, given: Given, snapshot: Snapshot, picture: Picture) -> None:
    words, count = given.all_words(), len(picture.alone)
    if words and count:
        session.note(f"none of these {count} tasks waits for another of them; --depth 1 shows what lies around them")
    elif words:
        hint = "" if given.flag("all") else "--all looks at finished tasks too"
        asking.say_nothing_fits(session, words, asking.parse(session, words), snapshot.tasks.values(), hint)
    elif count:
        tasks = (
            f"none of {count} tasks waits for another" if count > 1 else "there is one task, and it waits for nothing"
        )
        session.note(f"{tasks}; link tasks with: taskterm link 12 --after 3")
    else:
        session.note("nothing is open; add a task with: taskterm add")


def _exported(wanted: str, snapshot: Snapshot, picture: Picture, session: Session) -> str:
    from taskterm.exchange import dot, mermaid, svg

    render = {"mermaid": mermaid.render, "dot": dot.render, "svg": svg.render}[wanted]
    return render(snapshot, picture.ids or picture.alone, session.now)


def _put(session: Session, file: str | None, text: str) -> None:
    if file is None:
        import sys

        sys.stdout.write(text)
        return
    write_file(session, file, text)
    session.note(f"written to {file}")


def _object(
    session: Session, snapshot: Snapshot, picture: Picture, size: str | None, direction: str | None
) -> dict[str, Any]:
    """The picture with its layout in cells; without places where it is too large to be drawn."""
    from taskterm.cli.commands.graph_text import laid_out

    drawn = size in ("boxes", "compact") or (size is None and len(picture.ids) <= DRAWN)
    layout = laid_out(session, snapshot, picture, None, size, direction).layout if drawn and picture.ids else None
    at = dates.to_utc_text(session.now)
    nodes = []
    for i in picture.ids:
        box = layout.boxes[i] if layout else None
        nodes.append(
            {
                "id": i,
                "title": snapshot.tasks[i].title,
                "state": shown_state(snapshot.tasks[i], at),
                "layer": box.layer if box else None,
                "x": box.x if box else None,
                "y": box.y if box else None,
                "width": box.width if box else None,
                "height": box.height if box else None,
                "more_before": picture.before.get(i, 0),
                "more_after": picture.after.get(i, 0),
            }
        )
    edges = [
        {
            "predecessor": u,
            "successor": v,
            "critical": (u, v) in picture.critical,
            "line": [list(corner) for corner in layout.lines[u, v]] if layout else None,
        }
        for u, v in picture.edges
    ]
    return {
        "direction": layout.flow if layout else None,
        "width": layout.width if layout else None,
        "height": layout.height if layout else None,
        "nodes": nodes,
        "edges": edges,
        "alone": list(picture.alone),
        "depth": picture.depth,
    }


COMMANDS = {
    "graph": Command(
        "graph",
        "[TASK… | QUERY…]",
        "what waits for what, as a diagram",
        show,
        (
            Option("--depth", "how many steps to show around tasks, each way", "N", number=True),
            Option("--size", "boxes, compact (a line for each task) or dots (an overview)", "SIZE", choices=SIZES),
            Option("--direction", "which way it flows: right or down", "WAY", choices=DIRECTIONS),
            Option("--format", "text, mermaid, dot or svg", "FORMAT", choices=FORMATS),
            Option("--output", "write to a file", "FILE", short="-o"),
            Option("--all", "finished and cancelled tasks too"),
        ),
        (
            ("graph", "everything open that has dependencies"),
            ("graph 12", "what 12 waits for and what it releases"),
            ("graph project:site", "the tasks that a query chooses"),
            ("graph --format svg -o plan.svg", "a picture for a page or a mail"),
        ),
        (
            "Lines lead from what comes first to what waits for it; heavy ones are the critical path: what delays one "
            "of its tasks delays the end. A crossing has lines to all four sides, a junction to three. +3 stands for "
            "three tasks that are left out.",
            "On a terminal the first form that fits its width is taken: boxes, then one line a task, to the right or "
            f"down; what still does not fit is folded into bands. More than {DRAWN} tasks become an overview.",
        ),
        dashes="tags",
    ),
}
