"""Which names a step may receive in its environment: read on if you hand a value to a command.

Values come from files that others may write, and a name is enough to take a command over: PATH decides which program
`make` is. So parameters, outputs and a step's own `env` all pass this one rule.
"""

_SHELL = "it steers how a shell starts or reads its commands"
_LOADER = "it tells the loader which code to put into every program"
_INTERPRETER = "it tells an interpreter which code to load"
_HELPER = "programs start what it names"
_OWN = "a shell sets it itself, so the value would not arrive"

_NAMES = {
    "PATH": "it decides which programs a shell starts",
    "HOME": "programs read their start-up files from there",
    "XDG_CONFIG_HOME": "programs read their start-up files from there",
    "XDG_CONFIG_DIRS": "programs read their start-up files from there",
    "GCONV_PATH": _LOADER,
    "GLIBC_TUNABLES": _LOADER,
    "MAKEFLAGS": "it changes what make does",
} | {
    name: reason
    for reason, names in (
        (_SHELL, "SHELL ENV BASH_ENV IFS PS4 CDPATH SHELLOPTS BASHOPTS PROMPT_COMMAND GLOBIGNORE ZDOTDIR FPATH"),
        (_INTERPRETER, "PERL5LIB PERL5OPT PERLLIB PERL5DB RUBYLIB RUBYOPT NODE_PATH NODE_OPTIONS CLASSPATH"),
        (_INTERPRETER, "JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS LUA_PATH LUA_CPATH LUA_INIT"),
        (_HELPER, "EDITOR VISUAL PAGER BROWSER LESSOPEN LESSCLOSE SSH_ASKPASS SUDO_ASKPASS"),
        (_OWN, "PWD OLDPWD PPID UID EUID OPTIND LINENO RANDOM SECONDS _"),
    )
    for name in names.split()
}
_PREFIXES = {
    "LD_": _LOADER,
    "DYLD_": _LOADER,
    "PYTHON": "it steers Python",
    "GIT_": "it steers git",
    "BASH_": _SHELL,
    "TASKTERM_": "such names belong to TaskTerm",
}


def refused(name: str) -> str | None:
    """Answer why no value may reach a step as the environment variable `name`; None where it may.

    The answer is a clause such as "it steers git", to be put after the name. Upper and lower case count the same,
    since zsh ties `path` to PATH.
    """
    if not name:
        return "a name needs at least one letter"
    if not (name.isascii() and name.replace("_", "a").isalnum()) or name[0].isdigit():
        return "a shell reads only names of letters, digits and _ that do not start with a digit"
    upper = name.upper()
    if upper in _NAMES:
        return _NAMES[upper]
    for prefix, reason in _PREFIXES.items():
        if upper.startswith(prefix):
            return reason
    return None
