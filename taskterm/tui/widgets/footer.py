"""The last line: keys that work here, the most useful first, and the last answer or a count at the right end."""

from collections.abc import Sequence
from typing import ClassVar

from taskterm.tui.messages import Hint
from taskterm.tui.text import fit, visible
from taskterm.tui.widgets.lines import Canvas, Row, Span, gap, width_of

ANSWER_SECONDS = 6.0
REFUSAL_SECONDS = 20.0


class Footer(Canvas):
    """Keys left, answer or status right. A click on a key posts `Clicked("key:a")`."""

    DEFAULT_CSS = "Footer { dock: bottom; height: 1; background: $surface; }"
    GROUND: ClassVar[str] = "surface"

    def __init__(self, hints: Sequence[Hint] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints = tuple(hints)
        self._status = ""
        self._answer: tuple[str, bool] | None = None
        self._answers = 0

    def set_hints(self, hints: Sequence[Hint], status: str) -> None:
        """Show these keys, and `status` whenever no answer is shown."""
        if (tuple(hints), status) != (self._hints, self._status):
            self._hints, self._status = tuple(hints), status
            self.redraw()

    def say(self, sentence: str, *, bad: bool = False, seconds: float | None = None) -> None:
        """Show an answer for six seconds, a refusal (there is more to read) for twenty, or for `seconds`."""
        self._answer = (visible(sentence), bad)
        self._answers += 1
        number = self._answers
        self.redraw()
        self.set_timer(seconds or (REFUSAL_SECONDS if bad else ANSWER_SECONDS), lambda: self.forget(number))

    def forget(self, number: int | None = None) -> None:
        """Take the answer away (only if it is still answer `number`)."""
        if self._answer is not None and number in (None, self._answers):
            self._answer = None
            self.redraw()

    @property
    def answer(self) -> str:
        """The sentence that is shown, or an empty text."""
        return self._answer[0] if self._answer else ""

    def rows(self, width: int, height: int) -> list[Row]:
        """The one line."""
        right = self._right(width)
        room = width - 2 - width_of(right) - (2 if right else 0)
        left = self._keys(room)
        return [Row([gap(1), *left, gap(width - 2 - width_of(left) - width_of(right)), *right])]

    def _right(self, width: int) -> list[Span]:
        if self._answer is None:
            return [Span(self.glyphs.words(self._status), "mute")]
        sentence, bad = self._answer
        text = fit(self.glyphs.words(sentence), width - 12, self.glyphs.ellipsis)
        return [Span("! ", "fail", True), Span(text, "text")] if bad else [Span(text, "soft")]

    def _keys(self, room: int) -> list[Span]:
        """Whole entries only; the last hint (help) keeps its place when others have to go."""
        if not self._hints:
            return []
        *others, last = [self._entry(hint) for hint in self._hints]
        spans: list[Span] = []
        for entry in others:
            if width_of(spans) + width_of(entry) + 3 + width_of(last) > room:
                break
            spans += [*entry, gap(3)]
        return [*spans, *last] if width_of(spans) + width_of(last) <= room else spans

    def _entry(self, hint: Hint) -> list[Span]:
        target = f"key:{hint.key}"
        return [Span(hint.key, "accent", True, click=target), Span(f" {hint.word}", "soft", click=target)]
