"""What every screen keeps to: whole lines at every size, text as it was typed, colours and signs of the theme alone."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from rich.cells import cell_len

from taskterm.core import palette
from taskterm.tui import theme
from taskterm.tui.text import visible
from tests.tui.drive import NOW, Drive, fill, opened

pytestmark = pytest.mark.usefixtures("home")

HOSTILE = (
    "[@click=app.quit]x",
    "Fix [/foo] [bold red]now",
    "$(touch pwned) `touch pwned`",
    "日本語 🚀 のテスト",
    "שלום עולם fix",
    "مرحبا بالعالم",
)
SIZES = ((140, 40), (80, 24), (60, 24))
SOURCES = Path(__file__).resolve().parents[2] / "taskterm" / "tui"


def check_lines(drive: Drive) -> None:
    """Every line of the screen fills it exactly: no column was pushed out of its place."""
    width, height = drive.app.size
    lines = drive.lines
    assert len(lines) == height
    for number, line in enumerate(lines):
        assert cell_len(line) == width, f"line {number} takes {cell_len(line)} of {width} cells: {line!r}"
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line), f"line {number} holds a control character: {line!r}"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", ["1", "2", "3", "4", "7"])
async def test_hostile_titles_are_shown_as_typed_in_every_view_at_every_size(
    tmp_path: Path, size: tuple[int, int], view: str
) -> None:
    tasks = ({"title": t, "assignee": "ana", "after": [n] if n else []} for n, t in enumerate(HOSTILE))
    fill(tmp_path / "t.db", *tasks)
    async with opened(tmp_path / "t.db", size) as drive:
        await drive.press(view)
        await drive.pilot.pause()
        check_lines(drive)
        if view == "1":
            start = {title: visible(title).strip("\u2068\u2069")[:8] for title in HOSTILE}
            assert all(part in drive.text for part in start.values())


async def test_hostile_titles_are_shown_as_typed_in_dialogs_palette_and_answers(tmp_path: Path) -> None:
    title = "[@click=app.quit]x [/foo] 日本語 🚀"
    fill(tmp_path / "t.db", {"title": title}, {"title": "Next", "after": [1]})
    async with opened(tmp_path / "t.db") as drive:
        for keys in (("d",), ("e",), ("c",), ("l",), ("colon", "x"), ("3",), ("1", "enter")):
            await drive.press(*keys)
            await drive.pilot.pause()
            assert title in drive.text, f"after {keys}"
            check_lines(drive)
            await drive.press("escape")
        await drive.press("1", "j", "space")
        await drive.answered(title)
        await drive.press("y")
        await drive.press("slash")
        await drive.type("[/foo]")
        await drive.until(lambda: "1 of 2" in drive.text, "the filtered list")
        check_lines(drive)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", ["a", "e", "question_mark", "colon", "d", "l", "c", "W", "slash", "enter"])
async def test_every_overlay_is_whole_at_every_size(tmp_path: Path, size: tuple[int, int], keys: str) -> None:
    fill(tmp_path / "t.db", {"title": "Write the release notes of this winter", "tags": ["a"], "assignee": "ana"})
    async with opened(tmp_path / "t.db", size) as drive:
        await drive.press(keys)
        await drive.pilot.pause()
        check_lines(drive)
        assert "1 Tasks" in drive.lines[0]
        assert "━━━" in drive.lines[1]
        await drive.press("escape")
        await drive.pilot.pause()
        check_lines(drive)


async def test_a_resize_leaves_no_line_of_the_old_width(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db") as drive:
        for width, height in ((80, 24), (60, 24), (200, 60), (110, 30)):
            await drive.pilot.resize_terminal(width, height)
            await drive.pilot.pause()
            check_lines(drive)
            assert drive.lines[0].rstrip().endswith("14:32")


async def test_without_colour_nothing_has_a_hue_and_the_cursor_row_is_reversed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    fill(tmp_path / "t.db", {"title": "Write", "due": "2026-11-20T00:00:00Z", "priority": "H"})
    async with opened(tmp_path / "t.db") as drive:
        styles = [s.style for strip in drive.app.screen._compositor.render_strips() for s in strip if s.style]
        assert all(style.color is None or style.color.is_default for style in styles)
        assert all(style.bgcolor is None or style.bgcolor.is_default for style in styles)
        strips = drive.app.screen._compositor.render_strips()
        row = next(strip for strip in strips if strip.text.startswith("▌"))
        title = next(segment for segment in row if "Write" in segment.text)
        assert title.style is not None
        assert title.style.reverse
        assert title.style.bold


@pytest.mark.parametrize("keys", ["1", "2", "3", "4", "7", "a", "colon", "question_mark", "l", "e", "d"])
async def test_with_the_ascii_signs_every_character_of_the_program_is_ascii(tmp_path: Path, keys: str) -> None:
    late = {"title": "Late", "due": "2026-11-20T00:00:00Z", "steps": [{"run": "true"}]}
    store = fill(tmp_path / "t.db", {"title": "Write"}, {"title": "Publish it", "after": [1]}, late)
    store.execute("edit", {"refs": [3], "set": {"title": "Later", "notes": "Two\nlines"}}, actor="ben", now=NOW)
    async with opened(tmp_path / "t.db", ascii_only=True) as drive:
        drive.app.go_to(3)
        await drive.until(lambda: "now called" in drive.text, "its history")  # what was changed is quoted there
        await drive.press(keys)
        await drive.pilot.pause()
        foreign = {character for character in drive.text if not character.isascii()}
        assert not foreign, {unicodedata.name(c) for c in foreign}


@pytest.mark.parametrize("name", palette.THEMES)
def test_every_text_colour_is_readable_on_every_ground_it_is_used_on(name: str) -> None:
    colours = palette.THEMES[name]
    assert colours.keys() == palette.DARK.keys()
    least = 7 if name in ("black", "white") else 4.5
    for role in ("text", "soft", "mute", "accent", "run", "ready", "warn", "fail", "done"):
        for ground in ("bg", "surface", "raised", "select", "t_fail", "t_acc"):
            if name in ("dark", "light") and ground.startswith("t_") and role in ("mute", "done", "run"):
                continue  # nothing of these stands on a tint
            ratio = contrast(colours[role], colours[ground])
            assert ratio >= least, f"{role} on {ground}: {ratio:.1f}"
    assert contrast(colours["on_accent"], colours["accent"]) >= least
    for ground in ("bg", "surface", "raised"):
        assert contrast(colours["line2"], colours[ground]) >= (2.7 if ground == "raised" else 3)


def test_the_grounds_of_a_theme_are_light_or_dark_as_its_name_is_listed() -> None:
    for name, colours in palette.THEMES.items():
        assert (luminance(colours["bg"]) > 0.5) == (name in palette.LIGHT_ONES), name


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2: from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    values = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_both_glyph_sets_take_one_cell_a_sign_and_name_every_state() -> None:
    for glyphs in (theme.UNICODE, theme.PLAIN):
        signs = [*glyphs.state.values(), glyphs.late, glyphs.cursor, glyphs.bar, glyphs.rest, glyphs.more_down]
        signs += [*glyphs.box, *glyphs.dashed, *glyphs.selected, *glyphs.running, glyphs.arrow, glyphs.ellipsis]
        assert all(cell_len(sign) == 1 for sign in signs)
        assert len(set(glyphs.state.values())) == 8
    assert all(len(branch) == 3 for glyphs in (theme.UNICODE, theme.PLAIN) for branch in glyphs.tree.values())


def test_no_file_but_the_theme_names_a_colour() -> None:
    for path in SOURCES.rglob("*.py"):
        if path.name != "theme.py":
            assert not re.search(r"[\"'\s]#[0-9a-fA-F]{6}\b", path.read_text()), path.name


def test_no_widget_gives_user_text_to_a_markup_reader() -> None:
    for path in SOURCES.rglob("*.py"):
        reads = r"from_markup|border_title|border_subtitle|\.notify\(|Static\(|widgets import .*Label\b"
        found = re.search(reads, path.read_text())
        assert found is None, f"{path.name}: {found.group() if found else ''}"


async def test_a_window_that_grows_shows_the_selected_task_in_the_pane_at_once(tmp_path: Path) -> None:
    fill(tmp_path / "tasks.db", {"title": "Talk to legal", "assignee": "lena"})
    async with opened(tmp_path / "tasks.db", (80, 24)) as drive:
        assert "#1 Talk to legal" not in drive.text
        await drive.pilot.resize_terminal(140, 40)
        await drive.until(lambda: "#1 Talk to legal" in drive.text, "the pane")


async def test_a_window_that_is_too_small_says_so_and_has_everything_again_when_it_grows(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"}, {"title": "Publish"})
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("j")
        for size in ((39, 20), (80, 9), (20, 3), (8, 1)):
            await drive.pilot.resize_terminal(*size)
            await drive.pilot.pause()
            check_lines(drive)
            assert "Write" not in drive.text
            assert str(size[0]) in drive.text
        await drive.pilot.resize_terminal(60, 20)
        await drive.until(lambda: "Publish" in drive.text and drive.app.focused is not None, "the list")
        check_lines(drive)
        await drive.press("space")
        await drive.answered("#2 done")


async def test_the_help_of_a_narrow_window_leaves_commands_out_and_wraps_what_they_mean(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db", (60, 20)) as drive:
        await drive.press("question_mark")
        await drive.until(lambda: "Do it anyway" in drive.text, "the help")
        assert "taskterm done ID --force" not in drive.text
        await drive.press("G")
        await drive.until(lambda: "ends the syntax" in drive.text, "its end")
        check_lines(drive)
