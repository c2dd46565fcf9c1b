"""View 1, the list: tasks grouped by what needs a look first, each with the one fact that explains its state."""

from collections.abc import Hashable, Iterable
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip

from taskterm.core import dates
from taskterm.core.model import Task
from taskterm.core.snapshot import Group, groups
from taskterm.tui.messages import Hint, Picture, SelectionChanged, TaskActivated, ViewChanged
from taskterm.tui.text import cells, fit, pad, visible
from taskterm.tui.widgets.bits import (
    due_span,
    ids,
    now_spans,
    priority_span,
    state_at,
    state_span,
    title_span,
    urgency_at,
)
from taskterm.tui.widgets.lines import BLANK, LineView, Row, Span, field, fit_spans, gap, spread, width_of

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


class Tasks(LineView):
    """The list of tasks. Lines are group heads, tasks and blanks; keys are task ids."""

    HEAD_ROWS: ClassVar[int] = 1
    BINDINGS: ClassVar[list[BindingType]] = [Binding("z", "fold", "Fold", show=False)]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._heads: dict[int, tuple[str, int, tuple[Task, ...]]] = {}
        self._shape: tuple[tuple[str, tuple[int, ...]], ...] = ()
        self._unfolded = False
        self._shown = 0
        self._largest_id = 0
        self.marks: dict[int, Mark] = {}

    # the view protocol

    @property
    def selected_task(self) -> int | None:
        """The task under the cursor."""
        key = self.cursor_key
        return key if isinstance(key, int) else None

    def show(self, picture: Picture) -> None:
        """Group the tasks; lines are only laid out anew where a task came, went or changed its place."""
        self._picture = picture
        found = self._groups(picture)
        shape = tuple((group.state, tuple(task.id for task in group.tasks)) for group in found)
        if shape != self._shape:
            self._shape = shape
            self._largest_id = max(picture.snapshot.tasks, default=0)
            self._lay_out(found)
        else:
            self._heads = {
                line: (name, count, ()) if name != "done" else (name, count, self._done(found))
                for line, (name, count, _) in self._heads.items()
            }
            self.redraw()

    def select_task(self, task_id: int) -> bool:
        """Put the cursor on a task, unfolding the finished ones if it is among them."""
        if self.line_of(task_id) is None and not self._unfolded:
            picture = self._picture
            task = picture.snapshot.tasks.get(task_id) if picture else None
            if picture and task and task.status == "done" and picture.shows(task_id):
                self.action_fold()
        return self.select_key(task_id)

    def hints(self) -> tuple[Hint, ...]:
        """Only what the list has beyond the keys of the app."""
        if self._picture is None or self._picture.visible is not None or not any(s == "done" for s, _ in self._shape):
            return ()
        return (Hint("z", "fold done" if self._unfolded else "unfold done"),)

    def context(self, width: int) -> Row | None:
        """The filter line."""
        return None

    def status(self) -> str:
        """How many of all tasks are listed."""
        total = len(self._picture.snapshot.tasks) if self._picture else 0
        return f"{self._shown} of {total}"

    # lines

    def render_line(self, y: int) -> Strip:
        """An empty list names the filter that empties it, and the way out."""
        picture = self._picture
        if self.keys or picture is None or picture.visible is None or y not in (self.HEAD_ROWS + 1, self.HEAD_ROWS + 2):
            return super().render_line(y)
        width = self.size.width
        if y == self.HEAD_ROWS + 1:
            name = fit(visible(picture.query), max(width - 20, 8), self.glyphs.ellipsis)
            return self.paint(Row([gap(2), Span("Nothing fits ", "soft"), Span(name, "text", True)]), width)
        return self.paint(Row([gap(2), Span("esc", "accent", True), Span(" takes the filter away", "soft")]), width)

    def _groups(self, picture: Picture) -> tuple[Group, ...]:
        tasks = picture.snapshot.tasks.values()
        chosen: Iterable[Task]
        if picture.visible is None:
            chosen = (task for task in tasks if task.status != "cancelled")
        else:
            chosen = (task for task in tasks if task.id in picture.visible)
        return groups(chosen, dates.to_utc_text(picture.now), urgency_at(picture.now))

    def _done(self, found: tuple[Group, ...]) -> tuple[Task, ...]:
        return next((group.tasks for group in found if group.state == "done"), ())

    def _lay_out(self, found: tuple[Group, ...]) -> None:
        keys: list[Hashable | None] = []
        self._heads = {}
        self._shown = 0
        for group in found:
            if keys:
                keys.append(None)
            folded = group.state == "done" and self._is_folded
            self._heads[len(keys)] = (group.state, len(group.tasks), group.tasks if group.state == "done" else ())
            keys.append(None)
            if not folded:
                keys += [task.id for task in group.tasks]
                self._shown += len(group.tasks)
        self.set_keys(keys)
        self.post_message(ViewChanged())

    @property
    def _is_folded(self) -> bool:
        return not self._unfolded and (self._picture is None or self._picture.visible is None)

    def action_fold(self) -> None:
        """Fold or unfold the finished tasks."""
        self._unfolded = not self._unfolded
        if self._picture is not None:
            self._lay_out(self._groups(self._picture))

    def head_row(self, index: int, width: int) -> Row:
        """The column titles."""
        columns = columns_for(width, self._largest_id)
        spans = [gap(4), field("id", columns.number, "mute")]
        if columns.priority:
            spans.append(field("p", columns.priority, "mute"))
        spans += [field("task", columns.title, "mute"), field("now", columns.now, "mute")]
        if columns.owner:
            spans.append(field("owner", columns.owner, "mute"))
        spans.append(field("due", columns.due - 1, "mute", "right"))
        return Row(spans)

    def row(self, index: int, width: int, selected: bool) -> Row:
        """A head, a blank or a task."""
        key = self.keys[index]
        if key is None or self._picture is None:
            return self._head(index, width)
        task = self._picture.snapshot.tasks.get(key) if isinstance(key, int) else None
        return BLANK if task is None else self._task_row(task, width, selected)

    def _head(self, index: int, width: int) -> Row:
        head = self._heads.get(index)
        if head is None or self._picture is None:
            return BLANK
        state, count, done = head
        name = Span(state.capitalize(), "soft", True)
        if state != "done" or not self._is_folded:
            left = [gap(2), name, Span(f" {count}", "mute")]
            fold = [Span("z fold", "mute", click="fold"), gap(1)] if state == "done" and self._unfolded else []
            return Row(spread(left, fold, width) if fold else left)
        today = self._picture.now.date()
        local = [t for t in done if t.completed_at and _day(t.completed_at, self._picture) == today]
        shown = local or list(done)
        title = "Done today" if local else "Done"
        left = [
            gap(2),
            Span(title, "soft", True),
            Span(f" {len(shown)}", "mute"),
            gap(3),
            Span(ids([task.id for task in shown], FOLDED_TODAY), "mute"),
        ]
        return Row(spread(left, [Span("z unfold", "mute"), gap(1)], width))

    def _task_row(self, task: Task, width: int, selected: bool) -> Row:
        assert self._picture is not None
        snapshot, now = self._picture.snapshot, self._picture.now
        glyphs = self.glyphs
        state = state_at(task, now)
        columns = columns_for(width, self._largest_id)
        mark = self.marks.get(task.id)
        title = title_span(task, state, bold=selected)
        number = field(f"#{task.id}", columns.number, "mute", "right")
        spans = [gap(2), state_span(state, glyphs), number, gap(1)]
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
        return Row(_marked(spans, mark) if mark else spans, "select" if mark and mark.picked else None)

    # what the cursor and the mouse do

    def on_click(self, event: events.Click) -> None:
        """A click on the folded line of finished tasks unfolds it."""
        line = self.scroll_offset.y + event.y - self.HEAD_ROWS
        if event.y >= self.HEAD_ROWS and line in self._heads and self._heads[line][0] == "done":
            event.stop()
            self.action_fold()

    def on_line_view_moved(self, event: LineView.Moved) -> None:
        """The rest of the screen follows the cursor."""
        event.stop()
        self.post_message(SelectionChanged(self.selected_task))

    def on_line_view_activated(self, event: LineView.Activated) -> None:
        """Enter opens the task."""
        event.stop()
        if isinstance(event.key, int):
            self.post_message(TaskActivated(event.key))


def _day(utc: str, picture: Picture) -> object:
    return dates.from_utc_text(utc).astimezone(picture.now.tzinfo).date()


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
