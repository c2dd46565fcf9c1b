"""Which names may reach a step as environment."""

import pytest

from taskterm.core.environment import refused

STEERING = """
PATH HOME SHELL ENV BASH_ENV BASH_FUNC_ls%% IFS PS4 LD_PRELOAD LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES PYTHONPATH
PYTHONSTARTUP GIT_SSH_COMMAND GIT_DIR TASKTERM_DB NODE_OPTIONS PERL5LIB RUBYOPT EDITOR PAGER ZDOTDIR SHELLOPTS PWD
"""


@pytest.mark.parametrize("name", STEERING.split())
def test_names_that_steer_a_shell_a_loader_or_an_interpreter_are_refused_in_any_case(name):
    assert refused(name)
    assert refused(name.lower())


@pytest.mark.parametrize(
    "name", ["VERSION", "target", "WORKSPACE", "_private", "PATHS", "MYPATH", "GITHUB", "LDAP", "x1"]
)
def test_other_names_reach_a_step(name):
    assert refused(name) is None


@pytest.mark.parametrize("name", ["", "1st", "my-name", "a b", "a=b", "größe", "a\0", "$(x)", "x\n", "²"])
def test_what_no_shell_can_read_as_a_name_is_refused(name):
    assert refused(name)
