"""What of everything is shown, and what of it is marked: the newest picture, seen through the filter that is on."""

from collections.abc import Callable
from datetime import datetime

from taskterm.core import query
from taskterm.core.snapshot import Snapshot
from taskterm.tui.completing import Index
from taskterm.tui.making import filtered
from taskterm.tui.marks import Marks
from taskterm.tui.messages import Picture


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

    @property
    def index(self) -> Index:
        """The names in everything, for completion and for jumping; a new one for every snapshot."""
        if self._index is None or self._index.snapshot is not self.everything.snapshot:
            self._index = Index(self.everything.snapshot, self.everything.now)
        return self._index

    def look_at(self, everything: Picture) -> Picture:
        """The database has another state, or it is another minute."""
        snapshot = everything.snapshot
        if self.query.dated or snapshot.views != self.everything.snapshot.views:
            self.query = self._parse(self.query.text, snapshot)  # today, and the views, may be others by now
        self.everything = everything
        self.picture = filtered(everything, self.query) if self.query.text else everything
        return self.mark(self.marks.among(snapshot.tasks) if everything.whole else self.marks)

    def ask(self, text: str) -> Picture:
        """Another filter; one without words lets everything through."""
        self.query = self._parse(text if text.strip() else "", self.everything.snapshot)
        return self.look_at(self.everything._replace(now=self._clock()))

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

    def _parse(self, text: str, snapshot: Snapshot) -> query.Query:
        return query.parse(text, self._clock(), strict=False, me=self._actor, views=lambda: snapshot.views)
