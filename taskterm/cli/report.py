"""The one place that words errors on stderr and knows the exit codes: read on to learn how a command may end.

0 done · 1 refused, not found, a step failed, or a defect · 2 usage · 3 the database is busy or out of reach · 4 not
trusted to run · 130 interrupted. Nobody ever sees a traceback: it goes into a file that the message names.
"""

from __future__ import annotations

import os
import sys

from taskterm.core.errors import TaskTermError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

INTERRUPTED = 130
_LONGEST = 1000


def failed(error: BaseException) -> int:
    """Tells what went wrong, and answers the exit code."""
    if isinstance(error, TaskTermError):
        _flush()
        tell_error(error)
        return error.exit_code
    if isinstance(error, KeyboardInterrupt):
        _drop_output()
        tell("interrupted")
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        _drop_output()
        return 0  # the reader had enough, as in `taskterm list | head -1`
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 0 if error.code is None else 1
    if isinstance(error, OSError) and _is_output(error):
        _drop_output()
        tell(f"taskterm: the answer could not be written: {error.strerror}")
        return 1
    return _defect(error)


def tell_error(error: TaskTermError) -> None:
    """An expected error: what is wrong, then what to do next."""
    lines = error.message.split("\n")
    for line in lines:
        tell(line if len(lines) > 1 else f"taskterm: {line}")  # several lines: each begins with its own place
    if error.hint:
        tell(f"  {error.hint}")


def tell(line: str) -> None:
    """One line on stderr, harmless for the terminal, and of a length that somebody can read."""
    from taskterm.core.display import visible

    if len(line) > _LONGEST:
        line = line[: _LONGEST - 1] + "…"
    try:
        sys.stderr.write(visible(line) + "\n")
    except (OSError, ValueError, AttributeError):
        pass  # stderr is closed: there is nobody to tell


_OTHER_WORDS = {
    "list": "ls all tasks status report search find filter",
    "list ready": "ready",
    "list blocked": "blocked",
    "list late": "overdue late",
    "list sort:project": "projects",
    "help dates": "repeat recur recurrence",
    "export --format json": "dump backup",
    "delete": "rm remove del purge",
    "add": "new create todo task capture",
    "done": "complete finish close resolve",
    "edit": "modify mod change update set rename",
    "edit 12 +web": "tag label",
    "edit 12 due:fri pri:H": "due priority prio schedule",
    "show": "info cat describe",
    "comment": "annotate say",
    "start": "begin claim",
    "stop": "pause",
    "stop-run 3": "abort kill",
    "link 12 --after 3": "depend depends dep block needs",
    "assign 12 @ana": "own owner give",
    "logs": "log output",
    "history": "journal activity",
    "graph": "dag diagram draw",
    "board": "kanban",
    "tree": "deps dependencies",
    "run": "exec execute",
    "config": "settings preferences",
    "--version": "version",
    "": "tui ui open gui",
}
"""What is typed here behind `taskterm`, and the words that people who come from elsewhere type for it."""


def unknown_verb(verb: str, verbs: Collection[str], topics: Collection[str] = ()) -> UsageError:
    """What to say to a word that is no command, and no topic of the help."""
    from taskterm.core.wording import closest, shown

    if not verb.strip():
        return UsageError("the command is an empty word", "quote what your shell would swallow; see: taskterm --help")
    if verb.startswith("-"):
        from taskterm.cli.options import COMMON

        meant = closest(verb, [option.name for option in COMMON], 0.7)
        guess = f"; did you mean {meant}?" if meant else ""
        return UsageError(f"there is no option {shown(verb)}{guess}", "see: taskterm --help")
    first, *more = verb.split()
    if more and first in verbs:
        return UsageError(f"{shown(verb)!r} came as one word", f"leave the quotes out: taskterm {shown(verb)}")
    other = next((here for here, words in _OTHER_WORDS.items() if verb.lower() in words.split()), None)
    if other is not None and (other.partition(" ")[0] in (*verbs, "help") or other in ("", "--version")):
        return UsageError(f"there is no command {shown(verb)}", f"you may want: taskterm {other}".rstrip())
    meant = closest(verb.lower(), [*verbs, *topics], 0.6)
    guess = f"; did you mean {meant}?" if meant else ""
    hint = "see them all with: taskterm --help"
    if not meant and not topics:
        hint = f'to add a task: taskterm add "{shown(verb)}"'
    return UsageError(f"there is no command {shown(verb)}{guess}", hint)


def unknown_part(verb: str, word: str | None, parts: list[str]) -> UsageError:
    """What to say to the second word of a command that has several forms."""
    from taskterm.core.wording import closest, shown

    forms = ", ".join(f"{verb} {part}" for part in parts)
    if word is None:
        return UsageError(f"{verb} needs a second word: {forms}", f"see: taskterm help {verb}")
    meant = closest(word, parts, 0.6)
    guess = f"; did you mean {verb} {meant}?" if meant else f"; there is {forms}"
    return UsageError(f"there is no command {verb} {shown(word)}{guess}", f"see: taskterm help {verb}")


def _flush() -> None:
    try:
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        _drop_output()


def _drop_output() -> None:
    """Whatever is still buffered for stdout goes nowhere, or leaving would fail on it once more."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        pass


def _is_output(error: OSError) -> bool:
    from errno import EIO, ENOSPC

    return error.filename is None and error.errno in (ENOSPC, EIO)


def _defect(error: BaseException) -> int:
    _flush()
    kind = type(error).__name__
    place = _write_trace(error)
    where = f"the details are in {place}" if place else "its details could not be written down"
    tell(f"taskterm: this is a defect of TaskTerm ({kind}); {where}")
    tell("  please report it with that file; taskterm history shows what was done")
    return 1


def _write_trace(error: BaseException) -> str | None:
    import time
    import traceback

    from taskterm import __version__, settings

    try:
        folder = settings.folder("state")
        os.makedirs(folder, mode=0o700, exist_ok=True)
        place = os.path.join(folder, "crash.log")
        fd = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with open(fd, "a", encoding="utf-8", errors="backslashreplace") as file:
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            file.write(f"{stamp} taskterm {__version__} {sys.platform} {sys.argv[1:2]}\n")
            file.write("".join(traceback.format_exception(error)) + "\n")
    except Exception:
        return None
    return place
