"""What a failure at the gate means, in the user's words: of the file, the disk, the lock, or of SQLite."""

from __future__ import annotations

from errno import ELOOP, ENOLCK, ENOTSUP

from taskterm.core.errors import ReadOnly, StoreError
from taskterm.store.driver import sqlite3
from taskterm.store.lockfile import DENIED, FULL, Busy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from taskterm.store.gate import Gate

_KEPT_NOTHING = "nothing of this change was kept; "


class DiskError(StoreError, sqlite3.OperationalError):
    """The disk is full or failed. The transaction was rolled back; later ones may work again."""


def explain(failure: BaseException, gate: Gate, writes: bool, entering: bool) -> StoreError | None:
    """A failure of file, disk or lock in the user's words; None for everything that is the caller's own."""
    if isinstance(failure, StoreError):
        return None
    if isinstance(failure, sqlite3.Error):
        return _explain_sqlite(failure, gate, writes, entering)
    if not (isinstance(failure, OSError) and entering):
        return None
    path, place = gate.path, failure.filename or gate.lockfile.path
    if failure.errno in FULL:
        return _disk_full(path)
    if failure.errno in DENIED and writes:
        return read_only(path)
    if failure.errno in DENIED:
        return StoreError(f"{path} cannot be read: no permission for {place}", "ask its owner for access")
    if failure.errno == ELOOP:
        return StoreError(f"{place} is a symbolic link, which is not followed here", "remove it and try again")
    if failure.errno in (ENOLCK, ENOTSUP):
        return StoreError(f"the drive of {path} offers no file locks", "move the database to another drive")
    return StoreError(f"{path} cannot be used: {place}: {failure.strerror}", "put that right and try again")


def _explain_sqlite(failure: sqlite3.Error, gate: Gate, writes: bool, entering: bool) -> StoreError | None:
    path, code = gate.path, code_of(failure)
    kind = code & 0xFF
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL):
        return Busy(f"{path} is busy: a program other than TaskTerm has locked it", "close it there and try again")
    if kind == sqlite3.SQLITE_FULL:
        return _disk_full(path)
    if kind == sqlite3.SQLITE_IOERR and writes:
        return DiskError(f"{path} could not be written: {failure}", _KEPT_NOTHING + "check free space, quota and drive")
    if kind == sqlite3.SQLITE_IOERR:
        return DiskError(f"{path} could not be read: {failure}", "check the drive")
    if kind == sqlite3.SQLITE_CORRUPT:
        return StoreError(f"{path} is damaged: {failure}", "keep a copy of it, then restore a backup")
    if kind == sqlite3.SQLITE_READONLY and writes:
        return read_only(path)
    if kind == sqlite3.SQLITE_READONLY and code != kind:  # the plain code is a mistake: a write inside a read block
        message = f"{path} holds a half-finished write of a program that died, and is read-only here"
        return ReadOnly(message, "open it once with write permission: that repairs it")
    if kind == sqlite3.SQLITE_NOTADB and entering:
        message = f"{path} is not a TaskTerm database (it is not an SQLite file)"
        return StoreError(message, "name another file with --db; this one was not touched")
    if kind == sqlite3.SQLITE_CANTOPEN and entering:
        hint = "if it is in WAL mode, convert it on a local disk" if gate.nolock else "check its permissions"
        return StoreError(f"{path} cannot be opened", hint)
    return None


def code_of(failure: BaseException) -> int:
    """SQLite's extended result code, 0 if it is no error of SQLite's."""
    return getattr(failure, "sqlite_errorcode", None) or 0


def _disk_full(path: str) -> DiskError:
    return DiskError(f"{path} could not be written: the disk is full", _KEPT_NOTHING + "free some space and try again")


def read_only(path: str) -> ReadOnly:
    """The refusal of a write to a file that this user may only read."""
    hint = "reading works; to change it, get permission to write to it and to its folder"
    return ReadOnly(f"{path} is read-only here", hint)


def in_wal(path: str) -> StoreError:
    """The refusal of a file in WAL mode that somebody else has open, or that may not be written."""
    message = f"{path} is in WAL mode, which loses data on shared drives, and cannot be converted now"
    return StoreError(message, "close every program that uses it and let it be written: then it is converted")
