"""run and stop-run: starting and ending the execution of tasks."""

from taskterm.cli.options import Command, Given, Option, need, refs
from taskterm.cli.session import Session
from taskterm.cli.streaming import Printer, read_run
from taskterm.core.errors import RuleError, UsageError

JOBS = Option("-j", "at most so many tasks at the same time (4)", "N", number=True)


def run(session: Session, given: Given) -> int:
    """Runs tasks, or the open tasks of a workflow, and shows their output; answers the exit code of the run."""
    from taskterm.runner.start import JOBS as DEFAULT
    from taskterm.runner.start import start_run

    words, workflow = given.all_words(), given.number("workflow")
    if workflow is None:
        need(words, "the task to run", "run 12")
    elif words:
        raise UsageError("--workflow runs all of its open tasks; name no others beside it", "see: taskterm help run")
    run_id = start_run(
        session.store(),
        refs(words),
        with_needs=given.flag("with-needs"),
        workflow_id=workflow,
        jobs=given.number("j") or DEFAULT,
        force=given.flag("force"),
        actor=session.actor,
        now=session.now,
    )
    return attend(session, run_id, given.flag("detach"))


def attend(session: Session, run_id: int, detach: bool = False) -> int:
    """Shows a run that has been started until it ends or waits for people; answers its exit code."""
    from taskterm.runner.follow import follow

    if detach:
        if session.json:
            session.data(read_run(session, run_id))
        else:
            session.say(f"run {run_id} is started; watch it with: taskterm logs {run_id} -f")
        return 0
    several = len(read_run(session, run_id)["tasks"]) > 1
    printer = Printer(session, several)
    code = follow(
        session.store(),
        run_id,
        (lambda event: None) if session.json else printer,
        actor=session.actor,
        now=session.clock,
    )
    if session.json:
        session.data(read_run(session, run_id))
    return code


def stop_run(session: Session, given: Given) -> int:
    """Asks runs to stop: their steps and all that these started are ended."""
    from taskterm.runner.start import request_stop

    words = given.all_words()
    need(words, "the number of the run", "stop-run 3")
    found = []
    for number in map(run_number, words):
        state = request_stop(session.store(), number, actor=session.actor, now=session.now)
        if session.json:
            found.append(read_run(session, number))
        else:
            session.say(f"run {number} is {'stopping' if state == 'running' else state}")
    if session.json:
        session.data(found[0] if len(found) == 1 else found)
    return 0


def run_number(word: str) -> int:
    """The number of a run as it was typed; UsageError for anything else."""
    from taskterm.core.wording import shown

    digits = word.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise UsageError(f"{shown(word)} is not the number of a run", "see the numbers with: taskterm runs")
    return int(digits)


def newest_run(session: Session) -> int:
    """The number of the newest run; RuleError where nothing has run yet."""
    with session.store().read() as reader:
        newest = reader.newest_runs(1)
    if not newest:
        raise RuleError("nothing has run yet", "run a task that has steps with: taskterm run ID")
    return newest[0].id


COMMANDS = {
    "run": Command(
        "run",
        "TASK… | --workflow N",
        "run the commands of tasks and show their output",
        run,
        (
            Option("--with-needs", "run what they wait for first"),
            JOBS,
            Option("--workflow", "all open tasks of a workflow (workflow list shows numbers)", "N", number=True),
            Option("--detach", "only start it"),
            Option("--force", "even if something they wait for is open"),
        ),
        (
            ("run 12", "one task"),
            ("run 12 --with-needs -j 8", "with everything it needs, eight at a time"),
            ("run --workflow 1 --detach", "a whole workflow, in the background"),
        ),
        (
            "Ctrl+C stops the run. It waits where a person has to act, and goes on when that task is done.",
            "Exit code: 0 succeeded or waits for people, 1 failed, 4 a command is not trusted here, 130 interrupted.",
        ),
    ),
    "stop-run": Command(
        "stop-run", "RUN…", "stop runs and everything they started", stop_run, examples=(("stop-run 3", ""),)
    ),
}
