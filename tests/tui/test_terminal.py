"""In a real terminal (tmux): every view draws; a resize or a kill does no harm, nothing is left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.tui.drive import fill

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
pytestmark = needs_tmux
DEADLINE = 30.0


class Terminal:
    """A tmux server of its own with one window; the program runs under a shell that outlives it."""

    def __init__(self, env: dict[str, str], socket: Path) -> None:
        self._socket = str(socket)
        self._env = {**env, "TERM": "xterm-256color"}
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", "140", "-y", "40", "env PS1='ready> ' bash --norc")

    def coloured(self) -> str:
        """The screen with its escape sequences."""
        return self._tmux("capture-pane", "-p", "-e")

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", self._socket, *words], env=self._env, capture_output=True, text=True, check=False, timeout=30
        )
        return done.stdout

    def keys(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)

    def resize(self, width: int, height: int) -> None:
        self._tmux("resize-window", "-x", str(width), "-y", str(height))

    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def modes(self) -> str:
        """Whether the alternate screen, mouse reporting and a visible cursor are on: `0 0 1` is a clean terminal."""
        return self._tmux("display-message", "-p", "#{alternate_on} #{mouse_any_flag} #{cursor_flag}").strip()

    def title(self) -> str:
        """What the program has called its window."""
        return self._tmux("display-message", "-p", "#{pane_title}").strip()

    def program(self) -> int:
        """The process that the shell runs now."""
        shell = self._tmux("display-message", "-p", "#{pane_pid}").strip()
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", shell], capture_output=True, text=True, check=True)
        return int(found.stdout.split()[0])

    def until(self, condition: Callable[[str], object], what: str) -> str:
        """The first screen that satisfies the condition."""
        end = time.monotonic() + DEADLINE
        while not condition(screen := self.screen()):
            assert time.monotonic() < end, f"waited in vain for {what}; the screen was:\n{screen}"
        return screen

    def close(self) -> None:
        self._tmux("kill-server")


@pytest.fixture
def terminal(home: dict[str, str], tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(home, tmp_path / "tmux")
    made.until(lambda screen: "ready>" in screen, "the shell")
    yield made
    made.close()


def mouse(terminal: Terminal, *events: str) -> None:
    """Mouse reports in SGR form, such as `0;10;5M` for a press at column 10 of line 5."""
    for event in events:
        terminal.type(f"\x1b[<{event}")


def place_of(screen: str, text: str) -> tuple[int, int]:
    """Column and line of a text, from 1."""
    for number, line in enumerate(screen.splitlines(), 1):
        if text in line:
            return line.index(text) + 1, number
    raise AssertionError(f"{text!r} is not on the screen:\n{screen}")


def _shows(text: str, screen: str) -> bool:
    return text in screen


def open_screen(terminal: Terminal, *options: str) -> None:
    terminal.type(" ".join([f'"{sys.executable}"', "-m", "taskterm", *options]))
    terminal.keys("Enter")


def test_every_view_draws_a_resize_does_no_harm_and_the_terminal_is_clean_afterwards(
    terminal: Terminal, home: dict[str, str]
) -> None:
    fill(Path(home["TASKTERM_DB"]), {"title": "Write 日本語 🚀"}, {"title": "Publish", "after": [1]})
    open_screen(terminal)
    terminal.until(lambda screen: "Write 日本語" in screen and "1 ready" in screen, "the list")
    terminal.keys("2")
    terminal.until(lambda screen: "Review 0" in screen, "the board")
    terminal.keys("3")
    terminal.until(lambda screen: "Deps of #1" in screen, "the tree")
    terminal.keys("g")
    terminal.until(lambda screen: "┃ ○ #1 Write" in screen, "the diagram")
    terminal.keys("4")
    terminal.until(lambda screen: "taskterm run" in screen and "#1 Write" not in screen, "the runs")
    terminal.keys("7")
    terminal.until(lambda screen: "@ben       added #1 Write 日本語" in screen, "the history")
    terminal.resize(60, 24)
    terminal.until(lambda screen: "7 History" in screen and "Mon 23 Nov" in screen, "the narrow history")
    terminal.keys("1")
    terminal.until(lambda screen: "1 Tasks  2  3  4" in screen and "Publish" in screen, "the narrow list")
    terminal.keys("a")
    terminal.type("Call the landlord due:fri")
    terminal.keys("Enter")
    terminal.until(lambda screen: "Add a task" not in screen and "Call the landlord" in screen, "the new task")
    terminal.keys("q")
    terminal.until(lambda screen: screen.rstrip().endswith("ready>"), "the shell")
    assert terminal.modes() == "0 0 1"


def test_a_card_that_is_dragged_with_the_mouse_is_moved_and_esc_puts_it_back(
    terminal: Terminal, home: dict[str, str]
) -> None:
    store = fill(Path(home["TASKTERM_DB"]), {"title": "Write it"}, {"title": "Publish", "after": [1]})
    open_screen(terminal)
    terminal.until(lambda screen: "1 ready" in screen, "the list")
    terminal.keys("2")
    screen = terminal.until(lambda screen: "Review 0" in screen and "/ open" in screen, "the board")
    (x, y), (there, _) = place_of(screen, "Write it"), place_of(screen, "Doing 0")
    mouse(terminal, f"0;{x};{y}M", f"32;{x + 4};{y + 1}M", f"32;{there + 4};{y + 1}M")
    terminal.until(lambda screen: "#1 lifted" in screen and "starts it" in screen, "the place it is dropped on")
    terminal.keys("Escape")
    terminal.until(lambda screen: "lifted" not in screen, "the card in its place")
    mouse(terminal, f"0;{there + 4};{y + 1}m")
    assert store.snapshot().tasks[1].status == "todo"
    mouse(terminal, f"0;{x};{y}M", f"32;{x + 4};{y + 1}M", f"32;{there + 4};{y + 1}M", f"0;{there + 4};{y + 1}m")
    terminal.until(lambda screen: "Doing 1" in screen and "Ready 0" in screen, "the card in its new column")
    assert store.snapshot().tasks[1].status == "doing"
    terminal.keys("q")
    terminal.until(lambda screen: screen.rstrip().endswith("ready>"), "the shell")
    assert terminal.modes() == "0 0 1"


def test_what_is_typed_in_one_burst_with_the_key_that_opens_the_field_arrives_in_the_field(
    terminal: Terminal, home: dict[str, str]
) -> None:
    store = fill(Path(home["TASKTERM_DB"]), {"title": "Write"})
    open_screen(terminal)
    terminal.until(lambda screen: "1 ready" in screen, "the list")
    for number, title in enumerate(("dCdraft doubles", "lint and link", "second Cd"), start=2):
        terminal.type(f"a{title}\r")
        terminal.until(partial(_shows, f"#{number} "), title)
    terminal.type("/draft\r")
    terminal.until(lambda screen: "/ draft" in screen, "the filter")
    titles = [task.title for task in store.snapshot().tasks.values()]
    assert titles == ["Write", "dCdraft doubles", "lint and link", "second Cd"]
    assert {task.status for task in store.snapshot().tasks.values()} == {"todo"}


def test_without_colour_and_with_ascii_signs_the_screen_is_readable(terminal: Terminal, home: dict[str, str]) -> None:
    fill(Path(home["TASKTERM_DB"]), {"title": "Write"})
    terminal.type("export NO_COLOR=1")
    terminal.keys("Enter")
    open_screen(terminal, "--ascii")
    screen = terminal.until(lambda screen: "o  #1" in screen, "the list")
    assert screen.isascii()
    coloured = terminal.coloured()
    assert "\x1b[7m" in coloured, "the cursor row is reversed"
    assert not any(f"\x1b[{code}" in coloured for code in ("38;", "48;", "31m", "32m", "33m", "35m", "36m"))
    terminal.keys("q")
    terminal.until(lambda screen: screen.rstrip().endswith("ready>"), "the shell")


def test_a_killed_screen_loses_nothing_of_a_run(terminal: Terminal, home: dict[str, str], tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    store = fill(
        Path(home["TASKTERM_DB"]), {"title": "Talk", "steps": [{"run": f'echo one; read go < "{gate}"; echo two'}]}
    )
    open_screen(terminal)
    terminal.until(lambda screen: "#1 Talk" in screen, "the list")
    terminal.keys("r")
    terminal.until(lambda screen: "approve and run" in screen, "the question")
    terminal.keys("y")
    terminal.until(lambda screen: "1 running" in screen, "the run")
    os.kill(terminal.program(), signal.SIGKILL)
    terminal.until(lambda screen: "Killed" in screen, "the shell")
    gate.write_text("go\n")
    end = time.monotonic() + DEADLINE
    while store.snapshot().tasks[1].status != "done":
        assert time.monotonic() < end, "the run never ended"
    (attempt,) = store.snapshot().attempts(1)
    assert attempt.exit_code == 0
    log = store.log(attempt.id)
    assert log is not None
    assert log.data == b"one\ntwo\n"
