"""Whatever people do, in whatever order: journal, tables, caches and snapshots tell the same story."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
    },
)
tags = st.lists(st.sampled_from(["ops", "next", "web"]), max_size=2)
commands = st.one_of(
    st.tuples(st.just("add"), fields, tags, st.lists(task_number, max_size=2), st.lists(task_number, max_size=1)),
    st.tuples(st.just("edit"), st.lists(task_number, min_size=1, max_size=2), fields, tags, tags),
    st.tuples(
        st.sampled_from(["start", "stop", "done", "cancel", "reopen", "delete"]),
        st.lists(task_number, min_size=1, max_size=2),
        st.booleans(),
    ),
    st.tuples(
        st.just("move"), task_number, st.sampled_from(["blocked", "ready", "doing", "review", "done", "nowhere"])
    ),
    st.tuples(st.sampled_from(["link", "unlink"]), task_number, st.lists(task_number, min_size=1, max_size=2)),
    st.tuples(st.just("comment"), task_number),
    st.tuples(st.sampled_from(["step_add", "step_edit", "step_remove"]), task_number),
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
        return verb, {"refs": refs, "set": command[2], "add_tags": command[3], "remove_tags": command[4]}
    if verb == "move":
        return verb, {"refs": [pick(command[1])], "column": command[2]}
    if verb in ("link", "unlink"):
        return verb, {"successor": pick(command[1]), "predecessors": [pick(n) for n in command[2]]}
    if verb == "comment":
        return verb, {"ref": pick(command[1]), "text": "said"}
    if verb == "step_add":
        return verb, {"ref": pick(command[1]), "steps": [{"run": "make all", "env": {"VERSION": "1"}}]}
    if verb in ("step_edit", "step_remove"):
        step_id = steps[command[1] % len(steps)] if steps else 1
        return verb, {"step_id": step_id, "set": {"run": f"make {command[1]}"}}
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
        assert all(not rows for rows in ledger.stored(store).values())
        for _ in range(undone):
            store.execute("redo", {}, actor="ana", now=START)
        assert ledger.stored(store) == full
