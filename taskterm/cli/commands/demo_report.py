"""What the demo tells: the turns of a run as they come, and at the end the tree with what every step did."""

from __future__ import annotations

import hashlib
import shlex
from pathlib import Path

from taskterm.cli.commands.tree import tree_lines
from taskterm.cli.commands.workflow import Started
from taskterm.cli.program import called
from taskterm.cli.session import Session
from taskterm.cli.streaming import clean, read_run
from taskterm.cli.text import Cell, table
from taskterm.core import jsontext
from taskterm.core.display import visible
from taskterm.core.durations import clock
from taskterm.core.model import Attempt
from taskterm.core.story import failure_word
from taskterm.runner.output import LogReader
from taskterm.store.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from taskterm.runner.follow import Event


class Turns:
    """Tells when a task of a run is done or has failed, and nothing else."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told: set[tuple[int, str]] = set()

    def __call__(self, event: Event) -> None:
        part = event.part
        if event.kind != "task" or part is None or event.task is None:
            return
        if part.state in ("running", "planned", "person", "untrusted") or (part.task_id, part.state) in self._told:
            return
        self._told.add((part.task_id, part.state))
        took = f" in {part.duration_ms / 1000:.1f} s" if part.duration_ms is not None else ""
        if part.state == "succeeded" and part.duration_ms is None:
            return  # a person's task, told when it was done
        word = "done" if part.state == "succeeded" else part.state
        self._tell(f"  {part.task_id} {visible(event.task.title)}: {word}{took}")


def tell_end(session: Session, store: Store, folder: Path, started: Started, run_id: int, code: int) -> int:
    """Prints the tree, the steps and the installed file; answers 0 if all went well and the file is what was built."""
    found = read_run(session, run_id)
    steps = [(attempt, _last_line(store, attempt)) for attempt in _attempts(store, run_id)]
    artefact, digest, promised = _installed(folder, store, started)
    fine = code == 0 and found["state"] == "succeeded" and digest is not None and digest == promised
    if session.json:
        last = {attempt.id: line for attempt, line in steps}
        for attempt in found["attempts"]:
            attempt["last_line"] = last.get(attempt["id"])
        session.data({"database": store.path, "run": found, "installed": str(artefact), "sha256": digest})
        return 0 if fine else 1
    session.say()
    session.say(session.paint("The release, as a tree", strong=True))
    snapshot = store.snapshot()
    tree_lines(session, snapshot, started.ids.values(), session.width or 120)
    session.say()
    session.say(session.paint("What each step did", strong=True))
    rows = [
        [
            Cell(str(attempt.task_id), "mute"),
            Cell(attempt.name),
            Cell(attempt.state if attempt.exit_code in (None, 0) else failure_word(attempt)),
            Cell(f"exit {attempt.exit_code}" if attempt.exit_code is not None else "", "mute"),
            Cell(f"{(attempt.duration_ms or 0) / 1000:.2f} s", "mute"),
            Cell(line, "mute"),
        ]
        for attempt, line in steps
    ]
    for line in table(rows, width=session.width or 120, colour=session.colour, right=(0, 4), flex=(5,)):
        session.say(line)
    session.say()
    session.say(f"run {run_id} {found['state']}{_total(found)}")
    if digest is not None:
        same = "as it was built" if digest == promised else "NOT what was built"
        session.say(f"installed {visible(str(artefact))}")
        session.say(f"sha256 {digest}, {same}")
    else:
        session.note(f"nothing was installed at {artefact}")
    session.say()
    session.say(f"Look around in it with: {called()} --db {shlex.quote(visible(store.path))} tree")
    session.say(f"When you are done with it: rm -r {shlex.quote(visible(str(folder)))}")
    return 0 if fine else 1


def _attempts(store: Store, run_id: int) -> list[Attempt]:
    with store.read() as reader:
        return reader.attempts(run_id)


def _last_line(store: Store, attempt: Attempt) -> str:
    log = LogReader(store, attempt)
    last = ""
    while lines := log.read(final=True):
        said = [line.text for line in lines if line.text.strip()]
        last = said[-1] if said else last
    return clean(last, False).strip()


def _installed(folder: Path, store: Store, started: Started) -> tuple[Path, str | None, str | None]:
    """The file that the deploy installed, its SHA-256 (None if it is not there), and that of the built one."""

    params: dict[str, Any] = jsontext.loads(store.snapshot().workflows[started.workflow_id].params)
    name = f"shop-{params['version']}.pyz"
    target = folder / "work" / params["target"] / "releases" / params["version"] / name
    return target, _sha256(target), _sha256(folder / "work" / "dist" / name)


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _total(found: dict[str, Any]) -> str:
    from taskterm.core.zone import from_utc_text

    if not (found["started_at"] and found["ended_at"]):
        return ""
    seconds = (from_utc_text(found["ended_at"]) - from_utc_text(found["started_at"])).total_seconds()
    return f" in {clock(seconds)}"
