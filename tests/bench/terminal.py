"""A program on a pseudo terminal of its own: keys go in, and everything that it paints comes out with its time.

However its owner ends, the terminal goes with it, and the program is told so by SIGHUP: nothing is left running.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
DEADLINE = 30.0


class Terminal:
    """One running program. Times are seconds since it was started.

    With `told` the terminal is that of the program's session, as it should be; without, no signal says that it is gone.
    """

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], size: tuple[int, int] = (120, 40), *, told: bool = True
    ) -> None:
        parent, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        opened = [(os.POSIX_SPAWN_OPEN, 0, os.ttyname(child), os.O_RDWR if told else os.O_RDWR | os.O_NOCTTY, 0)]
        self._begin = time.perf_counter()
        self.pid = os.posix_spawn(
            argv[0],
            list(argv),
            dict(env),
            setsid=True,
            file_actions=[*opened, (os.POSIX_SPAWN_DUP2, 0, 1), (os.POSIX_SPAWN_DUP2, 0, 2)],
        )
        os.close(child)
        self._master = parent
        self._painted = bytearray()  # bytes would be copied as a whole with every piece

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass  # it has ended by itself
        self.go()

    def go(self) -> None:
        """The terminal is closed, whatever the program does."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def code(self) -> int:
        """The exit code, when it has ended by itself (-N for signal N)."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    @property
    def painted(self) -> bytes:
        """Everything so far."""
        return bytes(self._painted)

    @property
    def mark(self) -> int:
        """How much was painted so far: `since` for what comes next."""
        return len(self._painted)

    def now(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._begin

    def press(self, keys: str) -> float:
        """Types; answers when."""
        at = self.now()
        os.write(self._master, keys.encode())
        return at

    def until(self, holds: Callable[[bytes], bool], since: int = 0) -> float:
        """When what was painted from position `since` on first fulfilled the condition."""
        end = time.perf_counter() + DEADLINE
        while not holds(bytes(self._painted[since:])):
            assert time.perf_counter() < end, f"never painted; last: {bytes(self._painted[-600:])!r}"
            self._read(0.5)
        return self._last

    def paints(self, wait: float) -> bool:
        """Whether anything is painted within so many seconds."""
        return self._read(wait)

    def settle(self, quiet: float = 0.02) -> float:
        """When the last thing was painted before nothing was for so many seconds."""
        while self._read(quiet):
            pass
        return self._last

    def _read(self, wait: float) -> bool:
        if not select.select([self._master], [], [], wait)[0]:
            return False
        read = os.read(self._master, 1 << 16)
        self._last = self.now()
        self._painted += read
        return True

    _last = 0.0

    def cpu(self) -> float:
        """Seconds of processor it has used."""
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def exact_cpu(self) -> float:
        """The same to the nanosecond, for as many threads as it has now (of Linux alone; elsewhere as `cpu`)."""
        found = 0
        try:
            for thread in os.listdir(f"/proc/{self.pid}/task"):
                with open(f"/proc/{self.pid}/task/{thread}/schedstat") as file:
                    found += int(file.read().split()[0])
        except OSError:
            return self.cpu()
        return found / 1e9

    def memory(self) -> float:
        """MiB that it holds."""
        with open(f"/proc/{self.pid}/statm") as file:
            return int(file.read().split()[1]) * PAGE / 1048576
