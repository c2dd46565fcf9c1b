"""What somebody meant by a `word:` that is no key of the capture line, or by an option that is none: for messages only.

`prio:H` is a near miss and refused with a guess; `https:`, `Re:` and `note:` are not and stay in the title.
"""

from __future__ import annotations

from taskterm.core.errors import UsageError
from taskterm.core.tokens import KEYS
from taskterm.core.wording import closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from taskterm.core.lean import datetime

_FORMS = (
    "project",
    "due",
    "scheduled",
    "wait",
    "estimate",
    "est",
    "priority",
    "pri",
    "repeat",
    "after",
    "before",
    "run",
)
_OTHER_NAMES = {
    **dict.fromkeys(("prio", "prior"), "pri:"),
    **dict.fromkeys(("prj", "projects"), "project:"),
    **dict.fromkeys(("deadline", "duedate", "dueby"), "due:"),
    **dict.fromkeys(("depends", "depend", "dep", "deps", "dependson", "blockedby"), "after:"),
    **dict.fromkeys(("recur", "recurrence", "recurring", "rrule"), "repeat:"),
    **dict.fromkeys(("estimated", "estimation"), "est:"),
    **dict.fromkeys(("assignee", "assign", "assigned"), "@"),
    "blocks": "before:",
    "tags": "+",
}
"""What other programs call a fact: unmistakable as a word in front of a colon, so refused in `add` too."""

_MORE_NAMES = {
    **dict.fromkeys(("owner", "who", "person", "user"), "@"),
    **dict.fromkeys(("needs", "waits", "waitsfor"), "after:"),
    **dict.fromkeys(("by", "until", "date", "end"), "due:"),
    **dict.fromkeys(("start", "schedule"), "scheduled:"),
    **dict.fromkeys(("effort", "duration", "time"), "est:"),
    **dict.fromkeys(("cmd", "command", "step"), "run:"),
    "tag": "+",
    "every": "repeat:",
    **dict.fromkeys(("title", "name", "description", "summary"), ""),  # the title is written without a key
}
"""Words that a title may well hold before a colon; as an option, or in `edit`, they are a guess."""


def meant(word: str, value: str, now: datetime, *, edit: bool) -> str | None:
    """What `word:value` was meant to be, such as `pri:H`, if it is a near miss of a key; None where it is title.

    Near is another name of a fact, or a key with one letter wrong, missing, too many or swapped, the first letter
    being right; of keys with three letters only if the value makes sense. In an edit whatever resembles a key is near.
    """
    lower = word.lower()
    if lower in KEYS:
        return None
    form = _OTHER_NAMES.get(lower) or (_MORE_NAMES.get(lower) if edit and value else None)
    if form is None:
        near = [key for key in _FORMS if is_near(lower, key) and (not value or _makes_sense(key, value, now))]
        form = f"{KEYS[near[0]]}:" if near else None
    if form is None and edit and value:
        resembling = closest(lower, _FORMS, 0.7)
        form = f"{KEYS[resembling]}:" if resembling else None
    return None if form is None else _written(form, value)


def option_meant(name: str, value: str) -> str | None:
    """How a fact is written that somebody gave as an option: `--project site` is `project:site`. None if it is none."""
    lower = name.lstrip("-").lower()
    key = KEYS.get(lower)
    form = f"{key}:" if key else _OTHER_NAMES.get(lower) or _MORE_NAMES.get(lower)
    if form is None:
        near = closest(lower, (*KEYS, *_OTHER_NAMES), 0.75)
        form = None if near is None else _OTHER_NAMES.get(near) or f"{KEYS[near]}:"
    if form is None:
        return None
    return _written(form, value or "…")


def is_near(word: str, key: str) -> bool:
    """Whether one letter is wrong, missing, too many or swapped with its neighbour, the first being right if not."""
    if len(word) < 3 or word == key:
        return False
    at = next((i for i, (a, b) in enumerate(zip(word, key, strict=False)) if a != b), min(len(word), len(key)))
    if word[at : at + 2] == key[at : at + 2][::-1] and word[at + 2 :] == key[at + 2 :]:
        return True
    if at == 0:
        return False
    return word[at + 1 :] == key[at + 1 :] or word[at + 1 :] == key[at:] or word[at:] == key[at + 1 :]


def _makes_sense(key: str, value: str, now: datetime) -> bool:
    try:
        if key == "due":
            from taskterm.core.dates import parse_moment

            return parse_moment(value, now, end=True) is not None
        if key == "est":
            from taskterm.core.durations import parse_duration

            return parse_duration(value) is not None
    except UsageError:
        return True  # a near miss of a value too
    return key != "pri" or value.lower() in ("h", "m", "l", "high", "medium", "low")


def _written(form: str, value: str) -> str:
    """The fact as it is typed; every tag of a list gets its sign, and a blank its quotes."""
    if form and form in "@+":
        names = [name.lstrip("+@") for name in value.replace(",", " ").split()] or ["name"]
        return " ".join(form + name for name in (names if form == "+" else names[:1]))
    return f'{form}"{value}"' if " " in value else form + value
