"""The board's own stages: added, limited, put elsewhere and taken out, always so that it can be undone."""

from __future__ import annotations

import json

import pytest


def names(cli) -> list[str]:
    return [column["name"] for column in json.loads(cli("column", "--json").stdout)]


def test_a_new_stage_stands_where_it_was_put_and_takes_cards(cli):
    assert cli("column", "add", "Testing", "--after", "doing", "--limit", "1").returncode == 0
    assert names(cli) == ["Blocked", "Ready", "Doing", "Testing", "Review", "Done"]
    cli("add", "One")
    assert cli("move", "1", "testing").stdout == "1 One is in Testing\n"


def test_a_stage_without_a_place_stands_before_done(cli):
    cli("column", "add", "Last check")
    assert names(cli)[-2:] == ["Last check", "Done"]


def test_a_full_stage_refuses_the_next_card_and_force_overrides(cli):
    cli("column", "edit", "doing", "--limit", "1")
    cli("add", "One")
    cli("add", "Two")
    cli("start", "1")
    refused = cli("start", "2")
    assert refused.returncode == 1
    assert "Doing holds 1, its limit is 1" in refused.stderr
    assert cli("start", "2", "--force").returncode == 0
    cli("column", "edit", "doing", "--no-limit")
    assert [c["wip_limit"] for c in json.loads(cli("column", "--json").stdout)] == [None] * 5


def test_a_limit_below_what_a_stage_holds_is_taken_and_said(cli):
    for title in ("One", "Two"):
        cli("add", title)
    cli("start", "1", "2")
    limited = cli("column", "edit", "doing", "--limit", "1")
    assert "Doing holds 2, over its new limit of 1" in limited.stderr
    assert limited.stdout == "Doing is changed · at most 1 card\n"


def test_cards_of_a_removed_stage_go_to_its_neighbour_and_undo_brings_all_back(cli):
    cli("add", "One")
    cli("move", "1", "review")
    removed = cli("column", "remove", "review")
    assert "1 card went to Doing" in removed.stderr
    assert json.loads(cli("show", "1", "--json").stdout)["column"] == "doing"
    assert cli("undo").returncode == 0
    assert names(cli) == ["Blocked", "Ready", "Doing", "Review", "Done"]
    assert json.loads(cli("show", "1", "--json").stdout)["column"] == "review"


def test_a_stage_moves_to_another_place(cli):
    cli("column", "edit", "doing", "--after", "review")
    assert names(cli) == ["Blocked", "Ready", "Review", "Doing", "Done"]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["remove", "done"], 1, "the graph fills it"),
        (["remove", "nowhere"], 1, "the board has no column 'nowhere'"),
        (["add", "Doing"], 1, "the board has a column Doing already"),
        (["add", "a\x1b[31m"], 2, "escape character"),
        (["add", "x" * 25], 2, "25 characters"),
        (["edit", "ready", "--limit", "3"], 1, "Ready takes no limit"),
        (["edit", "doing"], 2, "nothing to change"),
        (["edit", "done", "--after", "doing"], 1, "cannot stand behind"),
        (["add", "Testing", "--after", "done"], 1, "stages stand between Ready and Done"),
    ],
)
def test_what_cannot_be_is_refused_by_name(cli, words, code, told):
    run = cli("column", *words)
    assert run.returncode == code
    assert told in run.stderr


def test_the_only_stage_cannot_be_taken_out(cli):
    cli("column", "remove", "review")
    assert "the only stage" in cli("column", "remove", "doing").stderr
