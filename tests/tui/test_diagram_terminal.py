"""The diagram in a real terminal (tmux): drawn, clicked, dragged and zoomed with the sequences that a mouse sends."""

from __future__ import annotations

from pathlib import Path

from tests.tui.drive import fill
from tests.tui.test_terminal import Terminal, mouse, needs_tmux, open_screen, place_of
from tests.tui.test_terminal import terminal as terminal

pytestmark = needs_tmux
CHAIN = ("Plan", "Build", "Test", "Review", "Approve", "Ship", "Tell")


def test_boxes_are_clicked_the_drawing_is_dragged_and_the_wheel_zooms(terminal: Terminal, home: dict[str, str]) -> None:
    tasks = [{"title": title, "after": [number] if number else []} for number, title in enumerate(CHAIN)]
    fill(Path(home["TASKTERM_DB"]), *tasks)
    open_screen(terminal)
    terminal.until(lambda screen: "#1" in screen and "Plan" in screen, "the list")
    terminal.keys("3")
    terminal.until(lambda screen: "Deps of #1" in screen, "the tree")
    terminal.keys("g")
    screen = terminal.until(lambda screen: "┃ ○ #1 Plan" in screen, "the diagram, its cursor on the first box")
    column, line = place_of(screen, "#3 Test")
    mouse(terminal, f"0;{column};{line}M", f"0;{column};{line}m")
    screen = terminal.until(lambda screen: "┃ ⊘ #3 Test" in screen, "a click selects")
    column, line = place_of(screen, "#3 Test")
    mouse(terminal, f"0;{column};{line + 8}M", f"32;{column - 9};{line + 8}M", f"32;{column - 20};{line + 8}M")
    mouse(terminal, f"0;{column - 20};{line + 8}m")
    terminal.until(lambda screen: place_of(screen, "#3 Test")[0] == column - 20, "the drawing goes with the mouse")
    mouse(terminal, f"81;{column};{line}M")
    terminal.until(lambda screen: "▌⊘ #3 Test ━━━━▶ ⊘ #4 Review" in screen, "ctrl and the wheel go farther away")
    terminal.resize(60, 24)
    terminal.until(lambda screen: "▌⊘ #3 Test" in screen and "zoom 2 of 3" in screen, "the box stays in view")
    terminal.keys("g")
    terminal.until(lambda screen: "Deps of #3" in screen, "the tree of the same task")
    terminal.keys("q")
    terminal.until(lambda screen: screen.rstrip().endswith("ready>"), "the shell")
    assert terminal.modes() == "0 0 1"
