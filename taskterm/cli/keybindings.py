"""The keys of the screen as config.toml has them, and what is wrong with them, each with its line."""

from __future__ import annotations

from taskterm.tui import keys
from taskterm.tui.keys import Keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from taskterm.settings import Config

PREFIX = "keys."


def of(config: Config) -> tuple[Keys, list[str]]:
    """The keys that hold, and a sentence for each entry that does not."""
    found, wrong = keys.read(config.keys)
    return found, [f"{_place(config, PREFIX + name)}: {PREFIX}{name}: {why}" for name, why in wrong.items()]


def checked(config: Config, action_id: str, typed: str) -> tuple[str, str]:
    """The keys as they go into the file, and what is wrong with them beside those that are there; one is empty."""
    text = " ".join(typed.split())
    found, wrong = keys.read({**{i: value for i, value in config.keys.items() if i != action_id}, action_id: text})
    if action_id in wrong:
        return "", f"{PREFIX}{action_id}: {wrong[action_id]}"
    return " ".join(found.all(action_id)), ""


def _place(config: Config, key: str) -> str:
    return f"{config.path} line {config.lines[key]}" if key in config.lines else config.path
