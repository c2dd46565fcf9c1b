"""The scenes of the pictures: each brings the real program into a state and hands back what its screen shows."""

from __future__ import annotations

import atexit
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from functools import cache, partial
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from textual import events

from taskterm import settings
from taskterm.tui.widgets.board import Board
from taskterm.tui.widgets.detail import Detail
from taskterm.tui.widgets.entry import Entry
from taskterm.tui.widgets.notes import Notes
from tests.screenshots.sample import NAME, NOW, sample
from tests.screenshots.told import at_home
from tests.tui.drive import Drive, opened

WIDE, CLASSIC, SMALL = (140, 40), (80, 24), (60, 24)
PASTED = 'Deploy the docs site +ops @ana project:site.docs due:"fri 17:00" est:2h pri:H '
TYPED = "after:15,web"


class Shot(NamedTuple):
    """One picture to be: `name` of its file without ending, `size` in columns and rows, `svg` as Textual exports it."""

    name: str
    size: tuple[int, int]
    svg: str


Scene = Callable[[], Awaitable[Shot]]
Act = Callable[[Drive], Awaitable[None]]


@cache
def team_home() -> Path:
    """The home with the team's database; one for all scenes, since none of them writes. It goes with the process."""
    kept = ExitStack()
    atexit.register(kept.close)
    return kept.enter_context(sample())


@asynccontextmanager
async def on_stage(
    home: Path, size: tuple[int, int], *, file: str = NAME, colour: bool = True, **options: Any
) -> AsyncIterator[Drive]:
    """The program as ana sees it at home, at NOW."""
    with at_home(home, **({} if colour else {"NO_COLOR": "1"})):
        rmtree(Path(settings.folder("state"), "drafts"), ignore_errors=True)  # of another scene
        async with opened(home / file, size, clock=lambda: NOW, **options) as drive:
            yield drive


async def play(name: str, act: Act, size: tuple[int, int] = WIDE, home: Path | None = None, **options: Any) -> Shot:
    """One scene: open the program, act, and take what the screen shows."""
    async with on_stage(home or team_home(), size, **options) as drive:
        await act(drive)
        await told(drive)
        await drive.pilot.pause()
        return Shot(name, size, drive.app.export_screenshot())


async def shows(drive: Drive, *words: str) -> None:
    """Wait until the screen shows all of this."""
    for word in words:
        await drive.until(partial(_is_shown, drive, word), repr(word))


def _is_shown(drive: Drive, word: str) -> bool:
    return word in drive.text


async def told(drive: Drive) -> None:
    """Wait until the pane or the page, where there is one, knows the history of the task that is selected."""
    desk = drive.app.desk
    if desk.has_class("with-detail") or desk.has_class("page"):
        await drive.until(lambda: _knows(desk.detail, desk.selected_task), "the history of the task")


def _knows(detail: Detail, task_id: int | None) -> bool:
    return detail.task_id == task_id and (task_id is None or detail._extra.task_id == task_id)


async def select(drive: Drive, task_id: int) -> None:
    """Put the cursor on a task, and wait until the pane beside the list knows its history."""
    drive.app.go_to(task_id)
    await told(drive)


async def tasks(drive: Drive) -> None:
    """The list, its cursor on what runs."""
    await select(drive, 15)
    await shows(drive, "test_subscriptions")


async def tasks_narrow(drive: Drive) -> None:
    """The list alone; what is left out first are owner and priority."""
    drive.app.go_to(15)
    await shows(drive, "Tidy the staging")


async def board(drive: Drive) -> None:
    """The board, its cursor on what everybody waits for."""
    await drive.press("2")
    await shows(drive, "Review")
    drive.app.go_to(17)


async def board_narrow(drive: Drive) -> None:
    """Three columns of it; the line above them names those outside."""
    await drive.press("2")
    await shows(drive, "Ready")
    drive.app.go_to(44)
    await drive.press("l", "l", "h", "down", "down")


async def diagram(drive: Drive) -> None:
    """The release as a flowchart, its cursor on what holds up most."""
    drive.app.go_to(17)
    await drive.press("3")
    await drive.press("g")
    await shows(drive, "━━▶ critical", "#17 Write release", "holds up")
    await drive.press("z")  # in the middle, wherever following it had left the window


async def tree(drive: Drive) -> None:
    """What comes before and after the approval, its cursor on what it waits for most."""
    await select(drive, 19)
    await drive.press("3")
    await shows(drive, "Waited for")
    await drive.press("down", "down")
    await shows(drive, "#17 Write release notes")


async def runs(drive: Drive) -> None:
    """Three tasks of the release write at the same time."""
    await drive.press("4")
    await shows(drive, "test_subscriptions", "orders.py", "--self-test", "3 panes")


async def runs_failed(drive: Drive) -> None:
    """A failed run opens at the first line that reads like the failure."""
    await drive.press("4")
    drive.app.go_to(25)
    await drive.press("tab")
    await shows(drive, "first error shown", "device (28)")


async def runs_narrow(drive: Drive) -> None:
    """The same on a small terminal: one pane, the list in one line, the failure in two."""
    await drive.press("4")
    drive.app.go_to(15)
    await shows(drive, "test_subscriptions", "ended with exit 23")


async def capture(drive: Drive) -> None:
    """A task as it is typed: what is understood already, and the one word that is not yet."""
    await tasks(drive)
    await drive.press("a")
    drive.app.post_message(events.Paste(PASTED))
    await shows(drive, PASTED.strip())
    await drive.spell(TYPED)  # the offers are as wide as the widest so far
    await shows(drive, "is not one task yet")


async def palette(drive: Drive) -> None:
    """What can be done about a failed task, and everything else with the same letters."""
    await select(drive, 25)
    await drive.press(":")
    await drive.type("st")
    await shows(drive, "Start a workflow")


async def link(drive: Drive) -> None:
    """The web shop shall wait for the mirror."""
    await select(drive, 25)
    await drive.press("l")
    await drive.type("21")
    await shows(drive, "If you link these")


async def trust(drive: Drive) -> None:
    """Commands that would run and nobody has approved here."""
    await select(drive, 51)
    await drive.press("r")
    await shows(drive, "rotate.sh")


async def first_run(drive: Drive) -> None:
    """An empty database."""
    await shows(drive, "Add a task")


async def board_drag(drive: Drive) -> None:
    """A card over a column that is full: what dropping it there would do, said before it is dropped."""
    await drive.press("2")
    await shows(drive, "Review", "Badge and desk")
    board = drive.app.query_one(Board)
    y, x = next((y, line.index("Badge and desk")) for y, line in enumerate(drive.lines) if "Badge and desk" in line)
    top = board.region.y
    await drive.pilot.mouse_down(Board, offset=(x, y - top))
    await drive.pilot.hover(Board, offset=(x + 20, y - top + 5))
    await drive.pilot.hover(Board, offset=(x + 27, y - top + 8))
    await shows(drive, "#35 lifted", "Doing would hold 6")


async def board_lanes(drive: Drive) -> None:
    """A lane for each person."""
    await drive.press("2", "L")
    await shows(drive, "more lanes")
    drive.app.go_to(17)


async def history(drive: Drive) -> None:
    """Who did what, today and before; beside it what changed."""
    await drive.press("7")
    await shows(drive, "Security scan waits", "operation")
    await drive.press("j", "j")
    await shows(drive, "bandit -r shop")


async def marked(drive: Drive) -> None:
    """Three tasks changed by one line."""
    await select(drive, 35)
    await drive.press("m", "m", "m")
    await told(drive)
    await drive.press("e")
    await drive.type("@dana +onsite due:fri")
    await shows(drive, "owner @dana, due Fri 27 Nov, +onsite")


async def conflict(drive: Drive) -> None:
    """Two people have changed the same fields; nothing is written until each is decided."""
    await select(drive, 33)
    await drive.press("e")
    form = drive.app.screen
    form.query_one("#field-due", Entry).value = "thu 12:00"
    form.query_one(Notes).text = "Courier says Thursday morning, signature needed."
    values = {"due": "2026-11-25T17:00:00Z", "notes": "Delivery confirmed for Wed 25, tracking DHL 00340434."}
    drive.store.execute("edit", {"refs": [33], "set": values}, actor="dana", now=NOW)
    await shows(drive, "dana made it")
    await drive.press("ctrl+s")
    await shows(drive, "Nothing is written yet")
    await drive.press("1")


async def conflict_scene() -> Shot:
    """In a database of its own, since it writes."""
    with sample() as home:
        return await play("conflict", conflict, home=home)


async def first_run_scene() -> Shot:
    """The first start of all, in an empty home."""
    with TemporaryDirectory() as folder:
        return await play("first-run", first_run, home=Path(folder), file="tasks.db")


SCENES: tuple[Scene, ...] = (
    partial(play, "tasks", tasks),
    partial(play, "tasks-light", tasks, theme="taskterm-light"),
    partial(play, "tasks-ascii", tasks, colour=False, ascii_only=True),
    partial(play, "tasks-60", tasks_narrow, SMALL),
    partial(play, "board", board),
    partial(play, "board-drag", board_drag),
    partial(play, "board-lanes", board_lanes),
    partial(play, "board-80x24", board_narrow, CLASSIC),
    partial(play, "tree", tree),
    partial(play, "diagram", diagram),
    partial(play, "diagram-80x24", diagram, CLASSIC),
    partial(play, "runs", runs),
    partial(play, "runs-failed", runs_failed),
    partial(play, "runs-80x24", runs_narrow, CLASSIC),
    partial(play, "history", history),
    partial(play, "history-80x24", history, CLASSIC),
    partial(play, "capture", capture),
    partial(play, "marked", marked),
    conflict_scene,
    partial(play, "palette", palette),
    partial(play, "link", link),
    partial(play, "trust", trust),
    first_run_scene,
)
