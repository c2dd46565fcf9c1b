"""The head of an output pane: which run and task, its clock, its steps with their durations, its progress. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from taskterm.core import dates, story
from taskterm.core.model import OPEN, RUN_ENDED, Attempt, Run, RunTask, Step, Task
from taskterm.core.snapshot import Snapshot
from taskterm.tui.footing import Hint
from taskterm.tui.rows import Row, Span, fit_spans, gap, spread, width_of
from taskterm.tui.text import visible
from taskterm.tui.theme import Glyphs
from taskterm.tui.widgets.bits import bar_spans, when

PART_STATE = {
    "succeeded": "done",
    "stopped": "cancelled",
    "lost": "failed",
    "skipped": "cancelled",
    "planned": "blocked",
}
"""The shown state whose glyph and hue stand for a state of a part or a run; others have their own name."""


class PaneInfo(NamedTuple):
    """What a pane is about."""

    run: Run
    part: RunTask
    task: Task | None  # None: it was deleted since
    steps: tuple[Step, ...]
    attempts: tuple[Attempt, ...]  # oldest first
    progress: story.Progress | None
    now: datetime
    waiting: tuple[Task, ...] = ()  # open tasks that wait for it, where it failed
    usual: Mapping[str, float] = {}  # seconds of its steps by name, where they are known

    @property
    def running(self) -> bool:
        """Whether a step of the task runs now."""
        return self.part.state == "running"

    @property
    def failed(self) -> bool:
        """Whether the task's part did not succeed."""
        return self.part.state in ("failed", "lost", "stopped")

    @property
    def culprit(self) -> Attempt | None:
        """The attempt that failed."""
        bad = [a for a in self.attempts if a.state in ("failed", "timeout", "stopped", "lost")]
        return bad[-1] if bad and self.failed else None


def info_of(snapshot: Snapshot, run: Run, part: RunTask, now: datetime) -> PaneInfo:
    """The facts of one part, as of this snapshot."""
    task = snapshot.tasks.get(part.task_id)
    newest = snapshot.newest_run.get(part.task_id) == run.id
    far = story.progress(snapshot, task, now) if task is not None and newest else None
    bad = newest and task is not None and task.status in OPEN and part.state in ("failed", "lost", "stopped")
    after = [snapshot.tasks[i] for i in snapshot.successors(part.task_id)] if bad else []
    return PaneInfo(
        run,
        shown_part(snapshot, part),
        task,
        snapshot.steps(part.task_id),
        snapshot.attempts(run.id, part.task_id),
        far,
        now,
        tuple(other for other in after if other.status in OPEN),
        story.usual_steps(snapshot, task) if far is not None and task is not None else {},
    )


def shown_part(snapshot: Snapshot, part: RunTask) -> RunTask:
    """The part as it is shown: a person's task that is still blocked is not waited for yet."""
    task = snapshot.tasks.get(part.task_id)
    blocked = part.state == "person" and task is not None and task.open_predecessors > 0
    return part._replace(state="planned") if blocked else part


def part_span(state: str, glyphs: Glyphs) -> Span:
    """The glyph of a state of a run, of a part or of an attempt."""
    from taskterm.tui.theme import STATE_ROLE

    if state == "untrusted":
        return Span(glyphs.untrusted, "warn")
    if state in ("person", "waiting"):
        return Span(glyphs.state["doing"], "warn")
    if state == "planned":
        return Span(glyphs.state["ready"], "mute")
    shown = "failed" if state == "timeout" else PART_STATE.get(state, state)
    return Span(glyphs.state[shown], STATE_ROLE[shown])


def title_of(info: PaneInfo) -> str:
    """The task's title, or the run's where the task is gone."""
    return visible(info.task.title if info.task else info.run.title)


def elapsed_seconds(info: PaneInfo) -> float | None:
    """How long the part runs or ran, None before it began."""
    if info.part.duration_ms is not None:
        return info.part.duration_ms / 1000
    return story.seconds_since(info.part.started_at, info.now) if info.part.started_at else None


def head(info: PaneInfo, width: int, glyphs: Glyphs, position: Sequence[Span]) -> Row:
    """`▶ 88 Integration tests #15 @ben … 4:12 of ~6:30   ends ~14:34   ● following`."""
    left = [
        part_span(info.part.state, glyphs),
        Span(f" {info.run.id} ", "mute"),
        Span(title_of(info), "text", bold=True),
        Span(f" #{info.part.task_id}", "mute"),
    ]
    if info.task is not None and info.task.assignee:
        left.append(Span(f" @{visible(info.task.assignee)}", "soft"))
    room = max(width - 24, 10)
    told = clock(info, glyphs)
    wholes = ([*told, *ends(info), *position], [*told, *position], told)
    right = next((whole for whole in wholes if width_of(whole) <= room), fit_spans(wholes[-1], room, glyphs.ellipsis))
    return Row(spread(left, right, width, glyphs.ellipsis))


def narrow_head(info: PaneInfo, width: int, glyphs: Glyphs, position: Sequence[Span]) -> Row:
    """`#15 @ben   step 3 of 5   ends ~14:34 … ● following`: the title stands in the line of runs above."""
    left = [Span(f"#{info.part.task_id}", "mute")]
    if info.task is not None and info.task.assignee:
        left.append(Span(f" @{visible(info.task.assignee)}", "soft"))
    if info.running and info.progress is not None and info.progress.steps > 1:
        at = min(info.progress.steps_done + 1, info.progress.steps)
        left += [gap(3), Span(f"step {at} of {info.progress.steps}", "mute"), *ends(info)]
    else:
        left += [gap(3), *clock(info, glyphs)]
    return Row(spread(left, position, width, glyphs.ellipsis))


def clock(info: PaneInfo, glyphs: Glyphs) -> list[Span]:
    """`4:12 of ~6:30` while it runs, `exit 23 after 0:37 · 14:20` or `1:47 · 14:19` at the end, or why it waits."""
    seconds = elapsed_seconds(info)
    if info.running and seconds is not None:
        of = f" of ~{dates.clock(info.progress.expected)}" if info.progress and info.progress.expected else ""
        return [Span(dates.clock(seconds), "run", bold=True), Span(of, "mute")]
    ended = glyphs.words(f" · {when(info.part.ended_at, info.now)}") if info.part.ended_at else ""
    took = dates.clock(seconds) if seconds is not None else ""
    if info.culprit is not None:
        return [Span(story.failure_word(info.culprit), "fail", bold=True), Span(f" after {took}{ended}", "mute")]
    if info.failed:
        return [Span(visible(info.part.reason or info.part.state), "fail", bold=True), Span(ended, "mute")]
    if info.part.state == "person":
        return [
            Span(
                "waits for " + (f"@{visible(info.task.assignee)}" if info.task and info.task.assignee else "a person"),
                "warn",
            )
        ]
    if info.part.state == "untrusted":
        return [Span("not trusted yet", "warn")]
    if info.part.state == "skipped":
        return [Span(f"skipped, {visible(info.part.reason)}" if info.part.reason else "skipped", "mute")]
    return [Span(f"{took}{ended}", "mute")]


def ends(info: PaneInfo) -> list[Span]:
    """`   ends ~14:34` for a running task of known length that is not over it."""
    far = info.progress
    if not info.running or far is None or far.expected is None or far.expected <= far.elapsed:
        return []
    at = info.now + timedelta(seconds=far.expected - far.elapsed)
    return [gap(3), Span("ends ", "mute"), Span(f"~{at:%H:%M}", "soft")]


def strip(info: PaneInfo, width: int, glyphs: Glyphs, *, durations: bool = True) -> Row:
    """The steps in their order: `✓ postgres 0:09   ✓ migrate 0:22   ▶ pytest 3:41   ○ coverage`.

    Steps at the left give way when the running or the failed one would not be in view.
    """
    cells = [_step_cell(info, step, glyphs, durations) for step in info.steps]
    tries = _tries(info, glyphs)
    room = width - (sum(len(span.text) for span in tries) + 3 if tries else 0)
    current = max((i for i, step in enumerate(info.steps) if _attempts_of(info, step)), default=0)
    first = 0
    while first < current and _width(cells[first : current + 1]) + (2 if first else 0) > room:
        first += 1
    spans: list[Span] = [Span(f"{glyphs.ellipsis} ", "mute")] if first else []
    for index, cell in enumerate(cells[first:]):
        spans += [gap(3 if durations else 2), *cell] if index else cell
    return Row(spread(fit_spans(spans, max(room, 1), glyphs.ellipsis), tries, width, glyphs.ellipsis))


def _width(cells: list[list[Span]]) -> int:
    return sum(width_of(cell) for cell in cells) + 3 * (len(cells) - 1)


def _attempts_of(info: PaneInfo, step: Step) -> list[Attempt]:
    return [attempt for attempt in info.attempts if attempt.step_id == step.id]


def _step_cell(info: PaneInfo, step: Step, glyphs: Glyphs, durations: bool) -> list[Span]:
    tried = _attempts_of(info, step)
    name = visible(step.name)
    if not tried:
        if info.part.state in RUN_ENDED and info.failed:
            return [part_span("skipped", glyphs), Span(f" {name}, skipped", "mute")]
        usual = info.usual.get(step.name) if durations else None
        ahead = f" ~{dates.clock(usual)}" if usual is not None else ""
        return [part_span("planned", glyphs), Span(f" {name}{ahead}", "mute")]
    last = tried[-1]
    running, failed = last.state == "running", last.state in ("failed", "timeout", "lost", "stopped")
    seconds = story.seconds_since(last.started_at, info.now) if running else (last.duration_ms or 0) / 1000
    hue = "run" if running else "fail" if failed else "mute"
    words = [
        part_span(last.state, glyphs),
        Span(f" {name}", "text" if running or failed else "soft", running or failed),
    ]
    if last.state == "skipped":
        return [words[0], Span(f" {name}, skipped", "mute")]
    if durations or running or failed:
        words.append(Span(f" {dates.clock(seconds)}", hue, running or failed))
    return words


def _tries(info: PaneInfo, glyphs: Glyphs) -> list[Span]:
    """`attempt ✗ ✗ ✓ 3 of 3` for the last step that was tried more than once."""
    if not info.attempts or info.attempts[-1].number < 2:
        return []
    last = info.attempts[-1]
    step = next((step for step in info.steps if step.id == last.step_id), None)
    marks: list[Span] = []
    for _ in range(min(last.number - 1, 5)):
        marks += [part_span("failed", glyphs), gap(1)]
    of = f"{last.number} of {max(step.retries + 1, last.number)}" if step is not None else str(last.number)
    return [Span("attempt ", "mute"), *marks, part_span(last.state, glyphs), Span(f" {of}", "soft")]


def progress(info: PaneInfo, width: int, glyphs: Glyphs) -> Row | None:
    """The bar with its percentage, None where nothing is known to compare with."""
    far = info.progress
    if not info.running or far is None or far.fraction is None or far.expected is None:
        return None
    right = [Span(f"{int(far.fraction * 100)}%", "text", bold=True), Span(f" of ~{dates.clock(far.expected)}", "mute")]
    if far.elapsed > far.expected:
        right = [Span(f"{dates.clock(far.elapsed - far.expected)} longer than usual", "warn")]
    room = max(width - 24, 8)
    return Row(spread(bar_spans(far.fraction, room, glyphs), right, width, glyphs.ellipsis))


def failed_foot(info: PaneInfo, width: int, glyphs: Glyphs, *, at_error: bool) -> Row:
    """What can be done about a failure, and who waits: `n next error   r run again   holds up #23 @chloe`."""
    hints = [Hint("n", "next error"), Hint("r", "run again")]
    if info.run.workflow_id is not None:
        hints.append(Hint("f5", "run what is left"))
    spans: list[Span] = []
    for hint in glyphs.keys.hints(hints, "runs"):
        spans += [gap(3 if spans else 0), Span(hint.key, "accent", bold=True, click=hint.click)]
        spans.append(Span(f" {hint.word}", "soft", click=hint.click))
    for number, task in enumerate(info.waiting[:2]):
        spans += [gap(1) if number else Span("   holds up ", "mute"), Span(f"#{task.id}", "text")]
        spans.append(Span(f" @{visible(task.assignee)}" if task.assignee else "", "soft"))
    if len(info.waiting) > 2:
        spans.append(Span(f" +{len(info.waiting) - 2}", "mute"))
    said = [Span("first error shown", "mute")] if at_error else []
    return Row(spread(spans, said if width_of([*spans, *said]) < width else [], width, glyphs.ellipsis))


def empty_words(info: PaneInfo, glyphs: Glyphs) -> str:
    """What stands where there is no output."""
    return {
        "planned": "this has not started yet",
        "person": "a person's task: it goes on when somebody says that it is done",
        "untrusted": f"not trusted yet: {glyphs.keys.of('run')} shows its commands and asks",
        "skipped": "this did not run",
        "running": "nothing has been written yet",
    }.get(info.part.state, "nothing was written")
