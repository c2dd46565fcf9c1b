"""What a bare checkout promises: make prepares an environment once, whatever the path, and says what is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import taskterm

REPOSITORY = Path(__file__).resolve().parent.parent
TOP_LEVEL = {
    *(".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "README.md"),
    *("pyproject.toml", "screenshots", "scripts", "taskterm", "tests"),
}

# Stands for an interpreter: quick, without a network, and it writes down what it was asked to do.
INTERPRETER = """\
#!/bin/sh
case "$*" in
    *version_info*print* | *print*version_info*) echo 3.13 ;;
    *_base_executable*) echo "$0" ;;
    "-m venv .venv") echo "$*" >>"$LOG"; mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *" install "*)
        echo "$*" >>"$LOG"
        [ -z "$NO_NETWORK" ] || exit 1
        printf '#!%s\\n# the program\\n' "$PWD/.venv/bin/python" >.venv/bin/taskterm
        chmod +x .venv/bin/taskterm
        ;;
    *bin/taskterm*) printf '%s|' "$@" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in a path with spaces, holding what the environment script reads."""
    folder = tmp_path / "a path with spaces" / "task term"
    (folder / ".ci").mkdir(parents=True)
    for name in (".ci/venv", "pyproject.toml", "Makefile"):
        shutil.copy(REPOSITORY / name, folder / name)
    return folder


@pytest.fixture
def prepare(tmp_path: Path) -> Callable[..., tuple[int, list[str], str]]:
    """Runs `.ci/venv KIND` in a checkout: (exit code, what the interpreter was asked to do, what was said)."""
    interpreter, log = tmp_path / "python", tmp_path / "log"
    interpreter.write_text(INTERPRETER)
    interpreter.chmod(0o755)

    def run(checkout: Path, kind: str = "runtime", **env: str) -> tuple[int, list[str], str]:
        log.write_text("")
        answer = subprocess.run(
            ["sh", ".ci/venv", kind],
            cwd=checkout,
            env={"PATH": os.environ["PATH"], "PYTHON": str(interpreter), "LOG": str(log), "NO_NETWORK": "", **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        words = [re.sub(r"^-m (pip install|venv) .*?(\S+)$", r"\1 \2", line) for line in log.read_text().splitlines()]
        return answer.returncode, words, answer.stderr

    return run


def test_the_environment_is_made_once_and_made_again_when_the_needs_change(checkout, prepare):
    assert prepare(checkout)[:2] == (0, ["venv .venv", "pip install ."])
    assert prepare(checkout)[:2] == (0, [])
    with (checkout / "pyproject.toml").open("a") as file:
        file.write("# a new dependency\n")
    assert prepare(checkout)[:2] == (0, ["pip install ."])
    assert prepare(checkout)[:2] == (0, [])


@pytest.mark.parametrize("name", ["with a space and a ' in it", "l" + "o" * 120 + "ng", "plain"])
def test_the_program_starts_whatever_the_path_of_the_checkout_is_called(checkout, prepare, tmp_path, name):
    place = tmp_path / name
    checkout.rename(place)
    assert prepare(place)[0] == 0
    script = place / ".venv/bin/taskterm"
    words = ["add", "a b", 'c"d', "$HOME"]
    started = subprocess.run([str(script), *words], capture_output=True, text=True, check=True, timeout=30)
    assert started.stdout == "|".join([str(script), *words, ""])
    compile(script.read_text(), "taskterm", "exec")  # to Python, the lines for sh are a text
    assert script.read_text().endswith("# the program\n")


def test_the_tools_for_tests_include_what_the_program_needs(checkout, prepare):
    assert prepare(checkout, "dev")[:2] == (0, ["venv .venv", "pip install .[dev]"])
    assert prepare(checkout, "runtime")[:2] == (0, [])
    assert prepare(checkout, "dev")[:2] == (0, [])


def test_an_interrupted_install_goes_on_at_the_next_try(checkout, prepare):
    code, asked, said = prepare(checkout, NO_NETWORK="1")
    assert (code, asked) == (1, ["venv .venv", "pip install ."])
    assert "run the same command again" in said
    assert prepare(checkout)[:2] == (0, ["pip install ."])


def test_a_moved_checkout_gets_a_new_environment(checkout, prepare):
    prepare(checkout)
    moved = checkout.rename(checkout.with_name("moved"))
    assert prepare(moved)[:2] == (0, ["venv .venv", "pip install ."])


def test_an_environment_whose_interpreter_is_gone_is_made_again(checkout, prepare):
    prepare(checkout)
    (checkout / ".venv/bin/python").unlink()
    assert prepare(checkout)[:2] == (0, ["venv .venv", "pip install ."])


def test_an_interpreter_that_is_too_old_is_named_with_its_version(checkout, prepare, tmp_path):
    old = tmp_path / "python-old"
    old.write_text("#!/bin/sh\necho 3.9\n")
    old.chmod(0o755)
    code, asked, said = prepare(checkout, PYTHON=str(old))
    assert (code, asked) == (1, [])
    assert said.startswith("taskterm: needs Python 3.11 or newer")
    assert f"{old} is 3.9" in said


def test_an_interpreter_without_venv_and_pip_gets_told_what_to_install(checkout, prepare, tmp_path):
    bare = tmp_path / "python-bare"
    bare.write_text(INTERPRETER.replace('"-m venv .venv")', '"-m "*) exit 1 ;; never)'))
    bare.chmod(0o755)
    code, asked, said = prepare(checkout, PYTHON=str(bare))
    assert (code, asked) == (1, [])
    assert "apt install python3-venv" in said
    assert not (checkout / ".venv").exists()


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_make_alone_lists_what_it_can_do(checkout):
    answer = subprocess.run(["make"], cwd=checkout, capture_output=True, text=True, check=True)
    listed = re.findall(r"^  make (\w+) +\S", answer.stdout, re.MULTILINE)
    assert {"demo", "test", "check", "bench", "screenshots", "sql", "schemas"} <= set(listed)
    assert not (checkout / ".venv").exists()


def test_the_version_has_its_place_in_the_changelog():
    sections = re.findall(r"^## (?:\[?)([\w.]+)", (REPOSITORY / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert {"Unreleased", taskterm.__version__} & set(sections)


def test_the_top_level_holds_only_what_a_newcomer_has_to_see():
    if not (REPOSITORY / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    answer = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=30
    )
    assert {name.split("/")[0] for name in answer.stdout.split("\0") if name} <= TOP_LEVEL
