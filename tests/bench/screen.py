"""`python -m tests.bench.screen`: how fast the screen opens, answers keys and follows others, beside a bare Textual.

    python -m tests.bench.screen --sizes 1000,10000 --rounds 9 --samples 300 --idle 30

Everything is painted on a pseudo terminal of 120 × 40 and timed from outside. What is painted is looked at before it
is timed. Starts are interleaved with starts of the floor, keys with keys for the floor.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.bench.harness import World, own_program
from tests.bench.terminal import Terminal

HELLO = Path(__file__).with_name("hello.py")
SELECTED = b"48;2;38;42;63m"
"""The ground of the row under the cursor, in dark colours."""
DOWN, UP, PAGE_DOWN, PAGE_UP = "j", "k", "\x1b[6~", "\x1b[5~"
WHEEL_DOWN, WHEEL_UP = "\x1b[<65;30;20M", "\x1b[<64;30;20M"


class Motion(NamedTuple):
    """Keys that go forth and back in a view. `opens` are the keys that lead there and what they must paint."""

    name: str
    opens: tuple[tuple[str, bytes], ...]
    forth: str
    back: str
    turn: int  # keys in one direction
    goal: tuple[float, float]  # times the floor, or the floor and so many milliseconds


MOVE, FAR = (2.0, 8.0), (4.0, 16.0)
MOTIONS = (
    Motion("list: move", (("2", b"Review"), ("1", b"owner")), DOWN, UP, 60, MOVE),
    Motion("list: page", (("2", b"Review"), ("1", b"owner")), PAGE_DOWN, PAGE_UP, 40, FAR),
    Motion("list: wheel", (("2", b"Review"), ("1", b"owner")), WHEEL_DOWN, WHEEL_UP, 40, FAR),
    Motion("board: move", (("2", b"Review"), ("1", b"owner"), ("2", b"Review")), DOWN, UP, 60, MOVE),
    Motion("board: column", (("2", b"Review"), ("1", b"owner"), ("2", b"Review")), "l", "h", 1, MOVE),
    Motion("tree: move", (("1", b"owner"), ("3", b"Deps of")), DOWN, UP, 6, MOVE),
    Motion("diagram: move", (("g", b""),), "\x1b[B", "\x1b[A", 1, MOVE),
)


class Figures(NamedTuple):
    """Seconds of many samples."""

    values: list[float]

    @property
    def p95(self) -> float:
        """The 95th percentile."""
        return statistics.quantiles(self.values, n=20)[-1] if len(self.values) > 1 else self.values[0]

    @property
    def median(self) -> float:
        """The one in the middle."""
        return statistics.median(self.values)


def _paints(wanted: bytes, text: bytes) -> bool:
    return bool(text) and wanted in text


def begins(argv: list[str], world: World, *, screen: bool) -> tuple[float, float]:
    """Seconds until the first readable picture, and until a key that was pressed then has its effect on the screen."""
    with Terminal(argv, _env(world)) as program:
        if not screen:
            picture = program.until(lambda text: b"hello 0" in text)
            program.press(DOWN)
            return picture, program.until(lambda text: b"hello 1" in text)
        picture = program.until(lambda text: b"\x1b[?2026l" in text)
        assert b"Ready" in program.painted, program.painted[:600]
        assert b"help" in program.painted
        ids = re.findall(rb"#(\d+)\x1b", program.painted)
        program.press(DOWN)
        moved = re.compile(SELECTED + rb" *#" + ids[1] + rb"\x1b")
        return picture, program.until(lambda text: moved.search(text) is not None)


def moves(program: Terminal, motion: Motion, samples: int, beside: Callable[[], float]) -> tuple[Figures, Figures]:
    """Seconds from a key to the first paint it causes, and the same for the floor, one key after the other."""
    for key, painted in motion.opens:
        since = len(program.painted)
        program.press(key)
        program.until(partial(_paints, painted), since)
        program.settle(0.6)
    found: list[float] = []
    floor: list[float] = []
    for number in range(samples):
        since = len(program.painted)
        key = motion.forth if number // motion.turn % 2 == 0 else motion.back
        begin = program.press(key)
        found.append(program.until(bool, since) - begin)
        program.settle()
        floor.append(beside())
    return Figures(found), Figures(floor)


def filters(program: Terminal, samples: int) -> Figures:
    """Seconds from a letter typed into the filter until the last paint that it causes."""
    program.press("1")
    program.settle(0.4)
    program.press("/")
    program.settle(0.3)
    found: list[float] = []
    while len(found) < samples:
        for key in (*"release", *["\x7f"] * 7):
            begin = program.press(key)
            program.until(bool, len(program.painted))
            found.append(program.settle(0.08) - begin)
    assert b"ready" in program.painted
    program.press("\x1b")
    program.settle(0.3)
    return Figures(found[:samples])


def others(program: Terminal, world: World, count: int) -> tuple[Figures, float]:
    """Seconds from the end of another process's `add` until it is on the screen; milliseconds of processor for each."""
    found: list[float] = []
    before = program.cpu()
    for number in range(count):
        title = f"Zzz{number}q{time.time_ns() % 100000}"
        since = len(program.painted)
        command = [*own_program(), "add", title, "+next", "pri:H", "due:2020-01-01"]
        subprocess.run(command, env=world.env, check=True, capture_output=True)
        begin = program.now()
        found.append(max(program.until(partial(_paints, title.encode()), since) - begin, 0.0))
        program.settle(0.2)
    return Figures(found), (program.cpu() - before) / count * 1000


def _env(world: World) -> dict[str, str]:
    return {**world.env, "COLORTERM": "truecolor", "PYTHONPATH": str(Path(__file__).parents[2])}


def _hello(world: World) -> tuple[Terminal, Callable[[], float]]:
    floor = Terminal([sys.executable, str(HELLO)], _env(world))
    floor.until(lambda text: b"hello 0" in text)
    floor.settle(0.3)

    def press() -> float:
        since = len(floor.painted)
        begin = floor.press(DOWN)
        painted = floor.until(bool, since) - begin
        floor.settle(0.01)
        return painted

    return floor, press


def main() -> None:
    """Measures, and prints one line for each figure."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.screen", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000", help="tasks in the databases; keys are measured on the last")
    parser.add_argument("--rounds", type=int, default=9, help="how often the program is started")
    parser.add_argument("--samples", type=int, default=300, help="keys of each kind")
    parser.add_argument("--idle", type=float, default=30.0, help="seconds to watch it doing nothing")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="taskterm-bench-") as folder:
        worlds = [World(Path(folder), int(size), named=True) for size in given.sizes.split(",")]
        _starts(worlds, given.rounds)
        _keys(worlds[-1], given.samples, given.idle)
        _following(worlds)


def _starts(worlds: list[World], rounds: int) -> None:
    floor: list[tuple[float, float]] = []
    ours: dict[int, list[tuple[float, float]]] = {world.count: [] for world in worlds}
    for number in range(rounds + 1):  # the first is not counted: files are read from the disk
        for world in worlds:
            hello = begins([sys.executable, str(HELLO)], world, screen=False)
            own = begins(own_program(), world, screen=True)
            if number:
                floor.append(hello)
                ours[world.count].append(own)
    base = [statistics.median(values) for values in zip(*floor, strict=True)]
    print(f"bare Textual app: {base[0] * 1000:.0f} ms to its text, {base[1] * 1000:.0f} ms to act")
    acts = []
    for count, found in ours.items():
        picture, act = (statistics.median(values) for values in zip(*found, strict=True))
        acts.append(act)
        print(f"{count:,} tasks: first picture {picture / base[0]:.2f} (goal 0.30, {picture * 1000:.0f} ms)", end="")
        print(f", able to act {act / base[1]:.2f} (goal 1.30, {act * 1000:.0f} ms)")
    print(f"able to act, largest beside smallest: {acts[-1] / acts[0]:.2f} (goal 1.10)")


def _keys(world: World, samples: int, idle: float) -> None:
    floor, press = _hello(world)
    with floor, Terminal(own_program(), _env(world)) as program:
        program.until(lambda text: b"History" in text)
        program.settle(0.6)
        for motion in MOTIONS:
            ours, theirs = moves(program, motion, samples, press)
            times, more = motion.goal
            goal = max(theirs.p95 * times, theirs.p95 + more / 1000)
            missed = "  missed" if ours.p95 > goal else ""
            print(
                f"{motion.name:16} p95 {ours.p95 * 1000:5.1f} ms, median {ours.median * 1000:5.1f}; floor p95"
                f" {theirs.p95 * 1000:4.1f} (goal {goal * 1000:4.1f}){missed}"
            )
        typed = filters(program, samples)
        print(f"filter keystroke p95 {typed.p95 * 1000:5.1f} ms, median {typed.median * 1000:5.1f} (goal 50)")
        allowed = floor.memory() * 1.4 + world.count * 2 / 1024
        print(f"memory {program.memory():.1f} MiB (goal {allowed:.1f}), floor {floor.memory():.1f}")
        if idle:
            before = program.cpu()
            program.settle(1.0)
            time.sleep(idle)
            print(f"idle: {(program.cpu() - before) / idle * 100:.2f} % of a core (goal 0.50)")


def _following(worlds: list[World]) -> None:
    for world in worlds:
        with Terminal(own_program(), _env(world)) as program:
            program.until(lambda text: b"History" in text)
            program.settle(0.6)
            seen, cpu = others(program, world, 10)
            print(
                f"{world.count:,} tasks: another's add is on the screen after {seen.median * 1000:.0f} ms, at most"
                f" {max(seen.values) * 1000:.0f} (goal 1000), {cpu:.0f} ms of processor each"
            )


if __name__ == "__main__":
    main()
