"""The filter language: words like `ready +ops @ana project:site not overdue` choose tasks of a snapshot.

    query  = both ("or" both)*        both = term+  (side by side, or with "and" between: all must hold)
    term   = "not" term | "(" query ")" | word

A word is a state (`ready blocked doing running failed waiting done cancelled open overdue late`), `+tag`, `-tag`,
`@person`, `project:site` (and what lies below it), `#12` or `12`, `12..20`, or a piece of the title or the notes.
Nothing is ever an error: a line that is still being typed always has a meaning.
"""

from __future__ import annotations

from taskterm.core.lean import NamedTuple
from taskterm.core.model import OPEN, STATES, Task
from taskterm.core.snapshot import Snapshot, is_overdue, shown_state, state_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Test = Callable[[Snapshot, Task, str], bool]
    """Answers whether a task fits; the last argument is the time as UTC text."""


STATE_WORDS = ("open", "overdue", "late", *STATES)
"""Words that mean a state and not a piece of text."""


class Query(NamedTuple):
    """A parsed line. `test` is None for an empty line, which lets everything through."""

    text: str
    test: Test | None

    def fits(self, snapshot: Snapshot, task: Task, now: str) -> bool:
        """Whether the query lets this task through; `now` is UTC text."""
        return self.test is None or self.test(snapshot, task, now)


def parse(text: str) -> Query:
    """Read a query. Words that mean nothing special are looked for in titles and notes, letter case ignored."""
    words = _words(text)
    return Query(text.strip(), _Parser(words).query() if words else None)


def select(query: Query, snapshot: Snapshot, now: str) -> frozenset[int] | None:
    """Ids of all tasks that fit, or None where the query is empty and nothing is left out."""
    if query.test is None:
        return None
    return frozenset(task.id for task in snapshot.tasks.values() if query.test(snapshot, task, now))


def _words(text: str) -> list[str]:
    """White space separates words; quotes keep a piece of text together; parentheses stand alone at a word's edge."""
    words: list[str] = []
    word, quote = "", ""
    for character in text:
        if quote:
            if character == quote:
                quote = ""
            else:
                word += character
        elif character == '"' and (not word or word[-1] in ":("):
            quote = character
        elif character.isspace() or (character == "(" and not word) or character == ")":
            if word:
                words.append(word)
            if character in "()":
                words.append(character)
            word = ""
        else:
            word += character
    return [*words, word] if word else words


class _Parser:
    """Recursive descent over words; every unfinished form (`not` at the end, an open bracket) reads as if absent."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._at = 0

    def query(self) -> Test | None:
        """A whole line: what a stray closing bracket leaves over still counts."""
        found: list[Test] = []
        while self._at < len(self._words):
            test = self._either()
            if test is not None:
                found.append(test)
            if self._next() == ")":
                self._at += 1
        return _all(found)

    def _next(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    def _either(self) -> Test | None:
        found = [self._both()]
        while self._next().lower() == "or":
            self._at += 1
            found.append(self._both())
        return _any([test for test in found if test is not None])

    def _both(self) -> Test | None:
        found: list[Test] = []
        while (word := self._next().lower()) and word not in ("or", ")"):
            if word == "and":
                self._at += 1
                continue
            test = self._term()
            if test is not None:
                found.append(test)
        return _all(found)

    def _term(self) -> Test | None:
        word = self._next()
        self._at += 1
        if word.lower() == "not":
            if self._next() in ("", ")") or self._next().lower() in ("or", "and"):
                return None
            inner = self._term()
            return None if inner is None else _not(inner)
        if word == "(":
            inner = self._either()
            if self._next() == ")":
                self._at += 1
            return inner
        return word_test(word)


def word_test(word: str) -> Test:
    """The test that a single word stands for."""
    lower = word.casefold()
    if lower in STATE_WORDS:
        return _state(lower)
    if len(word) > 1:
        rest = word[1:]
        if word[0] == "+":
            return lambda _, task, __: rest in task.tags
        if word[0] == "-" and rest[0].isalpha():
            return lambda _, task, __: rest not in task.tags
        if word[0] == "@":
            return lambda _, task, __: (task.assignee or "").casefold() == rest.casefold()
    if lower.startswith("project:"):
        return _project(lower.removeprefix("project:"))
    numbers = _numbers(word)
    if numbers is not None:
        first, last = numbers
        if word.startswith("#") or ".." in word:
            return lambda _, task, __: first <= task.id <= last
        return lambda _, task, __: task.id == first or lower in task.title.casefold()
    return lambda _, task, __: lower in task.title.casefold() or lower in task.notes.casefold()


def _numbers(word: str) -> tuple[int, int] | None:
    first, dots, last = word.removeprefix("#").partition("..")
    if not first.isascii() or not first.isdigit() or len(first) > 18:
        return None
    if not dots:
        return int(first), int(first)
    return (int(first), int(last)) if last.isascii() and last.isdigit() and len(last) <= 18 else None


def _state(word: str) -> Test:
    if word == "open":
        return lambda _, task, __: task.status in OPEN
    if word in ("overdue", "late"):
        return lambda _, task, now: is_overdue(task, now)
    if word in ("running", "failed"):
        return lambda _, task, now: shown_state(task, now) == word
    return lambda _, task, now: state_of(task, now) == word


def _project(name: str) -> Test:
    if not name:
        return lambda _, task, __: task.project is None
    return lambda _, task, __: f"{task.project or ''}.".casefold().startswith(f"{name.removesuffix('.')}.")


def _all(tests: Iterable[Test]) -> Test | None:
    found = tuple(tests)
    if len(found) < 2:
        return found[0] if found else None
    return lambda snapshot, task, now: all(test(snapshot, task, now) for test in found)


def _any(tests: Iterable[Test]) -> Test | None:
    found = tuple(tests)
    if len(found) < 2:
        return found[0] if found else None
    return lambda snapshot, task, now: any(test(snapshot, task, now) for test in found)


def _not(test: Test) -> Test:
    return lambda snapshot, task, now: not test(snapshot, task, now)
