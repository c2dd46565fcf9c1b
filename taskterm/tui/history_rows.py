"""The History view as rows: heads of days, one calm line per operation, and one operation field by field. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from taskterm.core.dates import format_moment, relative
from taskterm.core.details import Detail
from taskterm.core.moments import day_text, weekday_text
from taskterm.store.telling import Whole
from taskterm.tui.glyphs import Glyphs
from taskterm.tui.journal import Line, split
from taskterm.tui.rows import BLANK, Row, Span, field, fit_spans, gap, width_of
from taskterm.tui.text import cells, fit, visible, wrap

Key = int | None
"""An operation's number; None for a head or a blank."""

_TASK = re.compile(r"#(\d{1,15})\b")
_ENDING = re.compile(r" is done in [\d:]+$| failed: .*$")
_LEAST = 22  # cells of a title that stay in front of how its run ended
_SHOWN = 6  # released tasks, and lines of one value


class Laid(NamedTuple):
    """The lines of the list: a key for each, and the day of those that are heads."""

    keys: list[Key]
    heads: dict[int, str]


def lay_out(lines: Sequence[Line]) -> Laid:
    """Operations, newest first, under the days on which they were done, a blank before each day."""
    keys: list[Key] = []
    heads: dict[int, str] = {}
    day = ""
    for line in lines:
        if line.day != day:
            keys.append(None)
            heads[len(keys)] = day = line.day
            keys.append(None)
        keys.append(line.operation)
    return Laid(keys, heads)


def day_name(day: str, now: datetime) -> str:
    """`Today`, `Yesterday`, `Fri 20 Nov`, with the year if it is another."""
    then = date.fromisoformat(day)
    if then == now.date():
        return "Today"
    if then == now.date() - timedelta(days=1):
        return "Yesterday"
    return f"{weekday_text(then)} {day_text(then)}" + ("" if then.year == now.year else f" {then.year}")


def head(day: str, now: datetime) -> Row:
    """The head of a day."""
    return Row([gap(2), Span(day_name(day, now), "soft", True)])


def who_width(width: int) -> int:
    """Cells of the column of names."""
    return 10 if width >= 80 else 8


def line_row(line: Line, tasks: Collection[int], width: int, glyphs: Glyphs, *, selected: bool = False) -> Row:
    """One operation: sign, clock, who, what, and what it released; `tasks` are those that can be opened."""
    role = "mute" if line.undone else "soft" if line.system else "text"
    sign = glyphs.state["cancelled"] if line.undone else "$" if line.system else " "
    spans = [gap(2), Span(sign, "mute"), gap(1), Span(line.clock, "mute"), gap(2)]
    who = visible(line.who)
    spans += [field(who, who_width(width), "mute" if line.undone else "soft"), gap(1)]
    tail: list[Span] = []
    if line.undone:
        tail = [Span(glyphs.words(" · taken back"), "mute")]
    elif line.released:
        tail = [Span(glyphs.words(" · released "), "mute"), *_numbers(line.released, tasks)]
    room = width - width_of(spans) - 1
    if width_of(tail) > room // 2:
        tail = fit_spans(tail, room // 2, glyphs.ellipsis)
    what = " ".join(glyphs.words(visible(line.what)).split())
    what = shortened(what, room - width_of(tail), glyphs.ellipsis)
    words = linked(what, tasks, role, strike=line.undone, bold=selected)
    return Row([*spans, *words, *tail])


def shortened(what: str, width: int, ellipsis: str) -> str:
    """A sentence in `width` cells: the title in it is cut before the words that say how a run ended."""
    ending = _ENDING.search(what)
    if ending is None or cells(what) <= width:
        return fit(what, width, ellipsis)
    end = what[ending.start() :]
    room = width - cells(end)
    return f"{fit(what[: ending.start()], room, ellipsis)}{end}" if room >= _LEAST else fit(what, width, ellipsis)


def linked(
    text: str, tasks: Collection[int], role: str, *, strike: bool = False, bold: bool = False, link: str = "mute"
) -> list[Span]:
    """Words of which every `#12` that is a task can be clicked."""
    spans: list[Span] = []
    at = 0
    for found in _TASK.finditer(text):
        if int(found[1]) not in tasks:
            continue
        spans.append(Span(text[at : found.start()], role, bold, strike=strike))
        spans.append(Span(found[0], link, strike=strike, click=found[1]))
        at = found.end()
    return [*spans, Span(text[at:], role, bold, strike=strike)]


def _numbers(ids: Sequence[int], tasks: Collection[int]) -> list[Span]:
    spans: list[Span] = []
    for task_id in ids[:_SHOWN]:
        click = str(task_id) if task_id in tasks else None
        spans += [Span(" " if spans else ""), Span(f"#{task_id}", "soft", click=click)]
    return [*spans, *([Span(f" +{len(ids) - _SHOWN}", "mute")] if len(ids) > _SHOWN else [])]


# ── one operation


class Look(NamedTuple):
    """With what an operation is drawn: signs, the local time, tasks that can be opened, whether it has the keys.

    `strip`: it has few rows and stands under the list, so that it leaves out the blank ones.
    """

    glyphs: Glyphs
    now: datetime
    tasks: Collection[int]
    focused: bool = False
    strip: bool = False


def operation_rows(look: Look, whole: Whole, width: int) -> list[Row]:
    """The sentence in full, when and where, and every field before and after."""
    operation = whole.told.operation
    glyphs, room = look.glyphs, width - 4
    if room < 10:
        return []
    moment = f"{format_moment(operation.at, look.now, end=False)} · {relative(operation.at, look.now)}"
    rows = [_ends([Span(f"operation {operation.id}", "mute")], [Span(glyphs.words(moment), "mute")], room, glyphs)]
    who, what = split(whole.told)
    sentence = glyphs.words(visible(f"{who} {what}".strip()))
    for piece in wrap(sentence, room)[:8]:
        rows.append(Row(linked(piece, look.tasks, "text", bold=True, strike=operation.undone_by is not None)))
    if whole.told.released:
        rows.append(Row([Span("released ", "mute"), *_numbers(whole.told.released, look.tasks)]))
    if operation.undone_by is not None:
        rows.append(Row([Span(f"taken back by operation {operation.undone_by}", "soft")]))
    elif operation.kind == "system":
        rows.append(Row([Span("the record of a run, which is kept as it is", "mute")]))
    line = Span(glyphs.heavy * room, "accent") if look.focused else Span(glyphs.rule * room, "line")
    rows.append(Row([line]))
    rows += _fields(look, whole, room)[1 if look.strip else 0 :]
    rows += [BLANK, Row([Span(f"on {visible(operation.host)}", "mute")])]
    return [Row([gap(2), *row.spans], row.on) for row in [*([] if look.strip else [BLANK]), *rows]]


def _ends(left: list[Span], right: list[Span], width: int, glyphs: Glyphs) -> Row:
    cut = fit_spans(right, max(width - width_of(left) - 1, 0), glyphs.ellipsis)
    return Row([*left, gap(width - width_of(left) - width_of(cut)), *cut])


def _fields(look: Look, whole: Whole, width: int) -> list[Row]:
    rows: list[Row] = []
    last = ""
    for detail in whole.details:
        if detail.subject != last:
            last = detail.subject
            name = fit(visible(last), width, look.glyphs.ellipsis)
            rows += [BLANK, Row(linked(name, look.tasks, "soft", bold=True))]
        rows += _field(detail, width, look.glyphs)
    if whole.cut:
        command = f"taskterm history --operation {whole.told.operation.id}"
        rows += [BLANK, Row([Span("and more: ", "mute"), Span(command, "soft")])]
    return rows


def _field(detail: Detail, width: int, glyphs: Glyphs) -> list[Row]:
    """Field, before and after on one line; what is longer stands below its name."""
    name = f"{detail.field.replace('_', ' ')} "
    label = max(14, cells(name))
    was = detail.before or ("nothing" if detail.before is not None else "")
    now = detail.after or ("nothing" if detail.after is not None else "gone")
    before, after, arrow = visible(was), visible(now), f" {glyphs.arrow} "
    short = "\n" not in f"{was}{now}" and label + cells(before) + cells(after) + 3 <= width
    if detail.before is None and short:
        return [Row([field(name, label, "mute"), Span(after)])]
    if short:
        strong = "text" if detail.after else "mute"
        return [Row([field(name, label, "mute"), Span(before, "soft"), Span(arrow, "mute"), Span(after, strong)])]
    rows = [Row([Span(name, "mute")])]
    for sign, text, role in ((" ", was, "soft"), (glyphs.arrow, now, "text")):
        lines = [visible(piece) for piece in wrap(text, width - 2)] if text else []
        if len(lines) > _SHOWN:
            lines = [*lines[: _SHOWN - 1], glyphs.ellipsis]
        rows += [Row([Span(f"{sign if n == 0 else ' '} ", "mute"), Span(piece, role)]) for n, piece in enumerate(lines)]
    return rows


def nothing(filtered: str, *, task: bool, mine: bool, glyphs: Glyphs) -> list[Row]:
    """What an empty history says: what belongs here, or which key shows more."""
    keys = glyphs.keys
    if mine or task:
        action, words = ("only_task", " shows everything again") if task else ("only_mine", " shows what everybody did")
        first = [Span("Nothing has happened to this task" if task else "You have done nothing here", "soft")]
        second = [Span(keys.of(action), "accent", True), Span(words, "soft")]
    elif filtered:
        name = fit(visible(filtered), 40, glyphs.ellipsis)
        first = [Span("Nothing happened to what fits ", "soft"), Span(name, bold=True)]
        second = [Span("esc", "accent", True), Span(" takes the filter away", "soft")]
    else:
        first = [Span(keys.said("Everything that anybody does is kept here, and {undo} takes it back"), "soft")]
        second = [
            Span(keys.of("add"), "accent", True),
            Span(" adds a task   ", "soft"),
            Span("taskterm history", "mute"),
        ]
    return [BLANK, *(Row([gap(2), *spans]) for spans in (first, second))]
