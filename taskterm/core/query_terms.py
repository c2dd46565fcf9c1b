"""What a single word of a query means: a bare word, a piece in quotes, or a key with a value (`due.before:fri`)."""

from __future__ import annotations

from taskterm.core.errors import UsageError
from taskterm.core.model import Task
from taskterm.core.query_match import (
    STATE_WORDS,
    Asked,
    Name,
    assignee_test,
    id_test,
    ids_of,
    opposite,
    project_test,
    regex_test,
    state_test,
    tag_test,
    text_test,
)
from taskterm.core.query_words import AMOUNTS, DATES, KEYS, Word
from taskterm.core.snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from taskterm.core.query_match import Test

DATE_WORDS = {"before": "<", "by": "<=", "after": ">", "from": ">="}
AMOUNT_WORDS = {"min": ">=", "max": "<=", "over": ">", "under": "<"}
"""The comparisons in words, which no shell touches, and their signs."""

_DATE_FIELDS = {
    "due": "due",
    "scheduled": "scheduled",
    "wait": "wait",
    "created": "created_at",
    "modified": "modified_at",
    "started": "started_at",
    "completed": "completed_at",
}
_PRIORITY = {"l": 1, "m": 2, "h": 3}
_TEXT_HINT = "to look for it as text, put it in quotes that reach the program: "


def test_of(word: Word, asked: Asked, negated: bool) -> Test | None:
    """The test that a word stands for (None for `sort:`); UsageError where a word of syntax is not understood.

    `negated`: the word stands behind `not`, so that `done` does not ask for tasks that have ended.
    """
    if word.kind == "text":
        if not word.text.strip():
            raise UsageError("the quotes hold nothing", "put the text between them that titles or notes must have")
        return text_test(word.text, asked)
    if word.kind == "regex":
        return regex_test(word.text, asked)
    if word.kind == "key":
        return _keyed(word, asked, negated)
    return _bare(word, asked, negated)


# ── words without a key


def _bare(word: Word, asked: Asked, negated: bool) -> Test:
    typed = word.text
    lower = typed.casefold()
    if lower in STATE_WORDS:
        return state_test(lower, asked, negated)
    if lower in ("mine", "unassigned"):
        return assignee_test("@me" if lower == "mine" else "none", word, asked)
    sign, rest = typed[0], typed[1:]
    if sign == "+" and rest:
        return tag_test(rest, word, asked)
    if sign == "@" and rest:
        return assignee_test(_person(rest), word, asked)
    if sign == "-" and rest[:1] == "@" and len(rest) > 1:
        return opposite(assignee_test(_person(rest[1:]), word, asked))
    if sign == "-" and (rest[:1].isalpha() or rest[:1] == "_"):
        return opposite(tag_test(rest, word, asked))
    ids = ids_of(typed)
    if ids is not None:
        return id_test(ids, word, asked, negated)
    _refuse_near_key(typed)
    asked.names.append(Name("word", typed, word.start, word.end))
    return text_test(typed, asked)


def _person(name: str) -> str:
    return "@me" if name.casefold() == "me" else name


def _refuse_near_key(typed: str) -> None:
    """UsageError for `befor:12` and the like; a word: that resembles no key is text, as in a title."""
    at = min((at for sign in ":<>=" if (at := typed.find(sign)) > 0), default=0)
    name = typed[:at].lower()
    base = name.partition(".")[0]
    if base.removesuffix("!") in KEYS and typed[at] == "=":
        raise _refused(f"there is no {name}= in a query", f"write not {base[:-1]}:{typed[at + 1 :]}")
    if not base.isalpha() or len(base) > 16:
        return
    from taskterm.core.wording import closest, shown

    meant = closest(base, KEYS, 0.8)
    if meant is None or (len(base) < 5 and meant[0] != base[0]):
        return
    raise UsageError(
        f"there is no {shown(name)}: in a query; did you mean {meant}:?", f"{_TEXT_HINT}'\"{shown(typed)}\"'"
    )


# ── words with a key


def _keyed(word: Word, asked: Asked, negated: bool) -> Test | None:
    base, _, more = word.name.partition(".")
    key = KEYS[base]
    sign = _sign(word, key, base, more)
    value = word.value.strip()
    if word.unclosed:
        raise UsageError(f"the quote behind {word.name}{word.sign} is not closed", "put the same quote at its end")
    if not value and key != "project":
        raise UsageError(f"{word.name}{word.sign} has no value", f"for example: {_EXAMPLES[key]}")
    if key in DATES:
        return _date(key, sign, value, asked, negated)
    if key in AMOUNTS:
        return _amount(key, sign, value)
    if key == "text":
        return text_test(word.value, asked)
    if key == "tag":
        return (
            has("tags", asked, absent=True)
            if value.lower() == "none"
            else tag_test(value.removeprefix("+"), word, asked)
        )
    if key == "assignee":
        return assignee_test(_person(value.removeprefix("@")), word, asked)
    if key == "project":
        return project_test(value, word, asked)
    if key in ("after", "before"):
        return _linked(key, value, word, asked)
    if key == "has":
        return has(value.lower(), asked)
    if key == "sort":
        from taskterm.core.query_order import parse_sort

        asked.sort += parse_sort(value)
        return None
    if key == "id":
        ids = ids_of(value)
        if ids is None:
            raise _refused(f"{value} is no id", "write id:12, id:12,15 or id:12..20")
        return id_test(ids, word, asked, negated)
    if value.lower() not in STATE_WORDS:
        raise unknown(value, "a state", STATE_WORDS, "state:")
    return state_test(value.lower(), asked, negated)


_EXAMPLES = {
    **dict.fromkeys(DATES, "due.before:fri, or due:none"),
    "pri": "pri.min:M",
    "est": "est.max:2h",
    "urgency": "urgency.min:8",
    "text": "text:ready",
    "tag": "tag:ops",
    "assignee": "assignee:ana",
    "state": "state:ready",
    "id": "id:12..20",
    "after": "after:12",
    "before": "before:12",
    "has": "has:notes",
    "view": "view:urgent",
    "sort": "sort:due,-urgency",
}


def _sign(word: Word, key: str, base: str, more: str) -> str:
    """`=`, `<`, `<=`, `>` or `>=`, from the sign itself or from the word behind the dot."""
    words = DATE_WORDS if key in DATES else AMOUNT_WORDS if key in AMOUNTS else {}
    if "." not in word.name:
        sign = "=" if word.sign == ":" else word.sign
        if sign != "=" and not words:
            raise _refused(f"{base} is not compared with {word.sign}", f"write {base}:{word.value}")
        return sign
    if more in words and word.sign in ":=":
        return words[more]
    if more in words:
        raise _refused(f"{word.name}{word.sign} compares twice", f"write {word.name}:{word.value}")
    if not words:
        raise _refused(f"{base}: has no form with a dot", f"write {base}:{word.value}")
    same = {**DATE_WORDS, **AMOUNT_WORDS}.get(more)
    meant = next((name for name, sign in words.items() if sign == same), None)
    if meant is None:
        from taskterm.core.wording import closest

        meant = closest(more, words, 0.5)
    guess = f"; did you mean {base}.{meant}:?" if meant else ""
    raise _refused(f"there is no {word.name}:{guess}", "there is " + ", ".join(f"{base}.{name}:" for name in words))


def _refused(message: str, hint: str) -> UsageError:
    from taskterm.core.wording import shown

    return UsageError(shown(message, 200), shown(hint, 200))


def unknown(value: str, what: str, known: Iterable[str], before: str = "") -> UsageError:
    """The error for a name that is none of the known ones, with the nearest of them."""
    from taskterm.core.wording import closest, shown

    known = list(known)
    meant = closest(value.lower(), known, 0.6)
    guess = f"; did you mean {before}{meant}?" if meant else ""
    return UsageError(f"{shown(value)} is not {what}{guess}", "there is " + ", ".join(known))


def _compared(field: str, sign: str, low: Any, high: Any, value: Callable[[Any], Any] | None = None) -> Test:
    """Compares a field with what lies from `low` to `high`; a task without a value never fits."""
    at = Task._fields.index(field)

    def test(_: Snapshot, task: Task, __: str) -> bool:
        found = task[at] if value is None else value(task[at])
        if found is None:
            return False
        if sign == "<":
            return bool(found < low)
        if sign == "<=":
            return bool(found <= high)
        if sign == ">":
            return bool(found > high)
        return bool(found >= low and (sign == ">=" or found <= high))

    return test


def _lacks(field: str) -> Test:
    at = Task._fields.index(field)
    return lambda _, task, __: task[at] is None


def _date(key: str, sign: str, value: str, asked: Asked, negated: bool) -> Test:
    field = _DATE_FIELDS[key]
    if value.lower() == "none":
        _refuse_order(key, sign)
        return _lacks(field)
    from taskterm.core.dates import require_moment

    asked.dated = True
    asked.ended |= key == "completed" and not negated
    first = require_moment(value, asked.now, end=False)
    return _compared(field, sign, first, require_moment(value, asked.now, end=True))


def _refuse_order(key: str, sign: str) -> None:
    if sign != "=":
        raise UsageError(f"{key} is not compared with none", f"for tasks without it write {key}:none")


def _amount(key: str, sign: str, value: str) -> Test:
    if value.lower() == "none" and key != "urgency":
        _refuse_order(key, sign)
        return _lacks("priority" if key == "pri" else "estimate_minutes")
    if key == "pri":
        wanted = _PRIORITY.get(value.lower())
        if wanted is None:
            raise unknown(value, "a priority", ("H", "M", "L", "none"), "pri:")
        return _compared("priority", sign, wanted, wanted, lambda letter: _PRIORITY.get((letter or "").lower()))
    if key == "est":
        from taskterm.core.durations import parse_duration

        minutes = parse_duration(value)
        if minutes is None:
            raise _refused(f"{value} is not a length of time", "write est.max:30m, est.max:2h or est.max:2d")
        return _compared("estimate_minutes", sign, minutes, minutes)
    return _urgency(sign, value)


def _urgency(sign: str, value: str) -> Test:
    from taskterm.core.query_order import urgency_at

    try:
        wanted = float(value)
    except ValueError:
        wanted = float("nan")
    if not -1e9 < wanted < 1e9:
        raise _refused(f"{value} is not a number", "write, for example, urgency.min:8")
    known: dict[str, Callable[[Task], float]] = {}

    def test(_: Snapshot, task: Task, now: str) -> bool:
        if now not in known:
            known.clear()
            known[now] = urgency_at(now)
        found = round(known[now](task), 2)  # as every list shows it
        if sign in ("<", "<="):
            return found < wanted or (sign == "<=" and found == wanted)
        return (found > wanted and sign != "=") or (found == wanted and sign != ">")

    return test


def _linked(key: str, value: str, word: Word, asked: Asked) -> Test:
    """`after:12` waits for 12, directly or through others; `before:12` holds it up; of several ids any will do."""
    if value.lower() == "none":
        return has("predecessors" if key == "after" else "successors", asked, absent=True)
    ids = ids_of(value)
    if ids is None or any(first != last for first, last in ids):
        raise _refused(f"{key}:{value} names no task by its id", f"write {key}:12 or {key}:12,15, or {key}:none")
    asked.needs.add("graph")
    asked.names += [Name("id", str(first), word.start, word.end) for first, _ in ids]
    seen: list[tuple[Snapshot, frozenset[int]]] = []  # the newest picture, and the tasks in it that fit

    def test(snapshot: Snapshot, task: Task, _: str) -> bool:
        if not seen or seen[0][0] is not snapshot:
            from taskterm.core.graph import reachable

            near = snapshot.successors if key == "after" else snapshot.predecessors
            seen[:] = [(snapshot, frozenset(node for first, _ in ids for node in reachable(first, near)))]
        return task.id in seen[0][1]

    return test


_HAS = {name: name for name in ("due", "scheduled", "wait", "project", "assignee", "tags", "notes")} | {
    "pri": "priority",
    "est": "estimate_minutes",
    "repeat": "recurrence",
    "runs": "run_state",
    "workflow": "workflow_id",
}
_HAS_MANY: dict[str, tuple[str, Callable[[Snapshot, int], tuple[object, ...]]]] = {
    "steps": ("steps", lambda snapshot, i: snapshot.steps(i)),
    "comments": ("comments", lambda snapshot, i: snapshot.comments(i)),
    "predecessors": ("graph", lambda snapshot, i: snapshot.predecessors(i)),
    "successors": ("graph", lambda snapshot, i: snapshot.successors(i)),
}
HAS = (*_HAS, *_HAS_MANY)
"""What `has:` can ask for."""


def has(what: str, asked: Asked, *, absent: bool = False) -> Test:
    """The test for `has:what`, or for its opposite; UsageError where no task can have such a thing."""
    what = KEYS.get(what, what)
    if what not in HAS and f"{what}s" in HAS:
        what += "s"
    if what in _HAS_MANY:
        need, of = _HAS_MANY[what]
        asked.needs.add(need)
        return lambda snapshot, task, _: bool(of(snapshot, task.id)) is not absent
    if what not in _HAS:
        raise unknown(what, "anything that a task has", HAS, "has:")
    if what in ("notes", "tags"):
        asked.needs.add(what)
    at = Task._fields.index(_HAS[what])
    return lambda _, task, __: bool(task[at]) is not absent
