"""What goes on beside the keys: signs turn only while something runs, a run's end is told once, hints go away."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from taskterm import settings
from taskterm.tui import hints, notices
from taskterm.tui.manner import Manner, configured
from taskterm.tui.widgets.tasks import Tasks
from tests.tui.drive import NOW, Drive, fill, opened
from tests.tui.running import begin, end

pytestmark = pytest.mark.usefixtures("home")

STEPS = ({"title": "Build the wheel", "steps": [{"run": "true"}]}, {"title": "Write", "assignee": "ana"})


def listen(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the terminal is sent from now on, past the screen."""
    sent: list[str] = []
    assert drive.app._driver is not None
    monkeypatch.setattr(drive.app._driver, "write", sent.append)
    return sent


# ── notices


async def test_the_end_of_a_run_is_told_once_in_the_way_that_was_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("TMUX", "VTE_VERSION"):
        monkeypatch.delenv(name, raising=False)
    store = fill(tmp_path / "t.db", *STEPS)
    run_id = begin(store, 1, actor="ana")
    async with opened(tmp_path / "t.db", manner=Manner(notify="both")) as drive:
        sent = listen(drive, monkeypatch)
        end(store, run_id, 1, "failed")
        await drive.until(lambda: drive.app.picture.snapshot.runs[run_id].state == "failed", "the end")
        assert sent == [f"\a\x1b]9;run {run_id} failed: Build the wheel\a"]
        drive.act("edit", refs=[2], set={"title": "Write it"})
        await drive.until(lambda: "Write it" in drive.text, "another picture")
        assert len(sent) == 1


@pytest.mark.parametrize(("notify", "actor"), [("off", "ana"), ("both", "chloe")])
async def test_nothing_is_told_unasked_nor_about_the_runs_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notify: str, actor: str
) -> None:
    store = fill(tmp_path / "t.db", *STEPS)
    run_id = begin(store, 1, actor=actor)
    async with opened(tmp_path / "t.db", manner=Manner(notify=notify)) as drive:
        sent = listen(drive, monkeypatch)
        end(store, run_id, 1, "succeeded")
        await drive.until(lambda: drive.app.picture.snapshot.runs[run_id].state == "succeeded", "the end")
        assert sent == []


async def test_a_run_of_somebody_else_that_is_watched_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = fill(tmp_path / "t.db", *STEPS)
    run_id = begin(store, 1, actor="chloe")
    async with opened(tmp_path / "t.db", manner=Manner(notify="bell")) as drive:
        await drive.press("4")
        sent = listen(drive, monkeypatch)
        drive.act("edit", refs=[2], set={"title": "Write it"})
        await drive.until(lambda: drive.app.picture.snapshot.tasks[2].title == "Write it", "another picture")
        end(store, run_id, 1, "succeeded")
        await drive.until(lambda: drive.app.picture.snapshot.runs[run_id].state == "succeeded", "the end")
        assert sent == ["\a"]


@pytest.mark.parametrize("looks", [True, False])
async def test_who_looks_at_the_window_is_not_told_what_is_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looks: bool
) -> None:
    store = fill(tmp_path / "t.db", *STEPS)
    run_id = begin(store, 1, actor="ana")
    async with opened(tmp_path / "t.db", manner=Manner(notify="bell")) as drive:
        drive.app.app_focus = False
        await drive.pilot.pause()
        drive.app.app_focus = looks
        await drive.pilot.pause()
        sent = listen(drive, monkeypatch)
        end(store, run_id, 1, "succeeded")
        await drive.until(lambda: drive.app.picture.snapshot.runs[run_id].state == "succeeded", "the end")
        assert sent == ([] if looks else ["\a"])


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("\x1b\a;\x9c\x9d\n\u202e"), max_size=200))
@hypothesis_settings(max_examples=40)
@pytest.mark.parametrize(
    ("environment", "begin_", "end_"),
    [
        ({"TERM": "xterm-kitty"}, "\x1b]9;", "\a"),
        ({"TERM": "foot"}, "\x1b]777;notify;TaskTerm;", "\a"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, "\x1b]777;notify;TaskTerm;", "\a"),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/x"}, "\x1bPtmux;\x1b\x1b]9;", "\a\x1b\\"),
    ],
)
def test_no_title_gets_out_of_the_notification(environment: dict[str, str], begin_: str, end_: str, text: str) -> None:
    made = notices.sequence("desktop", text, environment)
    assert made.startswith(begin_)
    assert made.endswith(end_)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", made[len(begin_) : -len(end_)])
    assert notices.sequence("off", text, environment) == ""
    assert notices.sequence("bell", text, environment) == "\a"


# ── motion


async def test_the_sign_of_what_runs_turns_in_view_and_stands_still_when_it_has_ended(tmp_path: Path) -> None:
    store = fill(tmp_path / "t.db", *STEPS)
    run_id = begin(store, 1, actor="ana")
    async with opened(tmp_path / "t.db", manner=Manner(motion=True)) as drive:
        assert drive.app.attendant._turning is not None
        seen: set[str] = set()
        for _ in range(3):
            drive.app.attendant._turn()
            await drive.pilot.pause()
            seen.add(next(line for line in drive.lines if line.startswith("▌"))[2])
        assert len(seen) == 3
        assert seen < set("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
        assert "1 Tasks" in drive.lines[0]
        assert "▶ 1 running" in drive.lines[2]
        end(store, run_id, 1, "succeeded")
        await drive.until(lambda: drive.app.picture.snapshot.runs[run_id].state == "succeeded", "the end")
        await drive.pilot.pause()
        assert not any(sign in drive.text for sign in "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
        assert drive.app.attendant._turning is None


@pytest.mark.parametrize("still", [{"manner": Manner()}, {"manner": Manner(motion=True), "ascii_only": True}])
async def test_without_motion_nothing_turns(tmp_path: Path, still: dict[str, Any]) -> None:
    store = fill(tmp_path / "t.db", *STEPS)
    begin(store, 1, actor="ana")
    async with opened(tmp_path / "t.db", **still) as drive:
        assert drive.app.attendant._turning is None
        assert drive.app.query_one(Tasks)._sign is None


async def test_clocks_go_in_steps_of_five_seconds_without_motion(tmp_path: Path) -> None:
    store = fill(tmp_path / "t.db", *STEPS)
    begin(store, 1, actor="ana")
    seconds = iter([*range(1, 11)] * 50)
    times: list[int] = []
    async with opened(tmp_path / "t.db", manner=Manner(motion=False)) as drive:
        drive.app.attendant.clock = lambda: NOW.replace(second=next(seconds))
        drive.app.lens.tick = lambda now: times.append(now.second) or drive.app.picture  # type: ignore[method-assign,func-returns-value]
        for _ in range(10):
            drive.app.attendant.tick()
        assert times == [5, 10]


# ── hints


async def test_a_hint_is_shown_to_who_is_new_three_times_and_never_again(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *STEPS)
    file = Path(settings.folder("state"), "hints")
    for number in (1, 2, 3):
        async with opened(tmp_path / "t.db", manner=Manner(hints=True)) as drive:
            await drive.press("2")
            await drive.until(lambda: "cards are dragged" in drive.lines[2], "the hint")
        assert hints.read(file.read_text())["board"] == number
    async with opened(tmp_path / "t.db", manner=Manner(hints=True)) as drive:
        await drive.until(lambda: drive.app.attendant._shown is not None, "what was shown")
        await drive.press("2")
        await drive.pilot.pause()
        assert "new here" not in drive.text


async def test_hints_can_be_switched_off_and_give_way_to_the_counts(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *STEPS)
    async with opened(tmp_path / "t.db", manner=Manner(hints=False)) as drive:
        assert "new here" not in drive.text
    async with opened(tmp_path / "t.db", (80, 24), manner=Manner(hints=True)) as drive:
        await drive.until(lambda: drive.app.attendant._shown is not None, "what was shown")
        await drive.pilot.pause()
        assert "○ 2 ready" in drive.lines[2]


def test_the_manner_is_that_of_the_config(tmp_path: Path) -> None:
    path = Path(settings.config_path(os.environ))
    assert configured(settings.read_config()) == Manner("off", hints=True, motion=True)
    path.parent.mkdir(parents=True)
    path.write_text('notify = "desktop"\nhints = false\nmotion = "off"\n')
    assert configured(settings.read_config()) == Manner("desktop", hints=False, motion=False)


@given(st.text(max_size=60))
def test_a_file_of_hints_that_is_broken_is_an_empty_one(text: str) -> None:
    assert hints.read(hints.written(hints.read(text))) == hints.read(text)


async def test_the_time_of_day_goes_on_also_when_the_picture_is_of_this_minute_already(tmp_path: Path) -> None:
    now = [NOW]
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db", clock=lambda: now[0]) as drive:
        assert "14:32" in drive.lines[0]
        now[0] = NOW + timedelta(minutes=1)
        drive.app.show_picture(drive.app.lens.tick(now[0]))
        drive.app.attendant.tick()
        await drive.until(lambda: "14:33" in drive.lines[0], "the clock")


async def test_what_is_wrong_with_the_preferences_is_said_on_the_screen(tmp_path: Path, home: dict[str, str]) -> None:
    config = Path(home["XDG_CONFIG_HOME"], "taskterm", "config.toml")
    config.parent.mkdir(parents=True)
    config.write_text('theme = "no such"\nnotify = 3\n')
    fill(tmp_path / "t.db", {"title": "Old"})
    async with opened(tmp_path / "t.db", (180, 30), manner=configured(settings.read_config())) as drive:
        await drive.answered("config.toml line 1")
        assert "going on without it (1 more: taskterm config list)" in drive.answer
