"""board: the columns of the team with their cards, drawn side by side as far as they fit."""

from __future__ import annotations

from taskterm.cli.drawing import cells_of, cut, folded, painted
from taskterm.cli.options import INLINE, Command, Given, Option
from taskterm.cli.rows import cells_of as row_of
from taskterm.cli.rows import now_text
from taskterm.cli.session import Session
from taskterm.cli.text import Cell, cells, fit, fit_words, table
from taskterm.core import dates
from taskterm.core import lanes as lanes_of
from taskterm.core.display import STATE_ROLES, visible
from taskterm.core.model import Task
from taskterm.core.snapshot import Snapshot, board, is_overdue, shown_state
from taskterm.core.urgency import urgency_at
from taskterm.core.zone import epoch_of
from taskterm.store.board import Top, top

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_CARDS = 8
"""Cards of a column that are shown unless -n asks for another number."""
_NARROWEST, _GAP = 22, 2
"""Cells of the narrowest column, and between two."""


def show(session: Session, given: Given) -> int:
    """The board, of everything or of what a query chooses."""
    words = given.all_words()
    if given.flag("inline"):
        from taskterm.cli.commands import screen

        return screen.run(session, inline=True, query=" ".join(words))
    limit, by = given.number("n"), given.text("by")
    lanes: tuple[lanes_of.Lane, ...] = ()
    if words or session.json or by:
        snapshot, tops = _whole(session, words, None if by else limit if session.json else limit or _CARDS)
        if by:
            columns = [[task.id for task in one.stage.tasks] for one in tops]
            lanes = lanes_of.lanes(columns, snapshot.tasks, by)
    else:
        from taskterm.cli.picture import around

        with session.store().read() as reader:
            tops = top(reader, session.now, limit or _CARDS)
            snapshot = around(reader, [task.id for one in tops for task in one.stage.tasks])
    if session.json:
        session.data(_object(session, snapshot, tops, lanes))
    elif session.width is None:
        _plain(session, snapshot, tops, lanes, by or "")
    elif words and not any(one.size for one in tops):
        pass  # what is said instead has been said
    elif by:
        for number, lane in enumerate(lanes):
            if number:
                session.say()
            name = visible(lanes_of.name_of(lane.key, by))
            session.say(painted(session, [Cell(name, "", True), Cell(f" {lane.size}", "mute")]))
            _draw(session, snapshot, _in_lane(snapshot, tops, lane, limit or _CARDS), session.width, True)
    else:
        _draw(session, snapshot, tops, session.width, bool(words))
    if not words and not session.json and not any(one.size for one in tops):
        session.note('the board is empty; add a task with: taskterm add "Write the notes"')
    session.shows_running = any(task.run_state == "running" for one in tops for task in one.stage.tasks)
    return 0


def _whole(session: Session, words: Sequence[str], limit: int | None) -> tuple[Snapshot, tuple[Top, ...]]:
    """The whole picture, and the cards that fit the query; says so where none does."""
    from taskterm.cli import asking

    at = dates.to_utc_text(session.now)
    snapshot = session.store().snapshot()
    tasks: Collection[Task] = snapshot.tasks.values()
    if words:
        asked = asking.parse(session, words)
        asking.refuse_misspelt(asked, tasks)
        tasks = [task for task in tasks if asked.fits(snapshot, task, at)]
        if not tasks:
            asking.say_nothing_fits(session, words, asked, snapshot.tasks.values(), "")
    stages = board(snapshot.columns, tasks, at, urgency_at(session.now.timestamp(), epoch_of))
    return snapshot, tuple(Top(stage._replace(tasks=stage.tasks[:limit]), len(stage.tasks)) for stage in stages)


# ── drawn


def _draw(session: Session, snapshot: Snapshot, tops: Sequence[Top], width: int, chosen: bool) -> None:
    """As many columns as fit side by side; where only one would, all of them one under another."""
    count = min((width + _GAP) // (_NARROWEST + _GAP), len(tops))
    if count < 2:
        for index, one in enumerate(tops):
            if index:
                session.say()
            for line in _column(session, snapshot, one, width, chosen):
                session.say(line)
        return
    shown = _most_wanted(tops, count)
    _outside(session, tops, shown, width)
    size = (width - _GAP * (count - 1)) // count
    lists = [_column(session, snapshot, one, size, chosen) for one in shown]
    for index in range(max(map(len, lists))):
        pieces = [lines[index] if index < len(lines) else "" for lines in lists]
        line = ""
        for at, piece in enumerate(pieces):
            line += " " * (at * (size + _GAP) - _drawn_cells(line)) + piece
        session.say(line.rstrip())


def _most_wanted(tops: Sequence[Top], count: int) -> list[Top]:
    """The columns that fit, from left to right: what can begin and what is under way before what is blocked or done."""
    order = {"ready": 0, "stage": 1, "blocked": 2, "done": 3}
    first = sorted(range(len(tops)), key=lambda i: (order[tops[i].stage.column.kind], i))[:count]
    return [tops[i] for i in sorted(first)]


def _outside(session: Session, tops: Sequence[Top], shown: Sequence[Top], width: int) -> None:
    """Names the columns that have no room: `◀ Blocked 9` and, at the right, `Done 4 ▶`."""
    at = [index for index, one in enumerate(tops) if one in shown]
    names = [f"{visible(one.stage.column.name)} {one.size}" for one in tops]
    left = [name for index, name in enumerate(names) if index < at[0]]
    right = [name for index, name in enumerate(names) if index > at[0] and index not in at]
    if not left and not right:
        return
    before = f"{'<' if session.ascii else '◀'} {'  '.join(left)}" if left else ""
    after = f"{'  '.join(right)} {'>' if session.ascii else '▶'}" if right else ""
    line = before + " " * (width - cells(before) - cells(after)) + after
    session.say(session.paint(fit(line, width), "mute"))


def _column(session: Session, snapshot: Snapshot, one: Top, width: int, chosen: bool) -> list[str]:
    """The head, a rule, and the cards of a column, each line in `width` cells at most."""
    column, limit = one.stage.column, one.stage.column.wip_limit
    of = f" / {limit}" if limit is not None and not chosen else ""
    fill = "" if chosen else one.stage.limit_state
    name = [Cell(visible(column.name), "", True), Cell(f" {one.size}{of}", "mute")]
    room = width - (cells(fill) + 1 if fill else 0)
    name = cut(name, room)
    head = painted(session, name, room if fill else 0) + (" " + session.paint(fill, "warn") if fill else "")
    lines = [head, session.paint(("-" if session.ascii else "─") * width, "mute")]
    for index, task in enumerate(one.stage.tasks):
        if index:
            lines.append("")
        lines += _card(session, snapshot, task, width)
    more = one.size - len(one.stage.tasks)
    if more > 0:
        lines += ["", session.paint(f"  and {more} more", "mute")]
    return lines


def _card(session: Session, snapshot: Snapshot, task: Task, width: int) -> list[str]:
    """The edge in the colour of the state; the title, what explains the state, and id, priority, owner, due date."""
    at = dates.to_utc_text(session.now)
    state = shown_state(task, at)
    role = STATE_ROLES.get(state, "mute")
    inner = width - 2
    done = state in ("done", "cancelled")
    titles = folded(visible(task.title), inner)
    if len(titles) > 2:
        titles = [titles[0], fit(" ".join(titles[1:]), inner)]
    lines = [[Cell(title, "mute" if done else "", state in ("running", "failed"))] for title in titles]
    sentence, telling = now_text(snapshot, task, session.now)
    if sentence and not done:
        lines.append([Cell(fit_words(visible(sentence), inner), telling)])
    lines.append(_facts(session, task, state, inner))
    edge = session.paint("|" if session.ascii else "▎", role)
    return [f"{edge} {painted(session, cut(line, inner))}" for line in lines]


def _facts(session: Session, task: Task, state: str, width: int) -> list[Cell]:
    """`○ 12 H @ana      Fri 27`: the owner gives way first, id and date never."""
    left = [Cell(session.glyph(state), STATE_ROLES.get(state, "mute")), Cell(f" {task.id}", "mute")]
    if task.priority and state != "done":
        left.append(Cell(f" {task.priority}", "warn" if task.priority == "H" else "mute"))
    late = is_overdue(task, dates.to_utc_text(session.now))
    due = Cell("")
    if state in ("done", "cancelled"):
        from taskterm.core.forecast import past_word

        due = Cell(past_word(task.completed_at, session.now) if task.completed_at else "", "mute")
    elif task.due:
        due = Cell(dates.format_due(task.due, session.now), "warn" if late else "", late)
    room = width - cells_of(left) - (cells(due.text) + 1 if due.text else 0)
    if task.assignee and room > 3:
        left.append(Cell(fit(f" @{visible(task.assignee)}", room)))
    return [*left, Cell(" " * (width - cells_of(left) - cells(due.text))), due] if due.text else left


def _drawn_cells(line: str) -> int:
    """How many cells a painted line takes."""
    plain, rest = "", line
    while rest:
        before, escape, rest = rest.partition("\x1b[")
        plain += before
        if escape:
            rest = rest.partition("m")[2]
    return cells(plain)


# ── for programs


def _in_lane(snapshot: Snapshot, tops: Sequence[Top], lane: lanes_of.Lane, limit: int) -> list[Top]:
    """The columns with the cards of one lane."""
    return [
        Top(one.stage._replace(tasks=tuple(snapshot.tasks[i] for i in cell[:limit]), limit_state=""), len(cell))
        for one, cell in zip(tops, lane.cells, strict=True)
    ]


def _plain(session: Session, snapshot: Snapshot, tops: Sequence[Top], lanes: Sequence[lanes_of.Lane], by: str) -> None:
    """One card a line: column, state, id, priority, title, the sentence, owner, due date; the lane before all that."""
    rows = [
        [Cell(one.stage.column.name), *row_of(session, snapshot, task, session.now)]
        for one in (() if by else tops)
        for task in one.stage.tasks
    ]
    for lane in lanes:
        name = Cell(lanes_of.name_of(lane.key, by))
        for one in _in_lane(snapshot, tops, lane, lane.size):
            rows += [
                [name, Cell(one.stage.column.name), *row_of(session, snapshot, task, session.now)]
                for task in one.stage.tasks
            ]
    for line in table(rows, width=None):
        session.say(line)
    left = [f"{rest} more in {one.stage.column.name}" for one in tops if (rest := one.size - len(one.stage.tasks))]
    if left:
        session.note(f"{', '.join(left)}; ask for them with: taskterm board -n N")


def _object(
    session: Session, snapshot: Snapshot, tops: Sequence[Top], lanes: Sequence[lanes_of.Lane]
) -> dict[str, object]:
    from taskterm.core.document import task_object

    return {
        "columns": [
            {
                "key": one.stage.column.key,
                "name": one.stage.column.name,
                "kind": one.stage.column.kind,
                "wip_limit": one.stage.column.wip_limit,
                "limit_state": one.stage.limit_state or None,
                "count": one.size,
                "tasks": [task_object(snapshot, task, session.now) for task in one.stage.tasks],
            }
            for one in tops
        ],
        "lanes": [
            {
                "name": lane.key or None,
                "tasks": {one.stage.column.key: list(cell) for one, cell in zip(tops, lane.cells, strict=True)},
            }
            for lane in lanes
        ],
    }


COMMANDS = {
    "board": Command(
        "board",
        "[QUERY…]",
        "the columns and their cards",
        show,
        (
            Option("-n", f"so many cards of a column ({_CARDS})", "N", number=True),
            Option("--by", "in lanes: person or project", "WHAT", choices=lanes_of.BY),
            INLINE,
        ),
        (
            ("board", "as many columns as fit; the others are named"),
            ("board @ana -n 3", "Ana's cards, three of a column"),
            ("board --by person", "a lane a person"),
            ("board --inline", "live under the prompt: move, done, everything else that keys do; q leaves"),
        ),
        (
            "Cards stand where the graph puts them: Blocked, Ready, then the stages of tasks in progress, Done. move"
            " puts a card into a stage. In a pipe a card is a line, its column first, tabs in between; --json has all"
            " cards unless -n is given.",
        ),
        "tags",
    ),
}
