"""Every `--json` answer has a documented, versioned shape, and is what that says; every example of the help works."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from taskterm.cli import VERBS, commands_of
from taskterm.cli.shapes import ANSWERS, OTHERWISE, schema_text
from taskterm.exchange import answers, schemas
from tests.cli.shaped import problems
from tests.cli.world import World, warm, world, worlds

__all__ = ["warm", "world", "worlds"]

NAMES = [name for verb in VERBS for name in commands_of(verb)]

# Command lines whose answers are looked at, beside the examples of the help: each shape in each of its forms.
LINES = r"""
add - < list.txt
add Learn the ropes
done 4
done 16
list
list --all
list nothing-like-it
next
show 12
show 12 14
edit 4 5 pri:H
edit 12 +web
note 12 --show
note 12 More to come
comment 12 "Said again"
delete 4 --yes
start 12
stop 15
cancel 9
reopen 10
move 12 review
assign 12 14 @ben
link 5 --after 7
link 5 --before 7
unlink 13 --after 9
sketch "one > (two, 12) > three"
sketch "one > two" --dry-run
why 13
why 12 13 10
tree
tree 12
graph
graph 12
graph --size dots
board
board -n 1
board web
column list
column add Testing --limit 1
step add 12 -- true
step list
step list 12
step edit 1 --timeout 10m --retries 2
step remove 1 2
run 12
run 8 --detach
run 6
plan 12
plan 20 --with-needs
plan release.toml
runs
runs 1
runs 4
logs 1
logs 4
stop-run 4
stop-run 4 5
workflow check release.toml
workflow check broken.toml
workflow start release.toml
workflow start release.toml --approve --run
workflow list
trust list
trust approve --all
trust revoke --all
history
history 12
history -n 100
undo
redo
view save urgent "ready pri.min:M"
view list
import tasks.json
import tasks.json --dry-run
export
export --format csv -o out.csv
config list
config get theme
config set theme light
config path
"""
BEFORE = {
    "redo": ["undo"],
    "view list": ["view save urgent ready"],
    "view remove": ["view save urgent ready", "view save mine @me"],
    "stop": ["start 12"],
    "reopen": ["done 12"],
    "unlink 12 --after 3": ["link 12 --after 3,4"],
    "stop-run 4 5": ["workflow start release.toml --approve", "run --workflow 2"],
    "done 12..18": ["unlink 13"],
    "view save today": ["view save mine @me"],
    "config get databases": ["config set databases.team team.db"],
    "config unset": ["config set theme light", "config set editor nano"],
    "trust approve": ["workflow start release.toml --set version=9"],
    "list view:": ["view save urgent ready"],
}
"""What has to have happened before a command can go well, by how it begins."""


def prepare(world: World, line: str) -> None:
    """Does what a command line relies on."""
    (world.cwd / "broken.toml").write_text("[workflow]\nname = 5\n[[task]]\n")
    for beginning in sorted(BEFORE, key=len, reverse=True):
        if line.startswith(beginning):
            for earlier in BEFORE[beginning]:
                world.well(earlier)
            return


def typed(world: World, line: str) -> tuple[list[str], bytes]:
    """The words of a command line and what is piped into it; a file behind `>` is left out."""
    line = line.partition(" > ")[0] if " > " in line and '"' not in line else line
    line, _, source = line.partition(" < ")
    return shlex.split(line), (world.cwd / source.strip()).read_bytes() if source else b""


def answered(world: World, line: str) -> subprocess.CompletedProcess[str]:
    words, data = typed(world, line)
    at = words.index("--") if "--" in words else len(words)
    return world.taskterm(*words[:at], "--json", *words[at:], input=data)


def command_of(line: str) -> str:
    first, second = (*shlex.split(line), "")[:2]
    return f"{first} {second}" if f"{first} {second}" in NAMES else first


# ── the tables


def test_the_schemas_in_the_package_are_those_of_the_models() -> None:
    found = {path.name: path.read_text(encoding="utf-8") for path in schemas.FOLDER.iterdir()}
    assert found == schemas.files(), "run make schemas"


def test_every_command_has_a_shape_or_is_known_to_answer_otherwise() -> None:
    assert sorted([*ANSWERS, *OTHERWISE]) == sorted(NAMES)
    assert set(ANSWERS.values()) == set(answers.SHAPES)


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema of an object with fields inside a schema."""
    if isinstance(node, dict):
        if "properties" in node:
            yield node
        for value in node.values():
            yield from objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from objects(value)


def described(field: dict[str, Any]) -> bool:
    parts = [field, *field.get("anyOf", ())]
    return any("description" in part or "$ref" in part for part in parts)


@pytest.mark.parametrize("shape", answers.SHAPES)
def test_a_schema_is_valid_has_an_address_and_describes_every_field(shape: str) -> None:
    schema = json.loads(schema_text(shape))
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:taskterm:json:{shape}:1"
    for node in objects(schema):
        assert node["additionalProperties"] is False
        assert node["description"]
        for name, field in node["properties"].items():
            assert described(field) or name.endswith(("_at", "_ms", "_seconds")), (shape, name)


def test_the_help_prints_each_schema_by_shape_and_by_command(world: World) -> None:
    for command, shape in ANSWERS.items():
        assert world.taskterm("help", "json", *command.split()).stdout == schema_text(shape)
        assert world.taskterm("help", "json", shape).stdout == schema_text(shape)
    listed = world.well("help json")
    assert all(shape in listed for shape in ANSWERS.values())
    assert "did you mean tasks" in world.taskterm("help", "json", "taks").stderr


# ── the answers


@pytest.mark.parametrize("line", LINES.strip().splitlines())
def test_an_answer_is_what_its_schema_says(world: World, line: str) -> None:
    prepare(world, line)
    ended = answered(world, line)
    assert ended.returncode == (1 if line in ("run 6", "workflow check broken.toml") else 0), ended
    assert problems(ANSWERS[command_of(line)], ended.stdout) == []


def test_every_command_with_a_shape_is_looked_at() -> None:
    examples = [line for verb in VERBS for c in commands_of(verb).values() for line, _ in c.examples]
    seen = {command_of(line) for line in (*LINES.strip().splitlines(), *examples)}
    assert set(ANSWERS) <= seen | {"config edit"}  # which needs an editor


REFUSED = (
    "done 99",
    "done 13",
    "list due.befor:fri",
    "edit 12 prioirty:H",
    "link 12 --after 13",
    "show nothing-like-it",
    "run 99",
    "logs 99",
    "undo 99",
    "view remove nothing",
    "config get nothing",
    "import nothing.json",
    "workflow start nothing.toml",
    "why 99",
    "column remove done",
    "list --nothing",
)


@pytest.mark.parametrize("line", REFUSED)
def test_what_is_refused_prints_no_answer_and_says_why_on_stderr(world: World, line: str) -> None:
    ended = answered(world, line)
    assert ended.returncode in (1, 2)
    assert ended.stdout == ""
    assert ended.stderr.startswith("taskterm: ")


@pytest.mark.parametrize(
    "line",
    [
        "list",
        "list --all",
        "next",
        "board",
        "tree",
        "graph",
        "runs",
        "workflow list",
        "view list",
        "column list",
        "history",
        "export",
        "config list",
        "trust list",
        "step list",
    ],
)
def test_where_there_is_no_database_yet_an_answer_has_its_shape_or_is_refused(world: World, line: str) -> None:
    world.path.unlink()
    ended = answered(world, line)
    if ended.returncode:
        assert (ended.returncode, ended.stdout) == (1, "")
    else:
        assert problems(ANSWERS[command_of(line)], ended.stdout) == []
    assert not world.path.exists()


# ── the examples of the help

EXAMPLES = [line for verb in VERBS for command in commands_of(verb).values() for line, _ in command.examples]
NEEDS_A_TERMINAL = ("config edit", "note 12", "edit 12", "board --inline")
SHOWN_ELSEWHERE = ("demo",)


def made_real(world: World, line: str) -> str:
    """The example with hashes, operations and files that exist in the furnished world."""
    if line.startswith("trust") and "3f9a" in line:
        listed = json.loads(world.well("trust list --json"))
        found = listed["pending" if "approve" in line else "approved"]
        return line.replace("3f9a1c204bd7", found[0]["hash"][:12])
    if line == "undo 41":
        return f"undo {json.loads(world.well('history -n 1 --json'))[0]['id']}"
    if line == "stop-run 3":
        return "stop-run 4"  # the one that waits for somebody
    return line


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_of_the_help_works(world: World, line: str) -> None:
    if line.startswith(SHOWN_ELSEWHERE):
        pytest.skip("has tests of its own, as it runs a whole release")
    prepare(world, line)
    words, data = typed(world, made_real(world, line))
    ended = world.taskterm(*words, input=data)
    if ended.returncode == 1 and "needs a yes" in ended.stderr:
        ended = world.taskterm(*words, "--yes", input=data)
    if line in NEEDS_A_TERMINAL:
        assert ended.returncode == 2, "without a terminal there is no editor and no screen"
    else:
        assert ended.returncode == 0, (ended.stdout, ended.stderr)
