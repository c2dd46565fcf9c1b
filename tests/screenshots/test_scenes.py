"""What the scenes promise: the real program in the state that the picture is about, the same each time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rich.cells import cell_len

from taskterm.store.store import Store
from tests.screenshots import scenes
from tests.screenshots.make import read_screen
from tests.screenshots.sample import NAME, sample
from tests.screenshots.scenes import SCENES, Scene, Shot
from tests.screenshots.told import at_home

FACTS = {
    "tasks": (
        " ◆ taskterm   1 Tasks   2 Board   3 Deps   4 Runs",
        "team.db in ~   ● live   14:32",
        "▶ 3 running   ✗ 1 failed   ○ 5 ready   ◆ 2 late   ⊘ 9 blocked",
        "▌ ▶ #15 H  Integration tests               ━━━━━─── 4:12 of ~6:30    @ben          17:00",
        "exit 23 rsync, 12 min",
        "○ #35 M  Badge and desk for 佐藤 Yuki    est 1 h                   @dana        Wed 25",
        "2 d late",
        "running 4:12 · about 2 min left",
        "tests/test_subscriptions.py .....",
        "Done today 8",
    ),
    "tasks-light": ("▌ ▶ #15 H  Integration tests", "◆ 2 late"),
    "tasks-ascii": (
        "| > #15 H  Integration tests               =====--- 4:12 of ~6:30",
        "! #25 M  Mirror docs to the CDN          exit 23 rsync",
        "> 3 running   ! 1 failed   o 5 ready   ^ 2 late   % 9 blocked",
    ),
    "tasks-60": ("▌ ▶ #15 Integration tests     ━━━─ 4:12 of ~6:30      17:00", "2 d late", "22 of 52"),
    "board": ("Blocked 10", "Doing 5", "Review 2", "exit 23 rsync 2/3", "← 3 open #15 #16 #18", "21 earlier"),
    "board-drag": ("Doing 5 / 5           full", "#35 lifted", "Ready → Doing   ! Doing would hold 6, its limit is 5"),
    "board-lanes": ("@chloe 5   Blocked 3 · Doing 1 · Review 1", "holds up 6 · 3 h", "nobody 1"),
    "board-80x24": ("◀ Blocked 10", "Done 8 ▶", "▶ 3   ✗ 1   ○ 5   ◆ 2 late   ⊘ 9", "━━━━━━─── 6:00 2/3"),
    "tree": (
        "Deps of #19 Approve 2.4.0 · site.release",
        "▌ ┃  ┗━ ◐ #17 H Write release notes 2.4.0     ━━━━━━── 3 h of ~4 h",
        "↑ #11 Freeze the 2.4.0 scope    shown above",
        "Waited for",
        "@chloe The upgrade steps are missing,",
    ),
    "diagram": (
        "Diagram of everything open · 23 tasks · #17 and what waits for it",
        "┃ ◐ #17 Write release ┃     ╎ ⊘ #18 Review        ╎",
        "│ ━━━━── 4:12 @ben    │",
        "holds up  6 tasks · @ana 5 · @chloe 1",
        "finish    ~15:27 · then #22 ~17:52",
        "layers 1-5 of 8",
    ),
    "diagram-80x24": ("┃ ◐ #17 Write release ┃", "◐ holds up 6 · 3 h  @chloe", "━━▶ critical"),
    "runs": (
        "▶ 10 release 2.4.0               9:13",
        "?  8 Rotate the backup keys",
        "▶ 10 Integration tests #15 @ben",
        "▶ 10 Security scan #16 @ben",
        "▶ 10 Build the web image #24 @ben",
        "tests/test_subscriptions.py .....▌",
        "shop/orders.py ▌",
        "--self-test ▌",
        "3 panes",
    ),
    "runs-failed": (
        "exit 23 after 0:37 · 14:19   line 165 of 195",
        "✓ build html 0:18   ✗ rsync 0:07   – purge cache, skipped",
        "attempt ✗ ✗ ✗ 3 of 3",
        "▌  165  rsync: mkstemp",
        "first error shown",
    ),
    "runs-80x24": ("▌▶ 10 release 2.4.0 9:13   ? 8   ✗ 9", "#15 @ben   step 3 of 5   ends ~14:34", "holds up #23"),
    "history": (
        "  Today",
        "changed #16 Security scan: step changed: run",
        "finished #11 Freeze the 2.4.0 scope · released #12 #13 #17 #25",
        "  Yesterday",
        "U undo this one",
    ),
    "history-80x24": ("  Today", "@ben       changed #16 Security scan", "7 History"),
    "capture": (
        f"› {scenes.PASTED}{scenes.TYPED}",
        "▶ #15 Integration tests @ben",
        "“web” is not one task yet",
        "Fri 27 Nov 17:00 (in 4 days)",
        "blocked by #15",
    ),
    "marked": ("Change 3 tasks", "changes 3 tasks: owner @dana, due Fri 27 Nov, +onsite", "■ 3 marked"),
    "conflict": (
        "! 2 fields changed twice: #33 Order laptop for Yuki",
        "@dana changed this while you were typing. Nothing is written yet.",
        "● Thu 26 Nov 12:00",
        "3 keep the lines of both   m merge them in your editor",
    ),
    "palette": ("For #25 Mirror docs to the CDN", "taskterm run 25", "taskterm workflow start FILE", "Smoke tests"),
    "link": ("Link #25 Mirror docs to the CDN", "If you link these", "taskterm link 21 --after 25", "linked already"),
    "trust": (
        "Run these commands?",
        "$ ./rotate.sh --all --shred",
        "in /srv/backup",
        "with VAULT=vault1.shop.example",
        "y approve and run",
    ),
    "first-run": ("tasks.db in ~", "nothing here yet", "People’s tasks and shell steps, one graph.", "Add a task"),
}
"""By name of the scene, what its screen must show, each within one line."""


def name_of(scene: Scene) -> str:
    own: dict[Scene, str] = {scenes.first_run_scene: "first-run", scenes.conflict_scene: "conflict"}
    return str(getattr(scene, "args", [own.get(scene)])[0])


def lines_of(shot: Shot) -> list[str]:
    """The picture's screen as text."""
    screen = read_screen(shot.svg)
    assert (screen.columns, screen.rows) == shot.size
    lines = [""] * screen.rows
    for run in sorted(screen.runs, key=lambda run: (run.row, run.column)):
        lines[run.row] += " " * (run.column - cell_len(lines[run.row])) + run.text
    return lines


def test_every_scene_has_its_facts_and_every_picture_of_the_readme_its_scene():
    assert [name_of(scene) for scene in SCENES] == list(FACTS)
    assert {"tasks", "capture", "board", "tree", "runs"} <= set(FACTS)


@pytest.mark.parametrize("scene", SCENES, ids=name_of)
async def test_a_scene_shows_what_its_picture_is_about_and_twice_the_same(scene: Scene):
    shot = await scene()
    lines = lines_of(shot)
    for fact in FACTS[shot.name]:
        assert any(fact in line for line in lines), f"{fact!r} is not in\n" + "\n".join(lines)
    again = await scene()
    assert "\n".join(lines_of(again)) == "\n".join(lines)  # a difference is readable here
    assert again.svg == shot.svg


async def test_a_database_made_anew_gives_the_same_picture(monkeypatch: pytest.MonkeyPatch):
    first = [await SCENES[0](), await scenes.play("runs", scenes.runs)]
    with sample() as home:
        monkeypatch.setattr(scenes, "team_home", lambda: home)
        assert [await SCENES[0](), await scenes.play("runs", scenes.runs)] == first


def test_the_sample_is_what_commands_have_made_and_nothing_is_left_of_it():
    with sample() as home, at_home(home):
        store = Store(str(home / NAME))
        history = store.history(limit=1000)
        verbs = {operation.verb for operation, _ in history}
        assert {"create", "add", "start", "done", "comment", "move", "run_create", "attempt_end"} <= verbs
        assert [operation.at for operation, _ in history] == sorted(
            (operation.at for operation, _ in history), reverse=True
        )
        assert store.snapshot().operation == history[0][0].id
    assert not home.exists()


def test_a_scene_leaves_the_environment_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("NO_COLOR", "1")
    before = dict(os.environ)
    with at_home(tmp_path):
        assert "NO_COLOR" not in os.environ
        assert os.environ["HOME"] == str(tmp_path)
    assert dict(os.environ) == before


async def test_no_scene_writes_into_the_sample():
    with at_home(scenes.team_home()):
        store = Store(str(scenes.team_home() / NAME))
        before = store.snapshot().operation
        for act in (scenes.trust, scenes.link, scenes.capture):
            await scenes.play("one", act)
        assert store.snapshot().operation == before
