"""What all overlays have in common: whose answer an answer is, what comes before they stand, enter pressed twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.color import Color
from textual import events
from textual.strip import Strip
from textual.widgets import Input

from taskterm.tui.reports import Executed, Refreshed
from taskterm.tui.screens.bulk import BulkScreen
from taskterm.tui.screens.capture import CaptureScreen
from taskterm.tui.screens.overlay import Overlay
from taskterm.tui.widgets.entry import Entry
from tests.tui.drive import fill, opened

pytestmark = pytest.mark.usefixtures("home")


async def test_the_answer_to_what_was_asked_before_leaves_what_is_typed_now(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("a")
        await drive.type("Half a thought")
        args = {"title": "Asked for earlier"}
        drive.app._answers.post_message(Executed("add", args, drive.act("add", **args)))
        await drive.answered("#2 added")
        assert isinstance(drive.app.screen, CaptureScreen)
        assert drive.app.screen.query_one(Entry).value == "Half a thought"
        await drive.press("enter")
        await drive.answered("#3 added")
        assert not isinstance(drive.app.screen, Overlay)


@pytest.mark.parametrize("action", ["edit", "steps", "columns", "link", "add"])
async def test_a_picture_that_comes_before_an_overlay_stands_waits_for_it(tmp_path: Path, action: str) -> None:
    fill(tmp_path / "t.db", {"title": "Old"}, {"title": "Other"})
    async with opened(tmp_path / "t.db") as drive:
        drive.app.action_do(action)
        drive.app._answers.on_refreshed(Refreshed(drive.app.lens.everything, ""))
        assert isinstance(drive.app.screen, Overlay)
        await drive.until(lambda: drive.app.screen.is_mounted, "the overlay")
        await drive.press("escape")
        await drive.until(lambda: not isinstance(drive.app.screen, Overlay), "the view")


async def test_enter_pressed_twice_says_it_once(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("c")
        await drive.type("looks fine")
        entry = drive.app.screen.query_one(Entry)
        for _ in range(2):
            entry.post_message(Input.Submitted(entry, entry.value))
        await drive.answered("commented")
        await drive.press("c")
        await drive.type("and this")
        await drive.press("enter")
        await drive.until(lambda: len(drive.snapshot.comments(1)) > 1, "the second comment")
        assert [comment.text for comment in drive.snapshot.comments(1)] == ["looks fine", "and this"]


async def test_the_shadow_of_a_panel_follows_it_when_it_grows(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *({"title": f"Task {number}"} for number in range(1, 4)))
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("m", "m", "e")
        screen = drive.app.screen
        assert isinstance(screen, BulkScreen)
        panel = screen.query_one("#panel")
        height = panel.region.height
        screen.query_one(Entry).value = " ".join(f"+tag-number-{number}" for number in range(1, 10))
        await drive.until(lambda: panel.region.height > height, "a higher panel")
        await drive.pilot.pause()
        dark = screen.palette.style("text", "shadow").bgcolor
        column, top, bottom = panel.region.right, panel.region.y, panel.region.bottom
        grounds = [_ground(strip, column) for strip in screen._compositor.render_strips()]
        shaded = [y for y, ground in enumerate(grounds) if ground == dark]
        assert shaded == list(range(top + 1, bottom + 1))


def _ground(strip: Strip, x: int) -> Color | None:
    (style,) = (segment.style for segment in strip.crop(x, x + 1))
    return style.bgcolor if style is not None else None


@pytest.mark.parametrize(("keys", "before"), [("c", ""), ("e", "Old "), ("slash", "")])
async def test_several_lines_pasted_into_a_field_of_one_line_are_one_and_nothing_is_lost(
    tmp_path: Path, keys: str, before: str
) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press(keys)
        if before:
            await drive.type(" ")
        drive.app.post_message(events.Paste("line one\r\n\n  line two\n"))
        await drive.until(lambda: f"{before}line one line two" in drive.text, "both lines")


async def test_what_was_just_added_can_be_named_in_the_next_line(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("a")
        await drive.type("First thing")
        await drive.press("ctrl+n")
        await drive.until(lambda: "#2 added" in drive.answer, "the first one")
        await drive.type("Second after:2")
        await drive.until(lambda: "blocked by #2" in drive.text, "what it would wait for")
        assert "is not one task yet" not in drive.text


async def test_a_refusal_goes_as_soon_as_somebody_types_on(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("a")
        await drive.type("Deploy prio:H")
        await drive.press("enter")
        await drive.until(lambda: "prio" in drive.answer, "the refusal")
        await drive.press("backspace")
        await drive.until(lambda: not drive.answer, "no refusal")
        assert "enter add" in drive.lines[-1]


@pytest.mark.parametrize("view", ["4", "7"])
async def test_the_tab_of_the_list_is_on_when_what_was_added_elsewhere_is_shown_there(
    tmp_path: Path, view: str
) -> None:
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press(view, "a")
        await drive.type("From elsewhere")
        await drive.press("enter")
        await drive.until(lambda: drive.app.selected is not None and drive.app.selected.id == 2, "the new task")
        await drive.pilot.pause()
        assert drive.app.desk.view_id == "tasks"
        lit = drive.lines[1].index("━")
        assert drive.lines[0][lit:].lstrip().startswith("1 Tasks")


async def test_copying_takes_every_marked_task(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "One"}, {"title": "Two"}, {"title": "Three"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("m", "m", "y")
        await drive.answered("2 tasks copied")
        assert drive.app.clipboard == "#1 One\n#2 Two"
