"""Many tasks from one text, a line each, as `add -` and the screen read them, understood or not."""

from __future__ import annotations

from taskterm.core.capture import Capture, parse_capture
from taskterm.core.errors import UsageError
from taskterm.core.lean import NamedTuple, datetime

LINE_MOST = 1_100_000
"""Characters of a line; the commands of a task may be long, its title is measured by the store."""
_BULLETS = ("-", "*", "•", "–", "—")
_NUMBER_MOST = 4  # "12." or "123)" counts a list, "2026." does not


class TypedLine(NamedTuple):
    """One line that is to be a task; `number` counts from 1 over all lines. One of `capture` and `problem` is None."""

    number: int
    text: str
    capture: Capture | None
    problem: UsageError | None


def is_left_out(line: str) -> bool:
    """Whether a line is no task: empty but for a bullet, a comment (a # and a blank, or a # alone), or ticked off."""
    words = unmarked(line)
    return not words or words == "#" or words.startswith(("# ", "#\t", "[x] ", "[X] "))


def unmarked(line: str) -> str:
    """The line without what makes it an item of a list: `- `, `* `, `1. `, `2) `, and the box of one to be ticked."""
    words = line.strip()
    head, _, rest = words.partition(" ")
    numbered = len(head) <= _NUMBER_MOST and head[:-1].isdecimal() and head.endswith((".", ")"))
    if head in _BULLETS or numbered:
        words = rest.lstrip()
    return words[3:].lstrip() if words.startswith("[ ] ") else words


def split(text: str) -> list[str]:
    """The lines of a text, with either kind of line end."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")


def read(lines: list[str], now: datetime) -> list[TypedLine]:
    """Every line that is a task, in order; those that are left out have no entry."""
    return [read_line(number, line, now) for number, line in enumerate(lines, 1) if not is_left_out(line)]


def read_line(number: int, line: str, now: datetime) -> TypedLine:
    """One line, understood or not."""
    try:
        if len(line) > LINE_MOST:
            raise UsageError(f"it has {len(line):,} characters", "shorten it")
        capture = parse_capture(unmarked(line), now)
        if not capture.title:
            raise UsageError("there is no title", "write one beside the facts")
    except UsageError as error:
        return TypedLine(number, line, None, error)
    return TypedLine(number, line, capture, None)
