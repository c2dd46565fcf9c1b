"""The last line as a row: keys that work here, and the last answer or a count at the right end. Pure."""

from __future__ import annotations

from taskterm.core.lean import NamedTuple
from taskterm.tui.footing import Hint
from taskterm.tui.glyphs import Glyphs
from taskterm.tui.rows import Row, Span, gap, width_of
from taskterm.tui.text import cells, fit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


LEAST_TOLD = 24
"""Cells of what happened that are shown before what to do about it."""


class Answer(NamedTuple):
    """What is said at the right end: a sentence, whether it is a refusal, and the action that takes it back."""

    sentence: str
    bad: bool = False
    offer: str = ""


def row(hints: Sequence[Hint], status: str, answer: Answer | None, width: int, glyphs: Glyphs) -> Row:
    """The line; an `answer` takes the place of `status`."""
    right = _right(status, answer, width, glyphs)
    room = width - 2 - width_of(right) - (2 if right else 0)
    left = _keys(hints, room, glyphs)
    return Row([gap(1), *left, gap(width - 2 - width_of(left) - width_of(right)), *right])


def offered(offer: str, glyphs: Glyphs) -> str:
    """`u undo`, with the key that it has."""
    keys = glyphs.keys.all(offer)
    return f"{keys[0]} {offer}" if keys else offer


def _right(status: str, answer: Answer | None, width: int, glyphs: Glyphs) -> list[Span]:
    if answer is None:
        return [Span(fit(glyphs.words(status), width - 2, glyphs.ellipsis), "mute")]
    offer: list[Span] = []
    if answer.offer:
        key, _, word = offered(answer.offer, glyphs).rpartition(" ")
        target = f"do:{answer.offer}"
        offer = [Span(glyphs.words(" · "), "mute"), Span(key, "accent", True, click=target)]
        offer.append(Span(f" {word}" if key else word, "soft", click=target))
    text = _cut(glyphs.words(answer.sentence), width - 12 - width_of(offer), glyphs)
    head = [Span("! ", "fail", True), Span(text, "text")] if answer.bad else [Span(text, "soft")]
    return [*head, *offer]


def _cut(sentence: str, room: int, glyphs: Glyphs) -> str:
    """A sentence in so many cells. Its last part stays whole where that can be: it says what to do."""
    told, between, rest = sentence.rpartition(glyphs.words(" · "))
    left = room - cells(between + rest)
    if cells(sentence) <= room or not told or left < LEAST_TOLD:
        return fit(sentence, room, glyphs.ellipsis)
    return fit(told, left, glyphs.ellipsis) + between + rest


def _keys(hints: Sequence[Hint], room: int, glyphs: Glyphs) -> list[Span]:
    """Whole entries only; the last hint (help) keeps its place when others have to go."""
    if not hints:
        return []
    *others, last = [_entry(hint, glyphs) for hint in hints]
    spans: list[Span] = []
    for entry in others:
        if width_of(spans) + width_of(entry) + 3 + width_of(last) > room:
            break
        spans += [*entry, gap(3)]
    return [*spans, *last] if width_of(spans) + width_of(last) <= room else spans


ARROWS = {"up": "↑", "down": "↓", "up down": "↑↓"}
"""How the footer calls the arrow keys, where the terminal draws their signs."""


def _entry(hint: Hint, glyphs: Glyphs) -> list[Span]:
    target = hint.click or (None if " " in hint.key else f"key:{hint.key}")
    key = ARROWS.get(hint.key, hint.key) if glyphs.name == "unicode" else hint.key
    return [Span(key, "accent", True, click=target), Span(f" {hint.word}", "soft", click=target)]
