"""`W`: the questions of a workflow file, the tasks it makes and the exact commands it would run; asked once."""

import os
from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from taskterm.exchange.parameters import variable
from taskterm.exchange.workflow import WorkflowFile
from taskterm.tui.messages import Hint
from taskterm.tui.rows import BLANK, Row, Span, gap, spread
from taskterm.tui.screens.overlay import Lines, Overlay, Rule, TitleLine
from taskterm.tui.text import cells, visible, wrap
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.label import Label
from taskterm.tui.widgets.page import Page
from taskterm.tui.work import Work


class Contents(Page):
    """Every task of the file with its commands, to be read before they are approved."""

    DEFAULT_CSS = "Contents { background: $panel; height: 1fr; min-height: 4; }"
    GROUND: ClassVar[str] = "raised"

    def __init__(self, workflow: WorkflowFile) -> None:
        super().__init__(id="contents")
        self._workflow = workflow

    class Accepted(Message):
        """Enter was pressed on the page."""

    def action_activate(self) -> None:
        """Enter means the same as in a field."""
        self.post_message(self.Accepted())

    def text(self, width: int) -> list[Row]:
        """A line for each task, one or more for each command."""
        rows: list[Row] = []
        folders = [step.cwd or "" for task in self._workflow.tasks for step in task.steps]
        usual = max(set(folders), key=folders.count, default="")
        if self._workflow.source:
            folder = os.path.join(os.path.dirname(self._workflow.source), usual)
            rows += [Row([Span(visible(line), "mute")]) for line in wrap(f"commands run in {folder}", width)]
        names = " ".join(f"${variable(param.name)}" for param in self._workflow.params)
        if names:
            rows += [Row([Span(line, "mute")]) for line in wrap(f"and get the answers above as {names}", width)]
        if rows:
            rows.append(BLANK)
        for task in self._workflow.tasks:
            owner = [Span(f"@{visible(task.assignee)}", "soft")] if task.assignee else []
            needs = f"  after {', '.join(task.needs)}" if task.needs else ""
            head = [Span(visible(task.title), "text", True), Span(visible(needs), "mute")]
            rows.append(Row(spread(head, owner, max(width - 1, 1), self.glyphs.ellipsis)))
            for step in task.steps:
                if step.condition:
                    rows.append(Row([gap(4), Span(visible(f"only if: {step.condition}"), "mute")]))
                lines = [piece for line in step.run.splitlines() or [""] for piece in wrap(line, max(width - 5, 20))]
                for index, line in enumerate(lines):
                    sign = Span("  $ " if index == 0 else "    ", "accent", True)
                    rows.append(Row([sign, Span(visible(line), "soft")]))
                if (step.cwd or "") != usual:
                    rows.append(Row([gap(4), Span(visible(f"in {step.cwd or 'the folder of the file'}"), "mute")]))
            if not task.steps:
                rows.append(Row([gap(2), Span("a person says done", "mute")]))
        return rows


class WorkflowScreen(Overlay[None]):
    """The form. `enter` makes the tasks and runs them (that approves the commands), `ctrl+t` only makes them."""

    DEFAULT_CSS = """
    WorkflowScreen #panel { width: 104; height: 90%; }
    WorkflowScreen .field { height: 1; }
    WorkflowScreen .field Entry { width: 1fr; }
    WorkflowScreen .field Label { max-width: 60%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start(True)", "Approve and run", show=False),
        Binding("ctrl+t", "start(False)", "Only make the tasks", show=False),
        Binding("pagedown,ctrl+d", "page(1)", "Page", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Page", show=False),
    ]
    JOBS = ("create", "workflow_start")
    TAKES_EARLY_KEYS = False
    HINTS: ClassVar[tuple[Hint, ...]] = (
        Hint("enter", "approve and run"),
        Hint("ctrl+t", "only make tasks"),
        Hint("tab", "next"),
        Hint("pgdn", "scroll"),
        Hint("esc", "close"),
    )

    def __init__(self, workflow: WorkflowFile, work: Work) -> None:
        super().__init__()
        self._workflow = workflow
        self._work = work

    def body(self) -> Iterable[Widget]:
        """Questions, then what will be made."""
        workflow = self._workflow
        commands = sum(len(task.steps) for task in workflow.tasks)
        yield TitleLine(f"Start {workflow.title or workflow.name}", f"{len(workflow.tasks)} tasks, {commands} commands")
        yield Lines([BLANK])
        longest = max((cells(visible(param.prompt or param.name)) for param in workflow.params), default=0)
        for param in workflow.params:
            with Horizontal(classes="field"):
                label = Label(visible(param.prompt or param.name))
                label.styles.width = longest + 2
                yield label
                hint = ", ".join(param.choices) if param.choices else (param.pattern or "")
                yield Entry(param.default or "", placeholder=hint, id=f"param-{param.name}")
        yield Lines([], id="problem")
        yield Rule()
        yield Contents(workflow)

    def on_mount(self) -> None:
        """The first question, else the page."""
        entries = self.query(Entry)
        if entries:
            entries.first().focus()
        else:
            self.query_one(Contents).focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Mark the label of the field that has the keys."""
        for row in self.query(".field"):
            row.query_one(Label).set_here(event.widget in row.children)

    def on_input_submitted(self) -> None:
        """Enter in a field."""
        self.action_start(True)

    def on_contents_accepted(self) -> None:
        """Enter on the page."""
        self.action_start(True)

    def action_page(self, pages: int) -> None:
        """Scroll the commands while a field has the keys."""
        self.query_one(Contents).action_page(pages)

    def action_start(self, run: bool) -> None:
        """Send the answers; mistakes come back and the form stays."""
        if not self.asked:
            self.asked += 1
            names = [param.name for param in self._workflow.params]
            values = {name: self.query_one(f"#param-{name}", Entry).value for name in names}
            self._work.start_workflow(self._workflow, values, run=run)

    def refused(self, sentence: str) -> None:
        """Say under the questions what does not fit."""
        rows = [Row([Span("! ", "fail", True), Span(visible(line))]) for line in sentence.splitlines()[:8]]
        self.query_one("#problem", Lines).set([BLANK, *rows])
