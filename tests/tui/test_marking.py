"""Text is marked with the mouse and copied: in the detail pane, in output, in the help; lists stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widget import Widget

from taskterm.tui.messages import Picture, Said
from taskterm.tui.screens.help import HelpPage
from taskterm.tui.widgets.detail import Detail
from taskterm.tui.widgets.marking import Marking
from taskterm.tui.widgets.output import OutputPane
from taskterm.tui.widgets.runs import Runs
from taskterm.tui.widgets.tasks import Tasks
from tests.runner.conftest import end_everything
from tests.runner.helpers import Desk
from tests.tui.build import NOW, team, with_logs
from tests.tui.drive import Drive, fill, opened
from tests.tui.stage import Stage, screen_text, until

pytestmark = pytest.mark.usefixtures("home")


async def drag(drive: Drive, widget: Widget, begin: tuple[int, int], end: tuple[int, int]) -> None:
    """Button down at a cell of the widget, up at another."""
    await drive.pilot.mouse_down(widget, offset=begin)
    await drive.pilot.hover(widget, offset=end)
    await drive.pilot.mouse_up(widget, offset=end)
    await drive.pilot.pause()


def place(drive: Drive, widget: Widget, words: str) -> tuple[int, int]:
    """Where words stand in a widget."""
    x, y, width, height = widget.region
    for number, line in enumerate(drive.lines[y : y + height]):
        if words in line[x : x + width]:
            return line[x : x + width].index(words), number
    raise AssertionError(f"{words!r} is not in\n{drive.text}")


async def test_a_drag_in_the_detail_pane_marks_words_and_y_copies_them(tmp_path: Path) -> None:
    notes = "The first line of the notes\nand the second one"
    fill(tmp_path / "t.db", {"title": "Write", "notes": notes})
    async with opened(tmp_path / "t.db") as drive:
        detail = drive.app.query_one(Detail)
        x, y = place(drive, detail, "first line")
        await drive.until(lambda: "and the second one" in drive.text)
        await drag(drive, detail, (x, y), (x + 10, y))
        await drive.answered("“first line” marked")
        selected = drive.app.theme_variables["tt-select"]
        strip = detail.render_line(y)
        assert any(
            "first line" in s.text and s.style and s.style.bgcolor and s.style.bgcolor.name == selected for s in strip
        )
        await drive.press("y")
        await drive.answered("“first line” copied")
        assert drive.app.clipboard == "first line"
        assert detail.marked is None


async def test_whole_lines_are_copied_without_the_margin_of_the_pane(tmp_path: Path) -> None:
    notes = "The first line\n  indented 日本語 more\nthe last"
    fill(tmp_path / "t.db", {"title": "Write", "notes": notes})
    async with opened(tmp_path / "t.db") as drive:
        detail = drive.app.query_one(Detail)
        x, y = place(drive, detail, "The first")
        await drag(drive, detail, (x, y), (40, y + 1))
        await drive.press("ctrl+c")
        first, second = drive.app.clipboard.split("\n")
        assert (first, second.strip()) == ("The first line", "indented 日本語 more")


async def test_escape_unmarks_first_and_a_drag_that_ends_on_a_link_goes_nowhere(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"}, {"title": "Publish", "after": [1]})
    async with opened(tmp_path / "t.db") as drive:
        detail = drive.app.query_one(Detail)
        x, y = place(drive, detail, "Publish")
        await drag(drive, detail, (x - 3, y), (x + 4, y))
        assert drive.app.selected is not None
        assert drive.app.selected.id == 1
        assert detail.marked is not None
        await drive.press("escape")
        assert detail.marked is None
        assert detail.has_focus
        await drive.press("escape")
        await drive.until(lambda: not detail.has_focus, "the list")


async def test_without_a_mark_y_copies_the_task_as_ever(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("enter", "y")
        await drive.answered("copied")
        assert drive.app.clipboard == "#1 Write"


async def test_help_is_marked_and_copied_too(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("question_mark")
        await drive.until(lambda: "taskterm done ID" in drive.text, "the help")
        page = drive.app.screen.query_one(HelpPage)
        x, y = place(drive, page, "taskterm done ID")
        await drag(drive, page, (x, y), (x + 16, y))
        await drive.press("y")
        await drive.answered("“taskterm done ID” copied")
        assert drive.app.clipboard == "taskterm done ID"


async def test_a_drag_past_the_edge_scrolls_and_marks_on(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db", (80, 24)) as drive:
        await drive.press("question_mark")
        await drive.until(lambda: "taskterm done ID" in drive.text, "the help")
        page = drive.app.screen.query_one(HelpPage)
        await drive.pilot.mouse_down(page, offset=(2, 2))
        for _ in range(5):
            await drive.pilot.hover(page, offset=(3, page.size.height))
            await drive.pilot.hover(page, offset=(2, page.size.height))
        await drive.pilot.mouse_up(page, offset=(2, page.size.height))
        assert page.scroll_offset.y >= 5
        assert page.marked_text.count("\n") > page.size.height


async def test_a_drag_in_a_list_marks_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"}, {"title": "Publish"})
    async with opened(tmp_path / "t.db") as drive:
        tasks = drive.app.query_one(Tasks)
        assert not isinstance(tasks, Marking)
        await drag(drive, tasks, (8, 2), (20, 3))
        assert not drive.answer
        assert drive.app.screen.get_selected_text() is None


async def test_output_is_copied_without_its_clock_and_without_colours(home: dict[str, str], tmp_path: Path) -> None:
    builder = with_logs(team(), tmp_path, {881: "\x1b[31mstarting\x1b[0m postgres\nready\n", 883: "tests .....\n"})
    desk = Desk(home["TASKTERM_DB"])
    runs = Runs(id="runs")
    runs.store = desk.store
    app = Stage(runs, Picture(builder.snapshot(), NOW))
    async with app.run_test(size=(140, 36)) as pilot:
        await until(pilot, lambda: "tests ....." in "\n".join(screen_text(app)))
        pane = app.query_one(OutputPane)
        lines = screen_text(app)
        row = next(y for y, line in enumerate(lines) if "starting postgres" in line)
        x, y = lines[row].index("starting") - pane.region.x, row - pane.region.y
        await pilot.mouse_down(pane, offset=(x, y))
        await pilot.hover(pane, offset=(0, y + 2))
        await pilot.hover(pane, offset=(x + 3, y + 1))
        await pilot.mouse_up(pane, offset=(x + 3, y + 1))
        await pilot.press("y")
        assert app.clipboard == "starting postgres\nrea"
        said = [message.sentence for message in app.heard if isinstance(message, Said)]
        assert said == ["2 lines marked · y copies", "2 lines copied"]
    end_everything(desk.store)
