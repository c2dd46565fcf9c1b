"""Keys that are typed before the whole picture is there: kept in their order, none lost, none acting on too little."""

from collections import deque
from collections.abc import Iterator

from textual import events
from textual.app import App
from textual.message import Message

from taskterm.tui.screens.overlay import Overlay

AT_ONCE = frozenset(
    (*"aecdusSCjkq", "up", "down", "space", "enter", "escape", "question_mark", "f1", "ctrl+q", "ctrl+c")
)
"""Keys that mean the same on the first screen as in the whole list; those that lead beyond it wait for it."""


NOTHING, SOME, ALL = range(3)
"""What there is to act on: nothing, the tasks of the first screen, or all of them."""


class KeysMayGo(Message):
    """There is more to act on now: SOME or ALL."""

    def __init__(self, there: int) -> None:
        super().__init__()
        self.there = there


class EarlyKeys:
    """The keys of the beginning, as long as not everything is there."""

    def __init__(self) -> None:
        self._there = NOTHING
        self._kept: deque[events.Key | events.Paste] = deque()

    @property
    def over(self) -> bool:
        """Whether everything is there and nothing is kept any more."""
        return self._there == ALL and not self._kept

    def keep(self, event: events.Event, app: App[None]) -> bool:
        """Whether the event was kept for later."""
        if self.over or not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            return False  # a forwarded one has been where it belongs, and nobody there wanted it
        if not self._kept and self._there == SOME and (isinstance(app.screen, Overlay) or _means_the_same(event)):
            return False
        self._kept.append(event)
        return True

    def let_go(self, there: int) -> Iterator[events.Event]:
        """The kept events that have now what they act on, oldest first."""
        self._there = max(self._there, there)
        while self._kept and (self._there == ALL or (self._there == SOME and _means_the_same(self._kept[0]))):
            yield self._kept.popleft()


def _means_the_same(event: events.Event) -> bool:
    return isinstance(event, events.Key) and event.key in AT_ONCE
