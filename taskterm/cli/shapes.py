"""Which shape each command answers with `--json`; the shapes themselves are the files in taskterm/schemas."""

from __future__ import annotations

import os

ANSWERS = {
    "add": "task",
    "done": "change",
    "list": "tasks",
    "next": "tasks",
    "show": "details",
    "edit": "change",
    "note": "note",
    "comment": "change",
    "delete": "change",
    "start": "change",
    "stop": "change",
    "cancel": "change",
    "reopen": "change",
    "move": "change",
    "assign": "change",
    "link": "change",
    "unlink": "change",
    "sketch": "sketch",
    "why": "why",
    "tree": "tree",
    "graph": "graph",
    "board": "board",
    "column list": "columns",
    "column add": "change",
    "column edit": "change",
    "column remove": "change",
    "step add": "change",
    "step list": "steps",
    "step edit": "change",
    "step remove": "change",
    "run": "run",
    "plan": "plan",
    "runs": "runs",
    "logs": "logs",
    "stop-run": "stopped",
    "workflow check": "mistakes",
    "workflow start": "started",
    "workflow list": "workflows",
    "trust list": "trust",
    "trust approve": "approved",
    "trust revoke": "revoked",
    "history": "history",
    "view save": "view",
    "view list": "views",
    "view remove": "views-removed",
    "import": "import",
    "export": "export",
    "config list": "settings",
    "config get": "setting",
    "config set": "setting-written",
    "config unset": "setting-written",
    "config path": "config-file",
    "config edit": "config-file",
    "demo": "demo",
    "undo": "again",
    "redo": "again",
}
"""Shape by the full name of the command."""

OTHERWISE = {
    "help": "prints text for people; help json prints the schemas",
    "completion": "prints a script for a shell",
}
"""Commands that answer in no shape of ours, and what they do instead."""


def schema_text(shape: str) -> str:
    """The JSON Schema of a shape, as the text of its file."""
    import taskterm

    path = os.path.join(os.path.dirname(taskterm.__file__), "schemas", f"{shape}.json")
    with open(path, encoding="utf-8") as file:
        return file.read()
