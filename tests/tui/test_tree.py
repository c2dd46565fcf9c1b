"""The dependency tree: what stands before and after a task, what is foreseen, and how one walks through it."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from taskterm.core.tree import after
from taskterm.tui import tree_lines
from taskterm.tui.messages import Picture, SelectionChanged
from taskterm.tui.widgets.tree import Tree
from tests.tui.build import HOSTILE, NOW, Builder, ago, team
from tests.tui.stage import Stage, screen_text


def stage(builder: Builder | None = None, root: int | None = 19, **options) -> Stage:
    tree = Tree(id="tree")
    if root is not None:
        tree.root_on(root)
    return Stage(tree, Picture((builder or team()).snapshot(), NOW), **options)


async def test_the_tree_shows_what_comes_before_and_after_with_the_critical_path_as_one_heavy_stroke():
    app = stage()
    async with app.run_test(size=(95, 36)) as pilot:
        await pilot.pause()
        lines = screen_text(app)
        text = "\n".join(lines)
        assert lines[0].split() == ["task", "now", "owner", "finish"]
        assert "⊘ #19 H Approve 2.4.0" in lines[1]
        assert "━━━━──── 4 of 8, 2 h 35 min left" in text
        assert "──────── 0 of 4, 1 h 5 min" in text
        starts = [
            *("┣━ ⊘ #18", "┃  ┗━ ◐ #17", "┃     └─ ✓ #11", "├─ ▶ #15", "│  └─ ✓ #14", "│     ├─ ✓ #12"),
            *("│     │  └─ ↑ #11", "│     └─ ✓ #13", "│        └─ ↑ #11", "└─ ▶ #16", "   └─ ↑ #14"),
        ]
        for line, start in zip(lines[4:], starts, strict=False):
            assert line[2:].startswith(start)
        assert "critical path" in lines[-2]


async def test_a_shared_task_stands_once_in_full_and_then_as_a_reference():
    app = stage()
    async with app.run_test(size=(95, 36)) as pilot:
        await pilot.pause()
        before_after = [line for line in screen_text(app) if "#11 Freeze" in line]
        assert ["shown above" in line for line in before_after] == [False, True, True]
        assert all("↑ #11" in line for line in before_after[1:])


def test_the_forecast_adds_up_what_is_left_along_every_chain():
    snapshot = team().snapshot()
    tree = tree_lines.picture(snapshot, 19, NOW)
    at = {task_id: f"{moment:%H:%M}" for task_id, moment in tree.seen.finish.items()}
    assert at[17] == "15:27", "55 of its 240 minutes are left"
    assert at[18] == "17:07"
    assert at[19] == "17:17"
    assert at[21] == "17:42"
    assert 23 not in at, "nobody knows when the failed #24 will be finished"


async def test_a_failed_task_is_stuck_and_people_who_hold_up_others_are_named():
    app = stage(root=23)
    async with app.run_test(size=(95, 40)) as pilot:
        await pilot.pause()
        text = "\n".join(screen_text(app))
        assert next(line for line in screen_text(app) if "#24 M Mirror" in line).rstrip().endswith("stuck")
        assert "@chloe      #17 holds 6 tasks     for 3 h" in text
        assert "@ben        #24 holds 1 task      for 12 min, exit 23" in text


async def test_enter_makes_the_task_under_the_cursor_the_root_and_backspace_returns():
    app = stage()
    async with app.run_test(size=(95, 36)) as pilot:
        await pilot.pause()
        tree = app.view
        assert isinstance(tree, Tree)
        await pilot.press("j", "j")
        assert tree.selected_task == 17
        await pilot.press("enter")
        assert tree.root_task == 17
        assert "#17 H Write release notes" in screen_text(app)[1]
        context = tree.context(90)
        assert context is not None
        assert "Deps of #17 Write release notes 2.4.0" in "".join(span.text for span in context.spans)
        await pilot.press("backspace")
        assert tree.root_task == 19
        assert tree.selected_task == 17
    assert 17 in [m.task_id for m in app.heard if isinstance(m, SelectionChanged)]


async def test_tab_jumps_between_before_and_after_and_n_to_whoever_is_waited_for():
    app = stage()
    async with app.run_test(size=(95, 36)) as pilot:
        await pilot.pause()
        tree = app.view
        assert isinstance(tree, Tree)
        await pilot.press("tab")
        assert tree.selected_task == 18
        await pilot.press("tab")
        assert tree.selected_task == 21
        await pilot.press("tab")
        assert tree.selected_task == 18
        await pilot.press("n")
        assert tree.selected_task == 17


async def test_z_folds_what_hangs_below_a_task_and_unfolds_it():
    app = stage()
    async with app.run_test(size=(95, 36)) as pilot:
        await pilot.pause()
        tree = app.view
        assert isinstance(tree, Tree)
        tree.select_task(15)
        await pilot.press("z")
        text = "\n".join(screen_text(app))
        assert "#13 Unit tests" not in text
        assert tree.selected_task == 15
        await pilot.press("z")
        assert "#13 Unit tests" in "\n".join(screen_text(app))


async def test_the_tree_follows_new_data_and_a_deleted_root_gives_way_to_another():
    builder = team()
    app = stage(builder)
    async with app.run_test(size=(95, 36)) as pilot:
        await pilot.pause()
        builder.tasks[17] = builder.tasks[17]._replace(status="done", completed_at=ago(0))
        app.show(Picture(builder.snapshot(2), NOW))
        await pilot.pause()
        assert "5 of 8" in "\n".join(screen_text(app))
        del builder.tasks[19]
        builder.links = [link for link in builder.links if 19 not in link]
        app.show(Picture(builder.snapshot(3), NOW))
        await pilot.pause()
        assert app.view.root_task in builder.tasks  # type: ignore[attr-defined]


async def test_a_task_without_neighbours_says_how_to_link_it_and_without_a_task_no_key_breaks():
    app = stage(Builder().task(1, "Alone"), root=1)
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        assert "Nothing comes before or after it · l links it to another task" in "\n".join(screen_text(app))
    app = stage(Builder(), root=None)
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        assert "What waits for what stands here" in "\n".join(screen_text(app))
        await pilot.press("enter", "tab", "n", "z", "backspace")


async def test_a_chain_of_thousands_is_drawn_and_deep_branches_leave_room_for_titles():
    builder = Builder()
    for number in range(1, 3001):
        builder.task(number, f"Link {number}", after=[number - 1] if number > 1 else [], estimate_minutes=1)
    app = stage(builder, root=3000)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("pagedown", "pagedown", "pagedown")
        lines = screen_text(app)
        assert all(cell_len(line) == 80 for line in lines)
        assert sum("Link 29" in line for line in lines) > 10
        assert any("…" in line[:8] for line in lines)


@pytest.mark.parametrize(("size", "ascii_only"), [((95, 36), False), ((80, 24), False), ((60, 24), True)])
async def test_hostile_and_wide_titles_leave_the_columns_where_they_are(size: tuple[int, int], ascii_only: bool):
    builder = Builder().task(1, "Root")
    for number, title in enumerate(HOSTILE, 2):
        builder.task(number, title, after=[number - 1], assignee="ana", estimate_minutes=5)
    app = stage(builder, root=1, ascii_only=ascii_only)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        lines = screen_text(app)
        assert all(cell_len(line) == size[0] for line in lines)
        column = lines[0].index("now")
        for line in lines:
            if " waits for #" in line:
                assert cell_len(line[: line.index("waits for #")]) == column
        assert sum(" waits for #" in line for line in lines) == len(HOSTILE)
        assert "[@click=app.q" in "\n".join(lines)
        assert "$(touch" in "\n".join(lines)


def test_folding_hides_only_what_is_below():
    lines = after(team().snapshot(), 14)
    kept = tree_lines.unfolded(lines, {15})
    assert [line.task_id for line in kept][:2] != []
    below = len(lines) - len(kept)
    assert below > 0
    assert {line.task_id for line in kept} >= {15, 16, 24}
