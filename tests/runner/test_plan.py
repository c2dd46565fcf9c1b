"""A plan says what would run, in which order, and who has to do the rest, without running anything."""

from __future__ import annotations

import pytest

from taskterm.core.errors import NotFound
from taskterm.runner.plan import critical_seconds, make_plan, plan_rows
from tests.runner.helpers import Desk


def plan(desk: Desk, *refs, **options):
    with desk.store.read() as reader:
        return make_plan(reader, refs, **options)


def test_a_plan_has_every_task_after_what_it_needs_and_counts_its_stages(desk):
    lint = desk.add("Lint", "echo lint")
    test = desk.add("Test", "echo a", "echo b")
    build = desk.add("Build", "echo build", after=[lint, test])
    approve = desk.add("Approve", after=[build])
    deploy = desk.add("Deploy", "echo deploy", after=[approve], trusted=False)
    found = plan(desk, deploy, with_needs=True)
    assert [(entry.task.id, entry.stage) for entry in found.tasks] == [
        (lint, 1),
        (test, 1),
        (build, 2),
        (approve, 3),
        (deploy, 4),
    ]
    rows = plan_rows(found, lambda task: 95.0 if task.id == build else None, desk.trust.pending)
    assert [tuple(row) for row in rows] == [
        ("1", f"#{lint} Lint", "1 step", ""),
        ("", f"#{test} Test", "2 steps", ""),
        ("2", f"#{build} Build", "1 step", "~1:35"),
        ("3", f"#{approve} Approve", "waits for a person", ""),
        ("4", f"#{deploy} Deploy", "1 step, not trusted yet", ""),
    ]
    assert [step.run for step in found.steps()] == ["echo lint", "echo a", "echo b", "echo build", "echo deploy"]


def test_what_is_done_or_cancelled_is_no_longer_part_of_a_plan(desk):
    first = desk.add("First", "echo 1")
    second = desk.add("Second", "echo 2", after=[first])
    third = desk.add("Third", "echo 3", after=[second])
    desk.do("done", refs=[first])
    assert [e.task.id for e in plan(desk, third, with_needs=True).tasks] == [second, third]


def test_a_plan_of_one_task_names_what_blocks_it(desk):
    first = desk.add("First", "echo 1")
    second = desk.add("Second", "echo 2", after=[first])
    found = plan(desk, second)
    assert [entry.task.id for entry in found.tasks] == [second]
    assert [task.id for task in found.blocked] == [first]


def test_a_plan_runs_nothing_and_writes_nothing(desk, tmp_path):
    task = desk.add("Touch", f'touch "{tmp_path}/touched"')
    before = desk.store.history()
    plan(desk, task, with_needs=True)
    assert desk.store.history() == before
    assert not (tmp_path / "touched").exists()


def test_the_critical_path_is_the_chain_that_takes_longest(desk):
    short = desk.add("Short", "echo s")
    long = desk.add("Long", "echo l")
    join = desk.add("Join", "echo j", after=[short, long])
    found = plan(desk, join, with_needs=True)
    seconds = {short: 5.0, long: 60.0, join: 1.0}
    assert critical_seconds(found, lambda task: seconds[task.id]) == ((long, join), 61.0)


def test_an_unknown_workflow_or_task_is_named(desk):
    with pytest.raises(NotFound, match="no workflow 7"):
        plan(desk, workflow_id=7)
    with pytest.raises(NotFound, match="no task #12"):
        plan(desk, 12)
