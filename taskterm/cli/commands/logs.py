"""runs and logs: what has been executed, and what it printed."""

from __future__ import annotations

from taskterm.cli import liveness
from taskterm.cli.commands.runs import newest_run, run_number
from taskterm.cli.options import Command, Given, Option
from taskterm.cli.session import Session
from taskterm.cli.streaming import Printer, called, read_run
from taskterm.cli.text import Cell, table
from taskterm.core import dates
from taskterm.core.display import STATE_ROLES, visible
from taskterm.core.durations import clock
from taskterm.core.errors import UsageError
from taskterm.core.lean import datetime
from taskterm.core.model import RUN_ENDED, Attempt, Run

_ROLES = {**STATE_ROLES, "succeeded": "done", "stopped": "warn", "lost": "fail", "timeout": "fail", "person": "warn"}


def runs(session: Session, given: Given) -> int:
    """The newest runs, or one of them with its tasks and steps."""
    words = given.all_words()
    if len(words) > 1:
        raise UsageError("runs takes one number at most", "for example: taskterm runs 3")
    if given.flag("recover"):
        _recover(session)
    if words:
        return _one(session, run_number(words[0]))
    with session.store().read() as reader:
        newest = reader.newest_runs(given.number("n") or 20)
    if session.json:
        session.data([read_run(session, run.id) for run in newest])
        return 0
    lost = {run.id for run in liveness.gone(newest)}
    rows = [
        [
            Cell(str(run.id), "mute"),
            Cell("lost?", "fail") if run.id in lost else Cell(run.state, _ROLES.get(run.state, "mute")),
            Cell(run.title),
            Cell(_took(run.started_at, run.ended_at, session.now), "mute"),
            Cell(dates.relative(run.created_at, session.now), "mute"),
            Cell(run.created_by),
            Cell(run.host or "", "mute"),
        ]
        for run in newest
    ]
    for line in table(rows, width=session.width, colour=session.colour, right=(0, 3), flex=(2,)):
        session.say(line)
    liveness.tell(session, newest)
    if not rows:
        session.note("nothing has run yet; run a task that has steps with: taskterm run ID")
    return 0


def _recover(session: Session) -> None:
    """Looks after the runs of this user on this machine whose supervisor is dead, and says what became of them."""
    from taskterm.core.commands.run_parts import existing_run
    from taskterm.runner.start import recover

    store = session.store()
    for run_id in recover(store, actor=session.actor, now=session.now):
        with store.read() as reader:
            state = existing_run(reader, run_id).state
        word = {"lost": "is lost: nobody knows how what it was running ended", "waiting": "waits to be taken up again"}
        session.note(f"run {run_id} {word.get(state, f'is {state}')}")


def _one(session: Session, run_id: int) -> int:
    found = read_run(session, run_id)
    if session.json:
        session.data(found)
        return 0
    with session.store().read() as reader:
        run = reader.run(run_id)
    lost = liveness.gone([run] if run else [])
    by = f"@{visible(found['created_by'])} on {visible(found['host'] or 'an unknown host')}"
    state = "lost?" if lost else found["state"]
    session.say(session.paint(f"run {run_id} {visible(found['title'])} · {state}", strong=True) + f" · {by}")
    rows = []
    numbers: dict[object, int] = {}
    for part in found["tasks"]:
        took = clock(part["duration_ms"] / 1000) if part["duration_ms"] is not None else ""
        rows.append(
            [
                Cell(str(part["id"]), "mute"),
                Cell(part["state"], _ROLES.get(part["state"], "mute")),
                Cell(part["title"] or "", "", True),
                Cell(part["reason"] or "", "mute"),
                Cell(took, "mute"),
            ]
        )
        for attempt in found["attempts"]:
            if attempt["task"] == part["id"]:
                rows.append(_attempt_row(attempt, numbers))
    for line in table(rows, width=session.width, colour=session.colour, right=(0, 4), flex=(3, 2)):
        session.say(line)
    liveness.tell(session, lost)
    return 0


def _attempt_row(attempt: dict[str, object], numbers: dict[object, int]) -> list[Cell]:
    key = (attempt["task"], attempt["step"] if attempt["step"] is not None else attempt["name"])
    number = numbers.setdefault(key, len(numbers) + 1)
    state, code, duration = str(attempt["state"]), attempt["exit_code"], attempt["duration_ms"]
    word = state if code in (None, 0) else f"{state}, exit {code}"
    took = clock(duration / 1000) if isinstance(duration, int) else ""
    return [
        Cell(""),
        Cell(word, _ROLES.get(state, "mute")),
        Cell(f"{number} {called(str(attempt['name']), str(attempt['run']))}"),
        Cell(""),
        Cell(took),
    ]


def _took(started: str | None, ended: str | None, now: datetime) -> str:
    if started is None:
        return ""
    end = dates.from_utc_text(ended) if ended else now
    return clock((end - dates.from_utc_text(started)).total_seconds())


def logs(session: Session, given: Given) -> int:
    """What a run printed, or what it prints from now on until it ends."""
    from taskterm.core.commands.run_parts import existing_run
    from taskterm.runner.follow import follow

    words = given.all_words()
    if len(words) > 1:
        raise UsageError("logs takes the number of one run", "for example: taskterm logs 3 -f")
    store = session.store()
    run_id = run_number(words[0]) if words else newest_run(session)
    step = given.number("step")
    with store.read() as reader:
        run = existing_run(reader, run_id)
        several = len(reader.run_tasks(run_id)) > 1
        attempts = reader.attempts(run_id)
    if step is not None and not given.flag("follow") and step > len({_key(a) for a in attempts}):
        raise UsageError(f"run {run_id} has no step {step}", f"see its steps with: taskterm runs {run_id}")
    printer = Printer(session, several and step is None, given.flag("raw"), step)
    if session.json:
        session.data(_lines(session, run, attempts, step))
        return 0
    if given.flag("follow") and run.state not in RUN_ENDED:
        return follow(store, run_id, printer, actor=session.actor, now=session.clock, stop_on_interrupt=False)
    _replay(session, run, printer)
    liveness.tell(session, [run])
    return 0


def _replay(session: Session, run: Run, printer: Printer) -> None:
    """What is there so far, task by task."""
    from taskterm.runner.follow import Event
    from taskterm.runner.output import LogReader

    store = session.store()
    with store.read() as reader:
        attempts = reader.attempts(run.id)
        tasks = {a.task_id: reader.task(a.task_id) for a in attempts}
    for attempt in attempts:
        begun = attempt._replace(state="running")
        printer(Event("step", run, tasks[attempt.task_id], attempt=begun))
        log = LogReader(store, attempt)
        while lines := log.read(final=attempt.state != "running"):
            for line in lines:
                printer(Event("line", run, tasks[attempt.task_id], attempt=attempt, line=line))
        if attempt.state != "running":
            printer(Event("step", run, tasks[attempt.task_id], attempt=attempt))


def _lines(session: Session, run: Run, attempts: list[Attempt], step: int | None) -> list[dict[str, object]]:
    """Every line of output as JSON: `task`, `step`, `attempt`, `name`, `elapsed_ms`, `text`."""
    from taskterm.runner.output import LogReader

    found: list[dict[str, object]] = []
    numbers: dict[object, int] = {}
    for attempt in attempts:
        number = numbers.setdefault(_key(attempt), len(numbers) + 1)
        if step not in (None, number):
            continue
        log = LogReader(session.store(), attempt)
        about = {"task": attempt.task_id, "step": number, "attempt": attempt.id, "name": attempt.name}
        while lines := log.read(final=attempt.state != "running"):
            found += [{**about, "elapsed_ms": line.elapsed_ms, "text": line.text} for line in lines]
    return found


def _key(attempt: Attempt) -> object:
    return attempt.task_id, attempt.step_id if attempt.step_id is not None else attempt.name


COMMANDS = {
    "runs": Command(
        "runs",
        "[RUN]",
        "what has run and what runs now",
        runs,
        (
            Option("-n", "so many runs (20)", "N", number=True),
            Option("--recover", "look after runs of this machine whose supervisor died"),
        ),
        (
            ("runs", "the newest runs"),
            ("runs 3", "one run with its tasks and steps"),
            ("runs --recover", "end what dead supervisors left, and record what was lost"),
        ),
        ("lost? is a run whose supervisor is gone: it looks as if it went on, but nothing watches it any more.",),
    ),
    "logs": Command(
        "logs",
        "[RUN]",
        "what a run printed (the newest, if none is named)",
        logs,
        (
            Option("--follow", "go on until the run ends", short="-f"),
            Option("--step", "only this step; runs RUN shows the numbers", "N", number=True),
            Option("--raw", "every character as it came, even those that steer the terminal"),
        ),
        (("logs 3 -f", "watch a run"), ("logs 3 --step 2 > build.log", "the output of one step")),
    ),
}
