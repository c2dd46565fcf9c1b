"""A run from its start to its end: order, people, failures, retries, what a step finds, what is recorded."""

from __future__ import annotations

import os
import sys
import time

import pytest

from taskterm.core.errors import NotTrusted, RuleError
from taskterm.runner import owner, start
from tests.runner.helpers import alive, eventually


def test_exit_0_of_the_last_step_completes_the_task_and_names_what_it_released(desk):
    first = desk.add("Build", "echo one", "echo two")
    second = desk.add("Ship", after=[first])
    done = desk.run(first)
    assert (done.code, done.run.state, done.parts[first].state) == (0, "succeeded", "succeeded")
    assert desk.task(first).status == "done"
    assert desk.task(first).completed_by == "ana"
    assert desk.task(second).open_predecessors == 0
    assert [(a.name, a.exit_code, a.state) for a in done.attempts] == [
        ("echo one", 0, "succeeded"),
        ("echo two", 0, "succeeded"),
    ]
    assert done.said() == ["one", "two"]


def test_who_looks_at_a_run_that_is_over_is_told_its_beginning_too(desk):
    run_id = desk.start(desk.add("Build", "echo one"))
    desk.ended(run_id)
    told = [event.run.state for event in desk.follow(run_id).events if event.kind == "run"]
    assert told == ["running", "succeeded"]


def test_a_running_task_is_in_progress_and_says_since_when(desk, hold):
    gate = hold("a")
    task = desk.add("Build", str(gate))
    run_id = desk.start(task)
    eventually(lambda: desk.task(task).status == "doing")
    assert desk.task(task).run_state == "running"
    assert desk.task(task).column == "doing"
    assert desk.task(task).started_at is not None
    gate.let_go()
    assert desk.follow(run_id).code == 0


def test_steps_run_in_order_and_a_failure_marks_the_task_and_skips_what_needs_it(desk):
    build = desk.add("Build", "echo before", "exit 7", "echo never")
    ship = desk.add("Ship", "echo shipped", after=[build])
    tell = desk.add("Tell", "echo told", after=[ship])
    other = desk.add("Docs", "echo docs")
    join = desk.add("All", "echo all", after=[tell, other])
    done = desk.run(join, with_needs=True)
    assert (done.code, done.run.state) == (1, "failed")
    states = {task_id: part.state for task_id, part in done.parts.items()}
    assert states == {build: "failed", ship: "skipped", tell: "skipped", other: "succeeded", join: "skipped"}
    assert done.parts[build].reason == "“exit 7” ended with exit 7"
    assert done.parts[tell].reason == f"needs #{build}, which failed"
    assert sorted(done.said()) == ["before", "docs"]
    assert desk.task(build).status == "doing"
    assert desk.task(build).run_state == "failed"
    assert desk.task(ship).status == "todo"


def test_a_persons_task_pauses_its_branch_and_the_run_goes_on_by_itself_once_it_is_done(desk):
    build = desk.add("Build", "echo built")
    approve = desk.add("Approve", after=[build])
    docs = desk.add("Docs", "echo docs")
    deploy = desk.add("Deploy", "echo deployed", after=[approve, docs])
    paused = desk.run(deploy, with_needs=True)
    assert (paused.code, paused.run.state, paused.run.pid) == (0, "waiting", None)
    assert paused.parts[approve].state == "person"
    assert sorted(paused.said()) == ["built", "docs"]
    assert desk.go_on() == []
    desk.do("done", refs=[approve])
    assert desk.go_on() == [paused.run.id]
    done = desk.ended(paused.run.id)
    assert done.run.state == "succeeded"
    assert done.parts[approve].reason == "done by ana"
    assert [a.name for a in done.attempts].count("echo built") == 1
    assert desk.task(deploy).status == "done"


def test_a_supervisor_that_is_still_at_work_notices_by_itself_that_a_person_is_done(desk, hold):
    gate = hold("slow")
    approve = desk.add("Approve")
    deploy = desk.add("Deploy", "echo deployed", after=[approve])
    slow = desk.add("Slow", str(gate))
    run_id = desk.start(deploy, slow, with_needs=True)
    eventually(lambda: desk.task(slow).run_state == "running")
    desk.do("done", refs=[approve])
    eventually(lambda: desk.task(deploy).status == "done")
    assert desk.outcome(run_id).run.state == "running"
    gate.let_go()
    assert desk.ended(run_id).run.state == "succeeded"


def test_a_cancelled_persons_task_no_longer_holds_the_run_up(desk):
    approve = desk.add("Approve")
    deploy = desk.add("Deploy", "echo deployed", after=[approve])
    paused = desk.run(deploy, with_needs=True)
    desk.do("cancel", refs=[approve])
    assert desk.go_on() == [paused.run.id]
    done = desk.ended(paused.run.id)
    assert (done.run.state, done.parts[approve].state) == ("succeeded", "skipped")


def test_a_run_whose_last_task_is_a_persons_ends_with_it_and_needs_no_process_for_that(desk):
    build = desk.add("Build", "echo built")
    tell = desk.add("Tell everybody", after=[build])
    paused = desk.run(tell, with_needs=True)
    assert paused.run.state == "waiting"
    desk.do("done", refs=[tell])
    assert desk.go_on() == []
    assert desk.outcome(paused.run.id).run.state == "succeeded"


def test_a_task_that_somebody_did_by_hand_meanwhile_is_not_run(desk, hold):
    gate = hold("first")
    first = desk.add("First", str(gate))
    second = desk.add("Second", "echo second ran", after=[first])
    run_id = desk.start(second, with_needs=True)
    eventually(lambda: desk.task(first).run_state == "running")
    desk.do("done", refs=[second], force=True)
    gate.let_go()
    done = desk.follow(run_id)
    assert (done.code, done.parts[second].state, done.said(second)) == (0, "succeeded", [])
    assert done.parts[second].reason == "done by ana"


def test_no_more_tasks_run_at_once_than_jobs_allow(desk, tmp_path):
    now = tmp_path / "now"
    now.mkdir()
    count = f'touch "{now}/$TASKTERM_TASK"; ls "{now}" | wc -l; sleep 0.15; rm "{now}/$TASKTERM_TASK"'
    tasks = [desk.add(f"Task {i}", count) for i in range(6)]
    done = desk.run(*tasks, jobs=2)
    assert done.code == 0
    seen = [int(text) for text in done.said()]
    assert max(seen) == 2
    assert len(seen) == 6


def test_a_step_that_takes_too_long_is_ended_with_everything_it_started(desk, tmp_path):
    pids = tmp_path / "pids"
    task = desk.add("Slow", f'sleep 300 & echo $! > "{pids}"; sleep 300', timeout_seconds=0.4)
    done = desk.run(task)
    assert (done.code, done.attempts[0].state, done.attempts[0].exit_code) == (1, "timeout", -15)
    assert done.parts[task].reason is not None
    assert "took longer than" in done.parts[task].reason
    assert not alive(int(pids.read_text()))


def test_a_failing_step_is_tried_again_as_often_as_it_says_with_growing_pauses(desk, tmp_path):
    tries = tmp_path / "tries"
    task = desk.add(
        "Flaky", f'date +%s%N >> "{tries}"; test $(wc -l < "{tries}") -ge 3', retries=3, backoff_seconds=0.1
    )
    done = desk.run(task)
    assert done.code == 0
    assert [(a.number, a.exit_code) for a in done.attempts] == [(1, 1), (2, 1), (3, 0)]
    first, second, third = (int(line) for line in tries.read_text().split())
    assert second - first >= 0.1e9
    assert third - second >= 0.2e9


def test_retries_end_and_a_step_that_may_fail_lets_the_next_one_run(desk):
    task = desk.do(
        "add",
        title="Tolerant",
        steps=[
            {"run": "exit 5", "retries": 1, "backoff_seconds": 0.01, "continue_on_error": True},
            {"run": "echo went on"},
        ],
    ).created["id"]
    desk.approve(task)
    done = desk.run(task)
    assert (done.code, done.said()) == (0, ["went on"])
    assert [a.exit_code for a in done.attempts] == [5, 5, 0]


def test_a_step_whose_condition_fails_is_skipped(desk):
    task = desk.do(
        "add", title="Maybe", steps=[{"run": "echo never", "condition": "test 1 = 2"}, {"run": "echo always"}]
    ).created["id"]
    desk.approve(task)
    done = desk.run(task)
    assert done.code == 0
    assert [a.state for a in done.attempts] == ["skipped", "succeeded"]
    assert "never" not in done.said()


def test_a_step_finds_its_own_environment_beside_the_users(desk, monkeypatch):
    monkeypatch.setenv("MY_OWN", "kept")
    task = desk.add(
        "Env",
        'echo "$MY_OWN/$VERSION/$TASKTERM_RUN/$TASKTERM_TASK/$TASKTERM_STEP"; echo "$TASKTERM_PYTHON"; '
        'echo "$TASKTERM_DB"; test -t 0 || echo no terminal; read line || echo no input',
        env={"VERSION": "$(echo spliced)"},
    )
    done = desk.run(task)
    assert done.said() == [
        f"kept/$(echo spliced)/{done.run.id}/{task}/{done.attempts[0].step_id}",
        sys.executable,
        os.path.abspath(desk.store.path),
        "no terminal",
        "no input",
    ]


def test_names_that_steer_a_shell_never_reach_a_step_whatever_the_database_says(desk):
    task = desk.add("Evil", 'echo "path=$PATH preload=$LD_PRELOAD"')
    with desk.store._write() as connection:
        connection.execute("""UPDATE step SET env='{"LD_PRELOAD":"/tmp/x.so","PATH":"/tmp"}'""")
    desk.approve(task)
    done = desk.run(task)
    assert done.said()[-1] == f"path={os.environ['PATH']} preload="
    assert any("LD_PRELOAD is not passed on" in line for line in done.said())


def test_a_missing_working_directory_is_named_in_the_log(desk):
    task = desk.add("Nowhere", "echo hi", cwd="/no such place")
    done = desk.run(task)
    assert (done.code, done.attempts[0].state, done.attempts[0].exit_code) == (1, "failed", None)
    assert "the working directory /no such place does not exist" in done.said()[0]
    assert done.parts[task].reason == "“echo hi” could not be started"


def test_another_shell_gets_the_text_as_it_is(desk):
    task = desk.add("Python", 'print("a" "b", 1 + 1)', shell=sys.executable)
    assert desk.run(task).said() == ["ab 2"]


def test_a_step_that_is_not_found_says_so_in_its_output(desk):
    task = desk.add("Typo", "no-such-command-anywhere --now")
    done = desk.run(task)
    assert (done.code, done.attempts[0].exit_code) == (1, 127)
    assert "no-such-command-anywhere" in done.said()[0]


def test_a_run_of_a_blocked_task_is_refused_and_names_its_blockers_unless_forced(desk):
    first = desk.add("Review the plan")
    second = desk.add("Build", "echo built", after=[first])
    with pytest.raises(RuleError) as refused:
        desk.start(second)
    assert f"#{first} Review the plan" in refused.value.message
    assert "--with-needs" in refused.value.hint
    done = desk.run(second, force=True)
    assert (done.code, desk.task(second).status, desk.task(first).status) == (0, "done", "todo")


def test_what_is_not_approved_here_does_not_run_and_one_line_says_how_to_approve_it(desk):
    task = desk.add("Foreign", "echo foreign", trusted=False)
    with pytest.raises(NotTrusted) as refused:
        desk.start(task)
    assert refused.value.exit_code == 4
    assert "echo foreign" in refused.value.message
    assert "trust approve" in refused.value.hint
    with desk.store.read() as reader:
        assert reader.live_runs() == []


def test_a_step_that_is_edited_during_the_run_waits_for_a_new_approval_and_then_the_rest_is_run_once(desk, hold):
    gate = hold("edit")
    task = desk.add("Deploy", str(gate), "echo original")
    run_id = desk.start(task)
    eventually(lambda: desk.task(task).run_state == "running")
    with desk.store.read() as reader:
        second = reader.steps(task)[1]
    desk.do("step_edit", step_id=second.id, set={"run": "echo replaced"})
    gate.let_go()
    paused = desk.follow(run_id)
    assert (paused.code, paused.run.state, paused.parts[task].state) == (4, "waiting", "untrusted")
    assert desk.go_on() == []
    desk.approve(task)
    assert desk.go_on() == [run_id]
    done = desk.ended(run_id)
    assert done.run.state == "succeeded"
    assert [a.command for a in done.attempts] == [str(gate), "echo replaced"]


def test_two_who_ask_a_waiting_run_to_go_on_start_it_once(desk, tmp_path):
    ran = tmp_path / "ran"
    approve = desk.add("Approve")
    deploy = desk.add("Deploy", f'echo x >> "{ran}"', after=[approve])
    paused = desk.run(deploy, with_needs=True)
    desk.do("done", refs=[approve])
    assert desk.go_on() == [paused.run.id]
    start._started.clear()  # as if another program asked at the same moment
    desk.go_on()
    desk.ended(paused.run.id)
    assert ran.read_text() == "x\n"


def test_a_run_of_somebody_else_or_on_another_machine_is_only_named(desk):
    approve = desk.add("Approve")
    deploy = desk.add("Deploy", "echo deployed", after=[approve])
    paused = desk.run(deploy, with_needs=True)
    with desk.store._write() as connection:
        connection.execute("UPDATE run SET host='kestrel', user='chloe'")
    desk.do("done", refs=[approve])
    assert desk.go_on() == []
    assert start.waiting_elsewhere(desk.store, now=desk.now()) == [
        f"run {paused.run.id} waits for chloe on host kestrel"
    ]


def test_an_interactive_step_waits_for_a_person_instead_of_hanging_without_a_terminal(desk):
    login = desk.add("Log in", "ssh host", interactive=True)
    after = desk.add("After", "echo after", after=[login])
    paused = desk.run(after, with_needs=True)
    assert (paused.run.state, paused.parts[login].state) == ("waiting", "person")
    assert "interactive" in (paused.parts[login].reason or "")


def test_a_background_process_that_keeps_the_output_open_does_not_hold_the_run_up_and_is_named(desk, tmp_path):
    task = desk.add("Daemon", 'sleep 300 & echo "pid $!"')
    began = time.monotonic()
    done = desk.run(task)
    assert time.monotonic() - began < 20
    assert (done.code, done.attempts[0].exit_code) == (0, 0)
    said = done.said()
    pid = int(said[0].split()[1])
    assert str(pid) in said[1]
    assert "still running in the background" in said[1]
    assert alive(pid)


def test_a_process_started_by_a_step_is_known_by_its_mark(desk, hold):
    gate = hold("mark")
    run_id = desk.start(desk.add("Marked", str(gate)))
    found = eventually(lambda: owner.marked(owner.mark(desk.store.database_uuid, run_id)))
    assert all(alive(pid) for pid in found)
    gate.let_go()
    desk.ended(run_id)
    assert owner.marked(owner.mark(desk.store.database_uuid, run_id)) == []
