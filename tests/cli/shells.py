"""A real shell on a terminal of its own, with taskterm on its path: what does a press of tab leave on the line?"""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from fcntl import ioctl
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

# Ctrl+O shows the line between brackets that no title holds, and empties it.
START = {
    "bash": (
        ["bash", "--norc", "--noprofile", "-i"],
        r"""PS1='> '; bind 'set bell-style none'; bind 'set completion-query-items 500'; bind 'set page-completions off'
show() { printf '\n<<%s>>\n' "$READLINE_LINE"; READLINE_LINE=; READLINE_POINT=0; }
bind -x '"\C-o": show'
source <(taskterm completion bash)
printf '%s\n' rea''dy
""",
    ),
    "zsh": (
        ["zsh", "-f", "-i"],
        r"""PS1='> '; unsetopt beep; LISTMAX=500; autoload -Uz compinit; compinit -u -D
show() { print; print -r -- "<<$BUFFER>>"; BUFFER=; }; zle -N show; bindkey '^O' show
source <(taskterm completion zsh)
printf '%s\n' rea''dy
""",
    ),
    "fish": (
        ["fish", "--no-config", "-i"],
        r"""function fish_prompt; echo '> '; end; set -g fish_greeting; set -g fish_autosuggestion_enabled 0
bind \co 'set -l line (commandline); commandline ""; printf "\n<<%s>>\n" "$line"'
taskterm completion fish | source
printf '%s\n' rea''dy
""",
    ),
}


def path_with_taskterm(folder: Path) -> str:
    """A PATH on which `taskterm` is the program of this tree."""
    folder.mkdir(exist_ok=True)
    program = folder / "taskterm"
    program.write_text(f"#!/bin/sh\nPYTHONPATH='{REPOSITORY}' exec '{sys.executable}' -m taskterm \"$@\"\n")
    program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


class Shell:
    """An interactive shell; skips the test where it is not installed."""

    def __init__(self, name: str, env: Mapping[str, str], folder: Path) -> None:
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not installed")
        words, first = START[name]
        self._terminal, other = pty.openpty()
        ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 100, 0, 0))
        self._process = subprocess.Popen(
            words,
            stdin=other,
            stdout=other,
            stderr=other,
            cwd=folder,
            env={**env, "PATH": path_with_taskterm(folder / "bin"), "TERM": "xterm"},
            start_new_session=True,
            preexec_fn=lambda: ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(other)
        self.shown = ""
        for line in first.splitlines():
            os.write(self._terminal, (line + "\n").encode())
        self._until(r"[\r\n]ready\r?\n")

    def complete(self, line: str, tabs: int = 1) -> str:
        """The line as it is after it was typed and tab was pressed; `shown` holds what came on the screen meanwhile."""
        self.shown = ""
        os.write(self._terminal, line.encode())
        for _ in range(tabs):
            os.write(self._terminal, b"\t")
        os.write(self._terminal, b"\x0f")
        return self._until(r"<<(.*?)>>")[1]

    def close(self) -> None:
        """Ends the shell."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._terminal)

    def _until(self, pattern: str, seconds: float = 40.0) -> re.Match[str]:
        end = time.monotonic() + seconds
        while True:
            found = re.search(pattern, self.shown)
            if found:
                return found
            assert time.monotonic() < end, f"{pattern} never came: {self.shown!r}"
            ready, _, _ = select.select([self._terminal], [], [], 0.2)
            if ready:
                self.shown += os.read(self._terminal, 65536).decode("utf-8", "replace")
