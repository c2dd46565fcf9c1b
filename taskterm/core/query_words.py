"""Cuts a query into words, quoted pieces, regular expressions and brackets; knows nothing of what they mean.

Blanks separate words. `"…"` and `'…'` at a word's beginning, or right behind a known key and its sign, hold what has
blanks or would mean something else; the same quote twice inside stands for one. `/…/` is a regular expression: it
ends at the first slash that a blank, a closing bracket or the end follows (`\\/` never ends it). `(` begins a word,
and `)` ends one unless the word itself has opened it: `(f(x))` is a bracket around `f(x)`.
"""

from __future__ import annotations

from taskterm.core.lean import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

DATES = ("due", "scheduled", "wait", "created", "modified", "started", "completed")
"""Keys that compare with a date."""

AMOUNTS = ("pri", "est", "urgency")
"""Keys that compare with a priority, a length of time or a number."""

NAMES = ("project", "tag", "assignee", "state", "id", "text", "after", "before", "has", "view", "sort")
"""Keys that take a name, and compare nothing."""

KEYS = {name: name for name in (*DATES, *AMOUNTS, *NAMES)} | {
    "sch": "scheduled",
    "sched": "scheduled",
    "pro": "project",
    "proj": "project",
    "estimate": "est",
    "prio": "pri",
    "priority": "pri",
    "tags": "tag",
    "status": "state",
}
"""Every spelling of a key, in lower case, and the key it stands for."""

_QUOTES = "\"'"
_SIGNS = ":<>="


class Word(NamedTuple):
    """One piece of a query; `start` and `end` are its place in the line, quotes and slashes included.

    `kind` is `word`, `key` (a known one: `name` as typed in lower case, `sign`, `value` without its quotes),
    `text` (in quotes), `regex`, `(` or `)`. `text` is the piece without quotes or slashes; a key's is all of it.
    `quoted` says that a key's value was in quotes, `unclosed` that a quote was never closed.
    """

    kind: str
    start: int
    end: int
    text: str
    name: str = ""
    sign: str = ""
    value: str = ""
    quoted: bool = False
    unclosed: bool = False


def cut(line: str) -> list[Word]:
    """The words of a line in their order."""
    words: list[Word] = []
    at = 0
    while True:
        while at < len(line) and line[at].isspace():
            at += 1
        if at == len(line):
            return words
        word = _word_at(line, at)
        words.append(word)
        at = word.end


def quoted(text: str) -> str:
    """`text` in quotes, so that `cut` finds exactly it and no meaning in it."""
    quote = "'" if '"' in text and "'" not in text else '"'
    return quote + text.replace(quote, quote * 2) + quote


def joined(arguments: Iterable[str]) -> str:
    """Command line arguments as one line, each a piece of query of its own: none runs on into the next."""
    return " ".join(_closed(part) if "/" in part else part for part in arguments)


def _closed(part: str) -> str:
    """The argument with quotes around words that begin with a slash which nothing in it closes, such as a path."""
    for word in reversed(cut(part)):
        if word.kind == "word" and word.text[0] == "/":
            part = part[: word.start] + quoted(word.text) + part[word.end :]
    return part


def _word_at(line: str, at: int) -> Word:
    first = line[at]
    if first in "()":
        return Word(first, at, at + 1, first)
    if first in _QUOTES:
        text, end, closed = _unquote(line, at)
        if closed or first == '"':  # an apostrophe that nothing closes is one: 'tis
            return Word("text", at, end, text, unclosed=not closed)
    if first == "/":
        end = _regex_end(line, at)
        if end >= 0:
            return Word("regex", at, end, line[at + 1 : end - 1])
    return _plain(line, at)


def _plain(line: str, start: int) -> Word:
    at, open_brackets = start, 0
    while at < len(line) and not line[at].isspace():
        character = line[at]
        if character in _SIGNS:
            key = _key(line, start, at)
            if key is not None:
                return key
            end = _end(line, at, open_brackets)
            return Word("word", start, end, line[start:end])
        if character == ")" and not open_brackets:
            break
        open_brackets += (character == "(") - (character == ")")
        at += 1
    return Word("word", start, at, line[start:at])


def _key(line: str, start: int, at: int) -> Word | None:
    """The word from `start` on as a key whose sign stands at `at`; None if no key is called so."""
    name = line[start:at].lower()
    if name.partition(".")[0] not in KEYS:
        return None
    sign = line[at : at + 2] if line[at : at + 2] in ("<=", ">=") else line[at]
    begin = rest = at + len(sign)
    value, closed, in_quotes = "", True, False
    if line[begin : begin + 1] in tuple(_QUOTES):
        value, rest, closed = _unquote(line, begin)
        in_quotes = closed or line[begin] == '"'
        if not in_quotes:
            value, rest, closed = "", begin, True
    end = _end(line, rest, 0)
    value += line[rest:end]
    return Word("key", start, end, line[start:end], name, sign, value, in_quotes, not closed)


def _end(line: str, at: int, open_brackets: int) -> int:
    """Where the word that goes on at `at` ends: at a blank, or at a bracket that it has not opened."""
    while at < len(line) and not line[at].isspace():
        if line[at] == ")" and not open_brackets:
            break
        open_brackets += (line[at] == "(") - (line[at] == ")")
        at += 1
    return at


def _unquote(line: str, at: int) -> tuple[str, int, bool]:
    """What stands in the quotes that open at `at`, where they end, and whether they were closed."""
    quote, begin = line[at], at + 1
    found: list[str] = []
    while True:
        close = line.find(quote, begin)
        if close < 0:
            return "".join((*found, line[begin:])), len(line), False
        found.append(line[begin:close])
        if line[close + 1 : close + 2] != quote:
            return "".join(found), close + 1, True
        found.append(quote)
        begin = close + 2


def _regex_end(line: str, start: int) -> int:
    """The place behind the slash that closes the expression which opens at `start`, or -1."""
    at = start + 1
    while at < len(line):
        if line[at] == "\\":
            at += 1
        elif line[at] == "/" and at > start + 1 and (not line[at + 1 : at + 2].strip() or line[at + 1] == ")"):
            return at + 1
        at += 1
    return -1
