"""The lines of the dependency tree as rows: branches, sign, number, title, then now, owner and finish. Pure."""

from collections.abc import Collection
from typing import NamedTuple

from taskterm.core import dates, story
from taskterm.core.forecast import Waited, finish_word, waited_words
from taskterm.core.model import Task
from taskterm.core.tree import TreeLine
from taskterm.tui.linking import Link
from taskterm.tui.picture import Picture
from taskterm.tui.rows import BLANK, Row, Span, field, fit_spans, gap, spread, width_of
from taskterm.tui.text import visible
from taskterm.tui.theme import Glyphs
from taskterm.tui.tree_light import DARK, Light, lights, lights_down
from taskterm.tui.tree_lines import BEFORE, TOP, Line, Listing, TreePicture
from taskterm.tui.widgets.bits import bar_spans, margin, now_spans, priority_span, state_at, state_span, title_span

BAR = 8
LONGEST_PREFIX = 0.5
"""Part of the task column that branches may take; deeper ones lose their left end."""
FOLD = "fold"
"""What a click on a branch, or on the count of what is folded, means."""


class Columns(NamedTuple):
    """Widths of the columns; 0 leaves one out. Each has its gap to the next one in it."""

    task: int
    now: int
    owner: int
    finish: int


Tails = dict[tuple[int, int, bool], Row]
"""Rows without their branches, by line, width and whether the cursor is on it: another light changes none of them."""


class Sight(NamedTuple):
    """What the rows depend on. `path` lights what blocks the selected task, `circle` a path that a link would close;
    with `critical_only` everything off the critical path is quiet. `tails` keeps what is drawn for other lights."""

    picture: Picture
    tree: TreePicture
    listing: Listing
    glyphs: Glyphs
    folded: Collection[int] = ()
    path: Light = DARK
    circle: Light = DARK
    link: Link | None = None
    selected: int | None = None
    critical_only: bool = False
    tails: Tails | None = None


def columns(width: int) -> Columns:
    """The columns that fit: narrow terminals lose the owner, then the finish."""
    finish = 10 if width >= 50 else 0
    owner = 8 if width >= 72 else 0
    now = 24 if width >= 88 else 21 if width >= 72 else 17
    return Columns(max(width - 3 - now - owner - finish, 8), now, owner, finish)


def titles(width: int) -> Row:
    """The names of the columns."""
    wide = columns(width)
    spans = [gap(2), field("task", wide.task, "mute"), field("now", wide.now, "mute")]
    if wide.owner:
        spans.append(field("owner", wide.owner, "mute"))
    if wide.finish:
        spans.append(field("finish", wide.finish, "mute", "right"))
    return Row(spans)


def row(sight: Sight, number: int, width: int, selected: bool) -> Row:
    """One line of the view."""
    line = sight.listing.lines[number]
    if line.kind == "root" or line.tree is not None:
        return _task_row(sight, number, line, width, selected)
    if line.waited is not None:
        return _waited_row(sight, line, line.waited, width)
    if line.kind == "head":
        return _head(sight, line.section, width)
    if line.kind == "text":
        key = sight.glyphs.keys.of("link")
        words = f"Nothing comes before or after it {sight.glyphs.dot} {key} links it to another task"
        return Row(fit_spans([gap(2), Span(words, "mute")], width, sight.glyphs.ellipsis))
    linked = sight.tree.before or sight.tree.after
    return _legend(sight, width) if line.kind == "legend" and linked else BLANK


def _prefix(sight: Sight, number: int, line: TreeLine, width: int) -> list[Span]:
    """The branches to a line, each stroke in its tone; a click on the last one folds."""
    signs, listing = sight.glyphs.tree, sight.listing
    most = max(int(columns(width).task * LONGEST_PREFIX) // 3, 1)
    first = max(len(line.branches) - most, 0)
    spans = [Span(f"{sight.glyphs.ellipsis}  ", "mute")] if first else []
    first += len(spans)
    above: list[int] = []  # the parents of the branches that are drawn, from the right
    parent = listing.parents[number]
    for _ in range(len(line.branches) - first):
        above.append(parent)
        parent = listing.parents.get(parent, TOP[BEFORE]) if parent >= 0 else parent
    for branch, over in zip(line.branches[first:], reversed(above), strict=True):
        down = _tone(sight, branch.critical, *(lights_down(lit, listing, over, number) for lit in _both(sight)))
        own = branch.kind in ("tee", "corner")
        along = _tone(sight, branch.critical, *(_lit(sight, lit, number) for lit in _both(sight))) if own else down
        sign = signs[f"heavy_{branch.kind}" if branch.critical or "fail" in (down, along) else branch.kind]
        if own and line.hinders:
            sign = f"{sign[0]}{sight.glyphs.waits} "
        for text, role in ((sign[0], down), (sign[1:], along)):
            _go_on(spans, Span(text, role, click=FOLD if own else None))
    return spans


def _go_on(spans: list[Span], span: Span) -> None:
    """Adds a stroke; to the last one where it looks like that, as each span has to be drawn and sent on its own."""
    last = spans[-1] if spans else None
    if last is not None and last.click == span.click and (last.role == span.role or not span.text.strip()):
        spans[-1] = last._replace(text=last.text + span.text)
    else:
        spans.append(span)


def _both(sight: Sight) -> tuple[Light, Light]:
    return sight.path, sight.circle


def _lit(sight: Sight, light: Light, number: int) -> bool:
    return lights(light, sight.listing, sight.picture.snapshot, number)


def _tone(sight: Sight, critical: bool, path: bool, circle: bool) -> str:
    quiet = "line" if sight.critical_only else "line2"
    return "fail" if circle else "accent" if path else "text" if critical else quiet


def _task_row(sight: Sight, number: int, line: Line, width: int, selected: bool) -> Row:
    """The margin, the branches in the light of the moment, and the task."""
    prefix = _prefix(sight, number, line.tree, width) if line.tree is not None else []
    key = (number, width, selected)
    task_id = line.tree.task_id if line.tree is not None else sight.tree.root
    tail = sight.tails.get(key) if sight.tails is not None else None
    if tail is None:
        tail = _tail(sight, task_id, columns(width), width_of(prefix), selected, line.tree)
        if sight.tails is not None:
            sight.tails[key] = tail
    lead = margin(sight.picture.snapshot.tasks[task_id], sight.picture.marked, sight.glyphs)
    return Row([*lead, *prefix, *tail.spans], tail.on)


def _tail(sight: Sight, task_id: int, wide: Columns, indent: int, selected: bool, line: TreeLine | None) -> Row:
    """A task's row behind its margin and its branches; these take `indent` cells of the first column."""
    picture, glyphs = sight.picture, sight.glyphs
    snapshot, now = picture.snapshot, picture.now
    task = snapshot.tasks[task_id]
    state, room = state_at(task, now), wide.task - indent
    if line is not None and line.reference:
        name = [Span(f"{glyphs.above} #{task.id} ", "mute"), Span(visible(task.title), "mute", italic=True)]
        note = _link_words(sight, task_id) or [Span("shown above", "mute")]
        return Row([*_cell(name, room, glyphs.ellipsis), *note])
    quiet = not picture.shows(task_id) or (sight.critical_only and task_id not in sight.tree.critical)
    strong = selected or line is None or state in ("running", "failed")
    name = [state_span(state, glyphs), Span(f" #{task.id} ", "mute")]
    if task.priority:
        name += [priority_span(task), gap(1)]
    title = title_span(task, state, bold=strong)
    name.append(title._replace(role="text") if selected else title)
    if line is not None and line.below:
        name.append(Span(f" {glyphs.more_down} {line.below}", "mute", click=FOLD))
    rest = _cell(_link_words(sight, task_id) or _now(sight, task, state, wide.now), wide.now, glyphs.ellipsis)
    if wide.owner:
        rest.append(field(f"@{visible(task.assignee)}" if task.assignee else "", wide.owner - 1, "soft"))
        rest.append(gap(1))
    if wide.finish:
        finish = _finish(sight, task, state)
        rest += [gap(wide.finish - width_of([finish])), finish]
    if quiet and not selected:
        name = [span._replace(role="mute", bold=False) for span in name]
        rest = [span._replace(role="mute", bold=False) for span in rest]
    ground = "t_acc" if task_id in picture.marked and not selected else None
    return Row([*_cell(name, room, glyphs.ellipsis), *rest], ground)


def _link_words(sight: Sight, task_id: int) -> list[Span]:
    """In link mode: where it begins, what the chosen task would do, and which tasks a cycle would go through."""
    link = sight.link
    if link is None:
        return []
    if task_id == link.source:
        return [Span("from here", "accent", True)]
    verdict = link.verdict
    if verdict is None:
        return []
    if task_id in verdict.path:
        return [Span("in the cycle", "fail", task_id == sight.selected)]
    if task_id != sight.selected:
        return []
    if verdict.kind != "link":
        return [Span(verdict.why, "soft")]
    return [Span(f"{'waits for' if link.forward else 'releases'} #{link.source}", "accent", True)]


def _now(sight: Sight, task: Task, state: str, room: int) -> list[Span]:
    """The fact of a task. Of a person's task that was estimated: how far its time has run, in warn if others wait."""
    picture, glyphs = sight.picture, sight.glyphs
    bars = (BAR, 0) if room > 20 else (0,)
    told: list[Span] = []
    for bar in bars:  # the bar goes where the clock would be cut
        told = _told(picture, task, state, glyphs, bar)
        if width_of(told) < room:
            break
    return told


def _told(picture: Picture, task: Task, state: str, glyphs: Glyphs, bar: int) -> list[Span]:
    if state != "doing" or not task.estimate_minutes or not task.started_at:
        return now_spans(picture.snapshot, task, picture.now, glyphs, bar=bar)
    spent = story.seconds_since(task.started_at, picture.now)
    role = "warn" if picture.snapshot.held_count(task.id) else "run"
    drawn = [*bar_spans(spent / (task.estimate_minutes * 60), bar, glyphs, role), gap(1)] if bar else []
    planned = Span(f" of ~{dates.format_minutes(task.estimate_minutes)}", "mute")
    return [*drawn, Span(dates.since(spent), role, True), planned]


def _finish(sight: Sight, task: Task, state: str) -> Span:
    """When the task was finished, or when it should be (`~`); `stuck` where a failure has to be seen to first."""
    word, bad = finish_word(task, sight.tree.seen, sight.picture.now)
    if bad:
        return Span(word, "fail" if state == "failed" else "mute")
    if not word.startswith("~"):
        return Span(word, "mute")
    return Span(word, "text" if task.id in sight.tree.critical else "soft")


def _head(sight: Sight, section: str, width: int) -> Row:
    """`Before 8 … 4 of 8, 1 h 50 min left`."""
    if section not in TOP:
        return Row([gap(2), Span(section, "soft", bold=True)])
    far, wide = sight.tree.far[section], columns(width)
    left = [Span(section, "soft", bold=True), Span(f" {far.total}", "mute")]
    words = f"{far.done} of {far.total}"
    if far.minutes is not None:
        words += f", {dates.format_minutes(max(round(far.minutes), 1))}" + (" left" if far.done else "")
    bar = [*bar_spans(far.done / max(far.total, 1), BAR, sight.glyphs, "done"), gap(1)] if wide.now > 20 else []
    rest = fit_spans([*bar, Span(words, "mute")], width - wide.task - 3, sight.glyphs.ellipsis)
    return Row([gap(2), *_cell(left, wide.task, sight.glyphs.ellipsis), *rest])


def _waited_row(sight: Sight, line: Line, waited: Waited, width: int) -> Row:
    """`@chloe  #17 holds 6 tasks   for 3 h`, and of whoever is next: `@ana  #18 next, as soon as #17 is done`."""
    snapshot, now = sight.picture.snapshot, sight.picture.now
    task = snapshot.tasks[waited.task_id]
    state = state_at(task, now)
    person = f"@{visible(waited.person)}" if waited.person else "nobody yet"
    if line.kind == "next":
        first = snapshot.open_blocker_ids(task.id)[0]
        spans = [gap(2), field(person, 12, "soft"), Span(f"#{task.id}"), Span(" next, as soon as ", "soft")]
        return Row(fit_spans([*spans, Span(f"#{first}"), Span(" is done", "soft")], width, sight.glyphs.ellipsis))
    role = "fail" if state == "failed" else "warn" if state == "doing" else "soft"
    tasks = f"holds {waited.holds} task{'s' if waited.holds > 1 else ''}"
    spans = [gap(2), field(person, 12, role, bold=state != "ready"), Span(f"#{task.id}"), gap(1)]
    spans.append(field(tasks, 18, "soft"))
    words = waited_words(snapshot, waited, now)
    return Row(fit_spans([*spans, Span(words, "soft")], width, sight.glyphs.ellipsis))


def _legend(sight: Sight, width: int) -> Row:
    signs, glyphs = sight.glyphs.tree, sight.glyphs
    told = [
        [Span(signs["heavy_tee"].strip(), "text"), Span(" critical path", "mute")],
        [Span(signs["tee"].strip(), "line2"), Span(" has slack", "mute")],
        [Span(f"{glyphs.above} shown above", "mute")],
        [Span("~ forecast", "mute")],
    ]
    if sight.listing.others:
        told.append([Span(f"{glyphs.waits} waits for this too", "mute")])
    if sight.path != DARK:
        told.insert(2, [Span(signs["tee"].strip(), "accent"), Span(" blocks the selected", "mute")])
    spans = [gap(2), *told[0]]
    for entry in told[1:]:  # whole entries only
        if width_of([*spans, gap(3), *entry]) <= width:
            spans += [gap(3), *entry]
    return Row(fit_spans(spans, width, glyphs.ellipsis))


def _cell(spans: list[Span], width: int, ellipsis: str) -> list[Span]:
    """The spans in exactly `width` cells, the last of them blank: a column with its gap."""
    return spread(fit_spans(spans, width - 1, ellipsis), [], width, ellipsis)
