"""Link mode of the tree and the diagram: the other end of a dependency is picked with the view's own cursor."""

from abc import abstractmethod

from textual.widget import Widget

from taskterm.tui.linking import Link, picked
from taskterm.tui.messages import Said, ViewChanged
from taskterm.tui.theme import glyphs_of


class LinkMode(Widget):
    """The part of a view that picks. `_link` says from where, None while nothing is linked."""

    _link: Link | None = None

    @property
    @abstractmethod
    def selected_task(self) -> int | None:
        """The task under the cursor."""

    @abstractmethod
    def _relight(self) -> None:
        """A mode is on or off: draw what follows from it."""

    @property
    def in_mode(self) -> bool:
        """Whether the keys pick the other end of a link."""
        return self._link is not None

    @property
    def linking(self) -> Link | None:
        """Where the link begins that is picked, and which way it goes; None while none is."""
        return self._link

    def _pick(self) -> None:
        """The task under the cursor is the other end; where it cannot be, that is said and the mode goes on."""
        assert self._link is not None
        message = picked(self._link, self.selected_task, glyphs_of(self.app).keys)
        if not isinstance(message, Said):
            self._end_link()
        self.post_message(message)

    def _end_link(self) -> None:
        self._link = None
        self._relight()
        self.post_message(ViewChanged())
