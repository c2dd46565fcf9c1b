"""The help is enough to learn the program: it fits the terminal, knows every word, and guesses what was meant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from taskterm.cli import VERBS, commands_of, help, report
from taskterm.cli.options import COMMON, Given
from taskterm.cli.session import Session
from taskterm.cli.text import cells

PAGES = [[], *([verb] for verb in VERBS), *([topic] for topic in help.TOPICS)]


@pytest.fixture
def page(home, monkeypatch, capsys):
    """The lines of one page of the help on a terminal of a width (None: in a pipe)."""

    def read(words: list[str], width: int | None) -> list[str]:
        monkeypatch.setattr(Session, "width", property(lambda session: width))
        help.show(
            Session(Given(words, None, {}), lambda: datetime(2026, 11, 23, 14, 32, tzinfo=UTC)), Given(words, None, {})
        )
        return capsys.readouterr().out.splitlines()

    return read


@pytest.mark.parametrize("width", [60, 80, 140, None])
def test_no_line_of_the_help_is_wider_than_the_terminal(page, width):
    for words in PAGES:
        for line in page(words, width):
            assert cells(line) <= (width or 80) or " " not in line.strip(), (words, line)
            assert line == line.rstrip()


def test_the_overview_names_every_command_and_every_common_option(page):
    lines = page([], 80)
    for verb in VERBS:
        for command in commands_of(verb).values() if verb != "help" else ():
            assert any(line.startswith(f"  {command.name} ") or line == f"  {command.name}" for line in lines), (
                command.name
            )
    for option in COMMON:
        assert any(option.name in line for line in lines), option.name
    assert len(lines) < 140


def test_help_is_what_dash_dash_help_prints(cli):
    assert cli("help").stdout == cli("--help").stdout == cli("-h").stdout
    assert cli("help", "add").stdout == cli("add", "--help").stdout
    assert cli("help", "step", "add").stdout == cli("step", "add", "--help").stdout


def test_a_long_example_is_broken_where_a_shell_puts_it_together_again(page):
    text = "\n".join(page(["add"], 60))
    assert "\\\n" in text
    joined = text.replace(" \\\n      ", " ")
    assert all(line in joined for line, _ in commands_of("add")["add"].examples)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lst"], "did you mean list?"),
        (["ad", "foo"], "did you mean add?"),
        (["Done", "1"], "did you mean done?"),
        (["add foo"], "leave the quotes out: taskterm add foo"),
        (["ls"], "you may want: taskterm list"),
        (["rm", "1"], "you may want: taskterm delete"),
        (["ready"], "you may want: taskterm list ready"),
        (["help", "repeat"], "you may want: taskterm help dates"),
        (["new", "x"], "you may want: taskterm add"),
        (["complete", "1"], "you may want: taskterm done"),
        (["finish", "1"], "you may want: taskterm done"),
        (["tag", "1"], "you may want: taskterm edit 12 +web"),
        (["tui"], "you may want: taskterm\n"),
        (["version"], "you may want: taskterm --version"),
        (["kanban"], "you may want: taskterm board"),
        (["Buy milk"], 'to add a task: taskterm add "Buy milk"'),
        (["help", "lst"], "did you mean list?"),
        (["help", "querys"], "did you mean queries?"),
        (["help", "step", "ad"], "did you mean step add?"),
        (["step", "remov", "1"], "did you mean step remove?"),
        (["--jsn", "list"], "did you mean --json?"),
        (["list", "--jsn"], "did you mean --json?"),
        (["list", "--limit", "5"], "did you mean -n?"),
        (["run", "12", "--with-need"], "did you mean --with-needs?"),
        (["done", "12", "--forced"], "did you mean --force?"),
        ([""], "empty word"),
        (["-"], "no option -"),
    ],
)
def test_what_was_meant_is_guessed(cli, words, said):
    ended = cli(*words)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in ended.stderr


def test_every_guess_names_a_command_that_is_there():
    for here in report._OTHER_WORDS:
        assert here.partition(" ")[0] in {*VERBS, "", "--version"}
    known = " ".join(report._OTHER_WORDS.values()).split()
    assert not set(known) & set(VERBS)
    assert len(known) == len(set(known))
