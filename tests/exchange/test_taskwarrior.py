"""Taskwarrior's JSON: what came in goes out again as it was, and what has changed here goes out changed."""

from __future__ import annotations

import json
import tempfile
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskterm.core.errors import RuleError
from taskterm.core.snapshot import state_of
from taskterm.exchange import taskwarrior
from taskterm.exchange.incoming import BadFile, Incoming, load
from taskterm.store.store import Store

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
AT = "2026-03-10T12:00:00Z"
FIRST, SECOND, THIRD = (f"9a1de6a5-5d0f-4fb4-93a8-5ab7bd4a5a0{i}" for i in (1, 2, 3))


@pytest.fixture
def export(test_data: Path) -> bytes:
    return (test_data / "taskwarrior" / "export_onboarding.json").read_bytes()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "tasks.db"), create=True)


def loaded(text: str | bytes) -> Incoming:
    return load(text if isinstance(text, bytes) else text.encode(), "tasks.json", NOW, "taskwarrior")


def bring(store: Store, text: str | bytes, now: datetime = NOW, **more: Any) -> Any:
    return store.execute("import_tasks", {"tasks": loaded(text).tasks, **more}, actor="ana", now=now)


def dumped(store: Store, now: datetime = NOW) -> dict[str, dict[str, Any]]:
    snapshot = store.snapshot()
    return {e["uuid"]: e for e in json.loads(taskwarrior.dump(snapshot, snapshot.tasks.values(), now))}


def entry(number: str = FIRST, **more: Any) -> dict[str, Any]:
    return {"uuid": number, "description": "Order a laptop", "status": "pending", "entry": "20260301T080000Z", **more}


# ── in


def test_a_real_export_arrives_with_its_dependencies(export: bytes, store: Store) -> None:
    bring(store, export)
    snapshot = store.snapshot()
    original = {e["uuid"]: e for e in json.loads(export)}
    ours = {task.uuid: task for task in snapshot.tasks.values()}
    assert ours.keys() == original.keys()
    for number, theirs in original.items():
        task = ours[number]
        assert task.title == theirs["description"]
        assert list(task.tags) == theirs.get("tags", [])
        assert task.priority == theirs.get("priority")
        assert {snapshot.tasks[p].uuid for p in snapshot.predecessors(task.id)} == set(theirs.get("depends", []))
        assert [c.text for c in snapshot.comments(task.id)] == [a["description"] for a in theirs.get("annotations", [])]
    states = {task.title: state_of(task, AT) for task in ours.values()}
    assert states["Provision VM"] == "ready"
    assert states["Install OS packages"] == "doing"
    assert states["Deploy app"] == "blocked"
    assert states["Announce to users"] == "waiting"
    assert states["Plain no attributes"] == "done"
    assert ours["fe57b771-969a-4994-84e3-aecc6d074f8b"].due == "2026-03-11T00:00:00Z"


@pytest.mark.parametrize("form", ["{0},\n{1},", "{0}\n{1}\n", "[{0},{1}]", "{0}{1}", "\ufeff[\n{0}\n,\n{1}\n]\n"])
def test_an_array_and_one_object_a_line_are_understood(form: str) -> None:
    text = form.replace("{0}", json.dumps(entry())).replace("{1}", json.dumps(entry(SECOND)))
    assert [task["uuid"] for task in loaded(text).tasks] == [FIRST, SECOND]


def test_comments_keep_the_time_they_were_written(store: Store) -> None:
    note = {"entry": "20260302T080000Z", "description": "asked the\nsupplier"}
    bring(store, json.dumps([entry(annotations=[note])]))
    (comment,) = store.snapshot().comments(1)
    assert (comment.text, comment.created_at) == ("asked the\nsupplier", "2026-03-02T08:00:00Z")


@pytest.mark.parametrize(
    ("recur", "rule"),
    [
        ("weekly", "FREQ=WEEKLY"),
        ("2wks", "FREQ=WEEKLY;INTERVAL=2"),
        ("P1M", "FREQ=MONTHLY"),
        ("quarterly", "FREQ=MONTHLY;INTERVAL=3"),
        ("yearly", "FREQ=YEARLY"),
        ("3mo", "FREQ=MONTHLY;INTERVAL=3"),
        ("PT36H", None),
    ],
)
def test_a_recurrence_becomes_a_rule_where_there_is_one(recur: str, rule: str | None) -> None:
    (task,) = loaded(json.dumps([entry(recur=recur, due="20260401T000000Z")])).tasks
    assert task["recurrence"] == rule


def test_the_pattern_of_a_series_stays_out_of_the_lists_where_an_open_task_carries_the_series_on(store: Store) -> None:
    pattern = entry(FIRST, status="recurring", recur="weekly", mask="-", due="20260301T000000Z")
    instance = entry(SECOND, parent=FIRST, recur="weekly", imask=0, due="20260308T000000Z")
    bring(store, json.dumps([pattern, instance]))
    tasks = {task.uuid: task for task in store.snapshot().tasks.values()}
    assert (tasks[FIRST].status, tasks[FIRST].recurrence) == ("cancelled", None)
    assert (tasks[SECOND].status, tasks[SECOND].recurrence) == ("todo", "FREQ=WEEKLY")
    assert dumped(store)[FIRST]["status"] == "recurring"


def test_a_predecessor_that_exists_nowhere_is_named_and_comes_back_on_the_way_out(store: Store) -> None:
    result = bring(store, json.dumps([entry(depends=[THIRD, SECOND]), entry(SECOND)]))
    assert result.outcome.created["lost"] == [("Order a laptop", THIRD)]
    assert store.snapshot().predecessors(1) == (2,)
    assert dumped(store)[FIRST]["depends"] == [THIRD, SECOND]


def test_a_predecessor_from_an_earlier_import_is_found(store: Store) -> None:
    bring(store, json.dumps([entry(FIRST)]))
    bring(store, json.dumps([entry(SECOND, depends=[FIRST])]))
    assert store.snapshot().predecessors(2) == (1,)


# ── out


def same(theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    assert {key: ours.get(key) for key in theirs if key != "urgency"} == {
        key: value for key, value in theirs.items() if key != "urgency"
    }
    assert ours.keys() - theirs.keys() <= {"urgency", "modified"}


def test_a_real_export_comes_back_whole(export: bytes, store: Store) -> None:
    bring(store, export)
    out = dumped(store)
    assert {e["uuid"]: e for e in json.loads(export)} == out


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    # a database holds no NUL and no half of a surrogate pair
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("abc.", max_size=2), inner, max_size=2),
    max_leaves=4,
)
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda d: d.strftime("%Y%m%dT%H%M%SZ"))
STATUSES = ["pending", "waiting", "recurring", "completed", "deleted"]


@st.composite
def exports(draw: st.DrawFn) -> list[dict[str, Any]]:
    uuids = [
        str(uuid.UUID(int=n, version=4)) for n in draw(st.lists(st.integers(0, 2**128 - 1), unique=True, max_size=4))
    ]
    found = []
    for index, number in enumerate(dict.fromkeys(uuids)):
        attributes: dict[str, Any] = draw(
            st.fixed_dictionaries(
                {"description": words, "status": st.sampled_from(STATUSES), "entry": moments},
                optional={
                    "id": st.integers(0, 50),
                    "priority": st.sampled_from(["H", "M", "L", "X", ""]),
                    "project": st.sampled_from(["site.web", " two words ", "x" * 300, ""]),
                    "tags": st.lists(st.sampled_from(["ops", "Ops", "+odd", "two words", "日本"]), max_size=3),
                    "annotations": st.lists(
                        st.fixed_dictionaries({"description": words, "entry": moments}, optional={"x": json_values}),
                        max_size=2,
                    ),
                    **dict.fromkeys(("due", "scheduled", "wait", "start", "end", "modified", "until"), moments),
                    "recur": st.sampled_from(["weekly", "3days", "odd"]),
                    "rrule": st.sampled_from(["FREQ=DAILY", "odd"]),
                    "parent": st.sampled_from([*uuids, 5]),
                    "assignee": json_values,
                    "estimate": st.sampled_from(["PT2H", "2h", 5, "0", "95d"]),
                    "notes": json_values,
                    "sprint": json_values,
                    "taskterm": json_values,
                    "imask": st.integers(),
                },
            )
        )
        if index and draw(st.booleans()):
            depends = draw(st.lists(st.sampled_from([*uuids[:index], THIRD]), unique=True))
            attributes["depends"] = draw(st.sampled_from([depends, ",".join(depends)]))
        found.append({"uuid": draw(st.sampled_from([number, number.upper()])), **attributes})
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(exports())
def test_every_attribute_of_every_task_comes_back_as_it_was(entries: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(str(Path(folder, "tasks.db")), create=True)
        if not entries:
            return
        bring(store, json.dumps(entries))
        out = {key.lower(): value for key, value in dumped(store).items()}
        assert out.keys() == {e["uuid"].lower() for e in entries}
        for theirs in entries:
            same(theirs, out[theirs["uuid"].lower()])
        again = bring(store, json.dumps(entries), LATER)
        assert (again.operation_id, again.outcome.created["differ"]) == (None, [])


def test_what_has_changed_here_goes_out_changed(store: Store) -> None:
    theirs = entry(
        tags=["b", "a"], priority="H", depends=SECOND.upper(), modified="20260302T080000Z", urgency=9.5, sla=3
    )
    bring(store, json.dumps([theirs, entry(SECOND, description="Ask\tBen\nnow")]))
    store.execute("edit", {"refs": [1], "set": {"priority": None}, "add_tags": ["c"]}, actor="ben", now=LATER)
    store.execute("done", {"refs": [2]}, actor="ben", now=LATER)
    store.execute("edit", {"refs": [2], "set": {"title": "Ask Ana"}}, actor="ben", now=LATER)
    out = dumped(store, LATER)
    assert "priority" not in out[FIRST]
    assert out[FIRST]["tags"] == ["a", "b", "c"]
    assert out[FIRST]["modified"] == "20260311T120000Z"
    assert out[FIRST]["urgency"] != 9.5
    assert (out[FIRST]["depends"], out[FIRST]["sla"]) == (SECOND.upper(), 3)
    assert (out[SECOND]["status"], out[SECOND]["end"]) == ("completed", "20260311T120000Z")
    assert out[SECOND]["description"] == "Ask Ana"


def test_what_taskwarrior_has_no_field_for_travels_as_attributes_of_its_own(store: Store, tmp_path: Path) -> None:
    values = {"title": "Write", "assignee": "ana", "notes": "*why*", "estimate_minutes": 90, "recurrence": "FREQ=DAILY"}
    store.execute("add", {**values, "due": "2026-04-01T10:00:00Z"}, actor="ana", now=NOW)
    store.execute("step_add", {"ref": 1, "steps": [{"run": "make"}]}, actor="ana", now=NOW)
    snapshot = store.snapshot()
    assert taskwarrior.without_place(snapshot, snapshot.tasks.values()) == ["the steps of 1 task"]
    other = Store(str(tmp_path / "other.db"), create=True)
    bring(other, taskwarrior.dump(snapshot, snapshot.tasks.values(), NOW))
    task = other.snapshot().tasks[1]
    assert {name: getattr(task, name) for name in values} == values


# ── known again


def test_the_same_export_twice_adds_nothing_twice_and_one_undo_takes_it_back(export: bytes, store: Store) -> None:
    bring(store, export)
    again = bring(store, export, LATER)
    assert again.operation_id is None
    assert len(again.outcome.created["same"]) == 10
    store.execute("undo", {}, actor="ana", now=NOW)
    assert store.snapshot().tasks == {}
    store.execute("redo", {}, actor="ana", now=NOW)
    assert len(store.snapshot().tasks) == 10


def test_tasks_without_a_uuid_are_known_again_by_their_content(store: Store) -> None:
    twins: list[dict[str, Any]] = [
        {"description": "Call Ana"},
        {"description": "Call Ana"},
        {"description": "Call Ben", "urgency": 1},
    ]
    bring(store, json.dumps(twins))
    twins[2]["urgency"] = 2  # it grows by itself
    again = bring(store, json.dumps([*twins, {"description": "Call Cem"}]))
    assert [t.title for t in store.snapshot().tasks.values()] == ["Call Ana", "Call Ana", "Call Ben", "Call Cem"]
    assert len(again.outcome.created["same"]) == 3


def test_a_file_that_says_otherwise_is_named_by_field_and_taken_on_request(store: Store) -> None:
    first = [entry(tags=["it"], sla=1), entry(SECOND, description="Hand it over", depends=[FIRST])]
    bring(store, json.dumps(first))
    store.execute("done", {"refs": [1]}, actor="ben", now=LATER)
    second = [
        entry(
            tags=["hw"], sla=2, due="20260401T080000Z", annotations=[{"entry": "20260305T080000Z", "description": "x"}]
        ),
        entry(SECOND, description="Hand it over", status="completed", end="20260304T080000Z"),
    ]
    left = bring(store, json.dumps(second), LATER)
    assert left.operation_id is None
    assert dict(left.outcome.created["differ"]) == {
        1: ("due", "status", "tags", "comments", "sla"),
        2: ("status", "dependencies"),
    }
    taken = bring(store, json.dumps(second), LATER, update=True)
    snapshot = store.snapshot()
    one, two = snapshot.tasks[1], snapshot.tasks[2]
    assert (one.status, one.tags, one.due, one.completed_at) == ("todo", ("hw",), "2026-04-01T08:00:00Z", None)
    assert [c.text for c in snapshot.comments(1)] == ["x"]
    assert (two.status, two.completed_at, snapshot.predecessors(2)) == ("done", "2026-03-04T08:00:00Z", ())
    assert taken.outcome.task_ids == (1, 2)
    same(second[0], dumped(store)[FIRST])
    store.execute("undo", {}, actor="ana", now=LATER)
    assert store.snapshot().tasks[1].status == "done"
    assert store.snapshot().predecessors(2) == (1,)


def test_an_update_keeps_what_only_exists_here(store: Store) -> None:
    bring(store, json.dumps([entry(), entry(SECOND)]))
    store.execute("add", {"title": "Only here"}, actor="ana", now=NOW)
    store.execute("link", {"successor": 1, "predecessors": [3]}, actor="ana", now=NOW)
    store.execute("comment", {"ref": 1, "text": "said here"}, actor="ana", now=NOW)
    bring(store, json.dumps([entry(priority="H", depends=[SECOND]), entry(SECOND)]), LATER, update=True)
    snapshot = store.snapshot()
    assert snapshot.tasks[1].priority == "H"
    assert set(snapshot.predecessors(1)) == {2, 3}
    assert [c.text for c in snapshot.comments(1)] == ["said here"]


# ── refused


def test_a_cycle_is_refused_with_its_path_and_nothing_is_made(store: Store) -> None:
    ring = [entry(FIRST, description="A", depends=[SECOND]), entry(SECOND, description="B", depends=[FIRST])]
    with pytest.raises(RuleError, match=r"in a cycle: (A → B → A|B → A → B)"):
        bring(store, json.dumps([*ring, entry(THIRD)]))
    assert store.snapshot().tasks == {}


def test_an_update_that_would_close_a_cycle_with_links_of_this_database_is_refused(store: Store) -> None:
    bring(store, json.dumps([entry(FIRST, description="A"), entry(SECOND, description="B")]))
    store.execute("link", {"successor": 2, "predecessors": [1]}, actor="ana", now=NOW)
    only = json.dumps([entry(FIRST, description="A", depends=[SECOND])])
    with pytest.raises(RuleError, match="in a cycle: B → A → B"):
        bring(store, only, LATER, update=True)
    turned = [entry(FIRST, description="A", depends=[SECOND]), entry(SECOND, description="B")]
    bring(store, json.dumps(turned), LATER, update=True)  # the whole file turns the link around
    assert store.snapshot().predecessors(1) == (2,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[{", "tasks.json:1:3: not JSON: "),
        ('[{"description": "x"},\n {"description": "y"}', "tasks.json:2:22: not JSON: the array is not closed"),
        ('[{"description": "x"}]\n]', "tasks.json:2:1: not JSON: there is more"),
        ('[\n{"status": "pending"}]', "tasks.json:2: task 1, description: is missing"),
        ("[5]", "tasks.json:1: task 1: is not a task"),
        ('[{"description": "x", "status": "gone"}]', "task 1 (x), status: gone is not a status"),
        ('[{"description": "x", "due": "tomorrow"}]', "task 1 (x), due: tomorrow is not a time"),
        ('[{"description": "x", "due": "20261341T000000Z"}]', "is not a time"),
        ('[{"description": "x", "tags": "a"}]', "tags: must be a list of texts, not text"),
        ('[{"description": "x", "depends": [1]}]', "depends.1: must be text, not a number"),
        ('[{"description": "x", "annotations": [{"entry": 5}]}]', "annotations.1.description: is missing"),
        (
            '[{"description": "x", "annotations": [{"entry": "x", "description": "y"}]}]',
            "annotation 1: x is not a time",
        ),
        ('[{"description": "x", "uuid": "12"}]', "uuid: 12 is not a UUID"),
        (json.dumps([entry(), entry()]), "task 2 (Order a laptop), uuid: it is the uuid of task 1, too"),
        ('[{"description": "a\\u0000b"}]', "description: holds a NUL character"),
        ('[{"description": "x", "uda": {"a": ["\\ud800"]}}]', "uda: is not valid Unicode"),
        ('[{"description": "' + "x" * 10_000_000 + '"}]', "description: has 10,000,000 characters; 1,000,000 are"),
        ('[{"description": "x", "uda": ' + "[" * 60 + "]" * 60 + "}]", "uda: is nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
        ('[{"description": "x", "uda": NaN}]', "NaN is not a number"),
        ('[{"description": "x", "uda": 1e999}]', "1e999 is not a number"),
        ('[{"description": "x", "uda": ' + "1" * 5000 + "}]", "a number that is too long"),
        (b'[{"description": "\xff"}]', "tasks.json:1: byte 19 is not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str | bytes, said: str) -> None:
    with pytest.raises(BadFile) as refused:
        loaded(text)
    assert said in refused.value.message


def test_every_mistake_of_a_file_is_named_at_once() -> None:
    many = [entry(str(uuid.UUID(int=n)), due="soon", status="odd") for n in range(30)]
    with pytest.raises(BadFile) as refused:
        loaded(json.dumps(many))
    lines = refused.value.message.split("\n")
    assert len(lines) == 21
    assert lines[-1] == "tasks.json: and 40 more mistakes"


def test_a_title_that_is_too_long_or_of_two_lines_is_shortened_here_and_whole_on_the_way_out(store: Store) -> None:
    theirs = [entry(FIRST, description="x" * 5000), entry(SECOND, description="two\nlines \x1b[31m")]
    found = loaded(json.dumps(theirs))
    assert "its description has 5,000 characters" in found.warnings[0]
    store.execute("import_tasks", {"tasks": found.tasks}, actor="ana", now=NOW)
    assert [len(t.title) for t in store.snapshot().tasks.values()] == [2000, 15]
    assert [e["description"] for e in dumped(store).values()] == [e["description"] for e in theirs]
