"""How commands end: exit codes, what is said on stderr, and that it is never a traceback."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from taskterm.store.store import Store
from tests.cli.terminal import Terminal

HOSTILE = [
    "[@click=app.quit]x",
    "Fix [/foo]",
    "$(touch pwned)",
    "`touch pwned`; touch pwned",
    "日本語 🚀",
    "שלום עולם",
    "{version} %s %(x)s \\n",
]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["lst"], 2, "did you mean list"),
        (["frobnicate"], 2, "there is no command frobnicate"),
        ([""], 2, "empty word"),
        (["--frob"], 2, "no option --frob"),
        (["step"], 2, "step add"),
        (["step", "ad"], 2, "did you mean step add"),
        (["add"], 2, "a task needs a title"),
        (["add", "  "], 2, "a task needs a title"),
        (["add", "x", "due:fryday"], 2, "fryday"),
        (["add", "x", "pri:9"], 2, "priority"),
        (["add", "x", "after:99"], 1, "no task #99"),
        (["add", "x" * 2001], 2, "2,001 characters"),
        (["add", "a\x1b[31mb"], 2, "control character"),
        (["add", "a\nb"], 2, "control character"),
        (["done"], 2, "is missing"),
        (["done", "99"], 1, "no task #99"),
        (["done", "9" * 30], 1, "no task"),
        (["done", "nonsense"], 1, "nonsense"),
        (["done", "--forse", "1"], 2, "did you mean --force"),
        (["list", "--frob"], 2, "no option --frob"),
        (["list", ""], 2, "empty"),
        (["list", "-n", "x"], 2, "not a number"),
        (["edit", "1"], 2, "nothing to change"),
        (["link", "1"], 2, "--after"),
        (["link", "2", "--after", "2"], 1, "cycle"),
        (["move", "1", "nowhere"], 1, "no column"),
        (["step", "add", "1"], 2, "command is missing"),
        (["step", "edit", "77", "--name", "x"], 1, "no step 77"),
        (["step", "remove", "77"], 1, "no step 77"),
        (["step", "add", "1", "--timeout", "soon", "true"], 2, "soon"),
        (["run", "1"], 1, "waits for a person"),
        (["logs", "5"], 1, "no run 5"),
        (["logs", "five"], 2, "not the number of a run"),
        (["stop-run", "5"], 1, "no run 5"),
        (["undo", "99"], 1, "no operation 99"),
        (["undo", "x"], 2, "number"),
        (["redo"], 1, "nothing to redo"),
        (["tree", "--workflow", "x"], 2, "no workflow x"),
        (["workflow", "check", "missing.toml"], 1, "missing.toml"),
        (["import", "missing.json"], 1, "missing.json"),
        (["import", "--format", "xml", "x"], 2, "xml"),
        (["trust", "approve"], 2, "--all"),
        (["trust", "approve", "abcdef"], 1, "abcdef"),
        (["help", "lst"], 2, "did you mean list"),
        ([], 2, "no terminal"),
    ],
)
def test_bad_input_gets_a_clear_message_its_exit_code_and_changes_nothing(cli, home, now, words, code, said):
    store = Store(home["TASKTERM_DB"], create=True)
    store.execute("add", {"title": "Write"}, actor="ana", now=now)
    store.execute("add", {"title": "Publish", "after": [1]}, actor="ana", now=now)
    before = store.snapshot()
    run = cli(*words)
    assert (run.returncode, run.stdout) == (code, "")
    assert said in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stderr.startswith(("taskterm: ", "missing.toml"))
    assert store.snapshot() == before


def test_a_blocked_task_cannot_be_done_and_the_blockers_are_named_with_owner_and_age(cli):
    cli("add", "Write", "@chloe")
    cli("add", "Publish", "after:1")
    refused = cli("done", "2")
    assert refused.returncode == 1
    assert "#1 Write @chloe, todo for" in refused.stderr
    assert "--force" in refused.stderr
    assert cli("done", "2", "--force").returncode == 0


def test_a_cycle_is_refused_and_its_path_is_shown(cli):
    for words in (["a"], ["b", "after:1"], ["c", "after:2"]):
        cli("add", *words)
    refused = cli("link", "1", "--after", "3")
    assert refused.returncode == 1
    assert "#3 → #1 → #2 → #3" in refused.stderr


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_shown_as_typed_and_nothing_of_it_is_executed(cli, tmp_path, title):
    assert cli("add", title, "run:true").returncode == 0
    cli("add", "Next", "after:1")
    shown = [cli(*words).stdout for words in (["list"], ["next"], ["show", "1"], ["tree"], ["history"], ["run", "1"])]
    assert all(title in answer for answer in shown[:5])
    assert title in cli("done", title.upper()).stderr + cli("reopen", "1").stdout
    assert not (tmp_path / "pwned").exists()


def test_bytes_that_are_no_text_are_refused(home, tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "taskterm", "add", b"bad \xff title"], env=home, cwd=tmp_path, capture_output=True
    )
    assert run.returncode == 2
    assert b"not valid" in run.stderr
    assert b"Traceback" not in run.stderr


def test_output_in_another_encoding_is_plain_ascii_and_never_fails(cli):
    cli("add", "日本語", "due:2026-11-27")
    run = cli("list", env={"PYTHONIOENCODING": "latin-1"})
    assert run.returncode == 0
    assert "???" in run.stdout
    assert cli("show", "1", env={"PYTHONIOENCODING": "ascii"}).stdout.isascii()


# ── the database


def test_a_text_file_is_no_database_and_is_not_touched(cli, tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("remember the milk\n" * 100)
    for words in (["list"], ["add", "x"], ["done", "1"]):
        run = cli("--db", str(text), *words)
        assert run.returncode == 3
        assert "not a TaskTerm database" in run.stderr
    assert text.read_text() == "remember the milk\n" * 100
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("notes")] == ["notes.txt"]


def test_somebody_elses_database_is_not_touched(cli, tmp_path):
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE x (y)")
    connection.close()
    run = cli("--db", str(other), "add", "x")
    assert run.returncode == 3
    assert "not a TaskTerm database" in run.stderr


def test_a_folder_that_does_not_exist_is_named(cli, tmp_path):
    for words in (["list"], ["add", "x"], ["done", "1"]):
        run = cli(*words, "--db", str(tmp_path / "missing" / "tasks.db"))
        assert run.returncode == 3
        assert "missing" in run.stderr
    assert not (tmp_path / "missing").exists()


def test_the_first_add_makes_the_data_folder(cli, home):
    run = cli("add", "Write", env={"TASKTERM_DB": None})
    assert run.returncode == 0
    assert (Path(home["XDG_DATA_HOME"]) / "taskterm" / "tasks.db").exists()
    assert cli("list", env={"TASKTERM_DB": None}).stdout.split() == ["ready", "1", "Write"]


IMPATIENT = """
import sys
from taskterm.cli import main
from taskterm.store.store import Store
Store.__init__.__kwdefaults__["timeout"] = 0.2
main(sys.argv[1:])
"""


def test_a_busy_database_is_exit_code_3_and_nothing_is_kept(cli, home, tmp_path):
    cli("add", "Write")
    connection = sqlite3.connect(home["TASKTERM_DB"], isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        run = subprocess.run(
            [sys.executable, "-c", IMPATIENT, "add", "x"], env=home, cwd=tmp_path, capture_output=True, text=True
        )
    finally:
        connection.close()
    assert (run.returncode, run.stdout) == (3, "")
    assert "busy" in run.stderr
    assert len(cli("list").stdout.splitlines()) == 1


@pytest.fixture
def others(home: dict[str, str]) -> Iterator[Path]:
    """A folder with a database of two tasks that the user of `as_stranger` can read and not write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = {**home, "TASKTERM_DB": str(folder / "tasks.db")}
        for title in ("Write", "Publish"):
            subprocess.run([sys.executable, "-m", "taskterm", "add", title], env=env, check=True, capture_output=True)
        for path in folder.iterdir():
            path.chmod(0o444)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


STRANGER = """
import os, sys
from taskterm.cli import main, quick, report, rows
from taskterm.cli.commands import show
from taskterm.core import capture, snapshot
from taskterm.core.commands import status, tasks
from taskterm.store import store
if os.getuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)  # who may not even read the interpreter
main(sys.argv[1:])
"""


def as_stranger(folder: Path, home: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Root may write everything, so it becomes somebody else; an ordinary owner has taken his own rights away."""
    return subprocess.run(
        [sys.executable, "-c", STRANGER, *words],
        env={**home, "TASKTERM_DB": str(folder / "tasks.db")},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_read_only_database_can_be_read_and_says_so_when_it_is_written(others, home):
    listed = as_stranger(others, home, "list")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert [line.split()[2] for line in listed.stdout.splitlines()] == ["Write", "Publish"]
    assert as_stranger(others, home, "show", "1").returncode == 0
    for words in (["add", "x"], ["done", "1"]):
        refused = as_stranger(others, home, *words)
        assert refused.returncode == 3
        assert "read-only" in refused.stderr or "only be read" in refused.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_an_answer_that_cannot_be_written_is_told(home, tmp_path):
    with open("/dev/full", "w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "taskterm", "--version"],
            env=home,
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert run.returncode == 1
    assert "could not be written" in run.stderr
    assert "Traceback" not in run.stderr


# ── pipes, keys, terminals


def test_a_reader_that_has_had_enough_is_no_error(cli, home, tmp_path):
    cli("add", "-", input="".join(f"Task {number} {'x' * 900}\n" for number in range(120)))
    listing = subprocess.Popen(
        [sys.executable, "-m", "taskterm", "list"],
        env=home,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert listing.stdout is not None
    assert listing.stderr is not None
    assert listing.stdout.readline()
    listing.stdout.close()
    assert listing.stderr.read() == b""
    assert listing.wait() == 0
    listing.stderr.close()


def test_ctrl_c_at_a_question_ends_with_130_and_changes_nothing(cli, home, tmp_path):
    cli("add", "Write")
    terminal = Terminal(("delete", "1"), home, tmp_path)
    terminal.wait_for("[y/N]")
    terminal.type("\x03")
    assert terminal.end() == 130
    assert "Traceback" not in terminal.shown
    assert len(cli("list").stdout.splitlines()) == 1


@pytest.mark.parametrize(("answer", "left"), [("y", 0), ("n", 1), ("", 1)])
def test_delete_asks_on_a_terminal(cli, home, tmp_path, answer, left):
    cli("add", "Write")
    terminal = Terminal(("delete", "1"), home, tmp_path)
    terminal.wait_for("[y/N]")
    terminal.type(answer + "\n")
    assert terminal.end() == (0 if left == 0 else 1)
    assert len(cli("list").stdout.splitlines()) == left


def test_colour_is_on_a_terminal_and_goes_with_no_color(cli, home, tmp_path):
    cli("add", "Write", "pri:H")
    shown = {}
    for name, words, more in (
        ("terminal", ("list",), {}),
        ("NO_COLOR", ("list",), {"NO_COLOR": "1"}),
        ("option", ("--no-color", "list"), {}),
    ):
        terminal = Terminal(words, {**home, **more}, tmp_path)
        assert terminal.end() == 0
        shown[name] = terminal.shown
    assert "\x1b[" in shown["terminal"]
    assert "\x1b[" not in shown["NO_COLOR"] + shown["option"] + cli("list").stdout
    assert "Ready 1" in shown["NO_COLOR"]
    assert "○" in shown["NO_COLOR"]


def test_lines_fit_the_terminal(cli, home, tmp_path):
    cli("add", "日本語 " * 40, "@ana", "due:2099-01-01")
    cli("add", "Next", "after:1")
    for width in (60, 80, 140):
        terminal = Terminal(("list",), {**home, "NO_COLOR": "1"}, tmp_path, width=width)
        assert terminal.end() == 0
        from rich.cells import cell_len

        assert max(cell_len(line) for line in terminal.shown.splitlines()) <= width


def test_a_defect_is_one_sentence_and_its_trace_is_in_a_file(home, tmp_path):
    code = "import taskterm.cli.quick as q; q.refs = None\nfrom taskterm.cli import main; main(['done', '1'])"
    run = subprocess.run([sys.executable, "-c", code], env=home, cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    log = Path(home["XDG_STATE_HOME"]) / "taskterm" / "crash.log"
    assert str(log) in run.stderr
    assert "TypeError" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_the_version_and_the_help_need_no_database(cli, home):
    import taskterm

    assert cli("--version").stdout == f"taskterm {taskterm.__version__}\n"
    overview = cli("--help").stdout
    assert all(f"  {verb} " in overview for verb in ("add", "done", "run", "trust list", "workflow start"))
    assert "--with-needs" in cli("run", "--help").stdout
    assert "due:fri" in cli("help", "dates").stdout
    assert not Path(home["TASKTERM_DB"]).exists()


@pytest.mark.skipif(shutil.which("sh") is None, reason="no sh")
def test_closed_streams_do_not_matter(home, tmp_path):
    line = f'"{sys.executable}" -m taskterm add "Write" >&- 2>&- <&-'
    assert subprocess.run(["sh", "-c", line], env=home, cwd=tmp_path).returncode == 0
    found = subprocess.run([sys.executable, "-m", "taskterm", "list"], env=home, capture_output=True, text=True)
    assert "Write" in found.stdout


def test_ctrl_c_while_a_run_is_followed_stops_the_run(cli, home, tmp_path):
    cli("add", "Long", "run:echo begun; sleep 300")
    terminal = Terminal(("run", "1"), home, tmp_path)
    terminal.wait_for("begun\n")
    terminal.type("\x03")
    assert terminal.end() == 130
    assert cli("runs").stdout.split()[:2] == ["1", "stopped"]


def test_a_signal_that_ends_the_program_leaves_the_database_whole(cli, home, tmp_path):
    cli("add", "Write")
    adding = subprocess.Popen(
        [sys.executable, "-m", "taskterm", "add", "-"], env=home, cwd=tmp_path, stdin=subprocess.PIPE
    )
    adding.send_signal(signal.SIGTERM)
    adding.communicate(timeout=30)
    assert cli("add", "Second").stdout == "2 Second\n"
