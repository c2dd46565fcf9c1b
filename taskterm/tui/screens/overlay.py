"""What all overlays share: a raised panel over a quiet screen, one title line, one line saying what enter will do."""

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Offset, Region
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widget import Widget

from taskterm.core.errors import Overtaken
from taskterm.tui.containment import Contained
from taskterm.tui.messages import Hint, Picture, Said
from taskterm.tui.rows import Row, Span, gap, spread
from taskterm.tui.text import visible
from taskterm.tui.theme import Palette, glyphs_of, palette_of
from taskterm.tui.widgets.canvas import Canvas
from taskterm.tui.widgets.entry import Typed
from taskterm.tui.widgets.footer import Footer

if TYPE_CHECKING:
    from textual.widgets import Input, TextArea

    from taskterm.tui.app import TaskTerm

Answer = TypeVar("Answer")

HEADER_ROWS = 2
"""Lines at the top that keep their colours: name and tabs stay readable under every overlay."""


class Scrim:
    """The screen below, drawn without hue: what cannot be used now does not ask for attention.

    `panel` throws a shadow to the right and below, one cell and one line deep, where the terminal has true colours.
    """

    def __init__(self, screen: Screen[object], palette: Palette, panel: Region | None) -> None:
        self._screen = screen
        self._palette = palette
        self._shadow = panel.translate(Offset(1, 1)) if panel is not None and palette.truecolor else None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for y, strip in enumerate(self._screen._compositor.render_strips()):
            yield from strip if y < HEADER_ROWS else self._quiet(strip, y)
            yield Segment("\n")

    def _quiet(self, strip: Strip, y: int) -> Iterable[Segment]:
        scrim = self._palette.style("scrim")
        truecolor = self._palette.truecolor
        plain = Strip(
            [
                Segment(text, Style(color=scrim.color, bgcolor=style.bgcolor) if truecolor and style else scrim)
                for text, style, control in strip
                if not control
            ],
            strip.cell_length,
        )
        shadow = self._shadow
        if shadow is None or not shadow.y <= y < shadow.bottom or shadow.x >= plain.cell_length:
            return plain
        right = min(shadow.right, plain.cell_length)
        before, under, *after = plain.divide([shadow.x, right, plain.cell_length])
        dark = Style(color=scrim.color, bgcolor=self._palette.style("scrim", "shadow").bgcolor)
        return [*before, *(Segment(segment.text, dark) for segment in under), *(s for strip in after for s in strip)]


class TitleLine(Canvas):
    """The first line of a panel: what it is about, and a quiet remark at the right end."""

    DEFAULT_CSS = "TitleLine { height: 1; background: $panel; }"
    GROUND: ClassVar[str] = "raised"

    def __init__(self, title: str, remark: str = "") -> None:
        super().__init__()
        self._title = visible(title)
        self._remark = visible(remark)

    def set(self, title: str | None = None, remark: str | None = None) -> None:
        """Other words."""
        self._title = self._title if title is None else visible(title)
        self._remark = self._remark if remark is None else visible(remark)
        self.redraw()

    def rows(self, width: int, height: int) -> list[Row]:
        """One line."""
        remark = [Span(self._remark, "mute")] if self._remark else []
        return [Row(spread([Span(self._title, "text", True)], remark, width, self.glyphs.ellipsis))]


class Lines(Canvas):
    """A few fixed lines inside a panel, given from outside."""

    DEFAULT_CSS = "Lines { height: auto; background: $panel; }"
    GROUND: ClassVar[str] = "raised"

    def __init__(self, rows: Iterable[Row] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._given = list(rows)

    def set(self, rows: Iterable[Row]) -> None:
        """Other lines; the height follows."""
        rows = list(rows)
        changed = len(rows) != len(self._given)
        self._given = rows
        self.redraw()
        if changed:
            self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many lines as were given."""
        return len(self._given)

    def rows(self, width: int, height: int) -> list[Row]:
        """The lines."""
        return self._given


class Panel(Vertical):
    """What stands over the quiet screen; the shadow on that follows it when it grows or moves."""

    def on_resize(self) -> None:
        """It has another place."""
        cast("Overlay[object]", self.screen).panel_moved(self.region)


class Overlay(ModalScreen[Answer], Contained, Generic[Answer]):
    """A modal screen with one panel. A subclass gives `body` and its `hints`; escape answers None."""

    DEFAULT_CSS = """
    Overlay { align: center middle; background: $background 0%; }
    Overlay #panel {
        width: 88;
        max-width: 100%;
        max-height: 90%;
        margin-top: 2;
        height: auto;
        background: $panel;
        border: round $tt-line2;
        padding: 0 2;
    }
    Overlay.ascii #panel { border: ascii $tt-line2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Close", show=False)]
    HINTS: ClassVar[tuple[Hint, ...]] = (Hint("enter", "do it"), Hint("esc", "close"))
    JOBS: ClassVar[tuple[str, ...]] = ()
    """Jobs of the worker that this overlay asks for: while it has `asked`, answers come to `accepted` and `refused`."""

    TAKES_EARLY_KEYS: ClassVar[bool] = True
    """False where an answer counts only once the question could be read: earlier keys are dropped."""

    ALONE: ClassVar[bool] = False
    """True where the panel hides the overlay it was opened from: behind it stands the view."""

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._early: list[events.Key] = []
        self._stands = False
        self._mounted_at: float | None = None
        self._passed: deque[events.Key] = deque(maxlen=64)
        self._shadowed: Region | None = None  # where the panel stood when its shadow was drawn
        self.asked = 0  # jobs that are on their way; most overlays ask for one at a time

    def on_mount(self) -> None:
        """The panel stands when it has been drawn for the first time."""
        self._mounted_at = Message().time  # on the clock that stamps the keys
        self.call_after_refresh(self._stand)

    def on_unmount(self) -> None:
        """Closed: what was typed behind enter goes on below."""
        app = cast("TaskTerm", self.app)
        app.early.closed(app)

    def _stand(self) -> None:
        self._stands = True
        if self.focused is None:
            self._type_early(self)

    def on_key(self, event: events.Key) -> None:
        """Keys before the panel stands wait for it."""
        self._passed.append(event)
        if not self.TAKES_EARLY_KEYS:
            if self._mounted_at is None or event.time < self._mounted_at:
                event.stop()
        elif self.focused is None and not self._stands:
            event.stop()
            self.take(event)

    def has_passed(self, event: events.Key) -> bool:
        """Whether a key that arrives at the app has come through this overlay."""
        return any(event is other for other in self._passed)

    def take(self, event: events.Key) -> None:
        """A key that was typed for this overlay while the screen below still had the focus."""
        if not self.TAKES_EARLY_KEYS:
            return
        self._early.append(event)
        if self.focused is not None or self._stands:
            self._type_early(self.focused or self)

    def watch_focused(self, focused: Widget | None) -> None:
        """Something can be typed into: first of all what was typed so far."""
        if focused is not None:
            self._type_early(focused)

    def _type_early(self, target: Widget) -> None:
        """Hands the keys that waited to `target`, in the order in which they were typed."""
        early, self._early = sorted(self._early, key=lambda event: event.time), []
        if early and isinstance(target, Typed):
            app = cast("TaskTerm", self.app)
            app.early.type_first(early, app)
            return
        for event in early:
            target._forward_event(events.Key(event.key, event.character))

    @property
    def palette(self) -> Palette:
        """Styles of the theme that is on."""
        return palette_of(self.app)

    def compose(self) -> ComposeResult:
        """The panel with the body, and a footer of its own."""
        self.set_class(glyphs_of(self.app).name == "ascii", "ascii")
        with Panel(id="panel"):
            yield from self.body()
        yield Footer(self.HINTS, id="overlay-footer")

    def body(self) -> Iterable[Widget]:
        """What stands in the panel; nothing where an overlay composes itself."""
        return ()

    def render(self) -> object:  # type: ignore[override]
        """The quiet screen behind the panel."""
        stack = self.app.screen_stack
        index = stack.index(self) if self in stack else 0
        if index > 0:
            panels = self.query("#panel")
            self._shadowed = panels.first().region if panels else None
            return Scrim(stack[0 if self.ALONE else index - 1], self.palette, self._shadowed)
        return super().render()

    def panel_moved(self, region: Region) -> None:
        """The panel stands elsewhere, or is larger: its shadow has to be drawn anew."""
        if region != self._shadowed:
            self.refresh()

    def say(self, sentence: str, *, bad: bool = False) -> None:
        """An answer in the overlay's own footer."""
        self.query_one("#overlay-footer", Footer).say(sentence, bad=bad)

    def on_input_changed(self, event: "Input.Changed") -> None:
        """Somebody types on."""
        self.query_one("#overlay-footer", Footer).forget_refusal()

    def on_text_area_changed(self, event: "TextArea.Changed") -> None:
        """In several lines."""
        self.query_one("#overlay-footer", Footer).forget_refusal()

    def on_said(self, message: Said) -> None:
        """Something in the panel has an answer."""
        message.stop()
        self.say(message.sentence, bad=message.bad)

    def accepted(self, sentence: str) -> None:
        """The job is done: nothing more to ask."""
        self.dismiss(None)

    def refused(self, sentence: str) -> None:
        """The job failed: what was typed stays, and the reason is said."""
        self.say(sentence, bad=True)

    def overtaken(self, error: Overtaken) -> None:
        """Somebody else has changed meanwhile what the job would overwrite: a refusal like any."""
        self.refused(f"{error.message} · {error.hint}")

    def refreshed(self, picture: Picture) -> None:
        """The database has another state; most overlays stay with the one they were opened on."""

    def action_cancel(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


class Rule(Canvas):
    """A thin line across a panel."""

    DEFAULT_CSS = "Rule { height: 1; background: $panel; }"
    GROUND: ClassVar[str] = "raised"

    def rows(self, width: int, height: int) -> list[Row]:
        """One line."""
        return [Row([Span(self.glyphs.rule * width, "line")])]


BLANK_LINE = Row([gap(1)])
