"""The list that opens at a field while a word is typed that something fits: tab takes, up and down choose.

    self.screen.mount(Completions(entry, completing.CAPTURE, lambda: index))

It lies over the screen and never has the focus: the field shows it the keys first, and it takes those it knows.
"""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.geometry import Region

from taskterm.tui import completing
from taskterm.tui.completing import Completion, Offer
from taskterm.tui.known import Index
from taskterm.tui.rows import Row, Span, fit_spans, gap, under_cursor, width_of
from taskterm.tui.text import cells, fit, visible
from taskterm.tui.widgets.bits import lit_spans, state_span
from taskterm.tui.widgets.canvas import Canvas
from taskterm.tui.widgets.entry import Entry

LINES = 6
"""Offers that are seen at once."""
NARROWEST, WIDEST = 30, 60
FRAME = 3
"""Lines beside the offers: title, keys, bottom."""


class Completions(Canvas):
    """Hidden until something fits. `index` answers what the newest snapshot holds; `clear` are lines between the
    field and the list where the list stands above it; with any of them it does so wherever there is room.
    """

    DEFAULT_CSS = """
    Completions { overlay: screen; position: absolute; width: 30; height: 4; background: $panel; display: none; }
    """
    GROUND: ClassVar[str] = "raised"
    can_focus = False

    def __init__(self, entry: Entry, grammar: str, index: Callable[[], Index], *, clear: int = 0) -> None:
        super().__init__()
        self._entry = entry
        self._grammar = grammar
        self._index = index
        self._clear = clear
        self._found: Completion | None = None
        self._chosen = 0
        self._moved = False  # whoever has chosen with the arrows means what is chosen, and enter takes it
        self._typing = False  # a key was typed: a value that changes otherwise asks for nothing
        self._width = 0
        self._region = Region()

    def on_mount(self) -> None:
        """From now on the field shows its keys here first."""
        self._entry.helper = self
        self.watch(self._entry, "value", self._value_changed, init=False)
        self.watch(self._entry, "has_focus", self._focus_changed, init=False)
        self.screen.screen_layout_refresh_signal.subscribe(self, self._laid_out)

    @property
    def found(self) -> Completion | None:
        """What is offered now; None while nothing is."""
        return self._found

    @property
    def chosen(self) -> Offer | None:
        """The offer that tab would take."""
        return self._found.offers[self._chosen] if self._found is not None else None

    def close(self) -> None:
        """Offer nothing until something is typed."""
        self._typing = False
        self._show(None)

    # the keys of the field

    def takes(self, event: events.Key) -> bool:
        """Whether a key means this list and is done; otherwise it is the field's."""
        key = event.key
        if key in ("ctrl+@", "ctrl+space"):
            self._look(asked=True)
            return True
        if self._found is not None:
            if key in ("down", "up"):
                self._step(1 if key == "down" else -1)
                return True
            if key == "tab" or (key == "enter" and self._moved):
                self._take()
                return True
            if key == "comma" and self._found.listed and self._is_begun():
                self._take(comma=True)
                return True
            if key == "escape":
                self.close()
                return True
            if key in ("enter", "left", "right", "home", "end"):
                self.close()
                return False
        self._typing = True
        return False

    def _is_begun(self) -> bool:
        """Whether the letters of a title are being typed, and not a number that is complete in itself."""
        assert self._found is not None
        word = self._entry.value[self._found.start : self._found.end]
        last = word.rpartition(",")[2].rpartition(":")[2].removeprefix("#")
        return bool(last) and not last.isdigit()

    def _step(self, step: int) -> None:
        assert self._found is not None
        self._chosen = (self._chosen + step) % len(self._found.offers)
        self._moved = True
        self.redraw()

    def _take(self, *, comma: bool = False) -> None:
        found, offer = self._found, self.chosen
        if found is None or offer is None:
            return
        text, cursor = completing.taken(self._entry.value, found, offer, comma=comma)
        self.close()
        self._typing = comma or offer.more  # what may stand behind it is offered next
        self._entry.value = text
        self._entry.cursor_position = cursor

    # what is typed

    def _value_changed(self) -> None:
        typing, self._typing = self._typing, False
        if not typing or not self._entry.has_focus:
            self._show(None)
        else:
            self.call_after_refresh(self._look)  # the letter itself comes first, and the cursor follows the letter

    def _focus_changed(self, focus: bool) -> None:
        if not focus:
            self.close()

    def _look(self, *, asked: bool = False) -> None:
        entry = self._entry
        if not entry.has_focus:
            return
        found = completing.complete(entry.value, entry.cursor_position, self._grammar, self._index(), asked=asked)
        if found is not None and (self._found is None or self._found.start != found.start):
            self._width = 0
        self._show(found)

    def _show(self, found: Completion | None) -> None:
        if found is None and self._found is None:
            return
        self._found, self._chosen, self._moved = found, 0, False
        if found is None:
            self.display = False
            return
        self._stand(self._place(found))
        self.display = True
        self.redraw()

    def _stand(self, region: Region) -> None:
        self._region = region
        self.styles.width, self.styles.height, self.styles.offset = region.width, region.height, region.offset

    def _laid_out(self, _screen: object) -> None:
        """Where the field stands elsewhere now, as after a resize, the list must not cover it."""
        if self._found is not None and (region := self._place(self._found)) != self._region:
            self._stand(region)
            self.redraw()

    def _place(self, found: Completion) -> Region:
        """Under the field, with the offers below the word; above it where there is no room. It never gets narrower
        while the same word is typed."""
        screen, field = self.screen.size, self._entry.content_region
        wanted = max(width_of(self._offer(offer, WIDEST, bold=False)) for offer in found.offers) + 4
        wanted = max(wanted, cells(found.title) + 6, width_of(self._keys(found)) + 4, NARROWEST, self._width)
        self._width = width = min(wanted, WIDEST, screen.width)
        height = min(len(found.offers), LINES) + FRAME
        word = cells(self._entry.value[: found.start]) - self._entry.scroll_offset.x
        x = min(max(field.x + word - 2, 0), screen.width - width)
        below = field.y + 1 + height <= screen.height - 1
        if self._clear and field.y - self._clear - height >= 0:
            below = False  # what the line means stands below it
        y = field.y + 1 if below else max(field.y - self._clear - height, 0)
        return Region(x, y, width, height)

    # drawing

    @property
    def _first(self) -> int:
        """The first offer that is seen."""
        return max(self._chosen - LINES + 1, 0)

    def rows(self, width: int, height: int) -> list[Row]:
        """A frame with its title, the offers, the keys."""
        found = self._found
        if found is None:
            return []
        left, right, low_left, low_right, across, side = tuple(self.glyphs.box)
        title = [Span(f" {self.glyphs.words(visible(found.title))} ", "text")] if found.title else []
        title = fit_spans(title, width - 4, self.glyphs.ellipsis)
        rest = max(width - 3 - width_of(title), 0)
        lines = [Row([Span(left + across, "line2"), *title, Span(across * rest + right, "line2")])]
        for at, offer in enumerate(found.offers[self._first : self._first + LINES], self._first):
            chosen = at == self._chosen
            inner = Row(self._offer(offer, width - 4, bold=chosen))
            spans = [gap(1), *inner.spans, gap(width - 3 - width_of(inner.spans))]
            ground = "select" if chosen else None
            row = under_cursor(Row(spans), self.glyphs.cursor) if chosen else Row(spans)
            inside = [span.upon(span.on or ground) for span in row.spans]
            lines.append(Row([Span(side, "line2"), *inside, Span(side, "line2")]))
        keys = fit_spans(self._keys(found), width - 4, self.glyphs.ellipsis)
        lines.append(Row([Span(side, "line2"), gap(1), *keys, gap(width - 3 - width_of(keys)), Span(side, "line2")]))
        return [*lines, Row([Span(low_left + across * (width - 2) + low_right, "line2")])]

    def _offer(self, offer: Offer, width: int, *, bold: bool) -> list[Span]:
        """What is offered left, what it means right, in at most `width` cells."""
        ellipsis = self.glyphs.ellipsis
        task = offer.task
        if task is None:
            left = lit_spans(offer.shown, offer.letters, bold=bold)
            meaning = fit(visible(offer.meaning), width - width_of(left) - 2, ellipsis)
            right = [Span(meaning, "mute")] if meaning and width - width_of(left) > 8 else []
        else:
            head = [state_span(self._index().state_of(task), self.glyphs), Span(f" #{task.id} ", "mute")]
            right = [Span(f"@{visible(task.assignee)}", "soft")] if task.assignee else []
            room = width - width_of(head) - width_of(right) - 2
            left = [*head, *lit_spans(fit(offer.shown, room, ellipsis), offer.letters, bold=bold)]
        if not right:
            return fit_spans(left, width, ellipsis)
        drawn = self._width - 4
        return [*left, gap(max(min(width, drawn) - width_of(left) - width_of(right), 2)), *right]

    def _keys(self, found: Completion) -> list[Span]:
        arrows = "↑↓" if self.glyphs.name == "unicode" else "up down"
        hints = [("tab", "take"), (arrows, "choose"), *([(",", "another")] if found.listed else [])]
        spans: list[Span] = []
        for key, word in hints:
            spans += [gap(3 if spans else 0), Span(key, "accent", True), Span(f" {word}", "soft")]
        return spans

    # the mouse

    def on_click(self, event: events.Click) -> None:
        """A click takes an offer."""
        event.stop()
        at = self._first + event.y - 1
        if self._found is not None and 1 <= event.y <= LINES and at < len(self._found.offers):
            self._chosen = at
            self._take()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel chooses."""
        event.stop()
        if self._found is not None:
            self._step(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel chooses."""
        event.stop()
        if self._found is not None:
            self._step(-1)
