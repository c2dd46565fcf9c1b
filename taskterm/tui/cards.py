"""One task as a card of the board: its lines as spans, for a width. Pure; read on to change what a card says."""

from datetime import datetime
from typing import NamedTuple

from taskterm.core import dates, story
from taskterm.core.model import Task
from taskterm.core.snapshot import Snapshot, shown_state
from taskterm.tui.rows import Row, Span, fit_spans, gap, spread, width_of
from taskterm.tui.text import cells, fit, visible, wrap
from taskterm.tui.theme import STATE_ROLE, TITLE_ROLE, Glyphs
from taskterm.tui.widgets.bits import bar_spans, due_span, now_spans, state_span

BAR = 9
"""Cells of the progress bar on a card that is wide enough for it."""


class Card(NamedTuple):
    """A card as it is drawn: `rows` are all exactly as wide as was asked for."""

    task_id: int
    rows: tuple[Row, ...]


class Sheet(NamedTuple):
    """What every card of one picture has in common."""

    snapshot: Snapshot
    now: datetime
    glyphs: Glyphs
    title_lines: int = 2
    marked: frozenset[int] = frozenset()


def owner_spans(task: Task, role: str = "soft") -> list[Span]:
    """`@ana` with the blank before it, or nothing."""
    return [Span(f" @{visible(task.assignee)}", role)] if task.assignee else []


def priority_spans(task: Task) -> list[Span]:
    """` H` in warn, ` M` and ` L` quietly, or nothing."""
    if not task.priority:
        return []
    return [Span(f" {task.priority}", "warn", bold=True) if task.priority == "H" else Span(f" {task.priority}", "mute")]


def card(sheet: Sheet, task: Task, width: int, *, selected: bool = False) -> Card:
    """The card of `task`: the title, one line that explains the state (not for done tasks), and one with the facts."""
    state = shown_state(task, dates.to_utc_text(sheet.now))
    marked = task.id in sheet.marked
    fill = "select" if selected else "t_acc" if marked else "t_fail" if state == "failed" else "surface"
    quiet = state in ("blocked", "waiting", "done", "cancelled")
    edge = Span(sheet.glyphs.edge, "accent" if selected else "line2" if quiet else STATE_ROLE[state])
    inner = max(width - 3, 1)
    lines: list[list[Span]] = [[title] for title in _title(sheet, task, state, inner, selected)]
    if state != "done":
        lines.append(fit_spans(_now_line(sheet, task, state, inner), inner, sheet.glyphs.ellipsis))
    lines.append(_facts(sheet, task, state, inner))
    rows = []
    for line, spans in enumerate(lines):
        before = Span(sheet.glyphs.marked, "accent", True) if marked and not line else gap(1)
        rows.append(Row((edge, before, *spans, gap(width - 2 - width_of(spans))), on=fill))
    return Card(task.id, tuple(rows))


def height(sheet: Sheet, task: Task, width: int) -> int:
    """How many rows the card of `task` takes, without drawing it."""
    rest = 1 if task.status == "done" else 2
    if sheet.title_lines == 1 or cells(visible(task.title)) <= width - 3:
        return 1 + rest
    if sheet.title_lines == 2 and not task.title.startswith(" "):  # blanks at the beginning are not wrapped
        return 2 + rest  # what does not fit on one line takes two at least
    return min(sheet.title_lines, len(wrap(visible(task.title), max(width - 3, 1)))) + rest


def _title(sheet: Sheet, task: Task, state: str, width: int, selected: bool) -> list[Span]:
    title = visible(task.title)
    lines = [title] if sheet.title_lines == 1 else wrap(title, width)
    if len(lines) > sheet.title_lines:
        lines[sheet.title_lines - 1 :] = [" ".join(lines[sheet.title_lines - 1 :])]
    role = "text" if selected else TITLE_ROLE.get(state, "text")
    bold = selected or state in ("running", "failed")
    return [Span(fit(line, width, sheet.glyphs.ellipsis), role, bold) for line in lines]


def _now_line(sheet: Sheet, task: Task, state: str, width: int) -> list[Span]:
    """The same fact as in lists, in the form that fits a card of `width` cells."""
    snapshot, glyphs = sheet.snapshot, sheet.glyphs
    if state == "running":
        far = story.progress(snapshot, task, sheet.now)
        if far is None:
            return [Span("running", "run")]
        drawn = [*bar_spans(far.fraction, BAR, glyphs), gap(1)] if far.fraction is not None else []
        clock = Span(dates.clock(far.elapsed), "run", bold=True)
        return [*drawn, clock, Span(f" {min(far.steps_done + 1, far.steps)}/{far.steps}", "mute")]
    if state == "failed":
        return _failed(sheet, task)
    if state == "blocked":
        blockers = snapshot.open_blockers(task.id)
        names = [Span(f" #{blocker.id}", "text") for blocker in blockers]
        told = [Span(f"{glyphs.waits} {len(blockers)} open", "mute"), *names]
        rest = owner_spans(blockers[0]) if len(blockers) == 1 else []
        if count := snapshot.step_count(task.id):
            rest = [Span(f" {glyphs.dot} {count} step{'s' if count > 1 else ''}", "mute")]
        return [*told, *rest] if width_of([*told, *rest]) <= width else told
    return now_spans(snapshot, task, sheet.now, glyphs, bar=0)


def _failed(sheet: Sheet, task: Task) -> list[Span]:
    attempt = story.failure(sheet.snapshot.last_part(task.id))
    if attempt is None:
        return now_spans(sheet.snapshot, task, sheet.now, sheet.glyphs, bar=0)
    steps = sheet.snapshot.steps(task.id)
    at = next((index for index, step in enumerate(steps, 1) if step.id == attempt.step_id), None)
    count = [Span(f" {at}/{len(steps)}", "mute")] if at is not None and len(steps) > 1 else []
    return [Span(story.failure_word(attempt), "fail", bold=True), Span(f" {visible(attempt.name)}", "soft"), *count]


def _facts(sheet: Sheet, task: Task, state: str, width: int) -> list[Span]:
    """Glyph, id, priority and owner, with the due date at the right; the owner gives way first."""
    due = due_span(task, sheet.now)
    left = [state_span(state, sheet.glyphs), Span(f" #{task.id}", "mute")]
    if state != "done":
        left += priority_spans(task)
    left += owner_spans(task, "mute" if state == "done" else "soft")
    return fit_spans(
        spread(left, [due] if due.text else [], width, sheet.glyphs.ellipsis), width, sheet.glyphs.ellipsis
    )
