"""The process behind a run: it owns the run, starts what is ready, and leaves when only people can move it.

    python -m taskterm.runner.supervisor --db PATH --run ID

One loop, one thread per running task. The loop reads what may run next (`core.commands.run_parts.moves`), claims it,
and looks again when a task ends or somebody has written to the database. It is started detached by `start.py`, so it
survives the terminal and the program that started it; its own errors go to `supervisor.log` beside the logs.
"""

import argparse
import os
import queue
import signal
import sqlite3
import sys
import threading
import time
import traceback
from typing import NamedTuple

from taskterm.core.commands.run_parts import PENDING, Claimed, Moves, NotOwner, held_by, moves
from taskterm.core.commands.runs import settled
from taskterm.core.errors import RuleError, StoreError, TaskTermError
from taskterm.core.model import Run, RunTask, Step
from taskterm.core.zone import to_utc_text
from taskterm.runner import owner, start
from taskterm.runner.ledger import Ledger, clock, insist, updated
from taskterm.runner.part import Context, run_part
from taskterm.runner.process import Children, Stop, become_subreaper
from taskterm.runner.trust import Trust
from taskterm.store.store import Store, Watch

LOOK = 0.2
"""Seconds between two looks at whether somebody has written."""
LEASE = 2.0
"""Seconds between two renewals of the lease."""
_RECOVER = 5.0  # between two looks after other runs that hold a task of this one


class View(NamedTuple):
    """What the loop reads in one transaction."""

    run: Run
    parts: list[RunTask]
    moves: Moves
    unsettled: bool
    steps: dict[int, list[Step]]  # of the tasks that could begin


class Supervisor:
    """One run from the moment it is owned to its end or its wait."""

    def __init__(self, store: Store, run: Run, stop: Stop) -> None:
        folder = start.run_folder(store.database_uuid, run)
        self.run_id = run.id
        self.store = store
        self.ledger = Ledger(store, run.id, run.created_by, folder)
        self.trust = Trust()
        self.stop = stop
        self.context = Context(store, self.ledger, Children(), stop, self.trust, folder)
        self.finished: queue.SimpleQueue[tuple[int, BaseException | None]] = queue.SimpleQueue()
        self.active: dict[int, threading.Thread] = {}
        self.renewed = self.recovered = 0.0

    def own(self, fence: int) -> bool:
        """Whether this process has become the owner; of several that try, one does."""
        try:
            outcome = self.ledger.write("run_own", **{"fence": fence, **owner.this_process()._asdict()})
        except RuleError:
            return False
        self.ledger.fence = updated(outcome, "run", "fence")
        return True

    def work(self) -> None:
        """The loop. Returns when the run has ended or waits; raises NotOwner if it was taken away."""
        watch: Watch | None = None
        try:
            watch = self.store.watch()
            while True:
                self._renew()
                view = insist(self._view)
                if view.unsettled:
                    self.ledger.write("run_settle")
                    continue
                stopping = bool(view.run.stop_requested_by)
                if stopping:
                    self.stop.set()
                elif self.stop:
                    insist(self._request_stop)
                    continue
                changed = not stopping and self._begin_what_is_ready(view)
                if not self.active:
                    if changed:
                        continue
                    if self._over(view):
                        return
                self._sleep(watch)
        finally:
            if watch is not None:
                watch.close()

    def _view(self) -> View:
        with self.store.read() as reader:
            run = reader.run(self.run_id)
            if run is None or run.state != "running" or run.fence != self.ledger.fence:
                raise NotOwner(f"run {self.run_id} is not this supervisor's any more")
            possible = moves(reader, run)
            steps = {i: reader.steps(i) for i in (*possible.ready, *possible.untrusted)}
            unsettled = bool(settled(reader, run, to_utc_text(clock()))[1])
            return View(run, reader.run_tasks(run.id), possible, unsettled, steps)

    def _request_stop(self) -> None:
        self.store.execute("run_stop_request", {"run_id": self.run_id}, actor=self.ledger.actor, now=clock())

    # ── beginning
    def _begin_what_is_ready(self, view: View) -> bool:
        """Claims what can begin, as far as there are jobs left; whether anything changed by that."""
        changed = False
        for task_id, other in view.moves.spoiled.items():
            reason = f"it {'failed' if other.state == 'failed' else f'was {other.state}'} in run {other.run_id}"
            self.ledger.write("task_end", task_id=task_id, state="failed", reason=reason)
            changed = True
        reasons = {part.task_id: part.reason for part in view.parts}
        for task_id, holder in view.moves.elsewhere.items():
            if reasons[task_id] != held_by(holder):
                self.ledger.write("task_hold", task_id=task_id, state="planned", reason=held_by(holder))
        for task_id in (*view.moves.ready, *view.moves.untrusted):
            if len(self.active) >= view.run.jobs:
                break
            if self.trust.pending(view.steps[task_id]):
                changed |= self._hold_untrusted(view, task_id)
            else:
                changed |= self._claim(task_id)
        return changed

    def _hold_untrusted(self, view: View, task_id: int) -> bool:
        if task_id in view.moves.untrusted:
            return False
        waiting = self.trust.pending(view.steps[task_id])
        reason = f"“{waiting[0].name}” is not approved on this machine"
        self.ledger.write("task_hold", task_id=task_id, state="untrusted", reason=reason)
        return True

    def _claim(self, task_id: int) -> bool:
        try:
            self.ledger.write("task_claim", task_id=task_id)
        except Claimed as taken:
            self.ledger.write("task_hold", task_id=task_id, state="planned", reason=held_by(taken.run_id))
            return False
        except NotOwner:
            raise
        except RuleError:  # something changed since it was read; the next look sees it
            return False
        thread = threading.Thread(target=self._do, args=(task_id,), name=f"task {task_id}", daemon=True)
        self.active[task_id] = thread
        thread.start()
        return True

    def _do(self, task_id: int) -> None:
        failure: BaseException | None = None
        try:
            run_part(self.context, task_id)
        except BaseException as error:  # handed to the loop, which decides
            failure = error
        self.finished.put((task_id, failure))

    # ── ending
    def _over(self, view: View) -> bool:
        """Nothing of this run is running: whether it has ended, or waits for people without a process."""
        if view.run.stop_requested_by or not any(part.state in PENDING for part in view.parts):
            self.ledger.write("run_end")
            return True
        if view.moves.ready:
            return False
        if view.moves.elsewhere:
            if time.monotonic() - self.recovered > _RECOVER:
                self.recovered = time.monotonic()
                start.recover(self.store, actor=self.ledger.actor, now=clock())
            return False
        self.ledger.write("run_wait")
        with self.store.read() as reader:
            run = reader.run(self.run_id)
        return run is None or run.state != "running"

    def _sleep(self, watch: Watch) -> None:
        """Returns when a task has ended, somebody has written, or the lease is due."""
        while True:
            try:
                task_id, failure = self.finished.get(timeout=LOOK)
            except queue.Empty:
                if _changed(watch) or self.stop or time.monotonic() - self.renewed > LEASE:
                    return
                continue
            self.active.pop(task_id).join()
            if failure is not None:
                raise failure
            start.continue_waiting(self.store, actor=self.ledger.actor, now=clock(), trust=self.trust)
            return

    def _renew(self) -> None:
        if time.monotonic() - self.renewed < LEASE and self.renewed:
            return
        try:
            mine = self.store.renew_lease(self.run_id, self.ledger.fence)
        except (StoreError, sqlite3.OperationalError):  # busy or away: the steps go on
            mine = True
        self.renewed = time.monotonic()
        if not mine:
            raise NotOwner(f"run {self.run_id} has another owner now")

    def give_up(self) -> None:
        """End what is running because this process cannot go on; the results are recorded as far as possible."""
        self.stop.set()
        for thread in self.active.values():
            thread.join()


def _changed(watch: Watch) -> bool:
    try:
        return watch.changed()
    except (StoreError, sqlite3.Error):  # away for a moment; a later look will tell
        return False


def supervise(db: str, run_id: int) -> int:
    """Own the run and see it through; 0 also when somebody else owns it, 1 when this process could not go on."""
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    signal.signal(signal.SIGHUP, lambda *_: None)  # a handler, not SIG_IGN, which the steps would inherit
    become_subreaper()
    store = Store(db)
    with store.read() as reader:
        run = reader.run(run_id)
    if run is None or run.state not in ("planned", "waiting"):
        return 0
    supervisor = Supervisor(store, run, stop)
    if not supervisor.own(run.fence):
        return 0
    try:
        supervisor.work()
    except NotOwner as error:
        sys.stderr.write(f"{error.message}\n")
        supervisor.give_up()
        return 1
    except BaseException:
        traceback.print_exc()
        supervisor.give_up()
        return 1
    start.continue_waiting(store, actor=run.created_by, now=clock())
    return 0


def main() -> None:
    """The command line of the supervisor; people never type it."""
    parser = argparse.ArgumentParser(prog="taskterm.runner.supervisor", description="Supervises one run.")
    parser.add_argument("--db", required=True)
    parser.add_argument("--run", required=True, type=int)
    words = parser.parse_args()
    os.chdir("/")
    try:
        code = supervise(words.db, words.run)
    except TaskTermError as error:
        sys.stderr.write(f"{error.message}\n")
        code = error.exit_code
    sys.exit(code)


if __name__ == "__main__":
    main()
