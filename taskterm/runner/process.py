"""One command as a process group of its own: started, its output read as it comes, ended on time or on request.

A step can start what it likes, so three things hold everywhere here. A group gets SIGTERM, five seconds, SIGKILL, as a
whole, together with processes that left the group but carry the step's mark. A child that keeps the pipe open after
its step has ended holds nobody up. And one thread waits for all children, since a subreaper inherits strangers too.
"""

import contextlib
import ctypes
import errno
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from taskterm.runner import owner

GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL."""
LINGER = 1.0
"""Seconds for which output is still read after the command has ended, while children of it hold the pipe."""
_LOOK = 0.05  # between two looks at a group that is ending
_CHUNK = 1 << 16

Sink = Callable[[bytes], None]


class Command(NamedTuple):
    """What to start: `text` is given to `shell` with -c. `timeout` is in seconds, `mark` tells its processes apart."""

    text: str
    shell: str
    cwd: str
    env: Mapping[str, str]
    timeout: float | None
    mark: str


class Ended(NamedTuple):
    """How a command ended: `exited`, `timeout`, `stopped` or `not started` (then `problem` says why).

    `exit_code` is negative for a signal; None where there was no process. `milliseconds` last from start to end.
    `left` are processes that go on in the background and hold the pipe.
    """

    how: str
    exit_code: int | None
    milliseconds: int
    problem: str = ""
    left: tuple[int, ...] = ()


class Stop:
    """A request to end everything that runs; it wakes whoever reads output. Set once, never taken back."""

    def __init__(self) -> None:
        self._set = threading.Event()
        self._lock = threading.RLock()  # a signal handler may set it while this thread is inside
        self._wakers: set[int] = set()

    def __bool__(self) -> bool:
        return self._set.is_set()

    def set(self) -> None:
        """Ask for the end."""
        with self._lock:
            self._set.set()
            for fd in self._wakers:
                _wake(fd)

    def wait(self, seconds: float) -> bool:
        """Sleep until the time is over or the stop comes; True if it came."""
        return self._set.wait(seconds)

    @contextlib.contextmanager
    def waking(self, fd: int) -> Iterator[None]:
        """While the block lasts, a stop writes a byte to `fd`."""
        with self._lock:
            self._wakers.add(fd)
        try:
            yield
        finally:
            with self._lock:
                self._wakers.discard(fd)


class _Child:
    """A started process; `status` is known once the reaper has seen its end, and `wake` becomes readable then."""

    def __init__(self, process: "subprocess.Popen[bytes]", waker: int) -> None:
        self.process, self.waker = process, waker
        self.status: int | None = None


class Children:
    """Starts processes and waits for all children of this process, strangers too: one per process, alone."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._mine: dict[int, _Child] = {}
        threading.Thread(target=self._reap, name="reaper", daemon=True).start()

    def run(self, command: Command, sink: Sink, stop: Stop) -> Ended:
        """Runs a command to its end and gives every byte of its output to `sink` as it comes."""
        began = time.monotonic()
        output, output_end = os.pipe()
        wake, waker = os.pipe()
        os.set_blocking(waker, False)
        try:
            try:
                child = self._start(command, output_end, waker)
            except (OSError, ValueError) as error:
                os.close(output)
                return Ended("not started", None, _since(began), _why(command, error))
            finally:
                os.close(output_end)
            with stop.waking(waker):
                reading = _Reading(command, child, output, wake, sink, stop, began)
                reading.until_end()
            if reading.open:
                left = tuple(owner.marked(command.mark))
                threading.Thread(target=_drain, args=(output,), daemon=True).start()
            else:
                left = ()
                os.close(output)
            code = os.waitstatus_to_exitcode(child.status or 0)
            return Ended(reading.how, code, reading.milliseconds, left=left)
        finally:
            with self._changed:
                os.close(wake)
                os.close(waker)

    def _start(self, command: Command, output: int, waker: int) -> _Child:
        if not os.path.isdir(command.cwd):
            raise NotADirectoryError(errno.ENOTDIR, "", command.cwd)
        with self._changed:  # the reaper must not look for a child that is not registered yet
            process = subprocess.Popen(
                [command.shell, "-c", command.text],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=command.cwd,
                env=dict(command.env),
                start_new_session=True,
            )
            child = self._mine[process.pid] = _Child(process, waker)
            self._changed.notify_all()
        return child

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, 0)
            except ChildProcessError:
                with self._changed:
                    if not self._mine:
                        self._changed.wait(1.0)
                continue
            with self._changed:
                child = self._mine.pop(pid, None)
                if child is not None:
                    child.status = status
                    child.process.returncode = os.waitstatus_to_exitcode(status)
                    _wake(child.waker)


class _Reading:
    """The loop that reads one child's output and decides when it is over."""

    def __init__(
        self, command: Command, child: _Child, output: int, wake: int, sink: Sink, stop: Stop, began: float
    ) -> None:
        self.command, self.child, self.output, self.wake = command, child, output, wake
        self.sink, self.stop, self.began = sink, stop, began
        self.open = True
        self.how = "exited"
        self.milliseconds = 0
        self._ended: float | None = None
        self._kill_at: float | None = None
        self._killed = False

    def until_end(self) -> None:
        """Returns when the command has ended, and so has its output or the patience with it."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.output, selectors.EVENT_READ)
            selector.register(self.wake, selectors.EVENT_READ)
            while not self._over():
                for key, _ in selector.select(self._pause()):
                    if key.fd == self.wake:
                        os.read(self.wake, 64)
                        continue
                    chunk = os.read(self.output, _CHUNK)
                    if chunk:
                        self.sink(chunk)
                    else:
                        selector.unregister(self.output)
                        self.open = False

    def _over(self) -> bool:
        now = time.monotonic()
        if self._ended is None and self.child.status is not None:
            self._ended = now
            self.milliseconds = _since(self.began)
        if self._kill_at is None:
            if self.stop:
                self._terminate("stopped", now)
            elif self._ended is None and now >= self._deadline():
                self._terminate("timeout", now)
        elif not self._killed and now >= self._kill_at:
            self._signal(signal.SIGKILL)
            self._killed = True
        elif not self._killed and self._ended is not None:
            self._killed = not self._survivors()
        if self._ended is None or (self._kill_at is not None and not self._killed):
            return False
        return not self.open or now >= self._ended + LINGER

    def _deadline(self) -> float:
        return float("inf") if self.command.timeout is None else self.began + self.command.timeout

    def _pause(self) -> float | None:
        """Seconds until something has to be looked at again, None for as long as it takes."""
        if self._kill_at is not None and not self._killed:
            return _LOOK
        ends = [self._deadline()] if self._ended is None and self._kill_at is None else []
        if self._ended is not None:
            ends.append(self._ended + LINGER)
        return max(0.0, min(ends) - time.monotonic()) if ends and min(ends) < float("inf") else None

    def _terminate(self, how: str, now: float) -> None:
        if self._ended is None:
            self.how = how
        self._kill_at = now + GRACE
        self._signal(signal.SIGTERM)

    def _survivors(self) -> bool:
        return _group_lives(self.child.process.pid) or bool(owner.marked(self.command.mark))

    def _signal(self, number: int) -> None:
        end_group(self.child.process.pid, number)
        signal_all(owner.marked(self.command.mark), number)


def become_subreaper() -> bool:
    """Make orphans of this process's descendants its own children, so that they are reaped and counted; Linux only."""
    if sys.platform != "linux":
        return False
    set_child_subreaper = 36
    return bool(ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0) == 0)


def end_group(group: int, number: int) -> None:
    """Send a signal to all members of a process group; nothing happens if there are none."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def signal_all(pids: list[int], number: int) -> None:
    """Send a signal to each of these processes that still exists and may be signalled."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def end_marked(prefix: str, grace: float = GRACE) -> list[int]:
    """End all processes whose mark begins with `prefix`: SIGTERM, `grace` seconds, SIGKILL. Answers those it found."""
    found = owner.marked(prefix)
    signal_all(found, signal.SIGTERM)
    deadline = time.monotonic() + grace
    left = found
    while left and time.monotonic() < deadline:
        time.sleep(_LOOK)
        left = owner.marked(prefix)
    signal_all(left, signal.SIGKILL)
    return found


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _drain(output: int) -> None:
    """Read and forget, so that a background process does not die of a broken pipe while the supervisor lives."""
    with contextlib.suppress(OSError), open(output, "rb", buffering=0) as pipe:
        while pipe.read(_CHUNK):
            pass


def _wake(fd: int) -> None:
    with contextlib.suppress(OSError):
        os.write(fd, b"!")


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _why(command: Command, error: OSError | ValueError) -> str:
    """Why a command could not be started, as a sentence that says what to do."""
    if isinstance(error, ValueError):
        return "the command holds a NUL character; take it out of the step"
    if error.filename == command.cwd:
        there = os.path.exists(command.cwd)
        return f"the working directory {command.cwd} " + (
            "cannot be entered; check its permissions"
            if os.path.isdir(command.cwd)
            else "is not a folder; change the step's folder"
            if there
            else "does not exist; make it or change the step's folder"
        )
    if error.errno == errno.E2BIG:
        return "the command and its environment are too long for this system; put the command into a script"
    if error.errno == errno.ENOENT:
        return f"the shell {command.shell} is not on this machine; install it or change the step's shell"
    return f"{command.shell} could not be started: {os.strerror(error.errno or 0)}"
