"""Pictures worked out from a snapshot: what a list of thousands shows, once and not with every key. Pure."""

from __future__ import annotations

from taskterm.core import query
from taskterm.core.dates import to_utc_text
from taskterm.core.lean import datetime
from taskterm.core.snapshot import Snapshot, counts
from taskterm.tui import task_rows
from taskterm.tui.picture import Picture


def whole(snapshot: Snapshot, now: datetime) -> Picture:
    """The picture of everything, without a filter."""
    picture = Picture(snapshot, now, counts=counts(snapshot, to_utc_text(now)))
    return picture._replace(listed=task_rows.listed(picture))


def filtered(picture: Picture, asked: query.Query) -> Picture:
    """A picture of everything, as far as a query lets it through."""
    at = to_utc_text(picture.now)
    fitting = query.select(asked, picture.snapshot, at)
    chosen = picture._replace(
        visible=fitting, query=asked.text, sort=asked.sort, counts=counts(picture.snapshot, at, fitting), listed=None
    )
    return chosen._replace(listed=task_rows.listed(chosen))
