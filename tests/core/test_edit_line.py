"""A line that changes tasks: its words as arguments of the store and, the same, in words for whoever types it."""

from __future__ import annotations

from datetime import datetime

import pytest

from taskterm.core import edit_line
from taskterm.core.capture import parse_capture
from taskterm.core.errors import UsageError


def said(line: str, now: datetime) -> list[str]:
    return edit_line.phrases(edit_line.arguments(parse_capture(line, now, edit=True)), now)


@pytest.mark.parametrize(
    ("line", "phrases"),
    [
        ("", []),
        ("@ana +ops -web pri:H", ["owner @ana", "priority H", "+ops", "-web"]),
        ("due:2026-11-27T17:00 est:2h", ["due Fri 27 Nov 17:00", "estimate 2 h"]),
        ("due: -@ project: est: repeat:", ["no due date", "no owner", "no project", "no estimate", "no repeat"]),
        ("after:12,13", ["waits for 12, 13 too"]),
        ("after:12 after:", ["waits for 12 alone"]),
        ("after:", ["waits for nothing"]),
        ('before:9 run:"make it"', ["holds up 9", "$ make it"]),
        ("Another title", ["title Another title"]),
        ("repeat:weekly", ["repeats every week"]),
    ],
)
def test_what_a_line_changes_is_said_in_words(line: str, phrases: list[str], now: datetime) -> None:
    found = said(line, now)
    assert sorted(found) == sorted(phrases)


def test_a_key_that_takes_nothing_away_says_what_does(now: datetime) -> None:
    for line, hint in (("run:", "step remove"), ("before:", "unlink")):
        with pytest.raises(UsageError) as refused:
            said(line, now)
        assert hint in refused.value.hint
