"""The config command and named databases: the file stays the user's own, stays valid, and stops no command."""

from __future__ import annotations

import json
import os
import shlex
import stat
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm.exchange import toml_edit
from tests.cli.terminal import Terminal

MINE = """\
# how I like it
theme = 'dark'   # for the evening
ascii = false


# where the team works
[databases]
team = "/mnt/share/tasks.db" # ask Ben
# nobody uses this any more
old = "/old.db"

[keys]
quit = ["q", "ctrl+q"]
"""


@pytest.fixture
def file(home) -> Path:
    path = Path(home["XDG_CONFIG_HOME"], "taskterm", "config.toml")
    path.parent.mkdir(parents=True)
    return path


def script(tmp_path: Path, *lines: str) -> str:
    """An editor that does this to the file it is given as `path`, in Python."""
    place = tmp_path / "editor.py"
    place.write_text("import sys\npath = sys.argv[1]\n" + "\n".join(lines) + "\n")
    return shlex.join([sys.executable, str(place)])


# ── named databases and what holds


def test_a_name_from_the_config_opens_its_database(cli, file, tmp_path):
    file.write_text(f'[databases]\nteam = "{tmp_path}/team.db"\n')
    assert cli("--db", "team", "add", "Shared").returncode == 0
    assert cli("add", "Mine").returncode == 0
    assert "Shared" in cli("list", env={"TASKTERM_DB": "team"}).stdout
    assert "Mine" in cli("list").stdout
    assert (tmp_path / "team.db").exists()


def test_the_configured_database_actor_and_signs_are_used_where_nothing_else_is_said(cli, file, tmp_path):
    file.write_text(f'database = "team"\nactor = "chloe"\nascii = true\n[databases]\nteam = "{tmp_path}/team.db"\n')
    bare = {"TASKTERM_DB": None, "TASKTERM_ACTOR": None}
    assert cli("add", "Shared", env=bare).returncode == 0
    assert "@chloe" in cli("history", env=bare).stdout
    assert "·" not in cli("add", "One more", "due:fri", env=bare).stdout
    assert (tmp_path / "team.db").exists()


@pytest.mark.parametrize("words", [("--db", "taem"), ("--db", "postgres://ana:secret@host/x")])
def test_a_mistyped_name_and_a_server_are_refused_and_nothing_is_made(cli, file, tmp_path, words):
    file.write_text('[databases]\nteam = "/nowhere/t.db"\n')
    before = set(os.listdir(tmp_path))
    refused = cli(*words, "add", "x")
    assert refused.returncode == 2
    assert "did you mean team" in refused.stderr or "server" in refused.stderr
    assert "secret" not in refused.stderr
    assert set(os.listdir(tmp_path)) == before


def test_the_folder_of_a_configured_database_is_never_made(cli, file):
    file.write_text('database = "/nowhere/share/tasks.db"\n')
    refused = cli("add", "x", env={"TASKTERM_DB": None})
    assert refused.returncode == 3
    assert "/nowhere/share" in refused.stderr


# ── a file with mistakes


@pytest.mark.parametrize("text", ["theme = \n", "[databases\n", 'theme = "purple"\n', "actor = 5\n", '\x00 = "\xff"\n'])
def test_a_broken_file_is_named_once_with_its_line_and_the_command_still_runs(cli, file, text):
    file.write_text(text, encoding="latin-1")
    added = cli("add", "Write")
    assert (added.returncode, added.stdout) == (0, "1 Write\n")
    (line,) = added.stderr.splitlines()
    assert line.startswith(f"taskterm: {file} line 1")
    assert line.endswith("; going on without it")
    assert json.loads(cli("list", "--json").stdout)[0]["title"] == "Write"


def test_several_mistakes_are_one_line_that_says_where_the_others_are(cli, file):
    file.write_text('theme = "purple"\nactor = 5\nascii = 1\n')
    (line,) = cli("add", "Write").stderr.splitlines()
    assert "(2 more: taskterm config list)" in line
    assert len(cli("config").stderr.splitlines()) == 3


def test_a_key_that_nobody_reads_is_no_matter_for_a_quick_command_and_is_named_by_config_list(cli, file):
    file.write_text('theem = "dark"\n')
    assert cli("add", "Write").stderr == ""
    assert "did you mean theme?" in cli("config", "list").stderr


@pytest.mark.parametrize("words", [("list",), ("add", "x"), ("config",), ("config", "set", "theme", "dark"), ()])
def test_a_theme_that_is_none_is_refused_by_every_command(cli, words):
    refused = cli("--theme", "purple", *words)
    assert refused.returncode == 2
    assert "dark, dusk, moss" in refused.stderr


def test_a_theme_that_is_none_in_the_environment_is_a_warning(cli):
    added = cli("add", "Write", env={"TASKTERM_THEME": "purple"})
    assert added.returncode == 0
    assert "TASKTERM_THEME" in added.stderr


# ── config list, get, path


def test_config_shows_every_key_with_its_value_and_where_that_comes_from(cli, file):
    file.write_text(MINE)
    rows = [line.split("\t") for line in cli("config", env={"PAGER": "most"}).stdout.splitlines()]
    assert ["theme", "dark", "config.toml line 2"] in rows
    assert ["actor", "ana", "TASKTERM_ACTOR"] in rows
    assert ["pager", "most", "PAGER"] in rows
    assert ["color", "true", "default"] in rows
    assert ["databases.team", "/mnt/share/tasks.db", "config.toml line 8"] in rows
    answer = json.loads(cli("config", "list", "--json", "--theme", "light").stdout)
    assert {"key": "theme", "value": "light", "source": "--theme"} in answer["keys"]
    assert (answer["file"], answer["problems"]) == (str(file), [])


def test_config_get_answers_the_value_that_holds_alone_on_a_line(cli, file):
    file.write_text(MINE)
    assert cli("config", "get", "theme").stdout == "dark\n"
    assert cli("config", "get", "ascii").stdout == "false\n"
    assert cli("config", "get", "databases.old").stdout == "/old.db\n"
    assert cli("config", "get", "database", "--db", "team").stdout == "/mnt/share/tasks.db\n"
    assert json.loads(cli("config", "get", "actor", "--json").stdout)["source"] == "TASKTERM_ACTOR"
    unknown = cli("config", "get", "them")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "did you mean theme?" in unknown.stderr


def test_config_path_tells_where_the_file_is_before_there_is_one(cli, home):
    expected = str(Path(home["XDG_CONFIG_HOME"], "taskterm", "config.toml"))
    assert cli("config", "path").stdout == expected + "\n"
    assert json.loads(cli("config", "path", "--json").stdout) == {"file": expected, "exists": False}


# ── config set, unset


def test_config_set_changes_one_line_and_leaves_every_remark_and_blank_where_it_was(cli, file):
    file.write_text(MINE)
    assert cli("config", "set", "theme", "light").returncode == 0
    assert file.read_text() == MINE.replace("'dark'", '"light"')
    assert cli("config", "set", "databases.team", "/t.db").returncode == 0
    assert cli("config", "set", "editor", "code", "--wait").returncode == 0
    assert cli("config", "set", "databases.new", "./n.db").returncode == 0
    text = file.read_text()
    assert [line for line in MINE.splitlines() if "dark" not in line and "team =" not in line] == [
        line for line in text.splitlines() if not line.startswith(("theme", "team =", "editor", "new"))
    ]
    values = tomllib.loads(text)
    assert values["editor"] == "code --wait"
    assert values["databases"] == {"team": "/t.db", "old": "/old.db", "new": os.path.abspath(file.parents[3] / "n.db")}
    assert 'team = "/t.db" # ask Ben' in text


def test_config_set_makes_the_first_file_for_its_owner_alone(cli, home):
    assert cli("config", "set", "color", "off").returncode == 0
    path = Path(home["XDG_CONFIG_HOME"], "taskterm", "config.toml")
    assert path.read_text() == "color = false\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_config_set_writes_through_a_link_and_keeps_who_may_read(cli, file, tmp_path):
    real = tmp_path / "dotfiles.toml"
    real.write_text("# mine\n")
    real.chmod(0o644)
    file.symlink_to(real)
    assert cli("config", "set", "theme", "light").returncode == 0
    assert file.is_symlink()
    assert real.read_text() == '# mine\ntheme = "light"\n'
    assert stat.S_IMODE(real.stat().st_mode) == 0o644
    assert os.listdir(file.parent) == ["config.toml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("theme", "purple"), "there is no theme"),
        (("ascii", "maybe"), "true or false"),
        (("thme", "dark"), "did you mean theme?"),
        (("actor", ""), "says nothing"),
        (("actor", "a\x1b[31m"), "control character"),
        (("editor", "vi 'x"), "cannot be split"),
        (("database", "postgres://host/x"), "server"),
        (("databases.team", "postgres://host/x"), "server"),
        (("databases.a b", "/x"), "cannot name a database"),
        (("theme",), "a key and a value"),
    ],
)
def test_config_set_refuses_what_the_file_could_not_hold_and_leaves_it_as_it_was(cli, file, words, said):
    file.write_text(MINE)
    refused = cli("config", "set", *words)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert "\x1b" not in refused.stderr
    assert file.read_text() == MINE


def test_config_set_says_what_comes_before_it(cli, file):
    said = cli("config", "set", "actor", "ben")
    assert said.returncode == 0
    assert "TASKTERM_ACTOR is set and comes first" in said.stderr


@pytest.mark.parametrize("text", ['theme = """\ndark"""\n', "theme = \n", 'databases = {\n "team" = "x" }\n'])
def test_config_set_leaves_alone_what_it_cannot_change_on_one_line(cli, file, text):
    file.write_text(text)
    key, value = ("databases.team", "/t") if "team" in text else ("theme", "light")
    refused = cli("config", "set", key, value)
    assert refused.returncode == 1
    assert "config edit" in refused.stderr
    assert file.read_text() == text


def test_config_unset_takes_the_line_out_and_the_default_holds_again(cli, file):
    file.write_text(MINE)
    assert cli("config", "unset", "theme").returncode == 0
    assert file.read_text() == MINE.replace("theme = 'dark'   # for the evening\n", "")
    assert cli("config", "unset", "databases.old").returncode == 0
    assert "old" not in tomllib.loads(file.read_text())["databases"]
    again = cli("config", "unset", "theme")
    assert again.returncode == 0
    assert "is not set" in again.stderr
    assert cli("config", "unset", "thme").returncode == 2


KEYS = st.sampled_from(["theme", "actor", "x-1", "editor"])
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
FILES = st.lists(
    st.one_of(
        st.tuples(KEYS, TEXTS).map(lambda pair: f"{pair[0]} = '{pair[1]}'" if "'" not in pair[1] else "# x"),
        st.sampled_from(["", "# remark", "  [databases]  # all", "[keys]", "team = '/t'", "list = [", "  [1],", "]"]),
    ),
    max_size=8,
)


@given(FILES, st.sampled_from([("theme",), ("databases", "team"), ("new",)]), TEXTS, st.sampled_from(["\n", "\r\n"]))
def test_one_value_changes_and_nothing_else_whatever_the_file_holds(parts, path, value, end):
    text = end.join(parts)
    try:
        old = tomllib.loads(text)
    except ValueError:
        return
    wanted = json.loads(json.dumps(old))
    if len(path) > 1 and not isinstance(wanted.get(path[0], {}), dict):
        return
    (wanted.setdefault(path[0], {}) if len(path) > 1 else wanted)[path[-1]] = value
    try:
        new = toml_edit.put(text, path, value)
    except toml_edit.CannotEdit:
        return
    assert tomllib.loads(new) == wanted
    kept = [line for line in new.splitlines() if line.startswith(("#", "  [", "list", "["))]
    assert all(line in kept for line in text.splitlines() if line.startswith(("#", "  [", "list")))
    dropped = tomllib.loads(toml_edit.drop(new, path))
    assert path[-1] not in (dropped.get(path[0], {}) if len(path) > 1 else dropped)


# ── config edit


def test_config_edit_needs_a_terminal(cli, file):
    refused = cli("config", "edit")
    assert refused.returncode == 2
    assert str(file) in refused.stderr


def test_config_edit_opens_a_first_file_that_explains_every_key(home, file, tmp_path):
    editor = script(
        tmp_path,
        "text = open(path).read()",
        "open(path, 'w').write(text.replace('# theme = \\'dark\\'', 'theme = \"light\"'))",
    )
    terminal = Terminal(("config", "edit"), {**home, "EDITOR": editor, "TMPDIR": str(tmp_path)}, tmp_path)
    assert terminal.end() == 0
    text = file.read_text()
    assert tomllib.loads(text) == {"theme": "light"}
    assert all(f"# {key} = " in text for key in ("database", "actor", "color", "ascii", "editor", "pager"))


def test_a_file_that_was_broken_in_the_editor_is_edited_again_or_left_as_it_was(home, file, tmp_path):
    file.write_text(MINE)
    editor = script(
        tmp_path,
        "text = open(path).read()",
        "new = text + 'theme = \\n' if 'theme = \\n' not in text else text.replace('theme = \\n', '')",
        "open(path, 'w').write(new.replace('evening', 'night') if new != text + 'theme = \\n' else new)",
    )
    terminal = Terminal(("config", "edit"), {**home, "EDITOR": editor, "TMPDIR": str(tmp_path)}, tmp_path)
    terminal.wait_for("edit it again? [Y/n]")
    assert "config.toml line" in terminal.shown
    assert file.read_text() == MINE
    terminal.type("\n")
    assert terminal.end() == 0
    assert file.read_text() == MINE.replace("evening", "night")

    breaking = script(tmp_path, "open(path, 'a').write('[oops\\n')")
    terminal = Terminal(("config", "edit"), {**home, "EDITOR": breaking, "TMPDIR": str(tmp_path)}, tmp_path)
    terminal.wait_for("edit it again? [Y/n]")
    terminal.type("n\n")
    assert terminal.end() == 1
    kept = terminal.shown.rpartition("what you typed is in ")[2].split()[0]
    assert Path(kept).read_text().endswith("[oops\n")
    assert file.read_text() == MINE.replace("evening", "night")
