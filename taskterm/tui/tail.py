"""The thread that reads the output of steps for the panes, and the ring that keeps the last lines of each.

The screen's thread is told that there is something (once, until it has fetched it) and takes all of it in one piece;
reading, decoding and looking for colours happen here.
"""

import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from taskterm.core.errors import TaskTermError
from taskterm.core.model import Attempt
from taskterm.runner.output import Line
from taskterm.tui import ansi

RING_LINES = 100_000
FRAME_SECONDS = 1 / 30
JOIN_SECONDS = 1.0
PAUSE_SECONDS = 0.002
"""Between two pieces of a long log, so that the screen's thread gets its turn."""


class OutputLine(NamedTuple):
    """One line of a pane. `number` counts within its attempt from 1; a heading (name of a step) has number 0."""

    text: str  # as it came, with its control sequences
    elapsed_ms: int
    number: int
    sgr: ansi.Sgr  # what holds at its begin
    note: bool = False  # TaskTerm's own


Packed = tuple[str, int, int, ansi.Sgr | None, bool]
"""An OutputLine as a plain tuple, None for a plain `sgr`. The garbage collector stops looking at a tuple of text and
numbers; a hundred thousand records would cost it 60 ms each time, and the screen would stand still meanwhile."""


class Batch(NamedTuple):
    """What has come for a pane since it was asked last. `partial` is a line that has begun and not ended."""

    lines: list[Packed]
    partial: OutputLine | None
    complete: bool


class Reader(Protocol):
    """What gives the output of one attempt piece by piece: `runner.output.LogReader`."""

    @property
    def partial(self) -> str:
        """The line that has begun and not ended."""
        ...

    def read(self, limit: int = ..., *, final: bool = False) -> list[Line]:
        """Lines completed since the last call."""
        ...


def unpacked(packed: Packed) -> OutputLine:
    """The record of a packed line."""
    text, elapsed_ms, number, sgr, note = packed
    return OutputLine(text, elapsed_ms, number, ansi.PLAIN if sgr is None else sgr, note)


class Ring:
    """The last lines of a pane, by index from 0 for the oldest one kept. `dropped` counts those that are gone."""

    def __init__(self, limit: int = RING_LINES) -> None:
        self._limit = limit
        self._lines: list[Packed] = []
        self._start = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._lines) - self._start

    def __getitem__(self, index: int) -> OutputLine:
        if not 0 <= index < len(self):
            raise IndexError(index)
        return unpacked(self._lines[self._start + index])

    def __iter__(self) -> Iterator[OutputLine]:
        return map(unpacked, self._lines[self._start :])

    def extend(self, lines: Sequence[Packed]) -> int:
        """Append lines; returns how many old ones had to go."""
        self._lines.extend(lines)
        over = max(len(self) - self._limit, 0)
        self._start += over
        self.dropped += over
        if self._start > self._limit // 8:
            del self._lines[: self._start]
            self._start = 0
        return over

    def find(
        self, start: int, step: int, fits: Callable[[OutputLine], bool], budget: int = 4000
    ) -> tuple[int | None, int | None]:
        """The first fitting line from `start` on in direction `step`: (its index or None, where to go on or None).

        Looks at no more than `budget` lines, so that a search over a long log can be done a little at a time.
        """
        index = start
        for _ in range(budget):
            if not 0 <= index < len(self):
                return None, None
            if fits(unpacked(self._lines[self._start + index])):
                return index, None
            index += step
        return None, index


class _Feed:
    """The attempts of one pane, read one after the other."""

    def __init__(self) -> None:
        self.attempts: tuple[Attempt, ...] = ()
        self.headings = False
        self.pending: list[Packed] = []
        self.partial: OutputLine | None = None
        self.announced = False
        self.complete = False
        self._at = 0
        self._reader: Reader | None = None
        self._number = 0
        self._elapsed = 0
        self._sgr = ansi.PLAIN

    def pump(self, open_reader: Callable[[Attempt], Reader]) -> tuple[list[Packed], bool]:
        """One piece: (new lines, whether more may be there at once)."""
        if self._at >= len(self.attempts):
            return [], False
        attempt = self.attempts[self._at]
        found: list[Packed] = []
        if self._reader is None:
            self._reader = open_reader(attempt)
            self._number, self._elapsed, self._sgr = 0, 0, ansi.PLAIN
            if self.headings or self._at:
                found.append((heading(attempt), 0, 0, None, False))
        ended = attempt.state != "running"
        lines = self._reader.read(final=ended)
        for line in lines:
            self._number += 1
            sgr = None if self._sgr == ansi.PLAIN else self._sgr
            found.append((line.text, line.elapsed_ms, self._number, sgr, line.note))
            if not ansi.is_plain(line.text):
                self._sgr = ansi.end_state(line.text, self._sgr)
        if lines:
            self._elapsed = lines[-1].elapsed_ms
        rest = self._reader.partial
        self.partial = OutputLine(rest, self._elapsed, self._number + 1, self._sgr) if rest else None
        if ended and not lines and not rest:
            self._reader = None
            self._at += 1
            return found, self._at < len(self.attempts)
        return found, bool(lines) or (ended and bool(rest))

    @property
    def finished(self) -> bool:
        """Whether everything that is known of has been read."""
        return self._at >= len(self.attempts)


def heading(attempt: Attempt) -> str:
    """The line above the output of a step: its name, and which try it is from the second on."""
    return attempt.name + (f", attempt {attempt.number}" if attempt.number > 1 else "")


class Tail:
    """Reads output in a thread of its own. `post` is called there with the key of a pane that has something new."""

    def __init__(
        self,
        open_reader: Callable[[Attempt], Reader],
        post: Callable[[Hashable], object],
        *,
        frame: float = FRAME_SECONDS,
    ) -> None:
        self._open_reader = open_reader
        self._post = post
        self._frame = frame
        self._lock = threading.Lock()
        self._feeds: dict[Hashable, _Feed] = {}
        self._wake = threading.Event()
        self._closed = False
        self._paused = False
        self._thread = threading.Thread(target=self._work, name="output", daemon=True)
        self._thread.start()

    def follow(self, wanted: Mapping[Hashable, tuple[Attempt, ...]], headings: Mapping[Hashable, bool]) -> None:
        """The panes on the screen and their attempts, oldest first, in their newest state. Others are forgotten.

        `headings` says for a pane whether its first attempt gets a heading too.
        """
        with self._lock:
            for key in [key for key in self._feeds if key not in wanted]:
                del self._feeds[key]
            for key, attempts in wanted.items():
                feed = self._feeds.setdefault(key, _Feed())
                feed.attempts = attempts
                feed.headings = headings.get(key, False)
                feed.complete = False
        self._paused = False
        self._wake.set()

    def pause(self) -> None:
        """Read nothing until `follow` is called again: nobody looks."""
        self._paused = True

    def take(self, key: Hashable) -> Batch:
        """All that has come for a pane since the last call."""
        with self._lock:
            feed = self._feeds.get(key)
            if feed is None:
                return Batch([], None, True)
            lines, feed.pending, feed.announced = feed.pending, [], False
            return Batch(lines, feed.partial, feed.complete)

    def close(self) -> None:
        """End the thread; it is gone when this returns, unless it hangs in a read of a drive that does not answer."""
        self._closed = True
        self._wake.set()
        self._thread.join(JOIN_SECONDS)

    def _work(self) -> None:
        while not self._closed:
            self._wake.clear()
            with self._lock:
                feeds = [] if self._paused else list(self._feeds.items())
            more = live = False
            for key, feed in feeds:
                more |= self._pump(key, feed)
                live |= any(attempt.state == "running" for attempt in feed.attempts)
            self._wake.wait(PAUSE_SECONDS if more else self._frame if live else None)

    def _pump(self, key: Hashable, feed: _Feed) -> bool:
        before = feed.partial
        try:
            lines, more = feed.pump(self._open_reader)
        except (TaskTermError, sqlite3.Error, OSError) as error:
            lines, more = [(f"this output cannot be read: {error}", 0, 1, None, True)], False
            feed.attempts = ()
        complete = not more and feed.finished
        with self._lock:
            changed = bool(lines) or feed.partial != before or complete != feed.complete
            feed.complete = complete
            feed.pending += lines
            if len(feed.pending) > RING_LINES:
                del feed.pending[:-RING_LINES]
            announce = changed and not feed.announced
            feed.announced |= changed
        if announce:
            self._post(key)
        return more
