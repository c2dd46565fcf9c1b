"""The filter speaks the query language of the command line: its order, its views, its dates, and what is wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from taskterm.tui.widgets.tasks import Tasks
from tests.tui.drive import NOW, Drive, fill, opened

TASKS = (
    {"title": "Deploy", "due": "2026-11-27T16:00:00Z", "priority": "L", "assignee": "ana", "tags": ["ops"]},
    {"title": "Write", "due": "2026-11-24T16:00:00Z", "priority": "H"},
    {"title": "Measure", "after": [1], "priority": "M", "assignee": "Ana"},
)


def order(drive: Drive) -> list[str]:
    """The titles of TASKS in the order in which they stand in the list, left of the detail pane."""
    words = [word for line in drive.lines for word in line[:60].split()]
    return [word for word in words if word in ("Deploy", "Write", "Measure")]


async def test_sort_makes_one_list_in_that_order(tmp_path: Path) -> None:
    fill(tmp_path / "tasks.db", *TASKS)
    async with opened(tmp_path / "tasks.db") as drive:
        assert "Ready 2" in drive.text
        await drive.press("slash")
        await drive.type("open sort:-pri")
        await drive.until(lambda: order(drive) == ["Write", "Measure", "Deploy"], "the order by priority")
        assert "Ready 2" not in drive.text


async def test_a_filter_knows_who_looks_and_which_views_are_saved(tmp_path: Path) -> None:
    fill(tmp_path / "tasks.db", *TASKS)
    async with opened(tmp_path / "tasks.db") as drive:
        await drive.press("slash")
        await drive.type("mine view:mine")
        await drive.press("enter")
        await drive.until(lambda: "there is no view mine" in drive.text, "the missing view")
        assert order(drive) == ["Deploy", "Measure"]
        drive.act("view_save", name="mine", query="pri:M")
        await drive.until(lambda: order(drive) == ["Measure"], "the view that somebody saved meanwhile")


async def test_what_is_not_understood_is_said_beside_the_field_once_the_word_is_finished(tmp_path: Path) -> None:
    fill(tmp_path / "tasks.db", *TASKS)
    async with opened(tmp_path / "tasks.db") as drive:
        await drive.press("slash")
        await drive.type("due<fryday")
        await drive.until(lambda: drive.app.lens.query.text == "due<fryday", "the word")
        assert "fryday is not a date" not in drive.text
        await drive.press("space")
        await drive.until(lambda: "fryday is not a date; did you mean friday?" in drive.text, "what is wrong")
        assert order(drive) == ["Write", "Deploy", "Measure"]


async def test_a_date_in_the_filter_means_another_day_tomorrow(tmp_path: Path) -> None:
    fill(tmp_path / "tasks.db", *TASKS)
    now: list[datetime] = [NOW]
    async with opened(tmp_path / "tasks.db", clock=lambda: now[0]) as drive:
        await drive.press("slash")
        await drive.type("due:tomorrow")
        await drive.press("enter")
        await drive.until(lambda: order(drive) == ["Write"], "what is due tomorrow")
        now[0] = NOW + timedelta(days=3)
        await drive.until(lambda: order(drive) == ["Deploy"], "what is due the day after")


@pytest.mark.parametrize("size", [(140, 40), (80, 24)])
async def test_where_a_filter_hides_everything_every_view_names_it_and_the_way_out(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    fill(tmp_path / "tasks.db", *TASKS)
    async with opened(tmp_path / "tasks.db", size=size) as drive:
        await drive.press("slash")
        await drive.type("zzz")
        await drive.press("enter")
        told_in = {"1": "Nothing fits zzz", "2": "", "3": "", "g": "", "4": ""}
        for key, told in told_in.items():
            await drive.press(key)
            await drive.until(lambda: "/ zzz" in drive.lines[2] and "esc clears" in drive.lines[2], "the filter's name")
            assert size[0] < 110 or told in "\n".join(drive.lines[3:])
        await drive.press("escape")
        await drive.until(lambda: drive.app.picture.visible is None, "no filter")


async def test_lines_that_a_filter_lists_again_are_as_if_they_were_drawn_anew(tmp_path: Path) -> None:
    store = fill(tmp_path / "tasks.db", *TASKS, {"title": "Pack", "due": "2026-11-23T14:40:00Z"})
    async with opened(tmp_path / "tasks.db") as drive:
        tasks = drive.app.query_one(Tasks)

        def check() -> None:
            remembered = tasks.render_lines(tasks.size.region)
            kept = dict(tasks._known)
            tasks.redraw()
            assert remembered == tasks.render_lines(tasks.size.region)
            tasks._known = kept

        await drive.press("slash")
        for key in (
            "e",
            "a",
            "backspace",
            "p",
            "backspace",
            "backspace",
            "enter",
            "m",
            "slash",
            "w",
            "backspace",
            "enter",
        ):
            await drive.press(key)
            await drive.pilot.pause()
            check()
        store.execute("edit", {"refs": [2], "set": {"priority": "L"}}, actor="ben", now=NOW)
        await drive.until(lambda: drive.app.picture.snapshot.tasks[2].priority == "L", "the change")
        check()
        drive.app.lens._clock = lambda: NOW + timedelta(minutes=20)
        drive.app.set_filter("open")
        await drive.pilot.pause()
        check()
        drive.app.theme = "taskterm-light"
        await drive.pilot.pause()
        check()


async def test_the_cursor_is_on_a_task_when_a_filter_leaves_far_fewer_lines(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *({"title": f"Task {number}"} for number in range(30)), {"title": "other"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press(*["down"] * 28)
        await drive.until(lambda: drive.app.selected is not None and drive.app.selected.id > 25, "far down")
        drive.app.set_filter("other")
        await drive.until(lambda: drive.app.lens.query.text == "other", "the filter")
        await drive.until(lambda: drive.app.selected is not None and drive.app.selected.id == 31, "the cursor")
