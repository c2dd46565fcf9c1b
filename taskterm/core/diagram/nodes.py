"""What stands in the node of a task: its sign, id and title, and in a box the fact about its state and its owner."""

from __future__ import annotations

from taskterm.core import dates, durations, story
from taskterm.core.diagram import Size
from taskterm.core.diagram.canvas import Look, Span
from taskterm.core.display import (
    ASCII_STATE_SIGNS,
    ISOLATE,
    POP_ISOLATE,
    STATE_ROLES,
    STATE_SIGNS,
    cell_size,
    cells,
    fit,
    visible,
)
from taskterm.core.lean import NamedTuple
from taskterm.core.snapshot import is_overdue, shown_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from taskterm.core.diagram.tasks import Picture
    from taskterm.core.lean import datetime
    from taskterm.core.model import Task
    from taskterm.core.snapshot import Snapshot

BOX_WIDTH, BOX_HEIGHT = 23, 5
BAR = 6
_ASCII = str.maketrans({"…": "~", "·": "-", "→": ">", "–": "-", "—": "-"})


class Style(NamedTuple):
    """How nodes look. `zoom` is `boxes`, `compact` or `dots`, `width` the most cells of a node. `mark` stands before
    ids, and `down` says that the diagram flows down, where lines reach a compact node at its sign."""

    zoom: str = "boxes"
    width: int = BOX_WIDTH
    ascii_only: bool = False
    mark: str = ""
    down: bool = False


class Nodes:
    """Sizes and looks of the nodes of one picture, at one time."""

    def __init__(
        self, snapshot: Snapshot, picture: Picture, now: datetime, style: Style, selected: Collection[int] = ()
    ) -> None:
        self._snapshot = snapshot
        self._picture = picture
        self._now = now
        self._at = dates.to_utc_text(now)
        self._style = style
        self._selected = frozenset(selected)
        self._more = "~" if style.ascii_only else "…"

    def size(self, node: int) -> Size:
        """The cells of a node."""
        if node < 0:
            return Size(cells(self._count(node)) + 2, 1, at_end=not node % 2)
        if self._style.zoom == "boxes":
            return Size(self._style.width, BOX_HEIGHT)
        if self._style.zoom == "dots":
            return Size(3, 1)
        width = sum(cells(span.text) for span in self._line(node)) + 2
        return Size(width, 1, 1) if self._style.down else Size(width, 1)

    def look(self, node: int) -> Look:
        """What is drawn in a node."""
        if node < 0:
            return Look("", "", ((Span(f" {self._count(node)}", "mute"),),))
        if self._style.zoom == "boxes":
            return self._box(node)
        if self._style.zoom == "dots":
            return self._dot(node)
        if node in self._selected:
            bar = Span("|" if self._style.ascii_only else "▌", "accent", True)
            return Look("", "", ((bar, *self._line(node)),), "select")
        return Look("", "", ((Span(" "), *self._line(node)),))

    def _dot(self, node: int) -> Look:
        """The sign alone."""
        task = self._snapshot.tasks[node]
        sign, _ = self._head(task, shown_state(task, self._at))
        if node not in self._selected:
            return Look("", "", ((Span(" "), sign),))
        bar = Span("|" if self._style.ascii_only else "▌", "accent", True)
        return Look("", "", ((bar, sign._replace(strong=True)),), "select")

    def _count(self, node: int) -> str:
        task_id = -node // 2
        counts = self._picture.after if node % 2 else self._picture.before
        return f"+{counts[task_id]}"

    def _text(self, text: str) -> str:
        return visible(text).translate(_ASCII) if self._style.ascii_only else visible(text)

    def _head(self, task: Task, state: str) -> tuple[Span, Span]:
        signs = ASCII_STATE_SIGNS if self._style.ascii_only else STATE_SIGNS
        return Span(signs[state], STATE_ROLES.get(state, "mute")), Span(f" {self._style.mark}{task.id} ", "mute")

    def _title_style(self, task: Task, state: str) -> tuple[str, bool]:
        strong = state in ("running", "failed") or task.id in self._selected
        role = {"done": "mute", "cancelled": "mute", "blocked": "soft", "waiting": "soft"}.get(state, "text")
        return ("text" if strong else role), strong

    def _line(self, node: int) -> tuple[Span, ...]:
        """A compact node: sign, id, title."""
        task = self._snapshot.tasks[node]
        state = shown_state(task, self._at)
        head = self._head(task, state)
        room = self._style.width - 2 - sum(cells(span.text) for span in head)
        return (*head, Span(fit(self._text(task.title), max(room, 4), self._more), *self._title_style(task, state)))

    def _box(self, node: int) -> Look:
        task = self._snapshot.tasks[node]
        state = shown_state(task, self._at)
        width = self._style.width - 4
        head = self._head(task, state)
        first = width - sum(cells(span.text) for span in head)
        style = self._title_style(task, state)
        one, two = wrapped(self._text(task.title), first, width, self._more)
        lines = ((*head, Span(one, *style)), (Span(two, *style),), self._foot(task, state, width))
        border = "heavy" if node in self._selected else "dashed" if state == "blocked" else "round"
        role = {"running": "run", "failed": "fail"}.get(state, "line2")
        ground = "t_fail" if state == "failed" else ""
        return Look(border, "accent" if node in self._selected else role, lines, ground)

    def _foot(self, task: Task, state: str, width: int) -> tuple[Span, ...]:
        """The state in a word or a clock, and the owner: what is said besides goes first, as a whole, then words are
        cut, then the owner, never what is late."""
        facts = self._fact(task, state)
        least = sum(cells(span.text) for span in facts if span.strong or span.role == "warn")
        owner = f" @{self._text(task.assignee)}" if task.assignee else ""
        owner = fit(owner, max(width - max(least, 5), 0), self._more)
        room = width - cells(owner)
        found: list[Span] = []
        for span in facts:
            if found and span.text.startswith(" ") and not span.strong and cells(self._text(span.text)) > room:
                break
            text = fit(self._text(span.text), room, self._more)
            room -= cells(text)
            found.append(span._replace(text=text))
        return (*found, Span(owner, "soft"))

    def _fact(self, task: Task, state: str) -> list[Span]:
        if state == "running":
            return self._running(task)
        if is_overdue(task, self._at) and task.due and state != "failed":
            return [Span(dates.format_due(task.due, self._now), "warn", True)]
        if task.run_state == "untrusted":
            return [Span("not trusted yet", "warn")]
        if state in ("failed", "waiting", "done"):
            phrases = story.now_field(self._snapshot, task, self._now)
            return [Span(phrase.text, phrase.role, phrase.strong) for phrase in phrases] or [Span(state, "mute")]
        if state == "doing" and task.started_at:
            return [Span(f"doing {durations.since(story.seconds_since(task.started_at, self._now))}", "run")]
        steps = len(self._snapshot.steps(task.id))
        role = STATE_ROLES.get(state, "mute")
        if steps:
            return [Span(state, role), Span(f" {steps} step{'s' if steps > 1 else ''}", "mute")]
        return [Span(state, role)]

    def _running(self, task: Task) -> list[Span]:
        far = story.progress(self._snapshot, task, self._now)
        if far is None:
            return [Span("running", "run", True)]
        clock = Span(durations.clock(far.elapsed), "run", True)
        if far.fraction is None:
            return [clock, Span(f" {far.steps_done}/{far.steps}", "mute")]
        done, rest = ("=", "-") if self._style.ascii_only else ("━", "─")
        full = round(far.fraction * BAR)
        return [Span(done * full, "run"), Span(rest * (BAR - full), "line2"), Span(" "), clock]


def wrapped(text: str, first: int, width: int, more: str) -> tuple[str, str]:
    """The text in two lines of at most `first` and `width` cells, broken at blanks where there are any; what is too
    long ends in `more`. Right-to-left text is isolated in each line."""
    isolated = text.startswith(ISOLATE)
    plain = text.removeprefix(ISOLATE).removesuffix(POP_ISOLATE) if isolated else text
    if cells(plain) <= first:
        return text, ""
    at = room = 0
    for index, char in enumerate(plain):
        room += cell_size(char)
        if room > first:
            break
        at = index + 1
    blank = plain.rfind(" ", 0, at + 1)
    if blank > 0 and (blank >= at // 2 or cells(plain[blank + 1 :].split(" ")[0]) <= width):
        at = blank
    one, two = plain[:at].rstrip(), fit(plain[at:].lstrip(), width, more)
    if not isolated:
        return one, two
    return f"{ISOLATE}{one}{POP_ISOLATE}", f"{ISOLATE}{two}{POP_ISOLATE}" if two else ""
