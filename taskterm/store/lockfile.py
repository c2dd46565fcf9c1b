"""The lock file beside a database: who may be inside, across threads, programs and machines. Read gate.py first.

POSIX locks belong to the process, exclude none of its threads, and vanish when *any* descriptor of the file is closed.
Hence one door per lock file and process: one descriptor that stays open, and one mutex. In the file, everybody passes
the turnstile byte on the way to the main byte, in the same mode (shared to read, exclusive to write), so that a
waiting writer keeps new readers out. A lock is never upgraded, and never broken by its age.

Not covered: whoever deletes the lock file while it is held lets another writer in.
"""

from __future__ import annotations

import fcntl
import os
import time
from _thread import RLock, get_ident  # `threading` offers the same two, for a millisecond more of every quick command
from errno import EACCES, EAGAIN, EDEADLK, EDQUOT, EFBIG, ENOENT, ENOSPC, EPERM, EROFS, ESTALE

from taskterm.core.errors import StoreError
from taskterm.store.driver import sqlite3

SHARED, EXCLUSIVE = fcntl.LOCK_SH, fcntl.LOCK_EX

FULL = (ENOSPC, EDQUOT, EFBIG)
DENIED = (EACCES, EPERM, EROFS, ENOSPC, EDQUOT)  # a file cannot be made or written; it may still be readable
GONE = (ENOENT, ESTALE)

_MAIN = 1 << 30  # far behind the owner text at 0–199: SMB locks are mandatory, and waiters must be able to read that
_TURNSTILE = _MAIN + 1
_OWNER_BYTES = 200
_FIRST_PAUSE = (0.001, 0.005)
_PATIENCE = 6  # deadlines that a waiter stays in a queue that moves: two hundred writers at once all get their turn
_STANDSTILL = 0.5  # seconds by which a pause may last longer than it should before that is taken for one
_TAKEN = (EAGAIN, EACCES, EDEADLK)  # how Linux, SMB and cifs say that somebody else has the lock
_REMOTE = ("nfs", "cifs", "smb", "fuse", "9p", "virtiofs", "ceph", "gluster", "lustre", "beegfs", "afs", "gpfs")

forks = 0  # grows in every forked child, so that a transaction can tell that it belongs to the parent


class Busy(StoreError, sqlite3.OperationalError):
    """The deadline passed while somebody else held the database; the message says who."""


class _Patience:
    """How long one waits for both locks: until `end`, and (to a limit) as long again where others had turns."""

    def __init__(self, end: float) -> None:
        self._end = end
        self._span = max(0.0, end - time.monotonic())
        self._last = end + (_PATIENCE - 1) * self._span
        self._signed: bytes | None = None  # who held the lock when it was looked at last

    def goes_on(self, fd: int) -> bool:
        """Whether to try once more; looks at the owner's text when the time is over."""
        if self._signed is None:
            self._signed = os.pread(fd, _OWNER_BYTES, 0)
        if time.monotonic() < self._end:
            return True
        before, self._signed = self._signed, os.pread(fd, _OWNER_BYTES, 0)
        if before == self._signed or self._end >= self._last:
            return False
        self._end = min(self._end + self._span, self._last)
        return True

    def sleep(self, seconds: float) -> None:
        """Until the next try. While the whole machine stood still (a laptop asleep, a paused virtual machine) nobody
        could have had a turn: that time does not count."""
        begin = time.monotonic()
        time.sleep(min(max(self._end - begin, 0.0), seconds))
        lost = time.monotonic() - begin - seconds
        if lost > _STANDSTILL:
            self._end += lost
            self._last += lost


class LockFile:
    """The lock file of one database: where it is, what the database is called, how to wait and sign."""

    def __init__(
        self, path: str, name: str, tick: tuple[float, float], owner: bool = True, network: bool | None = None
    ) -> None:
        self.path, self.name, self.tick, self.owner, self.network = path, name, tick, owner, network
        self._door: _Door | None = None

    def find(self, like: os.stat_result | None, writes: bool) -> _Door | None:
        """This process's door, made if needed. None: there is no lock file, and a reader here can make none."""
        if self._door is not None and self._door.fd >= 0:
            return self._door
        with _guard:
            try:
                found = os.lstat(self.path)
                door = _doors.get((found.st_dev, found.st_ino))
            except OSError:  # opening it says what is wrong
                door = None
            if door is None:
                try:
                    fd, writable = open_beside(self.path, like)
                except OSError as failure:
                    if writes or failure.errno not in DENIED or os.path.lexists(self.path):
                        raise
                    return None
                fd = _lift(fd)
                found = os.fstat(fd)
                # A file that was renamed into place meanwhile may be known already: `fd` then stays open, unused,
                # because closing it would drop the locks of whoever is behind that door.
                key = (found.st_dev, found.st_ino)
                door = _doors.setdefault(key, _Door(fd, key, writable))
                if writes and not writable:
                    raise PermissionError(EACCES, os.strerror(EACCES), self.path)
            self._door = door
        return door


class _Door:
    """This process's one descriptor of one lock file (`fd`, -1 once given up), and what keeps its threads apart."""

    __slots__ = ("fd", "inside", "key", "mutex", "turn", "writable")

    def __init__(self, fd: int, key: tuple[int, int], writable: bool) -> None:
        self.fd, self.key, self.writable = fd, key, writable
        # A turnstile here too, because an unfair mutex starves threads. Recursive locks, because those know their
        # owner: after an interrupt, releasing one that may or may not have been taken is safe.
        self.turn, self.mutex = RLock(), RLock()
        self.inside: int | None = None  # the thread

    def retire(self) -> None:
        """Give the descriptor up, and with it every lock on the file. Only for the thread inside."""
        with _guard:
            if _doors.get(self.key) is self:
                del _doors[self.key]
            if self.fd >= 0:
                os.close(self.fd)
            self.fd = -1


class Hold:
    """One thread's way through the door: `take`, then `leave`. Safe to leave whatever happened, and twice."""

    __slots__ = ("_file", "_locked", "_me", "door")

    def __init__(self, file: LockFile) -> None:
        self._file = file
        self._me = get_ident()
        self._locked = False  # there may be something to unlock
        self.door: _Door | None = None

    def take(self, kind: int, end: float, like: os.stat_result | None, writes: bool) -> bool:
        """Mutex, turnstile, main lock, by `end` on the monotonic clock; then this thread alone may use the door.

        `like` gives a new lock file its permissions. False: there is no lock file, and this process can make none.
        Raises Busy at the deadline, which is put off while others have their turns; RuntimeError when this thread is
        inside already; OSError when locking fails.
        """
        changes = 0
        while True:
            door = self._file.find(like, kind == EXCLUSIVE)
            if door is None:
                return False
            self._me = get_ident()
            if door.inside == self._me:
                raise RuntimeError(f"{self._file.name} is already open in this thread: leave that block first")
            self.door = door
            self._pass_threads(door, end)
            door.inside = self._me
            self._locked = True
            if door.fd >= 0 and (door.writable or kind == SHARED) and self._lock(door, kind, end):
                if kind == EXCLUSIVE and self._file.owner:
                    self._sign(door, writes)
                return True
            door.retire()  # deleted or replaced meanwhile, or opened when it could not be written
            self.leave()
            changes += 1
            if changes > 2 and time.monotonic() >= end:
                raise Busy(f"{self._file.name} is busy: its lock file keeps changing", f"look at {self._file.path}")

    def leave(self) -> None:
        """Unlock and let the next thread in, in this order."""
        door = self.door
        if door is None:
            return
        try:
            if self._locked and door.fd >= 0:
                fcntl.lockf(door.fd, fcntl.LOCK_UN, 2, _MAIN)
        except OSError:
            door.retire()  # closing frees what could not be unlocked
        finally:
            self._locked = False
            self.door = None
            if door.inside == self._me:
                door.inside = None
            try:
                door.mutex.release()
            except RuntimeError:
                pass

    def _pass_threads(self, door: _Door, end: float) -> None:
        passed = False
        try:
            passed = door.turn.acquire(timeout=max(0.0, end - time.monotonic()))
            passed = passed and door.mutex.acquire(timeout=max(0.0, end - time.monotonic()))
        finally:
            try:
                door.turn.release()
            except RuntimeError:
                pass
        if not passed:
            raise Busy(f"{self._file.name} is busy: another part of this program is using it", "try again in a moment")

    def _lock(self, door: _Door, kind: int, end: float) -> bool:
        """Both file locks in order. False: the descriptor is no longer the file of that name."""
        patience = _Patience(end)
        try:
            for at in (_TURNSTILE, _MAIN):
                self._wait(door, kind, at, patience)
            fcntl.lockf(door.fd, fcntl.LOCK_UN, 1, _TURNSTILE)
            found = os.lstat(self._file.path)
        except OSError as failure:
            if failure.errno in GONE:
                return False
            raise
        return (found.st_dev, found.st_ino) == door.key

    def _wait(self, door: _Door, kind: int, at: int, patience: _Patience) -> None:
        """Takes one byte. Raises Busy when nobody had a turn for as long as one is ready to wait."""
        low, high = _FIRST_PAUSE
        while True:
            try:
                fcntl.lockf(door.fd, kind | fcntl.LOCK_NB, 1, at)
                return
            except OSError as failure:
                if failure.errno not in _TAKEN:
                    raise
            if not patience.goes_on(door.fd):
                raise self._busy(door)
            patience.sleep(low + (high - low) * int.from_bytes(os.urandom(2)) / 0xFFFF)
            low, high = self._file.tick

    def _sign(self, door: _Door, writes: bool) -> None:
        """Write down who holds the lock, for those who wait. On a network mount they see it only after a sync."""
        user = "_".join((os.environ.get("USER") or os.environ.get("LOGNAME") or str(os.getuid())).split())
        text = f"{os.uname().nodename} {user} {os.getpid()} {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}"
        try:
            os.pwrite(door.fd, text.encode(errors="replace")[: _OWNER_BYTES - 1].ljust(_OWNER_BYTES - 1) + b"\n", 0)
            if self._file.network is None:
                self._file.network = _is_remote(door.key[0])
            if self._file.network:
                os.fsync(door.fd)
        except OSError as failure:
            if writes or failure.errno not in FULL:  # a reader that repairs a database needs no room
                raise

    def _busy(self, door: _Door) -> Busy:
        """Who is in the way. Lets go first: the owner text is read through a second descriptor, so that NFS asks anew,
        and closing that drops every lock of this process on the file."""
        fcntl.lockf(door.fd, fcntl.LOCK_UN, 2, _MAIN)
        try:
            fcntl.lockf(door.fd, SHARED | fcntl.LOCK_NB, 1, _MAIN)
            fcntl.lockf(door.fd, fcntl.LOCK_UN, 1, _MAIN)
            holder = "other programs are reading it"
        except OSError:
            holder = _holder(self._file.path)
        return Busy(f"{self._file.name} is busy: {holder}", "nothing was changed; try again in a moment")


def open_beside(path: str, like: os.stat_result | None) -> tuple[int, bool]:
    """A descriptor of `path`, made if missing with the permissions of `like`, and whether it can be written.

    Raises the first refusal. Links are not followed: in a shared folder they could lead to anybody's file.
    """
    refusal: OSError | None = None
    for access in (os.O_RDWR | os.O_CREAT, os.O_RDWR, os.O_RDONLY):
        try:
            fd = os.open(path, access | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        except OSError as failure:
            refusal = refusal or failure
            if failure.errno not in DENIED:
                break
            continue
        found = os.fstat(fd)
        if like is not None and found.st_size == 0 and access != os.O_RDONLY:
            try:  # as SQLite does with its journals, so that everybody who may write the database may write these
                if found.st_uid != like.st_uid and os.geteuid() == 0:
                    os.fchown(fd, like.st_uid, like.st_gid)
                if (found.st_mode ^ like.st_mode) & 0o666:
                    os.fchmod(fd, like.st_mode & 0o666)
            except OSError:
                pass  # somebody else's file: its owner decides
        return fd, access != os.O_RDONLY
    raise refusal or FileNotFoundError(ENOENT, os.strerror(ENOENT), path)


def _lift(fd: int) -> int:
    """The same file under a high number: at kill -9 the kernel closes in ascending order, and the lock must go last."""
    for least in (900, 200, 50):
        try:
            high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, least)
        except OSError:  # above the limit of this process
            continue
        os.close(fd)
        return high
    return fd


def _holder(path: str) -> str:
    """The writer that signed last, as a phrase. Only while this process holds no lock on the file."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            text = os.pread(fd, _OWNER_BYTES, 0).decode(errors="replace")
        finally:
            os.close(fd)
        host, user, pid, since = ("".join(c if c.isprintable() else "?" for c in word) for word in text.split())
        from calendar import timegm

        moment = time.localtime(timegm(time.strptime(since, "%Y-%m-%dT%H:%M:%SZ")))
    except (OSError, ValueError):
        return "another program is writing to it"
    return f"{user} on {host} (process {pid}) has been writing to it since {time.strftime('%Y-%m-%d %H:%M:%S', moment)}"


def _is_remote(device: int) -> bool:
    """Whether files of this device number lie on a network mount; True where the system does not say."""
    if os.major(device) != 0 and os.uname().sysname == "Linux":
        return False  # a block device
    number = f"{os.major(device)}:{os.minor(device)}"
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as mounts:
            for line in mounts:
                words = line.split()
                if words[2] == number:
                    return words[words.index("-", 6) + 1].startswith(_REMOTE)
    except (OSError, ValueError, IndexError):
        return True
    return False  # a device of its own inside a local file system, such as a subvolume


def _after_fork() -> None:
    """Locks are not inherited: the child opens lock files of its own, and its threads start afresh."""
    global _guard, forks
    forks += 1
    _guard = RLock()
    for door in _doors.values():
        os.close(door.fd)  # drops locks of the child only, and it has none
        door.fd = -1
    _doors.clear()


_doors: dict[tuple[int, int], _Door] = {}  # by device and inode of the lock file
_guard = RLock()  # around _doors; never held while waiting
os.register_at_fork(after_in_child=_after_fork)
