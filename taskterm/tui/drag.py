"""A card in the hand: where it is, the boxes that show what a drop does, and the sentence that says it. Pure."""

from typing import NamedTuple

from taskterm.core.model import Task
from taskterm.core.snapshot import Snapshot, Stage
from taskterm.tui.text import fit, visible
from taskterm.tui.theme import Glyphs
from taskterm.tui.widgets.lines import Row, Span, fit_spans, gap, spread

SLOT = 4
"""Height of the box that marks where a card would go."""


class Drag(NamedTuple):
    """A card that is held with the mouse since `start`; `target` is the number of the column under it."""

    task_id: int
    source: int
    start: tuple[int, int]
    at: tuple[int, int]
    target: int
    before: int = 0  # number of the card before which the slot opens
    moved: bool = False

    def to(self, x: int, y: int, target: int, before: int) -> "Drag":
        """The same card, held elsewhere. It counts as moved from two cells on, so that a click stays a click."""
        far = abs(x - self.start[0]) + abs(y - self.start[1]) >= 2
        return self._replace(at=(x, y), target=target, before=before, moved=self.moved or far)


def box(width: int, height: int, lines: list[list[Span]], role: str, glyphs: Glyphs) -> list[Row]:
    """A dashed box of `height` rows with these lines in it, one cell narrower than its column on both sides."""
    top_left, top_right, low_left, low_right, across, side = list(glyphs.dashed)
    inner = max(width - 4, 0)
    edge = Span(side, role)
    rows = [Row([gap(1), Span(top_left + across * inner + top_right, role), gap(1)])]
    for index in range(height - 2):
        drawn = fit_spans(lines[index], inner, glyphs.ellipsis) if index < len(lines) else [gap(inner)]
        rows.append(Row([gap(1), edge, *spread(drawn, [], inner), edge, gap(1)]))
    return [*rows, Row([gap(1), Span(low_left + across * inner + low_right, role), gap(1)])]


def effect(source: Stage, target: Stage) -> str:
    """What moving a card from one column to another does, as words that begin with a verb; '' for nothing."""
    if target.column.key == source.column.key:
        return ""
    kind, from_kind = target.column.kind, source.column.kind
    if kind == "done":
        return "completes it"
    if from_kind == "done":
        return "opens it again" if kind != "stage" else "opens it again and starts it"
    if kind == "stage":
        return "moves it on" if from_kind == "stage" else "starts it, nothing runs"
    return "puts it back" if from_kind == "stage" else "changes nothing: the graph fills this column"


def would_hold(source: Stage, target: Stage) -> int | None:
    """How many cards the target would hold after the drop, if that is more than its limit; else None."""
    limit = target.column.wip_limit
    count = len(target.tasks) + (target.column.key != source.column.key)
    return count if limit is not None and count > limit else None


def slot(source: Stage, target: Stage, width: int, glyphs: Glyphs) -> list[Row]:
    """The box in the target column: what the drop does, and the limit it would break."""
    words = {"done": "drop to complete", "stage": "drop to start"}.get(target.column.kind, "drop to put back")
    if source.column.kind == target.column.kind == "stage":
        words = "drop to move on"
    elif source.column.kind == "done":
        words = "drop to open again"
    inner = max(width - 6, 0)
    count = would_hold(source, target)
    lines = [[gap(1), *spread([], [Span(fit(words, inner), "accent", bold=True)], inner), gap(1)]]
    if count is not None:
        lines.append([gap(1), *spread([], [Span(f"{count} of {target.column.wip_limit}", "warn")], inner), gap(1)])
    return box(width, SLOT, lines, "accent", glyphs)


def consequence(snapshot: Snapshot, task: Task, source: Stage, target: Stage, width: int, glyphs: Glyphs) -> Row:
    """One line that says what a drop here would do, before it is done."""
    spans = [Span(glyphs.cursor, "accent"), gap(1), Span(f"#{task.id} {fit(visible(task.title), 30, glyphs.ellipsis)}")]
    does = effect(source, target)
    if does:
        spans += [gap(2), Span(f"{source.column.name} {glyphs.arrow} {target.column.name}", "mute")]
        spans += [gap(3), Span(does, "soft")]
    blockers = snapshot.open_blockers(task.id)
    count = would_hold(source, target)
    if blockers and does and target.column.kind in ("stage", "done"):
        names = " ".join(f"#{blocker.id}" for blocker in blockers[:3])
        spans += [gap(3), Span(f"! it waits for {names}", "warn")]
    elif count is not None:
        spans += [
            gap(3),
            Span(f"! {target.column.name} would hold {count}, its limit is {target.column.wip_limit}", "warn"),
        ]
    spans += [gap(3), Span("esc puts it back", "mute")]
    return Row([gap(1), *fit_spans(spans, width - 2, glyphs.ellipsis)])
