"""What the gate promises about a shared SQLite file: real files, real processes, real kill -9, real full disks."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from taskterm.core.errors import ReadOnly, StoreError
from taskterm.store import gate as gate_module
from taskterm.store import lockfile as lockfile_module
from taskterm.store.gate import Busy, DiskError, Gate

REPOSITORY = Path(__file__).resolve().parents[2]

PREAMBLE = """
import calendar, _strptime  # a child that gave up its rights may not be able to read the library
import os, signal, sqlite3, sys
from taskterm.core.errors import StoreError
from taskterm.store.gate import Gate
path = sys.argv[1]
def say(*words): print(*words, flush=True)
def told(call):
    "Class and message of the error a call ends with, or its answer."
    try: return call()
    except Exception as error: return f"{type(error).__name__}: {error}"
def rows(gate):
    with gate.read() as c: return c.execute("SELECT count(*), total(v) FROM t").fetchone()
def add(gate, v=1, **options):
    with gate.write(**options) as c: c.execute("INSERT INTO t(v) VALUES(?)", (v,))
    return "written"
def spill(c):
    "Rewrite everything with a tiny cache, so that pages reach the file before the commit."
    c.execute("PRAGMA cache_size=5")
    c.execute("UPDATE t SET v = v + 1000, pad = hex(randomblob(200))")
"""

HOLD_WRITE = "with Gate(path).write():\n    say('in'); sys.stdin.readline()"
HOLD_READ = "with Gate(path).read():\n    say('in'); sys.stdin.readline()"
DIE_HOT = "with Gate(path).write() as c:\n    spill(c); os.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return make(tmp_path / "tasks.db")


def make(path: Path, rows: int = 300) -> Path:
    """A database with a table of `rows` rows, large enough to spill out of a small cache. Their sum is 0."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, v INT, pad TEXT)")
    connection.executemany("INSERT INTO t(v, pad) VALUES(0, ?)", [("x" * 400,)] * rows)
    connection.commit()
    connection.close()
    return path


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(REPOSITORY), "USER": "ana", "TZ": "UTC"}


def program(code: str, *args: object, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Another process runs `code` to its end; `before` are words of a command that starts it."""
    command = [*before, sys.executable, "-c", PREAMBLE + code, *map(str, args)]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60)


def answer(code: str, *args: object, before: tuple[str, ...] = ()) -> list[str]:
    """The lines another process says."""
    done = program(code, *args, before=before)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@contextmanager
def another(code: str, *args: object) -> Iterator[subprocess.Popen[str]]:
    """Another process that is inside its block, until the end of this one or a line on its stdin."""
    command = [sys.executable, "-c", PREAMBLE + code, *map(str, args)]
    process = subprocess.Popen(
        command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    with process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "in\n"
        try:
            yield process
        finally:
            process.stdin.close()
            process.wait(30)


def add(gate: Gate, v: int = 1) -> None:
    with gate.write() as connection:
        connection.execute("INSERT INTO t(v) VALUES(?)", (v,))


def seen(gate: Gate) -> tuple[int, int]:
    """Number of rows and sum of the column v."""
    with gate.read() as connection:
        count, total = connection.execute("SELECT count(*), total(v) FROM t").fetchone()
    return count, int(total)


def until_busy(gate: Gate) -> str:
    """Read until a waiting writer has reached the turnstile; what the error then says."""
    while True:
        try:
            seen(gate)
        except Busy as error:
            return error.message


def journal(db: Path) -> bytes:
    path = Path(f"{db}-journal")
    return path.read_bytes()[:8] if path.exists() else b""


# ── transactions ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_one_process_wrote_another_one_reads(db: Path) -> None:
    add(Gate(db), 7)
    assert answer("say(*rows(Gate(path)))", db) == ["301 7.0"]


def test_an_exception_in_the_block_undoes_it_comes_out_unchanged_and_frees_the_lock(db: Path) -> None:
    gate = Gate(db)
    error = ValueError("mine")

    def fail() -> None:
        with gate.write() as connection:
            connection.execute("DELETE FROM t")
            raise error

    with pytest.raises(ValueError, match="mine") as caught:
        fail()
    assert caught.value is error
    assert answer("say(add(Gate(path, timeout=0)))", db) == ["written"]
    assert seen(gate) == (301, 1)


def test_an_error_of_the_callers_sql_comes_out_unchanged(db: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere") as caught, Gate(db).write() as c:
        c.execute("INSERT INTO nowhere VALUES(1)")
    assert not isinstance(caught.value, StoreError)


def test_a_block_whose_transaction_is_gone_is_not_reported_as_done(db: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no transaction"), Gate(db).write() as connection:
        connection.execute("ROLLBACK")


@pytest.mark.parametrize("mode", ["TRUNCATE", "DELETE"])
def test_a_writer_has_a_rollback_journal_full_durability_and_no_memory_map(db: Path, mode: str) -> None:
    with Gate(db, mode=mode).write() as connection:
        found = [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "mmap_size")
        ]
    assert found == [mode.lower(), 3, 0]


def test_another_journal_mode_is_refused(db: Path) -> None:
    with pytest.raises(ValueError, match="TRUNCATE or DELETE, not 'WAL'"):
        Gate(db, mode="WAL")


def test_a_read_block_cannot_write(db: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly") as caught, Gate(db).read() as connection:
        connection.execute("DELETE FROM t")
    assert not isinstance(caught.value, StoreError)
    assert seen(Gate(db)) == (300, 0)


def test_a_block_is_entered_once_and_a_mistake_leaves_the_open_one_alone(db: Path) -> None:
    gate = Gate(db, timeout=0.1)
    session = gate.write()
    with session as connection:
        connection.execute("INSERT INTO t(v) VALUES(1)")
        with pytest.raises(RuntimeError, match="already open"):
            session.__enter__()
        for again in (gate.write, gate.read, Gate(str(db)).read):
            with pytest.raises(RuntimeError, match=r"tasks\.db is already open in this thread"), again():
                pass
        assert "has been writing" in answer("say(told(lambda: add(Gate(path, timeout=0))))", db)[0]
    assert seen(gate) == (301, 1)


def test_sqlites_own_locks_can_be_switched_off(db: Path) -> None:
    gate = Gate(db, nolock=True)
    add(gate)
    assert seen(gate) == (301, 1)
    with Gate(db).read() as held:  # holds SQLite's shared lock, so this passes only without locks
        held.execute("SELECT * FROM t").fetchone()
        assert answer("say(*rows(Gate(path, nolock=True, timeout=0)))", db) == ["301 1.0"]


# ── who may be inside ──────────────────────────────────────────────────────────────────────────────────────────────


def test_processes_that_read_then_write_lose_no_update(db: Path) -> None:
    code = """
say('in')
for _ in range(40):
    with Gate(path).write() as c:
        v = c.execute("SELECT v FROM t WHERE id=1").fetchone()[0]
        c.execute("UPDATE t SET v=? WHERE id=1", (v + 1,))
say('done')
"""
    with another(code, db) as first, another(code, db) as second:
        assert first.stdout is not None
        assert second.stdout is not None
        assert (first.stdout.readline(), second.stdout.readline()) == ("done\n", "done\n")
    assert seen(Gate(db))[1] == 80


def test_threads_of_one_process_are_never_inside_together(db: Path) -> None:
    gates = [Gate(db), Gate(str(db))]
    inside: list[int] = []
    most: list[int] = []
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(15):
                with (gates[number % 2].write if turn % 3 else gates[number % 2].read)() as connection:
                    inside.append(number)
                    most.append(len(inside))
                    if turn % 3:
                        connection.execute("UPDATE t SET v = v + 1 WHERE id = 1")
                    inside.remove(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (errors, max(most), seen(gates[0])[1]) == ([], 1, 40)


def test_readers_of_several_processes_are_inside_together(db: Path) -> None:
    with another(HOLD_READ, db):
        assert seen(Gate(db, timeout=0)) == (300, 0)


def test_a_writer_excludes_readers_and_writers_of_other_processes(db: Path) -> None:
    with another(HOLD_WRITE, db):
        for block in (Gate(db, timeout=0.05).read, Gate(db, timeout=0.05).write):
            with pytest.raises(Busy, match="has been writing"), block():
                pass
    assert seen(Gate(db, timeout=0)) == (300, 0)


def test_a_waiting_writer_keeps_new_readers_out_and_gets_in(db: Path) -> None:
    gate = Gate(db, timeout=0)
    with another(HOLD_READ, db) as reader, another("say('in')\nadd(Gate(path))\nsay('written')", db) as writer:
        assert reader.stdin is not None
        assert writer.stdout is not None
        assert "other programs are reading it" in until_busy(gate)
        reader.stdin.write("go\n")
        assert writer.stdout.readline() == "written\n"


def test_when_the_deadline_passes_the_error_names_file_and_holder(db: Path) -> None:
    with another(HOLD_WRITE, db) as holder:
        with pytest.raises(Busy) as caught, Gate(db, timeout=0.05).read():
            pass
        said = caught.value.message
        assert said.startswith(f"{db} is busy: ana on {socket.gethostname()} (process {holder.pid}) has been writing")
        assert isinstance(caught.value, sqlite3.OperationalError)
        assert (caught.value.exit_code, bool(caught.value.hint)) == (3, True)


def test_a_hostile_or_missing_owner_text_does_no_harm(db: Path) -> None:
    with another(HOLD_WRITE, db):
        for text, expected in [
            (b"h\x1b[31m ana 1 2026-11-23T05:31:04Z", "ana on h?[31m (process 1)"),
            (b"\xff\0nonsense", "another program is writing to it"),
        ]:
            Path(f"{db}.lock").write_bytes(text)
            with pytest.raises(Busy) as caught, Gate(db, timeout=0).read():
                pass
            assert expected in caught.value.message


def test_a_thread_that_gives_up_waiting_lets_no_other_process_in(db: Path) -> None:
    gate = Gate(db, timeout=0)
    caught: list[object] = []

    def try_it() -> None:
        try:
            seen(gate)
        except Busy as error:
            caught.append(error.message)

    with gate.write() as connection:
        connection.execute("INSERT INTO t(v) VALUES(1)")
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
        assert "has been writing" in answer("say(told(lambda: rows(Gate(path, timeout=0))))", db)[0]
    assert caught == [f"{db} is busy: another part of this program is using it"]
    assert seen(gate) == (301, 1)


def test_another_sqlite_program_is_waited_for_and_named_as_such(db: Path) -> None:
    foreign = sqlite3.connect(db, isolation_level=None)
    foreign.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Busy, match="other than TaskTerm"), Gate(db, timeout=0).read():
        pass
    foreign.execute("COMMIT")
    foreign.close()
    assert seen(Gate(db, timeout=0)) == (300, 0)


def test_a_link_to_the_database_leads_through_the_same_door(db: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.db"
    link.symlink_to(db)
    with another(HOLD_WRITE, link), pytest.raises(Busy, match="has been writing"), Gate(db, timeout=0).read():
        pass
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["link.db"]


@pytest.mark.parametrize("replaced", [False, True], ids=["deleted", "replaced"])
def test_a_lock_file_deleted_or_replaced_between_transactions_is_noticed(db: Path, replaced: bool) -> None:
    gate = Gate(db, timeout=0)
    add(gate)
    os.rename(f"{db}.lock", f"{db}.old")
    if replaced:
        Path(f"{db}.lock").touch()
    with gate.write() as connection:
        connection.execute("INSERT INTO t(v) VALUES(1)")
        assert "has been writing" in answer("say(told(lambda: add(Gate(path, timeout=0))))", db)[0]
    assert seen(gate) == (302, 2)


def test_a_waiter_whose_lock_file_was_replaced_goes_to_the_new_one(db: Path, tmp_path: Path) -> None:
    waiter = "say('in')\nadd(Gate(path))\nsay('written')"
    gate = Gate(db, timeout=0)
    with another(HOLD_READ, db) as reader, another(waiter, db) as writer:
        assert reader.stdin is not None
        assert writer.stdout is not None
        until_busy(gate)
        Path(tmp_path / "new").touch()
        os.replace(tmp_path / "new", f"{db}.lock")
        with another(HOLD_READ, db):  # at the new file; what the writer waits for is the old one
            reader.stdin.write("go\n")
            reader.wait(30)
            assert "other programs are reading it" in until_busy(gate)
        assert writer.stdout.readline() == "written\n"


def test_the_lock_has_a_high_descriptor_also_where_few_are_allowed(db: Path) -> None:
    code = """
import resource
if len(sys.argv) > 2: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
add(Gate(path)); add(Gate(path))
folder = "/proc/self/fd/"
say(*(fd for fd in os.listdir(folder) if os.path.exists(folder + fd) and os.readlink(folder + fd).endswith(".lock")))
"""
    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("no /proc here")
    assert [int(line) >= 900 for line in answer(code, db)] == [True]
    assert [50 <= int(line) < 64 for line in answer(code, db, "few")] == [True]


# ── fork ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_parent_and_forked_child_exclude_each_other(db: Path) -> None:
    code = """
gate = Gate(path, timeout=0)
add(gate)
here, there = os.pipe(), os.pipe()
if os.fork() == 0:
    with gate.write() as c:
        c.execute("INSERT INTO t(v) VALUES(10)")
        os.write(here[1], b"x"); os.read(there[0], 1)
    os._exit(0)
os.read(here[0], 1)
say(told(lambda: rows(gate)).split(":")[0])
os.write(there[1], b"x"); os.wait()
say(*rows(gate))
"""
    assert answer(code, db) == ["Busy", "302 11.0"]


@pytest.mark.parametrize("end", ["sys.exit(0)", "pass", "raise SystemExit", "import gc; del c; gc.collect()"])
def test_a_child_forked_inside_a_transaction_cannot_end_or_undo_it(db: Path, end: str) -> None:
    code = f"""
gate = Gate(path)
def work():
    with gate.write() as c:
        spill(c)
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            {end}
        else:
            os.waitpid(child, 0)
            say(*c.execute("PRAGMA integrity_check").fetchone())
        if child: c.execute("INSERT INTO t(v) VALUES(1)")
    if child == 0: say("the child came out as if it had committed")
try: work()
except RuntimeError: pass  # in the child: only the parent can end it
else: say(*rows(gate))
"""
    assert answer(code, db) == ["ok", "301 300001.0"]


# ── dead writers, WAL ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("block", ["read", "write"])
def test_a_writer_killed_with_pages_in_the_file_is_rolled_back_by_whoever_comes_next(db: Path, block: str) -> None:
    gate = Gate(db)
    assert seen(gate) == (300, 0)
    assert program(DIE_HOT, db).returncode == -signal.SIGKILL
    assert journal(db)[:1] not in (b"", b"\0")  # the journal is hot, so the test is one
    with getattr(gate, block)() as connection:
        assert connection.execute("SELECT count(*), sum(v), max(length(pad)) FROM t").fetchone() == (300, 0, 400)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert (gate.stats["hot"], gate.now) == (1, True)
    assert journal(db)[:1] in (b"", b"\0")
    add(gate)
    assert (seen(gate), gate.stats["hot"], gate.now) == ((301, 1), 1, False)


def test_a_hot_journal_is_rolled_back_alone_never_beside_another_reader(db: Path) -> None:
    assert program(DIE_HOT, db).returncode == -signal.SIGKILL
    with another(
        "import fcntl\nf = os.open(path + '.lock', os.O_RDWR)\nfcntl.lockf(f, fcntl.LOCK_SH, 1, 1 << 30)\n"
        "say('in'); sys.stdin.readline()",
        db,
    ):
        with pytest.raises(Busy, match="other programs are reading"):
            seen(Gate(db, timeout=0.05))
        assert journal(db)[:1] not in (b"", b"\0")
    assert seen(Gate(db)) == (300, 0)


@pytest.mark.parametrize("block", ["read", "write"])
def test_a_file_left_in_wal_mode_is_converted_with_all_it_holds(db: Path, block: str) -> None:
    code = """
c = sqlite3.connect(path, isolation_level=None)
c.execute("PRAGMA journal_mode=WAL"); c.execute("INSERT INTO t(v) VALUES(5)")
os._exit(0)
"""
    answer(code, db)
    assert os.path.getsize(f"{db}-wal") > 0
    with getattr(Gate(db), block)() as connection:
        assert connection.execute("SELECT count(*), sum(v) FROM t").fetchone() == (301, 5)
    assert not os.path.exists(f"{db}-wal")
    assert db.read_bytes()[18:20] == b"\1\1"  # the header's write and read version: rollback journal


@pytest.mark.parametrize("block", ["read", "write"])
def test_a_wal_file_that_another_program_has_open_is_refused_with_advice(db: Path, block: str) -> None:
    foreign = sqlite3.connect(db, isolation_level=None)
    foreign.execute("PRAGMA journal_mode=WAL")
    foreign.execute("SELECT * FROM t").fetchone()
    with pytest.raises(StoreError, match="is in WAL mode") as caught, getattr(Gate(db, timeout=0.1), block)():
        pass
    assert "close every program" in caught.value.hint
    foreign.close()
    assert seen(Gate(db)) == (300, 0)


# ── interrupts ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("block", ["write", "read"])
def test_an_interrupt_at_any_moment_leaves_the_gate_open_for_all(db: Path, block: str) -> None:
    files = (gate_module.__file__, lockfile_module.__file__)
    probe = """
say('in')
import fcntl
for line in sys.stdin:
    fd = os.open(path + '.lock', os.O_RDWR)
    try: fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB, 2, 1 << 30); found = 'free'
    except OSError: found = 'locked'
    os.close(fd)
    say(found)
"""

    def once(number: int) -> tuple[bool, bool]:
        """Interrupt after the call of that number: whether it came, and whether the block had been left well."""
        count = 0
        left = False

        def profile(frame: object, event: str, argument: object) -> None:
            nonlocal count
            if event in ("call", "c_return") and frame.f_code.co_filename in files:  # type: ignore[attr-defined]
                count += 1
                if count == number:
                    sys.setprofile(None)
                    raise KeyboardInterrupt

        session = getattr(Gate(db, timeout=0), block)()
        try:
            sys.setprofile(profile)
            with session as connection:
                if block == "write":
                    connection.execute("INSERT INTO t(v) VALUES(1)")
            left = True
        except KeyboardInterrupt:
            return True, False
        finally:
            sys.setprofile(None)
            session = connection = None
        return False, left

    add(Gate(db))
    came, number = True, 0
    with another(probe, db) as judge:
        assert judge.stdin is not None
        assert judge.stdout is not None
        while came:
            number += 1
            came, left = once(number)
            judge.stdin.write("?\n")
            assert (number, judge.stdout.readline()) == (number, "free\n")
            done: list[object] = []
            thread = threading.Thread(target=lambda: done.append(seen(Gate(db, timeout=0))))  # noqa: B023
            thread.start()
            thread.join()
            assert (number, len(done)) == (number, 1)
    assert left
    assert number > 30  # the interrupts did come, one for each call of the way in and out


# ── what cannot be written ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody may enter and only its owner may write."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)
        os.chmod(folder, 0o755)


STRANGER = """
if os.getuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)
gate = Gate(path, timeout=0.05)
say(told(lambda: rows(gate)))
say(told(lambda: add(gate)))
"""


def lock_up(db: Path) -> None:
    """Root ignores modes and becomes somebody else in STRANGER; an ordinary owner takes them away from himself."""
    for path in db.parent.iterdir():
        os.chmod(path, 0o444)
    os.chmod(db.parent, 0o555)


@pytest.mark.parametrize("used", [True, False], ids=["with a lock file", "without a lock file"])
def test_a_read_only_database_in_a_read_only_folder_can_be_read(public: Path, used: bool) -> None:
    db = make(public / "tasks.db")
    if used:
        add(Gate(db), 0)
    before = sorted(os.listdir(public))
    lock_up(db)
    said = answer(STRANGER, db)
    assert said == [f"({300 + used}, 0.0)", f"ReadOnly: {db} is read-only here"]
    assert sorted(os.listdir(public)) == before


def test_a_stranger_who_may_only_read_respects_a_writer(public: Path) -> None:
    db = make(public / "tasks.db")
    with another(HOLD_WRITE, db):
        lock_up(db)
        said = answer(STRANGER, db)
    assert said[0].startswith(f"Busy: {db} is busy: ana on ")


def test_half_a_write_is_never_read_where_it_cannot_be_undone(public: Path) -> None:
    db = make(public / "tasks.db")
    assert program(DIE_HOT, db).returncode == -signal.SIGKILL
    lock_up(db)
    said = answer(STRANGER, db)
    assert said[0] == f"ReadOnly: {db} holds a half-finished write of a program that died, and is read-only here"


def test_a_writable_file_in_a_folder_that_takes_no_journal_is_read_only(public: Path) -> None:
    db = make(public / "tasks.db")
    lock_up(db)
    os.chmod(db, 0o666)
    assert answer(STRANGER, db) == ["(300, 0.0)", f"ReadOnly: {db} is read-only here"]


def test_a_read_only_error_says_what_to_do(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(ReadOnly) as caught:
        add(Gate(db))
    assert "permission" in caught.value.hint
    assert not os.path.exists(f"{db}.lock")


def test_a_file_that_became_writable_can_be_written_by_the_same_process(public: Path) -> None:
    db = make(public / "tasks.db")
    add(Gate(db), 0)
    code = """
here, there = os.pipe(), os.pipe()
if os.fork() == 0:
    if os.getuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)
    gate = Gate(path)
    say(told(lambda: rows(gate)), told(lambda: add(gate)))
    os.write(here[1], b"x"); os.read(there[0], 1)
    say(told(lambda: add(gate)))
    os._exit(0)
os.read(here[0], 1)
os.chmod(os.path.dirname(path), 0o777)
for name in os.listdir(os.path.dirname(path)): os.chmod(os.path.join(os.path.dirname(path), name), 0o666)
os.write(there[1], b"x"); os.wait()
"""
    lock_up(db)
    assert answer(code, db) == [f"(301, 0.0) ReadOnly: {db} is read-only here", "written"]


def namespace(script: str) -> tuple[str, ...]:
    """Words that run a program after `script` changed the mounts, for that program only. Skips where not allowed."""
    words = ("unshare", "-rm", "sh", "-ec", script + '\nexec "$@"', "sh")
    try:
        tried = subprocess.run([*words, "true"], capture_output=True, text=True, timeout=30)
    except OSError as error:
        pytest.skip(f"no mounts of one's own here: {error}")
    if tried.returncode:
        pytest.skip(f"no mounts of one's own here: {tried.stderr.strip()}")
    return words


@pytest.mark.parametrize("used", [True, False], ids=["with a lock file", "without a lock file"])
def test_a_database_on_a_read_only_mount_can_be_read(db: Path, used: bool) -> None:
    if used:
        add(Gate(db), 0)
    before = namespace(f"mount --bind '{db.parent}' '{db.parent}'; mount -o remount,ro,bind '{db.parent}'")
    said = answer("gate = Gate(path)\nsay(told(lambda: rows(gate)))\nsay(told(lambda: add(gate)))", db, before=before)
    assert said == [f"({300 + used}, 0.0)", f"ReadOnly: {db} is read-only here"]


def test_lock_file_and_journal_get_the_permissions_of_the_database(db: Path) -> None:
    os.chmod(db, 0o664)
    assert answer("os.umask(0o077)\nsay(add(Gate(path)))", db) == ["written"]
    for path in (f"{db}.lock", f"{db}-journal"):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o664


@pytest.mark.parametrize("suffix", [".lock", "-journal"])
def test_a_link_in_place_of_lock_file_or_journal_is_refused_and_its_target_untouched(db: Path, suffix: str) -> None:
    target = db.parent / "precious"
    target.write_text("precious")
    os.symlink(target, f"{db}{suffix}")
    with pytest.raises(StoreError, match="symbolic link"):
        add(Gate(db))
    assert target.read_text() == "precious"


# ── full disks ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_full_disk_is_named_nothing_is_lost_and_later_writes_work(tmp_path: Path) -> None:
    before = namespace(f"mount -t tmpfs -o size=600k tmpfs '{tmp_path}'")
    code = """
gate = Gate(path)
with gate.write(create=True) as c: c.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, v INT, pad TEXT)")
add(gate, 7)
filler = os.path.join(os.path.dirname(path), "filler")
def grow():
    with gate.write() as c:
        for _ in range(3000): c.execute("INSERT INTO t(v, pad) VALUES(1, ?)", ("y" * 1000,))
say(told(grow))
say(*rows(gate))
add(gate, 1)
say(*rows(gate))
with open(filler, "wb", buffering=0) as f:
    try:
        while True: f.write(b"x" * 4096)
    except OSError: pass
os.unlink(path + "-journal"); os.unlink(path + ".lock")
say(*rows(gate))          # reading needs no room
say(told(lambda: add(gate)))
os.unlink(filler)
say(add(gate, 1), *rows(gate))
with gate.read() as c: say(*c.execute("PRAGMA integrity_check").fetchone())
"""
    full = f"DiskError: {tmp_path}/tasks.db could not be written: the disk is full"
    said = answer(code, tmp_path / "tasks.db", before=before)
    assert said == [full, "1 7.0", "2 8.0", "2 8.0", full, "written 3 9.0", "ok"]


def test_a_size_limit_in_the_middle_of_a_write_undoes_it_and_later_writes_work(db: Path) -> None:
    code = """
import resource
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
gate = Gate(path)
size = os.path.getsize(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 8192, resource.RLIM_INFINITY))
def grow():
    with gate.write() as c:
        for _ in range(500): c.execute("INSERT INTO t(v, pad) VALUES(1, ?)", ("y" * 1000,))
say(told(grow))
say(*rows(gate))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
os.unlink(path + ".lock")
say(told(lambda: add(gate)))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
say(add(gate), *rows(gate))
"""
    said = answer(code, db)
    assert said[0] == f"DiskError: {db} could not be written: disk I/O error"
    assert said[1] == "300 0.0"
    assert said[2] == f"DiskError: {db} could not be written: the disk is full"
    assert said[3] == "written 301 1.0"


def test_a_database_at_its_page_limit_says_that_the_disk_is_full(db: Path) -> None:
    gate = Gate(db)

    def grow() -> None:
        with gate.write() as connection:
            connection.execute("PRAGMA max_page_count=1")
            connection.executemany("INSERT INTO t(v, pad) VALUES(1, ?)", [("y" * 1000,)] * 100)

    with pytest.raises(DiskError, match="the disk is full") as caught:
        grow()
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    assert "nothing of this change was kept" in caught.value.hint
    add(gate)
    assert seen(gate) == (301, 1)


# ── what is no database ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("block", ["read", "write"])
def test_a_text_file_is_refused_by_name_and_not_touched(tmp_path: Path, block: str) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Buy milk.\n" * 1000)
    with pytest.raises(StoreError) as caught, getattr(Gate(notes), block)():
        pass
    assert caught.value.message == f"{notes} is not a TaskTerm database (it is not an SQLite file)"
    assert caught.value.hint
    assert notes.read_text() == "Buy milk.\n" * 1000


def test_a_missing_file_a_folder_and_a_missing_folder_are_told_apart_and_nothing_is_made(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    for path, create, expected in [
        (missing, False, f"{missing} does not exist"),
        (tmp_path, True, f"{tmp_path} is not a file"),
        (tmp_path / "no" / "x.db", True, f"the folder of {tmp_path}/no/x.db does not exist"),
    ]:
        with pytest.raises(StoreError) as caught, Gate(path).write(create=create):
            pass
        assert caught.value.message == expected
    with pytest.raises(StoreError, match="does not exist"), Gate(missing).read():
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_made_when_asked(tmp_path: Path) -> None:
    gate = Gate(tmp_path / "new.db")
    with gate.write(create=True) as connection:
        connection.execute("CREATE TABLE t(v INT)")
    with gate.write(create=True) as connection:
        connection.execute("INSERT INTO t VALUES(3)")
    assert seen(gate) == (1, 3)


def test_a_damaged_database_says_so(db: Path) -> None:
    with open(db, "r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 3)
    with pytest.raises(StoreError, match="is damaged"):
        seen(Gate(db))


@pytest.mark.parametrize("name", ["a b.db", "50%41#x?mode=memory&y.db", "naïve 日本語.db", os.fsdecode(b"\xff\xfe.db")])
def test_any_file_name_works(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "with space #1?%20"
    folder.mkdir()
    try:
        db = make(folder / name)
    except (OSError, sqlite3.OperationalError) as error:
        pytest.skip(f"this filesystem refuses the name: {error}")
    add(Gate(db))
    assert seen(Gate(db)) == (301, 1)
    assert answer("say(*rows(Gate(os.fsencode(path).decode('utf-8', 'surrogateescape'))))", db) == ["301 1.0"]
    assert sorted(path.name for path in folder.iterdir()) == sorted([name, f"{name}-journal", f"{name}.lock"])


# ── watching ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_watch_sees_every_commit_of_others_once(db: Path) -> None:
    watch = Gate(db).watch()
    assert watch.changed() is False
    answer("add(Gate(path))", db)
    assert (watch.changed(), watch.changed()) == (True, False)
    add(Gate(db))
    assert (watch.changed(), watch.changed()) == (True, False)
    with Gate(db).write() as connection:
        connection.execute("DELETE FROM t")
        connection.execute("ROLLBACK")
        connection.execute("BEGIN")
    assert watch.changed() is False
    watch.close()
    watch.close()


def test_a_watch_holds_no_lock_between_two_questions_and_waits_for_nobody(db: Path) -> None:
    watch = Gate(db).watch()
    watch.changed()
    foreign = sqlite3.connect(db, isolation_level=None, timeout=0)
    foreign.execute("BEGIN EXCLUSIVE")  # needs that nobody holds any lock
    foreign.execute("INSERT INTO t(v) VALUES(1)")
    assert watch.changed() is False
    foreign.execute("COMMIT")
    foreign.close()
    assert watch.changed() is True
    watch.close()


def test_a_watch_that_ends_during_a_write_drops_no_lock(db: Path) -> None:
    gate = Gate(db)
    watch = gate.watch()
    with gate.write() as connection:
        connection.execute("INSERT INTO t(v) VALUES(1)")
        watch.changed()
        watch.close()
        code = "c = sqlite3.connect(path, timeout=0, isolation_level=None)\n"
        assert answer(code + "say(told(lambda: c.execute('BEGIN IMMEDIATE')))", db) == [
            "OperationalError: database is locked"
        ]
    assert seen(gate) == (301, 1)


def test_a_watch_notices_a_dead_writer_and_another_file_in_its_place(db: Path, tmp_path: Path) -> None:
    gate = Gate(db)
    watch = gate.watch()
    assert program(DIE_HOT, db).returncode == -signal.SIGKILL
    assert watch.changed() is True
    assert seen(gate) == (300, 0)
    watch.changed()
    os.replace(make(tmp_path / "restored.db", rows=2), db)
    assert (watch.changed(), watch.changed()) == (True, False)
    assert seen(gate) == (2, 0)
    db.unlink()
    with pytest.raises(StoreError, match="does not exist"):
        watch.changed()
    watch.close()


def test_a_watch_without_sqlites_locks_is_refused(db: Path) -> None:
    with pytest.raises(RuntimeError, match="compare operation numbers"):
        Gate(db, nolock=True).watch()


# ── cost ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_importing_the_gate_loads_nothing_that_quick_commands_would_have_to_wait_for() -> None:
    code = "import os, sqlite3, sys; old = set(sys.modules); import taskterm.store.gate; print(*set(sys.modules) - old)"
    done = subprocess.run([sys.executable, "-S", "-c", code], env=environment(), capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "taskterm.store.gate" in loaded
    assert {name for name in loaded if name.split(".")[0] != "taskterm"} <= {"__future__", "fcntl", "errno"}
