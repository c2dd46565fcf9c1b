"""Quick capture: one line of words becomes the fields of a task.

    Deploy the web shop +ops @ana project:site.web due:"fri 17:00" after:12,13 est:2h pri:H run:"make deploy"

`core.tokens` says how a line is cut; here the items get their meaning, and what is no item stays the title, as typed.
"""

from __future__ import annotations

from taskterm.core.errors import UsageError
from taskterm.core.lean import NamedTuple, datetime
from taskterm.core.model import PRIORITIES
from taskterm.core.tokens import Part, Token, tokenize, tokenize_argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["Capture", "Span", "parse_capture", "tokenize"]

_FIELD = {"est": "estimate_minutes", "pri": "priority", "repeat": "recurrence"}
_EXAMPLE = {
    "project": "project:site.web",
    "due": "due:fri",
    "scheduled": "scheduled:mon",
    "wait": "wait:2026-12-01",
    "est": "est:2h",
    "pri": "pri:H",
    "repeat": "repeat:weekly",
    "after": "after:12,13",
    "before": "before:21",
    "run": 'run:"make deploy"',
}
_VALUE_SPAN = {"due": "date", "scheduled": "date", "wait": "date", "run": "run", "after": "ref", "before": "ref"}
_DATES = ("due", "scheduled", "wait")
_LACKED = (*_DATES, "project", "est", "pri", "repeat")  # a query asks with `due:none` for tasks without it
_KEEP_HINT = "to keep it in the title, put it behind -- at the end"


class Span(NamedTuple):
    """A stretch of a typed line for highlighting: from `start` up to, not including, `end`.

    `kind` is title, tag, person, key (a key, and values that need no kind of their own), date, ref, run or bad (not
    understood); `ok` is False for bad ones, and a caller sets it so for a reference that fits no task.
    """

    start: int
    end: int
    kind: str
    ok: bool = True


class Capture(NamedTuple):
    """What a capture line says. Times are UTC text, `recurrence` is an RRULE, absent values are None.

    `after` and `before` name tasks as typed (`12`, `#12`, a part of a title), for the caller to resolve. `cleared`
    names the fields that an edit empties (`due:` alone, `-@ana`). `spans` cover a line given as one text, in order.
    `problems` are the errors of a reading that was not strict; the values concerned are left out. `notes` are
    sentences about what was read as title and may have been meant otherwise.
    """

    title: str = ""
    tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    assignee: str | None = None
    project: str | None = None
    due: str | None = None
    scheduled: str | None = None
    wait: str | None = None
    estimate_minutes: int | None = None
    priority: str | None = None
    recurrence: str | None = None
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    run: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    problems: tuple[UsageError, ...] = ()
    notes: tuple[str, ...] = ()


def parse_capture(words: Sequence[str] | str, now: datetime, *, edit: bool = False, strict: bool = True) -> Capture:
    """Read a typed line, or the arguments of a command line as the shell hands them over.

    The title is everything that is no item. Of a line, and of each argument, its white space stays as typed except at
    both ends and where an item was cut out, which leaves one space; arguments are joined by one space. An argument
    `--` makes all that follow title; a `--` inside a line or argument does so up to its end. The title may be empty.

    With `edit`, `-tag` takes a tag away, `-@ana` (or `-@`) the person, and `key:` alone clears its field. `now` is
    local, as for `core.dates`. Raises UsageError for the first thing that is not understood, or, if not `strict`,
    collects them in `problems`: that is for a line which is still being typed.
    """
    draft = _Draft(now, edit, strict)
    titles: list[str] = []
    if isinstance(words, str):
        tokens = tokenize(words, edit=edit)
        titles += _title_pieces(words, tokens)
        draft.read(words, tokens)
    else:
        ended = False
        for word in words:
            if ended:
                titles.append(word.strip())
                continue
            ended = word == "--"
            tokens = tokenize_argument(word, edit=edit)
            titles += _title_pieces(word, tokens)
            draft.read(word, tokens)
    title = " ".join(piece for piece in titles if piece)
    draft.attempt(_single_line, title, "the title")
    if edit and draft.keyed and draft.keyed == title.split():
        draft.attempt(_refuse_unknown_keys, draft.keyed)
    spans = tuple(draft.spans) if isinstance(words, str) else ()
    problems, notes = tuple(draft.problems), tuple(draft.notes)
    return Capture(title=title, spans=spans, problems=problems, notes=notes, **draft.fields())


class _Draft:
    """Collects the values of the items one by one, with the problems and the spans."""

    def __init__(self, now: datetime, edit: bool, strict: bool) -> None:
        self.now = now
        self.edit = edit
        self.strict = strict
        self.single: dict[str, Any] = {}
        self.many: dict[str, list[str]] = {}
        self.spans: list[Span] = []
        self.problems: list[UsageError] = []
        self.notes: list[str] = []
        self.keyed: list[str] = []  # words of the title with a colon inside
        self.date = ""  # the item just before, if it is a date without blanks: `due:fri`

    def fields(self) -> dict[str, Any]:
        """The fields of a Capture that have a value."""
        return self.single | {name: tuple(values) for name, values in self.many.items()}

    def attempt(self, action: Callable[..., object], *args: object) -> bool:
        """Do it, and say whether that went well; an error goes up if strict and is noted if not."""
        try:
            action(*args)
        except UsageError as error:
            if self.strict:
                raise
            self.problems.append(error)
            return False
        return True

    def read(self, text: str, tokens: Sequence[Token]) -> None:
        """Take the tokens of a line or an argument; words that nearly are an item are refused, up to a `--`."""
        syntax = True
        for token in tokens:
            word = text[token.start : token.end]
            if token.kind == "title" and syntax:
                ok = ":" not in word or self.attempt(self._refuse_near_miss, word)
                self.spans.append(Span(token.start, token.end, "title" if ok else "bad", ok))
                if self.date:
                    self._note_rest_of_date(word)
            else:
                self._take(token)
            syntax = syntax and token.kind != "end"
            is_date = token.kind == "key" and token.name in _DATES and len(token.parts) == 1
            self.date = word if is_date and not any(c.isspace() for c in word) else ""

    def _refuse_near_miss(self, text: str) -> None:
        word, _, value = text.partition(":")
        if not (word.isascii() and word.isalpha()) or value.startswith("/") or not (value or self.edit):
            return
        self.keyed.append(text)
        from taskterm.core.keyguess import meant
        from taskterm.core.wording import shown

        instead = meant(word, value, self.now, edit=self.edit)
        if instead:
            raise UsageError(f"{shown(text)} is no fact of a task; did you mean {shown(instead)}?", _KEEP_HINT)

    def _note_rest_of_date(self, word: str) -> None:
        from taskterm.core.dates import parse_moment
        from taskterm.core.wording import shown

        key, _, value = self.date.partition(":")
        try:
            understood = parse_moment(f"{value} {word}", self.now, end=False)
        except UsageError:
            return
        if understood:
            meant = f'{key}:"{shown(value)} {shown(word)}"'
            self.notes.append(f"{shown(word)} is part of the title; if it belongs to the date, write {meant}")

    def _take(self, token: Token) -> None:
        """Note what one token says, and its spans."""
        if token.kind == "key":
            self._take_key(token)
            return
        if token.kind in ("tag", "untag"):
            self._add("tags" if token.kind == "tag" else "remove_tags", token.name)
        kind, ok = {"untag": "tag", "unperson": "person", "end": "key"}.get(token.kind, token.kind), True
        if token.kind == "person":
            ok = self.attempt(self._set, "assignee", token.name, f"@{token.name}")
        elif token.kind == "unperson":
            self._add("cleared", "assignee")
        self.spans.append(Span(token.start, token.end, kind if ok else "bad", ok))

    def _take_key(self, token: Token) -> None:
        field = _FIELD.get(token.name, token.name)
        parts = [part for part in token.parts if part.text.strip()]
        if not parts or token.unclosed:
            ok = self.attempt(self._refuse_unclosed if token.unclosed else self._take_empty, token)
            self.spans.append(Span(token.start, token.end, "key" if ok else "bad", ok))
            return
        self.spans.append(Span(token.start, token.parts[0].start, "key"))
        if token.name in _LACKED and parts[0].text.strip().casefold() == "none":
            ok = self.attempt(self._take_none, token)
            self.spans.append(Span(parts[0].start, parts[0].end, "key" if ok else "bad", ok))
            return
        for part in parts:
            ok = self.attempt(self._take_value, token.name, field, part)
            self.spans.append(Span(part.start, part.end, _VALUE_SPAN.get(token.name, "key") if ok else "bad", ok))

    def _take_empty(self, token: Token) -> None:
        if not self.edit:
            example = _EXAMPLE[token.name]
            raise UsageError(f"{token.name}: has no value", f"write it without a space, as in {example}; {_KEEP_HINT}")
        self._add("cleared", _FIELD.get(token.name, token.name))

    def _take_none(self, token: Token) -> None:
        if not self.edit:
            raise UsageError(f"{token.name}:none is not a value: it asks for what lacks one", "leave it out")
        self._take_empty(token)

    def _refuse_unclosed(self, token: Token) -> None:
        raise UsageError(f"the quote behind {token.name}: is not closed", "put the same quote at the end of the value")

    def _take_value(self, key: str, field: str, part: Part) -> None:
        from taskterm.core.wording import shown

        text = part.text.strip()
        if key == "run":
            self._add(key, _storable(text, "run:"))
        elif key in ("after", "before"):
            self._add(key, _single_line(text, f"{key}:"))
        else:
            self._set(field, self._value(key, text), f"{key}:{shown(text)}")

    def _value(self, key: str, text: str) -> Any:
        if key == "project":
            return _project(text)
        if key == "est":
            return _estimate(text)
        if key == "pri":
            return _priority(text)
        if key == "repeat":
            from taskterm.core.recurrence import parse_repeat

            return parse_repeat(text)
        from taskterm.core.dates import require_moment  # by far the largest part, and most lines hold no date

        return require_moment(text, self.now, end=key == "due")

    def _add(self, field: str, value: str) -> None:
        values = self.many.setdefault(field, [])
        if field == "run" or value not in values:  # a command may well run twice
            values.append(value)

    def _set(self, field: str, value: Any, typed: str) -> None:
        if field in self.single and self.single[field] != value:
            raise UsageError(f"{typed} is the second of its kind, and a task has only one", f"keep one; {_KEEP_HINT}")
        self.single[field] = value


def _title_pieces(text: str, tokens: Sequence[Token]) -> list[str]:
    """The stretches of title between the items, each as typed from its first word to its last."""
    pieces: list[str] = []
    start: int | None = None
    end = 0
    for token in tokens:
        if token.kind == "title":
            start, end = token.start if start is None else start, token.end
        elif start is not None:
            pieces.append(text[start:end])
            start = None
    return pieces if start is None else [*pieces, text[start:end]]


def _project(text: str) -> str:
    if not all(part.strip() for part in text.split(".")):
        from taskterm.core.wording import shown

        raise UsageError(f"{shown(text)} is not a project: a part between the dots is empty", "write project:site.web")
    return _single_line(text, "project:")


def _estimate(text: str) -> int:
    from taskterm.core.durations import parse_duration
    from taskterm.core.wording import shown

    minutes = parse_duration(text)
    if minutes is None:
        raise UsageError(f"{shown(text)} is not a length of time", "write est:30m, est:2h, est:1h30m or est:2d")
    if minutes == 0:
        raise UsageError(f"{shown(text)} is not an estimate: it takes no time", "leave est: out, or write est:15m")
    return minutes


def _priority(text: str) -> str:
    if text.upper() in PRIORITIES:
        return text.upper()
    from taskterm.core.wording import shown

    meant = {"h": "H", "m": "M", "l": "L", "1": "H", "2": "M", "3": "L"}.get(text[:1].lower())
    guess = f"; did you mean pri:{meant}?" if meant else ""
    raise UsageError(f"{shown(text)} is not a priority{guess}", "use H, M or L")


def _refuse_unknown_keys(words: Sequence[str]) -> None:
    """A title of nothing but `status:done` was hardly meant as one by somebody who edits."""
    from taskterm.core.wording import shown

    key = words[0].partition(":")[0]
    hint = f"to make it the title, put it behind --: -- {shown(' '.join(words))}"
    raise UsageError(f"{shown(words[0])} is no fact of a task: there is no {shown(key)}:", hint)


_CONTROLS = {"\0": "NUL", "\a": "BEL", "\b": "BS", "\t": "tab", "\n": "line break", "\r": "line break", "\x1b": "ESC"}


def _storable(text: str, what: str) -> str:
    """`text` if a database can hold it; what a shell understands (tab, line break) may be in it."""
    for at, char in enumerate(text, 1):
        if char == "\0":
            raise UsageError(f"{what} holds a control character (NUL) at position {at}; remove it")
        if "\ud800" <= char <= "\udfff":
            raise UsageError(f"{what} is not valid text at position {at}; write it in UTF-8")
    return text


def _single_line(text: str, what: str) -> str:
    """`text` if it also has no control character, which a terminal would obey, and no line separator."""
    for at, char in enumerate(_storable(text, what), 1):
        if char < " " or "\x7f" <= char <= "\x9f" or char in "\u2028\u2029":
            name = _CONTROLS.get(char, f"U+{ord(char):04X}")
            raise UsageError(f"{what} holds a control character ({name}) at position {at}; remove it")
    return text
