"""Whatever people do, in whatever order: journal, tables, caches and snapshots tell the same story."""

import json
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from taskterm.core.commands import USER_VERBS
from taskterm.core.errors import RuleError, UsageError
from taskterm.store.store import Store
from tests.store import ledger

START = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
ACTORS = ("ana", "ben")

task_number = st.integers(0, 5)
fields = st.fixed_dictionaries(
    {},
    optional={
        "priority": st.sampled_from(["H", "M", "L", None]),
        "project": st.sampled_from(["site", "site.web", None]),
        "assignee": st.sampled_from(["ana", "ben", None]),
        "due": st.sampled_from(["2026-11-20T16:00:00Z", "2026-12-01T22:59:59Z", None]),
        "notes": st.text("ab\n#日", max_size=5),
        "recurrence": st.sampled_from(["FREQ=MONTHLY", "FREQ=WEEKLY;BYDAY=FR;COUNT=2", None]),
    },
)
tags = st.lists(st.sampled_from(["ops", "next", "web"]), max_size=2)
commands = st.one_of(
    st.tuples(st.just("add"), fields, tags, st.lists(task_number, max_size=2), st.lists(task_number, max_size=1)),
    st.tuples(st.just("edit"), st.lists(task_number, min_size=1, max_size=2), fields, tags, tags, task_number),
    st.tuples(st.just("assign"), st.lists(task_number, min_size=1, max_size=3), st.sampled_from(["ana", "ben", None])),
    st.tuples(st.just("sketch"), st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=5)),
    st.tuples(st.just("add lines"), st.lists(st.sampled_from(["^", "1", None]), min_size=1, max_size=3)),
    st.tuples(
        st.sampled_from(["start", "stop", "done", "cancel", "reopen", "delete"]),
        st.lists(task_number, min_size=1, max_size=2),
        st.booleans(),
    ),
    st.tuples(
        st.just("move"),
        task_number,
        st.sampled_from(["blocked", "ready", "doing", "review", "testing", "done", "nowhere"]),
    ),
    st.tuples(st.sampled_from(["link", "unlink"]), task_number, st.lists(task_number, min_size=1, max_size=2)),
    st.tuples(st.just("comment"), task_number),
    st.tuples(st.sampled_from(["step_add", "step_edit", "step_remove"]), task_number),
    st.tuples(
        st.just("view_save"),
        st.sampled_from(["a", "B", "b", "c d"]),
        st.sampled_from(["ready", "not late", "view:a", "view:b or +ops", "due.befor:fri"]),
    ),
    st.tuples(st.just("view_remove"), st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2)),
    st.tuples(
        st.just("import_tasks"), st.lists(st.tuples(task_number, task_number), max_size=3), fields, tags, st.booleans()
    ),
    st.tuples(
        st.just("column_add"),
        st.sampled_from(["Testing", "Review", "Wait"]),
        st.sampled_from([None, "doing", "ready", "done"]),
        st.sampled_from([None, 1, 2]),
    ),
    st.tuples(
        st.just("column_edit"),
        st.sampled_from(["doing", "review", "testing", "ready"]),
        st.sampled_from([{"name": "Check"}, {"name": "Doing"}, {"limit": 1}, {"limit": None}, {"after": "review"}]),
    ),
    st.tuples(st.just("column_remove"), st.sampled_from(["doing", "review", "testing", "done"])),
    st.tuples(st.just("note"), task_number, st.sampled_from(["", "More.", "Other *words*."]), st.booleans()),
    st.tuples(st.just("create"), st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=3)),
    st.tuples(st.sampled_from(["undo", "redo"])),
    st.tuples(st.just("undo_number"), st.integers(1, 12)),
)


def arguments(store: Store, command: tuple) -> tuple[str, dict]:
    """The drawn command as a verb and its arguments; numbers pick among the tasks that exist."""
    verb = command[0]
    with store.read() as reader:
        ids = [i for (i,) in reader.connection.execute("SELECT id FROM task ORDER BY id")]
        steps = [i for (i,) in reader.connection.execute("SELECT id FROM step ORDER BY id")]
    pick = lambda number: ids[number % len(ids)] if ids else 1  # noqa: E731
    if verb == "add":
        chosen = {"after": [pick(n) for n in command[3]], "before": [pick(n) for n in command[4]]} if ids else {}
        step = [{"run": "true"}] if "ops" in command[2] else []
        return verb, {"title": f"Task {len(ids)}", **command[1], "tags": command[2], "steps": step, **chosen}
    if verb == "edit":
        refs = [pick(n) for n in command[1]]
        other = command[5]  # now and then also links and steps
        links = {"after": [pick(other)]} if other == 1 else {"before": [pick(other)]} if other == 2 else {}
        more = {"clear_after": other in (1, 3), "steps": [{"run": "true"}] if other == 4 else []}
        return verb, {
            "refs": refs,
            "set": command[2],
            "add_tags": command[3],
            "remove_tags": command[4],
            **links,
            **more,
        }
    if verb == "assign":
        return verb, {"refs": [pick(n) for n in command[1]], "assignee": command[2]}
    if verb == "sketch":
        ends = ["a", "b", "c", *([pick(0), pick(1)] if ids else ["a", "b"])]
        edges = [[ends[before], ends[after]] for before, after in command[1]]
        return verb, {"tasks": [{"key": key, "title": f"Part {key}"} for key in "abc"], "edges": edges}
    if verb == "add lines":
        lines = [
            {"title": f"Line {n}", "line": n, "after": [ref] if ref else []} for n, ref in enumerate(command[1], 1)
        ]
        return "add", {"tasks": lines}
    if verb == "move":
        return verb, {"refs": [pick(command[1])], "column": command[2]}
    if verb in ("link", "unlink"):
        return verb, {"successor": pick(command[1]), "predecessors": [pick(n) for n in command[2]]}
    if verb == "column_add":
        return verb, {"name": command[1], "after": command[2], "limit": command[3]}
    if verb == "column_edit":
        return verb, {"column": command[1], **command[2]}
    if verb == "column_remove":
        return verb, {"column": command[1]}
    if verb == "note":
        return verb, {"ref": pick(command[1]), "text": command[2], "replace": command[3]}
    if verb == "comment":
        return verb, {"ref": pick(command[1]), "text": "said"}
    if verb == "step_add":
        return verb, {"ref": pick(command[1]), "steps": [{"run": "make all", "env": {"VERSION": "1"}}]}
    if verb == "step_remove":
        return verb, {"step_ids": [steps[command[1] % len(steps)] if steps else 1]}
    if verb == "step_edit":
        step_id = steps[command[1] % len(steps)] if steps else 1
        return verb, {"step_id": step_id, "set": {"run": f"make {command[1]}"}}
    if verb == "view_save":
        return verb, {"name": command[1], "query": command[2]}
    if verb == "view_remove":
        return verb, {"names": command[1]}
    if verb == "import_tasks":
        uuids = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(6)]
        needs = {uuid: [uuids[p] for s, p in command[1] if uuids[s] == uuid] for uuid in uuids}
        status = ("todo", "doing", "done", "cancelled")[len(command[1])]
        row = {**command[2], "tags": command[3], "status": status, "comments": [{"text": "said"}], "extra": {"x": 1}}
        tasks = [{"uuid": uuid, "title": f"Brought {i}", "id": 3 * i, **row} for i, uuid in enumerate(uuids)]
        return verb, {"tasks": [{**t, "needs": needs[t["uuid"]]} for t in tasks], "update": command[4]}
    if verb == "create":
        keys = [str(i) for i in range(3)]
        needs = {key: [keys[p] for s, p in command[1] if keys[s] == key] for key in keys}
        tasks = [{"key": key, "title": f"Part {key}", "needs": needs[key], "steps": []} for key in keys]
        return verb, {"workflow": {"name": "w", "params": {}, "source": None}, "tasks": tasks}
    if verb == "undo_number":
        return "undo", {"operation": command[1]}
    if verb in ("undo", "redo"):
        return verb, {}
    return verb, {"refs": [pick(n) for n in command[1]], "force": command[2]}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(ACTORS), commands), max_size=25))
def test_journal_tables_caches_and_snapshots_agree_after_any_transcript(transcript: list) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(str(Path(folder, "tasks.db")), create=True)
        live = store.snapshot()
        for index, (actor, command) in enumerate(transcript):
            verb, args = arguments(store, command)
            try:
                store.execute(verb, args, actor=actor, now=START + timedelta(minutes=index))
            except (RuleError, UsageError):
                pass  # refused: then nothing may have changed either, which the comparison below holds
            live = store.refresh(live)
        assert ledger.replayed(store) == ledger.stored(store)
        assert ledger.wrong_caches(store) == {}
        assert ledger.integrity(store) == "ok"
        assert live == store.snapshot()
        with store.read() as reader:
            assert not ledger.has_cycle(reader)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(commands, max_size=20))
def test_undo_of_everything_leaves_an_empty_database_and_redo_brings_it_back(transcript: list) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(str(Path(folder, "tasks.db")), create=True)
        for command in transcript:
            if command[0] in ("undo_number", "redo"):
                continue
            verb, args = arguments(store, command)
            try:
                store.execute(verb, args, actor="ana", now=START)
            except (RuleError, UsageError):
                pass
        full = ledger.stored(store)
        undone = 0
        with store.read() as reader:
            open_operations = reader.connection.execute(
                "SELECT count(*) FROM operation WHERE undoes IS NULL AND redoes IS NULL AND undone_by IS NULL"
            ).fetchone()[0]
        for _ in range(open_operations):
            store.execute("undo", {}, actor="ana", now=START)
            undone += 1
        assert {name: rows for name, rows in ledger.stored(store).items() if rows} == {
            "board_column": ledger.first_columns()
        }
        for _ in range(undone):
            store.execute("redo", {}, actor="ana", now=START)
        assert ledger.stored(store) == full


def test_every_command_of_people_can_occur_in_a_transcript() -> None:
    drawn: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(str(Path(folder, "tasks.db")), create=True)

        @settings(max_examples=1200, deadline=None, database=None, derandomize=True, phases=[Phase.generate])
        @given(commands)
        def draw(command: tuple) -> None:
            drawn.add(arguments(store, command)[0])

        draw()
    assert drawn == set(USER_VERBS)


# ── two stores, two processes

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def contents(path: str) -> list[tuple[str, object]]:
    """Every row of every table in the order of its key; each uuid as the number of its first appearance."""
    numbers: dict[str, str] = {}

    def named(value: object) -> object:
        if not isinstance(value, str):
            return value
        return _UUID.sub(lambda found: numbers.setdefault(found[0], f"uuid {len(numbers)}"), value)

    with closing(sqlite3.connect(path)) as connection:
        tables = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        found: list[tuple[str, object]] = []
        for table in tables:
            names = [row[1] for row in connection.execute(f"PRAGMA table_info('{table}')")]
            rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()
            keep = [row for row in rows if table != "meta" or row[0] != "database_uuid"]
            keep.sort(key=lambda row: [str(v) for n, v in zip(names, row, strict=True) if not n.endswith("uuid")])
            found += [(table, tuple(map(named, row))) for row in keep]
        return found


OTHER = """
import json, sys
from datetime import datetime
from taskterm.core.errors import TaskTermError
from taskterm.store.store import Store
for line in sys.stdin:
    path, verb, args, actor, now = json.loads(line)
    try:
        Store(path, create=True, host="kestrel").execute(verb, args, actor=actor, now=datetime.fromisoformat(now))
        said = ""
    except TaskTermError as error:
        said = error.message
    print(json.dumps(said), flush=True)
"""


@pytest.fixture(scope="module")
def other_process() -> Iterator[Callable[..., str]]:
    """Runs a command in another process; answers the refusal, or an empty text."""
    process = subprocess.Popen([sys.executable, "-c", OTHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    typed, said = process.stdin, process.stdout

    def run(*call: object) -> str:
        typed.write(json.dumps(call) + "\n")
        typed.flush()
        answer: str = json.loads(said.readline())
        return answer

    yield run
    process.communicate(timeout=30)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(ACTORS), commands, st.integers(0, 2)), max_size=20))
def test_several_stores_and_processes_leave_the_database_that_one_leaves(other_process, transcript: list) -> None:
    with tempfile.TemporaryDirectory() as folder:
        alone, shared = str(Path(folder, "alone.db")), str(Path(folder, "shared.db"))
        one = Store(alone, create=True, host="kestrel")
        pair = [Store(shared, create=True, host="kestrel") for _ in range(2)]
        one.snapshot()
        live = [store.snapshot() for store in pair]
        for index, (actor, command, who) in enumerate(transcript):
            verb, args = arguments(one, command)
            now = START + timedelta(minutes=index)
            said = ""
            try:
                one.execute(verb, args, actor=actor, now=now)
            except (RuleError, UsageError) as error:
                said = error.message
            if who == 2:
                answer = other_process(shared, verb, args, actor, now.isoformat())
            else:
                answer = ""
                try:
                    pair[who].execute(verb, args, actor=actor, now=now)
                except (RuleError, UsageError) as error:
                    answer = error.message
            assert answer == said
            live = [store.refresh(snapshot) for store, snapshot in zip(pair, live, strict=True)]
        assert contents(shared) == contents(alone)
        assert live[0] == live[1] == pair[0].snapshot()
