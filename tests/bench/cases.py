"""The commands that are measured, each with its goal: how many times `python -c 'import sqlite3'` it may take."""

from __future__ import annotations

from tests.bench.harness import Case, World

QUICK, MANY, OTHER = 1.5, 4.0, 3.0
SMALL_MEMORY = 1.4
"""Goal for the peak memory of quick commands, times the floor's."""


def _lines(count: int):
    return lambda output, world: len(output.splitlines()) == min(count, world.open + len(world.spares))


def _all(output: str, world: World) -> bool:
    lines = output.splitlines()
    return len(lines) >= world.open and {line.split("\t")[0] for line in lines} <= {"ready", "blocked", "doing"}


def _chosen(output: str, world: World) -> bool:
    fitting = [t for t in world.snapshot.tasks.values() if t.status != "done" and "ops" in t.tags]
    fitting = [t for t in fitting if (t.project or "").startswith("site.")]
    return len(output.splitlines()) == len(fitting)


def _text(output: str, world: World) -> bool:
    fitting = [t for t in world.snapshot.tasks.values() if t.status != "done"]
    return len(output.splitlines()) == sum("release" in t.title.casefold() for t in fitting)


QUICK_CASES = (
    Case("add", ("add", "Write a summary"), QUICK, ("Write a summary",), True),
    Case(
        "add with facts",
        ("add", "Write a summary", "+docs", "@ana", "project:site.web", "pri:H", "est:2h"),
        QUICK,
        ("priority H", "site.web", "+docs", "@ana"),
        True,
    ),
    Case(
        "add with dates and links", ("add", "Send", "due:fri", "after:{s0}"), QUICK, ("due ", "blocked by {s0}"), True
    ),
    Case("done", ("done", "{s1}"), QUICK, ("{s1} Spare 1 is done",), True),
    Case("next", ("next",), QUICK, _lines(5), True),
    Case("list -n 30", ("list", "-n", "30"), QUICK, _lines(30), True),
    Case("complete ids", ("_complete", "done", ""), QUICK, ("\tMove the ", "\n"), True),
    Case("list", ("list",), MANY, _all),
    Case("list project:site +ops", ("list", "project:site", "+ops"), MANY, _chosen),
    Case("list release", ("list", "release"), MANY, _text),
    Case("list sort:due,-urgency", ("list", "sort:due,-urgency"), MANY, _all),
)

OTHER_CASES = (
    Case("add --json", ("add", "Write", "--json"), OTHER, ('"title": "Write"',)),
    Case("next --json", ("next", "--json"), OTHER, ('"urgency"',)),
    Case("show", ("show", "{task}"), OTHER, ("{task}",)),
    Case("why", ("why", "{task}"), OTHER, ("{task}",)),
    Case("tree TASK", ("tree", "{task}"), OTHER, ("{task}",)),
    Case("board", ("board",), OTHER, ("Ready",)),
    Case("history", ("history", "-n", "20"), OTHER, ("added",)),
    Case("history TASK", ("history", "{task}"), OTHER, ("{task}",)),
    Case("edit", ("edit", "{s2}", "pri:H", "+ops"), OTHER, ("{s2}",)),
    Case("undo", ("undo",), OTHER, ("{s2}",)),
    Case("redo", ("redo",), OTHER, ("{s2}",)),
    Case("comment", ("comment", "{s2}", "Waiting for legal"), OTHER, ("{s2}",)),
    Case("note", ("note", "{s2}", "Ask ana first"), OTHER, ("{s2}",)),
    Case("assign", ("assign", "{s2}", "@ben"), OTHER, ("{s2}",)),
    Case("link", ("link", "{s3}", "--after", "{s2}"), OTHER, ("{s3}",)),
    Case("unlink", ("unlink", "{s3}", "--after", "{s2}"), OTHER, ("{s3}",)),
    Case("start", ("start", "{s4}"), OTHER, ("{s4}",)),
    Case("move", ("move", "{s4}", "review"), OTHER, ("{s4}",)),
    Case("stop", ("stop", "{s4}"), OTHER, ("{s4}",)),
    Case("cancel", ("cancel", "{s4}"), OTHER, ("{s4}",)),
    Case("reopen", ("reopen", "{s4}"), OTHER, ("{s4}",)),
    Case("step add", ("step", "add", "{s4}", "make deploy"), OTHER, ("{s4}",)),
    Case("step list", ("step", "list", "{s5}"), OTHER, ("true",)),
    Case("plan", ("plan", "{s5}"), OTHER, ("{s5}",)),
    Case("runs", ("runs",), OTHER),
    Case("view save", ("view", "save", "urgent", "ready pri.min:M"), OTHER, ("urgent",)),
    Case("view list", ("view", "list"), OTHER, ("urgent",)),
    Case("list view:urgent -n 5", ("list", "view:urgent", "-n", "5"), MANY, _lines(5)),
    Case("workflow list", ("workflow", "list"), OTHER),
    Case("column list", ("column", "list"), OTHER, ("Ready",)),
    Case("trust list", ("trust", "list"), OTHER),
    Case("config list", ("config", "list"), OTHER, ("theme",)),
    Case("config get", ("config", "get", "theme"), OTHER),
    Case("help", ("help",), OTHER, ("taskterm",)),
    Case("--version", ("--version",), OTHER, ("taskterm",)),
)
