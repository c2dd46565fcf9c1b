"""The tests that words of a query stand for: a state, a piece of text, a tag, a person, a project, an id.

A test is a closure over what the word says; it is called for every task of a list, so whatever can be known before
(letter case, spellings that fit) is worked out when the test is made or when it is first needed.
"""

from __future__ import annotations

from taskterm.core.errors import UsageError
from taskterm.core.lean import NamedTuple, datetime
from taskterm.core.model import OPEN, STATES, Task
from taskterm.core.query_words import Word
from taskterm.core.snapshot import Snapshot, is_failed, is_overdue, shown_state, state_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from taskterm.core.model import View
    from taskterm.core.query_order import SortKey

    Test = Callable[[Snapshot, Task, str], bool]
    """Answers whether a task fits; the last argument is the time as UTC text."""


STATE_WORDS = ("open", "overdue", "late", *STATES)
"""Words that mean a state and not a piece of text."""


class Name(NamedTuple):
    """A name in a query that the database may or may not know. `kind` is `word` (a bare one), `tag`, `assignee`,
    `project` or `id`; `value` is the name as typed."""

    kind: str
    value: str
    start: int
    end: int


class Asked:
    """What a query says beside its test, gathered while it is read; `now` is local, `me` the assignee meant by @me."""

    def __init__(self, now: datetime, me: str, views: Callable[[], Iterable[View]]) -> None:
        self.now = now
        self.me = me
        self.needs: set[str] = set()
        self.names: list[Name] = []
        self.sort: list[SortKey] = []
        self.view_sort: list[SortKey] = []  # what the views ask for, which the line itself overrules
        self.ended = False
        self.dated = False
        self._views = views
        self._by_name: dict[str, View] | None = None

    def views(self) -> dict[str, View]:
        """The saved views by their names without regard to case, read when a query first names one."""
        if self._by_name is None:
            self._by_name = {view.name.casefold(): view for view in self._views()}
        return self._by_name


def state_test(word: str, asked: Asked, negated: bool) -> Test:
    """The task is in a state of STATE_WORDS; `negated` says that `not` stands before it."""
    if word in ("done", "cancelled"):
        asked.ended |= not negated
        return lambda _, task, __: task.status == word
    if word == "open":
        return lambda _, task, __: task.status in OPEN
    if word in ("overdue", "late"):
        return lambda _, task, now: is_overdue(task, now)
    if word == "failed":
        return lambda _, task, __: is_failed(task)
    if word == "running":
        return lambda _, task, now: shown_state(task, now) == word
    return lambda _, task, now: state_of(task, now) == word


def text_test(text: str, asked: Asked) -> Test:
    """The title or the notes hold the text, letter case ignored."""
    wanted = text.casefold()
    asked.needs.add("notes")
    return lambda _, task, __: wanted in task.title.casefold() or wanted in task.notes.casefold()


def regex_test(pattern: str, asked: Asked) -> Test:
    """The title or a line of the notes fits the expression; UsageError where it is broken."""
    import re
    import warnings

    from taskterm.core.wording import shown

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a later Python may read otherwise is no news for a user
            found = re.compile(pattern, re.IGNORECASE | re.MULTILINE).search
    except (re.error, RecursionError, OverflowError, MemoryError) as error:
        why = error.msg if isinstance(error, re.error) else "it is too large"
        raise UsageError(
            f"/{shown(pattern)}/ is not a regular expression: {why}",
            'to look for it as text, put it in quotes: "…"; taskterm help queries explains more',
        ) from None
    asked.needs.add("notes")
    return lambda _, task, __: found(task.title) is not None or found(task.notes) is not None


def tag_test(name: str, word: Word, asked: Asked) -> Test:
    """The task has the tag, letter case ignored."""
    asked.names.append(Name("tag", name, word.start, word.end))
    asked.needs.add("tags")
    wanted = name.casefold()
    fits: dict[str, bool] = {}  # tags are few, and folding each once is enough

    def test(_: Snapshot, task: Task, __: str) -> bool:
        for tag in task.tags:
            if tag not in fits:
                fits[tag] = tag.casefold() == wanted
            if fits[tag]:
                return True
        return False

    return test


def assignee_test(name: str, word: Word, asked: Asked) -> Test:
    """The task is assigned to this person; `none`: to nobody, `@me`: to who asks."""
    if name.casefold() == "none":
        return lambda _, task, __: not task.assignee
    if name == "@me":
        name = asked.me
    else:
        asked.names.append(Name("assignee", name, word.start, word.end))
    wanted = name.casefold()
    return lambda _, task, __: task.assignee is not None and task.assignee.casefold() == wanted


def project_test(name: str, word: Word, asked: Asked) -> Test:
    """The task belongs to the project or to one below it; an empty name or `none`: to no project."""
    if not name or name.casefold() == "none":
        return lambda _, task, __: not task.project
    asked.names.append(Name("project", name, word.start, word.end))
    wanted = name.casefold().removesuffix(".") + "."
    fits: dict[str | None, bool] = {None: False}

    def test(_: Snapshot, task: Task, __: str) -> bool:
        project = task.project
        if project not in fits:
            fits[project] = f"{project}.".casefold().startswith(wanted)
        return fits[project]

    return test


def ids_of(text: str) -> list[tuple[int, int | None]] | None:
    """`12`, `#12`, `12,15`, `12..20` and `12..` as pairs of first and last id (None: without end); None for others."""
    found: list[tuple[int, int | None]] = []
    for part in text.split(","):
        first, dots, last = part.strip().removeprefix("#").partition("..")
        last = last.removeprefix("#")
        if not _is_number(first) or not (_is_number(last) or not last):
            return None
        found.append((int(first), int(last) if last else None if dots else int(first)))
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4000


def id_test(ids: list[tuple[int, int | None]], word: Word, asked: Asked, negated: bool) -> Test:
    """The task has one of these ids; UsageError for a range whose end lies before its beginning."""
    asked.ended |= not negated
    for first, last in ids:
        if last is not None and last < first:
            raise UsageError(f"{first}..{last} holds no id", f"put the smaller number first: {last}..{first}")
        if last == first:
            asked.names.append(Name("id", str(first), word.start, word.end))
    single = frozenset(first for first, last in ids if last == first)
    ranges = tuple((first, 2**63 if last is None else last) for first, last in ids if last != first)
    if not ranges:
        return lambda _, task, __: task.id in single
    return lambda _, task, __: task.id in single or any(first <= task.id <= last for first, last in ranges)


# ── together


def every(tests: Iterable[Test]) -> Test | None:
    """All of them hold; None for no test."""
    found = tuple(tests)
    if len(found) < 2:
        return found[0] if found else None

    def test(snapshot: Snapshot, task: Task, now: str) -> bool:
        for one in found:  # noqa: SIM110  all() and a generator would take twice as long
            if not one(snapshot, task, now):
                return False
        return True

    return test


def either(tests: Iterable[Test]) -> Test | None:
    """One of them holds; None for no test."""
    found = tuple(tests)
    if len(found) < 2:
        return found[0] if found else None

    def test(snapshot: Snapshot, task: Task, now: str) -> bool:
        for one in found:  # noqa: SIM110
            if one(snapshot, task, now):
                return True
        return False

    return test


def opposite(inner: Test) -> Test:
    """It does not hold."""
    return lambda snapshot, task, now: not inner(snapshot, task, now)
