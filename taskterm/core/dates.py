"""Points in time as people type them: `fri 17:00`, `+2w`, `eom` become UTC text.

Everything here is arithmetic on arguments: `now` is always an aware datetime in the user's own zone, which a caller
gets with `datetime.now(SystemZone())`, and nothing reads a clock. Calendar words are resolved on the wall clock of
that zone and only then converted, so a day keeps its limits when the clock changes.

Figures (ISO 8601, `17:00`) are read by `core.isodate`. How moments are shown is in `core.moments`, lengths of time
live in `core.durations`, the zone and the stored text in `core.zone`; all of them are offered here too.
"""

from __future__ import annotations

from taskterm.core.durations import age, clock, format_minutes, parse_duration, parse_seconds, since
from taskterm.core.errors import UsageError
from taskterm.core.isodate import (
    DATE_HINT,
    Days,
    TimeOfDay,
    calendar_day,
    is_iso_day,
    iso_days,
    one_day,
    period,
    shape,
    time_of_day,
)
from taskterm.core.lean import UTC, date, datetime, timedelta, tzinfo
from taskterm.core.moments import (
    MONTHS,
    WEEKDAYS,
    day_text,
    format_due,
    format_moment,
    relative,
)
from taskterm.core.wording import closest, shown
from taskterm.core.zone import SystemZone, add_months, day_end, day_start, from_utc_text, month_length, to_utc_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "DATE_HINT",
    "SystemZone",
    "add_months",
    "age",
    "clock",
    "format_due",
    "format_minutes",
    "format_moment",
    "from_utc_text",
    "parse_duration",
    "parse_moment",
    "parse_seconds",
    "relative",
    "require_moment",
    "since",
    "to_utc_text",
]

_WEEKDAY = {name: i for i, full in enumerate(WEEKDAYS) for name in (full, full[:3])}
_MONTH = {name: i for i, full in enumerate(MONTHS, 1) for name in (full, full[:3])}
_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_PERIODS = ("day", "week", "month", "quarter", "year")
_EDGES = {edge + unit[0]: (edge, unit) for edge in ("eo", "so") for unit in _PERIODS}
_UNIT = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "minutes"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hours"),
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "week"),
    **dict.fromkeys(("m", "mo", "month", "months"), "month"),
    **dict.fromkeys(("q", "quarter", "quarters"), "quarter"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "year"),
}
_ONE_DAY = timedelta(days=1)


# ── typed ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def require_moment(text: str, now: datetime, *, end: bool) -> str:
    """As `parse_moment`, but raises UsageError also where the text is no date at all."""
    moment = parse_moment(text, now, end=end)
    if moment is None:
        raise UsageError(f"{shown(text)} is not a date", DATE_HINT)
    return moment


def parse_moment(text: str, now: datetime, *, end: bool) -> str | None:
    """The moment that `text` names (see core.date_forms), as UTC text such as `2026-11-27T16:00:00Z`.

    A day without a time is its last second if `end` (a due date), else its first (scheduled, wait). A time that the
    clock skips moves forward; of one that happens twice the first is meant. None where the text is not a date at
    all; UsageError for a near miss (`fryday`), a day that does not exist, and a year beyond 1 to 9999.
    """
    if len(text) > 200:
        return None  # no date is so long, and looking for what was meant would take long
    words = _words(text)
    try:
        moment = _moment(words, now, end)
        if moment is not None:
            return to_utc_text(moment)
        meant = _near(words)
        if meant != words and _moment(meant, now, end) is not None:
            raise UsageError(f"{shown(text)} is not a date; did you mean {' '.join(meant)}?", DATE_HINT)
    except (OverflowError, ValueError):
        raise UsageError(f"{shown(text)} lies outside the years 1 to 9999", DATE_HINT) from None
    figures = shape("".join(words)).replace("d", "")
    if figures and not figures.strip("-/.:"):  # 27/11/2026
        raise UsageError(f"{shown(text)} is not a date", DATE_HINT)
    return None


def _words(text: str) -> list[str]:
    """Lower-case words; the T between an ISO day and its time separates them, and so does a comma.

    Only behind a time a comma is the sign of ISO 8601 for parts of a second.
    """
    words: list[str] = []
    for word in text.lower().split():
        words += [word.strip(",").replace(",", ".")] if ":" in word else word.replace(",", " ").split()
    day, letter, rest = words[0].partition("t") if words else ("", "", "")
    if letter and rest and is_iso_day(day):
        words[:1] = [day, letter + rest]  # the t stays: only behind it may a time be written without colons
    return words


def _near(words: list[str]) -> list[str]:
    """The words with each unknown one replaced by the word of a date that it resembles."""
    known = (*_WEEKDAY, *_MONTH, *_EDGES, *_DAYS, *_UNIT, "now", "noon", "midnight", "next", "in", "ago", "at")
    return [word if word in known or not word.isalpha() else closest(word, known) or word for word in words]


def _moment(words: list[str], now: datetime, end: bool) -> datetime | None:
    if words == ["now"]:
        return now
    zone, today = now.tzinfo, now.date()
    amount = _amount(words)
    if amount is not None and amount[1] in ("hours", "minutes"):
        # elapsed time, so it is counted in UTC: on the wall clock an hour can be missing
        return now.astimezone(UTC) + timedelta(**{amount[1]: amount[0]})
    words, at = _split_time(words)
    if at is not None and not words:
        if at.zone is not None:
            zone, today = at.zone, now.astimezone(at.zone).date()
        moment = _at(today, at, zone)
        return moment if moment.astimezone(UTC) > now.astimezone(UTC) else _at(today + _ONE_DAY, at, zone)
    days = _days(words, today)
    if days is None:
        return None
    if at is not None:
        if days.first != days.last:
            raise UsageError(f"{' '.join(words)} is more than one day and has no time", "name the day: 1 dec 9am")
        return _at(days.first, at, at.zone or zone)
    if days.edge == "eo" or (end and not days.edge):
        return day_end(days.last, zone)
    return day_start(days.first, zone)


def _split_time(words: list[str]) -> tuple[list[str], TimeOfDay | None]:
    """The words without the time of day at their end or beginning, and that time."""
    half = next((at for at, word in enumerate(words) if at and word in ("am", "pm")), 0)
    if half:
        words = [*words[: half - 1], words[half - 1] + words[half], *words[half + 1 :]]
    for word, rest in ((words[-1], words[:-1]), (words[0], words[1:])) if words else ():
        at = time_of_day(word)
        if at is not None:
            return (rest[:-1] if rest[-1:] == ["at"] else rest), at
    return words, None


def _at(day: date, at: TimeOfDay, zone: tzinfo | None) -> datetime:
    # on the wall clock, before the zone comes in: 9 o'clock is 9 o'clock on a day of 23 hours too
    return (day_start(day, None) + timedelta(seconds=at.seconds)).replace(tzinfo=zone)


def _days(words: list[str], today: date) -> Days | None:
    amount = _amount(words)
    if amount is not None:
        return _shifted(today, *amount)
    if len(words) == 1:
        return _named(words[0], today) or iso_days(words[0])
    if len(words) == 2 and words[0] == "next":
        if words[1] in _WEEKDAY:
            return one_day(period("week", today, 1).first + timedelta(days=_WEEKDAY[words[1]]))
        if words[1] in _PERIODS:
            return period(words[1], today, 1)
    return _written(words, today)


def _shifted(today: date, count: int, unit: str) -> Days | None:
    if unit in ("hours", "minutes"):
        return None
    if unit in ("day", "week"):
        return one_day(today + timedelta(days=count * (7 if unit == "week" else 1)))
    return one_day(add_months(today, count * {"month": 1, "quarter": 3, "year": 12}[unit]))


def _named(word: str, today: date) -> Days | None:
    """The day or period that one word names: `tomorrow`, `fri`, `dec`, `eom`, `15th`."""
    if word in _DAYS:
        return one_day(today + timedelta(days=_DAYS[word]))
    if word in _WEEKDAY:
        return one_day(today + timedelta(days=(_WEEKDAY[word] - today.weekday() - 1) % 7 + 1))
    if word in _MONTH:
        return period("month", date(today.year + (_MONTH[word] <= today.month), _MONTH[word], 1))
    if word in _EDGES:
        edge, unit = _EDGES[word]
        days = period(unit, today, int(edge == "so" and unit != "day"))
        return one_day(days.last if edge == "eo" else days.first, edge)
    number = _ordinal(word)
    if number is None:
        return None
    for ahead in range(int(number <= today.day), 13):
        first = add_months(today.replace(day=1), ahead)
        if number <= month_length(first.year, first.month):
            return one_day(first.replace(day=number))
    return None


def _amount(words: Sequence[str]) -> tuple[int, str] | None:
    """`in 3 days`, `+2w`, `3d`, `2 weeks ago`, `-1m` as (3, "day") and so on; None if the words are no such thing."""
    sign, rest = 1, words
    if rest[-1:] == ["ago"]:
        sign, rest = -1, rest[:-1]
    elif rest[:1] == ["in"]:
        rest = rest[1:]
    joined = "".join(rest)
    if rest is words:
        sign, joined = (-1 if joined[:1] == "-" else 1), joined[1:] if joined[:1] in ("+", "-") else joined
    elif rest[:1] in (["a"], ["an"]):
        joined = "1" + "".join(rest[1:])
    unit = joined.lstrip("0123456789")
    digits = joined.removesuffix(unit) if unit else ""
    if not digits or unit not in _UNIT:
        return None
    if len(digits) > 9:
        raise OverflowError
    return sign * int(digits), _UNIT[unit]


def _ordinal(word: str) -> int | None:
    """The day of the month in `15th`; None where the word is none. UsageError for `2th` and `32nd`."""
    digits, suffix = word[:-2], word[-2:]
    if suffix not in ("st", "nd", "rd", "th") or shape(digits) not in ("d", "dd"):
        return None
    number = int(digits)
    if not 1 <= number <= 31:
        raise UsageError(f"{word} is not a date: no month has that day", DATE_HINT)
    right = {1: "st", 2: "nd", 3: "rd"}.get(0 if number in (11, 12, 13) else number % 10, "th")
    if suffix != right:
        raise UsageError(f"{word} is not a date; did you mean {number}{right}?", DATE_HINT)
    return number


def _written(words: Sequence[str], today: date) -> Days | None:
    """`27 nov`, `nov 27`, `27 nov 2027`, each also behind a weekday, and `nov 2027`."""
    weekday = _WEEKDAY.get(words[0]) if words else None
    rest = words if weekday is None else words[1:]
    year = int(rest[-1]) if rest and shape(rest[-1]) == "dddd" else None
    rest = rest if year is None else rest[:-1]
    if year is not None and weekday is None and len(rest) == 1 and rest[0] in _MONTH:
        return period("month", date(year, _MONTH[rest[0]], 1))
    if len(rest) != 2:
        return None
    figures, name = (rest[1], rest[0]) if rest[0] in _MONTH else rest
    number = int(figures) if shape(figures) in ("d", "dd") else _ordinal(figures)
    if number is None or name not in _MONTH:
        return None
    day = _coming(number, _MONTH[name], today) if year is None else calendar_day(year, _MONTH[name], number)
    if weekday is not None and day.weekday() != weekday:
        right = WEEKDAYS[day.weekday()].capitalize()
        raise UsageError(f"{' '.join(words)} is not a date: {day_text(day)} {day.year} is a {right}", DATE_HINT)
    return one_day(day)


def _coming(number: int, month: int, today: date) -> date:
    """The next such day, today included; 29 February waits for its leap year."""
    for year in range(today.year, today.year + 9):
        if 1 <= number <= month_length(year, month) and date(year, month, number) >= today:
            return date(year, month, number)
    raise UsageError(f"there is no {number} {MONTHS[month - 1].capitalize()}", DATE_HINT)
