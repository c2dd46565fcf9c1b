"""What the diagram shows and how: asks the worker for a picture, lights it, and keeps the selection in view.

Until the worker's answer is there (`take`) the old picture stays. diagram_scope.py decides what is drawn,
diagram_looks.py how it is lit, plane.py is the window on it; the keys are in diagram.py.
"""

from abc import abstractmethod
from collections.abc import Sequence
from itertools import pairwise

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.message import Message

from taskterm.core.diagram import Box
from taskterm.core.diagram.canvas import Canvas
from taskterm.tui import diagram_context, diagram_walk
from taskterm.tui.containment import Contained
from taskterm.tui.diagram_looks import Lights, Path, look_of, path_of, sign_of, stroke_of
from taskterm.tui.diagram_overview import Signs
from taskterm.tui.diagram_scope import ZOOMS, Drawn, Wanted
from taskterm.tui.diagram_strip import Facts
from taskterm.tui.linking import Link
from taskterm.tui.messages import Picture, SelectionChanged, ViewChanged
from taskterm.tui.widgets.banner import Banner
from taskterm.tui.widgets.diagram_foot import DiagramFoot, height_for
from taskterm.tui.widgets.link_mode import LinkMode
from taskterm.tui.widgets.plane import MARGIN_X, Plane

LEFT_OF = {"before": 0.75, "after": 0.15}
"""How much of the window lies left of the selected box at first: its lit path has the larger part."""


class DiagramDrawing(Vertical, Contained, LinkMode, can_focus=False):
    """The diagram without its keys. Posts SelectionChanged, and `Asked` for what it wants to show."""

    DEFAULT_CSS = """
    DiagramDrawing { width: 1fr; height: 1fr; background: $background; }
    DiagramDrawing > Banner { display: none; }
    DiagramDrawing.linking > Banner { display: block; }
    """

    class Asked(Message, namespace="diagram"):
        """The worker shall draw this; `known` is what is on the screen. The answer goes to `take`."""

        def __init__(self, wanted: Wanted, known: Drawn | None) -> None:
            super().__init__()
            self.wanted = wanted
            self.known = known

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._drawn: Drawn | None = None
        self._wanted: Wanted | None = None  # what was asked for last
        self._selected: int | None = None
        self._centre: int | None = None
        self._depth: int | None = None
        self._overview = False
        self._zoom = 0
        self._critical_only = False
        self._path = Path()
        self._link: Link | None = None
        self._came: dict[tuple[int, str], int] = {}  # the way back: where one came from, by node and direction
        self._onward = ""  # a direction to walk on as soon as what is left out there is drawn
        self._plane = Plane(self._names)
        self._foot = DiagramFoot()
        self._banner = Banner()

    def compose(self) -> ComposeResult:
        """Banner of link mode, drawing, strip."""
        yield self._banner
        yield self._plane
        yield self._foot

    # what the app asks

    def focus(self, scroll_visible: bool = True, *, from_app_focus: bool = False) -> "DiagramDrawing":
        """The plane has the focus."""
        self._plane.focus(scroll_visible)
        return self

    @property
    def selected_task(self) -> int | None:
        """The task under the cursor."""
        return self._selected

    @property
    def drawn(self) -> Drawn | None:
        """What is on the screen."""
        return self._drawn

    def show(self, picture: Picture) -> None:
        """Draw this picture: another state of the database is laid out by the worker, other clocks are painted."""
        old, self._picture = self._picture, picture
        if picture.snapshot.operation < 0:
            return
        if old is None or old.snapshot is not picture.snapshot or _minute(old) != _minute(picture):
            self._ask()
        elif old.visible != picture.visible or old.marked != picture.marked:
            self._relight()
        else:
            self._tick()

    def take(self, drawn: Drawn) -> None:
        """The worker has drawn what was asked for. The selected task stays where it is on the screen."""
        if drawn.wanted is not self._wanted or self._picture is None:
            return  # another one is on its way
        old, self._drawn = self._drawn, drawn
        before, chosen = self._selected, self._box(old)
        if self._selected not in drawn.boxes:
            wanted = drawn.centre if drawn.centre in drawn.boxes else None
            if chosen is not None and old is not None and old.centre == drawn.centre:
                wanted = diagram_walk.nearest_to(drawn.boxes, chosen.x, chosen.y)
            self._selected = wanted
            self._link = None
        whole = () if drawn.kind == "overview" else drawn.boxes.values()
        self._plane.put(drawn.drawing, drawn.width, drawn.height, whole)
        box = self._box(drawn)
        self._path = path_of(drawn.wanted.snapshot, drawn, self._selected)
        if self._link is not None and self._link.source not in drawn.wanted.snapshot.tasks:
            self._link = None
        if box is not None:
            same_form = old is not None and (old.kind == "overview") == (drawn.kind == "overview")
            if chosen is not None and same_form and before == self._selected:
                self._plane.keep(chosen, box)
                self._plane.follow(box)
            else:
                self._plane.show_at(box, LEFT_OF.get(self._path.kind, 0.5), diagram_walk.part_of(drawn, self._selected))
        self._relight()
        if before != self._selected:
            self.post_message(SelectionChanged(self._selected))
        self.post_message(ViewChanged())
        onward, self._onward = self._onward, ""
        if onward:
            self.walk_on(onward)

    # what is shown

    def _ask(self) -> None:
        if self._picture is None:
            return
        form, zoom = "overview" if self._overview else "tasks", ZOOMS[self._zoom]
        centre = self._centre if self._centre in self._picture.snapshot.tasks else None
        ascii_only = self._plane.glyphs.name == "ascii"
        now = self._picture.now
        room = self._plane.size.width - 2 * MARGIN_X
        self._wanted = Wanted(self._picture.snapshot, now, centre, self._depth, form, zoom, ascii_only, room)
        self.post_message(self.Asked(self._wanted, self._drawn))

    def _box(self, drawn: Drawn | None) -> Box | None:
        return drawn.boxes.get(self._selected) if drawn is not None and self._selected is not None else None

    def _names(self, ids: Sequence[int]) -> str:
        """The tasks at the far end of a line that is cut by the edge of the window."""
        shown = [f"#{i}" for i in ids if i > 0]
        return " ".join(shown[:2]) + (f" +{len(shown) - 2}" if len(shown) > 2 else "")

    def _lit(self) -> None:
        """Tell the drawing how it looks now. It holds the tasks that it was drawn with."""
        drawn, picture = self._drawn, self._picture
        if drawn is None or picture is None:
            return
        snapshot = drawn.wanted.snapshot
        self._path = path_of(snapshot, drawn, self._selected)
        refused: frozenset[tuple[int, int]] = frozenset()
        if self._link is not None:
            self._link = self._link.judged(snapshot, self._selected)
            chain = self._link.verdict.path if self._link.verdict is not None else ()
            refused = frozenset(pairwise(chain))
        source = self._link.source if self._link is not None else None
        lights = Lights(
            self._selected, source, picture.visible, self._critical_only, self._path, picture.marked, refused
        )
        if isinstance(drawn.drawing, Canvas):
            drawn.drawing.redraw(look_of(snapshot, drawn, picture.now, lights), stroke_of(drawn, lights))
        elif isinstance(drawn.drawing, Signs):
            drawn.drawing.redraw(sign_of(snapshot, drawn, picture.now, lights, self._plane.glyphs))

    def _relight(self) -> None:
        """The selection, the filter, a mode or the states are others: look at everything in view again."""
        self._lit()
        self.set_class(self._link is not None, "linking")
        self._plane.repaint()
        self._tell()

    def _tick(self) -> None:
        """Only the clocks have moved: look again at the boxes in view whose tasks go on."""
        drawn = self._drawn
        if drawn is None or drawn.kind == "overview":
            return
        tasks, window = drawn.wanted.snapshot.tasks, self._plane.window
        live = [
            box
            for node, box in drawn.boxes.items()
            if node > 0 and tasks[node].status == "doing" and window.overlaps(Region(*box[:4]))
        ]
        if live:
            self._lit()
            for box in live:
                self._plane.repaint(range(box.y, box.y + box.height))
        self._tell()

    def _tell(self) -> None:
        """The strip and the banner say what is so now."""
        if self._drawn is None or self._picture is None:
            return
        drawn_from = self._picture._replace(snapshot=self._drawn.wanted.snapshot)
        facts = Facts(drawn_from, self._drawn, self._selected, self._path, self._link)
        self._foot.show(facts, None if self._plane.fits else self._plane.window)
        if self._link is not None:
            self._banner.set(*diagram_context.banner(drawn_from, self._link, self._plane.glyphs))

    def on_resize(self, event: events.Resize) -> None:
        """The strip is as high as there is room for; the selected box stays in view."""
        self._foot.styles.height = height_for(event.size.height)
        self._foot.display = height_for(event.size.height) > 0
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        box = self._box(self._drawn)
        self._plane.pan(0, 0)
        if box is not None:
            self._plane.follow(box)
        if self._drawn is not None and not self._drawn.boxes:
            self._ask()  # words are broken at the width
        self._relight()

    def _select(self, task_id: int) -> None:
        if task_id != self._selected:
            self._selected = task_id
            self.post_message(SelectionChanged(task_id))
            self.post_message(ViewChanged())
        box = self._box(self._drawn)
        if box is not None:
            self._plane.follow(box)
        self._relight()

    @abstractmethod
    def walk_on(self, direction: str) -> None:
        """Go on in a direction: what was left out there is drawn by now."""


def _minute(picture: Picture) -> object:
    return picture.now.replace(second=0, microsecond=0)
