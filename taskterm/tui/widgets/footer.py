"""The last line: keys that work here, the most useful first, and the last answer or a count at the right end."""

from collections.abc import Sequence
from typing import ClassVar

from taskterm.tui import footer_rows
from taskterm.tui.footer_rows import Answer
from taskterm.tui.footing import Hint
from taskterm.tui.rows import Row
from taskterm.tui.text import visible
from taskterm.tui.widgets.canvas import Canvas

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
        self._answer: Answer | None = None
        self._answers = 0

    def set_hints(self, hints: Sequence[Hint], status: str) -> None:
        """Show these keys, and `status` whenever no answer is shown."""
        if (tuple(hints), status) != (self._hints, self._status):
            self._hints, self._status = tuple(hints), status
            self.redraw()

    def say(self, sentence: str, *, bad: bool = False, offer: str = "", seconds: float | None = None) -> None:
        """Show an answer for six seconds, a refusal (there is more to read) for twenty, or for `seconds`.

        `offer` is the action that takes it back; it can be clicked, as the keys can.
        """
        self._answer = Answer(visible(sentence), bad, offer)
        self._answers += 1
        number = self._answers
        self.redraw()
        self.set_timer(seconds or (REFUSAL_SECONDS if bad else ANSWER_SECONDS), lambda: self.forget(number))

    def forget(self, number: int | None = None) -> None:
        """Take the answer away (only if it is still answer `number`)."""
        if self._answer is not None and number in (None, self._answers):
            self._answer = None
            self.redraw()

    def forget_refusal(self) -> None:
        """What was refused is being mended: the reason has been read."""
        if self._answer is not None and self._answer.bad:
            self.forget()

    @property
    def answer(self) -> str:
        """The sentence that is shown, with what it offers, or an empty text."""
        if self._answer is None:
            return ""
        offer = self._answer.offer
        return (
            f"{self._answer.sentence} · {footer_rows.offered(offer, self.glyphs)}" if offer else self._answer.sentence
        )

    def rows(self, width: int, height: int) -> list[Row]:
        """The one line."""
        return [footer_rows.row(self._hints, self._status, self._answer, width, self.glyphs)]
