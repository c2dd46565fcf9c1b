"""Changes one value in the text of a TOML file and leaves every other line, comment and blank as the user wrote it.

Nothing is believed: what the edited text says is read again and must be what the old one said but for that value.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

Path = tuple[str, ...]


class CannotEdit(ValueError):
    """The value stands in the file in a form that no single line holds; `line` says where, counted from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def put(text: str, path: Path, value: str | bool) -> str:
    """The text with `value` at `path` (`("theme",)` or `("databases", "team")`); raises CannotEdit.

    `text` must be TOML that can be read. A value that is there is replaced on its line; a new one goes behind the
    others of its table, in a table at the end where there is none yet.
    """
    import tomllib

    old = tomllib.loads(text)
    wanted = _with(old, path, value)
    if wanted == old:
        return text
    return _first_right(_puts(text, path, value), wanted, _line_of(text, path))


def drop(text: str, path: Path) -> str:
    """The text without the value at `path`, or unchanged where there is none; raises CannotEdit."""
    import tomllib

    old = tomllib.loads(text)
    wanted = _with(old, path, None)
    if wanted == old:
        return text
    lines, line = text.splitlines(keepends=True), _line_of(text, path)
    return _first_right(iter(["".join([*lines[: line - 1], *lines[line:]])]), wanted, line)


def _with(values: dict[str, Any], path: Path, value: str | bool | None) -> dict[str, Any]:
    """A copy of `values` with one more value, or one less where it is None."""
    copy = dict(values)
    if len(path) > 1:
        inner = copy.get(path[0])
        if inner is not None or value is not None:
            copy[path[0]] = _with(inner if isinstance(inner, dict) else {}, path[1:], value)
    elif value is None:
        copy.pop(path[0], None)
    else:
        copy[path[0]] = value
    return copy


def _first_right(texts: Iterator[str], wanted: dict[str, Any], line: int) -> str:
    import tomllib

    for text in texts:
        try:
            if tomllib.loads(text) == wanted:
                return text
        except ValueError:
            continue
    raise CannotEdit(line)


def _puts(text: str, path: Path, value: str | bool) -> Iterator[str]:
    """Ways to write the value into the text, the nicest first."""
    import re

    import tomli_w

    from taskterm.exchange.toml_lines import locate

    written = tomli_w.dumps({path[-1]: value}).rstrip("\n")
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    places = locate(text)
    if path in places:
        at = places[path] - 1
        quoted = r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\s#,}\]]+"
        found = re.match(rf"(\s*[^=]*?=\s*)({quoted})", lines[at])
        if found:
            new = found[1] + written.partition(" = ")[2] + lines[at][found.end() :]
            yield "".join([*lines[:at], new, *lines[at + 1 :]])
        return
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    if len(path) == 1:
        first_table = next((i for i, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
        above = [line for line in places.values() if line <= first_table]
        at = max(above) if above else 0 if first_table < len(lines) else len(lines)
        gap = [end] if not above and first_table < len(lines) else []
        yield "".join([*lines[:at], written + end, *gap, *lines[at:]])
        yield "".join([written + end, *lines])
    elif path[:1] in places:
        last = max(line for key, line in places.items() if key[:1] == path[:1])
        for at in (last, places[path[:1]]):
            yield "".join([*lines[:at], written + end, *lines[at:]])
    else:
        yield "".join([*lines, *([end] if lines else []), f"[{path[0]}]{end}", written + end])


def _line_of(text: str, path: Path) -> int:
    from taskterm.exchange.toml_lines import locate

    places = locate(text)
    return places.get(path) or places.get(path[:1]) or 1
