"""Trust: which commands this user has typed or approved on this machine. Nothing that is not in this record runs.

A database may lie where many can write, and its journal says only what somebody claims. So the record is a file of
this user's own, outside every database: one JSON object a line, appended under a lock and synced; what is revoked is
taken out of it. It holds a hash of all that decides what a command does; editing any of it asks again.
"""

import fcntl
import json
import os
import stat
import time
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, NamedTuple

from taskterm import settings
from taskterm.core.digest import sha256
from taskterm.core.errors import NotTrusted
from taskterm.core.model import Step
from taskterm.core.wording import shown

SHORT = 12
"""Length of a hash as people see and type it."""
_READ = 1 << 18


class Approval(NamedTuple):
    """One line of the record. `how` is `typed` or `approved`; `at` is UTC text."""

    key: str
    command: str
    how: str
    at: str


DECIDING = ("run", "condition", "shell", "cwd", "env", "trusts", "host")
"""The fields of a step that decide what it does."""


def meant(trust: "Trust", before: Step, typed: Mapping[str, Any]) -> tuple[Step, list[str]]:
    """An edited step as the user means it, and the deciding fields of it that somebody else has set.

    Where there are none of these it may be recorded as typed. A command typed anew is not enough while the condition,
    the folder or the environment around it came from others; and what somebody else has changed since `before` is
    never part of the answer.
    """
    from taskterm.core.commands.steps import checked

    step = Step(before.id, before.task_id, before.position, **checked({**before._asdict(), **typed}))
    inherited = [name for name in DECIDING if name not in typed and getattr(before, name) is not None]
    return step, [] if trust.trusted(before) else inherited


def key_of(step: Step) -> str:
    """The SHA-256 (hex) of what decides what a step does: command, shell, folder, names in its environment, condition,
    host, and the content of the scripts it lists. A listed script that cannot be read counts as such, and so a script
    that appears later asks again.
    """
    parts = {
        "command": step.run,
        "shell": step.shell or "/bin/sh",
        "cwd": step.cwd,
        "env": sorted(named_values(step.env)),
        "condition": step.condition,
        "host": step.host,
        "scripts": {path: _digest(path, step.cwd) for path in listed(step.trusts)},
    }
    return sha256(json.dumps(parts, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def named_values(text: str | None) -> dict[str, str]:
    """The JSON object of a step's `env`; anything else that somebody put there counts as nothing."""
    found = _json(text)
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def listed(text: str | None) -> list[str]:
    """The JSON array of a step's `trusts`; anything else counts as nothing."""
    found = _json(text)
    return [str(path) for path in found] if isinstance(found, list) else []


def _json(text: str | None) -> object:
    try:
        return json.loads(text or "null")
    except ValueError:
        return None


def _digest(path: str, cwd: str | None) -> str | None:
    full = os.path.join(cwd or os.path.expanduser("~"), os.path.expanduser(path))
    try:
        with open(full, "rb") as file:
            digest = sha256()
            while read := file.read(_READ):
                digest.update(read)
            return digest.hexdigest()
    except OSError:
        return None


class Trust:
    """The record of one user on one machine. Reads again whenever the file has grown; safe for several processes.

    `warnings` says what was wrong with the file when it was last read; a wrong line trusts nothing. What adds to the
    record raises OSError where it cannot be written; then nothing new is trusted.
    """

    def __init__(self, path: str | None = None) -> None:
        self.path = path or settings.trust_path()
        self.warnings: tuple[str, ...] = ()
        self._seen: tuple[int, int] | None = None
        self._known: dict[str, Approval] = {}

    def trusted(self, step: Step) -> bool:
        """Whether this very command was typed or approved here."""
        return key_of(step) in self._read()

    def pending(self, steps: Iterable[Step]) -> list[Step]:
        """Those of the steps that have to be approved before they may run."""
        known = self._read()
        return [step for step in steps if key_of(step) not in known]

    def approve(self, steps: Iterable[Step]) -> list[Step]:
        """Records that the user has seen these commands and wants them to run; answers those that are new."""
        return self._add(steps, "approved")

    def record_typed(self, step: Step) -> None:
        """Records that the user has just typed this command here, which is as good as an approval."""
        self._add([step], "typed")

    def revoke(self, keys: Iterable[str]) -> list[Approval]:
        """Takes approvals off the record; answers those that were on it. Lines that are no approvals stay."""
        wanted = set(keys)
        if not os.path.exists(self.path):
            return []
        with self._locked() as file:
            fd = file.fileno()
            gone = {key: approval for key, approval in self._read().items() if key in wanted}
            if gone:
                lines = os.pread(fd, os.fstat(fd).st_size, 0).splitlines(keepends=True)
                kept = [line for line in lines if (found := _approval(line)) is None or found.key not in gone]
                self._replace(b"".join(kept))
        return list(gone.values())

    def listing(self) -> list[Approval]:
        """Everything on record, oldest first."""
        return list(self._read().values())

    def require(self, steps: Iterable[Step]) -> None:
        """Raise NotTrusted naming the commands that are not approved here; nothing if all are."""
        waiting = self.pending(steps)
        if not waiting:
            return
        first = waiting[0]
        many = f"{len(waiting)} commands are" if len(waiting) > 1 else "1 command is"
        raise NotTrusted(
            f"{many} not approved here yet, first of #{first.task_id}: {shown(first.run)}",
            "look at them with: taskterm trust list, and approve with: taskterm trust approve "
            + " ".join(dict.fromkeys(key_of(step)[:SHORT] for step in waiting[:3]))
            + (" …" if len(waiting) > 3 else ""),
        )

    def _read(self) -> dict[str, Approval]:
        try:
            fd = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            self._seen, self._known, self.warnings = None, {}, ()
            return self._known
        except OSError as error:
            self._seen, self._known = None, {}
            self.warnings = (f"{self.path} cannot be read: {error.strerror}; nothing is trusted",)
            return self._known
        with open(fd, "rb") as file:
            facts = os.fstat(file.fileno())
            if facts.st_uid != os.geteuid() or facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                self._seen, self._known = None, {}
                self.warnings = (f"{self.path} can be written by others; nothing is trusted until you chmod 600 it",)
                return self._known
            if (facts.st_ino, facts.st_size) != self._seen:
                self._parse(file.read())
                self._seen = (facts.st_ino, facts.st_size)
        return self._known

    def _parse(self, data: bytes) -> None:
        known: dict[str, Approval] = {}
        warnings: list[str] = []
        for number, line in enumerate(data.split(b"\n"), start=1):
            if not line.strip():
                continue
            approval = _approval(line)
            if approval is None:
                warnings.append(f"{self.path}:{number}: not a line of the record; it trusts nothing")
            else:
                known[approval.key] = approval
        self._known, self.warnings = known, tuple(warnings)

    def _add(self, steps: Iterable[Step], how: str) -> list[Step]:
        with self._locked() as file:
            fd = file.fileno()
            known = self._read()
            new = {key: step for step in steps if (key := key_of(step)) not in known}
            lines = [_line(Approval(key, step.run, how, _utc_now())) for key, step in new.items()]
            if lines:
                _write_all(fd, (b"\n" if _ends_in_the_middle_of_a_line(fd) else b"") + b"".join(lines))
                os.fsync(fd)
        return list(new.values())

    def _locked(self) -> BinaryIO:
        """The record, open and locked until it is closed; made if it is missing."""
        os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
        while True:
            file = open(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600), "rb+", 0)  # noqa: SIM115
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                if os.path.samestat(os.fstat(file.fileno()), os.stat(self.path)):
                    return file
            except FileNotFoundError:
                pass
            except BaseException:
                file.close()
                raise
            file.close()  # a revocation has put another file in its place meanwhile

    def _replace(self, data: bytes) -> None:
        """Puts a new file in the place of the record, so that a crash leaves the old one or the new one whole."""
        path = os.path.realpath(self.path)
        fresh = f"{path}.new"  # one at a time: the record is locked
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            _write_all(fd, data)
            os.fsync(fd)
        finally:
            os.close(fd)
        os.replace(fresh, path)
        folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _approval(line: bytes) -> Approval | None:
    try:
        found = json.loads(line)
        approval = Approval(*(found[name] for name in Approval._fields))
    except (ValueError, KeyError, TypeError):
        return None
    fine = all(isinstance(value, str) for value in approval) and len(approval.key) == 64
    return approval if fine and approval.how in ("typed", "approved") else None


def _line(approval: Approval) -> bytes:
    return json.dumps(approval._asdict()).encode("ascii") + b"\n"


def _ends_in_the_middle_of_a_line(fd: int) -> bool:
    size = os.fstat(fd).st_size
    return size > 0 and os.pread(fd, 1, size - 1) != b"\n"


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def _utc_now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
