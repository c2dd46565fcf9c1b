"""Who owns a run: a process on a machine, told apart from every later process that gets the same number.

A process is alive only if machine, boot, process number and start time all agree. Where a different machine or a
different container may be meant, the answer is "unknown", never "dead". Also finds what a dead owner left running,
by the mark that every step carries in its environment.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from taskterm import settings
from taskterm.core.digest import sha256
from taskterm.core.model import Run

MARK = "TASKTERM_MARK"
"""The environment variable by which the processes of a step are known: database, run, attempt."""


class Owner(NamedTuple):
    """The fields of a run that name its owner."""

    host: str
    boot_id: str
    pid: int
    pid_started: str
    user: str


def this_process() -> Owner:
    """This process as an owner of runs."""
    pid = os.getpid()
    return Owner(settings.host(), boot_id(), pid, start_time(pid) or "", login())


@cache
def login() -> str:
    """The account this process acts with, whatever the environment says."""
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


@cache
def boot_id() -> str:
    """Machine, boot and process namespace, joined by colons; each part is empty where it cannot be told."""
    if sys.platform != "linux":
        boot = _output("sysctl", "-n", "kern.boottime").split("}")[0]
        return f"{_hashed(_output('sysctl', '-n', 'kern.uuid'))}:{_hashed(boot)}:"
    machine = _hashed(_text("/etc/machine-id"))
    try:
        namespace = os.readlink("/proc/self/ns/pid").strip("pid:[]")
    except OSError:
        namespace = ""
    return f"{machine}:{_text('/proc/sys/kernel/random/boot_id').strip()}:{namespace}"


def start_time(pid: int) -> str | None:
    """When a process started, in the words of its system; None if there is no such process or it is a zombie."""
    if sys.platform != "linux":
        return _output("ps", "-o", "lstart=", "-p", str(pid)).strip() or None
    stat = _text(f"/proc/{pid}/stat")
    fields = stat.rpartition(")")[2].split()
    return None if len(fields) < 20 or fields[0] in "ZX" else fields[19]


def state_of(run: Run) -> str:
    """`alive`, `dead` or `unknown` (another machine or container; or no owner is on record)."""
    if run.pid is None or not run.boot_id or run.host != settings.host():
        return "unknown"
    theirs, ours = run.boot_id.split(":"), boot_id().split(":")
    if len(theirs) != 3 or theirs[0] != ours[0]:
        return "unknown"
    if theirs[1] != ours[1]:
        return "dead"
    if theirs[2] != ours[2]:
        return "unknown"
    return "alive" if start_time(run.pid) == run.pid_started else "dead"


def mark(database_uuid: str, run_id: int, attempt_id: int | None = None) -> str:
    """The mark of an attempt; without one, what the marks of all attempts of a run begin with."""
    return f"{database_uuid}/{run_id}/" + ("" if attempt_id is None else f"{attempt_id}/")


def marked(prefix: str) -> list[int]:
    """Processes whose mark begins with `prefix`. Those of other users cannot be seen, nor could they be ended."""
    wanted = f"{MARK}={prefix}".encode()
    if sys.platform != "linux":
        found = _output("ps", "-E", "-ww", "-A", "-o", "pid=,command=").splitlines()
        pids = [int(line.split(None, 1)[0]) for line in found if wanted.decode() in line]
    else:
        pids = [pid for pid in _processes() if _carries(pid, wanted)]
    return [pid for pid in pids if pid != os.getpid()]


def _processes() -> Iterator[int]:
    for name in os.listdir("/proc"):
        if name.isdigit():
            yield int(name)


def _carries(pid: int, wanted: bytes) -> bool:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return (b"\0" + file.read()).find(b"\0" + wanted) >= 0
    except OSError:
        return False


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _hashed(text: str) -> str:
    """Machine ids are not meant to be told to others; a short hash tells two machines apart as well."""
    return sha256(text.strip().encode()).hexdigest()[:12] if text.strip() else ""


def _output(*words: str) -> str:
    """What a system tool prints; empty where it is missing or fails."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
