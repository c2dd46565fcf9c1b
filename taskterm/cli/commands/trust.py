"""trust: which commands of this database may run here, and saying so."""

from __future__ import annotations

from taskterm.cli.answer import resume
from taskterm.cli.commands.steps import show_step
from taskterm.cli.options import Command, Given, Option
from taskterm.cli.session import Session
from taskterm.cli.text import Cell, table
from taskterm.core import dates
from taskterm.core.display import visible
from taskterm.core.errors import NotFound, RuleError, UsageError
from taskterm.core.model import OPEN, Step, Task
from taskterm.runner.trust import SHORT, Trust, key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

RECENT = 10
"""How many approvals `trust list` shows without `--all`; what matters is what waits."""


def show(session: Session, given: Given) -> int:
    """The commands that wait for an approval here, in full, and those that are approved."""
    trust = Trust()
    pending = _pending(session, trust)
    known = trust.listing()
    if session.json:
        waiting = [
            {"hash": key, "command": steps[0][1].run, "tasks": [task.id for task, _ in steps]}
            for key, steps in pending.items()
        ]
        approved = [{"hash": a.key, "command": a.command, "how": a.how, "at": a.at} for a in known]
        session.data({"pending": waiting, "approved": approved})
        return 0
    for warning in trust.warnings:
        session.note(warning)
    if pending:
        session.say(session.paint(f"Not trusted here yet: {_many(len(pending))}", strong=True))
        _show(session, pending.values())
        session.say(f"approve with: taskterm trust approve {next(iter(pending))[:SHORT]} (or --all)")
    else:
        session.say("every command of the open tasks is trusted here")
    if known:
        session.say()
        session.say(session.paint(f"Trusted here: {_many(len(known))}", strong=True))
        shown = known[::-1] if given.flag("all") else known[: -RECENT - 1 : -1]
        rows = [
            [Cell(a.key[:SHORT], "mute"), Cell(a.how, "mute"), Cell(dates.relative(a.at, session.now)), Cell(a.command)]
            for a in shown
        ]
        for line in table(rows, width=session.width, colour=session.colour, flex=(3,)):
            session.say(line)
        if len(shown) < len(known):
            session.say(f"… and {len(known) - len(shown)} older; see them with: taskterm trust list --all")
    return 0


def approve(session: Session, given: Given) -> int:
    """Approves the named commands, or all that wait for it, after showing them."""
    trust = Trust()
    pending = _pending(session, trust)
    words = given.all_words()
    if bool(words) == given.flag("all"):
        raise UsageError("name the commands by their hash, or say --all", "see them with: taskterm trust list")
    keys = list(pending) if given.flag("all") else [_find(pending, word) for word in words]
    chosen = {key: pending[key] for key in keys}
    if not chosen:
        session.note("every command of the open tasks is trusted here already")
        return 0
    if not session.json:
        _show(session, chosen.values())
    if given.flag("all") and session.may_ask and not session.agrees(f"may these {_many(len(chosen))} run here?"):
        session.note("nothing was approved")
        return 1
    try:
        trust.approve(steps[0][1] for steps in chosen.values())
    except OSError as error:
        raise RuleError(f"{trust.path} cannot be written: {error.strerror}", "give yourself access to it") from None
    if session.json:
        session.data({"approved": list(chosen)})
    else:
        session.say(f"approved: {_many(len(chosen))}")
    resume(session)
    return 0


def _pending(session: Session, trust: Trust) -> dict[str, list[tuple[Task, Step]]]:
    """Hash of each command of an open task that is not approved here, with the steps that it stands for."""
    snapshot = session.store().snapshot()
    found: dict[str, list[tuple[Task, Step]]] = {}
    for task_id, steps in snapshot.step_lists.items():
        if snapshot.tasks[task_id].status in OPEN:
            for step in trust.pending(steps):
                found.setdefault(key_of(step), []).append((snapshot.tasks[task_id], step))
    return found


def _find(pending: dict[str, list[tuple[Task, Step]]], word: str) -> str:
    fits = [key for key in pending if key.startswith(word.lower())] if len(word) >= 4 else []
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise NotFound(f"{visible(word)} begins {len(fits)} hashes", "give more characters of it")
    raise NotFound(
        f"no command that waits for approval has the hash {visible(word)}", "see them with: taskterm trust list"
    )


def _show(session: Session, entries: Iterable[list[tuple[Task, Step]]]) -> None:
    for steps in entries:
        tasks = ", ".join(f"{task.id} {visible(task.title)}" for task, _ in steps)
        session.say(f"{session.paint(key_of(steps[0][1])[:SHORT], 'accent')}  {tasks}")
        show_step(session, steps[0][1])


def _many(count: int) -> str:
    return f"{count} command{'s' if count != 1 else ''}"


COMMANDS = {
    "trust list": Command(
        "trust list",
        "",
        "which commands may run here, and which wait for your approval",
        show,
        (Option("--all", "every approval of this machine, not only the newest"),),
        (("trust list", ""),),
        notes=("What you type yourself is trusted; what comes in a file or from others is not, until you approve it.",),
    ),
    "trust approve": Command(
        "trust approve",
        "HASH… | --all",
        "let commands run here",
        approve,
        (Option("--all", "every command that waits, after showing them"),),
        (("trust approve 3f9a1c204bd7", "one command"), ("trust approve --all", "all that are shown")),
    ),
}
