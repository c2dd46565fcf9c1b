"""The screen that everything stands on: of what has changed, it paints that and asks nobody for more.

Textual asks every widget that touches the box around all changes for all of its lines, cuts each line wherever any
widget begins or ends, and throws most of it away: for a cursor that goes one line down that is the whole list, and
every container under it. Here the widgets are asked from the front to the back, each for the part that nothing before
it has covered. What is painted is the same; tests/tui/test_sparing.py holds the two against each other.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip


class Piece(NamedTuple):
    """A part of a line of the terminal, and where it begins."""

    y: int
    x: int
    strip: Strip


class Pieces(CompositorUpdate):
    """An update made of pieces that lie beside one another."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces

    def render_segments(self, console: Console) -> str:
        """What is written to the terminal."""
        return "".join([f"\x1b[{y + 1};{x + 1}H{strip.render(console)}" for y, x, strip in self.pieces])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The same, for whoever asks for segments."""
        yield Segment(self.render_segments(console))


class _Sparing(Compositor):
    """Knows whether the very same is on the terminal already, and what of a change is hidden."""

    covered: Size | None = None

    def render_update(self, *args: Any, **named: Any) -> Any:
        """The update of what has changed; none while the first picture shows it, on a terminal of that size."""
        if self.covered is not None and self.covered == self.size:
            self._dirty_regions.clear()
            return None
        self.covered = None
        return super().render_update(*args, **named)

    def render_partial_update(self) -> Any:
        """The update of all regions that have changed, None where none has."""
        changed = [part for region in self._dirty_regions if (part := region.intersection(self.size.region))]
        self._dirty_regions.clear()
        bare = apart(changed)
        pieces: list[Piece] = []
        for widget, (region, clip) in self.visible_widgets.items():
            if not bare:
                break
            seen = region.intersection(clip)
            left: list[Region] = []
            for rest in bare:
                part = seen.intersection(rest)
                if not part:
                    left.append(rest)
                    continue
                strips = widget.render_lines(part.translate(-region.offset))
                pieces += [Piece(part.y + y, part.x, strip) for y, strip in enumerate(strips)]
                left += without(rest, part)
            bare = left
        return Pieces(sorted(pieces)) if pieces else None


def apart(regions: Iterable[Region]) -> list[Region]:
    """The same cells as regions that do not overlap."""
    found: list[Region] = []
    for region in sorted(regions, key=lambda region: -region.area):  # what lies in a larger one is gone at once
        rest = [region]
        for known in found:
            rest = [part for one in rest for part in without(one, known.intersection(one))]
        found += rest
    return found


def without(whole: Region, part: Region) -> list[Region]:
    """What is left of a region when a part that lies in it is taken out."""
    if not part:
        return [whole]
    x, y, width, _ = whole
    around = (
        Region(x, y, width, part.y - y),
        Region(x, part.y, part.x - x, part.height),
        Region(part.right, part.y, whole.right - part.right, part.height),
        Region(x, part.bottom, width, whole.bottom - part.bottom),
    )
    return [one for one in around if one]


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
