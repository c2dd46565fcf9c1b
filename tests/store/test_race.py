"""Two processes that link 1 → 2 and 2 → 1 at the same moment, a thousand times: there is never a cycle."""

import multiprocessing
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from taskterm.core.errors import ClosesCycle
from taskterm.store.store import Store
from tests.store import ledger

pytestmark = pytest.mark.xdist_group("crowd")

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
ROUNDS = 1000


def link_again_and_again(
    path: str, first: int, second: int, barrier: Barrier, refused: "multiprocessing.Queue[int]"
) -> None:
    store = Store(path)
    count = 0
    for _ in range(ROUNDS):
        barrier.wait()
        try:
            store.execute("link", {"successor": second, "predecessors": [first]}, actor="ana", now=NOW)
        except ClosesCycle:
            count += 1
        barrier.wait()
        if first == 1:
            with store.read() as reader:
                assert not ledger.has_cycle(reader)
                edges = reader.connection.execute("SELECT predecessor_id, successor_id FROM dependency").fetchall()
            assert len(edges) == 1
            store.execute("unlink", {"successor": edges[0][1], "predecessors": []}, actor="ana", now=NOW)
    refused.put(count)


def test_two_processes_linking_against_each_other_never_store_a_cycle(tmp_path: Path) -> None:
    path = str(tmp_path / "tasks.db")
    store = Store(path, create=True)
    for title in ("one", "two"):
        store.execute("add", {"title": title}, actor="ana", now=NOW)
    context = multiprocessing.get_context("spawn")
    barrier, refused = context.Barrier(2), context.Queue()
    pairs = ((1, 2), (2, 1))
    processes = [
        context.Process(target=link_again_and_again, args=(path, first, second, barrier, refused))
        for first, second in pairs
    ]
    for process in processes:
        process.start()
    counts = [refused.get(timeout=120) for _ in processes]
    for process in processes:
        process.join(timeout=30)
    assert [process.exitcode for process in processes] == [0, 0]
    assert sum(counts) == ROUNDS  # each round exactly one of the two was refused
