"""`$`: the shell steps of a task, seen, added, changed and taken out. What is typed here may run here."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from taskterm.core.durations import clock
from taskterm.core.model import Step, Task
from taskterm.tui.messages import Hint, Picture
from taskterm.tui.rows import Row, Span, field, gap, spread, width_of
from taskterm.tui.screens.overlay import BLANK_LINE, Lines, Overlay, Rule, TitleLine
from taskterm.tui.text import fit, visible
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.lines import LineView
from taskterm.tui.work import Work

NEW = "new"
"""The key of the last line, which stands for a step to be."""


def about(step: Step) -> str:
    """What a step has besides its command, in few words."""
    parts = [
        f"timeout {clock(step.timeout_seconds)}" if step.timeout_seconds else "",
        f"retries {step.retries}" if step.retries else "",
        "if …" if step.condition else "",
        f"in {step.cwd}" if step.cwd else "",
        f"on {step.host}" if step.host else "",
        "interactive" if step.interactive else "",
        "repeatable" if step.repeatable else "",
    ]
    return "  ".join(part for part in parts if part)


class StepList(LineView):
    """The steps in their order, and a line for one more."""

    DEFAULT_CSS = "StepList { height: auto; margin-bottom: 1; min-height: 3; max-height: 22; background: $panel; }"
    GROUND: ClassVar[str] = "raised"

    def __init__(self) -> None:
        super().__init__(id="steps")
        self._steps: tuple[Step, ...] = ()

    def show(self, steps: tuple[Step, ...]) -> None:
        """Other steps."""
        self._steps = steps
        self.set_keys([*(step.id for step in steps), NEW])

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many lines as there are."""
        return len(self.keys)

    def row(self, index: int, width: int, selected: bool) -> Row:
        """Number, command, what else there is to it."""
        if index >= len(self._steps):
            return Row([gap(7), Span("a", "accent", True), Span(" adds a command", "soft")])
        step = self._steps[index]
        number = field(str(step.position), 4, "mute", "right")
        command = [Span("$ ", "accent", True), Span(visible(step.run.replace("\n", "; ")))]
        room = max(width - 10 - width_of(command), width // 3)  # the command is what somebody wants to read
        right = [Span(fit(self.glyphs.words(visible(about(step))), room, self.glyphs.ellipsis), "mute"), gap(1)]
        return Row([gap(1), number, gap(2), *spread(command, right, width - 7, self.glyphs.ellipsis)])


class StepsScreen(Overlay[None]):
    """It stays open until it is left; every change is an operation of its own, which u takes back."""

    DEFAULT_CSS = """
    StepsScreen #panel { width: 104; max-height: 90%; }
    StepsScreen #command { display: none; margin-bottom: 1; }
    StepsScreen.typing #command { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "type('new')", "Add", show=False),
        Binding("e", "change", "Change", show=False),
        Binding("d,delete", "remove", "Take out", show=False),
    ]
    JOBS = ("step_add", "step_edit", "step_remove")
    HINTS: ClassVar[tuple[Hint, ...]] = (
        Hint("a", "add a command"),
        Hint("enter", "change"),
        Hint("d", "take out"),
        Hint("esc", "close"),
    )

    def __init__(self, task: Task, picture: Picture, work: Work) -> None:
        super().__init__()
        self._about = task
        self._picture = picture
        self._work = work
        self._target: object = NEW
        self._typed: dict[object, str] = {}  # what was typed for a step and not accepted yet

    def body(self) -> Iterable[Widget]:
        """Title, steps, a field, what the field does."""
        yield TitleLine(f"Steps of #{self._about.id} {self._about.title}", f"taskterm step list {self._about.id}")
        yield Lines([BLANK_LINE])
        yield StepList()
        yield Entry(id="command", placeholder="make deploy")
        yield Rule()
        yield Lines([BLANK_LINE], id="foot")

    def on_mount(self) -> None:
        """The list has the keys."""
        self._show()
        self.query_one(StepList).focus()
        self._say_foot()

    @property
    def steps(self) -> tuple[Step, ...]:
        """As they are in the database now."""
        return self._picture.snapshot.steps(self._about.id)

    @property
    def _command(self) -> str:
        """The command of the step that the field is for, as it is in the database; empty for a new one."""
        return next((step.run for step in self.steps if step.id == self._target), "")

    def refreshed(self, picture: Picture) -> None:
        """A step was added, changed or taken out, here or elsewhere."""
        self._picture = picture
        if self._about.id in picture.snapshot.tasks:
            self._show()
        else:
            self.say(f"#{self._about.id} was deleted meanwhile", bad=True)

    def _show(self) -> None:
        self.query_one(StepList).show(self.steps)

    def on_line_view_moved(self, event: LineView.Moved) -> None:
        """Nothing else follows the cursor."""
        event.stop()

    def on_line_view_activated(self, event: LineView.Activated) -> None:
        """Enter changes the step under the cursor, or adds one on the last line."""
        event.stop()
        self.action_type(event.key)

    def action_change(self) -> None:
        """The same by a letter."""
        self.action_type(self.query_one(StepList).cursor_key)

    def action_type(self, key: object) -> None:
        """Open the field on the command of a step."""
        self._target = key
        entry = self.query_one("#command", Entry)
        self.add_class("typing")
        entry.value = self._typed.get(key, self._command)
        entry.cursor_position = len(entry.value)
        entry.focus()
        self._say_foot()

    def on_input_changed(self, event: Input.Changed) -> None:
        """What is typed is there again when the field was left."""
        event.stop()
        if not self.has_class("typing"):
            return
        if event.value == self._command:
            self._typed.pop(self._target, None)  # or it would stand before what somebody else makes of it later
        else:
            self._typed[self._target] = event.value

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Add or change."""
        event.stop()
        if self.asked:
            return
        step = next((step for step in self.steps if step.id == self._target), None)
        if step is None and self._target != NEW:
            self.say("this step was taken out meanwhile; esc, then a adds it anew", bad=True)
            self._typed[NEW] = event.value
        elif not event.value.strip():
            self.say("a step needs a command; d on its line takes it out", bad=True)
        elif step is not None and event.value == step.run:
            self._leave_field()
        else:
            self.asked += 1
            if step is None:
                self._work.add_step(self._about.id, event.value)
            else:
                self._work.edit_step(step, {"run": event.value})

    def action_remove(self) -> None:
        """Take the step under the cursor out."""
        key = self.query_one(StepList).cursor_key
        if key != NEW and not self.asked:
            self._target = key
            self.asked += 1
            self._work.execute("step_remove", {"step_ids": [key]})

    def action_cancel(self) -> None:
        """First leave the field, then close."""
        if self.has_class("typing"):
            self._leave_field()
        else:
            self.dismiss(None)

    def accepted(self, sentence: str) -> None:
        """It is stored; the list shows it as soon as the picture is here."""
        self._typed.pop(self._target, None)
        self._leave_field()
        self.say(sentence)

    def _leave_field(self) -> None:
        self.remove_class("typing")
        self.query_one(StepList).focus()
        self._say_foot()

    def _say_foot(self) -> None:
        typing = self.has_class("typing")
        says = "enter keeps the command; typed here, it may run here" if typing else "they run in this order"
        self.query_one("#foot", Lines).set([Row([Span(says, "mute")])])
