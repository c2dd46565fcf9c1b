"""What one output pane remembers: its lines, where it stands in them, what is searched. No widget, no terminal."""

import re
from bisect import bisect_left, bisect_right

from taskterm.tui import ansi
from taskterm.tui.tail import Batch, OutputLine, Ring

CONTEXT = 5
"""Lines shown above the first error."""

_ERROR = re.compile(
    r"(?<![\w./-])(?:\w*(?:error|exception)s?|fatal|fail(?:ed|ure|ures)?|traceback|panic(?:ked)?|cannot|could not"
    r"|no such file|not found|denied|undefined|segmentation fault|killed|abort(?:ed)?)(?![\w./-]*\w)",
    re.IGNORECASE,
)
_NO_ERROR = re.compile(
    r"\b(?:0|no|without) (?:\w+ )?(?:errors?|failures?|failed)\b|\b(?:errors?|failed|failures?)[:=] ?0\b", re.I
)


def looks_like_error(text: str) -> bool:
    """Whether a line of output reads like the report of a failure. A guess: it only decides where a pane opens."""
    return _ERROR.search(text) is not None and _NO_ERROR.search(text) is None


class Pane:
    """The lines of one task in one run, and the reader's place among them.

    `top` is the index of the first line in view; while `follow` is on it is kept at the end. Indexes are those of the
    ring and shift when it forgets old lines; `partial` counts as one line after the last.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.ring = Ring(limit) if limit else Ring()
        self.partial: OutputLine | None = None
        self.complete = False
        self.follow = True
        self.top = 0
        self.left = 0  # cells scrolled to the right
        self.needle = ""
        self.match: int | None = None  # index of the line that the search stands on
        self._hits: list[int] = []  # lines that hold it, counted with those that are gone
        self._counted = 0  # up to here
        self.error: int | None = None  # index of the first line that reads like a failure
        self.error_sought = False

    def __len__(self) -> int:
        return len(self.ring) + (self.partial is not None)

    def line(self, index: int) -> OutputLine:
        """Line `index`, the unfinished one after all others."""
        if index == len(self.ring) and self.partial is not None:
            return self.partial
        return self.ring[index]

    def add(self, batch: Batch) -> None:
        """Take in what has come."""
        gone = self.ring.extend(batch.lines)
        self.partial, self.complete = batch.partial, batch.complete
        self.top = max(self.top - gone, 0)
        self.match = None if self.match is None or self.match < gone else self.match - gone
        self.error = None if self.error is None or self.error < gone else self.error - gone

    def settle(self, room: int) -> int:
        """The first line in view for `room` rows: the end while following, never past it."""
        last = max(len(self) - room, 0)
        self.top = last if self.follow else min(self.top, last)
        return self.top

    def scroll(self, lines: int, room: int) -> None:
        """Move by lines; leaving the end stops following, reaching it while the task runs begins it again."""
        last = max(len(self) - room, 0)
        self.top = max(0, min(self.settle(room) + lines, last))
        self.follow = self.top == last and lines >= 0 and not self.complete

    def jump(self, index: int, room: int, context: int = CONTEXT) -> None:
        """Bring a line into view with `context` lines above it, unless it is in view already."""
        if not self.settle(room) <= index < self.top + room:
            self.top = max(0, index - context)
        self.follow = False
        self.settle(room)

    def seek(self, needle: str) -> None:
        """Search something else; `count` finds out how many lines have it."""
        self.needle, self.match = needle, None
        self._hits, self._counted = [], self.ring.dropped

    def count(self, budget: int = 4000) -> bool:
        """Look at no more than `budget` further lines; True while there are more to look at."""
        gone = self.ring.dropped
        self._hits = self._hits[bisect_left(self._hits, gone) :]
        first = max(self._counted, gone)
        self._counted = min(first + budget, gone + len(self.ring))
        if self.needle:
            self._hits += [n for n in range(first, self._counted) if self.fits(self.ring[n - gone])]
        return self._counted < gone + len(self.ring)

    @property
    def place(self) -> tuple[int, int, bool]:
        """Of the lines that hold what is searched: which one it stands on (0: none), how many there are, and whether
        all lines have been looked at."""
        here = 0 if self.match is None else bisect_right(self._hits, self.match + self.ring.dropped)
        return here, len(self._hits), self._counted >= self.ring.dropped + len(self.ring)

    def fits(self, line: OutputLine) -> bool:
        """Whether a line holds what is searched; small letters also find capitals."""
        text = ansi.plain(line.text)
        return self.needle in (text.lower() if self.needle.islower() else text)
