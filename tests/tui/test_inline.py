"""`taskterm --inline`: a small live board under the prompt, whose last picture stays when it is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from taskterm.store.store import Store
from tests.tui.drive import NOW, fill
from tests.tui.test_terminal import Terminal, needs_tmux, open_screen
from tests.tui.test_terminal import terminal as terminal


@needs_tmux
def test_the_board_under_the_prompt_acts_follows_others_and_stays_in_the_scrollback(
    terminal: Terminal, home: dict[str, str]
) -> None:
    path = Path(home["TASKTERM_DB"])
    fill(path, {"title": "Write", "assignee": "ana"}, {"title": "Publish", "after": [1]})
    open_screen(terminal, "--inline")
    screen = terminal.until(lambda screen: "Blocked 1" in screen and "▎ Write" in screen, "the board")
    assert "ready>" in screen, "the prompt is still there"
    assert terminal.modes().startswith("0 "), "no second screen"
    Store(str(path)).execute("add", {"title": "Call the landlord"}, actor="ben", now=NOW)
    terminal.until(lambda screen: "Call the landlord" in screen, "another one's task")
    terminal.keys("Space")
    terminal.until(lambda screen: "#1 done · released #2" in screen, "the answer")
    assert Store(str(path)).snapshot().tasks[1].status == "done"
    terminal.keys("q")
    screen = terminal.until(lambda screen: screen.rstrip().endswith("ready>"), "the shell")
    assert "Call the landlord" in screen
    assert terminal.modes() == "0 0 1"


@needs_tmux
def test_a_query_chooses_the_cards_of_the_board_under_the_prompt(terminal: Terminal, home: dict[str, str]) -> None:
    fill(Path(home["TASKTERM_DB"]), {"title": "Write", "assignee": "ana"}, {"title": "Paint", "assignee": "ben"})
    open_screen(terminal, "board", "@ben", "--inline")
    screen = terminal.until(lambda screen: "▎ Paint" in screen, "the board")
    assert "▎ Write" not in screen
    terminal.keys("q")
    terminal.until(lambda screen: screen.rstrip().endswith("ready>"), "the shell")


@pytest.mark.parametrize("words", [("--inline",), ("board", "--inline"), ("--inline", "list"), ("list", "--inline")])
def test_without_a_terminal_or_with_another_command_it_is_refused(
    cli: Callable[..., CompletedProcess[str]], words: tuple[str, ...]
) -> None:
    refused = cli(*words)
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert "no terminal" in refused.stderr or "--inline" in refused.stderr


def test_the_help_names_it(cli: Callable[..., CompletedProcess[str]]) -> None:
    assert "taskterm --inline" in cli("--help").stdout
    assert "board --inline" in cli("help", "board").stdout
