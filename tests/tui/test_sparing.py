"""What is painted of a change is what Textual paints of it, though fewer lines are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region

from taskterm.tui.widgets import sparing
from tests.tui.drive import fill, opened

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
            assert update.render_segments(console) == plain.render_segments(console)
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
