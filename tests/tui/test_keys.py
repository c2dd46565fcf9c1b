"""Which key does what, and that it can be another: config.toml is read, checked, and obeyed by the whole screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding

from taskterm.tui import keys, view_keys
from taskterm.tui.actions import ACTIONS, BY_ID, SECTIONS
from taskterm.tui.acts import ACTS
from taskterm.tui.app import TaskTerm
from taskterm.tui.footing import HELP, WELCOME, Hint, hints_for
from taskterm.tui.glyphs import PLAIN, UNICODE
from taskterm.tui.keynames import NAMED, SIGNS, canonical, label, textual
from taskterm.tui.keys import DEFAULT, Keys
from taskterm.tui.rows import width_of
from taskterm.tui.screens.help import rows_for
from taskterm.tui.view_keys import VIEW_KEYS
from taskterm.tui.widgets.board import Board
from taskterm.tui.widgets.diagram import Diagram
from taskterm.tui.widgets.history import History
from taskterm.tui.widgets.history_list import HistoryList
from taskterm.tui.widgets.operation_pane import OperationPane
from taskterm.tui.widgets.output import OutputPane
from taskterm.tui.widgets.page import Page
from taskterm.tui.widgets.runs import RunList, Runs
from taskterm.tui.widgets.tasks import Tasks
from taskterm.tui.widgets.tree import Tree
from tests.tui.drive import fill, opened

Cli = Callable[..., CompletedProcess[str]]
TASKS: tuple[dict[str, Any], ...] = ({"title": "Write"}, {"title": "Draw"}, {"title": "Publish", "after": [1]})

WIDGETS: dict[str, tuple[type, ...]] = {
    "tasks": (Tasks,),
    "board": (Board,),
    "tree": (Tree,),
    "diagram": (Diagram,),
    "runs": (RunList, Runs, OutputPane),
    "history": (HistoryList, History, OperationPane),
    "detail": (Page,),
}


# ── the tables


def test_every_action_can_be_done_and_is_found_by_key_or_palette_and_in_the_help() -> None:
    help_text = "\n".join("".join(span.text for span in row.spans) for row in rows_for(UNICODE, 100))
    sections = {section for section, _ in SECTIONS}
    for action in ACTIONS:
        assert action.id in ACTS, action.id
        assert action.section in sections
        assert action.title in help_text
        assert action.word
    assert set(ACTS) == {action.id for action in ACTIONS}


@pytest.mark.parametrize("place", list(WIDGETS))
def test_the_table_of_view_keys_says_what_the_views_bind(place: str) -> None:
    bound: dict[str, set[str]] = {}
    for widget in WIDGETS[place]:
        for key, bindings in widget._merge_bindings().key_to_bindings.items():  # type: ignore[attr-defined]
            for binding in bindings:
                if binding.id is not None:
                    bound.setdefault(binding.id, set()).add(key)
    told = {own.id: {textual(key) for key in own.keys} for own in VIEW_KEYS if place in own.places and own.id}
    assert bound == told


def test_no_two_actions_of_the_application_have_the_same_key() -> None:
    all_keys = [key for action in ACTIONS for key in action.keys]
    assert len(all_keys) == len(set(all_keys))
    assert keys.read({})[1] == {}


@pytest.mark.parametrize("width", [54, 74, 82])
@pytest.mark.parametrize("glyphs", [UNICODE, PLAIN])
def test_no_line_of_the_help_is_wider_than_its_panel(width: int, glyphs: Any) -> None:
    for row in rows_for(glyphs, width):
        assert width_of(row.spans) <= width, row


# ── names


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("u", "u"),
        ("U", "U"),
        ("?", "?"),
        (",", ","),
        ("ä", "ä"),
        ("Space", "space"),
        ("esc", "escape"),
        ("PgDn", "pagedown"),
        ("F5", "f5"),
        ("slash", "/"),
        ("ctrl+z", "ctrl+z"),
        ("Ctrl+Z", "ctrl+z"),
        ("shift+down", "shift+down"),
        ("shift+ctrl+left", "ctrl+shift+left"),
        ("shift+a", "A"),
        ("alt+x", "alt+x"),
    ],
)
def test_a_key_has_one_spelling(typed: str, meant: str) -> None:
    assert canonical(typed) == (meant, "")


@pytest.mark.parametrize("typed", ["", "spaec", "ctrl+", "hyper+x", "f99", "ctrl+i", "ctrl+m", "ctrl+/", "shift+1"])
def test_what_is_no_key_is_refused_with_a_reason(typed: str) -> None:
    key, why = canonical(typed)
    assert key == ""
    assert why


def test_every_sign_and_name_is_one_that_textual_knows() -> None:
    from textual.keys import Keys as Known
    from textual.keys import _character_to_key

    assert {sign: _character_to_key(sign) for sign in SIGNS} == SIGNS
    assert set(NAMED) <= {key.value for key in Known}


# ── the table of config.toml

WORDS = st.one_of(
    st.sampled_from(["u", "ctrl+z", "space", "none", "", "x x", "z", "j", "?", "f5", "ctrl+i", "escape", "nokey"]),
    st.text(max_size=8),
)
TABLES = st.dictionaries(
    st.one_of(st.sampled_from([*keys.ids(), "open", "dnoe"]), st.text(max_size=6)),
    st.one_of(WORDS, st.lists(WORDS, max_size=3), st.integers(), st.booleans(), st.none()),
    max_size=6,
)


@given(TABLES)
def test_any_table_is_read_and_each_entry_either_holds_or_is_named_and_nothing_clashes(table: dict[str, Any]) -> None:
    found, wrong = keys.read(table)
    assert set(found.changed) | set(wrong) == set(table)
    assert not set(found.changed) & set(wrong)
    assert all(why for why in wrong.values())
    again, none = keys.read({i: list(chosen) for i, chosen in found.changed.items()})
    assert (again.changed, none) == (found.changed, {})
    for place in view_keys.PLACES:
        owners: dict[str, set[str]] = {}
        for own in VIEW_KEYS:
            if place in own.places:
                for key in found.changed.get(own.id, own.keys):
                    owners.setdefault(key, set()).add(own.id or own.title)
        for ids in owners.values():
            assert len(ids) == 1 or not ids & set(found.changed)


@given(st.lists(st.sampled_from(["u", "f7", "f9", "§", "ß", "shift+f2"]), min_size=1, max_size=4))
def test_several_keys_may_be_a_list_or_one_text_with_blanks(words: list[str]) -> None:
    assert keys.read({"undo": words})[0].changed == keys.read({"undo": " ".join(words)})[0].changed


def test_a_key_that_is_taken_in_the_same_place_is_refused_and_its_owner_named() -> None:
    found, wrong = keys.read({"done": "s"})
    assert found.changed == {}
    assert "s is the key of start (Start); give start another one too" in wrong["done"]
    _, wrong = keys.read({"done": "z"})
    assert "z is the key of fold (Fold or unfold) in the list" in wrong["done"]
    _, wrong = keys.read({"done": "s", "start": "f7"})
    assert "s is the key of split (One pane or several) in the runs" in wrong["done"]
    _, wrong = keys.read({"pager": "n"})
    assert "next_match" in wrong["pager"]
    _, wrong = keys.read({"fold": "o"})  # the pager's, in the runs
    assert "pager" in wrong["fold"]
    assert keys.read({"overview": "N"})[1] == {}  # there is no N in the diagram
    assert "always does the same" in keys.read({"done": "enter"})[1]["done"]


def test_two_actions_may_change_their_keys_and_of_two_that_want_the_same_the_later_one_is_refused() -> None:
    assert keys.read({"done": "c", "comment": "space"})[1] == {}
    assert keys.read({"done": "c", "comment": ""})[0].keymap() == {"done": "c", "comment": "no_key_for_comment"}
    assert list(keys.read({"done": "§", "start": "§"})[1]) == ["start"]


def test_a_mistake_says_what_was_meant() -> None:
    _, wrong = keys.read({"dnoe": "x", "undo": "ctrl+spaec", "redo": 5, "open": "v", "quit": "ctrl+m"})
    assert wrong["dnoe"] == "there is no action dnoe; did you mean done?"
    assert wrong["undo"] == "'ctrl+spaec' is no key"
    assert "in quotes" in wrong["redo"]
    assert wrong["open"] == "open always has the key enter"
    assert wrong["quit"] == "'ctrl+m' is enter for a terminal"


def test_hints_name_the_keys_that_hold_and_leave_out_what_has_none() -> None:
    changed = keys.read({"done": "D", "fold": "f9", "go_left": "f8", "add": ""})[0]
    hints = changed.hints((Hint("space", "done"), Hint("z", "fold"), Hint("h l", "column"), Hint("a", "add")), "board")
    assert [(hint.key, hint.word) for hint in hints] == [("D", "done"), ("f9", "fold"), ("f8 l", "column")]
    assert changed.hints((Hint("z", "centre"),), "diagram")[0].key == "z"
    assert DEFAULT.hints((HELP,), "")[0].click == "do:help"
    assert DEFAULT.hints(WELCOME, "") != ()


def test_a_key_that_leads_nowhere_is_not_named_in_any_hint() -> None:
    from tests.tui.build import Builder

    builder = Builder()
    snapshot = builder.snapshot()
    for view in ("tasks", "board", "tree", "diagram", "runs"):
        for marked in (0, 2):
            for hint in hints_for(view, (), None, snapshot, in_detail=False, marked=marked):
                ids = Keys()._ids_in(view)
                assert all(word in ids or label(word) == "esc" for word in hint.key.split()), hint


# ── the screen


@pytest.mark.usefixtures("home")
async def test_mapped_keys_work_and_are_shown_in_footer_answer_help_and_palette(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    found, wrong = keys.read({"done": "D", "undo": "Z f8", "down": "é", "start": "", "help": "f2"})
    assert wrong == {}
    async with opened(tmp_path / "t.db", keys=found) as drive:
        assert "D done" in drive.lines[-1]
        assert "f2 help" in drive.lines[-1]
        assert "start" not in drive.lines[-1]
        await drive.press("space", "s", "é")
        assert drive.app.selected is not None
        assert drive.app.selected.id == 2
        await drive.press("D")
        await drive.answered("#2 done · Z undo")
        assert drive.snapshot.tasks[2].status == "done"
        await drive.press("f8")
        await drive.answered("undone: finished #2 Draw · ctrl+r redo")
        assert drive.snapshot.tasks[2].status == "todo"
        assert drive.snapshot.tasks[1].status == "todo"
        await drive.press("f2")
        assert re.search(r"\bD +Done +taskterm done ID", drive.text)
        told = ["".join(span.text for span in row.spans) for row in rows_for(UNICODE._replace(keys=found), 82)]
        assert any(line.startswith("Z f8 ") and "Undo" in line for line in told)
        await drive.press("escape", "colon")
        await drive.type("undo")
        assert re.search(r"taskterm undo +Z\b", drive.text)


@pytest.mark.usefixtures("home")
async def test_an_undo_that_is_offered_can_be_clicked_and_so_can_the_redo(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("space")
        await drive.answered("released #3")
        await drive.pilot.click(offset=(drive.lines[-1].index("u undo"), 39))
        await drive.answered("undone: finished #1 Write")
        assert drive.snapshot.tasks[1].status == "todo"
        await drive.pilot.click(offset=(drive.lines[-1].index("ctrl+r redo"), 39))
        await drive.answered("done again")
        assert drive.snapshot.tasks[1].status == "done"


@pytest.mark.usefixtures("home")
async def test_a_hint_can_be_clicked_whatever_its_key_is(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db", keys=keys.read({"done": "ctrl+t"})[0]) as drive:
        await drive.pilot.click(offset=(drive.lines[-1].index("ctrl+t done"), 39))
        await drive.answered("#1 done")
        await drive.pilot.click(offset=(drive.lines[-1].index("? help"), 39))
        await drive.until(lambda: "Keys and words" in drive.text, "the help")
        await drive.pilot.click(offset=(drive.lines[-1].index("esc close"), 39))
        await drive.until(lambda: "Keys and words" not in drive.text, "the help is closed")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("view", ["1", "2", "3", "g"])
async def test_vim_keys_and_arrows_move_alike_in_every_view(tmp_path: Path, view: str) -> None:
    many = [{"title": f"Task {n}", "after": [1] if n > 1 else []} for n in range(1, 30)]
    fill(tmp_path / "t.db", *many)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press(view)
        await drive.until(lambda: drive.app.selected is not None and "Task" in drive.text, "the view")

        async def after(*pressed: str) -> int | None:
            await drive.press(*pressed)
            return drive.app.selected.id if drive.app.selected else None

        for vim, arrow, back in (("j", "down", "up"), ("ctrl+f", "pagedown", "pageup"), ("G", "end", "home")):
            if view == "2":
                await drive.press("l" if drive.app.selected and drive.app.selected.id == 1 else "home")
            by_vim = await after("home", vim)
            by_arrow = await after("home", arrow)
            assert by_vim == by_arrow
            assert await after("home", vim, back) == await after("home", arrow, back)


# ── the command line


def test_config_sets_lists_and_takes_back_keys(cli: Cli, tmp_path: Path) -> None:
    assert cli("config", "set", "keys.undo", "u", "f8").stdout == "keys.undo is u f8\n"
    listed = cli("config", "list").stdout
    assert re.search(r"keys\.undo\s+u f8\s+config\.toml line \d", listed)
    assert re.search(r"keys\.done\s+space\s+Done", cli("config", "list", "keys").stdout)
    assert cli("config", "get", "keys.done").stdout == "space\n"
    assert cli("config", "set", "keys.delete", "none").returncode == 0
    assert cli("config", "get", "keys.delete").stdout == "\n"
    assert cli("config", "unset", "keys.undo").returncode == 0
    assert cli("config", "get", "keys.undo").stdout == "u\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("keys.dnoe", "x"), "did you mean keys.done?"),
        (("keys.done", "s"), "s is the key of start"),
        (("keys.done", "spaec"), "'spaec' is no key"),
    ],
)
def test_config_refuses_what_no_screen_could_obey(cli: Cli, words: tuple[str, ...], said: str) -> None:
    refused = cli("config", "set", *words)
    assert refused.returncode == 2
    assert said in refused.stderr


def test_a_mistake_in_the_table_of_keys_is_said_with_its_line_and_stops_nobody(cli: Cli, tmp_path: Path) -> None:
    path = Path(cli("config", "path").stdout.strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('[keys]\ndone = "D"\nundo = ["u", "f8"]\nstrat = "x"\nadd = "s"\n')
    listed = cli("config", "list")
    assert f"{path} line 4: keys.strat: there is no action strat; did you mean start?" in listed.stderr
    assert f"{path} line 5: keys.add: s is the key of start" in listed.stderr
    assert re.search(r"keys\.undo\s+u f8", listed.stdout)
    added = cli("add", "Write")
    assert (added.returncode, added.stderr) == (0, "")


def test_bindings_of_the_application_are_those_of_the_table() -> None:
    bound = {b.id: b.key for b in TaskTerm.BINDINGS if isinstance(b, Binding)}
    assert set(bound) == {action.id for action in ACTIONS} - {"open"}
    assert bound["delete"] == ",".join(BY_ID["delete"].keys)


@pytest.mark.usefixtures("home")
async def test_the_footer_follows_the_focus(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:

        def foot() -> str:
            return drive.lines[-1]

        await drive.press("enter")
        await drive.until(lambda: "esc back" in foot(), "the hints of the detail pane")
        await drive.press("escape", "slash")
        await drive.until(lambda: "clear it" in foot(), "those of the filter field")
        await drive.press("escape", "2")
        await drive.until(lambda: "h l column" in foot(), "those of the board")
        await drive.press("m")
        await drive.until(lambda: "done 1" in foot() and "esc no marks" in foot(), "those for marked tasks")
        await drive.press("escape", "3", "g")
        await drive.until(lambda: drive.app.desk.diagram.drawn is not None and "zoom" in foot(), "the diagram")
        await drive.press("ctrl+k")
        await drive.until(lambda: "other direction" in foot(), "those of link mode")
        assert "done" not in foot()
        await drive.press("escape")
        await drive.until(lambda: "other direction" not in foot(), "link mode is over")
        await drive.press("d")
        await drive.until(lambda: "y yes" in foot(), "those of a question")


@pytest.mark.usefixtures("home")
async def test_the_palette_speaks_of_all_marked_tasks_and_writes_the_command_for_them(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("m", "m", "colon")
        await drive.type("start")
        assert "taskterm start 1 2" in drive.text
        await drive.press("enter")
        await drive.answered("#1 #2 started")
