"""JSON of everything: the document holds the whole database, and an import makes its tasks again."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskterm.exchange import everything
from taskterm.exchange.incoming import BadFile, Incoming, load
from taskterm.store.store import Store
from tests.exchange import stores
from tests.store import ledger

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 14, 32, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "tasks.db"), create=True)


@pytest.fixture
def other(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "other.db"), create=True)


def loaded(text: str) -> Incoming:
    return load(text.encode(), "all.json", NOW)


def bring(store: Store, text: str, **more: Any) -> Any:
    found = loaded(text)
    return store.execute("import_tasks", {"tasks": found.tasks, **found.around, **more}, actor="ben", now=LATER)


def refused(document: object) -> list[str]:
    with pytest.raises(BadFile) as error:
        loaded(json.dumps(document))
    return error.value.message.split("\n")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stores.tasks())
def test_an_export_comes_back_without_a_loss_and_is_known_again(tasks: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        one, two = (Store(str(Path(folder, name)), create=True) for name in ("one.db", "two.db"))
        one.execute("import_tasks", {"tasks": tasks}, actor="ana", now=NOW)
        text = everything.dump(one, NOW)
        bring(two, text)
        assert stores.content(two) == stores.content(one)
        assert ledger.wrong_caches(two) == {}
        assert ledger.replayed(two) == ledger.stored(two)
        again = bring(two, text)
        assert (again.operation_id, again.outcome.created["differ"]) == (None, [])


def furnished(store: Store) -> None:
    """A workflow, a stage of the team's own, a view, a template, a run with an attempt."""
    tasks = [
        {"key": "build", "title": "Build", "steps": [{"run": "make", "env": {"VERSION": "1"}}]},
        {"key": "ship", "title": "Ship", "needs": ["build"], "steps": []},
    ]
    workflow = {"name": "release", "params": {"version": "1"}, "source": "release.toml"}
    store.execute("create", {"workflow": workflow, "tasks": tasks}, actor="ana", now=NOW)
    around = {
        "board_columns": [{"key": "qa", "name": "In test", "position": 4, "kind": "stage", "wip_limit": 2}],
        "views": [{"name": "mine", "query": "@ana", "position": 1, "created_by": "ana"}],
        "templates": [
            {"name": "r", "text": "[workflow]", "created_at": "2026-11-20T10:00:00Z", "created_by": "ana"},
        ],
    }
    store.execute("import_tasks", {"tasks": [], **around}, actor="ana", now=NOW)
    store.execute("move", {"refs": [1], "column": "qa"}, actor="ana", now=NOW)


def test_the_board_the_workflows_the_views_and_the_templates_come_along(store: Store, other: Store) -> None:
    furnished(store)
    text = everything.dump(store, NOW)
    bring(other, text)
    one, two = store.snapshot(), other.snapshot()
    assert [c.key for c in two.columns] == [c.key for c in one.columns]
    assert two.tasks[1].column == "qa"
    assert two.tasks[2].workflow_key == "ship"
    assert two.workflows[1]._replace(created_by="") == one.workflows[1]._replace(created_by="")
    with store.read() as mine, other.read() as theirs:
        assert (mine.views(), mine.templates()) == (theirs.views(), theirs.templates())
    other.execute("undo", {}, actor="ben", now=LATER)
    assert all(not rows for name, rows in ledger.stored(other).items() if name != "board_column")
    assert [c.key for c in other.snapshot().columns] == ["blocked", "ready", "doing", "review", "done"]


def test_the_document_tells_runs_and_history_but_no_logs_and_an_import_says_they_stay(store: Store) -> None:
    furnished(store)
    wanted = {"task_id": 1, "tasks": [1], "jobs": 1, "title": "Build", "host": "here", "user": "ana"}
    store.execute("run_create", wanted, actor="ana", now=NOW)
    document = json.loads(everything.dump(store, NOW))
    assert document["taskterm"] == 1
    assert [run["title"] for run in document["runs"]] == ["Build"]
    assert [operation["verb"] for operation in document["history"]] == ["create", "import_tasks", "move", "run_create"]
    assert document["history"][0]["changes"][1]["after"]["title"] == "Build"
    assert "log_path" not in json.dumps(document["runs"])
    assert loaded(json.dumps(document)).left == (
        "1 run and 4 operations of its history stay in the file, as the record of another database",
    )


def test_ids_that_are_taken_are_mapped_and_links_follow(store: Store, other: Store) -> None:
    furnished(store)
    for title in ("Here first", "And second"):
        other.execute("add", {"title": title}, actor="ben", now=NOW)
    bring(other, everything.dump(store, NOW))
    snapshot = other.snapshot()
    assert [t.title for t in snapshot.tasks.values()] == ["Here first", "And second", "Build", "Ship"]
    assert snapshot.predecessors(4) == (3,)
    assert other.execute("add", {"title": "Next"}, actor="ben", now=NOW).outcome.created["id"] == 5


def test_a_file_cannot_make_the_numbers_of_tasks_grow_out_of_hand(other: Store) -> None:
    bring(other, json.dumps([{"title": "A", "id": 2**70}, {"title": "B", "id": 40}, {"title": "C", "id": -3}]))
    assert sorted((t.title, i) for i, t in other.snapshot().tasks.items()) == [("A", 41), ("B", 40), ("C", 42)]


@pytest.mark.parametrize(
    "text",
    [
        '[{"title": "Write"}, {"title": "Send"}]',
        '{"title": "Write"}\n{"title": "Send"}\n',
        '{"operation": 5, "tasks": [{"title": "Write"}, {"title": "Send"}], "released": [], "notes": []}',
    ],
)
def test_task_objects_as_every_command_answers_them_are_understood(text: str) -> None:
    assert [task["title"] for task in loaded(text).tasks] == ["Write", "Send"]


def test_some_tasks_alone_are_a_document_too_and_links_out_of_it_are_counted(store: Store, other: Store) -> None:
    furnished(store)
    snapshot = store.snapshot()
    text = everything.dump_tasks(snapshot, [snapshot.tasks[2]], NOW)
    assert set(json.loads(text)) == {"taskterm", "exported_at", "tasks", "columns", "workflows"}
    found = loaded(text)
    assert found.warnings == ("all.json: 1 link to tasks that are not in the file is left out",)
    bring(other, text)
    assert other.snapshot().tasks[2].title == "Ship"


def test_predecessors_may_be_named_by_uuid_also_of_tasks_that_are_here(store: Store) -> None:
    bring(store, json.dumps([{"title": "A", "uuid": "9a1de6a5-5d0f-4fb4-93a8-5ab7bd4a5a01"}]))
    bring(store, json.dumps([{"title": "B", "predecessors": ["9A1DE6A5-5D0F-4FB4-93A8-5AB7BD4A5A01"]}]))
    assert store.snapshot().predecessors(2) == (1,)


def test_steps_that_differ_are_replaced_by_an_update(store: Store, other: Store) -> None:
    furnished(store)
    text = everything.dump(store, NOW)
    bring(other, text)
    document = json.loads(text)
    document["tasks"][0]["steps"][0]["run"] = "make all"
    left = bring(other, json.dumps(document))
    assert left.outcome.created["differ"] == [(1, ("steps",))]
    bring(other, json.dumps(document), update=True)
    assert [step.run for step in other.snapshot().steps(1)] == ["make all"]
    other.execute("undo", {}, actor="ben", now=LATER)
    assert [step.run for step in other.snapshot().steps(1)] == ["make"]


def test_keys_that_are_not_known_are_named_and_left_out() -> None:
    found = loaded('[{"title": "A", "asignee": "ana", "state": "ready", "urgency": 5}]')
    assert found.warnings == ("all.json: not known here and left out: asignee",)


def test_every_mistake_is_named_by_task_and_key() -> None:
    tasks = [
        {"title": 5, "status": "open", "tags": ["a", 1], "steps": [{"name": "x"}, {"run": "x", "retries": -1}]},
        {"title": "Ship", "predecessors": [1.5], "estimate_minutes": "1h", "extra": [], "due": 5},
    ]
    assert refused({"taskterm": 1, "tasks": tasks, "views": [{"name": "x"}], "columns": {}}) == [
        "all.json: task 1, title: must be text, not a number",
        "all.json: task 1, status: must be 'todo', 'doing', 'done' or 'cancelled', not 'open'",
        "all.json: task 1, tags.2: must be text, not a number",
        "all.json: task 1, steps.1.run: is missing",
        "all.json: task 1, steps.2.retries: is out of range: -1",
        "all.json: task 2 (Ship), due: must be text, not a number",
        "all.json: task 2 (Ship), estimate_minutes: must be a whole number, not text",
        "all.json: task 2 (Ship), predecessors.1: must be an id, not a number",
        "all.json: task 2 (Ship), extra: must be an object, not a list",
        "all.json: columns: must be a list, not an object",
        "all.json: view 1 (x), query: is missing",
    ]
    assert refused(
        [
            {"title": "A\nB", "due": "tomorrow", "id": 1, "steps": [{"run": "x", "env": {"PATH": "/"}}]},
            {"title": "C", "id": 1, "uuid": "12"},
        ]
    ) == [
        "all.json: task 2 (C), uuid: 12 is not a UUID",
        "all.json: task 2 (C), id: 1 is the id of an earlier task, too",
    ]
    assert refused([{"title": "A\nB", "due": "tomorrow", "steps": [{"run": "x", "env": {"PATH": "/"}}]}]) == [
        "all.json: task 1 (A�B), title: the title holds a line break at character 2",
        "all.json: task 1 (A�B), due: tomorrow is not a time such as 2026-11-27T16:00:00Z",
        "all.json: task 1 (A�B), steps: a step cannot set PATH: it decides which programs a shell starts",
    ]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"taskterm": 2, "tasks": []}, "all.json: it is of version 2, and this program reads version 1"),
        ({"taskterm": "x", "tasks": []}, "all.json: its version x is not a number from 1"),
        ({"taskterm": 1, "tasks": 5}, "all.json: tasks: must be a list, not a number"),
        ({"taskterm": 1}, "all.json: task 1, title: is missing"),
        ([5], "all.json: task 1: "),
        ([{"title": "a\0b"}], "all.json: task 1 (a�b), title: holds a NUL character"),
        ([{"title": "x" * 5000}], "title: the title has 5,000 characters; 2,000 are the most"),
        ([{"title": "A", "due": "2026-13-45T99:99:99Z"}], "is not a time"),
    ],
)
def test_what_is_no_document_is_refused_with_its_place(document: object, said: str) -> None:
    assert said in refused(document)[0]


json_anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["tasks", "title", "id", "uuid", "tags", "steps", "run", "predecessors", "comments", "extra"]
            )
            | st.sampled_from(
                ["workflows", "columns", "views", "workflow", "due", "status", "name", "taskterm", "text"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(json_anything, st.fixed_dictionaries({"tasks": st.lists(json_anything)})))
def test_whatever_a_document_holds_it_is_read_or_refused_with_its_place(document: Any) -> None:
    try:
        loaded(json.dumps(document))
    except BadFile as error:
        assert all(line.startswith("all.json") for line in error.message.split("\n"))
