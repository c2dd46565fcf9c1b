"""The words of a task in pictures of other programs: sign, id, title and owner in short harmless lines."""

from __future__ import annotations

from taskterm.core.display import ISOLATE, POP_ISOLATE, STATE_SIGNS, cell_size, cells, visible
from taskterm.core.model import Task

WIDTH = 30
"""Cells of a line; more would make the boxes of other programs wider than a page."""

LONGEST = 2000
"""Characters of a title that a picture shows; nobody reads more in one."""


def label_lines(task: Task, state: str, width: int = WIDTH) -> list[str]:
    """`○ 12 Title …` broken into lines of at most `width` cells, and `@owner` in a line of its own."""
    title = visible(task.title[:LONGEST]) + ("…" if len(task.title) > LONGEST else "")
    lines = broken(f"{STATE_SIGNS[state]} {task.id} {title}", width)
    return [*lines, f"@{visible(task.assignee)}"] if task.assignee else lines


def broken(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, at blanks where there are any. Marks that isolate right-to-left text
    are left out: each line stands alone."""
    text = text.replace(ISOLATE, "").replace(POP_ISOLATE, "")
    lines: list[str] = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cells(joined) <= width:
            lines[-1] = joined
            continue
        if lines[-1] and cells(word) <= width:
            lines.append("")
        elif lines[-1]:
            lines[-1] += " "
        for char in word:
            if cells(lines[-1]) + cell_size(char) > width:
                lines.append("")
            lines[-1] += char
    return lines
