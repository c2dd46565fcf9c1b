"""The sample workflows: they hold no mistake, and their steps do what their titles say, in a path with a space."""

import compileall
import csv
import graphlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

import taskterm
from taskterm.demo import unpack
from taskterm.exchange.workflow import WorkflowFile, check_file, load
from taskterm.exchange.workflow_fill import FilledStep, fill

FILES = ("release", "onboard", "campaign")
COLLEAGUE = "Zoë $(touch pwned) O'Neil"


def answers(name: str, workspace: Path) -> dict[str, str]:
    return {"workspace": str(workspace)} | {
        "release": {"version": "2.4.0", "pace": "0"},
        "onboard": {"name": COLLEAGUE, "start": "2026-12-01"},
        "campaign": {"subject": "Tea; and $HOME"},
    }[name]


def in_order(workflow: WorkflowFile) -> list[str]:
    return list(graphlib.TopologicalSorter({task.key: task.needs for task in workflow.tasks}).static_order())


def run_step(step: FilledStep) -> subprocess.CompletedProcess[str]:
    """What a runner does with a step: /bin/sh -c, in its folder, with its environment."""
    env = {"PATH": os.environ["PATH"], "TASKTERM_PYTHON": sys.executable, **step["env"]}
    command = [step["shell"] or "/bin/sh", "-c", step["run"]]
    return subprocess.run(
        command, cwd=step["cwd"], env=env, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )


def run_all(file: Path, values: Mapping[str, str]) -> dict[str, str]:
    """Run every step of a workflow in dependency order; the output of each task by its key."""
    workflow = load(str(file))
    tasks = {task["key"]: task for task in fill(workflow, values)["tasks"]}
    output = {}
    for key in in_order(workflow):
        output[key] = ""
        for step in tasks[key]["steps"]:
            result = run_step(step)
            assert result.returncode == 0, f"{key}: {step['name']}\n{result.stdout}\n{result.stderr}"
            output[key] += result.stdout + result.stderr
    return output


def everything_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "current" not in path.parts
    }


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """All three workflows, unpacked into a path with a space and run to their ends: folder and outputs of each."""
    folder = tmp_path_factory.mktemp("a path") / "with a space"
    sample = unpack(folder)
    outputs = {}
    for name in FILES:
        outputs[name] = run_all(getattr(sample, name), answers(name, folder / f"work {name}"))
    return folder, outputs


@pytest.mark.parametrize("name", FILES)
def test_the_sample_workflows_have_no_mistake(tmp_path, name):
    workflow, mistakes = check_file(str(getattr(unpack(tmp_path), name)))
    assert mistakes == []
    assert workflow is not None
    assert 9 <= len(workflow.tasks) <= 11


def test_unpacking_copies_every_file_of_the_samples_and_no_leftovers(tmp_path):
    sample = unpack(tmp_path / "new" / "folder")
    files = {str(path.relative_to(sample.release.parent)) for path in sample.release.parent.rglob("*")}
    assert {
        "release.toml",
        "onboard.toml",
        "campaign.toml",
        "service/tools/install.py",
        "mailing/customers.csv",
    } <= files
    assert not [name for name in files if "__pycache__" in name or name in ("__init__.py", "__init__.pyc")]


def test_an_installed_package_unpacks_without_what_pip_compiled_into_it(tmp_path):
    package = Path(taskterm.__file__).parent
    site = tmp_path / "site"
    shutil.copytree(package / "demo", site / "taskterm" / "demo")
    shutil.copy(package / "__init__.py", site / "taskterm")
    compileall.compile_dir(site, quiet=2)
    assert list((site / "taskterm" / "demo" / "service").rglob("__pycache__"))
    code = "import sys, pathlib, taskterm.demo; taskterm.demo.unpack(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, tmp_path / "out"], env={"PYTHONPATH": str(site)}, check=True)
    assert everything_in(tmp_path / "out") == everything_in(unpack(tmp_path / "fresh").release.parent)
    assert not list((tmp_path / "out").rglob("__pycache__"))


def test_unpacking_twice_leaves_other_files_alone(tmp_path):
    (tmp_path / "__init__.py").write_text("mine", encoding="utf-8")
    unpack(tmp_path)
    unpack(tmp_path)
    assert (tmp_path / "__init__.py").read_text(encoding="utf-8") == "mine"


def test_a_release_begins_with_three_automated_tasks_side_by_side(tmp_path):
    tasks = load(str(unpack(tmp_path).release)).tasks
    assert [task.key for task in tasks if not task.needs and task.steps] == ["lint", "unit", "scan"]


def test_a_person_stands_between_the_build_and_the_deploy(tmp_path):
    tasks = {task.key: task for task in load(str(unpack(tmp_path).release)).tasks}
    assert tasks["deploy"].needs == ("approve",)
    assert tasks["approve"].steps == ()
    assert tasks["approve"].assignee == "ana"


def test_every_sample_mixes_tasks_of_people_with_tasks_that_run(tmp_path):
    for file in unpack(tmp_path):
        tasks = load(str(file)).tasks
        assert any(task.steps for task in tasks)
        assert any(not task.steps and task.assignee for task in tasks)


def test_every_step_is_safe_to_run_twice_or_says_what_it_trusts(tmp_path):
    for file in unpack(tmp_path):
        for task in fill(load(str(file)), answers(file.stem, tmp_path))["tasks"]:
            for step in task["steps"]:
                assert step["repeatable"] or step["trusts"], f"{task['key']}: {step['name']}"
                assert all(Path(script).is_file() for script in step["trusts"])


def test_a_release_installs_the_very_file_that_was_built(lived):
    work = lived[0] / "work release"
    built = work / "dist" / "shop-2.4.0.pyz"
    installed = work / "srv" / "shop" / "releases" / "2.4.0" / "shop-2.4.0.pyz"
    checksum = hashlib.sha256(installed.read_bytes()).hexdigest()
    assert hashlib.sha256(built.read_bytes()).hexdigest() == checksum
    for file in (built, installed):
        recorded = file.with_name(file.name + ".sha256").read_text(encoding="utf-8")
        assert recorded == f"{checksum}  shop-2.4.0.pyz\n"
    assert (work / "srv" / "shop" / "current").resolve() == installed.parent
    assert checksum in (work / "notes-2.4.0.md").read_text(encoding="utf-8")


def test_the_installed_shop_runs_and_names_its_version(lived):
    installed = lived[0] / "work release" / "srv" / "shop" / "current" / "shop-2.4.0.pyz"
    result = subprocess.run([sys.executable, installed, "--version"], capture_output=True, text=True, check=True)
    assert result.stdout == "shop 2.4.0\n"


def test_the_checks_of_a_release_really_look(lived):
    _, outputs = lived
    release = outputs["release"]
    assert "Ran 23 tests" in release["unit"]
    assert release["lint"].count(" ok\n") >= 15
    assert "files scanned for secrets, 0 findings" in release["scan"]
    assert "POST /orders  201" in release["integration"]
    assert 'GET /health  200  {"status": "ok", "version": "2.4.0"}' in release["smoke"]


@pytest.mark.parametrize(
    ("key", "file", "text"),
    [
        ("lint", "service/shop/cart.py", "import os\n"),
        ("unit", "service/shop/cart.py", "DELIVERY = 1\n"),
        ("scan", "service/shop/cart.py", "PASSWORD = 'open sesame'\n"),
        ("scan", "service/shop/cart.py", "eval('1')\n"),
    ],
)
def test_a_check_of_the_release_fails_on_a_broken_source(tmp_path, key, file, text):
    sample = unpack(tmp_path)
    with open(tmp_path / file, "a", encoding="utf-8") as source:
        source.write(text)
    tasks = {task["key"]: task for task in fill(load(str(sample.release)), answers("release", tmp_path))["tasks"]}
    assert any(run_step(step).returncode for step in tasks[key]["steps"])


def test_a_file_that_was_changed_after_the_build_is_not_installed(tmp_path):
    sample = unpack(tmp_path)
    tasks = {task["key"]: task for task in fill(load(str(sample.release)), answers("release", tmp_path))["tasks"]}
    assert run_step(tasks["build"]["steps"][0]).returncode == 0
    with open(tmp_path / "dist" / "shop-2.4.0.pyz", "ab") as built:
        built.write(b"changed")
    result = run_step(tasks["deploy"]["steps"][0])
    assert result.returncode == 1
    assert "is not the file that was built" in result.stderr
    assert not (tmp_path / "srv").exists()


def test_a_release_can_be_run_again_and_ends_with_the_same_files(lived, tmp_path):
    folder, _ = lived
    sample = unpack(tmp_path / "elsewhere")
    run_all(sample.release, answers("release", tmp_path / "once more"))
    once = everything_in(folder / "work release")
    assert everything_in(tmp_path / "once more") == once
    run_all(sample.release, answers("release", tmp_path / "once more"))
    assert everything_in(tmp_path / "once more") == once


def test_a_name_reaches_the_papers_of_a_colleague_as_it_is_and_runs_nothing(lived):
    folder, _ = lived
    work = folder / "work onboard"
    papers = sorted(str(path.relative_to(work)) for path in work.rglob("*") if path.is_file())
    account = "zoe.touch.pwned.o.neil"
    assert papers == [
        f"accounts/{account}.groups",
        f"accounts/{account}.json",
        f"badges/{account}.txt",
        f"welcome/{account}/checklist.md",
        f"welcome/{account}/letter.md",
    ]
    assert COLLEAGUE in (work / papers[4]).read_text(encoding="utf-8")
    assert "2026-12-01" in (work / papers[3]).read_text(encoding="utf-8")
    assert not list(folder.rglob("pwned"))


def test_a_campaign_writes_one_mail_to_everyone_who_may_get_one(lived):
    work = lived[0] / "work campaign"
    assert lived[1]["campaign"]["list"].count("there already") == 2
    with open(work / "recipients.csv", encoding="utf-8", newline="") as file:
        wanted = [row["address"] for row in csv.DictReader(file)]
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in (work / "outbox").iterdir()]
    assert sorted(mail["To"] for mail in mails) == sorted(wanted)
    assert len(wanted) == len(set(wanted)) == 6
    assert "olga@customers.example" not in wanted
    assert {mail["Subject"] for mail in mails} == {"Tea; and $HOME"}
    assert (work / "result.txt").read_text(encoding="utf-8") == "6 of 6 mails sent\n"


def test_the_steps_write_nothing_beside_the_files_they_read(lived, tmp_path):
    fresh = unpack(tmp_path).release.parent
    used = {name for name in everything_in(lived[0]) if not name.startswith("work ")}
    assert used == set(everything_in(fresh))
