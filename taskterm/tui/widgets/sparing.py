"""The screen that everything stands on: of what has changed, widgets are asked only for the lines that are painted.

Textual asks every widget that touches the box around all changes for all of its lines, and throws most of them away:
for a cursor that goes one line down, that is the whole list. What is painted is the same; tests/tui/test_sparing.py
holds the two against each other.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from textual._compositor import Compositor
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip


class _Sparing(Compositor):
    """Knows what has to be painted while it paints, and whether the very same is on the terminal already."""

    covered: Size | None = None
    _wanted: tuple[Region, ...] = ()

    def render_update(self, *args: Any, **named: Any) -> Any:
        """The update of what has changed; none while the first picture shows it, on a terminal of that size."""
        if self.covered is not None and self.covered == self.size:
            self._dirty_regions.clear()
            return None
        self.covered = None
        return super().render_update(*args, **named)

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
    """The one screen of the app; overlays come above it.

    With `covered`, the size of a first picture, nothing is painted until `uncover`: it would be the same once more,
    and whoever waits for the effect of a key would wait for it.
    """

    def __init__(self, covered: tuple[int, int] | None = None) -> None:
        super().__init__(id="_default")
        self._compositor = self._sparing = _Sparing()
        self._sparing.covered = Size(*covered) if covered else None

    def uncover(self) -> None:
        """What changes from now on is painted, and what has changed until now is what the first picture shows."""
        if self._sparing.covered is not None:
            for widget in self._dirty_widgets:
                widget._exchange_repaint_regions()
            self._dirty_widgets.clear()
            self._sparing.covered = None
