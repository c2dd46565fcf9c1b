"""JSON as the journal keeps it, without the json package: its reader costs a quick command five milliseconds."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ESCAPES: dict[int, str] = {code: f"\\u{code:04x}" for code in range(32)}
for _char, _short in zip('"\\\n\r\t\f\b', '"\\nrtfb', strict=True):
    _ESCAPES[ord(_char)] = f"\\{_short}"


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def dumps(value: Any) -> str:
    """What `json.dumps(value, ensure_ascii=False, separators=(",", ":"))` answers, for plain data.

    TypeError for anything else, and for keys that are no text; ValueError for a number that JSON does not know.
    """
    if isinstance(value, str):
        return _quoted(value)
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise ValueError(f"{value!r} is no number in JSON")
        return float.__repr__(value)
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"{key!r} is no text, so it cannot be a key in JSON")
        return "{" + ",".join([f"{_quoted(key)}:{dumps(item)}" for key, item in value.items()]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([dumps(item) for item in value]) + "]"
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def loads(text: str) -> Any:
    """The value of a JSON text; ValueError where it is none."""
    if text == "{}":
        return {}
    import json

    return json.loads(text)
