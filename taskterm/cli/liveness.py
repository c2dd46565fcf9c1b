"""Whether the supervisors of runs are still there: a run whose supervisor died looks as if it went on until somebody
looks after it. Only commands that have just shown something running need this.
"""

from __future__ import annotations

from taskterm.cli.session import Session
from taskterm.core.model import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def gone(runs: Iterable[Run]) -> list[Run]:
    """Those of the runs that count as running and whose supervisor, on this machine, is dead."""
    running = [run for run in runs if run.state == "running"]
    if not running:
        return []
    from taskterm.runner import owner

    return [run for run in running if owner.state_of(run) == "dead"]


def tell(session: Session, runs: Iterable[Run] | None = None) -> None:
    """Says beside the answer which supervisors are gone, and what to do; `runs` are all that live unless given."""
    if runs is None:
        with session.store().read() as reader:
            runs = reader.live_runs()
    for run in gone(runs):
        session.note(f"run {run.id} is not alive, its supervisor is gone: taskterm runs --recover")
