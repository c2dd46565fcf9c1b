"""The first picture: it is what Textual draws then, cell by cell; it costs no library, loses no key, and cleans up."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import Color, ColorSystem

from taskterm.core.palette import THEMES
from taskterm.store.store import Store
from taskterm.tui import frame, making, opening, shades
from taskterm.tui.glyphs import PLAIN, UNICODE
from taskterm.tui.picture import Picture
from taskterm.tui.text import COMMON, cells
from tests.bench.sample import fill as fill_many
from tests.screenshots.sample import NOW as TOLD
from tests.screenshots.sample import tell
from tests.screenshots.told import at_home
from tests.test_imports import HEAVY, of
from tests.tui.drive import NOW, fill
from tests.tui.test_terminal import Terminal, needs_tmux

SIZES = ((80, 24), (120, 40), (200, 60))
LOOKS = {
    "dark": ("--theme dark", {"COLORTERM": "truecolor"}),
    "light": ("--theme light", {"COLORTERM": "truecolor"}),
    "paper": ("--theme paper", {"COLORTERM": "truecolor"}),
    "256 colours": ("--theme dark", {}),
    "ansi": ("--theme ansi", {}),
    "no colour": ("", {"NO_COLOR": "1"}),
    "ascii": ("--ascii", {"COLORTERM": "truecolor"}),
}
UNWANTED = HEAVY | {"typing", "re", "json", "functools", "enum", "collections", "datetime", "pathlib", "asyncio"}


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A team's database with everything in it: running, failed, waiting, late, done today."""
    folder = tmp_path_factory.mktemp("told")
    with at_home(folder):
        tell(Store(str(folder / "team.db"), create=True, host="kestrel"))
    return folder / "team.db"


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some hundred tasks, most of them outside the screen."""
    path = tmp_path_factory.mktemp("many") / "many.db"
    fill_many(str(path), 400, TOLD)
    return path


def drawn(path: Path, picture: Picture, width: int, height: int, glyphs: Any = UNICODE) -> list[str]:
    """The screen line by line, each span with how it is drawn."""
    return [
        " ".join(repr(tuple(span)[:7]) for row, room, _ in line for span in frame.filled(row, room))
        for line in frame.lines(frame.Opened(str(path), "/nowhere"), picture, width, height, glyphs)
    ]


def both(path: Path, width: int, height: int, now: datetime) -> tuple[Picture, Picture]:
    """The picture of the first screen, read with narrow statements, and that of the whole database."""
    store = Store(str(path), create=True)
    with store.read() as reader:
        narrow = opening.read(reader, now, frame.list_room(height), detail=width >= frame.WIDE)
    return narrow, making.whole(store.snapshot(), now)


@pytest.mark.parametrize("later", [0, 1, 400], ids=["at once", "tomorrow", "next year"])
@pytest.mark.parametrize("size", [(60, 20), *SIZES, (140, 200)])
@pytest.mark.parametrize("which", ["told", "many"])
def test_the_narrow_statements_show_the_very_screen_that_the_whole_database_shows(
    which: str, size: tuple[int, int], later: int, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(which)
    narrow, whole = both(path, *size, TOLD + timedelta(days=later))
    assert narrow.counts == whole.counts
    for glyphs in (UNICODE, PLAIN):
        assert drawn(path, narrow, *size, glyphs) == drawn(path, whole, *size, glyphs)


def _steps(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "run": "true"} for name in names]


@pytest.mark.parametrize(
    "tasks",
    [
        [],
        [{"title": "Only one"}],
        [
            {"title": "Later", "wait": "2026-12-03T00:00:00Z"},
            {"title": "Then", "after": [1], "due": "2026-11-01T00:00:00Z"},
        ],
        [
            {"title": "Now", "tags": ["next"]},
            {"title": "Soon", "priority": "H"},
            {"title": "With steps", "steps": _steps("a", "b")},
        ],
        [{"title": f"Wide 日本語 🚀 {i}", "after": [1] if i else []} for i in range(40)],
    ],
    ids=["empty", "one", "waiting", "ready", "blocked"],
)
@pytest.mark.parametrize("size", SIZES)
def test_a_small_database_is_shown_alike(tmp_path: Path, tasks: list[dict[str, Any]], size: tuple[int, int]) -> None:
    store = fill(tmp_path / "t.db", *tasks)
    narrow, whole = both(tmp_path / "t.db", *size, NOW)
    assert drawn(tmp_path / "t.db", narrow, *size) == drawn(tmp_path / "t.db", whole, *size)
    if tasks:
        store.execute("done", {"refs": [1]}, actor="ana", now=NOW)
        store.execute("start", {"refs": [len(tasks)]}, actor="ana", now=NOW) if len(tasks) > 1 else None
        for later in (timedelta(minutes=5), timedelta(days=3)):
            narrow, whole = both(tmp_path / "t.db", *size, NOW + later)
            assert narrow.counts == whole.counts
            assert drawn(tmp_path / "t.db", narrow, *size) == drawn(tmp_path / "t.db", whole, *size)


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_colours_are_brought_down_as_rich_does_it(rgb: tuple[int, int, int]) -> None:
    colour = Color.from_rgb(*rgb)
    assert shades.many(rgb) == colour.downgrade(ColorSystem.EIGHT_BIT).number
    assert shades.few(rgb) == colour.downgrade(ColorSystem.STANDARD).number


def test_the_colours_of_every_theme_are_brought_down_as_rich_does_it() -> None:
    for text in {colour for colours in THEMES.values() for colour in colours.values()}:
        colour = Color.parse(text)
        assert colour.triplet is not None
        rgb = (colour.triplet.red, colour.triplet.green, colour.triplet.blue)
        assert shades.many(rgb) == colour.downgrade(ColorSystem.EIGHT_BIT).number
        assert shades.few(rgb) == colour.downgrade(ColorSystem.STANDARD).number


def test_common_characters_are_as_wide_as_rich_says() -> None:
    for first, last, _ in COMMON:
        for code in range(first, last + 1):
            assert cells(chr(code)) == cell_len(chr(code)), hex(code)


class Paused:
    """The program in a terminal, stopped at its first picture."""

    def __init__(self, terminal: Terminal, folder: Path) -> None:
        self.terminal = terminal
        self._gate = folder / "gate"
        self._loaded = folder / "loaded"
        os.mkfifo(self._gate)

    def start(self, *words: str) -> str:
        """The screen (with its colours) of the first picture."""
        program = str(Path(__file__).with_name("paused.py"))
        given = [sys.executable, program, str(self._gate), str(self._loaded)]
        self.terminal.type(f"clear; {shlex.join(given)} {' '.join(words)}")
        self.terminal.keys("Enter")
        self.terminal.until(lambda _: self._loaded.exists() and "brand.x" in self.loaded_or_empty(), "the picture")
        return self.terminal.coloured()

    def loaded_or_empty(self) -> str:
        """What was loaded at the time of the picture; empty as long as that is being written."""
        text = self._loaded.read_text()
        return f"{text}\nbrand.x" if "taskterm.tui.first" in text else ""

    def go_on(self) -> None:
        """Let Textual load."""
        with self._gate.open("w") as gate:
            gate.write("go")


@pytest.fixture
def start_terminal(home: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Paused]]:
    made: list[Terminal] = []

    def start(width: int, height: int, **more: str) -> Paused:
        env = {**home, "TZ": "UTC", **more}
        terminal = Terminal(env, tmp_path / f"tmux{len(made)}")
        made.append(terminal)
        terminal.resize(width, height)
        terminal.until(lambda screen: "ready>" in screen, "the shell")
        return Paused(terminal, tmp_path)

    yield start
    for terminal in made:
        terminal.close()


@needs_tmux
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_first_picture_of_textual_equals_it_cell_by_cell(
    start_terminal: Callable[..., Paused], told: Path, size: tuple[int, int], look: str
) -> None:
    options, env = LOOKS[look]
    paused = start_terminal(*size, TASKTERM_DB=str(told), **env)
    plain = paused.start("--still", options)
    assert "Run the integration tests" in plain or "ntegration" in plain
    paused.go_on()
    paused.terminal.until(lambda _: paused.terminal.title() == "taken over", "Textual")
    assert paused.terminal.coloured().splitlines() == plain.splitlines()


@needs_tmux
def test_the_first_picture_loads_nothing_slow_and_keys_typed_meanwhile_are_kept(
    start_terminal: Callable[..., Paused], home: dict[str, str]
) -> None:
    store = fill(Path(home["TASKTERM_DB"]), *({"title": f"Task {n}"} for n in range(1, 40)))
    paused = start_terminal(80, 24)
    before = paused.start()
    loaded = set(paused.loaded_or_empty().split())
    assert of(UNWANTED, loaded) == []
    paused.terminal.keys("j", "j", "Space", "G", "Space")
    paused.terminal.type("aBuy oat milk")
    paused.terminal.keys("Enter")
    assert paused.terminal.coloured() == before, "what is typed is not echoed"
    paused.go_on()
    paused.terminal.until(lambda _: len(store.snapshot().tasks) == 40, "the new task")
    snapshot = store.snapshot()
    assert snapshot.tasks[40].title == "Buy oat milk"
    assert [task.id for task in snapshot.tasks.values() if task.status == "done"] == [3, 39]
    paused.terminal.keys("q")
    paused.terminal.until(lambda screen: screen.rstrip().endswith("ready>"), "the shell")
    assert paused.terminal.modes() == "0 0 1"


@needs_tmux
def test_a_terminal_that_was_resized_meanwhile_is_drawn_in_its_new_size(
    start_terminal: Callable[..., Paused], home: dict[str, str]
) -> None:
    fill(Path(home["TASKTERM_DB"]), {"title": "Write the notes"})
    paused = start_terminal(80, 24)
    paused.start()
    paused.terminal.resize(120, 30)
    paused.go_on()

    def wide(screen: str) -> bool:
        lines = screen.rstrip().splitlines()
        return len(lines) == 30 and "taskterm   1 Tasks" in screen and "? help" in lines[-1]

    paused.terminal.until(wide, "the screen in its new size")


@needs_tmux
def test_what_goes_wrong_before_textual_is_up_leaves_a_clean_terminal_and_is_said(
    start_terminal: Callable[..., Paused], home: dict[str, str], tmp_path: Path
) -> None:
    fill(Path(home["TASKTERM_DB"]), {"title": "Write the notes"})
    broken = tmp_path / "broken" / "textual"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('this Textual is broken')")
    paused = start_terminal(80, 24, PYTHONPATH=str(broken.parent))
    paused.start()
    paused.go_on()
    paused.terminal.until(lambda screen: "defect of TaskTerm (ImportError)" in screen, "the reason")
    paused.terminal.until(lambda screen: screen.rstrip().endswith("ready>"), "the shell")
    assert paused.terminal.modes() == "0 0 1"
    paused.terminal.type("echo seen")
    paused.terminal.until(lambda screen: screen.rstrip().endswith("ready> echo seen"), "an echo of what is typed")


def test_without_a_terminal_for_messages_the_screen_opens_as_ever(told: Path) -> None:
    from taskterm.tui import first

    assert first.open_screen(Store(str(told)), first.Asked("dark", False, datetime(2026, 11, 23, tzinfo=UTC))) is None
