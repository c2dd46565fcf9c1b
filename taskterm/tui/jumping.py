"""What the palette finds by a few letters: actions, saved views, tasks, names to filter by, runs, workflows. Pure."""

from __future__ import annotations

from taskterm.core.lean import NamedTuple
from taskterm.core.model import OPEN, Run, Task
from taskterm.tui.actions import ACTIONS, SECTIONS, Action
from taskterm.tui.completing import QUERY, spelt
from taskterm.tui.footing import possible
from taskterm.tui.known import Index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

TASKS_SHOWN, NAMES_SHOWN, RUNS_SHOWN = 60, 8, 8
ENOUGH = 25
"""With so many tasks that have the letters side by side nobody looks for those that have them scattered."""
INSIDE = 800
"""Up to this a piece stands inside a word, which of one or two letters says nothing."""
RECENT = 5
"""So many of the things chosen last are offered first, and remembered."""
_KINDS = (("+", "tag"), ("@", "person"), ("project:", "project"))


class Hit(NamedTuple):
    """One line of the palette. `key` says what enter does: `action:done`, `key:split`, `task:12`, `filter:+ops`,
    `run:7`; it is None for the head of a section. `beside` stands behind the text, `command` is the same on a command
    line.
    """

    key: str | None
    text: str
    letters: tuple[int, ...] = ()
    action: Action | None = None
    task: Task | None = None
    run: Run | None = None
    beside: str = ""
    command: str = ""


def fuzzy(needle: str, text: str) -> tuple[float, tuple[int, ...]] | None:
    """How well `needle` fits `text` and which letters it hit, or None. Whole pieces beat scattered letters.

    1000 for a piece at the start, 900 at the start of a word, 800 inside one; then letters in order: 500 less what
    lies between them. Longer texts lose a little. Letter case is ignored.
    """
    if not needle:
        return 0.0, ()
    small, low = needle.casefold(), text.casefold()
    if len(low) != len(text):  # a letter that folds to two would shift the places
        low = text
    starts = [at for at in range(len(low)) if low.startswith(small, at)]
    if starts:
        words = [at for at in starts if at == 0 or not low[at - 1].isalnum()]
        at = (words or starts)[0]
        score = 1000 if at == 0 else 900 if words else 800
        return score - len(text) / 100, tuple(range(at, at + len(small)))
    return _scattered(small, low)


def _scattered(small: str, low: str) -> tuple[float, tuple[int, ...]] | None:
    if len(small) < 3:  # two scattered letters are in every text
        return None
    hits: list[int] = []
    for letter in small:
        if letter.isspace():
            continue
        at = low.find(letter, hits[-1] + 1 if hits else 0)
        if at < 0:
            return None
        hits.append(at)
    spread_out = hits[-1] - hits[0] - len(hits) if hits else 0
    return (500 - 5 * spread_out - len(low) / 100, tuple(hits)) if spread_out < 30 else None


class Finder:
    """Finds in one snapshot while somebody types: another letter only looks at what still had all the others."""

    def __init__(
        self,
        index: Index,
        selected: Task | None = None,
        recent: Sequence[str] = (),
        *,
        refused: bool = False,
        here: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        """`here` is what the keys of the view do: its id, in words, the key."""
        self._index = index
        self._here = here
        self._selected = selected
        self._recent = recent
        self._refused = refused  # see footing.possible
        self._narrowed: tuple[str, list[int]] = ("", [])

    @property
    def total(self) -> int:
        """How many things there are to find."""
        snapshot = self._index.snapshot
        names = sum(len(self._index.uses(sign)) for sign, _ in _KINDS)
        return (
            len(ACTIONS) - 1 + len(self._here) + len(snapshot.tasks) + len(snapshot.views) + names + len(snapshot.runs)
        )

    def find(self, needle: str, only: str = "") -> list[Hit]:
        """What fits, in sections with their heads; `only` is the head of the one section that is wanted."""
        found: list[Hit] = []
        sections = [(head, hits) for head, hits in self._sections(needle) if hits]
        if needle:  # where the letters are merely scattered nobody meant it first
            sections.sort(key=lambda section: not _is_whole(section[1][0]))
        for head, hits in sections:
            if only in ("", head):
                found += [Hit(None, head), *hits]
        return found

    def _sections(self, needle: str) -> list[tuple[str, list[Hit]]]:
        recent = self._recently() if not needle else []
        known = {hit.key for hit in recent}
        sections = [("Chosen last", recent)]
        for section, head in SECTIONS:
            hits = [hit for hit in self._actions(section, needle) if hit.key not in known]
            sections.append((self._head(section, head), hits))
        sections.insert(2, ("In this view", self._in_view(needle)))  # behind what can be done about the task
        sections += [("Saved views", self._views(needle)), ("Tasks", self._tasks(needle) if needle else [])]
        if needle:
            sections += [
                ("Filters", self._names(needle)),
                ("Runs", self._runs(needle)),
                ("Workflows", self._flows(needle)),
            ]
        return sections

    def _head(self, section: str, head: str) -> str:
        if section != "task" or self._selected is None:
            return head
        return f"For #{self._selected.id} {self._selected.title}"

    def _actions(self, section: str, needle: str) -> list[Hit]:
        scored = []
        for order, action in enumerate(ACTIONS):
            if action.section != section or action.id == "palette":
                continue
            if section == "task" and not self._possible(action.id):
                continue
            fits = fuzzy(needle, action.title)
            if fits and (fits[0] > INSIDE or len(needle) > 2 or not needle):
                scored.append((-fits[0], order, Hit(f"action:{action.id}", action.title, fits[1], action=action)))
        return [hit for _, _, hit in sorted(scored, key=lambda item: item[:2])]

    def _in_view(self, needle: str) -> list[Hit]:
        scored = []
        for order, (key_id, title, key) in enumerate(self._here if needle else ()):
            fits = fuzzy(needle, title) or fuzzy(needle, key_id)  # by its name in config.toml too
            if fits and (fits[0] > INSIDE or len(needle) > 2):
                letters = fits[1] if fuzzy(needle, title) else ()
                scored.append((-fits[0], order, Hit(f"key:{key_id}", title, letters, beside=key)))
        return [hit for _, _, hit in sorted(scored, key=lambda item: item[:2])]

    def _views(self, needle: str) -> list[Hit]:
        scored = []
        for order, view in enumerate(self._index.snapshot.views):
            if fits := fuzzy(needle.removeprefix("view:"), view.name):
                asked = f"view:{view.name}"
                hit = Hit(f"filter:{asked}", view.name, fits[1], beside=view.query, command=f"taskterm list {asked}")
                scored.append((-fits[0], order, hit))
        return [hit for _, _, hit in sorted(scored, key=lambda item: item[:2])]

    def _tasks(self, needle: str) -> list[Hit]:
        """By the number, or by the title: whole pieces first, open tasks before ended ones."""
        found = self._index.find(needle)
        number = needle.removeprefix("#")
        if number.isascii() and number.isdigit():
            return [_task(task) for task, _ in found]
        scored = []
        for task, _ in found:
            if fits := fuzzy(needle, task.title):
                scored.append((_closed(task) - fits[0], task.id, task, fits[1]))
        if len(found) < ENOUGH:
            known = {task.id for task, _ in found}
            scored += [item for item in self._letters(needle) if item[1] not in known]
        scored.sort(key=lambda item: item[:2])
        return [_task(task, letters) for _, _, task, letters in scored[:TASKS_SHOWN]]

    def _letters(self, needle: str) -> list[tuple[float, int, Task, tuple[int, ...]]]:
        """Tasks whose titles have the letters one after the other, if not side by side."""
        small = needle.casefold()
        if len(small) < 3:
            return []
        tasks, titles = self._index.ordered()
        before, places = self._narrowed
        if not before or not small.startswith(before):
            places = list(range(len(titles)))
            before = ""
        for letter in set(small[len(before) :]):
            if not letter.isspace():
                places = [at for at in places if letter in titles[at]]
        self._narrowed = (small, places)
        found = []
        for at in places:
            if fits := _scattered(small, titles[at]):
                task = tasks[at]
                letters = fits[1] if len(titles[at]) == len(task.title) else ()
                found.append((_closed(task) - fits[0], task.id, task, letters))
        return found

    def _names(self, needle: str) -> list[Hit]:
        """Tags, people and projects: choosing one filters by it."""
        scored = []
        for order, (sign, kind) in enumerate(_KINDS):
            if needle[0] in "+@" and needle[0] != sign:
                continue
            bare = needle.removeprefix(sign)
            for name, uses in self._index.uses(sign).items():
                fits = fuzzy(bare, name) if bare else (0.0, ())
                asked = spelt(sign, "", name, QUERY) if fits and (fits[0] > 600 or not bare) else None
                if fits and asked:
                    beside = f"{kind}, {uses} open" if uses else kind
                    shift = len(sign)
                    letters = tuple(shift + at for at in fits[1])
                    hit = Hit(f"filter:{asked}", sign + name, letters, beside=beside, command=f"taskterm list {asked}")
                    scored.append((-fits[0], order, -uses, hit))
        return [hit for *_, hit in sorted(scored, key=lambda item: item[:3])[:NAMES_SHOWN]]

    def _runs(self, needle: str) -> list[Hit]:
        runs = self._index.snapshot.runs
        number = needle.removeprefix("run").strip().removeprefix("#")
        found = []
        for run_id in sorted(runs, reverse=True):
            run = runs[run_id]
            fits = fuzzy(needle, run.title)
            if (number.isdigit() and str(run_id).startswith(number)) or (fits and fits[0] > 600):
                letters = fits[1] if fits else ()
                hit = Hit(f"run:{run_id}", run.title, letters, run=run, command=f"taskterm logs {run_id}")
                found.append(hit)
                if len(found) == RUNS_SHOWN:
                    break
        return found

    def _flows(self, needle: str) -> list[Hit]:
        """Workflows that were started: choosing one goes to the first of its tasks that is open."""
        snapshot = self._index.snapshot
        found = []
        for flow in sorted(snapshot.workflows.values(), key=lambda flow: -flow.id):
            fits = fuzzy(needle, flow.name)
            if fits and fits[0] > 600:
                tasks, _ = self._index.ordered()
                members = [task for task in tasks if task.workflow_id == flow.id]
                still = [task for task in members if task.status in OPEN]
                target = min(still or members, key=lambda task: task.id, default=None)
                if target is not None:
                    beside = f"{len(still)} of {len(members)} open"
                    command = f"taskterm show {target.id}"
                    found.append(Hit(f"workflow:{target.id}", flow.name, fits[1], beside=beside, command=command))
                if len(found) == RUNS_SHOWN:
                    break
        return found

    def _possible(self, action_id: str) -> bool:
        """Whether an action makes sense for the selected task; none does without one."""
        task = self._selected
        return task is not None and possible(action_id, task, self._index.snapshot, refused=self._refused)

    def _recently(self) -> list[Hit]:
        """What was chosen last and is still there, the newest first."""
        actions = {f"action:{action.id}": action for action in ACTIONS}
        found = []
        for key in self._recent:
            kind, _, value = key.partition(":")
            if kind == "task" and int(value) in self._index.snapshot.tasks:
                found.append(_task(self._index.snapshot.tasks[int(value)]))
            elif key in actions:
                action = actions[key]
                if action.section != "task" or self._possible(action.id):
                    found.append(Hit(key, action.title, action=action))
            elif kind == "filter":
                found.append(Hit(key, value, beside="filter", command=f"taskterm list {value}"))
        return found[:RECENT]


def _task(task: Task, letters: tuple[int, ...] = ()) -> Hit:
    return Hit(f"task:{task.id}", task.title, letters, task=task)


def _is_whole(hit: Hit) -> bool:
    """Whether the letters that were hit stand side by side (a task found by its number has none)."""
    return not hit.letters or hit.letters[-1] - hit.letters[0] == len(hit.letters) - 1


def _closed(task: Task) -> float:
    """What an ended task loses against an open one."""
    return 0.0 if task.status in OPEN else 200.0
