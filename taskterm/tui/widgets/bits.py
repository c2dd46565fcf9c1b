"""Small pieces that several views draw alike: state glyph, `now` field, due date, progress bar. Pure."""

from __future__ import annotations

from taskterm.core import dates, story, urgency
from taskterm.core.forecast import past_word
from taskterm.core.lean import datetime
from taskterm.core.model import Task
from taskterm.core.snapshot import Snapshot, is_overdue, shown_state
from taskterm.core.zone import epoch_of
from taskterm.tui.glyphs import STATE_ROLE, TITLE_ROLE, Glyphs
from taskterm.tui.rows import Span
from taskterm.tui.text import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence


def urgency_at(now: datetime) -> Callable[[Task], float]:
    """The urgency of a task at `now`: what lists and boards are sorted by."""
    return urgency.urgency_at(now.timestamp(), epoch_of)


def state_span(state: str, glyphs: Glyphs) -> Span:
    """The glyph of a shown state in its hue."""
    return Span(glyphs.state[state], STATE_ROLE[state], bold=glyphs.name == "ascii" and state in ("failed", "running"))


def margin(task: Task, marked: Container[int], glyphs: Glyphs) -> list[Span]:
    """The two cells before the sign of a task: the cursor's, and the one that says that it is marked."""
    return [Span(" "), Span(glyphs.marked, "accent", True)] if task.id in marked else [Span("  ")]


def title_span(task: Task, state: str, *, bold: bool = False) -> Span:
    """A task's title as typed, in the tone of its state."""
    return Span(visible(task.title), TITLE_ROLE.get(state, "text"), bold, strike=state == "cancelled")


def lit_spans(text: str, letters: Sequence[int], *, bold: bool = False) -> list[Span]:
    """`text` with the letters at these places in accent; right-to-left text stays whole and unlit."""
    whole = visible(text)
    if whole != text or not letters:
        return [Span(whole, "text", bold)]
    spans: list[Span] = []
    hit = frozenset(letters)
    piece, lit = "", False
    for index, letter in enumerate(text):
        if (index in hit) != lit and piece:
            spans.append(Span(piece, "accent" if lit else "text", lit or bold))
            piece = ""
        lit = index in hit
        piece += letter
    return [*spans, Span(piece, "accent" if lit else "text", lit or bold)]


def priority_span(task: Task) -> Span:
    """One cell: H in warn, M and L quiet, blank for none."""
    return Span(task.priority or " ", "warn" if task.priority == "H" else "soft", task.priority == "H")


def bar_spans(fraction: float, width: int, glyphs: Glyphs, role: str = "run") -> list[Span]:
    """A progress bar of exactly `width` cells."""
    filled = min(max(round(fraction * width), 0), width)
    return [Span(glyphs.bar * filled, role), Span(glyphs.rest * (width - filled), "line2")]


def now_spans(snapshot: Snapshot, task: Task, now: datetime, glyphs: Glyphs, *, bar: int = 8) -> list[Span]:
    """The one fact that explains the state; a running task of known length starts with a bar of `bar` cells."""
    found: list[Span] = []
    if bar:
        far = story.progress(snapshot, task, now)
        if far is not None and far.fraction is not None:
            found += [*bar_spans(far.fraction, bar, glyphs), Span(" ")]
    for phrase in story.now_field(snapshot, task, now):
        found.append(Span(glyphs.words(visible(phrase.text)), phrase.role, phrase.strong))
    return found


def due_span(task: Task, now: datetime) -> Span:
    """When a task is due, or by how much it is late; blank text for tasks without a due time and for closed ones."""
    if task.status in ("done", "cancelled"):
        if task.completed_at is None:
            return Span("")
        return Span(when(task.completed_at, now), "mute")
    if task.due is None:
        return Span("")
    if is_overdue(task, dates.to_utc_text(now)):
        return Span(dates.format_due(task.due, now), "warn", True)
    return Span(dates.format_due(task.due, now), "soft")


def when(utc: str, now: datetime) -> str:
    """A past moment in few cells: `14:19` today, `Mon 23` within a week, `30 Nov` before."""
    return past_word(utc, now)


def ids(task_ids: Sequence[int], limit: int = 3, count: int | None = None) -> str:
    """`#15 #16 #18`, with `+2` for those beyond `limit`; `count` where there are more than are known by their ids."""
    words = [f"#{i}" for i in task_ids[:limit]]
    more = (len(task_ids) if count is None else count) - limit
    if more > 0:
        words.append(f"+{more}")
    return " ".join(words)


def state_at(task: Task, now: datetime) -> str:
    """The shown state of a task at a local time."""
    return shown_state(task, dates.to_utc_text(now))
