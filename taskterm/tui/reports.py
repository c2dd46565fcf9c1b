"""The messages that the worker threads of work.py post: what became of what was asked, and the newest snapshot."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.message import Message

from taskterm.core.model import Step
from taskterm.store.store import Result
from taskterm.tui.detail_rows import Extra
from taskterm.tui.picture import Picture

if TYPE_CHECKING:
    from taskterm.exchange.workflow import WorkflowFile
    from taskterm.store.telling import Whole
    from taskterm.tui.diagram_scope import Drawn
    from taskterm.tui.drafts import Form
    from taskterm.tui.journal import Page


class Refreshed(Message):
    """The database has another state, or it is another minute: a picture of all of it, without any filter."""

    def __init__(self, picture: Picture, read_only: str) -> None:
        super().__init__()
        self.picture = picture
        self.read_only = read_only

    def can_replace(self, message: Message) -> bool:
        """Only the newest state matters."""
        return isinstance(message, Refreshed)


class OutOfReach(Message):
    """The database cannot be read now; the watcher keeps trying."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class Executed(Message):
    """A command was applied. `args` are those it was asked with; `about` says what an undo or redo was about."""

    def __init__(self, verb: str, args: Mapping[str, Any], result: Result, about: str = "") -> None:
        super().__init__()
        self.verb = verb
        self.args = args
        self.result = result
        self.about = about


class Refused(Message):
    """A job failed. `job` is the verb or the kind of the job, `args` what it was asked with."""

    def __init__(self, job: str, args: Mapping[str, Any], error: Exception) -> None:
        super().__init__()
        self.job = job
        self.args = args
        self.error = error


class Broke(Message):
    """A job ended with an exception that nobody expected: a fault of the program."""

    def __init__(self, job: str, error: Exception) -> None:
        super().__init__()
        self.job = job
        self.error = error


class RunAsked(NamedTuple):
    """What shall run: tasks (with what they need), or a whole workflow."""

    task_ids: tuple[int, ...] = ()
    workflow_id: int | None = None
    with_needs: bool = False
    force: bool = False


class RunStarted(Message):
    """A run was created and its supervisor is on its way."""

    def __init__(self, asked: RunAsked, run_id: int) -> None:
        super().__init__()
        self.asked = asked
        self.run_id = run_id


class TrustNeeded(Message):
    """A run was refused because these commands have not been approved here."""

    def __init__(self, asked: RunAsked, steps: Sequence[Step]) -> None:
        super().__init__()
        self.asked = asked
        self.steps = tuple(steps)


class Looked(Message):
    """History and output of the selected task."""

    def __init__(self, extra: Extra) -> None:
        super().__init__()
        self.extra = extra

    def can_replace(self, message: Message) -> bool:
        """Only the newest look matters."""
        return isinstance(message, Looked)


class Drew(Message):
    """What the diagram wanted is laid out."""

    def __init__(self, drawn: "Drawn") -> None:
        super().__init__()
        self.drawn = drawn


class JournalRead(Message):
    """A page of the journal."""

    def __init__(self, page: "Page") -> None:
        super().__init__()
        self.page = page


class OperationRead(Message):
    """One operation with what it changed; None where there is none of that number any more."""

    def __init__(self, number: int, whole: "Whole | None") -> None:
        super().__init__()
        self.number = number
        self.whole = whole


class WorkflowRead(Message):
    """A workflow file without a mistake, to be started."""

    def __init__(self, workflow: "WorkflowFile") -> None:
        super().__init__()
        self.workflow = workflow


class HintsKnown(Message):
    """How often each hint has been shown to this user."""

    def __init__(self, shown: Mapping[str, int]) -> None:
        super().__init__()
        self.shown = shown


class DraftFound(Message):
    """What stood in the capture line when this database was left."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class FormsFound(Message):
    """Edit forms that were left unsaved, by the uuids of their tasks."""

    def __init__(self, forms: "Mapping[str, Form]") -> None:
        super().__init__()
        self.forms = forms


class Answered(Message):
    """A sentence for the answer line; `bad` shows it as a refusal."""

    def __init__(self, sentence: str, *, bad: bool = False) -> None:
        super().__init__()
        self.sentence = sentence
        self.bad = bad
