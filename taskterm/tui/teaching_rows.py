"""What an empty view shows, as rows: one sentence on what belongs here, and its keys with their commands. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from taskterm.tui.glyphs import Glyphs
from taskterm.tui.rows import BLANK, Row, Span, field, fit_spans, gap

WIDE = 76
COMMAND = 29
"""Cells: width of the block, and where its commands begin."""


class Key(NamedTuple):
    """An action by its id, what its key does, the command that does the same, and a few words more."""

    action: str
    name: str
    command: str
    about: str


class Lesson(NamedTuple):
    """What belongs here in one line, how it comes about in another, and what to begin with."""

    head: str
    how: str
    keys: Sequence[Key]


DEPS = Lesson(
    "What waits for what stands here: a task, what comes before it, what comes after it.",
    "A link says that one task waits for another. Nothing is linked yet.",
    (
        Key("add", "Add a task", "taskterm add Deploy after:1,2", "after: names what it waits for"),
        Key("link", "Link two tasks", "taskterm link 3 --after 1", "pick the other end on screen"),
        Key(
            "workflow", "Start a workflow", "taskterm workflow start release.toml", "a template whose tasks are linked"
        ),
    ),
)
DIAGRAM = DEPS._replace(head="Tasks that wait for one another stand here as boxes and lines.")
RUNS = Lesson(
    "What runs stands here, with its output: runs at the left, a pane for each task at the right.",
    "A task with steps runs; what waits for a person says so. Nothing has run yet.",
    (
        Key("add", "Add a task that runs", 'taskterm add Build run:"make all"', "run: is its step, a shell command"),
        Key("run", "Run a task", "taskterm run 1", "{run_needs} runs what it needs first"),
        Key("workflow", "Start a workflow", "taskterm workflow start release.toml --run", "all of its steps, in order"),
    ),
)


def rows(lesson: Lesson, width: int, height: int, glyphs: Glyphs) -> list[Row]:
    """The block in the middle, or from the top (height 0); narrow, the commands stand below their keys."""
    room = width - 4
    block = [*_wrapped(lesson.head, room, bold=True), *_wrapped(lesson.how, room), BLANK]
    for key in lesson.keys:
        target = f"do:{key.action}"
        sign = field(next(iter(glyphs.keys.all(key.action)), ""), 3, "accent", bold=True)._replace(click=target)
        if width < WIDE + 4:
            block += [Row([sign, Span(key.name, "text", True, click=target)]), Row([gap(3), Span(key.command, "soft")])]
            block.append(BLANK)
            continue
        name = field(key.name, COMMAND - 3, "text", bold=True)._replace(click=target)
        block += [
            Row([sign, name, Span(key.command, "soft")]),
            Row([gap(COMMAND), Span(glyphs.keys.said(key.about), "mute")]),
            BLANK,
        ]
    while 0 < height <= len(block) and BLANK in block:
        block.remove(BLANK)
    left = max((width - max(WIDE, len(lesson.head))) // 2, 2)
    top = max((height - len(block)) // 2 - 1, 0)
    fitted = [Row([gap(left), *fit_spans(row.spans, width - left, glyphs.ellipsis)]) for row in block]
    return [*([BLANK] * top), *fitted]


def _wrapped(text: str, width: int, *, bold: bool = False) -> list[Row]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
    return [Row([Span(words, "text" if bold else "soft", bold)]) for words in [*lines, line]]
