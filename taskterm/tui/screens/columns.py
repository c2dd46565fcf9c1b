"""`B`: the columns of the board: stages are added, renamed, limited, put elsewhere, taken out; all of it undoable."""

from collections.abc import Iterable
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from taskterm.core.foresee import held_in
from taskterm.core.model import Column
from taskterm.core.snapshot import fill_of
from taskterm.tui.messages import Hint, Picture
from taskterm.tui.rows import Row, Span, field, fit_spans, gap
from taskterm.tui.screens.overlay import BLANK_LINE, Lines, Overlay, TitleLine
from taskterm.tui.text import visible
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.lines import LineView
from taskterm.tui.work import Work

FILLED = {"blocked": "filled by the graph", "ready": "filled by the graph", "done": "filled when tasks end"}
"""What fills the columns that are no stages."""


class ColumnList(LineView):
    """One column a line: its name, how many cards it holds, its limit."""

    DEFAULT_CSS = "ColumnList { background: $panel; height: auto; max-height: 16; }"
    GROUND: ClassVar[str] = "raised"

    def __init__(self, picture: Picture, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_picture(picture)

    def set_picture(self, picture: Picture) -> None:
        """The columns as they are now."""
        self.columns = picture.snapshot.columns
        self._held = {c.key: held_in(picture.snapshot, c.key) for c in self.columns if c.kind == "stage"}
        if self.is_mounted:
            self.set_keys([column.key for column in self.columns])
            self.refresh(layout=True)

    def on_mount(self) -> None:
        """The cursor on the first stage."""
        self.set_keys([column.key for column in self.columns])
        stage = next((column.key for column in self.columns if column.kind == "stage"), None)
        if stage is not None:
            self.call_after_refresh(self.select_key, stage)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many lines as there are columns."""
        return len(self.columns)

    @property
    def chosen(self) -> Column | None:
        """The column under the cursor."""
        return next((column for column in self.columns if column.key == self.cursor_key), None)

    def row(self, index: int, width: int, selected: bool) -> Row:
        """`Doing   5 cards   at most 5   full`."""
        column = self.columns[index]
        spans = [gap(2), field(visible(column.name), max(min(26, width - 38), 10), bold=selected)]
        if column.kind != "stage":
            return Row(fit_spans([*spans, Span(FILLED[column.kind], "mute")], width, self.glyphs.ellipsis))
        held = self._held[column.key]
        spans.append(field(f"{held} card{'' if held == 1 else 's'}", 11, "soft"))
        if column.wip_limit:
            spans.append(field(f"at most {column.wip_limit}", 13, "soft"))
            spans.append(Span(fill_of(column, held), "warn"))
        return Row(fit_spans(spans, width, self.glyphs.ellipsis))


class Columns(Overlay[None]):
    """Stays open while columns are changed; answers nothing."""

    DEFAULT_CSS = """
    Columns #panel { width: 72; }
    Columns #asked { height: 1; display: none; }
    Columns.asking #asked { display: block; }
    Columns #what { width: 10; }
    Columns Entry { width: 1fr; }
    """
    JOBS = ("column_add", "column_edit", "column_remove", "undo", "redo")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "ask('add')", "Add a stage", show=False),
        Binding("e,enter", "ask('name')", "Rename", show=False),
        Binding("w", "ask('limit')", "Limit", show=False),
        Binding("<", "shift(-1)", "To the left", show=False),
        Binding(">", "shift(1)", "To the right", show=False),
        Binding("d,delete", "remove", "Take out", show=False),
        Binding("u", "take_back('undo')", "Undo", show=False),
        Binding("ctrl+r", "take_back('redo')", "Redo", show=False),
    ]
    HINTS: ClassVar[tuple[Hint, ...]] = (
        Hint("a", "add"),
        Hint("e", "rename"),
        Hint("w", "limit"),
        Hint("< >", "move"),
        Hint("d", "take out"),
        Hint("u", "undo"),
        Hint("esc", "close"),
    )
    WORDS: ClassVar[dict[str, str]] = {"add": "new stage", "name": "name", "limit": "at most"}

    def __init__(self, picture: Picture, work: Work) -> None:
        super().__init__()
        self._picture = picture
        self._work = work
        self._asking = ""  # what the field is for: `add`, `name`, `limit`; empty while it is closed

    def body(self) -> Iterable[Widget]:
        """Title, columns, and the field when something is asked."""
        yield TitleLine("Columns of the board", "taskterm column")
        yield Lines([BLANK_LINE])
        yield ColumnList(self._picture, id="columns")
        yield Lines([BLANK_LINE])
        yield Asked(id="asked")

    def on_mount(self) -> None:
        """The list has the keys."""
        self.query_one(ColumnList).focus()

    def refreshed(self, picture: Picture) -> None:
        """The columns may be others now."""
        self._picture = picture
        self.query_one(ColumnList).set_picture(picture)

    def accepted(self, sentence: str) -> None:
        """Done; the overlay stays for the next change."""
        self._close_field()
        self.say(sentence)

    def _execute(self, verb: str, args: dict[str, Any]) -> None:
        self.asked += 1
        self._work.execute(verb, args)

    # keys

    def action_ask(self, what: str) -> None:
        """Open the field for a new stage, another name or a limit."""
        column = self.query_one(ColumnList).chosen
        if column is None:
            return
        if what == "limit" and column.kind != "stage":
            self.say(f"{visible(column.name)} takes no limit: the graph fills it", bad=True)
            return
        self._asking = what
        value = {"name": column.name, "limit": str(column.wip_limit or "")}.get(what, "")
        self.add_class("asking")
        asked = self.query_one(Asked)
        asked.set(self.WORDS[what], value, "a number, or nothing for no limit" if what == "limit" else "")

    def action_shift(self, step: int) -> None:
        """Put a stage one place to the left (-1) or to the right (1)."""
        columns, column = self.query_one(ColumnList).columns, self.query_one(ColumnList).chosen
        if column is None:
            return
        after = columns.index(column) + (1 if step > 0 else -2)
        if column.kind != "stage" or not 0 <= after < len(columns) or columns[after].kind not in ("ready", "stage"):
            self.say("stages stand between Ready and Done, all else stays", bad=True)
            return
        self._execute("column_edit", {"column": column.key, "after": columns[after].key})

    def action_remove(self) -> None:
        """Take a stage out; its cards go to its neighbour."""
        column = self.query_one(ColumnList).chosen
        if column is not None:
            self._execute("column_remove", {"column": column.key})

    def action_take_back(self, verb: str) -> None:
        """Undo and redo, as everywhere."""
        self._execute(verb, {})

    def action_cancel(self) -> None:
        """Close the field, or the overlay."""
        if self._asking:
            self._close_field()
        else:
            self.dismiss(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the field: ask for the change; the field stays until it is made."""
        event.stop()
        if self.asked:
            return
        column, text = self.query_one(ColumnList).chosen, event.value.strip()
        args: dict[str, Any] = {}
        if self._asking == "add":
            args = {"name": text}
            if column is not None and column.kind in ("ready", "stage"):
                args["after"] = column.key
        elif column is not None and self._asking == "name":
            args = {"column": column.key, "name": text}
        elif column is not None:
            if text and not text.isdecimal():
                self.say(f"{text!r} is not a number", bad=True)
                return
            args = {"column": column.key, "limit": int(text) if text else None}
        if args:
            self._execute("column_add" if self._asking == "add" else "column_edit", args)

    def _close_field(self) -> None:
        self._asking = ""
        self.remove_class("asking")
        self.query_one(ColumnList).focus()


class Asked(Horizontal):
    """What is asked for, and the field for it."""

    def compose(self) -> ComposeResult:
        """Word and field."""
        yield Lines([BLANK_LINE], id="what")
        yield Entry(id="field")

    def set(self, word: str, value: str, placeholder: str) -> None:
        """Ask for something else."""
        self.query_one("#what", Lines).set([Row([Span(word, "mute")])])
        entry = self.query_one(Entry)
        entry.value, entry.placeholder = value, placeholder
        entry.cursor_position = len(value)
        entry.focus()
