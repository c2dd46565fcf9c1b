"""What of everything is shown, and what of it is marked: the newest picture, seen through the filter that is on."""

from collections.abc import Callable, Iterable
from datetime import datetime

from taskterm.core import query
from taskterm.core.dates import to_utc_text
from taskterm.core.snapshot import Snapshot
from taskterm.tui.known import Index
from taskterm.tui.making import filtered
from taskterm.tui.marks import Marks
from taskterm.tui.messages import Picture

_OF_A_TASK = frozenset({"notes", "tags"})
"""What a query may read of a task so that nothing but a change of the task itself changes the answer."""
REMEMBERED = 8
"""So many answers are kept while a filter is typed."""
NUMBERED = 9
"""So many saved views have a key of their own, alt and their number."""
_SIGNS = ("+", "-", "@", "-@", "#")


class Lens:
    """`everything` is the newest picture without a filter, `query` the filter, `marks` the marked tasks; `picture` is
    what results."""

    def __init__(self, picture: Picture, actor: str, clock: Callable[[], datetime]) -> None:
        self.everything = picture
        self.picture = picture
        self.query = query.Query("", None)
        self.marks = Marks()
        self._actor = actor
        self._clock = clock
        self._index: Index | None = None
        self._answers: dict[str, frozenset[int] | None] = {}  # what fitted, by filter, since the last look

    @property
    def index(self) -> Index:
        """The names in everything, for completion and for jumping; a new one for every snapshot."""
        if self._index is None or self._index.snapshot is not self.everything.snapshot:
            self._index = Index(self.everything.snapshot, self.everything.now)
        return self._index

    @property
    def view(self) -> str:
        """The name of the saved view that the filter is, whether by its name or by its query; else an empty text."""
        text = self.query.text.strip()
        if not text:
            return ""
        views, name = self.everything.snapshot.views, text.removeprefix("view:").casefold()
        named = text.startswith("view:")
        return next((view.name for view in views if (named and view.name.casefold() == name) or view.query == text), "")

    def look_at(self, everything: Picture) -> Picture:
        """The database has another state, or it is another minute."""
        before, asked, snapshot = self.everything, self.query, everything.snapshot
        if asked.dated or snapshot.views != before.snapshot.views:
            self.query = self._parse(asked.text, snapshot)  # today, and the views, may be others by now
        self.everything = everything
        self._answers.clear()
        if self.query is asked and self._is_plain and snapshot is not before.snapshot:
            return self._show(self._changed(before.snapshot, snapshot))
        return self._show(self._select())

    def ask(self, text: str) -> Picture:
        """Another filter; one without words lets everything through."""
        before, visible = self.query, self.picture.visible
        self.everything = self.everything._replace(now=self._clock())
        self.query = self._parse(text if text.strip() else "", self.everything.snapshot)
        if not self.query.text:
            self._answers.clear()
        if text not in self._answers:  # whoever takes a letter back has seen the answer a moment ago
            if len(self._answers) >= REMEMBERED:
                self._answers.clear()
            narrower = visible is not None and query.narrows(before, self.query)
            self._answers[text] = self._select(visible if narrower else None)
        return self._show(self._answers[text])

    def mark(self, marks: Marks) -> Picture:
        """Other tasks are marked."""
        self.marks = marks
        if self.picture.marked != marks.ids:
            self.picture = self.picture._replace(marked=marks.ids)
        return self.picture

    def tick(self, now: datetime) -> Picture:
        """The same at another time."""
        self.picture = self.picture._replace(now=now)
        return self.picture

    def problem(self, *, typing: bool) -> str:
        """What of the filter is not understood; while it is typed, what is merely unfinished is none."""
        return next((p.message for p in self.query.problems if not (typing and p.unfinished)), "")

    def _show(self, fitting: frozenset[int] | None) -> Picture:
        everything = self.everything
        self.picture = filtered(everything, self.query, fitting) if self.query.text else everything
        return self.mark(self.marks.among(everything.snapshot.tasks) if everything.whole else self.marks)

    def _select(self, among: Iterable[int] | None = None) -> frozenset[int] | None:
        everything = self.everything
        return query.select(self.query, everything.snapshot, to_utc_text(everything.now), among)

    @property
    def _is_plain(self) -> bool:
        """Whether a task fits or not by itself and the clock, whatever becomes of others."""
        return self.picture.visible is not None and self.query.needs <= _OF_A_TASK

    def _changed(self, before: Snapshot, after: Snapshot) -> frozenset[int] | None:
        """What fits after a change, of which only the tasks are looked at that are others now."""
        visible, known = self.picture.visible or frozenset(), before.tasks
        others = [task_id for task_id, task in after.tasks.items() if known.get(task_id) is not task]
        fitting = self._select(others) or frozenset()
        return visible.intersection(after.tasks).difference(others) | fitting

    def _parse(self, text: str, snapshot: Snapshot) -> query.Query:
        bare = text.rstrip()
        word = bare.rpartition(" ")[2]
        asked = bare[: len(bare) - len(word)] if word in _SIGNS else text  # what follows is about to be typed
        parsed = query.parse(asked, self._clock(), strict=False, me=self._actor, views=lambda: snapshot.views)
        return parsed._replace(text=text)
