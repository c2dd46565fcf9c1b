"""The dependency diagram: boxes and lines, a cursor that walks along them, and a strip about the selected task.

Here are its keys and modes; what is drawn, and how, is in diagram_drawing.py.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.actions import SkipAction
from textual.binding import Binding, BindingType

from taskterm.core.snapshot import shown_state
from taskterm.core.zone import to_utc_text
from taskterm.tui import diagram_context, diagram_walk, link_words
from taskterm.tui.diagram_scope import WHOLE, ZOOMS, steps_shown
from taskterm.tui.linking import Link
from taskterm.tui.messages import (
    DoRequested,
    Hint,
    MarkRequested,
    Said,
    SelectionChanged,
    TaskActivated,
    ViewChanged,
)
from taskterm.tui.rows import Row
from taskterm.tui.widgets.diagram_drawing import DiagramDrawing
from taskterm.tui.widgets.diagram_foot import DiagramFoot
from taskterm.tui.widgets.plane import Plane

PAN_X, PAN_Y = 8, 3


class Diagram(DiagramDrawing):
    """The view. Posts SelectionChanged and TaskActivated like every view."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "walk('left')", "To what it waits for", show=False),
        Binding("right", "walk('right')", "To what waits for it", show=False),
        Binding("up", "walk('up')", "Up", show=False),
        Binding("down", "walk('down')", "Down", show=False),
        Binding("h", "walk('left')", "To what it waits for", show=False, id="go_left"),
        Binding("l", "walk('right')", "To what waits for it", show=False, id="go_right"),
        Binding("k", "walk('up')", "Up", show=False, id="up"),
        Binding("j", "walk('down')", "Down", show=False, id="down"),
        Binding("home", "edge(False)", "First layer", show=False),
        Binding("end", "edge(True)", "Last layer", show=False),
        Binding("G", "edge(True)", "Last layer", show=False, id="last"),
        Binding("H,ctrl+left", f"pan({-PAN_X}, 0)", "Pan left", show=False, id="pan_left"),
        Binding("L,ctrl+right", f"pan({PAN_X}, 0)", "Pan right", show=False, id="pan_right"),
        Binding("K,ctrl+up", f"pan(0, {-PAN_Y})", "Pan up", show=False, id="pan_up"),
        Binding("J,ctrl+down", f"pan(0, {PAN_Y})", "Pan down", show=False, id="pan_down"),
        Binding("pagedown", "page(0, 1)", "A page down", show=False),
        Binding("pageup", "page(0, -1)", "A page up", show=False),
        Binding("ctrl+f", "page(0, 1)", "A page down", show=False, id="page_down"),
        Binding("ctrl+b", "page(0, -1)", "A page up", show=False, id="page_up"),
        Binding("ctrl+d", "page(0, 0.5)", "Half a page down", show=False, id="half_down"),
        Binding("ctrl+u", "page(0, -0.5)", "Half a page up", show=False, id="half_up"),
        Binding("plus,equals_sign", "zoom(-1)", "Nearer", show=False, id="nearer"),
        Binding("minus", "zoom(1)", "Farther", show=False, id="farther"),
        Binding("0", "zoom(-9)", "Boxes", show=False, id="boxes"),
        Binding("left_square_bracket", "depth(-1)", "Fewer steps", show=False, id="fewer"),
        Binding("right_square_bracket", "depth(1)", "More steps", show=False, id="more"),
        Binding("z", "centre", "Centre", show=False, id="centre"),
        Binding("o", "overview", "Overview", show=False, id="overview"),
        Binding("p", "critical_only", "Critical only", show=False, id="critical_only"),
        Binding("f", "next_running", "Next running", show=False, id="next_running"),
        Binding("g", "tree", "Tree", show=False, id="diagram"),
        Binding("tab", "turn", "Other direction", show=False),
        Binding("enter", "activate", "Open", show=False),
        Binding("escape", "leave", "Back", show=False),
    ]

    # what the app asks

    def select_task(self, task_id: int) -> bool:
        """Put the cursor on a task; one that is not drawn is brought into the picture. False if there is none such."""
        if self._picture is None or task_id not in self._picture.snapshot.tasks:
            return False
        if self._drawn is not None and task_id in self._drawn.boxes and self._wanted is self._drawn.wanted:
            self._select(task_id)
        else:
            self._selected = self._centre = task_id
            self._ask()
            self.post_message(SelectionChanged(task_id))
        return True

    def start_link(self) -> bool:
        """Link mode: the other end is picked here. False where nothing can be picked, and the second time: then the
        mode ends where it began, and the list of all tasks may take over."""
        if self._link is not None:
            source = self._link.source
            self._end_link()
            self._select(source)
            return False
        if self._selected is None or self._drawn is None:
            return False
        self._link = Link(self._selected)
        self.add_class("linking")
        self._relight()
        self.post_message(ViewChanged())
        return True

    def hints(self) -> tuple[Hint, ...]:
        """Keys for the footer."""
        if self._link is not None:
            return link_words.hints("hjkl")
        return diagram_context.hints(self._drawn)

    def context(self, width: int) -> Row | None:
        """`Diagram release 2.4.0 · 14 tasks · #17 and what waits for it`; the filter line while there is a filter."""
        if self._picture is None or self._drawn is None or self._picture.query:
            return None
        return diagram_context.line(self._drawn, self._selected, self._path.kind, width, self._plane.glyphs)

    def order(self) -> Sequence[int]:
        """What is drawn, layer by layer."""
        boxes = self._drawn.boxes if self._drawn is not None else {}
        return sorted((node for node in boxes if node > 0), key=lambda node: (boxes[node].x, boxes[node].y))

    def step(self, by: int) -> None:
        """Up and down within a layer."""
        self.action_walk("down" if by > 0 else "up")

    def status(self) -> str:
        """Which zoom level it is."""
        if self._drawn is None:
            return ""
        return "overview" if self._drawn.kind == "overview" else f"zoom {self._zoom + 1} of {len(ZOOMS)}"

    # the cursor

    def walk_on(self, direction: str) -> None:
        """Go on in a direction: what was left out there is drawn by now."""
        self.action_walk(direction)

    def action_walk(self, direction: str) -> None:
        """To the neighbour in a direction; where that is left out, the picture grows there first."""
        drawn, here = self._drawn, self._selected
        if drawn is None or here is None:
            return
        found = diagram_walk.step(drawn, here, direction, self._came.get((here, direction)))
        if found is None:
            if diagram_walk.leads_out(drawn, here, direction):
                self._onward = direction
                self._centre_on(here)
            return
        back = {"left": "right", "right": "left", "up": "down", "down": "up"}[direction]
        self._came[found, back] = here
        self._select(found)

    def action_edge(self, last: bool) -> None:
        """To the first or the last layer."""
        if self._drawn is not None and self._selected is not None:
            found = diagram_walk.edge_of(self._drawn, self._selected, last)
            if found is not None:
                self._select(found)

    def action_next_running(self) -> None:
        """To the next task that runs, else to the next one that somebody is at."""
        if self._drawn is None:
            return
        tasks, at = self._drawn.wanted.snapshot.tasks, to_utc_text(self._drawn.wanted.now)
        order = sorted((box.x, box.y, node) for node, box in self._drawn.boxes.items() if node > 0)
        for state in ("running", "doing"):
            nodes = [node for _, _, node in order if shown_state(tasks[node], at) == state]
            if nodes:
                following = nodes.index(self._selected) + 1 if self._selected in nodes else 0
                self._select(nodes[following % len(nodes)])
                return
        self.post_message(Said("nothing in this picture is under way"))

    def action_activate(self) -> None:
        """Open the task; in link mode pick it, in the overview look around it."""
        if self._selected is None:
            return
        if self._link is not None:
            self._pick()
        elif self._overview:
            self.action_overview()
        else:
            self.post_message(TaskActivated(self._selected))

    # the window

    def action_pan(self, x: int, y: int) -> None:
        """Move the window by cells."""
        self._plane.pan(x, y)

    def action_page(self, x: float, y: float) -> None:
        """Move the window by pages."""
        self._plane.pan(int((self._plane.size.width - 4) * x), int((self._plane.size.height - 2) * y))

    def action_zoom(self, step: int) -> None:
        """Farther (1) or nearer (-1): boxes, one line a task, dots."""
        zoom = min(max(self._zoom + step, 0), len(ZOOMS) - 1)
        if zoom != self._zoom or self._overview:
            self._zoom = zoom
            self._leave_overview()
            self._ask()

    def action_centre(self) -> None:
        """The selected task to the middle; where only a neighbourhood is shown, it becomes the selected task's."""
        box = self._box(self._drawn)
        if self._drawn is None or box is None or self._selected is None:
            return
        if self._drawn.kind == "near" and self._centre != self._selected:
            self._centre_on(self._selected)
        self._plane.centre_box(box)

    def action_depth(self, step: int) -> None:
        """More or fewer steps around the selected task; with all of them shown, everything is."""
        drawn = self._drawn
        if drawn is None or drawn.kind == "overview" or self._selected is None:
            return
        shown = steps_shown(drawn)
        if drawn.kind == "whole" and step > 0:
            self.post_message(Said("all tasks with dependencies are shown"))
        elif drawn.kind == "near" and step > 0 and drawn.picture.depth is None:
            self._depth = None
            if drawn.total > WHOLE:
                self.post_message(Said("nothing more comes before or after it"))
        elif drawn.kind == "near" and step < 0 and shown == 1:
            self.post_message(Said("one step each way is the least"))
            return
        else:
            self._depth = 2 if drawn.kind == "whole" else max(shown + step, 1)
        if drawn.kind != "near":
            self._centre = self._selected
        self._ask()

    def action_overview(self) -> None:
        """All tasks as signs, and back to the neighbourhood of the selected one."""
        if self._overview:
            self._leave_overview()
        else:
            self._overview = True
            self._centre = self._selected
        self._ask()

    def action_critical_only(self) -> None:
        """Everything but the critical path grows quiet, or not any more."""
        self._critical_only = not self._critical_only
        self._relight()

    def action_tree(self) -> None:
        """The same dependencies as a tree."""
        self.post_message(DoRequested("diagram"))

    def action_leave(self) -> None:
        """Escape: out of link mode, the overview, a chosen depth, or critical only; else it is the app's."""
        if self._link is not None:
            self._end_link()
        elif self._overview:
            self.action_overview()
        elif self._depth is not None:
            self._depth = None
            self._ask()
        elif self._critical_only:
            self.action_critical_only()
        else:
            raise SkipAction

    def _centre_on(self, task_id: int) -> None:
        self._centre = task_id
        self._ask()

    def _leave_overview(self) -> None:
        if self._overview:
            self._overview = False
            self._centre = self._selected

    # link mode

    def action_turn(self) -> None:
        """The other direction."""
        if self._link is None:
            raise SkipAction
        self._link = self._link._replace(forward=not self._link.forward)
        self._relight()

    # messages

    def on_plane_clicked(self, event: Plane.Clicked) -> None:
        """A click selects, with ctrl it marks, a double click opens; a count of what is left out brings that in."""
        event.stop()
        node = event.node
        if node is None:
            return
        if node < 0:
            self._selected = -node // 2
            self._centre_on(self._selected)
            self.post_message(SelectionChanged(self._selected))
            return
        again = node == self._selected
        self._select(node)
        if event.marks:
            self.post_message(MarkRequested(node, stretch=False))
            return
        if event.chain == 2 or (again and self._link is not None):
            self.action_activate()

    def on_plane_moved(self, event: Plane.Moved) -> None:
        """The map follows."""
        event.stop()
        self._tell()

    def on_plane_zoomed(self, event: Plane.Zoomed) -> None:
        """Ctrl and the wheel."""
        event.stop()
        self.action_zoom(-event.step)

    def on_diagram_foot_aimed(self, event: DiagramFoot.Aimed) -> None:
        """The map was pressed."""
        event.stop()
        self._plane.centre_on(event.x, event.y)
