"""The notes of a task: a paragraph more, a text from a pipe, the user's own editor; nobody's words are lost."""

from __future__ import annotations

import json
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from taskterm.core.errors import RuleError
from taskterm.store.store import Store
from tests.cli.terminal import Terminal


@pytest.fixture
def store(home, now) -> Store:
    """A database with two tasks; the first has notes."""
    store = Store(home["TASKTERM_DB"], create=True)
    store.execute("add", {"title": "Write the contract", "notes": "# Legal\n\tAsk Ben."}, actor="ana", now=now)
    store.execute("add", {"title": "Publish"}, actor="ana", now=now)
    return store


def notes(store: Store, task_id: int) -> str:
    return store.snapshot().tasks[task_id].notes


def script(tmp_path: Path, *lines: str) -> str:
    """An editor that does this to the file it is given as `path`, in Python."""
    place = tmp_path / "editor.py"
    place.write_text("import sys\npath = sys.argv[1]\n" + "\n".join(lines) + "\n")
    return shlex.join([sys.executable, str(place)])


def edited(home, tmp_path: Path, editor: str | None, *words: str) -> tuple[int, str]:
    """`taskterm note WORDS…` on a terminal with this editor: the exit code and what was shown."""
    env = {**home, "VISUAL": editor or "", "TMPDIR": str(tmp_path)}
    terminal = Terminal(("note", *words), env, tmp_path, width=300)
    return terminal.end(), terminal.shown


# ── from the command line


def test_words_become_a_paragraph_below_what_is_there_and_one_undo_takes_it_back(cli, store):
    assert cli("note", "2", "Ask", "legal", "first").stdout == "2 Publish · note added\n"
    assert cli("note", "publish", "-5 % off", "--", "-- and this").returncode == 0
    assert notes(store, 2) == "Ask legal first\n\n-5 % off -- and this"
    assert cli("undo").returncode == 0
    assert notes(store, 2) == "Ask legal first"
    assert cli("undo").returncode == 0
    assert notes(store, 2) == ""


def test_a_pipe_is_added_and_with_replace_it_becomes_the_notes(cli, store):
    assert cli("note", "1", "-", input="Second\r\n\r\nThird\n\n").returncode == 0
    assert notes(store, 1) == "# Legal\n\tAsk Ben.\n\nSecond\n\nThird"
    assert cli("note", "1", "-", "--replace", input="Only this\n").stdout == "1 Write the contract · notes replaced\n"
    assert notes(store, 1) == "Only this"
    assert cli("note", "1", "-", "--replace", input="").returncode == 0
    assert notes(store, 1) == ""


def test_show_prints_the_notes_and_nothing_in_them_can_steer_the_terminal(cli, store):
    assert cli("note", "1", "--show").stdout == "# Legal\n\tAsk Ben.\n"
    cli("note", "2", "red \x1b[31m and \u202e back")
    shown = cli("note", "2", "--show").stdout
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert json.loads(cli("note", "2", "--show", "--json").stdout) == {"id": 2, "notes": "red \x1b[31m and \u202e back"}


def test_what_is_shown_can_be_written_back_unchanged(cli, store):
    assert cli("note", "1", "-", "--replace", input=cli("note", "1", "--show").stdout).returncode == 0
    assert notes(store, 1) == "# Legal\n\tAsk Ben."


def test_json_answers_with_the_task_and_the_operation(cli, store):
    answer = json.loads(cli("note", "2", "Ask legal", "--json").stdout)
    assert answer["tasks"][0]["id"] == 2
    assert answer["operation"] == 3


@pytest.mark.parametrize(
    ("words", "input", "code", "said"),
    [
        ((), None, 2, "the task is missing"),
        (("2", "--replace"), None, 2, "--replace needs"),
        (("2", "x", "--show"), None, 2, "--show takes a task"),
        (("9", "x"), None, 1, "no task"),
        (("2", " "), None, 2, "the text is empty"),
        (("2", "-"), "", 2, "the text is empty"),
        (("2", "-"), "a\0b", 2, "NUL"),
        pytest.param(("2", "-"), "x" * 1_000_001, 2, "1,000,000", id="too long"),
        (("2",), None, 2, "needs a terminal"),
    ],
)
def test_what_cannot_be_a_note_is_refused_and_nothing_is_written(cli, store, words, input, code, said):
    before = store.snapshot()
    refused = cli("note", *words, input=input)
    assert (refused.returncode, refused.stdout) == (code, "")
    assert said in refused.stderr
    assert store.snapshot() == before


def test_a_pipe_that_is_no_text_is_refused_with_its_line(home, store, tmp_path):
    refused = subprocess.run(
        [sys.executable, "-m", "taskterm", "note", "2", "-"],
        input=b"a\nb\xff\n",
        env=home,
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert refused.returncode == 2
    assert b"line 2 of the input is not UTF-8" in refused.stderr


def test_paragraphs_of_many_at_once_are_all_kept(home, store, tmp_path):
    writers = [
        subprocess.Popen([sys.executable, "-m", "taskterm", "note", "2", f"word {n}"], env=home, cwd=tmp_path)
        for n in range(8)
    ]
    assert [writer.wait(60) for writer in writers] == [0] * 8
    assert sorted(notes(store, 2).split("\n\n")) == [f"word {n}" for n in range(8)]


# ── the rule


def test_notes_that_somebody_else_has_changed_are_not_overwritten(store, now):
    store.execute("note", {"ref": 1, "text": "Theirs"}, actor="ben", now=now)
    with pytest.raises(RuleError, match="ben has changed the notes of #1"):
        store.execute("note", {"ref": 1, "text": "Mine", "replace": True, "expect": "old"}, actor="ana", now=now)


# ── in an editor


def test_the_editor_gets_the_notes_in_a_private_file_and_what_it_saves_is_kept(home, store, tmp_path):
    editor = script(
        tmp_path,
        "import os",
        "seen = [path, oct(os.stat(path).st_mode), open(path).read()]",
        f"open({str(tmp_path / 'seen')!r}, 'w').write('\\n'.join(seen))",
        "open(path, 'a').write('More.\\n')",
    )
    code, shown = edited(home, tmp_path, editor, "1")
    assert (code, shown) == (0, "1 Write the contract · notes changed\n")
    assert notes(store, 1) == "# Legal\n\tAsk Ben.\nMore."
    path, mode, text = (tmp_path / "seen").read_text().split("\n", 2)
    assert Path(path).name == "1-notes.md"
    assert stat.S_IMODE(int(mode, 8)) == 0o600
    assert text == "# Legal\n\tAsk Ben.\n"
    assert not Path(path).parent.exists()


def test_nothing_happens_where_the_editor_changed_nothing(home, store, tmp_path):
    code, shown = edited(home, tmp_path, script(tmp_path, "pass"), "1")
    assert code == 0
    assert "as they were" in shown
    assert len(store.history()) == 2


def test_notes_may_be_emptied_in_the_editor(home, store, tmp_path):
    code, shown = edited(home, tmp_path, script(tmp_path, "open(path, 'w').write('\\n')"), "1")
    assert (code, shown) == (0, "1 Write the contract · notes removed\n")
    assert notes(store, 1) == ""


def test_what_was_typed_is_kept_in_a_named_file_when_somebody_else_wrote_meanwhile(home, store, tmp_path):
    editor = script(
        tmp_path,
        "import subprocess",
        f"subprocess.run([{sys.executable!r}, '-m', 'taskterm', '--actor', 'ben', 'note', '1', 'Theirs'], check=True)",
        "open(path, 'a').write('Mine.\\n')",
    )
    code, shown = edited(home, tmp_path, editor, "1")
    assert code == 1
    assert "ben has changed the notes of #1 Write the contract meanwhile" in shown
    kept = Path(shown.rpartition("what you typed is in ")[2].strip())
    assert kept.read_text() == "# Legal\n\tAsk Ben.\nMine.\n"
    assert notes(store, 1) == "# Legal\n\tAsk Ben.\n\nTheirs"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["sys.exit(3)"], "ended with exit code 3"),
        (["import os; os.kill(os.getpid(), 9)"], "was ended by signal 9"),
        (["import os; os.unlink(path)"], "left no file"),
        (["open(path, 'wb').write(b'\\xff')"], "not save UTF-8"),
    ],
)
def test_an_editor_that_fails_is_said_and_nothing_is_changed(home, store, tmp_path, lines, said):
    code, shown = edited(home, tmp_path, script(tmp_path, *lines), "1")
    assert code == 1
    assert said in shown
    assert len(store.history()) == 2


def test_what_an_editor_saved_before_it_was_interrupted_is_kept(home, store, tmp_path):
    lines = ["open(path, 'a').write('Mine.\\n')", "print('saved', flush=True)", "sys.stdin.read()"]
    env = {**home, "VISUAL": script(tmp_path, *lines), "TMPDIR": str(tmp_path)}
    terminal = Terminal(("note", "1"), env, tmp_path, width=300)
    terminal.wait_for("saved")
    terminal.type("\x03")
    assert terminal.end() == 1
    kept = Path(terminal.shown.rpartition("what you typed is in ")[2].strip())
    assert kept.read_text() == "# Legal\n\tAsk Ben.\nMine.\n"
    assert len(store.history()) == 2


@pytest.mark.parametrize("editor", ["no-such-editor --wait", "'unbalanced"])
def test_an_editor_that_cannot_be_started_is_named_with_how_to_choose_another(home, store, tmp_path, editor):
    code, shown = edited(home, tmp_path, editor, "1")
    assert code == 1
    assert editor.split()[0].strip("'") in shown
    assert "config set editor" in shown


def test_the_configured_editor_is_used_where_the_environment_names_none(home, store, tmp_path, cli):
    editor = script(tmp_path, "open(path, 'a').write('From the config.\\n')")
    assert cli("config", "set", "editor", editor).returncode == 0
    assert edited(home, tmp_path, None, "2")[0] == 0
    assert notes(store, 2) == "From the config."
