"""How states and user text look in any terminal, window or shell: the signs, their roles, and text made harmless."""

STATE_SIGNS = {
    "running": "▶",
    "failed": "✗",
    "doing": "◐",
    "ready": "○",
    "blocked": "⊘",
    "waiting": "◷",
    "done": "✓",
    "cancelled": "–",
}
"""One sign for each shown state, all one cell wide."""

ASCII_STATE_SIGNS = dict(zip(STATE_SIGNS, ">!*o%~x-", strict=True))
"""The same for terminals that draw ASCII only."""

STATE_ROLES = {"running": "run", "failed": "fail", "doing": "run", "ready": "ready", "done": "done"}
"""The colour role of a state; the others are `mute`."""

ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
"""Right-to-left text between these does not reorder its neighbours; they take no cell."""

_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\u200e\u200f\u061c")

_harmless: set[str] = set()
"""Characters that were looked at before and need nothing done."""


def visible(text: str) -> str:
    """`text` on one line with nothing in it that could steer a terminal or reorder its neighbours.

    Tabs and line ends become blanks, control characters their pictures (ESC is ␛), lone surrogates and bidirectional
    controls U+FFFD. Text with right-to-left letters is wrapped in an isolate, which takes no cell.
    """
    if text.isprintable() and (text.isascii() or _harmless.issuperset(text)):
        return text
    from unicodedata import bidirectional  # quick commands with plain titles never need its tables

    found: list[str] = []
    has_rtl = False
    for char in text:
        code = ord(char)
        if code < 0x20:
            char = " " if char in "\t\n\r\v\f" else chr(0x2400 + code)
        elif code == 0x7F:
            char = "␡"
        elif 0x80 <= code < 0xA0 or 0xD800 <= code <= 0xDFFF or char in _REORDERING:
            char = "\ufffd"
        elif code >= 0x590 and bidirectional(char) in ("R", "AL"):
            has_rtl = True
        found.append(char)
    plain = "".join(found)
    if plain == text and not has_rtl:
        _harmless.update(text)
    return f"{ISOLATE}{plain}{POP_ISOLATE}" if has_rtl else plain


def cells(text: str) -> int:
    """How many terminal cells `text` takes."""
    return len(text) if text.isascii() else sum(map(cell_size, text))


def cell_size(char: str) -> int:
    """How many terminal cells one character takes: 0, 1 or 2."""
    if char < "\u0300":
        return 1
    from unicodedata import category, east_asian_width

    if category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def fit(text: str, width: int, more: str = "…") -> str:
    """`text` in at most `width` cells, cut at its end on a cell bound, with `more` where something is missing."""
    if cells(text) <= width:
        return text
    room, kept = width - cells(more), []
    for char in text:
        room -= cell_size(char)
        if room < 0:
            break
        kept.append(char)
    cut = "".join(kept).rstrip("\u200d ")
    return (cut + (POP_ISOLATE if text.startswith(ISOLATE) else "") + more) if width > 0 else ""
