"""`make bench`: commands beside a bare interpreter with SQLite and beside Taskwarrior, the screen beside bare Textual.

    make bench
    make bench ARGS=screen
    make bench ARGS="--sizes 100,10000 --rounds 9 --only add,list --place /tmp/bench"

Everything is made in a folder of its own and removed again, unless `--place` names one to keep the environment in.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench import inside, neighbour, report, screen
from tests.bench.cases import OTHER_CASES, QUICK_CASES
from tests.bench.harness import Case, World, measure
from tests.bench.place import clean_environment

DEFAULT_PLACE = ("add", "add with facts", "next", "list -n 30")
"""What is also measured without TASKTERM_DB and with a config file."""


def main() -> None:
    """Measures, and prints the tables."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=("commands", "screen"), help="one of the two alone")
    parser.add_argument("--samples", type=int, default=300, help="keys of each kind on the screen")
    parser.add_argument("--sizes", default="100,1000,10000", help="tasks in the databases")
    parser.add_argument("--rounds", type=int, default=15, help="how often everything runs")
    parser.add_argument("--only", default="", help="names of commands, or how they begin; all of them otherwise")
    parser.add_argument("--place", type=Path, help="a folder where the clean environment is made, and stays")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="taskterm-bench-") as temporary:
        folder = Path(temporary)
        _say("making a clean environment")
        python, program = clean_environment((given.place or folder) / "venv")
        _say("making the databases")
        sizes = [int(size) for size in given.sizes.split(",")]
        if given.what != "commands":
            (folder / "screen").mkdir()
            shown = [World(folder / "screen", size, named=True) for size in sizes[-2:]]
            _say("")
            for line in screen.report(shown, screen.Wanted(given.rounds, given.samples), python, [program]):
                print(line, flush=True)
            print()
        if given.what == "screen":
            return
        worlds = {f"{size:,} tasks": World(folder, size, named=True) for size in sizes}
        plain = {f"{size:,}, default": World(folder, size, named=False) for size in sizes[-1:]}
        only = tuple(word.strip() for word in given.only.split(",") if word.strip())
        cases = {name: _wanted((*QUICK_CASES, *OTHER_CASES), only) for name in worlds}
        cases |= {name: [c for c in _wanted(QUICK_CASES, only) if c.name in DEFAULT_PLACE] for name in plain}
        task = neighbour.installed()
        beside = neighbour.Neighbour(task, folder, worlds) if task else None
        floor = [python, "-c", "import sqlite3"]
        worlds |= plain
        series = measure([program], floor, worlds, cases, given.rounds, beside=beside, progress=_say)
        _say("")
        _print(report.ratios(series, worlds, cases))
        _print(report.growth(series, {name: world for name, world in worlds.items() if name not in plain}))
        _print(
            report.beside_taskwarrior(series, worlds) if task else ["task is not installed: nothing to compare with"]
        )
        _print(report.gate(inside.gate_costs(folder, 200)))


def _wanted(cases: tuple[Case, ...], only: tuple[str, ...]) -> list[Case]:
    return [case for case in cases if not only or case.name.startswith(only)]


def _say(line: str) -> None:
    sys.stderr.write(f"\r\x1b[K{line}")
    sys.stderr.flush()


def _print(lines: list[str]) -> None:
    print("\n".join(lines), end="\n\n")


if __name__ == "__main__":
    main()
