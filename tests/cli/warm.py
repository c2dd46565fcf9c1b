"""The program as a real process a hundred times a second: forked from one that has its modules loaded already.

A test that needs a few commands takes the `cli` fixture, which starts Python anew for each; this is for those that
need hundreds. Read on to learn what is the same: arguments, environment, folder, standard streams, exit code.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import taskterm


class Warm:
    """Runs `taskterm WORDS...` in an environment and a folder. Close it at the end."""

    def __init__(self, env: Mapping[str, str], cwd: str | Path) -> None:
        self.env, self.cwd = dict(env), str(cwd)
        self._server = subprocess.Popen(
            [sys.executable, "-c", "from tests.cli import warm; warm.serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).resolve().parents[2],
            text=True,
        )

    def __call__(
        self,
        *words: str,
        input: str | bytes = b"",
        env: Mapping[str, str | None] | None = None,
        cwd: str | Path | None = None,
        timeout: float = 60,
    ) -> subprocess.CompletedProcess[str]:
        """One command, ended. Output that is no UTF-8 comes with surrogates in it; TimeoutExpired kills the command."""
        wanted = {**self.env, **(env or {})}
        data = input.encode("utf-8", "surrogateescape") if isinstance(input, str) else input
        with tempfile.NamedTemporaryFile() as typed, tempfile.NamedTemporaryFile() as out:
            typed.write(data)
            typed.flush()
            request: dict[str, Any] = {
                "words": words,
                "env": {name: value for name, value in wanted.items() if value is not None},
                "cwd": str(cwd or self.cwd),
                "streams": [typed.name, out.name, f"{out.name}-err"],
                "timeout": timeout,
            }
            try:
                code = self._ask(request)
                if code is None:
                    raise subprocess.TimeoutExpired(words, timeout)
                said = [Path(name).read_bytes().decode("utf-8", "surrogateescape") for name in request["streams"][1:]]
            finally:
                Path(f"{out.name}-err").unlink(missing_ok=True)
        return subprocess.CompletedProcess(words, code, *said)

    def _ask(self, request: dict[str, Any]) -> int | None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        answer: int | None = json.loads(self._server.stdout.readline())
        return answer

    def close(self) -> None:
        """Ends the process that everything is forked from."""
        self._server.communicate(timeout=30)


def serve() -> None:
    """Reads requests, a line each, forks for each, and answers exit codes; null for a command that took too long."""
    for package in ("core", "store", "exchange", "runner", "cli"):
        for module in pkgutil.walk_packages([str(Path(taskterm.__path__[0], package))], f"taskterm.{package}."):
            if "migrations.versions" not in module.name:
                importlib.import_module(module.name)
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(request)
        sys.stdout.write(json.dumps(_ended(child, request["timeout"])) + "\n")
        sys.stdout.flush()


def _become(request: dict[str, Any]) -> None:
    from taskterm import cli

    words: Sequence[str] = request["words"]
    try:
        os.setsid()
        os.chdir(request["cwd"])
        os.environ.clear()
        os.environ.update(request["env"])
        time.tzset()
        for number, (name, mode) in enumerate(zip(request["streams"], ("r", "w", "w"), strict=True)):
            fd = os.open(name, os.O_RDONLY if mode == "r" else os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(fd, number)
            os.close(fd)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        sys.argv = ["taskterm", *words]
        cli.main(list(words))
    finally:
        os._exit(99)


def _ended(child: int, seconds: float) -> int | None:
    end = time.monotonic() + seconds
    pause = 0.001
    while time.monotonic() < end:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None
