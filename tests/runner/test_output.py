"""Output: a file that grows, a reader that follows it, and what the database keeps in the end."""

from __future__ import annotations

import random
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from taskterm import settings
from taskterm.core.model import Attempt
from taskterm.runner import output
from taskterm.runner.output import Line, LogReader, LogWriter, for_database
from taskterm.store.store import Store


@pytest.fixture
def store(home) -> Store:
    made = Store(home["TASKTERM_DB"], create=True)
    assert made.database_uuid
    return made


def attempt_at(path: Path, state: str = "running", host: str | None = None) -> Attempt:
    return Attempt(
        1, 1, 1, 1, 1, "step", "run", state, "2026-11-23T14:32:00Z", host or settings.host(), 1, log_path=str(path)
    )


def texts(reader: LogReader, *, final: bool = False, limit: int = 1 << 20) -> list[str]:
    found: list[str] = []
    while lines := reader.read(limit, final=final):
        found += [line.text for line in lines]
    return found


def test_a_reader_follows_a_growing_file_line_by_line_and_shows_what_has_begun(store, tmp_path):
    writer = LogWriter(str(tmp_path / "logs" / "1.log"))
    reader = LogReader(store, attempt_at(tmp_path / "logs" / "1.log"))
    assert reader.read() == []
    writer.write(b"one\ntw")
    assert (texts(reader), reader.partial) == (["one"], "tw")
    writer.write(b"o\r\n\nProceed? ")
    assert (texts(reader), reader.partial) == (["two", ""], "Proceed? ")
    writer.close()
    assert texts(reader, final=True) == ["Proceed? "]
    assert texts(reader, final=True) == []


def test_a_reader_may_come_before_the_file(store, tmp_path):
    path = tmp_path / "1.log"
    reader = LogReader(store, attempt_at(path))
    assert reader.read() == []
    writer = LogWriter(str(path))
    writer.write(b"late\n")
    assert texts(reader) == ["late"]
    writer.close()


@pytest.mark.parametrize("seed", range(8))
def test_however_the_bytes_are_cut_the_lines_are_the_same(store, tmp_path, seed):
    chance = random.Random(seed)
    pieces = ["日本語 🚀", "", "a" * 5000, "\x00nul", "\x1b[31mred\x1b[0m", "[@click=app.quit]x", "tab\there", "ünï"]
    lines = [chance.choice(pieces) for _ in range(300)]
    data = "\n".join(lines).encode() + b"\n\xff\xfe broken\n"
    path = tmp_path / f"{seed}.log"
    writer, reader = LogWriter(str(path)), LogReader(store, attempt_at(path))
    found: list[str] = []
    at = 0
    while at < len(data):
        size = chance.choice([1, 2, 7, 100, 4096])
        writer.write(data[at : at + size])
        at += size
        if chance.random() < 0.3:
            found += texts(reader, limit=chance.choice([1, 10, 100_000]))
    writer.close()
    found += texts(reader)
    assert found == [*lines, "\ufffd\ufffd broken"]
    assert writer.lines == 301


def test_a_line_without_end_comes_in_pieces_and_no_character_is_cut(store, tmp_path):
    path = tmp_path / "1.log"
    writer, reader = LogWriter(str(path)), LogReader(store, attempt_at(path))
    text = "日本語" * 100_000
    writer.write(text.encode())
    writer.close()
    pieces = texts(reader, final=True)
    assert "".join(pieces) == text
    assert max(len(piece.encode()) for piece in pieces) <= output.LINE_LIMIT


def test_every_line_knows_when_it_came(store, tmp_path, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("taskterm.runner.output.time.monotonic", lambda: now[0])
    path = tmp_path / "1.log"
    writer = LogWriter(str(path))
    for seconds in (0.0, 0.02, 1.5, 61.25):
        now[0] = 1000.0 + seconds
        writer.write(f"at {seconds}\n".encode())
    writer.close()
    lines = LogReader(store, attempt_at(path)).read()
    assert [(line.text, line.elapsed_ms) for line in lines] == [
        ("at 0.0", 0),
        ("at 0.02", 0),
        ("at 1.5", 1500),
        ("at 61.25", 61250),
    ]
    assert for_database(str(path))[1] == [0, 0, 1500, 61250]


def test_a_million_lines_are_written_and_read_in_seconds(store, tmp_path):
    path = tmp_path / "1.log"
    writer, reader = LogWriter(str(path)), LogReader(store, attempt_at(path))
    data = b"".join(b"line %d\n" % number for number in range(1_000_000))
    for at in range(0, len(data), 1 << 16):
        writer.write(data[at : at + (1 << 16)])
    writer.close()
    assert (writer.lines, writer.size, writer.dropped) == (1_000_000, len(data), 0)
    count, last = 0, ""
    while lines := reader.read():
        count, last = count + len(lines), lines[-1].text
    assert (count, last) == (1_000_000, "line 999999")


def test_beyond_its_limit_the_file_keeps_the_end_and_says_how_much_is_missing(store, tmp_path, monkeypatch):
    monkeypatch.setattr(output, "FILE_LIMIT", 10_000)
    monkeypatch.setattr(output, "TAIL", 1_000)
    path = tmp_path / "1.log"
    writer = LogWriter(str(path))
    lines = [f"line {number:05}" for number in range(5_000)]
    for line in lines:
        writer.write(line.encode() + b"\n")
    writer.close()
    found = texts(LogReader(store, attempt_at(path)), final=True)
    assert found[0] == "line 00000"
    assert found[-1] == "line 04999"
    assert path.stat().st_size < 11_200
    (said,) = [line for line in found if line.startswith(output.NOTE)]
    assert f"{writer.dropped:,} bytes were left out" in said
    kept = [line for line in found if line in set(lines)]
    assert sum(len(line) + 1 for line in lines) - sum(len(line) + 1 for line in kept) == pytest.approx(
        writer.dropped, abs=22
    )


def test_the_database_gets_short_output_whole_and_long_output_from_both_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(output, "KEPT_LIMIT", 4_000)
    path = tmp_path / "1.log"
    writer = LogWriter(str(path))
    writer.write(b"short\n")
    assert for_database(str(path)) == (b"short\n", [0], 0)
    for number in range(2_000):
        writer.write(b"line %d\n" % number)
    writer.close()
    data, times, left_out = for_database(str(path))
    assert data.startswith(b"short\nline 0\n")
    assert data.endswith(b"line 1999\n")
    assert len(data) < 4_100
    assert len(times) == data.count(b"\n")
    assert f"{left_out:,} bytes were left out here".encode() in data
    assert path.stat().st_size - left_out == sum(
        len(line) + 1 for line in data.splitlines() if not line.startswith(b"[taskterm]")
    )


def test_what_cannot_be_compressed_is_cut_further(tmp_path, monkeypatch):
    monkeypatch.setattr(output, "KEPT_COMPRESSED", 20_000)
    path = tmp_path / "1.log"
    writer = LogWriter(str(path))
    writer.write(b"begin\n" + random.Random(1).randbytes(200_000) + b"\nend\n")
    writer.close()
    data, _, left_out = for_database(str(path))
    assert len(zlib.compress(data, 6)) < 21_000
    assert data.startswith(b"begin\n")
    assert data.endswith(b"end\n")
    assert left_out > 170_000


def test_the_log_of_another_machine_comes_from_the_database_with_its_times(desk):
    done = desk.run(desk.add("Build", "echo one; echo; printf three"))
    (attempt,) = done.attempts
    here = LogReader(desk.store, attempt).read()
    elsewhere = LogReader(desk.store, attempt._replace(host="kestrel"))
    assert elsewhere.read(1) == here[:1] == [Line("one", here[0].elapsed_ms)]
    assert [line.text for line in elsewhere.read(final=True)] == ["", "three"]
    assert elsewhere.read(final=True) == []


def test_another_machine_sees_nothing_while_an_attempt_runs(store, tmp_path):
    LogWriter(str(tmp_path / "1.log")).write(b"local\n")
    assert LogReader(store, attempt_at(tmp_path / "1.log", host="kestrel")).read() == []


def test_a_full_disk_loses_bytes_but_never_the_run_and_says_how_many(tmp_path):
    script = """
import resource, sys
from taskterm.runner.output import LogWriter, for_database
path = sys.argv[1]
writer = LogWriter(path)
writer.write(b"before\\n")
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
for _ in range(100):
    writer.write(b"x" * 99 + b"\\n")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
writer.write(b"after\\n")
resource.setrlimit(resource.RLIMIT_FSIZE, (4200, resource.RLIM_INFINITY))
writer.write(b"y" * 200 + b"\\n")
writer.close()
data, times, left_out = for_database(path, writer.lost)
print(writer.dropped, len(times) == data.count(b"\\n"))
sys.stdout.write(data.decode())
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "1.log")], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.stderr == ""
    counted, *lines = done.stdout.splitlines()
    missing = 7 + 100 * 100 - 4096
    assert "before" in lines
    assert f"[taskterm] {missing:,} bytes are missing here: File too large" in lines
    assert "after" in lines
    last = (
        4096 + len(f"\n[taskterm] {missing:,} bytes are missing here: File too large\n") + len("after\n") + 201 - 4200
    )
    assert lines[-1] == f"[taskterm] {last} bytes of output could not be kept: File too large"
    assert counted == f"{missing + last} True"


def test_a_folder_that_cannot_be_written_costs_the_log_and_nothing_else(tmp_path):
    (tmp_path / "file").write_text("in the way")
    writer = LogWriter(str(tmp_path / "file" / "1.log"))
    writer.write(b"hello\n")
    writer.close()
    assert (writer.size, writer.dropped, writer.lines) == (0, 6, 1)
    data, times, _ = for_database(writer.path, writer.lost)
    assert data.startswith(b"[taskterm] 6 bytes of output could not be kept: ")
    assert times == [0]
