"""`l`, `X`: pick the other end of a dependency on screen, by label, cursor, number or a part of a title.

What the link or the cut would do is shown before it is made; a link that would close a cycle shows that path.
"""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from taskterm.core.model import OPEN, Task
from taskterm.tui.linking import CUTS, Verdict, asked, command, judge_all, judge_cut, linked, path_words
from taskterm.tui.messages import Hint, MarkRequested, Picture, SelectionChanged, TaskActivated
from taskterm.tui.rows import BLANK, Row, Span, field, gap
from taskterm.tui.screens.overlay import Overlay
from taskterm.tui.text import visible
from taskterm.tui.theme import Glyphs, glyphs_of
from taskterm.tui.widgets.banner import Banner
from taskterm.tui.widgets.bits import ids, state_at, state_span
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.footer import Footer
from taskterm.tui.widgets.page import Page
from taskterm.tui.widgets.tasks import Mark, Tasks
from taskterm.tui.work import Work

LABELS = "asdfghjkqwetzuiopcvbnm"
"""Letters in the order in which hands find them; those that look alike or mean something here are left out."""


CIRCLE = 12
"""Lines that the preview spends on a cycle at most."""


class Preview(Page):
    """If you link these: the piece of graph, what changes, the command line."""

    DEFAULT_CSS = "Preview { background: $surface; width: 51; }"
    GROUND: ClassVar[str] = "surface"

    def __init__(self) -> None:
        super().__init__()
        self._given: list[Row] = []

    def set(self, rows: list[Row]) -> None:
        """Other lines."""
        self._given = rows
        self.rebuild()

    def text(self, width: int) -> list[Row]:
        """Between margins."""
        return [BLANK, *(Row([gap(2), *row.spans]) for row in self._given)]


class LinkScreen(Overlay[None]):
    """Link mode: enter or a label links, and with `cut` takes a link away; tab turns the direction.

    Several tasks can be linked to the one that is picked, in one operation.
    """

    DEFAULT_CSS = """
    LinkScreen { align: left top; }
    LinkScreen #banner { height: 1; margin-top: 2; }
    LinkScreen #banner Entry { width: 40%; display: none; background: $tt-t-acc; }
    LinkScreen.searching #banner Entry { display: block; }
    LinkScreen #body { height: 1fr; }
    LinkScreen.narrow Preview { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "turn", "Other direction", show=False),
        Binding("slash", "search", "Search", show=False),
        *(Binding(letter, f"label('{letter}')", "Pick", show=False, priority=False) for letter in LABELS),
        *(Binding(digit, f"digit('{digit}')", "Number", show=False) for digit in "0123456789"),
        Binding("backspace", "digit('')", "Number", show=False),
    ]
    JOBS = ("link", "unlink")
    HINTS: ClassVar[tuple[Hint, ...]] = (
        Hint("a-z", "pick"),
        Hint("enter", "link"),
        Hint("tab", "other direction"),
        Hint("/", "search"),
        Hint("esc", "cancel"),
    )

    def __init__(
        self, task_ids: Sequence[int], picture: Picture, work: Work, *, forward: bool | None = None, cut: bool = False
    ) -> None:
        super().__init__()
        self._from = tuple(task_ids)
        self._cut = cut
        self._picture = picture.only(self._candidates(picture, ""))
        self._whole = picture
        self._work = work
        if forward is None:  # a cut begins on the side on which there is something to cut
            forward = not cut or any(picture.snapshot.successors(i) for i in self._from)
        self._forward = forward  # the picked task waits for this one
        self._typed = ""

    def compose(self) -> ComposeResult:
        """Banner, list and preview below the tabs, footer."""
        with Horizontal(id="banner"):
            yield Banner()
            yield Entry(placeholder="part of a title", id="search")
        with Horizontal(id="body"):
            yield PickList(id="candidates")
            yield Preview()
        hints = self.HINTS
        if self._cut:
            hints = tuple(hint._replace(word="cut") if hint.key == "enter" else hint for hint in hints)
        yield Footer(hints, id="overlay-footer")

    def on_mount(self) -> None:
        """The list has the keys, its cursor on the task itself."""
        tasks = self.query_one(Tasks)
        tasks.show(self._picture)
        tasks.select_task(self._from[0])
        tasks.focus()
        self._redraw()

    def on_resize(self, event: events.Resize) -> None:
        """The preview needs room."""
        self.set_class(event.size.width < 110, "narrow")
        self.call_after_refresh(self._redraw)

    # picking

    def action_turn(self) -> None:
        """The other direction: this one waits for the picked task."""
        self._forward = not self._forward
        self._redraw()

    def action_label(self, letter: str) -> None:
        """The task with this label."""
        for task_id, mark in self.query_one(Tasks).marks.items():
            if mark.label == letter:
                self.query_one(Tasks).select_task(task_id)
                self._pick(task_id)
                return

    def action_digit(self, digit: str) -> None:
        """A number is typed; the cursor follows it."""
        self._typed = self._typed + digit if digit else self._typed[:-1]
        if self._typed and int(self._typed) in self._picture.snapshot.tasks:
            self.query_one(Tasks).select_task(int(self._typed))
        self._redraw()

    def action_search(self) -> None:
        """Type a part of a title."""
        self.add_class("searching")
        self.query_one("#search", Entry).focus()

    def action_cancel(self) -> None:
        """First leave the search, then the mode."""
        if self.has_class("searching"):
            self._leave_search()
        else:
            self.dismiss(None)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Live results."""
        event.stop()
        self._picture = self._whole.only(self._candidates(self._whole, event.value))
        self.query_one(Tasks).show(self._picture)
        self._redraw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The keys go back to the list."""
        event.stop()
        self._leave_search()

    def on_task_activated(self, event: TaskActivated) -> None:
        """Enter."""
        event.stop()
        self._pick(event.task_id)

    def on_selection_changed(self, event: SelectionChanged) -> None:
        """The preview follows the cursor."""
        event.stop()
        self._redraw()

    def on_mark_requested(self, event: MarkRequested) -> None:
        """Nothing is marked here: a click picks where the cursor goes."""
        event.stop()

    def _leave_search(self) -> None:
        self.remove_class("searching")
        self.query_one(Tasks).focus()

    def _candidates(self, picture: Picture, part: str) -> frozenset[int]:
        """Open tasks with `part` in their title; for a cut also what is linked and has ended."""
        small, snapshot = part.strip().casefold(), picture.snapshot
        near = {i for end in self._from for i in (*snapshot.predecessors(end), *snapshot.successors(end)) if self._cut}
        return frozenset(
            task.id
            for task in snapshot.tasks.values()
            if task.id in self._from or ((task.status in OPEN or task.id in near) and small in task.title.casefold())
        )

    def _judge(self, other: int) -> Verdict:
        if self._cut:
            return judge_cut(self._picture.snapshot, self._from, other, forward=self._forward)
        verdict = judge_all(self._picture.snapshot, self._from, other, forward=self._forward)
        return verdict._replace(kind="refused") if verdict.kind == "unlink" else verdict

    def _meant(self, other: int) -> tuple[int, ...]:
        """Where the link begins; of several that are cut from one, those that are linked with it."""
        return linked(self._picture.snapshot, self._from, other, forward=self._forward) if self._cut else self._from

    def _pick(self, task_id: int) -> None:
        if self.asked:
            return
        verdict = self._judge(task_id)
        if verdict.kind == "refused":
            path = path_words(verdict.path)
            why = f"refused, cycle {path}" if path else f"refused: #{task_id} {verdict.why}"
            if verdict.why == "linked already":
                why += glyphs_of(self.app).keys.said(f" · {CUTS}")
            self.say(why, bad=True)
            return
        self.asked += 1
        self._work.execute(verdict.kind, asked(verdict, self._meant(task_id), task_id, forward=self._forward))

    # drawing

    def _redraw(self) -> None:
        tasks = self.query_one(Tasks)
        tasks.marks = self._marks(tasks)
        tasks.redraw()
        self._banner()
        other = tasks.selected_task
        self.query_one(Preview).set(self._preview(other) if other is not None else [])

    def _marks(self, tasks: Tasks) -> dict[int, Mark]:
        """Labels for what can be picked and is on the screen; a reason beside what cannot."""
        marks: dict[int, Mark] = {task_id: Mark(note="from here", picked=True) for task_id in self._from}
        labels = iter(LABELS)
        others = "them" if len(self._from) > 1 else f"#{self._from[0]}"
        in_view = {tasks.keys[line] for line in tasks.lines_in_view}
        for key in tasks.keys:
            if not isinstance(key, int) or key in self._from:
                continue
            verdict = self._judge(key) if key in in_view else Verdict("unlink" if self._cut else "link")
            quiet = verdict.kind == "refused"
            label = "" if quiet or key not in in_view else next(labels, "")
            verb = "waits for" if self._forward else "releases"
            effect = f"{verb} {others}" if verdict.kind == "link" else "cuts the link" if not quiet else ""
            marks[key] = Mark(label, verdict.why, effect, quiet)
        return marks

    def _banner(self) -> None:
        task, more = self._picture.snapshot.tasks[self._from[0]], len(self._from) - 1
        glyphs = self.query_one(Banner).glyphs
        one, all_ = ("it waits", "it") if not more else ("they wait", "them")
        what = f"pick what waits for {all_}" if self._forward else f"pick what {one} for"
        left = [
            Span("Cut a link of " if self._cut else "Link ", "accent", True),
            Span(f"#{task.id} ", "text", True),
            Span(visible(task.title), "text", True),
            *([Span(f" and {more} more", "text", True)] if more else []),
            Span(f" {glyphs.arrow if self._forward else glyphs.waits} {what}", "soft"),
        ]
        right = [Span("type a label, a number or / and part of a title", "soft")]
        if self._typed:
            right = [Span(f"#{self._typed}", "accent", True)]
        if self.size.width < 110 and not self._typed:
            right = []
        self.query_one(Banner).set(left, right)

    def _preview(self, other: int) -> list[Row]:
        snapshot, now = self._picture.snapshot, self._picture.now
        if other in self._from:
            return [Row([Span("Pick the other end", "text", True)])]
        verdict = self._judge(other)
        predecessor, successor = (self._from[0], other) if self._forward else (other, self._from[0])
        first, second = snapshot.tasks[predecessor], snapshot.tasks[successor]
        glyphs = self.query_one(Tasks).glyphs

        def line(task: Task, prefix: str, *, bold: bool = False, role: str = "accent") -> Row:
            state = state_span(state_at(task, now), glyphs)
            return Row([Span(prefix, role), state, Span(f" #{task.id} ", "mute"), Span(visible(task.title), bold=bold)])

        corner = glyphs.tree["heavy_corner"].rstrip() + glyphs.more_right + " "
        light = glyphs.tree["corner"].rstrip() + glyphs.more_right + " "
        head = {"link": "If you link these", "unlink": "If you cut this link", "refused": "Not possible"}[verdict.kind]
        rows = [Row([Span(head, "text", True)]), BLANK]
        rows += [line(first, "   ", bold=True), line(second, f"   {corner}", bold=True)]
        for following in snapshot.successors(successor)[:4]:
            rows.append(line(snapshot.tasks[following], f"       {light}", role="line2"))
        if more := self._from[1:]:
            rows += [BLANK, Row([Span(f"and {ids(more, 6)}", "soft")])]
        return [*rows, BLANK, *self._changes(verdict, first, second, glyphs, other)]

    def _changes(self, verdict: Verdict, first: Task, second: Task, glyphs: Glyphs, other: int) -> Iterable[Row]:
        def section(name: str) -> Row:
            return Row([Span(name, "soft", True), gap(1), Span(glyphs.rule * (46 - len(name)), "line")])

        if verdict.kind == "refused":
            yield section("Refused here")
            if verdict.path:
                yield Row([field("cycle", 10, "mute"), Span(glyphs.words(path_words(verdict.path)), "fail")])
                yield BLANK
                yield from self._circle(verdict.path, glyphs)
            else:
                yield Row([Span(f"#{second.id} {verdict.why}", "soft")])
            return
        blockers = [task.id for task in self._picture.snapshot.open_blockers(second.id)]
        yield section("What changes")
        if verdict.kind == "unlink":
            left = ids([i for i in blockers if i != first.id])
            yield Row([field(f"#{second.id}", 10, "mute"), Span(f"waits for {left or 'nothing'}")])
        else:
            before = self._from if self._forward else (first.id,)
            tasks = self._picture.snapshot.tasks
            waits = sorted({*blockers, *(i for i in before if tasks[i].status in OPEN)})
            yield Row([field(f"#{second.id}", 10, "mute"), Span(f"waits for {ids(waits, 5)}")])
            for before_, after_ in self._implied(first.id, second.id):
                told = f"#{before_} {glyphs.arrow} #{after_} is then implied"
                yield Row([field("redundant", 10, "mute"), Span(told, "soft")])
        yield BLANK
        yield section("Same as")
        yield Row([Span(command(verdict, self._meant(other), other, forward=self._forward), "soft")])

    def _implied(self, first: int, second: int) -> list[tuple[int, int]]:
        """The links that say no more than the new one does, two at most: from its first end, or into its second."""
        snapshot = self._picture.snapshot
        later = snapshot.held_up(second)
        found = [(first, i) for i in snapshot.successors(first) if i in later]
        blockers = snapshot.open_blockers(second)[:8]
        found += [(b.id, second) for b in blockers if b.id != first and first in snapshot.held_up(b.id)]
        return found[:2]

    def _circle(self, path: tuple[int, ...], glyphs: Glyphs) -> Iterable[Row]:
        """The tasks of a cycle from the first one down to where it would close, one a line."""
        tasks = self._picture.snapshot.tasks
        yield Row([Span("every task would wait for the one above it", "soft")])
        shown = path if len(path) <= CIRCLE else (*path[: CIRCLE - 3], *path[-2:])
        for number, task_id in enumerate(shown):
            if len(shown) < len(path) and number == CIRCLE - 3:
                yield Row([gap(3), Span(f"{glyphs.pipe}  {len(path) - len(shown)} more", "mute")])
            task = tasks[task_id]
            new = number == 1  # the link that is being picked
            arrow = gap(3) if not number else Span(f"{glyphs.box[2]}{glyphs.rule}{glyphs.more_right}", "fail", new)
            state = state_span(state_at(task, self._picture.now), glyphs)
            title = Span(visible(task.title), "text" if number in (0, 1, len(shown) - 1) else "soft", new)
            yield Row([gap(1), arrow, gap(1), state, Span(f" #{task_id} ", "mute"), title])


class PickList(Tasks):
    """The list of tasks, with letters and digits left to link mode."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"screen.label('{key}')", "Pick", show=False) for key in LABELS if key in "jkgz"
    ]
