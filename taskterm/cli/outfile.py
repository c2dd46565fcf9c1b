"""Writing an answer to a file that the user named, whole or not at all."""

from __future__ import annotations

import os

from taskterm.cli.session import Session
from taskterm.core.display import visible
from taskterm.core.errors import RuleError


def write_file(session: Session, path: str, text: str) -> None:
    """Writes the file whole or not at all; one that is there is replaced, but never the database itself."""
    try:
        if os.path.exists(path) and os.path.samefile(path, session.path):
            raise RuleError(f"{visible(path)} is the database itself", "name another file")
        data = text.encode("utf-8", "replace")
        if os.path.exists(path) and not os.path.isfile(path):  # a device or a pipe
            with open(path, "wb") as file:
                file.write(data)
            return
        final = os.path.realpath(path)
        aside = f"{final}.{os.getpid()}.part"
        try:
            with open(aside, "xb") as file:
                file.write(data)
            if os.path.exists(final):
                os.chmod(aside, os.stat(final).st_mode & 0o777)
            os.replace(aside, final)
        except BaseException:
            if os.path.exists(aside):
                os.unlink(aside)
            raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it cannot be the name of a file"
        raise RuleError(f"{visible(path)} cannot be written: {reason}", "name another file with -o") from None
