"""What the app does with its filter: the field, escape, live results, and the saved views by their numbers."""

from abc import abstractmethod
from typing import ClassVar

from textual.binding import Binding, BindingType

from taskterm.tui.containment import Containing
from taskterm.tui.early import KeysMayGo
from taskterm.tui.keys import Keys
from taskterm.tui.lens import NUMBERED, Lens
from taskterm.tui.marks import Marks
from taskterm.tui.picture import Picture
from taskterm.tui.widgets.context import Context
from taskterm.tui.widgets.desk import Desk


class Filtering(Containing):
    """The part of the app that owns the lens. The rest of it shows what the lens answers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"alt+{number}", f"saved_view({number})", "Saved view", show=False) for number in range(1, NUMBERED + 1)
    ]
    lens: Lens
    keys: Keys
    recent: list[str]
    """What was chosen in the palette, the newest first."""

    @property
    @abstractmethod
    def desk(self) -> Desk:
        """The views and the detail pane."""

    @abstractmethod
    def redraw(self) -> None:
        """Context and footer anew."""

    @abstractmethod
    def show_picture(self, picture: Picture) -> None:
        """Draw this everywhere."""

    @abstractmethod
    def action_do(self, action_id: str) -> None:
        """An action of the table."""

    @abstractmethod
    def say(self, sentence: str, *, bad: bool = False) -> None:
        """An answer at the right end of the footer."""

    def mark(self, marks: Marks) -> None:
        """Other tasks are marked."""
        self.show_picture(self.lens.mark(marks))

    def set_filter(self, text: str) -> None:
        """Show only what fits."""
        self.show_picture(self.lens.ask(text))

    def open_filter(self) -> None:
        """Into the filter field."""
        self.base.query_one(Context).open_filter(self.lens.query.text)
        self.redraw()

    def action_saved_view(self, number: int) -> None:
        """The saved view of this number; the one that is on goes."""
        views = self.lens.everything.snapshot.views
        if number > len(views):
            none = f"no view is saved yet: {self.keys.of('views')} says how"
            self.say(f"there are {len(views)} saved views" if views else none, bad=True)
        else:
            name = views[number - 1].name
            self.set_filter("" if self.lens.view == name else f"view:{name}")

    def on_desk_closed(self) -> None:
        """Escape with nothing left to close: the marks go, then the filter."""
        if self.lens.marks.ids:
            self.mark(Marks())
        elif self.lens.query.text:
            self.set_filter("")
        self.desk.refocus()

    def on_context_filter_changed(self, message: Context.FilterChanged) -> None:
        """Live results."""
        self.set_filter(message.text)

    def on_field_entered(self) -> None:
        """Enter has had its way; so may what was typed behind it."""
        self.post_message(KeysMayGo(done=True))

    def on_context_filter_left(self) -> None:
        """The keys go back to the view."""
        self.desk.refocus()
        self.post_message(KeysMayGo(done=True))  # behind the focus
        self.redraw()

    def on_context_save_asked(self) -> None:
        """What was typed shall have a name."""
        self.action_do("save_view")
