"""The one door: every write of the program is `Store.execute`, every picture of the database comes from here.

    execute:  write transaction ─▶ the command decides ─▶ its changes are applied ─▶ journal ─▶ commit
    refresh:  read transaction ─▶ what operations since the last one touched ─▶ a new Snapshot

A Store holds no connection: each call is a transaction of its own through the gate, so calls may come from any thread.
"""

from __future__ import annotations

import os

from taskterm import settings
from taskterm.core.errors import ReadOnly
from taskterm.core.jsontext import loads
from taskterm.core.lean import NamedTuple, datetime
from taskterm.core.model import KEYS, Change, Insert, Operation, Outcome, Task, Update
from taskterm.core.zone import to_utc_text
from taskterm.store import schema
from taskterm.store._sql import REVISION, SQL
from taskterm.store.driver import sqlite3
from taskterm.store.gate import Gate
from taskterm.store.sqlite import SqliteReader, apply, new_uuid, owner_task, text_of, whole_row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from taskterm.core.snapshot import Snapshot
    from taskterm.store.feed import Followed


class Result(NamedTuple):
    """What an executed command answers. `operation_id` is None when there was nothing to change.

    `tasks` holds the tasks that the outcome names, as they are now; `repeated` is true when this very call (its
    uuid) had been applied before and nothing was done again.
    """

    operation_id: int | None
    outcome: Outcome
    tasks: Mapping[int, Task]
    repeated: bool = False


class StoredLog(NamedTuple):
    """The kept output of a finished attempt."""

    data: bytes
    times: list[int]  # milliseconds since the attempt began, one per line
    dropped: int  # bytes that were not kept


class Watch:
    """Tells whether the database has changed since it was last asked; use it from one thread."""

    def __init__(self, gate: Gate) -> None:
        self._watch = gate.watch()

    def changed(self) -> bool:
        """Whether any process has committed since the last call; costs some microseconds on a local disk."""
        return self._watch.changed()

    def close(self) -> None:
        """Lets go of the connection."""
        self._watch.close()


class Store:
    """One database file. Making one touches nothing: the file is checked, made or brought up to date by its first
    transaction. `create` allows making a file that is missing; `timeout` is how long to wait for others, in seconds.
    """

    def __init__(self, path: str, *, create: bool = False, timeout: float = 10.0, host: str | None = None) -> None:
        self.path = path
        self._create = create
        self._gate = Gate(path, timeout=timeout, foreign_keys=True)
        self._host = host or settings.host()
        self._facts: schema.Facts | None = None

    @property
    def database_uuid(self) -> str:
        """The identity of the database, the same for every copy of the file."""
        return self._known().uuid

    @property
    def read_only(self) -> str:
        """Why the file cannot be written here, as a phrase; empty when it can."""
        return self._known().read_only

    def _known(self) -> schema.Facts:
        if self._facts is None:
            with self.read():
                pass
        assert self._facts is not None
        return self._facts

    # ── reading
    def read(self) -> _Reading:
        """A reader inside one read transaction; what it answers belongs together."""
        return _Reading(self)

    def _upgrade(self) -> None:
        """Brings a file of an older revision up to date, in a write transaction of its own."""
        from taskterm.store import migrations

        with Gate(self.path, timeout=self._gate.timeout).write() as connection:
            if schema.revision_of(connection) < REVISION:  # nobody else has upgraded it meanwhile
                migrations.upgrade(connection, self.path)

    def snapshot(self, runs: int | None = None) -> Snapshot:
        """The whole database as views need it."""
        from taskterm.store import feed

        with self.read() as reader:
            return feed.load(reader, runs)

    def refresh(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with everything since its operation; the very same object if nothing happened."""
        return self.follow(snapshot).snapshot

    def follow(self, snapshot: Snapshot) -> Followed:
        """What `refresh` answers, and the tasks that may differ: nobody has to look through all of them."""
        from taskterm.store import feed

        with self.read() as reader:
            return feed.refresh(reader, snapshot)

    def watch(self) -> Watch:
        """A cheap way to notice that any process has written."""
        return Watch(self._gate)

    def history(self, task_id: int | None = None, limit: int = 50) -> list[tuple[Operation, tuple[Change, ...]]]:
        """The newest operations (that touched a task), newest first, each with its changes."""
        with self.read() as reader:
            numbers = [found.id for found in reader.operations(task_id, limit)]
            whole = [found for number in numbers if (found := reader.operation(number)) is not None]
            return [(found, tuple(reader.changes(found.id))) for found in whole]

    def log(self, attempt_id: int) -> StoredLog | None:
        """The kept output of an attempt, or None while it runs or where it is not kept."""
        import zlib

        with self.read() as reader:
            row = reader.connection.execute(SQL["log"], {"id": attempt_id}).fetchone()
        if row is None:
            return None
        times = zlib.decompress(row[1]).decode("ascii")
        return StoredLog(zlib.decompress(row[0]), [int(t) for t in times.split()], row[2])

    def lease(self, run_id: int) -> tuple[int, int] | None:
        """(fence, counter) of a run's lease, or None if it never had an owner."""
        with self.read() as reader:
            row: tuple[int, int] | None = reader.connection.execute(SQL["lease"], {"id": run_id}).fetchone()
            return row

    # ── writing
    def execute(
        self, verb: str, args: Mapping[str, Any], *, actor: str, now: datetime, op_uuid: str | None = None
    ) -> Result:
        """Runs one command: it decides and is applied in the same write transaction, or nothing is written.

        Raises what the command raises (RuleError and its kin), StoreError if the file cannot be written, and
        sqlite3.OperationalError (gate.Busy) if others hold it beyond the deadline.
        """
        from taskterm.core import commands

        command = commands.find(verb)
        at = to_utc_text(now)
        with self._write() as connection:
            reader = SqliteReader(connection)
            reader.zone = now.tzinfo or reader.zone
            if op_uuid is not None:
                known = reader.operation_by_uuid(op_uuid)
                if known is not None:
                    return _repeated(reader, known)
            outcome = command(reader, args, actor, at)
            if not outcome.changes:
                return Result(None, outcome, _named(reader, outcome))
            touched = apply(reader, outcome.changes, actor, at)
            if outcome.released:
                touched["released"] = list(outcome.released)
            operation_id = reader.new_id("operation")
            operation = Operation(
                operation_id,
                op_uuid or new_uuid(),
                at,
                actor,
                self._host,
                verb,
                commands.kind_of(verb),
                text_of(args),
                REVISION,
                outcome.undoes,
                outcome.redoes,
                None,
                text_of(touched),
            )
            _journal(reader, operation, outcome)
            return Result(operation_id, outcome, _named(reader, outcome))

    def put_log(self, attempt_id: int, data: bytes, times: list[int], dropped: int) -> None:
        """Keeps the output of an attempt; a second call replaces the first."""
        import zlib

        row = {
            "attempt_id": attempt_id,
            "data": zlib.compress(data, 6),
            "times": zlib.compress(" ".join(map(str, times)).encode("ascii"), 6),
            "dropped_bytes": dropped,
        }
        with self._write() as connection:
            connection.execute(SQL["log_delete"], {"id": attempt_id})
            connection.execute(SQL["log_put"], row)

    def renew_lease(self, run_id: int, fence: int) -> bool:
        """Counts the run's lease up, so that others see its owner alive; False if the run has another owner now."""
        with self._write() as connection:
            run = SqliteReader(connection).run(run_id)
            if run is None or run.fence != fence:
                return False
            if connection.execute(SQL["lease_up"], {"id": run_id, "new_fence": fence}).rowcount == 0:
                connection.execute(SQL["lease_put"], {"run_id": run_id, "fence": fence, "counter": 1})
            return True

    def _write(self) -> _Writing:
        """A connection inside one write transaction, the file checked, and made if it may be."""
        return _Writing(self)

    def _opened(self, connection: sqlite3.Connection) -> schema.Facts:
        """The facts of the file, made now if that is allowed; raises _Old, and ReadOnly where it cannot be written."""
        revision = schema.revision_of(connection)
        if revision == 0 and self._create:
            schema.create(connection)
            revision = REVISION
        facts = self._checked(connection, revision)
        if facts.read_only:
            raise ReadOnly(f"{self.path} can only be read here: {facts.read_only}")
        return facts

    def _checked(self, connection: sqlite3.Connection, revision: int) -> schema.Facts:
        """The facts of the file; raises _Old for one that has to be brought up to date first, and can be."""
        facts = schema.check(connection, self.path, revision)
        if revision < REVISION and not (facts.read_only and revision >= schema.READABLE):
            raise _Old
        return facts


class _Old(Exception):
    """The file is of an older revision: leave the transaction, upgrade, and enter again."""


class _Reading:
    """The block of Store.read. (A class, as contextlib costs a quick command a fifth of its time.)"""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._session = store._gate.read()

    def __enter__(self) -> SqliteReader:
        store = self._store
        if store._facts is None and store._create and not os.path.exists(store.path):
            with store._write():
                pass
        connection = self._session.__enter__()
        while store._facts is None:
            try:
                revision = schema.revision_of(connection)
                if revision or not store._create:
                    store._facts = store._checked(connection, revision)
                    break
            except _Old:
                self._session.__exit__(None, None, None)
                store._upgrade()
            except BaseException as error:
                self._session.__exit__(type(error), error, error.__traceback__)
                raise
            else:
                self._session.__exit__(None, None, None)
                with store._write():
                    pass
            connection = self._session.__enter__()
        return SqliteReader(connection)

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._session.__exit__(kind, error, trace)


class _Writing:
    """The block of every write of a Store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._facts = store._facts
        self._session = store._gate.write(create=store._create)

    def __enter__(self) -> sqlite3.Connection:
        store, facts = self._store, self._facts
        if facts is not None and facts.read_only:
            raise ReadOnly(f"{store.path} can only be read here: {facts.read_only}")
        connection = self._session.__enter__()
        while self._facts is None:
            try:
                self._facts = store._opened(connection)
            except BaseException as error:
                self._session.__exit__(type(error), error, error.__traceback__)
                if not isinstance(error, _Old):
                    raise
                store._upgrade()
                connection = self._session.__enter__()
        return connection

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._session.__exit__(kind, error, trace)
        if error is None:
            # Not before the commit: what a refused first command made is rolled back with it.
            self._store._facts = self._facts


def _journal(reader: SqliteReader, operation: Operation, outcome: Outcome) -> None:
    execute = reader.connection.execute
    execute(SQL["operation_put"], operation._asdict())
    for seq, change in enumerate(outcome.changes):
        row = whole_row(reader, change)
        before = change.before if isinstance(change, Update) else None if _is_insert(change) else change.row
        after = change.after if isinstance(change, Update) else change.row if _is_insert(change) else None
        values = {
            "operation_id": operation.id,
            "seq": seq,
            "table": change.table,
            "row_key": text_of([row[name] for name in KEYS[change.table]]),
            "task_id": owner_task(change.table, row),
            "before": None if before is None else text_of(before),
            "after": None if after is None else text_of(after),
        }
        execute(SQL["change_put"], values)
    if outcome.undoes is not None:
        execute(SQL["operation_undone"], {"operation_id": outcome.undoes, "by": operation.id})
    if outcome.redoes is not None:
        execute(SQL["operation_undone"], {"operation_id": outcome.redoes, "by": None})


def _is_insert(change: Change) -> bool:
    return isinstance(change, Insert)


def _named(reader: SqliteReader, outcome: Outcome) -> dict[int, Task]:
    tasks = (reader.task(task_id) for task_id in dict.fromkeys((*outcome.task_ids, *outcome.released)))
    return {task.id: task for task in tasks if task is not None}


def _repeated(reader: SqliteReader, operation: Operation) -> Result:
    ids = tuple(loads(operation.touched).get("task", ()))
    outcome = Outcome(reader.changes(operation.id), ids, notes=("this was done already",))  # type: ignore[arg-type]
    return Result(operation.id, outcome, _named(reader, outcome), repeated=True)
