"""Drawn answers: pieces of one line in several colours, cut and padded by cells, and tree lines with their columns."""

from __future__ import annotations

from taskterm.cli.session import Session
from taskterm.cli.text import Cell, cells, fit, fit_words
from taskterm.core import dates
from taskterm.core.display import ISOLATE, POP_ISOLATE, STATE_ROLES, visible
from taskterm.core.lean import NamedTuple
from taskterm.core.model import Task
from taskterm.core.snapshot import Snapshot, shown_state
from taskterm.core.tree import Branch, TreeLine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LIGHT = {"tee": "├─ ", "corner": "└─ ", "pipe": "│  ", "blank": "   "}
_HEAVY = {"tee": "┣━ ", "corner": "┗━ ", "pipe": "┃  ", "blank": "   "}
_ASCII = {"tee": "|- ", "corner": "`- ", "pipe": "|  ", "blank": "   "}
_ASCII_HEAVY = {"tee": "|= ", "corner": "`= ", "pipe": "|  ", "blank": "   "}
_TITLE = 16
"""Cells that a title keeps when its line gets narrow; then columns go, the last rank first."""


class Column(NamedTuple):
    """A column beside tree lines: one cell for each line, harmless already. Where a line would get too long, columns
    of rank 2 go first, then those of rank 1; a column of rank 0 stays and is cut."""

    cells: Sequence[Cell]
    rank: int = 0
    right: bool = False


def cells_of(pieces: Sequence[Cell]) -> int:
    """How many cells the pieces take side by side."""
    return sum(cells(piece.text) for piece in pieces)


def cut(pieces: Sequence[Cell], width: int, more: str = "…") -> list[Cell]:
    """The pieces in at most `width` cells, cut at the end."""
    if cells_of(pieces) <= width:
        return list(pieces)
    found: list[Cell] = []
    room = width
    for index, piece in enumerate(pieces):
        taken = cells(piece.text)
        follows = any(other.text for other in pieces[index + 1 :])
        if taken > room or (follows and taken == room):
            found.append(piece._replace(text=fit(piece.text + (more if taken <= room else ""), room, more)))
            break
        found.append(piece)
        room -= taken
    return found


def painted(session: Session, pieces: Sequence[Cell], width: int = 0, right: bool = False) -> str:
    """The pieces in their colours, with blanks up to `width` cells."""
    drawn = "".join(session.paint(piece.text, piece.role, piece.strong) for piece in pieces)
    blanks = " " * (width - cells_of(pieces))
    return blanks + drawn if right else drawn + blanks


def plain(pieces: Sequence[Cell]) -> str:
    """The pieces without colours."""
    return "".join(piece.text for piece in pieces)


def name_of(session: Session, task: Task, strong: bool = False, signs: bool | None = None) -> list[Cell]:
    """Sign, id, priority and title of a task; off a terminal, unless `signs` are asked for, the state's word."""
    state = shown_state(task, dates.to_utc_text(session.now))
    sign = session.glyph(state) if (session.terminal if signs is None else signs) else state
    pieces = [Cell(sign, STATE_ROLES.get(state, "mute")), Cell(f" {task.id} ", "mute")]
    if task.priority:
        pieces.append(Cell(f"{task.priority} ", "warn" if task.priority == "H" else "mute"))
    quiet = state in ("done", "cancelled")
    title = Cell(visible(task.title), "mute" if quiet else "", strong or state in ("running", "failed"))
    return [*pieces, title]


def folded(text: str, width: int | None, indent: str = "") -> list[str]:
    """Harmless text in lines of at most `width` cells (None: one line), broken at blanks, and inside words that are
    longer than a line; lines after the first begin with `indent`."""
    if width is None or cells(text) <= width:
        return [text]
    if text.startswith(ISOLATE):  # each line has to end what it begins
        return [f"{ISOLATE}{line}{POP_ISOLATE}" for line in folded(text[1:-1], width, indent)]
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1].strip() else lines[-1] + word
        if cells(joined) <= width:
            lines[-1] = joined
            continue
        if lines[-1].strip():
            lines.append(indent)
        lines[-1] += word
        while cells(lines[-1]) > width:
            head = fit(lines[-1], width, "")
            lines[-1:] = [head, indent + lines[-1][len(head) :]]
    return lines


def headline(session: Session, task: Task) -> None:
    """The task as the first line of an answer about it alone."""
    *lead, title = name_of(session, task, True)
    room = cells_of(lead)
    lines = folded(title.text, session.width - room if session.width else None)
    session.say(painted(session, [*lead, title._replace(text=lines[0])]))
    for line in lines[1:]:
        session.say(" " * room + session.paint(line, title.role, title.strong))


def draw(
    session: Session,
    snapshot: Snapshot,
    lines: Sequence[TreeLine],
    columns: Sequence[Column],
    above: Mapping[int, str] = {},
    width: int | None = None,
) -> None:
    """Prints tree lines: branches, sign, id, title, then the columns. Off a terminal tabs part them, nothing is cut.

    `above` holds what is printed before some lines, by their index; `width` is that of the terminal unless given.
    """
    width = width or session.width
    names = [_name(session, snapshot, line, width is not None) for line in lines]
    fitting: list[tuple[Column, int]] = []
    room = 0
    if width is not None:
        fitting, room = _fitting(width, lines, names, columns)
        whole = (3 * len(line.branches) + cells_of(name) for line, name in zip(lines, names, strict=True))
        room = min(room, max(whole, default=0))
    for index, (line, name) in enumerate(zip(lines, names, strict=True)):
        if index in above:
            session.say(above[index])
        if width is None:
            head = plain([*_branches(session, line.branches), *name])
            session.say("\t".join([head, *(column.cells[index].text for column in columns)]))
            continue
        drawn = painted(session, cut([*_shortened(session, line.branches, room), *name], room), room)
        for column, size in fitting:
            drawn += "   " + painted(session, [_fitted(column.cells[index], size)], size, column.right)
        session.say(drawn.rstrip())


def _fitted(cell: Cell, width: int) -> Cell:
    return cell._replace(text=fit_words(cell.text, width))


def _fitting(
    width: int, lines: Sequence[TreeLine], names: Sequence[Sequence[Cell]], columns: Sequence[Column]
) -> tuple[list[tuple[Column, int]], int]:
    """The columns that fit, each with its cells, and the cells left for the heads."""
    wide = [(c, max((cells(cell.text) for cell in c.cells), default=0)) for c in columns]
    wide = [(column, size) for column, size in wide if size]
    heads = [3 * len(line.branches) + cells_of(name) for line, name in zip(lines, names, strict=True)]
    titles = [cells_of(name) - cells(name[-1].text) + min(cells(name[-1].text), _TITLE) for name in names]
    least = min(max(heads, default=0), max(titles, default=0) + 12)
    for rank in (2, 1):
        if width - sum(size + 3 for _, size in wide) < least:
            wide = [(column, size) for column, size in wide if column.rank != rank]
    room = width - sum(size + 3 for _, size in wide)
    if room < least and wide:
        column, size = wide[0]
        less = min(least - room, max(size - 12, 0))
        wide[0] = (column, size - less)
        room += less
    return wide, room


def _name(session: Session, snapshot: Snapshot, line: TreeLine, signs: bool) -> list[Cell]:
    task = snapshot.tasks[line.task_id]
    if line.reference:
        above = "^" if session.ascii else "↑"
        return [Cell(f"{above} {task.id} ", "mute"), Cell(visible(task.title), "quote")]
    return name_of(session, task, line.critical, signs)


def _branches(session: Session, branches: Sequence[Branch]) -> list[Cell]:
    light, heavy = (_ASCII, _ASCII_HEAVY) if session.ascii else (_LIGHT, _HEAVY)
    return [
        Cell((heavy if branch.critical else light)[branch.kind], "" if branch.critical else "mute")
        for branch in branches
    ]


def _shortened(session: Session, branches: Sequence[Branch], room: int) -> list[Cell]:
    """The branches in at most half of the room; of deeper ones the left end is missing."""
    most = max(room // 2 // 3, 1)
    if len(branches) <= most:
        return _branches(session, branches)
    return [Cell("…  ", "mute"), *_branches(session, branches[len(branches) - most + 1 :])]
