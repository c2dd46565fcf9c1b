"""The dependency tree under the hand: what the mouse does, which path is lit, and links made and cut on its lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from taskterm.tui import tree_light, tree_lines
from taskterm.tui.messages import ActRequested, Picture, Said, TaskActivated
from taskterm.tui.screens.link import LinkScreen
from taskterm.tui.widgets.tree import Tree
from tests.tui.build import NOW, Builder, team
from tests.tui.drive import Drive, fill, opened
from tests.tui.stage import Stage, screen_text, until

SIZE = (95, 40)


def stage(builder: Builder | None = None, root: int = 19) -> Stage:
    tree = Tree(id="tree")
    tree.root_on(root)
    return Stage(tree, Picture((builder or team()).snapshot(), NOW))


def tree_of(app: Stage) -> Tree:
    assert isinstance(app.view, Tree)
    return app.view


def line_with(app: Stage, *words: str) -> int:
    return next(y for y, line in enumerate(screen_text(app)) if all(word in line for word in words))


def roles(app: Stage, y: int, x: int) -> str | None:
    """The colour of one cell of the screen."""
    cells = [style for text, style, *_ in app.screen._compositor.render_strips()[y] for _ in text]
    style = cells[x]
    assert style is not None
    assert style.color is not None
    return style.color.name


def colour(app: Stage, role: str) -> str:
    found = tree_of(app).palette.style(role).color
    assert found is not None
    return found.name


# the mouse


async def test_a_click_selects_a_double_click_opens_and_the_wheel_scrolls():
    app = stage()
    async with app.run_test(size=(95, 16)) as pilot:
        await pilot.pause()
        await pilot.click("#tree", offset=(12, line_with(app, "#15 H")))
        assert tree_of(app).selected_task == 15
        await pilot.click("#tree", offset=(12, line_with(app, "#15 H")), times=2)
        assert [m.task_id for m in app.heard if isinstance(m, TaskActivated)] == [15]
        assert tree_of(app).root_task == 19, "opening a task leaves the tree as it is"
        tree = tree_of(app)
        tree.post_message(events.MouseScrollDown(tree, 12, 5, 0, 0, 0, False, False, False, 12.0, 5.0))
        await until(pilot, lambda: tree.scroll_offset.y > 0)
        assert "#19 H" not in screen_text(app)[1]


async def test_a_click_on_a_reference_goes_to_the_task_in_full_and_so_does_enter():
    app = stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        y = line_with(app, "#14", "shown above")
        await pilot.click("#tree", offset=(20, y))
        tree = tree_of(app)
        assert tree.cursor_key == ("Before", 14, 0)
        tree.select_key(("Before", 14, 1))
        await pilot.press("enter")
        assert tree.cursor_key == ("Before", 14, 0)
        assert tree.root_task == 19
        await pilot.click("#tree", offset=(5, line_with(app, "#17 holds")))
        assert tree.cursor_key == ("Before", 17, 0), "a name in Waited for leads there too"


async def test_a_click_on_a_branch_folds_it_with_a_count_and_a_click_on_the_count_unfolds():
    app = stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        y = line_with(app, "#15 H")
        await pilot.click("#tree", offset=(screen_text(app)[y].index("├─") + 1, y))
        folded = screen_text(app)[y]
        assert "Integration tests ▼ 5" in folded
        assert "#13 Unit tests" not in "\n".join(screen_text(app))
        await pilot.click("#tree", offset=(folded.index("▼"), y))
        assert "#13 Unit tests" in "\n".join(screen_text(app))


async def test_enter_on_the_root_opens_it():
    app = stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert next(iter(tree_of(app).hints())).word == "open"
        await pilot.press("enter")
        assert [m.task_id for m in app.heard if isinstance(m, TaskActivated)] == [19]


# what is lit


async def test_the_open_chain_that_blocks_the_selected_task_is_lit_and_what_is_done_is_not():
    app = stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        lines = screen_text(app)
        accent = colour(app, "accent")
        for words in (("#18 H",), ("#17 H", "Write"), ("#15 H",), ("#16 Security",)):
            y = line_with(app, *words)
            x = max(lines[y].rfind(sign) for sign in ("┣━", "┗━", "├─", "└─"))
            assert roles(app, y, x) == roles(app, y, x + 1) == accent, words
        y = line_with(app, "└─ ✓ #11")
        assert roles(app, y, lines[y].index("└─")) != accent
        assert roles(app, line_with(app, "#21 H"), 2) != accent, "what waits for the root does not block it"
        assert "blocks the selected" in lines[-2]
        await pilot.press("j", "j")
        assert tree_of(app).selected_task == 17, "nothing blocks this one"
        assert "blocks the selected" not in screen_text(app)[-2]
        assert roles(app, line_with(app, "#15 H"), 2) != accent


async def test_below_the_root_everything_between_is_lit_and_what_else_hinders():
    app = stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        tree_of(app).select_task(23)
        await pilot.pause()
        lines, accent = screen_text(app), colour(app, "accent")
        for words in (("#21 H",), ("#22 Smoke",), ("#23 Announce",), ("#24 M Mirror",), ("#18 H",)):
            y = line_with(app, *words)
            x = max(lines[y].rfind(sign) for sign in ("┣━", "┗━", "├─", "└─", "└←", "├←"))
            assert roles(app, y, x) == accent, words


async def test_what_else_a_following_task_waits_for_stands_below_it_and_is_counted_nowhere():
    app = stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        lines = screen_text(app)
        y = line_with(app, "#24 M Mirror")
        assert "└← ✗ #24" in lines[y]
        assert "exit 23" in lines[y]
        assert lines[y].rstrip().endswith("stuck")
        assert lines[line_with(app, "After ")].split()[1] == "4"
        assert "@ben        #24 holds 1 task" in "\n".join(lines)
        assert "@ana        #18 next, as soon as #17 is done" in "\n".join(lines)


async def test_a_persons_task_shows_how_far_its_planned_time_has_run():
    app = stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "━━━━━━── 3 h of ~4 h" in screen_text(app)[line_with(app, "#17 H", "Write")]


async def test_p_makes_everything_but_the_critical_path_quiet_and_escape_ends_it():
    app = stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("p")
        y = line_with(app, "#15 H")
        x = screen_text(app)[y].index("▶")
        assert roles(app, y, x) == colour(app, "mute")
        assert roles(app, line_with(app, "#18 H"), screen_text(app)[line_with(app, "#18 H")].index("Review")) != colour(
            app, "mute"
        )
        await pilot.press("escape")
        assert roles(app, y, x) == colour(app, "run")


@pytest.mark.parametrize("shape", ["chain", "fan"])
def test_a_light_is_made_from_the_lines_above_and_costs_nothing_for_those_below(shape: str):
    builder = Builder().task(1, "Root", after=[], estimate_minutes=1)
    for number in range(2, 2002):
        builder.task(number, f"T{number}", after=[number - 1 if shape == "chain" else 1])
    snapshot = builder.snapshot()
    listing = tree_lines.listing(tree_lines.picture(snapshot, 1, NOW), snapshot, 40)
    last = listing.places[2001]
    light = tree_light.blocking(listing, snapshot, last)
    assert tree_light.lights(light, listing, snapshot, last)
    assert len(light.own) == (2000 if shape == "chain" else 1)
    assert tree_light.lights_down(light, listing, listing.parents[last], last)
    assert tree_light.lights(light, listing, snapshot, listing.places[2]) == (shape == "chain")


# links


async def test_the_other_end_is_picked_on_the_tree_in_either_direction():
    app = stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        tree = tree_of(app)
        tree.select_task(16)
        assert tree.start_link()
        tree.select_task(20)
        await pilot.pause()
        assert "enter links  #16 → #20" in screen_text(app)[0]
        assert "waits for #16" in screen_text(app)[line_with(app, "#20 Publish")]
        await pilot.press("tab")
        assert "refused: it would close a cycle  #20 → #16 → #19 → #20" in screen_text(app)[0]
        await pilot.press("tab", "enter")
        await pilot.pause()
        (asked,) = [m for m in app.heard if isinstance(m, ActRequested)]
        assert (asked.verb, asked.args) == ("link", {"successor": 20, "predecessors": [16]})
        assert screen_text(app)[0].split()[0] == "task"


async def test_a_cycle_is_shown_on_the_tree_in_words_and_as_a_lit_path_and_is_not_made():
    app = stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        tree = tree_of(app)
        tree.select_task(20)
        assert tree.start_link()
        tree.select_task(17)
        await pilot.pause()
        lines, fail = screen_text(app), colour(app, "fail")
        assert "it would close a cycle  #20 → #17 → #18 → #19 → #20" in lines[0]
        for words in (("#18 H",), ("#17 H", "Write"), ("#20 Publish", "from here")):
            y = line_with(app, *words)
            x = max(lines[y].rfind(sign) for sign in ("┣━", "┗━"))
            assert roles(app, y, x) == fail, words
        assert "in the cycle" in lines[1], "the root lies on it"
        assert "in the cycle" not in lines[line_with(app, "#15 H")]
        await pilot.press("enter")
        await pilot.pause()
        assert not [m for m in app.heard if isinstance(m, ActRequested)]
        (said,) = [m for m in app.heard if isinstance(m, Said)]
        assert said.bad
        assert "#20 → #17" in said.sentence
        await pilot.press("escape")
        assert tree.selected_task == 20, "back to where the link began"
        assert "task" in screen_text(app)[0]


async def test_in_link_mode_a_second_click_picks():
    app = stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        tree = tree_of(app)
        tree.select_task(16)
        tree.start_link()
        await pilot.pause()
        y = line_with(app, "#20 Publish")
        await pilot.click("#tree", offset=(30, y))
        assert not [m for m in app.heard if isinstance(m, ActRequested)]
        await pilot.click("#tree", offset=(30, y))
        assert [m.args["successor"] for m in app.heard if isinstance(m, ActRequested)] == [20]


def chain(path: Path) -> None:
    fill(path, {"title": "Build"}, {"title": "Test", "after": [1]}, {"title": "Ship", "after": [2]}, {"title": "Tell"})


async def deps_of(drive: Drive, task_id: int) -> Tree:
    drive.app.go_to(task_id)
    await drive.press("3")
    await drive.until(lambda: f"Deps of #{task_id}" in drive.text)
    return drive.app.screen.query_one(Tree)


@pytest.mark.usefixtures("home")
async def test_x_cuts_the_line_under_the_cursor_from_the_one_above_it_and_undo_joins_them_again(tmp_path: Path):
    chain(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        tree = await deps_of(drive, 2)
        tree.select_task(1)
        await drive.press("X")
        await drive.answered("#2 no longer waits for #1")
        assert drive.snapshot.predecessors(2) == ()
        await drive.press("u")
        await drive.until(lambda: drive.snapshot.predecessors(2) == (1,), "the link is back")
        await drive.until(lambda: "Before 1" in drive.text)
        tree.select_task(3)
        await drive.press("X")
        await drive.answered("#3 no longer waits for #2")
        assert drive.snapshot.predecessors(3) == ()


@pytest.mark.usefixtures("home")
async def test_x_on_the_root_says_where_it_works_and_elsewhere_it_picks_what_to_cut(tmp_path: Path):
    chain(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        await deps_of(drive, 2)
        await drive.press("X")
        await drive.answered("go to a line before or after the root")
        drive.app.go_to(2)
        await drive.press("1", "X")
        assert isinstance(drive.app.screen, LinkScreen)
        await drive.press("3", "enter")
        await drive.answered("#3 no longer waits for #2")


@pytest.mark.usefixtures("home")
async def test_l_picks_on_the_tree_and_a_second_time_on_the_list_of_all_tasks(tmp_path: Path):
    chain(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        tree = await deps_of(drive, 3)
        await drive.press("l")
        assert "pick what waits for it" in drive.text
        assert not isinstance(drive.app.screen, LinkScreen)
        await drive.press("l")
        assert isinstance(drive.app.screen, LinkScreen)
        await drive.press("4", "enter")
        await drive.answered("#4 waits for #3")
        await drive.until(lambda: "#4 Tell" in drive.text)
        assert tree.root_task == 3


@pytest.mark.usefixtures("home")
async def test_the_list_of_all_tasks_goes_on_with_the_source_and_the_direction_of_the_tree(tmp_path: Path):
    chain(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        tree = await deps_of(drive, 3)
        await drive.press("l", "tab")
        tree.select_task(1)
        await drive.press("ctrl+k")
        assert isinstance(drive.app.screen, LinkScreen)
        assert "Link #3 Ship ← pick what it waits for" in drive.text
        await drive.press("4", "enter")
        await drive.answered("#3 waits for #4")
        assert drive.snapshot.predecessors(3) == (2, 4)


@pytest.mark.usefixtures("home")
async def test_what_is_linked_already_is_not_cut_by_the_link_mode_of_the_tree(tmp_path: Path):
    chain(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        tree = await deps_of(drive, 2)
        await drive.press("l")
        tree.select_task(3)
        await drive.until(lambda: "linked already" in drive.text)
        await drive.press("enter")
        await drive.answered("#3 waits for #2 already · X cuts a link")
        assert drive.snapshot.predecessors(3) == (2,)
        assert tree.in_mode


@pytest.mark.usefixtures("home")
async def test_a_cycle_is_drawn_task_by_task_beside_the_list_before_the_store_is_asked(tmp_path: Path):
    chain(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        drive.app.go_to(3)
        await drive.press("l", "1")
        await drive.until(lambda: "every task would wait for the one above it" in drive.text)
        assert "#3 → #1 → #2 → #3" in drive.text
        assert "╰─▶ ⊘ #2 Test" in drive.text


@pytest.mark.usefixtures("home")
async def test_what_another_process_links_appears_in_the_tree(tmp_path: Path):
    chain(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        tree = await deps_of(drive, 2)
        drive.act("link", successor=4, predecessors=[2])
        await drive.until(lambda: "#4 Tell" in drive.text)
        assert tree.selected_task == 2


@pytest.mark.usefixtures("home")
async def test_actions_work_on_the_line_under_the_cursor(tmp_path: Path):
    chain(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        tree = await deps_of(drive, 2)
        tree.select_task(1)
        await drive.press("space")
        await drive.answered("#1 done")
        await drive.until(lambda: "1 of 1" in drive.text)
        assert drive.snapshot.tasks[1].status == "done"
