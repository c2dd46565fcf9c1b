"""The list of tasks as rows: its lines, its columns, its heads; and which tasks stand in it, in which order. Pure."""

from __future__ import annotations

from taskterm.core import dates
from taskterm.core.lean import NamedTuple, datetime
from taskterm.core.model import Task
from taskterm.core.query_order import ordered
from taskterm.core.snapshot import Group, groups
from taskterm.core.zone import day_end, day_start
from taskterm.tui.footing import Hint
from taskterm.tui.glyphs import Glyphs
from taskterm.tui.picture import Listed, Picture, Section
from taskterm.tui.rows import Row, Span, field, fit_spans, gap, spread, width_of
from taskterm.tui.text import cells, fit, pad, visible
from taskterm.tui.widgets.bits import (
    due_span,
    ids,
    margin,
    now_spans,
    priority_span,
    state_at,
    state_span,
    title_span,
    urgency_at,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FOLDED_TODAY = 8
"""How many ids of finished tasks the folded line names at most."""


class Columns(NamedTuple):
    """Widths in cells; 0 leaves a column out. `title` and `now` include the two cells of gap behind them."""

    number: int
    priority: int
    title: int
    now: int
    owner: int
    due: int


def columns_for(width: int, largest_id: int = 0) -> Columns:
    """The columns of a list that is `width` cells wide: the owner goes below 70, the priority below 62."""
    number = max(4, len(str(largest_id)) + 1)
    owner = (10 if width < 120 else 14) if width >= 70 else 0
    due = 10
    priority = 3 if width >= 62 else 0
    now = 26 if width >= 86 else 22 if width >= 70 else 20
    if width >= 120:
        now = 34
    title = width - number - 4 - priority - now - owner - due
    return Columns(number, priority, title, now, owner, due)


class Mark(NamedTuple):
    """How link mode draws a task: a label in the first cell, another `now` field, quiet or picked.

    `under_cursor` stands in the `now` field instead of `note` while the cursor is on the task.
    """

    label: str = ""
    note: str = ""
    under_cursor: str = ""
    quiet: bool = False
    picked: bool = False


class Lines(NamedTuple):
    """The lines of a list from the top: a task's id, or None for a head (those are in `heads`) or a blank.

    `shown` is how many tasks it lists, `folded` whether the finished ones are one line.
    """

    keys: Sequence[int | None]
    heads: Mapping[int, Section]
    shown: int
    folded: bool


NO_LINES = Lines((), {}, 0, True)


def listed(picture: Picture) -> Listed:
    """What the list shows of a picture, worked out from the whole of it."""
    tasks = picture.snapshot.tasks
    chosen: Iterable[Task]
    if picture.visible is None:
        chosen = [task for task in tasks.values() if task.status != "cancelled"]
    else:
        chosen = [tasks[task_id] for task_id in picture.visible]
    at = dates.to_utc_text(picture.now)
    found = groups(chosen, at, urgency_at(picture.now))
    if picture.sort:
        ended = [group for group in found if group.state in ("done", "cancelled")]
        other = [task for group in found if group not in ended for task in group.tasks]
        flat = (Group("", tuple(ordered(other, picture.sort, at))),) if other else ()
        found = (*flat, *(group._replace(tasks=tuple(ordered(group.tasks, picture.sort, at))) for group in ended))
    sections = tuple(section(picture, group.state, group.tasks) for group in found)
    return Listed(sections, len(tasks), max(tasks, default=0))


def section(picture: Picture, state: str, tasks: Sequence[Task], count: int | None = None) -> Section:
    """The tasks of one state as they are listed; `count` where there are more than these."""
    today: tuple[int, ...] = ()
    if state == "done":
        begin, end = local_day(picture.now)
        today = tuple([t.id for t in tasks if t.completed_at and begin <= t.completed_at <= end])
    return Section(state, tuple([task.id for task in tasks]), len(tasks) if count is None else count, today)


def local_day(now: datetime) -> tuple[str, str]:
    """The first and the last second of the local day, as stored text."""
    day, zone = now.date(), now.tzinfo
    return dates.to_utc_text(day_start(day, zone)), dates.to_utc_text(day_end(day, zone))


def lines(of: Listed, *, folded: bool) -> Lines:
    """The lines of the list; `folded` shows finished tasks as one line."""
    keys: list[int | None] = []
    heads: dict[int, Section] = {}
    shown = 0
    for part in of.sections:
        if keys:
            keys.append(None)
        if part.state:  # a list in an order of its own has no groups
            heads[len(keys)] = part
            keys.append(None)
        if part.state != "done" or not folded:
            keys += part.ids
            shown += part.size
    return Lines(keys, heads, shown, folded)


def first_task(keys: Sequence[int | None]) -> int:
    """The line of the first task, where the cursor begins; -1 if there is none."""
    return next((line for line, key in enumerate(keys) if key is not None), -1)


def hints(of: Listed, *, folded: bool) -> tuple[Hint, ...]:
    """Keys of the list beyond those of the app."""
    if not any(part.state == "done" for part in of.sections):
        return ()
    return (Hint("z", "unfold done" if folded else "fold done"),)


def status(of: Listed, lines: Lines) -> str:
    """How many of all tasks are listed."""
    return f"{lines.shown} of {of.total}"


def titles(width: int, largest_id: int) -> Row:
    """The column titles."""
    columns = columns_for(width, largest_id)
    spans = [gap(4), field("id", columns.number, "mute")]
    if columns.priority:
        spans.append(field("p", columns.priority, "mute"))
    spans += [field("task", columns.title, "mute"), field("now", columns.now, "mute")]
    if columns.owner:
        spans.append(field("owner", columns.owner, "mute"))
    spans.append(field("due", columns.due - 1, "mute", "right"))
    return Row(spans)


def head(part: Section, width: int, glyphs: Glyphs, *, folded: bool, unfolded: bool = False) -> Row:
    """The head of a group; that of folded finished tasks names the newest, one that was unfolded can be folded."""
    key = glyphs.keys.of("fold")
    if part.state != "done" or not folded:
        left = [gap(2), Span(part.state.capitalize(), "soft", True), Span(f" {part.size}", "mute")]
        fold = [Span(f"{key} fold".strip(), "mute", click="fold"), gap(1)] if part.state == "done" and unfolded else []
        return Row(spread(left, fold, width) if fold else left)
    shown = part.today or part.ids
    left = [
        gap(2),
        Span("Done today" if part.today else "Done", "soft", True),
        Span(f" {len(part.today) or part.size}", "mute"),
        gap(3),
        Span(ids(shown, FOLDED_TODAY, len(part.today) or part.size), "mute"),
    ]
    return Row(spread(left, [Span(f"{key} unfold".strip(), "mute"), gap(1)], width))


def nothing_fits(picture: Picture, width: int, glyphs: Glyphs) -> list[Row]:
    """What an empty list says where a filter empties it: the filter, and the way out."""
    if picture.visible is None:
        return []
    name = fit(visible(picture.query), max(width - 20, 8), glyphs.ellipsis)
    named = Row([gap(2), Span("Nothing fits ", "soft"), Span(name, "text", True)])
    return [named, Row([gap(2), Span("esc", "accent", True), Span(" takes the filter away", "soft")])]


def task_row(
    picture: Picture, task: Task, columns: Columns, glyphs: Glyphs, *, selected: bool = False, mark: Mark | None = None
) -> Row:
    """The line of a task."""
    snapshot, now = picture.snapshot, picture.now
    state = state_at(task, now)
    title = title_span(task, state, bold=selected)
    number = field(f"#{task.id}", columns.number, "mute", "right")
    marked = mark is None and task.id in picture.marked
    spans = [*(margin(task, picture.marked, glyphs) if marked else [gap(2)]), state_span(state, glyphs), number, gap(1)]
    if columns.priority:
        spans += [priority_span(task), gap(columns.priority - 1)]
    spans.append(title._replace(text=pad(title.text, columns.title - 2, ellipsis=glyphs.ellipsis)))
    spans.append(gap(2))
    bar = 8 if columns.now > 24 else 4
    fact = fit_spans(now_spans(snapshot, task, now, glyphs, bar=bar), columns.now - 2, glyphs.ellipsis)
    if mark is not None and (mark.note or (selected and mark.under_cursor)):
        strong = mark.picked or (selected and bool(mark.under_cursor))
        text = mark.under_cursor if selected and mark.under_cursor else mark.note
        fact = fit_spans([Span(text, "accent" if strong else "soft", strong)], columns.now - 2, glyphs.ellipsis)
    spans += [*fact, gap(columns.now - width_of(fact))]
    owner = Span(f"@{visible(task.assignee)}", "soft") if task.assignee and columns.owner else Span("")
    spans += _owner_and_due(owner, due_span(task, now), columns.owner + columns.due - 1, glyphs.ellipsis)
    ground = "select" if mark and mark.picked else "t_acc" if marked and not selected else None
    return Row(_marked(spans, mark) if mark else spans, ground)


def _owner_and_due(owner: Span, due: Span, width: int, ellipsis: str) -> list[Span]:
    """Both in `width` cells: a due date is never cut, the owner gives way to a long one."""
    if not owner.text:
        return [gap(width - cells(due.text)), due]
    return spread([owner], [due] if due.text else [], width, ellipsis)


def _marked(spans: list[Span], mark: Mark) -> list[Span]:
    """The row as link mode shows it: its label in the first cell, everything quiet where it cannot be picked."""
    if mark.quiet:
        spans = [span._replace(role="mute", bold=False) for span in spans]
    if mark.label:
        spans = [Span(mark.label, "on_accent", True, on="accent"), gap(1), *spans[1:]]
    return spans
