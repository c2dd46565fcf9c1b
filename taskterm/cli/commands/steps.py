"""`step add | list | edit | remove`: the shell commands of a task. What is typed here may run here."""

from __future__ import annotations

import os

from taskterm.cli.answer import changed, named
from taskterm.cli.options import Command, Given, Option, need
from taskterm.cli.session import Session
from taskterm.cli.text import lines_of
from taskterm.core import jsontext
from taskterm.core.display import visible
from taskterm.core.errors import NotFound, RuleError, UsageError
from taskterm.core.model import Delete, Insert, Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from taskterm.store.store import Result


def here() -> str:
    """The folder in which a command that is typed now will run."""
    try:
        return os.getcwd()
    except OSError:
        raise RuleError("the folder you are in no longer exists", "change to another one") from None


def record_typed(session: Session, result: Result) -> None:
    """Notes that the steps which an operation made were typed by this user here, so they may run here."""
    rows = [c.row for c in result.outcome.changes if isinstance(c, Insert) and c.table == "step"]
    trust_typed(session, [Step(**row) for row in rows])


def trust_typed(session: Session, steps: list[Step]) -> None:
    """Notes these commands as typed here; where that cannot be written down, says how to approve them later."""
    from taskterm.runner.trust import Trust

    trust = Trust()
    try:
        for step in steps:
            trust.record_typed(step)
    except OSError as error:
        session.note(
            f"the command is kept, but not trusted yet: {trust.path} cannot be written ({error.strerror}); "
            "approve it later with: taskterm trust approve"
        )


# ── the four commands


def add(session: Session, given: Given) -> int:
    """Appends one command to a task."""
    need(given.words, "the task", "step add 12 -- make deploy")
    fields = _fields(given)
    fields["run"] = _command(given.words[1:], given.rest)
    fields.setdefault("cwd", here())
    if not fields["run"]:
        raise UsageError("the command is missing", "for example: taskterm step add 12 -- make deploy")
    result = session.execute("step_add", {"ref": given.words[0], "steps": [fields]})
    record_typed(session, result)
    task = result.tasks[result.outcome.task_ids[0]]
    step_id = result.outcome.created["step_ids"][0]
    name = f" {visible(fields['name'])}" if fields.get("name") else ""
    changed(session, result, [f"{named(task)} · step {step_id}{name}: {visible(fields['run'])}"])
    return 0


def show(session: Session, given: Given) -> int:
    """The steps of one task in their order, or of all open tasks."""
    from taskterm.core.commands.refs import resolve_all

    with session.store().read() as reader:
        wanted = given.all_words()
        tasks = resolve_all(reader, wanted) if wanted else reader.tasks("open_tasks")
        found = [(task, steps) for task in tasks if (steps := reader.steps(task.id)) or wanted]
    if session.json:
        session.data([step_object(step) for _, steps in found for step in steps])
        return 0
    for task, steps in found:
        session.say(session.paint(named(task), strong=True))
        for step in steps:
            show_step(session, step)
        if not steps:
            session.note(f"{task.id} has no steps; add one with: taskterm step add {task.id} -- COMMAND")
    if not found:
        session.note("no open task has steps; add one with: taskterm step add ID -- COMMAND")
    return 0


def edit(session: Session, given: Given) -> int:
    """Changes fields of one step; the command, if it was typed anew, counts as typed here."""
    need(given.words, "the number of the step", "step edit 7 --timeout 10m")
    fields = _fields(given)
    command = _command(given.words[1:], given.rest)
    if command:
        fields["run"] = command
    if not fields:
        raise UsageError("nothing to change was given", "for example: taskterm step edit 7 --timeout 10m -- make all")
    number = given.words[0]
    with session.store().read() as reader:
        before = reader.step(int(number)) if number.isdecimal() and len(number) < 19 else None
    if before is None:
        raise NotFound(f"there is no step {visible(number)}", "see the numbers with: taskterm step list")
    result = session.execute("step_edit", {"step_id": before.id, "set": fields})
    with session.store().read() as reader:
        after = reader.step(before.id)
    if after is not None:
        _trust_edited(session, before, after, fields)
    task = result.tasks[result.outcome.task_ids[0]]
    name = f" {visible(fields['name'])}" if fields.get("name") else ""
    command = visible(after.run if after else before.run)
    changed(session, result, [f"{named(task)} · step {before.id}{name}: {command}"])
    return 0


def remove(session: Session, given: Given) -> int:
    """Takes steps out of their tasks."""
    need(given.words, "the number of the step", "step remove 7")
    result = session.execute("step_remove", {"step_ids": given.words})
    gone = [change.row for change in result.outcome.changes if isinstance(change, Delete)]
    lines = [f"{named(result.tasks[row['task_id']])} · step {row['id']} is removed" for row in gone]
    changed(session, result, lines)
    return 0


def _trust_edited(session: Session, before: Step, after: Step, fields: dict[str, Any]) -> None:
    """Trusts an edited step where everything that decides what it does was typed or approved here (see trust.meant)."""
    from taskterm.runner.trust import SHORT, Trust, key_of, meant

    trust = Trust()
    step, inherited = meant(trust, before, fields)
    if not inherited:
        trust_typed(session, [step])
    if not trust.trusted(after):
        origin = f" ({', '.join(inherited)} came from elsewhere)" if inherited else ""
        session.note(
            f"step {after.id} may not run here yet{origin}; "
            f"see and approve with: taskterm trust approve {key_of(after)[:SHORT]}"
        )


def _command(words: list[str], rest: list[str] | None) -> str:
    """The shell line: one word is a shell line as it is; several are the words of one command, quoted as needed."""
    if rest is not None and words:
        raise UsageError(f"{visible(words[0])!r} stands before the --", "put the whole command behind it")
    parts = words if rest is None else rest
    if len(parts) < 2:
        return parts[0].strip() if parts else ""
    from shlex import join

    return join(parts)


def _fields(given: Given) -> dict[str, Any]:
    from taskterm.core.durations import parse_seconds

    fields: dict[str, Any] = {}
    for option, field in (("name", "name"), ("shell", "shell"), ("host", "host"), ("if", "condition")):
        if given.text(option) is not None:
            fields[field] = given.text(option) or None
    folder = given.text("cwd")
    if folder is not None:
        fields["cwd"] = os.path.abspath(os.path.expanduser(folder)) if folder else None
    for option, field in (("timeout", "timeout_seconds"), ("backoff", "backoff_seconds")):
        value = given.text(option)
        if value is not None:
            fields[field] = parse_seconds(value) if value else None
            if value and fields[field] is None:
                raise UsageError(f"--{option} {visible(value)!r} is not a time", "write, for example: 30s, 10m, 1h")
    if given.text("retries") is not None:
        value = given.text("retries") or ""
        if not value.isdecimal():
            raise UsageError(f"--retries {visible(value)!r} is not a number", "write, for example: --retries 2")
        fields["retries"] = int(value[:9])
    env = {}
    for pair in given.many("env"):
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--env {visible(pair)!r} has no value", "write, for example: --env STAGE=test")
        env[name] = value
    if env:
        fields["env"] = env
    for option, field in (("continue-on-error", "continue_on_error"), ("repeatable", "repeatable")):
        if given.flag(option):
            fields[field] = True
    return fields


# ── shown


def step_object(step: Step) -> dict[str, Any]:
    """A step as JSON: the fields of the record, `env` and `trusts` unpacked, flags as booleans."""

    row: dict[str, Any] = step._asdict()
    row["env"] = jsontext.loads(step.env) if step.env else {}
    row["trusts"] = jsontext.loads(step.trusts) if step.trusts else []
    for flag in ("continue_on_error", "interactive", "repeatable"):
        row[flag] = bool(row[flag])
    return row


def show_step(session: Session, step: Step, indent: str = "  ", folder: str | None = None) -> None:
    """Prints a step with its command, letter by letter, and everything that decides how it runs.

    `folder` is a working folder that has been named already and is not named again.
    """

    from taskterm.core.durations import clock

    number = f"step {step.id}" if step.id else ""
    name = visible(step.name) if step.name != step.run else ""
    if number or name:
        session.say(f"{indent}{session.paint('  '.join(filter(None, (number, name))), 'mute')}")
    for line in lines_of(step.run):
        session.say(f"{indent}  $ {line}")
    facts = [] if folder and step.cwd == folder else [f"in {visible(step.cwd)}" if step.cwd else "in your home folder"]
    facts += [f"only if: {visible(step.condition)}"] if step.condition else []
    facts += [f"shell {visible(step.shell)}"] if step.shell else []
    facts += [f"host {visible(step.host)}"] if step.host else []
    facts += [f"at most {clock(step.timeout_seconds)}"] if step.timeout_seconds else []
    facts += [f"retries {step.retries}"] if step.retries else []
    facts += ["goes on after an error"] if step.continue_on_error else []
    facts += ["repeatable"] if step.repeatable else []
    env = jsontext.loads(step.env) if step.env else {}
    facts += ["with " + " ".join(f"{visible(k)}={visible(v)}" for k, v in sorted(env.items()))] if env else []
    trusts = jsontext.loads(step.trusts) if step.trusts else []
    facts += ["runs the script " + visible(path) for path in trusts]
    if facts:
        session.say(f"{indent}  {session.paint(' · '.join(facts), 'mute')}")


FIELDS = (
    Option("--name", "what the step is called", "NAME"),
    Option("--timeout", "end it after this time, such as 30s or 10m", "TIME"),
    Option("--retries", "try again so often", "N"),
    Option("--backoff", "wait so long before the first retry, then twice as long each time", "TIME"),
    Option("--if", "a shell line; the step is skipped where it fails", "LINE"),
    Option("--cwd", "the folder it runs in (else the one you are in)", "FOLDER"),
    Option("--env", "a variable for it", "NAME=VALUE", many=True),
    Option("--shell", "the program that reads the line (else /bin/sh)", "PROGRAM"),
    Option("--host", "where it runs: a name, or any", "HOST"),
    Option("--continue-on-error", "later steps run even if it fails"),
    Option("--repeatable", "it is safe to run twice"),
)
COMMANDS = {
    "step add": Command(
        "step add",
        "TASK -- COMMAND… | TASK 'SHELL LINE'",
        "give a task a command",
        add,
        FIELDS,
        (
            ("step add 12 -- make deploy", "the words of a command"),
            ("step add 12 --timeout 10m --retries 2 'make test && make wheel'", "a shell line"),
        ),
        ("The command runs in the folder you are in now, and you have approved it by typing it.",),
    ),
    "step list": Command(
        "step list",
        "[TASK…]",
        "the commands of tasks, with their numbers",
        show,
        examples=(("step list 12", "those of one task"), ("step list", "of every open task that has some")),
    ),
    "step edit": Command(
        "step edit",
        "STEP [-- COMMAND…]",
        "change a command or how it runs",
        edit,
        FIELDS,
        (("step edit 7 --timeout 20m", "another limit"), ("step edit 7 -- make deploy-all", "another command")),
    ),
    "step remove": Command(
        "step remove", "STEP…", "take commands away", remove, examples=(("step remove 7", "step list shows numbers"),)
    ),
}
