"""The rules of runs, without a process: who may claim what, what a result does, what waits, what is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from taskterm.core.commands.run_parts import Claimed, Moves, NotOwner, StepChanged, moves
from taskterm.core.errors import NotFound, RuleError, UsageError
from taskterm.core.model import Outcome, RunTask, Task
from taskterm.store.store import Store

OWNER = {"host": "falcon", "boot_id": "m:b:n", "pid": 100, "pid_started": "5", "user": "ana"}


class Table:
    """A database and short words for its verbs."""

    def __init__(self, path: str, now: datetime) -> None:
        self.store, self.now = Store(path, create=True), now

    def do(self, verb: str, **args: Any) -> Outcome:
        return self.store.execute(verb, args, actor="ana", now=self.now).outcome

    def add(self, title: str, *commands: str, after: tuple[int, ...] = (), **step: Any) -> int:
        steps = [{"run": command, **step} for command in commands]
        return int(self.do("add", title=title, steps=steps, after=list(after)).created["id"])

    def create(self, *tasks: int, **more: Any) -> int:
        made = self.do("run_create", title="run", tasks=list(tasks), host="falcon", user="ana", **more)
        return int(made.created["run_id"])

    def own(self, run_id: int, seen: int = 0) -> dict[str, int]:
        """What the owner's writes carry."""
        fence = self.do("run_own", run_id=run_id, fence=seen, **OWNER).created["fence"]
        return {"run_id": run_id, "fence": fence}

    def begin(self, owned: dict[str, int], task_id: int) -> int:
        with self.store.read() as reader:
            step = reader.steps(task_id)[0]
        made = self.do("attempt_begin", **owned, task_id=task_id, step_id=step.id, command=step.run, log_dir="/logs")
        return int(made.created["attempt_id"])

    def finish(self, owned: dict[str, int], task_id: int, state: str = "succeeded") -> Outcome:
        self.do("task_claim", **owned, task_id=task_id)
        return self.do("task_end", **owned, task_id=task_id, state=state, duration_ms=5, reason=None)

    def task(self, task_id: int) -> Task:
        with self.store.read() as reader:
            found = reader.task(task_id)
        assert found is not None
        return found

    def parts(self, run_id: int) -> dict[int, RunTask]:
        with self.store.read() as reader:
            return {part.task_id: part for part in reader.run_tasks(run_id)}

    def states(self, run_id: int) -> list[str]:
        return [part.state for part in self.parts(run_id).values()]

    def state(self, run_id: int) -> str:
        with self.store.read() as reader:
            run = reader.run(run_id)
        assert run is not None
        return run.state

    def moves(self, run_id: int) -> Moves:
        with self.store.read() as reader:
            run = reader.run(run_id)
            assert run is not None
            return moves(reader, run)


@pytest.fixture
def table(tmp_path, now) -> Table:
    return Table(str(tmp_path / "tasks.db"), now)


# ── making a run


def test_a_run_leaves_out_what_is_closed_and_leaves_to_people_what_has_no_steps(table):
    closed = table.add("Closed", "true")
    table.do("done", refs=[closed])
    build = table.add("Build", "true", after=(closed,))
    approve = table.add("Approve", after=(build,))
    run = table.create(closed, build, approve)
    assert {i: part.state for i, part in table.parts(run).items()} == {build: "planned", approve: "person"}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda t: [t.add("Talk")], "waits for a person"),
        (lambda t: [i for i in [t.add("Old", "true")] if t.do("done", refs=[i])], "is done already"),
        (lambda t: [t.add("Far", "true", host="kestrel")], "belongs to host kestrel"),
        (lambda t: [t.add("Ask", "vi", interactive=True)], "interactive"),
        (lambda t: [], "no task was named"),
    ],
)
def test_a_run_in_which_nothing_would_run_is_refused_with_the_reason(table, make: Callable[[Table], list[int]], words):
    tasks = make(table)
    with pytest.raises(RuleError) as refused:
        table.create(*tasks)
    assert words in refused.value.message
    assert refused.value.hint


def test_a_blocked_target_is_refused_with_owner_and_age_unless_its_needs_come_along_or_it_is_forced(table):
    first = table.add("First", "true")
    table.do("edit", refs=[first], set={"assignee": "bo"})
    second = table.add("Second", "true", after=(first,))
    with pytest.raises(RuleError, match="blocked by #1 First @bo, todo for 0 s"):
        table.create(second, targets=[second])
    assert table.create(first, second, targets=[second])
    assert table.create(second, targets=[second], force=True)


def test_a_task_that_is_next_in_a_live_run_cannot_be_started_a_second_time(table):
    task = table.add("Build", "true")
    table.create(task, targets=[task])
    with pytest.raises(RuleError, match=r"#1 Build is next in run 1 on falcon by ana already"):
        table.create(task, targets=[task])


def test_a_run_needs_tasks_that_exist_and_a_sensible_number_of_jobs(table):
    task = table.add("Build", "true")
    with pytest.raises(NotFound):
        table.create(99)
    for jobs in (-1, 65):
        with pytest.raises(UsageError):
            table.create(task, jobs=jobs)


# ── owning and claiming


def test_of_two_that_want_to_own_a_run_one_does_and_the_other_writes_nothing(table):
    task = table.add("Build", "true")
    run = table.create(task)
    mine = table.own(run)
    with pytest.raises(RuleError):
        table.own(run)
    stale = {**mine, "fence": mine["fence"] - 1}
    writes: list[tuple[str, dict[str, Any]]] = [
        ("task_claim", {"task_id": task}),
        ("task_hold", {"task_id": task, "state": "untrusted"}),
        ("task_end", {"task_id": task, "state": "succeeded"}),
        ("run_settle", {}),
        ("run_wait", {}),
        ("run_end", {}),
        ("run_lost", {}),
    ]
    for verb, args in writes:
        with pytest.raises(NotOwner):
            table.do(verb, **stale, **args)
    table.do("task_claim", **mine, task_id=task)


def test_a_claim_needs_every_predecessor_closed(table):
    first, second = table.add("First", "true"), table.add("Second", "true")
    third = table.add("Third", "true", after=(first, second))
    mine = table.own(table.create(first, second, third))
    table.finish(mine, first)
    with pytest.raises(RuleError, match="blocked by #2 Second"):
        table.do("task_claim", **mine, task_id=third)
    table.do("cancel", refs=[second])
    table.do("task_claim", **mine, task_id=third)
    assert (table.task(third).status, table.task(third).column) == ("doing", "doing")


def test_a_forced_run_looks_only_at_the_predecessors_inside_it(table):
    outside, inside = table.add("Outside", "true"), table.add("Inside", "true")
    target = table.add("Target", "true", after=(outside, inside))
    mine = table.own(table.create(inside, target, targets=[target], force=True))
    with pytest.raises(RuleError, match="blocked by #2 Inside"):
        table.do("task_claim", **mine, task_id=target)
    table.finish(mine, inside)
    notes = table.finish(mine, target).notes
    assert notes == ("#3 Target was run although #1 Outside is todo",)
    assert table.task(target).status == "done"


def test_a_task_that_another_run_holds_cannot_be_claimed_and_its_failure_there_spoils_it_here(table):
    task = table.add("Build", "true")
    first, second = table.own(table.create(task)), table.own(table.create(task))
    table.do("task_claim", **first, task_id=task)
    with pytest.raises(Claimed, match="#1 Build is running already in run 1 on falcon by ana"):
        table.do("task_claim", **second, task_id=task)
    assert table.moves(second["run_id"]).elsewhere == {task: first["run_id"]}
    table.do("task_hold", **second, task_id=task, state="planned", reason=f"run {first['run_id']} has it")
    table.do("task_end", **first, task_id=task, state="failed", reason="x")
    assert list(table.moves(second["run_id"]).spoiled) == [task]
    assert table.moves(second["run_id"]).ready == ()


def test_a_task_that_was_done_meanwhile_cannot_be_claimed(table):
    task = table.add("Build", "true")
    mine = table.own(table.create(task))
    table.do("done", refs=[task])
    with pytest.raises(RuleError, match="is done already"):
        table.do("task_claim", **mine, task_id=task)


def test_no_task_is_claimed_once_a_stop_was_asked_for(table):
    task = table.add("Build", "true")
    mine = table.own(table.create(task))
    table.do("run_stop_request", run_id=mine["run_id"])
    with pytest.raises(RuleError, match="is being stopped by ana"):
        table.do("task_claim", **mine, task_id=task)
    assert table.do("run_end", **mine).created["state"] == "stopped"
    assert table.states(mine["run_id"]) == ["stopped"]


# ── attempts


def test_a_step_that_was_edited_after_it_was_looked_at_does_not_begin(table):
    task = table.add("Build", "make")
    mine = table.own(table.create(task))
    table.do("task_claim", **mine, task_id=task)
    with table.store.read() as reader:
        step = reader.steps(task)[0]
    table.do("step_edit", step_id=step.id, set={"run": "make evil"})
    begin = {"task_id": task, "step_id": step.id, "command": "make", "log_dir": "/logs"}
    with pytest.raises(StepChanged):
        table.do("attempt_begin", **mine, **begin)
    table.do("step_remove", step_ids=[step.id])
    with pytest.raises(StepChanged):
        table.do("attempt_begin", **mine, **begin)


def test_attempts_of_a_step_are_numbered_and_one_runs_at_a_time(table):
    task = table.add("Build", "make")
    mine = table.own(table.create(task))
    table.do("task_claim", **mine, task_id=task)
    first = table.begin(mine, task)
    with pytest.raises(RuleError, match="is running already"):
        table.begin(mine, task)
    table.do("attempt_end", **mine, attempt_id=first, state="failed", exit_code=2, duration_ms=7)
    with pytest.raises(RuleError, match="has ended already: failed"):
        table.do("attempt_end", **mine, attempt_id=first, state="succeeded", exit_code=0)
    second = table.begin(mine, task)
    with table.store.read() as reader:
        one, two = reader.attempts(mine["run_id"])
    assert (one.number, one.exit_code, one.duration_ms, one.command) == (1, 2, 7, "make")
    assert (two.id, two.number, two.state, two.log_path) == (second, 2, "running", f"/logs/{second}.log")


# ── how parts end


def test_success_completes_the_task_like_done_and_names_what_it_released(table):
    build = table.add("Build", "true")
    ship = table.add("Ship", after=(build,))
    mine = table.own(table.create(build))
    outcome = table.finish(mine, build)
    assert outcome.released == (ship,)
    assert (table.task(build).status, table.task(build).completed_by) == ("done", "ana")
    assert table.parts(mine["run_id"])[build].duration_ms == 5


def test_a_failure_skips_what_needs_it_through_any_number_of_tasks_and_nothing_else(table):
    bad = table.add("Bad", "false")
    one = table.add("One", "true", after=(bad,))
    person = table.add("Person", after=(one,))
    two = table.add("Two", "true", after=(person,))
    free = table.add("Free", "true")
    mine = table.own(table.create(bad, one, person, two, free))
    table.finish(mine, bad, "failed")
    parts = table.parts(mine["run_id"])
    assert [parts[i].state for i in (bad, one, person, two, free)] == [
        "failed",
        "skipped",
        "skipped",
        "skipped",
        "planned",
    ]
    assert parts[two].reason == "needs #1, which failed"
    assert table.task(bad).status == "doing"
    assert table.task(bad).run_state == "failed"
    table.finish(mine, free)
    assert table.do("run_end", **mine).created["state"] == "failed"


def test_a_task_that_was_cancelled_while_it_ran_stays_cancelled(table):
    task = table.add("Build", "true")
    mine = table.own(table.create(task))
    table.do("task_claim", **mine, task_id=task)
    table.do("done", refs=[task], force=True)
    outcome = table.do("task_end", **mine, task_id=task, state="succeeded", duration_ms=1)
    assert outcome.notes == ("#1 was done already",)
    assert table.parts(mine["run_id"])[task].state == "succeeded"


def test_a_run_cannot_end_while_something_of_it_is_open(table):
    task = table.add("Build", "true")
    mine = table.own(table.create(task))
    with pytest.raises(RuleError, match="cannot end: #1 \\(planned\\)"):
        table.do("run_end", **mine)


# ── people


def test_a_run_waits_only_if_nobody_has_made_something_ready_in_the_last_moment(table):
    approve = table.add("Approve")
    deploy = table.add("Deploy", "true", after=(approve,))
    mine = table.own(table.create(approve, deploy))
    table.do("done", refs=[approve])
    assert table.do("run_wait", **mine).created["state"] == "running"
    table.do("reopen", refs=[approve])
    assert table.do("run_wait", **mine).created["state"] == "waiting"
    assert table.state(mine["run_id"]) == "waiting"


def test_what_people_did_is_taken_over_and_the_next_owner_has_a_higher_fence(table):
    approve, other = table.add("Approve"), table.add("Other")
    deploy = table.add("Deploy", "true", after=(approve, other))
    mine = table.own(table.create(approve, other, deploy))
    run = mine["run_id"]
    table.do("run_wait", **mine)
    table.do("done", refs=[approve])
    table.do("cancel", refs=[other])
    assert table.do("run_settle", run_id=run).created["state"] == "waiting"
    assert table.states(run) == ["succeeded", "skipped", "planned"]
    assert table.parts(run)[approve].reason == "done by ana"
    again = table.own(run, seen=mine["fence"])
    assert again["fence"] == mine["fence"] + 1
    table.finish(again, deploy)
    assert table.do("run_end", **again).created["state"] == "succeeded"


def test_a_task_whose_steps_were_all_taken_away_becomes_a_persons(table):
    task, other = table.add("Build", "true"), table.add("Other", "true")
    mine = table.own(table.create(task, other))
    with table.store.read() as reader:
        step = reader.steps(task)[0]
    table.do("step_remove", step_ids=[step.id])
    with pytest.raises(RuleError, match="it has no steps"):
        table.do("task_claim", **mine, task_id=task)
    table.do("run_settle", **mine)
    assert table.parts(mine["run_id"])[task].state == "person"


# ── a dead owner


def test_what_a_dead_owner_was_running_is_lost_without_an_exit_code_and_the_rest_is_skipped(table):
    first, free = table.add("First", "true"), table.add("Free", "true")
    after = table.add("After", "true", after=(first,))
    mine = table.own(table.create(first, free, after))
    table.do("task_claim", **mine, task_id=first)
    attempt = table.begin(mine, first)
    outcome = table.do("run_lost", **mine)
    assert (outcome.created["state"], outcome.created["attempts"]) == ("lost", [attempt])
    parts = table.parts(mine["run_id"])
    assert [parts[i].state for i in (first, free, after)] == ["lost", "skipped", "skipped"]
    assert parts[after].reason == "needs #1, which was lost"
    with table.store.read() as reader:
        lost = reader.attempt(attempt)
    assert lost is not None
    assert (lost.state, lost.exit_code) == ("lost", None)
    assert table.task(first).status == "doing"
    with pytest.raises(NotOwner):
        table.do("attempt_end", **mine, attempt_id=attempt, state="succeeded", exit_code=0)


def test_a_dead_owner_that_was_running_nothing_has_lost_nothing(table):
    first, second = table.add("First", "true"), table.add("Second", "true")
    mine = table.own(table.create(first, second))
    table.finish(mine, first)
    table.do("task_claim", **mine, task_id=second)
    assert table.do("run_lost", **mine).created["state"] == "waiting"
    assert table.states(mine["run_id"]) == ["succeeded", "planned"]
    again = table.own(mine["run_id"], seen=mine["fence"])
    table.finish(again, second)
    assert table.do("run_end", **again).created["state"] == "succeeded"


# ── evidence


def test_no_undo_takes_a_run_back(table):
    task = table.add("Build", "true")
    mine = table.own(table.create(task))
    table.finish(mine, task)
    kinds = {operation.verb: operation.kind for operation, _ in table.store.history(limit=99)}
    assert kinds["task_end"] == kinds["run_create"] == "system"
    ending = next(operation for operation, _ in table.store.history(limit=99) if operation.verb == "task_end")
    with pytest.raises(RuleError):
        table.do("undo", operation=ending.id)
    assert table.task(task).status == "done"
