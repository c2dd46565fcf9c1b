"""How words become options: only what the help lists is one, everything else is text or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm.cli import VERBS, commands_of, find
from taskterm.cli.help import GROUPS
from taskterm.cli.options import COMMON, Command, Given, Option, read, refs, split_verb
from taskterm.core.errors import UsageError


def nothing(session: object, given: Given) -> int:
    return 0


OPTIONS = (
    Option("--set", "a value", "K=V", many=True),
    Option("-n", "a number", "N", number=True),
    Option("--follow", "a flag", short="-f"),
)
STRICT = Command("try", "WORDS", "tries", nothing, OPTIONS)
TAGS = STRICT._replace(dashes="tags")
TEXT = STRICT._replace(dashes="text")


def test_values_come_behind_a_blank_or_an_equals_sign():
    given = read(["a", "--set", "x=1", "--set=y=2", "-n", "5", "-f", "b"], STRICT)
    assert given.words == ["a", "b"]
    assert (given.many("set"), given.number("n"), given.flag("follow")) == (["x=1", "y=2"], 5, True)
    assert given.rest is None


def test_two_dashes_end_the_options():
    given = read(["a", "--", "-f", "--", "--set"], STRICT)
    assert (given.words, given.rest, given.values) == (["a"], ["-f", "--", "--set"], {})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--folow"], "did you mean --follow"),
        (["-x"], "no option -x"),
        (["--set"], "needs a value"),
        (["--follow=yes"], "takes no value"),
        (["-n", "many"], "not a number"),
        (["-n", "0"], "not a number"),
        (["-n", "9" * 40], "not a number"),
    ],
)
def test_what_does_not_fit_is_named(words, said):
    with pytest.raises(UsageError, match=said):
        read(words, STRICT)


def test_an_unknown_dash_word_is_text_or_a_tag_taken_away_where_such_words_are_taken():
    assert read(["-ops", "-7", "-", "--x"], TEXT).words == ["-ops", "-7", "-", "--x"]
    assert read(["-ops", "+a"], TAGS).words == ["-ops", "+a"]
    with pytest.raises(UsageError, match="no option --opn"):
        read(["--opn"], TAGS)


def test_a_number_may_stand_right_behind_its_short_option():
    assert read(["-n12"], STRICT).number("n") == 12
    assert (read(["-n12", "-ops"], TAGS).number("n"), read(["-n12", "-ops"], TAGS).words) == (12, ["-ops"])
    assert read(["-n12"], TEXT).words == ["-n12"]


@given(st.lists(st.text(st.characters(exclude_characters="-", exclude_categories=["Cs"])), max_size=6), st.data())
def test_words_that_begin_with_no_dash_are_never_touched(words, data):
    options = data.draw(st.lists(st.sampled_from([("--set", "v"), ("-n", "3"), ("-f",)]), max_size=4))
    at = [data.draw(st.integers(0, len(words))) for _ in options]
    line: list[str] = []
    for index, word in enumerate([*words, None]):
        for option, place in zip(options, at, strict=True):
            if place == index:
                line += option
        if word is not None:
            line.append(word)
    for command in (STRICT, TAGS, TEXT):
        assert read(line, command).words == words


def test_common_options_stand_before_the_verb_too():
    assert split_verb(["--db", "list", "--json", "add", "x"]) == ("add", ["--db", "list", "--json", "x"])
    assert split_verb(["--db=x"]) == (None, ["--db=x"])
    command, rest = find(["--db", "x", "step", "--json", "add", "12"])
    assert command is not None
    assert (command.name, rest) == ("step add", ["--db", "x", "--json", "12"])


def test_ids_may_be_joined_by_commas_and_titles_may_hold_them():
    assert refs(["1,2", "#3", "Write, then send", "4, 5"]) == ["1", "2", "#3", "Write, then send", "4", "5"]


def test_every_verb_has_its_help_with_an_example_and_a_place_in_the_overview():
    in_groups = [verb for _, verbs in GROUPS for verb in verbs]
    assert sorted([*in_groups, "help"]) == sorted(VERBS)
    for verb in VERBS:
        for name, command in commands_of(verb).items():
            assert command.name == name
            assert command.summary
            assert command.examples, name
            common = {option.name for option in COMMON}
            assert not common & {option.name for option in command.options}, name
            for option in command.options:
                assert option.help, (name, option.name)


def test_every_example_of_the_help_can_be_read_by_its_command():
    import shlex

    for verb in VERBS:
        for command in commands_of(verb).values():
            for line, _ in command.examples:
                words = shlex.split(line)
                ends = [words.index(sign) for sign in ("<", ">") if sign in words]  # a redirection is the shell's
                found, rest = find(words[: min(ends, default=None)])
                assert found is command, line
                read(rest, command)
