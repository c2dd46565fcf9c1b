"""The last line as a row: keys that work here, and the last answer or a count at the right end. Pure."""

from __future__ import annotations

from taskterm.tui.footing import Hint
from taskterm.tui.glyphs import Glyphs
from taskterm.tui.rows import Row, Span, gap, width_of
from taskterm.tui.text import fit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def row(hints: Sequence[Hint], status: str, answer: tuple[str, bool] | None, width: int, glyphs: Glyphs) -> Row:
    """The line; an `answer` (sentence, whether it is a refusal) takes the place of `status`."""
    right = _right(status, answer, width, glyphs)
    room = width - 2 - width_of(right) - (2 if right else 0)
    left = _keys(hints, room)
    return Row([gap(1), *left, gap(width - 2 - width_of(left) - width_of(right)), *right])


def _right(status: str, answer: tuple[str, bool] | None, width: int, glyphs: Glyphs) -> list[Span]:
    if answer is None:
        return [Span(fit(glyphs.words(status), width - 2, glyphs.ellipsis), "mute")]
    sentence, bad = answer
    text = fit(glyphs.words(sentence), width - 12, glyphs.ellipsis)
    return [Span("! ", "fail", True), Span(text, "text")] if bad else [Span(text, "soft")]


def _keys(hints: Sequence[Hint], room: int) -> list[Span]:
    """Whole entries only; the last hint (help) keeps its place when others have to go."""
    if not hints:
        return []
    *others, last = [_entry(hint) for hint in hints]
    spans: list[Span] = []
    for entry in others:
        if width_of(spans) + width_of(entry) + 3 + width_of(last) > room:
            break
        spans += [*entry, gap(3)]
    return [*spans, *last] if width_of(spans) + width_of(last) <= room else spans


def _entry(hint: Hint) -> list[Span]:
    target = f"key:{hint.key}"
    return [Span(hint.key, "accent", True, click=target), Span(f" {hint.word}", "soft", click=target)]
