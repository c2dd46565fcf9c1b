"""The palette finds everything there is by a few letters, quickly and in a sensible order, and goes there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.model import Task, View
from taskterm.core.snapshot import Snapshot
from taskterm.tui.jumping import Finder, Hit, fuzzy
from taskterm.tui.known import Index
from taskterm.tui.screens.palette import Hits
from tests.tui.drive import NOW, Drive, fill, opened

TASKS: tuple[dict[str, Any], ...] = (
    {"title": "Write the release notes", "tags": ["ops"], "assignee": "ana", "project": "site.web"},
    {"title": "Review", "assignee": "ben", "tags": ["release"]},
    {"title": "Deploy", "steps": [{"run": "true"}]},
)
TITLES = st.text(st.sampled_from("abcre lß"), max_size=14)


def keys(hits: list[Hit]) -> list[str]:
    """What can be chosen, in its order."""
    return [hit.key for hit in hits if hit.key is not None]


@given(
    st.lists(TITLES, max_size=12), st.lists(st.text(st.sampled_from("abcre ls"), min_size=1, max_size=5), max_size=6)
)
def test_typing_on_finds_the_tasks_that_asking_each_title_finds(titles: list[str], needles: list[str]) -> None:
    tasks = {n: Task(n, "", title) for n, title in enumerate(titles, 1)}
    index = Index(Snapshot(tasks=tasks), NOW)
    finder = Finder(index)
    typed = [needle[: n + 1] for needle in needles for n in range(len(needle))]
    for needle in filter(str.strip, typed):
        found = {key for key in keys(finder.find(needle)) if key.startswith("task:")}
        folded = {f"task:{n}" for n, task in tasks.items() if needle.casefold() in task.title.casefold()}
        assert found >= {f"task:{n}" for n, task in tasks.items() if fuzzy(needle, task.title)}
        assert found <= folded | {f"task:{n}" for n, task in tasks.items() if fuzzy(needle, task.title.casefold())}


def test_whole_pieces_come_before_letters_and_open_tasks_before_ended_ones() -> None:
    tasks = {
        1: Task(1, "", "Release", status="done"),
        2: Task(2, "", "Pre-release check"),
        3: Task(3, "", "Read lease contract"),
        4: Task(4, "", "Release the web shop"),
        12: Task(12, "", "Other"),
    }
    finder = Finder(Index(Snapshot(tasks=tasks), NOW))
    assert keys(finder.find("release")) == ["task:4", "task:2", "task:1", "task:3"]
    assert keys(finder.find("#1")) == ["task:1", "task:12"]
    assert keys(finder.find("12")) == ["task:12"]


def test_names_and_saved_views_are_found_beside_tasks_and_actions() -> None:
    task = Task(1, "", "Write", tags=("ops",), assignee="opal", project="two words.ops")
    snapshot = Snapshot(tasks={1: task}, views=(View("op-view", "late", 1, "ana"),))
    finder = Finder(Index(snapshot, NOW))
    names = [key for key in keys(finder.find("op")) if key.startswith("filter:")]
    assert names == ["filter:view:op-view", "filter:+ops", "filter:@opal", 'filter:project:"two words.ops"']
    assert keys(finder.find("@o")) == ["filter:@opal"]


def test_scattered_letters_of_an_action_come_behind_the_name_of_a_person() -> None:
    finder = Finder(Index(Snapshot(tasks={1: Task(1, "", "Write", assignee="ana")}), NOW))
    assert keys(finder.find("ana"))[0] == "filter:@ana"
    assert keys(finder.find("redo"))[0] == "action:redo"


async def chosen(drive: Drive, text: str, key: str) -> None:
    """Type into the palette until the cursor is on this, and take it."""
    await drive.press("colon")
    await drive.type(text)
    hits = drive.app.screen.query_one(Hits)
    for _ in range(40):
        if hits.cursor_key == key:
            break
        await drive.press("down")
    assert hits.cursor_key == key
    await drive.press("enter")


async def test_the_palette_filters_by_names_and_views_and_goes_to_runs(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:
        drive.act("view_save", name="urgent", query="+release")
        await drive.until(lambda: "urgent" in drive.lines[0], "the view")
        await chosen(drive, "ana", "filter:@ana")
        await drive.until(lambda: drive.app.picture.visible == frozenset({1}), "what Ana has")
        await chosen(drive, "urg", "filter:view:urgent")
        await drive.until(lambda: drive.app.picture.visible == frozenset({2}), "the view")
        await chosen(drive, "deploy", "task:3")
        await drive.until(lambda: drive.app.selected is not None and drive.app.selected.id == 3, "the task")
        assert drive.app.picture.visible is None
        await drive.press("colon")
        await drive.until(lambda: "Chosen last" in drive.text, "what was chosen before")
        found = [key for key in drive.app.screen.query_one(Hits).keys if key is not None]
        assert found[:3] == ["task:3", "filter:view:urgent", "filter:@ana"]


async def test_tab_shows_one_kind_alone_and_all_again(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("colon")
        await drive.type("re")
        hits = drive.app.screen.query_one(Hits)
        assert {str(key).partition(":")[0] for key in hits.keys if key} == {"action", "task", "filter"}
        while not str(hits.cursor_key).startswith("task:"):
            await drive.press("down")
        await drive.press("tab")
        assert {str(key).partition(":")[0] for key in hits.keys if key} == {"task"}
        await drive.press("tab")
        assert {str(key).partition(":")[0] for key in hits.keys if key} == {"action", "task", "filter"}
