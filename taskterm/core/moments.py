"""Points in time as people read them: UTC text becomes `Fri 27 Nov 17:00`, `Wed 25`, `2 d late`, `in 4 days`.

`now` is always an aware datetime in the user's own zone. What people type is read by `core.dates`.
"""

from __future__ import annotations

from taskterm.core.lean import UTC, date, datetime
from taskterm.core.zone import day_end, day_start, from_utc_text, to_utc_text

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def format_moment(utc: str, now: datetime, *, end: bool) -> str:
    """The local time as an answer echoes it: `Fri 27 Nov 17:00`, with the year (`Fri 27 Nov 2027 17:00`) if another.

    The time is left out where it is what a bare day stands for: its last second if `end`, else its first.
    """
    local = _local(utc, now)
    year = "" if local.year == now.year else f" {local.year}"
    at = "" if _is_bare(local, utc, end) else f" {local:%H:%M}"
    return f"{weekday_text(local)} {day_text(local)}{year}{at}"


def format_due(utc: str, now: datetime) -> str:
    """A due date as a list shows it: `17:00` (or `today` without a time), `Wed 25` in the coming 6 days, `30 Nov`,
    in another year `30 Nov 27`; once past `5 min late`, `3 h late`, and from 24 hours on in calendar days `2 d late`.
    """
    local, bare = _local(utc, now), _is_bare(_local(utc, now), utc, True)
    days = (local.date() - now.date()).days
    late = int((now.astimezone(UTC) - from_utc_text(utc)).total_seconds())
    if late > 0:
        if days < 0 and (bare or late >= 86400):
            return f"{-days} d late"
        return f"{late // 3600} h late" if late >= 3600 else f"{max(1, late // 60)} min late"
    if days == 0:
        return "today" if bare else f"{local:%H:%M}"
    if days <= 6:
        return f"{weekday_text(local)} {local.day}"
    return day_text(local) + ("" if local.year == now.year else f" {local.year % 100:02}")


def relative(utc: str, now: datetime) -> str:
    """How far away a moment is: `in 4 days`, `3 hours ago`, `now` within a minute.

    From 24 hours on calendar days count, from 14 days weeks, from 60 days months, from 2 years years.
    """
    seconds = int((from_utc_text(utc) - now.astimezone(UTC)).total_seconds())
    distance = abs(seconds)
    if distance < 60:
        return "now"
    days = abs((_local(utc, now).date() - now.date()).days)
    if distance < 3600:
        count, unit = distance // 60, "minute"
    elif distance < 86400:
        count, unit = distance // 3600, "hour"
    elif days < 14:
        count, unit = max(days, 1), "day"
    elif days < 60:
        count, unit = days // 7, "week"
    elif days < 730:
        count, unit = round(days / 30.44), "month"
    else:
        count, unit = round(days / 365.25), "year"
    text = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {text}" if seconds > 0 else f"{text} ago"


def _local(utc: str, now: datetime) -> datetime:
    moment = from_utc_text(utc)
    try:
        return moment.astimezone(now.tzinfo)
    except (OverflowError, ValueError):  # at the very end of the calendar there may be no local time
        return moment


def _is_bare(local: datetime, utc: str, end: bool) -> bool:
    """Whether the moment is what a day without a time stands for; the limits of a day may be skipped hours."""
    limit = (day_end if end else day_start)(local.date(), local.tzinfo)
    try:
        return to_utc_text(limit) == utc
    except (OverflowError, ValueError):
        return False


def weekday_text(day: date) -> str:
    """`Fri`."""
    return WEEKDAYS[day.weekday()][:3].capitalize()


def day_text(day: date) -> str:
    """`27 Nov`."""
    return f"{day.day} {MONTHS[day.month - 1][:3].capitalize()}"
