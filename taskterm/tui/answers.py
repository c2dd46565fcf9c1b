"""What comes back from the worker: a sentence, a dialog, an overlay that may close; and the newest picture.

Dialogs are loaded when one is needed: the first picture of the program does not wait for them.
"""

from typing import TYPE_CHECKING, Any, cast

from taskterm.core import edit_line
from taskterm.core.errors import Overtaken, RuleError
from taskterm.core.model import Step
from taskterm.tui import sentences
from taskterm.tui.acts.marking import forget_ended
from taskterm.tui.containment import Contained
from taskterm.tui.early import KeysMayGo
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
    OutOfReach,
    Refreshed,
    Refused,
    RunStarted,
    TrustNeeded,
    WorkflowRead,
)
from taskterm.tui.screens.overlay import Overlay
from taskterm.tui.widgets.bits import ids

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm


UNASKED = ("look", "go_on", "journal")
"""Jobs that nobody asked for."""


class Answers(Contained):
    """Takes the messages of tui/work.py; it has no place on the screen."""

    DEFAULT_CSS = "Answers { display: none; }"

    overridable: Refused | None = None
    """What was refused last, where `force` does it all the same; gone with the next command, executed or refused."""

    @property
    def taskterm(self) -> "TaskTerm":
        """The app, as what it is."""
        return cast("TaskTerm", self.app)

    def on_refreshed(self, message: Refreshed) -> None:
        """The database has another state."""
        self.taskterm.refresh_picture(message.picture, message.read_only)
        for screen in self.taskterm.screen_stack:
            if isinstance(screen, Overlay) and screen.is_mounted:
                screen.refreshed(message.picture)
            elif isinstance(screen, Overlay):  # it has nothing to draw in yet
                screen.call_later(screen.refreshed, message.picture)

    def on_out_of_reach(self, message: OutOfReach) -> None:
        """The database cannot be read; what is on the screen stays, and says so."""
        self.taskterm.out_of_reach(message.sentence)

    def on_looked(self, message: Looked) -> None:
        """History and output for the detail pane."""
        self.taskterm.desk.show_extra(message.extra)

    def on_drew(self, message: Drew) -> None:
        """The diagram is laid out."""
        self.taskterm.desk.diagram.take(message.drawn)

    def on_journal_read(self, message: JournalRead) -> None:
        """More of the journal."""
        self.taskterm.desk.history.take_page(message.page)

    def on_operation_read(self, message: OperationRead) -> None:
        """What one operation changed."""
        self.taskterm.desk.history.take_whole(message.number, message.whole)

    def on_draft_found(self, message: DraftFound) -> None:
        """Something was being typed when this database was left; who types already goes on with that."""
        app = self.taskterm
        if app.drafts.found(message.text, typing=isinstance(app.screen, Overlay)):
            app.say(app.keys.said("your draft was kept: {add} goes on with it"))

    def on_forms_found(self, message: FormsFound) -> None:
        """Edit forms were left unsaved; each opens again as it stood."""
        app = self.taskterm
        app.forms.found(message.forms)
        named = ids(sorted(form.task_id for form in message.forms.values()), 4)
        app.say(app.keys.said(f"what you typed into {named} was kept: {{edit}} goes on with it"))

    def on_answered(self, message: Answered) -> None:
        """A sentence."""
        self.taskterm.say(message.sentence, bad=message.bad)

    def on_hints_known(self, message: HintsKnown) -> None:
        """Those that somebody has seen often enough are not shown again."""
        self.taskterm.attendant.known(message.shown)

    def on_executed(self, message: Executed) -> None:
        """Close the overlay that asked, say what happened, and put the cursor on what is new."""
        app = self.taskterm
        self.overridable = None
        columns = {column.key: column.name for column in app.picture.snapshot.columns}
        outcome = message.result.outcome
        about = message.about
        if message.verb == "edit":
            about = ", ".join(edit_line.phrases(message.args, app.picture.now))
        sentence = sentences.answer(message.verb, outcome, message.result.tasks, columns, about)
        if overlay := self._waiting(message.verb):
            overlay.accepted(sentence)
        if message.verb in ("add", "create") and message.result.outcome.task_ids:
            app.go_to(message.result.outcome.task_ids[0])
        if message.verb in ("undo", "redo") and message.result.operation_id is not None:
            back = [task_id for task_id in outcome.task_ids if task_id in message.result.tasks]
            here = app.selected.id if app.selected is not None else None
            if back:  # the next key is about what came back, not about what lies where it was
                app.desk.follow(here if here in back and here is not None else back[0], message.result.operation_id)
        if message.verb != "reopen":  # what has ended is out of sight, and must not be meant by the next key
            forget_ended(app, message.result.tasks.values())
        app.say(sentence, offer=sentences.offered(message.verb, outcome))

    def on_refused(self, message: Refused) -> None:
        """Say why; an overlay that holds what was typed stays open and says it itself."""
        app = self.taskterm
        sentence = sentences.with_keys(sentences.refusal(message.error), app.keys)
        several = len(message.args.get("refs") or ()) > 1
        nothing = " · none of the marked tasks was changed" if several else ""
        if message.job not in UNASKED:
            self.overridable = None
        if overlay := self._waiting(message.job):
            if isinstance(message.error, Overtaken):
                overlay.overtaken(message.error)
            else:
                overlay.refused(sentence)
        elif message.job in UNASKED:
            # What is wrong with the database is said by the watcher.
            if message.job == "journal":
                app.desk.history.give_up()
        elif isinstance(message.error, RuleError) and "--force" in message.error.hint and "refs" in message.args:
            self.overridable = message
            app.say(f"{message.error.message} · {app.keys.of('anyway')} does it anyway{nothing}", bad=True)
        elif message.job == "run" and isinstance(message.error, RuleError) and "blocked" in sentence:
            app.say(f"{message.error.message} · {app.keys.of('run_needs')} runs what it needs first", bad=True)
        elif isinstance(message.error, RuleError) and _leads_nowhere(message, sentence):
            # It stays the last one, so the key would say the same for ever.
            there, other = app.keys.of("history"), app.keys.of("undo_this")
            app.say(f"{message.error.message} · {there} lists earlier ones, {other} there takes one back", bad=True)
        else:
            app.say(sentence + nothing, bad=True)

    def on_broke(self, message: Broke) -> None:
        """A fault in a thread; whoever waits for its answer need not wait any longer."""
        app = self.taskterm
        app.take_fault(message.error, None)
        if overlay := self._waiting(message.job):
            overlay.refused(app.faults[-1].sentence)

    def _waiting(self, job: str) -> "Overlay[Any] | None":
        """The overlay that asked for a job and waits for what becomes of it; from now on it waits for one less."""
        for screen in reversed(self.taskterm.screen_stack):
            if isinstance(screen, Overlay) and screen.asked and job in screen.JOBS:
                screen.asked -= 1
                self.taskterm.post_message(KeysMayGo())
                return screen
        return None

    def on_trust_needed(self, message: TrustNeeded) -> None:
        """Show the exact commands; y approves them and runs."""
        app = self.taskterm
        tasks = app.picture.snapshot.tasks
        groups: list[tuple[str, list[Step]]] = []
        for step in message.steps:
            task = tasks.get(step.task_id)
            name = f"#{step.task_id} {task.title}" if task else f"#{step.task_id}"
            if not groups or groups[-1][0] != name:
                groups.append((name, []))
            groups[-1][1].append(step)

        def answered(yes: bool | None) -> None:
            if yes:
                app.work.run(message.asked, approve=message.steps)
            else:
                app.say("nothing was approved, nothing runs")

        from taskterm.tui.screens.trust import TrustDialog

        app.push_screen(TrustDialog("Run these commands?", groups), answered)

    def on_run_started(self, message: RunStarted) -> None:
        """Name the run and where to watch it."""
        app = self.taskterm
        there = app.keys.of("runs")
        app.say(f"run {message.run_id} started · {there} shows its output · it goes on without this screen")

    def on_workflow_read(self, message: WorkflowRead) -> None:
        """The file is good: its questions follow."""
        from taskterm.tui.screens.workflow import WorkflowScreen

        app = self.taskterm
        if overlay := self._waiting("workflow"):
            overlay.accepted("")
        app.push_screen(WorkflowScreen(message.workflow, app.work))


def _leads_nowhere(undo: Refused, sentence: str) -> bool:
    """Whether the last operation cannot be taken back, and nothing is said of an earlier one that can."""
    last = undo.job == "undo" and "operation" not in undo.args
    return last and "cannot be undone" in sentence and "in the history" not in sentence
