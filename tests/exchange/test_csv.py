"""Tables: an export comes back without a loss, runs nothing in a spreadsheet, and other programs' tables are read."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskterm.exchange import csv_words, csvfile
from taskterm.exchange.incoming import BadFile, Incoming, load
from taskterm.store.store import Store
from tests.exchange import stores

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 14, 32, tzinfo=UTC)


def loaded(text: str | bytes, name: str = "plan.csv") -> Incoming:
    return load(text if isinstance(text, bytes) else text.encode(), name, NOW)


def first(text: str) -> dict[str, Any]:
    return loaded(text).tasks[0]


def refused(text: str | bytes) -> list[str]:
    with pytest.raises(BadFile) as error:
        loaded(text)
    return error.value.message.split("\n")


# ── there and back


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stores.tasks())
def test_an_export_comes_back_without_a_loss_and_is_known_again(tasks: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        one, two = (Store(str(Path(folder, name)), create=True) for name in ("one.db", "two.db"))
        one.execute("import_tasks", {"tasks": tasks}, actor="ana", now=NOW)
        snapshot = one.snapshot()
        text = csvfile.dump(snapshot, snapshot.tasks.values())
        two.execute("import_tasks", {"tasks": loaded(text).tasks}, actor="ben", now=LATER)
        assert stores.content(two) == stores.content(one)
        again = two.execute("import_tasks", {"tasks": loaded(text).tasks}, actor="ben", now=LATER)
        assert (again.operation_id, again.outcome.created["differ"]) == (None, [])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stores.tasks())
def test_no_cell_of_an_export_begins_like_a_formula(tasks: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(str(Path(folder, "one.db")), create=True)
        store.execute("import_tasks", {"tasks": tasks}, actor="ana", now=NOW)
        snapshot = store.snapshot()
        rows = list(csv.reader(io.StringIO(csvfile.dump(snapshot, snapshot.tasks.values()), newline="")))
    assert tuple(rows[0]) == csvfile.HEADER
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r\n")]


def test_ids_are_kept_where_they_are_free_and_mapped_where_they_are_not(tmp_path: Path) -> None:
    one, two = (Store(str(tmp_path / name), create=True) for name in ("one.db", "two.db"))
    for title in ("A", "B", "C"):
        one.execute("add", {"title": title}, actor="ana", now=NOW)
    one.execute("delete", {"refs": [1]}, actor="ana", now=NOW)
    one.execute("link", {"successor": 2, "predecessors": [3]}, actor="ana", now=NOW)
    snapshot = one.snapshot()
    specs = loaded(csvfile.dump(snapshot, snapshot.tasks.values())).tasks
    two.execute("add", {"title": "Here first"}, actor="ana", now=NOW)
    two.execute("add", {"title": "And second"}, actor="ana", now=NOW)
    two.execute("import_tasks", {"tasks": specs}, actor="ana", now=NOW)
    tasks = two.snapshot().tasks
    assert {i: task.title for i, task in tasks.items()} == {1: "Here first", 2: "And second", 3: "C", 4: "B"}
    assert two.snapshot().predecessors(4) == (3,)


# ── other programs


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "sep={}\r\n"])
def test_a_table_is_read_whatever_separates_its_cells(separator: str, mark: str) -> None:
    lines = ['Title|Notes|"Due date"', 'Write|"a|b\nc"|2026-12-01', "", "Publish||"]
    text = mark.format(separator) + "\r\n".join(lines).replace("|", separator)
    tasks = loaded(text).tasks
    assert [task["title"] for task in tasks] == ["Write", "Publish"]
    assert tasks[0]["notes"] == f"a{separator}b\nc"
    assert tasks[0]["due"] == "2026-12-01T23:59:59Z"


def test_a_table_in_utf_16_is_read() -> None:
    assert loaded("Title\tOwner\nÄndern 日本\tana\n".encode("utf-16")).tasks[0]["title"] == "Ändern 日本"


JIRA = """\
Issue key,Summary,Status,Priority,Assignee,Created,Due date,Labels,Labels,Sprint,Blocked by
P-1,Write the plan,In Progress,Highest,ana,2026-11-02 08:15,2026-12-01,web,ops,S1,
P-2,"Publish, then rest",To Do,Medium,,2026-11-02 08:15,,,,S1,"P-1"
P-3,Old thing,Closed,Low,ben,2026-11-01 08:15,,,,,"P-1, P-2"
"""


def test_columns_of_other_programs_become_fields_and_the_rest_is_kept(tmp_path: Path) -> None:
    found = loaded(JIRA)
    store = Store(str(tmp_path / "tasks.db"), create=True)
    store.execute("import_tasks", {"tasks": found.tasks}, actor="ana", now=NOW)
    snapshot = store.snapshot()
    one, two, three = snapshot.tasks.values()
    assert (one.title, one.status, one.priority, one.assignee) == ("Write the plan", "doing", "H", "ana")
    assert (one.due, one.created_at, one.tags) == ("2026-12-01T23:59:59Z", "2026-11-02T08:15:00Z", ("ops", "web"))
    assert (two.title, two.status, two.assignee) == ("Publish, then rest", "todo", None)
    assert (three.status, three.created_at) == ("done", "2026-11-01T08:15:00Z")
    assert [snapshot.predecessors(i) for i in (1, 2, 3)] == [(), (1,), (1, 2)]
    assert one.extra == '{"Sprint":"S1"}'
    assert found.warnings == ("plan.csv: kept with each task, as there is no field for it here: Sprint",)


@pytest.mark.parametrize("field", [field for field in csv_words.COLUMNS if field not in ("steps", "extra", "uuid")])
def test_every_name_of_a_column_that_is_listed_is_understood(field: str) -> None:
    for name in csv_words.COLUMNS[field]:
        places = csv_words.columns_of([name.title(), "x"])
        assert 0 in next(iter(places.values())), name


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("27.11.2026", "2026-11-27T23:59:59Z"),
        ("2026/11/27", "2026-11-27T23:59:59Z"),
        ("27/11/2026", "2026-11-27T23:59:59Z"),
        ("11/27/2026", "2026-11-27T23:59:59Z"),
        ("27/Nov/26 5:00 PM", "2026-11-27T17:00:00Z"),
        ('"Nov 27, 2026"', "2026-11-27T23:59:59Z"),
        ("2026-11-27 17:00:00", "2026-11-27T17:00:00Z"),
        ("2026-11-27T17:00:00.000+0100", "2026-11-27T16:00:00Z"),
        ("fri", "2026-11-27T23:59:59Z"),
        ("", None),
    ],
)
def test_a_date_is_read_as_spreadsheets_write_it(written: str, read: str | None) -> None:
    assert first(f"title,due\nWrite,{written}\n")["due"] == read


def test_a_date_with_slashes_is_read_as_the_rest_of_its_column_tells_or_refused() -> None:
    tasks = loaded("title,due\nA,5/6/2026\nB,13/6/2026\n").tasks
    assert [t["due"][:10] for t in tasks] == ["2026-06-05", "2026-06-13"]
    (line,) = refused("title,due\nA,5/6/2026\n")
    assert line == "plan.csv:2, due: 5/6/2026 can be read in two ways; write the year first, as in 2026-11-27"


@pytest.mark.parametrize(
    ("head", "cell", "field", "value"),
    [
        ("status", "Won't do", "status", "cancelled"),
        ("state", "in-progress", "status", "doing"),
        ("done", "x", "status", "done"),
        ("completed", "2026-11-01", "completed_at", "2026-11-01T23:59:59Z"),
        ("priority", "P1", "priority", "H"),
        ("owner", "@ana", "assignee", "ana"),
        ("tags", "#a; +b c", "tags", ["a", "b-c"]),
        ("labels", "x y", "tags", ["x", "y"]),
        ("estimate", "2h", "estimate_minutes", 120),
        ("repeat", "every 2 weeks", "recurrence", "FREQ=WEEKLY;INTERVAL=2"),
        ("start date", "2026-12-01", "scheduled", "2026-12-01T00:00:00Z"),
        ("body", "a\nb", "notes", "a\nb"),
        ("comment", "asked", "comments", [{"text": "asked", "created_at": None}]),
        ("description", "=not a formula here", "notes", "=not a formula here"),
    ],
)
def test_values_of_other_programs_are_understood(head: str, cell: str, field: str, value: object) -> None:
    assert first(f'title,{head}\nWrite,"{cell}"\n')[field] == value


def test_a_description_is_the_title_where_nothing_else_is() -> None:
    assert first("description\nWrite it\n")["title"] == "Write it"


def test_predecessors_may_be_named_by_title_and_unknown_ones_are_told() -> None:
    found = loaded('name,depends on\nWrite it,\n"Print, bind",Write it\nSend,"#1; Print, bind, nobody"\n')
    one, two, three = found.tasks
    assert (two["needs"], three["needs"]) == ([one["uuid"]], [])
    assert found.warnings[0].startswith("plan.csv:4, after: not in the file")


def test_rows_without_a_uuid_are_known_again_by_their_content(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "tasks.db"), create=True)
    text = "name;due\nCall Ana;2026-12-01\nCall Ana;2026-12-01\nCall Ben;\n"
    store.execute("import_tasks", {"tasks": loaded(text).tasks}, actor="ana", now=NOW)
    more = loaded(text.replace(";", ",") + "Call Cem,\n").tasks
    again = store.execute("import_tasks", {"tasks": more}, actor="ana", now=LATER)
    assert [t.title for t in store.snapshot().tasks.values()] == ["Call Ana", "Call Ana", "Call Ben", "Call Cem"]
    assert again.outcome.created["same"] == [1, 2, 3]


def test_an_apostrophe_of_another_program_stays() -> None:
    assert first("title\n'-x is an option\n")["title"] == "'-x is an option"


# ── refused


def test_every_cell_that_cannot_be_read_is_named_by_line_and_column() -> None:
    lines = refused(
        "id,title,due,status,priority,estimate,after,uuid\n"
        "1,A,fryday,doen,hugh,soon,,\n"
        '2,"B\nb",2026-02-30,,,,1,12\n'
        "2,,,,H,,2,\n"
    )
    assert sorted(lines) == [
        "plan.csv:2, due: fryday is not a date; did you mean friday?",
        "plan.csv:2, estimate: soon is not a length of time; write 30m, 2h or 2d",
        "plan.csv:2, priority: hugh is not a priority; use H, M or L",
        "plan.csv:2, status: doen is not a status; use todo, doing, done or cancelled",
        "plan.csv:3, due: there is no 30 February 2026",
        "plan.csv:3, uuid: 12 is not a UUID",
        "plan.csv:5, id: 2 is the id of an earlier line, too",
        "plan.csv:5, title: is empty",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "plan.csv:1: no column is called title, summary, name or subject; there are: a, b"),
        ('title\n"open', "plan.csv:2: is not CSV: unexpected end of data"),
        ("title,due\nA,,x\n", "plan.csv:2: has 3 cells, the header has 2; a quote may be missing"),
        ("title\na\0b\n", "plan.csv:2, title: holds a NUL character"),
        ("title\n" + "x" * 10_000_000, "plan.csv:2, title: has 10,000,000 characters; 1,000,000 are the most"),
        ("title\n" + "x" * 5000, "plan.csv:2, title: the title has 5,000 characters; 2,000 are the most"),
        (b"title\nna\xefve\n", "plan.csv:2: byte 9 is not UTF-8"),
    ],
)
def test_what_is_no_table_of_tasks_is_refused_with_its_place(text: str | bytes, said: str) -> None:
    assert refused(text) == [said]


@pytest.mark.parametrize("text", ["", "\n\n", "title\n", "title,due\n,\n"])
def test_a_table_without_tasks_is_none(text: str) -> None:
    assert loaded(text).tasks == []


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60), st.text(max_size=60).map(lambda s: ("title,due\n" + s).encode("utf-8", "replace"))
    )
)
def test_whatever_a_file_holds_it_is_read_or_refused_with_its_place(data: bytes) -> None:
    try:
        loaded(data)
    except BadFile as error:
        assert all(line.startswith("plan.csv") for line in error.message.split("\n"))
