"""How this very program was called, for advice that works when it is pasted: a bare clone has no `taskterm` to call."""

from __future__ import annotations

import os
import sys


def called() -> str:
    """`taskterm` where that name leads here, else the words it was started with: `.venv/bin/python -m taskterm`.

    Quoted for a shell, and good for the folder that is the current one now.
    """
    import shlex
    import shutil

    script = sys.argv[0]
    if os.path.basename(script) != "__main__.py":
        found = shutil.which("taskterm")
        same = found is not None and os.path.exists(script) and os.path.samefile(found, script)
        return "taskterm" if same or not script else shlex.quote(script)
    words = sys.orig_argv
    if "-m" in words[:-1]:
        return shlex.join(words[: words.index("-m") + 2])
    return shlex.join([words[0] or sys.executable, "-m", "taskterm"])
