"""One command as a process group: its bytes, its end, its time, and what it leaves behind."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from taskterm.runner import owner, process
from taskterm.runner.process import Ended
from tests.runner.helpers import alive, eventually

MARK = f"test-{os.getpid()}/1/1/"


class Keeper:
    """A process that runs commands as a supervisor does; it lives until the test ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        script = Path(__file__).with_name("keeper.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.left_open = -1

    def run(
        self, *lines: str, grace: float = 5.0, linger: float = 1.0, stop: bool = False, **changes: Any
    ) -> list[Any]:
        """For each command how it ended, and the bytes it printed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        usual = {"shell": "/bin/sh", "cwd": str(self.folder), "timeout": None, "mark": MARK}
        env = {**os.environ, owner.MARK: MARK}
        commands = [{**usual, "env": env, "text": line, **changes} for line in lines]
        asked = {"commands": commands, "grace": grace, "linger": linger, "stop": stop}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        told = json.loads(self.process.stdout.readline())
        self.left_open = told["left_open"]
        return [(Ended(*fields[:-1]), base64.b64decode(fields[-1])) for fields in told["answers"]]


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    made = Keeper(tmp_path)
    yield made
    assert made.process.stdin is not None
    assert made.process.stdout is not None
    made.process.stdin.close()
    assert made.process.wait(30) == 0
    made.process.stdout.close()
    process.signal_all(owner.marked(MARK), signal.SIGKILL)


@pytest.fixture
def run(keeper: Keeper) -> Callable[..., tuple[Ended, bytes]]:
    return lambda line, **options: keeper.run(line, **options)[0]


def test_both_outputs_arrive_in_the_order_in_which_they_were_written(run):
    ended, output = run("echo one; echo two >&2; echo three; exit 3")
    assert (ended.how, ended.exit_code, output) == ("exited", 3, b"one\ntwo\nthree\n")


def test_any_bytes_pass_unchanged(run):
    ended, output = run(r"printf 'a\000b\377\376\033[31mred\r\n'")
    assert (ended.exit_code, output) == (0, b"a\x00b\xff\xfe\x1b[31mred\r\n")


def test_a_million_lines_arrive_whole(run):
    ended, output = run("seq 1000000")
    assert ended.exit_code == 0
    assert output == b"".join(b"%d\n" % number for number in range(1, 1_000_001))


def test_a_death_by_signal_is_a_negative_exit_code(run):
    assert run("kill -9 $$")[0].exit_code == -9


def test_what_ignores_the_polite_signal_is_killed_after_the_grace(run):
    ended, _ = run("trap '' TERM; sleep 300 & wait; sleep 300", timeout=0.2, grace=0.3)
    assert (ended.how, ended.exit_code) == ("timeout", -9)
    assert owner.marked(MARK) == []


def test_a_group_whose_leader_went_politely_does_not_keep_members_that_did_not(run):
    line = "sh -c 'trap \"\" TERM; echo $$; while :; do sleep 0.05; done' & sleep 300"
    ended, output = run(line, timeout=0.3, grace=0.3)
    assert (ended.how, ended.exit_code) == ("timeout", -15)
    assert not alive(int(output))


def test_a_stop_reaches_a_command_that_prints_nothing(run):
    ended, _ = run("sleep 300", stop=True)
    assert (ended.how, ended.exit_code) == ("stopped", -signal.SIGTERM)
    assert owner.marked(MARK) == []


def test_a_stop_reaches_a_member_of_the_group_that_forgot_its_environment(run):
    ended, output = run("env -i sleep 300 & echo $!; wait", timeout=0.5)
    assert (ended.how, ended.exit_code) == ("timeout", -15)
    assert not alive(int(output))


def test_a_stop_reaches_what_has_left_the_group(run):
    ended, output = run("setsid sh -c 'echo $$; exec sleep 300' & sleep 300", timeout=0.5)
    assert ended.how == "timeout"
    assert not alive(int(output))


def test_a_child_that_holds_the_pipe_is_named_and_left_alive(run):
    ended, output = run("sleep 300 & echo $!", linger=0.1)
    pid = int(output)
    assert (ended.how, ended.exit_code, ended.left) == ("exited", 0, [pid])
    assert alive(pid)
    assert process.end_marked(MARK) == [pid]
    eventually(lambda: not alive(pid))


def test_a_background_process_that_goes_on_printing_does_not_die_of_it(run, tmp_path):
    printed = tmp_path / "printed"
    loop = f'while :; do echo noise; echo x >> "{printed}"; sleep 0.02; done'
    ended, _ = run(f"({loop}) & exit 0", linger=0.1)
    assert len(ended.left) >= 1
    size = printed.stat().st_size
    eventually(lambda: printed.stat().st_size > size + 10)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cwd": "/no such place"}, "the working directory /no such place does not exist"),
        ({"cwd": "/etc/passwd"}, "/etc/passwd is not a folder"),
        ({"shell": "/no/such/shell"}, "the shell /no/such/shell is not on this machine"),
        ({"text": "echo a\0b"}, "NUL"),
        ({"text": "true " + "x" * 200_000}, "too long"),
    ],
)
def test_what_cannot_be_started_says_why(run, changes, words):
    ended, output = run("true", **changes)
    assert (ended.how, ended.exit_code, output) == ("not started", None, b"")
    assert words in ended.problem


def test_many_commands_at_once_each_get_their_own_result_and_leave_nothing_open(keeper):
    lines = [f"echo {number}; exit {number}" for number in range(24)]
    answers = keeper.run(*lines)
    assert [(ended.exit_code, output) for ended, output in answers] == [(n, b"%d\n" % n) for n in range(24)]
    assert keeper.left_open == 0


def test_a_step_gets_the_signals_as_a_fresh_program_does(run):
    _, output = run("grep -E '^Sig(Ign|Blk)' /proc/self/status")
    masks = [int(line.split()[1], 16) for line in output.decode().splitlines()]
    hangup, interrupt, pipe, end = (1 << (number - 1) for number in (1, 2, 13, 15))
    assert [mask & (hangup | interrupt | pipe | end) for mask in masks] == [0, 0]
