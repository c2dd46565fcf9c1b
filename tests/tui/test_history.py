"""The history: who did what, newest first, read in pages as one scrolls; and any operation taken back from there."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events

from taskterm.store.sqlite import SqliteReader
from taskterm.store.store import Store
from taskterm.tui import history_rows, journal
from taskterm.tui.glyphs import UNICODE
from taskterm.tui.journal import Asked, Line, Scope
from taskterm.tui.rows import width_of
from taskterm.tui.widgets.tasks import Tasks
from tests.tui.drive import NOW, Drive, fill, opened
from tests.tui.test_look import HOSTILE, check_lines

pytestmark = pytest.mark.usefixtures("home")


def do(store: Store, verb: str, by: str = "ben", minutes: int = 0, **args: Any) -> Any:
    return store.execute(verb, args, actor=by, now=NOW + timedelta(minutes=minutes))


def story(path: Path) -> Store:
    """Two days of work: nine operations, of which the newest but one is taken back."""
    store = Store(str(path), create=True, host="kestrel")
    do(store, "add", "ana", -1500, title="Build")
    do(store, "add", "ana", -1490, title="Ship", after=[1])
    do(store, "edit", "ben", -60, refs=[1], set={"priority": "H", "assignee": "ben"})
    do(store, "comment", "ana", -50, ref=2, text="looks fine")
    do(store, "done", "ben", -40, refs=[1])
    do(store, "add", "ana", -30, title="Gone")
    do(store, "delete", "ana", -20, refs=[3])
    do(store, "edit", "ana", -10, refs=[2], set={"notes": "First\nsecond"})
    do(store, "undo", "ana", -5)
    return store


async def history(drive: Drive) -> None:
    await drive.press("7")
    await drive.until(lambda: drive.app.desk.history.operation is not None, "the history")


async def test_the_history_tells_who_did_what_newest_first_under_the_days(tmp_path: Path) -> None:
    story(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        await history(drive)
        lines = [line[:86].strip("▌ ") for line in drive.lines[3:16]]
        assert [" ".join(line.split()) for line in lines] == [
            "",
            "Today",
            "14:27 @ana took back 8: @ana changed #2 Ship: notes written",
            "– 14:22 @ana changed #2 Ship: notes written · taken back",
            "14:12 @ana deleted #3 Gone",
            "14:02 @ana added #3 Gone",
            "13:52 @ben finished #1 Build · released #2",
            "13:42 @ana on #2 Ship: “looks fine”",
            "13:32 @ben changed #1 Build: priority H, owner @ben",
            "",
            "Yesterday",
            "13:42 @ana added #2 Ship, waits for #1",
            "13:32 @ana added #1 Build",
        ]
        assert "9 of 9" in drive.lines[-1]
        assert drive.lines[2].startswith(" / everything ")


async def test_beside_an_operation_stands_every_field_before_and_after(tmp_path: Path) -> None:
    story(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        await history(drive)
        await drive.press(*"jjjjjj")
        await drive.until(lambda: "operation 3" in drive.text, "the changes")
        pane = [" ".join(line[90:].split()) for line in drive.lines]
        assert "@ben changed #1 Build: priority H, owner @ben" in pane
        assert "priority nothing → H" in pane
        assert "assignee nothing → @ben" in pane
        assert "on kestrel" in pane
        await drive.press("k", "k")
        await drive.until(lambda: "operation 5" in drive.text, "the next")
        assert "released #2" in drive.text
        assert "status todo → done" in [" ".join(line[90:].split()) for line in drive.lines]


async def test_an_operation_is_taken_back_from_its_line_whoever_did_it(tmp_path: Path) -> None:
    story(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        await history(drive)
        await drive.press(*"jjjjjj", "U")
        await drive.answered("undone: changed #1")
        assert drive.snapshot.tasks[1].priority is None
        assert drive.app.desk.history.operation == 3, "the cursor stays on it"
        await drive.until(lambda: "took back 3" in drive.text, "the new line on top")
        await drive.until(lambda: "owner @ben · taken back" in drive.text, "the old line, marked")
        await drive.press("U")
        await drive.answered("operation 3 has been undone already")


async def test_an_undo_that_is_refused_says_why_and_changes_nothing(tmp_path: Path) -> None:
    store = story(tmp_path / "t.db")
    do(store, "edit", "ben", refs=[1], set={"priority": "L"})
    async with opened(tmp_path / "t.db") as drive:
        await history(drive)
        await drive.press(*"jjjjjjj", "U")
        await drive.answered("the priority of #1 has changed since")
        assert drive.snapshot.tasks[1].priority == "L"
        await drive.press("1", "U")
        await drive.answered("choose an operation in the history first")


async def test_what_others_do_appears_on_top_and_the_cursor_stays_on_its_operation(tmp_path: Path) -> None:
    store = fill(tmp_path / "t.db", *({"title": f"Task {n}"} for n in range(1, 80)))
    async with opened(tmp_path / "t.db", (80, 24)) as drive:
        await history(drive)
        await drive.press("pagedown", "pagedown", "k")
        await drive.pilot.pause()
        number = drive.app.desk.history.operation
        place = next(y for y, line in enumerate(drive.lines) if line.startswith("▌"))
        do(store, "add", title="The newest of all")
        do(store, "done", refs=[79])
        await drive.until(lambda: drive.app.desk.history._newest == 81, "the new operations")
        await drive.pilot.pause()
        assert drive.app.desk.history.operation == number
        assert next(y for y, line in enumerate(drive.lines) if line.startswith("▌")) == place
        await drive.press("home")
        await drive.until(lambda: "The newest of all" in drive.text and "finished #79" in drive.text, "the top")


async def test_enter_opens_the_task_and_a_click_on_any_number_opens_that_one(tmp_path: Path) -> None:
    story(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        await history(drive)
        await drive.press("enter")
        assert drive.app.desk.detail.task_id == 2
        await drive.press("escape", *"jjjj")
        y = next(y for y, line in enumerate(drive.lines) if "finished #1 Build" in line)
        await drive.pilot.click(offset=(drive.lines[y].index("#2"), y))
        await drive.until(lambda: drive.app.desk.has_class("page"), "the page")
        assert drive.app.desk.detail.task_id == 2
        await drive.press("escape")
        y = next(y for y, line in enumerate(drive.lines) if "added #3 Gone" in line)
        await drive.pilot.click(offset=(12, y))
        assert drive.app.desk.history.operation == 6
        assert drive.app.selected is None, "the task is deleted"
        await drive.press("enter", "space", "e", "d", "y")
        await drive.answered("added #3 Gone")
        y = next(y for y, line in enumerate(drive.lines) if "added #1 Build" in line)
        await drive.pilot.click(offset=(12, y), times=2)
        assert drive.app.desk.detail.task_id == 1


async def test_t_and_m_narrow_the_history_to_one_task_and_to_what_i_did(tmp_path: Path) -> None:
    story(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        await drive.until(lambda: drive.app.selected is not None)
        drive.app.go_to(1)
        await history(drive)
        await drive.press("t")
        await drive.until(lambda: "added #2" not in drive.text, "one task alone")
        assert [line.operation for line in drive.app.desk.history._lines] == [5, 3, 1]
        assert "#1 Build" in drive.lines[2]
        await drive.press("t", "w")
        await drive.until(lambda: "@ana alone" in drive.lines[2], "only mine")
        await drive.until(lambda: [n.operation for n in drive.app.desk.history._lines] == [9, 8, 7, 6, 4, 2, 1])
        await drive.press("w")
        await drive.until(lambda: len(drive.app.desk.history._lines) == 9, "everything")


async def test_the_history_follows_the_filter(tmp_path: Path) -> None:
    story(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        await history(drive)
        await drive.press("slash")
        await drive.type("build")
        await drive.until(lambda: [n.operation for n in drive.app.desk.history._lines] == [5, 3, 1], "Build's")
        await drive.press("backspace", "x", "enter")
        await drive.until(lambda: "Nothing happened to what fits builx" in drive.text, "nothing")
        await drive.press("escape")
        await drive.until(lambda: len(drive.app.desk.history._lines) == 9, "everything again")


async def test_an_empty_history_says_what_belongs_here(tmp_path: Path) -> None:
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("7")
        await drive.until(lambda: "Everything that anybody does is kept here" in drive.text, "the words")
        await drive.press("U", "t", "w", "enter", "y", "tab", "G", "j")
        assert "a adds a task" in drive.text or "You have done nothing here" in drive.text


async def test_a_long_journal_opens_with_its_first_page_and_is_read_on_as_one_scrolls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "PAGE", 40)
    asked: list[Asked] = []
    read = journal.read

    def counted(reader: SqliteReader, wanted: Asked, now: datetime) -> journal.Page:
        asked.append(wanted)
        return read(reader, wanted, now)

    monkeypatch.setattr(journal, "read", counted)
    store = fill(tmp_path / "t.db", {"title": "Task"})
    for number in range(500):
        do(store, "edit", refs=[1], set={"title": f"Name {number}"}, minutes=number - 600)
    async with opened(tmp_path / "t.db", (80, 24)) as drive:
        await history(drive)
        view = drive.app.desk.history
        await drive.until(lambda: view._asked is None)
        assert len(view._lines) < 200
        first = len(asked)
        await drive.press("j", "k", "j")
        assert len(asked) == first, "moving within what was read reads nothing"
        while not view._ended or view.operation != 1:
            before = view.operation
            await drive.press("end")
            await drive.until(lambda: view.operation != before or view._ended, "older lines")  # noqa: B023
        assert [line.operation for line in view._lines] == list(range(501, 0, -1))


async def test_a_run_is_told_and_its_record_cannot_be_taken_back(tmp_path: Path) -> None:
    store = fill(tmp_path / "t.db", {"title": "Make", "steps": [{"run": "true"}]})
    do(store, "run_create", tasks=[1], title="Make", host="kestrel", user="ben")
    async with opened(tmp_path / "t.db") as drive:
        await history(drive)
        line = next(line for line in drive.lines if "started run" in line)
        assert " ".join(line[:80].split()) == "▌ $ 14:32 @ben started run 1: Make"
        await drive.press("U")
        await drive.answered("the record of a run, and that is evidence")


@pytest.mark.parametrize("size", [(140, 40), (80, 24), (60, 24), (60, 12)])
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_every_line_is_whole_at_every_size_with_any_title(
    tmp_path: Path, size: tuple[int, int], ascii_only: bool
) -> None:
    store = fill(tmp_path / "t.db", *({"title": title} for title in HOSTILE))
    do(store, "edit", refs=[1], set={"notes": "a\n" * 40 + HOSTILE[3] * 30, "title": HOSTILE[5] * 9})
    do(store, "done", refs=[1, 2, 3])
    do(store, "delete", refs=[4])
    do(store, "undo")
    async with opened(tmp_path / "t.db", size, ascii_only=ascii_only) as drive:
        await history(drive)
        for key in (*"jjjjjjj", "tab", "j", "escape", "enter", "escape", "t", "w"):
            await drive.press(key)
            await drive.pilot.pause()
            check_lines(drive)
            assert "7" in drive.lines[0]


async def test_on_a_narrow_screen_the_changes_stand_below_and_the_tab_key_goes_there(tmp_path: Path) -> None:
    story(tmp_path / "t.db")
    async with opened(tmp_path / "t.db", (80, 24)) as drive:
        await history(drive)
        await drive.press(*"jjjjjj")
        await drive.until(lambda: "operation 3" in drive.text, "the changes")
        y = next(y for y, line in enumerate(drive.lines) if "operation 3" in line)
        assert y > 12
        await drive.press("tab")
        await drive.until(lambda: "━━━━━━━" in "".join(drive.lines[y:]), "the focus")
        await drive.press("escape", "k")
        assert drive.app.desk.history.operation == 4


async def test_the_wheel_scrolls_list_and_history_and_leaves_the_cursor(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *({"title": f"Task {n}"} for n in range(1, 80)))
    async with opened(tmp_path / "t.db", (80, 24)) as drive:
        tasks = drive.app.query_one(Tasks)
        tasks.post_message(events.MouseScrollDown(tasks, 5, 8, 0, 0, 0, False, False, False, 5, 8))
        await drive.until(lambda: tasks.scroll_offset.y > 0, "scrolling")
        assert tasks.selected_task == 1
        await history(drive)
        rows = drive.app.desk.history._list
        rows.post_message(events.MouseScrollDown(rows, 5, 8, 0, 0, 0, False, False, False, 5, 8))
        await drive.until(lambda: drive.app.desk.history._list.scroll_offset.y > 0, "scrolling")
        assert drive.app.desk.history.operation == 79


# ── pages without a screen


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(("add", "edit", "done", "undo", "comment")), st.integers(0, 8)), max_size=40
)


@settings(max_examples=12, deadline=None)
@given(OPERATIONS, st.integers(1, 9), st.frozensets(st.integers(1, 9)), st.booleans())
def test_pages_put_together_are_the_whole_journal_as_the_scope_lets_it_through(
    tmp_path_factory: pytest.TempPathFactory,
    done: list[tuple[str, int]],
    lines: int,
    chosen: frozenset[int],
    mine: bool,
) -> None:
    store = fill(tmp_path_factory.mktemp("pages") / "t.db", {"title": "First"})
    for verb, number in done:
        task = number % len(store.snapshot().tasks) + 1 if store.snapshot().tasks else 1
        args: dict[str, dict[str, Any]] = {
            "add": {"title": f"Task {number}"},
            "edit": {"refs": [task], "set": {"title": f"Name {number}"}},
            "done": {"refs": [task]},
            "comment": {"ref": task, "text": "so"},
            "undo": {},
        }
        try:
            store.execute(verb, args[verb], actor="ana" if number % 2 else "ben", now=NOW)
        except Exception as error:
            assert type(error).__name__ in ("RuleError", "NotFound"), error
    scope = Scope(actor="ana" if mine else None, visible=chosen)
    found: list[Line] = []
    with store.read() as reader:
        before: int | None = None
        while True:
            page = journal.read(reader, Asked(scope, before, lines=lines), NOW)
            found += page.lines
            before = page.before
            if page.ended:
                break
    whole = store.history(limit=1000)
    touching = [
        operation.id
        for operation, _ in whole
        if (not mine or operation.actor == "ana") and chosen & _tasks(store, operation.id)
    ]
    assert [line.operation for line in found] == touching
    assert [line.undone for line in found] == [o.undone_by is not None for o, _ in whole if o.id in touching]


def _tasks(store: Store, operation: int) -> set[int]:
    with store.read() as reader:
        return {task for task in range(1, 60) if any(o.id == operation for o in reader.operations(task, 500))}


@pytest.mark.parametrize("end", [" is done in 1:47", " failed: exit 23"])
def test_how_a_run_ended_is_never_cut_but_the_title_is(end: str) -> None:
    what = f"run 9: #4 Mirror the docs to the network of the other side{end}"
    row = history_rows.line_row(Line(7, "2026-11-23", "14:32", "", what, (), True, False, (4,)), {4}, 70, UNICODE)
    text = "".join(span.text for span in row.spans)
    assert text.endswith(f"…{end}")
    assert "run 9: #4 Mirror" in text
    assert width_of(row.spans) <= 70


@given(st.text(max_size=60), st.integers(60, 200), st.lists(st.integers(1, 999), max_size=20), st.booleans())
def test_a_line_never_leaves_its_width_and_names_only_tasks_that_are_there(
    what: str, width: int, released: list[int], undone: bool
) -> None:
    line = Line(7, "2026-11-23", "14:32", "@ana", f"finished #4 {what}", tuple(released), False, undone, (4,))
    row = history_rows.line_row(line, {4, 5}, width, UNICODE)
    assert width_of(row.spans) <= width
    assert {span.click for span in row.spans} <= {None, "4", "5"}
    assert any(span.click == "4" for span in row.spans)
