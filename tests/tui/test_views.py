"""Saved views on the screen: tabs beside the views, keys of their own, a list to choose from, saved from the filter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from taskterm.tui.glyphs import PLAIN, UNICODE
from taskterm.tui.header_rows import Top, rows
from taskterm.tui.rows import width_of
from taskterm.tui.widgets.context import Context, FilterEntry
from tests.tui.drive import Drive, fill, opened

TASKS: tuple[dict[str, Any], ...] = (
    {"title": "Deploy", "priority": "H", "tags": ["ops"]},
    {"title": "Write", "assignee": "ana"},
    {"title": "Measure", "after": [1], "tags": ["ops"]},
)


def heavy(drive: Drive) -> list[str]:
    """What stands above the heavy pieces of the rule: where you are."""
    head, rule = drive.lines[0].ljust(140), drive.lines[1]
    found, begin = [], None
    for at, sign in enumerate(rule + " "):
        if sign == "━" and begin is None:
            begin = at
        elif sign != "━" and begin is not None:
            found.append(head[begin:at].strip())
            begin = None
    return found


async def test_saved_views_are_tabs_that_a_click_or_their_number_puts_on_and_takes_off(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:
        drive.act("view_save", name="urgent", query="pri:H")
        drive.act("view_save", name="mine", query="@ana")
        await drive.until(lambda: "urgent  mine" in drive.lines[0], "the tabs")
        assert heavy(drive) == ["1 Tasks"]
        await drive.press("alt+2")
        await drive.until(lambda: drive.app.picture.visible == frozenset({2}), "what is mine")
        assert heavy(drive) == ["1 Tasks", "mine"]
        await drive.pilot.click("#header", offset=(drive.lines[0].index("urgent") + 1, 0))
        await drive.until(lambda: drive.app.picture.visible == frozenset({1}), "what is urgent")
        for key in "2", "3", "1":
            await drive.press(key)
            assert drive.app.picture.visible == frozenset({1})
            assert heavy(drive)[1:] == ["urgent"]
        await drive.press("alt+1")
        await drive.until(lambda: drive.app.picture.visible is None, "everything")
        assert heavy(drive) == ["1 Tasks"]
        await drive.press("alt+3")
        await drive.answered("there are 2 saved views")


async def test_a_filter_is_saved_from_its_field_under_a_name_and_undone(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("slash")
        await drive.type("+ops or @ana")
        assert "ctrl+s save as a view" in drive.lines[-1]
        await drive.press("ctrl+s")
        await drive.until(lambda: "Save as a view: +ops or @ana" in drive.text, "the question for a name")
        await drive.type("two words")
        await drive.press("enter")
        await drive.until(lambda: "cannot be the name of a view" in drive.text, "the refusal")
        await drive.press(*["backspace"] * 9)
        await drive.type("ours")
        await drive.press("enter")
        await drive.answered("view:ours saved · u undo")
        (view,) = drive.snapshot.views
        assert (view.name, view.query, view.created_by) == ("ours", "+ops or @ana", "ana")
        await drive.until(lambda: heavy(drive) == ["1 Tasks", "ours"], "its tab")
        await drive.press("u")
        await drive.until(lambda: not drive.snapshot.views and "ours" not in drive.lines[0], "no view")
        assert drive.app.lens.query.text == "+ops or @ana"


async def test_the_list_of_views_shows_saves_and_takes_away(tmp_path: Path) -> None:
    store = fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("v")
        await drive.until(lambda: "None yet." in drive.text, "what to do first")
        assert drive.lines[-1].split() == ["esc", "close"], "no key is named that would do nothing"
        await drive.press("n")
        await drive.answered("there is no filter to save")
        await drive.press("escape")
        store.execute("view_save", {"name": "urgent", "query": "pri:H"}, actor="ben", now=drive.app._clock())
        store.execute("view_save", {"name": "mine", "query": "@me"}, actor="ben", now=drive.app._clock())
        await drive.until(lambda: "mine" in drive.lines[0], "the tabs")
        await drive.press("v", "down", "enter")
        await drive.until(lambda: drive.app.picture.visible == frozenset({2}), "what is mine")
        await drive.press("v", "up", "d")
        await drive.answered("view:urgent taken away · u undo")
        assert [view.name for view in drive.snapshot.views] == ["mine"]
        await drive.press("u")
        await drive.until(lambda: len(drive.snapshot.views) == 2, "it is back")


async def test_filters_that_were_kept_come_back_with_up_in_an_empty_field(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:
        for text in ("pri:H ", "@ana "):
            await drive.press("slash")
            await drive.type(text)
            await drive.press("enter", "escape")
            await drive.until(lambda: drive.app.picture.visible is None, "no filter")
        await drive.press("slash", "up")
        entry = drive.app.screen.query_one(FilterEntry)
        await drive.until(lambda: drive.app.picture.visible == frozenset({2}), "the last one")
        await drive.press("up", "up")
        assert entry.value == "pri:H"
        await drive.press("down")
        assert entry.value == "@ana"
        await drive.press("down")
        assert not drive.app.screen.query_one(Context).typing
        assert drive.app.lens.query.text == "@ana"


NAMES = ("urgent", "mine", "日本語", "review-queue", "late.ops", "f", "g")


@pytest.mark.parametrize("width", [60, 80, 110, 140, 200])
@pytest.mark.parametrize("glyphs", [UNICODE, PLAIN])
@pytest.mark.parametrize("on", ["", "urgent", "g"])
def test_the_tabs_fit_every_width_and_the_one_that_is_on_stays(width: int, glyphs: Any, on: str) -> None:
    top = Top("team.db", "~/work", "14:32", saved=NAMES, saved_on=on)
    for row in rows(top, width, glyphs):
        assert width_of(row.spans) <= width
    head = "".join(span.text for span in rows(top, width, glyphs)[0].spans)
    assert "14:32" in head
    if width >= 80 and on:
        assert on in head.split()
    shown = [name for name in NAMES if name in head.split()]
    if shown and len(shown) < len(NAMES):
        assert f"+{len(NAMES) - len(shown)}" in head
