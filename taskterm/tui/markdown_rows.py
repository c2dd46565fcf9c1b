"""Notes as readable rows: Markdown read by markdown-it, with headings, lists, code and links set off. Loaded late.

Only what CommonMark calls markup is markup here; everything else, HTML too, stands as it was typed. Line ends stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from taskterm.tui.glyphs import Glyphs
from taskterm.tui.rows import BLANK, Row, Span, fit_spans, width_of
from taskterm.tui.text import cells, fit, visible

_READER = MarkdownIt("commonmark").enable("strikethrough")


class Style(NamedTuple):
    """How a piece of text is set off."""

    role: str = "text"
    bold: bool = False
    italic: bool = False
    strike: bool = False
    underline: bool = False


Piece = tuple[str, Style]


def rows(text: str, width: int, glyphs: Glyphs) -> list[Row]:
    """The text in lines of at most `width` cells."""
    found: list[Row] = []
    lead: list[str] = []  # what stands before each line: indents and quotes
    marks: list[str] = []  # of an item whose first line is still to come
    numbers: list[int | None] = []
    base = Style()
    for token in _READER.parse(text):
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            numbers.append(None if kind.startswith("bullet") else int(token.attrGet("start") or 1))
        elif kind in ("bullet_list_close", "ordered_list_close"):
            numbers.pop()
            _part(found, numbers)
        elif kind == "list_item_open":
            number = numbers[-1]
            marks.append(f"{glyphs.dot} " if number is None else f"{number}. ")
            numbers[-1] = None if number is None else number + 1
            lead.append(" " * cells(marks[-1]))
        elif kind == "list_item_close":
            lead.pop()
            marks = []
        elif kind == "blockquote_open":
            lead.append(f"{glyphs.pipe} ")
            base = base._replace(role="soft", italic=True)
        elif kind == "blockquote_close":
            lead.pop()
            base = Style() if not any(glyphs.pipe in piece for piece in lead) else base
        elif kind == "heading_open":
            base = base._replace(bold=True)
        elif kind == "heading_close":
            base = base._replace(bold=False)
            _part(found, numbers)
        elif kind == "paragraph_close":
            _part(found, numbers)
        elif kind == "inline":
            _put(found, _wrapped(_pieces(token.children or (), base), width - len("".join(lead))), lead, marks)
        elif kind in ("fence", "code_block", "html_block"):
            lines = token.content.rstrip("\n").split("\n")
            room, indent = width - len("".join(lead)) - 2, "" if kind == "html_block" else "  "
            code = [[Span(indent + fit(visible(line.expandtabs(4)), room, glyphs.ellipsis), "soft")] for line in lines]
            _put(found, code, lead, marks)
            _part(found, numbers)
        elif kind == "hr":
            found.append(Row([Span(glyphs.rule * max(width, 0), "line")]))
            _part(found, numbers)
    while found and found[-1] is BLANK:
        found.pop()
    return [Row(fit_spans(row.spans, width, glyphs.ellipsis)) if row.spans else row for row in found]


def _part(found: list[Row], numbers: Sequence[object]) -> None:
    """A blank between parts; the items of a list stand close together."""
    if not numbers and found and found[-1] is not BLANK:
        found.append(BLANK)


def _put(found: list[Row], lines: Iterable[list[Span]], lead: list[str], marks: list[str]) -> None:
    for spans in lines:
        before = "".join(lead)
        if marks:
            before = before[: len(before) - len(marks[-1])] + marks[-1]
            marks.clear()
        found.append(Row([*([Span(before, "mute")] if before else []), *spans]))


def _pieces(tokens: Iterable[Token], base: Style) -> list[Piece]:
    """The text with its styles; a line end is a piece of its own."""
    found: list[Piece] = []
    styles = [base]
    target = ""
    for token in tokens:
        now = styles[-1]
        if token.type == "text":
            found.append((token.content, now))
        elif token.type in ("softbreak", "hardbreak"):
            found.append(("\n", now))
        elif token.type == "code_inline":
            found.append((token.content, now._replace(role="soft", bold=True)))
        elif token.type in ("strong_open", "em_open", "s_open"):
            bold, italic = token.type == "strong_open" or now.bold, token.type == "em_open" or now.italic
            styles.append(now._replace(bold=bold, italic=italic, strike=token.type == "s_open" or now.strike))
        elif token.type == "link_open":
            target = str(token.attrGet("href") or "")
            styles.append(now._replace(underline=True))
        elif token.type == "link_close":
            words = "".join(text for text, style in found if style.underline)
            styles.pop()
            if target and target not in words:
                found.append((f" {target}", styles[-1]._replace(role="mute")))
        elif token.nesting < 0:
            styles.pop()
        else:
            found.append((token.content, now))  # an image by its words, HTML as it was typed
    return found


def _wrapped(pieces: Iterable[Piece], width: int) -> list[list[Span]]:
    """Lines broken at blanks; a word that is longer than a line is cut in two."""
    width = max(width, 4)
    lines: list[list[Span]] = [[]]
    for text, style in pieces:
        if text == "\n":
            lines.append([])
            continue
        for number, word in enumerate(text.split(" ")):
            blank = " " if number and lines[-1] else ""
            word = visible(word)
            if width_of(lines[-1]) + cells(blank + word) > width and lines[-1]:
                lines.append([])
                blank = ""
            while cells(word) > width:
                head = fit(word, width, "") or word[0]
                lines[-1].append(Span(head, *style))
                lines.append([])
                word = word[len(head) :]
            if blank + word:
                lines[-1].append(Span(blank + word, *style))
    return lines
