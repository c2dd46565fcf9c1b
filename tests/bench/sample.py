"""The tasks that are measured: so many, always the same, with projects, tags, owners, dates and dependencies."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from taskterm.store.store import Store

BEGIN = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
PROJECT_SIZE = 40
_VERBS = ["Write", "Review", "Deploy", "Test", "Plan", "Order", "Draft", "Check", "Clean", "Move", "Merge", "Measure"]
_THINGS = [
    "release notes",
    "web shop",
    "backup",
    "checkout page",
    "contract",
    "mail to the team",
    "price list",
    "Büroschlüssel",
    "日本語の案内",
]
_PLACES = ["site.web", "site.api", "office.hr", "office.legal", "campaign.mail", "infra.dns", "infra.backup"]
_TAGS = ["ops", "docs", "shop", "legal", "design", "urgent", "later", "phone", "waiting", "review"]
_PEOPLE = ["ana", "ben", "chris", "dora"]


def tasks(count: int) -> list[dict[str, Any]]:
    """So many tasks for the command `create`: a fifth is done, most others wait for one or two of their project."""
    dice = random.Random(20261102)
    found: list[dict[str, Any]] = []
    for index in range(count):
        place, member = divmod(index, PROJECT_SIZE)
        done = member < PROJECT_SIZE // 5
        spec: dict[str, Any] = {
            "key": str(index),
            "uuid": str(UUID(int=dice.getrandbits(128), version=4)),
            "title": f"{dice.choice(_VERBS)} the {dice.choice(_THINGS)} {index + 1}",
            "project": f"{_PLACES[place % len(_PLACES)]}.p{place}",
            "tags": dice.sample(_TAGS, dice.randrange(3)),
            "priority": dice.choice([None, None, "H", "M", "L"]),
            "assignee": dice.choice([None, *_PEOPLE]),
            "estimate_minutes": dice.choice([None, 15, 60, 240]),
            "notes": "Ask ana first.\nThen go on." if dice.random() < 0.1 else "",
            "created_at": _text(BEGIN + timedelta(minutes=index)),
        }
        if dice.random() < 0.3:
            spec["due"] = _text(BEGIN + timedelta(days=dice.randrange(5, 90), hours=9))
        if dice.random() < 0.03:
            spec["steps"] = [{"run": "make check"}, {"run": "make deploy"}]
        if done:
            spec |= {"status": "done", "completed_at": _text(BEGIN + timedelta(minutes=index, days=1))}
        near = range(place * PROJECT_SIZE + max(0, member - 10), index)
        if member and dice.random() < 0.75:
            spec["needs"] = [str(i) for i in dice.sample(near, min(len(near), dice.choice([1, 1, 2])))]
        if place and not member and dice.random() < 0.3:
            spec["needs"] = [str(index - 1)]
        found.append(spec)
    return found


def fill(path: str, count: int, now: datetime) -> None:
    """A new database with these tasks."""
    store = Store(path, create=True, host="bench")
    store.execute("create", {"tasks": tasks(count)}, actor="ana", now=now)
    store.execute("comment", {"ref": min(count, 30), "text": "Waiting for legal"}, actor="ana", now=now)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
