"""The keys of config.toml: what each may hold, and how the file becomes a Config. Loaded only where there is a file."""

from __future__ import annotations

import os

from taskterm.settings import THEMES, Config, folder, lines, login

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

KEYS = {
    "database": ("text", "the database: a path, or a name from [databases]"),
    "actor": ("text", "the name that goes into the history"),
    "theme": ("choice", "colours of the screen: " + ", ".join(THEMES)),
    "color": ("switch", "colour on a terminal: true or false"),
    "ascii": ("switch", "only ASCII signs: true or false"),
    "editor": ("text", "the program that edits notes and this file"),
    "pager": ("text", "the program that shows long output"),
    "notify": ("choice", "when a run ends: off, bell, desktop or both"),
    "hints": ("switch", "hints for those who are new to a view: true or false"),
    "motion": ("choice", "signs that move while something runs: on or off"),
}
"""Each key with its kind and what it is for, in the order in which they are listed."""

CHOICES = {"theme": THEMES, "notify": ("off", "bell", "desktop", "both"), "motion": ("on", "off")}
"""What a key of the kind `choice` may hold, the default first."""

DATABASES = "databases"
BINDINGS = "keys"
TABLES = (DATABASES, BINDINGS, "board")
"""Tables that a file may hold; what the keys mean, and the board, is not known here."""

_LIMIT = 1_000_000


def fill(found: Config, descriptor: int) -> None:
    """Reads the open file, closes it, and puts what can be used into `found`."""
    found.exists = True
    try:
        raw = os.read(descriptor, _LIMIT + 1)
    except OSError as error:
        found.problems.append(f"{found.path} cannot be read: {error.strerror}")
        return
    finally:
        os.close(descriptor)
    take(found, raw)


def take(found: Config, raw: bytes) -> None:
    """Puts what the text of a file says into `found`."""
    if len(raw) > _LIMIT:
        found.problems.append(f"{found.path} is larger than {_LIMIT:,} bytes")
        return
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found.problems.append(f"{found.path} line {line}: this is not UTF-8 text")
        return
    plain = lines.read(text)
    if plain is not None:
        values, found.lines = plain
    else:
        values, mistake = parse(text)
        found.lines = lines.find(text)
        if mistake:
            found.problems.append(f"{found.path} {mistake}")
            return
    for key, value in values.items():
        _take_one(found, key, value)
    wrong = check_named(found.values.get("database"), found.databases)
    if wrong:
        found.problems.append(f"{_place(found, 'database')}: {wrong}")
        del found.values["database"]


def parse(text: str) -> tuple[dict[str, Any], str]:
    """The values of any TOML text, and what is wrong with it: `line 3: expected '=' after a key` (empty: nothing)."""
    import tomllib

    try:
        return tomllib.loads(text), ""
    except (ValueError, RecursionError) as error:  # a number of ten thousand digits is a plain ValueError
        return {}, _mistake(text, str(error))


def _mistake(text: str, said: str) -> str:
    message, at, place = said.rpartition(" (at ")
    message = message if at else said
    message = message[:1].lower() + message[1:]
    if not at:
        return f"cannot be read as TOML: {message}"
    words = place.rstrip(")").replace(",", "").split()
    if words[0] != "line":
        return f"line {text.rstrip().count(chr(10)) + 1}: {message} at the end"
    return f"line {words[1]} column {words[3]}: {message}"


def _take_one(found: Config, key: str, value: Any) -> None:
    place = _place(found, key)
    if key in KEYS:
        wrong = check(key, value)
        if wrong:
            found.problems.append(f"{place}: {wrong}")
        else:
            found.values[key] = value
    elif key not in TABLES:
        found.unknown.append(f"{place}: {_unknown(key)}")
    elif not isinstance(value, dict):
        found.problems.append(f"{place}: {key} is a table; write [{key}] and what it holds below it")
    elif key == BINDINGS:
        found.keys = value
    elif key == DATABASES:
        for name, path in value.items():
            wrong = check_database(name, path)
            if wrong:
                found.problems.append(f"{_place(found, f'{DATABASES}.{name}')}: {wrong}")
            else:
                found.databases[name] = path


def _place(found: Config, key: str) -> str:
    return f"{found.path} line {found.lines[key]}" if key in found.lines else found.path


def check(key: str, value: Any) -> str:
    """What is wrong with the value of a key, as a sentence; empty where nothing is."""
    kind = KEYS[key][0]
    if kind == "switch":
        return "" if isinstance(value, bool) else f"{key} is {_shown(value)}; write true or false, without quotes"
    if not isinstance(value, str):
        return f"{key} is {_shown(value)}; write text in quotes"
    if kind == "choice" and value not in CHOICES[key]:
        if key == "theme":
            return f"there is no theme {_shown(value)} (there are {', '.join(THEMES)})"
        return f"{key} cannot be {_shown(value)}; write {', '.join(CHOICES[key][:-1])} or {CHOICES[key][-1]}"
    if not value.strip() or not value.isprintable():
        return (
            f"{key} is {_shown(value)}, which says nothing" if not value.strip() else f"{key} holds a control character"
        )
    return _check_path(key, value) if key == "database" and ("/" in value or value.startswith("~")) else ""


def check_named(database: Any, databases: Mapping[str, str]) -> str:
    """What is wrong with a `database` that is no path: it must be a name from [databases]. Empty where nothing is."""
    if database is None or "/" in database or database.startswith("~") or database in databases:
        return ""
    known = f"they are {', '.join(databases)}" if databases else "there are none"
    return f"{_shown(database)} is neither a whole path nor a name from [{DATABASES}]; {known}"


def check_database(name: str, path: Any) -> str:
    """What is wrong with one entry of [databases]; empty where nothing is."""
    if not isinstance(path, str) or not path.strip() or not path.isprintable():
        return f"{DATABASES}.{name} is {_shown(path)}; write a path in quotes"
    return _check_path(f"{DATABASES}.{name}", path)


def _check_path(key: str, path: str) -> str:
    if "://" in path:
        return f"{key} is on a server ({address(path)}), which is not supported; write the path of a file"
    if not path.startswith(("/", "~")):
        return f"{key} is {_shown(path)}; write the whole path, from / or ~"
    return ""


def address(url: str) -> str:
    """The address without what may be a password in it."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('/')[0]}"


def refuse_database(named: str, config: Config) -> None:
    """UsageError for an address on a server, or for a word that is almost a name from [databases]."""
    from taskterm.core.errors import UsageError

    if "://" in named:
        raise UsageError(
            f"a database on a server ({address(named)}) is not supported", "name a file, or one of your [databases]"
        )
    if "/" in named or "." in named or os.path.exists(named):
        return
    from difflib import get_close_matches

    meant = get_close_matches(named, config.databases, n=1, cutoff=0.6)
    if meant:
        raise UsageError(
            f"there is no database called {named}; did you mean {meant[0]}?", f"for a file of that name: ./{named}"
        )


def _unknown(key: str) -> str:
    from difflib import get_close_matches

    meant = get_close_matches(key, (*KEYS, *TABLES), n=1, cutoff=0.7)
    return f"there is no key called {_shown(key)}" + (f"; did you mean {meant[0]}?" if meant else "")


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    text = "".join(c if c.isprintable() else "\ufffd" for c in text)
    text = text if len(text) <= 40 else text[:39] + "…"
    return f'"{text}"' if isinstance(value, str) else text


def default_of(key: str, env: Mapping[str, str] = os.environ) -> str:
    """What holds where nobody says anything, as text."""
    if key in PROGRAMS:
        return next((name for name in PROGRAMS[key] if _installed(name, env)), "")
    texts = {
        "database": os.path.join(folder("data", env), "tasks.db"),
        "actor": login(env),
        "color": "true",
        "ascii": "false",
        "hints": "true",
    }
    return CHOICES[key][0] if key in CHOICES else texts[key]


PROGRAMS = {"editor": ("nano", "vim", "vi"), "pager": ("less", "more")}
"""What is started where nobody chose a program: the first that is installed."""


def _installed(name: str, env: Mapping[str, str]) -> bool:
    return any(os.access(os.path.join(p, name), os.X_OK) for p in env.get("PATH", os.defpath).split(os.pathsep))
