"""The Runs view: what needs a look comes first, and several tasks write into their panes at the same time."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from taskterm.tui import run_lines
from taskterm.tui.messages import Picture, SelectionChanged
from taskterm.tui.theme import UNICODE
from taskterm.tui.widgets.runs import Runs
from tests.runner.conftest import end_everything
from tests.runner.helpers import Desk, Hold
from tests.tui.build import HOSTILE, NOW, PYTEST, RSYNC, Builder, ago, at, team, with_logs
from tests.tui.stage import Stage, screen_text, until

LOGS = {881: "starting postgres\n", 883: PYTEST + "tests/test_subscriptions.py .....", 861: "built\n", 862: RSYNC}


@pytest.fixture
def desk(home: dict[str, str]):
    made = Desk(home["TASKTERM_DB"])
    yield made
    end_everything(made.store)


def stage(desk: Desk, builder: Builder, **options) -> Stage:
    runs = Runs(id="runs")
    runs.store = desk.store
    return Stage(runs, Picture(builder.snapshot(), NOW), **options)


def release(folder: Path | None = None) -> Builder:
    """A run of seven tasks: one is through, three run side by side, the rest waits."""
    b = Builder()
    b.task(1, "Check out", steps=["git"], status="done", completed_at=ago(1))
    for number, title in enumerate(("Lint", "Test", "Audit"), 2):
        b.task(number, title, after=[1], steps=["one"], status="doing")
    b.task(5, "Build", after=[2, 3, 4], steps=["wheel"]).task(6, "Approve", after=[5], assignee="ana")
    b.task(7, "Deploy", after=[6], steps=["install"])
    b.run(1, "release 1.0.0", created_at=ago(1, 30)).part(
        1, 1, "succeeded", started_at=ago(1, 30), ended_at=ago(1), duration_ms=30000
    )
    for number in (2, 3, 4):
        b.part(1, number, started_at=ago(0, 50)).attempt(number * 10, 1, number, 1, started_at=ago(0, 50))
    b.part(1, 5, "planned").part(1, 6, "person").part(1, 7, "planned")
    b.attempt(10, 1, 1, 1, "succeeded", duration_ms=30000, exit_code=0)
    if folder is not None:
        texts = {10: "cloned\n", **{n * 10: "".join(f"task {n} line {i}\n" for i in range(40)) for n in (2, 3, 4)}}
        with_logs(b, folder, texts)
    return b


def text_of(app: Stage) -> str:
    return "\n".join(screen_text(app))


def test_runs_are_grouped_by_what_needs_a_look():
    builder = team()
    builder.run(91, "Approve", "waiting", task_id=19).part(91, 44, "person")
    groups = run_lines.groups(Picture(builder.snapshot(), NOW))
    assert {group.name: [run.id for run in group.runs] for group in groups} == {
        "Running": [88, 89],
        "Needs approval here": [90],
        "Waiting for a person": [91],
        "Failed": [86],
        "Today": [87, 85, 84],
        "Yesterday": [77, 75, 74],
    }
    assert [group.name for group in groups] == list(run_lines.GROUPS[:-1])


def test_a_failure_that_was_repaired_is_no_longer_among_the_failed():
    builder = team()
    builder.run(92, "Mirror docs", "succeeded", task_id=24, created_at=ago(1), ended_at=ago(0)).part(
        92, 24, "succeeded"
    )
    groups = run_lines.groups(Picture(builder.snapshot(), NOW))
    assert "Failed" not in [group.name for group in groups]


def test_a_filter_shows_the_runs_of_its_tasks():
    groups = run_lines.groups(Picture(team().snapshot(), NOW, frozenset({15})))
    assert [(group.name, [run.id for run in group.runs]) for group in groups] == [
        ("Running", [88]),
        ("Yesterday", [77]),
    ]


def test_running_tasks_get_the_panes_in_the_order_of_the_plan():
    builder = release()
    snapshot = builder.snapshot()
    run = snapshot.runs[1]
    assert [part.task_id for part in run_lines.panes_of(snapshot, run, None, 3)] == [2, 3, 4]
    assert [part.task_id for part in run_lines.panes_of(snapshot, run, None, 1)] == [2]
    assert [part.task_id for part in run_lines.panes_of(snapshot, run, 7, 3)] == [2, 3, 7], "the chosen one is there"
    builder.run_tasks[1][2] = builder.run_tasks[1][2]._replace(state="failed", ended_at=ago(0))
    snapshot = builder.snapshot()
    assert [part.task_id for part in run_lines.panes_of(snapshot, run, None, 3)] == [2, 3, 4], "panes keep their places"


async def test_the_list_says_of_every_run_how_far_it_is_or_what_is_wrong(desk: Desk):
    app = stage(desk, team())
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        lines = [line[:40].rstrip() for line in screen_text(app)]
        for line in (
            "  Running 2",
            "▌ ▶ 88 Integration tests           4:12",
            "▌      ━━━━━━━━───    3/5 · ~1 min left",
            "  Needs approval here 1",
            "  ? 90 Rotate the backup keys",
            "       not trusted yet · r to read it",
            "  ✗ 86 Mirror docs to the CDN      0:37",
            "       exit 23 rsync · attempt 3 of 3",
            "  ✓ 87 Build the 2.4.0 wheel       1:47",
        ):
            assert line in lines


async def test_the_pane_shows_steps_progress_and_the_output_with_its_unfinished_line(desk: Desk, tmp_path: Path):
    app = stage(desk, with_logs(team(), tmp_path, LOGS))
    async with app.run_test(size=(140, 36)) as pilot:
        await until(pilot, lambda: "test_subscriptions.py .....▌" in text_of(app))
        text = text_of(app)
        assert "▶ 88 Integration tests #15 @ben" in text
        assert "4:12 of ~6:00   ends ~14:33   ● following" in text
        assert "✓ postgres 0:09   ✓ migrate 0:22   ▶ pytest 3:41   ○ coverage   ○ stop" in text
        assert "70% of ~6:00" in text
        assert "0:00  starting postgres" in text
        assert "\x1b" not in text


async def test_three_tasks_stream_into_three_panes_with_at_least_five_lines_each(desk: Desk, tmp_path: Path):
    app = stage(desk, release(tmp_path))
    async with app.run_test(size=(140, 36)) as pilot:
        await until(pilot, lambda: all(f"task {n} line 39" in text_of(app) for n in (2, 3, 4)))
        for number in (2, 3, 4):
            assert sum(f"task {number} line" in line for line in screen_text(app)) >= 5
        assert text_of(app).count("● following") == 3
        assert app.view.status() == "3 panes"  # type: ignore[attr-defined]


async def test_a_failed_run_opens_at_its_first_error_and_n_goes_to_the_next(desk: Desk, tmp_path: Path):
    app = stage(desk, with_logs(team(), tmp_path, {**LOGS, 862: RSYNC + "more\n" * 300}))
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.pause()
        assert app.view.select_task(24)  # type: ignore[attr-defined]
        await until(pilot, lambda: "first error shown" in text_of(app))
        lines = [line[42:].rstrip() for line in screen_text(app)]
        at_error = next(i for i, line in enumerate(lines) if "write failed" in line)
        assert lines[at_error].startswith("▌  214  rsync: [receiver] write failed")
        assert lines[at_error - 5].endswith("209  rsync -a --delete build/html/ cdn:/srv/cdn/2.4.0/")
        assert "exit 23 after 0:37 · 14:20   line 214 of 516" in text_of(app)
        assert "attempt ✗ ✗ ✗ 3 of 3" in text_of(app)
        await pilot.press("n")
        await until(pilot, lambda: "▌  215  rsync error" in text_of(app))
        await pilot.press("n")
        await until(pilot, lambda: "▌  216  rsync: [sender]" in text_of(app))
        await pilot.press("N")
        await until(pilot, lambda: "▌  215  rsync error" in text_of(app))


async def test_search_finds_lines_and_keys_are_text_while_it_is_typed(desk: Desk, tmp_path: Path):
    app = stage(desk, release(tmp_path))
    async with app.run_test(size=(140, 36)) as pilot:
        await until(pilot, lambda: "task 2 line 39" in text_of(app))
        await pilot.press("slash", *"line 1x", "backspace", "7")
        assert "/ line 17" in text_of(app)
        await pilot.press("enter")
        await until(pilot, lambda: "/line 17  1 of 1, line 18" in text_of(app))
        assert "task 2 line 17" in text_of(app)
        assert app.view.copy_text() == "task 2 line 17"  # type: ignore[attr-defined]
        await pilot.press("slash", *"other")
        assert "/ other" in text_of(app)
        await pilot.press("escape")
        assert "/line 17  1 of 1" in text_of(app)
        await pilot.press("slash")
        assert "enter finds “line 17” again" in text_of(app)
        await pilot.press("enter")
        await until(pilot, lambda: "/line 17  1 of 1, line 18" in text_of(app))
        await pilot.press("escape")
        assert "/line 17" not in text_of(app)
        await pilot.press("f")
        assert "task 2 line 39" in text_of(app)


async def test_tab_goes_round_the_list_and_the_panes_and_the_selection_with_it(desk: Desk, tmp_path: Path):
    app = stage(desk, release(tmp_path))
    async with app.run_test(size=(140, 36)) as pilot:
        await until(pilot, lambda: "task 4 line 39" in text_of(app))
        runs = app.view
        assert isinstance(runs, Runs)
        selected = []
        for _ in range(4):
            await pilot.press("tab")
            await pilot.pause()
            selected.append(runs.selected_task)
        assert selected[:3] == [2, 3, 4]
        assert runs.selected_run == 1
        assert any(isinstance(m, SelectionChanged) and m.task_id == 3 for m in app.heard)


async def test_scrolling_up_stops_following_and_the_end_begins_it_again(desk: Desk, tmp_path: Path):
    app = stage(desk, release(tmp_path))
    async with app.run_test(size=(140, 36)) as pilot:
        await until(pilot, lambda: "task 2 line 39" in text_of(app))
        await pilot.press("tab", "g")
        assert "task 2 line 0" in text_of(app)
        assert text_of(app).count("● following") == 2
        await pilot.press("G")
        assert "task 2 line 39" in text_of(app)
        assert text_of(app).count("● following") == 3


async def test_the_tasks_of_a_live_run_are_in_the_list_and_choosing_one_shows_its_output(desk: Desk, tmp_path: Path):
    app = stage(desk, release(tmp_path))
    async with app.run_test(size=(140, 36)) as pilot:
        await until(pilot, lambda: "task 2 line 39" in text_of(app))
        assert "○ #6 Approve" in text_of(app), "a person's task that is still blocked is not waited for"
        await pilot.press("j")
        await until(pilot, lambda: "cloned" in text_of(app))
        assert app.view.selected_task == 1  # type: ignore[attr-defined]
        await pilot.press("z")
        assert "#6 Approve" not in text_of(app)


async def test_80_columns_show_one_pane_the_runs_in_one_line_and_the_newest_failure(desk: Desk, tmp_path: Path):
    app = stage(desk, with_logs(team(), tmp_path, LOGS))
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: "test_subscriptions.py .....▌" in text_of(app))
        runs = app.view
        assert isinstance(runs, Runs)
        row = runs.context(80)
        assert row is not None
        words = "".join(span.text for span in row.spans)
        assert words.startswith(" ▌▶ 88 Integration tests 4:12   ▶ 89 0:48   ? 90   ✗ 86   ✓ 87 85 84")
        text = text_of(app)
        assert "#15 @ben   step 3 of 5   ends ~14:33" in text
        assert "✗ 86 Mirror docs to the CDN  exit 23 rsync, 12 minutes ago" in text
        assert "holds up #23" in text
        assert all(cell_len(line) == 80 for line in screen_text(app))
        await pilot.press("n")
        await until(pilot, lambda: "▌ 214  rsync: [receiver]" in text_of(app))
        assert runs.selected_task == 24
        await pilot.press("h", "h", "h")
        await until(pilot, lambda: runs.selected_run == 88)


async def test_narrow_tab_goes_through_the_tasks_of_the_run(desk: Desk, tmp_path: Path):
    app = stage(desk, release(tmp_path))
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: "task 2 line 39" in text_of(app))
        await pilot.press("tab")
        await until(pilot, lambda: "task 3 line 39" in text_of(app))
        assert app.view.selected_task == 3  # type: ignore[attr-defined]


async def test_without_runs_there_is_nothing_to_break(desk: Desk):
    app = stage(desk, Builder().task(1, "Alone"))
    async with app.run_test(size=(140, 36)) as pilot:
        await pilot.press("tab", "f", "n", "slash", "escape", "z", "l", "enter", "j", "G")
        assert app.view.selected_task is None  # type: ignore[attr-defined]
        assert app.view.status() == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize(("size", "ascii_only"), [((140, 36), False), ((80, 24), True)])
async def test_hostile_titles_step_names_and_output_are_shown_as_typed_and_aligned(
    desk: Desk, tmp_path: Path, size: tuple[int, int], ascii_only: bool
):
    builder = Builder()
    texts = {}
    for number, title in enumerate(HOSTILE, 1):
        builder.task(number, title, steps=[title], status="doing", assignee=title)
        builder.run(number, title, task_id=number).part(number, number, started_at=ago(1))
        builder.attempt(number, number, number, 1)
        texts[number] = f"{title}\n\x1b]0;owned\x07\x1b[2Jafter\n"
    with_logs(builder, tmp_path, texts)
    app = stage(desk, builder, ascii_only=ascii_only)
    async with app.run_test(size=size) as pilot:
        for number in range(1, len(HOSTILE) + 1):
            app.view.select_task(number)  # type: ignore[attr-defined]
            await until(pilot, lambda: "after" in text_of(app))
            assert all(cell_len(line) == size[0] for line in screen_text(app))
            assert "owned" not in text_of(app)
            assert not {"\x1b", "\x07", "\u202e"} & set(text_of(app))
        app.view.select_task(1)  # type: ignore[attr-defined]
        await until(pilot, lambda: "[@click=app.quit]x" in text_of(app))


def test_a_runs_clock_stops_when_it_ends():
    builder = Builder().task(1, "x").run(1, "x", "succeeded", created_at=at(23, 10), ended_at=at(23, 11, 30))
    assert run_lines.run_seconds(builder.runs[1], NOW) == 5400
    assert UNICODE.state["running"] == "▶"


async def follow(pilot: Pilot[None], app: Stage, desk: Desk, holds) -> None:
    """Shows the newest state of the database again and again, as the app does, until it holds."""

    def look() -> bool:
        app.show(Picture(desk.store.snapshot(), desk.now()))
        return bool(holds())

    await until(pilot, look)


async def test_a_real_run_streams_into_its_panes_and_all_of_it_is_there_for_who_comes_later(desk: Desk, tmp_path: Path):
    holds = [Hold(tmp_path / name) for name in ("first", "second")]
    python = f'"{sys.executable}" -c'
    left = desk.add("Left", f"printf 'left \\033[32mone\\033[0m\\n'; {holds[0]}; echo left two")
    right = desk.add("Right", f"{python} 'print(\"right one\")'; {holds[1]}; echo right failed >&2; exit 3")
    join = desk.add("Join", "echo never", after=[left, right])
    run = desk.start(join, with_needs=True)
    app = Stage(Runs(id="runs"), Picture(desk.store.snapshot(), desk.now()))
    app.view.store = desk.store  # type: ignore[attr-defined]
    async with app.run_test(size=(140, 36)) as pilot:
        await follow(pilot, app, desk, lambda: "left one" in text_of(app) and "right one" in text_of(app))
        assert text_of(app).count("● following") == 2
        for hold in holds:
            hold.let_go()
        await follow(pilot, app, desk, lambda: "left two" in text_of(app) and "right failed" in text_of(app))
        await follow(pilot, app, desk, lambda: "exit 3 after" in text_of(app))
    desk.ended(run)
    later = Stage(Runs(id="runs"), Picture(desk.store.snapshot(), desk.now()))
    later.view.store = desk.store  # type: ignore[attr-defined]
    async with later.run_test(size=(140, 36)) as pilot:
        await until(pilot, lambda: "right failed" in text_of(later) and "left two" in text_of(later))
        assert "left one" in text_of(later)
