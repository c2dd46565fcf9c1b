"""The tables that the bench prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.bench.cases import SMALL_MEMORY
from tests.bench.harness import FLOOR, Case, Series, World
from tests.bench.neighbour import GOALS

BUSY = 1.25
"""Times the floor's best run that its median may take before the times are doubted."""


def ratios(series: Series, worlds: Mapping[str, World], cases: Mapping[str, Iterable[Case]]) -> list[str]:
    """One line a command: its goal, and for every world wall clock, processor and memory as ratios to the floor."""
    floor = series.cost(FLOOR)
    assert floor is not None
    head = f"python -c 'import sqlite3': {floor.seconds * 1000:.1f} ms, {floor.kib / 1024:.1f} MiB"
    lines = [head, "", f"{'':26}{'goal':>5}  " + "  ".join(f"{name:>18}" for name in worlds)]
    lines.append(f"{'':26}{'':>5}  " + "  ".join(f"{'time':>6}{'cpu':>6}{'mem':>6}" for _ in worlds))
    for case in dict.fromkeys(case for found in cases.values() for case in found):
        cells, missed = [], False
        for name in worlds:
            cost = series.cost((name, case.name))
            if cost is None:
                cells.append(f"{'':18}")
                continue
            time, cpu, memory = cost.seconds / floor.seconds, cost.cpu / floor.cpu, cost.kib / floor.kib
            missed = missed or time > case.goal or (case.quick and memory > SMALL_MEMORY)
            cells.append(f"{time:6.2f}{cpu:6.2f}{memory:6.2f}")
        lines.append(f"{case.name:26}{case.goal:5.1f}  {'  '.join(cells)}{'  missed' if missed else ''}")
    if series.unrest() > BUSY:
        lines.append("this machine was busy, so the times say little; see the columns of processor time")
    return [*lines, f"memory: goal {SMALL_MEMORY} for the commands up to a goal of 1.5"]


def growth(series: Series, worlds: Mapping[str, World]) -> list[str]:
    """What adding and finishing a task takes in the largest database, times the smallest."""
    ordered = sorted(worlds, key=lambda name: worlds[name].count)
    if len(ordered) < 2:
        return []
    lines = []
    for name in ("add", "done"):
        small, large = series.cost((ordered[0], name)), series.cost((ordered[-1], name))
        if small and large:
            ratio = large.seconds / small.seconds
            lines.append(f"{name} in {ordered[-1]} beside {ordered[0]}: {ratio:.2f} (goal: within 0.15 of 1)")
    return lines


def beside_taskwarrior(series: Series, worlds: Mapping[str, World]) -> list[str]:
    """`add` beside Taskwarrior's, by the number of tasks."""
    lines = []
    for name, world in worlds.items():
        ours, theirs = series.cost((name, "add")), series.cost(("taskwarrior", name))
        if ours and theirs:
            goal = GOALS.get(world.count)
            said = f" (goal: {goal} at most)" if goal else ""
            taken = (
                f"{ours.seconds * 1000:.1f} of {theirs.seconds * 1000:.1f} ms; processor {ours.cpu / theirs.cpu:.3f}"
            )
            lines.append(
                f"add, {world.count:,} tasks: {ours.seconds / theirs.seconds:.3f} of Taskwarrior's{said}, {taken}"
            )
    return lines


def gate(costs: Mapping[str, float]) -> list[str]:
    """The gate beside a connection that is held open."""
    return [
        f"one {what}: {costs[what] * 1000:.2f} ms through the gate, {costs[f'{what}, held'] * 1000:.3f} ms without"
        for what in ("write", "read")
    ]
