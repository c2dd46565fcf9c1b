"""Completion in a field: which word is being typed, what fits it, and the line once an offer is taken. Pure.

What can stand where is in core/completion.py, for the shell as well; `Index` (known.py) brings a snapshot to it.
"""

from __future__ import annotations

from taskterm.core import completion, query_words, tokens
from taskterm.core.lean import NamedTuple
from taskterm.core.model import Task
from taskterm.core.query_match import ids_of
from taskterm.tui.known import MOST, Index

CAPTURE, QUERY = "TEXT", "QUERY"
"""The two grammars, by the names that core/completion.py has for them."""

LEAST_BARE = 2
"""Letters of a word without a sign before anything is offered for it: most such words are plain text."""

_LISTS = ("after", "before", "sort")
_TITLES = {
    "after": "after: which task first?",
    "before": "before: which task then?",
    "+": "tags",
    "-": "without the tag",
    "@": "people",
    "-@": "not of",
    "#": "tasks",
    "": "",
}


class Offer(NamedTuple):
    """One thing to take. `text` takes the place of the word, `shown` is what the list says, `letters` the places in
    it that were typed; `meaning` says more, a `task` shows its state. `more`: the word goes on behind it (`due:`).
    """

    text: str
    shown: str
    letters: tuple[int, ...] = ()
    meaning: str = ""
    task: Task | None = None
    more: bool = False


class Completion(NamedTuple):
    """What fits the word from `start` up to `end`: best first, at least one. `listed`: a comma asks for another."""

    start: int
    end: int
    title: str
    offers: tuple[Offer, ...]
    listed: bool = False


# ── where the cursor is


class _Place(NamedTuple):
    """The word that is being typed: `front` (a sign, or a key with its sign), what stands before the last comma, and
    `typed`, which is completed. `key` is the key in its full spelling, empty for other words.
    """

    start: int
    front: str
    done: str
    typed: str
    key: str = ""


def _in_query(head: str) -> _Place | None:
    words = query_words.cut(head) if len(head) < 4000 else []
    if not words or words[-1].end != len(head):
        return _Place(len(head), "", "", "")
    word = words[-1]
    if word.kind == "key":
        front = head[word.start : word.start + len(word.name) + len(word.sign)]
        key = query_words.KEYS[word.name.partition(".")[0]]
        return _listed(word.start, front, word.value, key)
    if word.kind == "(":
        return _Place(len(head), "", "", "")
    if word.kind != "word":
        return None
    if word.text.lstrip("#")[:1].isdigit() and ids_of(word.text.rstrip(",") or "0") is not None:
        done, comma, last = word.text.rpartition(",")
        return _Place(word.start, "#", done + comma, last.removeprefix("#"))
    return _marked(word.start, word.text, "+@-")


def _in_capture(head: str) -> _Place | None:
    found = tokens.tokenize(head)
    if any(token.kind == "end" for token in found):
        return None
    if not found or found[-1].end != len(head):
        return _Place(len(head), "", "", "")
    token = found[-1]
    if token.kind != "key":
        return _marked(token.start, head[token.start :], "+@")
    front = head[token.start : head.index(":", token.start) + 1]
    last = token.parts[-1]
    done = head[token.start + len(front) : last.start]
    return _Place(token.start, front, done, last.text, token.name)


def _listed(start: int, front: str, value: str, key: str) -> _Place:
    done, comma, last = value.rpartition(",") if key in _LISTS else ("", "", value)
    return _Place(start, front, done + comma, last, key)


def _marked(start: int, word: str, signs: str) -> _Place:
    if word[:2] == "-@" and "-" in signs:
        return _Place(start, "-@", "", word[2:])
    if word[:1] in tuple(signs):
        return _Place(start, word[0], "", word[1:])
    return _Place(start, "", "", word)


# ── what fits


def complete(text: str, cursor: int, grammar: str, index: Index, *, asked: bool = False) -> Completion | None:
    """What fits the word that ends at the cursor, or None. Nothing is offered for a word that nobody has begun,
    unless it was `asked` for.
    """
    behind = text[cursor : cursor + 1]
    if behind.strip() and not (behind == ")" and grammar == QUERY):
        return None
    place = _in_query(text[:cursor]) if grammar == QUERY else _in_capture(text[:cursor])
    if place is None:
        return None
    found = _fitting(place, grammar, index, asked=asked)
    if not found or (len(found) == 1 and found[0].text == text[place.start : cursor]):
        return None
    title = _TITLES.get(place.key or place.front, place.front)
    return Completion(place.start, cursor, title, tuple(found[:MOST]), place.key in _LISTS or place.front == "#")


def _fitting(place: _Place, grammar: str, index: Index, *, asked: bool) -> list[Offer]:
    if place.key in ("after", "before"):
        return _tasks(place, "open", index)
    if place.front == "#":
        return _tasks(place, "any", index) if place.typed else []
    if not place.front:
        return _bare(place, grammar, index) if asked or len(place.typed) >= LEAST_BARE else []
    front = f"{place.front[:-1].rstrip('<>=')}:" if place.key else place.front
    offers: list[tuple[int, Offer]] = []
    for word, meaning in completion.offer(grammar, front + (place.done if place.key else place.typed), index):
        value = word[len(front) + len(place.done) :]
        rank, letters = fit(place.typed, value)
        text = spelt(place.front, place.done, value, grammar) if rank is not None else None
        if rank is not None and text is not None:
            meant = meaning or _count(place, value, index)
            sign = "" if place.key else place.front
            offers.append((rank, Offer(text, sign + value, tuple(len(sign) + i for i in letters), meant)))
    return [offer for _, offer in sorted(offers, key=lambda pair: pair[0])]


def fit(typed: str, value: str) -> tuple[int | None, tuple[int, ...]]:
    """How well a value fits what was typed (0 begins so, 1 a part of it does, 2 holds it, None not), and where."""
    small, low = typed.casefold(), value.casefold()
    if len(low) != len(value):
        low = value
    at = low.find(small)
    if at < 0:
        return None, ()
    rank = 0
    if at:
        part = next((i for i in range(at, len(low)) if low.startswith(small, i) and not low[i - 1].isalnum()), -1)
        rank, at = (1, part) if part >= 0 else (2, at)
        if rank == 2 and len(small) < LEAST_BARE:
            return None, ()
    return rank, tuple(range(at, at + len(small)))


def _tasks(place: _Place, which: str, index: Index) -> list[Offer]:
    named = {part.strip().removeprefix("#") for part in place.done.split(",")}
    front = "" if place.front == "#" else place.front
    return [
        Offer(f"{front}{place.done}{task.id}", task.title, letters, task=task)
        for task, letters in index.find(place.typed, which, named)
    ]


def _bare(place: _Place, grammar: str, index: Index) -> list[Offer]:
    """Words of the language that begin so; in a query also names that do, with the sign that they need."""
    typed = place.typed.casefold()
    letters = tuple(range(len(typed)))
    words = completion.offer(grammar, "", index)
    found = [Offer(w, w, letters, meaning, more=w.endswith(":")) for w, meaning in words if w.startswith(typed)]
    if grammar != QUERY or not typed:
        return found
    for front, names in (("+", index.tags()), ("@", index.people()), ("project:", index.projects())):
        uses = index.uses(front)
        for name in names:
            if name.casefold().startswith(typed) and (text := spelt(front, "", name, grammar)):
                found.append(Offer(text, front + name, tuple(len(front) + i for i in letters), _open(uses[name])))
    for name, query in index.views():
        if name.casefold().startswith(typed):
            found.append(Offer(f"view:{name}", f"view:{name}", tuple(5 + i for i in letters), query))
    return found


def _count(place: _Place, value: str, index: Index) -> str:
    sign = {"tag": "+", "assignee": "@", "project": "project:", "": place.front.lstrip("-") or "+"}.get(place.key)
    count = index.uses(sign).get(value) if sign in ("+", "@", "project:") else None
    return "" if count is None else _open(count)


def _open(count: int) -> str:
    return f"{count} open" if count else ""


# ── how it is written


def spelt(front: str, done: str, value: str, grammar: str) -> str | None:
    """`front` and `value` as a line reads exactly that value, in quotes where needed; None where there is no way."""
    if not value.isprintable() or value != value.strip() or not value:
        return None
    if value[0] in "+@" and front[:-1] in ("", "-", "tag", "tags", "assignee"):  # it would be read as the sign
        return None
    write = _query_spelt if grammar == QUERY else _capture_spelt
    return write(front, done, value)


def _query_spelt(front: str, done: str, value: str) -> str | None:
    instead = {"+": "tag:", "@": "assignee:"}
    keyed = front[-1] in ":<>="
    plain = front + done + value
    words = query_words.cut(plain)
    if len(words) == 1 and words[0].end == len(plain):
        word = words[0]
        if word.kind == "key" and keyed and word.value == done + value:
            return plain
        if word.kind == "word" and not keyed and (front != "-" or value[0].isalpha() or value[0] == "_"):
            return plain
    front = front if keyed else instead.get(front, "")
    return front + query_words.quoted(done + value) if front else None


def _capture_spelt(front: str, done: str, value: str) -> str | None:
    if front[-1] != ":":
        return front + value if tokens.is_name(value) else None
    for quote in ("", '"', "'"):
        written = f"{front}{done}{quote}{value}{quote}"
        found = tokens.tokenize(written)
        if len(found) == 1 and found[0].kind == "key" and found[0].parts[-1].text == value:
            return written
    return None


def taken(text: str, found: Completion, offer: Offer, *, comma: bool = False) -> tuple[str, int]:
    """The line with the offer in it and the place of the cursor: behind a blank, a `comma`, or a key's own sign."""
    before, behind = text[: found.start] + offer.text, text[found.end :]
    if comma:
        before += ","
    elif not offer.more:
        if behind[:1].isspace():
            return before + behind, len(before) + 1
        before += "" if behind else " "
    return before + behind, len(before)
