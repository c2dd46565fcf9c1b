"""Widgets that are drawn by hand take a way around Textual's styles; what they draw is the same to the cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widget import Widget

from taskterm.tui.widgets.canvas import Bare
from tests.tui.drive import fill, opened


@pytest.mark.parametrize("theme", ["taskterm-dark", "taskterm-light", "taskterm-ansi"])
async def test_what_is_drawn_bare_is_what_textual_would_draw_with_borders_in_mind(tmp_path: Path, theme: str) -> None:
    path = tmp_path / "t.db"
    fill(
        path,
        {"title": "日本語の案内 [@click=app.quit]", "priority": "H", "assignee": "ana", "steps": [{"run": "true"}]},
        {"title": "Second", "after": [1], "notes": "Some *notes*"},
        {"title": "Third", "after": [1, 2], "due": "2026-11-20T00:00:00Z"},
    )
    seen = set()
    async with opened(path, size=(100, 30), theme=theme) as drive:
        for key in ("1", "2", "3", "g", "4", "question_mark"):
            await drive.press(key)
            await drive.pilot.pause()
            for widget in drive.app.screen.query("*").results(Widget):
                region = widget.size.region
                if region and isinstance(widget, Bare):
                    seen.add(type(widget).__name__)
                    assert widget.render_lines(region) == Widget.render_lines(widget, region), widget
                    part = region.shrink((0, 3, 0, 2)) if region.width > 6 else region
                    assert widget.render_lines(part) == Widget.render_lines(widget, part), widget
    assert {"Header", "Footer", "ContextLine", "Tasks", "Board", "Tree"} <= seen
