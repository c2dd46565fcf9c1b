"""Every view as a picture, letter by letter and colour by colour: three sizes, dark and light, on a team's database.

A picture that should change is looked at first, then taken again: `python -m pytest tests/tui/test_snapshots.py
--snapshot-update`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_textual_snapshot import SVGImageExtension, normalize_svg

from tests.screenshots.scenes import on_stage, shows, team_home, told
from tests.tui.drive import Drive

SIZES = ((80, 24), (120, 40), (200, 60))
BESIDE = 110
"""From this width on there is a pane beside list and tree, which is waited for."""


async def tasks(drive: Drive) -> None:
    drive.app.go_to(15)
    await shows(drive, "test_subscriptions" if drive.app.size.width >= BESIDE else "Integration")


async def board(drive: Drive) -> None:
    await drive.press("2")
    drive.app.go_to(17)
    await shows(drive, "Doing", "Write release notes")


async def tree(drive: Drive) -> None:
    drive.app.go_to(19)
    await drive.press("3")
    await shows(drive, "Deps of #19", "Waited for" if drive.app.size.height >= 40 else "#17")


async def diagram(drive: Drive) -> None:
    drive.app.go_to(17)
    await drive.press("3", "g")
    await shows(drive, "━━▶ critical", "#17 Write release")
    await drive.press("z")


async def runs(drive: Drive) -> None:
    await drive.press("4")
    drive.app.go_to(15)
    await shows(drive, "test_subscriptions")


async def history(drive: Drive) -> None:
    await drive.press("7")
    await shows(drive, "Security scan waits", "operation")


async def page(drive: Drive) -> None:
    drive.app.go_to(17)
    await drive.press("enter")
    await shows(drive, "Releases")


VIEWS = {scene.__name__: scene for scene in (tasks, board, tree, diagram, runs, history, page)}


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", SIZES, ids=[f"{width}x{height}" for width, height in SIZES])
@pytest.mark.parametrize("view", VIEWS)
async def test_a_view_looks_as_it_did(
    view: str, size: tuple[int, int], theme: str, snapshot: Any, request: pytest.FixtureRequest
) -> None:
    kept = Path(__file__).with_name("__snapshots__") / "test_snapshots" / f"{request.node.name}.svg"
    async with on_stage(team_home(), size, theme=f"taskterm-{theme}") as drive:
        await VIEWS[view](drive)
        await told(drive)
        await drive.pilot.pause()
        if kept.exists() and not request.config.getoption("--snapshot-update"):
            # What threads have still to tell comes later on a slow machine; a picture that is another one never does.
            expected = kept.read_text(encoding="utf-8")
            await drive.until(lambda: normalize_svg(drive.app.export_screenshot()) == expected, "the picture as it was")
        assert drive.app.export_screenshot() == snapshot(extension_class=SVGImageExtension)
