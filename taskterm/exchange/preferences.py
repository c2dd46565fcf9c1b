"""Changes one value in the user's config.toml and leaves the rest of the file as they wrote it.

Only a file that can be read is ever changed, and it is replaced in one step: it is the old one or the new one.
"""

from __future__ import annotations

import os

from taskterm.core.errors import RuleError
from taskterm.exchange import toml_edit
from taskterm.settings import Config
from taskterm.settings import config as checks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from taskterm.exchange.toml_edit import Path


def keep(config: Config, where: Path, value: str | bool) -> bool:
    """Writes a value (which has been checked) to its place, `("theme",)`; whether the file is another one now."""
    text = read_valid(config)
    try:
        new = toml_edit.put(text, where, value)
    except toml_edit.CannotEdit as error:
        raise _by_hand(config, where, error.line) from None
    if new != text or not config.exists:
        write(config, new)
    return new != text


def forget(config: Config, where: Path) -> bool:
    """Takes a value out of the file; whether it was there."""
    text = read_valid(config)
    try:
        new = toml_edit.drop(text, where)
    except toml_edit.CannotEdit as error:
        raise _by_hand(config, where, error.line) from None
    if new != text:
        write(config, new)
    return new != text


def read(config: Config) -> str:
    """The text of the file. RuleError says why there is none."""
    try:
        with open(config.path, "rb") as file:
            return file.read().decode("utf-8")
    except OSError as error:
        raise RuleError(f"{config.path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise RuleError(f"{config.path} is not UTF-8 text", "mend or remove it") from None


def read_valid(config: Config) -> str:
    """The text of the file, empty where there is none. RuleError for one that is no TOML: it would be lost."""
    if not config.exists and not config.problems:
        return ""
    text = read(config)
    mistake = checks.parse(text)[1]
    if mistake:
        raise RuleError(f"{config.path} {mistake}", "mend it first: taskterm config edit")
    return text


def write(config: Config, text: str) -> None:
    """Puts the text in the file's place in one step; a link stays a link, the file keeps who may read it."""
    import tempfile

    target = os.path.realpath(config.path)
    folder = os.path.dirname(target)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        mode = os.stat(target).st_mode & 0o777 if os.path.exists(target) else 0o600
        descriptor, beside = tempfile.mkstemp(prefix=".config-", dir=folder)
        try:
            with open(descriptor, "wb") as file:
                file.write(text.encode("utf-8"))
                os.fchmod(descriptor, mode)
                file.flush()
                os.fsync(descriptor)
            os.replace(beside, target)
        except BaseException:
            os.unlink(beside)
            raise
    except OSError as error:
        raise RuleError(f"{target} cannot be written: {error.strerror}", "it stays as it was") from None


def _by_hand(config: Config, where: Path, line: int) -> RuleError:
    return RuleError(
        f"{'.'.join(where)} stands in {config.path} line {line} in a form that only you can change",
        "change it with: taskterm config edit",
    )
