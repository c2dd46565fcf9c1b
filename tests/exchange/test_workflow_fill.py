"""Filling in a workflow: values reach words and environments, never commands, and every wrong value is named."""

import json

import pytest

from taskterm.exchange.workflow import load, parse
from taskterm.exchange.workflow_fill import BadValues, fill

TEXT = r"""
[workflow]
name = "release"
[params.version]
prompt = "Version to release"
pattern = '\d+\.\d+'
[params.who]
default = "ana"
[params.day]
default = "+3d"
[params.stage]
choices = ["test", "live"]
default = "test"
[params.remark]
default = ""
[[task]]
key = "build"
title = "Build {version} {{version}}"
notes = "For {stage}, {remark}."
assignee = "{who}"
due = "{day}"
tags = ["ops"]
estimate = "2h"
  [[task.step]]
  name = "make"
  run = "make VERSION=$VERSION '{x}'"
  cwd = "src"
  env = { LEVEL = "3" }
  timeout = "10m"
  trusts = ["../tools/make.sh", "/opt/sign"]
  [[task.step]]
  run = "true"
[[task]]
key = "approve"
title = "Approve"
needs = ["build"]
"""


@pytest.fixture
def workflow(tmp_path):
    file = tmp_path / "my flows" / "release.toml"
    file.parent.mkdir()
    file.write_text(TEXT, encoding="utf-8")
    return load(str(file))


def problems(workflow, values):
    with pytest.raises(BadValues) as refusal:
        fill(workflow, values)
    assert refusal.value.exit_code == 2
    return list(refusal.value.problems)


def test_a_filled_workflow_is_plain_data_with_everything_a_start_needs(workflow, tmp_path):
    filled = fill(workflow, {"version": "2.4"})
    folder = str(tmp_path / "my flows")
    params = {"version": "2.4", "who": "ana", "day": "+3d", "stage": "test", "remark": ""}
    variables = {"VERSION": "2.4", "WHO": "ana", "DAY": "+3d", "STAGE": "test", "REMARK": ""}
    rest = {
        "shell": None,
        "retries": 0,
        "backoff_seconds": 1.0,
        "condition": None,
        "continue_on_error": False,
        "interactive": False,
        "host": None,
        "repeatable": False,
    }
    assert filled == {
        "name": "release",
        "source": f"{folder}/release.toml",
        "params": params,
        "tasks": [
            {
                "key": "build",
                "title": "Build 2.4 {version}",
                "notes": "For test, .",
                "assignee": "ana",
                "tags": ["ops"],
                "priority": None,
                "project": None,
                "due": "+3d",
                "estimate_minutes": 120,
                "needs": [],
                "steps": [
                    {
                        "name": "make",
                        "run": "make VERSION=$VERSION '{x}'",
                        "cwd": f"{folder}/src",
                        "env": {"LEVEL": "3", **variables},
                        "timeout_seconds": 600.0,
                        "trusts": [f"{folder}/tools/make.sh", "/opt/sign"],
                        **rest,
                    },
                    {
                        "name": "true",
                        "run": "true",
                        "cwd": folder,
                        "env": variables,
                        "timeout_seconds": None,
                        "trusts": [],
                        **rest,
                    },
                ],
            },
            {
                "key": "approve",
                "title": "Approve",
                "notes": "",
                "assignee": None,
                "tags": [],
                "priority": None,
                "project": None,
                "due": None,
                "estimate_minutes": None,
                "needs": ["build"],
                "steps": [],
            },
        ],
    }
    assert json.loads(json.dumps(filled)) == filled


def test_every_value_that_is_missing_unknown_or_wrong_is_named(workflow):
    assert problems(workflow, {"verison": "2.4", "stage": "liev", "remark": "a\nb"}) == [
        '"verison" is no parameter of "release"; did you mean "version"?',
        "version: a value is missing (Version to release)",
        'stage: "liev" is not one of "test", "live"; did you mean "live"?',
        'remark: "a�b" holds a control character (U+000A)',
    ]


def test_an_empty_value_counts_as_missing_unless_the_default_is_empty(workflow):
    assert problems(workflow, {"version": "", "remark": ""}) == ["version: a value is missing (Version to release)"]


def test_a_pattern_must_match_the_whole_value(workflow):
    found = problems(workflow, {"version": "2.4; rm -rf ~"})
    assert found == [r'version: "2.4; rm -rf ~" does not match the pattern \d+\.\d+']


def test_a_value_that_makes_no_date_or_no_person_is_named_with_its_parameter(workflow):
    due, assignee = problems(workflow, {"version": "2.4", "day": "fryday", "who": "ana b"})
    assert due.startswith("day: ")
    assert due.endswith('(due of task "build")')
    assert assignee.startswith('who: "ana b" cannot name a person')


def test_a_value_never_becomes_part_of_a_command(workflow):
    step = fill(workflow, {"version": "2.4", "remark": "$(touch pwned) {stage} `x`"})["tasks"][0]["steps"][0]
    assert step["run"] == "make VERSION=$VERSION '{x}'"
    assert step["env"]["REMARK"] == "$(touch pwned) {stage} `x`"


def test_placeholders_inside_a_value_are_not_filled_again(workflow):
    assert fill(workflow, {"version": "2.4", "remark": "{stage}"})["tasks"][0]["notes"] == "For test, {stage}."


def test_a_workflow_without_a_file_has_no_folder_for_a_relative_path():
    assert problems(parse(TEXT), {"version": "2.4"}) == [
        'task "build": a relative cwd needs a file; write an absolute one'
    ]
    filled = fill(parse(TEXT.replace('"src"', '"/src"')), {"version": "2.4"})
    assert filled["source"] is None
    assert [step["cwd"] for step in filled["tasks"][0]["steps"]] == ["/src", None]
