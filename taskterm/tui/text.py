"""Text in terminal cells: made harmless, measured, cut, padded, wrapped. Nothing here ever reads markup.

Every text that a user typed passes `visible` before it reaches a strip, a `Content` or a title.
"""

from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size

from taskterm.core import display

_JOINERS = frozenset("\u200d\ufe0f\ufe0e")


@lru_cache(maxsize=8192)
def visible(text: str) -> str:
    """`core.display.visible`, remembered: the same titles are drawn again with every paint."""
    return display.visible(text)


def cells(text: str) -> int:
    """How many terminal cells `text` takes."""
    return cell_len(text)


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` in at most `width` cells: cut at its end on a cell bound, with `ellipsis` where something is missing."""
    if cell_len(text) <= width:
        return text
    if width <= 0:
        return ""
    isolated = text.startswith(display.ISOLATE)
    room = width - cell_len(ellipsis)
    kept: list[str] = []
    for character in text:
        size = get_character_cell_size(character)
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
    if cell_len(text) <= width:
        return text
    if width < 4:
        return fit(text, width, ellipsis)
    head = fit(text, (width - 1) // 2 + 1, "")
    tail: list[str] = []
    room = width - cell_len(ellipsis) - cell_len(head)
    for character in reversed(text):
        size = get_character_cell_size(character)
        if size > room:
            break
        tail.append(character)
        room -= size
    return head + ellipsis + "".join(reversed(tail))


def pad(text: str, width: int, align: str = "left", ellipsis: str = "…") -> str:
    """`text` in exactly `width` cells, cut or filled with blanks; `align` is `left` or `right`."""
    cut = fit(text, width, ellipsis)
    blanks = " " * (width - cell_len(cut))
    return blanks + cut if align == "right" else cut + blanks


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken at blanks where there are any; one empty line for no text."""
    width = max(width, 1)
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split(" "):
            joined = f"{line} {word}" if line else word
            if cell_len(joined) <= width:
                line = joined
                continue
            if line:
                lines.append(line)
            while cell_len(word) > width:
                head = fit(word, width, "") or word[0]
                lines.append(head)
                word = word[len(head) :]
            line = word
        lines.append(line)
    return lines
