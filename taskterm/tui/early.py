"""Keys that come too early: before the whole picture is there, before a panel stands, or while it does what enter said.

They are kept in their order; none is lost, none acts on too little and none overtakes another.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial

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

PATIENCE = 2.0
"""Seconds that keys wait for a panel: a fault there must not leave the keyboard dead."""

AT_ANY_TIME = frozenset(("escape", "ctrl+q", "ctrl+c"))
"""Keys that lead out, and need not wait for an answer."""


class KeysMayGo(Message):
    """There is more to act on now, SOME or ALL; or a panel can take keys, or has done what enter said."""

    def __init__(self, there: int = NOTHING, *, done: bool = False, late: bool = False) -> None:
        super().__init__()
        self.there = there
        self.done = done  # the key that held all others has come where it belongs
        self.late = late  # whatever they wait for, they have waited long enough


class EarlyKeys:
    """The keys of the beginning, as long as not everything is there."""

    def __init__(self) -> None:
        self._there = NOTHING
        self._kept: deque[events.Key | events.Paste] = deque()
        self._next: list[events.Key | events.Paste] = []  # they wait for a panel, and go before all others
        self._held = False  # the last key is still on its way to whoever it is for

    @property
    def over(self) -> bool:
        """Whether everything is there and nothing is kept any more."""
        return self._there == ALL and not self._kept

    def keep(self, event: events.Event, app: App[None]) -> bool:
        """Whether the event was kept for later."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            return False  # a forwarded one has been where it belongs, and nobody there wanted it
        if self._next or self._held or _asked(app):
            if not self._next and isinstance(event, events.Key):
                if event.key in AT_ANY_TIME:
                    return False
                if event.key == "enter" and isinstance(app.screen, Overlay):
                    return True  # pressed twice, said once
            self.wait(event, app)
            return True
        if self.over:
            return False
        if not self._kept and self._there == SOME and (isinstance(app.screen, Overlay) or _means_the_same(event)):
            return False
        self._kept.append(event)
        return True

    def wait(self, event: events.Key | events.Paste, app: App[None]) -> None:
        """Keep one that belongs before any that comes now: it goes when KeysMayGo has come round."""
        if not self._next:
            app.set_timer(PATIENCE, partial(self._give_up, app))
        self._next.append(event)
        self._next.sort(key=lambda event: event.time)

    def type_first(self, keys: Iterable[events.Key], app: App[None]) -> None:
        """Keys that were typed for a field before it could take any go there now, and before all others."""
        for key in keys:
            copy = events.Key(key.key, key.character)  # as if it had been nowhere yet
            copy.time = key.time
            self.wait(copy, app)
        app.post_message(KeysMayGo())

    @property
    def holds(self) -> bool:
        """Whether keys wait for what the last one does."""
        return self._held

    def hold(self) -> None:
        """Enter was pressed in a field, or one opens: what is typed from now on is for what comes of it."""
        self._held = True

    def closed(self, app: App[None]) -> None:
        """A panel is gone, and with it perhaps the message that enter has come where it belongs."""
        app.post_message(KeysMayGo(done=True))

    def _give_up(self, app: App[None]) -> None:
        self._held = False
        if self._next:
            app.post_message(KeysMayGo(NOTHING, late=True))

    def let_go(self, message: KeysMayGo, app: App[None]) -> Iterator[events.Event]:
        """The kept events that have now what they act on, oldest first."""
        self._there = max(self._there, message.there)
        if message.done:
            self._held = False
        while self._next and not self._held and (message.late or not _asked(app)):
            yield self._next.pop(0)
        if self._next:
            return
        while self._kept and (self._there == ALL or (self._there == SOME and _means_the_same(self._kept[0]))):
            yield self._kept.popleft()


def _asked(app: App[None]) -> bool:
    """Whether the panel on top waits for the answer to what it asked for: it may close, or go on with an empty line."""
    return isinstance(app.screen, Overlay) and app.screen.asked > 0


def _means_the_same(event: events.Event) -> bool:
    return isinstance(event, events.Key) and event.key in AT_ONCE
