"""A terminal that draws our signs two cells wide is found out once, gets ASCII ones, and is known the next time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from taskterm.tui import terminals
from taskterm.tui.manner import Manner
from tests.tui.drive import fill, opened
from tests.tui.test_attendant import listen
from tests.tui.test_look import check_lines
from tests.tui.test_terminal import Terminal, needs_tmux, open_screen
from tests.tui.test_terminal import terminal as terminal

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize(("columns", "width"), [(1, "narrow"), (2, "wide")])
async def test_the_answer_of_the_terminal_decides_and_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: int, width: str
) -> None:
    fill(tmp_path / "t.db", {"title": "Write"}, {"title": "Publish", "after": [1]})
    async with opened(tmp_path / "t.db", manner=Manner(measures=True)) as drive:
        assert drive.app.attendant._measuring
        sent = listen(drive, monkeypatch)
        drive.app.post_message(events.CursorPosition(columns, 0))
        if width == "wide":
            await drive.answered("from now on they are ASCII")
            for keys in ("1", "2", "3", "4"):
                await drive.press(keys)
                await drive.pilot.pause()
                check_lines(drive)
                assert drive.text.isascii(), [c for c in drive.text if not c.isascii()]
        else:
            await drive.until(lambda: not drive.app.attendant._measuring, "the answer")
            assert not drive.app.ascii_only
        drive.act("edit", refs=[1], set={"title": "Write it"})
        await drive.until(lambda: "Write it" in drive.text or drive.app.desk.view_id == "runs")
        assert terminals.QUESTION not in sent, "it is asked once"
    assert terminals.known(os.environ) == {terminals.key(os.environ): width}
    assert terminals.draws_wide(os.environ) == (width == "wide")


async def test_a_report_that_nobody_asked_for_changes_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "Write"})
    async with opened(tmp_path / "t.db") as drive:
        drive.app.post_message(events.CursorPosition(2, 0))
        await drive.pilot.pause()
        assert not drive.app.ascii_only
    assert terminals.known(os.environ) == {}


@given(st.dictionaries(st.sampled_from(["TERM", "TERM_PROGRAM", "LANG"]), st.text(max_size=20)), st.booleans())
def test_whatever_a_terminal_is_called_it_is_found_again(tmp_path_factory, names: dict[str, str], wide: bool) -> None:
    environment = {**names, "XDG_STATE_HOME": str(tmp_path_factory.mktemp("state"))}
    terminals.remember(environment, "wide" if wide else "narrow")
    assert terminals.draws_wide(environment) == wide
    assert len(terminals.known(environment)) == 1


@needs_tmux
def test_a_real_terminal_is_asked_and_the_screen_is_as_it_was(terminal: Terminal, home: dict[str, str]) -> None:
    fill(Path(home["TASKTERM_DB"]), {"title": "Write"})
    open_screen(terminal)
    state = Path(home["XDG_STATE_HOME"], "taskterm", "terminals")
    terminal.until(lambda _: state.exists() and state.read_text().endswith(" narrow\n"), "the answer")
    terminal.until(lambda screen: screen.splitlines()[0].startswith(" ◆ taskterm") and "○" in screen, "the list")
    state.write_text(state.read_text().replace("narrow", "wide"))
    terminal.keys("q")
    terminal.until(lambda screen: screen.rstrip().endswith("ready>"), "the shell")
    open_screen(terminal)
    terminal.until(lambda screen: "^ taskterm" in screen and "Ready 1" in screen and screen.isascii(), "ASCII signs")
    terminal.keys("q")
