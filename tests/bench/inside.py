"""What the gate costs: one transaction through it beside the same on a connection that is held open."""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from taskterm.store.gate import Gate

UPDATE = "UPDATE t SET n = n + 1 WHERE id = 7"
SELECT = "SELECT n FROM t WHERE id = 7"


def gate_costs(folder: Path, rounds: int) -> dict[str, float]:
    """Median seconds of `write` and `read` through the gate, and of both on a `held` connection, in turn."""
    path = folder / "gate.db"
    gate = Gate(path)
    with gate.write(create=True) as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)")
        connection.executemany("INSERT INTO t VALUES (?, 0)", [(i,) for i in range(1000)])
    held = sqlite3.connect(folder / "held.db", isolation_level=None)
    held.execute("PRAGMA journal_mode=TRUNCATE")
    held.execute("PRAGMA synchronous=EXTRA")
    held.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)")
    held.executemany("INSERT INTO t VALUES (?, 0)", [(i,) for i in range(1000)])

    def write() -> None:
        with gate.write() as connection:
            connection.execute(UPDATE)

    def read() -> None:
        with gate.read() as connection:
            connection.execute(SELECT).fetchone()

    ways: dict[str, Callable[[], object]] = {
        "write": write,
        "read": read,
        "write, held": lambda: held.execute(UPDATE),
        "read, held": lambda: held.execute(SELECT).fetchone(),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            begin = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - begin)
    held.close()
    return {name: statistics.median(found) for name, found in times.items()}
