"""The query language, one for the command line, the screen and saved views: `ready +ops (@ana or @none) sort:due`.

    query  = both ("or" both)*        both = term+  (side by side, or with "and" between: all must hold)
    term   = "not"* ( "(" query ")" | word )

`query_words` cuts a line, `query_terms` and `query_match` give a single word its meaning, `query_order` sorts,
`query_forms` is the table for the help. A line that is still being typed always has a meaning: what is unfinished or
wrong in it is left out and named in `problems`. A strict reading raises the first of them.
"""

from __future__ import annotations

from taskterm.core.errors import UsageError
from taskterm.core.lean import NamedTuple, datetime
from taskterm.core.query_match import STATE_WORDS, Asked, Name, either, every, opposite
from taskterm.core.query_order import SortKey, ordered
from taskterm.core.query_terms import test_of
from taskterm.core.query_words import DATES, KEYS, Word, cut, joined, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from taskterm.core.model import Task, View
    from taskterm.core.query_match import Test
    from taskterm.core.snapshot import Snapshot

__all__ = [
    "STATE_WORDS",
    "Name",
    "Problem",
    "Query",
    "SortKey",
    "Word",
    "narrows",
    "ordered",
    "parse",
    "quoted",
    "select",
]

LONGEST = 4000
"""Characters that a query may have."""

DEEPEST = 40
"""Brackets that may stand in each other, those of the views that a query names included."""

MOST_VIEWS = 100
"""Views that one query may name, directly or through others."""

_DATE_WORDS = 4


class Problem(NamedTuple):
    """What is wrong with the stretch of a line from `start` up to, not including, `end`, and what to do about it.

    `unfinished`: typing on may cure it, so a screen need not speak of it yet.
    """

    start: int
    end: int
    message: str
    hint: str = ""
    unfinished: bool = False


class Query(NamedTuple):
    """A parsed line, `text` as it was typed. `test` is None where everything is let through.

    `needs` names what `test` reads beside the plain fields of a task: `notes`, `tags`, `steps`, `comments`, `graph`
    (the links between tasks). `ended`: it asks for tasks that are done or cancelled, or names tasks by their ids, so a
    list must not leave ended ones out by itself. `dated`: it holds a date, so another day may give it another meaning.
    `words` are the pieces with their places, `names` those whose existence only the database knows.
    """

    text: str
    test: Test | None
    sort: tuple[SortKey, ...] = ()
    needs: frozenset[str] = frozenset()
    ended: bool = False
    dated: bool = False
    problems: tuple[Problem, ...] = ()
    words: tuple[Word, ...] = ()
    names: tuple[Name, ...] = ()

    def fits(self, snapshot: Snapshot, task: Task, now: str) -> bool:
        """Whether the query lets this task through; `now` is UTC text. The snapshot must hold what `needs` says."""
        return self.test is None or self.test(snapshot, task, now)


def _no_views() -> tuple[View, ...]:
    return ()


def parse(
    text: str | Sequence[str],
    now: datetime,
    *,
    strict: bool = True,
    me: str = "",
    views: Callable[[], Iterable[View]] = _no_views,
    inside: str = "",
) -> Query:
    """Read a typed line, or the arguments of a command line as the shell hands them over, which become one line.

    `now` is local, as for `core.dates`; `me` is the assignee that `@me` and `mine` stand for; `views` answers the
    saved views and is called only if the line names one; `inside` is the name of the view whose query this is.
    Raises UsageError for the first thing that is not understood, or, if not `strict`, collects them in `problems`.
    """
    line = text if isinstance(text, str) else _line(text, now)
    asked = Asked(now, me, views)
    parser = _Parser(asked, (inside,) if inside else ())
    test = parser.read(line)
    problems = tuple(sorted(parser.problems))
    if strict and problems:
        raise UsageError(problems[0].message, problems[0].hint)
    return Query(
        line,
        test,
        tuple(dict.fromkeys((*asked.sort, *asked.view_sort))),
        frozenset(asked.needs),
        asked.ended,
        asked.dated,
        problems,
        tuple(parser.words),
        tuple(asked.names),
    )


def select(query: Query, snapshot: Snapshot, now: str, among: Iterable[int] | None = None) -> frozenset[int] | None:
    """Ids of all tasks that fit, or None where the query lets everything through; `now` is UTC text.

    `among` are the only ids that come into question, where that is known.
    """
    test, tasks = query.test, snapshot.tasks
    if test is None:
        return None
    asked = tasks.values() if among is None else [tasks[task_id] for task_id in among]
    return frozenset([task.id for task in asked if test(snapshot, task, now)])


def narrows(before: Query, after: Query) -> bool:
    """Whether surely no task fits `after` that did not fit `before`: words were added, or the last one grew.

    Both must have been read on the same day and with the same views; False where it takes more to be sure.
    """
    old, new = before.words, after.words
    if not old or len(new) < len(old) or after.problems or any(_opens(word) for word in new):
        return False
    last = len(old) - 1
    if any(old[at].text != new[at].text or old[at].kind != new[at].kind for at in range(last)):
        return False
    if (old[last].kind, old[last].text) == (new[last].kind, new[last].text):
        return True
    texts = [{name.start: name.value for name in query.names if name.kind == "word"} for query in (before, after)]
    was, now = texts[0].get(old[last].start), texts[1].get(new[last].start)
    return was is not None and now is not None and was.casefold() in now.casefold()


def _opens(word: Word) -> bool:
    """Whether another word beside this one can let more through."""
    return word.kind in ("(", ")") or (word.kind == "word" and word.text.lower() in ("or", "not"))


def _line(arguments: Sequence[str], now: datetime) -> str:
    """One line; an argument that is a key and a whole date of several words (`due.by:fri 17:00`) stays one piece."""
    parts = []
    if sum(map(len, arguments)) > LONGEST:
        return " ".join(arguments)  # which is refused as a whole
    for argument in arguments:
        if not argument.strip():
            raise UsageError("one word of the query is empty", "quote what your shell would swallow, or leave it out")
        words = cut(argument)
        if len(words) > 1 and _is_date_key(words[0]) and not words[0].quoted:
            value = argument[words[0].end - len(words[0].value) :]
            if _is_date(value, now):
                argument = argument[: len(argument) - len(value)] + quoted(value)
        parts.append(argument)
    return joined(parts)


def _is_date_key(word: Word) -> bool:
    return word.kind == "key" and KEYS[word.name.partition(".")[0]] in DATES


def _is_date(text: str, now: datetime) -> bool:
    from taskterm.core.dates import parse_moment

    try:
        return parse_moment(text, now, end=False) is not None
    except UsageError:
        return False


class _Parser:
    """Recursive descent over the words of one line; `inside` names the views that it is part of, outermost first."""

    def __init__(self, asked: Asked, inside: tuple[str, ...] = (), depth: int = 0, named: list[str] | None = None):
        self.problems: list[Problem] = []
        self.words: list[Word] = []
        self._asked = asked
        self._inside = inside
        self._depth = depth
        self._named: list[str] = [] if named is None else named  # every view that was opened on the way, by name
        self._at = 0
        self._length = 0

    def read(self, line: str, *, negated: bool = False) -> Test | None:
        """The test of a whole line; what a stray closing bracket leaves over still counts."""
        self._length = len(line)
        if len(line) > LONGEST:
            self._wrong(0, len(line), f"a query has at most {LONGEST:,} characters, this one {len(line):,}")
            return None
        self.words = cut(line)
        if self._deepest() + self._depth > DEEPEST:
            self._wrong(0, len(line), f"brackets stand more than {DEEPEST} deep in each other", "take some away")
            return None
        found: list[Test | None] = []
        while self._at < len(self.words):
            found.append(self._either(negated))
            if self._kind() == ")":
                word = self._take()
                self._wrong(word.start, word.end, "this ) closes nothing", 'for the sign itself write ")" in quotes')
        return every(test for test in found if test is not None)

    def _deepest(self) -> int:
        depth = deepest = 0
        for word in self.words:
            depth = max(depth + (word.kind == "(") - (word.kind == ")"), 0)
            deepest = max(deepest, depth)
        return deepest

    def _wrong(self, start: int, end: int, message: str, hint: str = "", *, unfinished: bool = False) -> None:
        self.problems.append(Problem(start, end, message, hint, unfinished or end >= self._length))

    # ── words

    def _kind(self) -> str:
        """What comes next: `and`, `or`, `not`, `(`, `)`, `term`, or nothing at the end."""
        if self._at >= len(self.words):
            return ""
        word = self.words[self._at]
        if word.kind == "word" and word.text.lower() in ("and", "or", "not"):
            return word.text.lower()
        return word.kind if word.kind in "()" else "term"

    def _take(self) -> Word:
        self._at += 1
        return self.words[self._at - 1]

    # ── the grammar

    def _either(self, negated: bool) -> Test | None:
        sides = [self._both(negated)]
        while self._kind() == "or":
            word = self._take()
            sides.append(self._both(negated))
            for (_, empty), side in zip(sides[-2:], ("left", "right"), strict=True):
                if empty:
                    self._wrong(word.start, word.end, f"{word.text} has nothing on its {side}", _as_text(word.text))
        return either(test for test, _ in sides if test is not None)

    def _both(self, negated: bool) -> tuple[Test | None, bool]:
        """Terms side by side, and whether there is nothing among them that could choose."""
        found: list[Test] = []
        empty, last = True, None
        while (kind := self._kind()) not in ("", "or", ")"):
            if kind == "and":
                word = self._take()
                if last in (None, "and") or self._kind() in ("", "or", ")"):
                    side = "left" if last in (None, "and") else "right"
                    self._wrong(word.start, word.end, f"{word.text} has nothing on its {side}", _as_text(word.text))
                last = "and"
                continue
            begin = self.words[self._at]
            test = self._term(negated)
            if test is not None:
                found.append(test)
            empty = empty and begin.kind == "key" and KEYS[begin.name.partition(".")[0]] == "sort"
            last = kind
        return every(found), empty

    def _term(self, negated: bool) -> Test | None:
        nots = []
        while self._kind() == "not":
            nots.append(self._take())
        turned = bool(len(nots) % 2)
        kind = self._kind()
        if kind == "(":
            inner = self._bracket(negated ^ turned)
        elif kind == "term":
            inner = self._word(self._take(), negated ^ turned, bool(nots))
        else:
            word = nots[-1]
            self._wrong(word.start, word.end, f"{word.text} has nothing behind it", _as_text(word.text))
            return None
        return opposite(inner) if inner is not None and turned else inner

    def _bracket(self, negated: bool) -> Test | None:
        word = self._take()
        if self._kind() == ")":
            self._wrong(word.start, self._take().end, "there is nothing in the brackets", "put what they hold together")
            return None
        inner = self._either(negated)
        if self._kind() == ")":
            self._take()
        else:
            self._wrong(word.start, word.end, "this ( is not closed", "put a ) behind it", unfinished=True)
        return inner

    def _word(self, word: Word, negated: bool, after_not: bool) -> Test | None:
        try:
            if word.kind == "text" and word.unclosed:
                raise UsageError("the quote is not closed", "put another one behind the text")
            if word.kind != "key":
                return test_of(word, self._asked, negated)
            key = KEYS[word.name.partition(".")[0]]
            if key == "sort" and after_not:
                raise UsageError("sort: chooses no tasks, so not cannot turn it round", "sort:-due sorts downwards")
            if key == "view" and word.sign == ":" and "." not in word.name and word.value.strip():
                return self._view(word.value.strip(), negated)
            self._refuse_split_date(word)
            return test_of(word, self._asked, negated)
        except UsageError as error:
            self._wrong(word.start, word.end, error.message, error.hint)
            return None

    def _refuse_split_date(self, word: Word) -> None:
        """UsageError for `due.by:fri 17:00`, which would be a date and a piece of text."""
        following = []
        for other in self.words[self._at : self._at + _DATE_WORDS]:
            if other.kind != "word":
                break
            following.append(other.text)
        if not following or word.quoted or not _is_date_key(word):
            return
        for count in range(len(following), 0, -1):
            value = " ".join((word.value, *following[:count]))
            if _is_date(value, self._asked.now):
                head = word.text[: len(word.text) - len(word.value)]
                raise UsageError(f"the date {value} needs quotes", f"write {head}{quoted(value)}")

    def _view(self, name: str, negated: bool) -> Test | None:
        from taskterm.core.wording import closest, shown

        asked = self._asked
        views = asked.views()
        view = views.get(name.casefold())
        if view is None:
            meant = closest(name.casefold(), views, 0.6)
            guess = f"; did you mean view:{views[meant].name}?" if meant else ""
            raise UsageError(f"there is no view {shown(name)}{guess}", "see them with: taskterm view list")
        above = [known.casefold() for known in self._inside]
        if view.name.casefold() in above:
            loop = [*self._inside[above.index(view.name.casefold()) :], view.name]
            raise UsageError(
                "the views name each other in a circle: " + " → ".join(loop), "change the query of one of them"
            )
        self._named.append(view.name)
        if len(self._named) > MOST_VIEWS:
            raise UsageError(f"a query names at most {MOST_VIEWS} views, directly or through others", "simplify it")
        names, sort, place = len(asked.names), len(asked.sort), len(asked.view_sort)
        inner = _Parser(asked, (*self._inside, view.name), self._depth + self._deepest() + 1, self._named)
        test = inner.read(view.query, negated=negated)
        del asked.names[names:]  # only what was typed here can be a slip of the finger
        asked.view_sort[place:place] = asked.sort[sort:]
        del asked.sort[sort:]
        if inner.problems:
            wrong = inner.problems[0]
            raise UsageError(f"the view {shown(view.name)} holds a mistake: {wrong.message}", wrong.hint)
        return test or _everything


def _everything(_: Snapshot, __: Task, ___: str) -> bool:
    return True


def _as_text(word: str) -> str:
    return f"to look for the word itself: text:{word}"
