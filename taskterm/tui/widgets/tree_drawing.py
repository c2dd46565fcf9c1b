"""What the dependency tree shows, and how: the lines around its root, lit strokes, rows for what is in view.

The keys are in tree.py; tree_lines.py lists the lines, tree_rows.py draws them, tree_light.py lights them.
"""

from textual.strip import Strip

from taskterm.core.model import OPEN
from taskterm.tui import link_words, teaching_rows, tree_light, tree_lines, tree_rows
from taskterm.tui.linking import Link
from taskterm.tui.messages import Picture, SelectionChanged, ViewChanged
from taskterm.tui.rows import BLANK, Row
from taskterm.tui.tree_light import DARK, Light
from taskterm.tui.tree_lines import Listing
from taskterm.tui.widgets.lines import LineView
from taskterm.tui.widgets.link_mode import LinkMode

DEPTH = 64
"""Branches beside each other that a line shows at most."""
TAUGHT = 5
"""The row below a lone task from which on there is room to say how tasks are linked."""


class TreeDrawing(LineView, LinkMode):
    """The tree without its keys. Posts SelectionChanged where another picture moves the cursor."""

    HEAD_ROWS = 1

    DEFAULT_CSS = """
    Tree { width: 1fr; height: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._tree: tree_lines.TreePicture | None = None
        self._listing = Listing()
        self._root: int | None = None
        self._roots: list[int] = []  # the roots before, for backspace
        self._folded: set[int] = set()
        self._critical_only = False
        self._link: Link | None = None
        self._path: Light = DARK
        self._circle: Light = DARK
        self._tails: tree_rows.Tails = {}
        self._lit: tuple[Light, Light, Link | None] = (DARK, DARK, None)  # as it was drawn last

    @property
    def selected_task(self) -> int | None:
        """The task under the cursor."""
        key = self.cursor_key
        return key[1] if isinstance(key, tuple) else None

    @property
    def root_task(self) -> int | None:
        """The task whose tree is shown."""
        return self._root

    def show(self, picture: Picture) -> None:
        """Draw this picture. While only the seconds have changed, the lines stay and are painted anew."""
        old, self._picture = self._picture, picture
        if self._root not in picture.snapshot.tasks:
            self._root = self._some_root(picture)
        same = old is not None and old.snapshot is picture.snapshot and old.visible == picture.visible
        if same and old and old.now.replace(second=0, microsecond=0) == picture.now.replace(second=0, microsecond=0):
            self.redraw()
        else:
            self._rebuild()

    # lines

    def _some_root(self, picture: Picture) -> int | None:
        """What to show before anything was chosen: an open task in the middle of most dependencies."""
        snapshot = picture.snapshot
        tasks = [t for t in snapshot.tasks.values() if t.status in OPEN] or list(snapshot.tasks.values())
        links = {t.id: len(snapshot.predecessors(t.id)) * len(snapshot.successors(t.id)) for t in tasks}
        return max(links, key=lambda i: (links[i], -i), default=None)

    def _rebuild(self) -> None:
        if self._picture is None or self._root is None:
            self._tree, self._listing = None, Listing()
        else:
            self._tree = tree_lines.picture(self._picture.snapshot, self._root, self._picture.now, self._folded)
            self._list()
        if self._link is not None and (self._tree is None or self._link.source not in self._listing.places):
            self._link = None
        chosen = self.selected_task
        self.set_keys([line.key for line in self._listing.lines])
        self._relight()
        if self.selected_task != chosen:
            self.post_message(SelectionChanged(self.selected_task))
        self.post_message(ViewChanged())

    def redraw(self) -> None:
        """Something else than the light has changed."""
        self._tails.clear()
        super().redraw()

    def _list(self) -> None:
        self._tails.clear()
        assert self._picture is not None
        assert self._tree is not None
        self._listing = tree_lines.listing(self._tree, self._picture.snapshot, self.size.height - self.HEAD_ROWS)

    def on_resize(self) -> None:
        """The legend stands at the bottom, so the lines depend on the height."""
        super().on_resize()
        if self._tree is not None:
            self._list()
            self.set_keys([line.key for line in self._listing.lines])

    def _line_of_cursor(self) -> int | None:
        key = self.cursor_key
        return None if key is None else self.line_of(key)

    def _relight(self) -> None:
        """The cursor, a mode or the states are others: which strokes are lit follows from them."""
        picture, line = self._picture, self._line_of_cursor()
        before = self._lit
        self._path = self._circle = DARK
        if picture is not None and self._tree is not None and line is not None:
            if self._link is None:
                self._path = tree_light.blocking(self._listing, picture.snapshot, line)
            else:
                self._link = self._link.judged(picture.snapshot, self.selected_task)
                if self._link.verdict is not None:
                    self._circle = tree_light.cycle(self._listing, self._link.verdict.path)
        self._lit = self._path, self._circle, self._link
        if before[1:] != self._lit[1:]:
            self.redraw()
        elif picture is not None and before[0] != self._path:
            self._relit(picture, before[0])

    def _relit(self, picture: Picture, before: Light) -> None:
        """Paint only those lines anew that another light falls on."""
        view = [line for line in self.lines_in_view if line < len(self._listing.lines)]

        def look(light: Light, line: int) -> object:
            return tree_light.seen(light, self._listing, picture.snapshot, line, DEPTH)

        same = {line for line in view if look(before, line) == look(self._path, line)}
        self.forget_all_but(same)
        for line in view:
            if line not in same:
                self.refresh_line(line + self.HEAD_ROWS)

    # drawing

    def head_row(self, index: int, width: int) -> Row:
        """The names of the columns; in link mode what is being picked."""
        if self._tree is None or self._picture is None:
            return BLANK
        if self._link is not None:
            return link_words.banner_row(self._picture, self._link, self.selected_task, width, self.glyphs)
        return tree_rows.titles(width)

    def row(self, index: int, width: int, selected: bool) -> Row:
        """One line of the view."""
        if self._picture is None or self._tree is None:
            return BLANK
        sight = tree_rows.Sight(
            self._picture,
            self._tree,
            self._listing,
            self.glyphs,
            self._folded,
            self._path,
            self._circle,
            self._link,
            self.selected_task,
            self._critical_only,
            self._tails,
        )
        return tree_rows.row(sight, index, width, selected)

    def taught(self, y: int) -> Row | None:
        """While nothing is linked: a row of what belongs here; None for rows that show something else."""
        picture = self._picture
        if picture is None or picture.snapshot.operation < 0 or picture.snapshot.before:
            return None
        first = TAUGHT if self._tree is not None else 0
        if y < first or self.size.height < first + 4:
            return None
        block = teaching_rows.rows(teaching_rows.DEPS, self.size.width, self.size.height - first, self.glyphs)
        return block[y - first] if y - first < len(block) else BLANK

    def render_line(self, y: int) -> Strip:
        """A line of the list; where there is none, what belongs here."""
        taught = self.taught(y)
        return super().render_line(y) if taught is None else self.paint(taught, self.size.width)
