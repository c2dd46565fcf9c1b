"""Every command of tasks and graph works on a real export, on ten thousand tasks, and where there is nothing yet."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from taskterm.cli import VERBS, commands_of
from taskterm.cli.shapes import ANSWERS, OTHERWISE
from taskterm.store.store import Store
from tests.cli.shaped import problems
from tests.cli.test_robust import harmless, whole
from tests.cli.warm import Warm
from tests.cli.world import World, empty, warm
from tests.store import ledger

__all__ = ["warm"]

COUNT = 10_000
MAKERS = ("export", "ten thousand")

# {a} is ready, {b} waits for it, {c} is another open one. Each line finds the place as it was made.
LINES = r"""
add Look into it +new @ana due:fri after:{a}
add - < list.txt
done {a}
list
list --all
list -n 30
list project:it or project:site
list ready +ops sort:due,-urgency
list after:{a}
list "free text"
next
next -n 3
show {a} {b}
edit {a} due:fri +web pri:H
edit {a} {c} @ben
edit --where "{a},{c}" pri:L --yes
note {a} Mind the gap
note {a} --show
comment {a} said
delete {c} --yes
start {a}
stop {a}
cancel {c}
reopen {a}
move {a} review
assign {a} @ben
link {c} --after {a}
unlink {b}
sketch "{c} > (one, two) > three"
why {b}
why {a}
tree
tree {b}
graph {b}
graph
graph {b} --format mermaid
graph {b} --format dot
graph {b} --format svg
board
board -n 3
column list
column add Testing
column edit doing --limit 500
column remove review
step add {a} -- true
step list {a}
step list
step edit 1 --timeout 10s
step remove 1
plan {a}
run {a}
runs
workflow list
trust list
history
history {a}
undo
redo
view save urgent "ready pri.min:M sort:-urgency"
view list
view remove urgent
list view:urgent
import tasks.json
export --format json
export --format csv
export --format taskwarrior
export --format mermaid project:it
config list
completion bash
"""
BEFORE = {
    "stop {a}": "start {a}",
    "reopen": "done {a}",
    "step edit": "step add {a} -- true",
    "step remove": "step add {a} -- true",
    "plan": "step add {a} -- true",
    "run {a}": "step add {a} -- true",
    "undo": "add Something",
    "redo": "undo",
    "view remove": "view save urgent ready",
    "list view": "view save urgent ready",
}
OF_NOTHING = ("demo", "help", "logs", "stop-run", "trust", "workflow", "config", "column")
"""Commands that need no task, or a run of a world of its own; test_schemas looks at them."""


def make_export(place: World, data: Path) -> dict[str, int]:
    place.well(f"import {shlex.quote(str(data / 'taskwarrior' / 'export_onboarding.json'))}")
    return actors(place)


def make_many(place: World, data: Path) -> dict[str, int]:
    tasks = [
        {
            "key": str(number),
            "title": f"Task {number} of the plan, with free text",
            "needs": [str(number - gap) for gap in (7, 31) if number % 3 and number >= gap],
            "tags": ["ops"] if number % 5 == 0 else [],
            "project": ("it", "site.web", "home")[number % 3],
            "assignee": "ana" if number % 4 else None,
            "priority": "H" if number % 50 == 0 else None,
            "due": "2026-12-01T22:59:59Z" if number % 9 == 0 else None,
        }
        for number in range(COUNT)
    ]
    now = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
    store = Store(str(place.path), create=True)
    store.execute("create", {"workflow": None, "tasks": tasks}, actor="ben", now=now)
    store.execute("done", {"refs": list(range(1, COUNT // 5, 3))}, actor="ben", now=now)
    return actors(place)


def actors(place: World) -> dict[str, int]:
    """The tasks that the command lines speak of: a is ready and b waits for it alone; c has no links."""
    open_tasks = {task["id"]: task for task in json.loads(place.well("list --json"))}
    for task in open_tasks.values():
        after = [i for i in task["successors"] if i in open_tasks]
        waits = [i for i in after if not set(open_tasks[i]["predecessors"]) & set(open_tasks) - {task["id"]}]
        if task["state"] == "ready" and waits:
            break
    else:
        raise AssertionError("nothing is ready and holds up another")
    alone = json.loads(place.well("add Stand alone --json"))
    return {"a": task["id"], "b": waits[0], "c": alone["id"]}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, warm: Warm, test_data: Path) -> Callable[[str], tuple[World, dict]]:
    """Each world once, with the ids that its command lines speak of."""
    known: dict[str, tuple[World, dict]] = {}

    def make(name: str) -> tuple[World, dict]:
        if name not in known:
            place = empty(tmp_path_factory.mktemp("place") / "it", warm)
            known[name] = (place, {"export": make_export, "ten thousand": make_many}[name](place, test_data))
        return known[name]

    return make


def line_with(line: str, names: dict[str, int]) -> list[str]:
    for name, number in names.items():
        line = line.replace(f"{{{name}}}", str(number))
    return shlex.split(line)


@pytest.mark.xdist_group("crowd")
@pytest.mark.parametrize("maker", MAKERS)
def test_every_command_works(made, warm: Warm, tmp_path: Path, maker: str) -> None:
    base, names = made(maker)
    place = empty(tmp_path / "it", warm)
    for line in LINES.strip().splitlines():
        shutil.copy(base.path, place.path)
        before = next((earlier for begin, earlier in BEFORE.items() if line.startswith(begin)), None)
        if before == "undo":
            assert place.taskterm("add", "Something").returncode == 0
        if before:
            ended = place.taskterm(*line_with(before, names))
            assert ended.returncode == 0, (before, ended.stderr)
        line, _, source = line.partition(" < ")
        words = line_with(line, names)
        data = (place.cwd / source).read_bytes() if source else b""
        for flags in ([], ["--json"]) if maker == "export" else ([],):
            if flags and (
                "--format" in words or words[0] in ("run", "reopen", "start", "stop", "done", "move", *OTHERWISE)
            ):
                continue  # the second time there is nothing left to do, or no shape to look at
            at = words.index("--") if "--" in words else len(words)
            ended = place.taskterm(*words[:at], *flags, *words[at:], input=data)
            if flags and words[0] in (
                "delete",
                "cancel",
                "link",
                "unlink",
                "undo",
                "redo",
                "column",
                "view",
                "step",
                "edit",
            ):
                harmless(ended)  # done already
                continue
            assert ended.returncode == 0, (line, flags, ended.stderr)
            harmless(ended)
            name = " ".join(words[:2]) if " ".join(words[:2]) in ANSWERS else words[0]
            if flags and words[0] not in ("graph", "export"):
                assert problems(ANSWERS[name], ended.stdout) == [], line
    store = Store(str(place.path))
    assert ledger.integrity(store) == "ok"


@pytest.mark.parametrize("kind", ["no database", "no tasks"])
def test_every_command_says_something_where_there_is_nothing(warm: Warm, tmp_path: Path, kind: str) -> None:
    place = empty(tmp_path / "it", warm)
    for line in LINES.strip().splitlines():
        place.path.unlink(missing_ok=True)
        if kind == "no tasks":
            Store(str(place.path), create=True).snapshot()
        line, _, source = line.partition(" < ")
        words = line_with(line, {"a": 1, "b": 2, "c": 3})
        data = (place.cwd / source).read_bytes() if source else b""
        for flags in ([], ["--json"]):
            at = words.index("--") if "--" in words else len(words)
            ended = place.taskterm(*words[:at], *flags, *words[at:], input=data)
            harmless(ended)
            assert ended.returncode in (0, 1, 2), (line, ended)
            assert ended.stdout or ended.stderr, line
            if words[0] in ("list", "next", "board", "tree", "graph", "runs", "history") and len(words) == 1:
                assert ended.returncode == 0 or kind == "no database", (line, ended.stderr)
    whole(place.path)


def test_every_command_is_tried() -> None:
    tried = {line.split()[0] for line in LINES.strip().splitlines()}
    assert set(VERBS) <= tried | set(OF_NOTHING)
    for verb in VERBS:
        commands_of(verb)
