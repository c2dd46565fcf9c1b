"""The dependency diagram: what it shows and lights, how one walks, pans, zooms and links on it, and what stays put."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual import events
from textual.geometry import Region
from textual.pilot import Pilot

from taskterm.core.diagram import Box
from taskterm.core.snapshot import Snapshot
from taskterm.tui.diagram_overview import Signs
from taskterm.tui.diagram_scope import WHOLE, Drawn, Wanted, draw
from taskterm.tui.messages import ActRequested, Picture, Said, SelectionChanged, TaskActivated
from taskterm.tui.screens.link import LinkScreen
from taskterm.tui.widgets.diagram import Diagram
from taskterm.tui.widgets.diagram_foot import DiagramFoot
from taskterm.tui.widgets.plane import Plane
from tests.tui.build import HOSTILE, NOW, Builder, ago, team
from tests.tui.drive import Drive, fill, opened
from tests.tui.stage import Stage, screen_text


class Easel(Stage):
    """The stage, with a worker that draws at once what the diagram asks for, and remembers it."""

    def __init__(self, snapshot: Snapshot, **options: Any) -> None:
        super().__init__(Diagram(id="diagram"), Picture(snapshot, NOW), **options)
        self.drawings: list[Drawn] = []

    @property
    def diagram(self) -> Diagram:
        assert isinstance(self.view, Diagram)
        return self.view

    def on_diagram_asked(self, message: Diagram.Asked) -> None:
        self.drawings.append(draw(message.wanted, message.known))
        self.diagram.take(self.drawings[-1])

    @property
    def text(self) -> str:
        return "\n".join(screen_text(self))

    def heard_of(self, kind: type) -> list[Any]:
        return [message for message in self.heard if isinstance(message, kind)]


@asynccontextmanager
async def shown(
    builder: Builder | Snapshot | None = None, task: int | None = 17, size: tuple[int, int] = (140, 36), **options: Any
) -> AsyncIterator[tuple[Easel, Pilot[None]]]:
    """The diagram of a snapshot (the team's), its cursor on a task."""
    snapshot = builder if isinstance(builder, Snapshot) else (builder or team()).snapshot()
    app = Easel(snapshot, **options)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        if task is not None:
            app.diagram.select_task(task)
        await pilot.pause()
        yield app, pilot


def crowd(tasks: int = 2000, links: int = 1600) -> Snapshot:
    """Many tasks, each waiting for a few of those shortly before it."""
    dice = random.Random(7)
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < links:
        first = dice.randint(1, tasks - 1)
        pairs.add((first, min(first + dice.randint(1, 40), tasks)))
    builder = Builder()
    for number in range(1, tasks + 1):
        before = sorted(a for a, b in pairs if b == number and a != b) if tasks < 400 else ()
        builder.task(number, f"Task {number}", after=before)
    if tasks >= 400:
        builder.links = sorted(pair for pair in pairs if pair[0] != pair[1])
    return builder.snapshot()


def styles_at(app: Easel, text: str) -> set[str]:
    """The foreground colours of the cells in which a text stands on the plane, by its first place."""
    plane = app.query_one(Plane)
    for row in range(plane.size.height):
        strip = plane.render_line(row)
        at = strip.text.find(text)
        if at >= 0:
            cut = strip.crop(cell_len(strip.text[:at]), cell_len(strip.text[:at]) + cell_len(text))
            return {segment.style.color.name for segment in cut if segment.style and segment.style.color}
    raise AssertionError(f"{text!r} is not on the plane")


# what is shown


async def test_boxes_stand_in_layers_with_lines_from_what_comes_first_and_the_critical_path_is_heavy():
    async with shown() as (app, _):
        assert "┃ ◐ #17 Write release ┃     ╎ ⊘ #18 Review        ╎" in app.text
        assert "┃━━━━▶╎ release notes" in app.text
        assert "│ ━━━━── 4:12 @ben    │" in app.text, "what runs has its bar and its clock"


async def test_what_is_finished_stays_as_long_as_something_open_hangs_together_with_it():
    builder = Builder()
    builder.task(1, "Old", status="done").task(2, "Older", after=[1], status="done")
    builder.task(3, "Past", status="done").task(4, "Next", after=[3]).task(5, "Alone")
    async with shown(builder, 4) as (app, pilot):
        assert "#3 Past" in app.text
        assert "#1 Old" not in app.text
        app.diagram.select_task(2)
        await pilot.pause()
        assert "#2 Older" in app.text, "what was asked for is always there"


async def test_the_strip_tells_what_the_selected_task_holds_up_and_waits_for():
    async with shown() as (app, pilot):
        assert "holds up  6 tasks · @ana 5 · @chloe 1" in app.text
        assert "0 · on the critical path" in app.text
        app.diagram.select_task(19)
        await pilot.pause()
        assert "waits for #15 @ben  #16 @ben  #18 @ana" in app.text


async def test_the_path_that_blocks_the_selected_task_is_lit_and_of_a_free_one_what_waits_for_it():
    async with shown(size=(200, 50)) as (app, pilot):
        accent = app.query_one(Plane).palette.style("accent").color
        assert accent is not None
        assert styles_at(app, "━━━━▶╎ release") >= {accent.name}, "#18 waits for the selected #17"
        line = app.query_one(Plane).palette.style("line2").color
        assert line is not None
        assert styles_at(app, "──┤") == {line.name}
        app.diagram.select_task(19)
        await pilot.pause()
        assert accent.name in styles_at(app, "──┤"), "#19 waits for #15, which runs"
        context = app.diagram.context(140)
        assert context is not None
        assert "#19 and what it waits for" in "".join(span.text for span in context.spans)


async def test_what_a_filter_leaves_out_is_quiet_and_not_gone():
    async with shown(size=(200, 50)) as (app, pilot):
        app.show(app.picture._replace(visible=frozenset({17}), query="@chloe"))
        await pilot.pause()
        quiet = app.query_one(Plane).palette.style("mute").color
        assert quiet is not None
        assert styles_at(app, "Security scan") == {quiet.name}
        assert app.diagram.context(140) is None, "the row shows the filter instead"


async def test_titles_are_never_markup_and_break_no_box():
    builder = Builder()
    for number, title in enumerate(HOSTILE, 1):
        builder.task(number, title, after=[number - 1] if number > 1 else ())
    async with shown(builder, 4, size=(160, 40)) as (app, pilot):
        for _ in HOSTILE:
            await pilot.press("l")
        for _ in HOSTILE:
            assert all(cell_len(line) == 160 for line in screen_text(app))
            await pilot.press("h")
        assert "\u202e" not in app.text
        assert "[@click=app.quit]x" in app.text.replace("┃\n", "")


@pytest.mark.parametrize("size", [(60, 20), (80, 20), (120, 36), (200, 56)])
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_every_line_fits_at_every_size_and_zoom(size: tuple[int, int], ascii_only: bool):
    async with shown(size=size, ascii_only=ascii_only) as (app, pilot):
        for key in ("-", "-", "o", "0", "J", "L"):
            await pilot.press(*("minus" if key == "-" else key,))
            await pilot.pause()
            lines = screen_text(app)
            assert {cell_len(line) for line in lines} == {size[0]}
            if ascii_only:
                assert {sign for line in lines for sign in line if not sign.isascii()} <= set("佐藤"), "titles only"


# walking


async def test_the_cursor_walks_along_the_lines_and_back_the_way_it_came():
    async with shown() as (app, pilot):
        await pilot.press("l", "l")
        assert app.diagram.selected_task == 19
        await pilot.press("h")
        assert app.diagram.selected_task == 18
        await pilot.press("right", "right")
        ahead = app.diagram.selected_task
        assert ahead in (20, 21)
        await pilot.press("left")
        assert app.diagram.selected_task == 19
        assert [m.task_id for m in app.heard_of(SelectionChanged)][-1] == 19


async def test_up_and_down_stay_in_the_layer():
    async with shown(task=15) as (app, pilot):
        drawn = app.drawings[-1]
        for key in ("j", "j", "k", "k"):
            await pilot.press(key)
            chosen = app.diagram.selected_task
            assert chosen is not None
            assert drawn.boxes[chosen].layer == drawn.boxes[15].layer
        assert app.diagram.selected_task == 15


async def test_the_selected_box_is_always_in_view():
    async with shown(size=(80, 20)) as (app, pilot):
        plane = app.query_one(Plane)
        for key in ("l", "l", "l", "l", "l", "j", "j", "h", "h", "k", "h", "end", "home"):
            await pilot.press(key)
            chosen = app.diagram.selected_task
            assert chosen is not None
            box = app.drawings[-1].boxes[chosen]
            window = plane.window
            assert window.x <= box.x
            assert box.x + box.width <= window.right
            assert window.y <= box.y
            assert box.y + box.height <= window.bottom


async def test_enter_opens_the_selected_task():
    async with shown() as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert [m.task_id for m in app.heard_of(TaskActivated)] == [17]


async def test_f_goes_to_the_next_task_that_runs():
    async with shown() as (app, pilot):
        await pilot.press("f")
        first = app.diagram.selected_task
        await pilot.press("f")
        assert {first, app.diagram.selected_task} == {15, 16}


# the window


async def test_keys_wheel_and_drag_pan_without_moving_the_cursor():
    async with shown(size=(80, 20)) as (app, pilot):
        plane = app.query_one(Plane)
        at = plane.window
        await pilot.press("L")
        assert plane.window.x > at.x
        await pilot.press("ctrl+left")
        assert plane.window.x == at.x
        for shift in (False, True):
            before = plane.window
            where = (10.0, 5.0, 0, 0, 0, shift, False, False)
            plane.on_mouse_scroll_down(events.MouseScrollDown(plane, *where, 10.0, 5.0))
            after = plane.window
            assert (after.x > before.x) is shift
            assert (after.y > before.y) is not shift
        before = plane.window
        await pilot.mouse_down(plane, offset=(40, 8))
        await pilot.hover(plane, offset=(30, 6))
        await pilot.mouse_up(plane, offset=(30, 6))
        assert (plane.window.x - before.x, plane.window.y - before.y) == (10, 2)
        assert app.diagram.selected_task == 17


async def test_a_click_selects_and_a_double_click_opens():
    async with shown() as (app, pilot):
        plane, box = app.query_one(Plane), app.drawings[-1].boxes[18]
        where = (box.x + 3 - plane.window.x, box.y + 1 - plane.window.y)
        await pilot.click(plane, offset=where)
        await pilot.pause()
        assert app.diagram.selected_task == 18
        assert not app.heard_of(TaskActivated)
        await pilot.click(plane, offset=where, times=2)
        await pilot.pause()
        assert [m.task_id for m in app.heard_of(TaskActivated)] == [18]


async def test_lines_that_leave_the_window_bear_the_number_of_their_other_end():
    async with shown(task=19, size=(80, 20)) as (app, pilot):
        assert "#18 ━━━" in app.text
        await pilot.press("h")
        assert "#18 ━━━" not in app.text, "it is in view itself"


async def test_the_map_is_there_where_the_drawing_does_not_fit_and_a_press_on_it_moves_the_window():
    async with shown(size=(100, 36)) as (app, pilot):
        foot, plane = app.query_one(DiagramFoot), app.query_one(Plane)
        assert "layers 1-" in app.text
        await pilot.click(foot, offset=(foot.size.width - 4, 4))
        await pilot.pause()
        assert plane.window.right > app.drawings[-1].width - 20
        await pilot.press("minus", "minus")
        await pilot.pause()
        assert "layers" not in app.text, "all of it is in view"


async def test_zooming_keeps_the_selected_task_and_names_the_level():
    async with shown() as (app, pilot):
        assert app.diagram.status() == "zoom 1 of 3"
        await pilot.press("minus")
        assert "▌◐ #17 Write release notes" in app.text
        await pilot.press("minus")
        assert app.diagram.status() == "zoom 3 of 3"
        assert "▌◐ ━━━━▶ ⊘" in app.text
        await pilot.press("0")
        assert "┃ ◐ #17 Write release ┃" in app.text
        assert app.diagram.selected_task == 17


# live


async def test_other_states_keep_every_box_in_its_place_and_other_links_keep_the_selected_one():
    async with shown() as (app, pilot):
        first = app.drawings[-1]
        window = app.query_one(Plane).window
        changed = team()
        changed.tasks[15] = changed.tasks[15]._replace(status="done", completed_at=ago())
        app.show(Picture(changed.snapshot(), NOW))
        await pilot.pause()
        assert app.drawings[-1].layout is first.layout
        assert app.query_one(Plane).window == window
        assert "✓ #15" in app.text
        before = first.boxes[17]
        linked = team()
        linked.task(60, "New").task(61, "Newer", after=[60])
        linked.links.append((61, 11))
        app.show(Picture(linked.snapshot(), NOW))
        await pilot.pause()
        after, moved = app.drawings[-1].boxes[17], app.query_one(Plane).window
        assert app.drawings[-1].layout is not first.layout
        assert after.x > before.x
        assert after.x - moved.x == before.x - window.x
        assert after.y - moved.y == before.y - window.y


async def test_a_second_paints_only_the_rows_of_what_runs(monkeypatch: pytest.MonkeyPatch):
    async with shown() as (app, pilot):
        plane = app.query_one(Plane)
        painted: list[int] = []
        refresh = plane.refresh

        def watched(*regions: Region, **rest: Any) -> Plane:
            painted.extend(region.y for region in regions)
            return refresh(*regions, **rest)

        monkeypatch.setattr(plane, "refresh", watched)
        drawings = len(app.drawings)
        app.show(app.picture._replace(now=NOW + timedelta(seconds=1)))
        await pilot.pause()
        boxes, top = app.drawings[-1].boxes, plane.window.y
        assert set(painted) == {boxes[15].y + 3 - top, boxes[16].y + 3 - top}
        assert len(app.drawings) == drawings, "nothing is laid out for a clock"
        assert "4:13" in app.text
        painted.clear()
        app.show(app.picture)
        await pilot.pause()
        assert painted == [], "what has not changed is not painted"


def test_a_cancelled_task_is_left_out_unless_it_was_asked_for():
    builder = Builder()
    builder.task(1, "Dropped", status="cancelled").task(2, "Next", after=[1]).task(3, "Last", after=[2])
    assert draw(Wanted(builder.snapshot(), NOW, 3)).picture.ids == (2, 3)
    assert set(draw(Wanted(builder.snapshot(), NOW, 1)).picture.ids) == {1, 2, 3}


async def test_a_task_that_goes_away_leaves_the_cursor_on_its_neighbour():
    async with shown(task=20) as (app, pilot):
        gone = team()
        del gone.tasks[20]
        gone.links = [pair for pair in gone.links if 20 not in pair]
        app.show(Picture(gone.snapshot(), NOW))
        await pilot.pause()
        assert app.diagram.selected_task in app.drawings[-1].boxes


# large graphs


async def test_a_large_graph_is_shown_as_a_neighbourhood_that_grows_where_one_walks_out_of_it():
    snapshot = crowd()
    async with shown(snapshot, 500) as (app, pilot):
        drawn = app.drawings[-1]
        assert drawn.kind == "near"
        assert len(drawn.boxes) < 60
        seen = {500}
        for _ in range(12):
            await pilot.press("l")
            await pilot.pause()
            seen.add(app.diagram.selected_task or 0)
        edge = app.diagram.selected_task
        assert edge is not None
        assert len(seen) > 3
        assert not snapshot.successors(edge) or len(seen) == 13


async def test_brackets_change_how_many_steps_are_shown():
    async with shown(crowd(), 500) as (app, pilot):
        await pilot.press("left_square_bracket")
        for _ in range(12):
            await pilot.press("left_square_bracket")
            await pilot.pause()
        assert app.drawings[-1].wanted.depth == 1
        fewer = len(app.drawings[-1].picture.ids)
        assert app.heard_of(Said)[-1].sentence == "one step each way is the least"
        for _ in range(3):
            await pilot.press("right_square_bracket")
            await pilot.pause()
        assert app.drawings[-1].wanted.depth == 4
        assert len(app.drawings[-1].picture.ids) > fewer


async def test_a_count_of_what_is_left_out_brings_it_into_the_picture():
    async with shown(crowd(), 500) as (app, pilot):
        for _ in range(12):
            await pilot.press("left_square_bracket")
            await pilot.pause()
        drawn, plane = app.drawings[-1], app.query_one(Plane)
        node = next(node for node in drawn.boxes if node < 0)
        box = drawn.boxes[node]
        app.diagram.on_plane_clicked(Plane.Clicked(node, 1))
        await pilot.pause()
        assert app.diagram.selected_task == -node // 2
        assert app.drawings[-1].centre == -node // 2
        assert plane.window.width
        assert box.height == 1


async def test_the_overview_has_a_sign_for_every_task_or_counts_it_and_leads_back_to_one():
    snapshot = crowd()
    async with shown(snapshot, 500) as (app, pilot):
        await pilot.press("o")
        await pilot.pause()
        drawn = app.drawings[-1]
        joined = {i for pair in ((a, b) for b, before in snapshot.before.items() for a in before) for i in pair}
        assert isinstance(drawn.drawing, Signs)
        words = [word.span.text for row in drawn.drawing.places.words.values() for word in row]
        assert len(drawn.boxes) + sum(int(word) for word in words if word.startswith("+")) == len(joined)
        assert app.diagram.status() == "overview"
        assert "tasks · most urgent" in app.text
        for key in ("l", "j", "l"):
            await pilot.press(key)
        chosen = app.diagram.selected_task
        assert chosen != 500
        await pilot.press("enter")
        await pilot.pause()
        assert app.drawings[-1].kind == "near"
        assert app.drawings[-1].centre == chosen


def test_each_cell_of_the_overview_belongs_to_the_sign_that_stands_on_it_or_to_none():
    drawn = draw(Wanted(crowd(), NOW, 500, form="overview", width=120))
    places = {(box.x + dx, box.y): node for node, box in drawn.boxes.items() for dx in range(box.width)}
    assert len(places) > 500
    for y in range(-1, drawn.height + 1):
        for x in range(-1, drawn.width + 1):
            assert drawn.drawing.node_at(x, y) == places.get((x, y))


def test_up_to_three_hundred_tasks_are_drawn_whole_and_more_are_not():
    few = draw(Wanted(crowd(260, 250), NOW, 5))
    many = draw(Wanted(crowd(600, 600), NOW, 5))
    assert few.kind == "whole"
    assert few.total <= WHOLE
    assert many.kind == "near"


async def test_a_window_that_is_put_somewhere_leaves_boxes_whole_where_a_few_rows_do_it():
    async with shown(size=(80, 24)) as (app, pilot):
        plane, drawn = app.query_one(Plane), app.diagram.drawn
        assert drawn is not None
        for task_id in (17, 15, 21, 23):
            app.diagram.select_task(task_id)
            await pilot.press("z")
            window, box = plane.window, drawn.boxes[task_id]
            assert window.y <= box.y
            assert box.y + box.height <= window.bottom
            middle = box.y + box.height // 2
            assert abs(window.y + window.height // 2 - middle) <= 6
            among = [b for b in drawn.boxes.values() if b.x < window.right and b.x + b.width > window.x]

            def cuts(top: int, among: list[Box] = among, height: int = window.height) -> int:
                return sum(b.y < edge < b.y + b.height for b in among for edge in (top, top + height))

            centred = box.y + (box.height - window.height) // 2
            assert cuts(window.y) <= cuts(centred)


# linking


async def test_the_other_end_of_a_link_is_picked_on_the_diagram():
    async with shown(task=16) as (app, pilot):
        assert app.diagram.start_link()
        app.diagram.select_task(20)
        await pilot.pause()
        assert "enter links  #16 → #20" in app.text
        assert "taskterm link 20 --after 16" in app.text
        await pilot.press("enter")
        await pilot.pause()
        (asked,) = app.heard_of(ActRequested)
        assert (asked.verb, asked.args) == ("link", {"successor": 20, "predecessors": [16]})
        assert not app.diagram.has_class("linking")


async def test_in_link_mode_a_click_chooses_the_other_end_and_a_second_one_links():
    async with shown(task=16, size=(260, 70)) as (app, pilot):
        app.diagram.start_link()
        await pilot.pause()
        drawn, plane = app.diagram.drawn, app.query_one(Plane)
        assert drawn is not None
        box = drawn.boxes[18]
        at = (box.x + 5 - plane.window.x, box.y + 2 - plane.window.y)
        await pilot.click(Plane, offset=at)
        assert "enter links  #16 → #18" in app.text
        assert not app.heard_of(ActRequested)
        await pilot.click(Plane, offset=at)
        await pilot.pause()
        assert [asked.args for asked in app.heard_of(ActRequested)] == [{"successor": 18, "predecessors": [16]}]


async def test_asking_for_a_link_twice_leaves_it_to_the_list_of_all_tasks(tmp_path: Path):
    three(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        drive.app.go_to(1)
        diagram = await open_diagram(drive)
        await drive.press("ctrl+k", "l", "ctrl+k")
        assert isinstance(drive.app.screen, LinkScreen)
        assert not diagram.has_class("linking")
        assert diagram.selected_task == 1, "from where the link began"


async def test_a_link_that_would_close_a_cycle_shows_the_path_and_is_not_made():
    async with shown(task=20) as (app, pilot):
        app.diagram.start_link()
        app.diagram.select_task(17)
        await pilot.pause()
        assert "it would close a cycle  #20 → #17 → #18 → #19 → #20" in app.text
        fail = app.query_one(Plane).palette.style("fail").color
        assert fail is not None
        assert fail.name in styles_at(app, "━━━━▶╎ release"), "the path is lit where it runs"
        await pilot.press("enter")
        await pilot.pause()
        assert not app.heard_of(ActRequested)
        assert app.heard_of(Said)[-1].bad
        await pilot.press("tab")
        assert "enter links  #17 → #20" in app.text
        await pilot.press("escape")
        assert not app.diagram.has_class("linking")


# in the application


async def open_diagram(drive: Drive) -> Diagram:
    await drive.press("3")
    await drive.press("g")
    diagram = drive.app.desk.diagram
    await drive.until(lambda: diagram.drawn is not None and diagram.drawn.wanted.snapshot.operation > 0)
    await drive.pilot.pause()
    return diagram


def three(path: Path) -> None:
    fill(path, {"title": "Build"}, {"title": "Test", "after": [1]}, {"title": "Ship", "after": [2]})


async def test_g_switches_between_tree_and_diagram_with_the_same_task(tmp_path: Path):
    three(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        drive.app.go_to(2)
        diagram = await open_diagram(drive)
        assert diagram.selected_task == 2
        assert "Test" in drive.text
        assert "┃" in drive.text
        await drive.press("l")
        await drive.press("g")
        assert drive.app.desk.view_id == "tree"
        assert drive.app.desk.selected_task == 3
        await drive.press("g", "1", "3")
        assert drive.app.desk.view_id == "diagram", "3 returns to the one that was on last"


async def test_actions_work_on_the_selected_box_and_the_diagram_follows(tmp_path: Path):
    three(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        drive.app.go_to(1)
        await open_diagram(drive)
        await drive.press("space")
        await drive.until(lambda: drive.snapshot.tasks[1].status == "done")
        await drive.until(lambda: "✓ #1 Build" in drive.text)
        await drive.until(lambda: "○ #2 Test" in drive.text, "what it released is ready")
        await drive.press("u")
        await drive.until(lambda: "⊘ #2 Test" in drive.text, "undone")


async def test_a_link_picked_on_the_diagram_is_in_the_database_and_drawn(tmp_path: Path):
    fill(tmp_path / "t.db", {"title": "Build"}, {"title": "Test", "after": [1]}, {"title": "Ship"})
    async with opened(tmp_path / "t.db") as drive:
        drive.app.go_to(3)
        diagram = await open_diagram(drive)
        assert "#3 Ship" in drive.text, "a task without links is shown where it was asked for"
        await drive.press("ctrl+k")
        assert "pick what waits for it" in drive.text
        await drive.press("tab")
        diagram.select_task(2)
        await drive.press("enter")
        await drive.until(lambda: drive.snapshot.predecessors(3) == (2,))
        await drive.until(lambda: diagram.drawn is not None and (2, 3) in diagram.drawn.picture.edges)


async def test_what_another_process_adds_appears_and_the_view_stays_where_it_is(tmp_path: Path):
    three(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        drive.app.go_to(2)
        diagram = await open_diagram(drive)
        drive.act("add", title="Tell", after=[3])
        await drive.until(lambda: "#4 Tell" in drive.text)
        assert diagram.selected_task == 2


async def test_the_diagram_is_copied_as_mermaid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    three(tmp_path / "t.db")
    async with opened(tmp_path / "t.db") as drive:
        copied: list[str] = []
        monkeypatch.setattr(drive.app, "copy_to_clipboard", copied.append)
        drive.app.go_to(2)
        await open_diagram(drive)
        await drive.press("Y")
        assert copied[0].startswith(("flowchart", "graph"))
        assert "Ship" in copied[0]
        await drive.press("y")
        assert copied[1] == "#2 Test"


async def test_an_empty_database_says_what_belongs_here(tmp_path: Path):
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("3", "g")
        await drive.until(lambda: "stand here as boxes and lines" in drive.text)
        await drive.press("h", "j", "enter", "ctrl+k", "o", "o", "minus", "z", "f", "left_square_bracket", "Y")
        assert "stand here as boxes and lines" in drive.text
        assert "taskterm link 3 --after 1" in drive.text
