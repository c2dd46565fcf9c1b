"""What completion reads from the database and the config: narrow, never waiting long, empty where anything is wrong."""

from __future__ import annotations

import os

from taskterm import settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

LIMIT = 50
"""So many tasks are offered at most: more than a screen of them helps nobody, and typing a digit narrows them."""

_OPEN = ("complete_doing", "complete_ready", "complete_blocked")
_ENDED = ("complete_done", "complete_cancelled")
_KINDS = {"open": _OPEN, "doing": _OPEN[:1], "ended": _ENDED, "any": (*_OPEN, *_ENDED)}
_PATIENCE = 0.3  # seconds for a database that somebody else writes to


class Found:
    """Answers for one press of a key. `database` is what --db names; each list holds words with their meanings."""

    def __init__(self, database: str | None = None, env: Mapping[str, str] | None = None) -> None:
        self._env = os.environ if env is None else env
        self._named = database
        self.config = settings.read_config(self._env)

    def tasks(self, which: str, begins: str, without: Collection[str] = ()) -> list[tuple[str, str]]:
        """Ids that begin with `begins`, and titles: of `open`, `doing` or `ended` tasks, or `any`, open ones first.

        What is in progress comes first, then what is ready, then what is blocked.
        """
        if begins and not (begins.isascii() and begins.isdigit()):
            return []
        limit = LIMIT + min(len(without), 100)
        rows = self._rows(*_KINDS[which], begins=f"{begins}%", limit=limit)
        return [(str(i), _meaning(title)) for i, title in rows if str(i) not in without][:LIMIT]

    def projects(self) -> list[str]:
        """Every project, and those above it, sorted."""
        found: dict[str, None] = {}
        for (project,) in self._rows("complete_projects"):
            parts = project.split(".")
            found.update(dict.fromkeys(".".join(parts[: n + 1]) for n in range(len(parts))))
        return sorted(found)

    def people(self) -> list[str]:
        """Everybody who has a task, and the user, sorted."""
        actor = settings.actor(None, self._env, self.config)
        return sorted({actor, *(person for (person,) in self._rows("complete_people"))})

    def tags(self) -> list[str]:
        """Every tag, sorted."""
        return [tag for (tag,) in self._rows("complete_tags")]

    def views(self) -> list[tuple[str, str]]:
        """The saved queries."""
        return [(row[0], _meaning(row[1])) for row in self._rows("views")]

    def columns(self) -> list[tuple[str, str]]:
        """The columns of the board."""
        return [(row[0], _meaning(row[1])) for row in self._rows("columns")]

    def steps(self) -> list[tuple[str, str]]:
        """The newest steps."""
        return self._numbered("complete_steps")

    def runs(self) -> list[tuple[str, str]]:
        """The newest runs."""
        return self._numbered("complete_runs")

    def operations(self) -> list[tuple[str, str]]:
        """The user's newest operations that can be taken back."""
        return self._numbered("complete_operations", actor=settings.actor(None, self._env, self.config))

    def workflows(self) -> list[tuple[str, str]]:
        """The workflows that were started."""
        return [(str(row[0]), _meaning(row[2])) for row in reversed(self._rows("workflows"))][:LIMIT]

    def _numbered(self, name: str, **values: Any) -> list[tuple[str, str]]:
        return [(str(i), _meaning(what)) for i, what in self._rows(name, limit=LIMIT, **values)]

    def _rows(self, *names: str, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of these statements one after the other, up to the `limit` among their values."""
        from taskterm.core.errors import TaskTermError
        from taskterm.store._sql import SQL
        from taskterm.store.driver import sqlite3
        from taskterm.store.gate import Gate

        rows: list[tuple[Any, ...]] = []
        try:
            path = settings.database_path(self._named, self._env, self.config)
            if not os.path.isfile(path):
                return []
            with Gate(path, timeout=_PATIENCE).read() as connection:
                for name in names:
                    if len(rows) < values.get("limit", len(rows) + 1):
                        rows += connection.execute(SQL[name], values).fetchall()
        except (TaskTermError, sqlite3.Error, OSError):
            return []
        return rows


def _meaning(text: str) -> str:
    """A title as one harmless line, not too long to stand behind its id."""
    from taskterm.core.display import fit, visible

    return fit(visible(text[:200]), 60)
