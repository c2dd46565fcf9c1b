"""The command line: looks at the words before it imports anything, so that quick commands stay quick.

    main ─▶ the verb's module ─▶ its Command ─▶ options.read ─▶ Session ─▶ the function of the command ─▶ exit code

Everything that ends badly ends in report.py, which alone knows the wording of errors and the exit codes.
"""

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from typing import NoReturn

    from taskterm.cli.options import Command, Given

_TASKS, _STEPS, _RUNS, _JOURNAL = "commands.tasks", "commands.steps", "commands.runs", "commands.journal"
_STATUS, _LINKS, _LOGS, _OUTSIDE = "commands.status", "commands.links", "commands.logs", "commands.outside"
VERBS = {
    "add": "quick",
    "done": "quick",
    "list": "quick_lists",
    "next": "quick_lists",
    "show": "commands.show",
    "edit": _TASKS,
    "note": "commands.note",
    "comment": _TASKS,
    "delete": _TASKS,
    "start": _STATUS,
    "stop": _STATUS,
    "cancel": _STATUS,
    "reopen": _STATUS,
    "move": _STATUS,
    "assign": _STATUS,
    "link": _LINKS,
    "unlink": _LINKS,
    "sketch": "commands.sketch",
    "tree": "commands.tree",
    "board": "commands.board",
    "why": "commands.why",
    "graph": "commands.graph",
    "column": "commands.columns",
    "step": _STEPS,
    "run": _RUNS,
    "plan": "commands.plan",
    "runs": _LOGS,
    "logs": _LOGS,
    "stop-run": _RUNS,
    "workflow": "commands.workflow",
    "trust": "commands.trust",
    "history": _JOURNAL,
    "undo": _JOURNAL,
    "redo": _JOURNAL,
    "view": "commands.views",
    "import": _OUTSIDE,
    "export": _OUTSIDE,
    "config": "commands.config",
    "completion": "commands.completion",
    "demo": "commands.demo",
    "help": "help",
}
"""Every verb and the module of this package that holds it, in the order of the help."""

_LISTED = ("column", "config", "view", "workflow", "trust")
"""Verbs of several forms that list their things where no form is named."""


def main(argv: "Sequence[str] | None" = None, clock: "Callable[[], datetime] | None" = None) -> "NoReturn":
    """Runs one command and ends the process with its exit code; `clock` gives the local time, for tests."""
    gc.set_threshold(50_000)  # a quick command ends before a cycle of objects could weigh anything
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _open_streams()
    try:
        code = _dispatch(list(sys.argv[1:] if argv is None else argv), clock)
        sys.stdout.flush()
    except BaseException as error:
        from taskterm.cli import report

        code = report.failed(error)
    try:
        sys.stderr.flush()
    except (OSError, ValueError):
        pass  # nobody is left to be told
    os._exit(code)  # taking the interpreter down properly costs as much as adding a task


def find(words: list[str]) -> "tuple[Command | None, list[str]]":
    """The command that the words name, and the words without its name; None where they name no verb at all."""
    from taskterm.cli.options import split_verb

    verb, others = split_verb(words)
    if verb is None:
        return None, others
    if verb not in VERBS:
        from taskterm.cli import report

        raise report.unknown_verb(verb, VERBS)
    commands = commands_of(verb)
    if verb in commands:
        return commands[verb], others
    word, others = split_verb(others)
    if word is None and "--help" not in others and "-h" not in others:
        word = "list" if verb in _LISTED else None
    if f"{verb} {word}" not in commands:
        from taskterm.cli import report

        raise report.unknown_part(verb, word, [name.partition(" ")[2] for name in commands])
    return commands[f"{verb} {word}"], others


def commands_of(verb: str) -> "dict[str, Command]":
    """The commands that begin with a verb, by their full name: `add`, or `step add`, `step list` and so on."""
    name = f"{__name__}.{VERBS[verb]}"
    if name not in sys.modules:
        __import__(name)
    table: dict[str, Command] = sys.modules[name].COMMANDS
    return {full: command for full, command in table.items() if full.partition(" ")[0] == verb}


def _open_streams() -> None:
    """Gives streams that were closed when the program started to nobody, or the database would get their numbers."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def _dispatch(words: list[str], clock: "Callable[[], datetime] | None") -> int:
    if words and words[0] == "_complete":  # a shell asks; nobody types it, so no help lists it
        from taskterm.cli import complete

        return complete.run(words[1:])
    from taskterm.cli import options
    from taskterm.cli.session import Session

    if words and words[0] in VERBS and words[-1] in ("--help", "-h") and len(words) == 2:
        words = ["help", words[0]]
    command, others = find(words)
    if command is None:
        given = options.read_common(others)
        return _without_verb(given, clock)
    given = options.read(others, command)
    if given.flag("help"):
        command, given = commands_of("help")["help"], given._replace(words=command.name.split())
    elif given.flag("version"):
        return _version()
    session = Session(given, clock)
    if not command.name.startswith("config ") and (warning := session.warning()):
        session.note(f"taskterm: {warning}")
    code = command.run(session, given)
    if session.shows_running:
        from taskterm.cli import liveness

        liveness.tell(session)
    return code


def _without_verb(given: "Given", clock: "Callable[[], datetime] | None") -> int:
    from taskterm.cli.session import Session

    if given.flag("version"):
        return _version()
    session = Session(given, clock)
    if given.flag("help"):
        return commands_of("help")["help"].run(session, given)
    from taskterm.cli.commands import screen

    return screen.run(session, inline=given.flag("inline"))


def _version() -> int:
    from taskterm import __version__

    print(f"taskterm {__version__}")
    return 0
