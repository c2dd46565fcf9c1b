"""The gate: how a SQLite file that several programs and machines share is touched. Read on before opening a database.

Everybody follows one protocol on every filesystem: a lock on `<db>.lock`, shared to read and exclusive to write
(lockfile.py), around a fresh connection with a rollback journal and `synchronous=EXTRA`. SQLite's own locks stay on
inside it, so other SQLite programs are tolerated.

- After every acquisition the journal is opened with O_CREAT: NFS serves `stat` from a cache, and SQLite would then
  miss the journal of a writer that died.
- A reader that finds such a hot journal lets go, takes the exclusive lock, looks again, rolls back, then reads.
- A file found in WAL mode is converted, or refused while somebody else has it open.
- Only SQLite ever opens the database file. It counts its own descriptors: closing a connection drops no lock that
  another connection of the same process holds, which closing a descriptor of ours would.

Relied on: SQLite syncs the folder together with a journal, which makes a new database file durable too.
"""

from __future__ import annotations

import os
import time
from errno import EACCES
from stat import S_ISREG

from taskterm.core.errors import StoreError
from taskterm.store import lockfile
from taskterm.store.driver import sqlite3
from taskterm.store.gate_failures import DiskError, code_of, explain, in_wal, read_only
from taskterm.store.lockfile import DENIED, EXCLUSIVE, GONE, SHARED, Busy, Hold, LockFile, open_beside

__all__ = ["Busy", "DiskError", "Gate", "Watch"]

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_-.~")


class Gate:
    """The way into one SQLite file: `read()` and `write()` are context managers that give a `sqlite3` connection.

    The connection is inside a transaction, which is committed on leaving the block, and rolled back when an exception
    leaves it. `timeout` is in seconds; in a queue that moves a waiter stays up to six times as long. `mode` is
    TRUNCATE or DELETE. `nolock` switches SQLite's own locks off, for the one kind of drive where they cannot work;
    one choice for all machines. `tick` is the range of pauses between two tries, in seconds. `owner` writes into the
    lock file who is writing; `network` says that other machines see that text only after a sync (None: find out).
    `foreign_keys` has SQLite check references, which it can only be told before a transaction begins.

    `stats["hot"]` counts the journals of dead writers that were met, `now` says whether the last transaction met one.
    Any number of gates and threads of a process may use one file.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        timeout: float = 10.0,
        mode: str = "TRUNCATE",
        nolock: bool = False,
        tick: tuple[float, float] = (0.005, 0.030),
        owner: bool = True,
        network: bool | None = None,
        foreign_keys: bool = False,
    ) -> None:
        if mode not in ("TRUNCATE", "DELETE"):
            raise ValueError(f"mode is TRUNCATE or DELETE, not {mode!r}")
        self.path = os.fspath(path)
        self.db = os.path.realpath(self.path)  # SQLite resolves links too: the journal lies beside the real file
        self.journal = self.db + "-journal"
        self.lockfile = LockFile(self.db + ".lock", self.path, tick, owner, network)
        self.timeout, self.mode, self.nolock, self.foreign_keys = timeout, mode, nolock, foreign_keys
        self.stats = {"hot": 0}
        self.now = False
        quoted = "".join(chr(b) if b in _PLAIN else f"%{b:02X}" for b in os.fsencode(self.db))
        self._uri = f"file://{quoted}?" + ("nolock=1&" if nolock else "")

    def read(self) -> _Session:
        """A transaction that cannot write. Raises Busy, or StoreError where there is no readable database."""
        return _Session(self, writes=False, create=False)

    def write(self, create: bool = False) -> _Session:
        """A transaction that may write, alone. `create` makes a missing file (empty, even if the block then fails).

        Raises Busy, ReadOnly, DiskError, or StoreError where there is no usable database.
        """
        return _Session(self, writes=True, create=create)

    def watch(self) -> Watch:
        """A cheap answer to "did anybody commit since I last asked?". Make it before the first read it shall guard."""
        return Watch(self)

    def _connect(self, access: str, end: float) -> sqlite3.Connection:
        """A new connection; `access` is SQLite's ro, rw or rwc. Waits for SQLite's own locks until `end`."""
        wait = max(0.05, end - time.monotonic())
        return sqlite3.connect(f"{self._uri}mode={access}", uri=True, isolation_level=None, timeout=wait)

    def _stat(self, writes: bool = False, create: bool = False) -> os.stat_result | None:
        """The database file's facts; None if it is missing and shall be created. Asked before anything is made."""
        try:
            found = os.stat(self.db)
        except (FileNotFoundError, NotADirectoryError):
            if not create:
                raise StoreError(f"{self.path} does not exist", "check the path") from None
            if not os.path.isdir(os.path.dirname(self.db)):
                raise StoreError(f"the folder of {self.path} does not exist", "create the folder first") from None
            return None
        if not S_ISREG(found.st_mode):
            raise StoreError(f"{self.path} is not a file", "name a database file")
        if writes and not os.access(self.db, os.W_OK):
            raise read_only(self.path)
        return found


class Watch:
    """Tells whether the database was changed, for 0.01 ms a question. For one thread; not to be used after a fork.

    It holds an idle connection, no lock between two questions, and asks SQLite for `PRAGMA data_version`. That needs
    SQLite's own locks: a polling connection without them destroys databases.
    """

    def __init__(self, gate: Gate) -> None:
        if gate.nolock:
            raise RuntimeError("a watch needs SQLite's own locks; compare operation numbers through the gate instead")
        self._gate = gate
        self._connection: sqlite3.Connection | None = None
        self._file = (0, 0)
        self._version = -1
        self._open()

    def changed(self) -> bool:
        """Whether anybody committed since the last call (or since the start), or put another file in its place.

        False while a commit is under way: the next call tells. True where a dead writer left its journal, because
        the next read through the gate repairs that. Raises StoreError when the file is gone or unreadable.
        """
        try:
            if self._connection is None or self._where() != self._file:
                self._open()
                return True
            version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        except (sqlite3.Error, OSError) as failure:
            kind = code_of(failure) & 0xFF
            if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY):
                return kind == sqlite3.SQLITE_READONLY
            told = explain(failure, self._gate, writes=False, entering=True)
            if told is None:
                raise
            raise told from failure
        before, self._version = self._version, version
        return bool(version != before)

    def close(self) -> None:
        """Ends it. Asking again would begin a new watch."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _where(self) -> tuple[int, int]:
        found = self._gate._stat()
        return (found.st_dev, found.st_ino) if found else (0, 0)

    def _open(self) -> None:
        self.close()
        with self._gate.read():  # repairs and converts what needs it, and says what is no database
            self._file = self._where()
        self._version = -1
        self._connection = self._gate._connect("ro", time.monotonic())
        self._connection.execute("PRAGMA mmap_size=0")
        self._connection.execute("PRAGMA busy_timeout=0")
        self.changed()


class _Session:
    """One transaction: the context manager behind Gate.read and Gate.write."""

    __slots__ = ("_connection", "_create", "_forks", "_gate", "_hold", "_new", "_writes")

    def __init__(self, gate: Gate, writes: bool, create: bool) -> None:
        self._gate, self._writes, self._create = gate, writes, create
        self._connection: sqlite3.Connection | None = None
        self._hold = Hold(gate.lockfile)
        self._new: list[str] = []  # what this transaction had to make beside the file
        self._forks = lockfile.forks

    def __enter__(self) -> sqlite3.Connection:
        if self._connection is not None:
            raise RuntimeError(f"{self._gate.path} is already open in this block: call read() or write() anew")
        self._forks = lockfile.forks
        end = time.monotonic() + self._gate.timeout
        try:
            return self._begin_write(end) if self._writes else self._begin_read(end)
        except BaseException as failure:
            self._clear_away(failure)
            self._leave()
            self._tell(failure, entering=True)
            raise

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            if error is None:
                self._commit()
        except sqlite3.Error as failure:
            self._tell(failure)
            raise
        finally:
            self._leave()
        if error is not None:
            self._tell(error)

    def __del__(self) -> None:
        # An interrupt can arrive before the first line of __exit__; nothing else would then free the lock.
        if self._connection is not None or self._hold.door is not None:
            self._leave()

    def _clear_away(self, failure: BaseException) -> None:
        """Somebody's text file was named by mistake: nothing stays beside it. Before the lock is given up."""
        if code_of(failure) & 0xFF != sqlite3.SQLITE_NOTADB:
            return
        for path in self._new:
            try:
                os.unlink(path)
            except OSError:
                pass

    def _note_new(self) -> None:
        self._new = [path for path in (self._gate.journal, self._gate.lockfile.path) if not os.path.lexists(path)]

    def _begin_write(self, end: float) -> sqlite3.Connection:
        like = self._gate._stat(writes=True, create=self._create)
        self._note_new()
        self._take(EXCLUSIVE, end, like)
        self._look(end, like)
        connection = self._connect("rw" if like else "rwc", end)
        self._settle(connection)
        connection.execute("BEGIN IMMEDIATE")
        return connection

    def _begin_read(self, end: float) -> sqlite3.Connection:
        """Shared at first. Whoever meets a hot journal or WAL comes back alone, and puts it right before reading."""
        like = self._gate._stat()
        self._note_new()
        for kind in (SHARED, EXCLUSIVE):
            self._take(kind, end, like)
            alone = kind == EXCLUSIVE
            hot = self._look(end, like, again=alone)
            if alone:
                self._settle(self._connect("rw", end))
                self._disconnect()
            door = self._hold.door
            able = not alone and door is not None and door.writable and os.access(self._gate.db, os.W_OK)
            if not (hot and able):
                connection = self._connect("ro", end)
                # KiB. Nothing is read twice in so short a life; the usual 2 MB would stay with the thread as memory.
                connection.execute("PRAGMA cache_size=-256")
                connection.execute("BEGIN")
                if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                    return connection
                if not able:
                    break
            self._leave()
        raise in_wal(self._gate.path)

    def _take(self, kind: int, end: float, like: os.stat_result | None) -> None:
        # Without a lock file, SQLite's own locks are enough to read: whoever writes through the gate makes one.
        if not self._hold.take(kind, end, like, self._writes) and self._gate.nolock:
            raise StoreError(f"{self._gate.path}.lock cannot be made here", "reading without any lock could go wrong")

    def _look(self, end: float, like: os.stat_result | None, again: bool = False) -> bool:
        """Whether a dead writer left a hot journal (nobody alive is writing now). Refreshes what NFS believes of it."""
        while True:
            try:
                hot = _is_hot(self._gate.journal, like, self._writes)
                break
            except OSError as failure:
                if failure.errno in DENIED and not self._writes:
                    hot = False  # unknown: SQLite decides, and refuses rather than read half a write
                    break
                if failure.errno not in GONE or time.monotonic() >= end:
                    raise
            time.sleep(0.02)  # just deleted by another machine
        if not again:
            self._gate.now = hot
            self._gate.stats["hot"] += hot
        return hot

    def _connect(self, access: str, end: float) -> sqlite3.Connection:
        self._connection = self._gate._connect(access, end)
        self._connection.execute("PRAGMA mmap_size=0")
        return self._connection

    def _settle(self, connection: sqlite3.Connection) -> None:
        """Journal mode and durability of a connection that may write. Rolls a hot journal back, and ends WAL."""
        try:
            mode = connection.execute(f"PRAGMA journal_mode={self._gate.mode}").fetchone()[0]
        except sqlite3.OperationalError as failure:
            if code_of(failure) != sqlite3.SQLITE_BUSY or not os.path.exists(self._gate.db + "-wal"):
                raise
            mode = "wal"
        if mode == "wal":
            raise in_wal(self._gate.path)
        connection.execute("PRAGMA synchronous=EXTRA")
        if self._gate.foreign_keys:
            connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA fullfsync=ON")  # macOS: through the cache of the drive; nothing elsewhere

    def _commit(self) -> None:
        if self._forks != lockfile.forks:
            raise RuntimeError(f"forked inside a transaction on {self._gate.path}: only the parent can end it")
        if self._connection is not None:
            self._connection.execute("COMMIT")

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()  # rolls back what is open
            self._connection = None

    def _leave(self) -> None:
        """Close, then unlock, whatever happened before."""
        if self._forks != lockfile.forks:
            _abandon(self._connection)
            self._connection = self._hold.door = None
            return
        try:
            self._disconnect()
        finally:
            self._hold.leave()

    def _tell(self, failure: BaseException, entering: bool = False) -> None:
        told = explain(failure, self._gate, self._writes, entering)
        if told is not None:
            raise told from failure


def _is_hot(journal: str, like: os.stat_result | None, writes: bool) -> bool:
    fd, writable = open_beside(journal, like)
    try:
        if writes and not writable:
            raise PermissionError(EACCES, os.strerror(EACCES), journal)
        return os.fstat(fd).st_size > 0 and os.pread(fd, 1, 0) not in (b"", b"\0")
    finally:
        os.close(fd)


def _abandon(connection: sqlite3.Connection | None) -> None:
    """In a forked child: keep the parent's connection for ever. Closing it would roll the parent's transaction back."""
    if connection is not None:
        import ctypes

        ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))
