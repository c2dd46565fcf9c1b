"""How a supervisor writes: it insists. A database that is busy or away is tried again, a result is never lost.

The end of an attempt cannot be found out a second time, so it is first put into a file of this machine, synced, and
removed only when the database has it; whoever looks after the run next delivers what is left. Every write carries one
uuid for all its tries, so a write whose answer got lost is not done twice.
"""

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

from taskterm.core.errors import RuleError, StoreError
from taskterm.core.model import Change, Insert, Outcome, Update
from taskterm.core.zone import SystemZone, from_utc_text, to_utc_text
from taskterm.store.store import Store

PATIENCE = 600.0
"""Seconds for which a write is tried before the supervisor gives up; what is spooled is delivered later."""
_SPOOLED = ".end.json"
_PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)

T = TypeVar("T")


class Ledger:
    """The writes of one supervisor. `fence` is set once the run is owned. Any thread may write."""

    def __init__(self, store: Store, run_id: int, actor: str, folder: str) -> None:
        self.store, self.run_id, self.actor, self.folder = store, run_id, actor, folder
        self.fence = 0

    def write(self, verb: str, **args: Any) -> Outcome:
        """Executes a verb for the run this ledger belongs to. Raises RuleError at once, StoreError after PATIENCE."""
        full = {"run_id": self.run_id, "fence": self.fence, **args}
        uuid, now = str(uuid4()), clock()
        return insist(lambda: self.store.execute(verb, full, actor=self.actor, now=now, op_uuid=uuid).outcome)

    def spool_end(self, attempt_id: int, **result: Any) -> "Spooled":
        """Puts how an attempt ended where it survives this process; `write_end` then brings it into the database."""
        args = {"run_id": self.run_id, "fence": self.fence, "attempt_id": attempt_id, **result}
        spooled = Spooled("attempt_end", args, self.actor, to_utc_text(clock()), str(uuid4()))
        with contextlib.suppress(OSError):  # a full disk: the database may still have room
            _write_synced(self._path(attempt_id), json.dumps(spooled._asdict()))
        return spooled

    def write_end(self, spooled: "Spooled") -> None:
        """Records a spooled end, if necessary later and by somebody else."""
        insist(lambda: _execute(self.store, spooled))
        with contextlib.suppress(OSError):
            os.unlink(self._path(spooled.args["attempt_id"]))

    def _path(self, attempt_id: int) -> str:
        return os.path.join(self.folder, f"{attempt_id}{_SPOOLED}")


class Spooled(NamedTuple):
    """A write that waits for the database: all that `Store.execute` needs. `at` is UTC text."""

    verb: str
    args: dict[str, Any]
    actor: str
    at: str
    uuid: str


def _execute(store: Store, spooled: Spooled) -> None:
    verb, args, actor, at, uuid = spooled
    store.execute(verb, args, actor=actor, now=from_utc_text(at), op_uuid=uuid)


def insist(action: Callable[[], T], patience: float = PATIENCE) -> T:
    """The answer of `action`, tried again while the database is busy or away; StoreError after `patience` seconds."""
    deadline = time.monotonic() + patience
    tries = 0
    while True:
        try:
            return action()
        except (StoreError, sqlite3.OperationalError):
            if time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSES[min(tries, len(_PAUSES) - 1)])
            tries += 1


def deliver(store: Store, folder: str) -> int:
    """Writes the ends of attempts that a supervisor could not; answers how many. StoreError if the database is away."""
    done = 0
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if not name.endswith(_SPOOLED):
            continue
        path = os.path.join(folder, name)
        try:
            with open(path, encoding="utf-8") as file:
                spooled = Spooled(**json.load(file))
        except (ValueError, TypeError, OSError):
            continue
        with contextlib.suppress(RuleError):  # it is known already, or the run was given up
            _execute(store, spooled)
            done += 1
        os.unlink(path)
    return done


def inserted(outcome: Outcome, table: str) -> dict[str, Any]:
    """The row that an outcome inserts into a table; also right for a write that turned out to be done already."""
    found: list[Change] = [c for c in outcome.changes if isinstance(c, Insert) and c.table == table]
    return dict(found[0].row) if found and isinstance(found[0], Insert) else {}


def updated(outcome: Outcome, table: str, field: str) -> Any:
    """The new value of a field that an outcome sets in a table, None if it sets none."""
    for change in outcome.changes:
        if isinstance(change, Update) and change.table == table and field in change.after:
            return change.after[field]
    return None


def clock() -> datetime:
    """The present moment in this computer's zone."""
    return datetime.now(SystemZone())


def _write_synced(path: str, text: str) -> None:
    fd = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with open(fd, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)
    folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
