"""The program on a terminal of its own: what it shows there, and what it does with what is typed."""

from __future__ import annotations

import codecs
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from fcntl import ioctl
from pathlib import Path


class Terminal:
    """`taskterm WORDS...` on a new terminal. `shown` is everything it has written so far."""

    def __init__(
        self, words: tuple[str, ...], env: Mapping[str, str], cwd: Path, width: int = 100, height: int = 40
    ) -> None:
        self._terminal, other = pty.openpty()
        ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "taskterm", *words],
            stdin=other,
            stdout=other,
            stderr=other,
            env={**env, "TERM": "xterm-256color"},
            cwd=cwd,
            start_new_session=True,
            preexec_fn=lambda: ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(other)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a character may come in two pieces
        self.shown = ""

    def wait_for(self, text: str, seconds: float = 30.0) -> None:
        """Reads until `text` has been shown."""
        end = time.monotonic() + seconds
        while text not in self.shown:
            assert time.monotonic() < end, f"{text!r} never came: {self.shown!r}"
            assert self._read(0.2) or self._process.poll() is None, f"it ended without {text!r}: {self.shown!r}"

    def type(self, text: str) -> None:
        """Types on the keyboard; Ctrl+C is \\x03."""
        os.write(self._terminal, text.encode())

    def end(self, seconds: float = 60.0) -> int:
        """Reads until the program has ended; its exit code."""
        end = time.monotonic() + seconds
        while self._read(0.1) or self._process.poll() is None:
            assert time.monotonic() < end, f"it did not end: {self.shown!r}"
        os.close(self._terminal)
        return self._process.wait()

    def _read(self, seconds: float) -> bool:
        if not select.select([self._terminal], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._terminal, 1 << 16)
        except OSError:  # the other end is closed
            return False
        self.shown = (self.shown + self._decoder.decode(data)).replace("\r\n", "\n")
        return bool(data)
