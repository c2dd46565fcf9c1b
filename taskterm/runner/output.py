"""Output of steps: written to a local file while it comes, read from there by panes, kept in the database at the end.

Beside `7.log`, which holds the bytes as they came, lies `7.log.times`: records of two unsigned 64-bit numbers, offset
and milliseconds, each saying that the bytes from this offset on came no earlier. A record is written before its bytes,
so whoever reads a growing file always finds the time of what it sees.
"""

import contextlib
import os
import struct
import time
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from taskterm import settings
from taskterm.core.model import Attempt
from taskterm.store.store import Store

FILE_LIMIT = 64 << 20
"""Bytes of output that are written to the local file as they come; after them only the end is kept."""
TAIL = 256 << 10
"""Bytes of the end that follow when more than FILE_LIMIT came."""
KEPT_LIMIT = 8 << 20
"""Bytes of output that go into the database, from both ends."""
KEPT_COMPRESSED = 1 << 20
"""The same, compressed."""
KEPT_LINES = 1_000_000
LINE_LIMIT = 64 << 10
"""Bytes after which a reader cuts a line in two."""
NOTE = "[taskterm] "
"""What every line begins with that TaskTerm itself writes into a log."""
_TICK_MS = 100
_RECORD = struct.Struct("<QQ")


class Line(NamedTuple):
    """One line of output without its end, undecodable bytes as U+FFFD, and the milliseconds since the attempt began.

    The text may hold any control character; who shows it makes it harmless. `note` is true for TaskTerm's own lines.
    """

    text: str
    elapsed_ms: int

    @property
    def note(self) -> bool:
        """Whether TaskTerm wrote this line, as far as one can tell from its beginning."""
        return self.text.startswith(NOTE)


class LogWriter:
    """The file of one attempt. A full disk loses bytes, never the run: what is lost is counted and said.

    `size`, `lines` and `dropped` are bytes written, line ends seen and bytes that could not be kept.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.size = self.lines = self.dropped = 0
        self._began = time.monotonic()
        self._last_tick = -_TICK_MS
        self._problem = ""
        self._gap = 0
        self._tail = bytearray()
        self._cut = 0
        self._at_line_start = self._file_at_line_start = True
        self._log = self._times = -1
        try:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            self._log = _create(path)
            self._times = _create(path + ".times")
        except OSError as error:
            self._problem = error.strerror or str(error)

    def write(self, chunk: bytes) -> None:
        """Append output as it came; after this returns, it outlives this process."""
        self.lines += chunk.count(b"\n")
        self._at_line_start = chunk.endswith(b"\n")
        room = 0 if self._tail else max(0, FILE_LIMIT - self.size)
        if room:
            self._put(chunk[:room])
        if len(chunk) > room:
            self._tail += chunk[room:]
            over = len(self._tail) - 2 * TAIL
            if over > 0:
                self._cut += over
                del self._tail[:over]

    def note(self, sentence: str) -> None:
        """Append a line of TaskTerm's own."""
        start = "" if self._at_line_start else "\n"
        self.write(f"{start}{NOTE}{sentence}\n".encode("utf-8", "replace"))

    def close(self) -> None:
        """Write what was kept back of a long output, and what is to be said about bytes that are missing."""
        if self._tail:
            over = max(0, len(self._tail) - TAIL)
            if self._cut + over:
                over = _line_start(self._tail, over)
                self.dropped += self._cut + over
                self._put(_left_out(self._cut + over, self._file_at_line_start))
            self._put(bytes(self._tail[over:]))
            self._tail.clear()
        if self._gap:
            self._put(b"")
        for fd in (self._log, self._times):
            if fd >= 0:
                os.close(fd)
        self._log = self._times = -1

    @property
    def lost(self) -> str:
        """A sentence about bytes that could not be written, empty if there are none."""
        return f"{self._gap:,} bytes of output could not be kept: {self._problem}" if self._gap else ""

    def _put(self, data: bytes) -> None:
        if self._gap:
            start = "" if self._file_at_line_start else "\n"
            said = f"{start}{NOTE}{self._gap:,} bytes are missing here: {self._problem}\n".encode()
            if self._append(said) < len(said):
                self._lose(len(data))
                return
            self._gap = 0
        written = self._append(data)
        if written < len(data):
            self._lose(len(data) - written)

    def _lose(self, count: int) -> None:
        self._gap += count
        self.dropped += count

    def _append(self, data: bytes) -> int:
        """Bytes of `data` that reached the file."""
        if self._log < 0:
            return 0
        elapsed = int((time.monotonic() - self._began) * 1000)
        done = 0
        try:
            if elapsed - self._last_tick >= _TICK_MS and data:
                os.write(self._times, _RECORD.pack(self.size, elapsed))
                self._last_tick = elapsed
            while done < len(data):
                count = os.write(self._log, data[done : done + (1 << 20)])
                done += count
                self.size += count
                self._file_at_line_start = data[done - 1] == 10
        except OSError as error:
            self._problem = error.strerror or str(error)
        return done


def _create(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o600)


class _Times:
    """The records of a `.times` file, read as it grows."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._read = 0
        self._offsets: list[int] = []
        self._milliseconds: list[int] = []

    def refresh(self) -> None:
        with contextlib.suppress(OSError), open(self._path, "rb") as file:
            file.seek(self._read)
            data = file.read()
            whole = len(data) - len(data) % _RECORD.size
            self._read += whole
            for offset, elapsed in _RECORD.iter_unpack(data[:whole]):
                self._offsets.append(offset)
                self._milliseconds.append(elapsed)

    def at(self, offset: int) -> int:
        """When the byte at `offset` came, in milliseconds."""
        index = bisect_right(self._offsets, offset) - 1
        return self._milliseconds[index] if index >= 0 else 0

    @property
    def last(self) -> int:
        """The newest time on record."""
        return self._milliseconds[-1] if self._milliseconds else 0


class LogReader:
    """Reads the output of one attempt from where it left off: the live local file, else what the database kept.

    One reader belongs to one thread. It opens nothing between two calls, so it may be dropped at any time.
    """

    def __init__(self, store: Store, attempt: Attempt, host: str | None = None) -> None:
        self._store = store
        self._attempt = attempt
        here = attempt.host == (host or settings.host())
        self._path = attempt.log_path if here and attempt.log_path else None
        self._times = _Times(f"{self._path}.times")
        self._offset = 0
        self._rest = b""
        self._kept: Iterator[Line] | None = None
        self.dropped = 0

    def read(self, limit: int = 1 << 20, *, final: bool = False) -> list[Line]:
        """The lines that were completed since the last call, from at most `limit` bytes; empty when there are none.

        With `final`, which belongs to an attempt that has ended, a last line without an end is a line too. Lines
        longer than LINE_LIMIT come in pieces. Call again until it answers nothing.
        """
        if self._kept is None and self._path is not None:
            try:
                with open(self._path, "rb") as file:
                    file.seek(self._offset)
                    data = file.read(limit)
            except OSError:
                if not final or self._offset:
                    return []
            else:
                self._times.refresh()
                return self._lines(data, final)
        if self._kept is None:
            log = self._store.log(self._attempt.id)
            if log is None:
                return []
            self.dropped = log.dropped
            self._kept = _kept_lines(log.data, log.times)
        return list(islice(self._kept, max(1, limit // 100)))

    @property
    def partial(self) -> str:
        """The line that has begun and not ended yet, such as a prompt or a progress bar."""
        return _text(self._rest)

    def _lines(self, data: bytes, final: bool) -> list[Line]:
        start = self._offset - len(self._rest)
        self._offset += len(data)
        *ended, rest = (self._rest + data).split(b"\n")
        lines: list[Line] = []
        for line in ended:
            lines += [Line(_text(part), self._times.at(start)) for part in _cut(line)]
            start += len(line) + 1
        *full, self._rest = _cut(rest)
        lines += [Line(_text(part), self._times.at(start)) for part in full]
        if final and not data and self._rest:
            lines.append(Line(_text(self._rest), self._times.at(start)))
            self._rest = b""
        return lines


def for_database(path: str, unsaid: str = "") -> tuple[bytes, list[int], int]:
    """What the database keeps of a log: its bytes, the milliseconds of each line, and how many bytes were left out.

    Whole if it is not above KEPT_LIMIT, KEPT_COMPRESSED and KEPT_LINES; else the beginning and the end with a line
    between them that says how much is missing. `unsaid` is a sentence that did not fit into the file itself.
    """
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            half = KEPT_LIMIT // 2
            if size <= KEPT_LIMIT:
                head, tail, tail_at = file.read(), b"", size
            else:
                head = file.read(half)
                file.seek(size - half)
                tail, tail_at = file.read(), size - half
    except OSError:
        head, tail, tail_at, size = b"", b"", 0, 0
    if not tail:
        share = _share(head)
        if share < 1.0:
            cut = int(len(head) * share / 2)
            head, tail, tail_at = head[:cut], head[len(head) - cut :], size - cut
    else:
        cut = int(len(head) * _share(head + tail))
        head, tail, tail_at = head[:cut], tail[len(tail) - cut :], size - cut
    times = _Times(path + ".times")
    times.refresh()
    said = f"{NOTE}{unsaid}\n".encode() if unsaid else b""
    if not tail:
        end = b"" if not said or not head or head.endswith(b"\n") else b"\n"
        data = head + end + said
        return data, [*_line_times(head, 0, times), *[times.last] * bool(said)], 0
    head = head[: head.rfind(b"\n") + 1] or head
    skip = _line_start(tail, 0)
    tail, tail_at = tail[skip:], tail_at + skip
    gap = _left_out(size - len(head) - len(tail), head.endswith(b"\n"))
    between = times.at(tail_at)
    data = head + gap + tail + said
    kept = [*_line_times(head, 0, times), between, *_line_times(tail, tail_at, times)]
    return data, [*kept, *[times.last] * bool(said)], size - len(head) - len(tail)


def _share(data: bytes) -> float:
    """The part of `data` that fits the limits of the database, 1.0 if all of it does."""
    import zlib

    share = min(1.0, KEPT_LINES / max(1, data.count(b"\n")))
    for _ in range(8):
        half = int(len(data) * share / 2)
        part = data if share == 1.0 else data[:half] + data[len(data) - half :]
        packed = len(zlib.compress(part, 6))
        if packed <= KEPT_COMPRESSED:
            return share
        share *= 0.95 * KEPT_COMPRESSED / packed
    return 0.0


def _line_times(data: bytes, offset: int, times: _Times) -> Iterator[int]:
    """The time of each line of `data`, which begins at `offset` of the file; an unfinished last line counts."""
    start = 0
    while start < len(data):
        yield times.at(offset + start)
        end = data.find(b"\n", start)
        start = end + 1 if end >= 0 else len(data)


def _kept_lines(data: bytes, times: list[int]) -> Iterator[Line]:
    for number, line in enumerate(data.removesuffix(b"\n").split(b"\n") if data else ()):
        elapsed = times[number] if number < len(times) else times[-1] if times else 0
        for part in _cut(line):
            yield Line(_text(part), elapsed)


def _line_start(data: bytes | bytearray, at: int) -> int:
    """The first line start behind `at`, or `at` itself where no line ends behind it."""
    end = data.find(b"\n", at)
    return end + 1 if 0 <= end < len(data) - 1 else at


def _left_out(count: int, line_start: bool) -> bytes:
    return f"{'' if line_start else chr(10)}{NOTE}{count:,} bytes were left out here\n".encode()


def _cut(line: bytes) -> Iterator[bytes]:
    """The line in pieces of at most LINE_LIMIT bytes, no character cut in two; one empty piece for an empty line."""
    start = 0
    while len(line) - start > LINE_LIMIT:
        end = start + LINE_LIMIT
        while end > start + LINE_LIMIT - 4 and line[end] & 0xC0 == 0x80:
            end -= 1
        yield line[start:end]
        start = end
    yield line[start:]


def _text(line: bytes) -> str:
    return line.removesuffix(b"\r").decode("utf-8", "replace")
