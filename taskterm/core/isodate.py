"""Dates and times of day that are written in figures: ISO 8601 in all its calendars, `17:00`, `5pm`, `noon`.

The words of a date (`fri`, `in 3 days`, `eom`) are the business of `core.dates`.
"""

from __future__ import annotations

from taskterm.core.errors import UsageError
from taskterm.core.lean import UTC, NamedTuple, date, timedelta, timezone, tzinfo
from taskterm.core.moments import MONTHS
from taskterm.core.wording import shown
from taskterm.core.zone import add_months, month_length

DATE_HINT = "write a date as 2026-11-27, fri 17:00, tomorrow 9am, 27 nov, in 3 days, +2w or eom"

_DIGITS = "0123456789"
_CALENDAR = ("dddd-dd-dd", "dddddddd", "dddd-dd")
_WEEK = ("dddd-wdd-d", "ddddwddd", "dddd-wdd", "ddddwdd")
_ORDINAL = ("dddd-ddd", "ddddddd")
_CLOCK = ("d:dd", "dd:dd", "d:dd:dd", "dd:dd:dd")
_BASIC_CLOCK = ("dd", "dddd", "dddddd")
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}


class Days(NamedTuple):
    """What the words for a day mean: one day, or the days of a week, month, quarter or year."""

    first: date
    last: date
    edge: str = ""  # 'eo' or 'so': the end or the start was named, whatever the date is for


class TimeOfDay(NamedTuple):
    """Seconds since the start of the day, at most 86400 (24:00), and the zone if one was written."""

    seconds: int
    zone: tzinfo | None = None


def one_day(day: date, edge: str = "") -> Days:
    """A single day."""
    return Days(day, day, edge)


def period(unit: str, day: date, ahead: int = 0) -> Days:
    """The `day`, `week`, `month`, `quarter` or `year` that holds `day`, or the one so many after it."""
    if unit == "day":
        return one_day(day + timedelta(days=ahead))
    if unit == "week":
        first = day + timedelta(days=7 * ahead - day.weekday())
        return Days(first, first + timedelta(days=6))
    months = _MONTHS_IN[unit]
    first = add_months(day.replace(month=day.month - (day.month - 1) % months, day=1), months * ahead)
    last = add_months(first, months - 1)
    return Days(first, last.replace(day=month_length(last.year, last.month)))


def shape(word: str) -> str:
    """`word` with a `d` for every digit, to compare with a pattern; a letter d of its own becomes `?`."""
    return "".join("d" if c in _DIGITS else "?" if c == "d" else c for c in word)


def is_iso_day(word: str) -> bool:
    """Whether the lower-case `word` has the form, not necessarily the value, of an ISO 8601 date."""
    return shape(word) in _CALENDAR + _WEEK + _ORDINAL


def iso_days(word: str) -> Days | None:
    """The day, week or month of an ISO 8601 date in lower case; None if it has no such form.

    UsageError where the calendar has no such day, ValueError for the year 0.
    """
    form = shape(word)
    if not is_iso_day(word):
        return None
    year, rest = int(word[:4]), word[4:].replace("-", "")
    if form in _WEEK:
        return _iso_week(year, int(rest[1:3]), rest[3:])
    if form in _ORDINAL:
        length = 337 + month_length(year, 2)
        if not 1 <= int(rest) <= length:
            raise UsageError(f"there is no day {int(rest)} in {year}: its days run from 001 to {length}", DATE_HINT)
        return one_day(date(year, 1, 1) + timedelta(days=int(rest) - 1))
    if len(rest) == 2:
        return period("month", calendar_day(year, int(rest), 1))
    return one_day(calendar_day(year, int(rest[:2]), int(rest[2:])))


def _iso_week(year: int, week: int, weekday: str) -> Days:
    weeks = date(year, 12, 28).isocalendar().week  # 28 December is always in the last week of its year
    if not 1 <= week <= weeks:
        raise UsageError(f"there is no week {week} in {year}: its weeks run from 01 to {weeks}", DATE_HINT)
    if weekday and not 1 <= int(weekday) <= 7:
        raise UsageError(f"there is no day {weekday} in a week: Monday is 1 and Sunday is 7", DATE_HINT)
    day = date.fromisocalendar(year, week, int(weekday or 1))
    return one_day(day) if weekday else period("week", day)


def calendar_day(year: int, month: int, day: int) -> date:
    """That day; UsageError where the month has no such day, ValueError for the year 0."""
    if not 1 <= month <= 12:
        raise UsageError(f"there is no month {month}: months run from 01 to 12", DATE_HINT)
    if not 1 <= day <= month_length(year, month):
        raise UsageError(f"there is no {day} {MONTHS[month - 1].capitalize()} {year}", DATE_HINT)
    return date(year, month, day)


def time_of_day(word: str) -> TimeOfDay | None:
    """A lower-case time: `17:00`, `17:00:30`, `5pm`, `9:30am`, `noon`, `midnight` (24:00), with `z` or an offset.

    Behind a `t`, as in ISO 8601, `t1700` needs no colon. None where the form is another; UsageError where the
    form is right and the day has no such time.
    """
    if word in ("noon", "midnight"):
        return TimeOfDay(12 * 3600 if word == "noon" else 24 * 3600)
    body, zone = _split_zone(word.removeprefix("t"))
    half = body[-2:] if body[-2:] in ("am", "pm") else ""
    body = body.removesuffix(half) if half else body
    whole, dot, fraction = body.partition(".")
    form = shape(whole)
    known = form in _CLOCK or (form in ("d", "dd") if half else word[:1] == "t" and form in _BASIC_CLOCK)
    if not known or (dot and (form.count("d") < 5 or not fraction or fraction.strip(_DIGITS))):
        return None
    if form in _CLOCK:
        parts = [int(part) for part in whole.split(":")]
    else:
        parts = [int(whole[i : i + 2]) for i in range(0, len(whole), 2)]
    hour, minute, second = (*parts, 0, 0)[:3]
    if half:
        if not 1 <= hour <= 12:
            raise UsageError(f"{shown(word)} is not a time: with {half} hours run from 1 to 12", "write 5pm or 17:00")
        hour = hour % 12 + (12 if half == "pm" else 0)
    seconds = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or seconds > 24 * 3600:
        raise UsageError(f"{shown(word)} is not a time: a day runs from 00:00 to 24:00", "write 17:00, 9:30am or noon")
    return TimeOfDay(seconds, zone)


def _split_zone(word: str) -> tuple[str, tzinfo | None]:
    """`17:00+01:00` as the time and its zone; the word as it is and None where it has none."""
    if word.endswith("z"):
        return word[:-1], UTC
    at = max(word.rfind("+"), word.rfind("-"))
    if at < 2 or shape(word[at + 1 :]) not in ("dd", "dddd", "dd:dd"):
        return word, None
    figures = word[at + 1 :].replace(":", "")
    hours, minutes = int(figures[:2]), int(figures[2:] or 0)
    if hours > 23 or minutes > 59:
        return word, None
    sign = -1 if word[at] == "-" else 1
    return word[:at], timezone(sign * timedelta(hours=hours, minutes=minutes))
