"""A list reads narrowly, and shows what it would show if it had read everything."""

from __future__ import annotations

import gc
import json
from datetime import UTC, datetime, timedelta

import pytest

from taskterm import cli as program
from taskterm.cli import options, rows
from taskterm.cli.session import Session
from taskterm.core import moments, story
from taskterm.core.display import visible
from taskterm.core.model import OPEN
from taskterm.core.snapshot import groups, shown_state
from taskterm.core.urgency import urgency_at
from taskterm.core.zone import epoch_of, to_utc_text
from taskterm.store import lists
from taskterm.store.store import Store
from tests.bench.sample import fill

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
OWNER = {"host": "kestrel", "boot_id": "b", "pid": 1, "pid_started": "1", "user": "ana"}


@pytest.fixture(params=[60, 420], ids=["a few tasks", "more than are read one by one"])
def store(request, home) -> Store:
    """Tasks in every state a list can show: begun, waiting, tagged next, running, failed, not trusted yet."""
    fill(home["TASKTERM_DB"], request.param, NOW - timedelta(days=3))
    store = Store(home["TASKTERM_DB"], host="kestrel")

    def do(verb: str, **args: object):
        return store.execute(verb, args, actor="ana", now=NOW - timedelta(hours=2)).outcome

    tasks = store.snapshot().tasks.values()
    ready = [task.id for task in tasks if task.status == "todo" and not task.open_predecessors]
    blocked = [task.id for task in tasks if task.status == "todo" and task.open_predecessors]
    do("start", refs=ready[:2])
    do("start", refs=blocked[:1], force=True)
    do("edit", refs=[ready[2], blocked[1]], add_tags=["next"])
    do("edit", refs=[ready[3], blocked[2]], set={"wait": "2027-01-01T08:00:00Z"})
    do(
        "edit",
        refs=[ready[4]],
        set={"wait": "2026-11-01T08:00:00Z", "title": "Mirror \u202e \u0645\u0631\u062d\u0628\u0627"},
    )
    do("step_add", ref=ready[5], steps=[{"run": "make build"}])
    do("step_add", ref=ready[6], steps=[{"run": "make test"}, {"run": "make deploy"}])
    do("step_add", ref=ready[7], steps=[{"run": "make docs"}])
    for task_id, state in ((ready[5], "failed"), (ready[6], "running"), (ready[7], "planned")):
        run_id = do("run_create", title="r", tasks=[task_id], host="kestrel", user="ana").created["run_id"]
        if state != "planned":
            do("run_own", run_id=run_id, fence=0, **OWNER)
            do("task_claim", run_id=run_id, fence=1, task_id=task_id)
        if state == "failed":
            do("task_end", run_id=run_id, fence=1, task_id=task_id, state="failed", reason="no make here")
    return store


@pytest.fixture
def printed(home, capsys):
    """The lines that a command prints into a pipe."""

    def run(*words: str) -> list[str]:
        command, others = program.find(list(words))
        assert command is not None
        given = options.read(others, command)
        assert command.run(Session(given, lambda: NOW), given) == 0
        return capsys.readouterr().out.splitlines()

    yield run
    gc.enable()


def expected(store: Store, statuses=OPEN, fits=lambda _: True) -> list[str]:
    """The lines of a list, made from a picture of everything and with the sentences that every view shows."""
    snapshot, at = store.snapshot(), to_utc_text(NOW)
    tasks = [task for task in snapshot.tasks.values() if task.status in statuses and fits(task)]
    lines = []
    for group in groups(tasks, at, urgency_at(NOW.timestamp(), epoch_of)):
        for task in group.tasks:
            sentence, _ = rows.now_text(snapshot, task, NOW)
            due = moments.format_due(task.due, NOW) if task.due and task.status in OPEN else ""
            owner = f"@{task.assignee}" if task.assignee else ""
            cells = (group.state, str(task.id), task.priority or "", task.title, sentence, owner, due)
            lines.append("\t".join(visible(cell) for cell in cells))
    return lines


def test_the_sample_holds_every_state(store):
    states = {shown_state(task, to_utc_text(NOW)) for task in store.snapshot().tasks.values()}
    assert states == {"running", "failed", "doing", "ready", "blocked", "waiting", "done"}


def test_the_list_of_everything_open_is_that_of_the_whole_picture(store, printed):
    assert printed("list") == expected(store)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 8, 12, 20, 50, 99, 101, 1000])
def test_the_first_lines_are_those_of_the_whole_list(store, printed, limit):
    assert printed("list", "-n", str(limit)) == expected(store)[:limit]


@pytest.mark.parametrize("limit", [1, 2, 5, 12, 50, 1000])
def test_next_shows_the_first_of_what_can_be_started_and_has_no_run_at_hand(store, printed, limit):
    at = to_utc_text(NOW)

    def ready(task):
        return task.status == "todo" and not task.open_predecessors and (task.wait is None or task.wait <= at)

    assert printed("next", "-n", str(limit)) == expected(store, fits=ready)[:limit]


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        (["+next"], lambda task: "next" in task.tags),
        (["+ops"], lambda task: "ops" in task.tags),
        (["project:site"], lambda task: (task.project or "").startswith("site.")),
        (["pri:H"], lambda task: task.priority == "H"),
        (["release"], lambda task: "release" in task.title or "release" in task.notes),
        (["first"], lambda task: "first" in task.title or "first" in task.notes),
    ],
    ids=["+next", "+ops", "project", "priority", "title", "notes"],
)
def test_a_filtered_list_is_that_of_the_whole_picture(store, printed, words, fits):
    assert printed("list", *words) == expected(store, fits=fits)
    everything = ("todo", "doing", "done", "cancelled")
    assert printed("list", *words, "--all") == expected(store, everything, fits)


def test_a_sorted_list_shows_the_same_lines_in_another_order(store, printed):
    lines = printed("list", "sort:due,-urgency")
    assert sorted(lines) == sorted(expected(store))
    assert lines != expected(store)


def test_how_many_tasks_one_holds_up_is_the_same_in_every_list(store, printed):
    def held(lines: list[str]) -> dict[str, str]:
        return {line.split("\t")[1]: line.split("\t")[4] for line in lines if "holds up" in line}

    whole = held(printed("list"))
    assert any(int(sentence.split()[2]) > 5 for sentence in whole.values())
    for words in (["list", "-n", "30"], ["next", "-n", "30"], ["list", "ready"], ["list", "sort:id"]):
        few = held(printed(*words))
        assert few
        assert few.items() <= whole.items()


def test_a_sentence_as_text_is_what_the_phrases_of_a_card_say(store):
    snapshot = store.snapshot()
    for task in snapshot.tasks.values():
        state = shown_state(task, to_utc_text(NOW))
        told = story.teller(snapshot, state, NOW, visible)(task)
        phrases = "".join(phrase.text for phrase in story.now_field(snapshot, task, NOW))
        assert told == visible(phrases.replace(" #", " ") if state == "blocked" else phrases)


def test_json_of_a_list_is_the_same_whether_few_or_all_tasks_are_read(store, home, cli):
    few, many = json.loads(cli("list", "-n", "20", "--json").stdout), json.loads(cli("list", "--json").stdout)
    assert [task["id"] for task in few] == [task["id"] for task in many[:20]]
    stable = [{name: value for name, value in task.items() if name != "urgency"} for task in many[:20]]
    assert [{name: value for name, value in task.items() if name != "urgency"} for task in few] == stable


def test_too_many_begun_tasks_are_read_with_all_others(store, printed):
    ready = [task.id for task in store.snapshot().tasks.values() if shown_state(task, to_utc_text(NOW)) == "ready"]
    store.execute("start", {"refs": ready, "force": True}, actor="ana", now=NOW)
    with store.read() as reader:
        first = lists.first(reader, NOW, 3, ready_only=False)
    assert first is None or len(ready) <= lists.FEW
    assert printed("list", "-n", "3") == expected(store)[:3]
