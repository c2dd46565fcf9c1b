"""config list, get, set, unset, edit, path: the user's preferences, in a file that stays theirs and stays valid."""

from __future__ import annotations

import os

from taskterm import settings
from taskterm.cli import keybindings
from taskterm.cli.options import Command, Given
from taskterm.cli.session import Session
from taskterm.cli.text import Cell, table
from taskterm.core.display import visible
from taskterm.core.errors import RuleError, UsageError
from taskterm.core.wording import closest, shown
from taskterm.settings import config as checks
from taskterm.tui import keys as bindings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DATABASES = checks.DATABASES + "."
_KEYS = keybindings.PREFIX


# ── looking


def list_all(session: Session, given: Given) -> int:
    """Every key with its value and where that comes from; then what is wrong with the file. `keys` lists those of the
    screen with what they do."""
    words = given.all_words()
    no_more(words, 1, "config list [keys]")
    if words and words[0] != checks.BINDINGS:
        raise UsageError(f"{shown(words[0])} has no list of its own", "write: taskterm config list keys")
    changed, wrong_keys = keybindings.of(session.config)
    if words:
        keys = [_KEYS + action_id for action_id in bindings.ids()]
    else:
        keys = [*checks.KEYS, *(_DATABASES + name for name in session.config.databases)]
        keys += [_KEYS + action_id for action_id in changed.changed]
    rows = [(key, *_value(session, key)) for key in keys]
    wrong = [*settings.problems(session.config), *wrong_keys, *session.config.unknown]
    if session.json:
        found = [{"key": key, "value": value, "source": source} for key, value, source in rows]
        session.data({"file": session.config.path, "keys": found, "problems": wrong})
        return 0
    cells = [[Cell(key), Cell(text_of(value)), Cell(source, "mute")] for key, value, source in rows]
    if words:
        for cell, key in zip(cells, keys, strict=True):
            cell[2:] = [Cell(bindings.title_of(key.removeprefix(_KEYS)), "mute")]
    for line in table(cells, width=session.width, colour=session.colour, flex=(1, 2)):
        session.say(line)
    for sentence in wrong:
        session.note(sentence)
    return 0


def get(session: Session, given: Given) -> int:
    """The value that holds now, alone on a line."""
    words = given.all_words()
    if not words:
        raise UsageError("the key is missing", "for example: taskterm config get theme")
    no_more(words, 1, "config get KEY")
    key = _known(words[0], session)
    value, source = _value(session, key)
    if session.json:
        session.data({"key": key, "value": value, "source": source})
    else:
        session.say(visible(text_of(value)))
    warning = session.warning()
    if warning:
        session.note(f"taskterm: {warning}")
    return 0


def path(session: Session, given: Given) -> int:
    """Where the file is, or would be."""
    no_more(given.all_words(), 0, "config path")
    if session.json:
        session.data({"file": session.config.path, "exists": session.config.exists})
    else:
        session.say(visible(session.config.path))
    return 0


def no_more(words: list[str], most: int, form: str) -> None:
    """UsageError where more words were typed than a command takes."""
    if len(words) > most:
        raise UsageError(f"{shown(words[most])} is one word too many", f"write: taskterm {form}")


def text_of(value: Any) -> str:
    """A value as people write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(session: Session, key: str) -> tuple[Any, str]:
    """What holds for a key, and where that comes from: an option, a variable, the file with its line, or `default`."""
    config = session.config
    if key.startswith(_KEYS):
        keys, action_id = keybindings.of(config)[0], key.removeprefix(_KEYS)
        return " ".join(keys.all(action_id)), _in_file(config, key) if action_id in keys.changed else "default"
    if key.startswith(_DATABASES):
        return config.databases[key.removeprefix(_DATABASES)], _in_file(config, key)
    option = {"database": "db", "actor": "actor", "theme": "theme"}.get(key)
    if option and session.typed(option):
        return (session.path if key == "database" else session.typed(option)), f"--{option}"
    if key == "color" and not session.wants_colour and settings.chosen(key, config)[0] is not False:
        return False, "--no-color"
    value, source = settings.chosen(key, config)
    if value is not None:
        value = session.path if key == "database" else value  # where a name leads
        return value, _in_file(config, key) if source == "config.toml" else source
    default = checks.default_of(key)
    return (default == "true" if checks.KEYS[key][0] == "switch" else default), "default"


def _in_file(config: settings.Config, key: str) -> str:
    return f"config.toml line {config.lines[key]}" if key in config.lines else "config.toml"


def _known(word: str, session: Session, new: bool = False) -> str:
    """The key that a word names; a new name under `databases.` where `new` allows it."""
    if word in checks.KEYS or (word.startswith(_KEYS) and word.removeprefix(_KEYS) in bindings.ids()):
        return word
    if word.startswith(_DATABASES):
        name = word.removeprefix(_DATABASES)
        if name in session.config.databases:
            return word
        if new and name.isascii() and name.replace("-", "").replace("_", "").isalnum():
            return word
        if new:
            raise UsageError(f"{shown(name)} cannot name a database", "use letters, digits, - and _")
    keys = [*checks.KEYS, *(_DATABASES + name for name in session.config.databases)]
    keys += [_KEYS + action_id for action_id in bindings.ids()]
    meant = closest(word, keys, 0.6)
    guess = f"; did you mean {meant}?" if meant else ""
    hint = f"the keys are {', '.join(checks.KEYS)}, databases.NAME and what taskterm config list keys shows"
    raise UsageError(f"there is no key {shown(word)}{guess}", hint)


# ── changing


def put(session: Session, given: Given) -> int:
    """Writes one value into the file, which stays as it is otherwise."""
    words = given.all_words()
    if len(words) < 2:
        raise UsageError("a key and a value are needed", "for example: taskterm config set theme light")
    key = _known(words[0], session, new=True)
    value = _checked(key, " ".join(words[1:]), session)
    from taskterm.exchange import preferences

    preferences.keep(session.config, _path_of(key), value)
    if session.json:
        session.data({"key": key, "value": value, "file": session.config.path})
    else:
        session.say(f"{key} is {visible(text_of(value))}")
    stronger = settings.chosen(key, settings.Config("")) if key in checks.KEYS else (None, "")
    if stronger[1]:
        session.note(f"{stronger[1]} is set and comes first: here {key} stays {visible(text_of(stronger[0]))}")
    return 0


def unset(session: Session, given: Given) -> int:
    """Takes a key out of the file; the default holds again."""
    words = given.all_words()
    if not words:
        raise UsageError("the key is missing", "for example: taskterm config unset theme")
    no_more(words, 1, "config unset KEY")
    from taskterm.exchange import preferences

    key = words[0]
    was_there = preferences.forget(session.config, _path_of(key))
    if not was_there:
        key = _known(key, session, new=True)  # a key that there is, or at least could be
        session.note(f"{key} is not set in {session.config.path}")
    if session.json:
        session.data({"key": key, "value": None, "file": session.config.path})
    elif was_there:
        session.say(f"{visible(key)} is no longer set")
    return 0


def edit(session: Session, given: Given) -> int:
    """The file in the user's editor; it is only replaced by one that can be read."""
    no_more(given.all_words(), 0, "config edit")
    from taskterm.cli.editor import draft, need_terminal
    from taskterm.exchange import preferences

    need_terminal(session, f"write the file yourself: {session.config.path}, or use: taskterm config set KEY VALUE")
    old = preferences.read(session.config) if session.config.exists else _template()
    with draft(session, "config.toml", old) as copy:
        while True:
            new = copy.edit()
            if new == old and not _mistakes(session, new):
                session.note("nothing was changed")
                return 0
            wrong = _mistakes(session, new)
            if not wrong:
                break
            for sentence in wrong:
                session.note(sentence.replace(copy.path, "config.toml"))
            if session.ask("edit it again? [Y/n]").lower() not in ("", "y", "yes"):
                copy.kept = True
                raise RuleError("the file was left as it was", copy.where())
        preferences.write(session.config, new)
    for sentence in _read_as(session, new).unknown:
        session.note(sentence)
    if session.json:
        session.data({"file": session.config.path})
    else:
        session.say(f"{visible(session.config.path)} is changed")
    return 0


def _checked(key: str, typed: str, session: Session) -> str | bool:
    """The value as it goes into the file. UsageError says what the key may hold."""
    if key.startswith(_KEYS):
        text, mistake = keybindings.checked(session.config, key.removeprefix(_KEYS), typed)
        if mistake:
            raise UsageError(mistake, f"see: taskterm config list keys; {key} stays as it was")
        return text
    name = key.removeprefix(_DATABASES)
    value: str | bool = typed.strip()
    if key in checks.KEYS and checks.KEYS[key][0] == "switch":
        words = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}
        value = words.get(typed.lower(), typed)
    elif isinstance(value, str) and (key != name or (key == "database" and value not in session.config.databases)):
        if key == "database":
            settings.database_path(value, config=session.config)  # refuses what is almost a name
        if "://" not in value and not value.startswith("~") and value:
            value = os.path.abspath(value)
    wrong = checks.check_database(name, value) if key != name else checks.check(key, value)
    if not wrong and key in checks.PROGRAMS:
        wrong = _no_program(str(value))
    if wrong:
        raise UsageError(wrong, f"see: taskterm help config set; {key} stays as it was")
    return value


def _no_program(line: str) -> str:
    import shlex

    try:
        return "" if shlex.split(line) else "an empty word is no program"
    except ValueError as error:
        return f"{shown(line)} cannot be split into words: {str(error).lower()}"


def _path_of(key: str) -> tuple[str, ...]:
    for prefix, table_name in ((_DATABASES, checks.DATABASES), (_KEYS, checks.BINDINGS)):
        if key.startswith(prefix):
            return table_name, key.removeprefix(prefix)
    return (key,)


def _read_as(session: Session, text: str) -> settings.Config:
    found = settings.Config(session.config.path)
    checks.take(found, text.encode("utf-8", "surrogateescape"))
    return found


def _mistakes(session: Session, text: str) -> list[str]:
    found = _read_as(session, text)
    return [*found.problems, *keybindings.of(found)[1]]


def _template() -> str:
    """A first file: every key, explained, with its default, and nothing switched on."""
    lines = ["# TaskTerm's preferences. A # at its beginning makes a line a remark.", ""]
    for key, (kind, about) in checks.KEYS.items():
        default = checks.default_of(key)
        lines.append(f"# {key} = {default}" if kind == "switch" else f"# {key} = '{default}'")
        lines[-1] = f"{lines[-1]:<40}  # {about}"
    lines += ["", "# Names for --db and TASKTERM_DB:", "# [databases]", "# team = '/mnt/share/tasks.db'", ""]
    lines += ["# Keys of the screen; taskterm config list keys shows them all:", "# [keys]", "# done = 'space'"]
    lines += ["# undo = 'u f8'  # two of them", "# delete = ''  # none", ""]
    return "\n".join(lines)


COMMANDS = {
    "config list": Command(
        "config list",
        "[keys]",
        "every preference, its value and where that comes from",
        list_all,
        examples=(("config", "what holds here and now"), ("config list keys", "every key of the screen")),
        notes=(
            "An option comes first, then an environment variable (TASKTERM_DB, TASKTERM_ACTOR, TASKTERM_THEME,"
            " NO_COLOR, VISUAL, EDITOR, PAGER), then config.toml, then the default.",
        ),
    ),
    "config get": Command(
        "config get",
        "KEY",
        "the value that holds now",
        get,
        examples=(("config get theme", ""), ("config get databases.team", "")),
    ),
    "config set": Command(
        "config set",
        "KEY VALUE",
        "keep a preference",
        put,
        examples=(
            ("config set theme paper", ", ".join(settings.THEMES)),
            ("config set databases.team /mnt/share/tasks.db", "a name for --db team"),
            ("config set database team", "the database that is used where none is named"),
            ("config set editor code --wait", "a program with its options"),
            ("config set keys.done D", "another key for an action of the screen"),
            ("config set keys.undo u f8", "two keys; none takes its key away"),
        ),
        notes=(
            "The keys are "
            + ", ".join(checks.KEYS)
            + ", databases.NAME and keys.ACTION (taskterm config list keys). Your comments in the file stay.",
            "A key is a character or a name: space, tab, f5, delete, ctrl+r, shift+down. One that does something else"
            " already is refused, and named.",
        ),
        dashes="text",
    ),
    "config unset": Command(
        "config unset", "KEY", "go back to the default", unset, examples=(("config unset theme", ""),)
    ),
    "config edit": Command(
        "config edit",
        "",
        "open the file in your editor, and check it afterwards",
        edit,
        examples=(("config edit", ""),),
    ),
    "config path": Command("config path", "", "where the file is", path, examples=(("config path", ""),)),
}
