"""How keys are called: as the screen and config.toml write them (`?`, `esc`, `ctrl+r`), and as Textual does. Pure."""

from __future__ import annotations

NAMED = (
    *("space", "enter", "tab", "escape", "backspace", "delete", "insert"),
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown"),
    *(f"f{number}" for number in range(1, 25)),
)
"""Keys that have no character."""

OTHER_NAMES = {
    "esc": "escape",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "page_up": "pageup",
    "page_down": "pagedown",
    "return": "enter",
    "spacebar": "space",
}
SHORT = {"escape": "esc", "pageup": "pgup", "pagedown": "pgdn"}
"""What the screen says instead of a name."""

SIGNS = {
    "!": "exclamation_mark",
    '"': "quotation_mark",
    "#": "number_sign",
    "$": "dollar_sign",
    "%": "percent_sign",
    "&": "ampersand",
    "'": "apostrophe",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
    "*": "asterisk",
    "+": "plus",
    ",": "comma",
    "-": "minus",
    ".": "full_stop",
    "/": "slash",
    ":": "colon",
    ";": "semicolon",
    "<": "less_than_sign",
    "=": "equals_sign",
    ">": "greater_than_sign",
    "?": "question_mark",
    "@": "at",
    "[": "left_square_bracket",
    "\\": "backslash",
    "]": "right_square_bracket",
    "^": "circumflex_accent",
    "_": "underscore",
    "`": "grave_accent",
    "{": "left_curly_bracket",
    "|": "vertical_line",
    "}": "right_curly_bracket",
    "~": "tilde",
}
"""Textual's names of the characters that are neither letters nor digits."""

SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+j": "enter", "ctrl+h": "backspace"}
"""Keys that a terminal does not tell from others."""

_MODIFIERS = ("alt", "ctrl", "shift")
_OF_SIGN = {name: sign for sign, name in SIGNS.items()}


def canonical(word: str) -> tuple[str, str]:
    """The one spelling of a key, and what is wrong with it; one of the two is empty.

    A character stands for itself, everything else has a name; `alt+`, `ctrl+` and `shift+` come before it, in this
    order.
    """
    if len(word) == 1:
        return (word, "") if word.isprintable() and word != " " else ("", "is no key that has a name")
    *held, last = word.split("+")
    modifiers = sorted({modifier.strip().lower() for modifier in held})
    if any(modifier not in _MODIFIERS for modifier in modifiers):
        return "", "is no key"
    low = last.strip().lower()
    name = OTHER_NAMES.get(low, low)
    key = _OF_SIGN.get(name, name) if len(last) != 1 else last
    if len(key) != 1 and key not in NAMED:
        return "", "is no key"
    if not modifiers:
        return key, ""
    if len(key) == 1 and not key.isalnum():
        return "", "cannot be typed with ctrl, alt or shift: a terminal sends the sign alone"
    if modifiers == ["shift"] and len(key) == 1:
        return (key.upper(), "") if key.isalpha() else ("", "is another sign on every keyboard: write that sign")
    found = "+".join([*modifiers, key.lower() if "ctrl" in modifiers else key])
    if found in SAME:
        return "", f"is {SAME[found]} for a terminal"
    return found, ""


def label(key: str) -> str:
    """The key as the screen writes it."""
    *modifiers, last = [key] if len(key) == 1 else key.split("+")
    return "+".join([*modifiers, SHORT.get(last, last)])


def textual(key: str) -> str:
    """The key, or a label, as Textual calls it."""
    if len(key) == 1:
        return SIGNS.get(key, key)
    *modifiers, last = key.split("+")
    return "+".join([*modifiers, OTHER_NAMES.get(last, last)])
