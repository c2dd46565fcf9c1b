"""The dependency tree of one task: what it waits for above, what waits for it below, each line with its one fact.

Here are its keys, its mouse and its link mode; what is drawn, and how, is in tree_drawing.py.
"""

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType

from taskterm.tui import link_words, tree_rows
from taskterm.tui.linking import Link
from taskterm.tui.messages import (
    ActRequested,
    DoRequested,
    Hint,
    MarkRequested,
    SelectionChanged,
    TaskActivated,
    ViewChanged,
)
from taskterm.tui.rows import Row, Span, fit_spans, gap, target_at
from taskterm.tui.text import visible
from taskterm.tui.tree_lines import AFTER, BEFORE
from taskterm.tui.widgets.canvas import Canvas
from taskterm.tui.widgets.lines import MARGIN, LineView
from taskterm.tui.widgets.tree_drawing import TreeDrawing


class Tree(TreeDrawing):
    """The dependency view. Posts SelectionChanged; enter makes the task under the cursor the root, and opens a root."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "other_side", "Before and after", show=False),
        Binding("n", "next_waited", "Next waited for", show=False, id="next_waited"),
        Binding("z", "fold", "Fold", show=False, id="fold"),
        Binding("p", "critical_only", "Critical only", show=False, id="critical_only"),
        Binding("backspace", "back", "Previous root", show=False, id="back"),
        Binding("g", "diagram", "Diagram", show=False, id="diagram"),
        Binding("escape", "leave", "Back", show=False),
    ]

    # what the app asks

    def select_task(self, task_id: int) -> bool:
        """Put the cursor on a task; one that the tree does not hold becomes its root. False if there is none such."""
        place = self._listing.places.get(task_id)
        if place is not None:
            key = self._listing.lines[place].key
            return key is not None and self.select_key(key)
        return self.root_on(task_id)

    def root_on(self, task_id: int) -> bool:
        """Show the tree of this task, the cursor on it; False if there is none such."""
        if self._picture is None or task_id not in self._picture.snapshot.tasks:
            if self._picture is None:
                self._root = task_id
            return False
        if task_id != self._root:
            if self._root is not None:
                self._roots.append(self._root)
            self._root = task_id
            self._rebuild()
        self.select_key(("root", task_id))
        return True

    def start_link(self) -> bool:
        """Link mode: the other end is picked here. False where nothing can be picked, and the second time: then the
        mode ends where it began, and the list of all tasks may take over."""
        if self._link is not None:
            source = self._link.source
            self._end_link()
            self.select_task(source)
            return False
        if self.selected_task is None or self._tree is None or (not self._tree.before and not self._tree.after):
            return False
        self._link = Link(self.selected_task)
        self._relight()
        self.post_message(ViewChanged())
        return True

    def cut_link(self) -> bool:
        """Take away the dependency between the line under the cursor and the one above it. False where the cursor
        stands on no such line."""
        line = self._line_of_cursor()
        edge = self._listing.edge(line, self._root) if line is not None and self._root is not None else None
        if edge is None:
            return False
        self.post_message(ActRequested("unlink", {"successor": edge[1], "predecessors": [edge[0]]}))
        return True

    def hints(self) -> tuple[Hint, ...]:
        """Keys for the footer."""
        if self._link is not None:
            return link_words.hints("jk")
        if self._tree is None:
            return ()
        on_root = self.cursor_key == ("root", self._root)
        linked = bool(self._tree.before or self._tree.after)
        return (
            Hint("enter", "open" if on_root else "focus"),
            *((Hint("tab", "before/after"), Hint("z", "fold")) if linked else ()),
            *((Hint("n", "next waited for"),) if self._tree.waited else ()),
            *((Hint("p", "critical only"),) if linked else ()),
            Hint("g", "diagram"),
            Hint("l", "link"),
            *(() if on_root or not linked else (Hint("X", "unlink"),)),
            *((Hint("backspace", "back"),) if self._roots else ()),
        )

    def context(self, width: int) -> Row | None:
        """`Deps of #19 Approve 2.4.0 · site.release`."""
        if self._picture is None or self._root is None:
            return None
        task = self._picture.snapshot.tasks[self._root]
        spans = [gap(1), Span("Deps of ", "mute"), Span(f"#{task.id} {visible(task.title)}", "text", bold=True)]
        if task.project:
            spans.append(Span(f" {self.glyphs.dot} {visible(task.project)}", "mute"))
        return Row(fit_spans(spans, width, self.glyphs.ellipsis))

    def status(self) -> str:
        """How many tasks the tree holds."""
        count = self._listing.tasks
        return f"{count} task{'s' if count != 1 else ''}" if count else ""

    def order(self) -> Sequence[int]:
        """The tasks from the top, each where it stands first."""
        return list(dict.fromkeys(key[1] for key in self.keys if isinstance(key, tuple)))

    def step(self, by: int) -> None:
        """The cursor goes on."""
        self.action_cursor(by)

    def task_at(self, index: int) -> int | None:
        """The root, and every line of a branch."""
        key = self.keys[index]
        return key[1] if isinstance(key, tuple) else None

    # the cursor

    def on_line_view_moved(self, event: LineView.Moved) -> None:
        """The selection follows the cursor."""
        event.stop()
        self._relight()
        self.post_message(SelectionChanged(self.selected_task))

    def action_activate(self) -> None:
        """Pick in link mode. Else: a reference leads to the task in full, the root opens, others become the root."""
        line = self._line_of_cursor()
        if line is None or self.selected_task is None:
            return
        if self._link is not None:
            self._pick()
        elif not self._go_to_full(line):
            if self.selected_task == self._root:
                self.post_message(TaskActivated(self.selected_task))
            else:
                self.root_on(self.selected_task)

    def _go_to_full(self, line: int) -> bool:
        """From a reference, or a name in `Waited for`, to where the task stands in full; False on other lines."""
        found, task_id = self._listing.lines[line], self.selected_task
        named = found.waited is not None or (found.tree is not None and found.tree.reference)
        if not named or task_id is None or task_id not in self._listing.places:
            return False
        return self.select_task(task_id)

    def action_back(self) -> None:
        """Return to the root before."""
        while self._roots and self._picture is not None:
            root = self._roots.pop()
            if root in self._picture.snapshot.tasks:
                came_from, self._root = self._root, root
                self._rebuild()
                if came_from is not None:
                    self.select_task(came_from)
                return

    def action_other_side(self) -> None:
        """Jump from before to after and back; in link mode turn the direction."""
        if self._link is not None:
            self._link = self._link._replace(forward=not self._link.forward)
            self._relight()
            return
        line = self._line_of_cursor()
        here = self._listing.lines[line].section if line is not None else ""
        for section in (AFTER if here == BEFORE else BEFORE, BEFORE, AFTER):
            first = self._listing.firsts.get(section)
            key: Hashable = self._listing.lines[first].key if first is not None else None
            if key is not None:
                self.select_key(key)
                return

    def action_next_waited(self) -> None:
        """Jump to the next task that holds up others, the one that holds up most first."""
        ids = [waited.task_id for waited in self._tree.waited] if self._tree is not None else []
        at = ids.index(self.selected_task) + 1 if self.selected_task in ids else 0
        for task_id in [*ids[at:], *ids[:at]]:
            if task_id in self._listing.places:
                self.select_task(task_id)
                return

    def action_diagram(self) -> None:
        """The same dependencies as boxes and lines."""
        self.post_message(DoRequested("diagram"))

    def action_fold(self) -> None:
        """Fold what hangs below the task under the cursor, or unfold it."""
        task_id = self.selected_task
        if task_id is not None and task_id != self._root:
            self._folded ^= {task_id}
            self._rebuild()

    def action_critical_only(self) -> None:
        """Everything but the critical path grows quiet, or not any more."""
        self._critical_only = not self._critical_only
        self.redraw()

    def action_leave(self) -> None:
        """Escape: out of link mode or of critical only; else it is the app's."""
        if self._link is not None:
            source = self._link.source
            self._end_link()
            self.select_task(source)
        elif self._critical_only:
            self.action_critical_only()
        else:
            raise SkipAction

    # the mouse

    def on_click(self, event: events.Click) -> None:
        """A click selects, on a branch it folds, on a reference it leads to the task in full; a double click opens. In
        link mode a click on the selected task picks it."""
        event.prevent_default()
        number = self.scroll_offset.y + event.y - self.HEAD_ROWS
        taught = self.taught(event.y)
        if taught is not None:
            if (key := target_at(taught, event.x)) is not None:
                self.post_message(Canvas.Clicked(key))
            return
        if event.y < self.HEAD_ROWS or number >= len(self._listing.lines):
            return
        line = self._listing.lines[number]
        if line.key is None:
            return
        task_id = self.task_at(number)
        if task_id is not None and (event.ctrl or event.shift or event.x < MARGIN):
            self.select_key(line.key)
            self.post_message(MarkRequested(task_id, stretch=event.shift))
            return
        again = self.cursor_key == line.key
        target = target_at(self.row(number, self.size.width, again), event.x)
        self.select_key(line.key)
        if self._link is not None:
            if again:
                self._pick()
        elif target == tree_rows.FOLD and (self._listing.ends.get(number, number) > number or self._is_folded(number)):
            self.action_fold()
        elif not self._go_to_full(number) and event.chain == 2 and self.selected_task is not None:
            self.post_message(TaskActivated(self.selected_task))

    def _is_folded(self, number: int) -> bool:
        tree = self._listing.lines[number].tree
        return tree is not None and tree.below > 0
