"""What is left when something dies: the program that started a run, its supervisor, or the database for a while."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from taskterm.core.errors import RuleError
from taskterm.core.model import RUN_ENDED
from taskterm.runner import owner, start
from tests.runner.helpers import alive, eventually

STARTER = """
import sys
from datetime import datetime
from taskterm.core.zone import SystemZone
from taskterm.runner import follow, start
from taskterm.store.store import Store
store = Store(sys.argv[1])
run = start.start_run(store, int(sys.argv[2]), actor="ana", now=datetime.now(SystemZone()))
print(run, flush=True)
follow.follow(store, run, lambda event: event.line and print(event.line.text, flush=True), actor="ana")
"""


def test_killing_the_program_that_started_a_run_and_its_group_loses_no_line_and_no_exit_code(desk, hold):
    gate = hold("middle")
    task = desk.add("Build", f"echo first; {gate}; seq 1 20000; echo last", "exit 9")
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, desk.store.path, str(task)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert starter.stdout is not None
    run_id = int(starter.stdout.readline())
    assert starter.stdout.readline() == "first\n"
    os.killpg(starter.pid, signal.SIGKILL)
    starter.wait()
    starter.stdout.close()
    gate.let_go()
    done = desk.ended(run_id)
    assert [a.exit_code for a in done.attempts] == [0, 9]
    assert desk.lines(done.attempts[0]) == ["first", *map(str, range(1, 20001)), "last"]
    assert done.attempts[0].log_lines == 20002


def test_the_output_is_whole_in_the_database_when_the_local_file_is_gone(desk):
    done = desk.run(desk.add("Build", "printf 'one\\r\\ntwo\\nthree'"))
    attempt = done.attempts[0]
    assert attempt.log_path is not None
    assert oct(Path(attempt.log_path).stat().st_mode & 0o777) == "0o600"
    os.unlink(attempt.log_path)
    assert desk.lines(attempt) == ["one", "two", "three"]


def test_a_hangup_of_the_terminal_does_not_end_a_run(desk, hold):
    gate = hold("hup")
    run_id = desk.start(desk.add("Build", f"{gate}; echo survived"))
    pid = eventually(lambda: desk.outcome(run_id).run.pid)
    eventually(lambda: desk.outcome(run_id).attempts)
    os.kill(pid, signal.SIGHUP)
    gate.let_go()
    assert desk.follow(run_id).said() == ["survived"]


def test_what_a_killed_supervisor_was_running_is_lost_and_ended_and_its_exit_code_never_guessed(desk, hold, tmp_path):
    gate = hold("orphan")
    pids = tmp_path / "pids"
    task = desk.add("Build", f'echo begun; echo $$ > "{pids}"; setsid sleep 300 & echo $! >> "{pids}"; {gate}')
    after = desk.add("After", "echo after", after=[task])
    run_id = desk.start(after, with_needs=True)
    step, escaped = eventually(
        lambda: [int(p) for p in _text(pids).split()][:2] if _text(pids).count("\n") == 2 else []
    )
    pid = desk.outcome(run_id).run.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not alive(pid))
    assert desk.go_on() == []
    done = desk.outcome(run_id)
    assert (done.run.state, done.parts[task].state, done.parts[after].state) == ("lost", "lost", "skipped")
    assert [(a.state, a.exit_code) for a in done.attempts] == [("lost", None)]
    assert (alive(step), alive(escaped)) == (False, False)
    assert desk.lines(done.attempts[0]) == ["begun"]
    log = desk.store.log(done.attempts[0].id)
    assert log is not None
    assert log.data == b"begun\n"
    assert desk.task(task).run_state == "lost"


def test_a_supervisor_that_is_killed_between_two_tries_has_lost_nothing_and_the_run_goes_on(desk, tmp_path):
    flag, ran = tmp_path / "flag", tmp_path / "ran"
    task = desk.add("Flaky", f'echo x >> "{ran}"; test -e "{flag}"', retries=1, backoff_seconds=1.0)
    run_id = desk.start(task)
    eventually(lambda: [a for a in desk.outcome(run_id).attempts if a.state == "failed"])
    pid = desk.outcome(run_id).run.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not alive(pid))
    flag.touch()
    assert desk.go_on() == [run_id]
    done = desk.ended(run_id)
    assert (done.run.state, done.run.fence) == ("succeeded", 2)
    assert [(a.number, a.exit_code) for a in done.attempts] == [(1, 1), (2, 0)]
    assert ran.read_text() == "x\nx\n"


def test_a_result_waits_for_a_database_that_is_away_and_is_recorded_when_it_is_back(desk, hold):
    gate = hold("away")
    run_id = desk.start(desk.add("Build", f"{gate}; exit 6"))
    eventually(lambda: desk.outcome(run_id).attempts)
    spool = Path(start.run_folder(desk.store.database_uuid, desk.outcome(run_id).run))
    os.rename(desk.store.path, desk.store.path + ".away")
    gate.let_go()
    eventually(lambda: list(spool.glob("*.end.json")))
    os.rename(desk.store.path + ".away", desk.store.path)
    assert desk.ended(run_id).attempts[0].exit_code == 6
    eventually(lambda: not list(spool.glob("*.end.json")))


def test_a_result_that_a_supervisor_could_not_deliver_before_it_died_is_delivered_by_the_next_program(desk, hold):
    gate = hold("spool")
    task = desk.add("Build", f"{gate}; exit 6")
    run_id = desk.start(task)
    eventually(lambda: desk.outcome(run_id).attempts)
    run = desk.outcome(run_id).run
    spool = Path(start.run_folder(desk.store.database_uuid, run))
    os.rename(desk.store.path, desk.store.path + ".away")
    gate.let_go()
    eventually(lambda: list(spool.glob("*.end.json")))
    assert run.pid is not None
    os.kill(run.pid, signal.SIGKILL)
    eventually(lambda: not alive(run.pid or 0))
    os.rename(desk.store.path + ".away", desk.store.path)
    desk.go_on()
    done = desk.ended(run_id)
    assert [(a.state, a.exit_code) for a in done.attempts] == [("failed", 6)]
    assert done.run.state == "failed"
    assert list(spool.glob("*.end.json")) == []


def test_a_stop_ends_grandchildren_too_and_those_that_left_the_group(desk, tmp_path):
    pids = tmp_path / "pids"
    nested = f'sh -c \'sleep 300 & echo $! >> "{pids}"; setsid sleep 300 & echo $! >> "{pids}"; wait\''
    task = desk.add("Server", f'{nested} & echo $! >> "{pids}"; wait')
    after = desk.add("After", "echo after", after=[task])
    other = desk.add("Other", "sleep 300")
    run_id = desk.start(after, other, with_needs=True)
    started = eventually(lambda: [int(p) for p in _text(pids).split()] if _text(pids).count("\n") == 3 else [])
    eventually(lambda: desk.task(other).run_state == "running")
    assert desk.stop(run_id) == "running"
    done = desk.ended(run_id)
    assert done.run.state == "stopped"
    assert done.run.stop_requested_by == "ana"
    assert {a.state for a in done.attempts} == {"stopped"}
    assert [done.parts[i].state for i in (task, other)] == ["stopped", "stopped"]
    assert done.parts[after].state in ("stopped", "skipped")
    assert [pid for pid in started if alive(pid)] == []
    assert owner.marked(owner.mark(desk.store.database_uuid, run_id)) == []


def test_a_waiting_run_is_stopped_without_a_process_and_an_ended_one_not_at_all(desk):
    approve = desk.add("Approve")
    deploy = desk.add("Deploy", "echo x", after=[approve])
    paused = desk.run(deploy, with_needs=True)
    assert desk.stop(paused.run.id) == "stopped"
    assert {part.state for part in desk.outcome(paused.run.id).parts.values()} == {"stopped"}
    with pytest.raises(RuleError, match="has ended already"):
        desk.stop(paused.run.id)
    desk.do("done", refs=[approve])
    assert desk.go_on() == []


def test_a_supervisor_that_is_told_to_end_stops_its_run_in_order(desk, hold):
    run_id = desk.start(desk.add("Build", str(hold("term"))))
    eventually(lambda: desk.outcome(run_id).attempts)
    pid = desk.outcome(run_id).run.pid
    assert pid is not None
    os.kill(pid, signal.SIGTERM)
    done = desk.ended(run_id)
    assert (done.run.state, done.attempts[0].state) == ("stopped", "stopped")


def test_a_run_whose_owner_may_live_in_another_container_is_never_declared_lost(desk, hold):
    gate = hold("container")
    run_id = desk.start(desk.add("Build", str(gate)))
    eventually(lambda: desk.outcome(run_id).attempts)
    run = desk.outcome(run_id).run
    machine, boot, namespace = (run.boot_id or "").split(":")
    gone = run._replace(pid=2**22 + 1)
    assert owner.state_of(run) == "alive"
    assert owner.state_of(gone) == "dead"
    assert owner.state_of(run._replace(pid_started="1")) == "dead"
    assert owner.state_of(gone._replace(boot_id=f"{machine}:{boot}:1")) == "unknown"
    assert owner.state_of(gone._replace(boot_id=f"x{machine}:{boot}:{namespace}")) == "unknown"
    assert owner.state_of(gone._replace(boot_id=f"{machine}:another boot:{namespace}")) == "dead"
    assert owner.state_of(gone._replace(host="kestrel")) == "unknown"
    gate.let_go()
    assert desk.ended(run_id).run.state == "succeeded"


def test_a_run_on_a_machine_that_is_gone_can_be_given_up_by_asking_twice(desk, monkeypatch):
    monkeypatch.setattr(start, "SILENCE", 0.1)
    task = desk.add("Build", "true")
    gone = {"host": "kestrel", "boot_id": "m:b:n", "pid": 1, "pid_started": "1", "user": "ana"}
    run_id = desk.do("run_create", title="x", tasks=[task], host="kestrel", user="ana").created["run_id"]
    fence = desk.do("run_own", run_id=run_id, fence=0, **gone).created["fence"]
    desk.do("task_claim", run_id=run_id, fence=fence, task_id=task)
    desk.store.renew_lease(run_id, fence)
    assert desk.stop(run_id) == "running"
    assert desk.stop(run_id) == "stopped"
    assert desk.outcome(run_id).parts[task].state == "stopped"
    assert desk.run(task).code == 0


def test_a_run_whose_lease_still_moves_is_not_given_up(desk, monkeypatch):
    task = desk.add("Build", "true")
    living = {"host": "kestrel", "boot_id": "m:b:n", "pid": 1, "pid_started": "1", "user": "ana"}
    run_id = desk.do("run_create", title="x", tasks=[task], host="kestrel", user="ana").created["run_id"]
    fence = desk.do("run_own", run_id=run_id, fence=0, **living).created["fence"]
    desk.stop(run_id)
    monkeypatch.setattr("taskterm.runner.start.time.sleep", lambda _: desk.store.renew_lease(run_id, fence))
    assert desk.stop(run_id) == "running"
    desk.do("run_end", run_id=run_id, fence=fence)


def test_ctrl_c_asks_the_run_to_stop_and_answers_130(desk, hold):
    task = desk.add("Build", f"echo begun; {hold('ctrl')}")
    script = STARTER.replace("follow.follow(", "code = follow.follow(") + "\nsys.exit(code)\n"
    process = subprocess.Popen(
        [sys.executable, "-c", script, desk.store.path, str(task)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    run_id = int(process.stdout.readline())
    assert process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert desk.outcome(run_id).run.state in RUN_ENDED
    assert desk.outcome(run_id).run.state == "stopped"


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""
