"""Completion: what each place of a command line offers, how little that takes, and real shells at work."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from taskterm.cli import VERBS, commands_of, complete
from taskterm.cli.complete_verbs import VERBS as MEANINGS
from taskterm.cli.options import COMMON
from taskterm.settings import THEMES
from taskterm.store.store import Store
from tests.cli.shells import REPOSITORY, START, Shell
from tests.test_imports import HEAVY, SLOW_STDLIB, loaded_by, of

SHELLS = sorted(START)
NASTY = 'It\'s $(touch pwned) `touch pwned` "two": a\\b\u202e'


@pytest.fixture
def store(home, now) -> Store:
    """Seven tasks in every state, two projects, tags, people, a view."""
    store = Store(home["TASKTERM_DB"], create=True)

    def execute(verb: str, **args: object) -> None:
        store.execute(verb, args, actor="ana", now=now)

    execute("add", title="Write the notes", project="site.web", tags=["docs"], assignee="ben")
    execute("add", title="Publish", after=["1"])
    execute("add", title="Pay the rent", project="home", tags=["ops"])
    execute("add", title="Call Ben")
    execute("add", title="Old one")
    execute("add", title="Never")
    execute("add", title="日本語のタスク 🚀")
    execute("start", refs=[4])
    execute("done", refs=[5])
    execute("cancel", refs=[6])
    execute("view_save", name="urgent", query="pri:H")
    return store


@pytest.fixture
def offered(store) -> Callable[..., list[str]]:
    """The words that are offered for a command line, without what they mean."""

    def words(*line: str) -> list[str]:
        return [found.partition("\t")[0] for found in complete.answer(line).splitlines()]

    return words


# ── what is offered


def test_a_verb_is_offered_with_what_it_does():
    assert complete.answer(["do"]) == "done\tfinish tasks\n"
    assert [line.split("\t")[0] for line in complete.answer([""]).splitlines()] == list(VERBS)
    assert complete.answer(["--db", "x.db", "do"]) == complete.answer(["--db=x.db", "do"]) == "done\tfinish tasks\n"


def test_every_verb_is_explained_and_nothing_else():
    assert set(MEANINGS) == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_offers_its_options_and_those_of_every_command(verb, home):
    for name, command in commands_of(verb).items():
        offered = {line.partition("\t")[0] for line in complete.answer([*name.split(), "--"]).splitlines()}
        named = {option.name for option in (*command.options, *COMMON) if option.name.startswith("--")}
        assert named <= offered, name
        for option in command.options:
            if option.choices:
                words = [*name.split(), option.name, ""]
                assert tuple(complete.answer(words).split()) == option.choices


def test_ids_come_with_titles_and_the_ones_at_work_first(offered, store):
    assert complete.answer(["done", ""]).splitlines() == [
        "4\tCall Ben",
        "1\tWrite the notes",
        "3\tPay the rent",
        "7\t日本語のタスク 🚀",
        "2\tPublish",
    ]
    assert offered("reopen", "") == ["5", "6"]
    assert offered("stop", "") == ["4"]
    assert offered("show", "") == ["4", "1", "3", "7", "2", "5", "6"]
    assert offered("done", "1", "3", "") == ["4", "7", "2"]
    assert offered("done", "1,") == ["1,4", "1,3", "1,7", "1,2"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (["add", "x", "project:"], ["project:home", "project:site", "project:site.web"]),
        (["add", "x", "project:site"], ["project:site", "project:site.web"]),
        (["add", "x", "+"], ["+docs", "+ops"]),
        (["add", "x", "@b"], ["@ben"]),
        (["add", "x", "after:"], ["after:4", "after:1", "after:3", "after:7", "after:2"]),
        (["add", "x", "before:1,"], ["before:1,4", "before:1,3", "before:1,7", "before:1,2"]),
        (["add", "x", "pri:"], ["pri:H", "pri:M", "pri:L"]),
        (["edit", "1", "-d"], ["-docs"]),
        (["list", "-o"], ["-ops"]),
        (["list", "view:"], ["view:urgent"]),
        (["list", "@m"], ["@me"]),
        (["list", "project:h"], ["project:home"]),
        (["view", "remove", ""], ["urgent"]),
        (["view", "r"], ["remove"]),
        (["link", "2", "--after", ""], ["4", "1", "3", "7", "5", "6"]),
        (["assign", "1", "@"], ["@ana", "@ben"]),
        (["assign", "1", "b"], ["ben"]),
        (["move", "1", "d"], ["doing", "done"]),
        (["config", "get", "th"], ["theme"]),
        (["config", "set", "theme", ""], list(THEMES)),
        (["config", "set", "notify", "b"], ["bell", "both"]),
        (["config", "set", "hints", ""], ["true", "false"]),
        (["config", "set", "ascii", ""], ["true", "false"]),
        (["--theme", "l"], ["light"]),
        (["list", "--theme=l"], ["--theme=light"]),
        (["export", "--format", "t"], ["taskwarrior"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["help", "comp"], ["completion"]),
        (["workflow", "start", ""], [":files"]),
        (["import", "x"], [":files"]),
        (["step", "add", "1", "--", "make", ""], [":files"]),
        (["nonsense", ""], []),
        (["completion", "bash", ""], []),
    ],
)
def test_a_place_offers_what_could_stand_there(offered, line, expected):
    words = offered(*line)
    assert words == expected or (":files" in words and expected == [":files"])


def test_names_of_databases_are_offered_and_a_named_one_is_looked_into(home, store, tmp_path, now):
    Store(str(tmp_path / "team.db"), create=True).execute("add", {"title": "Shared"}, actor="ben", now=now)
    folder = Path(home["XDG_CONFIG_HOME"], "taskterm")
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f'[databases]\nteam = "{tmp_path}/team.db"\n')
    assert complete.answer(["--db", "t"]) == f"team\t{tmp_path}/team.db\n:files\n"
    assert complete.answer(["--db", "team", "done", ""]) == "1\tShared\n"
    assert complete.answer(["done", "--db", "team", ""]) == "1\tShared\n"
    assert complete.answer(["config", "get", "databases."]).startswith("databases.team\t")


def test_a_title_can_neither_steer_the_terminal_nor_add_a_line_or_a_column(store, now):
    store.execute("edit", {"refs": [1], "set": {"title": NASTY}}, actor="ana", now=now)
    (line,) = complete.answer(["show", "1"]).splitlines()
    assert line.startswith("1\tIt's $(touch pwned)")
    assert line.isprintable() or line.replace("\t", " ").isprintable()
    assert line.count("\t") == 1


# ── what it never does


def test_it_says_nothing_and_makes_nothing_where_there_is_no_database(cli, home, tmp_path):
    before = set(os.listdir(tmp_path))
    for words in ([], ["done", ""], ["add", "x", "project:"], ["undo", ""], ["logs", ""]):
        ended = cli("_complete", *words)
        assert (ended.returncode, ended.stderr) == (0, "")
    assert set(os.listdir(tmp_path)) == before
    assert os.listdir(home["HOME"]) == []


def _broken_config(home: dict[str, str], path: Path) -> None:
    folder = Path(home["XDG_CONFIG_HOME"], "taskterm")
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("theme = \n")


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda home, path: path.write_bytes(b"no database at all" * 400), id="another file"),
        pytest.param(lambda home, path: path.write_bytes(path.read_bytes()[:5000]), id="cut off"),
        pytest.param(lambda home, path: home.update(TASKTERM_DB="postgres://ana:secret@host/x"), id="server"),
        pytest.param(lambda home, path: home.update(TASKTERM_DB="/nowhere/at/all.db"), id="missing"),
        pytest.param(_broken_config, id="broken config"),
    ],
)
def test_whatever_is_wrong_it_says_nothing_and_still_offers_verbs(cli, home, store, spoil):
    spoil(home, Path(home["TASKTERM_DB"]))
    for words in (["done", ""], ["add", "x", "+"], ["undo", ""]):
        ended = cli("_complete", *words, env=home)
        assert (ended.returncode, ended.stderr) == (0, "")
    assert cli("_complete", "do", env=home).stdout == "done\tfinish tasks\n"


def test_a_reader_that_has_gone_is_no_error(home, store):
    process = subprocess.Popen(
        [sys.executable, "-m", "taskterm", "_complete", ""],
        env=home,
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.wait(30)
    process.stderr.close()


WORDS = st.one_of(
    st.sampled_from(
        [*VERBS, "--db", "--", "-", "--theme=", "add", "project:", "after:1,", "+", "@", "''", '"', "1", ""]
    ),
    st.text(max_size=6),
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.lists(WORDS, max_size=5))
def test_any_half_typed_line_is_answered_with_whole_lines_that_begin_with_what_was_typed(store, words):
    current = words[-1].casefold() if words else ""
    for line in complete.answer(words).splitlines():
        word = line.partition("\t")[0]
        assert word == complete.FILES or word.casefold().startswith(current)


def test_ids_need_no_slow_part_of_the_standard_library_and_no_snapshot(home, store, tmp_path):
    for words in (["done", ""], ["show", "1"], ["reopen", ""], [""]):
        loaded, code, messages = loaded_by(
            ["-c", f"from taskterm.cli import main; main({['_complete', *words]!r})"], home, tmp_path
        )
        assert (code, messages) == (0, "")
        assert of(HEAVY | SLOW_STDLIB, loaded) == []
        assert "taskterm.core.snapshot" not in loaded
        assert "taskterm.store.store" not in loaded


def test_no_more_tasks_are_offered_than_anybody_reads(home, store, now):
    store.execute("create", {"tasks": [{"key": str(n), "title": f"Task {n}"} for n in range(500)]}, actor="a", now=now)
    assert len(complete.answer(["done", ""]).splitlines()) == 50
    assert len(complete.answer(["done", "40"]).splitlines()) == 11  # 40, 400 to 409


# ── the scripts


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_printed_with_how_to_install_it(cli, shell):
    printed = cli("completion", shell)
    assert (printed.returncode, printed.stderr) == (0, "")
    assert f"taskterm completion {shell} > ~/" in printed.stdout
    assert "taskterm _complete" in printed.stdout
    assert f"completion {shell}" in cli("help", "completion").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [(("tcsh",), "bash, zsh and fish"), (("zhs",), "did you mean zsh?"), ((), "missing"), (("zsh", "x"), "too many")],
)
def test_another_shell_is_refused_with_those_that_there_are(cli, words, said):
    refused = cli("completion", *words)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr


def test_the_scripts_are_part_of_the_package():
    kept = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert kept["packages"] == ["taskterm"]  # with all that is in it
    folder = Path(complete.__file__).parent / "completions"
    assert sorted(os.listdir(folder)) == [f"taskterm.{shell}" for shell in SHELLS]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_itself_finds_no_mistake_in_the_script(cli, shell):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = cli("completion", shell).stdout
    checked = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False, timeout=30)
    assert (checked.returncode, checked.stderr) == (0, "")


# ── real shells


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Where the shells of this module run, with a home of their own."""
    place: Path = tmp_path_factory.mktemp("shells")
    (place / "home").mkdir()
    (place / "release.toml").write_text("")
    return place


@pytest.fixture(scope="module", params=SHELLS)
def shell(request, folder) -> Iterator[Shell]:
    """Each shell once for all the lines that are typed into it."""
    from datetime import UTC, datetime

    path = folder / f"{request.param}.db"
    store = Store(str(path), create=True)
    now = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
    for title in ("Write the notes", NASTY):
        store.execute("add", {"title": title, "project": "site.web", "tags": ["docs"]}, actor="ana", now=now)
    quoted = {"title": "Call Ben", "assignee": "ben", "project": "it's a $(touch pwned)"}
    store.execute("add", quoted, actor="ana", now=now)
    store.execute("view_save", {"name": "urgent", "query": "pri:H"}, actor="ana", now=now)
    env = {
        "HOME": str(folder / "home"),
        "PATH": os.environ["PATH"],
        "TASKTERM_DB": str(path),
        "TASKTERM_ACTOR": "ana",
        "LC_ALL": "C.UTF-8",
    }
    started = Shell(request.param, env, folder)
    yield started
    started.close()


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("taskterm unl", "taskterm unlink "),
        ("taskterm rev", "taskterm rev"),
        ("taskterm view rem", "taskterm view remove "),
        ("taskterm list --no-c", "taskterm list --no-color "),
        ("taskterm --theme l", "taskterm --theme light "),
        ("taskterm --theme=l", "taskterm --theme=light "),
        ("taskterm export --format tas", "taskterm export --format taskwarrior "),
        ("taskterm add Buy +d", "taskterm add Buy +docs "),
        ("taskterm add Buy @b", "taskterm add Buy @ben "),
        ("taskterm add Buy pri", "taskterm add Buy pri:"),
        ("taskterm add Buy project:s", "taskterm add Buy project:site"),
        ("taskterm add Buy project:site.", "taskterm add Buy project:site.web "),
        ("taskterm list view:u", "taskterm list view:urgent "),
        ("taskterm edit 1 -d", "taskterm edit 1 -docs "),
        ("taskterm config get the", "taskterm config get theme "),
        ("taskterm workflow start rel", "taskterm workflow start release.toml "),
        ("taskterm reopen ", "taskterm reopen "),
        ("taskterm done 1 2 ", "taskterm done 1 2 3 "),
        ("taskterm link 1 --after 2,", "taskterm link 1 --after 2,3 "),
    ],
)
def test_tab_completes_the_word_that_is_being_typed(shell, typed, completed):
    line = shell.complete(typed)
    assert line.rstrip() == completed.rstrip()
    assert line == completed or not completed.endswith((":", "="))


def test_tab_twice_shows_ids_with_what_they_are_and_runs_nothing_of_a_title(shell, folder):
    shell.complete("taskterm done ", tabs=2)
    assert "Write the notes" in shell.shown
    assert "$(touch pwned)" in shell.shown
    assert "Call Ben" in shell.shown
    assert "\u202e" not in shell.shown
    assert not (folder / "pwned").exists()


def test_a_word_that_only_a_quote_makes_harmless_is_quoted(shell, folder):
    line = shell.complete("taskterm add Buy project:i")
    words = subprocess.run(
        ["bash", "-c", f"printf '%s\\n' {line.partition('Buy ')[2]}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert words == "project:it's a $(touch pwned)\n"
    assert not (folder / "pwned").exists()


@pytest.mark.parametrize(
    "typed", ['taskterm add "Write it project:si', "taskterm done '", "taskterm list '+d", 'taskterm "']
)
def test_a_quote_that_is_still_open_breaks_nothing(shell, typed, folder):
    line = shell.complete(typed)
    assert line.startswith(typed.partition("'")[0].partition('"')[0])
    assert "rror" not in shell.shown
    assert "nmatched" not in shell.shown
    assert not (folder / "pwned").exists()
