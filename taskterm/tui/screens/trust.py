"""The commands that a run would execute and nobody has approved here: read them, then approve or leave."""

import json
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

from taskterm.core.model import Step
from taskterm.tui.messages import Hint
from taskterm.tui.rows import BLANK, Row, Span, gap
from taskterm.tui.screens.overlay import BLANK_LINE, Lines, Overlay, TitleLine
from taskterm.tui.text import visible, wrap
from taskterm.tui.widgets.page import Page


class Commands(Page):
    """A scrolling page of steps, each with everything that decides what it does."""

    DEFAULT_CSS = "Commands { background: $panel; height: auto; }"
    GROUND: ClassVar[str] = "raised"

    def __init__(self, groups: Sequence[tuple[str, Sequence[Step]]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._groups = groups

    def text(self, width: int) -> list[Row]:
        """The steps under the names of their tasks."""
        return rows_of(self._groups, width)


def rows_of(groups: Sequence[tuple[str, Sequence[Step]]], width: int) -> list[Row]:
    """Every step under the name of its task: the exact command, then folder, shell, environment and scripts."""
    rows: list[Row] = []
    for name, steps in groups:
        if rows:
            rows.append(BLANK)
        rows.append(Row([Span(visible(name), "soft", True)]))
        for step in steps:
            for number, line in enumerate(step.run.splitlines() or [""]):
                for piece_number, piece in enumerate(wrap(line, max(width - 4, 20))):
                    first = number == 0 and piece_number == 0
                    rows.append(Row([Span("$ " if first else "  ", "accent", True), Span(visible(piece))]))
            for about in _abouts(step):
                rows += [Row([gap(2), Span(visible(piece), "mute")]) for piece in wrap(about, max(width - 4, 20))]
    return rows


def _abouts(step: Step) -> Iterable[str]:
    if step.condition:
        yield f"only if: {step.condition}"
    if step.cwd:
        yield f"in {step.cwd}"
    if step.shell:
        yield f"by {step.shell}"
    if step.env:
        yield "with " + " ".join(f"{name}={value}" for name, value in json.loads(step.env).items())
    if step.trusts:
        yield "reads " + ", ".join(json.loads(step.trusts))


class TrustDialog(Overlay[bool]):
    """Answers True when the user approves what is listed."""

    DEFAULT_CSS = "TrustDialog #panel { width: 104; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Approve and run", show=False),
        Binding("n", "answer(False)", "Do not run", show=False),
    ]
    TAKES_EARLY_KEYS = False
    HINTS: ClassVar[tuple[Hint, ...]] = (Hint("y", "approve and run"), Hint("n", "do not run"), Hint("j k", "scroll"))

    def __init__(self, title: str, groups: Sequence[tuple[str, Sequence[Step]]]) -> None:
        super().__init__()
        self._title = title
        self._groups = groups

    def body(self) -> Iterable[Widget]:
        """Why this is asked, and every command."""
        count = sum(len(steps) for _, steps in self._groups)
        yield TitleLine(self._title, f"{count} command{'s' if count != 1 else ''}")
        about = "Not approved on this machine yet. Read them: they will run as you."
        yield Lines([Row([Span(about, "warn")]), BLANK_LINE])
        yield Commands(self._groups, id="commands")
        yield Lines([BLANK_LINE])

    def on_mount(self) -> None:
        """The page has the keys, so that it can be scrolled."""
        self.query_one(Commands).focus()

    def on_resize(self, event: events.Resize) -> None:
        """The page ends inside the panel, or its last commands could not be scrolled to."""
        self.query_one(Commands).styles.max_height = max(event.size.height - 11, 3)

    def action_answer(self, yes: bool) -> None:
        """Close with the answer."""
        self.dismiss(yes)

    def action_cancel(self) -> None:
        """Escape approves nothing."""
        self.dismiss(False)
