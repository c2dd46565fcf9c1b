"""Preferences and places: what a config file may hold, what comes before what, and that a broken file stops nobody."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm import settings
from taskterm.core import palette
from taskterm.core.errors import UsageError
from taskterm.settings import config as checks
from taskterm.settings import lines


def read(tmp_path: Path, text: str | bytes) -> settings.Config:
    folder = tmp_path / "config" / "taskterm"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return settings.read_config({"XDG_CONFIG_HOME": str(tmp_path / "config")})


@pytest.mark.parametrize("kind", ["data", "config", "state", "cache"])
def test_the_folders_are_those_of_platformdirs(home, kind, monkeypatch):
    expected = getattr(platformdirs, f"user_{kind}_dir")("taskterm", appauthor=False)
    assert settings.folder(kind) == expected
    monkeypatch.delenv(f"XDG_{kind.upper()}_HOME")
    assert settings.folder(kind) == getattr(platformdirs, f"user_{kind}_dir")("taskterm", appauthor=False)


# ── the plain reader beside tomllib

WORDS = st.sampled_from(
    ["theme", "actor", "databases", "a-b", "a_b", "1", "'q'", "a.b", "", "ä", "true", "=", "#", "[x]", "[databases]"]
)
VALUES = st.one_of(
    st.sampled_from(
        [
            *("true", "false", "0", "-0", "+1", "007", "1_000", "0x1f", "-12", "9" * 30, "1.5", "inf", "[]", "{}"),
            *('["u", "ctrl+z"]', '["a"] # b', '["]"]', '[ "a" , ]', '[","]', "['a']", '["a" "b"]', '["a\\n"]', '[""]'),
            *('"a"', "'a'", '""', "''", '"""a"""', "'''a'''", '"a\\n"', "'a\\n'", '"a" b', '"a', "1979-05-27", ""),
            *(
                '"a#b" # c',
                "'#'",
                "true # yes",
                "true yes",
                "1 2",
                '"tab\there"',
                '"\u00e4\u65e5"',
                '"\x7f"',
                '"\u2028"',
            ),
        ]
    ),
    st.text(max_size=6),
    st.text(max_size=8).map(lambda text: f'"{text}"'),
    st.text(max_size=8).map(lambda text: f"'{text}'"),
)
LINES = st.one_of(
    st.tuples(WORDS, st.sampled_from([" = ", "=", " =", "\t=\t", " "]), VALUES).map("".join),
    st.tuples(st.sampled_from(["[", "[ ", " [", "[["]), WORDS, st.sampled_from(["]", " ]", "]]", "] # c", "] x"])).map(
        "".join
    ),
    st.sampled_from(["", " ", "\t", "# remark", "  # \u00e4", "# \x01", "\r", "\ufeff", "\f"]),
    st.text(max_size=10),
)


@given(st.lists(LINES, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_the_plain_reader_reads_what_tomllib_reads_and_accepts_nothing_that_tomllib_refuses(parts, end):
    text = end.join(parts)
    plain = lines.read(text)
    try:
        full = tomllib.loads(text)
    except ValueError:
        assert plain is None
        return
    if plain is not None:
        assert repr(plain[0]) == repr(full)  # True is not 1


PLAIN_KEYS = st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,7}", fullmatch=True)
PLAIN_TEXT = st.text(st.characters(exclude_characters="\"'\\", categories=["L", "N", "P", "S", "Zs"]), max_size=12)


@given(st.dictionaries(PLAIN_KEYS, st.one_of(PLAIN_TEXT, st.booleans(), st.integers(-99999, 99999)), max_size=6))
def test_the_plain_reader_reads_every_plain_file_itself(values):
    def written(value: object) -> str:
        return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)

    text = "".join(f"{key} = {written(value)}  # remark\n" for key, value in values.items() if str(value).isprintable())
    plain = lines.read(text)
    assert plain is not None
    assert repr(plain[0]) == repr(tomllib.loads(text))
    assert [text.splitlines()[line - 1].partition(" ")[0] for line in plain[1].values()] == list(plain[1])


# ── what a file means


def test_a_missing_file_is_an_empty_one(home):
    found = settings.read_config()
    assert (found.exists, found.values, found.problems) == (False, {}, [])


def test_a_folder_in_which_no_file_can_be_is_said_nothing_about_and_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "taskterm").write_text("no folder")
    assert settings.read_config({"XDG_CONFIG_HOME": str(tmp_path)}).problems == []
    (tmp_path / "other/taskterm/config.toml").mkdir(parents=True)
    (problem,) = settings.read_config({"XDG_CONFIG_HOME": str(tmp_path / "other")}).problems
    assert problem == f"{tmp_path}/other/taskterm/config.toml cannot be read: Is a directory"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("theme = ", "line 1: invalid value at the end"),
        ("theme = x\n", "line 1 column 9: invalid value"),
        ('theme = "dark"\ncolor = yes\n', "line 2"),
        ('theme = "purple"', 'line 1: there is no theme "purple" (there are dark, dusk,'),
        ("# x\ntheme = 1", "line 2: theme is 1; write text in quotes"),
        ('ascii = "true"', 'line 1: ascii is "true"; write true or false, without quotes'),
        ('actor = " "', "line 1: actor is"),
        ('databases = "x"', "line 1: databases is a table"),
        ("[databases]\nteam = 1", "line 2: databases.team is 1; write a path in quotes"),
        ('[databases]\nteam = "tasks.db"', "line 2: databases.team is"),
        (
            '[databases]\nteam = "postgres://ana:secret@host/x"',
            "line 2: databases.team is on a server (postgres://host)",
        ),
        ('database = "team"', 'line 1: "team" is neither a whole path nor a name from [databases]; there are none'),
        ('theme = "dark"\ntheme = "light"', "line 2"),
        (b'actor = "\xff"', "line 1: this is not UTF-8 text"),
        (b"x = 1\n" * 200_000, "is larger than"),
        ("a = [" * 20_000, "config.toml"),
        ("a = " + "9" * 10_000, "config.toml"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_file_and_line_and_left_out(tmp_path, text, said):
    found = read(tmp_path, text)
    assert len(found.problems) == 1
    assert found.problems[0].startswith(found.path)
    assert said in found.problems[0]
    assert "secret" not in found.problems[0]
    assert (found.values, found.databases) == ({}, {})


def test_one_wrong_value_leaves_the_others_standing(tmp_path):
    found = read(tmp_path, 'theme = "purple"\nactor = "ana"\n[databases]\nteam = "/t.db"\nother = 5\n')
    assert found.values == {"actor": "ana"}
    assert found.databases == {"team": "/t.db"}
    assert len(found.problems) == 2


def test_a_key_that_nobody_reads_is_named_with_the_one_that_was_meant(tmp_path):
    found = read(tmp_path, 'theem = "dark"\n[keys]\nx = "y"\n[board]\nz = 1\n')
    assert found.problems == []
    assert [sentence.partition(": ")[2] for sentence in found.unknown] == [
        'there is no key called "theem"; did you mean theme?'
    ]


def test_a_file_beyond_the_plain_kind_is_read_all_the_same(tmp_path):
    found = read(tmp_path, '"actor" = "a\\u00e4"\ndatabases = { team = "/t.db" }\nlist = [1,\n 2]\n')
    assert found.values == {"actor": "aä"}
    assert found.databases == {"team": "/t.db"}


def test_an_option_comes_before_the_environment_and_that_before_the_file_and_that_before_the_default(tmp_path):
    found = read(tmp_path, 'database = "/file.db"\nactor = "file"\ntheme = "light"\neditor = "ed"\ncolor = true\n')
    nothing = settings.Config("")
    env = {"TASKTERM_DB": "/env.db", "TASKTERM_ACTOR": "env", "EDITOR": "vi", "NO_COLOR": "1", "LOGNAME": "login"}
    assert settings.database_path("/option.db", env, found) == "/option.db"
    assert settings.database_path(None, env, found) == "/env.db"
    assert settings.database_path(None, {}, found) == "/file.db"
    assert settings.database_path(None, {"XDG_DATA_HOME": "/d"}, nothing) == "/d/taskterm/tasks.db"
    assert settings.actor("option", env, found) == "option"
    assert settings.actor(None, env, found) == "env"
    assert settings.actor(None, {}, found) == "file"
    assert settings.actor(None, {"LOGNAME": "login"}, nothing) == "login"
    assert settings.program("editor", found, env) == "vi"
    assert settings.program("editor", found, {"VISUAL": "code", "EDITOR": "vi"}) == "code"
    assert settings.program("editor", found, {}) == "ed"
    assert settings.chosen("color", found, env) == (False, "NO_COLOR")
    assert settings.chosen("color", found, {"NO_COLOR": ""}) == (True, "config.toml")


def test_a_theme_of_the_environment_that_is_none_is_said_and_not_used(tmp_path):
    found = read(tmp_path, 'theme = "light"')
    env = {"TASKTERM_THEME": "purple"}
    assert settings.chosen("theme", found, env) == ("light", "config.toml")
    assert "TASKTERM_THEME" in settings.problems(found, env)[0]


def test_a_name_leads_to_its_database_wherever_it_is_given(tmp_path):
    found = read(tmp_path, 'database = "team"\n[databases]\nteam = "~/t.db"\n"my own" = "/o.db"\n')
    expected = os.path.expanduser("~/t.db")
    assert settings.database_path("team", {}, found) == expected
    assert settings.database_path(None, {"TASKTERM_DB": "my own"}, found) == "/o.db"
    assert settings.database_path(None, {}, found) == expected
    assert settings.database_path("./team", {}, found) == os.path.abspath("team")
    assert settings.database_path("tasks.db", {}, found) == os.path.abspath("tasks.db")


def test_a_mistyped_name_and_a_server_are_refused_without_showing_a_password(tmp_path):
    found = read(tmp_path, '[databases]\nteam = "/t.db"\n')
    with pytest.raises(UsageError, match="did you mean team"):
        settings.database_path("taem", {}, found)
    for known in (found, settings.Config("")):
        with pytest.raises(UsageError, match=r"server \(postgres://host\)") as refused:
            settings.database_path("postgres://ana:secret@host/tasks", {}, known)
        assert "secret" not in str(refused.value) + refused.value.hint


def test_every_key_has_a_default_that_it_would_itself_accept(home):
    for key, (kind, about) in checks.KEYS.items():
        default = checks.default_of(key)
        assert about
        assert default or key in checks.PROGRAMS  # there may be no editor here
        if default:
            assert checks.check(key, default == "true" if kind == "switch" else default) == ""


# ── themes


def test_the_themes_are_those_that_have_colours_and_the_two_that_take_the_terminals():
    assert (*palette.THEMES, "ansi", "auto") == settings.THEMES


@pytest.mark.parametrize(
    ("told", "theme"),
    [("15;0", "dark"), ("0;15", "light"), ("0;default;15", "light"), ("0;7", "light"), ("", "dark"), ("x", "dark")],
)
def test_auto_goes_by_the_ground_that_the_terminal_tells(told, theme):
    assert settings.theme_on("auto", {"COLORFGBG": told}) == theme
    assert settings.theme_on("auto", {}) == "dark"
    assert settings.theme_on("paper", {"COLORFGBG": told}) == "paper"


@pytest.mark.parametrize("key", checks.CHOICES)
def test_what_a_key_may_be_is_said_where_it_is_something_else(tmp_path, key):
    for value in checks.CHOICES[key]:
        assert read(tmp_path, f'{key} = "{value}"\n').values == {key: value}
    (problem,) = read(tmp_path, f'{key} = "purple"\n').problems
    assert all(value in problem for value in ("purple", *checks.CHOICES[key]))
    assert checks.default_of(key) == checks.CHOICES[key][0]
