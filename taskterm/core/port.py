"""What a command may ask of the store while it decides. Any store implements this; commands know nothing else of it.

A reader lives inside one transaction: what it answers stays true until the changes it led to are committed.
"""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any, Protocol

from taskterm.core.model import Attempt, Change, Column, Comment, Operation, Run, RunTask, Step, Task, View


class Reader(Protocol):
    """Reads of one transaction. Ids that do not exist answer None or an empty list, never an error.

    `zone` is that of who acts: dates that a command works out itself are counted on their wall clock.
    """

    zone: tzinfo

    def task(self, task_id: int) -> Task | None: ...

    def tasks_titled(self, part: str, limit: int = 9) -> list[Task]:
        """Tasks with `part` in their title, letter case ignored, those of that very title first, then open ones."""
        ...

    def task_by_uuid(self, uuid: str) -> Task | None: ...

    def predecessors(self, task_id: int) -> list[int]: ...

    def successors(self, task_id: int) -> list[int]: ...

    def workflow_tasks(self, workflow_id: int) -> list[int]: ...

    def workflow_by_uuid(self, uuid: str) -> int | None:
        """The id of the workflow with this uuid."""
        ...

    def steps(self, task_id: int) -> list[Step]:
        """The steps of a task in their order."""
        ...

    def step(self, step_id: int) -> Step | None: ...

    def comments(self, task_id: int) -> list[Comment]:
        """The comments of a task, oldest first."""
        ...

    def columns(self) -> list[Column]:
        """The board's columns from left to right."""
        ...

    def views(self) -> list[View]:
        """The saved views in the order in which they are listed."""
        ...

    def run(self, run_id: int) -> Run | None: ...

    def run_tasks(self, run_id: int) -> list[RunTask]:
        """The parts of a run in the order of its plan."""
        ...

    def task_runs(self, task_id: int) -> list[RunTask]:
        """All parts that a task had in runs, newest run first."""
        ...

    def live_runs(self) -> list[Run]:
        """Runs that have not ended."""
        ...

    def attempt(self, attempt_id: int) -> Attempt | None: ...

    def attempts(self, run_id: int, task_id: int | None = None) -> list[Attempt]:
        """The attempts of a run (of one task in it), oldest first."""
        ...

    def count_in_column(self, key: str) -> int:
        """How many tasks stand in a stage."""
        ...

    def row(self, table: str, key: Mapping[str, Any]) -> dict[str, Any] | None:
        """Any row of a journalled table without its caches and stamps, as its journal shows it."""
        ...

    def rows_referring(self, table: str, key: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """(table, key) of every row that refers to this one."""
        ...

    def operation(self, operation_id: int) -> Operation | None: ...

    def changes(self, operation_id: int) -> Sequence[Change]:
        """The changes of an operation in the order in which they were applied."""
        ...

    def last_undoable(self, actor: str) -> Operation | None:
        """The newest operation of this actor that can be undone and is not."""
        ...

    def last_undone(self, actor: str) -> Operation | None:
        """The operation that a redo of this actor brings back: undone last, with nothing new since."""
        ...

    def last_change(self, table: str, key: Mapping[str, Any]) -> Operation | None:
        """The newest operation that touched this row."""
        ...

    def last_set(self, table: str, key: Mapping[str, Any], field: str) -> Operation | None:
        """The newest operation that gave this field of a row its value."""
        ...

    def new_id(self, counter: str) -> int:
        """The next number of a counter; numbers are never given twice, even after an undo."""
        ...

    def take_id(self, counter: str, number: int) -> bool:
        """Takes this number itself, if it lies above all that were given so far; False where it does not."""
        ...

    def new_uuid(self) -> str: ...
