"""The only place that touches the store, the runner and files: two threads that answer with messages.

The watcher (watcher.py) notices what any process writes and posts a new snapshot; the worker does one job after another
in the order in which they were asked for. Neither ever touches a widget, and the screen's thread never waits for them.
"""

import os
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.message import Message
from textual.message_pump import MessagePump

from taskterm import settings
from taskterm.core import dates
from taskterm.core.errors import NotTrusted
from taskterm.core.model import OPEN, RUN_ENDED, Insert, Step
from taskterm.core.snapshot import Snapshot
from taskterm.store.store import Result, Store
from taskterm.tui import fault_file, hints, kept, telling, terminals
from taskterm.tui.containment import Fault
from taskterm.tui.drafts import DraftFile, forms_in
from taskterm.tui.looking import Looker
from taskterm.tui.reports import (
    Answered,
    Broke,
    DraftFound,
    Drew,
    Executed,
    FormsFound,
    HintsKnown,
    JournalRead,
    Looked,
    OperationRead,
    Refused,
    RunAsked,
    RunStarted,
    TrustNeeded,
    WorkflowRead,
)
from taskterm.tui.watcher import Failure, Watcher

if TYPE_CHECKING:
    from taskterm.exchange.workflow import WorkflowFile
    from taskterm.tui import journal
    from taskterm.tui.diagram_scope import Drawn, Wanted


class Job(NamedTuple):
    """One thing for the worker: `work` gives the message to post, a failure becomes Refused(name, args)."""

    name: str
    args: Mapping[str, Any]
    work: Callable[[], Message | None]


class Work:
    """The two threads. Methods return at once; answers come as messages to `target`."""

    def __init__(self, target: MessagePump, store: Store, actor: str, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.actor = actor
        self._target = target
        self._clock = clock
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._wanted: int | None = None  # the task whose details were asked for last
        self._drawing: Wanted | None = None  # the diagram that was asked for last
        self._reading: journal.Asked | None = None  # the page of the journal that was asked for last
        self._looker = Looker(store)
        self._draft = DraftFile(store.path)
        self._forms = DraftFile(store.path, "forms")
        self._going_on = False
        self._stop = threading.Event()
        self._watcher = Watcher(store, clock, self._post, self._go_on, self._stop)
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin; the first Refreshed or OutOfReach follows."""
        for name, loop in (("taskterm-watcher", self._watcher.run), ("taskterm-worker", self._work)):
            # Daemons: a hung network drive must not keep the terminal.
            thread = threading.Thread(target=loop, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Let both threads end; jobs asked for so far are done first, unless the drive hangs."""
        self._stop.set()
        self._watcher.nudge()
        self._jobs.put(None)
        for thread in self._threads:
            thread.join(timeout=5.0)

    # what may be asked

    def execute(self, verb: str, args: Mapping[str, Any]) -> None:
        """One command of the store."""

        def work() -> Message:
            now = self._clock()
            result = self.store.execute(verb, args, actor=self.actor, now=now)
            if verb == "edit" and args.get("steps"):
                self._trust_typed(result)
            self._watcher.nudge()
            if verb not in ("undo", "redo"):
                return Executed(verb, args, result)
            with self.store.read() as reader:
                return Executed(verb, args, result, telling.about(reader, result.outcome, now))

        self._ask(verb, args, work)

    def add(self, values: Mapping[str, Any]) -> None:
        """A new task as the user typed it, or several; commands typed here need no further approval here."""
        self._typed("add", values)

    def add_step(self, task_id: int, command: str) -> None:
        """One more command of a task, typed here."""
        self._typed("step_add", {"ref": task_id, "steps": [{"run": command}]})

    def _typed(self, verb: str, args: Mapping[str, Any]) -> None:
        def work() -> Message:
            result = self.store.execute(verb, args, actor=self.actor, now=self._clock())
            self._trust_typed(result)
            self._watcher.nudge()
            return Executed(verb, args, result)

        self._ask(verb, args, work)

    def edit_step(self, step: Step, typed: Mapping[str, Any]) -> None:
        """Other fields of a step; it may run here where nothing that decides what it does came from elsewhere."""
        args = {"step_id": step.id, "set": dict(typed)}

        def work() -> Message:
            from taskterm.runner.trust import Trust, meant

            result = self.store.execute("step_edit", args, actor=self.actor, now=self._clock())
            trust = Trust()
            as_meant, inherited = meant(trust, step, typed)
            if not inherited:
                trust.record_typed(as_meant)
            self._watcher.nudge()
            return Executed("step_edit", args, result)

        self._ask("step_edit", args, work)

    def run(self, asked: RunAsked, approve: Sequence[Step] = ()) -> None:
        """Start a run; `approve` are commands which the user has just read and approved."""

        def work() -> Message:
            from taskterm.runner.start import start_run
            from taskterm.runner.trust import Trust

            trust = Trust()
            if approve:
                trust.approve(approve)
            try:
                run_id = start_run(
                    self.store,
                    asked.task_ids,
                    workflow_id=asked.workflow_id,
                    with_needs=asked.with_needs,
                    force=asked.force,
                    actor=self.actor,
                    now=self._clock(),
                    trust=trust,
                )
            except NotTrusted:
                return TrustNeeded(asked, trust.pending(self._steps(asked)))
            self._watcher.nudge()
            return RunStarted(asked, run_id)

        self._ask("run", asked._asdict(), work)

    def stop_run(self, run_id: int) -> None:
        """Ask a run to stop."""

        def work() -> Message:
            from taskterm.runner.start import request_stop

            request_stop(self.store, run_id, actor=self.actor, now=self._clock())
            self._watcher.nudge()
            return Answered(f"run {run_id} is asked to stop")

        self._ask("stop_run", {"run_id": run_id}, work)

    def look(self, task_id: int, before: int | None = None) -> None:
        """History and last output of a task, as Looked; asking for another one meanwhile drops this one.

        With `before` the history also goes further back, below that operation.
        """
        self._wanted = task_id

        def work() -> Message | None:
            return Looked(self._looker.extra(task_id, self._clock(), before)) if self._wanted == task_id else None

        self._ask("look", {"task_id": task_id}, work)

    def draw(self, wanted: "Wanted", known: "Drawn | None") -> None:
        """Lay out the diagram, as Drew; asking for another one meanwhile drops this one."""
        self._drawing = wanted

        def work() -> Message | None:
            from taskterm.tui import diagram_scope

            return Drew(diagram_scope.draw(wanted, known)) if self._drawing is wanted else None

        self._ask("draw", {}, work)

    def read_journal(self, wanted: "journal.Asked | int") -> None:
        """A page of the journal, as JournalRead, or one operation, as OperationRead; a newer page drops an older."""
        if not isinstance(wanted, int):
            self._reading = wanted

        def work() -> Message | None:
            from taskterm.tui import journal

            if isinstance(wanted, int):
                with self.store.read() as reader:
                    return OperationRead(wanted, journal.read_whole(reader, wanted, self._clock()))
            if self._reading is not wanted:
                return None
            with self.store.read() as reader:
                return JournalRead(journal.read(reader, wanted, self._clock()))

        self._ask("journal", {}, work)

    def read_drafts(self) -> None:
        """What stood in the capture line when it was left, as DraftFound, and the edit forms of tasks that are still
        there, as FormsFound; each where there is anything."""

        def work() -> Message | None:
            if (text := self._draft.read()).strip():
                self._post(DraftFound(text))
            left = forms_in(self._forms.read())
            if left:
                with self.store.read() as reader:
                    tasks = {uuid: reader.task_by_uuid(uuid) for uuid in left}
                left = {uuid: form for uuid, form in left.items() if tasks[uuid] is not None}
            return FormsFound(left) if left else None

        self._ask("draft", {}, work)

    def write_draft(self, text: str) -> None:
        """Keep what stands in the capture line."""
        self._ask("draft", {}, lambda: self._draft.write(text))

    def write_forms(self, text: str) -> None:
        """Keep the edit forms that stand open."""
        self._ask("draft", {}, lambda: self._forms.write(text))

    def look_again(self) -> None:
        """A picture of the same database at another time, as Refreshed."""
        self._watcher.nudge(again=True)

    def keep_report(self, fault: Fault) -> None:
        """Write down what went wrong; the answer says where it is."""

        def work() -> Message:
            path = fault_file.keep(fault.report, self._clock())
            return Answered(f"{fault.sentence} · the report is in {fault_file.short(path)}", bad=True)

        self._ask("keep_report", {}, work)

    def read_workflow(self, path: str) -> None:
        """Read a workflow file, as WorkflowRead; mistakes come as Refused("workflow", …)."""

        def work() -> Message:
            from taskterm.exchange import workflow as workflow_file

            return WorkflowRead(workflow_file.load(os.path.abspath(os.path.expanduser(path))))

        self._ask("workflow", {"path": path}, work)

    def start_workflow(self, workflow: "WorkflowFile", values: Mapping[str, str], *, run: bool) -> None:
        """Make the tasks of a workflow; with `run` the user has approved its commands, and they start."""

        def work() -> Message:
            from taskterm.exchange.workflow_fill import creation, fill

            args = creation(fill(workflow, values), self._clock())
            result = self.store.execute("create", args, actor=self.actor, now=self._clock())
            self._watcher.nudge()
            if run:
                workflow_id = result.outcome.created["workflow_id"]
                asked = RunAsked(workflow_id=workflow_id)
                self.run(asked, approve=self._steps(asked))
            return Executed("create", args, result)

        self._ask("workflow_start", {"values": dict(values)}, work)

    def prefer(self, key: str, value: str) -> None:
        """Keep a preference in config.toml, as `taskterm config set` does."""

        def work() -> Message:
            from taskterm.exchange import preferences

            preferences.keep(settings.read_config(), (key,), value)
            return Answered(f"{key} is {value}, here and from now on")

        self._ask("prefer", {key: value}, work)

    def read_hints(self) -> None:
        """How often this user has seen each hint, as HintsKnown."""

        self._ask("hints", {}, lambda: HintsKnown(hints.read(kept.read(kept.path_of("hints")))))

    def keep_hints(self, shown: Mapping[str, int]) -> None:
        """Remember it; where that cannot be, hints come again, and nobody is bothered with more."""

        def work() -> None:
            with suppress(OSError):
                kept.put(kept.path_of("hints"), hints.written(shown))

        self._ask("hints", {}, work)

    def remember_terminal(self, width: str) -> None:
        """How this terminal draws the signs: `wide` or `narrow`. Where that cannot be kept it is asked again."""

        def work() -> None:
            with suppress(OSError):
                terminals.remember(os.environ, width)

        self._ask("terminal", {}, work)

    def copy_in_tmux(self, text: str) -> None:
        """Into tmux's buffer, from where it goes on to the terminal's clipboard where tmux may."""

        def work() -> None:
            import subprocess

            words = ["tmux", "load-buffer", "-w", "-"]
            try:
                subprocess.run(words, input=text.encode(), capture_output=True, timeout=5.0, check=False)
            except (OSError, subprocess.TimeoutExpired):
                return  # the escape sequence is on its way

        self._ask("copy", {}, work)

    # the worker

    def _ask(self, name: str, args: Mapping[str, Any], work: Callable[[], Message | None]) -> None:
        self._jobs.put(Job(name, args, work))

    def _post(self, message: Message) -> None:
        if not self._stop.is_set():
            self._target.post_message(message)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                message = job.work()
            except Failure as error:
                message = Refused(job.name, job.args, error)
            except Exception as error:  # the next job may be another matter
                message = Broke(job.name, error)
            if message is not None:
                self._post(message)

    def _steps(self, asked: RunAsked) -> list[Step]:
        """The commands that a run would need, nearest first."""
        with self.store.read() as reader:
            if asked.workflow_id is not None:
                tasks = list(reader.workflow_tasks(asked.workflow_id))
            else:
                tasks = list(asked.task_ids)
                if asked.with_needs:
                    for task_id in tasks:  # grows while it is walked: everything upstream
                        tasks += [p for p in reader.predecessors(task_id) if p not in tasks]
            found = [reader.task(task_id) for task_id in tasks]
            return [step for task in found if task and task.status in OPEN for step in reader.steps(task.id)]

    def _trust_typed(self, result: Result) -> None:
        from taskterm.runner.trust import Trust

        trust = Trust()
        for change in result.outcome.changes:
            if isinstance(change, Insert) and change.table == "step":
                trust.record_typed(Step(**change.row))

    def _go_on(self, snapshot: Snapshot) -> None:
        """Runs that waited for a person may go on now; of a supervisor that died its runs are looked after."""
        if self._going_on or all(run.state in RUN_ENDED for run in snapshot.runs.values()):
            return
        self._going_on = True

        def work() -> None:
            from taskterm.runner.start import continue_waiting

            self._going_on = False
            if continue_waiting(self.store, actor=self.actor, now=self._clock()):
                self._watcher.nudge()

        self._ask("go_on", {}, work)


def default_clock() -> datetime:
    """The wall clock in the system's zone."""
    return datetime.now(dates.SystemZone())
