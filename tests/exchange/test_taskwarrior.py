"""A real Taskwarrior export arrives whole: dependencies, annotations, dates, and what has no field of its own."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from taskterm.core.errors import UsageError
from taskterm.core.snapshot import state_of
from taskterm.exchange import taskwarrior
from taskterm.store.store import Store

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
AT = "2026-03-10T12:00:00Z"


@pytest.fixture
def export(test_data: Path) -> str:
    return (test_data / "taskwarrior" / "export_onboarding.json").read_text(encoding="utf-8")


def test_a_real_export_arrives_with_its_dependencies(export: str, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "tasks.db"), create=True)
    store.execute("create", {"tasks": taskwarrior.load(export)}, actor="ana", now=NOW)
    snapshot = store.snapshot()
    original = {entry["uuid"]: entry for entry in json.loads(export)}
    ours = {task.uuid: task for task in snapshot.tasks.values()}
    assert ours.keys() == original.keys()
    for uuid, entry in original.items():
        task = ours[uuid]
        assert task.title == entry["description"]
        assert list(task.tags) == entry.get("tags", [])
        assert task.priority == entry.get("priority")
        assert [snapshot.tasks[p].uuid for p in snapshot.predecessors(task.id)] == sorted(
            entry.get("depends", []), key=lambda u: ours[u].id
        )
        assert [c.text for c in snapshot.comments(task.id)] == [a["description"] for a in entry.get("annotations", [])]
        kept = json.loads(task.extra or "{}")
        for name in ("until", "modified", "urgency"):
            assert kept.get(name) == entry.get(name)
    states = {task.title: state_of(task, AT) for task in ours.values()}
    assert states["Provision VM"] == "ready"
    assert states["Install OS packages"] == "doing"
    assert states["Deploy app"] == "blocked"
    assert states["Announce to users"] == "waiting"
    assert states["Plain no attributes"] == "done"
    assert ours["fe57b771-969a-4994-84e3-aecc6d074f8b"].due == "2026-03-11T00:00:00Z"


def test_the_same_export_twice_adds_nothing_twice_and_one_undo_takes_it_back(export: str, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "tasks.db"), create=True)
    tasks = {"tasks": taskwarrior.load(export)}
    store.execute("create", tasks, actor="ana", now=NOW)
    again = store.execute("create", tasks, actor="ana", now=NOW)
    assert again.operation_id is None
    assert again.outcome.notes == ("10 of 10 tasks are here already and were left as they are",)
    store.execute("undo", {}, actor="ana", now=NOW)
    assert store.snapshot().tasks == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[{", "line 1 is not JSON"),
        ('[{"status": "pending"}]', "entry 1 is not a task"),
        ('[{"description": "x", "status": "gone"}]', "'gone' is not a status"),
        ('[{"description": "x", "due": "tomorrow"}]', "'tomorrow' is not a time"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_export_is_refused_with_the_place(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        taskwarrior.load(text)
