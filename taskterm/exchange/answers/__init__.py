"""The shapes of every `--json` answer, as models: what scripts may rely on. `make schemas` writes them as JSON Schema.

Fields are only ever added. The number in a shape's address grows when a reader of the old shape would be wrong.
Importing this loads SQLModel (a third of a second), so only tests and `make schemas` do.
"""

from typing import Any

from taskterm.exchange.answers.graph import Board, Column, Graph, Tree, Why
from taskterm.exchange.answers.outside import (
    ConfigFile,
    Everything,
    Exported,
    Imported,
    Operation,
    RemovedViews,
    SavedView,
    Setting,
    Settings,
    SettingWritten,
    View,
)
from taskterm.exchange.answers.runs import (
    Approved,
    Demo,
    LogLine,
    Mistake,
    Plan,
    Revoked,
    Run,
    Started,
    StartedBefore,
    Step,
    Trust,
)
from taskterm.exchange.answers.tasks import Again, Change, Details, Notes, Sketched, Task

SHAPES: dict[str, Any] = {
    "task": Task | list[Task],
    "tasks": list[Task],
    "details": Details | list[Details],
    "change": Change,
    "note": Change | Notes,
    "sketch": Sketched,
    "why": Why | list[Why],
    "tree": Tree,
    "graph": Graph,
    "board": Board,
    "columns": list[Column],
    "steps": list[Step],
    "run": Run,
    "runs": list[Run] | Run,
    "stopped": Run | list[Run],
    "logs": list[LogLine],
    "plan": Plan,
    "mistakes": list[Mistake],
    "started": Started | Run,
    "workflows": list[StartedBefore],
    "trust": Trust,
    "approved": Approved,
    "revoked": Revoked,
    "history": list[Operation],
    "again": Again,
    "view": SavedView,
    "views": list[View],
    "views-removed": RemovedViews,
    "import": Imported,
    "export": Exported | Everything,
    "settings": Settings,
    "setting": Setting,
    "setting-written": SettingWritten,
    "config-file": ConfigFile,
    "demo": Demo,
}
"""Every shape by its name. Where one answers an object and several an array, both are meant."""
