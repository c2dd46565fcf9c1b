"""Reads the plain kind of TOML that people write into a config file, without the library that costs six milliseconds.

What is read is read as `tomllib` does; everything else (escapes, arrays, dotted keys, dates, mistakes) is answered
with None and left to `tomllib`. A property test compares the two.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def read(text: str) -> tuple[dict[str, Any], dict[str, int]] | None:
    """The values, and the line of each key (`theme`, `databases.team`); None for a text that is not plain enough."""
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    table, prefix = values, ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        line = line.strip(" \t")
        if not line.isprintable() and not line.replace("\t", " ").isprintable():
            return None
        if not line or line[0] == "#":
            continue
        if line[0] == "[":
            name, close, after = line[1:].partition("]")
            name = name.strip(" \t")
            if not close or not _is_key(name) or name in values or not _is_end(after):
                return None
            table, prefix = {}, name + "."
            values[name] = table
            lines[name] = number
            continue
        key, equals, after = line.partition("=")
        key = key.rstrip(" \t")
        value = _value(after.lstrip(" \t"))
        if not equals or not _is_key(key) or key in table or value is None:
            return None
        table[key] = value
        lines[prefix + key] = number
    return values, lines


def find(text: str) -> dict[str, int]:
    """The line of each key that stands plainly at the beginning of one; for texts that `read` does not read."""
    lines: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if line[:1] == "[":
            prefix = line.strip("[ ]") + "."
            lines.setdefault(prefix[:-1], number)
        else:
            key = line.partition("=")[0].strip(" \t\"'")
            if key and key[0] != "#":
                lines.setdefault(prefix + key, number)
    return lines


def _is_key(text: str) -> bool:
    return text.isascii() and text.replace("-", "").replace("_", "").isalnum()


def _is_end(text: str) -> bool:
    """Whether nothing but a comment follows."""
    text = text.strip(" \t")
    return not text or text[0] == "#"


def _value(text: str) -> str | bool | int | list[str] | None:
    if text[:1] == "[":
        return _texts(text)
    quote = text[:1]
    if quote in ('"', "'") and quote:
        end = text.find(quote, 1)
        inside = text[1:end]
        if end < 0 or text[:3] == quote * 3 or (quote == '"' and "\\" in inside) or not _is_end(text[end + 1 :]):
            return None
        return inside
    word = text.partition("#")[0].rstrip(" \t")
    if word in ("true", "false"):
        return word == "true"
    digits = word.removeprefix("-")
    plain = digits.isascii() and digits.isdigit() and len(digits) < 19 and (digits[0] != "0" or digits == "0")
    return int(word) if plain else None


def _texts(text: str) -> list[str] | None:
    """`["u", "ctrl+z"]` on one line, of texts in double quotes; None for any other array."""
    inside, close, after = text[1:].partition("]")
    if not close or not _is_end(after) or "'" in inside or "\\" in inside or "#" in inside:
        return None
    found: list[str] = []
    for part in inside.split(","):
        word = part.strip(" \t")
        if len(word) < 2 or word[0] != '"' or word.find('"', 1) != len(word) - 1:
            return None
        found.append(word[1:-1])
    return found
