"""The screen that everything stands on: of what has changed, widgets are asked only for the lines that are painted.

Textual asks every widget that touches the box around all changes for all of its lines, and throws most of them away:
for a cursor that goes one line down, that is the whole list. What is painted is the same; tests/tui/test_sparing.py
holds the two against each other.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from textual._compositor import Compositor
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip


class _Sparing(Compositor):
    """Knows what has to be painted while it paints."""

    _wanted: tuple[Region, ...] = ()

    def render_partial_update(self) -> Any:
        """The update of all regions that have changed."""
        self._wanted = tuple(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._wanted = ()

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        wanted = self._wanted
        if not wanted:
            yield from super()._get_renders(crop)
            return
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            for first, last in _runs(seen, wanted):
                part = Region(seen.x, first, seen.width, last - first)
                yield part, clip, widget.render_lines(part.translate(-region.offset))


def _runs(seen: Region, wanted: Iterable[Region]) -> Iterator[tuple[int, int]]:
    """The lines of what is seen of a widget that are wanted, as first and behind the last of each run."""
    lines: set[int] = set()
    for region in wanted:
        if part := seen.intersection(region):  # one beside it has a height too, but no width
            lines.update(part.line_range)
    begin = end = -1
    for y in sorted(lines):
        if y != end:
            if end > begin:
                yield begin, end
            begin = y
        end = y + 1
    if end > begin:
        yield begin, end


class MainScreen(Screen[None]):
    """The one screen of the app; overlays come above it."""

    DEFAULT_CSS = ""

    def __init__(self) -> None:
        super().__init__(id="_default")
        self._compositor = _Sparing()
