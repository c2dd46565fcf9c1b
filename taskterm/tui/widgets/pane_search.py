"""Finding lines in an output pane: what is typed after `/`, lines that read like an error, the first failure."""

from abc import abstractmethod
from collections.abc import Callable

from textual import events

from taskterm.tui import ansi
from taskterm.tui.messages import Said, ViewChanged
from taskterm.tui.pane import Pane, looks_like_error
from taskterm.tui.pane_lines import PaneInfo
from taskterm.tui.tail import OutputLine
from taskterm.tui.text import visible
from taskterm.tui.widgets.canvas import Painted


class PaneSearch(Painted):
    """The part of an output pane that searches. `typing` is what has been typed, None while no search is typed."""

    def __init__(self) -> None:
        super().__init__()
        self.pane = Pane()
        self.info: PaneInfo | None = None
        self.typing: str | None = None
        self._search_number = 0  # of the search under way; an older one ends when it sees a newer number

    @abstractmethod
    def room(self) -> int:
        """How many output lines are in view."""

    @property
    def searching(self) -> bool:
        """Whether keys are text for the search now."""
        return self.typing is not None

    def start_search(self) -> None:
        """Keys are text for the search until enter or escape."""
        self._type("")

    def end_search(self) -> bool:
        """Nothing is searched any more; False where nothing was."""
        if not self.pane.needle:
            return False
        self.pane.seek("")
        self.refresh()
        self.post_message(ViewChanged())
        return True

    def _type(self, text: str | None) -> None:
        """Another text of the search; with None it is no longer typed."""
        begun = (self.typing is None) != (text is None)
        self.typing = text
        self.refresh()
        if begun:
            self.post_message(ViewChanged())

    def find_next(self, step: int) -> None:
        """To the next (1) or the previous (-1) line that holds what is searched, else that reads like an error."""
        pane = self.pane
        if pane.needle:
            here = pane.match if pane.match is not None else pane.top - step
            self._seek(here + step, step, pane.fits, self._found, wrap=True)
        elif pane.error is not None:
            self._seek(pane.error + step, step, lambda line: looks_like_error(ansi.plain(line.text)), self._found_error)

    def count_on(self) -> None:
        """Count the lines that hold what is searched, a little at a time; the head says how many there are."""
        if self.pane.needle:
            if self.pane.count():
                self.call_later(self.count_on)
            self.refresh()

    def seek_error(self) -> None:
        """Once a failed task's output is all there: open at the first line that reads like the failure."""
        pane, info = self.pane, self.info
        if info is None or not info.failed or not pane.complete or pane.error_sought:
            return
        pane.error_sought = True
        start = next((i for i in range(len(pane) - 1, -1, -1) if pane.line(i).number <= 1), 0)
        self._seek(
            start, 1, lambda line: line.number > 0 and looks_like_error(ansi.plain(line.text)), self._found_error
        )

    def _seek(
        self,
        start: int,
        step: int,
        fits: Callable[[OutputLine], bool],
        found: Callable[[int | None], None],
        *,
        wrap: bool = False,
    ) -> None:
        """Look for a line a little at a time, so that no key waits for a long log; `wrap`: then from the other end."""
        self._search_number += 1
        pane, number = self.pane, self._search_number

        def go_on(index: int) -> None:
            if number != self._search_number or pane is not self.pane:
                return
            hit, following = pane.ring.find(index, step, fits)
            if following is not None:
                self.call_later(go_on, following)
            elif hit is None and wrap:
                self._seek(0 if step > 0 else len(pane.ring) - 1, step, fits, found)
            else:
                found(hit)

        go_on(start)

    def _found(self, index: int | None) -> None:
        if index is None:
            self.post_message(Said(f"no line here has {visible(self.pane.needle)}"))
            return
        self.pane.match = index
        self.pane.jump(index, self.room())
        self.refresh()

    def _found_error(self, index: int | None) -> None:
        if index is None:
            if self.pane.error is not None:
                self.post_message(Said("no further line reads like an error"))
            return
        self.pane.error = index
        self.pane.jump(index, self.room())
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        """While a search is typed, keys are its text."""
        if self.typing is None:
            return
        if event.key == "enter":
            self.pane.seek(self.typing or self.pane.needle)
            self._type(None)
            if self.pane.needle:
                self.find_next(1)
                self.count_on()
        elif event.key == "escape":
            self._type(None)
        elif event.key in ("backspace", "ctrl+h"):
            self._type(self.typing[:-1])
        elif event.key == "ctrl+u":
            self._type("")
        elif event.is_printable and event.character:
            self._type(self.typing + event.character)
        elif event.key in ("tab", "shift+tab"):
            self._type(None)
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text is searched too."""
        if self.typing is not None:
            event.stop()
            self._type(self.typing + (event.text.splitlines()[0] if event.text else ""))
