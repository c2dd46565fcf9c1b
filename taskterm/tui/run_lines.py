"""The list of runs: groups by what needs a look, one or two lines a run, and which tasks of a run get a pane. Pure."""

import json
from collections import Counter
from datetime import datetime
from typing import NamedTuple

from taskterm.core import dates, story
from taskterm.core.forecast import past_word
from taskterm.core.model import RUN_ENDED, Run, RunTask
from taskterm.core.snapshot import Snapshot, is_failed
from taskterm.tui.messages import Picture
from taskterm.tui.pane_lines import elapsed_seconds, info_of, part_span, shown_part
from taskterm.tui.rows import Row, Span, fit_spans, gap, spread, width_of
from taskterm.tui.text import visible
from taskterm.tui.theme import Glyphs
from taskterm.tui.widgets.bits import bar_spans

GROUPS = ("Running", "Needs approval here", "Waiting for a person", "Failed", "Today", "Yesterday", "Earlier")
OPEN_GROUPS = GROUPS[:4]
"""Groups whose runs of several tasks show these tasks."""
BAR = 14
PARAM = 24
"""Cells of a parameter that is still worth its place in a title."""


class RunGroup(NamedTuple):
    """Runs that need the same look, in the order of the list."""

    name: str
    runs: tuple[Run, ...]


class ListLine(NamedTuple):
    """One line of the list. `kind`: head, run, second (of a run), part (one task of a run) or blank. `begun` is when
    the run began, where another one in the list has the same title."""

    kind: str
    group: str = ""
    run: Run | None = None
    part: RunTask | None = None
    begun: str = ""

    @property
    def key(self) -> tuple[int, int | None] | None:
        """(run id, task id or None): what the cursor stands on."""
        if self.run is None or self.kind == "second":
            return None
        return self.run.id, self.part.task_id if self.part else None


def group_of(snapshot: Snapshot, run: Run, now: datetime) -> str:
    """The name of the group that a run belongs to."""
    states = {part.state for part in snapshot.run_tasks(run.id)}
    if run.state in ("planned", "running"):
        return "Running"
    if run.state == "waiting":
        return "Needs approval here" if "untrusted" in states else "Waiting for a person"
    if run.state in ("failed", "lost"):
        for part in snapshot.run_tasks(run.id):
            task = snapshot.tasks.get(part.task_id)
            if task is not None and is_failed(task) and snapshot.newest_run.get(task.id) == run.id:
                return "Failed"
    ended = dates.from_utc_text(run.ended_at or run.created_at).astimezone(now.tzinfo)
    days = (now.date() - ended.date()).days
    return "Today" if days <= 0 else "Yesterday" if days == 1 else "Earlier"


def groups(picture: Picture) -> tuple[RunGroup, ...]:
    """All runs of which the filter shows a task, in their groups; running ones oldest first, others newest first."""
    snapshot = picture.snapshot
    found: dict[str, list[Run]] = {name: [] for name in GROUPS}
    for run in snapshot.runs.values():
        parts = snapshot.run_tasks(run.id)
        if picture.visible is None or any(picture.shows(part.task_id) for part in parts):
            found[group_of(snapshot, run, picture.now)].append(run)
    for name, runs in found.items():
        runs.sort(key=lambda run: run.id, reverse=name != "Running")
    return tuple(RunGroup(name, tuple(runs)) for name, runs in found.items() if runs)


def lines(picture: Picture, folded: frozenset[int]) -> list[ListLine]:
    """The list from the top. `folded` are runs whose tasks are hidden, or shown where they would be hidden."""
    found: list[ListLine] = []
    all_groups = groups(picture)
    titles = Counter(_same_title(picture.snapshot, group.name, run) for group in all_groups for run in group.runs)
    for group in all_groups:
        if found:
            found.append(ListLine("blank"))
        found.append(ListLine("head", group.name))
        for run in group.runs:
            same = titles[_same_title(picture.snapshot, group.name, run)] > 1
            begun = _begun(run, group.name, picture.now) if same else ""
            found.append(ListLine("run", group.name, run, begun=begun))
            parts = picture.snapshot.run_tasks(run.id)
            if group.name in OPEN_GROUPS:
                found.append(ListLine("second", group.name, run))
            if len(parts) > 1 and (group.name in OPEN_GROUPS) != (run.id in folded):
                found += [ListLine("part", group.name, run, part) for part in parts]
    return found


def _same_title(snapshot: Snapshot, group: str, run: Run) -> tuple[str, str]:
    """Equal for runs that look alike in the list: live ones within their group, all that have ended."""
    return group if group in OPEN_GROUPS else "", title_of(snapshot, run)


def _begun(run: Run, group: str, now: datetime) -> str:
    """When a run began: the time where its group says the day."""
    utc = run.started_at or run.created_at
    if group in ("Today", "Yesterday"):
        return f"{dates.from_utc_text(utc).astimezone(now.tzinfo):%H:%M}"
    return past_word(utc, now)


def title_of(snapshot: Snapshot, run: Run) -> str:
    """The title of a run; of a workflow's also what it was started with, as far as that is short: `release 2.4.0`."""
    workflow = snapshot.workflows.get(run.workflow_id or 0)
    if workflow is None:
        return run.title
    values = [str(value) for value in json.loads(workflow.params or "{}").values()]
    words = [value for value in values if value and len(value) <= PARAM and value not in run.title]
    return " ".join([run.title, *words[:2]])


def beside(picture: Picture, chosen: Run, room: int) -> list[RunTask]:
    """What is worth a pane beside those of the chosen run: what runs in other runs, then the newest failures."""
    found: list[RunTask] = []
    for group in groups(picture):
        states = ("running",) if group.name == "Running" else ("failed", "lost") if group.name == "Failed" else ()
        for run in group.runs if states else ():
            parts = [part for part in picture.snapshot.run_tasks(run.id) if part.state in states]
            found += parts if run.id != chosen.id else []
    return found[: max(room, 0)]


def panes_of(snapshot: Snapshot, run: Run, first: int | None, room: int) -> list[RunTask]:
    """The tasks of a run that are worth a pane, at most `room`: `first`, then running, failed and newest ended ones.

    They come in the order of the plan, so that panes do not change places while tasks end.
    """
    rank = {"running": 0, "failed": 1, "lost": 1, "stopped": 2}
    parts = snapshot.run_tasks(run.id)
    newest = sorted(parts, key=lambda part: part.ended_at or part.started_at or "", reverse=True)
    wanted = sorted(newest, key=lambda p: (p.task_id != first, rank.get(p.state, 3 if p.started_at else 4)))
    live = [part for part in wanted if part.task_id == first or part.state == "running"]
    begun = [part for part in wanted if part in live or part.started_at is not None or part.state in rank]
    # Beside what runs, a few that have ended are worth their room; a fourth one would only make all of them lower.
    chosen = (begun or wanted)[: max(min(room, 3), min(len(live), room))]
    return sorted(chosen, key=lambda part: part.position)


def run_seconds(run: Run, now: datetime) -> float | None:
    """How long a run lasts or lasted, None before it began."""
    if run.started_at is None:
        return None
    if run.ended_at is None:
        return story.seconds_since(run.started_at, now)
    ended = dates.from_utc_text(run.ended_at)
    return max(0.0, (ended - dates.from_utc_text(run.started_at)).total_seconds())


def run_row(picture: Picture, line: ListLine, width: int, glyphs: Glyphs, selected: bool) -> Row:
    """`▶ 88 Integration tests   4:12`, or a task of the run below it, further to the right."""
    assert line.run is not None
    if line.part is not None:
        return _part_row(picture, line.run, line.part, width, glyphs, selected)
    run, live = line.run, line.group in OPEN_GROUPS
    state = "untrusted" if line.group == "Needs approval here" else run.state
    parts = picture.snapshot.run_tasks(run.id)
    seconds = run_seconds(run, picture.now)
    if len(parts) == 1:
        seconds = elapsed_seconds(info_of(picture.snapshot, run, parts[0], picture.now)) or seconds
    running = line.group == "Running"
    hue = "run" if running else "fail" if line.group == "Failed" else "mute"
    clock = Span(dates.clock(seconds) if seconds is not None and run.state != "waiting" else "", hue, running)
    title = Span(visible(title_of(picture.snapshot, run)), "text" if live or selected else "soft", running or selected)
    number = f"{run.id:>{_number_width(picture.snapshot)}}"
    left = [gap(2), part_span(state, glyphs), Span(f" {number} ", "mute"), title]
    begun = [Span(line.begun, "mute"), gap(max(8 - width_of([clock]), 2))] if line.begun else []
    return Row(spread(left, [*begun, clock], width - 1, glyphs.ellipsis))


def _number_width(snapshot: Snapshot) -> int:
    """Cells of the longest number of a run: numbers end in one column, titles begin in one."""
    return len(str(max(snapshot.runs, default=0)))


def _part_row(picture: Picture, run: Run, part: RunTask, width: int, glyphs: Glyphs, selected: bool) -> Row:
    info = info_of(picture.snapshot, run, part, picture.now)
    title = visible(info.task.title if info.task else f"#{part.task_id}, deleted")
    running = part.state == "running"
    role = (
        "text"
        if running or selected or info.failed
        else "soft"
        if info.part.state in ("person", "untrusted")
        else "mute"
    )
    left = [gap(5), part_span(info.part.state, glyphs), Span(f" #{part.task_id} ", "mute"), Span(title, role, running)]
    seconds = elapsed_seconds(info) if part.state != "skipped" else None
    words = dates.clock(seconds) if seconds is not None else ""
    return Row(spread(left, [Span(words, "run" if running else "fail" if info.failed else "mute", running)], width - 1))


def second_row(picture: Picture, line: ListLine, width: int, glyphs: Glyphs) -> Row:
    """The fact that explains the state: progress, whom the run waits for, or how it failed."""
    assert line.run is not None
    snapshot, run = picture.snapshot, line.run
    parts = snapshot.run_tasks(run.id)
    spans: list[Span]
    if line.group == "Needs approval here":
        spans = [Span("not trusted yet", "warn"), Span(glyphs.words(f" · {glyphs.keys.of('run')} to read it"), "soft")]
    elif line.group == "Waiting for a person":
        spans = _waits(snapshot, parts)
    elif line.group == "Failed":
        spans = _failed(snapshot, run, parts, glyphs)
    else:
        spans = _running(picture, run, parts, width, glyphs)
        return Row(spread([gap(5 + _number_width(snapshot)), *spans[:2]], spans[2:], width - 1, glyphs.ellipsis))
    return Row(fit_spans([gap(5 + _number_width(snapshot)), *spans], width - 1, glyphs.ellipsis))


def _running(picture: Picture, run: Run, parts: tuple[RunTask, ...], width: int, glyphs: Glyphs) -> list[Span]:
    """Two spans of a bar, then how many steps or tasks are through and how long the rest takes."""
    if len(parts) == 1:
        far = info_of(picture.snapshot, run, parts[0], picture.now).progress
        if far is None:
            return [gap(0), gap(0), Span("starting", "mute")]
        left = max((far.expected or 0) - far.elapsed, 0)
        rest = f" · ~{dates.age(left)} left" if left else ""
        share = far.fraction if far.fraction is not None else far.steps_done / max(far.steps, 1)
        count = f"{min(far.steps_done + 1, far.steps)}/{far.steps}"
    else:
        through = sum(part.state in ("succeeded", "skipped", *RUN_ENDED) for part in parts)
        share, count = through / max(len(parts), 1), f"{through}/{len(parts)}"
        waits = [p.task_id for p in parts if shown_part(picture.snapshot, p).state == "person"]
        rest = f" · waits for #{waits[0]}" if waits else ""
    room = min(BAR, max(width - 12 - len(count) - len(rest), 4))
    return [*bar_spans(share, room, glyphs), Span(" " + glyphs.words(count + rest), "mute")]


def _waits(snapshot: Snapshot, parts: tuple[RunTask, ...]) -> list[Span]:
    spans = [Span("waits for", "mute")]
    for part in parts:
        task = snapshot.tasks.get(part.task_id)
        if shown_part(snapshot, part).state == "person" and task is not None:
            spans.append(Span(f" #{task.id}", "text"))
            spans.append(Span(f" @{visible(task.assignee)}" if task.assignee else "", "warn"))
    return spans


def _failed(snapshot: Snapshot, run: Run, parts: tuple[RunTask, ...], glyphs: Glyphs) -> list[Span]:
    bad = next((part for part in parts if part.state in ("failed", "lost")), None)
    if bad is None:
        return [Span(run.state, "fail")]
    attempts = [a for a in snapshot.attempts(run.id, bad.task_id) if a.state in ("failed", "timeout", "lost")]
    if not attempts:
        return [Span(visible(bad.reason or bad.state), "fail")]
    last = attempts[-1]
    step = next((step for step in snapshot.steps(bad.task_id) if step.id == last.step_id), None)
    most = max(step.retries + 1 if step else 0, last.number)
    tries = f" · attempt {last.number} of {most}" if last.number > 1 else ""
    words = glyphs.words(tries)
    return [Span(story.failure_word(last), "fail"), Span(f" {visible(last.name)}", "soft"), Span(words, "soft")]


def strip(picture: Picture, chosen: int | None, width: int, glyphs: Glyphs) -> Row:
    """The list as one line, for narrow terminals: the chosen run with its title and clock, the others by number."""
    spans: list[Span] = []
    previous = ""
    for group in groups(picture):
        for run in group.runs:
            state = "untrusted" if group.name == "Needs approval here" else run.state
            seconds = run_seconds(run, picture.now)
            clock = dates.clock(seconds) if seconds is not None else ""
            if run.id == chosen:
                mark = Span(glyphs.cursor, "accent") if not spans else Span(f"  {glyphs.cursor}", "accent")
                hue = "run" if group.name == "Running" else "fail" if group.name == "Failed" else "mute"
                room = max(width // 2 - 14, 8)
                title = fit_spans(
                    [Span(visible(title_of(picture.snapshot, run)), "text", bold=True)], room, glyphs.ellipsis
                )
                spans += [mark, part_span(state, glyphs), Span(f" {run.id} ", "text", bold=True), *title]
                spans += [Span(f" {clock}", hue, True)]
            elif state == previous:
                spans.append(Span(f" {run.id}", "mute"))
                continue
            else:
                spans += [gap(3 if spans else 2), part_span(state, glyphs), Span(f" {run.id}", "soft")]
                if group.name == "Running":
                    spans.append(Span(f" {clock}", "mute"))
            previous = "" if run.id == chosen or group.name == "Running" else state
    return Row([gap(1), *fit_spans(spans, width - 1, glyphs.ellipsis)])
