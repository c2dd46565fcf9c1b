"""The bench works: it measures what it says, on outputs that are right. How fast anything is, no test decides."""

from __future__ import annotations

import sys

import pytest

from tests.bench import harness, inside, neighbour, report
from tests.bench.cases import OTHER_CASES, QUICK_CASES


def test_every_command_of_the_bench_answers_what_the_bench_expects_and_is_measured(tmp_path):
    worlds = {"100": harness.World(tmp_path, 100, named=True)}
    cases = {"100": [*QUICK_CASES, *OTHER_CASES]}
    floor = [sys.executable, "-c", "import sqlite3"]
    series = harness.measure(harness.own_program(), floor, worlds, cases, rounds=1)
    for case in cases["100"]:
        cost = series.cost(("100", case.name))
        assert cost is not None, case.name
        assert cost.seconds > 0
        assert cost.cpu > 0
        assert cost.kib > 5000  # no interpreter is smaller, so it was the command's memory and not the stopwatch's
    table = report.ratios(series, worlds, cases)
    assert sum(line.startswith(tuple(case.name for case in cases["100"])) for line in table) == len(cases["100"])


def test_a_database_where_it_lies_by_default_is_the_one_that_is_measured(tmp_path):
    world = harness.World(tmp_path, 100, named=False)
    world.renew()
    cases = {case.name: case for case in QUICK_CASES}
    assert harness.verify(harness.own_program(), cases["list"], world) == ""
    assert "TASKTERM_DB" not in world.env


def test_the_bench_notices_a_command_that_says_something_else(tmp_path):
    world = harness.World(tmp_path, 100, named=True)
    world.renew()
    wrong = harness.Case("wrong", ("list", "-n", "3"), 1.5, lambda output, _: len(output.splitlines()) == 4)
    assert "says" in harness.verify(harness.own_program(), wrong, world)
    assert "exit 2" in harness.verify(harness.own_program(), harness.Case("none", ("lisst",), 1.5), world)


def test_the_gate_is_measured_beside_a_held_connection(tmp_path):
    costs = inside.gate_costs(tmp_path, 3)
    assert sorted(costs) == ["read", "read, held", "write", "write, held"]
    assert all(seconds > 0 for seconds in costs.values())


def test_taskwarrior_gets_the_same_tasks_where_it_is_installed(tmp_path):
    program = neighbour.installed()
    if program is None:
        pytest.skip("task is not installed")
    worlds = {"100": harness.World(tmp_path, 100, named=True)}
    beside = neighbour.Neighbour(program, tmp_path, worlds)
    with harness.Stopwatch(sys.executable) as watch:
        series = harness.Series()
        beside(watch, series, 0)
    assert series.cost(("taskwarrior", "100")) is not None
