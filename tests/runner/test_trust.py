"""Trust is a local record of what this user typed or approved; everything else is a command of a stranger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from taskterm.core.errors import NotTrusted
from taskterm.core.model import Step
from taskterm.runner.trust import SHORT, Trust, key_of


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "data" / "trusted.jsonl")


def step(run: str = "make deploy", **fields: Any) -> Step:
    return Step(id=1, task_id=1, position=1, name="step", run=run)._replace(**fields)


def test_nothing_is_trusted_before_it_was_typed_or_approved_here(path):
    trust = Trust(path)
    first, second = step("make one"), step("make two")
    assert trust.pending([first, second]) == [first, second]
    trust.record_typed(first)
    assert trust.approve([first, second]) == [second]
    assert trust.pending([first, second]) == []
    assert [(a.command, a.how) for a in trust.listing()] == [("make one", "typed"), ("make two", "approved")]
    assert oct(os.stat(path).st_mode & 0o777) == "0o600"


@pytest.mark.parametrize(
    "change",
    [
        {"run": "make deploy "},
        {"shell": "bash"},
        {"cwd": "/tmp"},
        {"env": '{"VERSION": "1"}'},
        {"condition": "true"},
        {"host": "kestrel"},
        {"trusts": '["deploy.sh"]'},
    ],
)
def test_a_change_of_what_a_command_does_asks_again(path, change):
    trust = Trust(path)
    trust.approve([step()])
    assert trust.trusted(step())
    assert not trust.trusted(step(**change))


@pytest.mark.parametrize(
    "change",
    [{"id": 9, "task_id": 7, "position": 3}, {"name": "other"}, {"timeout_seconds": 5.0}, {"retries": 3}],
)
def test_where_a_command_stands_and_how_long_it_may_take_does_not_matter(path, change):
    trust = Trust(path)
    trust.approve([step()])
    assert trust.trusted(step(**change))


def test_names_in_the_environment_count_and_their_values_do_not(path):
    trust = Trust(path)
    trust.approve([step(env='{"VERSION": "1", "TARGET": "a"}')])
    assert trust.trusted(step(env='{"TARGET": "b", "VERSION": "2"}'))
    assert not trust.trusted(step(env='{"TARGET": "b", "LEVEL": "2"}'))


def test_a_listed_script_that_changes_asks_again_and_so_does_one_that_appears(path, tmp_path):
    trust = Trust(path)
    listed = step("sh deploy.sh", cwd=str(tmp_path), trusts='["deploy.sh", "later.sh"]')
    (tmp_path / "deploy.sh").write_text("echo one")
    trust.approve([listed])
    assert trust.trusted(listed)
    (tmp_path / "deploy.sh").write_text("echo two")
    assert not trust.trusted(listed)
    (tmp_path / "deploy.sh").write_text("echo one")
    assert trust.trusted(listed)
    (tmp_path / "later.sh").write_text("")
    assert not trust.trusted(listed)


def test_a_record_made_by_another_process_is_seen_at_once(path):
    trust = Trust(path)
    assert not trust.trusted(step())
    script = "import sys; from taskterm.core.model import Step; from taskterm.runner.trust import Trust\n"
    script += "Trust(sys.argv[1]).approve([Step(1, 1, 1, 's', 'make deploy')])"
    subprocess.run([sys.executable, "-c", script, path], check=True, timeout=30)
    assert trust.trusted(step())


def test_several_processes_that_approve_at_once_lose_no_line(path):
    script = """
import sys
from taskterm.core.model import Step
from taskterm.runner.trust import Trust
for number in range(30):
    Trust(sys.argv[1]).approve([Step(1, 1, 1, "s", f"echo {sys.argv[2]} {number}"), Step(1, 1, 1, "s", "shared")])
"""
    running = [subprocess.Popen([sys.executable, "-c", script, path, name]) for name in "abc"]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    trust = Trust(path)
    assert len(trust.listing()) == 91
    assert len(Path(path).read_text().splitlines()) == 91
    assert trust.warnings == ()


def test_what_is_revoked_may_run_no_longer_and_everything_else_stays(path):
    trust, other = Trust(path), Trust(path)
    trust.approve([step("make one"), step("make two")])
    with open(path, "a") as file:
        file.write("not json\n")
    trust.record_typed(step("make three"))
    assert other.trusted(step("make two"))
    assert [a.command for a in trust.revoke([key_of(step("make two")), "f" * 64])] == ["make two"]
    assert (other.trusted(step("make one")), other.trusted(step("make two"))) == (True, False)
    assert [a.command for a in Trust(path).listing()] == ["make one", "make three"]
    assert "not json" in Path(path).read_text()
    assert oct(os.stat(path).st_mode & 0o777) == "0o600"
    assert trust.revoke([key_of(step("make two"))]) == []
    trust.approve([step("make two")])
    assert other.trusted(step("make two"))


def test_a_revocation_behind_a_link_leaves_the_link(path, tmp_path):
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "dotfiles" / "trusted.jsonl").touch(mode=0o600)
    os.symlink(tmp_path / "dotfiles" / "trusted.jsonl", path)
    trust = Trust(path)
    trust.approve([step("make one"), step("make two")])
    trust.revoke([key_of(step("make one"))])
    assert os.path.islink(path)
    assert [a.command for a in Trust(path).listing()] == ["make two"]


def test_approvals_beside_revocations_lose_no_line(path):
    approving = """
import sys
from taskterm.core.model import Step
from taskterm.runner.trust import Trust
for number in range(40):
    Trust(sys.argv[1]).approve([Step(1, 1, 1, "s", f"echo {sys.argv[2]} {number}")])
"""
    revoking = """
import sys
from taskterm.core.model import Step
from taskterm.runner.trust import Trust, key_of
for number in range(40):
    Trust(sys.argv[1]).approve([Step(1, 1, 1, "s", f"gone {number}")])
    Trust(sys.argv[1]).revoke([key_of(Step(1, 1, 1, "s", f"gone {number}"))])
"""
    scripts = [(approving, "a"), (approving, "b"), (revoking, "c")]
    running = [subprocess.Popen([sys.executable, "-c", script, path, name]) for script, name in scripts]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    commands = {a.command for a in Trust(path).listing()}
    assert commands == {f"echo {name} {number}" for name in "ab" for number in range(40)}


def test_a_damaged_line_trusts_nothing_is_named_and_harms_no_other(path):
    trust = Trust(path)
    trust.approve([step("make one")])
    lines = ["not json", "[]", '{"key": 5}', json.dumps({"key": "short", "command": "x", "how": "typed", "at": "now"})]
    with open(path, "a") as file:
        file.write("\n".join(lines) + '\n{"key": "torn')
    assert trust.trusted(step("make one"))
    assert len(trust.warnings) == 5
    assert f"{path}:2:" in trust.warnings[0]
    trust.approve([step("make two")])
    assert Trust(path).trusted(step("make two"))


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_record_that_others_can_write_trusts_nothing(path, mode):
    trust = Trust(path)
    trust.approve([step()])
    os.chmod(path, mode)
    assert not Trust(path).trusted(step())
    assert Trust(path).pending([step()]) == [step()]
    assert not trust.trusted(step())
    assert "chmod 600" in trust.warnings[0]


def test_a_record_that_cannot_be_written_trusts_nothing_new(tmp_path):
    (tmp_path / "file").write_text("")
    trust = Trust(str(tmp_path / "file" / "trusted.jsonl"))
    with pytest.raises(OSError, match="file"):
        trust.approve([step()])
    assert not trust.trusted(step())


def test_the_refusal_names_the_command_and_how_to_approve_it(path):
    trust = Trust(path)
    with pytest.raises(NotTrusted) as refused:
        trust.require([step("rm -rf \x1b[31m/", task_id=12)])
    assert refused.value.exit_code == 4
    assert "#12" in refused.value.message
    assert "\x1b" not in refused.value.message
    assert key_of(step("rm -rf \x1b[31m/"))[:SHORT] in refused.value.hint


def test_a_step_with_broken_json_is_a_step_without_environment(path):
    trust = Trust(path)
    broken = step(env="{not json", trusts="7")
    assert trust.pending([broken]) == [broken]
    trust.approve([broken])
    assert trust.trusted(broken)
