"""Text in terminal cells: made harmless, measured, cut, padded, wrapped. Nothing here ever reads markup.

Every text that a user typed passes `visible` before it reaches a strip, a `Content` or a title. Cells are counted as
Textual counts them; its tables are only loaded for characters beyond the common ones, as the first picture does not
wait for them.
"""

from __future__ import annotations

from taskterm.core import display

COMMON = (
    *((0x20, 0x7E, 1), (0xA0, 0x2FF, 1), (0x391, 0x3A1, 1), (0x3A3, 0x482, 1), (0x2010, 0x2027, 1)),
    *((0x2030, 0x205E, 1), (0x2066, 0x2069, 0), (0x20A0, 0x20BF, 1), (0x2190, 0x2319, 1), (0x2500, 0x25FC, 1)),
    *((0x2713, 0x2718, 1), (0x2800, 0x28FF, 1), (0x3001, 0x3029, 2), (0x3041, 0x3096, 2), (0x30A0, 0x30FF, 2)),
    *((0x3400, 0x4DBF, 2), (0x4E00, 0x9FFF, 2), (0xAC00, 0xD7A3, 2), (0xFF01, 0xFF60, 2), (0xFFFD, 0xFFFD, 1)),
    *((0x1F300, 0x1F320, 2), (0x1F337, 0x1F37C, 2), (0x1F3A0, 0x1F3CA, 2), (0x1F400, 0x1F43E, 2)),
    *((0x1F443, 0x1F4FC, 2), (0x1F5FB, 0x1F64F, 2), (0x1F680, 0x1F6C5, 2)),
)
"""First and last code point of ranges of characters that stand alone, and the cells that each of them takes."""

_JOINERS = "\u200d\ufe0f\ufe0e"
_REMEMBERED = 8192

_visible: dict[str, str] = {}
_cells: dict[str, int] = {}
_sizes: dict[str, int | None] = {}


def visible(text: str) -> str:
    """`core.display.visible`, remembered: the same titles are drawn again with every paint."""
    found = _visible.get(text)
    if found is None:
        if len(_visible) > _REMEMBERED:
            _visible.clear()
        found = _visible[text] = display.visible(text)
    return found


def cells(text: str) -> int:
    """How many terminal cells `text` takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    found = _cells.get(text)
    if found is None:
        if len(_cells) > _REMEMBERED:
            _cells.clear()
        found = _cells[text] = _measured(text)
    return found


def _measured(text: str) -> int:
    total = 0
    for character in text:
        size = _common_size(character)
        if size is None:
            from rich.cells import cell_len

            return cell_len(text)
        total += size
    return total


def _common_size(character: str) -> int | None:
    """Cells of a character of COMMON, None for another one."""
    if character in _sizes:
        return _sizes[character]
    code = ord(character)
    size = next((cells for first, last, cells in COMMON if first <= code <= last), None)
    if len(_sizes) > _REMEMBERED:
        _sizes.clear()
    _sizes[character] = size
    return size


def _cell_size(character: str) -> int:
    size = _common_size(character)
    if size is None:
        from rich.cells import get_character_cell_size

        return get_character_cell_size(character)
    return size


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` in at most `width` cells: cut at its end on a cell bound, with `ellipsis` where something is missing."""
    if cells(text) <= width:
        return text
    if width <= 0:
        return ""
    room = width - cells(ellipsis)
    if text.isascii():
        return text[: max(room, 0)].rstrip() + ellipsis
    isolated = text.startswith(display.ISOLATE)
    kept: list[str] = []
    for character in text:
        size = _cell_size(character)
        if size > room:
            break
        kept.append(character)
        room -= size
    while kept and kept[-1] in _JOINERS:
        kept.pop()
    cut = "".join(kept).rstrip()
    return cut + (display.POP_ISOLATE if isolated else "") + ellipsis


def fit_middle(text: str, width: int, ellipsis: str = "…") -> str:
    """Like `fit`, with the cut in the middle: for paths, whose two ends say the most."""
    if cells(text) <= width:
        return text
    if width < 4:
        return fit(text, width, ellipsis)
    head = fit(text, (width - 1) // 2 + 1, "")
    tail: list[str] = []
    room = width - cells(ellipsis) - cells(head)
    for character in reversed(text):
        size = _cell_size(character)
        if size > room:
            break
        tail.append(character)
        room -= size
    return head + ellipsis + "".join(reversed(tail))


def pad(text: str, width: int, align: str = "left", ellipsis: str = "…") -> str:
    """`text` in exactly `width` cells, cut or filled with blanks; `align` is `left` or `right`."""
    cut = fit(text, width, ellipsis)
    blanks = " " * (width - cells(cut))
    return blanks + cut if align == "right" else cut + blanks


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken at blanks where there are any; one empty line for no text."""
    width = max(width, 1)
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split(" "):
            joined = f"{line} {word}" if line else word
            if cells(joined) <= width:
                line = joined
                continue
            if line:
                lines.append(line)
            while cells(word) > width:
                head = fit(word, width, "") or word[0]
                lines.append(head)
                word = word[len(head) :]
            line = word
        lines.append(line)
    return lines
