"""Where things are, who is at the keyboard, what the user prefers. A stdlib leaf that anyone may read.

What is given for one command comes first, then the environment, then config.toml, then the default.

The folders are those of platformdirs, computed by hand on Linux because importing it costs more than `taskterm add`
may take; a test holds the two equal.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

_LINUX = {
    "data": ("XDG_DATA_HOME", ".local/share"),
    "config": ("XDG_CONFIG_HOME", ".config"),
    "state": ("XDG_STATE_HOME", ".local/state"),
    "cache": ("XDG_CACHE_HOME", ".cache"),
}


def folder(kind: str, env: Mapping[str, str] = os.environ) -> str:
    """The user's folder for `data`, `config`, `state` or `cache`; it may not exist yet."""
    if sys.platform != "linux":
        import platformdirs

        path: str = getattr(platformdirs, f"user_{kind}_dir")("taskterm", appauthor=False)
        return path
    variable, default = _LINUX[kind]
    base = env.get(variable, "").strip() or os.path.join(os.path.expanduser("~"), default)
    return os.path.join(base, "taskterm")


class Config:
    """What config.toml says. Only what can be used is in `values` and `databases`; the rest is in `problems`. `keys` is
    its table of keys as it stands there, which the screen alone understands (tui/keys.py).

    `lines` tells where a key stands (`theme`, `databases.team`), counted from 1. `problems` are sentences about what is
    wrong, `unknown` about keys that nobody reads. A file that is missing is an empty one; `exists` tells them apart.
    """

    __slots__ = ("databases", "exists", "keys", "lines", "path", "problems", "unknown", "values")

    def __init__(self, path: str) -> None:
        self.path = path
        self.exists = False
        self.values: dict[str, Any] = {}
        self.databases: dict[str, str] = {}
        self.keys: dict[str, Any] = {}
        self.lines: dict[str, int] = {}
        self.problems: list[str] = []
        self.unknown: list[str] = []


def config_path(env: Mapping[str, str] = os.environ) -> str:
    """Where config.toml is looked for."""
    return os.path.join(folder("config", env), "config.toml")


def read_config(env: Mapping[str, str] = os.environ) -> Config:
    """The user's preferences; never an error: what cannot be used is named in `problems` and left out."""
    found = Config(config_path(env))
    try:
        descriptor = os.open(found.path, os.O_RDONLY)
    except OSError as error:
        if os.path.exists(found.path):  # in a folder that is closed to this user nobody put a file for them
            found.problems.append(f"{found.path} cannot be read: {error.strerror}")
        return found
    from taskterm.settings import config

    config.fill(found, descriptor)
    return found


ENVIRONMENT = {
    "actor": ("TASKTERM_ACTOR",),
    "database": ("TASKTERM_DB",),
    "theme": ("TASKTERM_THEME",),
    "color": ("NO_COLOR",),
    "editor": ("VISUAL", "EDITOR"),
    "pager": ("PAGER",),
}
"""The variables that come before a key of config.toml."""

THEMES = ("dark", "dusk", "moss", "black", "light", "paper", "white", "ansi", "auto")
"""The themes by name, the default first. `ansi` takes the terminal's own colours, `auto` goes by its ground."""


def theme_on(name: str, env: Mapping[str, str] = os.environ) -> str:
    """The theme that a name means here: `auto` is `light` where the terminal says that its ground is, else `dark`."""
    if name != "auto":
        return name
    ground = env.get("COLORFGBG", "").rpartition(";")[2]  # `0;15`: black on white
    return "light" if ground in ("7", "9", "10", "11", "12", "13", "14", "15") else "dark"


def chosen(name: str, config: Config, env: Mapping[str, str] = os.environ) -> tuple[Any, str]:
    """A preference and where it comes from: a variable, `config.toml`, or nothing: (None, "")."""
    for variable in ENVIRONMENT.get(name, ()):
        value = env.get(variable)
        if value and not (name == "theme" and value not in THEMES):
            return (False if name == "color" else value), variable
    return (config.values[name], "config.toml") if name in config.values else (None, "")


def program(name: str, config: Config, env: Mapping[str, str] = os.environ) -> str:
    """The command line of the user's `editor` or `pager`; empty where nobody chose one and none is installed."""
    found: str | None = chosen(name, config, env)[0]
    if found is None:
        from taskterm.settings.config import default_of

        found = default_of(name, env)
    return found


def warning(found: Sequence[str]) -> str:
    """One line about what is wrong with the preferences; empty for nothing."""
    if not found:
        return ""
    others = f" ({len(found) - 1} more: taskterm config list)" if len(found) > 1 else ""
    return f"{found[0]}; going on without it{others}"


def problems(config: Config, env: Mapping[str, str] = os.environ) -> list[str]:
    """What is wrong with config.toml and with the variables that stand for it, a sentence each."""
    theme = env.get("TASKTERM_THEME")
    if theme and theme not in THEMES:
        return [*config.problems, f"TASKTERM_THEME: there is no theme {theme[:40]!r} (there are {', '.join(THEMES)})"]
    return config.problems


def database_path(option: str | None = None, env: Mapping[str, str] = os.environ, config: Config | None = None) -> str:
    """Absolute path of the database: the option, else TASKTERM_DB, else the configured one, else the default one.

    Each of them may be a name from `[databases]`. UsageError for an address on a server, and for a mistyped name.
    """
    config = config or Config("")
    named = option or chosen("database", config, env)[0]
    if not named:
        return os.path.join(folder("data", env), "tasks.db")
    if named in config.databases:
        named = config.databases[named]
    elif config.databases or "://" in named:
        from taskterm.settings import config as checks

        checks.refuse_database(named, config)
    return os.path.abspath(os.path.expanduser(named))


def actor(option: str | None = None, env: Mapping[str, str] = os.environ, config: Config | None = None) -> str:
    """The name that goes into the history: the option, else TASKTERM_ACTOR, else the configured one, else the login."""
    return option or chosen("actor", config or Config(""), env)[0] or login(env)


def login(env: Mapping[str, str] = os.environ) -> str:
    """The operating system's name for this user; the number where it has no name."""
    for variable in ("LOGNAME", "USER"):
        if env.get(variable):
            return env[variable]
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def host() -> str:
    """This machine's name, without its domain."""
    return os.uname().nodename.split(".")[0] or "localhost"


def trust_path(env: Mapping[str, str] = os.environ) -> str:
    """The file that says which commands this user has approved on this machine. It is never part of a database."""
    return os.path.join(folder("data", env), "trusted.jsonl")


def logs_dir(database_uuid: str, env: Mapping[str, str] = os.environ) -> str:
    """Folder for the output of runs of one database on this machine."""
    return os.path.join(folder("state", env), "logs", database_uuid)
