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
from collections.abc import Callable, Collection, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from taskterm.core.snapshot import Snapshot
from taskterm.store.store import Store
from tests.bench.harness import World, own_program
from tests.bench.terminal import Terminal

HELLO = Path(__file__).with_name("hello.py")
SELECTED = b"48;2;38;42;63m"
"""The ground of the row under the cursor, in dark colours."""
DOWN, UP, PAGE_DOWN, PAGE_UP = "j", "k", "\x1b[6~", "\x1b[5~"
WHEEL_DOWN, WHEEL_UP = "\x1b[<65;30;20M", "\x1b[<64;30;20M"


class Motion(NamedTuple):
    """Keys that go forth and back in a view. `opens` are the keys that lead there, the last of which paints `shows`."""

    name: str
    opens: str
    shows: bytes
    forth: str
    back: str
    turn: int  # keys in one direction
    goal: tuple[float, float]  # times the floor, or the floor and so many milliseconds


MOVE, FAR = (2.0, 8.0), (4.0, 16.0)
AT_REST = 0.1
"""Seconds without a paint after which nothing of the last key is to come: the pane beside a view follows the cursor a
frame later, with what is read for it about 70 ms behind that; the next key would be credited with either."""
ANSWERS = 0.25
"""Seconds after which a paint is not the key's: the clock, the sign of what runs."""
RIGHT, LEFT = "\x1b[C", "\x1b[D"
GO = "@"
"""Stands for the keys that lead to the task which most tasks are joined with."""
LIST, BOARD = ("21", b"owner"), ("12", b"Review")
TO_TREE, TREE = (f"1{GO}3", b"Deps of"), ("13", b"Deps of")
TO_DIAGRAM, DIAGRAM = ("13g", b"layers"), ("13", b"layers")  # 3 leads to what was on last
TO_OVERVIEW, OVERVIEW = ("13o", b"most urgent"), ("13", b"most urgent")
MOTIONS = (
    Motion("list: move", *LIST, DOWN, UP, 60, MOVE),
    Motion("list: page", *LIST, PAGE_DOWN, PAGE_UP, 40, FAR),
    Motion("list: wheel", *LIST, WHEEL_DOWN, WHEEL_UP, 40, FAR),
    Motion("board: move", *BOARD, DOWN, UP, 60, MOVE),
    Motion("board: column", *BOARD, "l", "h", 1, MOVE),
    Motion("board: page", *BOARD, PAGE_DOWN, PAGE_UP, 20, FAR),
    Motion("board: wheel", *BOARD, WHEEL_DOWN, WHEEL_UP, 20, FAR),
    Motion("tree: move", *TO_TREE, DOWN, UP, 60, MOVE),
    Motion("tree: page", *TREE, PAGE_DOWN, PAGE_UP, 3, FAR),
    Motion("tree: wheel", *TREE, WHEEL_DOWN, WHEEL_UP, 15, FAR),
    Motion("diagram: move", *TO_DIAGRAM, RIGHT, LEFT, 3, MOVE),
    Motion("diagram: pan", *DIAGRAM, "L", "H", 3, FAR),
    Motion("overview: move", *TO_OVERVIEW, DOWN, UP, 40, MOVE),
    Motion("overview: wheel", *OVERVIEW, WHEEL_DOWN, WHEEL_UP, 40, FAR),
)


class Line(NamedTuple):
    """One line of the report; `reached` is None where a figure has no goal of its own."""

    figure: str
    measured: str
    ratio: str
    goal: str
    reached: bool | None = None


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


class Begun(NamedTuple):
    """Seconds from the start of a program to its picture and to the effect of a key, and of processor until then."""

    picture: float
    acts: float
    cpu: float


def _paints(wanted: bytes, text: bytes) -> bool:
    return bool(text) and wanted in text


def begins(argv: list[str], world: World, *, screen: bool) -> Begun:
    """How long it takes until the first readable picture, and until a key that was pressed then has its effect."""
    with Terminal(argv, _env(world)) as program:
        if not screen:
            picture = program.until(lambda text: b"hello 0" in text)
            program.press(DOWN)
            acts = program.until(lambda text: b"hello 1" in text)
            return Begun(picture, acts, program.exact_cpu())
        picture = program.until(lambda text: b"\x1b[?2026l" in text)
        assert b"Ready" in program.painted, program.painted[:600]
        assert b"help" in program.painted
        ids = re.findall(rb"#(\d+)\x1b", program.painted)
        program.press(DOWN)
        moved = re.compile(SELECTED + rb" *#" + ids[1] + rb"\x1b")
        acts = program.until(lambda text: moved.search(text) is not None)
        return Begun(picture, acts, program.exact_cpu())


def moves(
    program: Terminal, motion: Motion, samples: int, beside: Callable[[], float], joined: int
) -> tuple[Figures, Figures] | None:
    """Seconds from a key, pressed at rest, to its first paint, and the same for the floor, one key after the other.

    `joined` is the task that GO leads to. None where there is nothing to paint, as everything is in view.
    """
    since = 0
    for key in motion.opens:
        since = program.mark
        for part in (":", str(joined), "\r") if key == GO else (key,):
            program.press(part)
            program.settle(1.0)
    program.until(partial(_paints, motion.shows), since)
    found: list[float] = []
    floor: list[float] = []
    for number in range(samples):
        since = program.mark
        key = motion.forth if number // motion.turn % 2 == 0 else motion.back
        begin = program.press(key)
        if not program.paints(ANSWERS):
            if not found and number > motion.turn:
                return None  # neither way
            continue  # the end of what can be moved through
        found.append(program.until(bool, since) - begin)
        floor.append(beside())
        program.settle(AT_REST)
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
            program.until(bool, program.mark)
            found.append(program.settle(0.08) - begin)
    assert b"ready" in program.painted
    program.press("\x1b")
    program.settle(0.3)
    return Figures(found[:samples])


def others(program: Terminal, world: World, count: int) -> tuple[Figures, float]:
    """Seconds from the end of another process's `add` until it is on the screen; milliseconds of processor for each."""
    found: list[float] = []
    before = program.exact_cpu()
    for number in range(count):
        title = f"Zzz{number}q{time.time_ns() % 100000}"
        since = program.mark
        command = [*own_program(), "add", title, "+next", "pri:H", "due:2020-01-01"]
        subprocess.run(command, env=world.env, check=True, capture_output=True)
        begin = program.now()
        found.append(max(program.until(partial(_paints, title.encode()), since) - begin, 0.0))
        program.settle(0.2)
    return Figures(found), (program.exact_cpu() - before) / count * 1000


def _env(world: World) -> dict[str, str]:
    return {**world.env, "COLORTERM": "truecolor", "PYTHONPATH": str(Path(__file__).parents[2])}


def _hello(world: World, python: str) -> tuple[Terminal, Callable[[], float]]:
    floor = Terminal([python, str(HELLO)], _env(world))
    floor.until(lambda text: b"hello 0" in text)
    floor.settle(0.3)

    def press() -> float:
        since = floor.mark
        begin = floor.press(DOWN)
        painted = floor.until(bool, since) - begin
        floor.settle(0.01)
        return painted

    return floor, press


class Wanted(NamedTuple):
    """How much is measured: starts of each program, keys of each kind, seconds of idleness, others' additions."""

    rounds: int = 9
    samples: int = 300
    idle: float = 30.0
    others: int = 10


def report(worlds: list[World], wanted: Wanted, python: str, program: list[str]) -> Iterator[str]:
    """The table of everything, line by line as it is measured; keys are measured on the last of the worlds."""
    yield f"{'screen':34} {'measured':>26} {'beside the floor':>18}   {'goal':<22}"
    for line in chain(
        _starts(worlds, wanted.rounds, python, program),
        _keys(worlds[-1], wanted, python, program),
        _following(worlds, wanted.others, program),
    ):
        verdict = {True: "reached", False: "missed", None: ""}[line.reached]
        yield f"{line.figure:34} {line.measured:>26} {line.ratio:>18}   {line.goal:<22} {verdict}".rstrip()


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
        wanted = Wanted(given.rounds, given.samples, given.idle)
        for line in report(worlds, wanted, sys.executable, own_program()):
            print(line, flush=True)


def _starts(worlds: list[World], rounds: int, python: str, program: list[str]) -> Iterator[Line]:
    floor: list[Begun] = []
    ours: dict[int, list[Begun]] = {world.count: [] for world in worlds}
    for number in range(rounds + 1):  # the first is not counted: files are read from the disk
        for world in worlds:
            hello = begins([python, str(HELLO)], world, screen=False)
            own = begins(program, world, screen=True)
            if number:
                floor.append(hello)
                ours[world.count].append(own)
    base = _medians(floor)
    taken = f"{base.picture * 1000:.0f} / {base.acts * 1000:.0f} / {base.cpu * 1000:.0f} ms"
    yield Line("floor: text / able to act / CPU", taken, "1.00", "")
    acts = []
    for count, found in ours.items():
        own = _medians(found)
        acts.append(own.acts)
        yield _start(f"{count:,} tasks: first picture", own.picture, base.picture, 0.3)
        yield _start(f"{count:,} tasks: able to act", own.acts, base.acts, 1.3)
        yield _start(f"{count:,} tasks: processor until then", own.cpu, base.cpu, None)
    if len(acts) > 1:
        growth = acts[-1] / acts[0]
        yield Line("able to act, largest to smallest", "", f"{growth:.2f}", "1.10", growth <= 1.1)


def _start(figure: str, own: float, floor: float, goal: float | None) -> Line:
    reached = None if goal is None else own / floor <= goal
    return Line(figure, f"{own * 1000:.0f} ms", f"{own / floor:.2f}", "" if goal is None else f"{goal:.2f}", reached)


def _medians(found: list[Begun]) -> Begun:
    return Begun(*(statistics.median(values) for values in zip(*found, strict=True)))


def _keys(world: World, wanted: Wanted, python: str, program: list[str]) -> Iterator[Line]:
    floor, press = _hello(world, python)
    joined = _most_joined(Store(world.path).snapshot())
    with floor, Terminal(program, _env(world)) as screen:
        screen.until(lambda text: b"History" in text)
        screen.settle(1.5)
        for motion in MOTIONS:
            measured = moves(screen, motion, wanted.samples, press, joined)
            yield Line(motion.name, "all of it is in view", "", "") if measured is None else _motion(motion, *measured)
        typed = filters(screen, wanted.samples)
        told = f"p95 {typed.p95 * 1000:.1f}, median {typed.median * 1000:.1f} ms"
        yield Line("filter: keystroke", told, "", "50 ms", typed.p95 <= 0.05)
        base, held = floor.memory(), screen.memory()
        allowed = base * 1.4 + world.count * 2 / 1024
        yield Line(
            "memory", f"{held:.1f} of {base:.1f} MiB", f"{held / base:.2f}", f"{allowed:.1f} MiB", held <= allowed
        )
        if wanted.idle:
            screen.press("3")
            screen.settle(2.0)
            before = screen.exact_cpu()
            time.sleep(wanted.idle)
            share = (screen.exact_cpu() - before) / wanted.idle * 100
            yield Line("idle, diagram open", f"{share:.2f} % of a core", "", "0.50 %", share <= 0.5)


def _most_joined(snapshot: Snapshot) -> int:
    """The task with the most before and after it, so that tree and diagram have something to scroll."""
    return max(
        snapshot.tasks, key=lambda i: sum(len(_reached(i, n)) for n in (snapshot.predecessors, snapshot.successors))
    )


def _reached(task_id: int, near: Callable[[int], Collection[int]]) -> set[int]:
    found: set[int] = set()
    ahead = [task_id]
    while ahead:
        new = set(near(ahead.pop())) - found
        found |= new
        ahead += new
    return found


def _motion(motion: Motion, ours: Figures, floor: Figures) -> Line:
    times, more = motion.goal
    goal = max(floor.p95 * times, floor.p95 + more / 1000)
    return Line(
        motion.name,
        f"p95 {ours.p95 * 1000:.1f}, median {ours.median * 1000:.1f} ms",
        f"{ours.p95 / floor.p95:.2f} of {floor.p95 * 1000:.1f} ms",
        f"{times:.0f} times, or +{more:.0f} ms",
        ours.p95 <= goal,
    )


def _following(worlds: list[World], count: int, program: list[str]) -> Iterator[Line]:
    spent = []
    for world in worlds:
        with Terminal(program, _env(world)) as screen:
            screen.until(lambda text: b"History" in text)
            screen.settle(1.5)
            seen, cpu = others(screen, world, count)
            spent.append(cpu)
            told = f"{seen.median * 1000:.0f}, at most {max(seen.values) * 1000:.0f} ms"
            yield Line(f"{world.count:,} tasks: another's add", told, "", "1000 ms", max(seen.values) <= 1)
            yield Line(f"{world.count:,} tasks: its processor time", f"{cpu:.1f} ms", "", "")
    if len(spent) > 1:
        yield Line("its growth, largest to smallest", "", f"{spent[-1] / spent[0]:.2f}", "")


if __name__ == "__main__":
    main()
