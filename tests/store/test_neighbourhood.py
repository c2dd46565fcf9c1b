"""Answers about single tasks read only what lies around them, and say the same as the whole picture would."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from taskterm.core.explain import explain
from taskterm.core.snapshot import Snapshot, board
from taskterm.core.tree import after, before
from taskterm.core.urgency import urgency, urgency_at
from taskterm.core.zone import epoch_of, to_utc_text
from taskterm.store import neighbourhood
from taskterm.store.board import top
from taskterm.store.store import Store

SIZE = 60


@pytest.fixture(params=range(3))
def team(request: pytest.FixtureRequest, tmp_path: Path, now: datetime) -> Store:
    """Sixty tasks, linked at random; some done, some begun, some waiting, some late."""
    random = Random(request.param)
    store = Store(str(tmp_path / "team.db"), create=True)
    tasks = []
    for number in range(SIZE):
        spec: dict[str, object] = {
            "key": str(number),
            "title": f"Task {number}",
            "tags": ["next"] * random.randint(0, 1),
        }
        spec["priority"] = random.choice([None, "H", "M", "L"])
        spec["estimate_minutes"] = random.choice([None, 30, 120])
        spec["needs"] = [str(n) for n in range(number) if random.random() < 0.04]
        for name in ("due", "wait"):
            if random.random() < 0.2:
                spec[name] = to_utc_text(now + timedelta(days=random.randint(-9, 60)))
        tasks.append(spec)
    store.execute("create", {"tasks": tasks}, actor="ana", now=now - timedelta(days=40))
    for verb, share in (("done", 0.2), ("start", 0.2), ("cancel", 0.1)):
        for task in store.snapshot().tasks.values():
            if task.status == "todo" and random.random() < share:
                store.execute(
                    verb, {"refs": [task.id], "force": True}, actor="ben", now=now - timedelta(days=task.id % 9)
                )
    return store


def test_how_many_tasks_one_holds_up_is_counted_as_in_the_whole_picture(team: Store) -> None:
    whole = team.snapshot()
    with team.read() as reader:
        counted = {i: neighbourhood.held_up(reader, i) for i in whole.tasks}
    assert counted == {i: len(whole.held_up(i)) for i in whole.tasks}
    assert max(counted.values()) > 2


def test_the_explanation_of_a_task_is_that_of_the_whole_picture(team: Store, now: datetime) -> None:
    whole = team.snapshot()
    with team.read() as reader:
        for task in whole.tasks.values():
            near = neighbourhood.behind(reader, task.id)
            assert explain(near, task.id, now) == explain(whole, task.id, now)
            assert explain(near, task.id, now).urgency == round(urgency(task, now.timestamp(), epoch_of) * 100)


def test_the_tree_of_a_task_is_that_of_the_whole_picture(team: Store) -> None:
    whole = team.snapshot()
    for task_id in whole.tasks:
        with team.read() as reader:
            near = neighbourhood.whole(reader, [task_id])
        assert before(near, task_id) == before(whole, task_id)
        assert after(near, task_id) == after(whole, task_id)
        assert {i: near.tasks[i] for i in near.tasks} == {i: whole.tasks[i] for i in near.tasks}


@pytest.mark.parametrize("limit", [1, 3, SIZE])
def test_the_tops_of_the_board_are_the_first_cards_of_its_columns(team: Store, now: datetime, limit: int) -> None:
    whole: Snapshot = team.snapshot()
    ranked = urgency_at(now.timestamp(), epoch_of)
    stages = board(whole.columns, whole.tasks.values(), to_utc_text(now), ranked)
    with team.read() as reader:
        tops = top(reader, now, limit)
    assert [one.size for one in tops] == [len(stage.tasks) for stage in stages]
    assert [one.stage.tasks for one in tops] == [stage.tasks[:limit] for stage in stages]
    assert [one.stage.limit_state for one in tops] == [stage.limit_state for stage in stages]
