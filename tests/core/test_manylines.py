"""Many lines are read as people have them: from a list in a mail, a note, or a Markdown file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from taskterm.core import manylines

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)


@pytest.mark.parametrize(
    "line", ["- {}", "* {}", "• {}", "  - {}", "1. {}", "12) {}", "- [ ] {}", "3. [ ] {}", "[ ] {}"]
)
def test_the_mark_of_a_list_is_no_part_of_a_title(line: str) -> None:
    (read,) = manylines.read([line.format("Book the room +party pri:H")], NOW)
    assert read.capture is not None
    assert (read.capture.title, read.capture.tags) == ("Book the room", ("party",))


@pytest.mark.parametrize(
    "line", ["-5 degrees", "2026. A year", "*bold* words", "a - b", "[later] Call", "1.5 hours of rest"]
)
def test_what_only_looks_like_a_mark_stays(line: str) -> None:
    (read,) = manylines.read([line], NOW)
    assert read.capture is not None
    assert read.capture.title == line


@pytest.mark.parametrize(
    "line", ["", "   ", "#", "# Friday", "-", "- [x] Done already", "2. [X] And this", "- # aside"]
)
def test_what_is_no_task_is_left_out(line: str) -> None:
    assert manylines.read([line], NOW) == []
