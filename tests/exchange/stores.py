"""Databases with hostile texts in every field, and what of them an export has to bring back."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from taskterm.core.snapshot import Snapshot
from taskterm.store.store import Store

_PLAIN = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
_LINE = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
FORMULAS = ["=1+1", "+1", "-1", "@sum", "'=1", "''-x", "＝1", "\t=1", "'", '"', "a,b;c\td", "x\ty", "[1]", "12", "ja"]
text = st.one_of(st.sampled_from([*FORMULAS, "\r=1", "\n+2", "two\r\nlines\r"]), st.text(_PLAIN, max_size=8))
line = st.one_of(st.sampled_from(FORMULAS), st.text(_LINE, min_size=1, max_size=8)).filter(lambda s: bool(s.strip()))
moment = st.sampled_from(["2026-11-20T16:00:00Z", "2031-02-28T22:59:59Z"])
step = st.fixed_dictionaries(
    {"run": st.one_of(st.sampled_from(["make all", "=cmd", 'echo "a\n b"']), text).filter(lambda s: bool(s.strip()))},
    optional={
        "name": line,
        "env": st.dictionaries(st.sampled_from(["VERSION", "STAGE"]), text),
        "timeout_seconds": st.sampled_from([1.5, 600]),
        "retries": st.integers(0, 3),
        "repeatable": st.booleans(),
        "cwd": st.just("/tmp"),
        "trusts": st.lists(st.sampled_from(["deploy.sh", "=x"]), max_size=2),
    },
)
task = st.fixed_dictionaries(
    {"title": line},
    optional={
        "notes": text,
        "priority": st.sampled_from(["H", "M", "L"]),
        "project": line,
        "assignee": line,
        "due": moment,
        "scheduled": moment,
        "wait": moment,
        "estimate_minutes": st.integers(1, 10_000),
        "tags": st.lists(st.sampled_from(["ops", "=x", "-x", "日本", "a,b"]), max_size=3),
        "status": st.sampled_from(["todo", "doing", "done", "cancelled"]),
        "column": st.sampled_from(["doing", "review"]),
        "created_by": line,
        "comments": st.lists(
            st.fixed_dictionaries({"text": text, "created_at": moment, "created_by": line}), max_size=2
        ),
        "steps": st.lists(step, max_size=2),
        "extra": st.dictionaries(
            line, st.one_of(text, st.integers(), st.none(), st.lists(line, max_size=2)), max_size=2
        ),
    },
)


@st.composite
def tasks(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Tasks for `import_tasks`, each waiting for some of those before it."""
    found = draw(st.lists(task, min_size=1, max_size=4))
    for number, spec in enumerate(found):
        spec["uuid"] = f"00000000-0000-4000-8000-{number:012d}"
        spec["needs"] = [found[i]["uuid"] for i in range(number) if draw(st.booleans())]
    return found


def content(store: Store) -> dict[str, Any]:
    """Everything of the tasks but when they were changed, by uuid."""
    snapshot = store.snapshot()
    return {task.uuid: _content(snapshot, task_id) for task_id, task in snapshot.tasks.items()}


def _content(snapshot: Snapshot, task_id: int) -> dict[str, Any]:
    row = snapshot.tasks[task_id]._asdict()
    for name in ("modified_at", "modified_by", "workflow_id"):
        del row[name]
    return {
        **row,
        "predecessors": snapshot.predecessors(task_id),
        "comments": [c._replace(id=0) for c in snapshot.comments(task_id)],
        "steps": [s._replace(id=0) for s in snapshot.steps(task_id)],
    }
