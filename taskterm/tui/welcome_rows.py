"""What an empty database shows, as rows: what this is, in one picture, and the first keys with their commands. Pure."""

from __future__ import annotations

from taskterm.tui.glyphs import Glyphs
from taskterm.tui.rows import BLANK, Row, Span, field, gap

FIRST = (
    ("add", "Add a task", "taskterm add Call the landlord due:fri", "one line, dates and people in words"),
    ("", "Sketch several at once", 'taskterm sketch "build > approve > deploy"', "> means before, ( , ) side by side"),
    ("workflow", "Start a workflow", "taskterm workflow start release.toml", "a template with steps and questions"),
    ("", "Bring your list along", "taskterm import tasks.json", "Taskwarrior, CSV or JSON"),
    ("help", "See all keys", "taskterm --help", "and the words that a filter understands"),
    ("", "Look around in a sample", "taskterm demo", "its own file, nothing of yours changes"),
)
WIDE = 76
COMMAND = 29
"""Cells: width of the block, and where its commands begin."""


def rows(width: int, height: int, glyphs: Glyphs) -> list[Row]:
    """The block, in the middle where there is room."""
    parts = [_words(width), _picture(width, glyphs), _keys(width, glyphs)]
    dense = [[row for row in part if row is not BLANK] for part in parts]
    blocks = (  # the airy one where there is room, then with blanks between its parts alone, then without any
        [row for part in parts for row in part],
        [row for part in dense if part for row in (*part, BLANK)][:-1],
        [row for part in dense for row in part],
    )
    block = next((block for block in blocks if len(block) < height), blocks[-1])
    left = max((width - WIDE) // 2, 2)
    top = max((height - len(block)) // 2 - 1, 0)
    return [*([BLANK] * top), *(Row([gap(left), *row.spans]) for row in block)]


def _words(width: int) -> list[Row]:
    say, rest = "Say what has to happen and what comes first.", "The rest moves by itself."
    lines = [f"{say} {rest}"] if width >= WIDE else [say, rest]
    title = Row([Span("People’s tasks and shell steps, one graph.", "text", True)])
    return [title, *(Row([Span(line, "soft")]) for line in lines), BLANK]


def _picture(width: int, glyphs: Glyphs) -> list[Row]:
    if width < WIDE:
        return []
    state = glyphs.state
    box, heavy, dashed = glyphs.box, glyphs.selected, glyphs.dashed
    arrow = f"{box[4] * 3}{glyphs.more_right} "

    def line(kind: int, left: str, right: str, fill: str, role: str) -> Span:
        return Span(f"{left}{fill * kind}{right}", role)

    top = [
        line(18, box[0], box[1], box[4], "run"),
        gap(5),
        line(17, heavy[0], heavy[1], heavy[4], "accent"),
        gap(5),
        line(18, dashed[0], dashed[1], dashed[4], "line2"),
    ]
    middle = [
        Span(f"{box[5]} ", "run"),
        Span(state["running"], "run"),
        Span(" Build ", "text"),
        Span("$ make   ", "mute"),
        Span(box[5], "run"),
        Span(arrow, "line2"),
        Span(f"{heavy[5]} ", "accent"),
        Span(state["ready"], "ready"),
        Span(" Approve", "text", True),
        Span(" @you  ", "soft"),
        Span(heavy[5], "accent"),
        Span(arrow, "line2"),
        Span(f"{dashed[5]} ", "line2"),
        Span(f"{state['blocked']} Deploy ", "soft"),
        Span("$ ship  ", "mute"),
        Span(dashed[5], "line2"),
    ]
    bottom = [
        line(18, box[2], box[3], box[4], "run"),
        gap(5),
        line(17, heavy[2], heavy[3], heavy[4], "accent"),
        gap(5),
        line(18, dashed[2], dashed[3], dashed[4], "line2"),
    ]
    under = [
        field("  runs by itself", 25, "mute"),
        field("  waits for a person", 24, "mute"),
        Span("  starts when you say done", "mute"),
    ]
    return [BLANK, Row(top), Row(middle), Row(bottom), Row(under), BLANK, BLANK]


def _keys(width: int, glyphs: Glyphs) -> list[Row]:
    rows: list[Row] = []
    for action_id, name, command, about in FIRST:
        key = next(iter(glyphs.keys.all(action_id)), "") if action_id else ""
        target = f"do:{action_id}" if action_id else None
        head = [field(key, 3, "accent", bold=True), Span(name, "text", True, click=target)]
        if width < WIDE:
            rows += [Row(head), Row([gap(3), Span(command, "soft")]), BLANK]
            continue
        head = [head[0], field(name, COMMAND - 3, "text", bold=True)._replace(click=target)]
        rows += [
            Row([*head, Span(command, "soft")]),
            Row([gap(COMMAND), Span(about, "mute")]),
            BLANK,
        ]
    told = "Every key has its command, and you find both in " if width >= WIDE else "All keys and commands in "
    return [*rows, Row([Span(told, "mute"), Span(f"{glyphs.keys.of('palette')} palette", "soft")])]
