"""A structure of tasks in one line, `provision > (packages, dns) > deploy`, becomes names and what comes before what.

    sketch = chain ("," chain)*      chain = item (">" item)*      item = "(" sketch ")" | name

What stands left of `>` has to end before what stands right of it begins; a comma stands between what may go on at the
same time. A name runs up to the next `>` `,` `(` or `)` and is a capture line, so it may hold `+ops @ana est:2h`; in
quotes, or behind a `key:` in quotes, it may hold those signs too. A number is the id of a task that exists; the same
title again, letter case ignored, is the same task. `->` and `→` are read as `>`.
"""

from __future__ import annotations

from taskterm.core.capture import Capture, parse_capture
from taskterm.core.errors import ClosesCycle, UsageError
from taskterm.core.lean import NamedTuple, datetime
from taskterm.core.wording import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    End = int | str

EDGES_MOST = 5_000
DEPTH_MOST = 100
LENGTH_MOST = 100_000

_SIGNS = {">": ">", "→": ">", ",": ",", "(": "(", ")": ")"}
_SINGLE = ("assignee", "project", "due", "scheduled", "wait", "estimate_minutes", "priority", "recurrence")
_SEVERAL = ("tags", "after", "before", "run")
_CALLED = {"estimate_minutes": "estimate", "assignee": "person", "recurrence": "repetition"}


class SketchError(UsageError):
    """What is wrong, and the place: `text[at:]` begins there."""

    def __init__(self, message: str, text: str, at: int, hint: str = "") -> None:
        super().__init__(message, hint)
        self.text = text
        self.at = at


class Sketch(NamedTuple):
    """New tasks by their key, ids of tasks that exist, and edges: pairs of what comes before and what after it.

    An end of an edge is a key (text) or an id (number); `ends` are all of them in the order of their first mention.
    """

    tasks: Mapping[str, Capture]
    ends: tuple[End, ...]
    edges: tuple[tuple[End, End], ...]


class _Piece(NamedTuple):
    kind: str  # name, >, comma, ( or )
    start: int
    end: int
    quoted: bool = False


class _Group(NamedTuple):
    """A part that was read: what begins it and what ends it."""

    begins: tuple[End, ...]
    ends: tuple[End, ...]


def parse_sketch(text: str, now: datetime) -> Sketch:
    """Read a sketch; `now` is local, for the dates in it. SketchError points at what is not understood."""
    if len(text) > LENGTH_MOST:
        raise SketchError(f"the sketch has {len(text):,} characters; {LENGTH_MOST:,} are the most", "", 0, "split it")
    parser = _Parser(text, now)
    if not parser.pieces:
        raise SketchError(
            "the sketch is empty", text, 0, 'for example: taskterm sketch "provision > (packages, dns) > deploy"'
        )
    parser.sketch(0)
    if parser.next() is not None:
        raise parser.error("there is no ( for this )")
    parser.refuse_cycle()
    return Sketch(parser.tasks, tuple(parser.places), tuple(parser.edges))


class _Parser:
    """Recursive descent over the pieces; collects tasks and edges as it goes."""

    def __init__(self, text: str, now: datetime) -> None:
        self.text = text
        self.now = now
        self.pieces = _pieces(text)
        self.at = 0
        self.tasks: dict[str, Capture] = {}
        self.places: dict[End, int] = {}
        self.edges: dict[tuple[End, End], int] = {}  # with the place of the sign that made it

    def next(self) -> str | None:
        """The kind of the next piece, None at the end."""
        return self.pieces[self.at].kind if self.at < len(self.pieces) else None

    def error(self, message: str, at: int | None = None, hint: str = "") -> SketchError:
        """An error at a place, or at the next piece."""
        if at is None:
            at = self.pieces[self.at].start if self.at < len(self.pieces) else len(self.text.rstrip())
        return SketchError(message, self.text, at, hint)

    def sketch(self, depth: int) -> _Group:
        """Chains with commas between them, side by side."""
        groups = [self._chain(depth)]
        while self.next() == ",":
            self.at += 1
            groups.append(self._chain(depth))
        begins = dict.fromkeys(end for group in groups for end in group.begins)
        ends = dict.fromkeys(end for group in groups for end in group.ends)
        return _Group(tuple(begins), tuple(ends))

    def _chain(self, depth: int) -> _Group:
        first = last = self._item(depth)
        while self.next() == ">":
            sign = self.pieces[self.at].start
            self.at += 1
            group = self._item(depth)
            self._join(last, group, sign)
            last = group
        if self.next() in ("name", "("):
            raise self.error("a > or a comma is missing here")
        return _Group(first.begins, last.ends)

    def _item(self, depth: int) -> _Group:
        kind = self.next()
        if kind == "name":
            end = self._name(self.pieces[self.at])
            self.at += 1
            return _Group((end,), (end,))
        if kind != "(":
            before = self.text[self.pieces[self.at - 1].start] if self.at else ""
            where = f"behind {before}" if before else "here"
            raise self.error(f"a task is missing {where}", hint="between > and , stands the title of a task")
        if depth >= DEPTH_MOST:
            raise self.error(f"there are more than {DEPTH_MOST} brackets in each other")
        opening = self.pieces[self.at].start
        self.at += 1
        group = self.sketch(depth + 1)
        if self.next() != ")":
            raise self.error("this ( is not closed", opening)
        self.at += 1
        return group

    def _join(self, left: _Group, right: _Group, sign: int) -> None:
        if len(self.edges) + len(left.ends) * len(right.begins) > EDGES_MOST:
            hint = "put one task between two large groups"
            raise self.error(f"that makes more than {EDGES_MOST:,} links", sign, hint)
        for before in left.ends:
            for after in right.begins:
                if before == after:
                    raise self.error(f"{self._called(before)} would wait for itself", sign)
                self.edges.setdefault((before, after), sign)

    def _name(self, piece: _Piece) -> End:
        words = self.text[piece.start : piece.end].strip()
        line = words[1:-1] if piece.quoted else words
        number = line.removeprefix("#")
        if not piece.quoted and number.isascii() and number.isdigit() and len(number) < 19:
            self.places.setdefault(int(number), piece.start)
            return int(number)
        try:
            capture = parse_capture(line, self.now)._replace(spans=(), notes=())
        except UsageError as error:
            bad = (span for span in parse_capture(line, self.now, strict=False).spans if not span.ok)
            at = piece.start + piece.quoted + next((span.start for span in bad), 0)
            raise self.error(error.message, at, error.hint) from None
        if not capture.title:
            raise self.error("a task needs a title", piece.start, "write it beside the facts: deploy +ops @ana")
        head = capture.title.removeprefix("#")
        if not piece.quoted and head.isascii() and head.isdigit():
            hint = f"change it with: taskterm edit {head}; for a new task of that title put it in quotes"
            raise self.error(f"{head} is a task that exists: it is named without facts", piece.start, hint)
        key = " ".join(capture.title.casefold().split())
        known = self.tasks.get(key)
        self.tasks[key] = capture if known is None else self._merged(known, capture, piece.start)
        self.places.setdefault(key, piece.start)
        return key

    def _merged(self, known: Capture, again: Capture, at: int) -> Capture:
        """What two mentions of a task say together."""
        values: dict[str, Any] = {}
        for field in _SINGLE:
            old, new = getattr(known, field), getattr(again, field)
            if old is not None and new is not None and old != new:
                what = _CALLED.get(field, field)
                raise self.error(f"{shown(known.title)} has another {what} further left", at, "keep one of them")
            values[field] = old if new is None else new
        for field in _SEVERAL:
            values[field] = tuple(dict.fromkeys((*getattr(known, field), *getattr(again, field))))
        return known._replace(**values)

    def _called(self, end: End) -> str:
        return str(end) if isinstance(end, int) else shown(self.tasks[end].title)

    def refuse_cycle(self) -> None:
        """SketchError with the path where the edges lead back to where they began, at the sign that closes it."""
        from itertools import pairwise

        from taskterm.core import graph

        numbers = {end: index for index, end in enumerate(self.places)}
        before: dict[int, list[int]] = {}
        for left, right in self.edges:
            before.setdefault(numbers[right], []).append(numbers[left])
        try:
            graph.topological_order(range(len(numbers)), lambda i: before.get(i, ()))
        except ClosesCycle as cycle:
            ends: Sequence[End] = list(self.places)
            path = [ends[i] for i in cycle.path]
            closing = max(self.edges[before, after] for before, after in pairwise(path))
            names = " → ".join(self._called(end) for end in path)
            raise self.error(f"that would close a cycle: {names}", closing) from None


def _pieces(text: str) -> list[_Piece]:
    """The names and signs of a line in order."""
    pieces: list[_Piece] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif text[at] in _SIGNS or text.startswith("->", at):
            length = 2 if text.startswith("->", at) else 1
            pieces.append(_Piece(_SIGNS[text[at + length - 1]], at, at + length))
            at += length
        else:
            piece = _name_at(text, at)
            pieces.append(piece)
            at = piece.end
    return pieces


def _name_at(text: str, start: int) -> _Piece:
    """The name that begins here: in quotes up to their end, else up to the next sign outside quotes behind a colon."""
    at = start
    if text[at] in "\"'":
        close = text.find(text[at], at + 1)
        if close < 0:
            raise SketchError("this quote is not closed", text, at, "put the same quote at the end of the name")
        behind = text[close + 1 :].lstrip()
        if not behind or behind[0] in _SIGNS or behind.startswith("->"):
            return _Piece("name", start, close + 1, True)
    while at < len(text) and text[at] not in _SIGNS and not text.startswith("->", at):
        if text[at] in "\"'" and at > start and text[at - 1] == ":":
            close = text.find(text[at], at + 1)
            if close < 0:
                raise SketchError("this quote is not closed", text, at, "put the same quote at the end of the value")
            at = close
        at += 1
    return _Piece("name", start, at)
