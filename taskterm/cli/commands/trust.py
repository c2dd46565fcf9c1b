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
from taskterm.core.wording import shown
from taskterm.runner.trust import SHORT, Trust, key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

RECENT = 10
"""How many approvals `trust list` shows without `--all`; what matters is what waits."""
SOME = 8
"""How many tasks are named with a command that many of them have."""


def show_list(session: Session, given: Given) -> int:
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
        newest = known[::-1] if given.flag("all") else known[: -RECENT - 1 : -1]
        rows = [
            [Cell(a.key[:SHORT], "mute"), Cell(a.how, "mute"), Cell(dates.relative(a.at, session.now)), Cell(a.command)]
            for a in newest
        ]
        for line in table(rows, width=session.width, colour=session.colour, flex=(3,)):
            session.say(line)
        if len(newest) < len(known):
            session.say(f"… and {len(known) - len(newest)} older; see them with: taskterm trust list --all")
    return 0


def approve(session: Session, given: Given) -> int:
    """Approves the named commands, or all that wait for it, after showing them."""
    trust = Trust()
    pending = _pending(session, trust)
    words = given.all_words()
    if bool(words) == given.flag("all"):
        raise UsageError("name the commands by their hash, or say --all", "see them with: taskterm trust list")
    keys = (
        list(pending)
        if given.flag("all")
        else [_find(pending, word, "no command that waits for approval", "trust list") for word in words]
    )
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


def revoke(session: Session, given: Given) -> int:
    """Takes approvals back: those commands may no longer run here, whatever database they are in."""
    trust = Trust()
    known = {approval.key: approval for approval in trust.listing()}
    words = given.all_words()
    if bool(words) == given.flag("all"):
        raise UsageError("name the commands by their hash, or say --all", "see them with: taskterm trust list --all")
    if given.flag("all"):
        keys = list(known)
    else:
        keys = [_find(known, word, "no command that is trusted here", "trust list --all") for word in words]
    asks = bool(keys) and given.flag("all") and session.may_ask
    if asks and not session.agrees(f"take back all that may run here, {_many(len(keys))}?"):
        session.note("nothing was taken back")
        return 1
    try:
        gone = trust.revoke(keys)
    except OSError as error:
        raise RuleError(f"{trust.path} cannot be written: {error.strerror}", "give yourself access to it") from None
    if session.json:
        session.data({"revoked": [approval.key for approval in gone]})
        return 0
    for approval in gone if words else ():
        session.say(f"{approval.key[:SHORT]}  {visible(approval.command)}")
    session.say(f"no longer trusted here: {_many(len(gone))}")
    return 0


def _pending(session: Session, trust: Trust) -> dict[str, list[tuple[Task, Step]]]:
    """Hash of each command of an open task that is not approved here, with the steps that it stands for."""
    found: dict[str, list[tuple[Task, Step]]] = {}
    with session.store().read() as reader:
        pending = trust.pending(reader.all_steps())
        tasks = {task_id: reader.task(task_id) for task_id in dict.fromkeys(step.task_id for step in pending)}
        for step in pending:
            task = tasks[step.task_id]
            if task is not None and task.status in OPEN:
                found.setdefault(key_of(step), []).append((task, step))
    return found


def _find(known: Iterable[str], word: str, nothing: str, listing: str) -> str:
    """The one hash that begins with a word; NotFound, beginning with `nothing`, where there is none."""
    fits = [key for key in known if key.startswith(word.lower())] if len(word) >= 4 else []
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise NotFound(f"{visible(word)} begins {len(fits)} hashes", "give more characters of it")
    raise NotFound(f"{nothing} has the hash {shown(word)}", f"see them with: taskterm {listing}")


def _show(session: Session, entries: Iterable[list[tuple[Task, Step]]]) -> None:
    for steps in entries:
        tasks = ", ".join(f"{task.id} {visible(task.title)}" for task, _ in steps[:SOME])
        tasks += f" and {len(steps) - SOME} more" if len(steps) > SOME else ""
        session.say(f"{session.paint(key_of(steps[0][1])[:SHORT], 'accent')}  {tasks}")
        show_step(session, steps[0][1])


def _many(count: int) -> str:
    return f"{count} command{'s' if count != 1 else ''}"


COMMANDS = {
    "trust list": Command(
        "trust list",
        "",
        "which commands may run here, and which wait for your approval",
        show_list,
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
    "trust revoke": Command(
        "trust revoke",
        "HASH… | --all",
        "let commands run here no longer",
        revoke,
        (Option("--all", "every approval of this machine"),),
        (("trust revoke 3f9a1c204bd7", "one command"), ("trust revoke --all", "begin anew")),
        ("What runs now goes on; the next start of such a command asks for approval again.",),
    ),
}
