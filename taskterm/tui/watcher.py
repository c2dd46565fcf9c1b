"""The watcher: a thread that notices what any process writes, and posts a picture of it."""

import gc
import threading
from collections.abc import Callable
from datetime import datetime

from textual.message import Message

from taskterm.core.errors import TaskTermError
from taskterm.core.snapshot import Snapshot
from taskterm.store.driver import sqlite3
from taskterm.store.store import Store
from taskterm.tui import making, sentences
from taskterm.tui.reports import Broke, OutOfReach, Refreshed

POLL_SECONDS = 0.3
CARE_POLLS = 10
"""Polls between two looks after runs that have not ended."""
RETRY_SECONDS = 1.0
FAULT_SECONDS = 30.0

Failure = (TaskTermError, sqlite3.Error, OSError)
"""What a job may raise and a user is told; anything else is a fault of the program, and is told as one."""


class Watcher:
    """Follows one database until `stop` is set. Posts Refreshed, OutOfReach or Broke; every new state, and now and then
    the old one, also goes to `care`, which looks after runs."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        post: Callable[[Message], None],
        care: Callable[[Snapshot], None],
        stop: threading.Event,
    ) -> None:
        self._store = store
        self._clock = clock
        self._post = post
        self._care = care
        self._stop = stop
        self._again = False
        self._nudged = threading.Event()

    def nudge(self, *, again: bool = False) -> None:
        """Look now; with `again` a picture comes also where nothing has changed."""
        if again:
            self._again = True
        self._nudged.set()

    def run(self) -> None:
        """The thread."""
        while not self._stop.is_set():
            try:
                self._follow()
            except Failure as error:
                self._post(OutOfReach(sentences.refusal(error)))
                self._stop.wait(RETRY_SECONDS)
            except Exception as error:  # what is on the screen stays, and what is asked for is still done
                self._post(Broke("watch", error))
                self._stop.wait(FAULT_SECONDS)

    def _follow(self) -> None:
        keeper = making.Keeper()
        snapshot = self._store.snapshot()
        gc.freeze()  # or the collector would look through all of it again and again while somebody moves about
        watch = self._store.watch()
        try:
            self._post(Refreshed(keeper.follow(snapshot, self._clock()), self._store.read_only))
            _save_memory()
            self._care(snapshot)
            polls = 0
            while not self._stop.is_set():
                asked = self._nudged.wait(POLL_SECONDS)
                self._nudged.clear()
                polls += 1
                if polls % CARE_POLLS == 0:  # a supervisor that died writes nothing: somebody has to look
                    self._care(snapshot)
                again, self._again = self._again, False
                if not (watch.changed() or asked or again):
                    continue
                newer, touched = self._store.follow(snapshot)
                if newer is not snapshot or again:
                    snapshot = newer
                    picture = keeper.follow(snapshot, self._clock(), touched, anew=again)
                    self._post(Refreshed(picture, self._store.read_only))
                    self._care(snapshot)
        finally:
            watch.close()


def _save_memory() -> None:
    from taskterm.tui import frugal  # behind the first picture, since ctypes takes its time

    frugal.give_back()
