"""Where things are and who is at the keyboard: folders, database, actor, host. A stdlib leaf that anyone may read.

The folders are those of platformdirs, computed by hand on Linux because importing it costs more than `taskterm add`
may take; a test holds the two equal.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

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


def database_path(option: str | None = None, env: Mapping[str, str] = os.environ) -> str:
    """Absolute path of the database: the option, else TASKTERM_DB, else `tasks.db` in the data folder."""
    chosen = option or env.get("TASKTERM_DB") or os.path.join(folder("data", env), "tasks.db")
    return os.path.abspath(os.path.expanduser(chosen))


def actor(option: str | None = None, env: Mapping[str, str] = os.environ) -> str:
    """The name that goes into the history: the option, else TASKTERM_ACTOR, else the login name."""
    return option or env.get("TASKTERM_ACTOR") or login(env)


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
