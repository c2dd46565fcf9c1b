"""Random tasks and random queries with their meaning, worked out anew and naively, to hold the query language to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from taskterm.core.model import Comment, Step, Task
from taskterm.core.query import quoted
from taskterm.core.snapshot import Snapshot, is_failed, state_of
from taskterm.core.urgency import urgency
from taskterm.core.zone import epoch_of, to_utc_text

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
AT = to_utc_text(NOW)
ME = "Ana"
TAGS = ("ops", "Web", "日本")
PEOPLE = ("ana", "Ben", "zoë")
PROJECTS = ("site", "site.web", "Sitemap", "office", "ab c")
TITLES = ("Deploy the shop", "ready steady", 'say "yes" or no', "it's (not) done", "Größe", "a/b c")
ORDER = {"L": 1, "M": 2, "H": 3}


class Asked(NamedTuple):
    """A query as it can be typed, and what it means: whether a task of a snapshot fits."""

    line: str
    fits: Callable[[Snapshot, Task], bool]


moments = st.none() | st.integers(-5, 5).flatmap(
    lambda day: st.sampled_from([(0, 0, 0), (14, 32, 0), (23, 59, 59)]).map(
        lambda at: to_utc_text(datetime(2026, 11, 23, *at, tzinfo=UTC) + timedelta(days=day))
    )
)


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Up to eight tasks with everything that a query can ask about, and links between them."""
    ids = draw(st.lists(st.integers(1, 12), unique=True, max_size=8).map(sorted))
    after: dict[int, tuple[int, ...]] = {}
    before: dict[int, tuple[int, ...]] = {}
    for at, successor in enumerate(ids):
        chosen = tuple(sorted(draw(st.sets(st.sampled_from(ids[:at]), max_size=2)))) if at else ()
        if chosen:
            before[successor] = chosen
        for predecessor in chosen:
            after[predecessor] = (*after.get(predecessor, ()), successor)
    tasks = {}
    for number in ids:
        tasks[number] = Task(
            number,
            f"uuid-{number}",
            draw(st.sampled_from(TITLES)),
            notes=draw(st.sampled_from(["", "first line\nDeploy", "shop"])),
            status=draw(st.sampled_from(["todo", "todo", "doing", "done", "cancelled"])),
            priority=draw(st.sampled_from([None, "H", "M", "L"])),
            project=draw(st.none() | st.sampled_from(PROJECTS)),
            assignee=draw(st.none() | st.sampled_from(PEOPLE)),
            due=draw(moments),
            wait=draw(moments),
            estimate_minutes=draw(st.sampled_from([None, 30, 60, 120])),
            created_at=draw(moments) or AT,
            completed_at=draw(moments),
            open_predecessors=draw(st.integers(0, 1)),
            inherited_urgency=draw(st.sampled_from([0.0, 7.5])),
            run_state=draw(st.sampled_from([None, "running", "failed", "succeeded"])),
            tags=tuple(draw(st.lists(st.sampled_from(TAGS), unique=True))),
        )
    return Snapshot(
        tasks=tasks,
        before=before,
        after=after,
        step_lists={i: (Step(i, i, 1, "step", "true"),) for i in ids if draw(st.booleans())},
        comment_lists={i: (Comment(i, i, "said", AT, "ana"),) for i in ids if draw(st.booleans())},
    )


def _reaches(neighbours: Callable[[int], tuple[int, ...]], start: int, goal: int) -> bool:
    return any(near == goal or _reaches(neighbours, near, goal) for near in neighbours(start))


def _states() -> dict[str, Callable[[Snapshot, Task], bool]]:
    found: dict[str, Callable[[Snapshot, Task], bool]] = {
        name: lambda _, task, name=name: state_of(task, AT) == name  # type: ignore[misc]
        for name in ("ready", "blocked", "waiting", "doing", "done", "cancelled")
    }
    found["open"] = lambda _, task: task.status in ("todo", "doing")
    found["late"] = found["overdue"] = lambda _, task: (
        task.status in ("todo", "doing") and task.due is not None and epoch_of(task.due) < NOW.timestamp()
    )
    found["failed"] = lambda _, task: is_failed(task)
    found["running"] = lambda _, task: task.status in ("todo", "doing") and task.run_state == "running"
    found["mine"] = lambda _, task: (task.assignee or "").lower() == "ana"
    found["unassigned"] = lambda _, task: task.assignee is None
    return found


states = st.sampled_from(sorted(_states().items())).map(lambda pair: Asked(*pair))
tags = st.sampled_from(["ops", "OPS", "web", "日本", "none-of-these"]).flatmap(
    lambda tag: st.sampled_from(
        [
            Asked(f"+{tag}", lambda _, task: tag.lower() in [t.lower() for t in task.tags]),
            Asked(f"tag:{tag}", lambda _, task: tag.lower() in [t.lower() for t in task.tags]),
            Asked(f"-{tag}", lambda _, task: tag.lower() not in [t.lower() for t in task.tags]),
        ]
    )
)
people = st.sampled_from(["ana", "BEN", "zoë", "me"]).flatmap(
    lambda name: st.sampled_from(
        [
            Asked(f"@{name}", lambda _, task: (task.assignee or "").lower() == name.lower().replace("me", "ana")),
            Asked(f"-@{name}", lambda _, task: (task.assignee or "").lower() != name.lower().replace("me", "ana")),
            Asked("@none", lambda _, task: task.assignee is None),
        ]
    )
)
projects = st.sampled_from(["site", "SITE.web", "sitemap", "ab c", "off", "none", ""]).map(
    lambda name: Asked(
        f"project:{quoted(name) if ' ' in name else name}",
        lambda _, task: (
            not task.project
            if name in ("none", "")
            else task.project is not None
            and task.project.lower().split(".")[: name.count(".") + 1] == name.lower().split(".")
        ),
    )
)
texts = st.sampled_from(["deploy", "ready", '"yes"', "it's", "(not)", "größe", "a/b c", "shop", "nowhere"]).flatmap(
    lambda text: st.sampled_from(["", "text:"]).map(
        lambda key: Asked(
            key + quoted(text),
            lambda _, task: text.casefold() in task.title.casefold() or text.casefold() in task.notes.casefold(),
        )
    )
)
expressions = st.sampled_from(["deploy", "^ready|shop$", r"a\/b c", "o{2}", "[Yy]es"]).map(
    lambda pattern: Asked(
        f"/{pattern}/",
        lambda _, task: any(
            re.search(pattern, line, re.IGNORECASE) for line in (*task.title.split("\n"), *task.notes.split("\n"))
        ),
    )
)
numbers = st.integers(1, 12)
ids = st.one_of(
    numbers.map(lambda n: Asked(f"{n}", lambda _, task: task.id == n)),
    numbers.map(lambda n: Asked(f"#{n}", lambda _, task: task.id == n)),
    numbers.map(lambda n: Asked(f"id:{n},{n + 2}", lambda _, task: task.id in (n, n + 2))),
    numbers.map(lambda n: Asked(f"{n}..{n + 5},{n + 9}", lambda _, task: n <= task.id <= n + 5 or task.id == n + 9)),
    numbers.map(lambda n: Asked(f"{n}..", lambda _, task: task.id >= n)),
)
links = st.one_of(
    numbers.map(lambda n: Asked(f"after:{n}", lambda snapshot, task: _reaches(snapshot.predecessors, task.id, n))),
    numbers.map(lambda n: Asked(f"before:{n}", lambda snapshot, task: _reaches(snapshot.successors, task.id, n))),
    st.just(Asked("after:none", lambda snapshot, task: not snapshot.predecessors(task.id))),
    st.just(Asked("has:successors", lambda snapshot, task: bool(snapshot.successors(task.id)))),
)
having = st.sampled_from(
    [
        Asked("has:notes", lambda _, task: task.notes != ""),
        Asked("has:steps", lambda snapshot, task: task.id in snapshot.step_lists),
        Asked("has:comments", lambda snapshot, task: task.id in snapshot.comment_lists),
        Asked("has:tags", lambda _, task: len(task.tags) > 0),
        Asked("has:due", lambda _, task: task.due is not None),
        Asked("has:est", lambda _, task: task.estimate_minutes is not None),
        Asked("has:runs", lambda _, task: task.run_state is not None),
    ]
)
_COMPARE: dict[str, Callable[[float, float, float], bool]] = {
    "=": lambda found, low, high: low <= found <= high,
    "<": lambda found, low, high: found < low,
    "<=": lambda found, low, high: found <= high,
    ">": lambda found, low, high: found > high,
    ">=": lambda found, low, high: found >= low,
}


def _spelt(key: str, sign: str, value: str, words: dict[str, str], typed: bool) -> str:
    if sign == "=":
        return f"{key}{'=' if typed else ':'}{value}"
    return f"{key}{sign}{value}" if typed else f"{key}.{words[sign]}:{value}"


@st.composite
def dated(draw: st.DrawFn) -> Asked:
    """A comparison with a day, or with a moment."""
    key, field = draw(st.sampled_from([("due", "due"), ("wait", "wait"), ("created", "created_at")]))
    sign = draw(st.sampled_from(list(_COMPARE)))
    day = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(days=draw(st.integers(-5, 5)))
    today, to_end = datetime(2026, 11, 23, tzinfo=UTC), timedelta(seconds=86399)
    half_past = day + timedelta(hours=14, minutes=32)
    spellings: list[tuple[str, datetime, datetime]] = [
        (f"{day:%Y-%m-%d}", day, day + to_end),
        (f'"{day:%Y-%m-%d} 14:32"', half_past, half_past),
        ("today", today, today + to_end),
    ]
    spelling, low, high = draw(st.sampled_from(spellings))
    line = _spelt(
        key, sign, spelling, {"<": "before", "<=": "by", ">": "after", ">=": "from"}, typed=draw(st.booleans())
    )

    def fits(_: Snapshot, task: Task) -> bool:
        value = getattr(task, field)
        return value is not None and _COMPARE[sign](epoch_of(value), low.timestamp(), high.timestamp())

    return Asked(line, fits)


@st.composite
def amounts(draw: st.DrawFn) -> Asked:
    """A comparison with a priority, a length of time or an urgency."""
    sign = draw(st.sampled_from(list(_COMPARE)))
    key, spelling, wanted, of = draw(
        st.sampled_from(
            [
                *(("pri", letter, ORDER[letter], lambda task: ORDER.get(task.priority)) for letter in "HML"),
                *(("est", text, m, lambda task: task.estimate_minutes) for text, m in (("1h", 60), ("120", 120))),
                ("urgency", "6", 6, lambda task: round(urgency(task, NOW.timestamp(), epoch_of), 2)),
            ]
        )
    )
    line = _spelt(key, sign, spelling, {"<": "under", "<=": "max", ">": "over", ">=": "min"}, typed=draw(st.booleans()))

    def fits(_: Snapshot, task: Task) -> bool:
        value = of(task)
        return value is not None and _COMPARE[sign](value, wanted, wanted)

    return Asked(line, fits)


missing = st.sampled_from(
    [
        Asked("due:none", lambda _, task: task.due is None),
        Asked("pri:none", lambda _, task: task.priority is None),
        Asked("est:none", lambda _, task: task.estimate_minutes is None),
    ]
)
terms = st.one_of(states, tags, people, projects, texts, expressions, ids, links, having, dated(), amounts(), missing)


def _both(two: tuple[Asked, str, Asked]) -> Asked:
    left, word, right = two
    return Asked(f"({left.line}{word}{right.line})", lambda s, t: left.fits(s, t) and right.fits(s, t))


def _either(two: tuple[Asked, str, Asked]) -> Asked:
    left, word, right = two
    return Asked(f"({left.line}{word}{right.line})", lambda s, t: left.fits(s, t) or right.fits(s, t))


queries = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" ", " and ", "  AND "]), inner).map(_both),
        st.tuples(inner, st.sampled_from([" or ", " OR "]), inner).map(_either),
        inner.map(lambda one: Asked(f"not {one.line}", lambda s, t: not one.fits(s, t))),
    ),
    max_leaves=8,
)
"""Queries of any shape with their meaning."""
