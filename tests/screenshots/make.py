"""The picture maker: `python -m tests.screenshots.make` draws every scene into screenshots/, the same bytes each time.

Textual exports a screen as SVG, which asks the web for its font, squeezes wide characters and leaves seams between box
lines. So the SVG is laid out afresh here, each character in the middle of its own cell and cells of whole pixels, and
headless Chromium draws it with the fonts of this machine. `make screenshots` installs what is missing.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from rich.cells import cell_len

from tests.screenshots.scenes import SCENES, Scene

FOLDER = Path(__file__).resolve().parents[2] / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")

# Fira Code is 0.6 wide and 1.2 high: at 20 px its box lines fill this cell exactly. The others lend what it has not.
CELL_WIDTH, CELL_HEIGHT, FONT_SIZE = 12, 24, 20
BASELINE = 18.7
FONTS = "'Fira Code', 'DejaVu Sans Mono', 'Noto Sans Mono CJK JP', monospace"
# Bars, one to eight eighths of a cell wide, are drawn as rectangles: stacked glyphs would show a seam between lines.
BARS = "▏▎▍▌▋▊▉█"
# The frame around the cells: room for the title above, a margin on the other sides.
MARGIN, HEAD = 8, 40
# A wide screen is then 1,700 pixels wide: twice what a web page shows of it, and small enough for a repository.
SCALE = 1

# How Rich lays out a line: cells of 12.2 by 24.4, backgrounds 1.5 below the line's top, text 20 below it.
RICH_WIDTH, RICH_HEIGHT, RICH_RECT_Y, RICH_TEXT_Y = 12.2, 24.4, 1.5, 20
SVG = "{http://www.w3.org/2000/svg}"


class Run(NamedTuple):
    """A stretch of one line in one style: `style` is CSS, `text` may hold wide characters."""

    row: int
    column: int
    text: str
    style: str


class Fill(NamedTuple):
    """A background of one line: its first cell, how many cells, and the colour."""

    row: int
    column: int
    cells: int
    colour: str


class Screen(NamedTuple):
    """What a Textual SVG shows, in cells."""

    columns: int
    rows: int
    background: str
    title: str
    fills: list[Fill]
    runs: list[Run]


def read_screen(svg: str) -> Screen:
    """Reads the SVG of `App.export_screenshot` back into cells. Raises ValueError if it is not such an SVG."""
    root = ElementTree.fromstring(svg)
    sheet = "".join(root.itertext())
    styles = {name: css.strip() for name, css in re.findall(r"\.([\w-]+-r\d+)\s*\{([^}]*)\}", sheet)}
    frame, clip = root.find(f"{SVG}rect"), root.find(f".//{SVG}clipPath/{SVG}rect")
    terminal = next((g for g in root.findall(f"{SVG}g") if "clip-path" in g.attrib), None)
    if frame is None or clip is None or terminal is None:
        raise ValueError("not a screen that Textual exported: no frame, no clip path or no text in the SVG")
    fills = [
        Fill(
            row=round((float(rect.get("y", 0)) - RICH_RECT_Y) / RICH_HEIGHT),
            column=round(float(rect.get("x", 0)) / RICH_WIDTH),
            cells=round(float(rect.get("width", 0)) / RICH_WIDTH),
            colour=rect.get("fill", ""),
        )
        for rect in terminal.findall(f"{SVG}rect")
    ]
    runs = [
        Run(
            row=round((float(text.get("y", 0)) - RICH_TEXT_Y) / RICH_HEIGHT),
            column=round(float(text.get("x", 0)) / RICH_WIDTH),
            text=(text.text or "").rstrip("\n").replace("\N{NO-BREAK SPACE}", " "),
            style=styles[text.get("class", "")],
        )
        for text in terminal.iter(f"{SVG}text")
    ]
    return Screen(
        columns=round((float(clip.get("width", 0)) + 1) / RICH_WIDTH),
        rows=round((float(clip.get("height", 0)) + 1) / RICH_HEIGHT),
        background=frame.get("fill", ""),
        title=(root.findtext(f"{SVG}text") or "").replace("\N{NO-BREAK SPACE}", " "),
        fills=fills,
        runs=runs,
    )


def _glyphs(text: str) -> Iterator[tuple[str, int, int]]:
    """Splits text into what one cell or two hold: (characters, first cell, cells). Marks stay with their letter."""
    column, start, glyph = 0, 0, ""
    for character in text:
        cells = cell_len(character)
        if cells and glyph:
            yield glyph, start, column - start
            glyph = ""
        if not glyph:
            start = column
        glyph += character
        column += cells
    if glyph:
        yield glyph, start, column - start


def _draw_run(run: Run) -> str:
    """One <text> for the narrow characters of a run, each at the middle of its cell, and one for each other glyph."""
    y = run.row * CELL_HEIGHT + BASELINE
    narrow: list[tuple[str, float]] = []
    parts: list[str] = []
    attributes = f'y="{y:g}" style={quoteattr(run.style)}'
    for glyph, column, cells in _glyphs(run.text):
        x = (run.column + column + cells / 2) * CELL_WIDTH
        if glyph == " " and "text-decoration" not in run.style:
            continue
        if glyph in BARS:
            size = f'width="{CELL_WIDTH * (BARS.index(glyph) + 1) / 8:g}" height="{CELL_HEIGHT}"'
            place = f'x="{(run.column + column) * CELL_WIDTH}" y="{run.row * CELL_HEIGHT}"'
            parts.append(f'<rect {place} {size} style={quoteattr(run.style)} shape-rendering="crispEdges"/>')
        elif len(glyph) == 1 and cells == 1:
            narrow.append((glyph, x))
        else:
            parts.append(f'<text x="{x:g}" {attributes}>{escape(glyph)}</text>')
    if narrow:
        xs = " ".join(f"{x:g}" for _, x in narrow)
        content = escape("".join(glyph for glyph, _ in narrow)).replace(" ", "&#160;")
        parts.insert(0, f'<text x="{xs}" {attributes}>{content}</text>')
    return "".join(parts)


def _draw_line(screen: Screen, row: int) -> str:
    """One line of the screen, cut at its edges: Fira Code draws box lines longer than a cell, so they always join."""
    y = row * CELL_HEIGHT
    fills = "".join(
        f'<rect x="{fill.column * CELL_WIDTH}" y="{y}" width="{fill.cells * CELL_WIDTH}" height="{CELL_HEIGHT}" '
        f'fill="{fill.colour}" shape-rendering="crispEdges"/>'
        for fill in screen.fills
        if fill.row == row
    )
    texts = "".join(_draw_run(run) for run in screen.runs if run.row == row)
    edges = f'<rect y="{y}" width="{screen.columns * CELL_WIDTH}" height="{CELL_HEIGHT}"/>'
    return f'<clipPath id="line{row}">{edges}</clipPath><g clip-path="url(#line{row})">{fills}{texts}</g>'


def lay_out(svg: str) -> tuple[str, int, int]:
    """Turns a Textual SVG into one that needs no network and keeps the grid: (svg, width, height in CSS pixels)."""
    screen = read_screen(svg)
    width = screen.columns * CELL_WIDTH + 2 * MARGIN
    height = screen.rows * CELL_HEIGHT + HEAD + MARGIN
    lines = "".join(_draw_line(screen, row) for row in range(screen.rows))
    lights = "".join(
        f'<circle cx="{26 + 22 * place}" cy="20" r="7" fill="{colour}"/>'
        for place, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    )
    # The frame takes the colour of the first cell, so that frame and screen are one surface.
    first = (fill.colour for fill in screen.fills if fill.row == fill.column == 0)
    surface = next(first, screen.background)
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<style>text{{font-family:{FONTS};font-size:{FONT_SIZE}px;text-anchor:middle;font-variant-ligatures:none;"
        "white-space:pre;direction:ltr;unicode-bidi:bidi-override}"
        ".title{font-family:'Liberation Sans','DejaVu Sans',sans-serif;font-size:18px;font-weight:bold}</style>"
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8" fill="{surface}" '
        'stroke="#808080" stroke-opacity=".6"/>'
        f'<text class="title" x="{width // 2}" y="26" fill="#8d97a7">{escape(screen.title)}</text>{lights}'
        f'<g transform="translate({MARGIN},{HEAD})">{lines}</g></svg>'
    )
    return drawn, width, height


def find_browser() -> str | None:
    """The path of a Chromium that can draw pictures, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def render(svg_text: str, png_path: Path) -> None:
    """Draws the SVG of `App.export_screenshot` into a PNG file; the same text gives the same bytes.

    Raises RuntimeError, saying what to install or what the browser said, if no picture came out.
    """
    browser = find_browser()
    if browser is None:
        raise RuntimeError("no Chromium found to draw with; install it (Debian: apt install chromium fonts-firacode)")
    drawn, width, height = lay_out(svg_text)
    with tempfile.TemporaryDirectory() as folder:
        source, picture = Path(folder, "screen.svg"), Path(folder, "screen.png")
        source.write_text(drawn, encoding="utf-8")
        answer = subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-lcd-text",
                "--font-render-hinting=none",
                "--force-color-profile=srgb",
                "--hide-scrollbars",
                # Without these two a busy machine sometimes gets a picture of which the lower tiles are not drawn yet.
                "--run-all-compositor-stages-before-draw",
                "--virtual-time-budget=2000",
                f"--force-device-scale-factor={SCALE}",
                f"--window-size={width},{height}",
                "--default-background-color=00000000",
                f"--user-data-dir={folder}/profile",
                f"--screenshot={picture}",
                source.as_uri(),
            ],
            # A home of its own: neither the user's fonts nor the user's browser settings may show in a picture.
            env={"PATH": os.environ.get("PATH", ""), "HOME": folder, "LANG": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if not picture.exists():
            raise RuntimeError(f"{browser} drew nothing (exit {answer.returncode}): {answer.stderr.strip()[-2000:]}")
        png_path.parent.mkdir(parents=True, exist_ok=True)
        png_path.write_bytes(picture.read_bytes())


async def take(scenes: tuple[Scene, ...], folder: Path, wanted: list[str]) -> list[Path]:
    """Plays the scenes in order and draws those whose name is wanted (all, if none is named); returns the files."""
    files = []
    for scene in scenes:
        shot = await scene()
        if wanted and shot.name not in wanted:
            continue
        file = folder / f"{shot.name}.png"
        await asyncio.to_thread(render, shot.svg, file)
        files.append(file)
    return files


def main(wanted: list[str]) -> int:
    """Draws the named pictures, or all of them. Returns 0, or 1 after saying what is missing."""
    try:
        files = asyncio.run(take(SCENES, FOLDER, wanted))
    except RuntimeError as problem:
        print(f"screenshots: {problem}", file=sys.stderr)
        return 1
    if not files:
        print(f"screenshots: no scene {' or '.join(wanted) or 'yet'}", file=sys.stderr)
        return 1
    for file in files:
        print(file.relative_to(FOLDER.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
