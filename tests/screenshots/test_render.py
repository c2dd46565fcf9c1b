"""What the pictures promise: the same bytes each time, everything on the grid, box lines without seams, no web."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

from tests.screenshots.make import (
    CELL_HEIGHT,
    CELL_WIDTH,
    HEAD,
    MARGIN,
    SCALE,
    find_browser,
    lay_out,
    read_screen,
    render,
    take,
)
from tests.screenshots.scenes import Shot

SAMPLE = """\
0123456789
日本語 ab|
12345678 |
┏━━━┓┌───┐
┃   ┃│   │
┗━━━┛└───┘
▎
▎"""
SIZE = (30, 8)
SVG = "{http://www.w3.org/2000/svg}"


class Sample(App[None]):
    """A screen with wide characters and boxes."""

    CSS = "Screen, Static { background: #0f1116; color: #dfe3ea; }"
    TITLE = "taskterm · sample"

    def compose(self) -> ComposeResult:
        yield Static(Content(SAMPLE))


@pytest.fixture
async def svg() -> str:
    app = Sample()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        return app.export_screenshot()


needs_browser = pytest.mark.skipif(
    find_browser() is None, reason="no Chromium to draw with (Debian: apt install chromium)"
)


def pixels(png: Path) -> list[list[bytes]]:
    """The rows of a PNG as Chromium writes it (8 bits, RGB or RGBA, not interlaced), a pixel being its bytes."""
    data = png.read_bytes()
    width, height, depth, colour, *_, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    assert (depth, interlaced) == (8, 0)
    size = {2: 3, 6: 4}[colour]
    chunks, place = b"", 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        if data[place + 4 : place + 8] == b"IDAT":
            chunks += data[place + 8 : place + 8 + length]
        place += length + 12
    raw, stride, rows = zlib.decompress(chunks), width * size, []
    before = bytearray(stride)
    for y in range(height):
        kind, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1 : (y + 1) * (stride + 1)])
        for i in range(stride):
            left, up, corner = (line[i - size], before[i], before[i - size]) if i >= size else (0, before[i], 0)
            guess = left + up - corner
            nearest = min((abs(guess - value), order, value) for order, value in enumerate((left, up, corner)))[2]
            line[i] = (line[i] + (0, left, up, (left + up) // 2, nearest)[kind]) & 255
        rows.append([bytes(line[i : i + size]) for i in range(0, stride, size)])
        before = line
    return rows


def middle(column: float, row: float) -> tuple[int, int]:
    """The pixel at the middle of a cell: (x, y)."""
    return (
        int((MARGIN + (column + 0.5) * CELL_WIDTH) * SCALE),
        int((HEAD + (row + 0.5) * CELL_HEIGHT) * SCALE),
    )


def even(line: list[bytes]) -> bool:
    """Whether pixels have one colour, but for what rounding makes of it."""
    return all(max(values) - min(values) <= 2 for values in zip(*line, strict=True))


async def test_a_screen_is_read_back_into_cells(svg):
    screen = read_screen(svg)
    assert (screen.columns, screen.rows, screen.title) == (*SIZE, "taskterm · sample")
    assert [run.text.rstrip() for run in screen.runs if run.text.strip()] == SAMPLE.splitlines()
    assert [run.row for run in screen.runs if run.text.strip()] == list(range(8))
    assert {fill.colour for fill in screen.fills} == {"#0f1116"}


async def test_each_character_stands_in_the_middle_of_its_own_cells(svg):
    drawn, _, _ = lay_out(svg)
    texts = [text for text in ElementTree.fromstring(drawn).iter(f"{SVG}text") if text.get("class") != "title"]
    wide = {text.text: float(text.get("x", "")) for text in texts if text.text in {"日", "本", "語"}}
    assert wide == {"日": CELL_WIDTH, "本": 3 * CELL_WIDTH, "語": 5 * CELL_WIDTH}
    (behind,) = [text for text in texts if text.text == "ab|"]
    assert behind.get("x", "").split() == [f"{(cell + 0.5) * CELL_WIDTH:g}" for cell in (7, 8, 9)]


async def test_a_picture_asks_the_web_for_nothing(svg):
    assert "https://" in svg
    drawn, _, _ = lay_out(svg)
    assert re.findall(r"\w+://[^\"' ]+", drawn) == ["http://www.w3.org/2000/svg"]


def test_what_is_no_screen_is_refused():
    with pytest.raises(ValueError, match="not a screen"):
        read_screen('<svg xmlns="http://www.w3.org/2000/svg"/>')


@needs_browser
async def test_two_runs_give_the_same_bytes_and_the_size_of_the_screen(svg, tmp_path):
    async def sample() -> Shot:
        return Shot("sample", SIZE, svg)

    async def other() -> Shot:
        return Shot("other", SIZE, svg)

    (first,) = await take((sample, other), tmp_path / "first", ["sample"])
    (second,) = await take((sample,), tmp_path / "second", [])
    assert first.name == second.name == "sample.png"
    assert first.read_bytes() == second.read_bytes()
    width, height = struct.unpack(">II", first.read_bytes()[16:24])
    assert width == (SIZE[0] * CELL_WIDTH + 2 * MARGIN) * SCALE
    assert height == (SIZE[1] * CELL_HEIGHT + HEAD + MARGIN) * SCALE


@needs_browser
async def test_box_lines_join_without_a_seam(svg, tmp_path):
    render(svg, tmp_path / "screen.png")
    rows = pixels(tmp_path / "screen.png")
    for left, right in ((0, 4), (5, 9)):  # the heavy box, the light box
        (x_left, top), (x_right, bottom) = middle(left, 3), middle(right, 5)
        brightest = max(range(top - 4, top + 5), key=lambda y: sum(rows[y][x_left + CELL_WIDTH * 2]))
        assert even(rows[brightest][x_left + 2 : x_right - 1]), "a gap in the upper edge"
        for x in (x_left, x_right):
            column = max(range(x - 4, x + 5), key=lambda x: sum(rows[middle(0, 4)[1]][x]))
            assert even([rows[y][column] for y in range(top + 12, bottom - 11)]), "a gap in a side"
    bar = int((MARGIN + 1) * SCALE)
    upper, lower = (int((HEAD + row * CELL_HEIGHT) * SCALE) for row in (6, 8))
    assert {rows[y][bar] for y in range(upper, lower)} == {b"\xdf\xe3\xea\xff"}, "a gap in a bar over two lines"
