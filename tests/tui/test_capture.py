"""The capture line: what could be typed opens above it, from the tasks, people, tags and projects that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from taskterm.tui.screens.capture import CaptureScreen
from taskterm.tui.widgets.entry import Entry
from tests.tui.drive import Drive, fill, opened

pytestmark = pytest.mark.usefixtures("home")

TASKS = (
    {"title": "Integration tests", "assignee": "ben", "tags": ["ops"], "project": "site.web"},
    {"title": "Mirror docs to the CDN", "assignee": "ana"},
    {"title": "Mirror the package index"},
)


def line(drive: Drive) -> str:
    """What stands in the line."""
    return drive.app.screen.query_one(Entry).value


def above(drive: Drive) -> str:
    """What is on the screen above the panel."""
    return drive.text.split("Add a task")[0]


async def test_tasks_are_found_by_their_titles_and_taken_with_tab(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("a")
        await drive.type("Deploy after:1,mir")
        await drive.until(lambda: "which task first?" in drive.text, "the list")
        assert "Mirror docs to the CDN" in above(drive)
        await drive.press("down", "tab")
        assert line(drive).strip() in ("Deploy after:1,2", "Deploy after:1,3")
        assert "which task first?" not in drive.text
        await drive.press("enter")
        await drive.answered("#4 added")
        assert len(drive.snapshot.before[4]) == 2


async def test_people_tags_and_projects_are_offered_and_escape_closes_the_list_first(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db", (80, 24)) as drive:
        await drive.press("a")
        await drive.type("Deploy @b")
        await drive.until(lambda: "people" in drive.text, "people")
        await drive.press("tab")
        assert line(drive).strip() == "Deploy @ben"
        await drive.type("project:si")
        await drive.until(lambda: "site.web" in above(drive), "projects")
        await drive.press("escape")
        assert isinstance(drive.app.screen, CaptureScreen)
        await drive.press("escape")
        assert not isinstance(drive.app.screen, CaptureScreen)
        assert drive.app.drafts.text.strip() == "Deploy @ben project:si"


async def test_the_line_shows_the_command_that_does_the_same(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("a")
        await drive.type("Deploy +new")
        await drive.until(lambda: "taskterm add Deploy +new" in drive.text, "the command")
        await drive.type(" & run")
        await drive.until(lambda: "same as" not in drive.text, "none that a shell would read otherwise")


async def test_every_mistake_of_a_line_is_shown_not_the_first_two_alone(tmp_path: Path) -> None:
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("a")
        await drive.type("Call due:foo est:x wait:bar pri:Q")
        assert sum("? " in line and " is not a " in line for line in drive.lines) == 4, drive.text
