"""Reading a workflow file: a good one is understood, and every mistake of a bad one is named by line and key."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm.exchange.workflow import BadWorkflow, Param, StepTemplate, check, check_file, load, parse

GOOD = r"""
[workflow]
name = "release"
description = "Ship it"
[params.version]
prompt = "Version to release"
pattern = '\d+\.\d+\.\d+'
[params.stage]
choices = ["test", "live"]
default = "test"

[[task]]
key = "test"
title = "Test {version}"

[[task]]
key = "build"
title = "Build {version}"
needs = ["test"]
estimate = "1h30m"
tags = ["ops", "web"]
priority = "H"
project = "site.web"
due = "+3d"
notes = "For {stage}"
  [[task.step]]
  run = "make wheel VERSION=$VERSION"
  timeout = "10m"
  retries = 2
  backoff = "500ms"
  if = "test -d dist"
  env = { LEVEL = "3" }
  cwd = "src"
  shell = "/bin/bash"
  host = "any"
  continue_on_error = true
  interactive = true
  repeatable = true
  trusts = ["tools/wheel.sh"]
  [[task.step]]
  name = "sum"
  run = "sha256sum dist/*"

[[task]]
key = "approve"
title = "Approve {version}"
needs = ["build"]
assignee = "ana"
"""

HEAD = '[workflow]\nname = "w"\n[params.version]\ndefault = "1"\n[[task]]\nkey = "a"\ntitle = "A"\n'
STEP = HEAD + '[[task.step]]\nrun = "true"\n'


def mistakes(text: str) -> list[str]:
    workflow, found = check(text, "w.toml")
    assert (workflow is None) == bool(found)
    return [str(mistake) for mistake in found]


def test_a_good_file_is_understood_in_full(tmp_path):
    file = tmp_path / "release.toml"
    file.write_text(GOOD, encoding="utf-8")
    workflow = load(str(file))
    assert (workflow.name, workflow.title, workflow.description) == ("release", "release", "Ship it")
    assert workflow.source == str(file)
    assert workflow.params == (
        Param("version", "Version to release", None, r"\d+\.\d+\.\d+", ()),
        Param("stage", "stage", "test", None, ("test", "live")),
    )
    test, build, approve = workflow.tasks
    assert (test.needs, test.steps, approve.assignee) == ((), (), "ana")
    assert (build.needs, build.tags, build.priority, build.project) == (("test",), ("ops", "web"), "H", "site.web")
    assert (build.due, build.estimate_minutes, build.notes) == ("+3d", 90, "For {stage}")
    assert build.steps == (
        StepTemplate(
            name="make",
            run="make wheel VERSION=$VERSION",
            shell="/bin/bash",
            cwd="src",
            env=(("LEVEL", "3"),),
            timeout_seconds=600.0,
            retries=2,
            backoff_seconds=0.5,
            condition="test -d dist",
            continue_on_error=True,
            interactive=True,
            host="any",
            repeatable=True,
            trusts=("tools/wheel.sh",),
        ),
        StepTemplate(name="sum", run="sha256sum dist/*"),
    )


def test_a_mistake_names_file_line_and_key_and_guesses_what_was_meant():
    text = GOOD.replace('needs = ["test"]', 'needs = [\n  "tset",\n]')
    assert mistakes(text) == ['w.toml:20: task[2].needs: there is no task "tset"; did you mean "test"?']


FIVE = """\
[workflow]
name = "release"
[params.path]
default = "x"
[[task]]
key = "build"
title = "Build {verson}"
needs = ["tset"]
tilte = "Build"
[[task]]
key = "build"
title = "Again"
  [[task.step]]
  run = " "
  timeout = "10x"
  retries = "2"
"""


def test_every_mistake_of_a_file_is_named_in_the_order_of_its_lines():
    found = check(FIVE, "five.toml")[1]
    assert [(mistake.line, mistake.key) for mistake in found] == [
        (3, "params.path"),
        (7, "task[1].title"),
        (8, "task[1].needs"),
        (9, "task[1].tilte"),
        (11, "task[2].key"),
        (14, "task[2].step[1].run"),
        (15, "task[2].step[1].timeout"),
        (16, "task[2].step[1].retries"),
    ]
    with pytest.raises(BadWorkflow) as refusal:
        parse(FIVE, "five.toml")
    assert refusal.value.message.splitlines() == [str(mistake) for mistake in found]
    assert refusal.value.exit_code == 1


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        # types and keys
        ("", "workflow: is missing; begin the file with [workflow] and a name"),
        ("[workflow]\n[[task]]\nkey = 'a'\ntitle = 'A'", ":1: workflow.name: is missing"),
        ("workflow = 1", ":1: workflow: must be a table, not a number"),
        ("[workflow]\nname = 'w'\n[tasks]", ':3: tasks: there is no such key; did you mean "task"?'),
        ("[workflow]\nname = 'w'", ": there is no task; write at least one [[task]] with key and title"),
        ("task = 'x'\n[workflow]\nname = 'w'", ":1: task: must be written as [[task]], not as text"),
        (HEAD + "[task.step]\nrun = 'x'", ":8: task[1].step: must be written as [[task.step]], not as a table"),
        (HEAD + "due = 2026-11-27", ":8: task[1].due: must be text in quotes, not a date or time"),
        (HEAD + "needs = 'a'", ':8: task[1].needs: must be a list of texts such as ["a", "b"], not text'),
        (HEAD + "needs = [1]", ":8: task[1].needs: must be text in quotes, not a number"),
        (HEAD + "priority = 'high'", ':8: task[1].priority: must be H, M or L, not "high"'),
        (STEP + "repeatable = 'yes'", ":10: task[1].step[1].repeatable: must be true or false, not text"),
        (STEP + "repeatable = 1", ":10: task[1].step[1].repeatable: must be true or false, not a number"),
        (STEP + "retries = -1", ":10: task[1].step[1].retries: must be at least 0"),
        (STEP + "retries = 101", ":10: task[1].step[1].retries: must be at most 100"),
        (STEP + "timeout = 10", ":10: task[1].step[1].timeout: must be text in quotes, not a number"),
        (STEP + "condition = 'x'", ":10: task[1].step[1].condition: there is no such key; known here: run, "),
        (STEP + "env = { A = 1 }", ":10: task[1].step[1].env.A: must be text in quotes, not a number"),
        # parameters
        ("[params]\n'LD_preload' = {}", ':2: params.LD_preload: "LD_preload" cannot be a parameter, since steps get '),
        ("[params.'my-x']", ':1: params.my-x: "my-x" cannot be a parameter, since steps get it as $MY-X: a shell '),
        ("[params.a]\n[params.A]", ':2: params.A: a step would get it as $A, just as "a"'),
        ("[params.a]\npattern = '['", ':2: params.a.pattern: "[" is not a regular expression: '),
        ("[params.a]\npattern = 'x'\ndefault = 'xy'", ':3: params.a.default: "xy" does not match the pattern x'),
        ("[params.a]\nchoices = ['x']\ndefault = 'y'", ':3: params.a.default: "y" is not one of "x"'),
        ("[params.a]\nchoices = []", ":2: params.a.choices: is empty, so no value would fit"),
        ("[params.a]\npattern = 'x'\nchoices = ['x',\n'y']", ':4: params.a.choices: "y" does not match the pattern x'),
        # words of a task
        ("[workflow]\nname = 'a/b.toml'", ':2: workflow.name: "a/b.toml" is no name: '),
        (HEAD + "[[task]]\nkey = 'two words'\ntitle = 'B'", ':9: task[2].key: "two words" is no key: '),
        (
            HEAD + "[[task]]\nkey = 'a'\ntitle = 'B'",
            ':9: task[2].key: "a" is the key of another task already, at line 6',
        ),
        (HEAD + "[[task]]\nkey = 'b'\ntitle = ''", ":10: task[2].title: is empty"),
        (HEAD + "notes = '{verison}'", ':8: task[1].notes: there is no parameter "verison"; did you mean "version"?'),
        (HEAD + "assignee = '{x}'", ':8: task[1].assignee: there is no parameter "x"; write {{x}} for the text itself'),
        (HEAD + "assignee = '@ana'", ':8: task[1].assignee: write "ana", without the @'),
        (HEAD + "assignee = 'ana b'", ':8: task[1].assignee: "ana b" cannot name a person: '),
        (HEAD + "tags = ['+ops']", ':8: task[1].tags: "+ops" is no tag: write "ops", without the +'),
        (HEAD + "project = 'a..b'", ':8: task[1].project: "a..b" is no project: '),
        (HEAD + "due = 'someday'", ":8: task[1].due: "),
        (HEAD + "due = '2026-02-30'", ":8: task[1].due: "),
        (HEAD + "estimate = 'long'", ':8: task[1].estimate: "long" is not a length of time; write for example 30m'),
        # the graph
        (HEAD + "needs = ['a']", ':8: task[1].needs: a task cannot need itself ("a")'),
        (HEAD + "needs = ['b', 'b']\n[[task]]\nkey = 'b'\ntitle = 'B'", ':8: task[1].needs: "b" is named twice'),
        # steps
        (HEAD + "[[task.step]]\nname = 'x'", ":8: task[1].step[1].run: is missing"),
        (HEAD + "[[task.step]]\nrun = ''", ":9: task[1].step[1].run: is empty; write a command"),
        (STEP + "timeout = '10x'", ":10: task[1].step[1].timeout: 10x is not a length of time"),
        (STEP + "timeout = '0s'", ':10: task[1].step[1].timeout: "0s" is no time at all; leave timeout out '),
        (STEP + "env = { PATH = 'x' }", ':10: task[1].step[1].env.PATH: the name "PATH" is refused: it decides which '),
        (STEP + "env = { VERSION = 'x' }", ':10: task[1].step[1].env.VERSION: the parameter "version" reaches the '),
        (STEP + "if = 'x {version}'", ":10: task[1].step[1].if: write $VERSION instead of {version}: parameters reach"),
        (STEP + "cwd = '{version}'", ":10: task[1].step[1].cwd: write $VERSION in the step's run instead of {version}"),
        # text that no database and no terminal should get
        (HEAD + 'notes = "a\\u0000"', ":8: task[1].notes: holds a control character (U+0000); remove it"),
        (HEAD + 'tags = ["a\\u001b[2J"]', ":8: task[1].tags: holds a control character (U+001B); remove it"),
        (
            HEAD + '[[task.step]]\nrun = "a\\rb"',
            ":9: task[1].step[1].run: holds a control character (U+000D); remove it",
        ),
        # not TOML at all
        ("[workflow]\nname 'w'", ":2: is not TOML: expected '=' after a key in a key/value pair, at column 6"),
        ("[workflow]\nname = 'w", ":2: is not TOML: "),
        ("[workflow]\nname = 'w'\nname = 'x'\n", ":3: is not TOML: cannot overwrite a value"),
        ("a = " + "[" * 5000, ":1: nests too deeply for a workflow file: "),
        ("a = " + "9" * 5000, ": is not TOML: "),
    ],
)
def test_each_kind_of_mistake_is_named_where_it_is(text, mistake):
    found = mistakes(text)
    assert any(line.startswith(("w.toml" + mistake, "w.toml: " + mistake)) for line in found), found


def test_a_circle_is_shown_with_its_path():
    text = GOOD.replace('title = "Test {version}"', 'title = "Test"\nneeds = ["approve"]')
    assert mistakes(text) == [
        "w.toml:15: task[1].needs: the tasks wait for each other in a circle: test → build → approve → test"
    ]


def test_a_circle_begins_with_the_task_that_is_first_in_the_file():
    tasks = [("start", "third"), ("first", "third"), ("second", "first"), ("third", "second")]
    text = "[workflow]\nname = 'w'\n" + "".join(f"[[task]]\nkey='{k}'\ntitle='T'\nneeds=['{n}']\n" for k, n in tasks)
    assert mistakes(text) == [
        "w.toml:10: task[2].needs: the tasks wait for each other in a circle: first → second → third → first"
    ]


def test_each_of_two_circles_is_shown():
    tasks = [("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")]
    text = "[workflow]\nname = 'w'\n" + "".join(f"[[task]]\nkey='{k}'\ntitle='T'\nneeds=['{n}']\n" for k, n in tasks)
    assert [line.rpartition(": ")[2] for line in mistakes(text)] == ["a → b → a", "c → d → c"]


def test_a_parameter_in_a_command_is_a_mistake_and_the_braces_of_shell_and_awk_are_not():
    fine = "echo ${version} $VERSION; awk '{print}' {a,b}; find -exec ls {} +"
    assert mistakes(HEAD + f'[[task.step]]\nrun = "{fine}"') == []
    assert mistakes(HEAD + '[[task.step]]\nrun = "make {version}"') == [
        "w.toml:9: task[1].step[1].run: write $VERSION instead of {version}: parameters reach a step as environment"
    ]


def test_braces_that_hold_no_name_and_doubled_braces_are_plain_text():
    assert mistakes(HEAD.replace('"A"', '"{} { x } {{version}} {1}"')) == []


def test_hostile_text_is_harmless_in_a_message():
    text = HEAD + r'needs = ["\u001b]0;x\u0007"]'
    assert all(line.isprintable() for line in mistakes(text))
    assert all(line.isprintable() for line in mistakes(r'"\u001b[2J" = 1'))


def test_what_keeps_a_file_from_being_read_is_said(tmp_path):
    (tmp_path / "latin.toml").write_bytes(b'[workflow]\nname = "caf\xe9"\n')
    (tmp_path / "large.toml").write_bytes(b"#" * 1_000_001)
    os.mkfifo(tmp_path / "pipe.toml")
    for name, line, words in (
        ("missing.toml", 0, "there is no such file; check the path"),
        (".", 0, "is a folder; name a workflow file in it"),
        ("pipe.toml", 0, "is not a regular file; name a workflow file"),
        ("latin.toml", 2, "is not UTF-8 text; save the file with the encoding UTF-8"),
        ("large.toml", 0, "is larger than 1 MB, too large for a workflow file"),
        ("latin.toml/x", 0, "cannot be read: Not a directory"),
        ("a\0b", 0, "cannot be read: embedded null byte"),
    ):
        workflow, found = check_file(str(tmp_path / name))
        assert workflow is None
        assert [(mistake.line, mistake.message) for mistake in found] == [(line, words)]


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake(tmp_path):
    file = tmp_path / "windows.toml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert len(load(str(file)).tasks) == 3


def test_a_huge_file_of_mistakes_is_answered():
    tasks = [f"[[task]]\nkey='k{i}'\ntitle='T'\nneeds=['k{i ^ 1}', 'x{i}']\n" for i in range(2000)]
    found = mistakes("[workflow]\nname = 'w'\n" + "".join(tasks))
    assert sum("there is no task" in line for line in found) == 2000
    assert sum("in a circle" in line for line in found) == 20


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["a", "b", "{a}", "1h", "", "+1d", "\x1b", "["]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "PATH", "run", "if"]), inner),
    max_leaves=4,
)
TABLES = ["name", "key", "title", "needs", "tags", "due", "estimate", "step", "run", "env", "timeout", "pattern"]


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\x1b", "\\u001b") + '"'
    return "0" if value is None else str(value).lower()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["workflow", "params.a", "task", "task.step"]),
            st.dictionaries(st.sampled_from(TABLES), VALUES, max_size=5),
        ),
        max_size=6,
    )
)
def test_no_file_of_wrong_types_is_answered_with_anything_but_mistakes(tables):
    text = "".join(
        (f"[[{name}]]\n" if name.startswith("task") else f"[{name}]\n")
        + "".join(f"{key} = {toml(value)}\n" for key, value in table.items())
        for name, table in tables
    )
    workflow, found = check(text, "w.toml")
    assert (workflow is None) == bool(found)
    assert all(0 <= mistake.line <= text.count("\n") for mistake in found)


def test_the_validation_library_is_loaded_only_when_a_file_is_read():
    code = "import sys, taskterm.exchange.workflow; sys.exit('sqlmodel' in sys.modules or 'pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("make wheel", "make"),
        ("cd site && make", "make"),
        ("set -e; cd 'a b'; (mkdir -p out && ./tools/build --all) > log", "build"),
        ("VERSION=1 /usr/bin/env python3 -m build", "python3"),
        ("set -e\ncurl -s https://example.org | tar x", "curl"),
        ("if [ -f go ]; then deploy; fi", "deploy"),
        ("cd site", "cd"),
        ('echo "not closed', "echo"),
    ],
)
def test_a_step_without_a_name_is_called_after_the_program_that_does_its_work(tmp_path, command, name):
    path = tmp_path / "w.toml"
    path.write_text(f"[workflow]\nname = 'w'\n[[task]]\nkey = 'a'\ntitle = 'A'\n[[task.step]]\nrun = '''{command}'''\n")
    assert load(str(path)).tasks[0].steps[0].name == name


def test_an_estimate_in_seconds_is_at_least_a_minute(tmp_path):
    path = tmp_path / "w.toml"
    path.write_text("[workflow]\nname = 'w'\n[[task]]\nkey = 'a'\ntitle = 'A'\nestimate = '5s'\n")
    assert load(str(path)).tasks[0].estimate_minutes == 1
