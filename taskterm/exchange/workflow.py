"""Workflow files: read one, name every mistake in it by line and key, and fill it in to become tasks.

`check` and `load` read a template, `fill` (in workflow_fill) makes of it what the command that starts a workflow
takes. What is wrong is found in two places: types and keys by the models in workflow_document, meaning by
workflow_rules.
"""

import os
import re
import stat
import tomllib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from taskterm.core.durations import parse_duration, parse_seconds
from taskterm.core.errors import RuleError
from taskterm.core.wording import shown
from taskterm.exchange.toml_lines import Path, TooDeep, locate

if TYPE_CHECKING:
    from taskterm.exchange.workflow_document import StepDocument, TaskDocument, WorkflowDocument

LARGEST = 1_000_000
"""The size in bytes from which a file is not taken for a workflow file."""

_NO_FILE = "workflow"  # stands where a mistake names its file, for a text that came from none


class Param(NamedTuple):
    """A question that is answered when the workflow starts; no `default` (None) means that it must be."""

    name: str
    prompt: str
    default: str | None = None
    pattern: str | None = None  # a regular expression that the whole value must match
    choices: tuple[str, ...] = ()


class StepTemplate(NamedTuple):
    """One shell command of a task; the fields are those of `core.model.Step`, paths as written in the file."""

    name: str
    run: str
    shell: str | None = None
    cwd: str | None = None
    env: tuple[tuple[str, str], ...] = ()
    timeout_seconds: float | None = None
    retries: int = 0
    backoff_seconds: float = 1.0
    condition: str | None = None  # `if` in the file
    continue_on_error: bool = False
    interactive: bool = False
    host: str | None = None
    repeatable: bool = False
    trusts: tuple[str, ...] = ()


class TaskTemplate(NamedTuple):
    """One task to be made; without steps it is a person's. `needs` holds keys of other tasks."""

    key: str
    title: str
    needs: tuple[str, ...] = ()
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    priority: str | None = None
    project: str | None = None
    due: str | None = None  # as written, such as "+3d"
    estimate_minutes: int | None = None
    notes: str = ""
    steps: tuple[StepTemplate, ...] = ()


class WorkflowFile(NamedTuple):
    """A workflow without a mistake. `source` is the absolute path of its file, None for a text without one."""

    name: str
    title: str
    description: str
    params: tuple[Param, ...]
    tasks: tuple[TaskTemplate, ...]
    source: str | None


class Mistake(NamedTuple):
    """One thing that is wrong in a file. `line` counts from 1; 0 and an empty `key` mean the file as a whole.

    In `key` tasks and steps count from 1 too: `task[2].needs` belongs to the second task of the file.
    """

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        """`release.toml:14: task[2].needs: there is no task "tset"; did you mean "test"?`"""
        place = f"{shown(self.file, 1000)}:{self.line}" if self.line else shown(self.file, 1000)
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class BadWorkflow(RuleError):
    """A workflow file has mistakes; `mistakes` holds all of them, and the message one on each line."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        hint = "correct the file, then look again with: taskterm workflow check FILE"
        super().__init__("\n".join(map(str, mistakes)), hint)
        self.mistakes = tuple(mistakes)


def load(path: str) -> WorkflowFile:
    """Read the workflow file at `path`; raises BadWorkflow with every mistake, an unreadable file included."""
    workflow, mistakes = check_file(path)
    if workflow is None:
        raise BadWorkflow(mistakes)
    return workflow


def parse(text: str, source: str | None = None) -> WorkflowFile:
    """Read a workflow from `text`, which came from the file `source`; raises BadWorkflow with every mistake."""
    workflow, mistakes = check(text, source)
    if workflow is None:
        raise BadWorkflow(mistakes)
    return workflow


def check_file(path: str) -> tuple[WorkflowFile | None, list[Mistake]]:
    """Like `check`, for the file at `path`; what keeps it from being read is a mistake as well."""
    try:
        about = os.stat(path)
        if stat.S_ISDIR(about.st_mode):
            return None, [Mistake(path, 0, "", "is a folder; name a workflow file in it")]
        if not stat.S_ISREG(about.st_mode):  # a pipe would keep us waiting for whoever writes into it
            return None, [Mistake(path, 0, "", "is not a regular file; name a workflow file")]
        with open(path, "rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None, [Mistake(path, 0, "", "there is no such file; check the path")]
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return None, [Mistake(path, 0, "", f"cannot be read: {reason}")]
    if len(content) > LARGEST:
        return None, [Mistake(path, 0, "", "is larger than 1 MB, too large for a workflow file")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return None, [Mistake(path, line, "", "is not UTF-8 text; save the file with the encoding UTF-8")]
    return check(text, path)


def check(text: str, source: str | None = None) -> tuple[WorkflowFile | None, list[Mistake]]:
    """Read a workflow from `text`: it and no mistakes, or None and every mistake in the order of the lines.

    `source` is the path of the file which the text came from; mistakes name it as it is given here.
    """
    file = source if source is not None else _NO_FILE
    try:
        lines = locate(text)  # first, since it ends at once where tomllib would take all the memory there is
        data = tomllib.loads(text)
    except TooDeep as error:
        return None, [Mistake(file, error.line, "", f"nests too deeply for a workflow file: {error}")]
    except ValueError as error:  # TOMLDecodeError, and what a number of ten thousand digits raises
        return None, [_syntax_mistake(file, text, str(error))]
    return _check_data(data, lines, source, file)


def _check_data(
    data: dict[str, Any], lines: dict[Path, int], source: str | None, file: str
) -> tuple[WorkflowFile | None, list[Mistake]]:
    from taskterm.exchange.workflow_document import validate  # a third of a second
    from taskterm.exchange.workflow_rules import check_rules

    def line_of(path: Path) -> int:
        while path and path not in lines:  # a key that is missing is missed where its table begins
            path = path[:-1]
        return lines.get(path, 0)

    document, found = validate(data)
    found += check_rules(data, line_of)
    mistakes = [Mistake(file, line_of(path), _key_text(path), message) for path, message in found]
    if document is None or mistakes:
        return None, sorted(dict.fromkeys(mistakes), key=lambda mistake: mistake.line)
    absolute = os.path.abspath(source) if source is not None else None
    return _workflow(document, absolute), []


def _syntax_mistake(file: str, text: str, message: str) -> Mistake:
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    if place is None:
        return Mistake(file, 0, "", f"is not TOML: {shown(message, 200)}")
    line = int(place[1]) if place[1] else text.count("\n") + (not text.endswith("\n"))
    where = f"column {place[2]}" if place[2] else "the end of the file"
    reason = message[: place.start()]
    return Mistake(file, line, "", f"is not TOML: {shown(reason[:1].lower() + reason[1:], 200)}, at {where}")


def _key_text(path: Path) -> str:
    """`("task", 1, "needs", 0)` as `task[2].needs`: tasks and steps are counted, other elements have their line."""
    text, before = "", None
    for part in path:
        if isinstance(part, str):
            bare = part.replace("-", "a").replace("_", "a").isalnum()
            text += ("." if text else "") + (part if bare else f'"{shown(part)}"')
        elif before in ("task", "step"):
            text += f"[{part + 1}]"
        before = part
    return text


def _workflow(document: "WorkflowDocument", source: str | None) -> WorkflowFile:
    header = document.workflow
    return WorkflowFile(
        name=header.name,
        title=header.title or header.name,
        description=header.description,
        params=tuple(
            Param(name, param.prompt or name, param.default, param.pattern, tuple(param.choices))
            for name, param in document.params.items()
        ),
        tasks=tuple(_task(task) for task in document.task),
        source=source,
    )


def _task(task: "TaskDocument") -> TaskTemplate:
    return TaskTemplate(
        key=task.key,
        title=task.title,
        needs=tuple(task.needs),
        assignee=task.assignee,
        tags=tuple(dict.fromkeys(task.tags)),
        priority=task.priority,
        project=task.project,
        due=task.due,
        estimate_minutes=parse_duration(task.estimate) if task.estimate is not None else None,
        notes=task.notes,
        steps=tuple(_step(step) for step in task.step),
    )


def _step(step: "StepDocument") -> StepTemplate:
    backoff = parse_seconds(step.backoff) if step.backoff is not None else None
    return StepTemplate(
        name=step.name or _program(step.run),
        run=step.run,
        shell=step.shell,
        cwd=step.cwd,
        env=tuple(step.env.items()),
        timeout_seconds=parse_seconds(step.timeout) if step.timeout is not None else None,
        retries=step.retries,
        backoff_seconds=1.0 if backoff is None else backoff,
        condition=step.condition,
        continue_on_error=step.continue_on_error,
        interactive=step.interactive,
        host=step.host,
        repeatable=step.repeatable,
        trusts=tuple(step.trusts),
    )


_SETTING_UP = frozenset((":", ".", "[", "cd", "export", "mkdir", "set", "source", "test", "trap", "true", "umask"))
_IN_FRONT = frozenset(
    ("!", "{", "}", "command", "do", "else", "env", "exec", "if", "nice", "nohup", "sudo", "then", "time")
)


def _program(command: str) -> str:
    """The name of a step that was given none: the program that does its work, not the `cd` on the way to it."""
    from shlex import shlex

    reader = shlex(command.replace("\n", ";"), posix=True, punctuation_chars=True)
    reader.whitespace_split, reader.commenters = True, ""
    try:
        words = list(reader)
    except ValueError:  # a quote that the shell will not like either
        words = command.split()
    first, starts = "", True
    for word in words:
        name = word.rsplit("/", 1)[-1]
        if not word.strip("();<>|&"):
            starts = starts or not word.strip("();|&")
        elif starts and name and name not in _IN_FRONT and "=" not in word:  # not VERSION=1 in front of it
            if name not in _SETTING_UP:
                return name
            first, starts = first or name, False
    return first or "step"
