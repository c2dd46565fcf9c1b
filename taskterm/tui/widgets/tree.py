"""The dependency tree of one task: what it waits for above, what waits for it below, each line with its one fact.

`core.tree` decides the lines, `core.forecast` what is foreseen and who is waited for; here they become columns.
"""

from collections.abc import Hashable, Sequence
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType

from taskterm.core import dates
from taskterm.core.forecast import Waited, finish_word, progress, waited_words
from taskterm.core.model import OPEN
from taskterm.core.tree import TreeLine
from taskterm.tui import tree_lines
from taskterm.tui.messages import DoRequested, Hint, Picture, SelectionChanged, ViewChanged
from taskterm.tui.text import visible
from taskterm.tui.widgets.bits import bar_spans, margin, now_spans, priority_span, state_at, state_span, title_span
from taskterm.tui.widgets.lines import BLANK, LineView, Row, Span, field, fit_spans, gap, spread, width_of

BAR = 8
LONGEST_PREFIX = 0.5
"""Part of the task column that branches may take; deeper ones lose their left end."""


class Line(NamedTuple):
    """One line of the view. `key` is None where the cursor passes over."""

    kind: str  # root, head, tree, waited, text, legend or blank
    key: Hashable = None
    tree: TreeLine | None = None
    waited: Waited | None = None
    section: str = ""


class Columns(NamedTuple):
    """Widths of the columns; 0 leaves one out. Each has its gap to the next one in it."""

    task: int
    now: int
    owner: int
    finish: int


def columns(width: int) -> Columns:
    """The columns that fit: narrow terminals lose the owner, then the finish."""
    finish = 10 if width >= 50 else 0
    owner = 8 if width >= 72 else 0
    now = 24 if width >= 88 else 21 if width >= 72 else 17
    return Columns(max(width - 3 - now - owner - finish, 8), now, owner, finish)


class Tree(LineView):
    """The dependency view. Posts SelectionChanged; enter makes the task under the cursor the root."""

    HEAD_ROWS = 1

    DEFAULT_CSS = """
    Tree { width: 1fr; height: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "other_side", "Before and after", show=False),
        Binding("n", "next_waited", "Next waited for", show=False),
        Binding("z", "fold", "Fold", show=False),
        Binding("backspace", "back", "Previous root", show=False),
        Binding("g", "diagram", "Diagram", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._tree: tree_lines.TreePicture | None = None
        self._root: int | None = None
        self._roots: list[int] = []  # the roots before, for backspace
        self._folded: set[int] = set()
        self._lines: list[Line] = []

    # what the app asks

    @property
    def selected_task(self) -> int | None:
        """The task under the cursor."""
        key = self.cursor_key
        return key[1] if isinstance(key, tuple) else None

    @property
    def root_task(self) -> int | None:
        """The task whose tree is shown."""
        return self._root

    def show(self, picture: Picture) -> None:
        """Draw this picture. While only the seconds have changed, the lines stay and are painted anew."""
        old, self._picture = self._picture, picture
        if self._root not in picture.snapshot.tasks:
            self._root = self._some_root(picture)
        same = old is not None and old.snapshot is picture.snapshot and old.visible == picture.visible
        if same and old and old.now.replace(second=0, microsecond=0) == picture.now.replace(second=0, microsecond=0):
            self.redraw()
        else:
            self._rebuild()

    def select_task(self, task_id: int) -> bool:
        """Put the cursor on a task; one that the tree does not hold becomes its root. False if there is none such."""
        for line in self._lines:
            if isinstance(line.key, tuple) and line.key[1] == task_id and line.kind != "waited":
                return self.select_key(line.key)
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

    def hints(self) -> tuple[Hint, ...]:
        """Keys for the footer."""
        return (
            Hint("enter", "focus"),
            Hint("g", "diagram"),
            Hint("tab", "before/after"),
            Hint("z", "fold"),
            Hint("n", "next waited for"),
            *((Hint("backspace", "back"),) if self._roots else ()),
        )

    def context(self, width: int) -> Row | None:
        """`Deps of #19 Approve 2.4.0 · site.release`."""
        if self._picture is None or self._root is None:
            return None
        task = self._picture.snapshot.tasks[self._root]
        spans = [gap(2), Span("Deps of ", "mute"), Span(f"#{task.id} {visible(task.title)}", "text", bold=True)]
        if task.project:
            spans.append(Span(f" {self.glyphs.dot} {visible(task.project)}", "mute"))
        return Row(fit_spans(spans, width, self.glyphs.ellipsis))

    def status(self) -> str:
        """How many tasks the tree holds."""
        if self._tree is None:
            return ""
        return f"{len({line.tree.task_id for line in self._lines if line.tree}) + 1} tasks"

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

    # lines

    def _some_root(self, picture: Picture) -> int | None:
        """What to show before anything was chosen: an open task in the middle of most dependencies."""
        snapshot = picture.snapshot
        tasks = [t for t in snapshot.tasks.values() if t.status in OPEN] or list(snapshot.tasks.values())
        links = {t.id: len(snapshot.predecessors(t.id)) * len(snapshot.successors(t.id)) for t in tasks}
        return max(links, key=lambda i: (links[i], -i), default=None)

    def _rebuild(self) -> None:
        if self._picture is None or self._root is None:
            self._tree, self._lines = None, []
        else:
            self._tree = tree_lines.picture(self._picture.snapshot, self._root, self._picture.now, self._folded)
            self._lines = self._list(self._tree)
        chosen = self.selected_task
        self.set_keys([line.key for line in self._lines])
        if self.selected_task != chosen:
            self.post_message(SelectionChanged(self.selected_task))
        self.post_message(ViewChanged())

    def _list(self, tree: tree_lines.TreePicture) -> list[Line]:
        lines = [Line("root", ("root", tree.root)), Line("blank")]
        for section, members in (("Before", tree.before), ("After", tree.after)):
            if members:
                lines.append(Line("head", section=section))
                seen: dict[int, int] = {}
                for member in members:
                    nth = seen[member.task_id] = seen.get(member.task_id, -1) + 1
                    lines.append(Line("tree", (section, member.task_id, nth), member, section=section))
                lines.append(Line("blank"))
        if not tree.before and not tree.after:
            lines += [Line("text"), Line("blank")]
        if tree.waited:
            lines.append(Line("head", section="Waited for"))
            lines += [Line("waited", ("waited", w.task_id), waited=w) for w in tree.waited]
            lines.append(Line("blank"))
        room = self.size.height - self.HEAD_ROWS - len(lines) - 2
        return [*lines, *[Line("blank")] * room, Line("legend")]

    def on_resize(self) -> None:
        """The legend stands at the bottom, so the lines depend on the height."""
        super().on_resize()
        if self._tree is not None:
            self._lines = self._list(self._tree)
            self.set_keys([line.key for line in self._lines])

    # drawing

    def head_row(self, index: int, width: int) -> Row:
        """The names of the columns."""
        if self._tree is None:
            return BLANK
        wide = columns(width)
        spans = [gap(2), field("task", wide.task, "mute"), field("now", wide.now, "mute")]
        if wide.owner:
            spans.append(field("owner", wide.owner, "mute"))
        if wide.finish:
            spans.append(field("finish", wide.finish, "mute", "right"))
        return Row(spans)

    def row(self, index: int, width: int, selected: bool) -> Row:
        """One line of the view."""
        line = self._lines[index]
        if line.kind == "root" and self._root is not None:
            return self._task_row(self._root, [], width, selected, None)
        if line.tree is not None:
            return self._task_row(line.tree.task_id, self._prefix(line.tree, width), width, selected, line.tree)
        if line.waited is not None:
            return self._waited_row(line.waited, width)
        if line.kind == "head":
            return self._head(line.section, width)
        if line.kind == "text":
            words = f"Nothing comes before or after it {self.glyphs.dot} l links it to another task"
            return Row(fit_spans([gap(2), Span(words, "mute")], width, self.glyphs.ellipsis))
        return self._legend(width) if line.kind == "legend" else BLANK

    def _prefix(self, line: TreeLine, width: int) -> list[Span]:
        signs = self.glyphs.tree
        most = max(int(columns(width).task * LONGEST_PREFIX) // 3, 1)
        shown = line.branches[-most:]
        spans = [Span(f"{self.glyphs.ellipsis}  ", "mute")] if len(shown) < len(line.branches) else []
        for branch in shown[len(spans) :]:
            heavy = branch.critical
            spans.append(Span(signs[f"heavy_{branch.kind}" if heavy else branch.kind], "text" if heavy else "line2"))
        return spans

    def _task_row(self, task_id: int, prefix: list[Span], width: int, selected: bool, line: TreeLine | None) -> Row:
        assert self._picture is not None
        snapshot, now, glyphs = self._picture.snapshot, self._picture.now, self.glyphs
        task, wide = snapshot.tasks[task_id], columns(width)
        state = state_at(task, now)
        lead = margin(task, self._picture.marked, glyphs)
        if line is not None and line.reference:
            name = [Span(f"{glyphs.above} #{task.id} ", "mute"), Span(visible(task.title), "mute", italic=True)]
            return Row([*lead, *_cell([*prefix, *name], wide.task, glyphs.ellipsis), Span("shown above", "mute")])
        strong = selected or line is None or state in ("running", "failed")
        name = [state_span(state, glyphs), Span(f" #{task.id} ", "mute")]
        if task.priority:
            name += [priority_span(task), gap(1)]
        title = title_span(task, state, bold=strong)
        if not self._picture.shows(task_id):
            title = title._replace(role="mute", bold=False)
        elif selected:
            title = title._replace(role="text")
        name.append(title)
        if task_id in self._folded and line is not None:
            name.append(Span(f" {glyphs.ellipsis}", "mute"))
        spans = [*lead, *_cell([*prefix, *name], wide.task, glyphs.ellipsis)]
        spans += _cell(
            now_spans(snapshot, task, now, glyphs, bar=BAR if wide.now > 20 else 0), wide.now, glyphs.ellipsis
        )
        if wide.owner:
            spans.append(field(f"@{visible(task.assignee)}" if task.assignee else "", wide.owner - 1, "soft"))
            spans.append(gap(1))
        if wide.finish:
            finish = self._finish(task_id, state)
            spans += [gap(wide.finish - width_of([finish])), finish]
        return Row(spans, "t_acc" if task_id in self._picture.marked and not selected else None)

    def _finish(self, task_id: int, state: str) -> Span:
        """When the task was finished, or when it should be (`~`); `stuck` where a failure has to be seen to first."""
        assert self._picture is not None
        assert self._tree is not None
        word, bad = finish_word(self._picture.snapshot.tasks[task_id], self._tree.seen, self._picture.now)
        if bad:
            return Span(word, "fail" if state == "failed" else "mute")
        if not word.startswith("~"):
            return Span(word, "mute")
        return Span(word, "text" if task_id in self._tree.critical else "soft")

    def _head(self, section: str, width: int) -> Row:
        assert self._picture is not None
        assert self._tree is not None
        if section == "Waited for":
            return Row([gap(2), Span(section, "soft", bold=True)])
        members = self._tree.before if section == "Before" else self._tree.after
        ids = {member.task_id for member in members}
        far, wide = progress(self._picture.snapshot, ids, self._picture.now), columns(width)
        left = [Span(section, "soft", bold=True), Span(f" {far.total}", "mute")]
        words = f"{far.done} of {far.total}"
        if far.minutes is not None:
            words += f", {dates.format_minutes(max(round(far.minutes), 1))}" + (" left" if far.done else "")
        bar = [*bar_spans(far.done / max(far.total, 1), BAR, self.glyphs, "done"), gap(1)] if wide.now > 20 else []
        rest = fit_spans([*bar, Span(words, "mute")], width - wide.task - 3, self.glyphs.ellipsis)
        return Row([gap(2), *_cell(left, wide.task, self.glyphs.ellipsis), *rest])

    def _waited_row(self, waited: Waited, width: int) -> Row:
        """`@chloe  #17 holds 6 tasks   for 3 h`."""
        assert self._picture is not None
        snapshot, now = self._picture.snapshot, self._picture.now
        task = snapshot.tasks[waited.task_id]
        state = state_at(task, now)
        person = f"@{visible(waited.person)}" if waited.person else "nobody yet"
        role = "fail" if state == "failed" else "warn" if state == "doing" else "soft"
        tasks = f"holds {waited.holds} task{'s' if waited.holds > 1 else ''}"
        spans = [gap(2), field(person, 12, role, bold=state != "ready"), Span(f"#{task.id}"), gap(1)]
        spans.append(field(tasks, 18, "soft"))
        words = waited_words(snapshot, waited, now)
        return Row(fit_spans([*spans, Span(words, "soft")], width, self.glyphs.ellipsis))

    def _legend(self, width: int) -> Row:
        signs, glyphs = self.glyphs.tree, self.glyphs
        spans = [
            *(gap(2), Span(signs["heavy_tee"].strip(), "text"), Span(" critical path", "mute")),
            *(gap(3), Span(signs["tee"].strip(), "line2"), Span(" has slack", "mute")),
            *(gap(3), Span(f"{glyphs.above} shown above", "mute")),
            *(gap(3), Span("~ forecast", "mute")),
        ]
        return Row(fit_spans(spans, width, glyphs.ellipsis))

    # keys

    def on_line_view_moved(self, event: LineView.Moved) -> None:
        """The selection follows the cursor."""
        event.stop()
        self.post_message(SelectionChanged(self.selected_task))

    def action_activate(self) -> None:
        """Make the task under the cursor the root."""
        if self.selected_task is not None:
            self.root_on(self.selected_task)

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
        """Jump from before to after and back."""
        here = next((line.section for line in self._lines if line.key == self.cursor_key), "")
        wanted = "Before" if here == "After" else "After" if here == "Before" else "Before"
        for section in (wanted, "Before", "After"):
            key = next((line.key for line in self._lines if line.tree and line.section == section), None)
            if key is not None:
                self.select_key(key)
                return

    def action_next_waited(self) -> None:
        """Jump to the next task that holds up others, the one that holds up most first."""
        if self._tree is None or not self._tree.waited:
            return
        ids = [waited.task_id for waited in self._tree.waited]
        at = ids.index(self.selected_task) + 1 if self.selected_task in ids else 0
        for task_id in [*ids[at:], *ids[:at]]:
            if task_id == self._root or any(line.tree and line.tree.task_id == task_id for line in self._lines):
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


def _cell(spans: list[Span], width: int, ellipsis: str) -> list[Span]:
    """The spans in exactly `width` cells, the last of them blank: a column with its gap."""
    return spread(fit_spans(spans, width - 1, ellipsis), [], width, ellipsis)
