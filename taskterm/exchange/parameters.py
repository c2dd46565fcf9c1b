"""Parameters of a workflow: how names, values and `{placeholders}` are checked and put into a task's words.

A value is put into titles, notes, assignees and due dates only. A step gets it as an environment variable and never
as part of its text, so that no value can become a command.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from taskterm.core.wording import closest, shown

# {name}, or {{name}} for the text {name} itself
_PLACEHOLDER = re.compile(r"\{(?P<literal>\{[A-Za-z_][A-Za-z0-9_]*\})\}|\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\}")
_MOST_COMPARED = 500  # comparing is slow, and one file may hold thousands of wrong words


def variable(name: str) -> str:
    """The environment variable in which the parameter `name` reaches a step: `version` is $VERSION."""
    return name.upper()


def placeholders(text: str) -> Iterator[str]:
    """The names between braces in `text`, in order; `{{name}}` is no placeholder."""
    return (match["name"] for match in _PLACEHOLDER.finditer(text) if match["name"])


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """`text` with each `{name}` replaced by its value and each `{{name}}` by `{name}`; raises KeyError."""
    return _PLACEHOLDER.sub(lambda match: match["literal"] or values[match["name"]], text)


def spliced(command: str, names: Sequence[str]) -> list[str]:
    """The parameters of `names` that a shell text tries to splice as `{name}`; `${name}` is the shell's own."""
    found = re.findall(r"(?<!\$)\{([A-Za-z_][A-Za-z0-9_]*)\}", command)
    return [name for name in names if name in found]


def pattern_problem(pattern: str) -> str | None:
    """Why `pattern` is no regular expression, or None."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"{quoted(pattern)} is not a regular expression: {error}"
    return None


def value_problem(value: str, pattern: str | None, choices: Sequence[str]) -> str | None:
    """Why `value` does not fit a parameter, as a sentence that begins with the value; None where it does."""
    control = control_character(value)
    if control:
        return f"{quoted(value)} holds a control character ({control})"
    if choices and value not in choices:
        return f"{quoted(value)} is not one of {', '.join(map(quoted, choices))}{did_you_mean(value, choices)}"
    if pattern is not None and not re.fullmatch(pattern, value):
        return f"{quoted(value)} does not match the pattern {pattern}"
    return None


def control_character(text: str, allowed: str = "") -> str | None:
    """The first control character of `text` that is not in `allowed`, as `U+001B`; None without one.

    Such characters can hide what a command says when a terminal shows it, and a database cannot hold NUL.
    """
    for character in text:
        code = ord(character)
        if (code < 32 or 127 <= code < 160 or 0xD800 <= code < 0xE000) and character not in allowed:
            return f"U+{code:04X}"
    return None


def quoted(text: str) -> str:
    """`text` between double quotes, safe to print and not longer than a line."""
    return f'"{shown(text)}"'


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """`; did you mean "x"?` for the nearest of `known`, or an empty text."""
    near = closest(word, known[:_MOST_COMPARED], cutoff=0.6)
    return f"; did you mean {quoted(near)}?" if near else ""
