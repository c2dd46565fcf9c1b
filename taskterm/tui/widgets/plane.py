"""A window on a large drawing: draws what is in view, follows a box, and is panned by drag, wheel and keys.

It computes the rows in view anew whenever it is told to, and paints only those that are different from before. What is
drawn, and what a click means, is its owner's business.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from taskterm.core.diagram import Box, Part
from taskterm.core.diagram.canvas import Span
from taskterm.tui.diagram_scope import Drawable
from taskterm.tui.text import cells
from taskterm.tui.widgets.canvas import Painted

MARGIN_X, MARGIN_Y = 4, 1
"""Blank cells around a drawing."""
AROUND = 8
"""Cells that are kept in view beside the box that is followed."""
CHANNEL = 5
"""Cells before a layer in which the lines to it run."""
NEAR = 4
"""Rows by which a window may be put off its place to leave boxes whole."""
WHEEL_X, WHEEL_Y = 8, 3


class Plane(Painted, can_focus=True):
    """The window. Posts `Clicked` for a cell that was clicked, `Moved` when it shows another part."""

    DEFAULT_CSS = "Plane { width: 1fr; height: 1fr; background: $background; }"
    GROUND: ClassVar[str] = "bg"

    class Clicked(Message):
        """A click on a node (or on none); `chain` counts clicks that follow each other quickly, with `marks` the
        click is one that marks."""

        def __init__(self, node: int | None, chain: int, *, marks: bool = False) -> None:
            super().__init__()
            self.node = node
            self.chain = chain
            self.marks = marks

    class Moved(Message):
        """The window shows another part of the drawing."""

        def can_replace(self, message: Message) -> bool:
            """Only where it ended up matters."""
            return isinstance(message, Plane.Moved)

    class Zoomed(Message):
        """The wheel was turned with ctrl held: `step` is 1 for nearer, -1 for farther."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, name_of: Callable[[Sequence[int]], str]) -> None:
        super().__init__()
        self._name_of = name_of
        self._drawing: Drawable | None = None
        self._extent = (0, 0)
        self._boxes: Collection[Box] = ()
        self._x, self._y = -MARGIN_X, -MARGIN_Y
        self._rows: list[list[Span]] = []
        self._rows_size = Size(0, 0)
        self._strips: dict[int, Strip] = {}
        self._held: tuple[int, int, int, int] | None = None  # where the mouse went down, and the window then
        self._dragged = False

    # what the owner says

    def put(self, drawing: Drawable, width: int, height: int, boxes: Collection[Box] = ()) -> None:
        """Another drawing of this size. The window stays where it is as far as it can; `repaint` shows it. `boxes` are
        those that a window which is put somewhere should not cut through."""
        self._drawing, self._extent, self._boxes = drawing, (width, height), boxes
        self._go(self._x, self._y)

    @property
    def window(self) -> Region:
        """The part of the drawing that is in view, in its cells; it may reach beyond all four sides."""
        return Region(self._x, self._y, self.size.width, self.size.height)

    @property
    def fits(self) -> bool:
        """Whether all of the drawing is in view at once."""
        width, height = self._extent
        return width + 2 * MARGIN_X <= self.size.width and height + 2 * MARGIN_Y <= self.size.height

    def follow(self, box: Box) -> None:
        """Move no further than is needed to have a box in view, with what is close to it."""
        x, y = self._x, self._y
        width, height = self.size
        around_x = max(min(AROUND, (width - box.width) // 2), 0)
        around_y = max(min(MARGIN_Y, (height - box.height) // 2), 0)
        x = min(max(x, box.x + box.width + around_x - width), box.x - around_x)
        y = min(max(y, box.y + box.height + around_y - height), box.y - around_y)
        self._go(x, y)

    def keep(self, before: Box, after: Box) -> None:
        """Move so that a box stands on the screen where it stood in the drawing before."""
        self._go(self._x + after.x - before.x, self._y + after.y - before.y)

    def show_at(self, box: Box, share: float, part: Part | None) -> None:
        """Move so that a box is in the middle of the rows and has about a `share` of the columns left of it. The part
        it belongs to is shown from its edges where it fits, and no layer is cut at the left where that can be."""
        width, height = self.size
        x, y = box.x - int((width - box.width) * share), box.y - (height - box.height) // 2
        if part is not None:
            if part.height + 2 * MARGIN_Y <= height:
                y = part.y - MARGIN_Y
            starts = [part.x + start - CHANNEL for start in part.starts]
            whole = [start for start in starts if start <= box.x and box.x + box.width <= start + width]
            x = min(whole, key=lambda start: abs(start - x), default=x)
            if part.width + 2 * MARGIN_X <= width:
                x = part.x - MARGIN_X
        self._go(x, self._uncut(x, y, box))

    def centre_box(self, box: Box) -> None:
        """Move so that a box is in the middle, or a few rows off where that leaves others whole, and paint."""
        x, y = box.x + (box.width - self.size.width) // 2, box.y + (box.height - self.size.height) // 2
        self.pan_to(x, self._uncut(x, y, box))

    def _uncut(self, x: int, y: int, box: Box) -> int:
        """The row near `y` from which on the window cuts through the fewest boxes, with `box` whole in it."""
        width, height = self.size
        among = [b for b in self._boxes if b.x < x + width and b.x + b.width > x]

        def cut(top: int) -> int:
            edges = top, top + height
            return sum(b.y < edge < b.y + b.height for b in among for edge in edges)

        tops = [top for top in range(y - NEAR, y + NEAR + 1) if top <= box.y and box.y + box.height <= top + height]
        return min(tops, key=lambda top: (cut(top), abs(top - y)), default=y)

    def centre_on(self, x: int, y: int) -> None:
        """Move so that this cell of the drawing is in the middle, and paint."""
        self.pan_to(x - self.size.width // 2, y - self.size.height // 2)

    def pan(self, dx: int, dy: int) -> None:
        """Move by cells, and paint."""
        self.pan_to(self._x + dx, self._y + dy)

    def pan_to(self, x: int, y: int) -> None:
        """Move the left upper corner to a cell of the drawing, and paint."""
        before = self._x, self._y
        self._go(x, y)
        if (self._x, self._y) != before:
            self.repaint()

    def repaint(self, rows: Iterable[int] | None = None) -> None:
        """Draw the window anew (or only these rows of the drawing) and paint what is different from before."""
        if self._drawing is None or not self.size:
            return
        if rows is None or self._rows_size != self.size:
            new, first = self._draw(self._y, self.size.height), 0
        else:
            wanted = [row for row in rows if self._y <= row < self._y + self.size.height]
            if not wanted:
                return
            first = min(wanted) - self._y
            new = self._draw(min(wanted), max(wanted) - min(wanted) + 1)
        if self._rows_size != self.size:
            self._rows, self._rows_size = new, self.size
            self._strips.clear()
            self.refresh()
            return
        changed: list[Region] = []
        for row, spans in enumerate(new, first):
            if spans == self._rows[row]:
                continue
            left, right = differing(self._rows[row], spans, self.size.width)
            self._rows[row] = spans
            self._strips.pop(row, None)
            if changed and changed[-1].bottom == row:  # one under another: one region
                above = changed.pop()
                changed.append(above.union(Region(left, row, right - left, 1)))
            else:
                changed.append(Region(left, row, right - left, 1))
        if changed:
            self.refresh(*changed)

    # drawing

    def _go(self, x: int, y: int) -> None:
        width, height = self._extent
        view = self.size
        x = max(min(x, width + MARGIN_X - view.width), -MARGIN_X)
        y = max(min(y, height + MARGIN_Y - view.height), -MARGIN_Y)
        if (x, y) != (self._x, self._y):
            self._x, self._y = x, y
            self.post_message(self.Moved())

    def _draw(self, y: int, height: int) -> list[list[Span]]:
        if self._drawing is None:
            return [[] for _ in range(height)]
        return self._drawing.window(self._x, y, self.size.width, height, self._name_of)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        if self._rows_size != self.size:
            self._rows, self._rows_size = self._draw(self._y, self.size.height), self.size
            self._strips.clear()
        strip = self._strips.get(y)
        if strip is None:
            style = self.palette.style
            row = self._rows[y] if y < len(self._rows) else []
            segments = [
                Segment(text, style(role or "text", ground or self.GROUND, bold=strong))
                for text, role, strong, ground in _joined(row)
            ]
            strip = self._strips[y] = Strip(segments).adjust_cell_length(self.size.width, style("text", self.GROUND))
        return strip

    def notify_style_update(self) -> None:
        """A theme was switched."""
        super().notify_style_update()
        self._strips.clear()

    # the mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A press may become a drag."""
        if event.button == 1:
            self._held = (event.x, event.y, self._x, self._y)
            self._dragged = False
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The drawing goes with the mouse."""
        if self._held is None:
            return
        x, y, left, top = self._held
        if (event.x, event.y) != (x, y):
            self._dragged = True
        if self._dragged:
            self.pan_to(left + x - event.x, top + y - event.y)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Open the hand."""
        self._held = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """A press without a drag is a click on what is there."""
        if not self._dragged and self._drawing is not None:
            node = self._drawing.node_at(self._x + event.x, self._y + event.y)
            self.post_message(self.Clicked(node, event.chain, marks=event.ctrl or event.shift))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Down; with shift to the right, with ctrl farther away."""
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Up; with shift to the left, with ctrl nearer."""
        self._wheel(event, -1)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """Right."""
        event.stop()
        self.pan(WHEEL_X, 0)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """Left."""
        event.stop()
        self.pan(-WHEEL_X, 0)

    def _wheel(self, event: events.MouseEvent, way: int) -> None:
        event.stop()
        if event.ctrl:
            self.post_message(self.Zoomed(-way))
        elif event.shift:
            self.pan(WHEEL_X * way, 0)
        else:
            self.pan(0, WHEEL_Y * way)


def differing(old: Sequence[Span], new: Sequence[Span], width: int) -> tuple[int, int]:
    """The first cell in which two rows of this width differ, and the one behind the last; at worst all of them."""
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    left = sum(cells(span.text) for span in new[:same])
    alike = 0
    while alike < min(len(old), len(new)) - same and old[-1 - alike] == new[-1 - alike]:
        alike += 1
    right = width - sum(cells(span.text) for span in new[len(new) - alike :])
    return (left, right) if left < right <= width else (0, width)


def _joined(spans: Iterable[Span]) -> list[tuple[str, str, bool, str]]:
    """The same row in fewer pieces (text, role, strong, ground), as each is sent on its own: it is mostly signs of one
    tone, with blanks between them, which show nothing but their ground."""
    found: list[tuple[str, str, bool, str]] = []
    blank = False  # whether the last piece is
    for text, role, strong, ground in spans:
        white = text.isspace()
        if found and ground == found[-1][3] and (blank or white or found[-1][1:3] == (role, strong)):
            before, *_ = last = found[-1]
            found[-1] = (before + text, role, strong, ground) if blank else (before + text, *last[1:])
            blank = blank and white
        else:
            found.append((text, role, strong, ground))
            blank = white
    return found
