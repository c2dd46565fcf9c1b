"""demo: a throw-away database with three sample workflows, partly lived through by really running their commands.

Without a terminal the release is run to its end and told in full; on one, the screen opens with the release ready.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from taskterm.cli.commands import demo_report, workflow
from taskterm.cli.options import Command, Given, Option
from taskterm.cli.program import called
from taskterm.cli.session import Session
from taskterm.core.display import visible
from taskterm.core.errors import RuleError
from taskterm.core.lean import NamedTuple
from taskterm.core.model import RUN_ENDED, Run, Step
from taskterm.runner.trust import Trust, key_of
from taskterm.store.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

COLLEAGUE = "Mira Holm"


class Sample(NamedTuple):
    """The demo once its tasks are there: where everything lies, the started workflows by name, and the hashes of
    the commands that may run while it lasts.
    """

    folder: Path
    store: Store
    started: dict[str, workflow.Started]
    approved: list[str]


def demo(session: Session, given: Given) -> int:
    """Makes the sample, lives through a part of it, and shows it; 1 if something failed."""
    headless = given.flag("headless") or not (session.terminal and sys.stdin.isatty())
    folder = _folder()
    session.path = str(folder / "demo.db")
    tell = (lambda line: None) if session.json else session.say
    tell("A sample of three workflows, in a throw-away database:")
    tell(f"  {visible(session.path)}")
    sample = _begin(session, folder, headless, tell)
    try:
        _live(session, sample, tell)
        return _release(session, sample, tell) if headless else _open(session, sample)
    finally:
        _forget(sample)


def _folder() -> Path:
    import tempfile

    try:
        return Path(tempfile.mkdtemp(prefix="taskterm-demo-"))
    except OSError as error:
        raise RuleError(
            f"no folder for the sample could be made: {error.strerror}", "point TMPDIR to a place with some room"
        ) from None


def _begin(session: Session, folder: Path, headless: bool, tell: Any) -> Sample:
    """Unpacks the samples and starts all three; their commands came with the program, and are shown."""
    from datetime import timedelta

    from taskterm.demo import unpack
    from taskterm.exchange.workflow import load
    from taskterm.exchange.workflow_fill import fill

    files = unpack(folder / "work")
    workspace = {"workspace": str(folder / "work")}
    answers = {
        "release": {**workspace, "pace": "0" if headless else "1"},
        "onboard": {**workspace, "name": COLLEAGUE, "start": (session.now + timedelta(days=7)).date().isoformat()},
        "campaign": workspace,
    }
    started: dict[str, workflow.Started] = {}
    commands: list[Step] = []
    for name, values in answers.items():
        filled = fill(load(str(getattr(files, name))), values)
        commands += workflow.steps_of(filled)
        started[name] = workflow.create(session, filled)
        tell(f"  {name}: {len(filled['tasks'])} tasks")
    approved = _approve(commands)
    tell("")
    tell("The commands that came with it may run:")
    for command in dict.fromkeys(step.run for step in commands):
        tell(f"  $ {visible(command)}")
    tell("")
    return Sample(folder, session.store(), started, approved)


def _approve(commands: Sequence[Step]) -> list[str]:
    trust = Trust()
    try:
        return [key_of(step) for step in trust.approve(commands)]  # now: the scripts that count will go
    except OSError as error:
        raise RuleError(
            f"{trust.path} cannot be written: {error.strerror}", "the sample needs a place to note what may run"
        ) from None


def _forget(sample: Sample) -> None:
    """Takes the approvals of the sample back, unless something of it is still alive and will need them."""
    if sample.folder.exists() and _alive(sample):
        return
    try:
        Trust().revoke(sample.approved)
    except OSError:
        pass  # they stay on record for a folder that nobody else uses


def _alive(sample: Sample) -> list[Run]:
    with sample.store.read() as reader:
        return reader.live_runs()


def _live(session: Session, sample: Sample, tell: Any) -> None:
    """The first days of onboarding and campaign: people do their tasks, and what that releases is really run."""
    for name, people, automated, begun in (
        ("onboard", ("contract", "mentor"), ("accounts",), "laptop"),
        ("campaign", ("brief", "write"), ("list",), "review"),
    ):
        ids = sample.started[name].ids
        for key in people:
            _by_owner(session, sample, "done", ids[key], tell)
        for key in automated:
            _run(session, sample, [ids[key]], tell)
        _by_owner(session, sample, "start", ids[begun], tell)
    tell("")


def _by_owner(session: Session, sample: Sample, verb: str, task_id: int, tell: Any) -> None:
    """One command in the name of the person the task belongs to."""
    with sample.store.read() as reader:
        task = reader.task(task_id)
    owner = (task.assignee if task else None) or session.actor
    sample.store.execute(verb, {"refs": [task_id]}, actor=owner, now=session.clock())
    word = {"done": "has done", "start": "begins"}[verb]
    tell(f"{visible(owner)} {word} {task_id} {visible(task.title if task else '')}")


def _run(session: Session, sample: Sample, tasks: list[int], tell: Any) -> int:
    """Runs tasks to their end; answers the exit code."""
    from taskterm.runner.follow import follow
    from taskterm.runner.start import start_run

    run_id = start_run(sample.store, tasks, actor=session.actor, now=session.clock())
    told = demo_report.Turns(tell)
    return follow(sample.store, run_id, told, actor=session.actor, now=session.clock)


# ── without a terminal


def _release(session: Session, sample: Sample, tell: Any) -> int:
    """Runs the release to its end, saying yes where its people would, and tells what every step did."""
    from taskterm.runner.follow import follow
    from taskterm.runner.start import continue_waiting, start_run

    started = sample.started["release"]
    run_id = start_run(sample.store, workflow_id=started.workflow_id, actor=session.actor, now=session.clock())
    told = demo_report.Turns(tell)
    while True:
        code = follow(sample.store, run_id, told, actor=session.actor, now=session.clock)
        people = _waited_for(sample, run_id)
        if code or not people:
            break
        for task_id in people:
            _by_owner(session, sample, "done", task_id, tell)
        continue_waiting(sample.store, actor=session.actor, now=session.clock())
        if _run_record(sample, run_id).state in RUN_ENDED:
            continue
        _until_owned(sample, run_id)
    return demo_report.tell_end(session, sample.store, sample.folder, started, run_id, code)


def _waited_for(sample: Sample, run_id: int) -> list[int]:
    """Tasks of people on which the run waits and which nothing else holds up."""
    with sample.store.read() as reader:
        parts = [part.task_id for part in reader.run_tasks(run_id) if part.state == "person"]
        tasks = [task for task in map(reader.task, parts) if task is not None]
    return [task.id for task in tasks if task.status == "todo" and not task.open_predecessors]


def _run_record(sample: Sample, run_id: int) -> Run:
    from taskterm.core.commands.run_parts import existing_run

    with sample.store.read() as reader:
        return existing_run(reader, run_id)


def _until_owned(sample: Sample, run_id: int) -> None:
    """Waits until the supervisor that was just started has taken the run up."""
    import time

    end = time.monotonic() + 30.0
    while _run_record(sample, run_id).state == "waiting" and time.monotonic() < end:
        time.sleep(0.02)


# ── on a terminal


def _open(session: Session, sample: Sample) -> int:
    """Opens the screen; afterwards the folder goes, unless something still runs or waits in it."""
    from taskterm.cli import keybindings
    from taskterm.tui.launch import run as open_screen
    from taskterm.tui.manner import Opening

    release = sample.started["release"].ids
    sys.stdout.flush()
    keys, _ = keybindings.of(session.config)
    run, done = keys.of("run_workflow"), keys.of("done")
    opening = Opening(
        release["lint"], f"{run} runs this release · it waits at #{release['approve']}, where {done} approves"
    )
    code = open_screen(
        session.path,
        actor=session.actor,
        ascii=session.ascii,
        theme=session.theme(),
        colour=session.wants_colour,
        opening=opening,
        config=session.config,
        keys=keys,
    )
    live = _alive(sample)
    if live:
        named = ", ".join(f"{run.id} {visible(run.title)} ({run.state})" for run in live)
        session.say(f"Still alive: run {named}. Open it again with:")
        session.say(f"  {called()} --db {shlex.quote(visible(session.path))}")
        session.say(f"When you are done with it: rm -r {shlex.quote(visible(str(sample.folder)))}")
    else:
        import shutil

        shutil.rmtree(sample.folder, ignore_errors=True)
        session.say(f"The sample is removed: {visible(str(sample.folder))}")
    return code


COMMANDS = {
    "demo": Command(
        "demo",
        "",
        "a sample of all three kinds of workflow, in a throw-away database",
        demo,
        (Option("--headless", "run the release to its end and tell what happened (as without a terminal)"),),
        (("demo", "on a terminal: opens the screen"), ("demo --headless", "from a script: 0 if everything succeeded")),
    ),
}
