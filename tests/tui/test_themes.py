"""Themes: each can be looked at while one chooses, escape puts the old one back, enter keeps it in config.toml."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from taskterm import settings
from taskterm.core.palette import THEMES
from taskterm.tui.screens.themes import ABOUT, Themes
from tests.tui.drive import Drive, fill, opened
from tests.tui.test_look import check_lines

pytestmark = pytest.mark.usefixtures("home")


def grounds(drive: Drive, line: int = 6) -> set[str]:
    """The backgrounds of one line of the list, as they are on the screen."""
    strip = drive.app.screen_stack[0]._compositor.render_strips()[line]
    return {segment.style.bgcolor.name for segment in strip if segment.style and segment.style.bgcolor}


async def worn(drive: Drive, name: str) -> None:
    """Wait until the whole screen wears a theme."""
    await drive.until(lambda: drive.app.theme == f"taskterm-{name}", name)
    if name in THEMES:
        await drive.until(lambda: THEMES[name]["bg"] in grounds(drive), f"the ground of {name}")


def kept() -> dict[str, object]:
    path = Path(settings.config_path(os.environ))
    return tomllib.loads(path.read_text()) if path.exists() else {}


async def test_the_screen_wears_the_theme_under_the_cursor_and_enter_keeps_it(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"}, {"title": "Publish"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("T")
        await drive.until(lambda: isinstance(drive.app.screen, Themes) and drive.app.screen.focused is not None)
        names = list(settings.THEMES)
        for name in names[1:]:
            await drive.press("j")
            await worn(drive, settings.theme_on(name))
            check_lines(drive)
        await drive.press(*["k"] * (len(names) - 1 - names.index("paper")))
        await drive.until(lambda: drive.app.theme == "taskterm-paper", "paper")
        assert kept() == {}
        await drive.press("enter")
        await drive.answered("theme is paper")
        assert kept() == {"theme": "paper"}
        assert THEMES["paper"]["bg"] in grounds(drive)


async def test_escape_puts_the_old_theme_back_and_writes_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db", theme="taskterm-dusk") as drive:
        await drive.press("T")
        await drive.until(lambda: isinstance(drive.app.screen, Themes) and drive.app.screen.focused is not None)
        await drive.press("j", "j", "escape")
        await drive.until(lambda: drive.app.theme == "taskterm-dusk", "the old theme")
        assert not isinstance(drive.app.screen, Themes)
        assert kept() == {}


async def test_a_theme_that_cannot_be_kept_is_worn_all_the_same_and_the_reason_is_said(tmp_path: Path) -> None:
    path = Path(settings.config_path(os.environ))
    path.parent.mkdir(parents=True)
    path.write_text("theme = \n")
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("T")
        await drive.until(lambda: isinstance(drive.app.screen, Themes) and drive.app.screen.focused is not None)
        await drive.press("j", "enter")
        await drive.answered("config.toml line 1")
        assert drive.app.theme == "taskterm-dusk"
        assert path.read_text() == "theme = \n"


async def test_without_colour_there_is_no_theme_to_choose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db", theme="taskterm-ansi") as drive:
        await drive.press("T")
        await drive.answered("NO_COLOR")
        assert drive.app.theme == "taskterm-plain"


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_the_themes_fit_on_a_small_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db", size) as drive:
        await drive.press("T")
        await drive.until(lambda: all(name in drive.text for name in settings.THEMES), "every theme")
        check_lines(drive)


def test_every_theme_says_what_it_is_like() -> None:
    assert tuple(ABOUT) == settings.THEMES
