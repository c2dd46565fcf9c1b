"""The whole first screen as rows: header, context, list, detail pane and footer in the places of the widgets. Pure."""

from __future__ import annotations

from taskterm.core.lean import NamedTuple
from taskterm.tui import context_rows, detail_rows, footer_rows, footing, header_rows, task_rows, welcome_rows
from taskterm.tui.glyphs import Glyphs
from taskterm.tui.picture import Listed, Picture
from taskterm.tui.rows import BLANK, Row, Span, under_cursor
from taskterm.tui.text import cells, fit, visible

WIDE = 110
"""From this width on there is a detail pane; below, enter opens the task as a page."""
WIDEST = 180
"""From this width on the board has one too."""
ABOVE, BELOW = 3, 1
"""Lines of header and context, and of the footer."""

Line = list[tuple[Row, int, str]]
"""A line of the screen from left to right: rows, each with its width and its ground."""


class Opened(NamedTuple):
    """What the first screen shows beside the picture."""

    path: str
    home: str
    read_only: str = ""


def pane_width(width: int) -> int:
    """Cells of the detail pane on a screen that has one."""
    return min(max(round(width * 0.365), 44), 66)


def list_room(height: int) -> int:
    """Lines that a list has for its tasks, below the titles of its columns."""
    return max(height - ABOVE - BELOW - 1, 0)


def lines(opened: Opened, picture: Picture, width: int, height: int, glyphs: Glyphs) -> list[Line]:
    """All lines of the screen from the top."""
    database, place = header_rows.where(opened.path, opened.home)
    link = ("warn", "read-only") if opened.read_only else ("ready", "live")
    clock = f"{picture.now:%H:%M}"
    saved = tuple([view.name for view in picture.snapshot.views])
    top = header_rows.Top(visible(database), visible(place), clock, "tasks", *link, saved)
    found: list[Line] = [[(row, width, "bg")] for row in header_rows.rows(top, width, glyphs)]
    found.append([(context_rows.row(context_rows.Said(picture.counts), width, glyphs), width, "bg")])
    middle = max(height - len(found) - BELOW, 0)
    listed = picture.listed or Listed((), 0, 0)
    drawn = task_rows.lines(listed, folded=True)
    cursor = task_rows.first_task(drawn.keys)
    task = picture.snapshot.tasks.get(drawn.keys[cursor] or 0) if cursor >= 0 else None
    if not listed.total:
        page = welcome_rows.rows(width, middle, glyphs)
        found += [[(page[y] if y < len(page) else BLANK, width, "bg")] for y in range(middle)]
        footer = footer_rows.row(glyphs.keys.hints(footing.WELCOME, ""), "", None, width, glyphs)
    else:
        pane = pane_width(width) if width >= WIDE else 0
        columns = task_rows.columns_for(width - pane, listed.largest_id)
        texts = [task_rows.titles(width - pane, listed.largest_id)]
        for line, key in enumerate(drawn.keys[: middle - 1]):
            texts.append(_row(picture, drawn, line, key, columns, width - pane, glyphs, selected=line == cursor))
        facts = []
        if pane and task is not None:
            facts = detail_rows.rows(detail_rows.Look(glyphs), picture, task.id, detail_rows.Extra(0), pane)
        for y in range(middle):
            parts: Line = [(texts[y] if y < len(texts) else BLANK, width - pane, "bg")]
            if pane:
                parts.append((facts[y] if y < len(facts) else BLANK, pane, "surface"))
            found.append(parts)
        own = task_rows.hints(listed, folded=True)
        hints = footing.hints_for("tasks", own, task, picture.snapshot, in_detail=False)
        hints = glyphs.keys.hints(hints, "tasks")
        footer = footer_rows.row(hints, task_rows.status(listed, drawn), None, width, glyphs)
    found.append([(footer, width, "surface")])
    return found[:height]


def _row(
    picture: Picture,
    drawn: task_rows.Lines,
    line: int,
    key: int | None,
    columns: task_rows.Columns,
    width: int,
    glyphs: Glyphs,
    *,
    selected: bool,
) -> Row:
    if key is None:
        part = drawn.heads.get(line)
        return BLANK if part is None else task_rows.head(part, width, glyphs, folded=True)
    row = task_rows.task_row(picture, picture.snapshot.tasks[key], columns, glyphs, selected=selected)
    return under_cursor(row, glyphs.cursor) if selected else row


def filled(row: Row, width: int) -> list[Span]:
    """The spans of a row in exactly `width` cells: what is too much is cut off, what is missing is blank."""
    found: list[Span] = []
    room = width
    for span in row.spans:
        size = cells(span.text)
        if size > room:
            cut = fit(span.text, room, "")
            found.append(span._replace(text=cut + " " * (room - cells(cut))))
            return found
        if size:
            found.append(span)
        room -= size
    return [*found, Span(" " * room)] if room else found
