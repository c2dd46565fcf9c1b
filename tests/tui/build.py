"""Snapshots made by hand for tests of the views: a small builder, and the team's day that the pictures show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from taskterm import settings
from taskterm.core.dates import to_utc_text
from taskterm.core.model import Attempt, Column, Run, RunTask, Step, Task, Workflow
from taskterm.core.snapshot import Snapshot

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)

HOSTILE = (
    "[@click=app.quit]x",
    "Fix [/foo]",
    "$(touch pwned)",
    "日本語 🚀 のリリース",
    "שלום עולם, right to left",
    "مرحبا بالعالم",
    "e\u0301 combining, 👩\u200d💻 joined",
    "\u202egnissecorp\u202c overridden",
    "x" * 300,
)
"""Titles that break programs: markup, shell, wide, right-to-left, joined, overriding, long."""

COLUMNS = (
    Column("blocked", "Blocked", 1, "blocked"),
    Column("ready", "Ready", 2, "ready"),
    Column("doing", "Doing", 3, "stage", 5),
    Column("review", "Review", 4, "stage", 3),
    Column("done", "Done", 5, "done"),
)


def ago(minutes: float = 0, seconds: float = 0) -> str:
    """UTC text of a moment before NOW (after it, for negative numbers)."""
    return to_utc_text(NOW - timedelta(minutes=minutes, seconds=seconds))


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> str:
    """UTC text of a moment in 2026, November by default."""
    return to_utc_text(datetime(2026, month, day, hour, minute, tzinfo=UTC))


class Builder:
    """Collects tasks, links, steps and runs; `snapshot()` counts open predecessors and run states as a store would."""

    def __init__(self) -> None:
        self.tasks: dict[int, Task] = {}
        self.links: list[tuple[int, int]] = []
        self.step_lists: dict[int, list[Step]] = {}
        self.workflows: dict[int, Workflow] = {}
        self.runs: dict[int, Run] = {}
        self.run_tasks: dict[int, list[RunTask]] = {}
        self.attempt_lists: dict[int, list[Attempt]] = {}

    def task(
        self, id: int, title: str, *, after: Iterable[int] = (), steps: Iterable[str] = (), **fields: Any
    ) -> Builder:
        if fields.get("status") == "doing":
            fields.setdefault("column", "doing")
        fields.setdefault("created_at", ago(60 * 24))
        self.tasks[id] = Task(id, f"u{id}", title, **fields)
        self.links += [(p, id) for p in after]
        for position, name in enumerate(steps, 1):
            self.step_lists.setdefault(id, []).append(Step(id * 100 + position, id, position, name, f"echo {name}"))
        return self

    def run(self, id: int, title: str, state: str = "running", **fields: Any) -> Builder:
        fields = {"task_id": None, "workflow_id": None, "jobs": 4, "force": 0, "created_at": ago(30)} | fields
        fields.setdefault("started_at", fields["created_at"])
        fields.setdefault("created_by", "ana")
        self.runs[id] = Run(id, f"r{id}", title, state=state, **fields)
        return self

    def part(self, run: int, task: int, state: str = "running", **fields: Any) -> Builder:
        parts = self.run_tasks.setdefault(run, [])
        parts.append(RunTask(run, task, len(parts) + 1, state, **fields))
        return self

    def attempt(self, id: int, run: int, task: int, step: int, state: str = "running", **fields: Any) -> Builder:
        found = self.step_lists[task][step - 1]
        fields.setdefault("number", 1)
        fields.setdefault("started_at", ago(5))
        fields.setdefault("host", "kestrel")
        fields.setdefault("fence", 1)
        self.attempt_lists.setdefault(run, []).append(
            Attempt(id, run, task, found.id, name=found.name, command=found.run, state=state, **fields)
        )
        return self

    def snapshot(self, operation: int = 1) -> Snapshot:
        before: dict[int, tuple[int, ...]] = {}
        after: dict[int, tuple[int, ...]] = {}
        for first, second in sorted(self.links):
            before[second] = (*before.get(second, ()), first)
            after[first] = (*after.get(first, ()), second)
        newest = {part.task_id: run for run in sorted(self.run_tasks) for part in self.run_tasks[run]}
        tasks = {}
        for task in self.tasks.values():
            waits = sum(self.tasks[p].status in ("todo", "doing") for p in before.get(task.id, ()))
            parts = [p for p in self.run_tasks.get(newest.get(task.id, 0), ()) if p.task_id == task.id]
            tasks[task.id] = task._replace(open_predecessors=waits, run_state=parts[0].state if parts else None)
        return Snapshot(
            operation=operation,
            tasks=tasks,
            before=before,
            after=after,
            step_lists={k: tuple(v) for k, v in self.step_lists.items()},
            columns=COLUMNS,
            workflows=self.workflows,
            runs=self.runs,
            run_task_lists={k: tuple(v) for k, v in self.run_tasks.items()},
            attempt_lists={k: tuple(v) for k, v in self.attempt_lists.items()},
            newest_run=newest,
        )


def team() -> Builder:
    """A team's Monday: a release under way, a mailing, a new colleague; the tasks of the pictures."""
    b = Builder()
    done: dict[str, Any] = {"status": "done", "completed_by": "ben"}
    b.task(11, "Freeze the 2.4.0 scope", assignee="ana", completed_at=at(23, 9, 40), **done)
    b.task(12, "Lint and types", after=[11], assignee="ben", steps=["ruff"], completed_at=at(23, 14, 12), **done)
    b.task(13, "Unit tests", after=[11], assignee="ben", steps=["pytest"], completed_at=at(23, 14, 15), **done)
    b.task(
        14,
        "Build the 2.4.0 wheel",
        after=[12, 13],
        assignee="ben",
        steps=["wheel"],
        completed_at=at(23, 14, 19),
        **done,
    )
    b.task(9, "Plan the week", completed_at=at(20, 9), **done)
    today = at(23, 17)
    b.task(
        15,
        "Integration tests",
        after=[14],
        steps=["postgres", "migrate", "pytest", "coverage", "stop"],
        status="doing",
        priority="H",
        assignee="ben",
        due=today,
        estimate_minutes=6,
    )
    b.task(
        16,
        "Security scan",
        after=[14],
        steps=["audit", "bandit"],
        status="doing",
        assignee="ben",
        due=today,
        estimate_minutes=2,
    )
    b.task(
        17,
        "Write release notes 2.4.0",
        after=[11],
        status="doing",
        priority="H",
        assignee="chloe",
        due=today,
        estimate_minutes=240,
        started_at=ago(185),
    )
    b.task(18, "Review release notes", after=[17], priority="H", assignee="ana", due=at(24, 17), estimate_minutes=100)
    b.task(
        19,
        "Approve 2.4.0",
        after=[15, 16, 18],
        priority="H",
        assignee="ana",
        due=at(24, 17),
        estimate_minutes=10,
        project="site.release",
    )
    b.task(
        20,
        "Publish to PyPI",
        after=[19],
        steps=["check", "upload"],
        assignee="ana",
        due=at(24, 17),
        estimate_minutes=10,
    )
    b.task(
        21,
        "Deploy the web shop",
        after=[19],
        steps=["a", "b", "c", "d"],
        priority="H",
        assignee="ana",
        due=at(27, 17),
        estimate_minutes=25,
    )
    b.task(22, "Smoke tests", after=[21], steps=["smoke"], assignee="ana", due=at(27, 17), estimate_minutes=10)
    b.task(
        24,
        "Mirror docs to the CDN",
        after=[14],
        steps=["build html", "rsync", "purge cache"],
        status="doing",
        priority="M",
        assignee="ben",
        due=at(23, 23, 59)[:-3] + "59Z",
        estimate_minutes=5,
    )
    b.task(23, "Announce 2.4.0", after=[20, 22, 24], assignee="chloe", due=at(27, 17), estimate_minutes=30)
    b.task(
        33,
        "Order laptop for Yuki",
        status="doing",
        priority="M",
        assignee="ben",
        due=at(21, 12),
        started_at=ago(60 * 24 * 6),
    )
    b.task(34, "Image the laptop", after=[33], assignee="ben", due=at(27, 17))
    b.task(35, "Badge and desk for 佐藤 Yuki", priority="M", assignee="dana", due=at(25, 12), estimate_minutes=60)
    b.task(37, "First-week plan", assignee="emil", due=at(26, 12), estimate_minutes=120)
    b.task(
        42,
        "Write the winter mailing",
        status="doing",
        column="review",
        assignee="chloe",
        due=at(25, 12),
        started_at=ago(60 * 25),
    )
    b.task(44, "Legal review, winter mailing", priority="H", assignee="lena", due=at(22, 12))
    b.task(46, "Schedule the winter mailing", after=[42, 44], priority="H", assignee="chloe", due=at(30, 12))
    b.task(47, "Send the winter mailing", after=[46], assignee="chloe", due=at(1, 9, month=12))
    b.task(48, "Measure opens and replies", assignee="dana", wait=at(3, 9, month=12), due=at(4, 12, month=12))
    b.task(51, "Rotate the backup keys", steps=["a", "b", "c"], assignee="ana", due=at(30, 12))
    b.task(52, "Tidy the staging bucket", priority="L", estimate_minutes=30)
    _runs(b)
    return b


def _runs(b: Builder) -> None:
    def ended(run: int, task: int, seconds: int, ended_at: str, state: str = "succeeded") -> None:
        ms = seconds * 1000
        b.run(run, b.tasks[task].title, state, task_id=task, created_at=ended_at, ended_at=ended_at)
        b.part(run, task, state, started_at=ended_at, ended_at=ended_at, duration_ms=ms)

    ended(74, 12, 22, at(22, 10))
    ended(75, 13, 200, at(22, 10, 5))
    ended(77, 15, 358, at(22, 11), "failed")
    ended(84, 12, 21, at(23, 14, 12))
    ended(85, 13, 192, at(23, 14, 15))
    ended(87, 14, 107, at(23, 14, 19))
    b.attempt(841, 84, 12, 1, "succeeded", duration_ms=21000, ended_at=at(23, 14, 12), exit_code=0)
    b.attempt(851, 85, 13, 1, "succeeded", duration_ms=192000, ended_at=at(23, 14, 15), exit_code=0)
    b.attempt(871, 87, 14, 1, "succeeded", duration_ms=107000, ended_at=at(23, 14, 19), exit_code=0)
    b.run(86, "Mirror docs to the CDN", "failed", task_id=24, created_at=ago(13), ended_at=ago(12))
    b.part(86, 24, "failed", started_at=ago(12, 37), ended_at=ago(12), duration_ms=37000, reason="exit 23")
    b.attempt(861, 86, 24, 1, "succeeded", duration_ms=18000, ended_at=ago(12, 19), exit_code=0)
    b.attempt(862, 86, 24, 2, "failed", number=3, duration_ms=19000, ended_at=ago(12), exit_code=23)
    b.run(88, "Integration tests", task_id=15, created_at=ago(4, 12))
    b.part(88, 15, started_at=ago(4, 12))
    b.attempt(881, 88, 15, 1, "succeeded", started_at=ago(4, 12), duration_ms=9000, ended_at=ago(4, 3), exit_code=0)
    b.attempt(882, 88, 15, 2, "succeeded", started_at=ago(4, 3), duration_ms=22000, ended_at=ago(3, 41), exit_code=0)
    b.attempt(883, 88, 15, 3, started_at=ago(3, 41))
    b.run(89, "Security scan", task_id=16, created_at=ago(0, 48))
    b.part(89, 16, started_at=ago(0, 48))
    b.attempt(891, 89, 16, 1, "succeeded", started_at=ago(0, 48), duration_ms=20000, ended_at=ago(0, 28), exit_code=0)
    b.attempt(892, 89, 16, 2, started_at=ago(0, 28))
    b.run(90, "Rotate the backup keys", "waiting", task_id=51, created_at=ago(2))
    b.part(90, 51, "untrusted")


PYTEST = """\
tests/test_cart.py ............................                              [52%]
tests/test_checkout.py ..................                                    [55%]
tests/test_stock.py ......\x1b[33ms\x1b[0m....\x1b[33mx\x1b[0m....                              [64%]
\x1b[33mWARNING\x1b[0m shop.db  slow call 2.1 s: GET /stock/export?format=csv
\x1b[36mINFO\x1b[0m    shop.mail  delivered 40 of 40 to the sandbox
"""
RSYNC = (
    "".join(f"api/page-{number}.html\n" for number in range(1, 209))
    + """\
rsync -a --delete build/html/ cdn:/srv/cdn/2.4.0/
sending incremental file list
api/index.html
api/orders.html
api/search.json
rsync: [receiver] write failed on "/srv/cdn/2.4.0/api/search.json": No space left
rsync error: error in file IO (code 11) at receiver.c(380)
rsync: [sender] write error: Broken pipe (32)
"""
)


def with_logs(builder: Builder, folder: Path, texts: dict[int, str]) -> Builder:
    """Writes log files for attempts by id, so that a pane can read them as if they had run here."""
    for attempts in builder.attempt_lists.values():
        for index, attempt in enumerate(attempts):
            if attempt.id in texts:
                path = folder / f"{attempt.id}.log"
                path.write_bytes(texts[attempt.id].encode())
                attempts[index] = attempt._replace(log_path=str(path), host=settings.host())
    return builder
