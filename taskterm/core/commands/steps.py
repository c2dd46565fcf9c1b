"""Rules for steps: the ordered shell commands of a task."""

from __future__ import annotations

from taskterm.core import environment, jsontext
from taskterm.core.commands import fields
from taskterm.core.commands.refs import resolve
from taskterm.core.errors import NotFound, RuleError, UsageError
from taskterm.core.model import Change, Delete, Insert, Outcome, Step, Update

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from taskterm.core.port import Reader

NAME_WIDTH = 40
FLAGS = ("continue_on_error", "interactive", "repeatable")


def step_add(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Appends steps to a task; `created["step_ids"]` are their ids."""
    task = resolve(reader, args["ref"])
    if task.status == "cancelled":
        raise RuleError(f"#{task.id} {task.title} is cancelled", f"reopen it first: taskterm reopen {task.id}")
    last = max((s.position for s in reader.steps(task.id)), default=0)
    changes = step_rows(reader, task.id, args["steps"], first=last + 1)
    ids = [c.row["id"] for c in changes if isinstance(c, Insert)]
    return Outcome(tuple(changes), (task.id,), created={"step_ids": ids})


def step_edit(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Sets fields of one step; a command that changes has to be approved anew where it was not typed."""
    step = _find(reader, args["step_id"])
    given = dict(args.get("set") or {})
    if given.get("run") and step.name == _name_for(step.run):  # it is called by its command, so by the new one now
        given.setdefault("name", "")
    new = checked({**step._asdict(), **given})
    changed = {name: value for name, value in new.items() if getattr(step, name) != value}
    if not changed:
        return Outcome((), (step.task_id,), notes=("nothing to change: it is so already",))
    old = {name: getattr(step, name) for name in changed}
    return Outcome((Update("step", {"id": step.id}, old, changed),), (step.task_id,))


def step_remove(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Takes steps out of their tasks; what they did in past runs stays there."""
    numbers = dict.fromkeys(str(number) for number in args["step_ids"])
    steps = [_find(reader, number) for number in numbers]
    tasks = dict.fromkeys(step.task_id for step in steps)
    return Outcome(tuple(Delete("step", step._asdict()) for step in steps), tuple(tasks))


def _find(reader: Reader, step_id: object) -> Step:
    step = reader.step(int(str(step_id))) if str(step_id).isdigit() else None
    if step is None:
        raise NotFound(f"there is no step {step_id}", "see the steps of a task with: taskterm step list ID")
    return step


def step_rows(reader: Reader, task_id: int, steps: Iterable[Mapping[str, Any]], first: int) -> list[Change]:
    """Inserts for steps in the order given, positions from `first` on."""
    changes: list[Change] = []
    for index, values in enumerate(steps):
        row = {"id": reader.new_id("step"), "task_id": task_id, "position": first + index, **checked(values)}
        changes.append(Insert("step", row))
    return changes


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a step, ready for the database (without id, task and position). UsageError names what is wrong.

    `env` may be given as a mapping and `trusts` as a list; both are kept as JSON. Names that steer a shell or a
    loader are refused here, so that no way of making a step can set them.
    """
    run = fields.plain_text(str(values.get("run") or ""), "the command", fields.TEXT_LIMIT).strip()
    if not run:
        raise UsageError("a step needs a command", "for example: taskterm step add 12 -- make deploy")
    name = str(values.get("name") or "").strip() or _name_for(run)
    env = values.get("env") or None
    if isinstance(env, str):
        env = jsontext.loads(env)
    for variable, value in (env or {}).items():
        reason = environment.refused(variable)
        if reason:
            raise UsageError(f"a step cannot set {variable}: {reason}", "choose another name")
        fields.plain_text(str(value), f"the value of {variable}", fields.TEXT_LIMIT)
    trusts = values.get("trusts") or None
    if isinstance(trusts, str):
        trusts = jsontext.loads(trusts)
    for path in trusts or ():
        fields.plain_text(str(path), "a trusted script", fields.TEXT_LIMIT)
    timeout = values.get("timeout_seconds")
    if timeout is not None and not timeout > 0:
        raise UsageError(f"a timeout of {timeout} seconds is none", "give a time such as 30s or 10m, or leave it out")
    retries = int(values.get("retries") or 0)
    if not 0 <= retries <= 100:
        raise UsageError(f"{retries} retries are not possible", "give a number from 0 to 100")
    backoff = values.get("backoff_seconds")
    return {
        "name": fields.single_line(name, "the step's name", fields.NAME_LIMIT),
        "run": run,
        "shell": _text(values, "shell", "the shell"),
        "cwd": _text(values, "cwd", "the folder"),
        "env": jsontext.dumps(dict(sorted(env.items()))) if env else None,
        "timeout_seconds": float(timeout) if timeout is not None else None,
        "retries": retries,
        "backoff_seconds": 1.0 if backoff is None else float(backoff),
        "condition": _text(values, "condition", "the condition"),
        **{flag: int(bool(values.get(flag))) for flag in FLAGS},
        "host": _text(values, "host", "the host"),
        "trusts": jsontext.dumps(list(trusts)) if trusts else None,
    }


def _text(values: Mapping[str, Any], field: str, what: str) -> str | None:
    return fields.plain_text(str(values.get(field) or ""), what, fields.TEXT_LIMIT) or None


def _name_for(run: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in run.splitlines()[0]).split())
    return line if len(line) <= NAME_WIDTH else line[: NAME_WIDTH - 1] + "…"
