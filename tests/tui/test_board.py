"""The board: where cards are, how they are drawn, and what keys and the mouse ask for."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.events import MouseScrollDown, MouseScrollUp

from taskterm.core.dates import to_utc_text
from taskterm.core.snapshot import counts
from taskterm.tui import cards, context_rows, spaces
from taskterm.tui.grid import Grid, grid_of
from taskterm.tui.messages import ActRequested, Picture, SelectionChanged, TaskActivated
from taskterm.tui.rows import width_of
from taskterm.tui.theme import PLAIN, UNICODE
from taskterm.tui.widgets.board import Board
from tests.tui.build import HOSTILE, NOW, Builder, ago, team
from tests.tui.drive import fill, opened
from tests.tui.stage import Stage, screen_text


def stage(builder: Builder | None = None, **options) -> Stage:
    return Stage(Board(id="board"), Picture((builder or team()).snapshot(), NOW), **options)


def by_column(grid: Grid) -> dict[str, list[int]]:
    return {
        column.key: [task_id for lane in grid.lanes for task_id in lane.cells[number]]
        for number, column in enumerate(grid.columns)
    }


def test_every_open_task_has_one_card_and_done_shows_today_with_the_rest_counted():
    snapshot = team().snapshot()
    found = grid_of(Picture(snapshot, NOW))
    shown = by_column(found)
    assert sorted(i for column in shown.values() for i in column) == sorted(i for i in snapshot.tasks if i != 9)
    assert shown["done"] == [14, 13, 12, 11]
    assert found.before == "1 earlier"
    assert shown["doing"][:3] == [15, 16, 24], "running first, then failed"
    assert shown["review"] == [42]


def test_a_filter_hides_cards_and_nothing_else():
    found = grid_of(Picture(team().snapshot(), NOW, visible=frozenset({17, 19})))
    assert {key: len(ids) for key, ids in by_column(found).items()} == {
        "blocked": 1,
        "ready": 0,
        "doing": 1,
        "review": 0,
        "done": 0,
    }


@pytest.mark.parametrize(("width", "columns"), [(140, 5), (110, 5), (80, 3), (60, 2), (40, 1), (20, 1)])
def test_as_many_columns_as_fit_share_the_whole_width(width: int, columns: int):
    assert spaces.columns_that_fit(width, 5) == columns
    places = spaces.places(width, 0, columns)
    assert places[0].x == 1
    assert places[-1].x + places[-1].width == width - 1
    assert all(b.x - (a.x + a.width) == 2 for a, b in pairwise(places))


@pytest.mark.parametrize("glyphs", [UNICODE, PLAIN])
@pytest.mark.parametrize("width", [8, 20, 26, 60])
def test_a_card_is_exactly_as_wide_as_its_column_whatever_its_title(width: int, glyphs):
    builder = team()
    for number, title in enumerate(HOSTILE, 100):
        builder.task(number, title, assignee=title, priority="H", due=ago(60 * 50), status="doing")
    snapshot = builder.snapshot()
    for lines in (1, 2):
        sheet = cards.Sheet(snapshot, NOW, glyphs, lines)
        for task in snapshot.tasks.values():
            drawn = cards.card(sheet, task, width)
            assert [width_of(row.spans) for row in drawn.rows] == [width] * len(drawn.rows), task.title
            assert len(drawn.rows) == cards.height(sheet, task, width)


def test_a_card_says_the_one_fact_that_explains_its_state():
    sheet = cards.Sheet(team().snapshot(), NOW, UNICODE)

    def text(task_id: int) -> str:
        return "\n".join(
            "".join(s.text for s in row.spans) for row in cards.card(sheet, sheet.snapshot.tasks[task_id], 26).rows
        )

    assert "━━━━━━─── 4:12 3/5" in text(15)
    assert "exit 23 rsync 2/3" in text(24)
    assert "← 1 open #17 @chloe" in text(18)
    assert "← 3 open #15 #16 #18" in text(19)
    assert "2 d late" in text(33)
    assert "not trusted yet" in text(51)
    assert text(11).count("\n") == 1, "a done card has no second line"


async def test_arrows_walk_over_cards_and_columns_and_the_selection_follows():
    app = stage()
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        board = app.view
        assert isinstance(board, Board)
        assert board.selected_task == 44, "it opens on the first task that somebody can start"
        await pilot.press("j", "down")
        assert board.selected_task == 37
        await pilot.press("l")
        assert board.selected_task == 15
        await pilot.press("h")
        assert board.selected_task == 37, "each column remembers its place"
        await pilot.press("G")
        assert board.selected_task == 52
        await pilot.press("l", "l", "l", "l", "l")
        assert board.selected_task == 14, "the last column is the end"
        await pilot.press("enter")
    assert [m.task_id for m in app.heard if isinstance(m, TaskActivated)] == [14]
    assert [m.task_id for m in app.heard if isinstance(m, SelectionChanged)][-1] == 14


async def test_moving_a_card_asks_for_the_neighbour_column_and_the_cursor_goes_with_it():
    builder = team()
    app = stage(builder)
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        board = app.view
        assert isinstance(board, Board)
        board.move_card(1)
        await pilot.pause()
        asked = [m for m in app.heard if isinstance(m, ActRequested)]
        assert [(m.verb, m.args) for m in asked] == [("move", {"refs": [44], "column": "doing"})]
        builder.tasks[44] = builder.tasks[44]._replace(status="doing", column="doing", started_at=ago(0))
        app.show(Picture(builder.snapshot(2), NOW))
        await pilot.pause()
        assert board.selected_task == 44
        await pilot.press("k", "k", "k", "k", "k")
        assert board.selected_task == 15, "the cursor stands in Doing now"


async def test_a_card_that_somebody_else_completes_leaves_the_cursor_in_its_column():
    builder = team()
    app = stage(builder)
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        builder.tasks[44] = builder.tasks[44]._replace(status="done", completed_at=ago(0))
        app.show(Picture(builder.snapshot(2), NOW))
        await pilot.pause()
        assert app.view.selected_task == 35  # type: ignore[attr-defined]


async def test_a_dragged_card_says_what_the_drop_does_and_the_drop_asks_for_it():
    app = stage()
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        await pilot.mouse_down(Board, offset=(35, 10))
        await pilot.hover(Board, offset=(60, 17))
        lines = screen_text(app)
        assert any("#35 lifted" in line for line in lines)
        assert any("6 of 5" in line for line in lines)
        assert any("drop to start" in line for line in lines), "the card gives way to the words"
        assert "Ready → Doing   ! Doing would hold 6, its limit is 5   then ! does it anyway" in lines[-1]
        await pilot.mouse_up(Board, offset=(60, 17))
        assert not any("lifted" in line for line in screen_text(app))
    assert [m.args for m in app.heard if isinstance(m, ActRequested)] == [{"refs": [35], "column": "doing"}]


async def test_a_card_held_between_two_others_goes_between_them():
    app = stage()
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        board = app.query_one(Board)
        await pilot.mouse_down(Board, offset=(35, 10))
        places = []
        for y in range(4, 8):
            await pilot.hover(Board, offset=(33, 10))
            await pilot.hover(Board, offset=(66, y))
            places.append(board.held.target.card if board.held is not None else None)
        assert places == [0, 0, 0, 1], "below the first card comes the gap: the slot opens before the second one"
        lines = screen_text(app)
        slot = next(number for number, line in enumerate(lines) if "drop to start" in line)
        last = max(number for number, line in enumerate(lines) if "#17" in line)
        assert slot < last


async def test_escape_puts_a_dragged_card_back_and_a_plain_click_only_selects():
    app = stage()
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        await pilot.mouse_down(Board, offset=(35, 10))
        await pilot.hover(Board, offset=(60, 17))
        await pilot.press("escape")
        await pilot.mouse_up(Board, offset=(60, 17))
        await pilot.mouse_down(Board, offset=(35, 10))
        await pilot.hover(Board, offset=(36, 10))
        assert "esc puts it back" not in screen_text(app)[-1], "a hand that trembles lifts nothing"
        await pilot.mouse_up(Board, offset=(36, 10))
        await pilot.click(Board, offset=(65, 5))
        await pilot.pause()
        assert app.view.selected_task == 15  # type: ignore[attr-defined]
        assert not any("lifted" in line for line in screen_text(app))
    assert [m for m in app.heard if isinstance(m, ActRequested)] == []


async def test_a_long_column_scrolls_with_the_cursor_and_says_how_many_are_out_of_view():
    builder = Builder()
    for number in range(1, 10_001):
        builder.task(number, f"Task {number}")
    app = stage(builder)
    async with app.run_test(size=(140, 30)) as pilot:
        await pilot.pause()
        assert "▼ 9994 more" in "\n".join(screen_text(app))
        await pilot.press("G")
        shown = "\n".join(screen_text(app))
        assert "Task 10000" in shown
        assert "more" not in shown
        assert "▲ 999" in shown
        await pilot.press("g")
        assert "Task 1 " in "\n".join(screen_text(app))


async def test_narrow_terminals_name_the_columns_that_are_out_of_view():
    app = stage()
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        board = app.view
        assert isinstance(board, Board)
        row = board.context(80)
        assert row is not None
        words = "".join(span.text for span in row.spans)
        assert words == " ◀ Blocked 10Done 4 ▶"
        line = context_rows.row(context_rows.Said(counts(app.picture.snapshot, to_utc_text(NOW)), row), 80, UNICODE)
        drawn = "".join(span.text for span in line.spans)
        assert drawn.startswith(" ◀ Blocked 10  ")
        assert drawn.endswith("  Done 4 ▶"), "the counts stand between"
        assert "Blocked" not in screen_text(app)[0]
        await pilot.press("h")
        assert screen_text(app)[0].startswith(" Blocked 10")


async def test_hostile_and_wide_titles_are_shown_as_typed_and_columns_stay_aligned():
    builder = Builder()
    for number, title in enumerate(HOSTILE, 1):
        builder.task(number, title, status="doing" if number % 2 else "todo")
    for size, ascii_only, edge in (((140, 36), False, "▎"), ((80, 24), True, "|"), ((60, 24), False, "▎")):
        app = stage(builder, ascii_only=ascii_only)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            lines = screen_text(app)
            assert all(cell_len(line) == size[0] for line in lines)
            shown = spaces.columns_that_fit(size[0], 5)
            places = {place.x for place in spaces.places(size[0], 0, shown)}
            edges = {cell_len(line[:i]) for line in lines for i, c in enumerate(line) if c == edge and "│" not in line}
            assert edges <= places
            text = "\n".join(lines)
            assert "[@click=app.qui" in text
            assert "$(touch pwned)" in text
            assert "Fix [/foo]" in text


async def test_an_empty_board_says_how_the_first_card_comes_and_an_empty_filter_how_to_leave_it():
    app = stage(Builder())
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        assert "no cards yet; a adds a task" in "\n".join(screen_text(app))
        app.show(Picture(team().snapshot(), NOW, visible=frozenset(), query="[b]nothing"))
        await pilot.pause()
        assert "no card fits [b]nothing; esc shows all of them" in "\n".join(screen_text(app))
        app.show(Picture(team().snapshot(), NOW, visible=frozenset({52}), query="bucket"))
        await pilot.pause()
        assert screen_text(app)[4].count("nothing fits") == 4


async def test_an_empty_column_says_what_belongs_there():
    builder = Builder()
    builder.task(1, "Alone")
    app = stage(builder)
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        line = screen_text(app)[4]
        assert [words in line for words in ("nothing waits", "> moves a card here", "nothing done today")] == [True] * 3


async def test_a_limit_counts_all_cards_whatever_a_filter_shows():
    app = stage()
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        app.show(app.picture.only(frozenset({17})))
        await pilot.pause()
        assert "Doing 1   " in screen_text(app)[1]
        assert "5 / 5 full" in screen_text(app)[1]


async def test_the_wheel_scrolls_the_column_under_it_and_leaves_the_cursor_and_the_others():
    builder = Builder()
    for number in range(1, 101):
        builder.task(number, f"Task {number}", status="todo" if number % 2 else "doing")
    app = stage(builder)
    async with app.run_test(size=(140, 30)) as pilot:
        await pilot.pause()
        board = app.view
        assert isinstance(board, Board)
        chosen = board.selected_task
        before = screen_text(app)[4]
        await pilot._post_mouse_events([MouseScrollDown], Board, offset=(65, 10))
        after = screen_text(app)[4]
        assert after[:57] == before[:57]
        assert after[57:85] != before[57:85], "Doing went on by a card"
        assert "▲ 1" in screen_text(app)[1]
        assert board.selected_task == chosen
        await pilot._post_mouse_events([MouseScrollUp], Board, offset=(65, 10))
        assert screen_text(app)[4] == before


async def test_a_card_held_at_the_side_of_a_narrow_screen_brings_the_next_column():
    app = stage()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        board = app.view
        assert isinstance(board, Board)
        assert screen_text(app)[1].startswith(" Ready 5")
        await pilot.mouse_down(Board, offset=(8, 6))
        await pilot.hover(Board, offset=(30, 10))
        await pilot.hover(Board, offset=(79, 10))
        assert "Done 4" in screen_text(app)[1]
        await pilot.mouse_up(Board, offset=(75, 10))
    asked = [m for m in app.heard if isinstance(m, ActRequested)]
    assert [(m.verb, m.args["column"]) for m in asked] == [("move", "done")]


@pytest.mark.usefixtures("home")
async def test_cards_scrolled_away_come_back_when_the_window_grows(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *({"title": f"Task {number}"} for number in range(1, 13)))
    async with opened(tmp_path / "t.db", (80, 20)) as drive:
        await drive.press("2", "G")
        await drive.until(lambda: "▲" in drive.text, "cards above")
        await drive.pilot.resize_terminal(100, 60)
        await drive.until(lambda: "Task 1 " in drive.text, "the first card")
        assert "▲" not in drive.text
        assert drive.app.selected is not None
        assert drive.app.selected.title == "Task 12"
