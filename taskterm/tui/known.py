"""`Index`: the names that a snapshot knows (tasks, projects, people, tags, views), for completion and for jumping."""

from __future__ import annotations

from taskterm.core.dates import to_utc_text
from taskterm.core.lean import datetime
from taskterm.core.model import OPEN, Task
from taskterm.core.snapshot import Snapshot, shown_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

MOST = 50
"""Offers at most: typing another letter narrows them faster than anybody reads more."""


class Index:
    """The names of one snapshot for completion and for jumping, each gathered when it is first asked for."""

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        self.snapshot = snapshot
        self._at = to_utc_text(now)
        self._uses: dict[str, dict[str, int]] | None = None  # by sign: names, with the open tasks that bear them
        self._ordered: list[Task] | None = None
        self._titles: list[str] = []
        self._narrowed: tuple[str, list[int]] = ("", [])

    # what core/completion.py asks

    def tasks(self, which: str, begins: str, without: Collection[str] = ()) -> list[tuple[str, str]]:
        """Ids and titles."""
        return [(str(task.id), task.title) for task, _ in self.find(begins, which, without)]

    def projects(self) -> list[str]:
        """Every project and those above it, the busiest first."""
        return list(self.uses("project:"))

    def people(self) -> list[str]:
        """Everybody who has a task, the busiest first."""
        return list(self.uses("@"))

    def tags(self) -> list[str]:
        """Every tag, the most used first."""
        return list(self.uses("+"))

    def views(self) -> list[tuple[str, str]]:
        """Saved views with their queries."""
        return [(view.name, view.query) for view in self.snapshot.views]

    # what the screen asks

    def state_of(self, task: Task) -> str:
        """The shown state of a task."""
        return shown_state(task, self._at)

    def uses(self, sign: str) -> dict[str, int]:
        """Names of a kind (`+`, `@`, `project:`) with the number of open tasks that bear them, the most first."""
        if self._uses is None:
            self._uses = _gather(self.snapshot.tasks.values())
        return self._uses[sign]

    def ordered(self) -> tuple[list[Task], list[str]]:
        """All tasks with their titles in folded letters: doing, ready, blocked, ended; in each the newest first."""
        if self._ordered is None:
            self._ordered = sorted(self.snapshot.tasks.values(), key=_rank)
            self._titles = [task.title.casefold() for task in self._ordered]
        return self._ordered, self._titles

    def find(self, typed: str, which: str = "any", without: Collection[str] = ()) -> list[tuple[Task, tuple[int, ...]]]:
        """Tasks whose id begins so, or whose title has these letters side by side, with the places of the letters."""
        number = typed.removeprefix("#")
        if number.isascii() and number.isdigit():
            found: Iterable[tuple[Task, tuple[int, ...]]] = self._numbered(number)
        else:
            found = self._titled(number.casefold())
        chosen: list[tuple[Task, tuple[int, ...]]] = []
        for task, letters in found:
            if (which == "any" or task.status in OPEN) and str(task.id) not in without:
                chosen.append((task, letters))
                if len(chosen) == MOST:
                    break
        return chosen

    def _numbered(self, number: str) -> Iterator[tuple[Task, tuple[int, ...]]]:
        """The id itself, then those that begin with it."""
        tasks, first, size = self.snapshot.tasks, int(number[:18]), 1
        largest = max(tasks, default=0)
        while first and first <= largest:
            for task_id in range(first, first + size):
                if task_id in tasks:
                    yield tasks[task_id], ()
            first, size = first * 10, size * 10

    def _titled(self, needle: str) -> Iterator[tuple[Task, tuple[int, ...]]]:
        tasks, titles = self.ordered()
        if not needle:
            yield from ((task, ()) for task in tasks)
            return
        before, places = self._narrowed
        if not before or before not in needle:  # another letter only narrows what fitted so far
            fitting = [at for at, title in enumerate(titles) if needle in title]
        else:
            fitting = [at for at in places if needle in titles[at]]
        self._narrowed = (needle, fitting)
        word = f" {needle}"
        ranked: tuple[list[int], list[int], list[int]] = ([], [], [])
        for at in fitting:
            title = titles[at]
            ranked[0 if title.startswith(needle) else 1 if word in title else 2].append(at)
        for rank, members in enumerate(ranked):
            for at in members:
                begin = titles[at].find(word) + 1 if rank == 1 else titles[at].find(needle)
                same = len(titles[at]) == len(tasks[at].title)  # a letter that folds to two would shift the places
                yield tasks[at], tuple(range(begin, begin + len(needle))) if same else ()


def _rank(task: Task) -> tuple[int, int]:
    if task.status == "todo":
        return 2 if task.open_predecessors else 1, -task.id
    return 0 if task.status == "doing" else 3, -task.id


def _gather(tasks: Iterable[Task]) -> dict[str, dict[str, int]]:
    people: dict[str, int] = {}
    tags: dict[str, int] = {}
    own: dict[str, int] = {}
    for task in tasks:
        one = task.status in OPEN
        if task.assignee:
            people[task.assignee] = people.get(task.assignee, 0) + one
        if task.project:
            own[task.project] = own.get(task.project, 0) + one
        for tag in task.tags:
            tags[tag] = tags.get(tag, 0) + one
    projects: dict[str, int] = {}
    for project, count in own.items():
        parts = project.split(".")
        if all(part.strip() for part in parts):
            for n in range(len(parts)):
                name = ".".join(parts[: n + 1])
                projects[name] = projects.get(name, 0) + count
    return {
        sign: dict(sorted(_sayable(uses), key=lambda item: (-item[1], item[0].casefold(), item[0])))
        for sign, uses in (("@", people), ("+", tags), ("project:", projects))
    }


def _sayable(uses: dict[str, int]) -> list[tuple[str, int]]:
    """Without names that mean something else wherever one can be typed."""
    return [(name, count) for name, count in uses.items() if name.casefold() not in ("none", "me")]
