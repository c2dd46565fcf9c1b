"""How the screen ends in a real terminal (tmux): by a signal, by a fault, for a while; the terminal is always clean."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from taskterm.tui.driver import _Lasting
from tests.bench.terminal import Terminal as Bare
from tests.tui.drive import fill
from tests.tui.test_terminal import Terminal, needs_tmux, open_screen
from tests.tui.test_terminal import terminal as terminal

pytestmark = needs_tmux

FAULTY = """
import sys
from taskterm.tui.{module} import {name}

def broken(*_, **__):
    raise KeyError("nobody expected this")

{name}.{method} = broken
from taskterm.cli import main
sys.argv = ["taskterm"]
sys.exit(main())
"""


def at_the_prompt(screen: str) -> bool:
    return screen.rstrip().endswith("ready>")


def open_faulty(terminal: Terminal, folder: Path, module: str, name: str, method: str) -> None:
    """The program with one method that fails."""
    script = folder / "faulty.py"
    script.write_text(FAULTY.format(module=module, name=name, method=method))
    terminal.type(f'"{sys.executable}" "{script}"; echo "exit $?"')
    terminal.keys("Enter")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_leaves_a_clean_terminal_and_its_number_as_exit_code(
    terminal: Terminal, home: dict[str, str], number: signal.Signals
) -> None:
    fill(Path(home["TASKTERM_DB"]), {"title": "Write"})
    open_screen(terminal, '; echo "exit $?"')
    terminal.until(lambda screen: "1 ready" in screen, "the list")
    os.kill(terminal.program(), number)
    terminal.until(lambda screen: f"exit {128 + number}" in screen and at_the_prompt(screen), "the shell")
    assert terminal.modes() == "0 0 1"


@pytest.mark.parametrize("told", [True, False], ids=["by a signal", "by nobody"])
def test_the_program_ends_when_its_terminal_is_gone_whoever_tells_it(home: dict[str, str], told: bool) -> None:
    fill(Path(home["TASKTERM_DB"]), {"title": "Write"})
    with Bare([sys.executable, "-m", "taskterm"], {**os.environ, **home, "TERM": "xterm-256color"}, told=told) as bare:
        bare.until(lambda painted: b"\x1b[?2004h" in painted)  # Textual has it
        bare.go()
        assert bare.code() == 128 + signal.SIGHUP


def test_what_is_written_to_a_terminal_that_is_gone_ends_nobody() -> None:
    master, slave = os.openpty()
    with open(slave, "w", encoding="utf-8") as file:
        os.close(master)
        with pytest.raises(OSError, match="Input"):
            os.write(slave, b"words")
        lasting = _Lasting(file)
        for _ in range(3):
            lasting.write("words" * 10_000)
            lasting.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), slave)  # what is left in the file's buffer has to go somewhere


STUCK = """
import sys, threading
from textual.drivers._writer_thread import WriterThread

WriterThread.stop = lambda _: threading.Event().wait()
from taskterm.cli import main
sys.argv = ["taskterm"]
main()
"""


def test_a_terminal_that_takes_nothing_more_does_not_keep_the_program(home: dict[str, str]) -> None:
    fill(Path(home["TASKTERM_DB"]), {"title": "Write"})
    with Bare([sys.executable, "-c", STUCK], {**os.environ, **home, "TERM": "xterm-256color"}, told=True) as bare:
        bare.until(lambda painted: b"\x1b[?1000h" in painted)
        bare.go()
        assert bare.code() == 128 + signal.SIGHUP


def test_a_view_with_a_fault_is_an_apology_and_the_program_goes_on(
    terminal: Terminal, home: dict[str, str], tmp_path: Path
) -> None:
    fill(Path(home["TASKTERM_DB"]), {"title": "Write"}, {"title": "Publish", "after": [1]})
    open_faulty(terminal, tmp_path, "widgets.board", "Board", "render_line")
    terminal.until(lambda screen: "1 ready" in screen, "the list")
    terminal.keys("2")
    screen = terminal.until(lambda screen: "This part of the screen has a fault" in screen, "the apology")
    assert "KeyError" in screen
    assert "Traceback" not in screen
    terminal.keys("3")
    terminal.until(lambda screen: "Deps of #1" in screen, "the tree")
    terminal.keys("q")
    terminal.until(lambda screen: "exit 0" in screen and at_the_prompt(screen), "the shell")
    assert terminal.modes() == "0 0 1"


def test_a_fault_that_ends_the_program_is_one_sentence_on_a_clean_terminal(
    terminal: Terminal, home: dict[str, str], tmp_path: Path
) -> None:
    fill(Path(home["TASKTERM_DB"]), {"title": "Write"})
    open_faulty(terminal, tmp_path, "app", "TaskTerm", "refresh_picture")
    screen = terminal.until(lambda screen: "exit 1" in screen and at_the_prompt(screen), "the shell")
    assert "a fault in TaskTerm has ended the screen: KeyError" in screen
    assert "nothing that was stored is lost" in screen
    assert "Traceback" not in screen
    assert terminal.modes() == "0 0 1"
    report = Path(home["XDG_STATE_HOME"]) / "taskterm" / "faults.log"
    assert "nobody expected this" in report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600


def test_ctrl_z_goes_to_the_shell_and_fg_comes_back_to_what_is_true_by_then(
    terminal: Terminal, home: dict[str, str]
) -> None:
    store = fill(Path(home["TASKTERM_DB"]), {"title": "Write"}, {"title": "Publish", "after": [1]})
    open_screen(terminal)
    terminal.until(lambda screen: "1 ready" in screen and "Write" in screen, "the list")
    terminal.keys("C-z")
    terminal.until(lambda screen: "Stopped" in screen and at_the_prompt(screen), "the shell")
    assert terminal.modes() == "0 0 1"
    terminal.type(f'"{sys.executable}" -m taskterm add Announce it; fg')
    terminal.keys("Enter")
    terminal.until(lambda screen: "1 Tasks" in screen and "Announce it" in screen, "the screen with the new task")
    terminal.keys("space")
    terminal.until(lambda screen: "#1 done" in screen, "the answer")
    assert store.snapshot().tasks[1].status == "done"
    terminal.keys("q")
    terminal.until(at_the_prompt, "the shell")
    assert terminal.modes() == "0 0 1"
