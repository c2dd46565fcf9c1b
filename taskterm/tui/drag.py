"""Dragging a card: where it would go, the boxes that show it, and the sentence that says what the drop does. Pure."""

from typing import NamedTuple

from taskterm.core.foresee import Foreseen
from taskterm.core.lanes import name_of
from taskterm.core.model import Column, Task
from taskterm.core.snapshot import Snapshot
from taskterm.tui.grid import Grid, Spot
from taskterm.tui.rows import Row, Span, fit_spans, gap, spread
from taskterm.tui.text import fit, visible
from taskterm.tui.theme import Glyphs

SLOT = 4
"""Height of the box that marks where a card would go."""


class Drag(NamedTuple):
    """A card that is held with the mouse since `start`; `target` is the cell under it and the card it would precede."""

    task_id: int
    source: Spot
    start: tuple[int, int]
    at: tuple[int, int]
    target: Spot
    moved: bool = False

    def to(self, x: int, y: int, target: Spot) -> "Drag":
        """The same card, held elsewhere. It counts as moved from two cells on, so that a click stays a click."""
        far = abs(x - self.start[0]) + abs(y - self.start[1]) >= 2
        return self._replace(at=(x, y), target=target, moved=self.moved or far)

    @property
    def elsewhere(self) -> bool:
        """Whether it is over another cell than its own."""
        return self.target[:2] != self.source[:2]


class Drop(NamedTuple):
    """What a drop would do: the command it asks for, what that would change, and the words for both.

    `count` and `limit` are given where the column would hold more than its limit.
    """

    verb: str
    args: dict[str, object]
    word: str  # for the box: `drop to start`
    does: str  # for the sentence: `starts it, nothing runs`
    way: str  # `Ready → Doing`
    foreseen: Foreseen
    holds: int = 0
    limit: int = 0

    @property
    def refs(self) -> list[int]:
        """The tasks that would move."""
        refs = self.args["refs"]
        assert isinstance(refs, list)
        return refs


def drop_of(snapshot: Snapshot, grid: Grid, held: Drag, refs: list[int], foreseen: Foreseen, glyphs: Glyphs) -> Drop:
    """The drop of these tasks on the cell under the card. `foreseen` is what their move to that column would do."""
    task = snapshot.tasks[held.task_id]
    source, target = grid.columns[held.source.column], grid.columns[held.target.column]
    args: dict[str, object] = {"refs": refs}
    parts: list[str] = []
    way = ""
    word = ""
    lane = grid.lanes[held.target.lane].key
    if held.target.lane != held.source.lane:
        field = "assignee" if grid.by == "person" else "project"
        args["set"] = {field: lane or None}
        name = visible(name_of(lane, grid.by))
        parts.append(f"gives it to {name}" if grid.by == "person" else f"puts it into {name}")
        word = f"drop: {name}"
        way = f"{visible(name_of(grid.lanes[held.source.lane].key, grid.by))} {glyphs.arrow} {name}"
    if target is source:
        return Drop("edit", args, word, parts[0] if parts else "", way, Foreseen(target.key))
    args["column"] = target.key
    word, does = _words(task, source, target)
    if foreseen.released:
        does += ", releases " + " ".join(f"#{i}" for i in foreseen.released[:3])
    elif foreseen.lands is not None and foreseen.lands != target.key:
        names = {column.key: visible(column.name) for column in grid.columns}
        does += f", it waits on in {names[foreseen.lands]}"
    limit = target.wip_limit or 0
    count = grid.held[held.target.column] + sum(snapshot.tasks[i].column != target.key for i in refs)
    over = bool(limit) and target.kind == "stage" and count > limit
    way = f"{visible(source.name)} {glyphs.arrow} {visible(target.name)}" + (f", {way}" if way else "")
    return Drop(
        "move", args, word, ", ".join((does, *parts)), way, foreseen, count if over else 0, limit if over else 0
    )


def _words(task: Task, source: Column, target: Column) -> tuple[str, str]:
    """What moving a task between two columns is, for the box and for the sentence."""
    if target.kind == "done":
        return "drop to complete", "completes it"
    if task.status not in ("todo", "doing"):
        return "drop to open again", "opens it again"
    if target.kind != "stage":
        return "drop to put back", "puts it back"
    if task.status == "todo":
        return "drop to start", "starts it, nothing runs"
    return ("drop to move on", "moves it on") if target.position > source.position else ("drop here", "moves it back")


def box(width: int, height: int, lines: list[list[Span]], role: str, glyphs: Glyphs) -> tuple[Row, ...]:
    """A dashed box of `height` rows with these lines in it, one cell narrower than its column on both sides."""
    top_left, top_right, low_left, low_right, across, side = list(glyphs.dashed)
    inner = max(width - 4, 0)
    edge = Span(side, role)
    rows = [Row((gap(1), Span(top_left + across * inner + top_right, role), gap(1)))]
    for index in range(height - 2):
        drawn = fit_spans(lines[index], inner, glyphs.ellipsis) if index < len(lines) else [gap(inner)]
        rows.append(Row((gap(1), edge, *spread(drawn, [], inner), edge, gap(1))))
    return (*rows, Row((gap(1), Span(low_left + across * inner + low_right, role), gap(1))))


def slot(drop: Drop, width: int, glyphs: Glyphs) -> tuple[Row, ...]:
    """The box in the target cell: what the drop does; or that it is refused, and whether a key does it all the same."""
    inner = max(width - 6, 0)
    seen = drop.foreseen
    never = bool(seen.refused) and not seen.forced
    first = Span("no drop here", "warn", True) if never else Span(drop.word, "accent", True)
    second = (
        f"{drop.holds} of {drop.limit}"
        if drop.holds
        else f"only with {glyphs.keys.of('anyway')}"
        if seen.forced
        else ""
    )
    lines = []
    for span in (first, Span(second, "warn")):
        text = span._replace(text=fit(span.text, inner, glyphs.ellipsis))
        lines.append([gap(1), *spread([], [text], inner), gap(1)])
    return box(width, SLOT, lines, "line2" if never else "accent", glyphs)


def consequence(task: Task, drop: Drop | None, columns: tuple[Column, ...], width: int, glyphs: Glyphs) -> Row:
    """One line that says what a drop here would do, before it is done; None for a drop where the card was taken."""
    others = len(drop.refs) - 1 if drop is not None else 0
    spans = [
        Span(glyphs.cursor, "accent"),
        gap(1),
        Span(f"#{task.id} {fit(visible(task.title), 24, glyphs.ellipsis)}", bold=True),
        Span(f" and {others} more" if others else "", bold=True),
    ]
    if drop is not None:
        spans += [gap(2), Span(drop.way, "mute")]
        seen = drop.foreseen
        if not seen.refused:
            spans += [gap(3), Span(glyphs.words(drop.does), "soft")]
        elif drop.holds:
            name = visible(next(column.name for column in columns if column.key == drop.args["column"]))
            spans += [gap(3), Span(f"! {name} would hold {drop.holds}, its limit is {drop.limit}", "warn")]
        else:
            spans += [gap(3), Span(f"! {visible(seen.refused)}", "warn")]
        if seen.forced:
            spans += [gap(3), Span(glyphs.keys.said("then {anyway} does it anyway"), "soft")]
    spans += [gap(3), Span("esc puts it back", "mute")]
    return Row((gap(1), *fit_spans(spans, width - 2, glyphs.ellipsis)))
