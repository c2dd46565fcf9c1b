"""Whatever is typed, piped or named: no traceback, a documented exit code, a whole database, a harmless terminal."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskterm.cli import VERBS, commands_of
from taskterm.cli.options import COMMON
from taskterm.store.store import Store
from tests.cli.warm import Warm
from tests.cli.world import World, empty, warm, world, worlds
from tests.store import ledger

__all__ = ["warm", "world", "worlds"]

HOSTILE = {
    "controls": "a\x1b[31mred\x1b]0;title\x07 over\rwritten\x08\x7f\x9b31m\x85",
    "two lines": "one\ntwo\r\nthree",
    "reordering": "user\u202egnp.exe\u2066x\u2028b\u2029c\ufeff\uffff\U0010ffff",
    "right to left and wide": "مرحبا بالعالم 日本語 🚀 e\u0301 👩\u200d👩\u200d👧",
    "no text": "a\udcff\udc80b\ud800c",
    "markup": "[@click=app.quit]x[/] {x} %s $(touch owned) `touch owned` ${HOME}",
    "quotes": "'\"\\ ; | > < & * ? ! # ( ) ,",
    "nothing": "",
    "blanks": " \t ",
    "long": "x" * 120_000,
    "long words": "word " * 24_000,
}
TAKES_TEXT = [
    ["add", "{}"],
    ["add", "x", "+{}", "@{}", "project:{}"],
    ["add", "x", "due:{}"],
    ["add", "x", "repeat:{}", "est:{}", "pri:{}"],
    ["add", "x", "after:{}", "before:{}"],
    ["add", "x", "run:{}"],
    ["add", "--actor", "{}", "x"],
    ["edit", "12", "{}"],
    ["edit", "12", "--notes", "{}"],
    ["edit", "{}", "pri:H"],
    ["comment", "12", "{}"],
    ["comment", "{}", "x"],
    ["note", "12", "{}"],
    ["sketch", "{}"],
    ["sketch", "a > ({}, b)"],
    ["view", "save", "x", "{}"],
    ["view", "save", "{}", "ready"],
    ["view", "remove", "{}"],
    ["assign", "12", "{}"],
    ["step", "add", "12", "--", "{}"],
    ["step", "add", "12", "--name", "{}", "--env", "A={}", "--cwd", "{}", "--if", "{}", "true"],
    ["step", "edit", "1", "--timeout", "{}"],
    ["step", "remove", "{}"],
    ["list", "{}"],
    ["list", "/{}/"],
    ["list", "due.before:{}", "sort:{}"],
    ["next", "{}"],
    ["board", "{}"],
    ["tree", "{}"],
    ["graph", "{}"],
    ["why", "{}"],
    ["show", "{}"],
    ["history", "{}"],
    ["done", "{}"],
    ["start", "{}"],
    ["move", "12", "{}"],
    ["link", "12", "--after", "{}"],
    ["delete", "{}", "--yes"],
    ["column", "add", "{}"],
    ["plan", "{}"],
    ["runs", "{}"],
    ["logs", "{}"],
    ["undo", "{}"],
    ["trust", "approve", "{}"],
    ["workflow", "check", "{}"],
    ["workflow", "start", "release.toml", "--set", "version={}"],
    ["import", "{}"],
    ["export", "--format", "{}"],
    ["config", "get", "{}"],
    ["config", "set", "editor", "{}"],
    ["config", "set", "{}", "x"],
    ["completion", "{}"],
    ["help", "{}"],
    ["{}"],
    ["--{}"],
    ["list", "--{}"],
    ["list", "--theme", "{}"],
]
TAKES_LINES = [
    ["add", "-"],
    ["note", "12", "-"],
    ["import", "-"],
    *(["import", "--format", f, "-"] for f in ("csv", "json", "taskwarrior")),
]
PIPED = {
    "nul": b"a\0b\n",
    "not utf-8": b"caf\xe9 \xff\xfe\n",
    "utf-16": "title\nx\n".encode("utf-16"),
    "nothing": b"",
    "only line ends": b"\n\r\n\n",
    "escape": b"\x1b]0;x\x07\x9b31m\n",
    "ten megabytes": b"x" * 10_000_000,
    "no end of json": b'[{"description": "a", "uuid": ',
    "deep json": b"[" * 100_000,
    "big number": b'[{"description": "a", "urgency": 1e999, "entry": ' + b"9" * 5000 + b"}]",
    "json nul": b'[{"description": "a\\u0000b", "uuid": "9a1de6a5-5d0f-4fb4-93a8-5ab7bd4a5a01"}]',
    "json surrogate": b'[{"description": "a\\ud800b", "uuid": "9a1de6a5-5d0f-4fb4-93a8-5ab7bd4a5a01"}]',
    "csv": b'title,due\n"=cmd|x\x1b[31m",2026-99-99\n"not closed,\n',
}


def harmless(ended: subprocess.CompletedProcess[str]) -> None:
    """What nobody may ever see: a traceback, an undocumented exit code, bytes that steer a terminal or are no text."""
    told = (ended.args, ended.returncode, ended.stdout[-2000:], ended.stderr[-2000:])
    assert ended.returncode in (0, 1, 2, 3, 4), told
    assert "Traceback" not in ended.stderr, told
    assert "defect" not in ended.stderr, told
    csv = ended.args[:1] == ("export",)  # whose lines end as RFC 4180 says
    for text in (ended.stdout.replace("\r\n", "\n") if csv else ended.stdout, ended.stderr):
        bad = {
            c for c in text if (ord(c) < 0x20 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000
        }
        assert not bad | (set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2028\u2029")), (bad, told)
    if ended.returncode:
        assert ended.stderr or ended.stdout, told
    assert all(len(line) < 1100 for line in ended.stderr.splitlines()), (ended.args, "an endless message")


def whole(path: Path) -> None:
    """The file is sound, and its journal, its tables and its caches tell the same."""
    if path.exists():
        store = Store(str(path))
        assert ledger.integrity(store) == "ok"
        assert ledger.wrong_caches(store) == {}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_crashes_a_command_or_reaches_the_terminal_raw(world: World, name: str) -> None:
    text = HOSTILE[name]
    for number, template in enumerate(TAKES_TEXT):
        for flags in [["--json"][: number % 2]] if name.startswith("long") else ([], ["--json"]):
            words = [word.replace("{}", text) for word in template]
            if name.startswith("long") and words[0] in ("workflow", "import"):
                words = [word[:5000] for word in words]
            harmless(world.taskterm(*words, *flags) if template != ["{}"] else world.taskterm(*flags, *words))
    for line in (
        "list --all",
        "board",
        "tree",
        "graph",
        "history -n 100",
        "next",
        "show 12",
        "trust list",
        "step list",
    ):
        harmless(world.taskterm(*line.split()))
        harmless(world.taskterm(*line.split(), "--json"))
    whole(world.path)
    assert not (world.cwd / "owned").exists()


@pytest.mark.parametrize("name", PIPED)
def test_nothing_that_is_piped_in_crashes_a_command(world: World, name: str) -> None:
    for words in TAKES_LINES:
        harmless(world.taskterm(*words, input=PIPED[name]))
        if len(PIPED[name]) < 1000:
            harmless(world.taskterm(*words, "--json", input=PIPED[name]))
    harmless(world.taskterm("list", "--all"))
    harmless(world.taskterm("export", "--format", "json"))
    whole(world.path)


@pytest.mark.parametrize("name", PIPED)
def test_no_file_that_is_named_crashes_a_command(world: World, name: str) -> None:
    path = world.cwd / "given"
    path.write_bytes(PIPED[name])
    for line in (
        "import given",
        "workflow check given",
        "workflow start given",
        "plan given",
        "--db given list",
        "--db given add x",
    ):
        harmless(world.taskterm(*line.split()))
    assert path.read_bytes() == PIPED[name] or name == "nothing"  # an empty file may become a database
    whole(world.path)


def test_bytes_that_are_no_text_are_refused_in_real_arguments(home, tmp_path):
    env = {**home, "LC_ALL": "C"}
    for words in (
        [b"add", b"a\xffb"],
        [b"comment", b"1", b"\xff"],
        [b"list", b"\xff"],
        [b"\xff"],
        [b"--db", b"\xff.db", b"list"],
    ):
        for chosen in (home, env):
            ended = subprocess.run(
                [sys.executable.encode(), b"-m", b"taskterm", *words], env=chosen, cwd=tmp_path, capture_output=True
            )
            assert ended.returncode in (0, 1, 2, 3), ended
            assert b"Traceback" not in ended.stderr
            ended.stderr.decode()


# ── random command lines

_TEXTS = st.one_of(
    st.sampled_from([text for name, text in HOSTILE.items() if not name.startswith("long")]),
    st.text(max_size=12),
    st.text("abc12:.,+-@/()<>=#^~ \"'\\", max_size=10),
)
_WORDS = (
    "1 2 3 4 5 6 12 15 99 0 -1 1,2 12..16 #12 12.. +web -web @ana -@ @none project:site ready blocked done or and not"
    " ( ) due:fri due: due.before:fri pri:H pri.min:M pri.max:X sort:-urgency view:urgent urgent after:1 before:2"
    " est:2h wait:1st repeat:weekly repeat:FREQ=DAILY /shop/ /[/ text:x has:notes limit:3 doing review Testing"
    " release notes release.toml tasks.json list.txt csv json taskwarrior mermaid dot svg text bash zsh fish editor"
    " theme dark - -- a>(b,c) ^ yes 2026-12-01 10m"
)
_SENSIBLE = st.sampled_from(_WORDS.split())
_NEVER = {"demo", "run"}  # they run commands, which is not what random words are for


def _command_lines() -> st.SearchStrategy[list[str]]:
    commands = [c for verb in VERBS if verb not in _NEVER for c in commands_of(verb).values()]

    def words(command: object) -> st.SearchStrategy[list[str]]:
        options = [o for o in (*command.options, *COMMON) if o.name not in ("--run", "--db", "--output", "-o")]  # type: ignore[attr-defined]
        option = st.sampled_from(options).flatmap(
            lambda o: (
                st.tuples(st.just(o.short or o.name), st.one_of(_SENSIBLE, _TEXTS))
                if o.value
                else st.tuples(st.just(o.name))
            )
        )
        piece = st.one_of(_SENSIBLE.map(lambda w: (w,)), _TEXTS.map(lambda w: (w,)), option)
        return st.lists(piece, max_size=6).map(lambda found: [*command.name.split(), *(w for p in found for w in p)])  # type: ignore[attr-defined]

    anything = st.lists(
        st.one_of(_SENSIBLE, _TEXTS, st.sampled_from([v for v in VERBS if v not in _NEVER])), max_size=5
    )
    return st.one_of(st.sampled_from(commands).flatmap(words), anything)


def _runs_nothing(words: list[str]) -> bool:
    return not _NEVER & set(words) and not any(
        "\0" in word or word.startswith(("--run", "/", "~", "..")) for word in words
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    lines=st.lists(_command_lines().filter(_runs_nothing), min_size=1, max_size=3),
    typed=st.one_of(st.just(b""), st.binary(max_size=40)),
)
def test_random_command_lines_end_in_a_documented_way_and_leave_a_valid_database(
    worlds: World, warm: Warm, lines, typed
) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = empty(Path(name) / "it", warm)
        shutil.copy(worlds.path, place.path)
        for words in lines:
            harmless(place.taskterm(*words, input=typed, timeout=20))
        whole(place.path)


def test_the_fuzzed_commands_are_all_there_are():
    assert {words[0] for words in TAKES_TEXT} - {"{}", "--{}"} <= set(VERBS)
