"""Everything about one task as rows, in sections from facts to history: the pane beside a view. Pure.

This is the overview, which the first picture shows; what the other tabs show is in detail_more.py.
"""

from __future__ import annotations

from taskterm.core import dates, story
from taskterm.core.lean import NamedTuple, datetime
from taskterm.core.model import OPEN, Attempt, RunTask, Step, Task
from taskterm.core.snapshot import Snapshot, is_overdue
from taskterm.tui import detail_tabs
from taskterm.tui.glyphs import Glyphs
from taskterm.tui.picture import Picture
from taskterm.tui.rows import BLANK, Row, Span, field, fit_spans, gap, spread, width_of
from taskterm.tui.text import cells, visible, wrap
from taskterm.tui.widgets.bits import bar_spans, due_span, ids, state_at, state_span, urgency_at, when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

PAD = 2
LABEL = 9
SHOWN = 6  # lines of output
SECOND = 26
"""Cells: margin on both sides, width of a label, where the second pair of label and value begins."""


class Look(NamedTuple):
    """With what signs it is drawn, whether the keys go to the pane, and which tab is on."""

    glyphs: Glyphs
    focused: bool = False
    tab: str = detail_tabs.TABS[0]


class Happened(NamedTuple):
    """One line of a task's history: the operation's number and moment (UTC text), a sentence, whether it was undone."""

    operation: int
    at: str
    sentence: str
    undone: bool = False


class Extra(NamedTuple):
    """What a snapshot does not hold: (time as UTC text, sentence) newest first, and the last lines of output.

    `history` is what the overview has of `story`, which goes back to the operation `oldest`; 0: it is whole.
    """

    task_id: int
    history: tuple[tuple[str, str], ...] = ()
    output: tuple[str, ...] = ()
    story: tuple[Happened, ...] = ()
    oldest: int = 0

    def with_older(self, known: Extra) -> Extra:
        """This newer reading, with those older lines that `known` has of the same task."""
        if known.task_id != self.task_id or not known.story or known.story[0].operation < self.oldest:
            return self  # (between the two there may be operations that nobody has read)
        lines = {line.operation: line for line in (*known.story, *self.story)}
        story = tuple(lines[number] for number in sorted(lines, reverse=True))
        return self._replace(story=story, oldest=min(self.oldest, known.oldest))


def rows(look: Look, picture: Picture, task_id: int | None, extra: Extra, width: int) -> list[Row]:
    """Two lines of tabs, then what the one that is on shows, between margins; nothing for a task that is not there."""
    task = picture.snapshot.tasks.get(task_id or 0)
    if task is None or width - 2 * PAD < 10:
        return []
    known = extra if extra.task_id == task.id else Extra(task.id)
    page = Sections(look, picture, task, known, width - 2 * PAD)
    found = [*page.tabs(), *page.title()]
    if look.tab == detail_tabs.TABS[0]:
        found += page.overview()
    else:
        from taskterm.tui import detail_more

        found += [BLANK, *detail_more.rows(look.tab, page)]
    return [Row([gap(PAD), *row.spans], row.on) for row in found]


class Sections:
    """The rows of one task at one width; made anew whenever something changed."""

    def __init__(self, look: Look, picture: Picture, task: Task, extra: Extra, width: int) -> None:
        self.glyphs = look.glyphs
        self.look = look
        self.snapshot: Snapshot = picture.snapshot
        self.now: datetime = picture.now
        self.task = task
        self.extra = extra
        self.width = width
        self.state = state_at(task, self.now)

    def tabs(self) -> list[Row]:
        """The tabs and their rule."""
        snapshot, task = self.snapshot, self.task
        filled = detail_tabs.Filled(
            len(snapshot.steps(task.id)), len(snapshot.comments(task.id)), bool(task.notes.strip())
        )
        return detail_tabs.rows(self.look.tab, filled, self.width, self.glyphs, focused=self.look.focused)

    def overview(self) -> list[Row]:
        """All sections, each after one blank line."""
        rows = [BLANK, *self._facts()]
        for section in (
            self._notes(),
            self.steps(),
            self.output(SHOWN),
            self._after(),
            self._releases(),
            self._comments(),
            self._history(),
        ):
            if section:
                rows += [BLANK, *section]
        return rows

    def _section(self, name: str, tail: str = "") -> Row:
        right = [Span(f" {self.glyphs.words(tail)}", "soft")] if tail else []
        rule = self.width - len(name) - 1 - width_of(right)
        return Row([Span(name, "soft", True), gap(1), Span(self.glyphs.rule * max(rule, 0), "line"), *right])

    def title(self) -> list[Row]:
        """Number, title and project, the state, and a bar where it is known how far it is."""
        task, number = self.task, f"#{self.task.id} "
        project = visible(task.project) if task.project else ""
        lines = wrap(task.title, self.width - len(number) - (cells(project) + 2 if project else 0))
        rows = []
        for index, line in enumerate(lines[:4]):
            head = Span(number if index == 0 else " " * len(number), "mute")
            title = Span(visible(line), "text", True, strike=task.status == "cancelled")
            tail = [Span(project, "mute")] if project and index == 0 else []
            rows.append(Row(spread([head, title], tail, self.width, self.glyphs.ellipsis)))
        far = story.progress(self.snapshot, task, self.now)
        right = [Span(f"{int(far.fraction * 100)}%", "text", True)] if far and far.fraction is not None else []
        rows.append(Row(spread(self._state_line(far), right, self.width, self.glyphs.ellipsis)))
        if far is not None and far.fraction is not None:
            rows.append(Row(bar_spans(far.fraction, self.width, self.glyphs)))
        return rows

    def _state_line(self, far: story.Progress | None) -> list[Span]:
        task, words = self.task, self.glyphs.words
        spans = [state_span(self.state, self.glyphs), gap(1)]
        role = {"running": "run", "failed": "fail", "ready": "text", "done": "mute"}.get(self.state, "soft")
        if far is not None:
            spans.append(Span(f"running {dates.clock(far.elapsed)}", "run", True))
            if far.expected:
                left = far.expected - far.elapsed
                tail = f" · about {dates.age(left)} left" if left > 0 else " · longer than usual"
                spans.append(Span(words(tail), "soft"))
            return spans
        fact = [
            Span(words(visible(phrase.text)), phrase.role, phrase.strong)
            for phrase in story.now_field(self.snapshot, task, self.now)
        ]
        spans.append(Span(self.state, role, self.state in ("failed", "ready")))
        if fact:
            spans += [Span(words(", " if self.state in ("failed", "blocked", "waiting") else " · "), "mute"), *fact]
        return spans

    def model(self) -> RunTask | None:
        """The success that the expectations of a running task go by; None where nothing runs, or nothing ran before."""
        return story.last_success(self.snapshot, self.task) if self.state == "running" else None

    def _facts(self) -> list[Row]:
        task, now = self.task, self.now
        left: list[tuple[str, list[Span]]] = []
        right: list[tuple[str, list[Span]]] = []
        if task.assignee:
            left.append(("Owner", [Span(f"@{visible(task.assignee)}")]))
        if task.due:
            moment = _due_moment(task.due, now)
            late = task.status in OPEN and is_overdue(task, dates.to_utc_text(now))
            left.append(("Due", [due_span(task, now)] if late else [Span(moment)]))
            if late:
                right.append(("Was due", [Span(moment)]))
        for name, value in (("Planned", task.scheduled), ("Until", task.wait)):
            if value:
                left.append((name, [Span(dates.format_moment(value, now, end=False))]))
        if task.tags:
            left.append(("Tags", [Span(visible(" ".join(f"+{tag}" for tag in task.tags)))]))
        if task.recurrence:
            from taskterm.core import recurrence

            left.append(("Repeats", [Span(visible(recurrence.describe(task.recurrence)))]))
        workflow = self.snapshot.workflows.get(task.workflow_id or 0)
        if workflow:
            left.append(("Workflow", [Span(visible(workflow.name))]))
        if task.priority:
            right.append(("Priority", [Span(task.priority, "warn" if task.priority == "H" else "text", True)]))
        if task.estimate_minutes:
            right.append(("Estimate", [Span(dates.format_minutes(task.estimate_minutes))]))
        model = self.model()
        if model is not None and model.duration_ms:
            right.append(("Learned", [Span(dates.clock(model.duration_ms / 1000))]))
        if task.status in OPEN:
            right.append(("Urgency", [Span(f"{urgency_at(now)(task):.1f}")]))
        if task.created_at:  # at the end of the shorter column, so that both end together
            (right if len(right) < len(left) else left).append(("Added", [Span(when(task.created_at, now))]))
        return self._pairs(left, right)

    def _pairs(self, left: Sequence[tuple[str, list[Span]]], right: Sequence[tuple[str, list[Span]]]) -> list[Row]:
        if self.width < 40:
            return [Row([field(name, LABEL, "mute"), *value]) for name, value in (*left, *right)]
        rows = []
        first = max(SECOND, self.width // 2 + 2)
        for index in range(max(len(left), len(right))):
            spans: list[Span] = []
            if index < len(left):
                name, value = left[index]
                spans = [field(name, LABEL, "mute"), *fit_spans(value, first - LABEL - 1, self.glyphs.ellipsis)]
            if index < len(right):
                name, value = right[index]
                spans += [gap(first - width_of(spans)), field(name, LABEL, "mute")]
                spans += fit_spans(value, self.width - first - LABEL, self.glyphs.ellipsis)
            rows.append(Row(spans))
        return rows

    def _notes(self) -> list[Row]:
        if not self.task.notes.strip():
            return []
        rows = [self._section("Notes")]
        for line in self.task.notes.strip().splitlines()[:60]:
            rows += [Row([Span(visible(piece))]) for piece in wrap(line, self.width)]
        return rows

    def steps(self) -> list[Row]:
        """A head, and a line for each step."""
        steps = self.snapshot.steps(self.task.id)
        if not steps:
            return []
        part = self.snapshot.last_part(self.task.id)
        last: dict[int, Attempt] = {}
        for attempt in part.attempts if part else ():
            if attempt.step_id is not None:
                last[attempt.step_id] = attempt
        done = sum(a.state in ("succeeded", "skipped") for a in last.values())
        model = self.model() if len(last) < len(steps) else None
        usual = story.usual_steps(self.snapshot, self.task) if model is not None else {}
        tail = f"{done} of {len(steps)}" if last else str(len(steps))
        if model is not None and any(step.name in usual for step in steps if step.id not in last):
            tail += f" · learned from run {model.run_id}"
        rows = [self._section("Steps", tail)]
        for step in steps:
            rows.append(self._step(step, last.get(step.id), usual.get(step.name)))
        return rows

    def _step(self, step: Step, attempt: Attempt | None, usual: float | None) -> Row:
        state = {"succeeded": "done", "skipped": "cancelled", "timeout": "failed"}.get(attempt.state if attempt else "")
        if attempt is None:
            left = [Span(self.glyphs.state["ready"], "mute"), gap(1), Span(visible(step.name), "mute")]
            right = [Span(f"~{dates.clock(usual)}", "mute")] if usual is not None else []
            return Row(spread(left, right, self.width, self.glyphs.ellipsis))
        state = state or ("running" if attempt.state == "running" else "failed")
        glyph = state_span(state, self.glyphs)
        role = {"running": "text", "failed": "text"}.get(state, "soft")
        left = [glyph, gap(1), Span(visible(step.name), role, state in ("running", "failed"))]
        if attempt.number > 1:
            left.append(Span(f" attempt {attempt.number}", "mute"))
        if attempt.state == "running":
            seconds = story.seconds_since(attempt.started_at, self.now)
            return Row(spread(left, [Span(dates.clock(seconds), "run", True)], self.width, self.glyphs.ellipsis))
        right = [Span(dates.clock((attempt.duration_ms or 0) / 1000), "mute")]
        if state == "failed":
            right = [Span(f"{story.failure_word(attempt)} ", "fail", True), *right]
        elif attempt.state == "skipped":
            right = [Span("skipped", "mute")]
        return Row(spread(left, right, self.width, self.glyphs.ellipsis))

    def output(self, count: int) -> list[Row]:
        """A head, and the last lines."""
        if not self.extra.output:
            return []
        running = self.task.run_state == "running"
        head = self._section("Output", f"{self.glyphs.live} following" if running else "last lines")
        if running:
            head = Row([*head.spans[:-1], gap(1), Span(self.glyphs.live, "ready"), Span(" following", "soft")])
        cut = self.glyphs.ellipsis
        return [head, *(Row(fit_spans([Span(line, "soft")], self.width, cut)) for line in self.extra.output[-count:])]

    def _after(self) -> list[Row]:
        found = [self.snapshot.tasks[i] for i in self.snapshot.predecessors(self.task.id)]
        if not found:
            return []
        still = sum(task.status in OPEN for task in found)
        tail = f"{len(found)}, all done" if not still else f"{still} of {len(found)} open"
        return [self._section("After", tail), *(self._related(task, ()) for task in found)]

    def _releases(self) -> list[Row]:
        found = [self.snapshot.tasks[i] for i in self.snapshot.successors(self.task.id)]
        if not found:
            return []
        downstream = self.snapshot.held_count(self.task.id)
        rows = [self._section("Releases", f"{downstream} downstream" if downstream else "")]
        for task in found:
            others = [b.id for b in self.snapshot.open_blockers(task.id) if b.id != self.task.id]
            rows.append(self._related(task, others))
        return rows

    def _related(self, task: Task, others: Sequence[int]) -> Row:
        state = state_at(task, self.now)
        quiet = "mute" if state in ("done", "cancelled") else "text"
        left = [
            state_span(state, self.glyphs),
            Span(f" #{task.id} ", "mute"),
            Span(visible(task.title), quiet, strike=state == "cancelled"),
        ]
        right = [Span(f"@{visible(task.assignee)}", "soft")] if task.assignee and state != "done" else []
        part = self.snapshot.last_part(task.id) if state == "done" else None
        if part is not None and part.run_task.state == "succeeded" and part.run_task.duration_ms:
            right = [Span(dates.clock(part.run_task.duration_ms / 1000), "mute")]
        if others:
            right = [Span("also waits for ", "mute"), Span(ids(others), "soft")]
        spans = spread(left, right, self.width, self.glyphs.ellipsis)
        return Row([span._replace(click=str(task.id)) for span in spans])

    def _comments(self) -> list[Row]:
        comments = self.snapshot.comments(self.task.id)
        if not comments:
            return []
        rows = [self._section("Comments", str(len(comments)))]
        for comment in comments[-20:]:
            rows += self.dated(comment.created_at, f"@{comment.created_by}", comment.text, "text")
        return rows

    def _history(self) -> list[Row]:
        if not self.extra.history:
            return []
        rows = [self._section("History")]
        for at, sentence in self.extra.history:
            rows += self.dated(at, "", self.glyphs.words(sentence), "soft")
        return rows

    def dated(self, at: str, who: str, text: str, role: str) -> list[Row]:
        """A moment in eight cells and a text that wraps beside it; `who` stands before the first line."""
        who = visible(who)
        rows = []
        indent = cells(who) + 1
        lines = [piece for line in text.splitlines() or [""] for piece in wrap(line, self.width - 8 - indent)]
        for index, line in enumerate(lines[:12]):
            moment = Span(f"{when(at, self.now):<8}" if index == 0 else " " * 8, "mute")
            name = [Span(f"{who} " if index == 0 else " " * indent, "soft")] if who else []
            rows.append(Row([moment, *name, Span(visible(line), role)]))
        return rows


def _due_moment(utc: str, now: datetime) -> str:
    """`today 17:00`, `Fri 27 Nov 17:00`."""
    text = dates.format_moment(utc, now, end=True)
    today = f"{now:%a} {now.day} {now:%b}"
    return f"today{text.removeprefix(today)}" if text.startswith(today) else text
