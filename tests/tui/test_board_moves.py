"""Moving cards: by keys and by the mouse, on a real database; what a drop is said to do is what it does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from taskterm.core import foresee
from taskterm.core.dates import to_utc_text
from taskterm.core.errors import TaskTermError
from taskterm.core.sentences import Deed, Voice, told
from taskterm.core.snapshot import column_of
from taskterm.store.store import Store
from taskterm.tui.widgets.board import Board
from tests.tui.drive import NOW, Drive, fill, opened


def board_of(drive: Drive) -> Board:
    view = drive.app.view
    assert isinstance(view, Board)
    return view


def column(drive: Drive, task_id: int) -> str | None:
    snapshot = drive.snapshot
    return column_of(snapshot.tasks[task_id], to_utc_text(NOW), snapshot.columns)


async def on_board(drive: Drive) -> Board:
    await drive.press("2")
    await drive.until(lambda: drive.app.desk.view_id == "board")
    await drive.pilot.pause()
    return board_of(drive)


def place_of(board: Board, task_id: int) -> tuple[int, int]:
    """The middle of a card on the board."""
    for y, tiles in enumerate(board.tiles()):
        for x, strip in tiles:
            if f"#{task_id} " in strip.text:
                return x + 5, y
    raise AssertionError(f"#{task_id} is not in view")


def head_of(board: Board, name: str) -> tuple[int, int]:
    """A cell some rows below the head of a column."""
    for y, tiles in enumerate(board.tiles()):
        for x, strip in tiles:
            if strip.text.startswith(f"{name} "):
                return x + 2, y + 6
    raise AssertionError(f"{name} is not in view")


async def drag(drive: Drive, board: Board, task_id: int, name: str, *, drop: bool = True) -> None:
    at = place_of(board, task_id)
    await drive.pilot.mouse_down(Board, offset=at)
    await drive.pilot.hover(Board, offset=head_of(board, name))
    if drop:
        await drive.pilot.mouse_up(Board, offset=head_of(board, name))


def limited(path: Path) -> Store:
    """Two ready tasks, one in Doing, which holds no more."""
    store = fill(path, {"title": "First"}, {"title": "Second"}, {"title": "Third"})
    store.execute("start", {"refs": [3]}, actor="ben", now=NOW)
    store.execute("column_edit", {"column": "doing", "limit": 1}, actor="ben", now=NOW)
    return store


async def test_a_move_into_a_full_column_is_refused_in_a_sentence_and_one_key_does_it_anyway(tmp_path: Path):
    limited(tmp_path / "a.db")
    async with opened(tmp_path / "a.db") as drive:
        board = await on_board(drive)
        assert "Doing 1 / 1" in drive.text
        assert "full" in drive.text
        board.select_task(1)
        await drive.press(">")
        await drive.answered("Doing holds 1, its limit is 1 · ! does it anyway")
        assert column(drive, 1) == "ready"
        await drive.press("!")
        await drive.answered("#1 in Doing")
        await drive.until(lambda: "over limit" in drive.text)
        assert column(drive, 1) == "doing"
        assert board.selected_task == 1, "the cursor went with it"
        with drive.store.read() as reader:
            operation = reader.last_change("task", {"id": 1})
            assert operation is not None
            sentence = told(Deed(operation, reader.changes(operation.id)), Voice(NOW, lambda _: "First"))
        assert sentence == "@ana moved 1 First to doing with --force"


async def test_what_was_refused_for_one_card_is_not_forced_on_another(tmp_path: Path):
    store = limited(tmp_path / "a.db")
    store.execute("link", {"refs": [2], "predecessors": [3]}, actor="ben", now=NOW)
    async with opened(tmp_path / "a.db") as drive:
        board = await on_board(drive)
        board.select_task(1)
        await drive.press(">")
        await drive.answered("its limit is 1")
        board.select_task(2)
        await drive.press("!")
        await drive.answered("that was refused for #1")
        assert [drive.snapshot.tasks[i].status for i in (1, 2)] == ["todo", "todo"]


async def test_a_blocked_card_is_refused_the_first_stage_by_name_and_the_force_key_moves_it_there(tmp_path: Path):
    fill(tmp_path / "a.db", {"title": "First"}, {"title": "Second", "after": [1]})
    async with opened(tmp_path / "a.db") as drive:
        board = await on_board(drive)
        board.select_task(2)
        await drive.press(">")
        await drive.answered("blocked by #1 First")
        assert "! does it anyway" in drive.answer
        assert column(drive, 2) == "blocked"
        await drive.press("!")
        await drive.answered("#2 in Doing")
        assert drive.snapshot.tasks[2].status == "doing"


async def test_a_drag_moves_the_card_in_the_database(tmp_path: Path):
    fill(tmp_path / "a.db", {"title": "First"}, {"title": "Second"})
    async with opened(tmp_path / "a.db") as drive:
        board = await on_board(drive)
        await drag(drive, board, 1, "Doing", drop=False)
        assert "drop to start" in drive.text
        assert "Ready → Doing   starts it, nothing runs   esc puts it back" in drive.text
        await drive.pilot.mouse_up(Board, offset=head_of(board, "Doing"))
        await drive.answered("#1 in Doing")
        assert column(drive, 1) == "doing"
        await drive.until(lambda: (spot := board._grid.find(1)) is not None and spot.column == 2)
        await drag(drive, board, 1, "Done", drop=False)
        assert "completes it" in drive.text
        await drive.press("escape")
        await drive.pilot.mouse_up(Board, offset=head_of(board, "Done"))
        assert column(drive, 1) == "doing", "escape put it back"
        await drag(drive, board, 1, "Done")
        await drive.answered("#1 done")
        assert column(drive, 1) == "done"


async def test_a_drag_onto_a_full_column_warns_before_the_drop_and_can_be_forced_after_it(tmp_path: Path):
    limited(tmp_path / "a.db")
    async with opened(tmp_path / "a.db") as drive:
        board = await on_board(drive)
        await drag(drive, board, 1, "Doing", drop=False)
        assert "2 of 1" in drive.text
        assert "! Doing would hold 2, its limit is 1   then ! does it anyway" in drive.text
        await drive.pilot.mouse_up(Board, offset=head_of(board, "Doing"))
        await drive.answered("Doing holds 1, its limit is 1 · ! does it anyway")
        assert column(drive, 1) == "ready"
        await drive.press("!")
        await drive.answered("#1 in Doing")
        assert column(drive, 1) == "doing"


@pytest.mark.parametrize("verb", ["delete", "column_remove"])
async def test_a_card_in_the_hand_is_let_go_when_somebody_else_takes_it_or_its_column_away(tmp_path: Path, verb: str):
    fill(tmp_path / "a.db", {"title": "First"}, {"title": "Second"})
    async with opened(tmp_path / "a.db") as drive:
        board = await on_board(drive)
        await drag(drive, board, 1, "Review", drop=False)
        assert board.in_mode
        drive.act(verb, **({"refs": [1]} if verb == "delete" else {"column": "review"}))
        await drive.until(lambda: not board.in_mode, "an empty hand")
        await drive.pilot.mouse_up(Board, offset=head_of(board, "Doing"))
        await drive.press("j")
        assert drive.answer == ""
        assert column(drive, 2) == "ready"


async def test_a_drag_onto_blocked_is_no_drop_and_says_why(tmp_path: Path):
    fill(tmp_path / "a.db", {"title": "First"})
    async with opened(tmp_path / "a.db") as drive:
        board = await on_board(drive)
        await drag(drive, board, 1, "Blocked", drop=False)
        assert "no drop here" in drive.text
        await drive.pilot.mouse_up(Board, offset=head_of(board, "Blocked"))
        await drive.answered("nobody moves a card to Blocked")
        assert column(drive, 1) == "ready"
        assert "--" not in drive.answer
        assert "taskterm " not in drive.answer


def everywhere(path: Path) -> Store:
    """A task in every column, with and without something before it, alone in Review, running, waiting, repeating."""
    store = fill(path, *({"title": f"Task {number}"} for number in range(1, 9)))

    def act(verb: str, **args: object) -> None:
        store.execute(verb, args, actor="ben", now=NOW)

    act("edit", refs=[3], set={"wait": "2026-12-24T08:00:00Z"})
    act("edit", refs=[1], set={"recurrence": "FREQ=DAILY"})
    act("link", refs=[2], predecessors=[1])
    act("start", refs=[4])
    act("link", refs=[4], predecessors=[1])
    act("move", refs=[5], column="review")
    act("done", refs=[6])
    act("link", refs=[8], predecessors=[7])
    act("done", refs=[8], force=True)
    act("column_edit", column="review", limit=1)
    return store


@pytest.mark.parametrize("key", ["blocked", "ready", "doing", "review", "done"])
def test_what_a_move_is_said_to_do_is_what_it_does_for_every_pair_of_columns(tmp_path: Path, key: str):
    everywhere(tmp_path / "all.db")
    at = to_utc_text(NOW)
    for task_id in range(1, 9):
        path = tmp_path / f"{task_id}.db"
        shutil.copy(tmp_path / "all.db", path)
        store = Store(str(path))
        snapshot = store.snapshot()
        if column_of(snapshot.tasks[task_id], at, snapshot.columns) == key:
            continue
        args = {"refs": [task_id], "column": key}
        said = foresee.move(snapshot, args, "ana", at, NOW.tzinfo)
        if said.refused:
            with pytest.raises(TaskTermError) as refusal:
                store.execute("move", args, actor="ana", now=NOW)
            assert refusal.value.message == said.refused
        if said.refused and not said.forced:
            with pytest.raises(TaskTermError):
                store.execute("move", {**args, "force": True}, actor="ana", now=NOW)
            continue
        result = store.execute("move", {**args, "force": said.forced}, actor="ana", now=NOW)
        after = store.snapshot()
        assert column_of(after.tasks[task_id], at, after.columns) == said.lands
        assert result.outcome.released == said.released
