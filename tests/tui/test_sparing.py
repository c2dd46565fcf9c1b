"""What is painted of a change is what Textual paints of it, though less is asked for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region

from taskterm.tui.widgets import sparing
from tests.tui.drive import fill, opened

TOKEN = re.compile(r"\x1b\[(?P<move>\d+;\d+)H|\x1b\[(?P<style>[\d;]*)m|(?P<text>[^\x1b])", re.DOTALL)
Cells = dict[tuple[int, int], tuple[str, str]]


def painted(sequences: str) -> Cells:
    """What a terminal shows of this where: by row and column the character and its style."""
    cells: Cells = {}
    y = x = 0
    style = ""
    for token in TOKEN.finditer(sequences):
        if token["move"]:
            y, x = (int(number) for number in token["move"].split(";"))
        elif token["style"] is not None:
            style = token["style"]
        elif token["text"] != "\n":  # which Textual writes before it goes to another line anyway
            cells[y, x] = (token["text"], style)
            x += cell_len(token["text"])
    return cells


def within(regions: set[Region], cells: Cells) -> Cells:
    """Those in the regions; Textual paints a little more to their left."""
    return {(y, x): cell for (y, x), cell in cells.items() if any(r.contains(x - 1, y - 1) for r in regions)}


KEYS = ("j", "j", "k", "a", *"new", "escape", "enter", "j", "escape", "/", *"rea", "escape", "2", "j", "l", "3", "j")
KEYS = (*KEYS, "g", "down", "4", "j", "7", "j", "question_mark", "escape", "1", "space", "j", "G", "pagedown")


@pytest.mark.parametrize("size", [(140, 40), (70, 20)])
async def test_an_update_paints_the_same_as_if_every_widget_had_drawn_all_its_lines(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.db"
    fill(
        path,
        {"title": "日本語の案内", "priority": "H", "assignee": "ana", "steps": [{"run": "true"}]},
        {"title": "Second", "after": [1], "notes": "Some *notes*"},
        *({"title": f"Task {number}", "after": [2] if number % 3 == 0 else []} for number in range(60)),
    )
    compared: list[set[Region]] = []
    ours = sparing._Sparing.render_partial_update

    def both(self: Any) -> Any:
        dirty = set(self._dirty_regions)
        plain = Compositor.render_partial_update(self)
        self._dirty_regions = set(dirty)
        update = ours(self)
        if isinstance(plain, ChopsUpdate):
            console = drive.app.console
            shown = painted(update.render_segments(console))
            assert shown == within(dirty, painted(plain.render_segments(console)))
            assert within(dirty, shown) == shown
            compared.append(dirty)
        return update

    async with opened(path, size=size) as drive:
        monkeypatch.setattr(sparing._Sparing, "render_partial_update", both)
        for key in KEYS:
            await drive.press(key)
            await drive.pilot.pause()
        assert not drive.app.faults
        assert drive.app.ended_by is None
    assert len(compared) > 20
    assert any(len(regions) > 1 for regions in compared)


regions = st.builds(Region, st.integers(0, 9), st.integers(0, 9), st.integers(0, 6), st.integers(0, 6))


def cells_of(region: Region) -> set[tuple[int, int]]:
    return {(x, y) for y in region.line_range for x in region.column_range}


@given(st.lists(regions, max_size=6))
def test_regions_taken_apart_hold_each_of_their_cells_once(given: list[Region]) -> None:
    found = [cell for region in sparing.apart(given) for cell in cells_of(region)]
    assert len(found) == len(set(found))
    assert set(found) == set().union(*map(cells_of, given))


@given(regions, regions)
def test_a_region_without_a_part_of_it_is_the_rest(whole: Region, other: Region) -> None:
    part = whole.intersection(other)
    found = [cell for region in sparing.without(whole, part) for cell in cells_of(region)]
    assert sorted(found) == sorted(cells_of(whole) - cells_of(part))
