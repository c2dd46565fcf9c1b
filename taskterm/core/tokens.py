"""Cuts a capture line into title words and syntax items, and knows nothing of what the values mean.

A typed line is split at white space. Behind a known `key:` a single or double quote groups until the same quote comes
again (`due:"fri 17:00"`); in the lists `after:` and `before:` it does so behind each comma too. Quotes anywhere else,
an apostrophe in a word above all, are plain text, and so is every `word:` that is no key. `--` alone ends the syntax.
"""

from __future__ import annotations

from taskterm.core.lean import NamedTuple

_FULL = ("project", "due", "scheduled", "wait", "est", "pri", "repeat", "after", "before", "run")
_SHORT = {"pro": "project", "proj": "project", "sch": "scheduled", "sched": "scheduled"}
KEYS = {name: name for name in _FULL} | _SHORT | {"estimate": "est", "priority": "pri"}
"""Every spelling of a key, in lower case, and the key it stands for."""

LISTS = ("after", "before")
_QUOTES = "\"'"


class Part(NamedTuple):
    """One value behind a key without its quotes; `start` and `end` are its place in the text, quotes included."""

    text: str
    start: int
    end: int


class Token(NamedTuple):
    """A piece of a line. `kind` is `title`, `tag`, `untag`, `person`, `unperson`, `key` or `end` (the `--`).

    `name` is the key in its full spelling, the tag or the person; `parts` are the values of a key, several only in
    lists; `unclosed` says that a quote was opened and never closed.
    """

    kind: str
    start: int
    end: int
    name: str = ""
    parts: tuple[Part, ...] = ()
    unclosed: bool = False


def tokenize(text: str, *, edit: bool = False) -> list[Token]:
    """The tokens of a typed line in order, white space left out. With `edit`, `-tag` and `-@person` are items."""
    tokens: list[Token] = []
    at, syntax = 0, True
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return tokens
        key = _key_at(text, at) if syntax else None
        token = _keyed(text, at, *key) if key else _word(text, at, syntax, edit)
        syntax = syntax and token.kind != "end"
        tokens.append(token)
        at = token.end


def tokenize_argument(text: str, *, edit: bool = False) -> list[Token]:
    """The tokens of one command line argument, whose quotes the shell has already removed.

    An argument that begins with a known key is that one item, spaces and all: `due:fri 17:00` is what the shell makes
    of `due:"fri 17:00"`. Everything else is a typed line, and so is an argument whose value still begins with a quote;
    only `run:` keeps even that, since a shell line may begin with one.
    """
    key = _key_at(text, 0)
    if key is None:
        return tokenize(text, edit=edit)
    name, start = key
    if name != "run" and text[start : start + 1] in tuple(_QUOTES):
        return tokenize(text, edit=edit)
    parts = []
    for value in text[start:].split(",") if name in LISTS else [text[start:]]:
        parts.append(Part(value, start, start + len(value)))
        start += len(value) + 1
    return [Token("key", 0, len(text), name, tuple(parts))]


def _key_at(text: str, at: int) -> tuple[str, int] | None:
    """The key that begins at this place and the place of its value; None if none does."""
    colon = text.find(":", at, at + 1 + max(map(len, KEYS)))
    name = KEYS.get(text[at:colon].lower()) if colon > at else None
    return None if name is None else (name, colon + 1)


def _keyed(text: str, start: int, name: str, at: int) -> Token:
    stops = "," if name in LISTS else ""
    parts: list[Part] = []
    unclosed = False
    while True:
        begin, value = at, ""
        if at < len(text) and text[at] in _QUOTES:
            close = text.find(text[at], at + 1)
            unclosed = close < 0
            close = len(text) if unclosed else close
            value, at = text[at + 1 : close], min(close + 1, len(text))
        rest = at
        while at < len(text) and not text[at].isspace() and text[at] not in stops:
            at += 1
        parts.append(Part(value + text[rest:at], begin, at))
        if at == len(text) or text[at].isspace():
            return Token("key", start, at, name, tuple(parts), unclosed)
        at += 1


def _word(text: str, start: int, syntax: bool, edit: bool) -> Token:
    end = start
    while end < len(text) and not text[end].isspace():
        end += 1
    word = text[start:end]
    if not syntax:
        return Token("title", start, end)
    if word == "--":
        return Token("end", start, end)
    if word[0] in "+@" and is_name(word[1:]):
        return Token("tag" if word[0] == "+" else "person", start, end, word[1:])
    if edit and word[0] == "-":
        if word[1:2] == "@" and (len(word) == 2 or is_name(word[2:])):
            return Token("unperson", start, end, word[2:])
        if is_name(word[1:]):
            return Token("untag", start, end, word[1:])
    return Token("title", start, end)


def is_name(text: str) -> bool:
    """Whether `text` can be a tag or a person: letters, digits and `_-./`, beginning with a letter or `_`."""
    if not text[:1].isalpha() and text[:1] != "_":
        return False
    return all(c.isalnum() or c in "_-./" or (c > "\x7f" and _is_mark(c)) for c in text)


def _is_mark(char: str) -> bool:
    from unicodedata import category  # a vowel sign of Hindi is no letter, yet belongs to one; rarely needed

    return category(char)[0] == "M"
