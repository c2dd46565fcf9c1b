"""The strip below the diagram: the selected task, what it holds up and waits for, or what a link would do. Pure."""

from collections import Counter
from typing import NamedTuple

from taskterm.core.forecast import finish_word
from taskterm.core.model import OPEN, Task
from taskterm.tui import link_words
from taskterm.tui.diagram_looks import Path
from taskterm.tui.diagram_scope import Drawn
from taskterm.tui.linking import Link
from taskterm.tui.messages import Picture
from taskterm.tui.rows import BLANK, Row, Span, field, fit_spans, gap, spread, width_of
from taskterm.tui.text import visible
from taskterm.tui.theme import Glyphs
from taskterm.tui.widgets.bits import due_span, ids, now_spans, state_at, state_span

TALL = 8
"""With so many rows the strip has room to breathe."""
NARROW = 50
"""Below this width only one fact stands on a line."""
LABEL = 10
BAR = 8
LEAST_TITLE = 20
"""Cells of the title that must be seen before the due time has a place."""


class Facts(NamedTuple):
    """What the strip speaks about. `path` is what is lit in the drawing, `link` is there in link mode."""

    picture: Picture
    drawn: Drawn
    selected: int | None
    path: Path = Path()
    link: Link | None = None


def lines(facts: Facts, width: int, height: int, glyphs: Glyphs) -> list[Row]:
    """At most `height` lines of at most `width` cells."""
    task = facts.picture.snapshot.tasks.get(facts.selected or 0)
    if task is None:
        return []
    margin = gap(3 if width >= 100 else 2)
    head = Row([margin, *_head(facts, task, width - 4, glyphs)])
    told = _linking(facts, glyphs) if facts.link is not None else _told(facts, task, glyphs)
    beside = 1 if width < NARROW else 2
    facts_by_row = [told[at : at + beside] for at in range(0, len(told), 2)]
    body = [Row([margin, *_beside(row, width - 4, glyphs)]) for row in facts_by_row]
    legend = Row([margin, *_legend(facts, width - 4, glyphs)])
    if height < TALL:
        return [head, *body, legend][:height]
    return [BLANK, head, BLANK, *body, *[BLANK] * (3 - len(body)), legend]


def _head(facts: Facts, task: Task, width: int, glyphs: Glyphs) -> list[Span]:
    """`#17 Write release notes   ◐ doing 3:05 of ~4 h   @chloe   due today 17:00`; the title is cut first."""
    picture = facts.picture
    state = state_at(task, picture.now)
    between = gap(3 if width >= 100 else 2)
    rest = [between, state_span(state, glyphs), gap(1)]
    rest += now_spans(picture.snapshot, task, picture.now, glyphs, bar=BAR if width >= 100 else 0)
    if task.assignee:
        rest += [between, Span(f"@{visible(task.assignee)}", "soft")]
    due = due_span(task, picture.now)
    number = Span(f"#{task.id} ", "mute")
    if due.text:
        word = "due " if task.status in OPEN and due.role != "warn" else ""
        last = [between, Span(word, "mute"), due]
        if due.role == "warn" or width_of([number, *rest, *last]) + LEAST_TITLE <= width:
            rest += last
    room = max(width - width_of(rest) - width_of([number]), 12)
    title = fit_spans([Span(visible(task.title), "text", True)], room, glyphs.ellipsis)
    return fit_spans([number, *title, *rest], width, glyphs.ellipsis)


def _beside(told: list[list[Span]], width: int, glyphs: Glyphs) -> list[Span]:
    """One or two facts in columns."""
    if not told:
        return []
    if len(told) == 1 or not told[1]:
        return fit_spans(told[0], width, glyphs.ellipsis)
    half = width // 2
    return [
        *spread(fit_spans(told[0], half - 2, glyphs.ellipsis), [], half),
        *fit_spans(told[1], half, glyphs.ellipsis),
    ]


def _fact(name: str, *spans: Span) -> list[Span]:
    return [field(name, LABEL, "mute"), *spans]


def _told(facts: Facts, task: Task, glyphs: Glyphs) -> list[list[Span]]:
    snapshot, now, drawn = facts.picture.snapshot, facts.picture.now, facts.drawn
    if task.status not in OPEN:
        return [_fact("releases", Span(ids(snapshot.successors(task.id), 6) or "nothing", "soft"))]
    held = snapshot.held_count(task.id)
    holds = [Span(f"{held} task{'s' if held > 1 else ''}" if held else "nothing", "text" if held else "soft")]
    if facts.path.kind == "after":
        owners = Counter(snapshot.tasks[i].assignee for i in facts.path.tasks - {task.id})
        named = [(name, count) for name, count in owners.most_common() if name]
        for name, count in named[:3]:
            holds += [Span(f" {glyphs.dot} ", "mute"), Span(f"@{visible(name)} {count}", "soft")]
    blockers = snapshot.open_blockers(task.id)
    waits: list[Span] = []
    for at, blocker in enumerate(blockers[:4]):
        owner = f" @{visible(blocker.assignee)}" if blocker.assignee else ""
        waits += [Span("  " if at else ""), Span(f"#{blocker.id}", "text"), Span(owner, "soft")]
    if len(blockers) > 4:
        waits.append(Span(f"  +{len(blockers) - 4}", "mute"))
    word, bad = finish_word(task, drawn.seen, now)
    on_path = task.id in drawn.critical
    finish = Span(word or "not known: no estimate", "fail" if bad else "text" if word else "mute")
    last = _last(facts, task)
    then = [Span(f" {glyphs.dot} then #{last.id} ", "mute"), _finish(facts, last)] if last is not None else []
    told = [_fact("holds up", *holds), _fact("finish", finish, *then)]
    told.append(_fact("waits for", *(waits or [Span("nothing", "soft")])))
    if on_path:
        told.append(_fact("slack", Span("0", "text"), Span(f" {glyphs.dot} on the critical path", "soft")))
    elif snapshot.predecessors(task.id) or snapshot.successors(task.id):
        told.append(_fact("slack", Span("off the critical path", "soft")))
    else:
        told.append([Span("ctrl+k", "accent", True), Span(" links it to another task", "soft")])
    return told


def _last(facts: Facts, task: Task) -> Task | None:
    """The last of the tasks that wait for this one, as far as its finish is foreseen."""
    if facts.path.kind != "after":
        return None
    finish, tasks = facts.drawn.seen.finish, facts.picture.snapshot.tasks
    known = [i for i in facts.path.tasks if i != task.id and i in finish]
    return tasks[max(known, key=lambda i: (finish[i], i))] if known else None


def _finish(facts: Facts, task: Task) -> Span:
    return Span(finish_word(task, facts.drawn.seen, facts.picture.now)[0], "text")


def _linking(facts: Facts, glyphs: Glyphs) -> list[list[Span]]:
    """What picking the selected task would do."""
    assert facts.link is not None
    link, snapshot, other = facts.link, facts.picture.snapshot, facts.selected
    if link.verdict is None or other is None:
        return [[Span("walk to the other end", "soft")]]
    first, second = link.ends(other)
    verdict, said = link.verdict, link_words.effect(link, other, glyphs)
    if verdict.kind != "link":
        return [said, []]
    blockers = {task.id for task in snapshot.open_blockers(second)}
    waits = sorted(blockers | ({first} if snapshot.tasks[first].status in OPEN else set()))
    return [
        said,
        [],
        _fact(f"#{second}", Span(f"waits for {ids(waits, 5) or 'nothing'}", "text")),
        _fact("same as", Span(f"taskterm link {second} --after {first}", "soft")),
    ]


def _legend(facts: Facts, width: int, glyphs: Glyphs) -> list[Span]:
    """What the lines say, in whole entries; only what can be seen is explained."""
    heavy, light = glyphs.heavy * 2 + glyphs.more_right, glyphs.rule * 2 + glyphs.more_right
    told = [(heavy, "text", "critical")]
    if facts.path.kind:
        told.append((light, "accent", "it waits for" if facts.path.kind == "before" else "waits for it"))
    if facts.drawn.wanted.zoom == "boxes" and facts.drawn.kind != "overview":
        told += _boxes(glyphs)
    if facts.drawn.picture.before or facts.drawn.picture.after:
        told.append(("+3", "soft", "left out"))
    spans: list[Span] = []
    for sign, role, word in told:
        entry = [gap(3 if spans else 0), Span(sign, role), Span(f" {word}", "mute")]
        if width_of([*spans, *entry]) <= width:
            spans += entry
    return spans


def _boxes(glyphs: Glyphs) -> tuple[tuple[str, str, str], ...]:
    """Sign, role and word of the kinds of boxes. ASCII borders are told apart by hue alone: there the states speak."""
    if glyphs.name == "ascii":
        signs = glyphs.state
        return (".-.", "line2", "blocked"), (signs["running"], "run", "running"), (signs["failed"], "fail", "failed")
    light = glyphs.rule * 3
    return (glyphs.dashed[4] * 3, "line2", "blocked"), (light, "run", "running"), (light, "fail", "failed")
